"""What the tests share. They run from a checkout: the program of a build, the demos beside it."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("KERAS_BACKEND", "torch")

from gatescope._program import find_program

DEMOS = Path(__file__).parents[2] / "demos"


def pytest_sessionstart(session):
    # Without the program nothing here says anything; it fails rather than skips.
    find_program()


@pytest.fixture
def reber():
    return str(DEMOS / "reber" / "model.safetensors")
