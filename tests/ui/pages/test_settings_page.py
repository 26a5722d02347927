"""设置: each section does what it says, by mouse and keyboard, on the real ledger."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import event

from ganzhou_desktop.services import contacts, ledgers, periods, recovery, sites
from ganzhou_desktop.services.figures import confirm
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.store import keys
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.pages.settings_page import SettingsPage
from ganzhou_desktop.ui.pages.settings_page.contacts import ContactsSection
from ganzhou_desktop.ui.pages.settings_page.history import HistorySection
from ganzhou_desktop.ui.pages.settings_page.identity import IdentitySection
from ganzhou_desktop.ui.pages.settings_page.period_dialogs import DueDialog, OpenPeriodDialog, next_name
from ganzhou_desktop.ui.pages.settings_page.periods import PeriodsSection
from ganzhou_desktop.ui.pages.settings_page.recovery import RecoverySection
from ganzhou_desktop.ui.pages.settings_page.sites import SitesSection
from ganzhou_desktop.ui.preferences import Preferences
from ganzhou_desktop.ui.printing.jobs import PreviewJob
from ganzhou_desktop.ui.recovery_code import GROUPS
from ganzhou_desktop.ui.session import PreparedFiles, Session

MakeSession = Callable[[Ledger], Session]
LEFT = Qt.MouseButton.LeftButton


def _type(box: QWidget, text: str) -> None:
    """Type as an input method does: Chinese cannot be clicked key by key."""
    commit = QInputMethodEvent()
    commit.setCommitString(text)
    QApplication.sendEvent(box, commit)


class Desk:
    """A page with what a test needs of it."""

    def __init__(self, ledger: Ledger, session: Session, qtbot: QtBot) -> None:
        self.ledger = ledger
        self.session = session
        self.preferences = Preferences()
        self.bot = qtbot
        self.went: list[tuple[str, object]] = []
        session.went.connect(lambda key, argument: self.went.append((key, argument)))
        self.page = SettingsPage(session, self.preferences)
        qtbot.addWidget(self.page)
        self.page.resize(1206, 671)
        self.page.refresh()
        self.page.show()

    @property
    def messages(self) -> RecordedMessages:
        assert isinstance(self.session.messages, RecordedMessages)
        return self.session.messages

    @property
    def files(self) -> PreparedFiles:
        assert isinstance(self.session.files, PreparedFiles)
        return self.session.files

    def button(self, name: str, where: QWidget | None = None) -> QPushButton:
        found = (where or self.page).findChild(QPushButton, name)
        assert isinstance(found, QPushButton), name
        return found

    def click(self, name: str, where: QWidget | None = None) -> None:
        self.bot.mouseClick(self.button(name, where), LEFT)

    def line(self, name: str) -> QLineEdit:
        found = self.page.findChild(QLineEdit, name)
        assert isinstance(found, QLineEdit), name
        return found


@pytest.fixture
def open_desk(make_session: MakeSession, qtbot: QtBot) -> Iterator[Callable[[Ledger], Desk]]:
    made: list[Desk] = []

    def make(ledger: Ledger) -> Desk:
        made.append(Desk(ledger, make_session(ledger), qtbot))
        return made[-1]

    yield make
    for desk in made:
        desk.page.hide()


@pytest.fixture
def desk(demo_ledger: Ledger, open_desk: Callable[[Ledger], Desk]) -> Desk:
    return open_desk(demo_ledger)


# -- the page -------------------------------------------------------------------------------------------------


def test_arrows_move_through_the_sections(desk: Desk) -> None:
    assert desk.page.list.keys()[0] == "periods"
    desk.page.list.setFocus()
    for key in desk.page.list.keys()[1:]:
        desk.bot.keyClick(desk.page.list, Qt.Key.Key_Down)
        assert desk.page.section.key == key
        assert desk.page.section.isVisible()


def test_a_unit_has_no_sections_of_the_office(unit_ledger: Ledger, open_desk: Callable[[Ledger], Desk]) -> None:
    desk = open_desk(unit_ledger)
    assert {"sites", "recovery"}.isdisjoint(desk.page.list.keys())
    assert not desk.button("period_open").isVisible()


@pytest.mark.parametrize("key", ["periods", "identity", "contacts", "sites", "recovery", "backup", "about"])
def test_a_section_reads_with_few_statements(desk: Desk, key: str) -> None:
    desk.page.show_argument(key)
    seen: list[str] = []
    event.listen(desk.ledger.journal.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
    desk.page.refresh()
    assert len(seen) <= 14, seen


# -- 期次 -----------------------------------------------------------------------------------------------------


def _periods(desk: Desk) -> PeriodsSection:
    section = desk.page.section
    assert isinstance(section, PeriodsSection)
    return section


def test_open_the_next_period(desk: Desk) -> None:
    desk.click("period_open")
    dialog = _periods(desk).dialog
    assert isinstance(dialog, OpenPeriodDialog)
    assert dialog.name() == "2018Q4"
    assert dialog.due.value() == date(2019, 1, 7)
    desk.click("period_open_ok", dialog)
    opened = periods.period_named(desk.ledger, None)
    assert (opened.name, opened.due) == ("2018Q4", date(2019, 1, 7))
    assert desk.session.period == "2018Q4"
    assert _periods(desk).dialog is None
    assert _periods(desk).model.row(0).period.name == "2018Q4"


def test_a_period_opened_before_or_due_too_early_is_refused_in_the_dialog(desk: Desk) -> None:
    desk.click("period_open")
    dialog = _periods(desk).dialog
    assert isinstance(dialog, OpenPeriodDialog)
    dialog.number.set_current(1)
    dialog.number.chosen.emit(1)
    assert not dialog.ok.isEnabled()
    assert "已经开过" in dialog.line.text()
    dialog.number.set_current(4)
    dialog.number.chosen.emit(4)
    dialog.due.set_value(date(2018, 1, 1))
    desk.click("period_open_ok", dialog)
    assert "之前" in dialog.line.text()
    desk.bot.keyClick(dialog, Qt.Key.Key_Escape)
    assert len(periods.list_periods(desk.ledger)) == 3


def test_other_lengths_of_period(desk: Desk) -> None:
    desk.click("period_open")
    dialog = _periods(desk).dialog
    assert isinstance(dialog, OpenPeriodDialog)
    desk.bot.mouseClick(dialog.kind.button("H"), LEFT)
    assert dialog.name() == "2018H1"
    desk.bot.mouseClick(dialog.kind.button("-"), LEFT)
    assert dialog.name() == "2018-01"
    desk.bot.mouseClick(dialog.kind.button(""), LEFT)
    assert dialog.name() == "2018"
    dialog.reject()
    assert next_name((), date(2018, 5, 1)) == "2018Q2"


def test_move_the_due_day(desk: Desk) -> None:
    desk.click("period_due_change")
    dialog = _periods(desk).dialog
    assert isinstance(dialog, DueDialog)
    desk.click("due_ok", dialog)
    assert "没有改动" in dialog.line.text()
    dialog.due.set_value(date(2018, 10, 12))
    desk.click("due_ok", dialog)
    assert periods.period_named(desk.ledger, "2018Q3").due == date(2018, 10, 12)


def test_closing_names_the_missing_and_can_be_undone_by_opening(desk: Desk) -> None:
    missing = [desk.session.plan.unit_by_id[s.unit].short for s in _periods(desk).model.row(0).missing]
    assert missing
    desk.messages.answers = [False, True, True]
    desk.click("period_close")
    _, _, text = desk.messages.said[-1]
    assert all(name in text for name in missing)
    assert not periods.period_named(desk.ledger, "2018Q3").closed
    desk.click("period_close")
    assert periods.period_named(desk.ledger, "2018Q3").closed
    assert not desk.button("period_due_change").isEnabled()
    desk.click("period_reopen")
    assert not periods.period_named(desk.ledger, "2018Q3").closed


# -- 本机身份 -------------------------------------------------------------------------------------------------


def test_identity(desk: Desk) -> None:
    desk.page.show_argument("identity")
    section = desk.page.section
    assert isinstance(section, IdentitySection)
    assert section.facts.value("台账码") == ledgers.code_of_ledger(desk.ledger)
    assert section.facts.value("本机核对码") == desk.ledger.code()
    desk.click("open_folder")
    assert desk.files.opened == [desk.ledger.path.parent]


def test_the_author_is_kept_and_signs_the_next_step(desk: Desk) -> None:
    desk.page.show_argument("identity")
    _type(desk.line("author"), "张某")
    desk.bot.keyClick(desk.line("author"), Qt.Key.Key_Return)
    assert Preferences.load().author == "张某"
    confirm(desk.ledger, "T8", "150", "原件")
    assert next(iter(reversed(list(desk.ledger.journal.operations())))).author == "张某"


# -- 联系人 ---------------------------------------------------------------------------------------------------


def _contacts(desk: Desk) -> ContactsSection:
    section = desk.page.section
    assert isinstance(section, ContactsSection)
    return section


def _type_into(desk: Desk, index: QModelIndex, text: str) -> None:
    table = _contacts(desk).table
    table.setCurrentIndex(index)
    desk.bot.keyClick(table, Qt.Key.Key_Return)
    box = next(e for e in table.viewport().findChildren(QLineEdit) if e.isVisible())
    box.selectAll()
    _type(box, text)
    desk.bot.keyClick(box, Qt.Key.Key_Return)
    desk.bot.waitUntil(lambda: index.data() == text)


def test_contacts_of_several_units_in_one_step(desk: Desk) -> None:
    desk.page.show_argument("contacts")
    section = _contacts(desk)
    before = len(list(desk.ledger.journal.steps()))
    _type_into(desk, section.model.index(0, 1), "新某一")
    _type_into(desk, section.model.index(2, 4), "0936-1234567")
    assert section.save.text() == "保存 2 家"
    desk.click("contacts_save")
    held = contacts.all_contacts(desk.ledger)
    assert held[section.model.row(0).unit.id]["head"] == "新某一"
    assert held[section.model.row(2).unit.id]["phone"] == "0936-1234567"
    assert len(list(desk.ledger.journal.steps())) == before + 1
    assert not section.model.edits


def test_contacts_typed_but_not_saved_are_asked_for(desk: Desk) -> None:
    desk.page.show_argument("contacts")
    section = _contacts(desk)
    _type_into(desk, section.model.index(0, 1), "新某一")
    desk.page.refresh()
    assert section.model.index(0, 1).data() == "新某一"
    desk.messages.answers = ["留在这里", "保存"]
    desk.page.list.set_current("about")
    assert desk.page.section is section
    assert desk.page.can_leave()
    assert contacts.contacts_of(desk.ledger, section.model.row(0).unit.id)["head"] == "新某一"


def test_a_unit_writes_its_own_contacts(unit_ledger: Ledger, open_desk: Callable[[Ledger], Desk]) -> None:
    desk = open_desk(unit_ledger)
    desk.page.show_argument("contacts")
    box = desk.line("contact_clerk")
    box.selectAll()
    _type(box, "李某")
    box.setFocus()
    desk.bot.keyClick(box, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    if desk.button("contacts_save").isEnabled():  # without a window manager the shortcut may find no active window
        desk.click("contacts_save")
    assert contacts.contacts_of(unit_ledger, "gxj")["clerk"] == "李某"


# -- 电脑清单, 恢复单 -----------------------------------------------------------------------------------------


def test_stop_a_pc_and_lift_it(desk: Desk) -> None:
    desk.page.show_argument("sites")
    section = desk.page.section
    assert isinstance(section, SitesSection)
    section.table.selectRow(0)
    assert section.model.row(0).here
    assert not desk.button("site_stop").isEnabled()
    section.table.selectRow(1)
    key = section.model.row(1).site
    desk.messages.answers = [True, True]
    desk.click("site_stop")
    assert next(s for s in sites.list_sites(desk.ledger) if s.site == key).stopped
    row = next(i for i, s in enumerate(section.model.rows) if s.site == key)
    section.table.selectRow(row)
    desk.click("site_lift")
    assert not next(s for s in sites.list_sites(desk.ledger) if s.site == key).stopped


@pytest.fixture
def new_ledger(tmp_path: Path, demo_ledger: Ledger) -> Iterator[Ledger]:
    made = recovery.new_office_ledger(tmp_path / "new.gzdb", demo_ledger.plan())
    yield made
    made.close()


def test_the_sheet_is_printed_then_forgotten(new_ledger: Ledger, open_desk: Callable[[Ledger], Desk]) -> None:
    desk = open_desk(new_ledger)
    assert desk.page.waiting_bar.isVisible()
    desk.page.waiting_bar.action_chosen.emit()
    key, job = desk.went[-1]
    assert key == "preview"
    assert isinstance(job, PreviewJob)
    assert not desk.button("recovery_forget").isEnabled()
    assert job.printed is not None
    job.printed()
    desk.messages.answers = [True]
    desk.click("recovery_forget")
    assert recovery.waiting(new_ledger) is None
    desk.page.show_argument("periods")
    assert not desk.page.waiting_bar.isVisible()


def test_a_pc_without_key_is_accepted_by_the_sheet(new_ledger: Ledger, open_desk: Callable[[Ledger], Desk]) -> None:
    code = recovery.waiting(new_ledger)
    assert code is not None
    keys.drop_key(new_ledger.id, "all")
    desk = open_desk(new_ledger)
    desk.page.show_argument("recovery")
    section = desk.page.section
    assert isinstance(section, RecoverySection)
    groups = code.split()
    assert len(groups) == GROUPS
    for box, group in zip(section.form.boxes[:-1], groups, strict=False):
        desk.bot.keyClicks(box, group.lower())
    desk.click("recovery_recover")
    assert "第 4 行第 2 组" in section.line.text()
    desk.bot.keyClicks(section.form.boxes[-1], "0000" if groups[-1] != "0000" else "1111")
    desk.click("recovery_recover")
    assert section.line.text()
    QGuiApplication.clipboard().setText(code)
    desk.bot.keyClick(section.form.boxes[0], Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert section.form.code() == code
    desk.click("recovery_recover")
    assert new_ledger.key().site == new_ledger.journal.site
    assert desk.ledger.code() in desk.page.told_bar.text()
    assert section.form.code().strip() == ""


# -- 历史, 备份, 字号, 关于 -----------------------------------------------------------------------------------


def _history(desk: Desk) -> HistorySection:
    section = desk.page.section
    assert isinstance(section, HistorySection)
    return section


def test_history_tells_what_changed(desk: Desk) -> None:
    confirm(desk.ledger, "T8", "150", "原件第 2 页")
    desk.page.show_argument("history")
    section = _history(desk)
    assert section.model.row(0).title.startswith("核定")
    assert section.changes.rowCount() == 2
    words = [section.changes.index(r, c).data() for r in range(2) for c in range(3)]
    assert any("核定值" in w for w in words)
    assert any("150" in w for w in words)
    _type(section.search, "关期次")
    assert {e.title.split(" ")[0] for e in section.model.rows} == {"关期次"}
    section.search.setText("没有的")
    assert section.empty.isVisible()


def test_history_of_one_record(desk: Desk) -> None:
    desk.page.show_argument("history")
    section = _history(desk)
    record = next(e for e in reversed(section.model.rows) if e.title.startswith("提交")).records[0]
    desk.page.show_argument(f"history:{record}")
    assert section.model.rows
    assert all(record in e.records for e in section.model.rows)
    desk.bot.mouseClick(section.all, LEFT)
    assert len(section.model.rows) > 10


def test_undo_asks_and_takes_back(desk: Desk) -> None:
    confirm(desk.ledger, "T8", "150", "原件第 2 页")
    desk.page.show_argument("history")
    assert "科技特派员" in _history(desk).last.full_text()
    desk.messages.answers = [False, True]
    desk.click("undo")
    assert desk.ledger.plan().figure_by_id["T8"].confirmed is not None
    desk.click("undo")
    assert desk.ledger.plan().figure_by_id["T8"].confirmed is None
    assert "已撤销" in desk.page.told_bar.text()
    assert not desk.button("undo").isEnabled()


def test_backup_to_a_place_never_over_a_file(desk: Desk, tmp_path: Path) -> None:
    desk.page.show_argument("backup")
    folder = tmp_path / "stick"
    folder.mkdir()
    desk.files.answers = [folder]
    desk.click("backup_make")
    made = next(folder.iterdir())
    copy = ledgers.open_ledger(made, writer=False)
    assert copy.id == desk.ledger.id
    copy.close()
    desk.files.answers = [made]
    desk.click("backup_make")
    assert "已经存在" in desk.messages.failures[-1].means


def test_restoring_is_done_on_the_start_page(desk: Desk) -> None:
    desk.page.show_argument("backup")
    desk.messages.answers = [False, True]
    desk.click("backup_restore")
    assert desk.went == []
    desk.click("backup_restore")
    assert desk.went == [("start", None)]


def test_type_size_is_kept(desk: Desk) -> None:
    desk.page.show_argument("appearance")
    desk.bot.mouseClick(desk.page.section.scale_choice.button(125), LEFT)  # type: ignore[attr-defined]
    assert Preferences.load().scale == 125


def test_about_leads_to_the_open_questions(desk: Desk) -> None:
    desk.page.show_argument("about")
    desk.click("about_questions")
    assert desk.went[-1] == ("figures", "questions")
    desk.click("about_print")
    assert isinstance(desk.went[-1][1], PreviewJob)
