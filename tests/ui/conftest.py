"""Widgets are tested in the program's own look."""

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from ganzhou_desktop.ui.theme import apply_theme


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> Iterator[QApplication]:
    """The application with the theme applied once."""
    apply_theme(qapp)
    return qapp


@pytest.fixture(autouse=True)
def _no_leftover_windows(qapp: QApplication) -> Iterator[None]:
    """Windows end with their test: what stayed would hear of every later change and be polished with the rest.

    Only ours, or what can be seen: the hidden menus of a chart have no parent, yet its plot takes them away itself.
    """
    before = {shiboken6.getCppPointer(window) for window in qapp.topLevelWidgets()}
    yield
    for window in qapp.topLevelWidgets():
        new = shiboken6.isValid(window) and shiboken6.getCppPointer(window) not in before
        ours = new and (type(window).__module__.startswith("ganzhou_desktop") or window.isVisible())
        if ours and window.parent() is None:
            window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
