"""Makes interventions.json and interventions.bin: what networks compute while signals are changed.

Usage: make_interventions.py    (needs what make_oracles.py needs)

Cases, numbers and layout are those of make_oracles.py, with `changes` beside them: a signal of some
units of a track over steps first..last (both counted in) is set, scaled, added to, frozen at the value
of the step before the first in the track's own direction, or patched with values [step][unit].

The reference is NumPy in Float64, which without changes is held against the one that make_oracles.py
compares with PyTorch and ONNX Runtime. Where changes are of h or c alone, the layer is also stepped by
PyTorch's own Float64 cells, whose state is changed between two steps.
"""

import json

import numpy as np
import torch

from make_oracles import (
    ACTIVATIONS, FOLDER, MERGES, Numbers, act, case, draw, layer, run)

def change(signal, units, first, last, operation, value=None, track=0):
    return {"track": track, "signal": signal, "units": units, "first": first, "last": last,
            "operation": operation, "value": value}


def exact(values):
    return np.float32(values).astype(float).tolist()


ALL = list(range(4))


def each(cell, signals, units, **options):
    """Every operation on every signal of one cell, each a case."""
    made = []
    for signal in signals:
        shown = options.get("shown", units) if signal == "h" else units
        some = [1, shown - 1]
        for operation, value in (("set", 0.25), ("scale", 0.5), ("add", -0.375), ("freeze", None),
                                 ("patch", exact(np.linspace(-0.9, 0.8, 8).reshape(4, 2)))):
            made.append((f"{operation} {signal}", [change(signal, some, 3, 6, operation, value)]))
    return [case(f"{cell}: {name}", [options["layer"]], steps=9, state=True,
                 peepholes=options.get("peepholes", False)) | {"changes": changes}
            for name, changes in made]


CASES = [
    *each("lstm", "zfioch", 5, layer=layer("lstm", 5)),
    *each("lstm with peepholes", "zfioch", 5, layer=layer("lstm", 5), peepholes=True),
    *each("projected lstm", "zfiocmh", 6, shown=3, layer=layer("lstm", 6, projection=3)),
    *each("coupled lstm", "zfioch", 5, layer=layer("lstm", 5, isCoupled=True)),
    *each("gru", "runh", 5, layer=layer("gru", 5)),
    *each("gru, reset before", "runh", 5, layer=layer("gru", 5, resetsBefore=True)),
    *each("rnn", "h", 5, layer=layer("rnn", 5)),
    case("everything at once", [layer("lstm", 6, projection=4, isCoupled=True, clip=0.75,
         gates=ACTIVATIONS[4], candidate=ACTIVATIONS[7], output=ACTIVATIONS[10])], peepholes=True,
         state=True) | {"changes": [
             change("i", [0, 2], 2, 5, "scale", 0.25), change("c", [1, 2, 3], 4, 4, "add", 0.5),
             change("o", [5], 0, 9, "set", 1.0), change("m", [4], 6, 8, "freeze"),
             change("h", [0], 3, 7, "scale", -1.0)]},
    case("clipped gru", [layer("gru", 6, clip=0.5)], scale=2, state=True) | {"changes": [
        change("r", [0, 1, 2], 1, 8, "set", 0.0), change("n", [1, 5], 4, 9, "freeze")]},
    case("clipped gru, reset before", [layer("gru", 6, clip=0.5, resetsBefore=True)], scale=2) | {
        "changes": [change("r", [3], 0, 9, "scale", 0.5), change("u", [0], 5, 5, "set", 1.0)]},
    case("a stack of three", [("lstm", 4, False), ("gru", 3, False), ("rnn", 5, False)],
         state=True) | {"changes": [
             change("f", ALL, 2, 4, "set", 1.0), change("c", [2], 6, 9, "freeze"),
             change("u", [0, 2], 3, 8, "scale", 0.5, track=1),
             change("h", [4], 5, 5, "set", -1.0, track=2)]},
    case("both directions, two layers", [("lstm", 4, True), ("gru", 3, True)], state=True) | {
        "changes": [
            change("f", [0, 1], 2, 5, "set", 0.5), change("c", [3], 4, 7, "freeze", track=1),
            change("o", [2], 6, 8, "freeze", track=1), change("n", [1], 0, 9, "scale", 0.0, track=2),
            change("h", [0], 3, 3, "add", 0.5, track=3)]},
    case("what is frozen from the first step on", [("lstm", 4, False)], state=True) | {
        "changes": [change("c", [0, 2], 0, 5, "freeze"), change("h", [1], 0, 9, "freeze")]},
    case("what is frozen from the last step on", [layer("gru", 4, isReverse=True)], state=True) | {
        "changes": [change("h", [1], 4, 9, "freeze")]},
    case("one change upon another", [("lstm", 4, False)], state=True) | {"changes": [
        change("c", [3], 2, 8, "freeze"), change("c", [3], 4, 4, "add", 1.0),
        change("c", [3], 4, 6, "scale", 0.5), change("f", [3], 9, 9, "set", 0.0)]},
    case("a wide layer", [layer("lstm", 40)], steps=60, scale=0.25, state=True) | {"changes": [
        change("f", [17, 39], 45, 55, "set", 0.0), change("c", [16], 47, 50, "add", 2.0)]},
    case("300 steps", [("lstm", 5, False)], steps=300) | {"changes": [
        change("c", [2], 100, 299, "freeze"), change("o", ALL, 150, 150, "scale", 0.5)]},
]


class Changes:
    """What is changed of one track; remembers what is frozen."""

    def __init__(self, changes, track, steps):
        self.changes, self.isReverse, self.steps = changes, track["isReverse"], steps
        self.begin = {"h": track["h"], "c": track["c"]}
        self.rows = {}

    def __call__(self, signal, values, t):
        values = values.copy()
        for change in self.changes:
            if change["signal"] != signal or not change["first"] <= t <= change["last"]:
                continue
            for place, unit in enumerate(change["units"]):
                values[unit] = self.changed(change, values[unit], t, place, unit)
        self.rows[signal, t] = values
        return values

    def changed(self, change, value, t, place, unit):
        operation = change["operation"]
        if operation == "set":
            return change["value"]
        if operation == "scale":
            return value * change["value"]
        if operation == "add":
            return value + change["value"]
        if operation == "patch":
            return change["value"][t - change["first"]][place]
        before = change["last"] + 1 if self.isReverse else change["first"] - 1
        isThere = 0 <= before < self.steps
        return (self.rows[change["signal"], before] if isThere else self.begin[change["signal"]])[unit]


def changed_run(track, x, changes):
    """As `run`, with changes."""
    h, c, layer = track["h"], track["c"], track["variations"]
    units = layer["units"]
    change = Changes(changes, track, len(x))
    rows, shown = [None] * len(x), [None] * len(x)
    for t in reversed(range(len(x))) if track["isReverse"] else range(len(x)):
        given = (track["W"] @ x[t] + track["bW"]).reshape(-1, units)
        carried = (track["R"] @ h + track["bR"]).reshape(-1, units)
        if track["cell"] == "lstm":
            z, f, i, o = given + carried
            look_f, look_i, look_o = track["P"] if track["P"] is not None else np.zeros((3, units))
            z = change("z", act(layer, "candidate", z), t)
            i = change("i", act(layer, "gates", i + look_i * c), t)
            f = 1 - i if layer.get("isCoupled") else act(layer, "gates", f + look_f * c)
            f = change("f", f, t)
            c = change("c", f * c + i * z, t)
            o = change("o", act(layer, "gates", o + look_o * c), t)
            h = o * act(layer, "output", c)
            if track["projection"] is not None:
                m = change("m", h, t)
                h = change("h", track["projection"] @ m, t)
                signals = [z, f, i, o, c, m, h]
            else:
                h = change("h", h, t)
                signals = [z, f, i, o, c, h]
        elif track["cell"] == "gru":
            r, u = act(layer, "gates", given[:2] + carried[:2])
            r, u = change("r", r, t), change("u", u, t)
            if layer.get("resetsBefore"):
                recurrent = track["R"][2 * units:] @ (r * h) + track["bR"][2 * units:]
            else:
                recurrent = r * carried[2]
            n = change("n", act(layer, "candidate", given[2] + recurrent), t)
            h = change("h", (1 - u) * n + u * h, t)
            signals = [r, u, n, h]
        else:
            h = change("h", act(layer, "candidate", given[0] + carried[0]), t)
            signals = [h]
        rows[t], shown[t] = np.concatenate(signals), h
    return np.array(rows), np.array(shown)


def check_with_torch(track, x, shown, changes):
    """The states that PyTorch's own cells go through, changed between two steps."""
    layer = track["variations"]
    if (track["isReverse"] or track["P"] is not None or track["projection"] is not None
            or layer.keys() - {"cell", "units", "isBidirectional"}
            or any(change["signal"] not in "ch" for change in changes)):
        return False
    cell, units = track["cell"], layer["units"]
    kind = {"lstm": torch.nn.LSTMCell, "gru": torch.nn.GRUCell, "rnn": torch.nn.RNNCell}[cell]
    module = kind(x.shape[1], units).double()
    order = [2, 1, 0, 3] if cell == "lstm" else range(len(track["bW"]) // units)
    for ours, theirs in (("W", "weight_ih"), ("R", "weight_hh"), ("bW", "bias_ih"),
                         ("bR", "bias_hh")):
        blocks = np.split(track[ours], len(order))
        getattr(module, theirs).data = torch.tensor(np.concatenate([blocks[k] for k in order]))
    change = Changes(changes, track, len(x))
    h, c = torch.tensor(track["h"])[None], torch.tensor(track["c"])[None]
    with torch.no_grad():
        for t in range(len(x)):
            given = torch.tensor(x[t])[None]
            if cell == "lstm":
                h, c = module(given, (h, c))
                shows = h / torch.tanh(c)
                c = torch.tensor(change("c", c[0].numpy(), t))[None]
                h = shows * torch.tanh(c)
            else:
                h = module(given, h)
            h = torch.tensor(change("h", h[0].numpy(), t))[None]
            np.testing.assert_allclose(shown[t], h[0].numpy(), rtol=1e-9, atol=1e-11)
    return True


def reference(case, net):
    x, parts, checked = net["x"], [], 0
    for number, _ in enumerate(case["layers"]):
        places = [k for k, track in enumerate(net["tracks"]) if track["layer"] == number]
        results = []
        for place in places:
            track = net["tracks"][place]
            changes = [change for change in case["changes"] if change["track"] == place]
            rows, shown = changed_run(track, x, changes)
            bare, _ = changed_run(track, x, [])
            np.testing.assert_allclose(bare, run(track, x)[0], rtol=0, atol=0)
            assert not changes or (rows != bare).any(), case["name"]
            checked += check_with_torch(track, x, shown, changes)
            results.append((rows, shown))
        parts += [rows for rows, _ in results]
        x = MERGES[case["layers"][number].get("merge", "concatenate")]([s for _, s in results])
    return np.concatenate([part.ravel() for part in parts]), checked


def main():
    start, references, checked = 0, [], 0
    for number, case in enumerate(CASES):
        case["seed"] = 5000 + number
        values, found = reference(case, draw(case, Numbers(case["seed"])))
        assert np.isfinite(values).all()
        case["start"], case["count"] = start, len(values)
        start += len(values)
        references.append(values)
        checked += found
    lines = ",\n".join(json.dumps(case) for case in CASES)
    (FOLDER / "interventions.json").write_text(f"[\n{lines}\n]\n")
    np.concatenate(references).astype("<f8").tofile(FOLDER / "interventions.bin")
    print(f"{len(CASES)} cases, {start} values; {checked} layers also by PyTorch's cells")


main()
