"""The same commands given to the Linux program and to the frozen Windows one, each with PCs of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DRIVE_C = "opt/prefix/drive_c"
PLACE = "Program Files/甘州 科创台账"
DATA = "users/张 三/Documents"


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


Program = LinuxProgram | WindowsProgram
