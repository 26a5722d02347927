"""What an office is given, used: part of .ci/long, which makes dist/ first."""

import hashlib
import os
import re
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ganzhou_desktop import __version__
from tests.windows.programs import DRIVE_C, LinuxProgram

ROOT = Path(__file__).resolve().parents[2]
DIST = Path(os.environ.get("GANZHOU_DIST", "") or ROOT / "dist")
NAME = f"ganzhou-desktop-{__version__}"
INSTALLED = r"C:\users\root\AppData\Local\Programs\甘州科创台账"
HOME = r"C:\users\root\AppData\Local\甘州科创台账"
UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\ganzhou-desktop"

pytestmark = pytest.mark.skipif(not os.environ.get("GANZHOU_DIST"), reason="dist/ is made and used by .ci/long")


class Pc:
    """A Windows PC that has never seen the program; `shared` is a stick, Z:\\w there."""

    def __init__(self, wine: Any, shared: Path) -> None:
        self.wine = wine
        self.shared = shared

    def run(self, *words: str, timeout: float = 240) -> Any:
        return self.wine.wine(*words, at="/w", apart=True, timeout=timeout)

    def has(self, windows_path: str) -> bool:
        inside = windows_path.replace("C:", f"/{DRIVE_C}").replace("Z:", "").replace("\\", "/")
        return bool(self.wine.run("test", "-e", inside).returncode == 0)

    def value(self, key: str, name: str = "") -> str:
        done = self.run("reg", "query", key, *(["/v", name] if name else ["/ve"]))
        found = re.search(r"REG_SZ\s+(.*)", done.stdout.decode("gbk", "replace"))
        return found[1].strip() if found else ""


@pytest.fixture
def pc(windows: ModuleType, tmp_path: Path, print_fonts_folder: Path) -> Iterator[Pc]:
    shares = {"w": tmp_path, "fonts": print_fonts_folder}
    env = {"GANZHOU_FONTS": r"Z:\fonts"}
    with windows.Session(shares=shares, read_only=("fonts",), env=env) as wine:
        wine.wine("reg", "add", r"HKCU\Environment", "/v", "QT_QPA_PLATFORM", "/d", "offscreen", "/f")
        wine.shell("wineserver -k; wineserver -w")
        yield Pc(wine, tmp_path)


@pytest.fixture
def release(windows: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module .ci/release.py."""
    monkeypatch.setitem(__import__("sys").modules, "windows", windows)
    found = util.spec_from_file_location("ganzhou_release", ROOT / ".ci" / "release.py")
    assert found is not None
    assert found.loader is not None
    module = util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def _until(what: str, found: Callable[[], bool], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end, what
        time.sleep(0.5)


def test_sums_and_licences() -> None:
    lines = (DIST / "SHA256SUMS.txt").read_text("utf-8").splitlines()
    named = dict(reversed(line.split("  ")) for line in lines)
    assert {f"{NAME}{end}" for end in ("-setup.exe", "-portable.zip", ".exe", ".cdx.json")} == set(named)
    for name, digest in named.items():
        assert hashlib.sha256((DIST / name).read_bytes()).hexdigest() == digest
    licences = {f.name for f in (DIST / "许可证").iterdir()}
    wanted = {
        "LGPL-3.0.txt",
        "GPL-3.0.txt",
        "Python.txt",
        "说明.txt",
        "图标.txt",
        "numpy",
        "pynacl",
        "sqlalchemy",
    }
    assert wanted <= licences
    listed = (DIST / f"{NAME}.cdx.json").read_text("utf-8")
    for part in ("PySide6", "SQLAlchemy", "numpy", "PyNaCl", "SQLite", "Python"):
        assert part.lower() in listed.lower()


def test_the_single_exe(pc: Pc) -> None:
    shutil.copy(DIST / f"{NAME}.exe", pc.shared / "单个 文件.exe")
    done = pc.run(r"Z:\w\单个 文件.exe", "--ready", "--shot", r"Z:\w\图.png")
    assert done.returncode == 0, done
    assert (pc.shared / "图.png").stat().st_size > 20_000
    assert pc.has(HOME)
    assert not pc.wine.shell(f"ls /{DRIVE_C}/users/root/AppData/Local/Temp | grep _MEI").text  # it cleans up


def test_the_portable_program_keeps_everything_beside_it(pc: Pc) -> None:
    with zipfile.ZipFile(DIST / f"{NAME}-portable.zip") as archive:
        archive.extractall(pc.shared / "U 盘")
    folder = pc.shared / "U 盘" / "甘州科创台账"
    assert (folder / "便携模式.txt").exists()
    done = pc.run(r"Z:\w\U 盘\甘州科创台账\ganzhou-desktop.exe", "--ready", "--shot", r"Z:\w\图.png")
    assert done.returncode == 0, done
    assert (folder / "数据" / "ledgers" / "甘州区汇总台账.gzdb").exists()
    assert list((folder / "数据" / "keys").iterdir())
    assert not pc.has(HOME)
    assert not pc.has(r"C:\users\root\Documents\甘州科创台账")


def test_setup_installed_started_upgraded_removed(pc: Pc, release: ModuleType) -> None:
    # An older version, with a file that the newer one no longer has.
    stage = release.windows.WORK / "stage-old"
    shutil.rmtree(stage, ignore_errors=True)
    shutil.copytree(DIST / "ganzhou-desktop", stage)
    (stage / "_internal" / "旧 文件.dll").write_bytes(b"old")
    release.make_setup(stage, pc.shared / "old.exe", "0.0.9")
    shutil.rmtree(stage)
    assert pc.run(r"Z:\w\old.exe", "/S").returncode == 0
    assert pc.has(rf"{INSTALLED}\_internal\旧 文件.dll")
    assert pc.value(UNINSTALL, "DisplayVersion") == "0.0.9"
    program = rf"{INSTALLED}\ganzhou-desktop.exe"
    assert pc.run(program, "--ready", "--shot", r"Z:\w\1.png").returncode == 0
    ledger = r"C:\users\root\Documents\甘州科创台账\甘州区汇总台账.gzdb"
    assert pc.has(ledger)
    pc.wine.shell(f"echo mine > '/{DRIVE_C}/users/root/AppData/Local/Programs/甘州科创台账/我的.txt'")

    # The newer one over it.
    shutil.copy(DIST / f"{NAME}-setup.exe", pc.shared / "new.exe")
    assert pc.run(r"Z:\w\new.exe", "/S").returncode == 0
    assert not pc.has(rf"{INSTALLED}\_internal\旧 文件.dll")
    assert pc.has(rf"{INSTALLED}\许可证\说明.txt")
    assert pc.value(UNINSTALL, "DisplayVersion") == __version__
    assert pc.run(program, "--shot", r"Z:\w\2.png").returncode == 0
    for link in (r"C:\users\root\Desktop", r"C:\users\root\AppData\Roaming\Microsoft\Windows\Start Menu\Programs"):
        assert pc.has(rf"{link}\甘州科创台账.lnk")

    # A ledger is opened by double click, and while the program runs nothing is replaced.
    for key in (".gzdb", "ganzhou.ledger"):  # Wine 10 looks for them in the machine's part only; Windows in both
        own, machine = rf"HKCU\Software\Classes\{key}", rf"HKLM\Software\Classes\{key}"
        assert pc.run("reg", "copy", own, machine, "/s", "/f").returncode == 0
    pc.run("start", ledger)
    _until("the program runs", lambda: pc.has(rf"{HOME}\running.lock"))
    busy = pc.run(r"Z:\w\new.exe", "/S")
    assert busy.returncode == 5, busy
    pc.wine.shell("wineserver -k; wineserver -w")

    # Removed: the program is gone, what belongs to the person stays.
    assert pc.run(rf"{INSTALLED}\卸载.exe", "/S").returncode == 0
    _until("it is removed", lambda: not pc.has(program))
    time.sleep(2)
    left = pc.wine.shell(
        f"cd '/{DRIVE_C}/users/root/AppData/Local/Programs/甘州科创台账' && find . -type f"
    ).text.split()
    assert left == ["./我的.txt"]
    assert pc.has(ledger)
    assert pc.has(rf"{HOME}\keys")
    assert not pc.has(r"C:\users\root\Desktop\甘州科创台账.lnk")
    assert pc.value(UNINSTALL, "DisplayVersion") == ""
    assert pc.value(r"HKCU\Software\Classes\.gzdb") == ""


def test_the_ledger_of_windows_is_read_on_linux(pc: Pc) -> None:
    """The default place of ledgers and keys on Windows."""
    shutil.copytree(DIST / "ganzhou-desktop", pc.shared / "程序")
    assert pc.run(r"Z:\w\程序\ganzhou-desktop.exe", "--ready", "--shot", r"Z:\w\1.png").returncode == 0
    pc.wine.shell(f"cp '/{DRIVE_C}/users/root/Documents/甘州科创台账/甘州区汇总台账.gzdb' /w/台账.gzdb")
    assert LinuxProgram(pc.shared).cli("verify", pc.shared / "台账.gzdb")["ok"]
