"""Finds and kills the process that traces, for the tests of what is run again."""

import os
import signal
import threading
import time
from pathlib import Path


def _parents():
    """Each process's parent."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            found[int(entry.name)] = int(fields[1])
    return found


def _descends(pid, parents):
    while pid in parents:
        if pid == os.getpid():
            return True
        pid = parents[pid]
    return False


def _tracer():
    """The process below this one that has started the program on a part of a corpus."""
    parents = _parents()
    for pid, parent in parents.items():
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        is_part = len(command) > 1 and command[1] == b"trace" and b"gatescope" in command[0]
        if is_part and parent != os.getpid() and _descends(pid, parents):
            return parent
    return None


class KillOne(threading.Thread):
    """Kills the first worker that is in the middle of a part, and says which it was."""

    def __init__(self, parts=3):
        super().__init__(daemon=True)
        self.killed = None
        self.parts = parts

    def run(self):
        end = time.monotonic() + 120
        seen = set()
        while time.monotonic() < end:
            pid = _tracer()
            if pid is not None:
                seen.add((pid, time.monotonic() // 0.05))
            if pid is not None and len(seen) >= self.parts:
                os.kill(pid, signal.SIGKILL)
                self.killed = pid
                return
            time.sleep(0.002)
