"""总览 as its users see it: numbers that are as long as the lists behind, ways on by mouse and keyboard, paper."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from ganzhou_desktop.services import conflicts, figures, ledgers, periods, reviewing
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.overview import CONFLICTS, FIGURES, MISSING, RETURNED, TO_FILL, TO_REVIEW, TO_SUBMIT
from ganzhou_desktop.ui.pages.overview_page import OverviewPage
from ganzhou_desktop.ui.pages.overview_page.gauges_card import DIALS
from ganzhou_desktop.ui.pages.overview_page.page import ONLY_OWN
from ganzhou_desktop.ui.printing.jobs import PreviewJob
from ganzhou_desktop.ui.session import PreparedFiles, Session
from ganzhou_desktop.ui.widgets import StateLabel

SIZES = ((1206, 671), (1376, 838), (1152, 654))
"""What is left for a page at 1366×697, at 1536×864 and at the smallest window."""


class Opened:
    """A page on a ledger, shown; `went` is where it led."""

    def __init__(self, page: OverviewPage, session: Session) -> None:
        self.page, self.session = page, session
        self.went: list[tuple[str, object]] = []
        session.went.connect(lambda key, argument: self.went.append((key, argument)))


@pytest.fixture
def open_page(qtbot: QtBot, make_session: Callable[[Ledger], Session]) -> Callable[[Ledger], Opened]:
    def open_(ledger: Ledger) -> Opened:
        ledger.clock = lambda: datetime(2018, 10, 12, 1, 42, tzinfo=UTC)
        session = make_session(ledger)
        page = OverviewPage(session)
        qtbot.addWidget(page)
        page.resize(*SIZES[0])
        page.show()
        page.refresh()
        return Opened(page, session)

    return open_


@pytest.fixture
def office(open_page: Callable[[Ledger], Opened], demo_ledger: Ledger) -> Opened:
    return open_page(demo_ledger)


@pytest.fixture
def unit(open_page: Callable[[Ledger], Opened], unit_ledger: Ledger) -> Opened:
    return open_page(unit_ledger)


@pytest.fixture
def fresh(tmp_path: Path, demo_ledger: Ledger) -> Iterator[Ledger]:
    """An office's ledger in which no period was opened."""
    ledger, _ = ledgers.new_ledger(tmp_path / "new.gzdb", demo_ledger.plan())
    yield ledger
    ledger.close()


def _period(opened: Opened) -> str:
    assert opened.session.period is not None
    return opened.session.period


def test_eight_targets_with_their_numbers(office: Opened) -> None:
    """T1…T8 in order: actual, target with 待核定, state; missing is a dash and never 0."""
    model = office.page.gauges.model
    assert [g.id for g in model.rows] == [f"T{n}" for n in range(1, 9)]
    rows = {g.id: [str(model.index(n, c).data()) for c in range(model.columnCount())] for n, g in enumerate(model.rows)}
    assert rows["T8"][1] == "13 人"
    assert rows["T8"][2] == "≥15 人 待核定"
    assert rows["T8"][4] == "低于底线"
    assert rows["T1"][2] == "≥8 项"
    assert rows["T3"][1] == "— %"
    assert rows["T3"][4] == "未发布"
    assert office.page.gauges.title.text() == "8 项目标"
    assert model.columns[5].title == "2020年底预计"


def test_hovering_tells_the_formula_with_todays_numbers(office: Opened) -> None:
    """Every cell of a row has it."""
    model = office.page.gauges.model
    for column in range(model.columnCount()):
        assert "序时 = ⌊8 × 367 ÷ 1190⌋ = 2" in model.index(0, column).data(Qt.ItemDataRole.ToolTipRole)


def test_a_click_and_enter_open_the_target(qtbot: QtBot, office: Opened) -> None:
    """The mouse on T7, then the keyboard one row down."""
    table, model = office.page.gauges.table, office.page.gauges.model
    place = table.visualRect(model.index(6, 3)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert office.went == [("target", "T7")]
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert office.went[-1] == ("target", "T8")


def test_dials_show_the_same_and_open_the_same(qtbot: QtBot, office: Opened) -> None:
    """表盘 by mouse, a dial by keyboard."""
    page = office.page
    qtbot.mouseClick(page.view.button(DIALS), Qt.MouseButton.LeftButton)
    assert list(page.gauges.dials.dials) == [f"T{n}" for n in range(1, 9)]
    dial = page.gauges.dials.dials["T2"]
    assert dial.isVisible()
    assert "重大关键技术突破" in dial.accessibleName()
    dial.setFocus()
    qtbot.keyClick(dial, Qt.Key.Key_Return)
    assert office.went == [("target", "T2")]
    page.refresh()
    assert page.gauges.dials.isVisible()


def test_cards_count_what_lies_behind(office: Opened, demo_ledger: Ledger) -> None:
    """Each number beside the list of the service it leads to."""
    cards = office.page.waiting.cards
    period = periods.period_named(demo_ledger, None)
    found = [s.state for s in reviewing.statuses(demo_ledger, period, demo_ledger.today())]
    assert cards[TO_REVIEW].count == found.count("submitted") + found.count("refiled")
    assert cards[RETURNED].count == found.count("returned")
    assert cards[MISSING].count == found.count("missing") == len(office.page.missing.rows)
    assert cards[CONFLICTS].count == len(conflicts.list_conflicts(demo_ledger))
    assert cards[FIGURES].count == sum(f.state != "confirmed" for f in figures.list_figures(demo_ledger))
    assert "逾期未报" in cards[MISSING].accessibleName()


def test_cards_lead_there(qtbot: QtBot, office: Opened) -> None:
    """By mouse and by Enter."""
    page, name = office.page, _period(office)
    statuses = {s.unit: s.state for s in reviewing.statuses(
        office.session.ledger, periods.period_named(office.session.ledger, name), office.session.today()
    )}  # fmt: skip
    first = next(u for u, state in statuses.items() if state in ("submitted", "refiled"))
    qtbot.mouseClick(page.waiting.cards[TO_REVIEW], Qt.MouseButton.LeftButton)
    assert office.went[-1] == ("review", {"unit": first, "period": name})
    qtbot.keyClick(page.waiting.cards[RETURNED], Qt.Key.Key_Return)
    assert office.went[-1] == ("review", {"unit": "gxj", "period": name})
    qtbot.mouseClick(page.waiting.cards[CONFLICTS], Qt.MouseButton.LeftButton)
    assert office.went[-1] == ("exchange", "conflicts")
    qtbot.mouseClick(page.waiting.cards[FIGURES], Qt.MouseButton.LeftButton)
    assert office.went[-1] == ("figures", None)
    before = len(office.went)
    qtbot.mouseClick(page.waiting.cards[MISSING], Qt.MouseButton.LeftButton)
    assert len(office.went) == before
    assert next(iter(page.missing.rows.values())).copy.hasFocus()


def test_who_has_not_reported(qtbot: QtBot, office: Opened) -> None:
    """Name, telephone, days late; the button copies the 催报 text, the other one all of them."""
    page = office.page
    row = page.missing.rows["gtj"]
    assert row.name.full_text() == "区国土局"
    assert "0936-0000006" in row.contact.full_text()
    assert row.look.days == 7
    qtbot.mouseClick(row.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == row.look.reminder
    assert row.look.reminder.startswith("区国土局：")
    assert row.copy.text() == "已复制"
    qtbot.keyClick(page.missing.copy_all, Qt.Key.Key_Space)
    text = QGuiApplication.clipboard().text()
    assert all(r.look.reminder in text for r in page.missing.rows.values())


def test_units_in_their_order_with_word_and_icon(qtbot: QtBot, office: Opened) -> None:
    """All 17; one that filed opens its filing, one that did not its row; arrow keys move between them."""
    page = office.page
    tiles = page.units.grid.tiles
    assert [t.look.key for t in tiles] == [u.id for u in office.session.plan.responsible_units]
    assert tiles[0].look.spoken.startswith("区发改委 · 已接收")
    assert "已接收" in page.units.counts.accessibleName()
    assert page.units.title.text() == "17 家报送情况"
    tiles[0].setFocus()
    qtbot.keyClick(tiles[0], Qt.Key.Key_Right)
    qtbot.keyClick(tiles[1], Qt.Key.Key_Down)
    assert tiles[7].hasFocus()
    qtbot.keyClick(tiles[7], Qt.Key.Key_Return)
    assert office.went[-1] == ("review", {"unit": tiles[7].look.key, "period": _period(office)})
    missing = next(t for t in tiles if t.look.key == "gtj")
    qtbot.mouseClick(missing, Qt.MouseButton.LeftButton)
    assert page.missing.rows["gtj"].copy.hasFocus()


def test_tasks_with_their_state_open_the_matrix(qtbot: QtBot, office: Opened) -> None:
    """Nine tasks under three groups; the link opens the whole matrix."""
    page = office.page
    tiles = [tile for grid in page.tasks.grids.values() for tile in grid.tiles]
    assert [t.look.number for t in tiles] == [str(n) for n in range(1, 10)]
    assert all(t.look.state_word for t in tiles)
    qtbot.mouseClick(tiles[4], Qt.MouseButton.LeftButton)
    assert office.went[-1] == ("matrix", {"task": "5"})
    qtbot.mouseClick(page.tasks.link, Qt.MouseButton.LeftButton)
    assert office.went[-1] == ("matrix", None)


def test_what_is_worst_opens_what_it_is_made_of(qtbot: QtBot, office: Opened) -> None:
    """A gauge opens its target, a cell the matrix at that cell."""
    rows = office.page.urgent.rows
    assert 0 < len(rows) <= 5
    assert rows[0].accessibleName().startswith("低于底线 · 科技特派员队伍 13 人，比底线少 2 人")
    for row in rows:
        row.click()
    assert office.went[0] == ("target", "T8")
    assert all(key in ("target", "matrix") for key, _ in office.went)
    cells = [argument for key, argument in office.went if key == "matrix"]
    assert cells
    assert all(isinstance(c, dict) and set(c) == {"task", "unit"} for c in cells)


def test_another_period(qtbot: QtBot, office: Opened) -> None:
    """Choosing the first quarter shows its numbers and tells the other pages."""
    page = office.page
    page.title_row.period.setCurrentIndex(0)
    page.title_row.period.activated.emit(0)
    assert office.session.period == "2018Q1"
    assert page.gauges.note.full_text().startswith("截至 2018年3月31日 · 时间已过 15.5%")
    assert page.missing.rows == {}
    assert page.missing.everybody.text() == "本期 17 家都已报送。"


def test_printing_goes_to_the_preview(qtbot: QtBot, office: Opened) -> None:
    """The gauges as of the period's last day."""
    qtbot.mouseClick(office.page.print_button, Qt.MouseButton.LeftButton)
    key, job = office.went[-1]
    assert key == "preview"
    assert isinstance(job, PreviewJob)
    assert (job.title, job.note, job.back) == ("目标任务进度表", "截至 2018年9月30日", "overview")


def test_it_follows_what_is_done_elsewhere(office: Opened, demo_ledger: Ledger) -> None:
    """A write on the ledger while the page is in front."""
    page = office.page
    before = page.waiting.cards[FIGURES].count
    assert before is not None
    office.session.operations.run_write(
        page, "核定", lambda _p: figures.confirm(demo_ledger, "T8", "15", "原件"), lambda _f: None, kinds={"figure"}
    )
    assert page.waiting.cards[FIGURES].count == before - 1


def test_a_units_page_holds_its_own(qtbot: QtBot, unit: Opened) -> None:
    """仅含本单位; what was returned leads to the form, as does every matter and every period."""
    page, name = unit.page, _period(unit)
    assert page.title_row.note.full_text() == ONLY_OWN
    assert [g.reporting_unit for g in page.gauges.model.rows] == ["gxj"] * 6
    assert not page.units.isVisible()
    assert not page.missing.isVisible()
    cards = page.waiting.cards
    assert set(cards) == {TO_FILL, TO_SUBMIT, RETURNED, CONFLICTS}
    assert cards[RETURNED].count == 1
    qtbot.mouseClick(cards[RETURNED], Qt.MouseButton.LeftButton)
    assert unit.went[-1] == ("filing", {"unit": "gxj", "period": name, "task": "6"})
    qtbot.mouseClick(page.matters.grid.tiles[0], Qt.MouseButton.LeftButton)
    assert unit.went[-1] == ("filing", {"unit": "gxj", "period": name, "task": "1"})
    assert "退回" in page.own.rows[0].accessibleName()
    qtbot.keyClick(page.own.rows[1], Qt.Key.Key_Return)
    assert unit.went[-1] == ("filing", {"unit": "gxj", "period": "2018Q2"})


def test_before_any_period_it_says_what_to_do(
    qtbot: QtBot, open_page: Callable[[Ledger], Opened], fresh: Ledger
) -> None:
    """One sentence and one button; what can be done already is counted."""
    opened = open_page(fresh)
    page = opened.page
    assert page.empty.isVisible()
    assert page.empty.title.text() == "还没有开过期次"
    assert not page.print_button.isVisible()
    assert list(page.waiting.cards) == [CONFLICTS, FIGURES]
    qtbot.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    assert opened.went == [("settings", None)]
    periods.open_period(fresh, "2018Q1")
    page.refresh()
    assert not page.empty.isVisible()
    assert page.waiting.cards[MISSING].count == 17


@pytest.mark.parametrize("size", SIZES)
def test_nothing_scrolls_sideways_and_all_targets_fit(qtbot: QtBot, office: Opened, size: tuple[int, int]) -> None:
    """At each size the eight rows and the nine tasks are in view."""
    page = office.page
    page.resize(*size)
    QGuiApplication.processEvents()
    table = page.gauges.table
    assert table.horizontalScrollBar().maximum() == 0
    assert table.verticalScrollBar().maximum() == 0
    assert table.columnWidth(3) >= 100
    last = [tile for grid in page.tasks.grids.values() for tile in grid.tiles][-1]
    assert not last.visibleRegion().isEmpty()
    assert last.visibleRegion().boundingRect().height() == last.height()


def test_in_a_narrow_place_the_bullet_keeps_its_room(office: Opened) -> None:
    """Large type in a small window: what the target's own page tells too gives way, nothing is cut."""
    table = office.page.gauges.table
    table.setFixedWidth(600)
    QGuiApplication.processEvents()
    assert table.isColumnHidden(6)
    assert not table.isColumnHidden(4)
    assert table.columnWidth(3) >= 96
    assert table.horizontalScrollBar().maximum() == 0


def test_the_keyboard_sees_what_enter_opens(office: Opened) -> None:
    """Tabbing into the table marks a row."""
    table = office.page.gauges.table
    table.setFocus(Qt.FocusReason.TabFocusReason)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [0]


def test_leaving_loses_nothing(office: Opened) -> None:
    """Nothing is typed here."""
    assert office.page.can_leave()


def test_what_does_not_move_is_said_in_its_row_and_on_its_dial(office: Opened) -> None:
    page = office.page
    assert page._board is not None
    assert page._board.stalled == {"T5": 2}
    words = {page.gauges.model.row(r).id: page.gauges.model.index(r, 4).data() for r in range(8)}
    assert words["T5"] == "正常 · 停滞 2 期"
    assert all("停滞" not in said for target, said in words.items() if target != "T5")
    page.gauges.set_view(DIALS)
    said = [label.word for label in page.gauges.dials.findChildren(StateLabel) if "停滞" in label.word]
    assert said == ["停滞 2 期"]


def test_export_of_the_gauges_as_picture_and_pdf(office: Opened, tmp_path: Path) -> None:
    page, files = office.page, office.session.files
    assert isinstance(files, PreparedFiles)
    files.answers += [tmp_path, tmp_path]
    page.export_button.as_picture.trigger()
    image = QImage(str(tmp_path / "目标进度_2018-09-30.png"))
    assert image.size() == page.gauges.size() * 2
    page.export_button.as_pdf.trigger()
    assert (tmp_path / "目标进度_2018-09-30.pdf").read_bytes().startswith(b"%PDF-")


def test_nothing_to_export_before_a_period_is_open(open_page: Callable[[Ledger], Opened], fresh: Ledger) -> None:
    assert not open_page(fresh).page.export_button.isVisible()
