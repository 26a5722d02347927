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


def write_pdf(make: Callable[[ModuleType], Document], out: Path) -> None:
    """Write the document that `make(papers)` gives as PDF, with a Qt application of its own if none runs."""
    application = QGuiApplication.instance()
    if application is None:
        if not sys.platform.startswith("win"):
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        application = QGuiApplication(
            ["cli"] if not sys.platform.startswith("win") else ["cli", "-platform", "offscreen"]
        )
    fonts.load_extra_fonts()
    to_pdf(make(papers), out)
