"""The program on a pseudo-terminal: how long until its first frame, how long and how many bytes a key takes."""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import tempfile
import termios
import time

import models
from turns import PROGRAM, Called, installed, take_turns

COLUMNS, ROWS = 200, 50
PRODUCTS = []


class Terminal:
    def __init__(self, arguments):
        self.start = time.perf_counter()
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execv(PROGRAM, [str(PROGRAM), *map(str, arguments)])
        self.received = b""

    def read(self, seconds):
        """Whether something came."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            self.received += os.read(self.master, 1 << 20)
        except OSError:
            return False
        return True

    def until(self, mark, seconds=60):
        while mark not in self.received:
            if not self.read(seconds):
                sys.exit(f"{PROGRAM}: nothing came within {seconds} s")

    def close(self):
        os.kill(self.pid, signal.SIGTERM)
        while self.read(5):
            pass
        os.close(self.master)
        os.waitpid(self.pid, 0)


def first_frame(arguments):
    """Milliseconds from the start to the footer of the first frame."""
    terminal = Terminal(arguments)
    terminal.until(b"step 0")
    taken = (time.perf_counter() - terminal.start) * 1e3
    terminal.close()
    return taken


def cases(folder, wanted):
    demos = ["reber", "shakespeare"]
    found = {name: ["demo", name] for name in demos}
    if installed({"numpy": ["numpy"]}):
        small, large = models.write_model(folder, 256), models.write_model(folder, 2000)
        text, long = (models.write_text(f"{folder}/text{n}", n) for n in (60_000, 1_000_000))
        found |= {"64 MB model": ["open", *large, *text], "1 M characters": ["open", *small, *long]}
    return {name: arguments for name, arguments in found.items() if not wanted or name in wanted}


def measure_open(report, wanted):
    report.section(f"from the start to the first frame, {COLUMNS}×{ROWS}", "ms")
    with tempfile.TemporaryDirectory() as folder:
        for name, arguments in cases(folder, wanted).items():
            engine = Called(lambda: first_frame(arguments))
            report.row("open", name, take_turns({"ours": engine}, rounds=15))


def measure_frames(report, wanted):
    """Forty steps from the first in each view; a frame is over when nothing has come for 30 ms."""
    report.section(f"a step to the right, {COLUMNS}×{ROWS}, 24 bits: until its last byte", "ms")
    for name in wanted or ["reber", "tang", "shakespeare"]:
        terminal = Terminal(["demo", name])
        terminal.until(b"step 0")
        for view in "123456":
            os.write(terminal.master, b"g" + view.encode())
            while terminal.read(0.5):
                pass
            times, counts = [], []
            for _ in range(40):
                terminal.received = b""
                start = last = time.perf_counter()
                os.write(terminal.master, b"l")
                while terminal.read(0.03):
                    last = time.perf_counter()
                times.append((last - start) * 1e3)
                counts.append(len(terminal.received))
            report.row("frames", f"{name} {view}", {"ours": times, "bytes": counts})
        terminal.close()
