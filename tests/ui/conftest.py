"""Widgets are tested in the program's own look."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from ganzhou_desktop.ui.theme import apply_theme


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> Iterator[QApplication]:
    """The application with the theme applied once."""
    apply_theme(qapp)
    return qapp
