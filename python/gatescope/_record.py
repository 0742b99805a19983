"""trace, show, info and verify: a model goes in, the program runs, arrays come out."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _models, _npz
from ._errors import GatescopeError
from ._program import run, run_on_terminal
from ._trace import Trace, open_trace

Array = npt.NDArray[Any]
Numbers = str | int | Sequence[int] | range | None


def _listed(value: Numbers | Sequence[str]) -> str:
    """Numbers as the program's flags take them."""
    if isinstance(value, range) and value.step == 1 and len(value) > 1:
        return f"{value.start}..{value.stop - 1}"
    if isinstance(value, str | int) or value is None:
        return str(value)
    return ",".join(map(str, value))


def reading_flags(options: dict[str, Any]) -> list[str]:
    """The flags of keyword arguments of the same names; those that are None are left out."""
    flags: list[str] = []
    for name, value in options.items():
        if value is None or value is False:
            continue
        flag = f"--{name.replace('_', '-')}"
        if name == "ignore":
            for one in [value] if isinstance(value, str) else value:
                flags.append(f"{flag}={one}")
        elif value is True:
            flags.append(flag)
        elif name == "vocab" and not isinstance(value, str | os.PathLike):
            raise GatescopeError("vocab= is the path of a file")
        elif isinstance(value, str | int | os.PathLike):
            flags.append(f"{flag}={os.fspath(value) if isinstance(value, os.PathLike) else value}")
        else:
            flags.append(f"{flag}={_listed(value)}")
    return flags


def is_file(model: object) -> bool:
    """Whether a model was given by its path."""
    return isinstance(model, str | os.PathLike)


@dataclass
class _Given:
    """The program's arguments for a model and what enters it, with the layer where it is live."""

    arguments: list[str]
    live: _models.Live | None


def _given(
    model: object, x: object, text: str | None, tokens: object, folder: Path, *,
    module: str | None, call: int | None, batch: int | None, state: object,
    reading: dict[str, Any],
) -> _Given:
    inputs = [name for name, value in (("x", x), ("text", text), ("tokens", tokens))
              if value is not None]
    if is_file(model):
        if len(inputs) > 1:
            raise GatescopeError(f"{' and '.join(inputs)}: one of them enters, not both")
        if call is not None:
            raise GatescopeError("call= is of a live model; a file has no calls")
        return _Given(
            [_path(model), *_file_input(x, text, tokens, folder, batch, state),
             *reading_flags({"module": module, **reading})], None)
    if _models.framework(model) is None:
        raise _models.refuse(model)
    if inputs != ["x"]:
        raise GatescopeError(
            "text= and tokens= are of model files; give a live model its own input as x"
            if inputs else "x is missing: what enters the model"
        )
    found = _models.live(model, x, module=module, call=call, batch=batch, state=state)
    return _Given(_live_arguments(found, folder) + reading_flags(reading), found)


def _live_arguments(found: _models.Live, folder: Path) -> list[str]:
    """The program's arguments for a live layer, whose weights and input go into the folder."""
    arguments = _models.write(found.module, folder)
    np.save(folder / "x.npy", found.x)
    arguments.append(f"--features={folder / 'x.npy'}")
    if found.state:
        np.savez(folder / "state.npz", **found.state)  # type: ignore[arg-type]
        arguments.append(f"--state={folder / 'state.npz'}")
    return arguments


def _path(model: Any) -> str:
    path = os.fspath(model)
    # A name that begins with a dash would be taken for a flag.
    return os.path.join(".", path) if path.startswith("-") else path  # noqa: PTH118


def _file_input(
    x: object, text: str | None, tokens: object, folder: Path, batch: int | None, state: object,
) -> list[str]:
    flags: list[str] = []
    if text is not None:
        # Through a file: a line break at the end of a text counts, and a text may be long.
        flags.append(f"--text={text}")
        if len(text) > 60_000:
            (folder / "text.txt").write_bytes((text + "\n").encode())
            flags[-1] = f"--text-file={folder / 'text.txt'}"
    elif tokens is not None:
        flags.append(f"--tokens={_array_file(tokens, folder / 'tokens.npy', np.int64)}")
    elif x is not None:
        flags.append(f"--features={_array_file(x, folder / 'x.npy', np.float32)}")
    if batch is not None:
        flags.append(f"--batch={batch}")
    if is_file(state):
        flags.append(f"--state={os.fspath(state)}")  # type: ignore[call-overload]
    elif isinstance(state, dict):
        np.savez(folder / "state.npz", **state)
        flags.append(f"--state={folder / 'state.npz'}")
    elif state is not None:
        raise GatescopeError("state= of a model file is a dict of arrays, or an .npz")
    return flags


def _array_file(value: object, path: Path, dtype: Any) -> str:
    if is_file(value):
        return os.fspath(value)  # type: ignore[call-overload,no-any-return]
    if hasattr(value, "detach"):
        value = value.detach()
    try:
        array = np.asarray(value)
        if np.issubdtype(dtype, np.integer) and array.dtype.kind not in "iu":
            raise ValueError(f"tokens are whole numbers, not {array.dtype}")
        np.save(path, array.astype(dtype))
    except (TypeError, ValueError) as error:
        raise GatescopeError(f"no array of numbers: {error}") from None
    return str(path)


def trace(
    model: object, x: object = None, *, text: str | None = None, tokens: object = None,
    module: str | None = None, call: int | None = None, batch: int | None = None,
    state: object = None, signals: str | Sequence[str] | None = None, layers: Numbers = None,
    units: Numbers = None, steps: str | range | None = None, what_if: str | None = None,
    **reading: Any,
) -> Trace:
    """Records every signal of every step of a recurrent network.

    Args:
        model: a model file, a ``torch.nn.LSTM``, ``GRU``, ``RNN`` or one of their cells, a Keras
            layer, or a whole model of which ``module`` names the recurrent layer.
        x: what enters: (T, I), or a batch as the layer takes it. A whole model runs on it as it
            always does (a tuple is its arguments, a dict its keywords), and what then enters the
            recurrent layer is traced. A packed sequence is unpacked, each as long as it is.
        text: a text in the symbols of a model file's vocabulary.
        tokens: token numbers for a model file, (T) or (B, T).
        module: the recurrent layer's name in the model, or a part of it that fits only one.
        call: which of the layer's calls in one pass, from 0.
        batch: which sequence of a batch, from 0.
        state: the state before step 0: as PyTorch or Keras takes it, or for a file a dict or .npz.
        signals: such as ``"f,c,h"``; all without it.
        layers, units, steps: which of them, from 0: a list, a range, or text such as ``"0..7,12"``.
        what_if: the path of a file of changes (docs/what-if.md).
        **reading: the program's flags for reading a file: ``vocab``, ``embedding``, ``readout``,
            ``output``, ``activation``, ``direction``, ``cell``, ``config``, ``ignore``, ``memory``.

    Raises:
        GatescopeError: with one line that says what is wrong.
    """
    folder = tempfile.TemporaryDirectory(prefix="gatescope-")
    place = Path(folder.name)
    given = _given(model, x, text, tokens, place, module=module, call=call, batch=batch,
                   state=state, reading=reading)
    chosen = reading_flags({"signals": signals, "layers": layers, "units": units, "steps": steps,
                            "what_if": what_if})
    out = place / "trace.npz"
    run(["trace", *given.arguments, *chosen, "-o", str(out)])
    # The folder goes with the trace: its arrays lie in it.
    return Trace(_npz.read(out), out, folder)


def show(
    model: object, x: object = None, *, text: str | None = None, tokens: object = None,
    module: str | None = None, call: int | None = None, batch: int | None = None,
    state: object = None, what_if: str | None = None, **options: Any,
) -> None:
    """Opens the screen on a model and what enters it, or on a `Trace`, until ``q`` is pressed.

    Takes what `trace` takes, and the screen's flags: ``theme``, ``palette``, ``colors``.

    Raises:
        GatescopeError: where there is no terminal, or with the program's line.
    """
    if isinstance(model, Trace):
        run_on_terminal(["view", str(model._path), *reading_flags(options)])
        return
    with tempfile.TemporaryDirectory(prefix="gatescope-") as folder:
        given = _given(model, x, text, tokens, Path(folder), module=module, call=call, batch=batch,
                       state=state, reading=options)
        run_on_terminal(["open", *given.arguments, *reading_flags({"what_if": what_if})])


def info(path: str | os.PathLike[str], **reading: Any) -> dict[str, Any]:
    """What is in a model file and how its gates were read, as ``gatescope info --json`` says.

    Raises:
        GatescopeError: where the file cannot be read.
    """
    found = json.loads(run(["info", _path(path), "--json", *reading_flags(reading)]))
    return dict(found)


@dataclass(frozen=True)
class Verification:
    """How far two computations of one network are apart."""

    #: The greatest difference of all values.
    worst: float
    #: Where it is, such as ``l0_fwd_h``; its step and its unit.
    signal: str
    step: int
    unit: int
    #: Whether every value lies within ``tolerance`` · (1 + abs / 10) of the framework's.
    agrees: bool
    tolerance: float
    #: How many values were compared.
    values: int

    def __bool__(self) -> bool:
        return self.agrees

    def __str__(self) -> str:
        word = "agrees" if self.agrees else "differs"
        return (f"{word}: of {self.values} values the worst difference is {self.worst:.3g}, "
                f"{self.signal} at step {self.step}, unit {self.unit}")


def verify(
    model: object, x: object, *, module: str | None = None, call: int | None = None,
    batch: int | None = None, state: object = None, tolerance: float = 2e-5,
) -> Verification:
    """Traces a live layer here and steps it in its own framework, and says the worst difference.

    h, and c of an LSTM, are compared for every layer and direction, and what the module itself
    gives for the whole sequence. ``tolerance`` is that of ``--verify`` (docs/verify.md).

    Raises:
        GatescopeError: where either cannot run, or a value is no number on one side only.
    """
    if _models.framework(model) is None:
        raise _models.refuse(model)
    found = _models.live(model, x, module=module, call=call, batch=batch, state=state)
    if _models.framework(found.module) == "torch":
        from . import _torch

        expected = _torch.reference(found.module, found.x, found.state)
    else:
        from . import _keras

        expected = _keras.reference(found.module, found.x, found.state)
    with tempfile.TemporaryDirectory(prefix="gatescope-") as name:
        folder = Path(name)
        run(["trace", *_live_arguments(found, folder), "-o", str(folder / "trace.npz")])
        return _compared(open_trace(folder / "trace.npz"), expected, tolerance)


def _compared(t: Trace, expected: dict[str, Array], tolerance: float) -> Verification:
    worst, where, agrees, count = -1.0, ("", 0, 0), True, 0
    for name, reference in expected.items():
        if name == "output":
            mine = np.concatenate([track.h for track in t.layers[-1].directions], 1)
        else:
            mine = t[name]
        if mine.shape != reference.shape:
            raise GatescopeError(f"{name}: {mine.shape} here, {reference.shape} in the framework")
        both = np.isnan(mine) & np.isnan(reference)
        off = np.where(both, 0, np.abs(mine.astype(np.float64) - reference))
        off = np.where(np.isnan(off), np.inf, off)
        agrees &= bool((off <= tolerance * (1 + np.abs(np.nan_to_num(reference)) / 10)).all())
        count += mine.size
        at = np.unravel_index(int(off.argmax()), off.shape)
        if off[at] > worst:
            worst, where = float(off[at]), (name, int(at[0]), int(at[1]))
    return Verification(worst, *where, agrees, tolerance, count)
