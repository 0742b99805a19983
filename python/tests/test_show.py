"""The screen on a real pseudo-terminal, from a Python process of its own."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time

import pytest

import gatescope


class Session:
    """A Python that runs some code on a pseudo-terminal of 100 by 30, and what it shows."""

    def __init__(self, code):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        self.output = b""
        variables = {**os.environ, "TERM": "xterm-256color", "COLORTERM": ""}
        self.process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=slave, stdout=slave, stderr=slave,
            env=variables, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def wait(self, text, seconds=60):
        """Reads until the text has come; what came before it counts no more."""
        end = time.monotonic() + seconds
        while text not in self.output:
            if time.monotonic() > end or not self._read(end):
                raise AssertionError(f"{text!r} did not come: {self.output[-2000:]!r}")
        self.output = self.output.split(text, 1)[1]

    def _read(self, end):
        ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
        try:
            data = os.read(self.master, 65536) if ready else b""
        except OSError:
            data = b""
        self.output += data
        return data

    def type(self, keys):
        os.write(self.master, keys)

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def session():
    sessions = []

    def start(code):
        sessions.append(Session(code))
        return sessions[-1]

    yield start
    for one in sessions:
        one.close()


def test_back_at_the_prompt_after_q(session, reber):
    code = (
        "import gatescope\n"
        f"gatescope.show({reber!r}, text='BTSSXXTVVE')\n"
        "print('again ' + input('>>'))\n"
    )
    one = session(code)
    one.wait(b"candidate")
    one.type(b"l")
    one.type(b"q")
    one.wait(b">>")
    # The terminal is as it was: lines are edited and echoed again.
    assert termios.tcgetattr(one.slave)[3] == one.before[3]
    one.type(b"yes\r")
    one.wait(b"again yes")


def test_a_live_module_and_a_trace(session):
    pytest.importorskip("torch", reason="torch is not installed: live modules are not tested")
    code = (
        "import torch, gatescope\n"
        "lstm, x = torch.nn.LSTM(8, 16), torch.randn(50, 1, 8)\n"
        "gatescope.show(lstm, x)\nprint('live done')\n"
        "gatescope.show(gatescope.trace(lstm, x))\nprint('trace done')\n"
    )
    one = session(code)
    one.wait(b"candidate")
    one.type(b"l")
    one.type(b"q")
    one.wait(b"live done")
    one.wait(b"candidate")
    one.type(b"q")
    one.wait(b"trace done")
    assert one.process.wait(30) == 0


def test_a_fault_is_an_exception(session, reber):
    code = (
        "import gatescope\n"
        "try:\n"
        f"    gatescope.show({reber!r}, text='BTQ')\n"
        "except gatescope.GatescopeError as error:\n    print('caught', error)\n"
    )
    session(code).wait(b'caught --text: "Q" at position 2')


def test_without_a_terminal(reber, monkeypatch):
    monkeypatch.setattr(os, "isatty", lambda _: False)
    with pytest.raises(gatescope.GatescopeError, match="show needs a terminal"):
        gatescope.show(reber, text="BTX")
