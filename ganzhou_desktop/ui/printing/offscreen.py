"""Painting without a window: what the command line needs of Qt to write a PDF."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from PySide6.QtGui import QGuiApplication

from ganzhou_desktop.ui.printing import fonts, papers
from ganzhou_desktop.ui.printing.items import Document
from ganzhou_desktop.ui.printing.painting import to_pdf


def application() -> QGuiApplication:
    """The Qt application that runs, or one of its own with the fonts of prints; without one Qt dies when it measures words.

    Keep what is returned until all is written.
    """
    running = QGuiApplication.instance()
    if running is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        # Said twice: Wine keeps variables that begin with QT_ from the program.
        running = QGuiApplication(["cli", "-platform", os.environ["QT_QPA_PLATFORM"]])
    assert isinstance(running, QGuiApplication)
    fonts.load_extra_fonts()
    if sys.platform == "win32" and QGuiApplication.platformName() == "offscreen":
        # This platform of Qt does not look into Windows' folder of fonts by itself.
        fonts.load_from(Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts", fonts.CHINESE_FILES)
    return running


def write_pdf(make: Callable[[ModuleType], Document], out: Path) -> None:
    """Write the document that `make(papers)` gives as PDF, with a Qt application of its own if none runs."""
    kept = application()
    to_pdf(make(papers), out)
    del kept
