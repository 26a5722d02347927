"""The frozen Windows programs under Wine, on a screen that is looked at like the others."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import dev
from tests.bench.common import ROOT, Place
from tests.bench.screens import HEIGHT, WIDTH, XVFB, Screen

_AT = "opt/prefix/drive_c/bench"


class WindowsProgram:
    """One frozen program in a Windows of its own."""

    def __init__(self, exe: str, wine: Any) -> None:
        self._exe = exe
        self._wine = wine

    def start(self) -> "subprocess.Popen[bytes]":
        env = {"GANZHOU_HOME": r"Z:\w\home", "GANZHOU_FONTS": r"Z:\fonts"}
        started: subprocess.Popen[bytes] = self._wine.start("wine", self._exe, r"Z:\w\demo.gzdb", env=env, at=f"/{_AT}")
        return started

    def stop(self, program: "subprocess.Popen[bytes]") -> None:
        """Ending the Linux side alone would leave the program running; a one-file program is two processes."""
        for _ in range(10):
            if self._wine.wine("taskkill", "/f", "/im", self._exe).returncode:
                break
        program.wait(20)


def _module() -> ModuleType:
    found = importlib.util.spec_from_file_location("ganzhou_windows", ROOT / ".ci" / "windows.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["ganzhou_windows"] = module
    found.loader.exec_module(module)
    return module


@contextmanager
def opened(kind: str, place: Place) -> Iterator[tuple[WindowsProgram | None, Screen | None, str]]:
    """The folder program or the one file, with a copy of the demo ledger; or why there is none."""
    windows = _module()
    if os.geteuid() != 0 or not windows.python_folder().exists():
        yield None, None, "这里没有 Wine 的工具链（要 root；先执行 python3 .ci/windows.py toolchain），没有量"
        return
    made = windows.freeze(kind)
    fonts = dev.fonts_folder()
    with tempfile.TemporaryDirectory(dir=place.folder) as name:
        shared = Path(name)
        (shared / "screen").mkdir()
        shutil.copy(place.ledger, shared / "demo.gzdb")
        bundle = made / windows.FOLDER_NAME if kind == "folder" else made
        shares = {_AT: bundle, "w": shared, "fonts": fonts}
        with windows.Session(shares=shares, read_only=(_AT, "fonts"), env={"DISPLAY": windows.SCREEN}) as wine:
            wine.start("Xvfb", windows.SCREEN, "-fbdir", "/w/screen", *XVFB)
            frames = shared / "screen" / "Xvfb_screen0"
            until = time.monotonic() + 20
            while not frames.exists() and time.monotonic() < until:
                time.sleep(0.1)
            key = r"HKCU\Software\Wine\Explorer"
            wine.wine("reg", "add", key, "/v", "Desktop", "/d", "Default", "/f")
            wine.wine("reg", "add", key + r"\Desktops", "/v", "Default", "/d", f"{WIDTH}x{HEIGHT}", "/f")
            wine.run("wineserver", "-k")
            # A PC whose desktop is there already: it stays while a program with a window does.
            wine.start("wine", "notepad")
            screen = Screen(shared / "screen")
            screen.settle()
            (exe,) = [file.name for file in bundle.glob("*.exe") if "cli" not in file.name]
            yield WindowsProgram(exe, wine), screen, ""
