"""A recorded trace as numpy arrays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from . import _npz
from ._errors import GatescopeError
from ._lanes import picture
from ._program import copied

if TYPE_CHECKING:
    import pandas
    import xarray

Array = npt.NDArray[Any]

_SIGNAL = re.compile(r"l(\d+)_(fwd|bwd)_([A-Za-z]\w*)")
# What belongs to the whole trace, not to a layer (docs/trace-files.md).
_SHARED = ("y", "y_top", "y_top_id", "y_next", "loss", "entropy", "tokens", "x", "steps", "units")


class Direction:
    """One layer read one way: its signals, each a float32 array of (T, H).

    A signal is an attribute or an item: ``d.f``, ``d["f"]``. Row t is position t of the input,
    also of a layer that reads backwards.
    """

    def __init__(self, layer: int, direction: str, signals: Mapping[str, Array]) -> None:
        self.layer = layer
        self.direction = direction
        self._signals = dict(signals)

    @property
    def name(self) -> str:
        """Such as ``l0.fwd``."""
        return f"l{self.layer}.{self.direction}"

    @property
    def signals(self) -> tuple[str, ...]:
        """The names of the signals, in the file's order."""
        return tuple(self._signals)

    def __getitem__(self, signal: str) -> Array:
        if signal not in self._signals:
            raise KeyError(f"{self.name} has no {signal!r}; it has {', '.join(self._signals)}")
        return self._signals[signal]

    def __getattr__(self, signal: str) -> Array:
        if signal.startswith("_"):
            raise AttributeError(signal)
        try:
            return self[signal]
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._signals)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._signals]

    def __repr__(self) -> str:
        shapes = (f"{name} {array.shape}" for name, array in self._signals.items())
        return f"<{self.name}: {', '.join(shapes)}>"


class Layer:
    """A layer with both of its directions, as far as the trace has them: ``fwd``, ``bwd``.

    Signals of a layer that reads one way are attributes of it too: ``t.layer(0).h``.
    """

    def __init__(self, number: int, directions: Mapping[str, Direction]) -> None:
        self.number = number
        self._directions = dict(directions)

    def _one(self, direction: str) -> Direction:
        if direction not in self._directions:
            raise AttributeError(direction)
        return self._directions[direction]

    @property
    def fwd(self) -> Direction:
        """What reads forwards."""
        return self._one("fwd")

    @property
    def bwd(self) -> Direction:
        """What reads backwards."""
        return self._one("bwd")

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The directions there are, forwards first."""
        return tuple(self._directions.values())

    def __getitem__(self, signal: str) -> Array:
        if len(self._directions) > 1:
            raise KeyError(
                f"{signal!r} of layer {self.number} is of two directions: say fwd or bwd"
            )
        return self.directions[0][signal]

    def __getattr__(self, signal: str) -> Array:
        if signal.startswith("_"):
            raise AttributeError(signal)
        if signal in ("fwd", "bwd"):
            # The property itself has failed; Python asks here for what it said.
            there = ", ".join(self._directions)
            raise AttributeError(f"layer {self.number} has no {signal}; it has {there}")
        try:
            return self[signal]
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    def __repr__(self) -> str:
        return f"<layer {self.number}: {', '.join(map(repr, self.directions))}>"


class Trace:
    """What a network computed at every step, mapped from the file rather than copied.

    ``t.f`` and ``t["f"]`` are (T, H) where there is one layer and direction; ``t.layer(1).bwd.h``
    and ``t["l1_bwd_h"]`` always. Arrays are read-only; ``t.f.copy()`` may be written to.
    ``y``, ``loss``, ``entropy``, ``y_next`` are what the readout says, ``tokens`` and ``x`` what
    entered, as docs/trace-files.md of the project has them.
    """

    def __init__(self, arrays: Mapping[str, Array], path: Path, keep: object = None) -> None:
        """``keep`` lives as long as the trace, such as the folder in which its file lies."""
        self._arrays = dict(arrays)
        self._path = path
        self._keep = keep
        tracks: dict[int, dict[str, dict[str, Array]]] = {}
        for name, array in self._arrays.items():
            match = _SIGNAL.fullmatch(name)
            if match and array.ndim == 2:
                layer = tracks.setdefault(int(match[1]), {})
                layer.setdefault(match[2], {})[match[3]] = array
        if not tracks and not any(name in self._arrays for name in _SHARED):
            raise GatescopeError(
                f"{path}: no array has a name such as l0_fwd_h; is it a trace that gatescope wrote?"
            )
        if "offsets" in self._arrays:
            raise GatescopeError(
                f"{path}: holds many sequences; numpy.load reads it (docs/corpora.md), or "
                "trace_many gives them as a table"
            )
        self._layers = {
            number: Layer(
                number,
                {name: Direction(number, name, tracks[number][name])
                 for name in ("fwd", "bwd") if name in tracks[number]},
            )
            for number in sorted(tracks)
        }

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers, the one next to the input first."""
        return tuple(self._layers.values())

    def layer(self, number: int) -> Layer:
        """The layer of that number, from 0.

        Raises:
            KeyError: where the trace has none.
        """
        if number not in self._layers:
            there = ", ".join(map(str, self._layers)) or "none"
            raise KeyError(f"there is no layer {number}; there are {there}")
        return self._layers[number]

    @property
    def tracks(self) -> tuple[Direction, ...]:
        """Every direction of every layer."""
        return tuple(track for layer in self.layers for track in layer.directions)

    @property
    def steps(self) -> Array:
        """(T): the position in the input of each row."""
        if "steps" in self._arrays:
            return self._arrays["steps"]
        return np.arange(len(self), dtype=np.int64)

    def __len__(self) -> int:
        rows = next(iter(self.tracks), None)
        if rows is not None:
            return int(rows[rows.signals[0]].shape[0])
        return int(next(iter(self._arrays.values())).shape[0])

    def __getitem__(self, name: str) -> Array:
        if name in self._arrays:
            return self._arrays[name]
        tracks = self.tracks
        if any(name in track.signals for track in tracks):
            if len(tracks) == 1:
                return tracks[0][name]
            example = next(track for track in tracks if name in track.signals)
            raise KeyError(
                f"{name!r} is of {len(tracks)} layers and directions; say which, such as "
                f"layer({example.layer}).{example.direction}.{name}"
            )
        signals = dict.fromkeys(signal for track in tracks for signal in track.signals)
        there = [*signals, *(shared for shared in _SHARED if shared in self._arrays)]
        raise KeyError(f"there is no {name!r}; there are {', '.join(there)}")

    def __getattr__(self, name: str) -> Array:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    def __dir__(self) -> list[str]:
        names = [name for name in _SHARED if name in self._arrays]
        if len(self.tracks) == 1:
            names += self.tracks[0].signals
        return [*super().__dir__(), *names]

    def __repr__(self) -> str:
        tracks = "; ".join(f"{track.name} {' '.join(track.signals)}" for track in self.tracks)
        return f"<gatescope.Trace: {len(self)} steps; {tracks}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the lanes as a small SVG."""
        lanes = {
            (signal if len(self.tracks) == 1 else f"{track.name} {signal}"): track[signal]
            for track in self.tracks
            for signal in track.signals
        }
        units = ", ".join(
            f"{track.name} {track[track.signals[0]].shape[1]} units" for track in self.tracks
        )
        return picture(lanes, f"{len(self)} steps; {units}")

    def _units(self, count: int) -> Array:
        """The numbers of a track's columns."""
        if "units" in self._arrays:
            return self._arrays["units"][:count]
        return np.arange(count, dtype=np.int64)

    def to_pandas(self) -> pandas.DataFrame:
        """A row a step, layer, direction and unit, a column a signal, as a CSV of the program."""
        import pandas

        frames = []
        for track in self.tracks:
            width = max(track[signal].shape[1] for signal in track.signals)
            index = pandas.MultiIndex.from_product(
                [self.steps, [track.layer], [track.direction], self._units(width)],
                names=["step", "layer", "direction", "unit"],
            )
            frame = pandas.DataFrame(
                {signal: _padded(track[signal], width).ravel() for signal in track.signals}, index
            ).reset_index()
            if "tokens" in self._arrays:
                frame.insert(1, "token", np.repeat(self._arrays["tokens"], width))
            frames.append(frame)
        if not frames:
            raise GatescopeError("the trace holds no signal of a layer")
        frame = pandas.concat(frames, ignore_index=True)
        # Layers stand behind each other within a step, as the program writes them.
        return frame.sort_values("step", kind="stable", ignore_index=True)

    def to_xarray(self) -> xarray.DataArray:
        """Dimensions step, unit, signal; before them layer and direction where there are several.

        What a layer lacks (a signal of another cell, units beyond its own) is NaN.
        """
        import xarray

        tracks = self.tracks
        if not tracks:
            raise GatescopeError("the trace holds no signal of a layer")
        signals = list(dict.fromkeys(signal for track in tracks for signal in track.signals))
        width = max(track[signal].shape[1] for track in tracks for signal in track.signals)
        layers = list(self._layers)
        directions = [name for name in ("fwd", "bwd") if any(t.direction == name for t in tracks)]
        shape = (len(layers), len(directions), len(self), width, len(signals))
        values = np.full(shape, np.nan, dtype=np.float32)
        for track in tracks:
            at = (layers.index(track.layer), directions.index(track.direction))
            for signal in track.signals:
                array = track[signal]
                place = (*at, slice(None), slice(array.shape[1]), signals.index(signal))
                values[place] = array
        coordinates: dict[str, Any] = {
            "layer": layers, "direction": directions, "step": self.steps,
            "unit": self._units(width), "signal": signals,
        }
        if "tokens" in self._arrays:
            coordinates["token"] = ("step", self._arrays["tokens"])
        made = xarray.DataArray(
            values, coordinates, ["layer", "direction", "step", "unit", "signal"], name="trace"
        )
        for name, many in (("layer", layers), ("direction", directions)):
            if len(many) == 1:
                made = made.squeeze(name)
        return made

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Writes the trace as an ``.npz``, which ``open``, ``gatescope view`` and numpy read.

        Raises:
            GatescopeError: where the file is there already (``force=True`` replaces it), or cannot
                be written.
        """
        path = Path(path)
        if path.suffix != ".npz":
            raise GatescopeError(f"{path}: a trace is saved as .npz; to_pandas().to_csv writes CSV")
        if path.exists() and not force:
            raise GatescopeError(f"{path}: is there already; force=True replaces it")
        copied(self._path, path)
        return path


def _padded(array: Array, width: int) -> Array:
    missing = width - array.shape[1]
    return np.pad(array, ((0, 0), (0, missing)), constant_values=np.nan) if missing else array


def open_trace(path: str | Path) -> Trace:
    """The trace in an ``.npz`` that ``save`` or ``gatescope trace … -o run.npz`` wrote, mapped.

    Raises:
        GatescopeError: where the file is no trace, or damaged.
    """
    path = Path(path)
    return Trace(_npz.read(path), path)
