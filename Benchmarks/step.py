#!/usr/bin/env python3
"""A timestep, ours with all six signals recorded, beside torch.nn.LSTM, ONNX Runtime and OpenVINO, which record none.

Peers run with one and with two threads. `ratio` is ours over the best peer, `1 to 1` our one thread over the best
peer's one thread.
"""
import sys

from turns import BUILT, Served, installed, take_turns

SIZES = [64, 128, 256, 512, 1024, 2048]
PEERS = {"torch": ["torch"], "onnxruntime": ["onnxruntime", "onnx"], "openvino": ["openvino", "onnx"]}
PRODUCTS = ["StepBench"]


def torch_run(size, steps, threads):
    import torch
    torch.set_num_threads(threads)
    lstm, x = torch.nn.LSTM(size, size).eval(), torch.randn(steps, 1, size)

    def run():
        with torch.inference_mode():
            lstm(x)
    return run


def onnx_model(size, steps):
    """An LSTM layer of random weights, and its input."""
    import numpy as np
    import onnx
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
    return model.SerializeToString(), rng.standard_normal((steps, 1, size)).astype(np.float32)


def onnxruntime_run(size, steps, threads):
    import onnxruntime
    model, x = onnx_model(size, steps)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return lambda: session.run(None, {"x": x})


def openvino_run(size, steps, threads):
    import openvino
    model, x = onnx_model(size, steps)
    core = openvino.Core()
    compiled = core.compile_model(
        core.read_model(model), "CPU",
        {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"})
    request = compiled.create_infer_request()
    return lambda: request.infer({0: x})


def serve(name, *numbers):
    """A peer's process: a line in, a run, microseconds a step out."""
    import time
    size, steps, threads = map(int, numbers)
    run = {"torch": torch_run, "onnxruntime": onnxruntime_run, "openvino": openvino_run}[name](size, steps, threads)
    for _ in sys.stdin:
        start = time.perf_counter()
        run()
        print((time.perf_counter() - start) / steps * 1e6, flush=True)


def measure(report, sizes):
    peers = installed(PEERS)
    columns = [f"{peer} {threads}" for peer in peers for threads in (1, 2)]
    report.section("a step, all signals recorded; the figure behind a name is its threads", "µs", peers)
    for size in sizes or SIZES:
        steps = max(100, min(8000, 2_000_000_000 // (8 * size * size)))
        ours = [BUILT / "StepBench", size, steps]
        engines = {"ours": Served(ours), "ours 1": Served(ours, one_processor=True)}
        for column in columns:
            name, threads = column.split()
            engines[column] = Served([sys.executable, __file__, name, size, steps, threads])
        report.row("step", f"H = {size}", take_turns(engines), {
            "ratio": ("ours", columns), "1 to 1": ("ours 1", [f"{peer} 1" for peer in peers])})


if __name__ == "__main__":
    serve(*sys.argv[1:])
