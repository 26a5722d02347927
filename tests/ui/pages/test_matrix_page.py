"""任务矩阵: real widgets on the real demo ledger."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.matrix import Cell
from ganzhou_desktop.services import ledgers, views
from ganzhou_desktop.services.filing import read_filings
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui.main_window import MainWindow, PageEntry
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.pages.matrix_page import MatrixPage
from ganzhou_desktop.ui.pages.matrix_page.model import FROZEN, MatrixModel
from ganzhou_desktop.ui.pages.matrix_page.narrowing import PRINCIPAL, RETURNED, Filters, narrowed
from ganzhou_desktop.ui.pages.matrix_page.table import NARROWEST
from ganzhou_desktop.ui.printing.choices import Options
from ganzhou_desktop.ui.printing.jobs import PreviewJob
from ganzhou_desktop.ui.proof_list import ProofLink
from ganzhou_desktop.ui.session import PreparedFiles, Session
from ganzhou_desktop.ui.texts import head_lines, two_lines
from tests.statements import recorded

Make = Callable[[Ledger], Session]
Open = Callable[..., tuple[MatrixPage, Session]]


def in_window(page: QWidget, qtbot: QtBot, width: int = 1366, height: int = 697) -> MainWindow:
    """The page inside the program's window, at a size of the window."""
    window = MainWindow([PageEntry("matrix", "任务矩阵", "grid", lambda: page)])
    window.resize(width, height)
    window.show()
    qtbot.waitExposed(window)
    window.show_page("matrix")
    return window


@pytest.fixture
def open_page(make_session: Make, qtbot: QtBot) -> Iterator[Open]:
    """Opens the page on a ledger in a window."""
    kept: list[MainWindow] = []

    def make(ledger: Ledger, width: int = 1366, height: int = 697) -> tuple[MatrixPage, Session]:
        session = make_session(ledger)
        page = MatrixPage(session)
        kept.append(in_window(page, qtbot, width, height))
        return page, session

    yield make
    for window in kept:
        window.close()
        delete(window)  # at once: restyling windows of earlier tests would make each test slower


def cells_of(page: MatrixPage) -> list[Cell]:
    model = page.table.matrix
    return [cell for place in model.filled() if (cell := model.cell_at(*place)) is not None]


def place_of(page: MatrixPage, wanted: Callable[[Cell], bool]) -> tuple[int, int]:
    model = page.table.matrix
    return next(p for p in model.filled() if (cell := model.cell_at(*p)) is not None and wanted(cell))


def click_cell(page: MatrixPage, qtbot: QtBot, place: tuple[int, int], modifier: object = None) -> None:
    table = page.table
    index = table.matrix.index(*place)
    table.scrollTo(index)
    centre = table.visualRect(index).center()
    keys = modifier or Qt.KeyboardModifier.NoModifier
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, QPoint(centre))


def test_every_cell_of_the_matrix_is_shown(demo_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(demo_ledger)
    matrix = views.read_matrix(demo_ledger)
    assert {(c.task, c.unit, c.state) for c in cells_of(page)} == {(c.task, c.unit, c.state) for c in matrix.cells}
    assert page.title_row.note.full_text().startswith(f"9 项任务 · {len(matrix.units)} 家单位")
    groups = [line.group.title for line in page.table.matrix.lines if line.group]
    assert groups == [g.title for g in matrix.groups]
    assert page.table.matrix.lines[-1].total


def test_the_model_keeps_qts_rules(demo_ledger: Ledger) -> None:
    model = MatrixModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    matrix = views.read_matrix(demo_ledger)
    model.set_matrix(matrix)
    model.set_matrix(None)
    model.set_matrix(matrix)
    assert model.rowCount() == len(matrix.groups) + len(matrix.tasks) + 1
    assert tester.model() is model


@pytest.mark.parametrize(("width", "height"), [(1366, 697), (1536, 864), (1200, 680)])
def test_unit_columns_in_view_are_whole(demo_ledger: Ledger, open_page: Open, width: int, height: int) -> None:
    page, _ = open_page(demo_ledger, width, height)
    table = page.table
    for opened in (False, True):
        if opened:
            page.show_argument({"task": "5", "unit": "gxj"})
        widths = {table.columnWidth(c) for c in range(FROZEN, table.matrix.columnCount())}
        assert len(widths) == 1
        assert min(widths) >= NARROWEST
        assert table.scroll_room() % min(widths) == 0
        assert table.rowHeight(1) >= 39
        table.horizontalScrollBar().setValue(7)
        assert table.horizontalScrollBar().value() % min(widths) == 0


def test_all_units_and_the_panel_fit_at_1920_and_125_percent(demo_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(demo_ledger, 1536, 864)
    page.show_argument({"task": "5", "unit": "gxj"})
    assert page.panel.isVisible()
    assert page.table.columns_in_view() == len(page.table.matrix.units)
    assert page.table.verticalScrollBar().maximum() == 0


def test_rows_fit_without_scrolling_at_1366(demo_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(demo_ledger)
    page.show_argument({"task": "5", "unit": "gxj"})
    assert page.table.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize("height", [680, 697, 768, 900])
def test_rows_stand_at_one_height_in_both_views_as_scroll_bars_come_and_go(
    demo_ledger: Ledger, open_page: Open, qtbot: QtBot, height: int
) -> None:
    page, _ = open_page(demo_ledger, 1366, height)
    table = page.table
    rows = range(len(table.matrix.lines))

    def same() -> bool:
        both = (table, table.frozen_view)
        mine, frozen = ([(v.rowViewportPosition(r), v.rowHeight(r)) for r in rows] for v in both)
        return mine == frozen

    for task in ("5", "1"):
        page.show_argument({"task": task, "unit": "gxj"})
        assert table.horizontalScrollBar().maximum() > 0
        assert same()
        qtbot.keyClick(table, Qt.Key.Key_Escape)
        assert not page.panel.isVisible()
        assert same()


def test_arrows_go_cell_by_cell_past_group_rows(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    table = page.table
    last_of_first_group = next(i for i, line in enumerate(table.matrix.lines) if i and line.group) - 1
    table.move_to(last_of_first_group, FROZEN)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.currentIndex().row() == last_of_first_group + 2
    qtbot.keyClick(table, Qt.Key.Key_Right)
    assert table.currentIndex().column() == FROZEN + 1
    assert not page.panel.isVisible()


def test_ctrl_right_goes_to_the_next_filled_cell(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    table = page.table
    filled = table.matrix.filled()
    table.move_to(*filled[0])
    for expected in filled[1:]:
        qtbot.keyClick(table, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
        assert (table.currentIndex().row(), table.currentIndex().column()) == expected
    qtbot.keyClick(table, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert (table.currentIndex().row(), table.currentIndex().column()) == filled[-2]


def test_enter_opens_what_was_filed_and_escape_closes_it(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    place = place_of(page, lambda c: c.state == states.OVERDUE)
    cell = page.table.matrix.cell_at(*place)
    assert cell is not None
    page.table.setFocus()
    page.table.move_to(*place)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.panel.isVisible()
    assert page.view is not None
    period = page.view.period.name
    answer = read_filings(demo_ledger, period, cell.unit)[cell.unit, period].answers[cell.task]
    words = page.panel.words()
    assert answer.progress in words
    assert answer.problems in words
    assert answer.next_steps in words
    assert answer.expected is not None
    assert f"{answer.expected.year}年{answer.expected.month}月{answer.expected.day}日" in words
    assert cell.why in words
    assert page.panel.state.word == "逾期"
    qtbot.keyClick(page.table, Qt.Key.Key_Escape)
    assert not page.panel.isVisible()


def test_a_click_opens_and_ctrl_click_only_selects(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    first, second = page.table.matrix.filled()[:2]
    click_cell(page, qtbot, first, Qt.KeyboardModifier.ControlModifier)
    assert not page.panel.isVisible()
    click_cell(page, qtbot, second)
    assert page.panel.isVisible()


def test_the_open_panel_follows_the_keyboard_and_its_buttons(
    demo_ledger: Ledger, open_page: Open, qtbot: QtBot
) -> None:
    page, _ = open_page(demo_ledger)
    filled = page.table.matrix.filled()
    click_cell(page, qtbot, filled[0])
    assert not page.panel.before.isEnabled()
    qtbot.mouseClick(page.panel.after, Qt.MouseButton.LeftButton)
    cell = page.table.matrix.cell_at(*filled[1])
    assert cell is not None
    assert page.panel.unit.full_text() == next(u.name for u in page.table.matrix.units if u.id == cell.unit)
    empty = next(
        (r, c)
        for r, line in enumerate(page.table.matrix.lines)
        if line.task
        for c in range(FROZEN, page.table.matrix.columnCount())
        if page.table.matrix.cell_at(r, c) is None
    )
    page.table.move_to(*empty)
    assert "没有安排" in page.panel.words()
    assert not page.panel.review_button.isVisible()


def test_the_task_state_opens_the_cell_it_comes_from(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    row = next(i for i, line in enumerate(page.table.matrix.lines) if line.task and line.task.state == states.OVERDUE)
    view = page.table.frozen_view
    centre = view.visualRect(page.table.matrix.index(row, 2)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(centre))
    assert page.panel.isVisible()
    assert page.panel.state.state == states.OVERDUE


def test_the_panel_quotes_the_plan_and_unfolds_it(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    page.show_argument({"task": "5", "unit": "kjj"})
    assert "每年培育和打造科技亮点项目工程2个以上" in page.panel.words()
    whole = next(b for b in page.panel.findChildren(QPushButton) if b.text() == "看全文")
    qtbot.mouseClick(whole, Qt.MouseButton.LeftButton)
    clause = demo_ledger.plan().clause_by_id[demo_ledger.plan().task_by_id["5"].clause]
    assert clause.text in page.panel.words()


def test_proof_opens_again_as_a_safe_copy(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, session = open_page(demo_ledger)
    assert page.view is not None
    unit, proof = next((u, p) for u, f in page.view.filings.items() for p in f.proofs if p.held and p.task != "T")
    page.show_argument({"task": proof.task, "unit": unit})
    link = next(w for w in page.panel.findChildren(ProofLink) if w.proof.sha256 == proof.sha256)
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    files = session.files
    assert isinstance(files, PreparedFiles)
    opened = files.opened[-1]
    assert opened.read_bytes() == demo_ledger.journal.proof(unit, proof.sha256)
    assert not opened.is_relative_to(demo_ledger.path.parent)
    assert opened.suffix == f".{proof.kind}"
    assert not opened.stat().st_mode & 0o222


def test_numbers_stand_with_their_targets(demo_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(demo_ledger)
    page.show_argument({"task": "6", "unit": "gxj"})
    words = page.panel.words()
    assert "6a 新增小微企业" in words
    assert "目标 2 家" in words
    assert page.view is not None
    value = page.view.filings["gxj"].measurements["6a"]
    assert f"本期 {value} 家" in words


def test_a_returned_matter_says_so_in_cell_and_panel(demo_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(demo_ledger)
    place = place_of(page, lambda c: c.returned)
    cell = page.table.matrix.cell_at(*place)
    assert cell is not None
    assert "已退回" in str(page.table.matrix.index(*place).data())
    page.show_argument({"task": cell.task, "unit": cell.unit})
    assert page.view is not None
    reason = page.view.reviews[cell.unit][-1].reason
    assert reason in page.panel.words()


def test_provisional_cells_carry_the_mark_and_lead_to_the_decision(
    demo_ledger: Ledger, open_page: Open, qtbot: QtBot
) -> None:
    page, session = open_page(demo_ledger)
    place = place_of(page, lambda c: c.provisional)
    assert "※" in str(page.table.matrix.index(*place).data())
    click_cell(page, qtbot, place)
    went: list[tuple[str, object]] = []
    session.went.connect(lambda key, argument: went.append((key, argument)))
    go = page.panel.findChild(QPushButton, "goConflicts")
    assert go is not None
    go.click()
    assert went == [("exchange", "conflicts")]


def test_legend_counts_and_filters(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    behind = [c for c in cells_of(page) if c.state == states.BEHIND]
    item = page.legend.items[states.BEHIND]
    assert item.count == len(behind)
    qtbot.mouseClick(item, Qt.MouseButton.LeftButton)
    assert {(c.task, c.unit) for c in cells_of(page)} == {(c.task, c.unit) for c in behind}
    assert page.filter_row.state.currentData() == states.BEHIND
    assert page.legend.items[states.OK].count > 0
    qtbot.mouseClick(item, Qt.MouseButton.LeftButton)
    assert len(cells_of(page)) > len(behind)


def test_search_finds_tasks_targets_and_units(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    qtbot.keyClicks(page.filter_row.search, "7D")
    assert {c.task for c in cells_of(page)} == {"7"}
    page.filter_row.search.setText("孵化器")
    assert {c.task for c in cells_of(page)} == {"2"}
    page.filter_row.search.setText("绿洲")
    assert {c.unit for c in cells_of(page)} == {"lzb"}
    page.filter_row.search.setText("没有这样的词")
    assert page.nothing.isVisible()
    qtbot.mouseClick(page.nothing.button, Qt.MouseButton.LeftButton)
    assert page.filter_row.search.text() == ""
    assert not page.nothing.isVisible()


def test_filters_by_unit_and_role_and_what_is_kept(demo_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(demo_ledger)
    page.filter_row.set_filters(Filters(unit="gxj", role="lead"))
    shown = cells_of(page)
    assert {c.unit for c in shown} == {"gxj"}
    assert {c.role for c in shown} == {"lead"}
    page.refresh()
    assert cells_of(page) == shown
    page.filter_row.set_filters(Filters(role=PRINCIPAL))
    assert all(c.principal for c in cells_of(page))
    page.filter_row.set_filters(Filters(state=RETURNED))
    assert all(c.returned for c in cells_of(page))


def test_totals_count_what_is_shown(demo_ledger: Ledger) -> None:
    matrix = views.read_matrix(demo_ledger)
    part = narrowed(matrix, demo_ledger.plan(), Filters(unit="gxj")).matrix
    assert [(u.id, u.leads, u.supports) for u in part.units] == [("gxj", 4, 2)]
    assert {g.id for g in part.groups} == {t.group for t in part.tasks}


def test_as_of_a_day_before_the_merger_shows_the_units_of_then(
    demo_ledger: Ledger, open_page: Open, qtbot: QtBot
) -> None:
    page, _ = open_page(demo_ledger)
    assert [u.id for u in page.table.matrix.units if u.id in ("gsj", "dsj", "jkqdsj")] == ["gsj"]
    page.show_argument({"task": "6", "unit": "dsj"})
    assert "由 3 个单位" in page.panel.words() or "区地税局" in page.panel.words()
    page.as_of.setCurrentIndex(1)
    page.as_of.activated.emit(1)
    assert page.day.isVisible()
    page.day.setDate(date(2018, 6, 30))
    assert {"gsj", "dsj", "jkqdsj"} <= {u.id for u in page.table.matrix.units}


def test_print_carries_period_and_day(demo_ledger: Ledger, open_page: Open, qtbot: QtBot, tmp_path: Path) -> None:
    page, session = open_page(demo_ledger)
    went: list[tuple[str, object]] = []
    session.went.connect(lambda key, argument: went.append((key, argument)))
    qtbot.mouseClick(page.print_button, Qt.MouseButton.LeftButton)
    key, job = went[0]
    assert key == "preview"
    assert isinstance(job, PreviewJob)
    assert job.back == "matrix"
    files = session.files
    assert isinstance(files, PreparedFiles)
    files.answers.append(tmp_path / "矩阵")
    qtbot.mouseClick(page.pdf_button, Qt.MouseButton.LeftButton)
    assert (tmp_path / "矩阵.pdf").read_bytes().startswith(b"%PDF")
    assert "矩阵.pdf" in page.notice.text()


def test_paper_shows_what_the_screen_shows(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, session = open_page(demo_ledger)
    went: list[tuple[str, object]] = []
    session.went.connect(lambda key, argument: went.append((key, argument)))
    page.filter_row.set_filters(Filters(unit="czj", role="lead"))
    page.as_of.set_current("day")
    page.day.setDate(date(2018, 12, 31))
    qtbot.mouseClick(page.print_button, Qt.MouseButton.LeftButton)
    job = went[0][1]
    assert isinstance(job, PreviewJob)
    assert job.note.endswith("机构按2018年12月31日 · 只印财政局、只看牵头")
    words = "".join(job.make(Options("A4")).text.split())
    assert "只印财政局、只看牵头" in words, "a part never passes for the whole"
    assert "机构按2018年12月31日" in words
    assert "三大保障8政策金融保障" in words, "the task's own number, as on the screen"
    assert "园区基地" not in words
    page.filter_row.set_filters(Filters(words="没有这样的字"))
    qtbot.mouseClick(page.print_button, Qt.MouseButton.LeftButton)
    whole = went[1][1]
    assert isinstance(whole, PreviewJob)
    assert "只印" not in whole.note


def test_a_pdf_that_cannot_be_written_is_said(
    demo_ledger: Ledger, open_page: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    page, session = open_page(demo_ledger)
    files, messages = session.files, session.messages
    assert isinstance(files, PreparedFiles)
    assert isinstance(messages, RecordedMessages)
    files.answers.append(tmp_path / "没有" / "矩阵.pdf")
    qtbot.mouseClick(page.pdf_button, Qt.MouseButton.LeftButton)
    assert messages.failures
    assert not page.notice.isVisible()


def test_cells_are_copied_as_text(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    page.table.selectAll()
    qtbot.keyClick(page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 10  # nine tasks and 合计; group rows are not cells
    assert any("◎¹" in line for line in lines)
    assert lines[-1].split("\t")[1] == "合计"


def test_the_panel_leads_on(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, session = open_page(demo_ledger)
    went: list[tuple[str, object]] = []
    session.went.connect(lambda key, argument: went.append((key, argument)))
    page.show_argument({"task": "5", "unit": "gxj"})
    qtbot.mouseClick(page.panel.review_button, Qt.MouseButton.LeftButton)
    assert went == [("review", {"unit": "gxj", "task": "5", "period": session.period})]
    place = place_of(page, lambda c: c.state == states.NOT_FILED and c.record is None)
    click_cell(page, qtbot, place)
    assert not page.panel.review_button.isVisible()
    qtbot.mouseClick(page.panel.filing_button, Qt.MouseButton.LeftButton)
    assert went[-1][0] == "filing"


def test_a_narrow_window_lays_the_panel_over(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger, 1200, 680)
    before = page.table.width()
    page.show_argument({"task": "5", "unit": "gxj"})
    assert page.table.width() == before
    assert page.rect().contains(page.panel.geometry())
    wide, _ = open_page(demo_ledger, 1366, 697)
    wide.show_argument({"task": "5", "unit": "gxj"})
    table = QRect(wide.table.mapTo(wide, QPoint(0, 0)), wide.table.size())
    assert not table.intersects(wide.panel.geometry())


def test_a_unit_sees_its_own_and_that_the_rest_is_not_here(unit_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(unit_ledger)
    assert "仅含本单位" in page.filter_row.note.full_text()
    assert page.title_row.note.text() == page.title_row.note.full_text(), "whole at 1366"
    other = place_of(page, lambda c: c.unit == "kjj")
    click_cell(page, qtbot, other)
    assert page.panel.state.word == "不在本副本"
    assert not page.panel.filing_button.isVisible()
    own = place_of(page, lambda c: c.unit == "gxj")
    click_cell(page, qtbot, own)
    assert page.panel.filing_button.isVisible()
    assert not page.panel.review_button.isVisible()


def test_changing_the_period_shows_it(demo_ledger: Ledger, open_page: Open) -> None:
    page, session = open_page(demo_ledger)
    page.show_argument({"task": "5", "unit": "gxj"})
    session.set_period("2018Q1")
    assert page.view is not None
    assert page.view.period.name == "2018Q1"
    assert page.panel.isVisible()
    assert page.table.current_place() == ("5", "gxj")


def test_without_a_period_it_says_what_to_do(
    tmp_path: Path, open_page: Open, qtbot: QtBot, demo_ledger: Ledger
) -> None:
    ledger, _ = ledgers.new_ledger(tmp_path / "new.gzdb", demo_ledger.plan(), author="甲", pc="机")
    page, session = open_page(ledger)
    went: list[str] = []
    session.went.connect(lambda key, _argument: went.append(key))
    assert page.empty.isVisible()
    assert not page.table.isVisible()
    qtbot.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    assert went == ["settings"]
    ledger.close()


def test_opening_takes_a_fixed_number_of_statements(demo_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(demo_ledger)
    with recorded(demo_ledger) as statements:
        page.refresh()
        assert 0 < len(statements) <= 10
        read = len(statements)
        page.show_argument({"task": "5", "unit": "gxj"})
        assert len(statements) == read, "an opened cell asks the ledger for nothing more"


def test_a_cell_may_be_asked_for_before_anything_is_read(demo_ledger: Ledger, make_session: Make, qtbot: QtBot) -> None:
    page = MatrixPage(make_session(demo_ledger))
    qtbot.addWidget(page)
    page.show_argument({"task": "5", "unit": "gxj"})
    page.refresh()
    assert page.table.current_place() == ("5", "gxj")
    assert not page.panel.isHidden()


@pytest.mark.parametrize(
    ("short", "lines"),
    [
        ("科技局", ("科技局",)),
        ("工商质监局", ("工商", "质监局")),
        ("经开区管委会", ("经开区", "管委会")),
        ("有关金融机构", ("金融", "机构")),
        ("区税务局", ("区", "税务局")),
    ],
)
def test_column_heads_break_between_words(short: str, lines: tuple[str, ...]) -> None:
    assert head_lines(short) == lines


def test_long_titles_end_in_dots(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    lines = two_lines("很长的任务名称" * 20, widget.fontMetrics(), 120)
    assert len(lines) == 2
    assert lines[1].endswith("…")
