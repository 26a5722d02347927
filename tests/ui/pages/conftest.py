"""Pages as real widgets on a real temporary ledger, with an instant runner and recorded messages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ganzhou_desktop.services import demo, ledgers, periods
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.operations import InstantRunner
from ganzhou_desktop.ui.session import PreparedFiles, Session


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo ledger of three quarters, made once; copy it before writing to it."""
    path = tmp_path_factory.mktemp("demo") / "demo.gzdb"
    demo.build(path, 3).close()
    return path


@pytest.fixture
def demo_ledger(demo_file: Path, tmp_path: Path) -> Iterator[Ledger]:
    """A fresh copy of the demo ledger, open for writing.  Its office key is not here: see `office_ledger`."""
    path = tmp_path / "demo.gzdb"
    path.write_bytes(demo_file.read_bytes())
    ledger = ledgers.open_ledger(path)
    yield ledger
    ledger.close()


@pytest.fixture
def make_session(qapp: QApplication) -> Iterator[Callable[[Ledger], Session]]:
    """Makes a Session on a ledger; its messages and files are recorders."""
    theme.apply_theme(qapp)
    made: list[Session] = []

    def make(ledger: Ledger) -> Session:
        messages = RecordedMessages()
        session = Session(ledger, InstantRunner(messages), messages, PreparedFiles(), ledger.plan())
        found = periods.list_periods(ledger)
        session.period = found[-1].name if found else None
        made.append(session)
        return session

    yield make
    for session in made:
        session.operations.close()
