#!/usr/bin/env python3
"""Many sequences at once: `gatescope trace --sequences` beside torch's LSTM over batches of 64.

Benchmarks/batch.py [GATESCOPE] [ROUNDS]

An embedding of 65 tokens, an LSTM of 256 units, sequences of 100 steps, `--reduce last --signals h`.
Every run is a process of its own, and none runs beside another. Ours is the whole command, from start
to finished file; a run of one sequence says what starting costs. torch is timed inside its process,
after a first batch: embedding, LSTM, the last h, no file.
"""
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

UNITS, TOKENS, STEPS = 256, 65, 100
FLOPS = 2 * 4 * UNITS * UNITS  # of a step's R h'; a token's W x is kept in a table
TORCH = """
import json, sys, time, torch
torch.set_num_threads(2)
units, tokens, steps, count = map(int, sys.argv[1:5])
embedding = torch.nn.Embedding(tokens, units)
lstm = torch.nn.LSTM(units, units, batch_first=True)
data = torch.randint(0, tokens, (count, steps))
with torch.inference_mode():
    def run():
        start = time.perf_counter()
        last = [lstm(embedding(part))[1][0][0] for part in data.split(64)]
        torch.cat(last)
        return time.perf_counter() - start
    run()
    times = sorted(run() for _ in range(3))
    a, b = torch.rand(2048, 2048), torch.rand(2048, 2048)
    a @ b
    peaks = []
    for _ in range(5):
        start = time.perf_counter()
        a @ b
        peaks.append(2 * 2048 ** 3 / (time.perf_counter() - start) / 1e9)
print(json.dumps([times[1], max(peaks), torch.__version__]))
"""


def ours(program, folder, count):
    """Seconds of the command and its greatest resident memory in bytes."""
    out = os.path.join(folder, "out.parquet")
    start = time.perf_counter()
    child = subprocess.Popen(
        [program, "trace", os.path.join(folder, "model.safetensors"), "--sequences",
         os.path.join(folder, f"{count}.txt"), "--reduce", "last", "--signals", "h", "-o", out,
         "--force"])
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0
    return time.perf_counter() - start, usage.ru_maxrss * 1024


def main():
    import torch
    from safetensors.torch import save_file

    program = sys.argv[1] if len(sys.argv) > 1 else ".build/release/gatescope"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    symbols = [chr(c) for c in range(48, 48 + TOKENS)]
    counts = [1, 64, 4096]
    with tempfile.TemporaryDirectory() as folder:
        lstm, embedding = torch.nn.LSTM(UNITS, UNITS), torch.nn.Embedding(TOKENS, UNITS)
        tensors = {f"lstm.{k}": v.contiguous() for k, v in lstm.state_dict().items()}
        tensors["embedding.weight"] = embedding.weight.detach()
        save_file(
            tensors, os.path.join(folder, "model.safetensors"),
            metadata={"gatescope.vocabulary": json.dumps(symbols)})
        for count in counts:
            with open(os.path.join(folder, f"{count}.txt"), "w") as file:
                for _ in range(count):
                    file.write("".join(random.choices(symbols, k=STEPS)) + "\n")
        mine = {count: [] for count in counts}
        theirs = {count: [] for count in counts[1:]}
        peaks, version = [], ""
        for _ in range(rounds):
            for count in counts:
                mine[count].append(ours(program, folder, count))
            for count in counts[1:]:
                arguments = [str(n) for n in (UNITS, TOKENS, STEPS, count)]
                found = subprocess.run(
                    [sys.executable, "-c", TORCH, *arguments], capture_output=True, check=True)
                seconds, peak, version = json.loads(found.stdout)
                theirs[count].append(seconds)
                peaks.append(peak)
    peak = statistics.median(peaks)
    base = statistics.median(t for t, _ in mine[1])
    print(f"load {os.getloadavg()[0]:.1f}; torch {version}; peak {peak:.0f} GFLOP/s (2048 matmul)")
    print(f"start and one sequence: {1000 * base:.0f} ms")
    for count in counts[1:]:
        times = [t for t, _ in mine[count]]
        whole, best = statistics.median(times), min(times)
        net = max(whole - base, 1e-9)
        torch_time = statistics.median(theirs[count])
        memory = max(m for _, m in mine[count]) / 1e6
        rate = count * STEPS * FLOPS / net / 1e9
        print(
            f"{count} sequences: {whole:.3f} s (best {best:.3f}), net {net:.3f}, "
            f"{count / net:.0f} sequences/s net, {rate:.0f} GFLOP/s ({100 * rate / peak:.0f} % of "
            f"peak), {memory:.0f} MB; torch {torch_time:.3f} s, {count / torch_time:.0f}/s; "
            f"ours over torch {net / torch_time:.2f} net, {whole / torch_time:.2f} whole")


if __name__ == "__main__":
    main()
