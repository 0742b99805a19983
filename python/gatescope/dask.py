"""Corpora on a Dask cluster: partitions are traced by the program where they lie."""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._corpus import many_flags, read_parts
from ._errors import GatescopeError
from ._record import Numbers
from ._workers import Model, new_folder, part_name, trace_here, write_numbered

if TYPE_CHECKING:
    import pyarrow


def _table(
    model: Model, part: Sequence[object], ids: Sequence[object] | None, flags: list[str], first: int
) -> pyarrow.Table:
    import pyarrow

    with tempfile.TemporaryDirectory(prefix="gatescope-") as name:
        out = Path(name) / "part.parquet"
        trace_here(model, part, ids, flags, out, first)
        return pyarrow.Table.from_batches(list(read_parts(out, first)))


def _written(
    model: Model, part: Sequence[object], ids: Sequence[object] | None, flags: list[str],
    first: int, destination: str,
) -> str:
    with tempfile.TemporaryDirectory(prefix="gatescope-") as name:
        out = Path(name) / "part.parquet"
        trace_here(model, part, ids, flags, out, first)
        write_numbered(out, first, Path(destination))
    return destination


def _partitions(sequences: Any, text: str | None, ids: str | None) -> list[Any]:
    """Delayed lists of (sequences, ids) of a bag, a DataFrame or a plain list."""
    dask: Any = importlib.import_module("dask")
    if hasattr(sequences, "columns"):
        if text is None:
            raise GatescopeError("text= names the DataFrame's column of texts or token lists")
        for column in (text, ids):
            if column is not None and column not in sequences.columns:
                there = ", ".join(map(str, sequences.columns))
                raise GatescopeError(f"there is no column {column!r}; there are {there}")

        def columns(frame: Any) -> tuple[list[Any], list[Any] | None]:
            return list(frame[text]), list(frame[ids]) if ids is not None else None

        return [dask.delayed(columns)(part) for part in sequences.to_delayed()]
    if not hasattr(sequences, "to_delayed"):
        raise GatescopeError(
            f"a {type(sequences).__name__} has no partitions: give a dask.bag or a DataFrame, such "
            "as dask.bag.read_text(…) or dask.bag.from_sequence(list); trace_many takes lists"
        )
    if ids is not None:
        raise GatescopeError("ids= names a column of a DataFrame; a bag has none")

    def stripped(item: Any) -> Any:
        # read_text leaves the line's end on it.
        return item.removesuffix("\n").removesuffix("\r") if isinstance(item, str) else item

    def plain(part: Any) -> tuple[list[Any], None]:
        return [stripped(item) for item in part], None

    return [dask.delayed(plain)(part) for part in sequences.to_delayed()]


def _size(part: tuple[list[Any], Any]) -> int:
    return len(part[0])


def trace(
    model: object, sequences: Any, *, to: str | os.PathLike[str] | None = None,
    text: str | None = None, ids: str | None = None, reduce: str | None = None,
    signals: str | Sequence[str] | None = None, layers: Numbers = None, units: Numbers = None,
    where: str | None = None, skip_bad: bool = False, jobs: int | None = 1, **reading: Any,
) -> list[Path] | list[Any]:
    """Traces a corpus by the partitions of a Dask collection.

    The model goes to each worker once. Sequences are numbered over all partitions, and every value
    is the same whatever these are. A partition that fails, or whose worker dies, is run again by
    Dask; a part is there whole or not at all.

    Args:
        model: a model file on this machine, or a torch or Keras layer.
        sequences: a ``dask.bag`` of texts, token lists or arrays (T, I), or a Dask DataFrame.
        to: a folder that all machines see and that is empty or not there; a Parquet file a
            partition goes there. Without it the parts come back as delayed pyarrow tables.
        text: the DataFrame's column of texts or token lists.
        ids: the DataFrame's column of names.
        reduce, signals, layers, units, where, skip_bad, **reading: as `gatescope.trace_many` has
            them.
        jobs: threads of each partition's program; 1, since Dask runs several at once.

    Returns:
        The paths of the parts in their order, or delayed tables.

    Raises:
        GatescopeError: what is wrong, also with a sequence that a worker met.
    """
    dask: Any = importlib.import_module("dask")
    sent = Model.of(model)
    flags = many_flags(reduce, where, skip_bad, jobs,
                       {"signals": signals, "layers": layers, "units": units, **reading})
    parts = _partitions(sequences, text, ids)
    sizes = dask.compute(*map(dask.delayed(_size), parts))
    filled = [(part, size) for part, size in zip(parts, sizes, strict=True) if size]
    if not filled:
        raise GatescopeError("there are no sequences")
    folder = new_folder(to) if to is not None else None
    # One node of the graph, so that a worker is sent it once.
    shared = dask.delayed(sent, pure=True)
    tasks, first = [], 0
    for number, (part, size) in enumerate(filled):
        if folder is None:
            tasks.append(dask.delayed(_table)(shared, part[0], part[1], flags, first))
        else:
            path = str(folder.resolve() / part_name(number, len(filled)))
            tasks.append(dask.delayed(_written)(shared, part[0], part[1], flags, first, path))
        first += size
    if folder is None:
        return tasks
    done = [Path(path) for path in dask.compute(*tasks)]
    for waiting in folder.glob(".part-*"):  # of workers that died while they copied
        waiting.unlink(missing_ok=True)
    return done
