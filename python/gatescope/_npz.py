"""NumPy archives, mapped: an entry that is not compressed is an array over the file's own pages."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ._errors import GatescopeError

Array = npt.NDArray[Any]


def _header(file: Any) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether Fortran's order, and type of the ``.npy`` that the file stands before."""
    version = np.lib.format.read_magic(file)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(file)
    return np.lib.format.read_array_header_2_0(file)


def _mapped(path: Path, entry: zipfile.ZipInfo, size: int) -> Array:
    with path.open("rb") as file:
        file.seek(entry.header_offset)
        local = file.read(30)
        # The names' lengths of the local header (APPNOTE 4.3.7) may differ from the directory's.
        if len(local) != 30 or local[:4] != b"PK\x03\x04":
            raise ValueError(f"{entry.filename} has no header where it should stand")
        names, extras = struct.unpack("<HH", local[26:30])
        start = entry.header_offset + 30 + names + extras
        file.seek(start)
        shape, fortran, dtype = _header(file)
        begin = file.tell()
    count = int(np.prod(shape, dtype=np.int64))
    if dtype.hasobject:
        raise ValueError(f"{entry.filename} holds Python objects, which are not read")
    length = count * dtype.itemsize
    if begin - start + length > entry.file_size or begin + length > size:
        raise ValueError(f"{entry.filename} is cut short")
    order: Any = "F" if fortran else "C"
    if count == 0:
        return np.empty(shape, dtype, order)
    return np.memmap(path, dtype, "r", begin, shape, order).view(np.ndarray)


def read(path: Path) -> dict[str, Array]:
    """The arrays of an ``.npz`` by their names.

    Stored entries are mapped and read-only, compressed ones read.

    Raises:
        GatescopeError: where the file is no archive of arrays, or damaged.
    """
    arrays: dict[str, Array] = {}
    try:
        size = path.stat().st_size
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if not entry.filename.endswith(".npy"):
                    continue
                name = entry.filename.removesuffix(".npy")
                if entry.compress_type == zipfile.ZIP_STORED:
                    arrays[name] = _mapped(path, entry, size)
                else:
                    data = io.BytesIO(archive.read(entry))
                    arrays[name] = np.lib.format.read_array(data, allow_pickle=False)
    except OSError as error:
        raise GatescopeError(f"{path}: cannot be read: {error.strerror}") from error
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise GatescopeError(f"{path}: is no NumPy archive that can be read: {error}") from error
    return arrays
