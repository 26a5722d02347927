"""Odd places and bad luck on Windows: a stick that is write-protected, deep folders, a scanner, damaged settings, formats."""

import gzip
import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import docx
import openpyxl
import pytest
from pypdf import PdfReader

from tests.windows.programs import DRIVE_C, LinuxProgram, WindowsProgram, as_a_stick, until

ROOT = Path(__file__).resolve().parents[2]
V1 = ROOT / "tests" / "ledgers" / "v1" / "office.gzdb.gz"
EXE, CLI = "ganzhou-desktop.exe", "ganzhou-cli.exe"
PERIOD = "2018Q1"


@pytest.fixture(scope="module")
def unseen(program: WindowsProgram) -> WindowsProgram:
    program.without_a_screen()
    LinuxProgram(program.data).cli("demo", program.data / "演示.gzdb")
    return program


# -- a stick -------------------------------------------------------------------------------------------------


def _all_of(folder: Path) -> dict[str, str]:
    return {
        str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in folder.rglob("*") if f.is_file()
    }


def _on_a_pc(
    windows: ModuleType, stick: Path, letter: str, out: Path, fonts: Path, *, read_only: bool
) -> Iterator[Any]:
    """A PC that has never seen the program, the stick in it."""
    shares = {letter: stick, "out": out, "fonts": fonts}
    keep = (letter, "fonts") if read_only else ("fonts",)
    with windows.Session(shares=shares, read_only=keep, env={"GANZHOU_FONTS": r"Z:\fonts"}) as wine:
        wine.wine("reg", "add", r"HKCU\Environment", "/v", "QT_QPA_PLATFORM", "/d", "offscreen", "/f")
        wine.shell("wineserver -k; wineserver -w")
        yield wine


def test_a_portable_program_also_from_a_write_protected_stick(
    windows: ModuleType, bundle: Path, tmp_path: Path, print_fonts_folder: Path, pictures: Path
) -> None:
    stick, out = tmp_path / "stick", tmp_path / "out"
    out.mkdir()
    folder = as_a_stick(bundle, stick / "甘州 科创台账")
    (folder / "便携模式.txt").write_text("", "utf-8")
    data = folder / "数据"
    for wine in _on_a_pc(windows, stick, "e", out, print_fonts_folder, read_only=False):
        done = wine.wine(r"Z:\e\甘州 科创台账\ganzhou-desktop.exe", "--ready", "--shot", r"Z:\out\1.png", apart=True)
        assert done.returncode == 0, done
        assert not wine.shell(f"ls -d /{DRIVE_C}/users/root/AppData/Local/甘州科创台账").text.endswith("甘州科创台账\n")
    ledger = data / "ledgers" / "甘州区汇总台账.gzdb"
    assert ledger.exists()
    assert list((data / "keys").iterdir())
    assert (data / "preferences.json").exists()

    # Another PC, another letter, and the switch of the stick is on "locked".
    before = _all_of(data)
    for wine in _on_a_pc(windows, stick, "f", out, print_fonts_folder, read_only=True):
        program = r"Z:\f\甘州 科创台账\ganzhou-desktop.exe"
        done = wine.wine(program, "--shot", r"Z:\out\2.png", apart=True)
        assert done.returncode == 0, done
        temporary = f"/{DRIVE_C}/users/root/AppData/Local/Temp/甘州科创台账-log/ganzhou.log"
        assert "opened for reading only" in wine.shell(f"cat '{temporary}'").text
        cli = r"Z:\f\甘州 科创台账\ganzhou-cli.exe"
        printed = wine.wine(cli, "matrix", r"Z:\f\甘州 科创台账\数据\ledgers\甘州区汇总台账.gzdb", apart=True)
        assert printed.returncode in (0, 3), printed
        # A second window: each stands alone, none waits for the other.
        first = wine.start("wine", program)
        second = wine.start("wine", program)
        time.sleep(8)
        assert first.poll() is None
        assert second.poll() is None
    assert _all_of(data) == before
    (pictures / "read-only-stick.png").write_bytes((out / "2.png").read_bytes())
    assert (out / "2.png").stat().st_size > 20_000


# -- names and folders ---------------------------------------------------------------------------------------


def test_deep_folders_with_spaces_and_chinese(unseen: WindowsProgram, pictures: Path) -> None:
    """The user's own folder is `张 三`; names of a folder may have 255 bytes on the disk below Wine."""
    folder = unseen.data
    while len(unseen.named(folder)) < 300:
        folder = folder / "二〇一八年 第一季度 各单位 报来的台账 副本"
    folder.mkdir(parents=True)
    ledger = folder / ("很长的台账名字" * 10 + " (1).gzdb")
    assert len(unseen.named(ledger)) > 360
    made = unseen.cli("new", "--office", ledger)
    assert made["recovery"]
    unseen.cli("period", ledger, PERIOD, "--open")
    unseen.cli("hand-out", ledger, "区科技局", folder / "下发 副本.gzcopy")
    unit = folder / "单位 台账.gzdb"
    unseen.cli("join", folder / "下发 副本.gzcopy", unit)
    unseen.cli("export", unit, folder / "上报.gzcopy")
    unseen.cli("matrix", ledger, folder / "矩阵 表.pdf")
    assert "区科技局" in "".join(PdfReader(folder / "矩阵 表.pdf").pages[0].extract_text().split())
    shot = folder / "图.png"
    done = unseen.run(EXE, ledger, "--shot", shot)
    assert done.returncode == 0, done
    (pictures / "deep-folder.png").write_bytes(shot.read_bytes())
    assert unseen.cli("verify", ledger)["ok"]
    near = unseen.data / "近处.gzdb"
    near.write_bytes(unit.read_bytes())  # SQLite on Linux takes 512 bytes of path
    assert LinuxProgram(unseen.data).cli("verify", near)["ok"]


def test_a_path_as_windows_takes_it_word_for_word(unseen: WindowsProgram) -> None:
    verbatim = "\\\\?\\" + unseen.named(unseen.data / "演示.gzdb")
    done = unseen.run(CLI, "verify", verbatim, "--json")
    assert done.returncode == 0, done
    assert json.loads(done.text)["ok"]


# -- a scanner -----------------------------------------------------------------------------------------------

SCANNER = r"""
import os, sys, time
folder, lets_go = sys.argv[1], sys.argv[2] == "lets go"
held = open(os.path.join(folder, "matrix.pdf"), "rb")
open(os.path.join(folder, "scanner ready"), "w").close()
end = time.monotonic() + 60
while time.monotonic() < end:
    if lets_go and any(name.endswith(".tmp") for name in os.listdir(folder)):
        time.sleep(1)
        break
    time.sleep(0.05)
"""
"""Holds a file as scanners do: nobody may delete or replace it; lets go a second after a new one lies beside it."""


def _held(program: WindowsProgram, folder: Path, way: str) -> Any:
    folder.mkdir()
    (folder / "matrix.pdf").write_bytes(b"%PDF-1.4 looked at")
    script = program.data / "scanner.py"
    script.write_text(SCANNER, "utf-8")
    words = [r"Z:\opt\python\python.exe", program.named(script), program.named(folder), way]
    running = program.wine.start("wine", *words, env={"PYTHONUTF8": "1"})
    until("the scanner runs", lambda: (folder / "scanner ready").exists())
    return running


def test_a_scanner_is_waited_for(unseen: WindowsProgram) -> None:
    folder = unseen.data / "扫描"
    scanner = _held(unseen, folder, "lets go")
    unseen.cli("matrix", unseen.data / "演示.gzdb", folder / "matrix.pdf")
    assert scanner.wait(30) == 0
    assert (folder / "matrix.pdf").stat().st_size > 10_000
    assert not list(folder.glob("*.tmp"))


def test_a_program_that_does_not_let_go_is_told_in_one_sentence(unseen: WindowsProgram) -> None:
    folder = unseen.data / "预览"
    scanner = _held(unseen, folder, "holds on")
    done = unseen.run(CLI, "matrix", unseen.data / "演示.gzdb", folder / "matrix.pdf")
    assert done.returncode == 3, done
    (sentence,) = done.complaints.strip().splitlines()
    assert "matrix.pdf" in sentence
    assert "正被别的程序打开" in sentence
    assert (folder / "matrix.pdf").read_bytes() == b"%PDF-1.4 looked at"
    assert not list(folder.glob("*.tmp"))
    scanner.kill()


# -- settings, formats, what the program says of itself ------------------------------------------------------


@pytest.mark.parametrize(
    "damaged",
    [b"\xff\xfe\x00 not json", b'{"scale": [1], "recent": 7, "window": {}}', b'{"recent": [{"path": "\\u0000"}]}'],
    ids=["bytes", "types", "values"],
)
def test_damaged_settings_never_stop_the_start(unseen: WindowsProgram, damaged: bytes) -> None:
    home = unseen.data / "home-damaged"
    home.mkdir(exist_ok=True)
    (home / "preferences.json").write_bytes(damaged)
    shot = unseen.data / "设置坏了.png"
    shot.unlink(missing_ok=True)
    done = unseen.run(EXE, unseen.data / "演示.gzdb", "--shot", shot, env={"GANZHOU_HOME": unseen.named(home)})
    assert done.returncode == 0, done
    assert shot.stat().st_size > 20_000
    assert json.loads((home / "preferences.json").read_text("utf-8"))["recent"]


def test_ledgers_of_older_and_newer_formats(unseen: WindowsProgram) -> None:
    old, newer = unseen.data / "旧版.gzdb", unseen.data / "新版.gzdb"
    old.write_bytes(gzip.decompress(V1.read_bytes()))
    before = old.read_bytes()
    done = unseen.run(EXE, old, "--shot", unseen.data / "旧版.png")
    assert done.returncode == 0, done
    assert old.read_bytes() == before, "looked at, not converted, as nobody was there to be asked"
    assert unseen.cli("verify", old)["ok"]

    newer.write_bytes((unseen.data / "演示.gzdb").read_bytes())
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    kept = newer.read_bytes()
    done = unseen.run(CLI, "verify", newer)
    assert done.returncode == 3
    assert "更新版本" in done.complaints
    assert "新版程序" in done.complaints
    assert newer.read_bytes() == kept


def test_office_files_of_the_frozen_program(unseen: WindowsProgram) -> None:
    """Their libraries and the template of Word documents are in it."""
    sheet, text = unseen.data / "矩阵.xlsx", unseen.data / "矩阵.docx"
    unseen.cli("matrix", unseen.data / "演示.gzdb", sheet)
    unseen.cli("matrix", unseen.data / "演示.gzdb", text)
    cells = [str(c.value) for row in openpyxl.load_workbook(sheet).worksheets[0].iter_rows() for c in row]
    assert any("体制机制改革" in cell for cell in cells)
    words = [c.text for t in docx.Document(str(text)).tables for row in t.rows for c in row.cells]
    assert any("体制机制改革" in word for word in words)


def test_the_manual_as_pdf(unseen: WindowsProgram) -> None:
    out = unseen.data / "手册.pdf"
    unseen.cli("manual", out)
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(out).pages)
    for chapter in ("第一次打开", "单位的一个季度", "区里的一个季度", "核对码", "信息中心"):
        assert chapter in text
