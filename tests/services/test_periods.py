"""期次: opening, moving, closing, reopening."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.services import periods, reviewing
from tests.services.made import Q1, Made, file, made_in


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    with made_in(tmp_path) as found:
        yield found


def test_due_day_is_offered_moved_and_kept(made: Made) -> None:
    office = made.office()
    assert periods.period_named(office, None).due == date(2018, 4, 5)
    assert periods.open_period(office, Q1, date(2018, 4, 9)).due == date(2018, 4, 9)
    with pytest.raises(RuleBroken, match="already_open"):
        periods.open_period(office, Q1)
    with pytest.raises(RuleBroken, match="bad_due"):
        periods.open_period(office, "2018Q2", date(2018, 3, 31))
    periods.close_period(office, Q1)
    assert periods.open_period(office, Q1).due == date(2018, 4, 9)


def test_the_latest_period_is_the_one_that_begins_last(made: Made) -> None:
    office = made.office()
    for name in ("2017", "2018-02", "2018H1"):
        periods.open_period(office, name)
    assert [p.name for p in periods.list_periods(office)] == ["2017", "2018Q1", "2018H1", "2018-02"]
    assert periods.period_named(office, None).name == "2018-02"
    with pytest.raises(RuleBroken, match="unknown_period"):
        periods.period_named(office, "2018Q2")


def test_closing_names_the_filings_taken_and_later_ones_are_after_the_period(made: Made) -> None:
    office = made.office()
    kjj = made.unit(office, "kjj")
    first = file(kjj, "kjj", "4", "第一稿")
    made.send(kjj, office)
    closed = periods.close_period(office, Q1)
    assert closed.closed
    rows = {r.scope: r.values()["filings"] for r in office.journal.records(["closing"], key=Q1)}
    assert rows["kjj"] == [first]
    assert rows["czj"] == []
    assert len(rows) == 17

    def taken(unit: str) -> bool:
        return next(
            s.taken for s in reviewing.statuses(office, periods.period_named(office, Q1), closed.due) if s.unit == unit
        )

    assert taken("kjj")
    file(kjj, "kjj", "4", "第二稿")
    made.send(kjj, office)
    file(office, "czj", "2", "期后录的")
    assert not taken("kjj")
    assert not taken("czj")
    with pytest.raises(RuleBroken, match="already_closed"):
        periods.close_period(office, Q1)
    periods.open_period(office, Q1)
    assert taken("kjj")
    periods.close_period(office, Q1)
    assert taken("kjj")
    assert taken("czj")


def test_units_that_had_ended_are_not_asked(made: Made) -> None:
    office = made.office()
    plan = office.plan()
    later = periods.open_period(office, "2018Q4")
    gone = {u.id for u in plan.responsible_units} - {u.id for u in periods.asked_units(plan, later)}
    assert gone == {"dsj", "jkqdsj"}
    assert len(periods.asked_units(plan, periods.period_named(office, Q1))) == 17
    assert gone.isdisjoint(s.unit for s in reviewing.statuses(office, later, later.due))
    periods.close_period(office, "2018Q4")
    assert gone.isdisjoint(r.scope for r in office.journal.records(["closing"], key="2018Q4"))


def test_only_the_office_opens_and_closes(made: Made) -> None:
    kjj = made.unit(made.office(), "kjj")
    for act in (periods.open_period, periods.close_period):
        with pytest.raises(RuleBroken, match="office_only"):
            act(kjj, Q1)
