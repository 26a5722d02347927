"""数据交换 as people use it: copies of two PCs of one unit, refused files, trust, merge, undo, decisions, answers."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QFontMetrics, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ganzhou_desktop import paths
from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.domain.forms import place_of_field
from ganzhou_desktop.services import conflicts, exchange, figures, filing, ledgers, periods, registers, reviewing, sites
from ganzhou_desktop.services.exchange_desk import read_desk
from ganzhou_desktop.services.history import read_history
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.store import amounts
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.operations import InstantRunner, Job, ThreadRunner
from ganzhou_desktop.ui.pages.exchange import ExchangePage, told
from ganzhou_desktop.ui.pages.exchange.board import CONTESTED, MISSING, WAITING, Board, TileState, fitting
from ganzhou_desktop.ui.pages.exchange.merge_panel import MergePanel
from ganzhou_desktop.ui.pages.exchange.office_view import OfficeView
from ganzhou_desktop.ui.pages.exchange.preview_rows import CHANGE, COPY, LARGE, TRUST
from ganzhou_desktop.ui.pages.exchange.unit_view import UnitView
from ganzhou_desktop.ui.pages.settings_page.recovery import RecoverySection
from ganzhou_desktop.ui.printing import papers
from ganzhou_desktop.ui.printing.items import Document, TextItem
from ganzhou_desktop.ui.printing.preview import Options
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.widgets import BusyBar
from tests.statements import recorded

PERIOD = "2018Q3"
UNIT = "gxj"
LEFT = Qt.MouseButton.LeftButton
ON_BOX = QPoint(8, 14)
"""On the box of a check box or radio button."""


@dataclass
class Room:
    """An office and PCs of units, each with a home of its own for its keys."""

    folder: Path
    patch: pytest.MonkeyPatch
    office: Ledger
    office_home: Path
    made: dict[str, tuple[Ledger, Path]] = field(default_factory=dict)

    def at_office(self) -> Ledger:
        self.patch.setenv("GANZHOU_HOME", str(self.office_home))
        return self.office

    def at(self, name: str) -> Ledger:
        ledger, home = self.made[name]
        self.patch.setenv("GANZHOU_HOME", str(home))
        return ledger

    def new_pc(self, name: str, unit: str = UNIT) -> Ledger:
        self.at_office()
        copy = self.folder / f"给{name}.gzcopy"
        exchange.hand_out(self.office, unit, copy)
        home = self.folder / f"home_{name}"
        self.patch.setenv("GANZHOU_HOME", str(home))
        later = timedelta(minutes=len(self.made))  # who wrote last is shown first
        ledger = exchange.join(
            copy,
            self.folder / f"{name}.gzdb",
            clock=lambda: ledgers.system_clock() + later,
            author=f"填报员{name}",
            pc=name,
        )
        self.made[name] = (ledger, home)
        return ledger

    def filed(self, name: str, text: str, number: str | None = None, unit: str = UNIT) -> Path:
        """A new PC that filed; its copy."""
        ledger = self.new_pc(name, unit)
        state = filing.form_state(ledger, unit, PERIOD)
        first, *rest = state.form.matters
        numbers = {t: Decimal(number) if number else v for t, v in first.measurements.items()}
        first = replace(first, answer=Answer("progress", text, "", "下季度完成。"), measurements=numbers)
        filing.submit(ledger, replace(state.form, matters=(first, *rest)))
        return self.export(name)

    def export(self, name: str) -> Path:
        out = exchange.free_name(self.folder / f"{name}交区里.gzcopy")
        exchange.export(self.at(name), out)
        self.at_office()
        return out

    def answer(self, unit: str = UNIT) -> Path:
        out = exchange.free_name(self.folder / "答复.gzcopy")
        exchange.hand_out(self.at_office(), unit, out)
        return out


@pytest.fixture
def room(demo_ledger: Ledger, ganzhou_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    folder = tmp_path / "room"
    folder.mkdir()
    made = Room(folder, monkeypatch, demo_ledger, ganzhou_home)
    yield made
    made.at_office()
    for ledger, _ in made.made.values():
        ledger.close()


MakeSession = Callable[[Ledger], Session]


def open_page(qtbot: QtBot, session: Session) -> ExchangePage:
    page = ExchangePage(session)
    qtbot.addWidget(page)
    page.resize(1206, 671)
    page.show()
    page.refresh()
    return page


def panel_of(page: ExchangePage) -> MergePanel:
    return page.desk_view.panel


def office_of(page: ExchangePage) -> OfficeView:
    assert isinstance(page.desk_view, OfficeView)
    return page.desk_view


def unit_of(page: ExchangePage) -> UnitView:
    assert isinstance(page.desk_view, UnitView)
    return page.desk_view


def put_in(qtbot: QtBot, page: ExchangePage, *files: Path) -> None:
    """As a clerk does: click the tile, choose the files."""
    page._session.files.answers = list(files)  # type: ignore[attr-defined]
    qtbot.mouseClick(page.put_in, LEFT)


def click_row(qtbot: QtBot, panel: MergePanel, row: int, x: int = 60) -> None:
    rect = panel.table.visualRect(panel.table.preview.index(row, 0))
    panel.table.scrollTo(panel.table.preview.index(row, 0))
    rect = panel.table.visualRect(panel.table.preview.index(row, 0))
    place = rect.center()
    place.setX(x)
    qtbot.mouseClick(panel.table.viewport(), LEFT, pos=place)


def trust_all(qtbot: QtBot, panel: MergePanel) -> None:
    while True:
        rows = [i for i, r in enumerate(panel.table.preview.rows) if r.kind == TRUST and not r.ticked]
        if not rows:
            return
        click_row(qtbot, panel, rows[0], 440)


def titles(panel: MergePanel) -> dict[str, str]:
    return {r.file.name: r.facts for r in panel.table.preview.rows if r.kind == COPY}


def button(page: ExchangePage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert found is not None
    return found


# -- the office's board -------------------------------------------------------------------------------------


def test_board_in_order_with_telephone(qtbot: QtBot, demo_ledger: Ledger, make_session: MakeSession) -> None:
    """17 tiles in 建制序; who is missing stands there with days and telephone."""
    page = open_page(qtbot, make_session(demo_ledger))
    states = office_of(page).states()
    assert list(states) == [u.id for u in demo_ledger.plan().responsible_units]
    missing = [s for s in states.values() if s.state == MISSING]
    assert missing
    assert all(s.word == "未报" and s.left.startswith("逾期 ") for s in missing)
    assert all(s.right.startswith("0936-") and s.right in s.tip for s in missing)
    assert panel_of(page).empty.isVisible()


def test_a_tile_selects_its_unit(qtbot: QtBot, demo_ledger: Ledger, make_session: MakeSession) -> None:
    """Click or Enter shows the unit with its people; 催报 is one click; Esc goes back."""
    page = open_page(qtbot, make_session(demo_ledger))
    view = office_of(page)
    unit = next(k for k, s in view.states().items() if s.state == MISSING)
    name = demo_ledger.plan().unit_by_id[unit].name
    tile = view.board.tile(unit)
    tile.setFocus()
    qtbot.keyClick(tile, Qt.Key.Key_Return)
    assert view.detail.isVisible()
    assert view.detail.title.text() == name
    qtbot.mouseClick(view.detail.reminder_button, LEFT)
    text = QGuiApplication.clipboard().text()
    assert name in text
    assert "2018年第三季度" in text
    assert not view.detail.review_button.isEnabled()
    qtbot.keyClick(tile, Qt.Key.Key_Escape)
    assert not view.detail.isVisible()
    assert view.board.selected is None


def test_review_from_the_board(qtbot: QtBot, demo_ledger: Ledger, make_session: MakeSession) -> None:
    """看报表和审核 goes to the review page with unit and period."""
    session = make_session(demo_ledger)
    page = open_page(qtbot, session)
    qtbot.mouseClick(office_of(page).board.tile(UNIT), LEFT)
    with qtbot.waitSignal(session.went) as went:
        qtbot.mouseClick(office_of(page).detail.review_button, LEFT)
    assert went.args == ["review", {"unit": UNIT, "period": PERIOD}]


def test_page_reads_a_fixed_number_of_statements(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """As many with one copy in the log as with five."""
    room.at_office()
    read_desk(room.office, PERIOD)
    with recorded(room.office) as before:
        read_desk(room.office, PERIOD)
    for number in range(3):
        room.new_pc(f"甲{number}")
    room.at_office()
    room.office.plan()
    with recorded(room.office) as after:
        read_desk(room.office, PERIOD)
    assert len(after) == len(before) <= 25


# -- looking, trusting, merging, undoing --------------------------------------------------------------------


def test_refused_files_say_why_in_one_line(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """A renamed text, a copy cut short: a sentence each, nothing to merge, nothing changed."""
    good = room.filed("一号机", "完成摸底。")
    text = room.folder / "说明.gzcopy"
    text.write_text("这不是副本。" * 400, encoding="utf-8")
    cut = room.folder / "拷了一半.gzcopy"
    cut.write_bytes(good.read_bytes()[:-3000])
    before = room.office.journal.heads()
    page = open_page(qtbot, make_session(room.office))
    put_in(qtbot, page, text, cut)
    told = titles(panel_of(page))
    assert "不是台账副本" in told["说明.gzcopy"]
    assert "损坏或不完整" in told["拷了一半.gzcopy"]
    merge = panel_of(page).merge_button
    assert not merge.isEnabled()
    assert merge.text() == "合入 0 份"
    assert room.office.journal.heads() == before
    qtbot.mouseClick(panel_of(page).clear_button, LEFT)
    assert panel_of(page).empty.isVisible()


def test_unknown_key_is_trusted_by_ticking_then_merged_and_undone(
    qtbot: QtBot, room: Room, make_session: MakeSession
) -> None:
    """核对码 first; ticking shows the changes; 合入 in one step; 撤销本次合入 takes all of it back."""
    copy = room.filed("一号机", "完成园区摸底，形成清单。", "3")
    code = room.made["一号机"][0].code()
    before = room.office.journal.heads()
    session = make_session(room.at_office())
    page = open_page(qtbot, session)
    panel = panel_of(page)
    put_in(qtbot, page, copy)
    tester = QAbstractItemModelTester(
        panel.table.preview, QAbstractItemModelTester.FailureReportingMode.Warning, panel.table
    )
    assert tester.model() is panel.table.preview
    rows = panel.table.preview.rows
    assert [r.kind for r in rows] == [COPY, TRUST]
    assert rows[1].code == code
    assert not panel.merge_button.isEnabled()
    assert office_of(page).states()[UNIT].right == "先比对核对码"

    click_row(qtbot, panel, 1, 440)
    assert room.office.journal.heads() == before, "looking changes nothing"
    changes = [r for r in panel.table.preview.rows if r.kind == CHANGE]
    mine = next(r for r in changes if r.subject.startswith("任务 1 · 本期答复"))
    assert mine.how_word == "修改"
    assert "完成园区摸底，形成清单。" in mine.after
    assert "{" not in mine.after
    assert office_of(page).states()[UNIT].state == WAITING
    assert panel.merge_button.text() == "合入 1 份"

    panel.table.setFocus()
    panel.table.setCurrentIndex(panel.table.preview.index(0, 0))
    qtbot.keyClick(panel.table, Qt.Key.Key_Space)
    assert not panel.merge_button.isEnabled(), "a copy without its tick is not merged"
    qtbot.keyClick(panel.table, Qt.Key.Key_Space)
    qtbot.mouseClick(panel.merge_button, LEFT)
    held = filing.read_filings(room.office, PERIOD, UNIT)[UNIT, PERIOD]
    assert held.answers["1"].progress == "完成园区摸底，形成清单。"
    assert office_of(page).states()[UNIT].state != WAITING
    assert "已合入 1 份：区工信局" in panel.notice.text()
    assert any(s.code == code for s in sites.list_sites(room.office))
    assert panel.foot.line1.text() == "已合入 1 份副本，可整次撤销"

    session.messages.answers = [True]  # type: ignore[attr-defined]
    qtbot.mouseClick(panel.undo_button, LEFT)
    assert room.office.journal.heads() == before
    assert not any(s.code == code for s in sites.list_sites(room.office))
    assert not panel.undo_button.isVisible()
    page.views.set_current("log")
    assert page.log_view.table.log.index(0, 4).data() == "已合入，后撤销"


def test_a_large_copy_is_read_when_the_clerk_says_so(
    qtbot: QtBot, room: Room, make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question stands under the copy, its tick shows the changes; by keyboard too; the others do not wait for it."""
    large, usual = room.filed("一号机", "很多内容。" * 600), room.filed("财政机", "财政的进展。", unit="czj")
    monkeypatch.setattr(amounts, "NEW_BYTES", 9000)
    page = open_page(qtbot, make_session(room.at_office()))
    panel = panel_of(page)
    put_in(qtbot, page, large, usual)
    trust_all(qtbot, panel)
    (question,) = [n for n, r in enumerate(panel.table.preview.rows) if r.kind == LARGE]
    rows = panel.table.preview.rows
    assert "比平常大得多" in titles(panel)[large.name]
    assert office_of(page).states()[UNIT].right == "很大，先问清"
    assert not any(r.kind == CHANGE and r.file == large for r in rows)
    assert panel.merge_button.text() == "合入 1 份"
    assert "1 份比平常大得多，先要问清对方" in panel.foot.line2.text()
    assert panel.table.preview.index(question, 0).data() == "已问清对方，确实是这么多，仍要读完"
    panel.table.setFocus()
    panel.table.setCurrentIndex(panel.table.preview.index(question, 0))
    qtbot.keyClick(panel.table, Qt.Key.Key_Space)
    assert any(r.kind == CHANGE and r.file == large for r in panel.table.preview.rows)
    assert panel.merge_button.text() == "合入 2 份"
    qtbot.keyClick(panel.table, Qt.Key.Key_Space)
    assert panel.merge_button.text() == "合入 1 份", "the answer can be taken back"
    qtbot.keyClick(panel.table, Qt.Key.Key_Space)
    qtbot.mouseClick(panel.merge_button, LEFT)
    assert filing.read_filings(room.office, PERIOD, UNIT)[UNIT, PERIOD].answers["1"].progress == "很多内容。" * 600
    assert panel.empty.isVisible()


def test_thousands_of_register_rows_are_previewed_a_hundred_at_a_time(
    qtbot: QtBot, room: Room, make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line an entry, all of it in its tip; what was filed comes first; the rest is counted and listed on demand."""
    plan = room.at_office().plan()
    register = plan.registers_of(UNIT)[0]
    name, second = [c for c in plan.columns_by_register[register.id] if c.form == "text"][:2]
    room.filed("一号机", "填了报表。")
    ledger = room.at("一号机")
    edits = [registers.Edit({name.name: f"甲{n:04d}号示范社", second.name: f"说明{n}"}) for n in range(1500)]
    registers.save_entries(ledger, register.id, UNIT, edits)
    copy = room.export("一号机")
    page = open_page(qtbot, make_session(room.at_office()))
    panel = panel_of(page)
    put_in(qtbot, page, copy)
    trust_all(qtbot, panel)
    rows = panel.table.preview.rows
    changes = [r for r in rows if r.kind == CHANGE]
    assert len(changes) == 100
    assert changes[0].subject.startswith("任务 1"), "the form before the register"
    entry = next(r for r in changes if "示范社" in r.subject)
    assert entry.subject == f"{register.short} · 甲0000号示范社 · 新增一条"
    assert f"{second.title}：说明0" in entry.after
    assert len([r for r in changes if "甲0000号" in r.subject]) == 1
    filed = len([r for r in changes if "示范社" not in r.subject])
    assert rows[-1].title == f"还有 {1500 + filed - 100} 处没有列出，再列 1000 处"
    assert f"改动 {1500 + filed} 处" in titles(panel)[copy.name]
    panel.table.setFocus()
    panel.table.setCurrentIndex(panel.table.preview.index(len(rows) - 1, 0))
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert len([r for r in panel.table.preview.rows if r.kind == CHANGE]) == 1100
    click_row(qtbot, panel, len(panel.table.preview.rows) - 1)
    rows = panel.table.preview.rows
    assert len([r for r in rows if r.kind == CHANGE]) == 1500 + filed
    assert rows[-1].kind == CHANGE
    monkeypatch.setattr(told, "MOST", 60)
    page.refresh()
    put_in(qtbot, page, copy)
    rows = panel.table.preview.rows
    assert len([r for r in rows if r.kind == CHANGE]) == 60
    assert rows[-1].title == f"还有 {1500 + filed - 60} 处没有列出，合入以后在各页里看"
    assert panel.tabs.tabText(0) == f"全部 {1500 + filed}"
    qtbot.mouseClick(panel.merge_button, LEFT)
    assert len(registers.read_entries(room.office, register.id, UNIT)) >= 1500


def test_a_copy_swapped_after_the_preview_is_shown_again(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """What nobody has looked at is not merged; the new preview stands there at once, with the reason."""
    copy = room.filed("一号机", "看过的进展。")
    page = open_page(qtbot, make_session(room.at_office()))
    panel = panel_of(page)
    put_in(qtbot, page, copy)
    trust_all(qtbot, panel)
    ledger = room.at("一号机")
    state = filing.form_state(ledger, UNIT, PERIOD)
    first, *rest = state.form.matters
    filing.submit(ledger, replace(state.form, matters=(replace(first, answer=Answer("progress", "没看过的。")), *rest)))
    copy.write_bytes(room.export("一号机").read_bytes())
    before = room.office.journal.heads()
    qtbot.mouseClick(panel.merge_button, LEFT)
    assert room.office.journal.heads() == before
    assert "预览以后换成了另一份" in panel.notice.text()
    assert any("没看过的。" in r.after for r in panel.table.preview.rows)
    qtbot.mouseClick(panel.merge_button, LEFT)
    assert filing.read_filings(room.office, PERIOD, UNIT)[UNIT, PERIOD].answers["1"].progress == "没看过的。"


def test_undo_is_not_offered_after_something_else_was_done(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """A hand-out after the merge makes it stay; the page says nothing of undoing then."""
    copy = room.filed("一号机", "完成摸底。")
    page = open_page(qtbot, make_session(room.at_office()))
    put_in(qtbot, page, copy)
    trust_all(qtbot, panel_of(page))
    qtbot.mouseClick(panel_of(page).merge_button, LEFT)
    assert panel_of(page).undo_button.isVisible()
    room.answer()
    page.refresh()
    assert not panel_of(page).undo_button.isVisible()


def test_only_ticked_copies_are_merged(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """The tick stands before a whole copy; the other waits on."""
    one, two = room.filed("一号机", "工信的进展。"), room.filed("财政机", "财政的进展。", unit="czj")
    page = open_page(qtbot, make_session(room.at_office()))
    panel = panel_of(page)
    put_in(qtbot, page, one, two)
    trust_all(qtbot, panel)
    assert panel.merge_button.text() == "合入 2 份"
    click_row(qtbot, panel, panel.table.row_of(COPY, one), 20)
    assert panel.merge_button.text() == "合入 1 份"
    qtbot.mouseClick(panel.merge_button, LEFT)
    assert filing.read_filings(room.office, PERIOD, "czj")["czj", PERIOD].answers["1"].progress == "财政的进展。"
    assert filing.read_filings(room.office, PERIOD, UNIT)[UNIT, PERIOD].answers["1"].progress != "工信的进展。"
    put_in(qtbot, page, two)
    assert "都已经有了" in titles(panel)[two.name]


def test_heads_fold_and_tabs_filter(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """A click on a head folds its copy; 无法合入 shows only what was refused."""
    copy = room.filed("一号机", "完成摸底。")
    bad = room.folder / "别的.dat"
    bad.write_bytes(b"x" * 4000)
    page = open_page(qtbot, make_session(room.at_office()))
    panel = panel_of(page)
    put_in(qtbot, page, copy, bad)
    trust_all(qtbot, panel)
    count = len(panel.table.preview.rows)
    click_row(qtbot, panel, panel.table.row_of(COPY, copy), 300)
    assert len(panel.table.preview.rows) < count
    words = [panel.tabs.tabText(i) for i in range(panel.tabs.count()) if panel.tabs.isTabVisible(i)]
    assert words[-1] == "无法合入 1"
    panel.tabs.setCurrentIndex(panel.tabs.count() - 1)
    assert [r.file for r in panel.table.preview.rows] == [bad]


def test_dropping_a_folder_finds_copies_by_content(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """Any file ending is accepted; photos beside them are passed over."""
    stick = room.folder / "U盘"
    (stick / "下面").mkdir(parents=True)
    (stick / "照片.jpg").write_bytes(b"\xff\xd8\xff" + b"0" * 5000)
    (stick / "下面" / "区工信局.dat").write_bytes(room.filed("一号机", "完成摸底。").read_bytes())
    page = open_page(qtbot, make_session(room.at_office()))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(stick))])
    page.dropEvent(
        QDropEvent(
            QPointF(50, 50), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier, QEvent.Type.Drop
        )
    )
    assert list(titles(panel_of(page))) == ["区工信局.dat"]


def test_a_copy_opened_from_outside_is_looked_at(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """The page takes a path as its argument."""
    copy = room.filed("一号机", "完成摸底。")
    page = open_page(qtbot, make_session(room.at_office()))
    page.views.set_current("log")
    page.show_argument(copy)
    assert list(titles(panel_of(page))) == [copy.name]
    assert page.views.current() == "desk"


def test_before_a_period_is_opened(qtbot: QtBot, tmp_path: Path, make_session: MakeSession) -> None:
    """A new ledger shows every unit, says that no 期次 is open, and can hand out."""
    plan = read_plan(paths.plan_file("ganzhou-2017.toml"))
    ledger, _ = ledgers.new_ledger(tmp_path / "new.gzdb", plan, author="汇总员")
    page = open_page(qtbot, make_session(ledger))
    assert {s.word for s in office_of(page).states().values()} == {"未开期次"}
    assert len(office_of(page).states()) == 17
    assert "还没有开期次" in office_of(page).board.aside.full_text()
    assert button(page, "hand_out").isEnabled()
    ledger.close()


class CancelledRunner(InstantRunner):
    """Every write is cancelled before its first step."""

    def _submit(self, job: Job) -> None:
        if job.is_write:
            job.cancel()
        super()._submit(job)


def test_a_cancelled_merge_leaves_everything(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """取消 merges nothing; the copies still wait and can be merged."""
    copy = room.filed("一号机", "完成摸底。")
    session = make_session(room.at_office())
    page = open_page(qtbot, session)
    panel = panel_of(page)
    put_in(qtbot, page, copy)
    trust_all(qtbot, panel)
    before, instant = room.office.journal.heads(), session.operations
    session.operations = CancelledRunner(session.messages)
    qtbot.mouseClick(panel.merge_button, LEFT)
    session.operations = instant
    assert room.office.journal.heads() == before
    assert panel.merge_button.isEnabled()
    qtbot.mouseClick(panel.merge_button, LEFT)
    assert room.office.journal.heads() != before


def test_the_same_over_the_worker_thread(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """Nothing of the page leans on work being done at once."""
    copy = room.filed("一号机", "在工作线程上合入。")
    session = make_session(room.at_office())
    runner = ThreadRunner(session.messages)
    session.operations = runner
    page = open_page(qtbot, session)
    panel = panel_of(page)
    put_in(qtbot, page, copy)
    qtbot.waitUntil(lambda: panel.table.row_of(TRUST, copy) >= 0)
    click_row(qtbot, panel, panel.table.row_of(TRUST, copy), 440)
    qtbot.waitUntil(panel.merge_button.isEnabled)
    qtbot.mouseClick(panel.merge_button, LEFT)
    qtbot.waitUntil(panel.undo_button.isVisible)
    runner.close()
    held = filing.read_filings(room.office, PERIOD, UNIT)[UNIT, PERIOD]
    assert held.answers["1"].progress == "在工作线程上合入。"
    assert session.messages.failures == []  # type: ignore[attr-defined]


# -- sticks, folders, what is missing, a change in full ------------------------------------------------------


def test_a_stick_is_told_by_content(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """How many copies of this ledger lie there and how many are new; one click puts in the new ones, newest first."""
    first = room.filed("一号机", "完成摸底。")
    second = room.filed("二号机", "另写一份。", unit="czj")
    stick = room.folder / "盘"
    (stick / "三季度").mkdir(parents=True)
    first.rename(stick / "没有后缀")
    second.rename(stick / "三季度" / "财政.gzcopy")
    os.utime(stick / "没有后缀", (1, 1))
    (stick / "说明.txt").write_text("不是副本")
    page = open_page(qtbot, make_session(room.at_office()))
    places = [stick]
    page.sticks = lambda: tuple(places)
    page.look_for_sticks()
    assert "有 2 份副本，2 份是新的" in page.stick_notice.text()
    (act,) = [b for b in page.stick_notice.findChildren(QPushButton) if b.text() == "放入新的 2 份"]
    qtbot.mouseClick(act, LEFT)
    assert [s.file.name for s in panel_of(page).staged] == ["财政.gzcopy", "没有后缀"]
    trust_all(qtbot, panel_of(page))
    qtbot.mouseClick(panel_of(page).merge_button, LEFT)
    places.clear()
    page.look_for_sticks()
    assert not page.stick_notice.isVisible()
    places.append(stick)
    page.look_for_sticks()
    assert "都已经合入过" in page.stick_notice.text()


def test_a_folder_at_a_click(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """The button takes a folder; one without copies says so."""
    copy = room.filed("一号机", "完成摸底。")
    folder, empty = room.folder / "来的", room.folder / "空的"
    folder.mkdir()
    empty.mkdir()
    copy.rename(folder / copy.name)
    session = make_session(room.at_office())
    page = open_page(qtbot, session)
    session.files.answers = [empty, folder]  # type: ignore[attr-defined]
    qtbot.mouseClick(page.folder_button, LEFT)
    assert "没有台账副本" in panel_of(page).notice.text()
    qtbot.mouseClick(page.folder_button, LEFT)
    assert list(titles(panel_of(page))) == [copy.name]


def test_who_is_missing_with_telephone_and_reminder(
    qtbot: QtBot, demo_ledger: Ledger, make_session: MakeSession
) -> None:
    """未报名单 stands beside the board; the text of one or of all is in the clipboard."""
    session = make_session(demo_ledger)
    page = open_page(qtbot, session)
    view = office_of(page)
    missing = [s for s in view.states().values() if s.state == MISSING]
    assert missing
    qtbot.mouseClick(view.board.missing_button, LEFT)
    assert view.missing.isVisible()
    shown = [[view.missing.rows.index(r, c).data() for c in range(5)] for r in range(view.missing.rows.rowCount())]
    assert [row[0] for row in shown] == [s.name for s in missing]
    phones = read_desk(demo_ledger, PERIOD).contacts
    assert [row[3] for row in shown] == [phones[s.unit]["phone"] for s in missing]
    qtbot.mouseClick(view.missing.copy_button, LEFT)
    text = QGuiApplication.clipboard().text()
    assert all(session.plan.unit_by_id[s.unit].name in text for s in missing)
    assert "2018年第三季度" in text
    place = view.missing.table.visualRect(view.missing.rows.index(0, 5)).center()
    qtbot.mouseClick(view.missing.table.viewport(), LEFT, pos=place)
    assert QGuiApplication.clipboard().text().startswith(session.plan.unit_by_id[missing[0].unit].name)
    qtbot.keyClick(view.missing.table, Qt.Key.Key_Escape)
    assert not view.missing.isVisible()


def test_tasks_of_a_unit_fill_as_its_copy_comes(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """单位 × 任务: 待合入 where the copy brings something, then 已报; a click on a cell shows the unit's copy."""
    missing = next(s.unit for s in _states(qtbot, room, make_session) if s.state == MISSING)
    copy = room.filed("一号机", "完成摸底。", unit=missing)
    page = open_page(qtbot, make_session(room.at_office()))
    board = office_of(page).board
    qtbot.mouseClick(board.views.button("tasks"), LEFT)
    task = room.office.plan().matters_of(missing)[0]
    assert board.tasks.state_of(task, missing) == "missing"
    put_in(qtbot, page, copy)
    trust_all(qtbot, panel_of(page))
    assert board.tasks.state_of(task, missing) == "waiting"
    qtbot.mouseClick(panel_of(page).merge_button, LEFT)
    assert board.tasks.state_of(task, missing) == "filed"
    column = next(c for c in range(board.tasks.columnCount()) if _head(board, c) == _short(room, missing))
    row = next(r for r in range(board.tasks.rowCount()) if board.tasks.item(r, column).data(Qt.ItemDataRole.UserRole))  # type: ignore[union-attr]
    place = board.tasks.visualItemRect(board.tasks.item(row, column)).center()  # type: ignore[arg-type]
    qtbot.mouseClick(board.tasks.viewport(), LEFT, pos=place)
    assert office_of(page).detail.isVisible()
    assert office_of(page).detail.title.text() == room.office.plan().unit_by_id[missing].name


def _states(qtbot: QtBot, room: Room, make_session: MakeSession) -> list[TileState]:
    return list(office_of(open_page(qtbot, make_session(room.at_office()))).states().values())


def _head(board: Board, column: int) -> str:
    head = board.tasks.horizontalHeaderItem(column)
    return "" if head is None else head.text()


def _short(room: Room, unit: str) -> str:
    return room.office.plan().unit_by_id[unit].short


def test_a_row_opens_its_two_values_in_full(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """Enter or a double click on a change shows what lies here and what comes, with who and when."""
    copy = room.filed("一号机", "全年培育平台 5 家。" * 9)
    page = open_page(qtbot, make_session(room.at_office()))
    put_in(qtbot, page, copy)
    trust_all(qtbot, panel_of(page))
    table = panel_of(page).table
    row = next(i for i, r in enumerate(table.preview.rows) if r.kind == CHANGE and "任务 1" in r.subject)
    table.setFocus()
    table.setCurrentIndex(table.preview.index(row, 1))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    dialog = page.values_dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert dialog.after.text.text.count("全年培育平台 5 家。") == 9
    assert "填报员一号机" in dialog.after.who.text()
    qtbot.mouseClick(dialog.close_button, LEFT)
    assert not dialog.isVisible()


# -- 两处不一致 ----------------------------------------------------------------------------------------------


def _decide_all_of_the_demo(ledger: Ledger) -> None:
    for case in conflicts.list_conflicts(ledger):
        conflicts.resolve(ledger, case.id, take="A")


def _two_pcs(qtbot: QtBot, room: Room, make_session: MakeSession) -> tuple[ExchangePage, Session]:
    """Two PCs of one unit wrote the same answer differently; both are merged."""
    _decide_all_of_the_demo(room.at_office())
    first = room.filed("一号机", "全年培育平台 5 家，其中 2 家已报市直部门。")
    second = room.filed("二号机", "全年培育平台 6 家，其中 2 家已报市直部门。")
    session = make_session(room.at_office())
    page = open_page(qtbot, session)
    put_in(qtbot, page, first, second)
    trust_all(qtbot, panel_of(page))
    return page, session


def test_two_pcs_of_one_unit_are_decided_side_by_side(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """Both values are kept, shown side by side with the words that differ, and one is taken."""
    page, _ = _two_pcs(qtbot, room, make_session)
    panel = panel_of(page)
    contested = [r for r in panel.table.preview.rows if r.how_word == "不一致"]
    assert [r.subject for r in contested] == ["任务 1 · 本期答复"]
    assert {contested[0].before.count("5 家"), contested[0].after.count("6 家")} == {1}
    qtbot.mouseClick(panel.see_button, LEFT)
    assert panel.tabs.tabText(panel.tabs.currentIndex()) == "不一致 1"
    qtbot.mouseClick(panel.merge_button, LEFT)
    assert office_of(page).states()[UNIT].state == CONTESTED

    qtbot.mouseClick(panel.see_button, LEFT)
    dialog = page.conflicts_dialog
    assert dialog is not None
    assert [c.text.marked for c in dialog.cards] == [["6"], ["5"]]
    codes = {room.made[name][0].code() for name in ("一号机", "二号机")}
    assert codes == {c.who.text().rpartition("\n")[2].removeprefix("核对码 ") for c in dialog.cards}
    assert dialog.cards[0].text.text.startswith("本期情况：有进展\n本期进展：")
    assert not dialog.take_button.isEnabled()
    assert not dialog.third.isVisible(), "the office writes no third value for a unit"
    qtbot.mouseClick(dialog.cards[1], LEFT)
    assert "采用乙" in dialog.take_button.text()
    assert "5 家" in dialog.result_text.text()
    qtbot.mouseClick(dialog.take_button, LEFT)
    assert not dialog.isVisible()
    assert conflicts.list_conflicts(room.office) == ()
    held = filing.read_filings(room.office, PERIOD, UNIT)[UNIT, PERIOD]
    assert "5 家" in held.answers["1"].progress
    assert office_of(page).states()[UNIT].state != CONTESTED


def test_the_office_returns_a_case_to_the_unit(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """退回单位定 decides nothing; it goes to the review page.  先放着 leaves the case open."""
    page, session = _two_pcs(qtbot, room, make_session)
    qtbot.mouseClick(panel_of(page).merge_button, LEFT)
    page.show_argument("conflicts")
    dialog = page.conflicts_dialog
    assert dialog is not None
    qtbot.mouseClick(dialog.leave_button, LEFT)
    assert len(conflicts.list_conflicts(room.office)) == 1
    page.show_argument("conflicts")
    dialog = page.conflicts_dialog
    assert dialog is not None
    dialog.back.setFocus()
    qtbot.keyClick(dialog.back, Qt.Key.Key_Space)
    with qtbot.waitSignal(session.went) as went:
        qtbot.keyClick(dialog.take_button, Qt.Key.Key_Space)
    assert went.args == ["review", {"unit": UNIT, "period": PERIOD}]
    assert len(conflicts.list_conflicts(room.office)) == 1


def test_the_unit_writes_a_third_value(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """At the unit the answer's own fields can be typed; what cannot be read is said and not written."""
    page, _ = _two_pcs(qtbot, room, make_session)
    qtbot.mouseClick(panel_of(page).merge_button, LEFT)
    answer = room.answer()
    ledger = room.at("一号机")
    session = make_session(ledger)
    mine = open_page(qtbot, session)
    put_in(qtbot, mine, answer)
    qtbot.mouseClick(panel_of(mine).merge_button, LEFT)
    qtbot.mouseClick(panel_of(mine).see_button, LEFT)
    dialog = mine.conflicts_dialog
    assert dialog is not None
    assert any(c.who.text().endswith(f"本机（核对码 {ledger.code()}）") for c in dialog.cards)
    qtbot.mouseClick(dialog.third, LEFT, pos=ON_BOX)
    assert dialog.editor.isVisible()
    qtbot.keyClicks(dialog.editor.expected, "soon")
    assert not dialog.take_button.isEnabled()
    assert "不是日期" in dialog.message.text()
    dialog.editor.expected.clear()
    box = dialog.editor.texts["progress"]
    box.selectAll()
    qtbot.keyClicks(box, "x7 jia")
    assert "本期进展：x7 jia" in dialog.result_text.text()
    qtbot.mouseClick(dialog.take_button, LEFT)
    assert conflicts.list_conflicts(ledger) == ()
    assert filing.read_filings(ledger, PERIOD, UNIT)[UNIT, PERIOD].answers["1"].progress == "x7 jia"


def _two_entries(qtbot: QtBot, room: Room, make_session: MakeSession, *, deleted: bool) -> tuple[ExchangePage, str]:
    """One entry on two PCs of a unit: both change it differently, or one deletes what the other changes."""
    _decide_all_of_the_demo(room.at_office())
    plan = room.office.plan()
    register = plan.registers_of(UNIT)[0]
    name, *others = [c for c in plan.columns_by_register[register.id] if c.form == "text"][:2]
    wanted = {name.name: "甲禾示范园", **({c.name: "原来的" for c in others})}
    key = registers.save_entries(room.office, register.id, UNIT, [registers.Edit(wanted)])[0]
    copies = []
    for pc, word in (("一号机", "改"), ("二号机", "再改")):
        ledger = room.new_pc(pc)
        entry = registers.read_entry(ledger, register.id, UNIT, key)
        assert entry is not None
        if deleted and pc == "二号机":
            registers.delete_entries(ledger, register.id, [entry])
        else:
            values = {c: f"{v}{word}" for c, v in wanted.items()}
            registers.save_entries(ledger, register.id, UNIT, [registers.Edit(values, key, entry.heads)])
        copies.append(room.export(pc))
    page = open_page(qtbot, make_session(room.at_office()))
    put_in(qtbot, page, *copies)
    trust_all(qtbot, panel_of(page))
    subjects = [r.subject for r in panel_of(page).table.preview.rows if r.how_word == "不一致"]
    assert subjects
    assert all(s.startswith(f"{register.short} · 甲禾示范园") for s in subjects), subjects
    qtbot.mouseClick(panel_of(page).merge_button, LEFT)
    page.show_argument("conflicts")
    assert page.conflicts_dialog is not None
    return page, key


def test_an_entry_is_decided_as_a_whole_with_its_basis(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """Each field is named by its column; one tick takes all that one PC wrote; the basis is in the history."""
    page, key = _two_entries(qtbot, room, make_session, deleted=False)
    dialog = page.conflicts_dialog
    assert dialog is not None
    count = dialog.list.count()
    assert count == 2
    titles = {c.title for c in room.office.plan().columns}
    assert {dialog.list.item(i).text().split("\n")[1].rpartition(" · ")[2] for i in range(count)} <= titles
    assert not dialog.whole.isVisible()
    mine = next(c for c in dialog.cards if "再改" not in c.text.text)
    qtbot.mouseClick(mine, LEFT)
    qtbot.mouseClick(dialog.whole, LEFT, pos=ON_BOX)
    assert "整条采用" in dialog.take_button.text()
    qtbot.keyClicks(dialog.basis.box, "a paper")
    qtbot.mouseClick(dialog.take_button, LEFT)
    assert not dialog.isVisible()
    assert conflicts.list_conflicts(room.office) == ()
    register = room.office.plan().registers_of(UNIT)[0]
    entry = registers.read_entry(room.office, register.id, UNIT, key)
    assert entry is not None
    assert all(str(v).endswith("改") and not str(v).endswith("再改") for v in entry.values.values())
    assert read_history(room.office)[-1].title == "裁定整条记录的两处不一致：2 处（依据：a paper）"


def test_a_deletion_beside_an_edit_is_decided(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """删去 or 保留 stand side by side; keeping it closes the case."""
    page, key = _two_entries(qtbot, room, make_session, deleted=True)
    dialog = page.conflicts_dialog
    assert dialog is not None
    assert dialog.list.count() == 1
    assert {c.text.text for c in dialog.cards} == {"删去这条记录", "保留这条记录"}
    assert dialog.third.isVisible() is False
    qtbot.mouseClick(next(c for c in dialog.cards if c.text.text.startswith("保留")), LEFT)
    qtbot.mouseClick(dialog.take_button, LEFT)
    assert conflicts.list_conflicts(room.office) == ()
    assert registers.read_entry(room.office, room.office.plan().registers_of(UNIT)[0].id, UNIT, key) is not None


def test_a_number_that_differs_is_typed_in_one_box(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """Numbers show with their unit and are typed as plain numbers."""
    _decide_all_of_the_demo(room.at_office())
    unit = next(
        u.id
        for u in room.office.plan().responsible_units
        for t in room.office.plan().matters_of(u.id)[:1]
        if any(a.numeric for a in room.office.plan().asked_of(u.id, t))
    )
    copies = [room.filed("一号机", "同样的话。", "7", unit=unit), room.filed("二号机", "同样的话。", "9", unit=unit)]
    page = open_page(qtbot, make_session(room.at_office()))
    put_in(qtbot, page, *copies)
    trust_all(qtbot, panel_of(page))
    qtbot.mouseClick(panel_of(page).merge_button, LEFT)
    answer = room.answer(unit)
    ledger = room.at("一号机")
    mine = open_page(qtbot, make_session(ledger))
    put_in(qtbot, mine, answer)
    qtbot.mouseClick(panel_of(mine).merge_button, LEFT)
    mine.show_argument("conflicts")
    dialog = mine.conflicts_dialog
    assert dialog is not None
    case = dialog.case
    assert case is not None
    assert {c.text.text.split(" ")[0] for c in dialog.cards} == {"7", "9"}
    dialog.third.setChecked(True)
    dialog.editor.box.selectAll()
    qtbot.keyClicks(dialog.editor.box, "seven")
    assert "不是一个数" in dialog.message.text()
    dialog.editor.box.selectAll()
    qtbot.keyClicks(dialog.editor.box, "8")
    left = len(conflicts.list_conflicts(ledger))
    qtbot.mouseClick(dialog.take_button, LEFT)
    assert len(conflicts.list_conflicts(ledger)) == left - 1
    held = filing.read_filings(ledger, PERIOD, unit)[unit, PERIOD]
    assert str(held.measurements[place_of_field(case.field)]) == "8"
    room.at_office()


# -- 下发副本, 备份, 体检, 往来记录 --------------------------------------------------------------------------


def test_hand_out_to_several_units(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """Ticked units get a checked copy each under its usual name; the result says it may be pulled out."""
    session = make_session(room.at_office())
    page = open_page(qtbot, session)
    qtbot.mouseClick(button(page, "hand_out"), LEFT)
    dialog = page.hand_out_dialog
    assert dialog is not None
    assert len(dialog.chosen()) == 17
    assert not dialog.write_button.isEnabled()
    qtbot.mouseClick(dialog.all_box, LEFT, pos=ON_BOX)
    assert dialog.chosen() == []
    dialog.tick("gxj")
    dialog.tick("czj")
    out = room.folder / "给单位"
    out.mkdir()
    session.files.answers = [out]  # type: ignore[attr-defined]
    qtbot.mouseClick(dialog.choose_button, LEFT)
    assert dialog.write_button.text() == "下发 2 份"
    qtbot.mouseClick(dialog.write_button, LEFT)
    files = sorted(out.iterdir())
    assert {exchange.inspect(f).unit for f in files} == {"gxj", "czj"}
    assert all("下发副本" in f.name and f.suffix == ".gzcopy" for f in files)
    shown = [dialog.units.item(i).text() for i in range(dialog.units.count())]
    assert len(shown) == 2
    assert all("已核对，可以拔出" in line for line in shown)
    qtbot.mouseClick(dialog.write_button, LEFT)
    assert not dialog.isVisible()
    page.views.set_current("log")
    assert page.log_view.table.log.rowCount() == 2
    assert {page.log_view.table.log.index(i, 4).data() for i in range(2)} == {"已下发"}
    page.log_view.direction.set_current("in")
    page.log_view.direction.chosen.emit("in")
    assert page.log_view.table.log.rowCount() == 0


def test_a_stick_that_is_gone_is_told_for_each_copy(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """Nothing is said to be safe that was not written."""
    session = make_session(room.at_office())
    page = open_page(qtbot, session)
    page.hand_out(["gxj"])
    dialog = page.hand_out_dialog
    assert dialog is not None
    session.files.answers = [room.folder / "拔掉的盘"]  # type: ignore[attr-defined]
    qtbot.mouseClick(dialog.choose_button, LEFT)
    qtbot.mouseClick(dialog.write_button, LEFT)
    assert dialog.outcome.text().endswith("1 份没有写成")
    assert "可以拔出" not in dialog.units.item(0).text()


def test_backup_to_a_chosen_place(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """The backup opens as the same ledger."""
    session = make_session(room.at_office())
    page = open_page(qtbot, session)
    session.files.answers = [room.folder]  # type: ignore[attr-defined]
    qtbot.mouseClick(button(page, "backup"), LEFT)
    made = next(room.folder.glob("demo_备份_*.gzdb"))
    assert made.name in panel_of(page).notice.text()
    copy = ledgers.open_ledger(made, writer=False)
    assert copy.journal.heads() == room.office.journal.heads()
    copy.close()


def test_checkup_finds_and_repairs_only_the_projection(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """All well is one sentence and codes to compare; a wrong present state is rebuilt."""
    page = open_page(qtbot, make_session(room.at_office()))
    view = page.check_view
    qtbot.mouseClick(page.views.button("check"), LEFT)
    qtbot.mouseClick(view.empty.button, LEFT)
    assert view.sentence.text() == "台账完好，没有发现问题"
    assert view.codes.rowCount() == 18
    assert view.codes.row(0).name == "全区公共内容"
    assert not view.rebuild_button.isVisible()
    with room.office.journal.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE p_record SET heads = '[]' WHERE kind = 'submission'")
    qtbot.mouseClick(view.again_button, LEFT)
    assert view.sentence.text() == "操作记录完好，当前状态要重算"
    qtbot.mouseClick(view.rebuild_button, LEFT)
    assert view.sentence.text() == "台账完好，没有发现问题"


# -- at the unit --------------------------------------------------------------------------------------------


def test_unit_exports_its_copy(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """导出副本 says what is in it, its 核对码, and that it may be pulled out; a draft is said not to travel."""
    room.filed("一号机", "完成摸底。")
    ledger = room.at("一号机")
    session = make_session(ledger)
    state = filing.form_state(ledger, UNIT, PERIOD)
    page = open_page(qtbot, session)
    view = unit_of(page)
    assert not view.out_warning.isVisible()
    filing.save_draft(ledger, state.form)
    page.refresh()
    assert "草稿不会随副本带走" in view.out_warning.text()
    out = room.folder / "U盘"
    out.mkdir()
    session.files.answers = [out]  # type: ignore[attr-defined]
    qtbot.mouseClick(view.export_button, LEFT)
    (file,) = out.iterdir()
    assert file.name.startswith("区工信局_2018Q3_副本_")
    assert view.result.isVisible()
    assert view.result_head.text().startswith("已核对，可以拔出")
    assert ledger.code() in view.result_facts.text()
    assert exchange.inspect(file).unit == UNIT


def test_unit_takes_in_the_answer(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """Each matter says 已接收 or 退回 with its reason and leads to the form; figures that changed are told."""
    copy = room.filed("一号机", "完成摸底。")
    office = room.at_office()
    figures.confirm(office, "T3", "12", "纸质原件第 2 页")
    page = open_page(qtbot, make_session(office))
    put_in(qtbot, page, copy)
    trust_all(qtbot, panel_of(page))
    qtbot.mouseClick(panel_of(page).merge_button, LEFT)
    task = office.plan().matters_of(UNIT)[0]
    reviewing.review(office, UNIT, PERIOD, accept=False, reason="请写明完成时间。", tasks=[task])
    figures.confirm(office, "T4", "30", "纸质原件第 2 页")
    answer = room.answer()

    ledger = room.at("一号机")
    session = make_session(ledger)
    mine = open_page(qtbot, session)
    view = unit_of(mine)
    assert "区里还没有收到本机的 1 步内容" in view.compared.text()
    put_in(qtbot, mine, answer)
    assert view.panel.merge_button.text() == "接收这份答复"
    assert any("审核" in r.subject for r in view.panel.table.preview.rows)
    qtbot.mouseClick(view.panel.merge_button, LEFT)
    assert view.compared.text() == "区里已收到本机全部内容"
    rows = {r.task: r for r in view.rows.rows if r.task}
    assert rows[task].reason == "请写明完成时间。"
    shown = [view.rows.index(i, 2).data() for i in range(view.rows.rowCount())]
    assert shown[0] == "退回"
    assert "核定值变了" in shown
    with qtbot.waitSignal(session.went) as went:
        view.table.setFocus()
        view.table.setCurrentIndex(view.rows.index(0, 0))
        qtbot.keyClick(view.table, Qt.Key.Key_Return)
    assert went.args == ["filing", {"unit": UNIT, "task": task, "period": PERIOD}]
    with qtbot.waitSignal(session.went) as went:
        qtbot.mouseClick(view.print_button, LEFT)
    assert went.args[0] == "preview"
    words = _words_on(went.args[1].make(Options("A4P")))
    assert "退回" in words
    assert "请写明完成时间。" in words
    assert "区里已收到本机全部内容" in words
    room.at_office()
    page.refresh()
    with qtbot.waitSignal(page._session.went) as went:
        qtbot.mouseClick(office_of(page).board.tile(UNIT), LEFT)
        qtbot.mouseClick(office_of(page).detail.answer_button, LEFT)
    assert "请写明完成时间。" in _words_on(went.args[1].make(Options("A4P")))


def _words_on(document: Document) -> str:
    found = [i for page in document.pages for i in page.items if isinstance(i, TextItem)]
    return "".join(line for item in found for line in item.lines)


def test_a_quarter_opened_meanwhile_is_a_click_away(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """The answer brings the next 期次: the unit is told, stays where it was, and gets there by one click."""
    ledger = room.new_pc("一号机")
    periods.open_period(room.at_office(), "2018Q4")
    answer = room.answer()
    room.at("一号机")
    session = make_session(ledger)
    assert session.period == PERIOD
    page = open_page(qtbot, session)
    put_in(qtbot, page, answer)
    qtbot.mouseClick(panel_of(page).merge_button, LEFT)
    notice = panel_of(page).notice
    assert "区里已开2018年第四季度，各页现在显示的还是2018年第三季度" in notice.text()
    assert session.period == PERIOD
    (look,) = (b for b in notice.findChildren(QPushButton) if b.isVisible() and b.text())
    assert look.text() == "看2018年第四季度"
    with qtbot.waitSignal(session.went) as went:
        qtbot.mouseClick(look, LEFT)
    assert went.args == ["filing", {"unit": UNIT, "period": "2018Q4"}]
    assert session.period == "2018Q4"
    assert not notice.isVisible()
    again = room.answer()
    room.at("一号机")
    put_in(qtbot, page, again)
    qtbot.mouseClick(panel_of(page).merge_button, LEFT)
    assert "已开" not in notice.text()
    assert not look.isVisible()
    room.at_office()


def test_an_answer_without_news_still_counts(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """Taking in an answer that brings nothing tells at least that all was received."""
    ledger = room.new_pc("一号机")
    answer = room.answer()
    ledger = room.at("一号机")
    page = open_page(qtbot, make_session(ledger))
    put_in(qtbot, page, answer)
    assert panel_of(page).merge_button.isEnabled()
    qtbot.mouseClick(panel_of(page).merge_button, LEFT)
    assert unit_of(page).compared.text() == "区里已收到本机全部内容"
    assert not panel_of(page).staged
    room.at_office()


def test_a_unit_refuses_what_is_not_its_own(qtbot: QtBot, room: Room, make_session: MakeSession) -> None:
    """Another unit's copy and an uncertified PC's copy end with a sentence."""
    other = room.filed("财政机", "财政的进展。", unit="czj")
    same = room.filed("二号机", "另一台电脑的进展。")
    ledger = room.new_pc("一号机")
    page = open_page(qtbot, make_session(ledger))
    put_in(qtbot, page, other, same)
    told = titles(panel_of(page))
    assert "其他单位" in told[other.name]
    assert "请先交区里合入" in told[same.name]
    assert not any(r.kind == TRUST for r in panel_of(page).table.preview.rows)
    assert not panel_of(page).merge_button.isEnabled()
    room.at_office()


def test_a_tight_tile_still_says_that_days_are_late(qtbot: QtBot) -> None:
    metrics = QFontMetrics(theme.font(theme.NOTE))
    whole, tight = (metrics.horizontalAdvance(words) for words in ("逾期 2971 天", "逾期2971天"))
    assert fitting(metrics, "逾期 2971 天", whole + 14) == "逾期 2971 天"
    assert fitting(metrics, "逾期 2971 天", tight + 6) == "逾期2971天"
    assert fitting(metrics, "逾期 2971 天", tight) == "2971 天", "where a telephone leaves no room"


def test_the_printed_form_marks_what_is_not_decided(demo_ledger: Ledger) -> None:
    """※ at the answer two PCs wrote differently, with its meaning; none once it is decided."""
    case = next(c for c in conflicts.list_conflicts(demo_ledger) if c.kind == "submission")
    words = _words_on(papers.filing_paper(demo_ledger, case.scope, case.key))
    assert words.count("※") == 2, "the answer and the note"
    assert "裁定以前" in words
    _decide_all_of_the_demo(demo_ledger)
    assert "※" not in _words_on(papers.filing_paper(demo_ledger, case.scope, case.key))


def test_two_seats_of_the_office_by_the_window_alone(
    qtbot: QtBot, room: Room, make_session: MakeSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second PC opens the backup and types the 恢复单; what is done on either reaches the other through a copy."""
    plan = read_plan(paths.plan_file("ganzhou-2017.toml"))
    first, code = ledgers.new_ledger(tmp_path / "一.gzdb", plan, author="汇总员")
    periods.open_period(first, "2018Q1")
    one = open_page(qtbot, make_session(first))
    one._session.files.answers = [tmp_path / "二.gzdb"]  # type: ignore[attr-defined]
    qtbot.mouseClick(one.backup_button, LEFT)
    home = os.environ["GANZHOU_HOME"]
    monkeypatch.setenv("GANZHOU_HOME", str(tmp_path / "第二台"))
    second = ledgers.open_ledger(tmp_path / "二.gzdb", author="汇总员二")
    session = make_session(second)
    section = RecoverySection(session, BusyBar(one))
    qtbot.addWidget(section)
    section.show()
    section.refresh()
    QGuiApplication.clipboard().setText(code)
    qtbot.keyClick(section.form.boxes[0], Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.mouseClick(section.recover, LEFT)
    figures.confirm(second, "T3", "12", "原件")
    two = open_page(qtbot, session)
    qtbot.mouseClick(two.hand_out_button, LEFT)
    dialog = two.hand_out_dialog
    assert dialog is not None
    session.files.answers = [tmp_path / "给一.gzcopy"]  # type: ignore[attr-defined]
    qtbot.mouseClick(dialog.seat_button, LEFT)
    assert dialog.outcome.text().startswith("已核对，可以拔出")
    dialog.reject()
    assert not dialog.isVisible()
    monkeypatch.setenv("GANZHOU_HOME", home)
    put_in(qtbot, one, tmp_path / "给一.gzcopy")
    qtbot.mouseClick(panel_of(one).merge_button, LEFT)
    assert first.plan().figure_by_id["T3"].confirmed == Decimal(12)
    assert len([s for s in sites.list_sites(first) if s.scope == "all"]) == 2
    for ledger in (first, second):
        ledger.close()
