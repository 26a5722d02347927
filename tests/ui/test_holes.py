"""Every page opens on a plan with holes (tests/services/test_holes.py says which)."""

import pytest
from pytestqt.qtbot import QtBot

from ganzhou_desktop.app import App
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui.main_window import MainWindow
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.operations import InstantRunner
from ganzhou_desktop.ui.preferences import Preferences
from ganzhou_desktop.ui.session import PreparedFiles
from tests.services import test_holes as holes

spoilt = holes.spoilt


@pytest.mark.parametrize("spoilt", holes.HOLES, indirect=True)
def test_every_page_opens(spoilt: Ledger, qtbot: QtBot) -> None:
    path = spoilt.path
    spoilt.close()
    messages = RecordedMessages()
    app = App(Preferences(), messages=messages, files=PreparedFiles(), make_operations=InstantRunner)
    try:
        assert app.open_path(path), messages.said
        window, session = app.window, app.session
        assert session is not None
        assert isinstance(window, MainWindow)
        for key in window.keys:
            session.go(key, None)
            qtbot.wait(1)
        assert messages.said == []
    finally:
        app.close()
