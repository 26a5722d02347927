"""※ stands behind every number on which two do not agree: on every page, every paper, in what is read aloud, until it is decided."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ganzhou_desktop.domain import forms, states
from ganzhou_desktop.domain.gauges import Gauge
from ganzhou_desktop.services import conflicts, filed_views, filing_desk, leader, periods, views
from ganzhou_desktop.services.exchange_desk import MatterAnswer
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.overview import worst_first
from ganzhou_desktop.store.journal import Change
from ganzhou_desktop.ui import answers, gauge_looks
from ganzhou_desktop.ui.gauge_widgets import Bullet, Dial
from ganzhou_desktop.ui.pages.figures_page.rows import confirmed_text
from ganzhou_desktop.ui.pages.overview_page import OverviewPage
from ganzhou_desktop.ui.pages.overview_page.gauges_card import DialBoard, GaugeTable
from ganzhou_desktop.ui.pages.target_page import TargetPage
from ganzhou_desktop.ui.pages.target_page.page import BY_UNIT, SUPPOSE
from ganzhou_desktop.ui.printing import papers
from ganzhou_desktop.ui.printing.leader_print import leader_document
from ganzhou_desktop.ui.session import Session

MARK = states.PROVISIONAL
PERIOD = "2018Q3"


def _twice(ledger: Ledger, unit: str, kind: str, key: str, field: str, values: tuple[Any, Any]) -> None:
    """Two writes of a field that did not see each other."""
    (row,) = ledger.journal.records([kind], scope=unit, key=key)
    for value in values:
        ledger.act("改", {unit: [Change(kind, key, {field: value}, parents=row.heads)]})


@pytest.fixture
def split(demo_ledger: Ledger) -> tuple[Ledger, Gauge]:
    """The demo with all its own cases decided, and one headline number that two PCs wrote differently."""
    while cases := conflicts.list_conflicts(demo_ledger):
        conflicts.resolve(demo_ledger, cases[0].id, take="A")
    target = demo_ledger.plan().target_by_id["T2"]
    # What a register counts two PCs cannot write differently as a number: here it is a number again.
    rules = [r.id for r in demo_ledger.plan().rules if r.target == target.id]
    demo_ledger.act("改", {"all": [Change("rule", r, {"deleted": True}) for r in rules]})
    _twice(demo_ledger, target.reporting_unit, "submission", PERIOD, forms.field_name(target.id), ("1", "2"))
    (gauge,) = [g for g in views.read_gauges(demo_ledger) if g.id == target.id]
    assert gauge.provisional
    return demo_ledger, gauge


def _said(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_the_words_of_a_gauge(split: tuple[Ledger, Gauge]) -> None:
    _, gauge = split
    number = gauge_looks.actual_text(gauge)
    assert number.endswith(MARK)
    assert gauge_looks.actual_with_unit(gauge).endswith(f"{gauge.unit}{MARK}")
    look = gauge_looks.gauge_look(gauge)
    assert look.words.startswith(f"实际 {number[:-1]} {gauge.unit}{MARK}")


def test_dials_and_bullets_paint_it(split: tuple[Ledger, Gauge], qtbot: QtBot) -> None:
    """The very picture is another: the number alone would look decided."""
    _, gauge = split
    look = gauge_looks.gauge_look(gauge)
    for widget in (Dial(look), Bullet(look, captions=True)):
        qtbot.addWidget(widget)
        widget.resize(260, 160)
        marked = widget.grab().toImage()
        widget.set_look(replace(look, provisional=False))
        assert widget.grab().toImage() != marked


def test_the_overview_and_the_target_page(
    split: tuple[Ledger, Gauge], qtbot: QtBot, make_session: Callable[[Ledger], Session]
) -> None:
    ledger, gauge = split
    session = make_session(ledger)
    overview = OverviewPage(session)
    target = TargetPage(session)
    for page in (overview, target):
        qtbot.addWidget(page)
        page.resize(1206, 671)
        page.show()
    overview.refresh()
    number, shown = gauge_looks.actual_text(gauge), gauge_looks.actual_with_unit(gauge)
    table = overview.findChild(GaugeTable)
    board = overview.findChild(DialBoard)
    assert table is not None
    assert board is not None
    model = table.model()
    row = next(r for r in range(model.rowCount()) if any(number in str(model.index(r, c).data()) for c in range(6)))
    assert shown in " ".join(str(model.index(row, c).data()) for c in range(model.columnCount()))
    board.set_gauges([gauge], {})
    assert shown in board.dials[gauge.id].accessibleName()
    target.show_argument(gauge.id)
    target.refresh()
    for widget in (*target.findChildren(Dial), *target.findChildren(Bullet)):
        assert shown in widget.accessibleName()
    for choice in (BY_UNIT, SUPPOSE):
        target.which.button(choice).click()
        assert shown in _said(target)


def test_the_leaders_page_and_its_paper(split: tuple[Ledger, Gauge]) -> None:
    ledger, gauge = split
    overview = views.read_overview(ledger, PERIOD, date(2018, 10, 9))
    assert overview.matrix is not None
    late = replace(gauge, state=states.OVERDUE)
    (urgent,) = worst_first(ledger.plan(), (late,), replace(overview.matrix, cells=()))
    assert f"{gauge.unit}{MARK}" in urgent.text
    page = leader.read_leader_page(ledger, PERIOD, date(2018, 10, 9))
    item = leader.LeaderItem(urgent.state, urgent.text, "区科技局", False, "", "", urgent)
    for items, wanted in (((item,), True), ((replace(item, text="别的"),), False)):
        text = leader_document(replace(page, items=items), printed_at="2018-10-09T00:00:00Z").text
        assert ("裁定以前先按其中一个算" in text) == wanted


def test_the_form_and_the_review(split: tuple[Ledger, Gauge]) -> None:
    ledger, gauge = split
    printed = papers.filing_paper(ledger, gauge.reporting_unit, PERIOD).text
    number = "".join(printed.split(f"[{gauge.id}]")[1].splitlines()[:2])
    assert MARK in number, number
    assert "裁定以前先按其中一个印" in printed
    period = next(p for p in periods.list_periods(ledger) if p.name == PERIOD)
    review = filed_views.read_unit_review(ledger, gauge.reporting_unit, PERIOD)
    numbers = [n for m in review.matters for n in m.numbers if n.target.id == gauge.id]
    assert [(n.provisional, n.gauge.provisional, n.before_provisional) for n in numbers] == [(True, True, False)]
    periods.open_period(ledger, "2018Q4")
    desk = filing_desk.read_desk(ledger, gauge.reporting_unit, "2018Q4", period.last)
    assert desk.sums[gauge.id].provisional
    later = filed_views.read_unit_review(ledger, gauge.reporting_unit, "2018Q4")
    assert [n.before_provisional for m in later.matters for n in m.numbers if n.target.id == gauge.id] == [True]


def test_confirmed_figures(demo_ledger: Ledger) -> None:
    """Two seats confirmed different values."""
    plan = demo_ledger.plan()
    figure = plan.figures[0]
    _twice(demo_ledger, "all", "figure", figure.id, "confirmed", ("7", "9"))
    plan = demo_ledger.plan()
    assert plan.contested == {figure.id}
    text = papers.figures_paper(demo_ledger).text
    assert text.count(MARK) == 2, "the value and the note"
    assert "裁定以前先按其中一个算" in text
    assert confirmed_text(figure, True).endswith(MARK)
    for unit in plan.responsible_units:
        mine = [t.id for t in plan.targets if t.reporting_unit == unit.id]
        rows = answers.answer_rows(plan, unit.id, [MatterAnswer(t, "submitted", "") for t in ("T",)])
        assert any(MARK in str(r) for r in rows) == (figure.id in mine), unit.id
    target = plan.target_by_id.get(figure.id)
    if target is not None and target.numeric:
        assert next(g for g in views.read_gauges(demo_ledger) if g.id == figure.id).provisional
