"""What can go wrong, said in one line."""

from __future__ import annotations


class GatescopeError(Exception):
    """What the program, or this package, found wrong; its text is the line that says so."""


class ProgramMissing(GatescopeError):
    """The program is not on this machine."""


class GatescopeWarning(UserWarning):
    """What the program said though it went on, such as a guess it made while reading a model."""
