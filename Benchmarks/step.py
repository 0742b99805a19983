#!/usr/bin/env python3
"""A timestep, ours with all six signals recorded, beside torch.nn.LSTM and ONNX Runtime, which record none.

Every engine runs in a process of its own that is stopped (SIGSTOP) while another has its turn: threads of
one engine that still spin would slow the next. Peers run with one and with two threads. Prints the median
microseconds a step and the minimum, ours over the best peer, and our one thread over the best peer's one
thread. Needs numpy; a peer (torch; onnx and onnxruntime) that is not installed is left out.

    swift build -c release --package-path Benchmarks
    python3 Benchmarks/step.py [--binary STEPBENCH] [SIZE ...]
"""
import argparse
import importlib.metadata
import importlib.util
import os
import pathlib
import platform
import signal
import statistics
import subprocess
import sys
import time

ROUNDS = 9
BINARY = pathlib.Path(__file__).parent / ".build/release/StepBench"
PEERS = {"torch": ["torch"], "onnxruntime": ["onnxruntime", "onnx"]}


def torch_run(size, steps, threads):
    import torch
    torch.set_num_threads(threads)
    lstm, x = torch.nn.LSTM(size, size).eval(), torch.randn(steps, 1, size)

    def run():
        with torch.inference_mode():
            lstm(x)
    return run


def onnxruntime_run(size, steps, threads):
    import numpy as np
    import onnx
    import onnxruntime
    rng, scale = np.random.default_rng(0), size ** -0.5
    tensor = lambda name, shape: onnx.numpy_helper.from_array(
        rng.uniform(-scale, scale, shape).astype(np.float32), name)
    value = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("LSTM", ["x", "W", "R", "B"], ["y"], hidden_size=size)], "lstm",
        [value("x", onnx.TensorProto.FLOAT, [steps, 1, size])],
        [value("y", onnx.TensorProto.FLOAT, None)],
        [tensor("W", (1, 4 * size, size)), tensor("R", (1, 4 * size, size)), tensor("B", (1, 8 * size))])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    model.ir_version = 9
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    feed = {"x": rng.standard_normal((steps, 1, size)).astype(np.float32)}
    return lambda: session.run(None, feed)


def serve(name, *numbers):
    """A peer's process: a line in, a run, microseconds a step out."""
    size, steps, threads = map(int, numbers)
    run = {"torch": torch_run, "onnxruntime": onnxruntime_run}[name](size, steps, threads)
    for _ in sys.stdin:
        start = time.perf_counter()
        run()
        print((time.perf_counter() - start) / steps * 1e6, flush=True)


class Engine:
    def __init__(self, command, one_processor=False):
        pin = (lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})) if one_processor else None
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=pin)
        self.times = []
        self.turn()  # warms up; its time does not count
        self.times.clear()

    def turn(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.times.append(float(self.process.stdout.readline()))
        self.process.send_signal(signal.SIGSTOP)

    def end(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.stdin.close()
        self.process.wait()
        return statistics.median(self.times), min(self.times)


def cpu_name():
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def row(title, values, columns, peers):
    """One line of the table; the last two figures are ours over the best peer."""
    print(f"{title:>11}", *(f"{values[c]:>14.2f}" for c in columns), end="")
    if peers:
        best = min(values[c] for c in columns[2:])
        single = min(values[f"{p} 1"] for p in peers)
        print(f"   {values['ours'] / best:>9.2f}  {values['ours 1'] / single:>7.2f}", end="")
    print(flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=pathlib.Path, default=BINARY, help="the built StepBench")
    parser.add_argument("sizes", type=int, nargs="*", metavar="SIZE")
    options = parser.parse_args()
    if not options.binary.exists():
        sys.exit(f"{options.binary}: not built; swift build -c release --package-path Benchmarks")
    peers = [p for p, needs in PEERS.items() if all(map(importlib.util.find_spec, needs))]
    print(cpu_name(), *(f"{p} {importlib.metadata.version(p)}" for p in peers), sep=", ")
    columns = ["ours", "ours 1"] + [f"{p} {n}" for p in peers for n in (1, 2)]
    print(f"{ROUNDS} rounds, µs a step, medians and minima; the figure behind a name is its threads")
    print(f"{'H':>11}", *(f"{c:>14}" for c in columns), "  ours/best  one/one" if peers else "")
    for size in options.sizes or [64, 128, 256, 512, 1024, 2048]:
        steps = max(100, min(8000, 2_000_000_000 // (8 * size * size)))
        ours = [str(options.binary.resolve()), str(size), str(steps)]
        engines = {"ours": Engine(ours), "ours 1": Engine(ours, one_processor=True)}
        for column in columns[2:]:
            name, threads = column.split()
            engines[column] = Engine(
                [sys.executable, __file__, "--serve", name, str(size), str(steps), threads])
        for _ in range(ROUNDS):
            for engine in engines.values():
                engine.turn()
        results = {column: engine.end() for column, engine in engines.items()}
        row(f"{size} median", {c: r[0] for c, r in results.items()}, columns, peers)
        row(f"{size} min", {c: r[1] for c, r in results.items()}, columns, peers)


if __name__ == "__main__":
    serve(*sys.argv[2:]) if sys.argv[1:2] == ["--serve"] else main()
