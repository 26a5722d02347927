"""Each page reads what it shows in a fixed number of statements; views say the same as what they are made of."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.services import (
    conflicts,
    contacts,
    demo,
    figures,
    filing,
    ledgers,
    periods,
    reviewing,
    targets,
    undoing,
    views,
)
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.store.journal import Change
from tests.services.made import made_in
from tests.statements import recorded


@pytest.fixture(scope="module")
def demos(demo_of: Callable[[int], Path]) -> Iterator[tuple[Ledger, Ledger]]:
    """A small and a large ledger: 1 and 8 quarters."""
    both = tuple(ledgers.open_ledger(demo_of(quarters), writer=False) for quarters in (1, 8))
    yield both[0], both[1]
    for ledger in both:
        ledger.close()


def _last(ledger: Ledger) -> Period:
    return periods.period_named(ledger, None)


PAGES: dict[str, tuple[Callable[[Ledger, Period], Any], int]] = {
    "matrix": (lambda ledger, period: views.read_matrix(ledger, period.name), 7),
    "gauges": (lambda ledger, period: views.read_gauges(ledger, period.last), 4),
    "overview": (lambda ledger, period: views.read_overview(ledger, period.name, period.due), 10),
    "form": (lambda ledger, period: filing.form_state(ledger, "kjj", period.name), 4),
    "statuses": (lambda ledger, period: reviewing.statuses(ledger, period, period.due), 4),
    "periods": (lambda ledger, _: periods.list_periods(ledger), 1),
    "figures": (lambda ledger, _: figures.list_figures(ledger), 0),
    "conflicts": (lambda ledger, _: conflicts.list_conflicts(ledger), 2),
    "contacts": (lambda ledger, _: contacts.all_contacts(ledger), 1),
}
"""Page → how it is read, and how many statements that takes (one reads all register entries).

The plan itself is one more, and so are the office's keys, once a generation.
"""


@pytest.mark.parametrize("page", PAGES)
def test_statements_of_a_page_are_a_fixed_number(demos: tuple[Ledger, Ledger], page: str) -> None:
    read, wanted = PAGES[page]
    counts = []
    for built in demos:
        ledger = ledgers.open_ledger(built.path, writer=False)
        try:
            period = _last(ledger)
            ledger.plan()
            ledger.seats()
            with recorded(ledger) as statements:
                read(ledger, period)
        finally:
            ledger.close()
        counts.append(len(statements))
    assert counts == [wanted, wanted]


def test_the_plan_is_read_once_until_something_is_written(demos: tuple[Ledger, Ledger]) -> None:
    again = ledgers.open_ledger(demos[0].path, writer=False)
    try:
        with recorded(again) as statements:
            again.plan()
            again.plan()
    finally:
        again.close()
    assert len(statements) == 1


def test_the_overview_agrees_with_the_pages_behind_it(demos: tuple[Ledger, Ledger]) -> None:
    for ledger in demos:
        period = _last(ledger)
        overview = views.read_overview(ledger, None, period.due)
        assert overview.period == period
        brief = tuple(replace(g, sources=(), trend=()) for g in views.read_gauges(ledger, period.last))
        assert overview.gauges == brief
        assert overview.matrix == views.read_matrix(ledger)
        assert overview.statuses == reviewing.statuses(ledger, period, period.due)
        assert overview.conflicts == conflicts.list_conflicts(ledger)
        assert (overview.figures_all, overview.figures_pending) == (42, 36)


def test_what_was_judged_is_kept_until_something_is_written(tmp_path: Path) -> None:
    """Also when the write came from elsewhere in the program, or was undone."""
    with made_in(tmp_path) as made:
        office = made.office()
        kjj = made.unit(office, "kjj")

        def states() -> dict[str, str]:
            return {c.task: c.state for c in views.read_matrix(office).cells if c.unit == "kjj"}

        assert set(states().values()) == {"not_filed"}
        with recorded(office) as statements:
            views.read_matrix(office)
        assert not any("json_group_object" in s for s in statements)
        form = filing.form_state(kjj, "kjj", "2018Q1").form
        matters = tuple(replace(m, answer=Answer("progress", "有进展")) for m in form.matters)
        filing.submit(kjj, replace(form, matters=matters))
        made.send(kjj, office)
        assert set(states().values()) == {"ok"}
        undoing.undo(office)
        assert set(states().values()) == {"not_filed"}
        made.send(kjj, office)
        assert set(states().values()) == {"ok"}
        reviewing.review(office, "kjj", "2018Q1", accept=False, reason="请补佐证")
        assert set(states().values()) == {"ok"}
        assert all(c.returned for c in views.read_matrix(office).cells if c.unit == "kjj")
        with recorded(office) as statements:
            views.read_matrix(office)
        assert not any("json_group_object" in s for s in statements)  # the office's answer moves no number


def test_a_target_page_shows_what_former_units_filed_too(tmp_path: Path) -> None:
    """Numbers from an earlier assignment, standing or withdrawn: the page reads the filings of some units alone."""
    with made_in(tmp_path) as made:
        office = made.office()
        for name in ("2018Q2", "2018Q3"):
            periods.open_period(office, name)
        for name in ("2018Q1", "2018Q2"):
            form = filing.form_state(office, "kjj", name).form
            filled = [replace(m, measurements=dict.fromkeys(m.measurements, Decimal(2))) for m in form.matters]
            filing.submit(office, replace(form, matters=tuple(filled)), source="纸质盖章表")
        office.act("撤回", {"kjj": [Change("submission", "2018Q2", {"filed": None})]})
        target = next(t for t in office.plan().targets if t.numeric and t.reporting_unit == "kjj")
        office.act("改由别家填报", {"all": [Change("target", target.id, {"reporting_unit": "gxj"})]})
        view = targets.read_target(office, target.id, "2018Q3")
        (whole,) = [g for g in views.read_gauges(office, view.period.last) if g.id == target.id]
        assert view.gauge == whole
        assert [(r.period, r.unit, r.counted) for r in view.rows if r.unit == "kjj"] == [
            ("2018Q2", "kjj", False),
            ("2018Q1", "kjj", True),
        ]


def test_a_late_filing_of_an_earlier_period_moves_the_numbers_that_were_kept(tmp_path: Path) -> None:
    with made_in(tmp_path) as made:
        office = made.office()
        q2 = periods.open_period(office, "2018Q2")

        def kept() -> dict[str, Decimal | None]:
            overview = views.read_overview(office, "2018Q2", q2.due)
            return {g.id: g.actual for g in overview.gauges}

        empty = kept()
        for value in (1, 2):  # a new filing, then the same one changed
            form = filing.form_state(office, "kjj", "2018Q1").form
            filled = [replace(m, measurements=dict.fromkeys(m.measurements, Decimal(value))) for m in form.matters]
            filing.submit(office, replace(form, matters=tuple(filled)), source="纸质盖章表")
            assert kept() == {g.id: g.actual for g in views.read_gauges(office, q2.last)}
            assert kept() != empty
            empty = kept()


def test_before_any_period_there_is_an_overview_but_no_matrix(tmp_path: Path) -> None:
    with made_in(tmp_path) as made:
        office = made.office()
        fresh, _ = ledgers.new_ledger(tmp_path / "fresh.gzdb", office.plan())
        made.open.append(fresh)
        overview = views.read_overview(fresh, None, periods.bounds("2018Q1")[1])
        assert (overview.period, overview.gauges, overview.matrix) == (None, (), None)
        for read in (views.read_matrix, views.read_gauges):
            with pytest.raises(RuleBroken, match="no_period"):
                read(fresh)


def test_a_units_ledger_says_what_it_does_not_hold(tmp_path: Path) -> None:
    with made_in(tmp_path) as made:
        kjj = made.unit(made.office(), "kjj")
        matrix = views.read_matrix(kjj)
        assert matrix.partial
        words = {(c.unit == "kjj", c.word) for c in matrix.cells}
        assert words == {(True, "未填报"), (False, "不在本副本")}
        assert {g.state for g in views.read_gauges(kjj) if g.reporting_unit != "kjj"} == {"not_held"}
        assert [s.unit for s in views.read_overview(kjj, None, periods.bounds("2018Q1")[1]).statuses] == ["kjj"]


def test_one_case_of_two_values_marks_just_its_cell(demos: tuple[Ledger, Ledger]) -> None:
    for ledger in demos:
        assert {(c.task, c.unit) for c in views.read_matrix(ledger).cells if c.provisional} == {
            ("2", "jkq"),
            ("8", "scb"),
        }


def test_the_plan_is_read_again_only_after_it_may_have_moved(tmp_path: Path) -> None:
    """Filing leaves the plan as read; confirming a figure, and undoing it, does not."""
    ledger = demo.build(tmp_path / "demo.gzdb", 1)
    before = ledger.plan()
    contacts.save_contacts(ledger, {"kjj": {"clerk": "甲某九"}})
    assert ledger.plan() is before
    figures.confirm(ledger, "T4", "2", "纸质原件第 2 页")
    assert ledger.plan().figure_by_id["T4"].confirmed == 2
    undoing.undo(ledger)
    assert ledger.plan().figure_by_id["T4"].confirmed is None
    ledger.close()
