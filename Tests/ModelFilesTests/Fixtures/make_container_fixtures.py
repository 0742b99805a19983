"""Makes the fixtures of ContainerTests: layers as Keras 0, 1 and its wrappers write them, masks, ONNX's
functions and quantised heads, pickles, a module of PyTorch 1.1.

Run in this folder: KERAS_BACKEND=torch python3 make_container_fixtures.py
Needs numpy, h5py, torch 2.13, keras 3.15, onnx and onnxruntime. Writes containers/.

The references are h of every layer and direction in float64: what Keras and PyTorch compute themselves, in
float64, and for Keras 0 and 1 the equations of Keras 1.2's recurrent.py.
"""

import collections
import json
import os
import pickle
import sys
import types

os.environ.setdefault("KERAS_BACKEND", "torch")
import h5py  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import onnx  # noqa: E402
import torch  # noqa: E402
from keras import layers as L  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: E402

keras.config.set_floatx("float64")
T, I, H = 9, 3, 4
STREAM = np.random.default_rng(15)
X = STREAM.normal(size=(T, I)).astype(np.float32)
X[3] = X[7] = -1
TOKENS = [3, 5, 0, 7, 0, 0, 2, 4, 0]
CASES = []
OUT = "containers/"


def rand(*shape):
    return (STREAM.normal(size=shape) * 0.7).astype(np.float32)


def note(file, tracks, tokens=None, **more):
    h = [np.asarray(t, np.float64).ravel().tolist() for t in tracks]
    CASES.append(dict(file=file, h=h, tokens=tokens, **more))


def hard(x):
    return np.clip(0.2 * x + 0.5, 0, 1)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# Keras 0 and 1: an array a gate


def keras1(file, group, kind, attributes={}):
    letters = {"lstm": "icfo", "gru": "zrh", "rnn": [""]}[kind]
    w = {}
    for g in letters:
        tail = "_" + g if g else ""
        w |= {"W" + tail: rand(I, H), "U" + tail: rand(H, H), "b" + tail: rand(H)}
    with h5py.File(OUT + file, "w") as f:
        for name, value in attributes.items():
            f.attrs[name] = value
        for name, value in w.items():
            f[f"{group}/{group}_{name}"] = value
    w = {k: v.astype(np.float64) for k, v in w.items()}
    h, c, out = np.zeros(H), np.zeros(H), []
    for x in X.astype(np.float64):
        s = lambda g, state: x @ w["W" + g] + state @ w["U" + g] + w["b" + g]  # noqa: E731
        if kind == "lstm":
            c = hard(s("_f", h)) * c + hard(s("_i", h)) * np.tanh(s("_c", h))
            h = hard(s("_o", h)) * np.tanh(c)
        elif kind == "gru":
            z, r = hard(s("_z", h)), hard(s("_r", h))
            h = z * h + (1 - z) * np.tanh(s("_h", r * h))
        else:
            h = np.tanh(s("", h))
        out.append(h)
    note(file, [out])


# Keras 3: wrappers and masks


def settle(model):
    model.set_weights([rand(*w.shape).astype(np.float64) for w in model.get_weights()])


def run(model, layer_outputs, entering):
    taps = keras.Model(model.inputs, layer_outputs)
    given = taps(np.asarray(entering)[None])
    # One output comes without its list.
    return [np.asarray(y.detach())[0] for y in (given if isinstance(given, list) else [given])]


def saved(file, model, outputs, tracks, tokens=None, **more):
    settle(model)
    got = run(model, outputs, tokens if tokens else X.astype(np.float64))
    model.save(OUT + file)
    note(file, tracks(got), tokens, **more)


def wrappers():
    i = keras.Input((None, I))
    y = L.RNN(L.GRUCell(H), return_sequences=True)(i)
    saved("rnn-cell.keras", keras.Model(i, y), [y], lambda g: g)
    # Of a stack in one layer only the last h is seen; the same cells in layers of their own give the others.
    for file, backwards in (("rnn-stack.keras", False), ("rnn-stack-backwards.keras", True)):
        i = keras.Input((None, I))
        y = L.RNN([L.LSTMCell(H), L.LSTMCell(5)], return_sequences=True, go_backwards=backwards)(i)
        model = keras.Model(i, y)
        settle(model)
        j = keras.Input((None, I))
        a = L.LSTM(H, return_sequences=True)(j)
        twin = keras.Model(j, [a, L.LSTM(5, return_sequences=True)(a)])
        twin.set_weights(model.get_weights())
        x = X[::-1] if backwards else X
        got = [np.asarray(t.detach())[0] for t in twin(x.astype(np.float64)[None])]
        whole = np.asarray(model(X.astype(np.float64)[None]).detach())[0]
        assert np.abs(whole - got[1]).max() < 1e-6  # the wrapper rounds some sums to float32
        model.save(OUT + file)
        note(file, [t[::-1] if backwards else t for t in got])
    i = keras.Input((None, I))
    y = L.Bidirectional(L.RNN(L.LSTMCell(H), return_sequences=True))(i)
    saved("rnn-both.keras", keras.Model(i, y), [y], lambda g: [g[0][:, :H], g[0][:, H:]])

    @keras.saving.register_keras_serializable("mine")
    class OwnLSTM(L.LSTM):
        pass

    i = keras.Input((None, I))
    y = OwnLSTM(H, return_sequences=True)(i)
    saved("own-class.keras", keras.Model(i, y), [y], lambda g: g, guesses=["LSTM?"])
    i = keras.Input((2, None, I))
    inner = L.LSTM(H, return_sequences=True)
    model = keras.Model(i, L.TimeDistributed(inner)(i))
    settle(model)
    got = np.asarray(inner(X.astype(np.float64)[None]).detach())[0]
    model.save(OUT + "distributed.keras")
    note("distributed.keras", [got], warning="begins anew with every part")


def masks():
    i = keras.Input((None,), dtype="int32")
    e = L.Embedding(8, I, mask_zero=True)(i)
    a = L.LSTM(H, return_sequences=True)(e)
    b = L.GRU(5, return_sequences=True)(a)
    saved("mask-zero.keras", keras.Model(i, b), [a, b], lambda g: g, TOKENS)
    i = keras.Input((None,), dtype="int32")
    e = L.Embedding(8, I, mask_zero=True)(i)
    y = L.Bidirectional(L.LSTM(H, return_sequences=True))(e)
    keras.Model(i, y).save(OUT + "mask-both.keras")
    i = keras.Input((None, I))
    y = L.SimpleRNN(H, return_sequences=True)(L.Masking(-1.0)(i))
    saved("masking.keras", keras.Model(i, y), [y], lambda g: g)
    i = keras.Input((None, I))
    y = L.LSTM(H, return_sequences=True, zero_output_for_mask=True)(L.Masking(-1.0)(i))
    keras.Model(i, y).save(OUT + "mask-zeros.keras")


# ONNX


def lstm64(W, R, b, entering, order="ifgo"):
    h, c, out = np.zeros(R.shape[1]), np.zeros(R.shape[1]), []
    for x in entering.astype(np.float64):
        s = dict(zip(order, np.split(W @ x + R @ h + b, 4)))
        c = sigmoid(s["f"]) * c + sigmoid(s["i"]) * np.tanh(s["g"])
        h = sigmoid(s["o"]) * np.tanh(c)
        out.append(h)
    return out


def functions():
    W, R, B = rand(1, 4 * H, I), rand(1, 4 * H, H), rand(1, 8 * H)
    lstm = helper.make_node("LSTM", ["a", "W", "R", "B"], ["y", "", ""], name="cell")
    lstm.attribute.append(onnx.AttributeProto(name="hidden_size", type=onnx.AttributeProto.INT, ref_attr_name="units"))
    opset = [helper.make_opsetid("", 14)]
    inner = helper.make_function("own", "Core", ["a", "W", "R", "B"], ["y"], [lstm], opset, ["units"])
    call = helper.make_node("Core", ["x", "W", "R", "B"], ["y"], domain="own")
    call.attribute.append(onnx.AttributeProto(name="units", type=onnx.AttributeProto.INT, ref_attr_name="size"))
    outer = helper.make_function(
        "own", "Layer", ["x", "W", "R", "B"], ["z"], [call, helper.make_node("Identity", ["y"], ["z"])],
        opset + [helper.make_opsetid("own", 1)], ["size"])
    node = helper.make_node("Layer", ["X", "W", "R", "B"], ["Y"], domain="own", size=H)
    graph = helper.make_graph(
        [node], "g", [helper.make_tensor_value_info("X", TensorProto.FLOAT, [T, 1, I])],
        [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [T, 1, 1, H])],
        [numpy_helper.from_array(a, n) for a, n in ((W, "W"), (R, "R"), (B, "B"))])
    model = helper.make_model(graph, functions=[inner, outer], opset_imports=opset + [helper.make_opsetid("own", 1)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, OUT + "function.onnx")
    note("function.onnx", [lstm64(W[0], R[0], (B[0, : 4 * H] + B[0, 4 * H :]).astype(np.float64), X, "iofg")])


class Tagger(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.table, self.lstm, self.out = torch.nn.Embedding(8, I), torch.nn.LSTM(I, H), torch.nn.Linear(H, 5)

    def forward(self, tokens):
        return self.out(self.lstm(self.table(tokens))[0])


def quantised():
    torch.manual_seed(3)
    model = Tagger().eval()
    tokens = torch.tensor(TOKENS)[:, None]
    plain = OUT + "plain.onnx"
    torch.onnx.export(model, (tokens,), plain, input_names=["t"], dynamic_axes={"t": {0: "s"}}, opset_version=17, dynamo=False)
    quantize_dynamic(plain, OUT + "quantised.onnx", weight_type=QuantType.QInt8, op_types_to_quantize=["Gather", "MatMul"])
    os.remove(plain)
    held = {t.name: numpy_helper.to_array(t) for t in onnx.load(OUT + "quantised.onnx").graph.initializer}

    def widened(part):
        name = next(n for n in held if n.endswith("_quantized") and part in n)[: -len("_quantized")]
        return (held[name + "_quantized"].astype(np.float64) - held[name + "_zero_point"]) * held[name + "_scale"]

    w = {k: v.detach().double().numpy() for k, v in model.lstm.named_parameters()}
    h = lstm64(w["weight_ih_l0"], w["weight_hh_l0"], w["bias_ih_l0"] + w["bias_hh_l0"], widened("table")[TOKENS])
    sums = h[-1] @ widened("MatMul") + model.out.bias.detach().double().numpy()
    note("quantised.onnx", [h], TOKENS, sums=sums.tolist(), warning="were widened")


# Pickles


def pickles():
    torch.manual_seed(4)
    lstm = torch.nn.LSTM(I, H)
    state = {"lstm." + k: v.detach() for k, v in lstm.state_dict().items()}
    with torch.no_grad():
        h = lstm.double()(torch.tensor(X, dtype=torch.float64))[0].numpy()
    arrays = {k: v.numpy() for k, v in state.items()}
    arrays["lstm.weight_ih_l0"] = np.asfortranarray(arrays["lstm.weight_ih_l0"])
    for file, protocol in (("arrays-4.pkl", 4), ("arrays-5.pkl", 5)):
        with open(OUT + file, "wb") as f:
            pickle.dump(arrays, f, protocol=protocol)
        note(file, [h])
    with open(OUT + "state.pkl", "wb") as f:
        pickle.dump(collections.OrderedDict(state), f, protocol=4)
    note("state.pkl", [h])
    # torch.nn.Module kept the functions of its backend until PyTorch 1.1.
    thnn = types.ModuleType("torch.nn.backends.thnn")
    exec("def _get_thnn_function_backend():\n    return None", thnn.__dict__)
    thnn._get_thnn_function_backend.__module__ = thnn.__name__
    sys.modules["torch.nn.backends"] = types.ModuleType("torch.nn.backends")
    sys.modules[thnn.__name__] = thnn

    class Backend:
        def __reduce__(self):
            return thnn._get_thnn_function_backend, ()

    net = torch.nn.Sequential(collections.OrderedDict(lstm=torch.nn.LSTM(I, H)))
    net.lstm.load_state_dict({k: v.float() for k, v in lstm.state_dict().items()})
    net._backend = net.lstm._backend = Backend()
    torch.save(net, OUT + "module-1.1.pt", _use_new_zipfile_serialization=False)
    note("module-1.1.pt", [h])


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    keras1("keras1-lstm.h5", "lstm_1", "lstm")
    keras1("keras1-gru.h5", "gru_1", "gru", {"keras_version": "1.2.2"})
    keras1("keras1-rnn.h5", "simplernn_1", "rnn")
    wrappers()
    masks()
    functions()
    quantised()
    pickles()
    with open(OUT + "cases.json", "w") as f:
        json.dump(dict(x=X.ravel().tolist(), width=I, cases=CASES), f)
    print(len(CASES), "cases")
