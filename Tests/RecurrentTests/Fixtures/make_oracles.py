"""Makes oracles.json and oracles.bin: what networks compute, in Float64.

Usage: make_oracles.py    (needs numpy and torch)

oracles.json describes the cases. Weights, states and inputs stand nowhere: both sides draw them, in
the order of `draw`, from the same generator of numbers that Float32 holds exactly. oracles.bin holds
the reference as little-endian Float64, case after case: for each track (steps, signals, units), then
the readout's (steps, outputs).

The reference is NumPy, which shows every signal; its h and last c are compared with PyTorch's own
Float64 layers wherever PyTorch has the cell.
"""

import json
import pathlib

import numpy as np
import torch

GATES = {"lstm": 4, "gru": 3, "rnn": 1}  # in the order z f i o; r u n; h
FOLDER = pathlib.Path(__file__).parent


def case(name, layers, steps=10, **options):
    """`layers` holds (cell, units, is bidirectional); `inputs` is the width of x."""
    defaults = {
        "inputs": 3, "biases": 2, "peepholes": False, "state": False, "scale": 0.5,
        "embedding": None, "tokens": False, "readout": None, "outputs": 0, "readoutBias": True,
    }
    assert options.keys() <= defaults.keys()
    layers = [{"cell": c, "units": u, "isBidirectional": b} for c, u, b in layers]
    return {"name": name, "layers": layers, "steps": steps} | defaults | options



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


def draw(case, numbers):
    """All numbers of a case, in the order in which Swift draws them too."""
    scale = case["scale"]
    net = {"tracks": []}
    if case["embedding"]:
        net["embedding"] = numbers.values(case["embedding"], case["inputs"], scale=1)
    width = case["inputs"]
    for number, layer in enumerate(case["layers"]):
        units, rows = layer["units"], GATES[layer["cell"]] * layer["units"]
        for direction in range(2 if layer["isBidirectional"] else 1):
            net["tracks"].append({
                "layer": number, "isReverse": direction == 1, "cell": layer["cell"],
                "W": numbers.values(rows, width, scale=scale),
                "R": numbers.values(rows, units, scale=scale),
                "bW": numbers.values(rows, scale=scale) if case["biases"] > 0 else np.zeros(rows),
                "bR": numbers.values(rows, scale=scale) if case["biases"] > 1 else np.zeros(rows),
                "P": numbers.values(3, units, scale=scale) if case["peepholes"] else None,
            })
        width = units * (2 if layer["isBidirectional"] else 1)
    for track in net["tracks"]:
        units = track["R"].shape[1]
        track["h"] = numbers.values(units, scale=1) if case["state"] else np.zeros(units)
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


def run(track, x):
    """(steps, signals, units) of one layer in one direction."""
    h, c = track["h"], track["c"]
    signals = [None] * len(x)
    for t in reversed(range(len(x))) if track["isReverse"] else range(len(x)):
        given = (track["W"] @ x[t] + track["bW"]).reshape(-1, len(h))
        carried = (track["R"] @ h + track["bR"]).reshape(-1, len(h))
        if track["cell"] == "lstm":
            z, f, i, o = given + carried
            look_f, look_i, look_o = track["P"] if track["P"] is not None else np.zeros((3, len(h)))
            z = np.tanh(z)
            f = sigmoid(f + look_f * c)
            i = sigmoid(i + look_i * c)
            c = f * c + i * z
            o = sigmoid(o + look_o * c)
            h = o * np.tanh(c)
            signals[t] = [z, f, i, o, c, h]
        elif track["cell"] == "gru":
            r, u = sigmoid(given[:2] + carried[:2])
            n = np.tanh(given[2] + r * carried[2])
            h = (1 - u) * n + u * h
            signals[t] = [r, u, n, h]
        else:
            h = np.tanh(given[0] + carried[0])
            signals[t] = [h]
    return np.array(signals)


def check_with_torch(layer, tracks, x, results):
    cell, units = layer["cell"], layer["units"]
    kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}[cell]
    module = kind(x.shape[1], units, bidirectional=layer["isBidirectional"]).double()
    order = [2, 1, 0, 3] if cell == "lstm" else range(GATES[cell])  # PyTorch: i f g o; r z n
    weights = {}
    for track in tracks:
        suffix = "_l0_reverse" if track["isReverse"] else "_l0"
        for ours, theirs in (
            ("W", "weight_ih"), ("R", "weight_hh"), ("bW", "bias_ih"), ("bR", "bias_hh")
        ):
            blocks = np.split(track[ours], GATES[cell])
            weights[theirs + suffix] = torch.tensor(np.concatenate([blocks[k] for k in order]))
    module.load_state_dict(weights)
    h0 = torch.tensor(np.stack([track["h"] for track in tracks]))
    c0 = torch.tensor(np.stack([track["c"] for track in tracks]))
    with torch.no_grad():
        output, last = module(torch.tensor(x), (h0, c0) if cell == "lstm" else h0)
    shown = np.concatenate([result[:, -1] for result in results], axis=1)
    np.testing.assert_allclose(shown, output.numpy(), rtol=1e-11, atol=1e-13)
    if cell == "lstm":
        ends = [
            result[0 if track["isReverse"] else -1, 4] for track, result in zip(tracks, results)
        ]
        np.testing.assert_allclose(np.stack(ends), last[1].numpy(), rtol=1e-11, atol=1e-13)


def reference(case, net):
    x, parts = net["x"], []
    for number, layer in enumerate(case["layers"]):
        tracks = [track for track in net["tracks"] if track["layer"] == number]
        results = [run(track, x) for track in tracks]
        if not case["peepholes"]:
            check_with_torch(layer, tracks, x, results)
        parts += results
        x = np.concatenate([result[:, -1] for result in results], axis=1)
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


main()
