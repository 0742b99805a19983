"""Makes ablations.json and ablations.bin: what networks compute without a gate, and with a unit held.

Usage: make_ablations.py    (needs torch, and what make_oracles.py needs)

Weights, states and inputs are those of cases of make_oracles.py. The cells here are written once
more, in PyTorch's Float64, and built without the gate: there is no o to be 1, no f, no row of R that
is 0. Unchanged they are first compared with make_oracles.py's.

ablations.json has a case a line: `base`, the name of the oracle's case; `without`, the parts that the
cells lack, or `hold`, a value of a unit; `start` and `count` of the reference in ablations.bin,
little-endian Float64: for each track a row a step, then the readout. A held gate is in the row as it
is held; one that is not there, as what stands for it.
"""

import json

import numpy as np
import torch

import make_oracles as oracles

torch.set_default_dtype(torch.float64)

LSTM = ["o", "f", "i", "coupled", "z-from-h", "gates-from-h"]
GRU = ["r", "u", "n-from-h", "gates-from-h"]
RNN = ["h-from-h"]


def without(base, *parts):
    return {"base": base, "without": list(parts)}


def hold(base, track, signal, unit, value):
    return {"base": base, "hold": {
        "track": track, "signal": signal, "unit": unit, "value": float(np.float32(value))}}


CASES = [
    *(without(base, part) for part in LSTM for base in (
        "lstm, initial state", "lstm, no bias", "lstm, peepholes",
        "lstm, both directions, two layers", "projected lstm, two layers, both directions")),
    *(without("hard lstm, as ONNX and Keras 2", part) for part in LSTM),
    *(without("clipped lstm", part) for part in ("coupled", "z-from-h", "gates-from-h")),
    without("coupled lstm, peepholes", "f"), without("coupled lstm, peepholes", "o"),
    without("lstm, embedding and softmax", "o", "f"),
    *(without(base, part) for part in GRU for base in (
        "gru, both directions, two layers", "gru, no bias", "gru, reset before")),
    *(without(base, part) for part in RNN for base in (
        "rnn, both directions, two layers", "rnn, no bias, one-hot tokens")),
    without("an lstm under a gru under an rnn", "gates-from-h"),
    *(hold(base, track, signal, 2, 0.375) for signal in "zfioch"
      for base, track in (("lstm, embedding and softmax", 0), ("lstm, peepholes", 0),
                          ("lstm, three layers", 1), ("lstm, both directions, two layers", 1))),
    *(hold("projected lstm, two layers, both directions", 2, signal, 1, -0.25) for signal in "ziocmh"),
    *(hold(base, 0, signal, 1, 0.5) for signal in "runh"
      for base in ("gru, embedding and softmax", "gru, both directions, two layers")),
    hold("rnn, both directions, two layers", 3, "h", 1, 0.75),
    hold("rnn, no bias, one-hot tokens", 0, "h", 0, 0),
    *(hold("clipped lstm", 0, signal, 3, 0.25) for signal in "zioch"),
    *(hold("coupled lstm", 0, signal, 3, 0.25) for signal in "fic"),
    *(hold("clipped gru", 0, signal, 3, 0.25) for signal in "uh"),
]


def act(layer, role, x):
    """As make_oracles.py has it."""
    return torch.from_numpy(np.asarray(oracles.act(layer, role, x.numpy())))


def tensor(array):
    return torch.from_numpy(np.array(array, dtype=np.float64))


def lstm(track, x, lacks, held):
    layer, units = track["variations"], track["variations"]["units"]
    W, R = tensor(track["W"]).reshape(4, units, -1), tensor(track["R"]).reshape(4, units, -1)
    b = (tensor(track["bW"]) + tensor(track["bR"])).reshape(4, units)
    look = [None] * 3 if track["P"] is None else list(tensor(track["P"]))
    project = None if track["projection"] is None else tensor(track["projection"])

    def gate(row, peephole, x, h, c):
        total = W[row] @ x + b[row]
        if "gates-from-h" not in lacks:
            total = total + R[row] @ h
        if peephole is not None:
            total = total + peephole * c
        return act(layer, "gates", total)

    def step(x, h, c):
        total = W[0] @ x + b[0]
        if "z-from-h" not in lacks:
            total = total + R[0] @ h
        z = held("z", act(layer, "candidate", total))
        if "i" in lacks:
            i = torch.ones(units)
        elif "coupled" in lacks:
            i = 1 - gate(1, look[0], x, h, c)
        else:
            i = gate(2, look[1], x, h, c)
        i = held("i", i)
        if "f" in lacks:  # 1997: what is written stays
            f, c = torch.ones(units), c + i * z
        else:
            f = 1 - i if layer.get("isCoupled") else gate(1, look[0], x, h, c)
            f = held("f", f)
            c = f * c + i * z
        c = held("c", c)
        shown = act(layer, "output", c)
        if "o" in lacks:
            o = torch.ones(units)
        else:
            o = held("o", gate(3, look[2], x, h, c))
            shown = o * shown
        parts = [z, f, i, o, c]
        if project is None:
            h = held("h", shown)
        else:
            shown = held("m", shown)
            parts.append(shown)
            h = held("h", project @ shown)
        return parts + [h], h, c

    return step, tensor(track["h"]), tensor(track["c"])


def gru(track, x, lacks, held):
    layer, units = track["variations"], track["variations"]["units"]
    W, R = tensor(track["W"]).reshape(3, units, -1), tensor(track["R"]).reshape(3, units, -1)
    bW, bR = tensor(track["bW"]).reshape(3, units), tensor(track["bR"]).reshape(3, units)

    def gate(row, x, h):
        total = W[row] @ x + bW[row] + bR[row]
        return act(layer, "gates", total if "gates-from-h" in lacks else total + R[row] @ h)

    def step(x, h, c):
        r = torch.ones(units) if "r" in lacks else held("r", gate(0, x, h))
        carried = bR[2]
        if layer.get("resetsBefore"):
            if "n-from-h" not in lacks:
                carried = carried + R[2] @ (r * h)
        elif "n-from-h" in lacks:
            carried = r * carried
        else:
            carried = r * (carried + R[2] @ h)
        n = held("n", act(layer, "candidate", W[2] @ x + bW[2] + carried))
        if "u" in lacks:
            u, h = torch.zeros(units), n
        else:
            u = held("u", gate(1, x, h))
            h = (1 - u) * n + u * h
        h = held("h", h)
        return [r, u, n, h], h, c

    return step, tensor(track["h"]), None


def rnn(track, x, lacks, held):
    layer = track["variations"]
    W, R, b = tensor(track["W"]), tensor(track["R"]), tensor(track["bW"]) + tensor(track["bR"])

    def step(x, h, c):
        total = W @ x + b
        h = held("h", act(layer, "candidate", total if "h-from-h" in lacks else total + R @ h))
        return [h], h, c

    return step, tensor(track["h"]), None


def run(track, x, lacks, hold):
    def held(signal, values):
        if hold is None or hold["signal"] != signal:
            return values
        values = values.clone()
        values[hold["unit"]] = hold["value"]
        return values

    x = tensor(x)
    step, h, c = {"lstm": lstm, "gru": gru, "rnn": rnn}[track["cell"]](track, x, lacks, held)
    rows, shown = [None] * len(x), [None] * len(x)
    for t in reversed(range(len(x))) if track["isReverse"] else range(len(x)):
        parts, h, c = step(x[t], h, c)
        rows[t], shown[t] = torch.cat(parts).numpy(), h.numpy()
    return np.array(rows), np.array(shown)


def reference(case, net, lacks=(), hold=None):
    x, parts = net["x"], []
    for number, layer in enumerate(case["layers"]):
        results = [
            run(track, x, lacks, hold if hold and hold["track"] == place else None)
            for place, track in enumerate(net["tracks"]) if track["layer"] == number]
        parts += [rows for rows, _ in results]
        x = oracles.MERGES[layer.get("merge", "concatenate")]([shown for _, shown in results])
    if case["readout"]:
        sums = tensor(x) @ tensor(net["V"]).T + tensor(net["b"])
        assert case["readout"] in ("softmax", "linear")
        parts.append((torch.softmax(sums, 1) if case["readout"] == "softmax" else sums).numpy())
    return np.concatenate([part.ravel() for part in parts])


def main():
    known = {case["name"]: (number, case) for number, case in enumerate(oracles.CASES)}
    assert len(known) == len(oracles.CASES)
    start, references = 0, []
    for case in CASES:
        number, base = known[case["base"]]
        net = oracles.draw(base, oracles.Numbers(1000 + number))
        plain = oracles.reference(base, net)
        np.testing.assert_allclose(reference(base, net), plain, rtol=1e-12, atol=1e-14)
        values = reference(base, net, case.get("without", ()), case.get("hold"))
        assert np.isfinite(values).all() and not np.allclose(values, plain, atol=1e-4), case
        case["start"], case["count"] = start, len(values)
        start += len(values)
        references.append(values)
    lines = ",\n".join(json.dumps(case) for case in CASES)
    (oracles.FOLDER / "ablations.json").write_text(f"[\n{lines}\n]\n")
    np.concatenate(references).astype("<f8").tofile(oracles.FOLDER / "ablations.bin")
    print(f"{len(CASES)} cases, {start} values")


main()
