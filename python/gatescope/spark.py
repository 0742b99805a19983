"""Corpora on a Spark cluster: rows of a DataFrame are traced by the program where they lie."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ._corpus import many_flags
from ._errors import GatescopeError
from ._record import Numbers
from ._workers import Model, trace_here

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame

# What the program numbers by a part's own rows; the DataFrame's columns say it better.
_OWN = ("sequence", "id")


def trace(
    df: DataFrame, model: object, *, text: str = "text", reduce: str | None = None,
    signals: str | Sequence[str] | None = None, layers: Numbers = None, units: Numbers = None,
    where: str | None = None, skip_bad: bool = False, jobs: int | None = 1, **reading: Any,
) -> DataFrame:
    """Traces the texts or token lists in a column of a DataFrame (``mapInArrow``).

    The other columns come along, repeated for each row of the trace: one that numbers the
    sequences is what orders a result that has no order of its own. Columns of the trace are those
    of docs/corpora.md, without ``sequence`` and ``id``. Nothing runs before Spark asks for rows; a
    task that fails is run again by Spark, and values are the same whatever the partitions.

    Args:
        df: the corpus, a row a sequence.
        model: a model file on this machine, or a torch or Keras layer; broadcast to the executors.
        text: the column of texts (string) or token lists (array of whole numbers).
        reduce, signals, layers, units, where, skip_bad, **reading: as `gatescope.trace_many` has
            them.
        jobs: threads of each task's program; 1, since Spark runs several at once.

    Raises:
        GatescopeError: where the model cannot be read or the column is not there. What a task
            meets ends the job as Spark's exception with the line in it.
    """
    if text not in df.columns:
        raise GatescopeError(f"there is no column {text!r}; there are {', '.join(df.columns)}")
    flags = many_flags(reduce, where, skip_bad, jobs,
                       {"signals": signals, "layers": layers, "units": units, **reading})
    sent = Model.of(model)
    kept = [name for name in df.columns if name != text]
    made = _columns(sent, flags)
    twice = sorted(set(kept) & set(made.names))
    if twice:
        raise GatescopeError(f"the columns {', '.join(twice)} are the trace's own; rename them")
    schema = _schema(df, kept, made)
    session: Any = df.sparkSession
    context = getattr(session, "_sc", None)
    held = context.broadcast(sent) if context is not None else None
    task = _task(held, None if held is not None else sent, flags, text, kept)
    return df.mapInArrow(task, schema)


def _columns(model: Model, flags: Sequence[str]) -> pyarrow.Schema:
    """The trace's own columns, of one token traced here."""
    import pyarrow
    import pyarrow.parquet

    with tempfile.TemporaryDirectory(prefix="gatescope-") as name:
        out = Path(name) / "one.parquet"
        # An expression may hold nowhere in a step; the columns are the same without.
        plain = [flag for flag in flags if not flag.startswith("--where")]
        trace_here(model, [[0]], None, plain, out, 0)
        found = pyarrow.parquet.read_schema(out)
    return pyarrow.schema([field for field in found if field.name not in _OWN])


def _schema(df: DataFrame, kept: list[str], made: pyarrow.Schema) -> Any:
    from pyspark.sql.pandas.types import from_arrow_schema
    from pyspark.sql.types import StructType

    fields = [df.schema[name] for name in kept] + list(from_arrow_schema(made).fields)
    for field in fields:
        field.nullable = True
    return StructType(fields)


def _task(
    held: Any, sent: Model | None, flags: list[str], text: str, kept: list[str]
) -> Callable[[Iterator[pyarrow.RecordBatch]], Iterator[pyarrow.RecordBatch]]:
    def traced(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        import pyarrow
        import pyarrow.parquet

        model: Model = held.value if held is not None else cast("Model", sent)
        for batch in batches:
            if batch.num_rows == 0:
                continue
            with tempfile.TemporaryDirectory(prefix="gatescope-") as name:
                out = Path(name) / "part.parquet"
                column = batch.schema.get_field_index(text)
                try:
                    trace_here(model, batch.column(column).to_pylist(), None, flags, out, 0)
                except GatescopeError as error:
                    raise _placed(error, batch, kept) from None
                with pyarrow.parquet.ParquetFile(out) as file:
                    for rows in file.iter_batches(batch_size=8192):
                        yield _joined(batch, rows, kept)

    return traced


def _placed(error: GatescopeError, batch: pyarrow.RecordBatch, kept: list[str]) -> GatescopeError:
    """The line with the row's other columns in it: its number in a batch tells nobody anything."""
    match = re.match(r"sequence (\d+)", str(error))
    if match is None or not kept:
        return error
    row = batch.slice(int(match[1]), 1).to_pylist()[0]
    place = ", ".join(f"{name}={row[name]!r}" for name in kept)
    return GatescopeError(f"the row {place}{str(error)[match.end():]}")


def _joined(
    batch: pyarrow.RecordBatch, rows: pyarrow.RecordBatch, kept: list[str]
) -> pyarrow.RecordBatch:
    """Rows of the trace with the columns of the sequence that each is of."""
    import pyarrow

    which = rows.column(rows.schema.get_field_index("sequence"))
    arrays = [batch.column(batch.schema.get_field_index(name)).take(which) for name in kept]
    names = list(kept)
    for number, name in enumerate(rows.schema.names):
        if name not in _OWN:
            names.append(name)
            arrays.append(rows.column(number))
    # Lists are named as Spark names them, and may be null to it.
    plain = [
        array.cast(pyarrow.list_(pyarrow.float32()))
        if pyarrow.types.is_list(array.type) and pyarrow.types.is_float32(array.type.value_type)
        else array
        for array in arrays
    ]
    return pyarrow.RecordBatch.from_arrays(plain, names=names)
