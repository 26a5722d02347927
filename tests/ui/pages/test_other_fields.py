"""Through the dialogs: editing one box decides no case of another box, and makes none there."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganzhou_desktop.services import applications, contacts, registers
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.registers import Edit
from ganzhou_desktop.ui.pages.applications_page import ApplicationsPage
from ganzhou_desktop.ui.pages.filing import FilingPage
from ganzhou_desktop.ui.pages.registers_page import RegistersPage
from ganzhou_desktop.ui.session import Session
from tests.services.test_other_fields import Record, stays_open_and_alone

Make = Callable[[Ledger], Session]
LEFT = Qt.MouseButton.LeftButton
PLATFORM = {"name": "示例众创空间", "type": "众创空间", "level": "省级", "recognised": "2018-03-01"}


@pytest.fixture
def ledger(unit_ledger: Ledger) -> Ledger:
    """区工信局's ledger with one entry, one application and its contacts."""
    for application in applications.read_applications(unit_ledger):
        applications.delete_application(unit_ledger, application)
    held = registers.read_entries(unit_ledger, "platforms", "gxj")
    if held:
        registers.delete_entries(unit_ledger, "platforms", held)
    registers.save_entries(unit_ledger, "platforms", "gxj", [Edit(PLATFORM)])
    texts = {"beneficiary": "示例企业", "title": "原名", "programme": "原计划"}
    applications.save_application(unit_ledger, "gxj", texts=texts, year=2018)
    contacts.save_contacts(unit_ledger, {"gxj": {"head": "原", "clerk": "原", "phone": "0936-0"}})
    return unit_ledger


def test_the_form_of_an_entry_writes_what_was_typed(qtbot: QtBot, ledger: Ledger, make_session: Make) -> None:
    page = RegistersPage(make_session(ledger))
    qtbot.addWidget(page)
    page.show()
    page.show_argument({"register": "platforms"})
    (key,) = (e.key for e in registers.read_entries(ledger, "platforms", "gxj"))

    def edit() -> None:
        page.refresh()
        form = page.open_form(registers.read_entries(ledger, "platforms", "gxj")[0])
        assert form is not None
        form.set_text("name", "示例改了名")
        qtbot.mouseClick(form.save, LEFT)

    stays_open_and_alone(
        Record(ledger, "gxj", "entry", key),
        {"level": ("市级", "国家级")},
        edit,
        {"type": "科技企业孵化器", "recognised": "2018-04-01"},
    )


def test_the_form_of_an_application_writes_what_was_typed(qtbot: QtBot, ledger: Ledger, make_session: Make) -> None:
    page = ApplicationsPage(make_session(ledger))
    qtbot.addWidget(page)
    page.show()
    (key,) = (a.key for a in applications.read_applications(ledger))

    def edit() -> None:
        page.refresh()
        form = page.open_form(page.model.row(0))
        assert form is not None
        form.title_field.setText("新名")
        qtbot.mouseClick(form.save, LEFT)

    stays_open_and_alone(
        Record(ledger, "gxj", "application", key),
        {"note": ("甲", "乙")},
        edit,
        {"programme": "另一计划", "year": 2019},
    )


def test_the_contacts_below_a_form_are_written_one_by_one(qtbot: QtBot, ledger: Ledger, make_session: Make) -> None:
    """Of four boxes one is typed into; what came into another while they stood open stays, too."""
    page = FilingPage(make_session(ledger))
    qtbot.addWidget(page)
    page.resize(1206, 671)
    page.show()
    line = page.bar.contacts

    def edit() -> None:
        page.refresh()
        qtbot.mouseClick(line.edit, LEFT)
        contacts.save_contacts(ledger, {"gxj": {"clerk": "刚合入的"}})
        page.refresh()
        line.boxes["phone"].setText("0936-1")
        qtbot.mouseClick(line.keep, LEFT)
        now = contacts.contacts_of(ledger, "gxj")
        assert (now["clerk"], now["phone"]) == ("刚合入的", "0936-1")

    stays_open_and_alone(
        Record(ledger, "gxj", "profile", "profile"), {"head": ("甲", "乙")}, edit, {"reviewer": "别处填的"}
    )
