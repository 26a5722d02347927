"""申报奖补 as it is looked at: the five amounts, the board by keyboard, filters by unit and task, steps of the task."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganzhou_desktop.domain.applications import Application, steps_of, total
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.pages.applications_page import ApplicationsPage
from ganzhou_desktop.ui.pages.applications_page.board import ApplicationCard
from ganzhou_desktop.ui.pages.applications_page.dialog import ApplicationDialog
from ganzhou_desktop.ui.session import Session

Make = Callable[[Ledger], Session]


def shown(qtbot: QtBot, session: Session) -> ApplicationsPage:
    page = ApplicationsPage(session)
    qtbot.addWidget(page)
    page.resize(1206, 671)
    page.show()
    page.refresh()
    return page


def dialogs() -> list[ApplicationDialog]:
    QApplication.processEvents()
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, ApplicationDialog) and w.isVisible()]


def test_the_amounts_on_top_are_those_of_what_is_shown(demo_ledger: Ledger, make_session: Make, qtbot: QtBot) -> None:
    page = shown(qtbot, make_session(demo_ledger))
    number = page.strip.findChild(type(page.strip._numbers["applied"]), "sum_applied")
    assert number is not None
    for unit in ("", "kjj"):
        page.unit.set_current(unit)
        page.unit.activated.emit(page.unit.currentIndex())
        held = [row.application for row in page.model.rows]
        assert {a.unit for a in held} == {"kjj"} or not unit
        assert number.text() == str(total(held, "applied"))
    page.task.set_current("9")
    page.task.activated.emit(page.task.currentIndex())
    assert {row.application.task for row in page.model.rows} == {"9"}


def test_a_card_opens_with_enter_and_the_columns_hold_every_application_once(
    demo_ledger: Ledger, make_session: Make, qtbot: QtBot
) -> None:
    page = shown(qtbot, make_session(demo_ledger))
    page.tabs.set_current("board")
    page._show_tab()
    cards = page.board.findChildren(ApplicationCard)
    assert sorted(c.row.application.key for c in cards) == sorted(r.application.key for r in page.model.rows)
    late, *_ = [card for card in cards if card.row.standing.late_since is not None]
    assert "逾期" in late.accessibleName()
    late.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(late, Qt.Key.Key_Return)
    (dialog,) = dialogs()
    assert dialog.beneficiary.text() == late.row.application.beneficiary
    dialog.close()


def test_the_foot_counts_who_waits_at_each_step(demo_ledger: Ledger, make_session: Make, qtbot: QtBot) -> None:
    page = shown(qtbot, make_session(demo_ledger))
    waiting = [row.standing.step.name for row in page.model.rows if row.standing.step is not None]
    for name in set(waiting):
        assert f"{name} {waiting.count(name)}" in page.foot.full_text()
    late = sum(row.standing.late_since is not None for row in page.model.rows)
    assert f"逾期 {late} 件" in page.foot.full_text()


def test_a_new_application_shows_the_steps_of_its_task(demo_ledger: Ledger, make_session: Make, qtbot: QtBot) -> None:
    session = make_session(demo_ledger)
    page = shown(qtbot, session)
    page.open_form(None)
    (dialog,) = dialogs()
    plan = demo_ledger.plan()
    tasks = {t.id: {s.id for s in steps_of(plan, Application("", "", task=t.id))} for t in plan.tasks}
    assert len({frozenset(steps) for steps in tasks.values()}) > 1, "the plan's tasks name different steps"
    for task, steps in tasks.items():
        dialog.task.set_current(task)
        dialog.task.activated.emit(dialog.task.currentIndex())
        assert {name for name, row in dialog.steps.items() if row.result.isVisibleTo(dialog)} == steps
    dialog.subsidy.set_current("B4")
    dialog.subsidy.activated.emit(dialog.subsidy.currentIndex())
    assert dialog.task.currentData() == plan.subsidy_by_id["B4"].tasks[0]
    assert isinstance(session.messages, RecordedMessages)
    session.messages.answers.append("留着")
    dialog.close()


def test_delete_on_the_table_asks_first(demo_ledger: Ledger, make_session: Make, qtbot: QtBot) -> None:
    session = make_session(demo_ledger)
    page = shown(qtbot, session)
    messages = session.messages
    assert isinstance(messages, RecordedMessages)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    before = [row.application.key for row in page.model.rows]
    for answer, left in ((False, before), (True, before[1:])):
        messages.answers.append(answer)
        page.table.setCurrentIndex(page.model.index(0, 0))
        page.table.setFocus()
        qtbot.keyClick(page.table, Qt.Key.Key_Delete)
        assert messages.said[-1][0] == "confirm"
        assert [row.application.key for row in page.model.rows] == left
