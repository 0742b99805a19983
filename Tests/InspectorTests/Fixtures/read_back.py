"""Reads what Gatescope exported with pandas and numpy, and compares it with a reference to the bit.

Usage: read_back.py REFERENCE.json

The reference names the files, and holds every value as the bits of its Float32 (any NaN equals any
other). Prints how much was compared and exits 0, or says what differs and exits 1.
"""

import json
import pathlib
import sys
import zipfile

import numpy as np
import pandas as pd


def main():
    path = pathlib.Path(sys.argv[1])
    reference = json.loads(path.read_text())
    arrays = {
        name: np.array(array["bits"], dtype=np.uint32).view(np.float32).reshape(array["shape"])
        for name, array in reference["arrays"].items()
    }
    symbols = {int(step): symbol for step, symbol in reference["symbols"].items()}
    compared = 0
    for layout, file in reference["csv"].items():
        read = READERS[layout](path.parent / file, symbols)
        compared += compare(f"{layout} CSV", read, arrays)
    for file in reference["npz"]:
        with zipfile.ZipFile(path.parent / file) as archive:
            expect(archive.testzip() is None, f"{file}: a checksum is wrong")
        with np.load(path.parent / file) as archive:
            read = {name: archive[name] for name in archive.files}
        for name in ("tokens", "steps", "units"):
            expect(read.pop(name).tolist() == reference[name], f"{file}: {name} differ")
        compared += compare(file, read, arrays | {"x": np.array(reference["x"], np.float32)})
    print(f"{compared} values are equal")


def read_csv(path):
    # Without this a token such as NA would turn into NaN.
    numbers = [name for name in pd.read_csv(path, nrows=0).columns if name != "token"]
    missing = {name: ["", "nan"] for name in numbers}
    exact = {} if int(pd.__version__.split(".")[0]) >= 3 else {"float_precision": "round_trip"}
    return pd.read_csv(
        path, dtype={"token": str}, keep_default_na=False, na_values=missing, **exact
    )


def read_unit(path, symbols):
    table = read_csv(path)
    expect_tokens(table, symbols)
    read = {}
    for (layer, direction), rows in table.groupby(["layer", "direction"]):
        for signal in table.columns[5:]:
            if not rows[signal].isna().all():
                square = rows.pivot(index="step", columns="unit", values=signal)
                read[f"l{layer}_{direction}_{signal}"] = square.to_numpy(np.float32)
    return read


def read_long(path, symbols):
    table = read_csv(path)
    expect_tokens(table, symbols)
    read = {}
    for (layer, direction, signal), rows in table.groupby(["layer", "direction", "signal"]):
        square = rows.pivot(index="step", columns="unit", values="value")
        read[f"l{layer}_{direction}_{signal}"] = square.to_numpy(np.float32)
    return read


def read_wide(path, symbols):
    table = read_csv(path)
    expect_tokens(table, symbols)
    columns = {}
    for column in table.columns[2:]:
        columns.setdefault(column.rpartition(".")[0].replace(".", "_"), []).append(column)
    return {name: table[names].to_numpy(np.float32) for name, names in columns.items()}


READERS = {"unit": read_unit, "long": read_long, "wide": read_wide}


def expect_tokens(table, symbols):
    for step, token in zip(table["step"], table["token"]):
        expect(token == symbols[step], f"step {step}: token {token!r}, not {symbols[step]!r}")


def compare(where, read, arrays):
    expect(sorted(read) == sorted(arrays), f"{where}: has {sorted(read)}, not {sorted(arrays)}")
    for name, expected in arrays.items():
        values = read[name]
        expect(values.dtype == np.float32, f"{where}: {name} is {values.dtype}")
        expect(values.shape == expected.shape, f"{where}: {name} has the shape {values.shape}")
        equal = (values.view(np.uint32) == expected.view(np.uint32)) | (
            np.isnan(values) & np.isnan(expected)
        )
        expect(equal.all(), f"{where}: {name} differs at {np.argwhere(~equal)[:3].tolist()}")
    return sum(array.size for array in arrays.values())


def expect(truth, otherwise):
    if not truth:
        sys.exit(otherwise)


main()
