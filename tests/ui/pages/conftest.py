"""Pages as real widgets on a real temporary ledger, with an instant runner and recorded messages."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ganzhou_desktop.services import exchange, ledgers, periods
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.operations import InstantRunner
from ganzhou_desktop.ui.session import PreparedFiles, Session


@pytest.fixture(scope="session")
def demo_file(demo_of: Callable[[int], Path]) -> Path:
    """A demo ledger of three quarters; copy it before writing to it."""
    return demo_of(3)


@pytest.fixture
def demo_ledger(demo_file: Path, tmp_path: Path, ganzhou_home: Path) -> Iterator[Ledger]:
    """A fresh copy of the demo office's ledger with its key, open for writing."""
    path = tmp_path / "demo.gzdb"
    path.write_bytes(demo_file.read_bytes())
    shutil.copytree(demo_file.parent / "home", ganzhou_home, dirs_exist_ok=True)
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


@pytest.fixture
def unit_ledger(demo_ledger: Ledger, tmp_path: Path) -> Iterator[Ledger]:
    """区工信局's own ledger, joined from a hand-out of the demo office; its last period is still to be filed."""
    exchange.hand_out(demo_ledger, "gxj", tmp_path / "gxj.gzcopy")
    ledger = exchange.join(tmp_path / "gxj.gzcopy", tmp_path / "gxj.gzdb", author="演示员乙")
    yield ledger
    ledger.close()
