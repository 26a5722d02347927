"""裁定两处不一致, side by side: what both began from, each value, who wrote it, on which PC, when, and what was taken back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ganzhou_desktop.services import conflicts, filing, registers, undoing
from ganzhou_desktop.services.exchange_desk import read_cases
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui.pages.exchange.conflict_cards import ValueCard
from ganzhou_desktop.ui.pages.exchange.conflicts_dialog import ConflictsDialog
from ganzhou_desktop.ui.session import Session
from tests.ui.pages.differing import PERIOD, UNIT, Pcs, file, pcs_in

Open = Callable[[Ledger, str], ConflictsDialog]


@pytest.fixture
def pcs(tmp_path: Path) -> Iterator[Pcs]:
    with pcs_in(tmp_path) as made:
        yield made


@pytest.fixture
def open_at(qtbot: QtBot, make_session: Callable[[Ledger], Session]) -> Open:
    """Opens the dialog at the case of a field."""

    def open_(ledger: Ledger, field: str) -> ConflictsDialog:
        page = QWidget()
        qtbot.addWidget(page)
        page.resize(1206, 671)
        page.show()
        cases = read_cases(ledger)
        dialog = ConflictsDialog(make_session(ledger), page, cases)
        dialog.open()
        dialog.list.setCurrentRow([case.field for case in cases.conflicts].index(field))
        qtbot.waitUntil(lambda: all(card.isVisible() for card in dialog.cards))
        return dialog

    return open_


def base_card(dialog: ConflictsDialog) -> ValueCard:
    """The card beside those one can take."""
    (card,) = [c for c in dialog.findChildren(ValueCard) if c not in dialog.cards and not c.isHidden()]
    return card


def shown(dialog: ConflictsDialog) -> list[tuple[str, str]]:
    """(heading, value) of the cards one can take, as they stand."""
    assert all(card.isVisible() and card.who.isVisible() for card in dialog.cards)
    return [(card.radio.text(), card.text.text) for card in dialog.cards]


def test_base_both_values_who_on_which_pc_and_when(pcs: Pcs, open_at: Open) -> None:
    with pcs.pc("底机", 5) as base:
        file(base, {"T1": "4", "T3": "50"})
    codes = {}
    with pcs.pc("一号机", 10) as one, pcs.pc("二号机", 20) as two:
        for name, ledger, number in (("一号机", one, "5"), ("二号机", two, "6")):
            with pcs.at(name):
                file(ledger, {"T1": number, "T3": "50"})
                codes[name] = ledger.code()
    dialog = open_at(pcs.office, "t1")
    first = base_card(dialog)
    assert first.isVisible()
    assert (first.heading.text(), first.text.text) == ("原来的值", "4 项")
    assert first.who.text().startswith("两边改之前")
    assert shown(dialog) == [("甲（现在显示 ※）", "6 项"), ("乙", "5 项")]
    assert [card.who.text() for card in dialog.cards] == [
        f"2018年4月2日 09:20 · 填报员二号机\n核对码 {codes['二号机']}",
        f"2018年4月2日 09:10 · 填报员一号机\n核对码 {codes['一号机']}",
    ]
    assert dialog.list.item(dialog.list.currentRow()).text().endswith("6 项 / 5 项")


def test_without_a_base_it_says_so(pcs: Pcs, open_at: Open) -> None:
    with pcs.pc("一号机", 10) as one, pcs.pc("二号机", 20) as two:
        for name, ledger, number in (("一号机", one, "5"), ("二号机", two, "6")):
            with pcs.at(name):
                file(ledger, {"T1": number})
    first = base_card(open_at(pcs.office, "t1"))
    assert (first.text.text, first.who.text().split("\n")[0]) == ("—", "两边写之前还没有值")


def test_withdrawn_is_told_from_cleared(pcs: Pcs, open_at: Open) -> None:
    """One PC withdrew its whole submission, another cleared a number by typing; both are empty, not for one reason."""
    with pcs.pc("一号机", 10) as one, pcs.pc("二号机", 20) as two, pcs.pc("三号机", 30) as three:
        with pcs.at("一号机"):
            file(one, {"T1": "1", "T2": "2"})
        with pcs.at("二号机"):
            file(two, {"T2": "3"})
            file(two, {"T2": None})
        with pcs.at("三号机"):
            file(three, {"T1": "9"})
            filing.withdraw(three, UNIT, PERIOD)
    dialog = open_at(pcs.office, "t1")
    assert shown(dialog) == [
        ("甲（已撤销，现在显示 ※）", "甲已撤销：那台电脑把自己写的收回了。"),
        ("乙", "1 项"),
    ]
    assert "填报员三号机" in dialog.cards[0].who.text()
    assert dialog.list.item(dialog.list.currentRow()).text().endswith("已撤销 / 1 项")
    dialog = open_at(pcs.office, "t2")
    assert shown(dialog) == [("甲（现在显示 ※）", "没有填"), ("乙", "2 项")]
    assert "填报员二号机" in dialog.cards[0].who.text()
    found = {c.field: [v.withdrawn for v in c.values] for c in conflicts.list_conflicts(pcs.office)}
    assert (found["filed"][0], found["t1"], found["t2"]) == (True, [True, False], [False, False])


def test_a_value_cleared_where_there_was_one(pcs: Pcs, open_at: Open) -> None:
    with pcs.pc("底机", 5) as base:
        file(base, {"T1": "4"})
    with pcs.pc("一号机", 10) as one, pcs.pc("二号机", 20) as two:
        with pcs.at("一号机"):
            file(one, {"T1": "5"})
        with pcs.at("二号机"):
            file(two, {"T1": None})
    assert shown(open_at(pcs.office, "t1")) == [("甲（现在显示 ※）", "清空了"), ("乙", "5 项")]


def test_what_was_undone_back_to_what_stood_before(pcs: Pcs, open_at: Open) -> None:
    """An undone edit of an entry has its earlier value again: no empty one, and taken back all the same."""
    (key,) = registers.save_entries(
        pcs.office, "partners", UNIT, [registers.Edit({"name": "共建分园", "place": "东区"})]
    )
    with pcs.pc("一号机", 10) as one, pcs.pc("二号机", 20) as two:
        for name, ledger, place in (("一号机", one, "西区"), ("二号机", two, "南区")):
            with pcs.at(name):
                held = registers.read_entry(ledger, "partners", UNIT, key)
                assert held is not None
                registers.save_entries(ledger, "partners", UNIT, [registers.Edit({"place": place}, key, held.heads)])
        with pcs.at("二号机"):
            undoing.undo(two)
    dialog = open_at(pcs.office, "place")
    assert base_card(dialog).text.text == "东区"
    assert shown(dialog) == [
        ("甲（已撤销，现在显示 ※）", "甲已撤销：那台电脑把自己写的收回了，回到：\n东区"),
        ("乙", "西区"),
    ]


def test_of_equal_values_the_typed_one_stands_for_both(pcs: Pcs, open_at: Open) -> None:
    """Two PCs are empty, one by typing: what stands is not said to be withdrawn."""
    with pcs.pc("底机", 5) as base:
        file(base, {"T1": None})
    with pcs.pc("一号机", 10) as one, pcs.pc("二号机", 20) as two, pcs.pc("三号机", 30) as three:
        with pcs.at("一号机"):
            file(one, {"T1": "1"})
        with pcs.at("二号机"):
            file(two, {"T1": "2"})
            file(two, {"T1": None})
        with pcs.at("三号机"):
            file(three, {"T1": "9"})
            filing.withdraw(three, UNIT, PERIOD)
    dialog = open_at(pcs.office, "t1")
    assert shown(dialog) == [("甲（现在显示 ※）", "没有填"), ("乙", "1 项")]
    case = next(c for c in conflicts.list_conflicts(pcs.office) if c.field == "t1")
    assert len(case.values[0].sites) == 2
