"""A program with a file missing says so and leaves a report; it never ends without a word."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ganzhou_desktop.app.starting import NO_START

ROOT = Path(__file__).resolve().parents[2]

_START = """
import sys
from PySide6.QtWidgets import QMessageBox
from ganzhou_desktop.app.starting import main
from ganzhou_desktop.ui import icons

where = icons.icon_path

def icon_path(name, filled=False):
    path = where(name, filled)
    if name == "arrow_export":
        raise FileNotFoundError(path)
    return path

icons.icon_path = icon_path
QMessageBox.exec = lambda box: print(box.text(), box.informativeText())
sys.exit(main(sys.argv[1:]))
"""


def _start(home: Path, *given: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", _START, *map(str, given)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
        env={**os.environ, "GANZHOU_HOME": str(home), "PYTHONIOENCODING": "utf-8"},
    )


def test_a_picture_missing_on_the_first_page_is_told_and_reported(
    demo_of: Callable[[int], Path], tmp_path: Path
) -> None:
    ledger = Path(shutil.copy(demo_of(1), tmp_path / "演示.gzdb"))
    before = ledger.read_bytes()
    done = _start(tmp_path / "home", ledger)
    assert done.returncode == NO_START, done.stderr
    assert "程序没能打开" in done.stdout
    assert "请重新安装" in done.stdout
    (report,) = (tmp_path / "home" / "log").glob("crash-*.txt")
    assert report.name in done.stdout
    assert "icons.py" in report.read_text("utf-8")
    assert ledger.read_bytes() == before


def test_taking_a_picture_asks_nobody(demo_of: Callable[[int], Path], tmp_path: Path) -> None:
    ledger = shutil.copy(demo_of(1), tmp_path / "演示.gzdb")
    done = _start(tmp_path / "home", ledger, "--shot", tmp_path / "x.png")
    assert done.returncode == NO_START, done.stderr
    assert "没能打开" not in done.stdout
    assert list((tmp_path / "home" / "log").glob("crash-*.txt"))
