"""A small picture of a trace for notebooks: its lanes as heatmaps in one SVG."""

from __future__ import annotations

import base64
import html
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

# From 0 (or the least) to the most: blue by grey to yellow, as the program's "cividis"; and blue by
# white to orange for signed values. Linear between the stops.
_ONE_SIDED = ((0, 32, 81), (60, 77, 110), (127, 124, 117), (187, 174, 109), (253, 234, 69))
_TWO_SIDED = ((33, 102, 172), (146, 197, 222), (247, 247, 247), (244, 165, 96), (178, 88, 6))
_GATES = frozenset("fioru")


def _palette(stops: tuple[tuple[int, int, int], ...]) -> bytes:
    places = np.linspace(0, 1, 255)
    channels = [np.interp(places, np.linspace(0, 1, 5), [s[k] for s in stops]) for k in range(3)]
    colors = np.stack(channels, 1).round().astype(np.uint8)
    # The last colour is that of values that are no numbers.
    return colors.tobytes() + bytes((255, 0, 255))


def _png(pixels: npt.NDArray[np.uint8], palette: bytes) -> str:
    """A palette image (PNG, ISO 15948) as a data URI."""
    height, width = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    data = b"\x89PNG\r\n\x1a\n"
    for kind, body in parts:
        data += struct.pack(">I", len(body)) + kind + body
        data += struct.pack(">I", zlib.crc32(kind + body))
    return "data:image/png;base64," + base64.b64encode(data).decode("ascii")


def _thinned(values: Array, rows: int, columns: int) -> Array:
    """(H, T) at most so large, each cell the mean of the values it stands for."""
    for axis, most in ((0, rows), (1, columns)):
        count = values.shape[axis]
        if count > most:
            edges = np.linspace(0, count, most + 1).astype(int)[:-1]
            sizes = np.diff(np.append(edges, count))
            shape = (-1, 1) if axis == 0 else (1, -1)
            values = np.add.reduceat(values, edges, axis=axis) / sizes.reshape(shape)
    return values


def picture(lanes: Mapping[str, Array], title: str) -> str:
    """An SVG of the lanes; each is (T, H), by its name, such as ``l0 fwd f``."""
    columns = 3
    width, height, gap, top = 200, 96, 26, 24
    shown = list(lanes.items())[:12]
    down = -(-len(shown) // columns)
    size = (columns * (width + 14), top + down * (height + gap))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" '
        f'viewBox="0 0 {size[0]} {size[1]}" font-family="sans-serif" font-size="11" role="img">',
        f'<rect width="100%" height="100%" fill="#fff"/><text x="4" y="15">{html.escape(title)}'
        "</text>",
    ]
    for number, (name, values) in enumerate(shown):
        x, y = 4 + number % columns * (width + 14), top + number // columns * (height + gap)
        is_gate = name.split()[-1] in _GATES
        cells = _thinned(np.asarray(values, dtype=np.float64).T, height // 2, width)
        finite = np.abs(cells[np.isfinite(cells)])
        reach = 1.0 if is_gate else max(1.0, float(finite.max(initial=0)))
        low = 0.0 if is_gate else -reach
        scaled = np.clip((cells - low) / (reach - low), 0, 1) * 254
        pixels = np.where(np.isfinite(cells), np.nan_to_num(scaled), 255).round().astype(np.uint8)
        image = _png(pixels, _palette(_ONE_SIDED if is_gate else _TWO_SIDED))
        limits = "0 … 1" if is_gate else f"±{reach:.3g}"
        parts.append(
            f'<text x="{x}" y="{y + 11}">{html.escape(name)}  {limits}</text>'
            f'<image x="{x}" y="{y + 15}" width="{width}" height="{height}" '
            'preserveAspectRatio="none" style="image-rendering:pixelated" '
            f'href="{image}"/>'
        )
    if len(lanes) > len(shown):
        parts.append(
            f'<text x="{size[0] - 8}" y="15" text-anchor="end">{len(shown)} of {len(lanes)}</text>'
        )
    return "".join(parts) + "</svg>"
