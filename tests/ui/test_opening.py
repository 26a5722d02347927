"""What the window says and keeps around an open ledger: older formats, clocks, the end of the session, its place."""

import gzip
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from ganzhou_desktop import paths
from ganzhou_desktop.app import App
from ganzhou_desktop.domain.errors import EnvironmentFailed
from ganzhou_desktop.services import drafts, exchange, ledgers, periods, recovery
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.store import amounts
from ganzhou_desktop.store.engine import FORMAT
from ganzhou_desktop.store.journal import file_format
from ganzhou_desktop.ui.main_window import MainWindow
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.operations import InstantRunner
from ganzhou_desktop.ui.pages.exchange import ExchangePage
from ganzhou_desktop.ui.pages.filing import FilingPage
from ganzhou_desktop.ui.pages.preview_page import PreviewPage
from ganzhou_desktop.ui.preferences import Preferences
from ganzhou_desktop.ui.session import PreparedFiles
from tests.statements import recorded

V1 = Path(__file__).resolve().parents[1] / "ledgers" / "v1" / "office.gzdb.gz"
PERIOD = "2018Q1"
NOW = datetime(2018, 4, 10, 1, 0, tzinfo=UTC)


class Desk:
    """The program on a PC whose clock can be set."""

    def __init__(self) -> None:
        self.now = NOW
        self.messages = RecordedMessages()
        self.app = App(
            Preferences(),
            messages=self.messages,
            files=PreparedFiles(),
            make_operations=InstantRunner,
            clock=lambda: self.now,
        )

    @property
    def window(self) -> MainWindow:
        assert isinstance(self.app.window, MainWindow)
        return self.app.window

    def said(self, title: str) -> str:
        """What was said under a title; empty when nothing was."""
        return "".join(text for _, heading, text in self.messages.said if heading == title)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.app.close()


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office's ledger with an open period, written at NOW."""
    path = tmp_path / "区.gzdb"
    ledger = recovery.new_office_ledger(path, read_plan(paths.plan_file("ganzhou-2017.toml")), clock=lambda: NOW)
    periods.open_period(ledger, PERIOD)
    ledger.close()
    return path


@pytest.fixture
def old_office(tmp_path: Path) -> Path:
    path = tmp_path / "旧.gzdb"
    path.write_bytes(gzip.decompress(V1.read_bytes()))
    return path


# -- the pages ----------------------------------------------------------------------------------------------


def test_pages_are_made_in_idle_moments_and_read_only_when_looked_at(desk: Desk, office: Path, qtbot: QtBot) -> None:
    assert desk.app.open_path(office)
    assert desk.app.session is not None
    assert desk.window.findChild(ExchangePage) is None
    with recorded(desk.app.session.ledger) as statements:
        qtbot.waitUntil(lambda: desk.window.findChild(PreviewPage) is not None, timeout=30_000)
    assert desk.window.findChild(ExchangePage) is not None
    assert statements == []
    assert desk.window.current_key == "overview"


# -- a copy of which only joining finds that it is large -------------------------------------------------------


@pytest.mark.parametrize("answer", [True, False])
def test_joining_asks_before_it_reads_a_crowded_copy(
    desk: Desk, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bool
) -> None:
    ledger = ledgers.open_ledger(office)
    copy = exchange.hand_out(ledger, "kjj", tmp_path / "给.gzcopy").file
    ledger.close()
    monkeypatch.setattr(amounts, "WRITES", 3)
    monkeypatch.setenv("GANZHOU_HOME", str(tmp_path / "另一台"))
    start = desk.app.show_start()
    start.offer_copy(copy)
    desk.messages.answers = [answer]
    start.join.main.click()
    assert "比平常大得多" in desk.said("这份副本比平常大得多")
    assert (desk.app.session is not None and desk.app.session.unit == "kjj") == answer


# -- a ledger of an older program ----------------------------------------------------------------------------


def test_an_older_ledger_says_what_will_happen_and_is_backed_up_first(desk: Desk, old_office: Path) -> None:
    before = old_office.read_bytes()
    desk.messages.answers = ["备份并转换"]
    assert desk.app.open_path(old_office)
    told = desk.said("旧版程序建的台账")
    assert "一条不少" in told
    assert "旧版程序打不开" in told
    assert file_format(old_office) == FORMAT
    kept = [f for f in paths.backups_dir().glob("*.gzdb") if "升级前" in f.name]
    assert len(kept) == 1
    assert file_format(kept[0]) == 1
    assert before != old_office.read_bytes()
    assert desk.app.session is not None
    assert ledgers.verify(desk.app.session.ledger).ok


@pytest.mark.parametrize("answer", ["只看，不转换", ""], ids=["look", "closed"])
def test_an_older_ledger_may_only_be_looked_at(desk: Desk, old_office: Path, qtbot: QtBot, answer: str) -> None:
    before = old_office.read_bytes()
    desk.messages.answers = [answer]
    assert desk.app.open_path(old_office)
    assert desk.app.session is not None
    assert not desk.app.session.ledger.writable
    qtbot.waitUntil(lambda: desk.said("只能看，不能写") != "")
    assert "可以看、查、打印" in desk.said("只能看，不能写")
    assert old_office.read_bytes() == before


def test_nobody_is_asked_while_a_picture_is_taken(desk: Desk, old_office: Path) -> None:
    assert desk.app.open_path(old_office, unattended=True)
    assert file_format(old_office) == 1


# -- the clock -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "words"),
    [(datetime(2009, 1, 1, tzinfo=UTC), "早了 33"), (NOW + timedelta(days=3000), "晚了 3000 天")],
    ids=["behind", "ahead"],
)
def test_a_clock_that_cannot_be_right_is_told_and_nothing_refused(
    desk: Desk, office: Path, tmp_path: Path, qtbot: QtBot, now: datetime, words: str
) -> None:
    desk.now = now
    assert desk.app.open_path(office)
    qtbot.waitUntil(lambda: desk.said("电脑的时钟") != "")
    assert words in desk.said("电脑的时钟")
    assert desk.app.session is not None
    ledger = desk.app.session.ledger
    periods.open_period(ledger, "2018Q2")
    exchange.hand_out(ledger, "czj", tmp_path / "下发.gzcopy")
    unit = exchange.join(tmp_path / "下发.gzcopy", tmp_path / "单位.gzdb", clock=lambda: NOW)
    assert ledgers.verify(unit).ok
    unit.close()


@pytest.mark.parametrize("later", [timedelta(hours=-3), timedelta(0), timedelta(days=200)])
def test_a_clock_that_may_be_right_is_not_spoken_of(desk: Desk, office: Path, qtbot: QtBot, later: timedelta) -> None:
    desk.now = NOW + later
    assert desk.app.open_path(office)
    qtbot.wait(50)
    assert desk.said("电脑的时钟") == ""


def test_the_demo_of_2018_is_not_nagged_about(
    desk: Desk, demo_of: Callable[[int], Path], ganzhou_home: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    shutil.copy(demo_of(2), tmp_path / "演示.gzdb")
    shutil.copytree(demo_of(2).parent / "home", ganzhou_home, dirs_exist_ok=True)
    desk.now = datetime(2026, 1, 1, tzinfo=UTC)
    assert desk.app.open_path(tmp_path / "演示.gzdb")
    qtbot.wait(50)
    assert desk.said("电脑的时钟") == ""


# -- the end of the session ----------------------------------------------------------------------------------


class SessionEnd:
    """What Qt hands over when Windows shuts down."""

    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


@pytest.fixture
def typing(desk: Desk, office: Path, tmp_path: Path, qtbot: QtBot) -> Path:
    """A unit's clerk has typed a word that no autosave has seen yet."""
    ledger = ledgers.open_ledger(office, clock=lambda: NOW)
    exchange.hand_out(ledger, "czj", tmp_path / "下发.gzcopy")
    ledger.close()
    path = tmp_path / "财政局.gzdb"
    exchange.join(tmp_path / "下发.gzcopy", path, clock=lambda: NOW).close()
    assert desk.app.open_path(path)
    desk.window.resize(1366, 697)
    desk.window.show()
    desk.window.show_page("filing")
    page = desk.window.page("filing")
    assert isinstance(page, FilingPage)
    page.form.answer.buttons["progress"].click()
    page.form.areas["progress"].area.setPlainText("关机前刚打的字")
    assert page.keeper.dirty
    return path


def test_shutting_down_saves_what_is_typed(desk: Desk, typing: Path) -> None:
    end = SessionEnd()
    desk.app.before_session_ends(end)  # type: ignore[arg-type]
    assert not end.cancelled
    assert desk.app.session is not None
    answers = [m.answer.progress for m in drafts.open_form(desk.app.session.ledger, "czj", PERIOD).form.matters]
    assert "关机前刚打的字" in answers
    assert ledgers.verify(desk.app.session.ledger).ok


def test_only_a_draft_that_cannot_be_saved_keeps_the_pc_up(
    desk: Desk, typing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise EnvironmentFailed("disk_full", "磁盘已满。")

    monkeypatch.setattr(drafts, "keep_draft", full)
    desk.messages.answers = [False]
    end = SessionEnd()
    desk.app.before_session_ends(end)  # type: ignore[arg-type]
    assert end.cancelled
    desk.messages.answers = [True]
    end = SessionEnd()
    desk.app.before_session_ends(end)  # type: ignore[arg-type]
    assert not end.cancelled
    page = desk.window.page("filing")
    assert isinstance(page, FilingPage)
    page.keeper.forget()


# -- the window's place --------------------------------------------------------------------------------------


def test_the_window_comes_back_where_it_was(desk: Desk, office: Path, qtbot: QtBot) -> None:
    assert desk.app.open_path(office)
    desk.window.setMinimumSize(100, 100)
    desk.window.setGeometry(20, 30, 640, 480)
    desk.window.show()
    desk.app.remember_place()
    again = QMainWindow()
    qtbot.addWidget(again)
    desk.app.preferences = Preferences.load()
    desk.app.window = again
    desk.app.show_first()
    assert again.geometry() == QRect(20, 30, 640, 480)


def test_a_window_left_on_a_screen_that_is_gone_comes_back_on_one_that_is_there(desk: Desk, qtbot: QtBot) -> None:
    away, again = QMainWindow(), QMainWindow()
    for window in (away, again):
        qtbot.addWidget(window)
    away.setGeometry(5000, 3000, 600, 400)
    desk.app.window = away
    desk.app.remember_place()
    desk.app.window = again
    desk.app.show_first()
    screen = QGuiApplication.primaryScreen().availableGeometry()
    assert screen.contains(again.geometry())
    assert not again.isMaximized()


@pytest.mark.parametrize("kept", ["", "不是 base64 的东西", "AAAA"])
def test_the_first_time_and_when_the_place_is_not_readable_the_window_takes_the_screen(
    desk: Desk, qtbot: QtBot, kept: str
) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    desk.app.window = window
    desk.app.preferences.window = kept
    desk.app.show_first()
    assert window.isMaximized()


def test_the_window_is_never_larger_than_the_screen(desk: Desk, office: Path) -> None:
    """Tests have a screen of 800x800, smaller than the window's smallest size, as 1366x768 at 125 % is."""
    screen = QGuiApplication.primaryScreen().availableSize()
    assert desk.app.open_path(office)
    assert desk.window.minimumWidth() > screen.width()
    desk.app.show_first()
    assert desk.window.minimumWidth() <= screen.width()
