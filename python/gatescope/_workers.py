"""What Dask and Spark share: a model that travels, and a part of a corpus traced where it lies."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ._corpus import model_arguments, put_in_place, trace_part
from ._errors import GatescopeError


@dataclass(frozen=True)
class Model:
    """A model's files as bytes, which an engine sends to each worker once."""

    #: The program's arguments; what stands in ``files`` is named there by its number, ``{0}``.
    arguments: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...]
    digest: str

    @staticmethod
    def of(model: object) -> Model:
        """The model in a file, or of a live torch or Keras layer.

        Raises:
            GatescopeError: where there is none, or it is a folder.
        """
        with tempfile.TemporaryDirectory(prefix="gatescope-") as folder:
            arguments: list[str] = []
            files: list[tuple[str, bytes]] = []
            for argument in model_arguments(model, Path(folder)):
                flag, equals, value = argument.partition("=")
                path = Path(value if equals and flag.startswith("--") else argument)
                if path.is_dir():
                    raise GatescopeError(
                        f"{path}: is a folder; make a .zip of it, which workers can be sent"
                    )
                try:
                    data = path.read_bytes()
                except OSError as error:
                    raise GatescopeError(f"{path}: cannot open: {error.strerror}") from error
                place = f"{{{len(files)}}}"
                arguments.append(f"{flag}={place}" if path != Path(argument) else place)
                files.append((path.name, data))
        digest = hashlib.sha256()
        for name, data in files:
            digest.update(f"{name} {len(data)} ".encode() + data)
        return Model(tuple(arguments), tuple(files), digest.hexdigest()[:24])

    def on_this_machine(self) -> list[str]:
        """The program's arguments; the files are written here the first time they are asked for."""
        user = os.getuid()
        folder = Path(tempfile.gettempdir()) / f"gatescope-models-{user}" / self.digest
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.parent.stat().st_uid != user:
            raise GatescopeError(f"{folder.parent}: is somebody else's; models are not read there")
        places = []
        for name, data in self.files:
            path = folder / name
            if not path.is_file() or path.stat().st_size != len(data):
                handle, waiting = tempfile.mkstemp(dir=folder)
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                Path(waiting).replace(path)
            places.append(str(path))
        return [
            argument.replace(f"{{{number}}}", places[number])
            for number, argument in enumerate(self.arguments)
        ]


def trace_here(
    model: Model, sequences: Iterable[object], ids: Sequence[object] | None,
    flags: Sequence[str], out: Path, first: int,
) -> None:
    """Traces a part on this machine, whose sequences are numbered from ``first``."""
    trace_part(model.on_this_machine(), sequences, ids, flags, out, first)


def new_folder(path: str | os.PathLike[str]) -> Path:
    """Makes the folder of the parts.

    Raises:
        GatescopeError: where there is something in it already: parts of another run would mix.
    """
    folder = Path(path)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise GatescopeError(
            f"{folder}: is there already, and parts of two runs shall not mix; give another folder"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GatescopeError(f"{folder}: cannot be made: {error.strerror}") from error
    return folder


def part_name(number: int, count: int) -> str:
    """The name of a part, as ``--shard`` has it, counted from 1."""
    return f"part-{number + 1:05}-of-{count:05}.parquet"


def write_numbered(source: Path, first: int, destination: Path) -> None:
    """Writes a part with its sequences counted from ``first``, there whole or not at all."""
    import pyarrow.parquet

    from ._corpus import read_parts

    with tempfile.TemporaryDirectory(prefix="gatescope-") as name:
        made = Path(name) / "part.parquet"
        with contextlib.ExitStack() as stack:
            file = stack.enter_context(pyarrow.parquet.ParquetFile(source))
            # The columns' own description and the program's facts stay with the part.
            schema = file.schema_arrow
            writer = stack.enter_context(
                pyarrow.parquet.ParquetWriter(made, schema, compression="zstd")
            )
            for batch in read_parts(source, first):
                writer.write_batch(batch)
        put_in_place(made, destination)
