"""A screen that is looked at from outside: Xvfb keeps its picture in a file, which is read here."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

WIDTH, HEIGHT = 1366, 768
XVFB = ("-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp", "-nocursor")
_LOOK = 0.005
"""Seconds between two looks: the error of every figure."""
_REST = 1.5
"""A picture that stays as it is for so many seconds is complete."""
_SHARE = 0.08
"""A window covers at least this share of the screen: Anki's first one is 400 × 300."""


class NoWindow(Exception):
    """A program showed no window."""


@dataclass(frozen=True)
class Seen:
    """Seconds from the start of a process to its window painted, and to the last change of the picture."""

    painted: float
    complete: float


class Screen:
    """The picture of an Xvfb that was started with `-fbdir` and this folder."""

    def __init__(self, folder: Path) -> None:
        file: Any = np.memmap(folder / "Xvfb_screen0", dtype=np.uint8, mode="r")
        self._pixels = file[-WIDTH * HEIGHT * 4 :].view(np.uint32).reshape(HEIGHT, WIDTH)

    def look(self) -> Any:
        """Every third pixel both ways."""
        return np.array(self._pixels[::3, ::3])

    def settle(self, patience: float = 10) -> None:
        """Wait until nothing changes any more."""
        until = time.monotonic() + patience
        last, since = self.look(), time.monotonic()
        while time.monotonic() - since < _REST and time.monotonic() < until:
            time.sleep(0.05)
            picture = self.look()
            if not np.array_equal(picture, last):
                last, since = picture, time.monotonic()

    def watch(self, start: Callable[[], "subprocess.Popen[bytes]"], patience: float = 90) -> Seen:
        """Start a program and look until its window has come to rest; raises NoWindow when none comes."""
        before = last = self.look()
        began = time.monotonic()
        program = start()
        painted = changed = 0.0
        while True:
            now = time.monotonic() - began
            picture = self.look()
            if not np.array_equal(picture, last):
                changed, last = now, picture
                if not painted and np.mean(picture != before) > _SHARE:
                    painted = now
            if painted and (now - changed > _REST or now > patience):
                return Seen(painted, changed)
            if now > patience or program.poll() is not None:
                raise NoWindow(f"{now:.0f} 秒内没有出现窗口（退出码 {program.poll()}）")
            time.sleep(_LOOK)


@contextmanager
def own_screen(folder: Path) -> Iterator[tuple[Screen, str]]:
    """An Xvfb of this machine, and the name of its display."""
    command = ["Xvfb", "-displayfd", "1", "-fbdir", str(folder), *XVFB]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None
        try:
            display = f":{server.stdout.readline().decode().strip()}"  # it is up now
            yield Screen(folder), display
        finally:
            server.terminate()


def end(program: "subprocess.Popen[bytes]", patience: float = 5) -> None:
    """End a program that was started in a session of its own, with all it started: LibreOffice's first process is not
    the one with the window, and a start that finds an old one hands over to it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        until = time.monotonic() + patience
        with suppress(ProcessLookupError):
            os.killpg(program.pid, number)
            while time.monotonic() < until:
                program.poll()
                os.killpg(program.pid, 0)
                time.sleep(0.02)
            continue
        break
    program.wait()


def forget_files() -> bool:
    """Drop the system's cache of files, as after switching on; False where that is not allowed."""
    os.sync()
    try:
        Path("/proc/sys/vm/drop_caches").write_text("3", "ascii")
    except OSError:
        return False
    return True
