#!/usr/bin/env python3
"""What scripts/bench runs: benchmarks by name, their table, their file, and how it compares with an older one."""
import argparse
import json
import os
import pathlib
import subprocess
import sys

import batch
import csv_text
import screen
import step
import train
from turns import PROGRAM, ROOT, Report

BENCHMARKS = {
    "step": (step.measure, step.PRODUCTS),
    "train": (train.measure, train.PRODUCTS),
    "csv": (csv_text.measure, []),
    "open": (screen.measure_open, []),
    "frames": (screen.measure_frames, []),
    "batch": (batch.measure, []),
}


def build(products):
    """Release builds; swift says what it does on standard error."""
    commands = [["swift", "build", "-c", "release", "--product", "gatescope", "--package-path", str(ROOT)]]
    commands += [["swift", "build", "-c", "release", "--product", product, "--package-path", str(ROOT / "Benchmarks")]
                 for product in products]
    for command in commands:
        if subprocess.run(command, stdout=sys.stderr).returncode != 0:
            sys.exit(" ".join(command) + " failed")


def compare(rows, path):
    """Medians of these rows over those of an older file."""
    old = {(r["benchmark"], r["case"]): r for r in json.loads(pathlib.Path(path).read_text())["rows"]}
    print(f"\nover {path}: below 1 is sooner, and a ratio to a peer moved from the first figure to the second")
    for row in rows:
        before = old.get((row["benchmark"], row["case"]))
        if not before:
            continue
        cells = [f"{name} {value / before['medians'][name]:.2f}" for name, value in row["medians"].items()
                 if before["medians"].get(name)]
        cells += [f"{name} {before['ratios'][name]:.2f} → {value:.2f}" for name, value in row["ratios"].items()
                  if name in before["ratios"]]
        print(f"{row['benchmark']:>8} {row['case']:>16}  " + "  ".join(cells))


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Times the program beside its peers, in turns.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(BENCHMARKS)}; all where none is given")
    parser.add_argument("--only", action="append", metavar="CASE", help="a size, layout or demo, such as 256")
    parser.add_argument("-o", "--output", metavar="FILE", help="write the figures as JSON")
    parser.add_argument("--compare", metavar="OLD", help="an older file of figures to stand these beside")
    parser.add_argument("--no-build", action="store_true", help="measure what is built already")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark is called {unknown[0]}: {', '.join(BENCHMARKS)}")
    if options.compare and not os.access(options.compare, os.R_OK):
        parser.error(f"{options.compare} cannot be read")
    names = options.names or list(BENCHMARKS)
    if not options.no_build:
        build([product for name in names for product in BENCHMARKS[name][1]])
    if not PROGRAM.exists():
        sys.exit(f"{PROGRAM} is not built; run without --no-build")
    report = Report()
    for name in names:
        cases = options.only or []
        BENCHMARKS[name][0](report, [int(c) if c.isdigit() else c for c in cases])
    if options.output:
        report.write(options.output)
    if options.compare:
        compare(report.rows, options.compare)


if __name__ == "__main__":
    main()
