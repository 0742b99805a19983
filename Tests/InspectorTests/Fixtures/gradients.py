"""Makes gradients.json: what predictions rest on, by PyTorch's autograd in Float64.

Usage: gradients.py    (needs numpy and torch)

Weights, states and inputs stand nowhere: both sides draw them, in the order of `draw`, from the same
generator of numbers that Float32 holds exactly. Of each case there are the target's value (log p of an
output at a step), its gradient with respect to x (steps, inputs), and for each track with respect to h
(steps, H or P) and c (steps, H); then the integrated gradients of every step's input from x = 0, by
Gauss and Legendre's rule with 600 points, as Captum computes them, and the target's value at x = 0.

The cells are written out below; those that PyTorch has are compared with its own modules first.
"""

import json
import pathlib

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
GATES = {"lstm": 4, "gru": 3, "rnn": 1}  # in the order z f i o; r u n; h
FOLDER = pathlib.Path(__file__).parent


def layer(cell, units, both=False, **variations):
    assert variations.keys() <= {
        "isReverse", "merge", "projection", "isCoupled", "clip", "resetsBefore", "gates", "candidate",
        "output", "peepholes"}
    return {"cell": cell, "units": units, "isBidirectional": both} | variations


def case(name, *layers, steps=8, inputs=3, embedding=None, tokens=False, readout="softmax",
         state=True, scale=1.0):
    return {"name": name, "layers": list(layers), "steps": steps, "inputs": inputs,
            "embedding": embedding, "tokens": tokens, "readout": readout, "outputs": 4,
            "state": state, "scale": scale}


CASES = [
    case("lstm", layer("lstm", 5)),
    case("lstm, tokens", layer("lstm", 5), tokens=True, inputs=4),
    case("lstm, embedding", layer("lstm", 5), tokens=True, embedding=6),
    case("lstm, peepholes", layer("lstm", 5, peepholes=True)),
    case("lstm, projection", layer("lstm", 5, projection=3)),
    case("lstm, coupled", layer("lstm", 5, isCoupled=True)),
    case("lstm, coupled, peepholes, projection",
         layer("lstm", 5, isCoupled=True, peepholes=True, projection=2)),
    case("lstm, clip", layer("lstm", 5, clip=0.75), scale=2.0),
    case("lstm, sigmoid readout", layer("lstm", 5), readout="sigmoid"),
    case("lstm, linear readout", layer("lstm", 5), readout="linear"),
    case("lstm, hard gates", layer("lstm", 5, gates="hard_sigmoid", candidate="softsign",
                                   output="leaky_relu")),
    case("gru, reset after", layer("gru", 5)),
    case("gru, reset before", layer("gru", 5, resetsBefore=True)),
    case("gru, clip", layer("gru", 5, clip=0.75), scale=2.0),
    case("gru, elu, reset before", layer("gru", 5, resetsBefore=True, candidate="elu")),
    case("rnn", layer("rnn", 5)),
    case("rnn, relu", layer("rnn", 5, candidate="relu"), scale=0.5),
    case("rnn, leaky relu", layer("rnn", 5, candidate="leaky_relu"), scale=0.5),
    case("lstm, two layers", layer("lstm", 5), layer("lstm", 4)),
    case("gru over lstm over rnn, tokens", layer("rnn", 4), layer("lstm", 3, projection=2),
         layer("gru", 4), tokens=True, inputs=5),
    case("lstm, both directions", layer("lstm", 4, True)),
    case("gru, both directions, two layers", layer("gru", 4, True), layer("gru", 3, True)),
    case("rnn, both directions", layer("rnn", 4, True), tokens=True, inputs=4),
    case("lstm, backwards alone", layer("lstm", 4, isReverse=True)),
    *(case(f"lstm, {merge} of both directions", layer("lstm", 4, True, merge=merge),
           layer("lstm", 3, True, merge=merge)) for merge in ("sum", "multiply", "average")),
]


class Numbers:
    """A linear congruential generator: the same numbers in Swift."""

    def __init__(self, seed):
        self.state = seed

    def bits(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return self.state >> 32

    def values(self, *shape, scale):
        count = int(np.prod(shape))
        values = [((self.bits() >> 8) / 2.0**23 - 1) * scale for _ in range(count)]
        array = np.array(values).reshape(shape)
        assert (array.astype(np.float32) == array).all()
        return torch.from_numpy(array)

    def tokens(self, count, below):
        return [self.bits() % below for _ in range(count)]


def directions(layer):
    """0 for forwards, 1 for backwards."""
    return [1] if layer.get("isReverse") else [0, 1] if layer["isBidirectional"] else [0]


def draw(case, numbers):
    scale = case["scale"]
    net = {"layers": []}
    if case["embedding"]:
        net["embedding"] = numbers.values(case["embedding"], case["inputs"], scale=1)
    width = case["inputs"]
    for layer in case["layers"]:
        units, rows = layer["units"], GATES[layer["cell"]] * layer["units"]
        shown = layer.get("projection", units)
        tracks = []
        for direction in directions(layer):
            tracks.append({
                "isReverse": direction == 1, "layer": layer,
                "W": numbers.values(rows, width, scale=scale),
                "R": numbers.values(rows, shown, scale=scale),
                "bW": numbers.values(rows, scale=scale),
                "bR": numbers.values(rows, scale=scale),
                "P": numbers.values(3, units, scale=scale) if layer.get("peepholes") else None,
                "projection": numbers.values(shown, units, scale=scale)
                if "projection" in layer else None,
                "h": numbers.values(shown, scale=1) if case["state"] else torch.zeros(shown),
                "c": numbers.values(units, scale=1)
                if case["state"] and layer["cell"] == "lstm" else torch.zeros(units),
            })
        net["layers"].append(tracks)
        isWide = layer.get("merge", "concatenate") == "concatenate"
        width = shown * (len(tracks) if isWide else 1)
    net["V"] = numbers.values(case["outputs"], width, scale=scale)
    net["b"] = numbers.values(case["outputs"], scale=scale)
    if case["tokens"]:
        table = net["embedding"] if case["embedding"] else torch.eye(case["inputs"])
        net["x"] = table[numbers.tokens(case["steps"], len(table))]
    else:
        net["x"] = numbers.values(case["steps"], case["inputs"], scale=1)
    return net


FUNCTIONS = {
    "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu,
    "hard_sigmoid": lambda x: torch.clamp(0.25 * x + 0.5, 0, 1),
    "softsign": torch.nn.functional.softsign,
    "leaky_relu": lambda x: torch.where(x > 0, x, 0.125 * x),
    "elu": lambda x: torch.where(x > 0, x, 1.5 * torch.expm1(torch.clamp(x, max=0))),
}


def act(layer, role, x):
    if "clip" in layer and role != "output":
        x = torch.clamp(x, -layer["clip"], layer["clip"])
    return FUNCTIONS[layer.get(role, "sigmoid" if role == "gates" else "tanh")](x)


def run(track, x):
    """h and c of every step of one layer in one direction, lists in the order of time. x is a list of
    (batch, I)."""
    layer = track["layer"]
    units, batch = layer["units"], len(x[0])
    h = track["h"].expand(batch, -1)
    c = track["c"].expand(batch, -1)
    hs, cs = [None] * len(x), [None] * len(x)
    split = lambda a: a.reshape(batch, -1, units).unbind(1)
    for t in reversed(range(len(x))) if track["isReverse"] else range(len(x)):
        given = x[t] @ track["W"].T + track["bW"]
        R, bR = track["R"], track["bR"]
        if layer["cell"] == "lstm":
            z, f, i, o = split(given + h @ R.T + bR)
            P = track["P"] if track["P"] is not None else torch.zeros(3, units)
            z = act(layer, "candidate", z)
            i = act(layer, "gates", i + P[1] * c)
            f = 1 - i if layer.get("isCoupled") else act(layer, "gates", f + P[0] * c)
            c = f * c + i * z
            o = act(layer, "gates", o + P[2] * c)
            h = o * act(layer, "output", c)
            if track["projection"] is not None:
                h = h @ track["projection"].T
        elif layer["cell"] == "gru":
            r, u, n = split(given)
            carried = split(h @ R.T + bR)
            r = act(layer, "gates", r + carried[0])
            u = act(layer, "gates", u + carried[1])
            if layer.get("resetsBefore"):
                n = n + (r * h) @ R[2 * units:].T + bR[2 * units:]
            else:
                n = n + r * carried[2]
            n = act(layer, "candidate", n)
            h = (1 - u) * n + u * h
        else:
            h = act(layer, "candidate", given + h @ R.T + bR)
        hs[t], cs[t] = h, c
    return hs, cs


def forward(net, x, watched=None):
    """The readout's sums at every step for x, a list of (batch, I)."""
    for tracks in net["layers"]:
        parts = []
        for track in tracks:
            hs, cs = run(track, x)
            if watched is not None:
                watched.append((hs, cs))
                for value in hs + (cs if track["layer"]["cell"] == "lstm" else []):
                    value.retain_grad()
            parts.append(hs)
        merge = tracks[0]["layer"].get("merge", "concatenate")
        if len(parts) == 1:
            x = parts[0]
        elif merge == "concatenate":
            x = [torch.cat(pair, 1) for pair in zip(*parts)]
        elif merge == "multiply":
            x = [a * b for a, b in zip(*parts)]
        else:
            x = [(a + b) / (2 if merge == "average" else 1) for a, b in zip(*parts)]
    return [h @ net["V"].T + net["b"] for h in x]


def target(case, sums, output):
    if case["readout"] == "softmax":
        return torch.log_softmax(sums, 1)[:, output]
    if case["readout"] == "sigmoid":
        return torch.nn.functional.logsigmoid(sums[:, output])
    return sums[:, output]


def check(case, net):
    """The forward pass against PyTorch's own modules, where they have the cell."""
    layer, track = case["layers"][0], net["layers"][0][0]
    if len(case["layers"]) > 1 or layer.keys() - {"cell", "units", "isBidirectional", "projection"}:
        return False
    if layer["isBidirectional"]:
        return False
    units, order = layer["units"], {"lstm": [2, 1, 0, 3], "gru": [0, 1, 2], "rnn": [0]}[layer["cell"]]
    kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}[layer["cell"]]
    options = {"proj_size": layer["projection"]} if "projection" in layer else {}
    module = kind(track["W"].shape[1], units, **options)
    permuted = lambda a: torch.cat([a[k * units:(k + 1) * units] for k in order])
    with torch.no_grad():
        module.weight_ih_l0.copy_(permuted(track["W"]))
        module.weight_hh_l0.copy_(permuted(track["R"]))
        module.bias_ih_l0.copy_(permuted(track["bW"]))
        module.bias_hh_l0.copy_(permuted(track["bR"]))
        if "projection" in layer:
            module.weight_hr_l0.copy_(track["projection"])
        state = (track["h"][None], track["c"][None]) if layer["cell"] == "lstm" else track["h"][None]
        theirs = module(net["x"], state)[0]
        ours = torch.cat(run(track, [x[None] for x in net["x"]])[0])
    assert torch.allclose(theirs, ours, atol=1e-12), case["name"]
    return True


def integrated(case, net, step, output, points=600):
    nodes, weights = np.polynomial.legendre.leggauss(points)
    shares, weights = torch.from_numpy((nodes + 1) / 2), torch.from_numpy(weights / 2)
    x = [(shares[:, None] * row).requires_grad_() for row in net["x"]]
    target(case, forward(net, x)[step], output).sum().backward()
    return [float((weights[:, None] * a.grad * row).sum()) if a.grad is not None else 0.0
            for a, row in zip(x, net["x"])]


def rounded(values):
    return [float(f"{value:.10g}") for value in values]


def grads(values, width):
    return rounded(v for value in values
                   for v in (value.grad[0].tolist() if value.grad is not None else [0.0] * width))


def main():
    written, checked = [], 0
    for seed, case in enumerate(CASES, 1):
        net = draw(case, Numbers(seed))
        checked += check(case, net)
        causal = all(directions(layer) == [0] for layer in case["layers"])
        step = case["steps"] - 1 if causal else 3
        x = [row[None].clone().requires_grad_() for row in net["x"]]
        watched = []
        value = target(case, forward(net, x, watched)[step], seed % 4)
        value.sum().backward()
        flat = [track for tracks in net["layers"] for track in tracks]
        parts = integrated(case, net, step, seed % 4)
        zero = [torch.zeros_like(row)[None] for row in net["x"]]
        baseline = float(target(case, forward(net, zero)[step], seed % 4))
        assert abs(sum(parts) - (value.item() - baseline)) < 0.02 * (1 + abs(baseline)), case["name"]
        written.append(case | {
            "seed": seed, "target": step, "output": seed % 4, "value": value.item(),
            "x": grads(x, case["inputs"]),
            "h": [grads(hs, len(track["h"])) for (hs, _), track in zip(watched, flat)],
            "c": [grads(cs, len(track["c"])) if track["layer"]["cell"] == "lstm" else []
                  for (_, cs), track in zip(watched, flat)],
            "integrated": rounded(parts), "baseline": baseline,
        })
    assert checked >= 8, checked
    with open(FOLDER / "gradients.json", "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(entry) for entry in written) + "\n]\n")
    print(f"{len(written)} cases, {checked} of them compared with PyTorch's modules")


main()
