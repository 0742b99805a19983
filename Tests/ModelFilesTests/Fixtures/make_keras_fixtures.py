"""Makes the Keras fixtures of ModelFilesTests and their Float64 references.

Run in this folder: python3 make_keras_fixtures.py
Needs numpy, h5py, and keras 3 with torch. Writes keras/*.keras, keras/*.h5, keras/*.npz, a folder of .npy, keras/cases.json and
keras/reference.bin.

A case names a file, what enters it (tokens, or `width` numbers a step in reference.bin) and what every
track's signals must be: (steps, signals, units) of each in turn, then (steps, outputs) of the readout.
The references follow the equations of Keras's documentation in Float64; what the last layer gives is
compared with Keras's own `predict`. Most .keras files are zipped anew, to be small.
"""

import json
import os
import shutil
import zipfile

os.environ["KERAS_BACKEND"] = "torch"

import h5py
import keras
import numpy as np

L = keras.layers
shutil.rmtree("keras", ignore_errors=True)
os.makedirs("keras")
STREAM = np.random.default_rng(7)
STEPS = 5
CASES, NUMBERS = [], []
ORDER = {"LSTM": "ifco", "GRU": "zrh", "SimpleRNN": "h"}
ACTIVATIONS = {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0),
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "hard_sigmoid_2": lambda x: np.clip(0.2 * x + 0.5, 0, 1),
    "linear": lambda x: x,
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True),
}


def run(op, x, kernel, recurrent, bias=None, activation="tanh", gate="sigmoid", after=True,
        reverse=False):
    """(T, signals, H) of one direction, in Gatescope's order of signals."""
    order, units = ORDER[op], recurrent.shape[0]
    act, sig = ACTIVATIONS[activation], ACTIVATIONS[gate]
    f64 = lambda a: np.asarray(a, np.float64)
    W = dict(zip(order, np.split(f64(kernel), len(order), 1)))
    R = dict(zip(order, np.split(f64(recurrent), len(order), 1)))
    rows = len(order) * units
    both = np.zeros((2, rows))
    if bias is not None:
        both[: np.ndim(bias)] = bias
    b = dict(zip(order, np.split(both[0], len(order))))
    br = dict(zip(order, np.split(both[1], len(order))))
    h, c = np.zeros(units), np.zeros(units)
    result = [None] * len(x)
    for t in reversed(range(len(x))) if reverse else range(len(x)):
        s = {g: x[t] @ W[g] + h @ R[g] + b[g] + br[g] for g in order}
        if op == "LSTM":
            z, f, i, o = act(s["c"]), sig(s["f"]), sig(s["i"]), sig(s["o"])
            c = f * c + i * z
            h = o * act(c)
            result[t] = [z, f, i, o, c, h]
        elif op == "GRU":
            u, r = sig(s["z"]), sig(s["r"])
            if after:
                n = act(x[t] @ W["h"] + b["h"] + r * (h @ R["h"] + br["h"]))
            else:
                n = act(x[t] @ W["h"] + b["h"] + (r * h) @ R["h"])
            h = u * h + (1 - u) * n
            result[t] = [r, u, n, h]
        else:
            h = act(s["h"])
            result[t] = [h]
    return np.array(result)


def cell_of(layer):
    op = type(layer).__name__
    config = layer.get_config()
    weights = layer.get_weights()
    return dict(
        op=op, kernel=weights[0], recurrent=weights[1],
        bias=weights[2] if config["use_bias"] else None, activation=config["activation"],
        gate=config.get("recurrent_activation", "sigmoid"), after=config.get("reset_after", True))


def note(files, x, tokens, tracks, output=None, **more):
    """Appends what every one of the files must give."""
    start = len(NUMBERS)
    if tokens is None:
        NUMBERS.extend(np.asarray(x, np.float64).reshape(-1).tolist())
    for track in tracks:
        NUMBERS.extend(track.reshape(-1).tolist())
    if output is not None:
        NUMBERS.extend(output.reshape(-1).tolist())
    for file in files:
        case = dict(
            file=file, tokens=tokens, width=0 if tokens else len(x[0]), steps=STEPS,
            tracks=[[t.shape[1], t.shape[2]] for t in tracks],
            outputs=0 if output is None else output.shape[1], start=start,
            count=len(NUMBERS) - start, warnings=[])
        changes = {k: v.get(file) if isinstance(v, dict) else v for k, v in more.items()}
        case.update({k: v for k, v in changes.items() if v is not None})
        CASES.append(case)


def shrink(path):
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(name, data)


def merge(mode, a, b):
    return {"concat": lambda: np.concatenate([a, b], 1), "sum": lambda: a + b,
            "mul": lambda: a * b, "ave": lambda: (a + b) / 2}[mode]()


def randomise(model):
    model.set_weights(
        [STREAM.uniform(-0.9, 0.9, w.shape).astype("f") for w in model.get_weights()])


def make(name, model, endings, layers=None, stored=False, **more):
    """Saves the model and follows its layers."""
    randomise(model)
    layers = layers or model.layers
    files = []
    for ending in endings:
        files.append(f"{name}{ending}")
        if ending == ".npz":
            np.savez(f"keras/{name}.npz", **{w.path + ":0": np.asarray(w) for w in model.weights})
        elif ending == "-folder":
            os.makedirs(f"keras/{name}-folder")
            for w in model.weights:
                np.save(f"keras/{name}-folder/{w.path.replace('/', '.')}.npy", np.asarray(w))
        elif ending == ".weights.h5":
            model.save_weights(f"keras/{name}{ending}")
        else:
            model.save(f"keras/{name}{ending}")
            if ending == ".keras" and not stored:
                shrink(f"keras/{name}{ending}")
    layers = [l for l in layers if not isinstance(l, (L.InputLayer, L.Dropout, L.Masking))]
    tokens, output, tracks, backwards = None, None, [], False
    if isinstance(layers[0], L.Embedding):
        tokens = [int(t) for t in STREAM.integers(0, layers[0].input_dim, STEPS)]
        entering = x = np.asarray(layers[0].get_weights()[0], np.float64)[tokens]
        given = np.array([tokens])
    else:
        entering = x = STREAM.uniform(-1, 1, (STEPS, 3)).astype("f").astype(np.float64)
        given = x[None].astype("f")
    for layer in layers:
        if isinstance(layer, L.Bidirectional):
            pair = [run(x=x, **cell_of(layer.forward_layer)),
                    run(x=x, reverse=True, **cell_of(layer.backward_layer))]
            tracks += pair
            x = merge(layer.merge_mode, pair[0][:, -1], pair[1][:, -1])
        elif type(layer).__name__ in ORDER:
            backwards = backwards != layer.go_backwards
            tracks.append(run(x=x, reverse=backwards, **cell_of(layer)))
            x = tracks[-1][:, -1]
        elif isinstance(layer, (L.Dense, L.TimeDistributed)):
            dense = getattr(layer, "layer", layer)
            matrix, bias = [np.asarray(w, np.float64) for w in dense.get_weights()]
            output = x = ACTIVATIONS[dense.get_config()["activation"]](x @ matrix + bias)
    ours = model.predict(given, verbose=0)[0]
    expected = x[::-1] if backwards else x
    if ours.ndim == 1:
        expected = expected[-1]
    assert np.allclose(ours, expected, atol=3e-6), (name, np.abs(ours - expected).max())
    note(files, entering, tokens, tracks, output, **more)


def sequential(*layers, tokens=False):
    return keras.Sequential([keras.Input((None,) if tokens else (None, 3)), *layers])


ONLY = "the file holds weights only; taken for granted: "
KERAS3 = "activations sigmoid and tanh, the defaults of Keras 3 (else --activation hard_sigmoid), "
LATER = KERAS3.replace("of Keras 3", "since Keras 2.3")
FORWARDS = "reading forwards (else --direction backward), one layer feeding the next"
CONFIG = "; --config model.json gives the config that lies beside them"
make("lstm", sequential(
    L.Embedding(6, 3), L.LSTM(2, return_sequences=True), L.LSTM(3, return_sequences=True),
    L.Dense(6, activation="softmax"), tokens=True), [".keras", ".h5", ".weights.h5"],
    warnings={"lstm.weights.h5": [
        ONLY + KERAS3 + FORWARDS + CONFIG]})
make("gru", sequential(
    L.GRU(2, return_sequences=True), L.TimeDistributed(L.Dense(2, activation="sigmoid"))),
    [".keras"])
make("gru-before", sequential(
    L.GRU(2, return_sequences=True, reset_after=False)), [".keras"])
make("gru-hard", sequential(
    L.GRU(3, return_sequences=True, recurrent_activation="hard_sigmoid", activation="relu")),
    [".keras"])
make("rnn", sequential(
    L.SimpleRNN(2, return_sequences=True, use_bias=False, activation="relu"), L.Dropout(0.1),
    L.SimpleRNN(2)), [".keras"])
make("lstm-linear", sequential(L.LSTM(2, return_sequences=True, activation="linear")), [".keras"],
     stored=True)
for mode in ["concat", "sum", "mul", "ave"]:
    make(f"both-{mode}", sequential(
        L.Bidirectional(L.LSTM(2, return_sequences=True), merge_mode=mode),
        L.GRU(2, return_sequences=True), L.Dense(2)), [".keras"])
make("both", sequential(L.Bidirectional(
    L.GRU(2, return_sequences=True, reset_after=False))), [".h5", ".weights.h5"], warnings={"both.weights.h5": [
        ONLY + KERAS3 + "merge_mode concat" + CONFIG]})
make("backwards", sequential(
    L.LSTM(2, return_sequences=True, go_backwards=True), L.LSTM(2, return_sequences=True)),
    [".keras"], warnings=[
        "it reads backwards: Keras gives its steps from the last to the first, "
        "here they stand in the order of the input"])

entry = keras.Input((None, 3))
first, second, head = L.LSTM(2, return_sequences=True), L.GRU(3), L.Dense(2)
make("functional", keras.Model(entry, head(second(L.Dropout(0.2)(first(entry))))), [".keras"],
     layers=[first, second, head])
inner = sequential(L.LSTM(2, return_sequences=True), L.LSTM(2, return_sequences=True))
head = L.Dense(2)
make("nested", keras.Model(entry, head(inner(entry))), [".keras"], layers=[*inner.layers, head])

none = sequential(L.Bidirectional(L.LSTM(2, return_sequences=True), merge_mode="concat"))
none.save("keras/none.keras")
with zipfile.ZipFile("keras/none.keras") as archive:
    parts = {name: archive.read(name) for name in archive.namelist()}
parts["config.json"] = parts["config.json"].replace(b'"merge_mode": "concat"', b'"merge_mode": null')
with zipfile.ZipFile("keras/none.keras", "w", zipfile.ZIP_DEFLATED) as archive:
    for part, data in parts.items():
        archive.writestr(part, data)


# --- by hand: what Keras 2 and its CuDNN layers wrote -----------------------------------------------
def draw(*shape):
    return STREAM.uniform(-0.9, 0.9, shape).astype("f")


def old(name, layers, version="2.3.1", text=None):
    """Layers are (class, name, config, {path: array})."""
    with h5py.File(f"keras/{name}", "w", libver="latest", meta_block_size=64) as file:
        config = {"class_name": "Sequential", "config": {"name": "sequential_1", "layers": [
            {"class_name": c, "config": {"name": n, **more}} for c, n, more, _ in layers]}}
        file.attrs["keras_version"] = version.encode()
        file.attrs["backend"] = b"tensorflow"
        file.attrs["model_config"] = (text or json.dumps(config)).encode()
        for _, n, _, weights in layers:
            group = file.create_group(f"model_weights/{n}")
            for path, array in weights.items():
                group[f"{n}/{path}:0"] = array


table, kernel, recurrent, bias = draw(6, 3), draw(3, 8), draw(2, 8), draw(8)
matrix, offset = draw(2, 6), draw(6)
old("keras2.h5", [
    ("Embedding", "embedding_1", {}, {"embeddings": table}),
    ("LSTM", "lstm_1", dict(units=2, activation="tanh", recurrent_activation="hard_sigmoid",
                            use_bias=True, return_sequences=True),
     {"kernel": kernel, "recurrent_kernel": recurrent, "bias": bias}),
    ("Dense", "dense_1", dict(units=6, activation="linear"), {"kernel": matrix, "bias": offset}),
    ("Activation", "activation_1", dict(activation="softmax"), {})])
tokens = [3, 0, 5, 1, 1]
track = run("LSTM", table[tokens].astype(np.float64), kernel, recurrent, bias,
            gate="hard_sigmoid_2")
note(["keras2.h5"], None, tokens, [track],
     ACTIVATIONS["softmax"](track[:, -1] @ matrix.astype(np.float64) + offset))


def cudnn(array, inputs):
    """The columns of Keras's LSTM or GRU as its CuDNN layers keep them: as Keras's
    `preprocess_weights_for_loading` converts them, gate by gate."""
    units = 2
    parts = np.hsplit(array, array.shape[1] // units)
    if inputs:
        return np.hstack([part.T.reshape(part.shape, order="C") for part in parts])
    return np.hstack([part.T for part in parts])


x = STREAM.uniform(-1, 1, (STEPS, 3)).astype("f").astype(np.float64)
packed = draw(16)
old("cudnn-lstm.h5", [("CuDNNLSTM", "cu_dnnlstm_1", dict(units=2, return_sequences=True), {
    "kernel": cudnn(kernel, True), "recurrent_kernel": cudnn(recurrent, False), "bias": packed})])
note(["cudnn-lstm.h5"], x, None,
     [run("LSTM", x, kernel, recurrent, packed.astype(np.float64).reshape(2, 8).sum(0))])
kernel, recurrent, packed = draw(3, 6), draw(2, 6), draw(12)
old("cudnn-gru.h5", [("CuDNNGRU", "cu_dnngru_1", dict(units=2, return_sequences=True), {
    "kernel": cudnn(kernel, True), "recurrent_kernel": cudnn(recurrent, False), "bias": packed})])
note(["cudnn-gru.h5"], x, None, [run("GRU", x, kernel, recurrent, packed.reshape(2, 6))])

# --- damaged ------------------------------------------------------------------------------------------
cell = lambda: {"kernel": draw(3, 8), "recurrent_kernel": draw(2, 8), "bias": draw(8)}
plain = dict(units=2, use_bias=True)
old("bad-shape.h5", [("LSTM", "lstm", plain, {**cell(), "kernel": draw(3, 7)})])
old("bad-units.h5", [("LSTM", "lstm", dict(units=5), cell())])
old("bad-type.h5", [("LSTM", "lstm", plain, {**cell(), "kernel": np.array([[b"a"] * 8] * 3)})])
old("bad-activation.h5", [("LSTM", "lstm", dict(units=2, activation="swish"), cell())])
old("no-recurrent.h5", [("LSTM", "lstm", plain, {"kernel": draw(3, 8)})])
old("no-bias.h5", [("LSTM", "lstm", plain, {"kernel": draw(3, 8), "recurrent_kernel": draw(2, 8)})])
old("convolution.h5", [("Conv1D", "conv", {}, {"kernel": draw(2, 2, 2)})])
old("bad-json.h5", [("LSTM", "lstm", plain, cell())], text='{"class_name": "Sequential", ')
old("huge.h5", [("LSTM", "lstm", plain, {k: v for k, v in cell().items() if k != "kernel"})])
with h5py.File("keras/huge.h5", "r+", libver="latest") as file:
    group = file["model_weights/lstm/lstm"]
    group.create_dataset("kernel:0", (1 << 40, 8), dtype="f4", chunks=(1 << 10, 8))
old("external.h5", [("LSTM", "lstm", plain, {k: v for k, v in cell().items() if k != "kernel"})])
with h5py.File("keras/external.h5", "r+", libver="latest") as file:
    group = file["model_weights/lstm/lstm"]
    group.create_dataset("kernel:0", (3, 8), dtype="f4", external=[("elsewhere.bin", 0, 96)])
    group["elsewhere"] = h5py.ExternalLink("other.h5", "/x")
# Not damaged: with so many attributes they stand in a fractal heap.
shutil.copy("keras/keras2.h5", "keras/dense.h5")
with h5py.File("keras/dense.h5", "r+", libver="latest") as file:
    for number in range(9):
        file.attrs[f"note {number}"] = number

# --- two heads ----------------------------------------------------------------------------------------
entry = keras.Input((None, 3))
shared = L.LSTM(2, return_sequences=True, name="shared")(entry)
heads = keras.Model(entry, [L.Dense(4, name="first", activation="softmax")(shared),
                            L.Dense(5, name="second", activation="sigmoid", use_bias=False)(shared)])
randomise(heads)
heads.save("keras/two-heads.keras")
shrink("keras/two-heads.keras")
# Without a config nobody but a person knows that it is relu.
make("relu", sequential(
    L.SimpleRNN(2, return_sequences=True, activation="relu"), L.SimpleRNN(2, activation="relu")),
    [".weights.h5"], warnings=[ONLY + FORWARDS + CONFIG], activation="relu")

# --- arrays under the variables' names --------------------------------------------------------------------
make("arrays", sequential(
    L.Embedding(6, 3, name="embedding"), L.LSTM(2, return_sequences=True, name="lstm"),
    L.LSTM(3, return_sequences=True, name="lstm_1"), L.Dense(6, activation="softmax", name="dense"),
    tokens=True), [".npz"],
    warnings=[ONLY + LATER + FORWARDS + CONFIG])
make("arrays-both", sequential(L.Bidirectional(L.GRU(2, return_sequences=True, name="gru"))),
     [".npz", "-folder"], warnings=[ONLY + LATER + "merge_mode concat" + CONFIG])

# --- narrow and wide floats ---------------------------------------------------------------------------
for dtype in ["float16", "bfloat16", "float64"]:
    layer = L.LSTM(2, return_sequences=True, dtype=dtype, name="lstm",
                   recurrent_initializer="glorot_uniform")
    model = sequential(layer)
    randomise(model)
    model.save(f"keras/{dtype}.keras")
    shrink(f"keras/{dtype}.keras")
    x = STREAM.uniform(-1, 1, (STEPS, 3)).astype("f").astype(np.float64)
    rounded = [keras.ops.convert_to_numpy(keras.ops.cast(w, "float64")) for w in layer.weights]
    note([f"{dtype}.keras"], x, None, [run("LSTM", x, *rounded)])

np.array(NUMBERS, "<f8").tofile("keras/reference.bin")
with open("keras/cases.json", "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(case) for case in CASES) + "\n]\n")
