"""更新方案数据: from the empty 台账 page and from 设置, changes first, a basis asked for, registers afterwards."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ganzhou_desktop import paths
from ganzhou_desktop.services import ledgers
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.ui.pages.registers_page import RegistersPage
from ganzhou_desktop.ui.pages.settings_page.about import AboutSection
from ganzhou_desktop.ui.plan_update_dialog import PlanUpdateDialog, open_plan_update
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.widgets import BusyBar

Make = Callable[[Ledger], Session]
PLAN = read_plan(paths.plan_file("ganzhou-2017.toml"))


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger whose plan data has no registers yet."""
    document = replace(PLAN.document, version="2017.1")
    plan = replace(PLAN, document=document, registers=(), columns=(), rules=())
    ledger, _ = ledgers.new_ledger(tmp_path / "old.gzdb", plan)
    yield ledger
    ledger.close()


def about(qtbot: QtBot, session: Session) -> AboutSection:
    holder = QWidget()
    qtbot.addWidget(holder)
    return AboutSection(session, BusyBar(holder))


def dialog() -> PlanUpdateDialog:
    QApplication.processEvents()
    (found,) = (w for w in QApplication.topLevelWidgets() if isinstance(w, PlanUpdateDialog) and w.isVisible())
    return found


def test_the_empty_page_of_registers_leads_to_having_some(qtbot: QtBot, old: Ledger, make_session: Make) -> None:
    session = make_session(old)
    page = RegistersPage(session)
    qtbot.addWidget(page)
    page.resize(1206, 671)
    page.show()
    page.refresh()
    assert not page.add.isVisible()
    qtbot.mouseClick(page.nothing.button, Qt.MouseButton.LeftButton)
    shown = dialog()
    assert "2017." in shown.source.text()
    assert any(row.kind == "register" and row.how == "new" for row in shown.model.rows)
    assert old.plan().registers == (), "nothing is written before it is wanted"
    qtbot.mouseClick(shown.update_now, Qt.MouseButton.LeftButton)
    assert "依据" in shown.line.text()
    assert old.plan().registers == ()
    qtbot.keyClicks(shown.basis, "2018-07-05")
    qtbot.mouseClick(shown.update_now, Qt.MouseButton.LeftButton)
    assert not shown.isVisible()
    assert old.plan().registers == PLAN.registers
    page.refresh()
    assert page.add.isVisible()
    assert page.list.count() == len(PLAN.registers)


def test_what_is_already_in_force_says_so_and_a_bad_file_is_told(
    qtbot: QtBot, old: Ledger, make_session: Make, tmp_path: Path
) -> None:
    session = make_session(old)
    section = about(qtbot, session)
    qtbot.addWidget(section)
    section.show()
    qtbot.mouseClick(section.update_plan, Qt.MouseButton.LeftButton)
    shown = dialog()
    qtbot.keyClicks(shown.basis, "x")
    qtbot.keyClick(shown.basis, Qt.Key.Key_Return)
    again = open_plan_update(section, session)
    assert not again.update_now.isEnabled()
    assert "不用更新" in again.line.text()
    bad = tmp_path / "bad.toml"
    bad.write_text("[document]\n", "utf-8")
    session.files.answers.append(bad)
    qtbot.mouseClick(again.other, Qt.MouseButton.LeftButton)
    assert "没有采用" in again.line.text()
    assert again.model.rowCount() == 0
    again.reject()


def test_a_unit_has_no_such_button(qtbot: QtBot, unit_ledger: Ledger, make_session: Make) -> None:
    section = about(qtbot, make_session(unit_ledger))
    qtbot.addWidget(section)
    section.show()
    assert not section.update_plan.isVisible()
