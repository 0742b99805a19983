#!/usr/bin/env python3
"""A trace as CSV, ours net of stepping beside polars' `write_csv` of the same numbers, in all three layouts.

256 units, all six signals of 10,000 steps: 15 million numbers. Ours is the whole program, into a file through standard
output, less the median of a run that writes one unit's c; polars has its frame in memory before its time begins.
"""
import os
import subprocess
import sys
import tempfile
import time

import models
from turns import PROGRAM, Served, Called, installed, take_turns

STEPS = 10_000
PRODUCTS = []


def frame(layout, trace):
    import numpy as np
    import polars
    arrays = np.load(trace)
    signals = {name: arrays[f"l0_fwd_{name}"] for name in "zfioch"}
    steps, units = signals["c"].shape
    count = steps * units
    if layout == "wide":
        return polars.DataFrame({"step": np.arange(steps), "token": ["a"] * steps, **{
            f"l0.fwd.{name}.{u}": np.ascontiguousarray(signals[name][:, u]) for name in signals for u in range(units)}})
    if layout == "unit":
        return polars.DataFrame({
            "step": np.repeat(np.arange(steps), units), "token": ["a"] * count, "layer": np.zeros(count, "i4"),
            "direction": ["fwd"] * count, "unit": np.tile(np.arange(units), steps),
            **{name: values.ravel() for name, values in signals.items()}})
    count *= 6
    return polars.DataFrame({
        "step": np.repeat(np.arange(steps), units * 6), "token": ["a"] * count, "layer": np.zeros(count, "i4"),
        "direction": ["fwd"] * count, "unit": np.tile(np.arange(units), steps * 6),
        "signal": np.tile(np.repeat(list("zfioch"), units), steps),
        "value": np.stack([signals[name] for name in "zfioch"], 1).ravel()})


def serve(layout, trace, output):
    table = frame(layout, trace)
    for _ in sys.stdin:
        start = time.perf_counter()
        table.write_csv(output)
        print((time.perf_counter() - start) * 1e3, flush=True)


def measure(report, layouts):
    peers = installed({"polars": ["polars", "numpy"]})
    if not installed({"numpy": ["numpy"]}):
        sys.exit("The benchmark of CSV makes its model with numpy, which is not installed.")
    report.section("10,000 steps of 256 units as CSV, net of stepping", "ms", peers)
    with tempfile.TemporaryDirectory() as folder:
        command = [PROGRAM, "trace", *models.write_model(folder, 256),
                   *models.write_text(f"{folder}/text", STEPS)]
        trace = f"{folder}/trace.npz"
        subprocess.run([*command, "-o", trace], check=True, stderr=subprocess.DEVNULL)

        def ours(*arguments):
            def run():
                with open(f"{folder}/ours.csv", "wb") as file:
                    subprocess.run([*command, *arguments, "-o", "-"], check=True, stdout=file,
                                   stderr=subprocess.DEVNULL)
            return Called(run)
        for layout in layouts or ["unit", "long", "wide"]:
            engines = {"stepping": ours("--units", "0", "--signals", "c"),
                       "ours": ours("--signals", "z,f,i,o,c,h", "--layout", layout)}
            for peer in peers:
                engines[peer] = Served([sys.executable, __file__, layout, trace, f"{folder}/peer.csv"])
            times = take_turns(engines)
            stepping = sorted(times.pop("stepping"))[len(times["ours"]) // 2]
            times["ours"] = [t - stepping for t in times["ours"]]
            report.row("csv", layout, times, {"ratio": ("ours", peers)})
            os.unlink(f"{folder}/ours.csv")


if __name__ == "__main__":
    serve(*sys.argv[1:])
