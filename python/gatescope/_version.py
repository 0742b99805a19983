"""The version, which stands in the file VERSION of the project alone.

A checkout reads it there; ``scripts/wheel`` writes a copy beside this file.
"""

from pathlib import Path


def _read() -> str:
    for place in (Path(__file__).parent / "VERSION", Path(__file__).parents[2] / "VERSION"):
        if place.is_file():
            return place.read_text(encoding="utf-8").strip()
    return "0"


VERSION = _read()
