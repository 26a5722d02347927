"""Tables: the model keeps Qt's rules, sorting and copying do what a spreadsheet user expects, columns stay frozen."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractItemView
from pytestqt.qtbot import QtBot

from ganzhou_desktop.domain import states
from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.frozen_table import FrozenTable
from ganzhou_desktop.ui.table_model import RIGHT, ROW_ROLE, Column, TableModel, copied
from ganzhou_desktop.ui.tables import RowTable


@dataclass(frozen=True)
class Entry:
    """A row of a register."""

    name: str
    amount: Decimal | None
    on: date | None
    state: str = states.OK


ROWS = (
    Entry("乙泉众创空间", Decimal("1280.50"), date(2017, 5, 11)),
    Entry("<b>甲禾</b>", Decimal("9"), date(2015, 6, 9), states.BEHIND),
    Entry("=HYPERLINK(1)", None, None, states.OVERDUE),
)
COLUMNS = (
    Column[Entry]("名称", lambda row: row.name, tip=lambda row: row.name),
    Column[Entry]("万元", lambda row: row.amount, align=RIGHT, width=90),
    Column[Entry]("认定日期", lambda row: row.on, align=RIGHT, width=110),
    Column[Entry]("状态", lambda row: states.WORDS[row.state], state=lambda row: row.state, width=90),
)


@pytest.fixture
def model(qapp: object) -> TableModel[Entry]:
    """The register's model, watched by Qt's own tester."""
    made = TableModel(COLUMNS, ROWS, tone=lambda row: "error" if row.amount is None else "")
    made.tester = QAbstractItemModelTester(  # type: ignore[attr-defined]
        made, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    return made


@pytest.fixture
def table(model: TableModel[Entry], qtbot: QtBot) -> RowTable:
    """The register's table."""
    made = RowTable()
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.setModel(model)
    made.show()
    return made


def _names(model: TableModel[Entry]) -> list[str]:
    return [model.data(model.index(i, 0)) for i in range(model.rowCount())]


def test_cells_are_shown_as_offices_write_them(model: TableModel[Entry]) -> None:
    assert model.data(model.index(0, 1)) == "1,280.5"
    assert model.data(model.index(0, 2)) == "2017年5月11日"
    assert model.data(model.index(2, 1)) == ""
    assert model.data(model.index(0, 0), ROW_ROLE) is ROWS[0]
    assert model.data(model.index(1, 0), Qt.ItemDataRole.ToolTipRole) == "<qt>&lt;b&gt;甲禾&lt;/b&gt;</qt>"


def test_sorting_keeps_the_selection_on_its_row(table: RowTable, model: TableModel[Entry]) -> None:
    table.selectRow(0)
    model.sort(1, Qt.SortOrder.AscendingOrder)
    assert _names(model) == ["<b>甲禾</b>", "乙泉众创空间", "=HYPERLINK(1)"]
    assert [index.row() for index in table.selectionModel().selectedRows()] == [1]
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert _names(model) == ["乙泉众创空间", "<b>甲禾</b>", "=HYPERLINK(1)"]
    model.sort(-1)
    assert _names(model) == [row.name for row in ROWS]


def test_new_rows_keep_the_order(model: TableModel[Entry]) -> None:
    model.sort(2)
    model.set_rows(ROWS[:2])
    assert _names(model) == ["<b>甲禾</b>", "乙泉众创空间"]


def test_selected_rows_are_copied_as_cells(table: RowTable, qtbot: QtBot) -> None:
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines() == [
        "乙泉众创空间\t1,280.5\t2017年5月11日\t正常",
        "<b>甲禾</b>\t9\t2015年6月9日\t滞后",
        "'=HYPERLINK(1)\t\t\t逾期",
    ]


@pytest.mark.parametrize(
    ("text", "copy"),
    [("-5", "-5"), ("-1.5", "-1.5"), ("=1+1", "'=1+1"), ("@SUM", "'@SUM"), ("a\tb\nc", "a b c"), ("-x", "'-x")],
)
def test_copied_text_is_one_cell_and_no_formula(text: str, copy: str) -> None:
    assert copied(text) == copy


def test_columns_fill_the_width(table: RowTable) -> None:
    assert sum(table.columnWidth(i) for i in range(4)) == table.viewport().width()
    table.resize(800, 300)
    assert sum(table.columnWidth(i) for i in range(4)) == table.viewport().width()
    assert table.columnWidth(1) == 90


def test_enter_opens_the_row(table: RowTable, qtbot: QtBot) -> None:
    table.setCurrentIndex(table.model().index(1, 0))
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args[0].row() == 1


def test_selected_and_wrong_rows_carry_a_bar(table: RowTable) -> None:
    table.selectRow(0)
    picture = table.viewport().grab().toImage()
    wrong_top = table.rowViewportPosition(2)
    assert picture.pixelColor(1, 10) == QColor(colours.ACCENT)
    assert picture.pixelColor(300, 3) == QColor(colours.SELECT)
    assert picture.pixelColor(1, wrong_top + 10) == QColor(colours.ERROR)
    assert picture.pixelColor(300, wrong_top + 3) == QColor(colours.ERROR_TINT)


@pytest.fixture
def matrix(qtbot: QtBot) -> FrozenTable:
    """Three columns that stay, seventeen that scroll, forty rows."""
    columns = [Column[tuple](f"列{i}", lambda row, i=i: f"{row[0]}.{i}", width=60) for i in range(20)]
    model = TableModel(columns, [(i,) for i in range(40)])
    table = FrozenTable(3)
    model.setParent(table)
    qtbot.addWidget(table)
    table.resize(500, 300)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
    table.setModel(model)
    for i in range(20):
        table.setColumnWidth(i, 60)
    table.show()
    qtbot.waitExposed(table)
    return table


def test_first_columns_stay_while_the_others_scroll(matrix: FrozenTable) -> None:
    assert matrix.frozen_view.width() == matrix.frozen_width() == 180
    before = matrix.frozen_view.grab().toImage()
    matrix.horizontalScrollBar().setValue(matrix.horizontalScrollBar().maximum())
    assert matrix.frozen_view.grab().toImage() == before
    assert matrix.columnViewportPosition(0) < 0
    assert matrix.frozen_view.columnViewportPosition(0) == 0


def test_rows_scroll_together_both_ways(matrix: FrozenTable) -> None:
    matrix.verticalScrollBar().setValue(300)
    assert matrix.frozen_view.rowViewportPosition(12) == matrix.rowViewportPosition(12)
    matrix.frozen_view.verticalScrollBar().setValue(100)
    assert matrix.verticalScrollBar().value() == 100
    matrix.setRowHeight(3, 58)
    assert matrix.frozen_view.rowHeight(3) == 58


def test_a_cell_reached_by_key_is_never_under_the_frozen_columns(matrix: FrozenTable, qtbot: QtBot) -> None:
    matrix.setCurrentIndex(matrix.model().index(0, 19))
    for _ in range(16):
        qtbot.keyClick(matrix, Qt.Key.Key_Left)
        assert matrix.visualRect(matrix.currentIndex()).left() >= matrix.frozen_width()
    assert matrix.currentIndex().column() == 3
    qtbot.keyClick(matrix, Qt.Key.Key_Left)
    assert matrix.currentIndex().column() == 2


def test_a_click_on_a_frozen_cell_selects_in_both(matrix: FrozenTable, qtbot: QtBot) -> None:
    place = matrix.frozen_view.visualRect(matrix.model().index(2, 1)).center()
    qtbot.mouseClick(matrix.frozen_view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert (matrix.currentIndex().row(), matrix.currentIndex().column()) == (2, 1)
    assert matrix.selectionModel().isSelected(matrix.model().index(2, 1))


def test_frozen_and_scrolling_cells_are_copied_as_one_table(matrix: FrozenTable) -> None:
    model = matrix.model()
    matrix.selectAll()
    lines = matrix.selected_text().splitlines()
    assert len(lines) == model.rowCount()
    assert lines[1].split("\t")[:4] == ["1.0", "1.1", "1.2", "1.3"]
    assert len(lines[1].split("\t")) == 20


def test_a_click_on_a_frozen_header_sorts_the_whole_table(matrix: FrozenTable, qtbot: QtBot) -> None:
    matrix.setSortingEnabled(True)
    assert matrix.model().index(0, 0).data() == "0.0"
    head = matrix.frozen_view.horizontalHeader()
    for _ in range(2):
        qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(70, 10))
    assert matrix.model().index(0, 1).data() == "9.1"
    assert matrix.horizontalHeader().sortIndicatorSection() == 1
    matrix.sortByColumn(5, Qt.SortOrder.AscendingOrder)
    assert head.sortIndicatorSection() == 5


def test_a_crossed_column_is_marked_in_the_header(matrix: FrozenTable) -> None:
    before = matrix.header().grab().toImage()
    matrix.header().set_crossed(4)
    assert matrix.header().grab().toImage() != before
    matrix.header().set_crossed(-1)
    assert matrix.header().grab().toImage() == before


def test_hover_goes_across_both_views(matrix: FrozenTable) -> None:
    matrix.set_hover(2)
    assert matrix.frozen_view.hover_row == 2
    matrix.frozen_view.set_hover(-1)
    assert matrix.hover_row == -1
