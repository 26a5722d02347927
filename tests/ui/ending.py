"""A window that served several tests ends with the last of them, as those of one test do in conftest.py."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from ganzhou_desktop.app import App


def end(app: App) -> None:
    """Close the ledger and take every window of the program away now: a later theme would polish what is left."""
    app.close()
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    if app.window is not None:
        app.window.hide()
        app.window.deleteLater()
        app.window = None
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
