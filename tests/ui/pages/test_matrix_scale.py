"""任务矩阵 beyond one screen: comparison, columns of one's own, find, keys, what a screen reader and the clipboard get."""

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.matrix_changes import BETTER, SHIFTED, TASK, WORSE, compare
from ganzhou_desktop.services import filed_views, views
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui.main_window import MainWindow, PageEntry
from ganzhou_desktop.ui.pages.matrix_page import MatrixPage
from ganzhou_desktop.ui.pages.matrix_page.columns import Columns, load_columns, save_columns
from ganzhou_desktop.ui.pages.matrix_page.columns_dialog import ColumnsDialog
from ganzhou_desktop.ui.pages.matrix_page.model import FROZEN, STATE
from ganzhou_desktop.ui.printing.jobs import PreviewJob
from ganzhou_desktop.ui.printing.preview import Options
from ganzhou_desktop.ui.session import Session
from tests import big_plan

Open = Callable[..., tuple[MatrixPage, Session]]


@pytest.fixture
def open_page(make_session: Callable[[Ledger], Session], qtbot: QtBot) -> Iterator[Open]:
    kept: list[MainWindow] = []

    def make(ledger: Ledger, width: int = 1366, height: int = 697) -> tuple[MatrixPage, Session]:
        session = make_session(ledger)
        page = MatrixPage(session)
        window = MainWindow([PageEntry("matrix", "任务矩阵", "grid", lambda: page)])
        kept.append(window)
        window.resize(width, height)
        window.show()
        qtbot.waitExposed(window)
        window.show_page("matrix")
        return page, session

    yield make
    for window in kept:
        window.close()
        delete(window)


@pytest.fixture
def large(tmp_path: Path, ganzhou_home: Path) -> Iterator[Ledger]:
    """60 tasks × 30 units, three months."""
    made = big_plan.plan(60, 30, roles=6, targets=1, extra=0)
    ledger = big_plan.build(tmp_path / "large.gzdb", made, 3)
    yield ledger
    ledger.close()


def compare_with(page: MatrixPage, period: str) -> None:
    page.against.setCurrentIndex(page.against.findData(period))
    page.against.chosen.emit(period)


def places(page: MatrixPage) -> set[tuple[str, str]]:
    model = page.table.matrix
    cells = [model.cell_at(*place) for place in model.filled()]
    return {(c.task, c.unit) for c in cells if c is not None}


# -- what changed since ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (states.OK, states.BEHIND, WORSE),
        (states.OVERDUE, states.DONE, BETTER),
        (states.NOT_FILED, states.OK, SHIFTED),
        (states.OK, states.NOT_FILED, SHIFTED),
        (states.OK, states.IDLE, SHIFTED),
    ],
)
def test_better_and_worse_are_said_only_of_states_that_judge(before: str, now: str, kind: str) -> None:
    change = compare(before, now)
    assert change is not None
    assert change.kind == kind
    assert change.was == f"原{states.WORDS[before]}"
    assert compare(now, now) is None


def test_comparison_says_exactly_what_differs_from_the_earlier_matrix(demo_ledger: Ledger) -> None:
    view = filed_views.read_matrix_view(demo_ledger, "2018Q3", None, "2018Q2")
    assert view is not None
    then = {(c.task, c.unit): c.state for c in views.read_matrix(demo_ledger, "2018Q2", view.period.last).cells}
    now = {(c.task, c.unit): c.state for c in views.read_matrix(demo_ledger, "2018Q3").cells}
    assert {place for place in view.changes if place[1] != TASK} == {p for p in now if now[p] != then[p]}
    assert all(view.changes[p].before == then[p] for p in now if now[p] != then[p])
    later = filed_views.read_matrix_view(demo_ledger, "2018Q1", None, "2018Q3")
    assert later is not None
    assert (later.compared, later.changes) == (None, {})


def test_changed_cells_say_what_they_were_and_can_be_seen_alone(demo_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(demo_ledger)
    assert page.filter_row.changed_only.isHidden()
    compare_with(page, "2018Q2")
    assert page.view is not None
    changed = {place for place in page.view.changes if place[1] != TASK}
    assert changed
    assert f"{len(changed)} 格有变动" in page.filter_row.note.full_text()
    task, unit = next(iter(changed))
    place = page.table.matrix.place(task, unit)
    assert place is not None
    change = page.view.changes[task, unit]
    assert f"{change.word}，{change.was}" in str(page.table.matrix.index(*place).data())
    page.filter_row.changed_only.setChecked(True)
    assert places(page) == changed
    counts = [page.legend.items[kind].count for kind in (BETTER, WORSE, SHIFTED)]
    assert sum(counts) == len(changed)
    compare_with(page, "")
    assert page.filter_row.changed_only.isHidden()
    assert places(page) > changed


def test_a_kind_of_change_can_be_asked_for_and_goes_with_the_comparison(demo_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(demo_ledger)
    compare_with(page, "2018Q2")
    assert page.view is not None
    kind = next(c.kind for place, c in page.view.changes.items() if place[1] != TASK)
    page.legend.items[kind].click()
    assert places(page) == {p for p, c in page.view.changes.items() if c.kind == kind and p[1] != TASK}
    compare_with(page, "")
    assert not page.filter_row.filters.any


# -- columns of one's own ----------------------------------------------------------------------------------------


def test_columns_are_kept_for_this_person_and_not_in_the_ledger(demo_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(demo_ledger)
    units = [u.id for u in page.table.matrix.units]
    operations = demo_ledger.journal.counts()
    page.set_columns(Columns((units[2], units[0]), frozenset({units[1]})))
    shown = [u.id for u in page.table.matrix.units]
    assert shown == [units[2], units[0], *units[3:]]
    assert "隐藏 1 列" in page.filter_row.note.full_text()
    assert demo_ledger.journal.counts() == operations
    again, _ = open_page(demo_ledger)
    assert [u.id for u in again.table.matrix.units] == shown
    again.show_argument({"task": "1", "unit": units[1]})  # what is asked for is shown again
    assert units[1] in [u.id for u in again.table.matrix.units]


def test_paper_has_the_columns_of_the_screen(demo_ledger: Ledger, open_page: Open) -> None:
    page, session = open_page(demo_ledger)
    units = page.table.matrix.units
    page.set_columns(Columns((), frozenset(u.id for u in units[2:])))
    went: list[object] = []
    session.went.connect(lambda _key, job: went.append(job))
    page.print_button.click()
    job = went[0]
    assert isinstance(job, PreviewJob)
    words = job.make(Options("A3")).text
    assert "只印2 家单位" in words
    assert units[0].short in words
    assert units[3].short not in words


def test_the_dialog_hides_and_moves_by_keyboard(demo_ledger: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(demo_ledger)
    units = page.table.matrix.units
    dialog = ColumnsDialog(page, units, Columns())
    dialog.show()
    dialog.list.setFocus()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Space)
    assert dialog.columns.order[:2] == (units[1].id, units[0].id)
    assert dialog.columns.hidden == {units[0].id}
    dialog.reset.click()
    assert dialog.columns == Columns()
    for i in range(dialog.list.count()):
        dialog.list.item(i).setCheckState(Qt.CheckState.Unchecked)
    dialog.ok.click()
    assert dialog.isVisible()
    assert "至少勾选一个" in dialog.said.text()
    dialog.close()


def test_unreadable_columns_show_them_all(ganzhou_home: Path) -> None:
    save_columns("l1", Columns(("b",), frozenset({"a"})))
    assert load_columns("l1") == Columns(("b",), frozenset({"a"}))
    assert load_columns("l2") == Columns()
    (ganzhou_home / "matrix-columns.json").write_text("{", "utf-8")
    assert load_columns("l1") == Columns()


# -- find --------------------------------------------------------------------------------------------------------


def test_find_counts_goes_round_and_leaves_everything_in_place(
    demo_ledger: Ledger, open_page: Open, qtbot: QtBot
) -> None:
    page, _ = open_page(demo_ledger)
    before, table = places(page), page.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.find_bar.isVisible()
    page.find_bar.field.setText("逾期")  # what an input method commits
    model = table.matrix
    wanted = [p for p in model.filled() if (c := model.cell_at(*p)) is not None and c.state == states.OVERDUE]
    wanted += [(r, STATE) for r, line in enumerate(model.lines) if line.task and line.task.state == states.OVERDUE]
    assert page.find_bar.count.text() == f"共 {len(wanted)} 处"
    gone = []
    for _ in wanted:
        qtbot.keyClick(page.find_bar.field, Qt.Key.Key_Return)
        gone.append(table.here())
    assert gone == sorted(wanted)
    assert page.find_bar.count.text() == f"第 {len(wanted)} 处，共 {len(wanted)} 处"
    qtbot.keyClick(page.find_bar.field, Qt.Key.Key_Return)
    assert table.here() == gone[0]
    qtbot.keyClick(page.find_bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert table.here() == gone[-1]
    assert places(page) == before
    page.find_bar.field.setText("没有这样的词")
    assert page.find_bar.count.text() == "没有找到"
    qtbot.keyClick(page.find_bar.field, Qt.Key.Key_Escape)
    assert page.find_bar.isHidden()


def test_find_knows_units_and_targets(large: Ledger, open_page: Open) -> None:
    page, _ = open_page(large)
    page.find_bar.open()
    page.find_bar.field.setText("虚构第12局")
    page.find_bar.step(1)
    assert page.table.matrix.units[page.table.here()[1] - FROZEN].name == "虚构第12局"
    assert page.find_bar.count.text() == "第 1 处，共 1 处"  # a unit is one place, at the top of its column
    page.find_bar.field.setText("指标37a")
    page.find_bar.step(1)
    line = page.table.matrix.lines[page.table.here()[0]]
    assert line.task is not None
    assert line.task.id == "37"


# -- keys, counts, screen readers, clipboard ---------------------------------------------------------------------


def test_keys_cross_a_large_matrix_and_never_stop_on_a_group_row(large: Ledger, open_page: Open, qtbot: QtBot) -> None:
    page, _ = open_page(large)
    table, model = page.table, page.table.matrix
    ctrl = Qt.KeyboardModifier.ControlModifier
    table.move_to(5, FROZEN + 3)
    qtbot.keyClick(table, Qt.Key.Key_Home)
    assert table.here() == (5, 0)
    qtbot.keyClick(table, Qt.Key.Key_End)
    assert table.here() == (5, model.columnCount() - 1)
    qtbot.keyClick(table, Qt.Key.Key_Home, ctrl)
    assert table.here() == (1, 0)
    qtbot.keyClick(table, Qt.Key.Key_End, ctrl)
    assert table.here() == (model.rowCount() - 1, model.columnCount() - 1)
    table.move_to(1, FROZEN)
    rows = [1]
    while rows[-1] < model.rowCount() - 1:
        qtbot.keyClick(table, Qt.Key.Key_PageDown)
        rows.append(table.here()[0])
        assert rows[-1] > rows[-2]
    assert all(model.lines[row].group is None for row in rows)
    assert len(rows) < model.rowCount() / 4
    for _ in rows:
        qtbot.keyClick(table, Qt.Key.Key_PageUp)
    assert table.here()[0] == 1
    table.move_to(*model.filled()[40])
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert page.panel.isVisible()


def test_groups_count_their_states_and_heads_say_the_load(large: Ledger, open_page: Open) -> None:
    page, _ = open_page(large)
    model = page.table.matrix
    matrix = views.read_matrix(large)
    group_of = {t.id: t.group for t in matrix.tasks}
    for row, line in enumerate(model.lines):
        if line.group is not None:
            ok = sum(c.state == states.OK and group_of[c.task] == line.group.id for c in matrix.cells)
            spoken = model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
            assert f"正常 {ok}" in spoken
            assert "20 项任务" in spoken
    unit = matrix.units[4]
    head = str(model.headerData(FROZEN + 4, Qt.Orientation.Horizontal))
    assert head.endswith(f"{unit.leads}/{unit.supports}")  # the 合计 row is out of sight here
    spoken = model.headerData(FROZEN + 4, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole)
    assert f"{unit.name}：牵头 {unit.leads} 项，配合 {unit.supports} 项" in spoken


def test_a_small_matrix_says_the_load_in_its_last_row_only(demo_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(demo_ledger)
    assert "/" not in str(page.table.matrix.headerData(FROZEN, Qt.Orientation.Horizontal))


def test_a_screen_reader_hears_task_unit_role_and_state(demo_ledger: Ledger, open_page: Open) -> None:
    page, _ = open_page(demo_ledger)
    model = page.table.matrix
    row, column = next(p for p in model.filled() if (c := model.cell_at(*p)) is not None and c.principal)
    heard = QAccessible.queryAccessibleInterface(page.table)
    assert heard.role() == QAccessible.Role.Table
    task, unit = model.lines[row].task, model.units[column - FROZEN]
    assert task is not None
    expected = f"任务{task.id}，{unit.name}，主牵头，"
    names = [heard.child(i).text(QAccessible.Text.Name) for i in range(heard.childCount())]
    assert any(name.startswith(expected) for name in names)


def test_cells_are_copied_as_a_table_and_as_text_without_formulas(
    demo_ledger: Ledger, open_page: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = open_page(demo_ledger)
    table, model = page.table, page.table.matrix
    shown = type(model)._shown
    monkeypatch.setattr(
        type(model), "_shown", lambda self, *a: "=HYPERLINK(1)" if a[-1] == 1 else shown(self, *a), raising=True
    )
    chosen = QItemSelection(model.index(1, 0), model.index(2, FROZEN))
    table.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    data = QGuiApplication.clipboard().mimeData()
    lines = [line.split("\t") for line in data.text().splitlines()]
    assert [line[0] for line in lines] == ["1", "2"]
    assert [line[1] for line in lines] == ["'=HYPERLINK(1)"] * 2
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", data.html())]
    assert [[html.unescape(cell) for cell in row] for row in cells] == lines
    assert "<td>1</td>" in data.html()


def test_an_older_period_keeps_no_comparison_with_a_later_one(demo_ledger: Ledger, open_page: Open) -> None:
    page, session = open_page(demo_ledger)
    compare_with(page, "2018Q2")
    session.set_period("2018Q1")
    assert page.view is not None
    assert page.view.compared is None
    assert page.against.currentData() == ""
    assert not page.against.isEnabled()
