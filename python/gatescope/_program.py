"""Finds the program, runs it, and turns its last line into an exception."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from ._errors import GatescopeError, GatescopeWarning, ProgramMissing

_PACKED = Path(__file__).parent / "program"


def _is_program(path: Path) -> bool:
    """Whether that can be run and is no script, such as this package's own console script."""
    if not path.is_file() or not os.access(path, os.X_OK):
        return False
    with path.open("rb") as file:
        return file.read(2) != b"#!"


def find_program() -> Path:
    """Where the program is: as ``GATESCOPE_PROGRAM`` says, in the wheel, in a checkout, on PATH.

    Raises:
        ProgramMissing: where there is none; the line names this machine.
    """
    given = os.environ.get("GATESCOPE_PROGRAM")
    if given:
        if not _is_program(Path(given)):
            raise ProgramMissing(f"GATESCOPE_PROGRAM: {given} is no program on {platform.node()}")
        return Path(given)
    checkout = Path(__file__).parents[2] / ".build"
    places = [_PACKED / "bin" / "gatescope"]
    places += [checkout / kind / "gatescope" for kind in ("release", "debug")]
    places += [Path(folder) / "gatescope" for folder in os.get_exec_path()]
    for place in places:
        if _is_program(place):
            return place
    raise ProgramMissing(
        f"the program gatescope is not on {platform.node()}; install the wheel that carries it "
        "there, or set GATESCOPE_PROGRAM to it"
    )


def environment() -> dict[str, str]:
    """The environment of the program: terminals that the system does not know are in the wheel."""
    variables = dict(os.environ)
    terminals = _PACKED / "share" / "terminfo"
    if terminals.is_dir():
        # An empty entry stands for the system's own places, which come first.
        variables["TERMINFO_DIRS"] = f"{variables.get('TERMINFO_DIRS', '')}:{terminals}"
    return variables


def line_of(stderr: str) -> str:
    """What the program said last, without the word before it."""
    lines = [line for line in stderr.replace("\r", "\n").splitlines() if line.strip()]
    start = next((n for n, line in enumerate(lines) if line.startswith("Error: ")), None)
    text = "\n".join(lines if start is None else lines[start:])
    return text.removeprefix("Error: ").strip()


def run(arguments: Sequence[str]) -> str:
    """Runs the program without a screen and gives back what it printed.

    Raises:
        GatescopeError: with the program's own line, where it ended with a failure.
    """
    done = subprocess.run(
        [find_program(), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env=environment(),
    )
    if done.returncode != 0:
        raise GatescopeError(line_of(done.stderr) or f"gatescope ended with {done.returncode}")
    for line in done.stderr.splitlines():
        if line.strip():
            warnings.warn(line.removeprefix("Warning: "), GatescopeWarning, stacklevel=3)
    return done.stdout


def run_on_terminal(arguments: Sequence[str]) -> None:
    """Runs the program on this process's terminal, until the person quits it.

    The terminal's modes are put back however the program ends, and an interrupt typed on the
    screen is the program's, not the session's.
    """
    import signal
    import tempfile
    import termios
    import threading

    if not (sys.__stdin__ and sys.__stdout__ and os.isatty(0) and os.isatty(1)):
        raise GatescopeError(
            "show needs a terminal, and this is none (a notebook, a pipe); trace(…) records "
            "without a screen, and a notebook draws what it returns"
        )
    program = find_program()
    sys.stdout.flush()
    modes = termios.tcgetattr(0)
    is_main = threading.current_thread() is threading.main_thread()
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN) if is_main else None
    try:
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                [program, *arguments],
                stderr=said,
                env=environment(),
                # Ignored signals are handed on; the program shall have its own Ctrl-C.
                restore_signals=True,
                preexec_fn=_take_interrupts if is_main else None,
            )
            code = process.wait()
            said.seek(0)
            text = said.read().decode("utf-8", "replace")
    finally:
        if is_main:
            signal.signal(signal.SIGINT, previous)
        termios.tcsetattr(0, termios.TCSADRAIN, modes)
    if code != 0:
        raise GatescopeError(line_of(text) or f"gatescope ended with {code}")
    if text.strip():
        print(text.rstrip(), file=sys.stderr)


def _take_interrupts() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)


def main() -> None:
    """``python -m gatescope`` and the console script: becomes the program itself."""
    try:
        program = find_program()
    except ProgramMissing as error:
        sys.exit(f"Error: {error}")
    os.execve(program, ["gatescope", *sys.argv[1:]], environment())


def copied(source: Path, destination: Path) -> None:
    """Copies a file so that the other is there whole or not at all."""
    waiting = destination.with_name(f".{destination.name}.{os.getpid()}")
    try:
        shutil.copyfile(source, waiting)
        waiting.replace(destination)
    except OSError as error:
        waiting.unlink(missing_ok=True)
        raise GatescopeError(f"{destination}: cannot be written: {error.strerror}") from error
