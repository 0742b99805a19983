#!/usr/bin/env python3
"""A step of training, ours beside PyTorch's on the CPU, of the same network.

65 symbols, embedding 64, one LSTM layer of H units, softmax; 32 sequences of 100 steps with carried state,
cross-entropy, clipping by the norm, Adam; two threads each.
"""
import sys
import time

from turns import BUILT, Served, installed, take_turns

SIZES = [32, 128, 256]
SYMBOLS, EMBEDDING, SEQUENCES, STEPS = 65, 64, 32, 100
PRODUCTS = ["TrainBench"]


def serve(units, count):
    """The peer's process: a line in, `count` steps of the optimiser, milliseconds each out."""
    import torch
    torch.set_num_threads(2)
    torch.manual_seed(0)
    embedding = torch.nn.Embedding(SYMBOLS, EMBEDDING)
    lstm = torch.nn.LSTM(EMBEDDING, units)
    readout = torch.nn.Linear(units, SYMBOLS)
    parameters = [p for part in (embedding, lstm, readout) for p in part.parameters()]
    optimiser = torch.optim.Adam(parameters, lr=1e-3)
    batches = [(t[:-1], t[1:]) for t in torch.randint(SYMBOLS, (4, STEPS + 1, SEQUENCES))]
    state = None
    for _ in sys.stdin:
        start = time.perf_counter()
        for number in range(count):
            tokens, targets = batches[number % len(batches)]
            hidden, state = lstm(embedding(tokens), state)
            state = tuple(s.detach() for s in state)
            loss = torch.nn.functional.cross_entropy(readout(hidden).reshape(-1, SYMBOLS), targets.reshape(-1))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
        print((time.perf_counter() - start) / count * 1e3, flush=True)


def measure(report, sizes):
    peers = installed({"torch": ["torch"]})
    report.section("a step of training: 32 sequences of 100 steps, two threads each", "ms", peers)
    for size in sizes or SIZES:
        count = max(2, 1280 // size)
        engines = {"ours": Served([BUILT / "TrainBench", size, count])}
        for peer in peers:
            engines[peer] = Served([sys.executable, __file__, size, count])
        report.row("train", f"H = {size}", take_turns(engines), {"ratio": ("ours", peers)})


if __name__ == "__main__":
    serve(*map(int, sys.argv[1:]))
