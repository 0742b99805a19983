#!/usr/bin/env python3
"""A timestep, ours with all six signals recorded, beside torch.nn.LSTM and ONNX Runtime, which record none.

Every engine runs in a process of its own that is stopped (SIGSTOP) while another has its turn: threads of
one engine that still spin would slow the next. Peers run with one and with two threads. Prints the median
microseconds a step, ours over the best peer, and our one thread over the best peer's one thread.
Needs numpy; a peer (torch; onnx and onnxruntime) that is not installed is left out.

    swift build -c release --package-path Benchmarks
    python3 Benchmarks/step.py [SIZE ...]
"""
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
        return statistics.median(self.times)


def cpu_name():
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def main():
    sizes = [int(a) for a in sys.argv[1:]] or [64, 128, 256, 512, 1024, 2048]
    if not BINARY.exists():
        sys.exit(f"{BINARY}: not built; swift build -c release --package-path Benchmarks")
    peers = [p for p, needs in PEERS.items() if all(map(importlib.util.find_spec, needs))]
    print(cpu_name(), *(f"{p} {importlib.metadata.version(p)}" for p in peers), sep=", ")
    columns = ["ours", "ours 1"] + [f"{p} {n}" for p in peers for n in (1, 2)]
    print(f"{ROUNDS} rounds, median µs a step; the figure behind a name is its threads")
    print(f"{'H':>5}", *(f"{c:>14}" for c in columns), "  ours/best  one/one")
    for size in sizes:
        steps = max(50, min(2000, 200_000_000 // (8 * size * size)))
        ours = [str(BINARY), str(size), str(steps)]
        engines = {"ours": Engine(ours), "ours 1": Engine(ours, one_processor=True)}
        for column in columns[2:]:
            name, threads = column.split()
            engines[column] = Engine(
                [sys.executable, __file__, "--serve", name, str(size), str(steps), threads])
        for _ in range(ROUNDS):
            for engine in engines.values():
                engine.turn()
        medians = {column: engine.end() for column, engine in engines.items()}
        print(f"{size:>5}", *(f"{medians[c]:>14.2f}" for c in columns), end="")
        if peers:
            best = min(medians[c] for c in columns[2:])
            single = min(medians[f"{p} 1"] for p in peers)
            print(f"   {medians['ours'] / best:>9.2f}  {medians['ours 1'] / single:>7.2f}", end="")
        print(flush=True)


if __name__ == "__main__":
    serve(*sys.argv[2:]) if sys.argv[1:2] == ["--serve"] else main()
