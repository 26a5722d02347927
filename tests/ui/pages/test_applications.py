"""申报奖补: from an eligible entry to 到账 through the widgets; late steps, doubles, sums, the board."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from ganzhou_desktop.domain.applications import AMOUNTS, DONE, Amount
from ganzhou_desktop.services import applications, registers
from ganzhou_desktop.services.applications import read_applications
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.registers import Edit
from ganzhou_desktop.ui.messages import Messages
from ganzhou_desktop.ui.operations import InstantRunner, Job
from ganzhou_desktop.ui.pages.applications_page import ApplicationsPage
from ganzhou_desktop.ui.pages.applications_page.dialog import ApplicationDialog
from ganzhou_desktop.ui.session import Session

Make = Callable[[Ledger], Session]
NAME = "示例甲孵化器"


@pytest.fixture
def eligible(unit_ledger: Ledger) -> Ledger:
    """区工信局's ledger with one entry that meets B2's conditions and one that does not."""
    for application in read_applications(unit_ledger):
        applications.delete_application(unit_ledger, application)
    held = registers.read_entries(unit_ledger, "platforms", "gxj")
    if held:
        registers.delete_entries(unit_ledger, "platforms", held)
    good = {"name": NAME, "type": "科技企业孵化器", "level": "省级", "recognised": "2018-05-06"}
    registers.save_entries(
        unit_ledger, "platforms", "gxj", [Edit(good), Edit({**good, "name": "示例乙孵化器", "level": "市级"})]
    )
    return unit_ledger


def shown(qtbot: QtBot, session: Session) -> ApplicationsPage:
    page = ApplicationsPage(session)
    qtbot.addWidget(page)
    page.resize(1206, 671)
    page.show()
    page.refresh()
    return page


def form() -> ApplicationDialog:
    QApplication.processEvents()
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, ApplicationDialog) and w.isVisible()]
    assert found
    return found[-1]


def write(field: QLineEdit, text: str) -> None:
    event = QInputMethodEvent()
    event.setCommitString(text)
    field.selectAll()
    QApplication.sendEvent(field, event)


def choose_b2(page: ApplicationsPage, name: str) -> None:
    page.tabs.set_current("subsidies")
    page._show_tab()
    table = page.subsidies.table
    model = table.model()
    place = next(n for n in range(model.rowCount()) if str(model.index(n, 0).data()).startswith("B2"))
    table.setCurrentIndex(model.index(place, 0))
    people = page.subsidies.people
    who = people.model()
    row = next(n for n in range(who.rowCount()) if who.index(n, 0).data() == name)
    people.setCurrentIndex(who.index(row, 0))


def test_an_eligible_entry_is_applied_for_and_followed_to_the_money(
    qtbot: QtBot, eligible: Ledger, make_session: Make
) -> None:
    page = shown(qtbot, make_session(eligible))
    choose_b2(page, NAME)
    qtbot.mouseClick(page.subsidies.apply, Qt.MouseButton.LeftButton)
    dialog = form()
    assert dialog.beneficiary.text() == NAME
    write(dialog.amounts["applied"].value, "1")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    (application,) = read_applications(eligible)
    assert (application.subsidy, application.amounts["applied"].value) == ("B2", Decimal(1))

    page.tabs.set_current("table")
    page._show_tab()
    for step in [s.id for s in eligible.plan().steps]:
        page.open_form(page.model.row(0))
        dialog = form()
        dialog.steps[step].result.set_current(DONE)
        write(dialog.steps[step].on, "2018年7月1日")
        if step == "receipt":
            for name in AMOUNTS:
                write(dialog.amounts[name].value, "1")
            write(dialog.amounts["received"].payer, "区财政局")
        qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert page.model.row(0).standing.state == "finished"
    (application,) = read_applications(eligible)
    assert application.amounts["received"].payer == "区财政局"
    assert {name: application.amounts[name].value for name in AMOUNTS} == dict.fromkeys(AMOUNTS, Decimal(1))


def test_what_fails_is_said_before_it_is_applied_for(qtbot: QtBot, eligible: Ledger, make_session: Make) -> None:
    page = shown(qtbot, make_session(eligible))
    choose_b2(page, "示例乙孵化器")
    people = page.subsidies.people
    row = people.currentIndex().row()
    assert "不符合" in people.model().index(row, 2).data()
    assert "市级" in people.model().index(row, 4).data()
    assert page.subsidies.apply.isEnabled(), "nothing blocks: the clerk may know better"


def choose_subsidy(page: ApplicationsPage, subsidy: str) -> None:
    page.tabs.set_current("subsidies")
    page._show_tab()
    table = page.subsidies.table
    model = table.model()
    place = next(n for n in range(model.rowCount()) if str(model.index(n, 0).data()).startswith(subsidy))
    table.setCurrentIndex(model.index(place, 0))


def test_a_subsidy_that_looks_at_no_register_is_applied_for_itself_and_never_said_to_be_met(
    qtbot: QtBot, eligible: Ledger, make_session: Make
) -> None:
    page = shown(qtbot, make_session(eligible))
    choose_subsidy(page, "B9")
    view = page.subsidies
    assert view.nobody.isVisible()
    assert "不看台账" in view.nobody.sentence.text()
    assert view.apply.text() == "申报这项补助"
    assert "选一条" not in view.apply.toolTip(), "there is none to choose"
    qtbot.mouseClick(view.apply, Qt.MouseButton.LeftButton)
    dialog = form()
    assert dialog.subsidy.currentData() == "B9"
    lines = dialog.checks.texts()
    assert any("不看台账" in line for line in lines)
    assert [line for line in lines if line.startswith(("✓", "×"))] == []
    write(dialog.beneficiary, "示例农业园")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    (application,) = read_applications(eligible)
    assert (application.subsidy, application.entry) == ("B9", "")

    # Of an entry, too, it is not said that it fits.
    choose_b2(page, NAME)
    qtbot.mouseClick(view.apply, Qt.MouseButton.LeftButton)
    assert any(line.startswith("✓") for line in form().checks.texts())
    form().subsidy.set_current("B9")
    form().subsidy.activated.emit(form().subsidy.currentIndex())
    assert [line for line in form().checks.texts() if line.startswith(("✓", "×"))] == []


def test_where_nobody_is_registered_yet_the_way_to_the_register_is_shown(
    qtbot: QtBot, eligible: Ledger, make_session: Make
) -> None:
    session = make_session(eligible)
    page = shown(qtbot, session)
    choose_subsidy(page, "B8")
    assert page.subsidies.nobody.isVisible()
    assert "启明工程" in page.subsidies.nobody.sentence.text()
    assert not page.subsidies.apply.isEnabled()
    went: list[tuple[str, object]] = []
    session.went.connect(lambda key, argument: went.append((key, argument)))
    qtbot.mouseClick(page.subsidies.nobody.button, Qt.MouseButton.LeftButton)
    assert went == [("registers", {"register": "qiming"})]


def test_an_application_without_an_entry_says_that_nothing_was_checked(
    qtbot: QtBot, eligible: Ledger, make_session: Make
) -> None:
    page = shown(qtbot, make_session(eligible))
    qtbot.mouseClick(page.add, Qt.MouseButton.LeftButton)
    form().subsidy.set_current("B2")
    form().subsidy.activated.emit(form().subsidy.currentIndex())
    assert any("没有核对" in line for line in form().checks.texts())
    assert not any(line.startswith("✓") for line in form().checks.texts())


def test_the_year_applied_for_is_the_year_it_is_held_against(
    qtbot: QtBot, eligible: Ledger, make_session: Make
) -> None:
    (entry,) = (e for e in registers.read_entries(eligible, "platforms", "gxj") if e.values["name"] == NAME)
    registers.save_entries(eligible, "platforms", "gxj", [Edit({"revoked": "2019-03-01"}, entry.key, entry.heads)])
    page = shown(qtbot, make_session(eligible))
    choose_b2(page, NAME)
    people = page.subsidies.people
    assert "不符合" in people.model().index(people.currentIndex().row(), 2).data(), "it is over today"
    qtbot.mouseClick(page.subsidies.apply, Qt.MouseButton.LeftButton)
    assert any(line.startswith("×") and "到期、撤销日期：2019-03-01" in line for line in form().checks.texts())
    form().year.selectAll()
    qtbot.keyClicks(form().year, "2018")
    assert not any(line.startswith("×") for line in form().checks.texts()), "in 2018 it stood"


def test_a_late_step_and_a_double_are_said(qtbot: QtBot, eligible: Ledger, make_session: Make) -> None:
    page = shown(qtbot, make_session(eligible))
    for _ in range(2):
        choose_b2(page, NAME)
        qtbot.mouseClick(page.subsidies.apply, Qt.MouseButton.LeftButton)
        dialog = form()
        write(dialog.steps["report"].due, "2018-01-05")
        qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    page.tabs.set_current("table")
    page._show_tab()
    assert "逾期" in page.model.index(0, page.model.columnCount() - 6).data()
    assert "2" in page.state.button("late").text()
    assert "申报了 2 次" in page.notice.text()


def test_a_wrong_amount_is_marked_and_nothing_is_saved(qtbot: QtBot, eligible: Ledger, make_session: Make) -> None:
    page = shown(qtbot, make_session(eligible))
    qtbot.mouseClick(page.add, Qt.MouseButton.LeftButton)
    dialog = form()
    write(dialog.beneficiary, "示例丙公司")
    write(dialog.amounts["applied"].value, "一万")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert read_applications(eligible) == ()
    assert "标红" in dialog.line.text()
    assert dialog.amounts["applied"].value.text() == "一万", "nothing typed is lost"
    write(dialog.amounts["applied"].value, "１.５")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    (application,) = read_applications(eligible)
    assert application.amounts["applied"].value == Decimal("1.5")


def test_a_half_typed_application_is_put_back(qtbot: QtBot, eligible: Ledger, make_session: Make) -> None:
    session = make_session(eligible)
    page = shown(qtbot, session)
    page.open_form(None)
    dialog = form()
    write(dialog.steps["report"].on, "2018年7月")
    write(dialog.amounts["applied"].payer, "区财政局")
    dialog.note_field.setPlainText("示例备注")
    session.messages.answers += ["接着填", "先留着"]
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert read_applications(eligible) == ()

    page.open_form(None)
    again = form()
    assert again is not dialog
    assert again.steps["report"].on.text() == "2018年7月"
    assert again.amounts["applied"].payer.text() == "区财政局"
    assert again.note_field.toPlainText() == "示例备注"
    assert "放回来" in again.line.text()
    session.messages.answers.append("不要了")
    again.reject()
    page.open_form(None)
    assert form().note_field.toPlainText() == ""


def test_one_for_an_entry_is_not_lost_either_and_is_kept_for_that_entry(
    qtbot: QtBot, eligible: Ledger, make_session: Make
) -> None:
    session = make_session(eligible)
    page = shown(qtbot, session)
    choose_b2(page, NAME)
    qtbot.mouseClick(page.subsidies.apply, Qt.MouseButton.LeftButton)
    dialog = form()
    write(dialog.amounts["applied"].value, "1.5")
    session.messages.answers.append("先留着")
    dialog.reject()
    choose_b2(page, "示例乙孵化器")
    qtbot.mouseClick(page.subsidies.apply, Qt.MouseButton.LeftButton)
    assert form().amounts["applied"].value.text() == ""
    form().reject()
    choose_b2(page, NAME)
    qtbot.mouseClick(page.subsidies.apply, Qt.MouseButton.LeftButton)
    assert form().amounts["applied"].value.text() == "1.5"
    qtbot.mouseClick(form().save, Qt.MouseButton.LeftButton)
    (application,) = read_applications(eligible)
    assert application.amounts["applied"].value == Decimal("1.5")
    choose_b2(page, NAME)
    qtbot.mouseClick(page.subsidies.apply, Qt.MouseButton.LeftButton)
    assert "放回来" not in form().line.text(), "what is saved is no draft any more"


def test_what_came_in_meanwhile_in_other_fields_stays(qtbot: QtBot, eligible: Ledger, make_session: Make) -> None:
    fine = Amount(Decimal("1.123456"))
    key = applications.save_application(
        eligible, "gxj", texts={"beneficiary": NAME, "title": "旧的名称"}, amounts={"applied": fine}
    )
    page = shown(qtbot, make_session(eligible))
    page.open_form(page.model.row(0))
    dialog = form()
    applications.save_application(eligible, "gxj", key=key, texts={"title": "合入的名称"}, year=2019)
    dialog.note_field.setPlainText("示例备注")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    (now,) = read_applications(eligible)
    assert (now.title, now.year, now.note, now.contested) == ("合入的名称", 2019, "示例备注", frozenset())
    assert now.amounts["applied"] == fine, "an amount not touched keeps all its places"


class Held(InstantRunner):
    """Holds writes back until they are let go, as a slow disk does."""

    def __init__(self, messages: Messages) -> None:
        super().__init__(messages)
        self.jobs: list[Job] = []

    def _submit(self, job: Job) -> None:
        if job.is_write:
            self.jobs.append(job)
        else:
            super()._submit(job)

    def let_go(self) -> None:
        jobs, self.jobs = self.jobs, []
        for job in jobs:
            super()._submit(job)


def test_saving_twice_in_a_hurry_makes_one_application(qtbot: QtBot, eligible: Ledger, make_session: Make) -> None:
    session = make_session(eligible)
    session.operations = held = Held(session.messages)
    page = shown(qtbot, session)
    page.open_form(None)
    dialog = form()
    write(dialog.beneficiary, "示例丙公司")
    for _ in range(2):
        qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    held.let_go()
    assert len(read_applications(eligible)) == 1


def test_a_payer_without_an_amount_is_said_as_such(qtbot: QtBot, eligible: Ledger, make_session: Make) -> None:
    page = shown(qtbot, make_session(eligible))
    page.open_form(None)
    dialog = form()
    write(dialog.beneficiary, "示例丙公司")
    write(dialog.amounts["paid"].payer, "区财政局")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert "没有写多少万元" in dialog.line.text()
    assert read_applications(eligible) == ()


def test_the_form_is_typed_into_at_once(qtbot: QtBot, eligible: Ledger, make_session: Make) -> None:
    page = shown(qtbot, make_session(eligible))
    page.open_form(None)
    assert form().focusWidget() is form().beneficiary


def test_a_subsidy_without_an_amount_says_that_the_plan_states_none(
    eligible: Ledger, make_session: Make, qtbot: QtBot
) -> None:
    session = make_session(eligible)
    session.messages.answers.append("不要了")
    page = shown(qtbot, session)
    page.open_form(None)
    asked = form()
    for subsidy, words in (("B8", "方案没有写金额，以项目形式"), ("B4", "5※ 万元，每家（“分别”）")):
        asked.subsidy.setCurrentIndex(asked.subsidy.findData(subsidy))
        asked.subsidy.activated.emit(asked.subsidy.currentIndex())
        assert asked.standard.text() == words
    asked.reject()
