"""The contracts between the layers bite: each is broken on purpose in a copy of the package."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

SKELETON = (
    "__main__", "app.__init__", "app.window", "cli", "ui.__init__", "ui.main_window", "ui.trend_chart", "ui.pages.__init__",
    "ui.pages.filing_page", "ui.pages.matrix_page", "services.__init__", "services.file_progress",
    "documents.__init__", "documents.xlsx", "store.__init__", "store.journal", "domain.__init__", "domain.plan",
    "diagnostics", "paths",
)  # fmt: skip

BREAKS = [
    ("domain.plan", "import ganzhou_desktop.store.journal", "Layers run one way"),
    ("services.file_progress", "import ganzhou_desktop.ui.main_window", "Layers run one way"),
    ("documents.xlsx", "import ganzhou_desktop.store.journal", "The store is reached only through services"),
    ("domain.plan", "import sqlite3", "The domain is plain Python"),
    ("domain.plan", "import ganzhou_desktop.paths", "The domain is plain Python"),
    ("services.file_progress", "from PySide6.QtCore import QDate", "Qt lives in the UI"),
    ("cli", "from PySide6 import QtCore", "Qt lives in the UI"),
    ("services.file_progress", "from sqlalchemy import select", "SQL lives in the store"),
    ("ui.main_window", "import sqlite3", "SQL lives in the store"),
    ("ui.main_window", "import ganzhou_desktop.store.journal", "The store is reached only through services"),
    ("app.window", "import ganzhou_desktop.store", "The store is reached only through services"),
    ("cli", "import ganzhou_desktop.store", "The store is reached only through services"),
    ("ui.main_window", "import pyqtgraph", "Plotting lives in one module"),
    ("services.file_progress", "import openpyxl", "Office files live in documents"),
    ("ui.main_window", "from docx import Document", "Office files live in documents"),
    ("ui.pages.filing_page", "import ganzhou_desktop.ui.pages.matrix_page", "Screens do not know each other"),
    ("ui.main_window", "import ganzhou_desktop.ui.trend_chart", "No cycles anywhere"),
    ("helpers", "", "Layers run one way"),
]
ALLOWED = {
    "app.window": "import PySide6.QtWidgets, ganzhou_desktop.ui.main_window",
    "ui.trend_chart": "import pyqtgraph, numpy, PySide6.QtGui",
    "ui.pages.filing_page": "import ganzhou_desktop.services.file_progress",
    "services.file_progress": "import ganzhou_desktop.store.journal, ganzhou_desktop.documents.xlsx",
    "documents.xlsx": "import openpyxl, python_calamine, docx",
    "store.journal": "import sqlalchemy, sqlite3, ganzhou_desktop.domain.plan, ganzhou_desktop.paths",
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A skeleton of the package that uses every door that is open."""
    for name in SKELETON:
        write(tmp_path, name, ALLOWED.get(name, ""))
    (tmp_path / "ganzhou_desktop" / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def write(folder: Path, name: str, line: str) -> None:
    path = folder / "ganzhou_desktop" / f"{name.replace('.', '/')}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def broken_contracts(folder: Path) -> set[str]:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-P", "-c", code, "--no-cache"]
    done = subprocess.run(
        command,
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PYTHONUTF8": "1", "COLUMNS": "200", "PATH": "", "SYSTEMROOT": "C:\\Windows"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "Analyzed" in done.stdout, done.stdout + done.stderr
    broken = set(re.findall(r"^(.+) BROKEN\b", done.stdout, re.MULTILINE))
    assert bool(broken) == (done.returncode != 0), done.stdout
    return broken


def test_open_doors_are_open(package: Path) -> None:
    assert broken_contracts(package) == set()


@pytest.mark.parametrize(("module", "line", "contract"), BREAKS)
def test_a_closed_door_is_closed(package: Path, module: str, line: str, contract: str) -> None:
    write(package, module, line)
    if contract == "No cycles anywhere":
        write(package, "ui.trend_chart", "import ganzhou_desktop.ui.main_window")
    assert contract in broken_contracts(package)


def test_a_package_still_without_most_of_its_rooms_passes(tmp_path: Path) -> None:
    for name in ("diagnostics", "paths", "domain.__init__", "store.__init__", "ui.__init__"):
        write(tmp_path, name, "")
    (tmp_path / "ganzhou_desktop" / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert broken_contracts(tmp_path) == set()
