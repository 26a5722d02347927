"""台账: typing into cells and the form, wrong values, paste, import with errors marked, delete, export, drafts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ganzhou_desktop.services import register_desk, registers, typed_drafts
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.registers import Edit, read_entries
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.operations import Job
from ganzhou_desktop.ui.pages.registers_page import RegistersPage
from ganzhou_desktop.ui.pages.registers_page.entry_dialog import EntryDialog
from ganzhou_desktop.ui.pages.registers_page.import_dialog import ImportDialog
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.table_header import PAD_EDGE

Make = Callable[[Ledger], Session]
PLATFORM = {"name": "示例一号众创空间", "type": "众创空间", "level": "省级", "recognised": "2018-03-01"}


@pytest.fixture
def empty_unit(unit_ledger: Ledger) -> Ledger:
    """区工信局's ledger without entries in 创新平台."""
    held = read_entries(unit_ledger, "platforms", "gxj")
    if held:
        registers.delete_entries(unit_ledger, "platforms", held)
    return unit_ledger


def shown(qtbot: QtBot, session: Session, register: str = "platforms") -> RegistersPage:
    page = RegistersPage(session)
    qtbot.addWidget(page)
    page.resize(1206, 671)
    page.show()
    page.show_argument({"register": register})
    page.refresh()
    return page


def place(page: RegistersPage, row: int, name: str) -> QPoint:
    assert page.model is not None
    return page.table.visualRect(page.model.index(row, page.model.place_of(name))).center()


def write(field: QLineEdit, text: str) -> None:
    """Type Chinese, as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)


def type_into(qtbot: QtBot, page: RegistersPage, row: int, name: str, text: str) -> None:
    """Click a cell and type over it, as a clerk does."""
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place(page, row, name))
    qtbot.mouseDClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place(page, row, name))
    (editor,) = (line for line in page.table.viewport().findChildren(QLineEdit) if line.isVisible())
    editor.selectAll()
    write(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()  # the delegate commits in the next turn of the loop


def cells(page: RegistersPage, name: str) -> list[str]:
    assert page.model is not None
    column = page.model.place_of(name)
    return [str(page.model.index(row, column).data()) for row in range(page.model.rowCount())]


def dialog(page: RegistersPage, kind: type) -> object:
    QApplication.processEvents()
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    assert found, f"no {kind.__name__} is open"
    return found[-1]


def test_an_entry_is_registered_in_the_form_and_counted(qtbot: QtBot, empty_unit: Ledger, make_session: Make) -> None:
    page = shown(qtbot, make_session(empty_unit))
    qtbot.mouseClick(page.add, Qt.MouseButton.LeftButton)
    form = dialog(page, EntryDialog)
    assert isinstance(form, EntryDialog)
    form.set_text("name", "示例一号众创空间")
    form.set_text("type", "众创空间")
    form.set_text("level", "省级")
    form.set_text("recognised", "2018年3月1日")
    qtbot.mouseClick(form.save, Qt.MouseButton.LeftButton)
    (entry,) = read_entries(empty_unit, "platforms", "gxj")
    assert {name: entry.values[name] for name in PLATFORM} == PLATFORM
    page.refresh()
    assert cells(page, "name") == ["示例一号众创空间"]


def test_a_cell_is_saved_when_it_is_left(qtbot: QtBot, empty_unit: Ledger, make_session: Make) -> None:
    registers.save_entries(empty_unit, "platforms", "gxj", [Edit(PLATFORM)])
    page = shown(qtbot, make_session(empty_unit))
    type_into(qtbot, page, 0, "name", "示例二号众创空间")
    (entry,) = read_entries(empty_unit, "platforms", "gxj")
    assert entry.values["name"] == "示例二号众创空间"
    assert cells(page, "name") == ["示例二号众创空间"]


def test_a_text_that_is_no_date_stays_in_its_cell_and_is_not_saved(
    qtbot: QtBot, empty_unit: Ledger, make_session: Make
) -> None:
    registers.save_entries(empty_unit, "platforms", "gxj", [Edit(PLATFORM)])
    session = make_session(empty_unit)
    page = shown(qtbot, session)
    type_into(qtbot, page, 0, "recognised", "去年春天")
    assert cells(page, "recognised") == ["去年春天"], "nothing typed is lost"
    assert "不是日期" in page.line.text()
    assert read_entries(empty_unit, "platforms", "gxj")[0].values["recognised"] == "2018-03-01"
    session.messages.answers.append("留在这里")
    assert not page.can_leave()
    type_into(qtbot, page, 0, "recognised", "20180305")
    assert read_entries(empty_unit, "platforms", "gxj")[0].values["recognised"] == "2018-03-05"
    assert page.can_leave()


def test_pasted_rows_are_a_draft_first(qtbot: QtBot, empty_unit: Ledger, make_session: Make) -> None:
    page = shown(qtbot, make_session(empty_unit))
    assert page.model is not None
    titles = [c.title for c in page.model.desk.view.columns if c.name in ("name", "type", "level", "recognised")]
    text = (
        "\t".join(titles)
        + "\r\n示例甲孵化器\t科技企业孵化器\t省级\t2018.5.6\r\n示例乙孵化器\t不是选项\t省级\t2018.5.6\r\n"
    )
    QApplication.clipboard().setText(text)
    page.table.paste_wanted.emit(text)
    draft = dialog(page, ImportDialog)
    assert isinstance(draft, ImportDialog)
    assert read_entries(empty_unit, "platforms", "gxj") == (), "nothing is written before it is accepted"
    assert "1" in draft.take.text()
    qtbot.mouseClick(draft.take, Qt.MouseButton.LeftButton)
    (entry,) = read_entries(empty_unit, "platforms", "gxj")
    assert entry.values["name"] == "示例甲孵化器"
    assert entry.values["recognised"] == "2018-05-06"


def test_what_is_wrong_with_a_row_can_be_read_whole(qtbot: QtBot, empty_unit: Ledger, make_session: Make) -> None:
    page = shown(qtbot, make_session(empty_unit))
    assert page.model is not None
    titles = [c.title for c in page.model.desk.view.columns if c.name in ("name", "type", "level", "recognised")]
    rows = ["示例甲孵化器\t科技企业孵化器\t省级\t2018.5.6", "示例乙孵化器\t孵化\t省极\t八月初"]
    page.table.paste_wanted.emit("\r\n".join(["\t".join(titles), *rows]) + "\r\n")
    draft = dialog(page, ImportDialog)
    assert isinstance(draft, ImportDialog)
    assert draft.size().width() <= 1206
    table, last = draft.table, draft.model.columnCount() - 1

    def lines_of(row: int) -> tuple[int, int]:
        """(height of the row, height that its sentences need in the column as it is now)."""
        cell = table.visualRect(table.model().index(row, last))
        room = QRect(0, 0, cell.width() - 2 * PAD_EDGE, 10_000)
        text = str(table.model().index(row, last).data())
        return cell.height(), table.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), text).height()

    good, wrong = (next(n for n, row in enumerate(draft.model.rows) if bool(row.wrong) is bad) for bad in (False, True))
    height, needed = lines_of(wrong)
    assert needed > 2 * table.fontMetrics().height(), "three cells are wrong: more than one line"
    assert height >= needed
    assert table.rowHeight(good) == theme.scaled(theme.TABLE_ROW), "a row without a word stays as it is"
    qtbot.mouseClick(draft.filter.button("new"), Qt.MouseButton.LeftButton)
    assert [table.rowHeight(n) for n in range(draft.model.rowCount())] == [theme.scaled(theme.TABLE_ROW)]
    qtbot.mouseClick(draft.filter.button("wrong"), Qt.MouseButton.LeftButton)
    height, needed = lines_of(0)
    assert height >= needed, "also after the rows above are gone"
    draft.reject()


def test_out_filled_in_and_in_again(qtbot: QtBot, empty_unit: Ledger, make_session: Make, tmp_path: Path) -> None:
    registers.save_entries(empty_unit, "platforms", "gxj", [Edit(PLATFORM), Edit({**PLATFORM, "name": "示例=三号"})])
    session = make_session(empty_unit)
    page = shown(qtbot, session)
    out = tmp_path / "创新平台.xlsx"
    session.files.answers.append(out)
    qtbot.mouseClick(page.export, Qt.MouseButton.LeftButton)
    book = load_workbook(out)
    sheet = book.active
    where = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "示例一号众创空间")
    where.value = "示例一号众创空间（更名）"
    level = next(c for r in sheet.iter_rows() for c in r if c.value == "省级" and c.row != where.row)
    level.value = "县级以下"
    book.save(out)

    session.files.answers.append(out)
    qtbot.mouseClick(page.bring, Qt.MouseButton.LeftButton)
    draft = dialog(page, ImportDialog)
    assert isinstance(draft, ImportDialog)
    assert [row.verdict for row in draft.draft.rows] == ["changed", "wrong"] or [
        row.verdict for row in draft.draft.rows
    ] == ["wrong", "changed"]
    marked = tmp_path / "标出错误.xlsx"
    session.files.answers.append(marked)
    qtbot.mouseClick(draft.marked, Qt.MouseButton.LeftButton)
    again = load_workbook(marked).active
    told = [
        str(cell.value) for row in again.iter_rows() for cell in row if cell.value and "不在选项里" in str(cell.value)
    ]
    assert told, "the wrong cell's sentence stands in the clerk's own workbook"
    qtbot.mouseClick(draft.take, Qt.MouseButton.LeftButton)
    names = {str(e.values["name"]) for e in read_entries(empty_unit, "platforms", "gxj")}
    assert names == {"示例一号众创空间（更名）", "示例=三号"}


def test_delete_asks_and_can_be_found_again(qtbot: QtBot, empty_unit: Ledger, make_session: Make) -> None:
    registers.save_entries(empty_unit, "platforms", "gxj", [Edit(PLATFORM)])
    session = make_session(empty_unit)
    page = shown(qtbot, session)
    assert page.model is not None
    page.table.setCurrentIndex(page.model.index(0, page.model.place_of("name")))
    session.messages.answers.append(False)
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert len(read_entries(empty_unit, "platforms", "gxj")) == 1
    session.messages.answers.append(True)
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert read_entries(empty_unit, "platforms", "gxj") == ()


def test_what_was_typed_into_the_form_survives(qtbot: QtBot, empty_unit: Ledger, make_session: Make) -> None:
    session = make_session(empty_unit)
    page = shown(qtbot, session)
    form = page.open_form(None)
    assert form is not None
    name = form.fields["name"]
    assert isinstance(name, QLineEdit)
    write(name, "示例还没填完的平台")
    form._keeper.keep()  # what the timer does after a rest
    form.hide()
    form.deleteLater()
    again = page.open_form(None)
    assert again is not None
    assert again.text("name") == "示例还没填完的平台"
    assert "放回来" in again.line.text()


def test_doubles_and_gaps_are_filters(qtbot: QtBot, empty_unit: Ledger, make_session: Make) -> None:
    registers.save_entries(
        empty_unit, "platforms", "gxj", [Edit(PLATFORM), Edit(PLATFORM), Edit({"name": "示例缺项平台"})]
    )
    page = shown(qtbot, make_session(empty_unit))
    assert "2" in page.filter_row.state.button("doubles").text()
    qtbot.mouseClick(page.filter_row.state.button("gaps"), Qt.MouseButton.LeftButton)
    assert "示例缺项平台" in cells(page, "name")
    qtbot.mouseClick(page.filter_row.state.button("doubles"), Qt.MouseButton.LeftButton)
    assert cells(page, "name") == ["示例一号众创空间"] * 2
    qtbot.mouseClick(page.filter_row.state.button("all"), Qt.MouseButton.LeftButton)
    write(page.filter_row.search, "缺项")
    assert cells(page, "name") == ["示例缺项平台"]


@pytest.fixture
def several(empty_unit: Ledger) -> Ledger:
    """Three platforms, recognised on three days."""
    days = {"示例甲": "2018-03-09", "示例丙": "2018-03-20", "示例乙": "2018-04-01"}
    edits = [Edit({**PLATFORM, "name": name, "recognised": day}) for name, day in days.items()]
    registers.save_entries(empty_unit, "platforms", "gxj", edits)
    return empty_unit


def test_columns_are_sorted_and_an_edited_row_stays_under_the_hand(
    qtbot: QtBot, several: Ledger, make_session: Make
) -> None:
    page = shown(qtbot, make_session(several))
    assert page.model is not None
    head = page.table.horizontalHeader()
    head.setSortIndicator(page.model.place_of("recognised"), Qt.SortOrder.DescendingOrder)
    assert cells(page, "name") == ["示例乙", "示例丙", "示例甲"]
    type_into(qtbot, page, 0, "recognised", "2017-01-01")
    page.refresh()
    assert cells(page, "name") == ["示例乙", "示例丙", "示例甲"], "it does not jump away while the clerk is at it"
    assert cells(page, "recognised")[0] == "2017-01-01"
    head.setSortIndicator(page.model.place_of("recognised"), Qt.SortOrder.AscendingOrder)
    assert cells(page, "name") == ["示例乙", "示例甲", "示例丙"]


def test_numbers_sort_by_size_and_empty_ones_last(qtbot: QtBot, demo_ledger: Ledger, make_session: Make) -> None:
    plan = demo_ledger.plan()
    column = next(c for c in plan.columns if c.form in ("integer", "decimal"))
    register, writer = column.register, plan.writers_of(column.register)[0].id
    old = read_entries(demo_ledger, register)
    for unit in {e.unit for e in old}:
        registers.delete_entries(demo_ledger, register, [e for e in old if e.unit == unit])
    page = shown(qtbot, make_session(demo_ledger), register)
    assert page.model is not None
    first = page.model.desk.view.columns[0].name
    typed = [9, 100, 20] if column.form == "integer" else ["9", "100", "20"]
    edits = [Edit({first: f"示例{number}", column.name: number}) for number in typed]
    registers.save_entries(demo_ledger, register, writer, [*edits, Edit({first: "示例空"})])
    page.refresh()
    page.table.horizontalHeader().setSortIndicator(page.model.place_of(column.name), Qt.SortOrder.AscendingOrder)
    assert cells(page, column.name) == ["9", "20", "100", ""]
    page.table.horizontalHeader().setSortIndicator(page.model.place_of(column.name), Qt.SortOrder.DescendingOrder)
    assert cells(page, column.name) == ["100", "20", "9", ""]


def test_what_is_being_typed_outlives_the_saving_of_the_cell_before(
    qtbot: QtBot, several: Ledger, make_session: Make
) -> None:
    page = shown(qtbot, make_session(several))
    model = page.model
    assert model is not None
    row = model.row(0)
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place(page, 0, "name"))
    qtbot.mouseDClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place(page, 0, "name"))
    (editor,) = (line for line in page.table.viewport().findChildren(QLineEdit) if line.isVisible())
    editor.selectAll()
    write(editor, "示例正在打字")
    model.edit(row, "recognised", "2018-03-30")  # the cell before, saved only now
    page.refresh()
    assert editor.isVisible()
    assert editor.text() == "示例正在打字"
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    page.refresh()
    assert cells(page, "name")[0] == "示例正在打字"
    assert cells(page, "recognised")[0] == "2018-03-30"
    (entry,) = (e for e in read_entries(several, "platforms", "gxj") if e.key == row.entry.key)
    assert not entry.contested


def test_a_cell_typed_twice_before_it_is_saved_once_differs_with_nobody(
    qtbot: QtBot, several: Ledger, make_session: Make
) -> None:
    page = shown(qtbot, make_session(several))
    assert page.model is not None
    row = page.model.row(0)
    for text in ("示例一改", "示例二改", "示例三改"):  # the row as it was shown before any of them was saved
        page.model.edit(row, "name", text)
    (entry,) = (e for e in read_entries(several, "platforms", "gxj") if e.key == row.entry.key)
    assert entry.values["name"] == "示例三改"
    assert not entry.contested


def test_a_filter_sees_what_was_just_edited(qtbot: QtBot, several: Ledger, make_session: Make) -> None:
    page = shown(qtbot, make_session(several))
    type_into(qtbot, page, 0, "name", "示例改了名")
    write(page.filter_row.search, "改了名")
    assert cells(page, "name") == ["示例改了名"]


def test_saving_twice_in_a_hurry_registers_once(
    qtbot: QtBot, empty_unit: Ledger, make_session: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(empty_unit)
    page = shown(qtbot, session)
    form = page.open_form(None)
    assert form is not None
    name = form.fields["name"]
    assert isinstance(name, QLineEdit)
    write(name, "示例平台")
    jobs: list[Job] = []
    submit = session.operations._submit
    monkeypatch.setattr(session.operations, "_submit", jobs.append)
    form._save(again=False)
    form._save(again=False)
    monkeypatch.undo()
    for job in jobs:
        submit(job)
    assert len(read_entries(empty_unit, "platforms", "gxj")) == 1


def test_a_file_of_a_half_typed_entry_is_put_back_and_saved(
    qtbot: QtBot, empty_unit: Ledger, make_session: Make, tmp_path: Path
) -> None:
    proof = tmp_path / "示例批文.txt"
    proof.write_text("示例", encoding="utf-8")
    session = make_session(empty_unit)
    page = shown(qtbot, session)
    form = page.open_form(None)
    assert form is not None
    form._attach([proof])
    session.messages.answers.append("先留着")
    form.reject()
    again = page.open_form(None)
    assert again is not None
    write(again.fields["name"], "示例平台")
    again._save(again=False)
    (entry,) = read_entries(empty_unit, "platforms", "gxj")
    assert [p.name for p in entry.proofs] == ["示例批文.txt"]


def test_what_came_in_under_a_kept_text_is_said_beside_it(qtbot: QtBot, empty_unit: Ledger, make_session: Make) -> None:
    (key,) = registers.save_entries(empty_unit, "platforms", "gxj", [Edit(PLATFORM)])
    session = make_session(empty_unit)
    page = shown(qtbot, session)
    form = page.open_form(read_entries(empty_unit, "platforms", "gxj")[0])
    assert form is not None
    write(form.fields["name"], "示例我填的名称")
    session.messages.answers.append("先留着")
    form.reject()
    registers.save_entries(empty_unit, "platforms", "gxj", [Edit({"name": "示例合入的名称"}, key)])
    page.refresh()
    again = page.open_form(read_entries(empty_unit, "platforms", "gxj")[0])
    assert again is not None
    assert again.text("name").endswith("示例我填的名称")
    assert "示例合入的名称" in again.messages["name"].text()


def test_what_the_office_typed_for_one_unit_goes_along_to_another(
    qtbot: QtBot, demo_ledger: Ledger, make_session: Make
) -> None:
    session = make_session(demo_ledger)
    page = shown(qtbot, session)
    form = page.open_form(None)
    assert form is not None
    first, second = form.unit.itemData(0), form.unit.itemData(1)
    write(form.fields["name"], "示例平台")
    form._keeper.keep()
    form.unit.setCurrentIndex(1)
    form.unit.activated.emit(1)
    form._save(again=False)
    assert "示例平台" in [e.values.get("name") for e in read_entries(demo_ledger, "platforms", second)]
    name = register_desk.draft_name("platforms", "new")
    assert typed_drafts.read_typed(demo_ledger, first, name) == typed_drafts.read_typed(demo_ledger, second, name)
    assert not typed_drafts.read_typed(demo_ledger, first, name).texts


def test_the_form_is_typed_into_at_once(qtbot: QtBot, empty_unit: Ledger, make_session: Make) -> None:
    page = shown(qtbot, make_session(empty_unit))
    form = page.open_form(None)
    assert form is not None
    assert form.focusWidget() is form.fields["name"]


def test_last_years_entries_are_a_draft_without_days(qtbot: QtBot, empty_unit: Ledger, make_session: Make) -> None:
    days = {"示例甲": "2017-03-09", "示例乙": "2018-03-20", "示例丙": "2018-04-01"}
    edits = [Edit({**PLATFORM, "name": name, "recognised": day}) for name, day in days.items()]
    registers.save_entries(empty_unit, "platforms", "gxj", edits)
    page = shown(qtbot, make_session(empty_unit))
    qtbot.mouseClick(page.forward, Qt.MouseButton.LeftButton)
    draft = dialog(page, ImportDialog)
    assert isinstance(draft, ImportDialog)
    assert {row.values["name"] for row in draft.model.rows} == {"示例乙", "示例丙"}, "the last year first"
    draft.year.setCurrentIndex(1)
    draft.year.activated.emit(1)
    assert [row.values["name"] for row in draft.model.rows] == ["示例甲"]
    draft.year.setCurrentIndex(0)
    draft.year.activated.emit(0)
    draft.table.selectRow([row.values["name"] for row in draft.model.rows].index("示例丙"))
    qtbot.mouseClick(draft.drop, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(draft.take, Qt.MouseButton.LeftButton)
    new = [e for e in read_entries(empty_unit, "platforms", "gxj") if "recognised" not in e.values]
    assert [(e.values["name"], e.values["level"]) for e in new] == [("示例乙", "省级")]

    qtbot.mouseClick(page.forward, Qt.MouseButton.LeftButton)
    again = dialog(page, ImportDialog)
    assert isinstance(again, ImportDialog)
    doubles = {row.values["name"] for row in again.model.rows if row.double is not None}
    assert doubles == {"示例乙"}, "what was copied once is not offered twice"
    assert "1" in again.take.text()
    again.reject()


def test_a_cell_put_back_while_it_is_being_saved_is_put_back(qtbot: QtBot, several: Ledger, make_session: Make) -> None:
    page = shown(qtbot, make_session(several))
    model = page.model
    assert model is not None
    row = model.row(0)
    held = str(row.entry.values["name"])
    model.edit(row, "name", "示例一改")
    model.mark_pending(row, "name", "示例一改")  # as while the first saving is still under way
    model.edit(row, "name", held)
    (entry,) = (e for e in read_entries(several, "platforms", "gxj") if e.key == row.entry.key)
    assert entry.values["name"] == held
    write(page.filter_row.search, held)
    assert held in cells(page, "name")


def test_rows_are_pasted_into_an_empty_register_and_taken_in_once(
    qtbot: QtBot, empty_unit: Ledger, make_session: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(empty_unit)
    page = shown(qtbot, session)
    assert page.empty.isVisible()
    QApplication.clipboard().setText(
        "平台名称\t认定日期\n" + "".join(f"示例平台{n:02}\t2018年4月{n}日\n" for n in range(1, 31))
    )
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.add.setFocus()
    qtbot.keyClick(page.add, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    found = dialog(page, ImportDialog)
    assert isinstance(found, ImportDialog)
    jobs: list[Job] = []
    submit = session.operations._submit
    monkeypatch.setattr(session.operations, "_submit", jobs.append)
    for _ in range(2):
        qtbot.mouseClick(found.take, Qt.MouseButton.LeftButton)
    monkeypatch.undo()
    for job in jobs:
        submit(job)
    page.refresh()
    assert cells(page, "name") == [f"示例平台{n:02}" for n in range(1, 31)], "once, in the order of the sheet"


def test_a_key_works_before_anything_on_the_page_was_clicked(
    qtbot: QtBot, empty_unit: Ledger, make_session: Make
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    beside = QPushButton("示例导航")
    page = RegistersPage(make_session(empty_unit))
    row.addWidget(beside)
    row.addWidget(page)
    window.show()
    page.refresh()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    beside.setFocus()
    qtbot.keyClick(beside, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(dialog(page, EntryDialog), EntryDialog)


def test_staying_with_a_wrong_cell_keeps_its_register_marked(qtbot: QtBot, several: Ledger, make_session: Make) -> None:
    session = make_session(several)
    page = shown(qtbot, session)
    type_into(qtbot, page, 0, "recognised", "九九九")
    session.messages.answers.append("留在这里")
    other = page.list.item(0)
    assert page.list.currentItem() is not other
    qtbot.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=page.list.visualItemRect(other).center())
    QApplication.processEvents()
    chosen = page.list.selectedItems()
    assert [item.data(Qt.ItemDataRole.UserRole) for item in chosen] == ["platforms"]


def test_columns_are_as_wide_as_their_words_and_only_grow(empty_unit: Ledger, make_session: Make, qtbot: QtBot) -> None:
    names = ["示例二号空间", "示例甘州示范园联合共建的现代种业众创空间"]
    registers.save_entries(empty_unit, "platforms", "gxj", [Edit({**PLATFORM, "name": name}) for name in names])
    page = shown(qtbot, make_session(empty_unit))
    assert page.model is not None
    place_of = page.model.place_of("name")
    room = page.table.fontMetrics().horizontalAdvance(names[1])
    wide = page.table.columnWidth(place_of)
    assert wide > room
    row = cells(page, "name").index(names[1])
    type_into(qtbot, page, row, "name", "短")
    qtbot.waitUntil(lambda: "短" in cells(page, "name"))
    assert page.table.columnWidth(place_of) == wide, "nothing moves under the hand"
    type_into(qtbot, page, row, "name", names[1] * 2)
    qtbot.waitUntil(lambda: names[1] * 2 in cells(page, "name"))
    assert page.table.columnWidth(place_of) > wide


def test_what_the_register_counts_towards_is_told_beside_its_target_at_the_office_alone(
    demo_ledger: Ledger, unit_ledger: Ledger, make_session: Make, qtbot: QtBot
) -> None:
    for ledger in (demo_ledger, unit_ledger):
        page = shown(qtbot, make_session(ledger))
        desk = page._desk
        assert desk is not None
        assert [t.counted.target.id for t in page.targets.tiles] == [c.target.id for c in desk.targets]
        said = {t.counted.target.id: t.accessibleName() for t in page.targets.tiles}
        assert said["T7"].startswith("T7 各级各类创新平台：")
        assert ("目标 15 家" in said["T7"]) == ledger.office
        assert ("仅含本单位" in page.as_of.text()) == (not ledger.office)
