"""Engines that are timed in turns, and the table and file of what they took.

Every engine runs in a process of its own that is stopped (SIGSTOP) while another has its turn: threads of one that
still spin would slow the next, and a machine whose speed drifts is fair to all.
"""
import datetime
import importlib.metadata
import importlib.util
import json
import os
import pathlib
import platform
import signal
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / ".build/release/gatescope"
BUILT = ROOT / "Benchmarks/.build/release"
ROUNDS = 9


class Served:
    """A process that reads a line, runs once, and prints what it took."""

    def __init__(self, command, one_processor=False):
        pin = (lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})) if one_processor else None
        self.process = subprocess.Popen(
            list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=pin)
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
        return self.times


class Called:
    """Something that is run anew each turn and is gone after it, in milliseconds."""

    def __init__(self, run):
        self.run = run
        self.times = []
        self.turn()
        self.times.clear()

    def turn(self):
        start = time.perf_counter()
        taken = self.run()
        self.times.append((time.perf_counter() - start) * 1e3 if taken is None else taken)

    def end(self):
        return self.times


def started(command, **options):
    """A run of a program from its start to its end."""
    return Called(lambda: subprocess.run(
        list(map(str, command)), check=True, stderr=subprocess.DEVNULL, **options) and None)


def take_turns(engines, rounds=ROUNDS):
    """The times of each engine, by name."""
    for _ in range(rounds):
        for engine in engines.values():
            engine.turn()
    return {name: engine.end() for name, engine in engines.items()}


def installed(peers):
    """Those of `peers`, a dictionary of the packages that each needs, that are here."""
    return [peer for peer, needs in peers.items() if all(map(importlib.util.find_spec, needs))]


def processor():
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


class Report:
    """Prints rows as they come and keeps them for a file."""

    def __init__(self):
        self.rows = []
        self.packages = {}

    def section(self, title, unit, peers=()):
        self.packages |= {p: importlib.metadata.version(p) for p in peers}
        self.unit = unit
        named = ", ".join(f"{p} {self.packages[p]}" for p in peers) or "no peer is installed"
        print(f"\n{title}; {unit}, medians, minima in parentheses. {processor()}; {named}", flush=True)

    def row(self, benchmark, case, times, ratios=None):
        """`times`: a list an engine; `ratios`: what each figure is divided by what, such as {"ratio": ("ours", ["torch"])},
        the least of the latter."""
        medians = {name: statistics.median(t) for name, t in times.items()}
        least = {name: min(t) for name, t in times.items()}
        found = {}
        for name, (ours, theirs) in (ratios or {}).items():
            if theirs:
                found[name] = medians[ours] / min(medians[t] for t in theirs)
        self.rows.append({"benchmark": benchmark, "case": case, "unit": self.unit, "medians": medians,
                          "minima": least, "ratios": found})
        cells = [f"{name} {medians[name]:.4g} ({least[name]:.4g})" for name in times]
        cells += [f"{name} {value:.2f}" for name, value in found.items()]
        print(f"{case:>16}  " + "  ".join(cells), flush=True)

    def write(self, path):
        content = {"processor": processor(), "processors": len(os.sched_getaffinity(0)),
                   "load": os.getloadavg()[0], "packages": self.packages,
                   "when": datetime.datetime.now().isoformat(timespec="seconds"), "rows": self.rows}
        pathlib.Path(path).write_text(json.dumps(content, indent=1) + "\n")
        print(f"\nwritten to {path}")
