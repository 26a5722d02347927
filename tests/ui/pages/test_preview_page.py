"""The preview with the worker thread: the window goes on while pages are laid out and written, and both can be cancelled."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ganzhou_desktop.domain.errors import EnvironmentFailed
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.operations import ThreadRunner
from ganzhou_desktop.ui.pages.preview_page import PreviewPage
from ganzhou_desktop.ui.printing.choices import Options
from ganzhou_desktop.ui.printing.items import Document
from ganzhou_desktop.ui.printing.jobs import PreviewJob
from ganzhou_desktop.ui.printing.matrix_print import matrix_document
from ganzhou_desktop.ui.session import PreparedFiles, Session
from tests.ui.printing import samples


class Desk:
    """A preview page over a real worker, the pages it went back to, and a gate at which the worker can be held."""

    def __init__(self, qtbot: QtBot, ledger: Ledger) -> None:
        self.messages, self.files = RecordedMessages(), PreparedFiles()
        self.operations = ThreadRunner(self.messages)
        session = Session(ledger, self.operations, self.messages, self.files, ledger.plan())
        self.went: list[str] = []
        session.went.connect(lambda key, _argument: self.went.append(key))
        self.page = PreviewPage(session)
        self.gate = threading.Event()
        self._qtbot = qtbot
        qtbot.addWidget(self.page)
        self.page.resize(1206, 671)
        self.page.show()

    @property
    def preview(self) -> QWidget:
        assert self.page.preview is not None
        return self.page.preview

    def open(self, make: Callable[[Options], Document]) -> None:
        self.page.show_argument(PreviewJob("任务责任矩阵", "", make, "matrix", papers=("A3", "A4"), colours=True))

    def hold(self) -> None:
        """Keep the worker busy until the gate is opened."""
        self.gate.clear()
        self.operations.run_read(self.page, lambda _progress: self.gate.wait(20), lambda _done: None)

    def idle(self) -> None:
        """Wait until the worker has done all it was asked to."""
        ended: list[object] = []
        self.operations.run_read(self.page, lambda _progress: None, ended.append)
        self._qtbot.waitUntil(lambda: bool(ended))

    def cancel(self) -> None:
        bar = self.preview.busy
        self._qtbot.waitUntil(bar.isVisible)
        self._qtbot.mouseClick(bar.findChild(QPushButton), Qt.MouseButton.LeftButton)


@pytest.fixture
def desk(qtbot: QtBot, demo_ledger: Ledger) -> Iterator[Desk]:
    made = Desk(qtbot, demo_ledger)
    yield made
    made.gate.set()
    made.operations.close()


def laid_out(options: Options) -> Document:
    return matrix_document(samples.real_matrix(), paper=options.paper, **samples.PRINT)


def test_the_window_goes_on_while_pages_are_laid_out(desk: Desk, qtbot: QtBot) -> None:
    threads: list[threading.Thread] = []

    def make(options: Options) -> Document:
        threads.append(threading.current_thread())
        desk.gate.wait(20)
        return laid_out(options)

    desk.open(make)
    preview = desk.preview
    qtbot.waitUntil(lambda: bool(threads) and preview.busy.isVisible())
    assert threads[0] is not threading.main_thread()
    assert not preview.pdf_button.isEnabled()
    assert not preview.print_button.isEnabled()
    desk.gate.set()
    qtbot.waitUntil(preview.pdf_button.isEnabled)
    assert not preview.busy.isVisible()
    assert preview.where.text() == "第 1 页，共 1 页"


def test_layout_cancelled_before_anything_is_shown_goes_back(desk: Desk, qtbot: QtBot) -> None:
    begun = threading.Event()

    def endless(options: Options) -> Document:
        begun.set()
        while True:  # only cancelling ends it
            matrix_document(samples.big_matrix(), paper=options.paper, **samples.PRINT)

    desk.open(endless)
    qtbot.waitUntil(begun.is_set)
    desk.cancel()
    assert desk.went == ["matrix"]
    desk.idle()
    assert not desk.messages.failures


def test_layout_cancelled_later_leaves_what_is_shown_and_says_so_in_the_choices(desk: Desk, qtbot: QtBot) -> None:
    desk.open(laid_out)
    preview = desk.preview
    qtbot.waitUntil(preview.pdf_button.isEnabled)
    desk.hold()
    preview.colour.button(True).click()
    preview.paper.set_current("A4")
    preview.refresh()
    desk.cancel()
    assert preview.paper.currentData() == "A3"
    assert preview.colour.current() is False
    assert preview.document.pages[0].paper.name == "A3"
    desk.gate.set()
    desk.idle()
    assert preview.document.pages[0].paper.name == "A3"
    assert preview.pdf_button.isEnabled()


def test_a_later_choice_takes_the_place_of_one_under_way(desk: Desk, qtbot: QtBot) -> None:
    desk.open(laid_out)
    preview = desk.preview
    qtbot.waitUntil(preview.pdf_button.isEnabled)
    desk.hold()
    for paper in ("A4", "A3", "A4"):
        preview.paper.set_current(paper)
        preview.refresh()
    desk.gate.set()
    qtbot.waitUntil(preview.pdf_button.isEnabled)
    assert preview.document.pages[0].paper.name == "A4"


def test_a_pdf_is_written_elsewhere_and_a_cancelled_one_is_not_there(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.open(laid_out)
    preview = desk.preview
    qtbot.waitUntil(preview.pdf_button.isEnabled)
    desk.files.answers = [tmp_path / "甲.pdf", tmp_path / "乙.pdf"]
    desk.hold()
    preview.pdf_button.click()
    desk.cancel()
    assert "已取消" in preview.notice.text()
    desk.gate.set()
    desk.idle()
    assert list(tmp_path.glob("*.pdf")) == []
    with qtbot.waitSignal(preview.saved):
        preview.pdf_button.click()
    assert len(pypdf.PdfReader(tmp_path / "乙.pdf").pages) == 1


def test_what_goes_wrong_is_said_and_the_preview_can_be_used_on(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.open(laid_out)
    preview = desk.preview
    qtbot.waitUntil(preview.pdf_button.isEnabled)
    desk.files.answers = [tmp_path / "没有这个文件夹" / "丙.pdf"]
    preview.pdf_button.click()
    qtbot.waitUntil(preview.pdf_button.isEnabled)
    assert "没能写入" in preview.notice.text()

    def broken(_options: Options) -> Document:
        raise EnvironmentFailed("io", "磁盘读不出来。")

    desk.open(broken)
    qtbot.waitUntil(lambda: "磁盘读不出来" in desk.preview.notice.text())
    assert not desk.preview.pdf_button.isEnabled(), "there is nothing to write"


def test_pages_nobody_looks_at_any_more_are_not_laid_out(desk: Desk, qtbot: QtBot) -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless(options: Options) -> Document:
        begun.set()
        try:
            while True:
                matrix_document(samples.big_matrix(), paper=options.paper, **samples.PRINT)
        finally:
            ended.set()

    desk.open(endless)
    qtbot.waitUntil(lambda: begun.is_set() and desk.preview.isVisible())
    desk.page.hide()
    qtbot.waitUntil(ended.is_set)
