#!/usr/bin/env python3
"""A step of training, ours beside PyTorch's on the CPU, of the same network.

65 symbols, embedding 64, one LSTM layer of H units, softmax; 32 sequences of 100 steps with carried state,
cross-entropy, clipping by the norm, Adam; two threads each. Needs torch. Takes turns, so that a machine whose
speed drifts is fair to both; prints the median milliseconds a step and the ratio of medians.

    swift build -c release --package-path Benchmarks --product TrainBench
    python3 Benchmarks/train.py [H ...]
"""
import pathlib
import statistics
import subprocess
import sys
import time

import torch

ROUNDS = 9
SYMBOLS, EMBEDDING, SEQUENCES, STEPS = 65, 64, 32, 100
BINARY = pathlib.Path(__file__).parent / ".build/release/TrainBench"


class Peer(torch.nn.Module):
    def __init__(self, units):
        super().__init__()
        self.embedding = torch.nn.Embedding(SYMBOLS, EMBEDDING)
        self.lstm = torch.nn.LSTM(EMBEDDING, units)
        self.readout = torch.nn.Linear(units, SYMBOLS)
        self.optimiser = torch.optim.Adam(self.parameters(), lr=1e-3)
        self.state = None
        tokens = torch.randint(SYMBOLS, (4, STEPS + 1, SEQUENCES))
        self.batches = [(t[:-1], t[1:]) for t in tokens]

    def step(self, number):
        tokens, targets = self.batches[number % len(self.batches)]
        hidden, state = self.lstm(self.embedding(tokens), self.state)
        self.state = tuple(s.detach() for s in state)
        loss = torch.nn.functional.cross_entropy(
            self.readout(hidden).reshape(-1, SYMBOLS), targets.reshape(-1))
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters(), 1.0)
        self.optimiser.step()


def main():
    torch.set_num_threads(2)
    torch.manual_seed(0)
    print(f"torch {torch.__version__}, 2 threads, {ROUNDS} rounds in turns, ms a step of the optimiser")
    print(f"{'H':>5} {'gatescope':>10} {'torch':>10}   ours/torch")
    for units in [int(a) for a in sys.argv[1:]] or [32, 128, 256]:
        count = max(2, 1280 // units)
        ours = subprocess.Popen([BINARY, str(units), str(count)], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, text=True)
        peer = Peer(units)
        times = {"ours": [], "torch": []}
        for turn in range(ROUNDS + 1):
            ours.stdin.write("\n")
            ours.stdin.flush()
            a = float(ours.stdout.readline())
            start = time.perf_counter()
            for number in range(count):
                peer.step(number)
            b = (time.perf_counter() - start) / count * 1e3
            if turn > 0:  # the first warms up
                times["ours"].append(a)
                times["torch"].append(b)
        ours.stdin.close()
        ours.wait()
        a, b = (statistics.median(times[k]) for k in ("ours", "torch"))
        print(f"{units:>5} {a:>10.2f} {b:>10.2f}   {a / b:>10.2f}", flush=True)


if __name__ == "__main__":
    main()
