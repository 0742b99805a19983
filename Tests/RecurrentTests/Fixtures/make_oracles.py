"""Makes oracles.json and oracles.bin: what networks compute, in Float64.

Usage: make_oracles.py    (needs numpy, torch, onnx and onnxruntime)

oracles.json describes the cases. Weights, states and inputs stand nowhere: both sides draw them, in
the order of `draw`, from the same generator of numbers that Float32 holds exactly. oracles.bin holds
the reference as little-endian Float64, case after case: for each track a row a step, which is
(signals, units), or with a projection (z f i o c m, units) and P values of h; then the readout's
(steps, outputs).

The reference is NumPy, which shows every signal; its h and last c are compared with PyTorch's own
Float64 layers wherever PyTorch has the cell, and with ONNX Runtime's Float32 where that has it.
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime
import torch

GATES = {"lstm": 4, "gru": 3, "rnn": 1}  # in the order z f i o; r u n; h
FOLDER = pathlib.Path(__file__).parent


def case(name, layers, steps=10, **options):
    """`layers` holds (cell, units, is bidirectional), or `layer`s; `inputs` is the width of x."""
    defaults = {
        "inputs": 3, "biases": 2, "peepholes": False, "state": False, "scale": 0.5,
        "embedding": None, "tokens": False, "readout": None, "outputs": 0, "readoutBias": True,
    }
    assert options.keys() <= defaults.keys()
    layers = [
        part if isinstance(part, dict)
        else {"cell": part[0], "units": part[1], "isBidirectional": part[2]} for part in layers
    ]
    return {"name": name, "layers": layers, "steps": steps} | defaults | options


def layer(cell, units, both=False, **variations):
    """A layer whose cell differs: in `isReverse` (reads backwards alone), `merge`, `projection`,
    `isCoupled`, `clip`, `gates`, `candidate`, `output` (activations), `resetsBefore`."""
    assert variations.keys() <= {
        "isReverse", "merge", "projection", "isCoupled", "clip", "gates", "candidate", "output",
        "resetsBefore"}
    return {"cell": cell, "units": units, "isBidirectional": both} | variations


def activation(name, *constants):
    """With constants that Float32 holds."""
    return {"name": name, "constants": [float(np.float32(value)) for value in constants]}


ACTIVATIONS = [
    activation("sigmoid"), activation("tanh"), activation("relu"),
    activation("hard_sigmoid", 0.2, 0.5), activation("hard_sigmoid", 1 / 6, 0.5),
    activation("leaky_relu", 0.01), activation("elu", 1.5), activation("softsign"),
    activation("softplus"), activation("affine", 0.75, -0.125), activation("scaled_tanh", 1.25, 0.7),
    activation("thresholded_relu", 0.3), activation("linear"),
]

CASES = [
    case("lstm, two biases", [("lstm", 4, False)]),
    case("lstm, one bias", [("lstm", 4, False)], biases=1),
    case("lstm, no bias", [("lstm", 4, False)], biases=0),
    case("lstm, initial state", [("lstm", 7, False)], state=True),
    case("lstm, three layers", [("lstm", 6, False), ("lstm", 3, False), ("lstm", 5, False)]),
    case("lstm, both directions, two layers", [("lstm", 5, True), ("lstm", 4, True)], state=True),
    case("lstm, one-hot tokens", [("lstm", 4, False)], inputs=6, tokens=True),
    case("lstm, embedding and softmax", [("lstm", 8, False)], inputs=4, embedding=7, tokens=True,
         readout="softmax", outputs=7, scale=1),
    case("lstm, embedding, both directions, linear readout", [("lstm", 3, True)], embedding=5,
         tokens=True, readout="linear", outputs=2, readoutBias=False),
    case("lstm, sigmoid readout", [("lstm", 4, False)], readout="sigmoid", outputs=3, scale=1),
    case("lstm, peepholes", [("lstm", 5, False), ("lstm", 18, False)], peepholes=True, state=True),
    case("lstm, peepholes, both directions", [("lstm", 6, True)], peepholes=True),
    case("lstm, 1 unit", [("lstm", 1, False)], inputs=1),
    case("lstm, 5 units", [("lstm", 5, False)], inputs=2),
    case("lstm, 17 units", [("lstm", 17, False)], inputs=9, steps=6),
    case("lstm, 64 units", [("lstm", 64, False)], inputs=33, steps=4, scale=0.25),
    case("lstm, 100 units", [("lstm", 100, False)], inputs=20, steps=3, scale=0.25),
    case("lstm, saturated", [("lstm", 6, False)], scale=16),
    case("lstm, very large weights", [("lstm", 6, False)], scale=2.0**60),
    case("lstm, 300 steps", [("lstm", 5, False)], steps=300),
    case("gru, two biases", [("gru", 4, False)]),
    case("gru, one bias", [("gru", 4, False)], biases=1),
    case("gru, no bias", [("gru", 4, False)], biases=0),
    case("gru, both directions, two layers", [("gru", 5, True), ("gru", 4, True)], state=True),
    case("gru, embedding and softmax", [("gru", 6, False)], inputs=4, embedding=7, tokens=True,
         readout="softmax", outputs=7),
    case("gru, 1 unit", [("gru", 1, False)], inputs=1),
    case("gru, 17 units", [("gru", 17, False)], inputs=9, steps=6, state=True),
    case("gru, 65 units", [("gru", 65, False)], inputs=3, steps=3, scale=0.25),
    case("gru, saturated", [("gru", 6, False)], scale=16),
    case("gru, 300 steps", [("gru", 5, False)], steps=300),
    case("rnn, two biases", [("rnn", 4, False)]),
    case("rnn, no bias, one-hot tokens", [("rnn", 4, False)], biases=0, inputs=5, tokens=True),
    case("rnn, both directions, two layers", [("rnn", 5, True), ("rnn", 4, True)], state=True),
    case("rnn, 17 units", [("rnn", 17, False)], inputs=9, steps=6),
    case("rnn, 300 steps", [("rnn", 3, False)], steps=300, scale=0.25),
    case("an lstm under a gru under an rnn", [("lstm", 4, True), ("gru", 3, False),
         ("rnn", 2, False)], state=True, readout="softmax", outputs=3),
    case("projected lstm", [layer("lstm", 7, projection=3)], state=True),
    case("projected lstm, 70 units to 66", [layer("lstm", 70, projection=66)], steps=3, scale=0.25),
    case("projected lstm, as many as units", [layer("lstm", 5, projection=5)]),
    case("projected lstm, two layers, both directions", [layer("lstm", 6, True, projection=2),
         layer("lstm", 5, True, projection=3)], state=True, readout="softmax", outputs=3),
    case("projected lstm, no bias, one-hot tokens", [layer("lstm", 4, projection=1)], biases=0,
         inputs=5, tokens=True),
    case("projected lstm, everything at once", [layer("lstm", 6, True, projection=4, merge="average",
         isCoupled=True, clip=0.75, gates=ACTIVATIONS[4], candidate=ACTIVATIONS[7],
         output=ACTIVATIONS[10])], peepholes=True, state=True),
    case("coupled lstm", [layer("lstm", 6, isCoupled=True)], state=True),
    case("coupled lstm, peepholes", [layer("lstm", 17, isCoupled=True)], peepholes=True, state=True),
    case("coupled lstm, both directions", [layer("lstm", 5, True, isCoupled=True)], biases=1),
    case("clipped lstm", [layer("lstm", 6, clip=0.75)], scale=2, state=True),
    case("clipped lstm, peepholes", [layer("lstm", 6, clip=1.5)], scale=2, peepholes=True),
    case("clipped gru", [layer("gru", 6, clip=0.5)], scale=2, state=True),
    case("clipped gru, reset before", [layer("gru", 6, clip=0.5, resetsBefore=True)], scale=2),
    case("clipped rnn", [layer("rnn", 6, clip=0.5)], scale=2),
    case("gru, reset before", [layer("gru", 7, resetsBefore=True)], state=True),
    case("gru, reset before, one bias, 17 units", [layer("gru", 17, resetsBefore=True)], biases=1,
         steps=6),
    case("gru, reset before, 65 units, both directions", [layer("gru", 65, True, resetsBefore=True)],
         steps=3, scale=0.25),
    case("hard lstm, as ONNX and Keras 2", [layer("lstm", 6, gates=ACTIVATIONS[3])], scale=2),
    case("hard lstm, as Keras 3", [layer("lstm", 6, gates=ACTIVATIONS[4])], scale=2),
    case("hard gru, reset before", [layer("gru", 6, resetsBefore=True, gates=ACTIVATIONS[3],
         candidate=ACTIVATIONS[7])], scale=2),
    case("relu lstm", [layer("lstm", 6, candidate=ACTIVATIONS[2], output=ACTIVATIONS[2])]),
    case("relu gru", [layer("gru", 6, candidate=ACTIVATIONS[2])]),
    case("relu rnn, both directions, two layers", [layer("rnn", 5, True, candidate=ACTIVATIONS[2]),
         layer("rnn", 4, True, candidate=ACTIVATIONS[2])], state=True, scale=0.25),
    *(case(f"rnn of 17 units, {f['name']} {f['constants']}", [layer("rnn", 17, candidate=f)],
           inputs=9, steps=6, scale=0.25, state=True) for f in ACTIVATIONS),
    *(case(f"lstm, gates of {f['name']}", [layer("lstm", 5, gates=f)], steps=6, scale=0.25)
      for f in ACTIVATIONS[7:]),
    case("softplus of large numbers", [layer("rnn", 4, candidate=ACTIVATIONS[8])], steps=2,
         scale=2.0**60),
    *(case(f"{cell}, {merge} of both directions, two layers", [layer(cell, 5, True, merge=merge),
           layer(cell, 4, True, merge=merge)], state=True, readout="linear", outputs=2)
      for cell in ("lstm", "gru") for merge in ("sum", "multiply", "average")),
    case("lstm, reads backwards alone", [layer("lstm", 5, isReverse=True)], state=True),
    case("gru and rnn, one backwards alone under both ways", [layer("gru", 5, isReverse=True,
         merge="sum"), layer("rnn", 4, True, merge="sum")], state=True),
    case("lstm over lstm, tokens, backwards and forwards", [layer("lstm", 5, isReverse=True),
         layer("lstm", 4)], tokens=True, inputs=6, readout="softmax", outputs=4),
]


class Numbers:
    """A linear congruential generator: the same numbers in Swift."""

    def __init__(self, seed):
        self.state = seed

    def bits(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return self.state >> 32

    def values(self, *shape, scale):
        """In -scale…scale, with 24 bits."""
        count = int(np.prod(shape))
        values = [((self.bits() >> 8) / 2.0**23 - 1) * scale for _ in range(count)]
        array = np.array(values).reshape(shape)
        assert (array.astype(np.float32) == array).all()
        return array

    def tokens(self, count, below):
        return [self.bits() % below for _ in range(count)]


def directions(layer):
    """0 for forwards, 1 for backwards."""
    return [1] if layer.get("isReverse") else [0, 1] if layer["isBidirectional"] else [0]


def draw(case, numbers):
    """All numbers of a case, in the order in which Swift draws them too."""
    scale = case["scale"]
    net = {"tracks": []}
    if case["embedding"]:
        net["embedding"] = numbers.values(case["embedding"], case["inputs"], scale=1)
    width = case["inputs"]
    for number, layer in enumerate(case["layers"]):
        units, rows = layer["units"], GATES[layer["cell"]] * layer["units"]
        shown = layer.get("projection", units)
        for direction in directions(layer):
            net["tracks"].append({
                "layer": number, "isReverse": direction == 1, "cell": layer["cell"],
                "variations": layer,
                "W": numbers.values(rows, width, scale=scale),
                "R": numbers.values(rows, shown, scale=scale),
                "bW": numbers.values(rows, scale=scale) if case["biases"] > 0 else np.zeros(rows),
                "bR": numbers.values(rows, scale=scale) if case["biases"] > 1 else np.zeros(rows),
                "P": numbers.values(3, units, scale=scale) if case["peepholes"] else None,
                "projection": numbers.values(shown, units, scale=scale)
                if "projection" in layer else None,
            })
        isWide = layer.get("merge", "concatenate") == "concatenate"
        width = shown * (len(directions(layer)) if isWide else 1)
    for track in net["tracks"]:
        units, shown = track["variations"]["units"], track["R"].shape[1]
        track["h"] = numbers.values(shown, scale=1) if case["state"] else np.zeros(shown)
        track["c"] = np.zeros(units)
        if case["state"] and track["cell"] == "lstm":
            track["c"] = numbers.values(units, scale=2)
    if case["readout"]:
        net["V"] = numbers.values(case["outputs"], width, scale=scale)
        net["b"] = np.zeros(case["outputs"])
        if case["readoutBias"]:
            net["b"] = numbers.values(case["outputs"], scale=scale)
    if case["tokens"]:
        table = net["embedding"] if case["embedding"] else np.eye(case["inputs"])
        net["x"] = table[numbers.tokens(case["steps"], len(table))]
    else:
        net["x"] = numbers.values(case["steps"], case["inputs"], scale=1)
    return net


def sigmoid(x):
    return np.where(x < 0, np.exp(np.minimum(x, 0)), 1) / (1 + np.exp(-np.abs(x)))


FUNCTIONS = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0),
    "hard_sigmoid": lambda x, alpha, beta: np.clip(alpha * x + beta, 0, 1),
    "leaky_relu": lambda x, alpha: np.where(x < 0, alpha * x, x),
    "elu": lambda x, alpha: np.where(x < 0, alpha * np.expm1(np.minimum(x, 0)), x),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "softplus": lambda x: np.logaddexp(0, x),
    "affine": lambda x, alpha, beta: alpha * x + beta,
    "scaled_tanh": lambda x, alpha, beta: alpha * np.tanh(beta * x),
    "thresholded_relu": lambda x, alpha: np.where(x > alpha, x, 0),
    "linear": lambda x: x,
}


def act(layer, role, x):
    """The activation of the gates, the candidate or the output, of bounded sums. ONNX Runtime bounds
    no c."""
    if "clip" in layer and role != "output":
        x = np.clip(x, -layer["clip"], layer["clip"])
    chosen = layer.get(role, activation("sigmoid" if role == "gates" else "tanh"))
    return FUNCTIONS[chosen["name"]](x, *chosen["constants"])


def run(track, x):
    """(steps, row) of one layer in one direction, and h alone (steps, H or P)."""
    h, c, layer = track["h"], track["c"], track["variations"]
    units = layer["units"]
    rows, shown = [None] * len(x), [None] * len(x)
    for t in reversed(range(len(x))) if track["isReverse"] else range(len(x)):
        given = (track["W"] @ x[t] + track["bW"]).reshape(-1, units)
        carried = (track["R"] @ h + track["bR"]).reshape(-1, units)
        if track["cell"] == "lstm":
            z, f, i, o = given + carried
            look_f, look_i, look_o = track["P"] if track["P"] is not None else np.zeros((3, units))
            z = act(layer, "candidate", z)
            i = act(layer, "gates", i + look_i * c)
            f = 1 - i if layer.get("isCoupled") else act(layer, "gates", f + look_f * c)
            c = f * c + i * z
            o = act(layer, "gates", o + look_o * c)
            h = o * act(layer, "output", c)
            signals = [z, f, i, o, c, h]
            if track["projection"] is not None:
                h = track["projection"] @ h
                signals.append(h)
        elif track["cell"] == "gru":
            r, u = act(layer, "gates", given[:2] + carried[:2])
            if layer.get("resetsBefore"):
                recurrent = track["R"][2 * units:] @ (r * h) + track["bR"][2 * units:]
            else:
                recurrent = r * carried[2]
            n = act(layer, "candidate", given[2] + recurrent)
            h = (1 - u) * n + u * h
            signals = [r, u, n, h]
        else:
            h = act(layer, "candidate", given[0] + carried[0])
            signals = [h]
        rows[t], shown[t] = np.concatenate(signals), h
    return np.array(rows), np.array(shown)


MERGES = {
    "concatenate": lambda parts: np.concatenate(parts, axis=1),
    "sum": lambda parts: sum(parts),
    "multiply": lambda parts: np.prod(parts, axis=0),
    "average": lambda parts: sum(parts) / len(parts),
}


def last_cells(tracks, results):
    """What c is after the last step of each track, in its own direction."""
    return np.stack([
        rows[0 if track["isReverse"] else -1].reshape(-1)[4 * units:5 * units]
        for track, (rows, _) in zip(tracks, results)
        for units in [track["variations"]["units"]]
    ])


def is_in_torch(layer, case):
    others = layer.keys() - {"cell", "units", "isBidirectional", "isReverse", "merge", "projection"}
    if layer["cell"] == "rnn" and layer.get("candidate", {}).get("name") in ("relu", "tanh"):
        others -= {"candidate"}
    # PyTorch projects to fewer than there are units only.
    return not case["peepholes"] and not others and layer.get("projection") != layer["units"]


def check_with_torch(layer, tracks, x, results):
    cell, units = layer["cell"], layer["units"]
    kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}[cell]
    options = {"proj_size": layer.get("projection", 0)} if cell == "lstm" else {}
    if cell == "rnn":
        options = {"nonlinearity": layer.get("candidate", {"name": "tanh"})["name"]}
    module = kind(x.shape[1], units, bidirectional=layer["isBidirectional"], **options).double()
    order = [2, 1, 0, 3] if cell == "lstm" else range(GATES[cell])  # PyTorch: i f g o; r z n
    isReverse = layer.get("isReverse", False)  # there by turning the sequence round
    weights = {}
    for track in tracks:
        suffix = "_l0_reverse" if track["isReverse"] and not isReverse else "_l0"
        for ours, theirs in (
            ("W", "weight_ih"), ("R", "weight_hh"), ("bW", "bias_ih"), ("bR", "bias_hh")
        ):
            blocks = np.split(track[ours], GATES[cell])
            weights[theirs + suffix] = torch.tensor(np.concatenate([blocks[k] for k in order]))
        if track["projection"] is not None:
            weights["weight_hr" + suffix] = torch.tensor(track["projection"])
    module.load_state_dict(weights)
    h0 = torch.tensor(np.stack([track["h"] for track in tracks]))
    c0 = torch.tensor(np.stack([track["c"] for track in tracks]))
    x = x[::-1].copy() if isReverse else x
    with torch.no_grad():
        output, last = module(torch.tensor(x), (h0, c0) if cell == "lstm" else h0)
    output = output.numpy()[::-1] if isReverse else output.numpy()
    shown = np.concatenate([shown for _, shown in results], axis=1)
    np.testing.assert_allclose(shown, output, rtol=1e-11, atol=1e-13)
    if cell == "lstm":
        np.testing.assert_allclose(
            last_cells(tracks, results), last[1].numpy(), rtol=1e-11, atol=1e-13)


# For ours, ONNX's name, and the constants that its lists take.
ONNX_NAMES = {
    "sigmoid": "Sigmoid", "tanh": "Tanh", "relu": "Relu", "hard_sigmoid": "HardSigmoid",
    "leaky_relu": "LeakyRelu", "elu": "Elu", "softsign": "Softsign", "softplus": "Softplus",
    "affine": "Affine", "scaled_tanh": "ScaledTanh", "thresholded_relu": "ThresholdedRelu",
}


def check_with_onnx(layer, tracks, x, results):
    cell, units = layer["cell"], layer["units"]
    order = {"lstm": [2, 3, 1, 0], "gru": [1, 0, 2], "rnn": [0]}[cell]  # i o f c; z r h
    roles = {"lstm": ["gates", "candidate", "output"], "gru": ["gates", "candidate"],
             "rnn": ["candidate"]}[cell]
    names, alphas, betas = [], [], []
    for role in roles * len(tracks):
        chosen = layer.get(role, activation("sigmoid" if role == "gates" else "tanh"))
        if chosen["name"] == "linear":
            chosen = activation("affine", 1, 0)
        names.append(ONNX_NAMES[chosen["name"]])
        alphas += chosen["constants"][:1]
        betas += chosen["constants"][1:]
    attributes = {"hidden_size": units, "activations": names}
    if alphas:
        attributes["activation_alpha"] = alphas
    if betas:
        attributes["activation_beta"] = betas
    if "clip" in layer:
        attributes["clip"] = layer["clip"]
    if layer.get("isCoupled"):
        attributes["input_forget"] = 1
    if cell == "gru":
        attributes["linear_before_reset"] = 0 if layer.get("resetsBefore") else 1
    attributes["direction"] = (
        "bidirectional" if layer["isBidirectional"]
        else "reverse" if layer.get("isReverse") else "forward")

    def gates(array):
        blocks = np.split(array, GATES[cell])
        return np.concatenate([blocks[k] for k in order])

    inputs = {
        "X": x[:, None], "W": np.stack([gates(track["W"]) for track in tracks]),
        "R": np.stack([gates(track["R"]) for track in tracks]),
        "B": np.stack([np.concatenate([gates(t["bW"]), gates(t["bR"])]) for t in tracks]),
        "initial_h": np.stack([track["h"] for track in tracks])[:, None],
    }
    slots = ["X", "W", "R", "B", "", "initial_h"]
    if cell == "lstm":
        inputs["initial_c"] = np.stack([track["c"] for track in tracks])[:, None]
        slots.append("initial_c")
        if tracks[0]["P"] is not None:
            inputs["P"] = np.stack([np.concatenate(t["P"][[1, 2, 0]]) for t in tracks])  # i o f
            slots.append("P")
    outputs = ["Y", "Y_h"] + (["Y_c"] if cell == "lstm" else [])
    kind = onnx.TensorProto.FLOAT
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node(cell.upper(), slots, outputs, **attributes)], "g",
        [onnx.helper.make_tensor_value_info(name, kind, None) for name in inputs],
        [onnx.helper.make_tensor_value_info(name, kind, None) for name in outputs])
    model = onnx.helper.make_model(
        graph, opset_imports=[onnx.helper.make_opsetid("", 14)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    y = session.run(None, {name: value.astype(np.float32) for name, value in inputs.items()})
    for place, (_, shown) in enumerate(results):
        np.testing.assert_allclose(shown, y[0][:, place, 0], rtol=1e-4, atol=1e-5)
    if cell == "lstm":
        np.testing.assert_allclose(
            last_cells(tracks, results), y[2][:, 0], rtol=1e-4, atol=1e-5)


def reference(case, net):
    x, parts = net["x"], []
    for number, layer in enumerate(case["layers"]):
        tracks = [track for track in net["tracks"] if track["layer"] == number]
        results = [run(track, x) for track in tracks]
        if is_in_torch(layer, case):
            check_with_torch(layer, tracks, x, results)
        if "projection" not in layer and case["scale"] <= 2:
            check_with_onnx(layer, tracks, x, results)
        parts += [rows for rows, _ in results]
        x = MERGES[layer.get("merge", "concatenate")]([shown for _, shown in results])
    if case["readout"]:
        sums = x @ net["V"].T + net["b"]
        if case["readout"] == "softmax":
            sums = np.exp(sums - sums.max(axis=1, keepdims=True))
            sums /= sums.sum(axis=1, keepdims=True)
        elif case["readout"] == "sigmoid":
            sums = sigmoid(sums)
        parts.append(sums)
    return np.concatenate([part.ravel() for part in parts])


def main():
    start, references = 0, []
    for number, case in enumerate(CASES):
        case["seed"] = 1000 + number
        values = reference(case, draw(case, Numbers(case["seed"])))
        assert np.isfinite(values).all()
        case["start"], case["count"] = start, len(values)
        start += len(values)
        references.append(values)
    lines = ",\n".join(json.dumps(case) for case in CASES)
    (FOLDER / "oracles.json").write_text(f"[\n{lines}\n]\n")
    np.concatenate(references).astype("<f8").tofile(FOLDER / "oracles.bin")
    print(f"{len(CASES)} cases, {start} values")


if __name__ == "__main__":
    main()
