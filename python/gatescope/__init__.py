"""Gatescope, an oscilloscope for the gates of recurrent networks, from Python.

``show(module, x)`` opens the screen, ``trace(module, x)`` records arrays, ``verify(module, x)``
says how far they are from the framework's, ``info(file)`` what is in a model file.
``trace_many``, ``gatescope.dask`` and ``gatescope.spark`` trace corpora. The engine is the
program ``gatescope``, which the wheel carries; ``python -m gatescope`` runs it.
"""

from ._corpus import trace_many
from ._errors import GatescopeError, GatescopeWarning, ProgramMissing
from ._record import Verification, info, show, trace, verify
from ._trace import Direction, Layer, Trace
from ._trace import open_trace as open
from ._version import VERSION as __version__

__all__ = [
    "Direction",
    "GatescopeError",
    "GatescopeWarning",
    "Layer",
    "ProgramMissing",
    "Trace",
    "Verification",
    "__version__",
    "info",
    "open",
    "show",
    "trace",
    "trace_many",
    "verify",
]
