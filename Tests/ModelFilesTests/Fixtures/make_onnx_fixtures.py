"""Makes the ONNX fixtures of ModelFilesTests and their Float64 references.

Run in this folder: python3 make_onnx_fixtures.py
Needs numpy, onnx, onnxruntime and torch. Writes onnx/*.onnx, onnx/cases.json and onnx/reference.bin.

A case names a file, what enters it (the tokens, or `width` numbers a step in reference.bin) and what
every track's signals must be: (steps, signals, units) of each in turn, then (steps, outputs) of the
readout. The references follow the equations of the ONNX operators in Float64, from weights that are
kept by the gates' names here and never read back from the file. Wherever onnxruntime or ONNX's own
conformance cases can run a model, what they give is compared with the reference, too.
"""

import json
import os

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

onnxruntime.set_default_logger_severity(4)
os.makedirs("onnx", exist_ok=True)
CASES, NUMBERS = [], []
ORDER = {"LSTM": "iofc", "GRU": "zrh", "RNN": "h"}
CANONICAL = {"LSTM": "cfio", "GRU": "rzh", "RNN": "h"}


def number_stream(seed):
    return np.random.default_rng(seed)


# The activations of ONNX's recurrent operators.
ACTIVATIONS = {
    "sigmoid": lambda x, a, b: 1 / (1 + np.exp(-x)),
    "tanh": lambda x, a, b: np.tanh(x),
    "relu": lambda x, a, b: np.maximum(x, 0),
    "affine": lambda x, a, b: a * x + b,
    "leakyrelu": lambda x, a, b: np.where(x >= 0, x, a * x),
    "thresholdedrelu": lambda x, a, b: np.where(x > a, x, 0),
    "scaledtanh": lambda x, a, b: a * np.tanh(b * x),
    "hardsigmoid": lambda x, a, b: np.clip(a * x + b, 0, 1),
    "elu": lambda x, a, b: np.where(x >= 0, x, a * (np.exp(x) - 1)),
    "softsign": lambda x, a, b: x / (1 + np.abs(x)),
    "softplus": lambda x, a, b: np.log1p(np.exp(x)),
}
DEFAULTS = {"LSTM": ["Sigmoid", "Tanh", "Tanh"], "GRU": ["Sigmoid", "Tanh"], "RNN": ["Tanh"]}


class Weights:
    """One direction's weights by the gates' names, in Float32."""

    def __init__(self, op, inputs, units, seed, bias=True, peepholes=False, scale=0.8):
        stream = number_stream(seed)

        def draw(*shape):
            return (stream.uniform(-scale, scale, shape)).astype(np.float32)

        self.op, self.inputs, self.units = op, inputs, units
        self.W = {g: draw(units, inputs) for g in ORDER[op]}
        self.R = {g: draw(units, units) for g in ORDER[op]}
        self.bw = {g: draw(units) if bias else np.zeros(units, "f") for g in ORDER[op]}
        self.br = {g: draw(units) if bias else np.zeros(units, "f") for g in ORDER[op]}
        self.P = {g: draw(units) if peepholes else np.zeros(units, "f") for g in "iof"}
        self.bias, self.peepholes = bias, peepholes

    def stacked(self, name):
        """W, R, B or P as ONNX stacks it."""
        if name == "P":
            return np.concatenate([self.P[g] for g in "iof"])
        if name == "B":
            order = ORDER[self.op]
            return np.concatenate([self.bw[g] for g in order] + [self.br[g] for g in order])
        return np.concatenate([getattr(self, name)[g] for g in ORDER[self.op]])

    @staticmethod
    def unstack(op, W, R, B=None, P=None):
        """From ONNX's arrays of one direction."""
        units, inputs = R.shape[1], W.shape[1]
        self = Weights(op, inputs, units, 0, bias=B is not None, peepholes=P is not None)
        order, count = ORDER[op], len(ORDER[op])
        self.W = dict(zip(order, np.split(W, count)))
        self.R = dict(zip(order, np.split(R, count)))
        if B is not None:
            parts = np.split(B, 2 * count)
            self.bw, self.br = dict(zip(order, parts[:count])), dict(zip(order, parts[count:]))
        if P is not None:
            self.P = dict(zip("iof", np.split(P, 3)))
        return self


def run(w, x, h=None, c=None, acts=None, alpha=(), beta=(), clip=None, input_forget=0,
        linear_before_reset=0, reverse=False):
    """(T, signals, H) of one direction, in Gatescope's order of signals."""
    x = np.asarray(x, np.float64)
    alpha, beta, functions = list(alpha), list(beta), []
    for name in [n.lower() for n in acts or DEFAULTS[w.op]]:
        defaults = {"hardsigmoid": (0.2, 0.5), "leakyrelu": (0.01, 0), "elu": (1, 0),
                    "thresholdedrelu": (1, 0), "affine": (1, 0), "scaledtanh": (1, 1)}
        a, b = defaults.get(name, (0, 0))
        if name in defaults and alpha:
            a = float(np.float32(alpha.pop(0)))
        if name in ("hardsigmoid", "affine", "scaledtanh") and beta:
            b = float(np.float32(beta.pop(0)))
        # ONNX's text would have c bounded, too; onnxruntime, whom everybody runs, leaves it.
        is_output = w.op == "LSTM" and len(functions) == 2
        limit = float(np.float32(clip)) if clip and not is_output else np.inf
        functions.append(
            lambda v, n=name, a=a, b=b, limit=limit: ACTIVATIONS[n](np.clip(v, -limit, limit), a, b))
    f64 = lambda parts: {k: v.astype(np.float64) for k, v in parts.items()}
    W, R, bw, br, P = f64(w.W), f64(w.R), f64(w.bw), f64(w.br), f64(w.P)
    h = np.zeros(w.units) if h is None else np.asarray(h, np.float64)
    c = np.zeros(w.units) if c is None else np.asarray(c, np.float64)
    rows = [None] * len(x)
    for t in reversed(range(len(x))) if reverse else range(len(x)):
        s = {g: W[g] @ x[t] + R[g] @ h + bw[g] + br[g] for g in ORDER[w.op]}
        if w.op == "LSTM":
            i = functions[0](s["i"] + P["i"] * c)
            f = 1 - i if input_forget else functions[0](s["f"] + P["f"] * c)
            z = functions[1](s["c"])
            c = f * c + i * z
            o = functions[0](s["o"] + P["o"] * c)
            h = o * functions[2](c)
            rows[t] = [z, f, i, o, c, h]
        elif w.op == "GRU":
            u, r = functions[0](s["z"]), functions[0](s["r"])
            if linear_before_reset:
                n = functions[1](W["h"] @ x[t] + bw["h"] + r * (R["h"] @ h + br["h"]))
            else:
                n = functions[1](W["h"] @ x[t] + bw["h"] + R["h"] @ (r * h) + br["h"])
            h = (1 - u) * n + u * h
            rows[t] = [r, u, n, h]
        else:
            h = functions[0](s["h"])
            rows[t] = [h]
    return np.array(rows)


def run_stack(layers, x, **options):
    """Every track of a stack; `layers` holds lists of directions."""
    tracks = []
    for directions in layers:
        outputs = []
        for place, w in enumerate(directions):
            tracks.append(run(w, x, reverse=place == 1, **options))
            outputs.append(tracks[-1][:, -1])
        x = np.concatenate(outputs, axis=1)
    return tracks, x


def softmax(y):
    e = np.exp(y - y.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def record(name, file, tracks, x=None, tokens=None, readout=None, module=None, warnings=(),
           states=False):
    """Notes a case; x is (T, width)."""
    start = len(NUMBERS)
    width = 0
    if x is not None:
        width = x.shape[1]
        NUMBERS.extend(np.asarray(x, np.float64).ravel())
    for track in tracks:
        NUMBERS.extend(track.ravel())
    if readout is not None:
        NUMBERS.extend(readout.ravel())
    CASES.append({
        "name": name, "file": file, "module": module, "tokens": tokens, "width": width,
        "steps": len(tracks[0]), "tracks": [list(t.shape[1:]) for t in tracks],
        "outputs": 0 if readout is None else readout.shape[1], "start": start,
        "count": len(NUMBERS) - start, "warnings": list(warnings), "states": states})


def tensor(name, array):
    return numpy_helper.from_array(np.ascontiguousarray(array), name)


def model_of(nodes, initializers, inputs, outputs, opset=17, metadata=None, extra=()):
    info = lambda name, kind, shape: helper.make_tensor_value_info(name, kind, shape)
    graph = helper.make_graph(
        nodes, "g", [info(*i) for i in inputs], [info(o, TensorProto.FLOAT, None) for o in outputs],
        initializers)
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", opset), *extra], ir_version=8,
        producer_name="gatescope-fixtures")
    helper.set_model_props(model, metadata or {})
    return model


def save(name, model):
    with open(f"onnx/{name}.onnx", "wb") as file:
        file.write(model.SerializeToString())


def runtime(model, feeds):
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, feeds)


def agree(name, found, expected, tolerance=2e-6):
    worst = np.abs(np.asarray(found, np.float64).reshape(-1) - expected.reshape(-1)).max()
    assert worst < tolerance, f"{name}: {worst}"


# ONNX's own conformance cases, the constant inputs as initializers.
def conformance():
    from onnx.backend.test.case import node as cases
    from onnx.backend.test.case.node import gru, lstm, rnn  # noqa: F401: importing makes the cases

    made = [c for c in cases._NodeTestCases if c.model.graph.node[0].op_type in DEFAULTS]
    assert len(made) == 18, len(made)
    for case in made:
        (inputs, outputs), model = case.data_sets[0], case.model
        node = model.graph.node[0]
        names = [n for n in node.input if n]
        values = dict(zip(node.input, [None] * len(node.input)))
        values.update(zip(names, inputs))
        by_place = [values.get(n) if n else None for n in node.input] + [None] * 8
        X, W, R, B, lens, h0, c0, P = by_place[:8]
        for name, value in zip(names, inputs):
            if name != "X":
                model.graph.initializer.append(tensor(name, value))
        keep = [i for i in model.graph.input if i.name == "X"]
        del model.graph.input[:]
        model.graph.input.extend(keep)
        save(case.name, model)
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        batch_first = attributes.get("layout", 0)
        direction = attributes.get("direction", b"forward").decode()
        if batch_first:
            X = X.swapaxes(0, 1)
        last = []
        for batch in range(X.shape[1]):
            tracks = []
            for d in range(W.shape[0]):
                w = Weights.unstack(
                    node.op_type, W[d], R[d], None if B is None else B[d],
                    None if P is None else P[d])
                assert h0 is None or not h0.any()
                tracks.append(run(
                    w, X[:, batch], reverse=direction == "reverse" or d == 1,
                    linear_before_reset=attributes.get("linear_before_reset", 0)))
            warning = [] if lens is None else [
                f"node '{node.name or [o for o in node.output if o][0]}': sequence_lens is not "
                "looked at; every sequence is read to its end"]
            record(f"{case.name} batch {batch}", case.name, tracks, x=X[:, batch], warnings=warning)
            backward = [direction == "reverse" or d == 1 for d in range(W.shape[0])]
            last.append([t[0 if b else -1, -1] for t, b in zip(tracks, backward)])
            rows = np.stack([t[:, -1] for t in tracks], 1)  # (T, D, H)
            for name, value in zip([o for o in node.output if o], outputs):
                if name == "Y":
                    given = value[batch] if batch_first else value[:, :, batch]
                    agree(case.name, given, rows, 1e-6)
        # (D, B, H) or (B, D, H).
        given = dict(zip([o for o in node.output if o], outputs))["Y_h"]
        expected = np.array(last) if batch_first else np.array(last).swapaxes(0, 1)
        agree(case.name, given, expected, 1e-6)


def single(name, op, inputs=3, units=4, directions=1, direction=None, steps=6, seed=1, scale=0.8,
           bias=True, peepholes=False, states=False, layout=0, x_scale=2, compare=True, dtype=None,
           typed=False, **attributes):
    """One node with its weights as initializers."""
    weights = [
        Weights(op, inputs, units, seed * 10 + d, bias, peepholes, scale) for d in range(directions)]
    if dtype is not None:
        for w in weights:
            for parts in (w.W, w.R, w.bw, w.br, w.P):
                for key in parts:
                    parts[key] = parts[key].astype(dtype)
    stream = number_stream(seed * 10 + 5)
    x = stream.uniform(-x_scale, x_scale, (steps, inputs)).astype(np.float32)
    stack = lambda part: np.stack([w.stacked(part) for w in weights])
    names = ["X", "W", "R", "B" if bias else ""]
    arrays = {"W": stack("W"), "R": stack("R")}
    if bias:
        arrays["B"] = stack("B")
    h0 = c0 = [None] * directions
    if states:
        h0 = stream.uniform(-1, 1, (directions, units)).astype(np.float32)
        names += ["", "H0"]
        arrays["H0"] = h0[None] if layout else h0[:, None]
        if op == "LSTM":
            c0 = stream.uniform(-2, 2, (directions, units)).astype(np.float32)
            names.append("C0")
            arrays["C0"] = c0[None] if layout else c0[:, None]
    if peepholes:
        names += [""] * (7 - len(names)) + ["P"]
        arrays["P"] = stack("P")
    direction = direction or ("bidirectional" if directions == 2 else "forward")
    if layout:
        attributes["layout"] = 1
    if "clip" in attributes:
        attributes["clip"] = float(attributes["clip"])
    node = helper.make_node(op, names, ["Y", "Y_h"], name=name, hidden_size=units,
                            direction=direction, **attributes)
    tensors = [tensor(k, v) for k, v in arrays.items()]
    if typed:  # the numbers in float_data instead of raw_data
        tensors = [helper.make_tensor(k, TensorProto.FLOAT, v.shape, v.ravel()) for k, v in
                   arrays.items()]
    kind = TensorProto.FLOAT if dtype is None else helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    shape = [1, steps, inputs] if layout else [steps, 1, inputs]
    model = model_of([node], tensors, [("X", kind, shape)], ["Y"])
    if dtype is not None:
        model.graph.output[0].type.tensor_type.elem_type = kind
    save(name, model)
    each = len(DEFAULTS[op])
    tracks = []
    for d in range(directions):
        options = {k: attributes[k] for k in ("clip", "input_forget", "linear_before_reset")
                   if k in attributes}
        if "activations" in attributes:
            options["acts"] = attributes["activations"][each * d:each * (d + 1)]
            a, b = attributes.get("activation_alpha", []), attributes.get("activation_beta", [])
            share = lambda v: v[len(v) // directions * d:len(v) // directions * (d + 1)]
            options["alpha"], options["beta"] = share(a), share(b)
        tracks.append(run(weights[d], x, h0[d], c0[d], reverse=direction == "reverse" or d == 1,
                          **options))
    record(name, name, tracks, x=x, states=states)
    if compare and not layout:
        feed = x[:, None] if dtype is None else x[:, None].astype(dtype)
        expected = np.stack([t[:, -1] for t in tracks], 1)
        agree(name, runtime(model, {"X": feed})[0], expected, 5e-6)


conformance()
single("lstm-all", "LSTM", directions=2, peepholes=True, states=True, seed=2)
single("lstm-reverse", "LSTM", direction="reverse", states=True, seed=3)
single("lstm-batch-first", "LSTM", directions=2, states=True, layout=1, seed=4)
single("lstm-clip", "LSTM", clip=0.4, seed=5, peepholes=True, states=True, scale=1.5)
single("lstm-coupled", "LSTM", input_forget=1, seed=6)
single("lstm-hard", "LSTM", directions=2, seed=7, activation_alpha=[0.3, 0.3],
       activation_beta=[0.4, 0.4], activations=["HardSigmoid", "Tanh", "Softsign"] * 2)
single("lstm-scaled", "LSTM", seed=8, activations=["Sigmoid", "ScaledTanh", "LeakyRelu"],
       activation_alpha=[1.2, 0.1], activation_beta=[0.7])
single("lstm-no-bias", "LSTM", bias=False, seed=9)
single("lstm-typed", "LSTM", typed=True, seed=10)
single("lstm-float16", "LSTM", dtype=np.float16, seed=11, compare=False)
single("lstm-float64", "LSTM", dtype=np.float64, seed=12, compare=False)
single("gru-before", "GRU", directions=2, states=True, seed=13)
single("gru-after", "GRU", linear_before_reset=1, seed=14, clip=0.8)
single("gru-hard", "GRU", seed=15, activations=["hardsigmoid", "Relu"])
single("rnn-relu", "RNN", seed=16, activations=["Relu"], scale=0.4)
single("rnn-affine", "RNN", directions=2, seed=17, scale=0.4, activations=["Affine", "Affine"],
       activation_alpha=[0.5, 0.5], activation_beta=[0.1, 0.1], states=True)


# Weights that reach the node through other nodes.
def chains(name, opset):
    w = Weights("LSTM", 3, 4, 30, peepholes=True)
    x = number_stream(31).uniform(-2, 2, (5, 3)).astype(np.float32)
    nodes, tensors = [], []
    counter = iter(range(1000))

    def const(value, inline=False):
        label = f"k{next(counter)}"
        value = np.asarray(value)
        if inline:
            nodes.append(helper.make_node("Constant", [], [label], value=tensor("", value)))
        else:
            tensors.append(tensor(label, value))
        return label

    def op(kind, *inputs, lists=None, **attributes):
        """`lists` are attributes in early versions and inputs in later ones."""
        label = f"v{next(counter)}"
        inputs = list(inputs)
        for key, values in (lists or {}).items():
            early = {"axes": 13, "starts": 10, "ends": 10, "split": 13}
            if kind == "Slice":
                early["axes"] = 10
            if opset < early.get(key, 0):
                attributes[key] = values
            else:
                inputs.append(const(np.array(values, np.int64), inline=True))
        nodes.append(helper.make_node(kind, inputs, [label], **attributes))
        return label

    # W: PyTorch's order i f g o, cut and put together again, as its exporter does.
    torch_order = const(np.concatenate([w.W[g] for g in "ifco"]).astype(np.float64))
    whole = op("Cast", torch_order, to=TensorProto.FLOAT)
    cut = lambda a, b: op("Slice", whole, lists={"starts": [a], "ends": [b], "axes": [0]})
    W = op("Unsqueeze", op("Concat", cut(0, 4), cut(12, 2**31), cut(4, 8), cut(-8, -4), axis=0),
           lists={"axes": [0]})
    # R: transposed, flat, and with an axis too many.
    flat = const(np.ascontiguousarray(w.stacked("R").T).reshape(-1), inline=True)
    R = op("Transpose", op("Reshape", flat, const(np.array([4, -1]))), perm=[1, 0])
    R = op("Squeeze", op("Reshape", R, const(np.array([1, 1, 16, 4]))), lists={"axes": [1]})
    # B: eight parts from a Split, gathered; each of the halves backwards and turned round.
    parts = [f"s{i}" for i in range(2)]
    source = const(np.concatenate([w.stacked("B")[16:], w.stacked("B")[:16]])[None])
    if opset < 13:
        nodes.append(helper.make_node("Split", [source], parts, axis=1, split=[16, 16]))
    else:
        nodes.append(helper.make_node(
            "Split", [source, const(np.array([16, 16]), inline=True)], parts, axis=1))
    B = op("Identity", op("Concat", parts[1], parts[0], axis=1))
    if opset >= 10:
        # A step of -1 twice is the same again.
        back = lambda v: op("Slice", v, const(np.array([-1])), const(np.array([-(2**31)])),
                            const(np.array([1])), const(np.array([-1])))
        B = back(back(B))
    P = op("Gather", const(np.stack([np.zeros(12, "f"), w.stacked("P")])), const(np.array([1])),
           axis=0)
    nodes.append(helper.make_node(
        "LSTM", ["X", W, R, B, "", "", "", P], ["Y"], name="cell", hidden_size=4))
    model = model_of(nodes, tensors, [("X", TensorProto.FLOAT, [5, 1, 3])], ["Y"], opset=opset)
    save(name, model)
    track = run(w, x)
    record(name, name, [track], x=x)
    agree(name, runtime(model, {"X": x[:, None]})[0], track[:, -1])


chains("chains-opset9", 9)
chains("chains-opset17", 17)


def quantized_weights(op, inputs, units, seed, per_channel, unsigned, shifted=False):
    """A direction whose W and R are whole numbers times a scale: exact in Float64."""
    stream, w = number_stream(seed), Weights(op, inputs, units, seed)
    parts = {}
    for name, columns in (("W", inputs), ("R", units)):
        low, high = (0, 256) if unsigned else (-127, 128)
        integers = stream.integers(low, high, (4 * units, columns))
        scale = (stream.uniform(0.5, 1.5, 4 * units if per_channel else 1) / 128).astype("f")
        zero = np.full(scale.shape, 128 if unsigned else 0)
        if shifted:
            zero = stream.integers(-5, 6, scale.shape)
        values = (integers - zero[:, None]).astype(np.float64) * scale[:, None].astype(np.float64)
        setattr(w, name, dict(zip(ORDER[op], np.split(values, 4))))
        parts[name] = (integers.astype(np.uint8 if unsigned else np.int8), scale,
                       zero.astype(np.uint8 if unsigned else np.int8))
    return w, parts


def dequantized():
    w, parts = quantized_weights("LSTM", 3, 4, 40, True, False, shifted=True)
    x = number_stream(41).uniform(-2, 2, (5, 3)).astype(np.float32)
    nodes, tensors = [], []
    for name in "WR":
        integers, scale, zero = parts[name]
        tensors += [tensor(name + "q", integers[None]), tensor(name + "s", scale),
                    tensor(name + "z", zero)]
        nodes.append(helper.make_node(
            "DequantizeLinear", [name + "q", name + "s", name + "z"], [name], axis=1))
    tensors.append(tensor("B", w.stacked("B")[None]))
    nodes.append(helper.make_node("LSTM", ["X", "W", "R", "B"], ["Y"], name="cell", hidden_size=4))
    model = model_of(nodes, tensors, [("X", TensorProto.FLOAT, [5, 1, 3])], ["Y"])
    save("dequantize", model)
    track = run(w, x)
    record("dequantize", "dequantize", [track], x=x)
    agree("dequantize", runtime(model, {"X": x[:, None]})[0], track[:, -1])


def dynamic(name, per_channel, unsigned, directions):
    made = [quantized_weights("LSTM", 3, 4, 42 + d, per_channel, unsigned)
            for d in range(directions)]
    x = number_stream(45).uniform(-2, 2, (5, 3)).astype(np.float32)
    tensors = [tensor("B", np.stack([w.stacked("B") for w, _ in made]))]
    for part in "WR":
        stack = lambda place: np.stack([parts[part][place] for _, parts in made])
        tensors.append(tensor(part, stack(0).swapaxes(1, 2)))
        flat = (lambda a: a) if per_channel else (lambda a: a[:, 0])
        tensors += [tensor(part + "s", flat(stack(1))), tensor(part + "z", flat(stack(2)))]
    node = helper.make_node(
        "DynamicQuantizeLSTM", ["X", "W", "R", "B", "", "", "", "", "Ws", "Wz", "Rs", "Rz"], ["Y"],
        name="cell", domain="com.microsoft", hidden_size=4,
        direction="bidirectional" if directions == 2 else "forward")
    model = model_of([node], tensors, [("X", TensorProto.FLOAT, [5, 1, 3])], ["Y"],
                     extra=[helper.make_opsetid("com.microsoft", 1)])
    save(name, model)
    tracks = [run(w, x, reverse=d == 1) for d, (w, _) in enumerate(made)]
    record(name, name, tracks, x=x, warnings=[
        "node 'cell': its weights are of 8 bits and were widened; ONNX Runtime also rounds the "
        "inputs to 8 bits, so its numbers differ a little"])
    expected = np.stack([t[:, -1] for t in tracks], 1)
    # onnxruntime rounds what enters to 8 bits: near, and far from what another order would give.
    agree(name, runtime(model, {"X": x[:, None]})[0], expected, 0.05)


dequantized()
dynamic("dynamic-tensor", False, True, 2)
dynamic("dynamic-channel", True, False, 1)


# Nodes in bodies; the weights stand in the graph around them.
def bodies():
    w = Weights("GRU", 3, 4, 50)
    x = number_stream(51).uniform(-2, 2, (5, 3)).astype(np.float32)
    info = helper.make_tensor_value_info
    cell = helper.make_node("GRU", ["X", "W", "R", "B"], ["Yb"], name="inner", hidden_size=4)
    tensors = [tensor("Wt", w.stacked("W").T), tensor("R", w.stacked("R")[None]),
               tensor("B", w.stacked("B")[None])]
    outer = [helper.make_node("Transpose", ["Wt"], ["W2"], perm=[1, 0]),
             helper.make_node("Constant", [], ["zero"], value=tensor("", np.array([0])))]
    inside = helper.make_node("Unsqueeze", ["W2", "zero"], ["W"])
    then = helper.make_graph([inside, cell], "then", [], [info("Yb", TensorProto.FLOAT, None)])
    other = helper.make_graph(
        [helper.make_node("Constant", [], ["e"], value=tensor("", np.zeros((5, 1, 1, 4), "f")))],
        "else", [], [info("e", TensorProto.FLOAT, None)])
    branch = helper.make_node("If", ["cond"], ["Y"], then_branch=then, else_branch=other)
    inputs = [("X", TensorProto.FLOAT, [5, 1, 3]), ("cond", TensorProto.BOOL, [])]
    model = model_of(outer + [branch], tensors, inputs, ["Y"])
    save("in-if", model)
    track = run(w, x)
    record("in-if", "in-if", [track], x=x)
    agree("in-if", runtime(model, {"X": x[:, None], "cond": np.array(True)})[0], track[:, -1])
    # A loop whose body runs the same sequence every time.
    body = helper.make_graph(
        [inside, cell, helper.make_node("Identity", ["go"], ["on"])], "body",
        [info("n", TensorProto.INT64, []), info("go", TensorProto.BOOL, [])],
        [info("on", TensorProto.BOOL, []), info("Yb", TensorProto.FLOAT, [5, 1, 1, 4])])
    loop = helper.make_node("Loop", ["trips", ""], ["Y"], body=body)
    model = model_of(outer + [loop], tensors + [tensor("trips", np.array(1))],
                     [("X", TensorProto.FLOAT, [5, 1, 3])], ["Y"])
    save("in-loop", model)
    record("in-loop", "in-loop", [track], x=x)
    agree("in-loop", runtime(model, {"X": x[:, None]})[0], track[:, -1])


bodies()


# Stacks, modules and heads.
def heads():
    stream = number_stream(60)
    layers = [[Weights("LSTM", 3, 4, 61), Weights("LSTM", 3, 4, 62)], [Weights("LSTM", 8, 5, 63)]]
    table = stream.uniform(-1, 1, (6, 3)).astype("f")
    V, b = stream.uniform(-1, 1, (5, 6)).astype("f"), stream.uniform(-1, 1, 6).astype("f")
    tokens = [3, 0, 5, 5, 1, 2, 4]
    node = helper.make_node
    tensors = [tensor("table", table), tensor("V", V), tensor("b", b),
               tensor("shape", np.array([0, 0, -1])), tensor("one", np.array([1])),
               tensor("spare", np.zeros(3, "f"))]
    for number, directions in enumerate(layers):
        for part in "WRB":
            tensors.append(tensor(f"{part}{number}", np.stack([w.stacked(part) for w in directions])))
    nodes = [
        node("Gather", ["table", "ids"], ["e"]),
        node("Transpose", ["e"], ["x"], perm=[1, 0, 2]),
        node("LSTM", ["x", "W0", "R0", "B0"], ["y0"], name="LSTM_0", hidden_size=4,
             direction="bidirectional"),
        node("Transpose", ["y0"], ["t0"], perm=[0, 2, 1, 3]),
        node("Reshape", ["t0", "shape"], ["r0"]),
        node("Dropout", ["r0"], ["d0"]),
        node("LSTM", ["d0", "W1", "R1", "B1"], ["y1"], name="LSTM_1", hidden_size=5),
        node("Squeeze", ["y1", "one"], ["s1"]),
        node("Transpose", ["s1"], ["t1"], perm=[1, 0, 2]),
        node("MatMul", ["t1", "V"], ["m"]),
        node("Add", ["b", "m"], ["logits"]),
        node("LogSoftmax", ["logits"], ["p"], axis=-1),
    ]
    inputs = [("ids", TensorProto.INT64, [1, 7])]
    metadata = {"gatescope.vocabulary": json.dumps(list("abcdef")), "gatescope.task": "reading"}
    model = model_of(nodes, tensors, inputs, ["p"], metadata=metadata)
    save("heads", model)
    tracks, h = run_stack(layers, table[tokens])
    y = softmax(h @ V.astype(np.float64) + b)
    record("heads", "heads", tracks, tokens=tokens, readout=y)
    agree("heads", np.exp(runtime(model, {"ids": np.array([tokens])})[0]), y)

    # A Gemm over the last step, through Y_h; then two stacks that nothing joins.
    nodes = nodes[:8] + [
        node("GRU", ["x2", "Wg", "Rg"], ["yg"], name="decoder/GRU", hidden_size=2),
    ]
    gru = Weights("GRU", 2, 2, 64, bias=False)
    model = model_of(nodes, tensors + [tensor("Wg", gru.stacked("W")[None]),
                                       tensor("Rg", gru.stacked("R")[None])],
                     inputs + [("x2", TensorProto.FLOAT, [4, 1, 2])], ["s1", "yg"])
    save("two-modules", model)
    record("two-modules: the stack", "two-modules", tracks, tokens=tokens, module="LSTM_1")
    x = stream.uniform(-2, 2, (4, 2)).astype("f")
    record("two-modules: the GRU", "two-modules", [run(gru, x)], x=x, module="decoder")

    last = Weights("RNN", 3, 4, 65)
    nodes = [
        node("RNN", ["x", "W", "R", "B"], ["", "h"], name="rnn", hidden_size=4),
        node("Squeeze", ["h", "zero"], ["s"]),
        node("Gemm", ["s", "V", "b"], ["g"], transB=1),
        node("Sigmoid", ["g"], ["p"]),
    ]
    V2 = stream.uniform(-1, 1, (2, 4)).astype("f")
    b2 = stream.uniform(-1, 1, 2).astype("f")
    tensors = [tensor(p, last.stacked(p)[None]) for p in "WRB"]
    tensors += [tensor("V", V2), tensor("b", b2), tensor("zero", np.array([0]))]
    model = model_of(nodes, tensors, [("x", TensorProto.FLOAT, [4, 1, 3])], ["p"])
    save("last-step", model)
    x = stream.uniform(-2, 2, (4, 3)).astype("f")
    track = run(last, x)
    y = 1 / (1 + np.exp(-(track[:, -1] @ V2.T.astype(np.float64) + b2)))
    record("last-step", "last-step", [track], x=x, readout=y)
    agree("last-step", runtime(model, {"x": x[:, None]})[0], y[-1])


heads()


# What PyTorch's exporters write.
def from_torch(module, prefix, layer, direction):
    suffix = f"_l{layer}" + ("_reverse" if direction else "")
    get = lambda kind: getattr(module, kind + suffix).detach().numpy()
    op = {torch.nn.LSTM: "LSTM", torch.nn.GRU: "GRU"}[type(module)]
    order = {"LSTM": "ifco", "GRU": "rzh"}[op]
    w = Weights(op, get("weight_ih").shape[1], module.hidden_size, 0)
    for target, kind in (("W", "weight_ih"), ("R", "weight_hh"), ("bw", "bias_ih"),
                         ("br", "bias_hh")):
        setattr(w, target, dict(zip(order, np.split(get(kind), len(order)))))
    return w


class Tagger(torch.nn.Module):
    def __init__(self, kind, bidirectional, batch_first):
        super().__init__()
        self.embedding = torch.nn.Embedding(6, 3)
        self.rnn = kind(3, 4, num_layers=2, bidirectional=bidirectional, batch_first=batch_first)
        self.linear = torch.nn.Linear(8 if bidirectional else 4, 6)

    def forward(self, ids):
        return self.linear(self.rnn(self.embedding(ids))[0])


def exported(name, kind, bidirectional, batch_first, dynamo):
    torch.manual_seed(len(name))
    tagger = Tagger(kind, bidirectional, batch_first).eval()
    tokens = [3, 0, 5, 1, 2]
    ids = torch.tensor([tokens] if batch_first else [[t] for t in tokens])
    path = f"onnx/{name}.onnx"
    options = {} if dynamo else {"dynamic_axes": {"ids": [0, 1]}, "opset_version": 17}
    torch.onnx.export(tagger, (ids,), path, input_names=["ids"], dynamo=dynamo, verbose=False,
                      **({"external_data": False} if dynamo else {}), **options)
    model = onnx.load(path)
    model.doc_string = ""
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    del model.metadata_props[:]
    save(name, model)
    layers = [[from_torch(tagger.rnn, "", layer, d) for d in range(1 + bidirectional)]
              for layer in range(2)]
    table = tagger.embedding.weight.detach().numpy()
    tracks, h = run_stack(layers, table[tokens], linear_before_reset=1) if kind is torch.nn.GRU \
        else run_stack(layers, table[tokens])
    V, b = (p.detach().numpy().astype(np.float64) for p in tagger.linear.parameters())
    y = h @ V.T + b
    record(name, name, tracks, tokens=tokens, readout=y)
    agree(name, tagger(ids).detach().numpy(), y)
    agree(name, runtime(model, {"ids": ids.numpy()})[0], y)


exported("torch-lstm-bidirectional", torch.nn.LSTM, True, False, False)
exported("torch-lstm-batch-first", torch.nn.LSTM, False, True, False)
exported("torch-gru", torch.nn.GRU, True, True, False)
try:
    import onnxscript  # noqa: F401
except ImportError:
    print("no onnxscript: the cases of the newer exporter are left out")
else:
    exported("dynamo-lstm", torch.nn.LSTM, True, True, True)


# Data in a file beside the model.
def external():
    w = Weights("LSTM", 3, 4, 70)
    x = number_stream(71).uniform(-2, 2, (4, 3)).astype(np.float32)
    data, tensors = b"", []
    for part in "WRB":
        array = w.stacked(part)[None]
        proto = TensorProto(name=part, data_type=TensorProto.FLOAT, dims=array.shape,
                            data_location=TensorProto.EXTERNAL)
        for key, value in (("location", "external.bin"), ("offset", str(len(data))),
                           ("length", str(array.nbytes))):
            if not (part == "B" and key == "length"):
                proto.external_data.add(key=key, value=value)
        data += array.tobytes()
        tensors.append(proto)
    with open("onnx/external.bin", "wb") as file:
        file.write(data)
    node = helper.make_node("LSTM", ["X", "W", "R", "B"], ["Y"], name="cell", hidden_size=4)
    save("external", model_of([node], tensors, [("X", TensorProto.FLOAT, [4, 1, 3])], ["Y"]))
    record("external", "external", [run(w, x)], x=x)


external()


# Weights of bfloat16, raw and in int32_data.
def brain_floats():
    w = Weights("LSTM", 3, 4, 80)
    x = number_stream(81).uniform(-2, 2, (4, 3)).astype(np.float32)

    def bits(array):
        whole = np.asarray(array, "f").view(np.uint32)
        return ((whole + 0x7fff + (whole >> 16 & 1)) >> 16).astype(np.uint16)

    for parts in (w.W, w.R, w.bw, w.br):
        for key in parts:
            parts[key] = (bits(parts[key]).astype(np.uint32) << 16).view(np.float32)
    tensors = []
    for part in "WRB":
        array = w.stacked(part)[None]
        proto = TensorProto(name=part, data_type=TensorProto.BFLOAT16, dims=array.shape)
        if part == "R":
            proto.int32_data.extend(bits(array).ravel().tolist())
        else:
            proto.raw_data = bits(array).tobytes()
        tensors.append(proto)
    node = helper.make_node("LSTM", ["X", "W", "R", "B"], ["Y"], name="cell", hidden_size=4)
    model = model_of([node], tensors, [("X", TensorProto.BFLOAT16, [4, 1, 3])], ["Y"])
    save("lstm-bfloat16", model)
    record("lstm-bfloat16", "lstm-bfloat16", [run(w, x)], x=x)


brain_floats()


# A body of Scan, which runs over a single slice; W comes through Flatten.
def scanned():
    w = Weights("GRU", 3, 4, 90)
    x = number_stream(91).uniform(-2, 2, (5, 3)).astype(np.float32)
    info = helper.make_tensor_value_info
    inside = [
        helper.make_node("Flatten", ["Wf"], ["W2"], axis=1),
        helper.make_node("Unsqueeze", ["W2", "zero"], ["W"]),
        helper.make_node("GRU", ["slice", "W", "R", "B"], ["Yb"], name="inner", hidden_size=4)]
    body = helper.make_graph(
        inside, "body", [info("slice", TensorProto.FLOAT, [5, 1, 3])],
        [info("Yb", TensorProto.FLOAT, [5, 1, 1, 4])])
    node = helper.make_node("Scan", ["X"], ["Y"], body=body, num_scan_inputs=1)
    tensors = [tensor("Wf", w.stacked("W")[:, :, None]), tensor("R", w.stacked("R")[None]),
               tensor("B", w.stacked("B")[None]), tensor("zero", np.array([0]))]
    model = model_of([node], tensors, [("X", TensorProto.FLOAT, [1, 5, 1, 3])], ["Y"])
    save("in-scan", model)
    track = run(w, x)
    record("in-scan", "in-scan", [track], x=x)
    agree("in-scan", runtime(model, {"X": x[None, :, None]})[0], track[:, -1])


scanned()
with open("onnx/cases.json", "w") as file:
    json.dump(CASES, file, indent=0, separators=(",", ":"))
    file.write("\n")
np.array(NUMBERS, "<f8").tofile("onnx/reference.bin")
print(len(CASES), "cases", len(NUMBERS) * 8, "bytes of reference")
