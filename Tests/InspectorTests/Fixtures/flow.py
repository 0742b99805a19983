"""Makes flow.json: how c and h at a step hang on c and h some steps before, by PyTorch's autograd.

Usage: flow.py > flow.json    (needs numpy and torch)

A case is a stack of layers with its weights, the numbers that enter, and for the layer and direction
that is looked at: T, the place in the order of reading at which everything ends, and for every lag the
spectral norm of d c_T / d c_s and of d h_T / d h_s (`cell`, `hidden`), the mean over the units of T of
the gradients' lengths (`cellMeans`, `hiddenMeans`), and the largest product of the forget gates
(`kept`). All in Float64; weights and inputs are multiples of 1/256, which Float32 holds exactly.

The cells are written out so that every variant is there; where torch.nn has the cell, h is compared
with it. `costs` counts the parameters of torch.nn's LSTM, GRU and RNN with a linear layer on top.
"""

import json
import math

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
RANDOM = np.random.default_rng(7)
GATES = {"lstm": 4, "gru": 3, "rnn": 1}  # z f i o; r u n; h


def numbers(*shape, scale=0.7):
    return torch.tensor(np.round(RANDOM.uniform(-scale, scale, shape) * 256) / 256)


def track(cell, inputs, units, scale=0.7, **variations):
    size = variations.get("projection") or units
    rows = GATES[cell] * units
    return {
        "W": numbers(rows, inputs, scale=scale), "R": numbers(rows, size, scale=scale),
        "bW": numbers(rows, scale=scale), "bR": numbers(rows, scale=scale),
        "P": numbers(3 * units, scale=scale) if variations.get("peepholes") else None,
        "projection": numbers(size, units, scale=scale) if "projection" in variations else None,
    }


ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid}


def bounded(layer, x):
    return x if layer.get("clip") is None else torch.clamp(x, -layer["clip"], layer["clip"])


def step(layer, w, x, h, c):
    """f, c, h of a step; f and c are None where there are none."""
    cell, units = layer["cell"], layer["units"]
    given = (w["W"] @ x + w["bW"]).reshape(-1, units)
    carried = (w["R"] @ h + w["bR"]).reshape(-1, units) if not (
        cell == "gru" and layer.get("resetsBefore")) else None
    act = lambda s: ACTIVATIONS[layer.get("candidate", "tanh")](bounded(layer, s))
    gate = lambda s: torch.sigmoid(bounded(layer, s))
    if cell == "lstm":
        look = w["P"].reshape(3, units) if w["P"] is not None else torch.zeros(3, units)
        z = act(given[0] + carried[0])
        i = gate(given[2] + carried[2] + look[1] * c)
        f = 1 - i if layer.get("isCoupled") else gate(given[1] + carried[1] + look[0] * c)
        c = f * c + i * z
        h = gate(given[3] + carried[3] + look[2] * c) * torch.tanh(c)
        return f, c, h if w["projection"] is None else w["projection"] @ h
    if cell == "gru":
        rows = w["R"].reshape(3, units, units)
        biases = w["bR"].reshape(3, units)
        r = gate(given[0] + rows[0] @ h + biases[0])
        u = gate(given[1] + rows[1] @ h + biases[1])
        if layer.get("resetsBefore"):
            n = act(given[2] + rows[2] @ (r * h) + biases[2])
        else:
            n = act(given[2] + r * (rows[2] @ h + biases[2]))
        return None, None, (1 - u) * n + u * h
    return None, None, act(given[0] + carried[0])


def run(layer, w, xs, isReverse):
    """f, c and h of every step, in the order of reading, and h in the order of the input."""
    size = layer.get("projection") or layer["units"]
    h, c = torch.zeros(size), torch.zeros(layer["units"])
    fs, cs, hs = [], [], []
    for x in reversed(xs) if isReverse else xs:
        f, c, h = step(layer, w, x, h, c)
        fs.append(f), cs.append(c), hs.append(h)
    return fs, cs, hs, hs[::-1] if isReverse else hs


def check(layer, w, xs, hs, isReverse):
    others = layer.keys() - {"cell", "units", "both", "projection", "candidate"}
    if others or layer.get("candidate", "tanh") != "tanh" and layer["cell"] != "rnn":
        return
    kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}[layer["cell"]]
    options = {"proj_size": layer["projection"]} if "projection" in layer else {}
    if layer["cell"] == "rnn":
        options = {"nonlinearity": layer.get("candidate", "tanh")}
    module = kind(len(xs[0]), layer["units"], **options)
    order = [2, 1, 0, 3] if layer["cell"] == "lstm" else range(GATES[layer["cell"]])
    blocks = lambda m: torch.cat([m.chunk(GATES[layer["cell"]])[k] for k in order])
    state = {"weight_ih_l0": blocks(w["W"]), "weight_hh_l0": blocks(w["R"]),
             "bias_ih_l0": blocks(w["bW"]), "bias_hh_l0": blocks(w["bR"])}
    if "projection" in layer:
        state["weight_hr_l0"] = w["projection"]
    module.load_state_dict(state)
    x = torch.stack(xs[::-1] if isReverse else xs).unsqueeze(1)
    assert torch.allclose(module(x)[0][:, 0], torch.stack(hs), atol=1e-12)


def jacobian(outputs, inputs):
    rows = [torch.autograd.grad(o, inputs, retain_graph=True, allow_unused=True)[0] for o in outputs]
    return torch.stack([torch.zeros_like(inputs) if r is None else r for r in rows])


def flows(states, last):
    norms, means = [], []
    for lag in range(last + 1):
        if lag == 0:
            matrix = torch.eye(len(states[last]))
        else:
            matrix = jacobian(states[last], states[last - lag])
        norms.append(float(torch.linalg.matrix_norm(matrix, 2)))
        means.append(float(torch.linalg.vector_norm(matrix, dim=1).mean()))
    return norms, means


def case(name, layers, looked=(0, 0), steps=12, last=None, inputs=3, scale=0.7):
    xs = [numbers(inputs, scale=1.5).requires_grad_() for _ in range(steps)]
    network, given, found = [], xs, None
    for index, layer in enumerate(layers):
        directions = [False, True] if layer.get("both") else [layer.get("reverse", False)]
        options = {k: v for k, v in layer.items() if k not in ("cell", "units", "both", "reverse")}
        tracks = [track(layer["cell"], len(given[0]), layer["units"], scale, **options)
                  for _ in directions]
        shown = []
        for place, (w, isReverse) in enumerate(zip(tracks, directions)):
            fs, cs, hs, inOrder = run(layer, w, given, isReverse)
            check({k: v for k, v in layer.items() if k != "reverse"}, w, given, hs, isReverse)
            shown.append(inOrder)
            if (index, place) == looked:
                found = fs, cs, hs
        network.append(layer | {"tracks": [
            {k: v.flatten().tolist() for k, v in w.items() if v is not None} for w in tracks]})
        given = [torch.cat(parts) for parts in zip(*shown)]
    fs, cs, hs = found
    last = steps - 1 if last is None else last
    result = {"name": name, "layers": network, "layer": looked[0], "direction": looked[1],
              "inputs": inputs, "x": torch.stack(xs).flatten().tolist(), "last": last}
    result["hidden"], result["hiddenMeans"] = flows(hs, last)
    if layers[looked[0]]["cell"] == "lstm":
        result["cell"], result["cellMeans"] = flows(cs, last)
        logs = torch.zeros(layers[looked[0]]["units"])
        kept = [1.0]
        for lag in range(last):
            logs = logs + torch.log(fs[last - lag])
            kept.append(float(logs.max().exp()))
        result["kept"] = kept
    return result


CASES = [
    case("lstm", [{"cell": "lstm", "units": 4}]),
    case("lstm, to step 7", [{"cell": "lstm", "units": 4}], last=7),
    case("lstm, peepholes", [{"cell": "lstm", "units": 3, "peepholes": True}]),
    case("lstm, projection", [{"cell": "lstm", "units": 5, "projection": 2}]),
    case("lstm, coupled", [{"cell": "lstm", "units": 4, "isCoupled": True}]),
    case("lstm, coupled, peepholes, projection",
         [{"cell": "lstm", "units": 4, "isCoupled": True, "peepholes": True, "projection": 3}]),
    case("lstm, clipped", [{"cell": "lstm", "units": 4, "clip": 0.75}], scale=1),
    case("gru, reset after", [{"cell": "gru", "units": 4}]),
    case("gru, reset before", [{"cell": "gru", "units": 4, "resetsBefore": True}]),
    case("rnn", [{"cell": "rnn", "units": 4}]),
    case("rnn, saturated", [{"cell": "rnn", "units": 3}], scale=6),
    case("lstm, saturated", [{"cell": "lstm", "units": 3}], scale=6),
    case("rnn, relu", [{"cell": "rnn", "units": 4, "candidate": "relu"}]),
    case("rnn, explodes", [{"cell": "rnn", "units": 4, "candidate": "relu"}], scale=1.5, steps=20),
    case("lstm under lstm", [{"cell": "lstm", "units": 3}, {"cell": "lstm", "units": 4}], (1, 0)),
    case("gru under rnn", [{"cell": "gru", "units": 3}, {"cell": "rnn", "units": 4}], (0, 0)),
    case("lstm, backwards", [{"cell": "lstm", "units": 3, "both": True}], (0, 1)),
    case("gru over both directions",
         [{"cell": "rnn", "units": 3, "both": True}, {"cell": "gru", "units": 4, "both": True}],
         (1, 1), last=9),
    case("rnn, backwards alone", [{"cell": "rnn", "units": 3, "reverse": True}]),
]


def cost(cell, inputs, units, layers, both, outputs):
    kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}[cell]
    parts = [kind(inputs, units, num_layers=layers, bidirectional=both),
             torch.nn.Linear(units * (2 if both else 1), outputs)]
    return {"cell": cell, "inputs": inputs, "units": units, "layers": layers, "both": both,
            "outputs": outputs,
            "parameters": sum(p.numel() for part in parts for p in part.parameters())}


COSTS = [cost(cell, *sizes) for cell in ("lstm", "gru", "rnn")
         for sizes in ((9, 2, 1, False, 4), (5, 7, 2, False, 3), (6, 4, 2, True, 5))]


def finite(value):
    if isinstance(value, float):
        assert math.isfinite(value)
    elif isinstance(value, dict):
        [finite(part) for part in value.values()]
    elif isinstance(value, list):
        [finite(part) for part in value]
    return value


print(json.dumps(finite({"cases": CASES, "costs": COSTS})))
