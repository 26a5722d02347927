"""The same commands given to the Linux program and to the frozen Windows one, each with PCs of its own."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DRIVE_C = "opt/prefix/drive_c"
PLACE = "Program Files/甘州 科创台账"
DATA = "users/张 三/Documents"
LONG = pytest.mark.skipif(not os.environ.get("GANZHOU_LONG"), reason="slow; .ci/long does it")


def _read(words: Sequence[object], code: int, out: str, err: str) -> Any:
    assert code == 0, (words, code, out, err)
    assert out.endswith("\n"), out
    assert out.count("\n") == 1, out
    return json.loads(out)


class LinuxProgram:
    """The program as this checkout has it, as if it were frozen: a process of its own each time."""

    def __init__(self, data: Path, home: str = "home-linux") -> None:
        self.data = data
        self._home = home

    def cli(self, *words: object) -> Any:
        """One command that must succeed; files of `data` are given by Path."""
        command = [sys.executable, "-m", "ganzhou_desktop.cli", *map(str, words), "--json"]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "GANZHOU_HOME": str(self.data / self._home)}
        done = subprocess.run(command, env=env, capture_output=True, check=False)
        return _read(words, done.returncode, done.stdout.decode(), done.stderr.decode())


class WindowsProgram:
    """The frozen program under Wine; `data` is the clerk's folder on this side and C:\\users\\张 三\\Documents there."""

    def __init__(self, wine: Any, data: Path, home: str = "home-windows") -> None:
        self.wine = wine
        self.data = data
        self._home = home
        self.at = f"/{DRIVE_C}/{PLACE}"

    @classmethod
    def opened(
        cls, windows: ModuleType, bundle: Path, data: Path, fonts: Path, *, read_only: bool = True, screen: str = ""
    ) -> "Iterator[WindowsProgram]":
        place = f"{DRIVE_C}/{PLACE}"
        shares = {place: bundle, f"{DRIVE_C}/{DATA}": data, "fonts": fonts}
        read = (place, "fonts") if read_only else ("fonts",)
        env = {"GANZHOU_FONTS": r"Z:\fonts"}
        with windows.Session(shares=shares, read_only=read, screen=screen, env=env) as wine:
            yield cls(wine, data)

    def named(self, word: object) -> str:
        """A file as Windows names it; other words as they are."""
        if isinstance(word, Path):
            inside = word.relative_to(self.data).as_posix().replace("/", "\\")
            return "C:\\" + DATA.replace("/", "\\") + "\\" + inside
        return str(word)

    def env(self, **more: str) -> dict[str, str]:
        return {"GANZHOU_HOME": self.named(self.data / self._home), **more}

    def run(self, exe: str, *words: object, env: dict[str, str] | None = None, timeout: float = 120) -> Any:
        """Run one of the two programs; what it did."""
        named = [self.named(word) for word in words]
        return self.wine.wine(exe, *named, env=self.env(**(env or {})), at=self.at, apart=True, timeout=timeout)

    def without_a_screen(self) -> None:
        """Qt paints into memory from now on. Wine keeps variables QT_… to itself: this is where Windows keeps its own."""
        done = self.wine.wine("reg", "add", r"HKCU\Environment", "/v", "QT_QPA_PLATFORM", "/d", "offscreen", "/f")
        assert done.returncode == 0, done
        self.wine.shell("wineserver -k; wineserver -w")

    def cli(self, *words: object) -> Any:
        """One command that must succeed."""
        done = self.run("ganzhou-cli.exe", *words, "--json")
        return _read(words, done.returncode, done.text, done.complaints)


def until(what: str, found: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end, what
        time.sleep(0.3)


class Person:
    """Somebody at the screen of a PC, with the program running: sees titles of windows, clicks, types."""

    IDLE = (700, 58)
    """A place where nothing is, on every page of a screen of 1366x768."""

    def __init__(self, program: WindowsProgram, *words: object) -> None:
        self.program = program
        self.running = self._start(words)
        # The keyboard goes to Wine's desktop only once somebody asked for it.
        self.settled()
        program.wine.shell("xdotool search --name 'Wine' windowfocus %1; sleep 1")

    def _start(self, words: tuple[object, ...]) -> Any:
        program = self.program
        named = [program.named(word) for word in words]
        running = program.wine.start("wine", "ganzhou-desktop.exe", *named, env=program.env(), at=program.at)
        until("a window", lambda: "甘州科创台账" in self.titles())
        return running

    def titles(self) -> str:
        """The titles of the windows that can be seen."""
        return str(
            self.program.wine.run("xdotool", "search", "--onlyvisible", "--name", ".", "getwindowname", "%@").text
        )

    def settled(self, seconds: float = 15) -> None:
        """Wait until the screen stays as it is: a busy machine takes its time."""
        end, before = time.monotonic() + seconds, ""
        while time.monotonic() < end:
            now = self.program.wine.shell("sleep 0.4; import -window root rgb:- | md5sum").text
            if now == before:
                return
            before = now

    def click(self, place: tuple[int, int]) -> None:
        self.program.wine.run("xdotool", "mousemove", str(place[0]), str(place[1]), "click", "1")
        self.settled()

    def press(self, key: str) -> None:
        self.program.wine.run("xdotool", "key", key)
        self.settled()

    def type(self, text: str) -> None:
        self.program.wine.run("xdotool", "type", "--delay", "60", text)

    def name_file(self, name: str) -> None:
        """Give a name in the system's dialog and close it."""
        self.press("ctrl+a")
        self.type(name)
        self.press("Return")

    def leave(self) -> None:
        """Alt+F4, and the program ends."""
        self.program.wine.run("xdotool", "key", "alt+F4")
        until("the program ends", lambda: self.running.poll() is not None)
        assert self.running.returncode == 0


def as_a_stick(bundle: Path, folder: Path) -> Path:
    """The program's folder once more, linked where it can be: files may be added and taken away, not written into."""

    def link(source: str, target: str) -> str:
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)
        return target

    return Path(shutil.copytree(bundle, folder, copy_function=link))


Program = LinuxProgram | WindowsProgram
