#!/usr/bin/env python3
"""A timestep, ours with all six signals recorded, beside torch.nn.LSTM and ONNX Runtime, which record none.

Needs torch, onnx, onnxruntime and numpy. Takes turns, so that a machine whose speed drifts is fair to all;
prints the median microseconds a step and the ratios of medians.

    swift build -c release --package-path Benchmarks
    python3 Benchmarks/step.py [SIZE ...]
"""
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np
import onnx
import onnxruntime
import torch

ROUNDS = 9
BINARY = pathlib.Path(__file__).parent / ".build/release/StepBench"


def onnx_session(size, steps):
    rng = np.random.default_rng(0)
    scale = 1 / np.sqrt(size)
    tensor = lambda name, shape: onnx.numpy_helper.from_array(
        rng.uniform(-scale, scale, shape).astype(np.float32), name)
    node = onnx.helper.make_node("LSTM", ["x", "W", "R", "B"], ["y"], hidden_size=size)
    graph = onnx.helper.make_graph(
        [node], "lstm",
        [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [steps, 1, size])],
        [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)],
        [tensor("W", (1, 4 * size, size)), tensor("R", (1, 4 * size, size)), tensor("B", (1, 8 * size))])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    model.ir_version = 9
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def main():
    sizes = [int(a) for a in sys.argv[1:]] or [64, 128, 256, 512, 1024, 2048]
    print(f"torch {torch.__version__}, onnxruntime {onnxruntime.__version__}, {ROUNDS} rounds, µs a step")
    print(f"{'H':>5} {'gatescope':>10} {'torch':>10} {'onnxruntime':>12}   ours/torch  ours/onnxruntime")
    for size in sizes:
        steps = max(50, min(2000, 200_000_000 // (8 * size * size)))
        ours = subprocess.Popen([BINARY, str(size), str(steps)], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, text=True)
        lstm = torch.nn.LSTM(size, size).eval()
        x = torch.randn(steps, 1, size)
        session = onnx_session(size, steps)
        feed = {"x": x.numpy()}
        times = {"ours": [], "torch": [], "onnx": []}
        with torch.inference_mode():
            for turn in range(ROUNDS + 1):
                ours.stdin.write("\n")
                ours.stdin.flush()
                a = float(ours.stdout.readline())
                start = time.perf_counter()
                lstm(x)
                b = (time.perf_counter() - start) / steps * 1e6
                start = time.perf_counter()
                session.run(None, feed)
                c = (time.perf_counter() - start) / steps * 1e6
                if turn > 0:  # the first warms up
                    times["ours"].append(a)
                    times["torch"].append(b)
                    times["onnx"].append(c)
        ours.stdin.close()
        ours.wait()
        a, b, c = (statistics.median(times[k]) for k in ("ours", "torch", "onnx"))
        print(f"{size:>5} {a:>10.2f} {b:>10.2f} {c:>12.2f}   {a / b:>10.2f}  {a / c:>16.2f}", flush=True)


if __name__ == "__main__":
    main()
