"""Many sequences, on one machine: what goes to the program and the table that comes back."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _models
from ._errors import GatescopeError
from ._program import copied, run
from ._record import Numbers, _path, is_file, reading_flags

if TYPE_CHECKING:
    import pyarrow


def _is_numbers(sequence: object) -> bool:
    """Whether that is a sequence of rows of features rather than of tokens."""
    array = np.asarray(sequence)
    return array.ndim == 2 or (array.ndim == 1 and array.dtype.kind == "f")


def write_sequences(
    sequences: Iterable[object], ids: Sequence[object] | None, folder: Path
) -> list[str]:
    """Writes texts, token lists or arrays of features to a file, and gives the flags that read it.

    Raises:
        GatescopeError: where they are none of these, or mixed.
    """
    items = list(sequences)
    if not items:
        raise GatescopeError("there are no sequences")
    if ids is not None and len(ids) != len(items):
        raise GatescopeError(f"ids= has {len(ids)} names for {len(items)} sequences")
    if not isinstance(items[0], str) and _is_numbers(items[0]):
        if ids is not None:
            raise GatescopeError("ids= is of texts and tokens; rows of numbers have none")
        return _write_features(items, folder)
    path = folder / "sequences.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number, item in enumerate(items):
            entry: dict[str, object] = {}
            if ids is not None and ids[number] is not None:
                name = ids[number]
                entry["id"] = name if isinstance(name, str) else str(name)
            if isinstance(item, str):
                entry["text"] = item
            else:
                entry["tokens"] = _tokens(item, number)
            file.write(json.dumps(entry) + "\n")
    return [f"--sequences={path}"]


def _tokens(item: object, number: int) -> list[int]:
    array = np.asarray(item)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise GatescopeError(
            f"sequence {number}: is no text, no list of token numbers and no (T, I) of features"
        )
    return [int(token) for token in array]


def _write_features(items: list[Any], folder: Path) -> list[str]:
    try:
        arrays = [np.asarray(item, dtype=np.float32) for item in items]
        arrays = [array[:, None] if array.ndim == 1 else array for array in arrays]
        width = {array.shape[1:] for array in arrays}
    except (TypeError, ValueError) as error:
        raise GatescopeError(f"sequences: no arrays of numbers: {error}") from None
    if len(width) != 1 or len(next(iter(width))) != 1:
        raise GatescopeError("sequences: features are (T, I), with the same I for all")
    lengths = np.array([len(array) for array in arrays], dtype=np.int64)
    padded = np.zeros((len(arrays), int(lengths.max()), *next(iter(width))), dtype=np.float32)
    for row, array in zip(padded, arrays, strict=True):
        row[: len(array)] = array
    np.save(folder / "sequences.npy", padded)
    np.save(folder / "lengths.npy", lengths)
    return [f"--sequences={folder / 'sequences.npy'}", f"--lengths={folder / 'lengths.npy'}"]


def named(error: GatescopeError, folder: Path, first: int) -> GatescopeError:
    """The program's line with the sequence's number in place of a line of a file nobody knows."""
    def number(match: re.Match[str]) -> str:
        return f"sequence {first + int(match[1]) - 1}"

    text = re.sub(rf"{re.escape(str(folder))}/sequences\.\w+, line (\d+)", number, str(error))
    return type(error)(re.sub(rf"{re.escape(str(folder))}/(\w+)\.\w+", r"\1", text))


def trace_part(
    model: Sequence[str], sequences: Iterable[object], ids: Sequence[object] | None,
    flags: Sequence[str], out: Path, first: int = 0,
) -> None:
    """Traces some sequences with the program into a Parquet file that is there whole or not."""
    with tempfile.TemporaryDirectory(prefix="gatescope-") as name:
        folder = Path(name)
        given = write_sequences(sequences, ids, folder)
        try:
            run(["trace", *model, *given, *flags, "-o", str(out)])
        except GatescopeError as error:
            raise named(error, folder, first) from None


def many_flags(
    reduce: str | None, where: str | None, skip_bad: bool, jobs: int | None, options: dict[str, Any]
) -> list[str]:
    """The program's flags for these keyword arguments."""
    return reading_flags(
        {"reduce": reduce, "where": where, "skip_bad": skip_bad, "jobs": jobs, **options}
    )


def read_parts(path: Path, first: int = 0) -> Iterator[pyarrow.RecordBatch]:
    """The rows of a Parquet file, their sequences counted from ``first``."""
    import pyarrow
    import pyarrow.compute
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=8192):
            column = batch.schema.get_field_index("sequence")
            numbers = pyarrow.compute.add(batch.column(column), first)
            arrays = list(batch.columns)
            arrays[column] = numbers
            yield pyarrow.RecordBatch.from_arrays(arrays, schema=batch.schema)


def trace_many(
    model: object, sequences: object, *, to: str | os.PathLike[str] | None = None,
    ids: Sequence[object] | None = None, reduce: str | None = None,
    signals: str | Sequence[str] | None = None, layers: Numbers = None, units: Numbers = None,
    where: str | None = None, skip_bad: bool = False, jobs: int | None = None, force: bool = False,
    **reading: Any,
) -> pyarrow.Table | Path:
    """Traces many sequences at once, on this machine.

    Args:
        model: a model file, or a torch.nn or Keras layer.
        sequences: the path of a file (docs/corpora.md), or texts, lists of token numbers, or arrays
            of features (T, I), of any lengths.
        to: a ``.parquet``, ``.npz`` or ``.csv`` to write; without it a pyarrow table comes back.
        ids: a name for each text or token list.
        reduce: ``last``, ``mean`` or ``max`` keeps a row a sequence, layer and direction.
        signals, layers, units: as `trace` has them.
        where: an expression; the steps at which it holds are kept.
        skip_bad: passes over what cannot be read, with a warning.
        jobs: threads; as many as there are processors.
        force: replaces the file ``to``.
        **reading: as `trace` has them.

    Raises:
        GatescopeError: with one line that says what is wrong; then nothing is written.
    """
    flags = many_flags(reduce, where, skip_bad, jobs,
                       {"signals": signals, "layers": layers, "units": units, **reading})
    with tempfile.TemporaryDirectory(prefix="gatescope-") as name:
        folder = Path(name)
        named_model = model_arguments(model, folder)
        given = (
            [f"--sequences={os.fspath(sequences)}"]  # type: ignore[call-overload]
            if is_file(sequences)
            else write_sequences(sequences, ids, folder)  # type: ignore[arg-type]
        )
        out = Path(to) if to is not None else folder / "out.parquet"
        try:
            replacing = ["--force"] if force else []
            run(["trace", *named_model, *given, *flags, "-o", str(out), *replacing])
        except GatescopeError as error:
            raise named(error, folder, 0) from None
        if to is not None:
            return out
        try:
            import pyarrow.parquet
        except ImportError:
            raise GatescopeError(
                "trace_many gives a pyarrow table: pip install pyarrow, or name a file with to="
            ) from None
        return pyarrow.parquet.read_table(out)


def model_arguments(model: object, folder: Path) -> list[str]:
    """The program's arguments for a model file, or for a live layer, written to one first."""
    if is_file(model):
        return [_path(model)]
    kind = _models.framework(model)
    if kind is None:
        raise _models.refuse(model)
    library: Any
    if kind == "torch":
        from . import _torch as library
    else:
        from . import _keras as library
    return _models.write(library.find(model, None), folder)


def put_in_place(waiting: Path, destination: Path) -> None:
    """Moves a finished file to where it belongs, across file systems too, whole or not at all."""
    try:
        waiting.replace(destination)
    except OSError:
        copied(waiting, destination)
        waiting.unlink()
