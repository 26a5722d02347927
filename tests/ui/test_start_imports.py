"""What a start may not load: the libraries that only a later act needs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

_START = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from ganzhou_desktop.app import App
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.preferences import Preferences

application = QApplication(["start"])
theme.apply_theme(application)
app = App(Preferences())
if sys.argv[1:]:
    assert app.open_path(Path(sys.argv[1]))
else:
    app.show_start()
app.window.show()
app.operations.read_now(lambda: None)
application.processEvents()
app.window.grab()
print(*sorted(sys.modules))
app.close()
"""
_LATER = ("PySide6.QtPrintSupport", "docx", "lxml", "numpy", "openpyxl", "pyqtgraph", "python_calamine")


def _loaded(home: Path, *given: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _START, *map(str, given)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "GANZHOU_HOME": str(home)},
    )
    return done.stdout.split()


@pytest.mark.parametrize("ledger", [True, False], ids=["总览", "开始页"])
def test_the_first_page_loads_no_library_of_a_later_one(
    demo_of: Callable[[int], Path], tmp_path: Path, ledger: bool
) -> None:
    given = [shutil.copy(demo_of(1), tmp_path / "演示.gzdb")] if ledger else []
    loaded = _loaded(tmp_path / "home", *given)
    assert "PySide6.QtWidgets" in loaded
    assert [name for name in _LATER if name in loaded] == []
