from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.periods import bounds, lateness, latest, offered_due, previous
from tests.domain.plans import period


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2018Q1", date(2018, 1, 1), date(2018, 3, 31)),
        ("2018Q4", date(2018, 10, 1), date(2018, 12, 31)),
        ("2018H2", date(2018, 7, 1), date(2018, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
    ],
)
def test_the_name_says_the_days(name: str, first: date, last: date) -> None:
    assert bounds(name) == (first, last)


@pytest.mark.parametrize(
    "name", ["2018Q5", "2018H3", "2018-13", "2018-00", "18Q1", "2018q1", "2018Q1\n", "1899", "3000Q1", ""]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        bounds(name)
    assert caught.value.code == "bad_period"


def test_the_due_day_offered_moves_past_a_weekend() -> None:
    assert offered_due(date(2018, 3, 31), 5) == date(2018, 4, 5)  # a Thursday
    assert offered_due(date(2018, 6, 30), 7) == date(2018, 7, 9)  # 7 July is a Saturday
    assert offered_due(date(2018, 1, 31), 31) == date(2018, 2, 28)  # no 31 February


@given(st.integers(1900, 2900), st.sampled_from(["", "Q1", "Q4", "H1", "-02", "-11"]), st.integers(1, 31))
def test_the_due_day_offered_is_a_working_day_after_the_period(year: int, rest: str, day: int) -> None:
    last = bounds(f"{year}{rest}")[1]
    due = offered_due(last, day)
    assert due > last
    assert due.weekday() < 5


def test_latest_and_previous() -> None:
    q4, q1, h1, q2 = (period(n) for n in ("2017Q4", "2018Q1", "2018H1", "2018Q2"))
    assert latest((q1, q2, q4)) == q2
    assert latest((q1, h1)) == h1
    assert latest(()) is None
    assert previous((q4, q1, h1, q2), q2) == q1
    assert previous((q4, q1, h1, q2), h1) == q4
    assert previous((q1,), q1) is None


def test_lateness_counts_days_after_the_due_day_only() -> None:
    q1 = period("2018Q1")
    on_time = lateness(q1, filed=True, received=date(2018, 4, 5), on=date(2018, 5, 1))
    assert (on_time.late, on_time.days, on_time.missing, on_time.known) == (False, 0, False, True)
    assert lateness(q1, filed=True, received=date(2018, 4, 9), on=date(2018, 5, 1)).days == 4
    missing = lateness(q1, filed=False, received=None, on=date(2018, 4, 10))
    assert (missing.days, missing.missing) == (5, True)
    assert not lateness(q1, filed=False, received=None, on=date(2018, 4, 5)).late
    here = lateness(q1, filed=True, received=None, on=date(2018, 5, 1))
    assert (here.known, here.late) == (False, False)


@given(st.integers(-100, 100))
def test_a_missing_filing_never_gets_less_late(days: int) -> None:
    q1 = period("2018Q1")
    day = q1.due + timedelta(days=days)
    today = lateness(q1, filed=False, received=None, on=day)
    tomorrow = lateness(q1, filed=False, received=None, on=day + timedelta(days=1))
    assert today.days <= tomorrow.days
