#!/usr/bin/env python3
"""Many sequences at once: `trace --sequences` beside torch's LSTM over batches of 64.

An LSTM of 256 units over an embedding of 65 tokens, sequences of 100 steps, of which h after the last step is kept. Ours
is the whole command, to the finished Parquet file, less the median of a run of one sequence; torch is timed in its
process, and writes no file. Threads: two each. `GFLOP/s` counts R h' alone; `peak` is a product of 2048 × 2048 by torch.
"""
import os
import random
import subprocess
import sys
import tempfile
import time

import models
from turns import PROGRAM, Called, Served, installed, take_turns

COUNTS = [64, 4096]
UNITS, STEPS = 256, 100
FLOPS = 2 * 4 * UNITS * UNITS  # of a step's R h'


def serve(what, count):
    """A process of the peer's: a line in, milliseconds (or GFLOP/s) out."""
    import torch
    torch.set_num_threads(2)
    embedding, lstm = torch.nn.Embedding(models.SYMBOLS, UNITS), torch.nn.LSTM(UNITS, UNITS, batch_first=True)
    data = torch.randint(0, models.SYMBOLS, (int(count), STEPS))
    matrix = torch.rand(2048, 2048)
    for _ in sys.stdin:
        start = time.perf_counter()
        with torch.inference_mode():
            if what == "peak":
                matrix @ matrix
            else:
                torch.cat([lstm(embedding(part))[1][0][0] for part in data.split(64)])
        taken = time.perf_counter() - start
        print(2 * 2048 ** 3 / taken / 1e9 if what == "peak" else taken * 1e3, flush=True)


def measure(report, counts):
    if not installed({"numpy": ["numpy"]}):
        sys.exit("The benchmark of many sequences makes its model with numpy, which is not installed.")
    peers = installed({"torch": ["torch"]})
    report.section(f"sequences of {STEPS} steps together, H = {UNITS}, net of starting", "ms", peers)
    with tempfile.TemporaryDirectory() as folder:
        model = models.write_model(folder, UNITS, embedding=UNITS)
        memory = []

        def ours(count):
            path = f"{folder}/{count}.txt"
            with open(path, "w") as file:
                file.writelines("".join(random.choices(models.letters(), k=STEPS)) + "\n" for _ in range(count))

            def run():
                child = subprocess.Popen(
                    [PROGRAM, "trace", *model, "--sequences", path, "--reduce", "last", "--signals", "h", "-o",
                     f"{folder}/out.parquet", "--force"], stderr=subprocess.DEVNULL)
                _, status, usage = os.wait4(child.pid, 0)
                if status != 0:
                    sys.exit(f"{PROGRAM} trace --sequences failed")
                memory.append(usage.ru_maxrss / 1024)
            return Called(run)
        for count in counts or COUNTS:
            engines = {"start": ours(1), "ours": ours(count)}
            for peer in peers:
                engines[peer] = Served([sys.executable, __file__, "lstm", count])
                engines["peak GFLOP/s"] = Served([sys.executable, __file__, "peak", count])
            memory.clear()
            times = take_turns(engines)
            start = sorted(times.pop("start"))[len(times["ours"]) // 2]
            times["ours"] = [max(t - start, 0.1) for t in times["ours"]]
            times["GFLOP/s"] = [count * STEPS * FLOPS / t / 1e6 for t in times["ours"]]
            times["resident MB"] = list(memory)
            report.row("batch", f"{count} sequences", times, {
                "ratio": ("ours", peers), "of peak": ("GFLOP/s", ["peak GFLOP/s"] if peers else [])})


if __name__ == "__main__":
    serve(*sys.argv[1:])
