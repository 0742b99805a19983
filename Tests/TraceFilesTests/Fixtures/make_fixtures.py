"""Traces as other tools save them. Run with NumPy, h5py and pandas:

    python3 make_fixtures.py

Every value says where it stands, and is exact in half precision: signal k of "zfioch" (or of whatever
an array is named after), step t and unit u have (64 k + 8 t + u) / 64.
"""

import io
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

HERE = Path(__file__).parent
STEPS, UNITS = 5, 3


def values(k, steps=STEPS, units=UNITS, first=0):
    t, u = np.mgrid[first : first + steps, 0:units]
    return ((64 * k + 8 * t + u) / 64).astype(np.float32)


def lstm(prefix="l0_fwd_"):
    return {prefix + name: values(k) for k, name in enumerate("zfioch")}


TOKENS = np.array([2, 0, 1, 1, 2])

# What NumPy's own functions write.
np.savez(HERE / "plain.npz", tokens=TOKENS, **lstm())
np.savez_compressed(HERE / "deflated.npz", tokens=TOKENS.astype(np.uint8), **lstm())
np.savez(
    HERE / "types.npz",
    l0_fwd_z=values(0).astype(np.float16),
    l0_fwd_f=values(1).astype(np.float64),
    l0_fwd_i=np.asfortranarray(values(2)),
    l0_fwd_o=values(3).astype(">f4"),
    l0_fwd_c=np.asfortranarray(values(4).astype(">f8")),
    l0_fwd_h=values(5)[:, np.newaxis, :],
)
np.savez(HERE / "bare.npz", c=values(4), h=values(5))
np.savez(HERE / "gru.npz", **{n: values(k) for k, n in enumerate("runh")})
np.savez(
    HERE / "unknown.npz", hidden=values(0), logits=values(1, units=2), tokens=TOKENS,
    other=np.zeros((7, 2), np.float32), labels=np.array(list("abcde")))
np.save(HERE / "states.npy", values(4))

# LSTMVis: states and words in files of their own, numbers to words in a third.
LSTMVIS = HERE / "lstmvis"
LSTMVIS.mkdir(exist_ok=True)
with h5py.File(LSTMVIS / "states.hdf5", "w") as file:
    file["states1"] = values(4)
    file["output1"] = values(5)
    file["states2"] = values(4, units=2).astype(np.float64)
    file["output2"] = values(5, units=2).astype(np.float64)
with h5py.File(HERE / "packed.hdf5", "w") as file:
    file.create_dataset("states1", data=values(4), chunks=(2, 3), compression="gzip")
    file.create_dataset("words", data=TOKENS)
with h5py.File(LSTMVIS / "train.hdf5", "w") as file:
    file["words"] = TOKENS.astype(np.int32)
(LSTMVIS / "words.dict").write_text("the 0\ncat 1\n<eos> 2\n")

# A trace in the default layout after pandas has had it: another order of rows and columns, its own
# index, and empty fields for what is no number.
rows = [
    {"step": t, "token": "abc"[TOKENS[t]], "layer": layer, "direction": "fwd", "unit": u}
    | {n: values(k)[t, u] for k, n in enumerate("zfioch")}
    for layer in (1, 0)
    for u in reversed(range(UNITS))
    for t in range(STEPS)
]
table = pd.DataFrame(rows)[["h", "c", "unit", "layer", "token", "direction", "step", "z", "f", "i", "o"]]
table.loc[0, "h"] = float("nan")
text = io.StringIO()
table.to_csv(text)
(HERE / "pandas.csv").write_bytes(text.getvalue().replace("\n", "\r\n").encode())
