"""台账 and 申报奖补 by the keyboard alone, and looked at where nothing can be written: no key is lost, each refusal said."""

from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ganzhou_desktop.domain.applications import Amount
from ganzhou_desktop.services import applications, ledgers, registers
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.registers import Edit, read_entries
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.applications_page import ApplicationsPage
from ganzhou_desktop.ui.pages.applications_page.dialog import ApplicationDialog
from ganzhou_desktop.ui.pages.registers_page import RegistersPage
from ganzhou_desktop.ui.pages.registers_page.entry_dialog import EntryDialog
from ganzhou_desktop.ui.pages.registers_page.import_dialog import ImportDialog
from ganzhou_desktop.ui.session import Session

Make = Callable[[Ledger], Session]
ONE = {
    "name": "示例一号众创空间",
    "type": "众创空间",
    "level": "省级",
    "host": "示例甲公司",
    "recognised": "2018-03-01",
}


@pytest.fixture
def three(unit_ledger: Ledger) -> Ledger:
    """区工信局's ledger with three entries in 创新平台."""
    held = read_entries(unit_ledger, "platforms", "gxj")
    if held:
        registers.delete_entries(unit_ledger, "platforms", held)
    edits = [Edit({**ONE, "name": f"示例{n}号众创空间"}) for n in "一二三"]
    registers.save_entries(unit_ledger, "platforms", "gxj", edits)
    return unit_ledger


@pytest.fixture
def only_read(three: Ledger, tmp_path: Path) -> Iterator[Ledger]:
    """The same ledger with an application, opened where nothing can be written."""
    applications.save_application(three, "gxj", texts={"beneficiary": "示例一号众创空间", "subsidy": "B3"}, year=2018)
    path = three.path
    three.close()
    with closing(ledgers.open_ledger(path, writer=False)) as ledger:
        yield ledger


def front(qtbot: QtBot, page: QWidget) -> None:
    qtbot.addWidget(page)
    page.resize(1206, 671)
    page.show()
    page.activateWindow()
    page.refresh()  # type: ignore[attr-defined]
    page.setFocus()


def registers_page(qtbot: QtBot, session: Session, register: str = "platforms") -> RegistersPage:
    page = RegistersPage(session)
    page.show_argument({"register": register})
    front(qtbot, page)
    return page


def press(qtbot: QtBot, *keys: Qt.Key | tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
    """Press keys wherever the focus is."""
    for key in keys:
        QApplication.processEvents()
        place = QApplication.focusWidget()
        assert place is not None, "nothing has the focus"
        bare, with_key = key if isinstance(key, tuple) else (key, Qt.KeyboardModifier.NoModifier)
        qtbot.keyClick(place, bare, with_key)
    QApplication.processEvents()


def focus() -> QWidget | None:
    QApplication.processEvents()
    return QApplication.focusWidget()


def opened(kind: type) -> QWidget:
    QApplication.processEvents()
    (found,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    return found


def back_on(page: QWidget) -> QWidget | None:
    """What has the focus once the page's window is in front again; here nobody brings it there by itself."""
    page.activateWindow()
    return focus()


def closed(kind: type) -> bool:
    QApplication.processEvents()
    return not [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]


CTRL = Qt.KeyboardModifier.ControlModifier


def test_from_the_list_enter_goes_to_the_entries(qtbot: QtBot, three: Ledger, make_session: Make) -> None:
    page = registers_page(qtbot, make_session(three), "parks")
    assert focus() is page.list
    press(qtbot, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert page.model is not None
    assert page.model.desk.view.register.id == "platforms"
    assert focus() is page.table
    assert page.table.currentIndex().column() == page.model.place_of("name"), "not in the column of remarks"
    press(qtbot, Qt.Key.Key_F4)
    opened(EntryDialog)
    press(qtbot, Qt.Key.Key_Escape)
    assert closed(EntryDialog)
    assert back_on(page) is page.table


def test_where_nothing_is_registered_enter_goes_to_what_begins(qtbot: QtBot, three: Ledger, make_session: Make) -> None:
    page = registers_page(qtbot, make_session(three), "guided")
    press(qtbot, Qt.Key.Key_Return)
    assert focus() is page.empty.button


def test_tab_goes_through_the_cells_and_leaves_after_the_last(qtbot: QtBot, three: Ledger, make_session: Make) -> None:
    page = registers_page(qtbot, make_session(three))
    model = page.model
    assert model is not None
    page.table.setFocus()
    page.table.setCurrentIndex(model.index(0, model.columnCount() - 1))
    press(qtbot, Qt.Key.Key_Tab)
    assert focus() is page.table
    assert page.table.currentIndex().row() == 1
    page.table.setCurrentIndex(model.index(model.rowCount() - 1, model.columnCount() - 1))
    press(qtbot, Qt.Key.Key_Tab)
    assert focus() is not page.table
    page.table.setFocus()
    page.table.setCurrentIndex(model.index(0, 0))
    press(qtbot, Qt.Key.Key_Backtab)
    assert focus() is page.filter_row.search


def test_delete_is_for_the_entry_the_frame_stands_on_and_the_keys_go_on_from_there(
    qtbot: QtBot, three: Ledger, make_session: Make
) -> None:
    session = make_session(three)
    page = registers_page(qtbot, session)
    assert page.model is not None
    page.table.setFocus()
    page.filter_row.search.setText("二号")
    page.filter_row.search.clear()
    page.table.setCurrentIndex(page.model.index(1, page.model.place_of("name")))
    page.table.clearSelection()
    gone = page.model.row(1).entry.values["name"]
    after = page.model.row(2).entry.values["name"]
    session.messages.answers.append(True)
    press(qtbot, Qt.Key.Key_Delete)
    left = {e.values["name"] for e in read_entries(three, "platforms", "gxj")}
    assert gone not in left
    assert len(left) == 2
    assert focus() is page.table
    assert page.model.row(page.table.currentIndex().row()).entry.values["name"] == after


def test_what_was_registered_or_pasted_has_the_focus_next(qtbot: QtBot, three: Ledger, make_session: Make) -> None:
    page = registers_page(qtbot, make_session(three))
    press(qtbot, (Qt.Key.Key_N, CTRL))
    form = opened(EntryDialog)
    assert isinstance(form, EntryDialog)
    form.set_text("name", "示例四号众创空间")
    press(qtbot, (Qt.Key.Key_S, CTRL))
    assert closed(EntryDialog)
    qtbot.waitUntil(lambda: back_on(page) is page.table)
    model = page.model
    assert model is not None
    assert model.row(page.table.currentIndex().row()).entry.values["name"] == "示例四号众创空间"
    assert page.table.currentIndex().column() == model.place_of("name")

    QApplication.clipboard().setText("平台名称\t类型\r\n示例五号众创空间\t众创空间\r\n示例六号众创空间\t众创空间\r\n")
    press(qtbot, (Qt.Key.Key_V, CTRL))
    draft = opened(ImportDialog)
    assert isinstance(draft, ImportDialog)
    assert focus() is draft.table, "the rows can be read with the arrow keys"
    press(qtbot, (Qt.Key.Key_S, CTRL))
    assert closed(ImportDialog)
    qtbot.waitUntil(lambda: back_on(page) is page.table)
    assert len(read_entries(three, "platforms", "gxj")) == 6


def test_what_cannot_be_read_is_not_said_to_be_missing(qtbot: QtBot, three: Ledger, make_session: Make) -> None:
    registers_page(qtbot, make_session(three))
    QApplication.clipboard().setText("平台名称\t类型\t认定日期\r\n示例五号众创空间\t众创\t八月初\r\n")
    press(qtbot, (Qt.Key.Key_V, CTRL))
    draft = opened(ImportDialog)
    assert isinstance(draft, ImportDialog)
    said = str(draft.model.index(0, draft.model.columnCount() - 1).data())
    assert "“类型”填的“众创”不在选项里" in said
    assert "“类型”没有填" not in said
    assert "“认定日期”没有填" not in said
    draft.reject()


def test_print_by_key(qtbot: QtBot, three: Ledger, make_session: Make) -> None:
    session = make_session(three)
    registers_page(qtbot, session)
    went: list[str] = []
    session.went.connect(lambda key, _argument: went.append(key))
    press(qtbot, (Qt.Key.Key_P, CTRL))
    assert went == ["preview"]


@pytest.mark.parametrize("scale", [1.0, 1.25])
def test_what_a_register_counts_towards_is_never_squeezed(
    qtbot: QtBot, qapp: QApplication, three: Ledger, make_session: Make, scale: float
) -> None:
    session = make_session(three)
    theme.apply_theme(qapp, scale)
    try:
        page = registers_page(qtbot, session, "enterprises")
        QApplication.processEvents()
        tiles = page.targets.tiles
        assert len(tiles) == 7
        for tile in tiles:
            assert tile.width() >= tile.sizeHint().width(), tile.accessibleName()
            assert page.targets.rect().contains(tile.geometry()), tile.accessibleName()
        assert page.width() == 1206, "the page grew no wider for it"
        assert len({tile.y() for tile in tiles}) > 1
    finally:
        theme.apply_theme(qapp)


def test_an_entry_can_be_looked_at_where_nothing_can_be_written(
    qtbot: QtBot, only_read: Ledger, make_session: Make
) -> None:
    page = registers_page(qtbot, make_session(only_read))
    assert "只读" in page.foot.text()
    press(qtbot, Qt.Key.Key_Return, Qt.Key.Key_F4)
    form = opened(EntryDialog)
    assert isinstance(form, EntryDialog)
    assert form.text("host") == "示例甲公司"
    field = form.fields["host"]
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "x")
    assert form.text("host") == "示例甲公司"
    assert not form.save.isEnabled()
    assert "只读" in form.save.toolTip()
    assert "只读" in form.line.text()
    assert not form.proof.add.isVisible()
    press(qtbot, (Qt.Key.Key_S, CTRL), Qt.Key.Key_Escape)
    assert closed(EntryDialog)
    for button in (page.add, page.bring, page.forward):
        assert not button.isEnabled()
        assert "只读" in button.toolTip()


def test_an_application_can_be_looked_at_where_nothing_can_be_written(
    qtbot: QtBot, only_read: Ledger, make_session: Make
) -> None:
    page = ApplicationsPage(make_session(only_read))
    front(qtbot, page)
    assert focus() is page.tabs
    page.table.setFocus()
    row = next(n for n, r in enumerate(page.model.rows) if r.application.subsidy == "B3")
    page.table.setCurrentIndex(page.model.index(row, 0))
    press(qtbot, Qt.Key.Key_Return)
    form = opened(ApplicationDialog)
    assert isinstance(form, ApplicationDialog)
    assert form.beneficiary.text() == "示例一号众创空间"
    assert form.beneficiary.isReadOnly()
    assert not form.steps["report"].result.isEnabled()
    assert not form.save.isEnabled()
    assert "只读" in form.save.toolTip()
    press(qtbot, (Qt.Key.Key_S, CTRL), Qt.Key.Key_Escape)
    assert closed(ApplicationDialog)
    assert back_on(page) is page.table
    page.tabs.set_current("subsidies")
    page.subsidies.table.setCurrentIndex(page.subsidies.table.model().index(2, 0))
    page.subsidies.people.setCurrentIndex(page.subsidies.people.model().index(0, 0))
    assert not page.subsidies.apply.isEnabled()
    assert "只读" in page.subsidies.apply.toolTip()


@pytest.mark.parametrize("scale", [1.0, 1.25])
def test_the_applications_of_a_unit_need_no_scrolling_sideways(
    qtbot: QtBot, qapp: QApplication, three: Ledger, make_session: Make, scale: float
) -> None:
    key = applications.save_application(
        three, "gxj", texts={"beneficiary": "示例一号众创空间", "subsidy": "B3"}, year=2018
    )
    session = make_session(three)
    theme.apply_theme(qapp, scale)
    try:
        page = ApplicationsPage(session)
        front(qtbot, page)
        QApplication.processEvents()
        assert page.table.horizontalScrollBar().maximum() == 0
        last = page.model.columnCount() - 1
        assert page.table.isColumnHidden(last), "nothing is remarked on"
        odd = {"applied": Amount(Decimal(9))}
        applications.save_application(three, "gxj", key=key, amounts=odd)
        page.refresh()
        assert not page.table.isColumnHidden(last)
        shown = [str(page.model.index(n, last).data()) for n in range(page.model.rowCount())]
        assert "请核对" in shown, "more than the standard"
    finally:
        theme.apply_theme(qapp)


def test_a_register_that_others_keep_is_named_with_who_keeps_it(
    qtbot: QtBot, three: Ledger, make_session: Make
) -> None:
    page = ApplicationsPage(make_session(three))
    front(qtbot, page)
    page.tabs.set_current("subsidies")
    page.subsidies.table.setCurrentIndex(page.subsidies.table.model().index(0, 0))
    assert page.subsidies.nobody.isVisible()
    assert "由科技局、双创办登记" in page.subsidies.nobody.sentence.text()
    assert not page.subsidies.nobody.button.isVisible(), "there is nowhere to go to on this PC"
