"""停滞, 谁完成了多少, 假如: by hand, on small plans and on the plan of 甘州区."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from ganzhou_desktop import paths
from ganzhou_desktop.domain.filings import PROGRESS, Filing
from ganzhou_desktop.domain.gauges import Gauge, build_gauges
from ganzhou_desktop.domain.outlook import (
    can_suppose,
    contributions,
    feeding,
    stalled,
    stalled_for,
    supposed,
)
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.reported import reported_in
from ganzhou_desktop.services.plan_files import read_plan
from tests.domain.plans import DEADLINE, figure, filing, period, plan, target, unit

PERIODS = tuple(period(n) for n in ("2017Q4", "2018Q1", "2018Q2", "2018Q3"))
Q3_END = date(2018, 9, 30)
GANZHOU = read_plan(paths.plan_file("ganzhou-2017.toml"))


def one(kind: str = "cumulative", value: str = "15", baseline: str | None = None) -> Plan:
    figures = [figure("1a", value)]
    if baseline is not None:
        figures.append(figure("1a.baseline", baseline))
    units = (unit("kj", 1), unit("gx", 2))
    return plan(units, {"1": ("kj gx", "")}, (target("1a", "1", kind),), tuple(figures))


def filed(*numbers: str | None) -> dict[tuple[str, str], Filing]:
    """What 科技局 filed for the four quarters; None: nothing."""
    return {
        ("kj", p.name): filing("kj", p.name, {"1": PROGRESS}, {"1a": number})
        for p, number in zip(PERIODS, numbers, strict=False)
        if number is not None
    }


def gauge(made: Plan, *numbers: str | None) -> Gauge:
    (only,) = build_gauges(made, PERIODS, filed(*numbers), Q3_END)
    return only


@pytest.mark.parametrize(
    ("kind", "numbers", "periods"),
    [
        ("cumulative", ("2", "1", "0", "0"), 2),
        ("cumulative", ("2", "0", "0", "0"), 3),
        ("cumulative", ("2", "1", "1", "0"), 0),  # one period is no 停滞
        ("cumulative", ("2", "0", "0", "1"), 0),
        ("cumulative", ("15", "0", "0", "0"), 0),  # what is reached may stay
        ("cumulative", (None, None, None, None), 0),  # missing is not still
        ("stock", ("6", "6", "6", "6"), 3),
        ("stock", ("6", "5", "6", "6"), 0),
        ("level", ("6", "6", "6", "6"), 0),  # published once a year
        ("every_year", ("9", "1", "0", "0"), 2),
        ("every_year", ("9", "9", None, None), 2),
    ],
)
def test_what_has_not_moved(kind: str, numbers: tuple[str | None, ...], periods: int) -> None:
    made = one(kind, baseline="4" if kind in ("stock", "level") else None)
    assert stalled_for(gauge(made, *numbers)) == periods


def test_a_year_begins_anew() -> None:
    # The last quarter of 2017 and the first of 2018 may say the same without being one stretch.
    got = gauge(one("every_year", "9"), "1", "1", "0", None)
    assert [p.actual for p in got.trend] == [1, 1, 1, 1]
    assert stalled_for(got) == 2


def test_stalled_of_some_targets_is_what_their_gauges_say() -> None:
    both = replace(
        one(), targets=(target("1a", "1"), target("1b", "1")), figures=(figure("1a", "15"), figure("1b", "15"))
    )
    filings = {
        ("kj", p.name): filing("kj", p.name, {"1": PROGRESS}, {"1a": "1", "1b": "0" if n else "1"})
        for n, p in enumerate(PERIODS)
    }
    every = {g.id: stalled_for(g) for g in build_gauges(both, PERIODS, filings, Q3_END)}
    assert every == {"1a": 0, "1b": 3}
    assert stalled(both, PERIODS, reported_in(filings), Q3_END, ["1a", "1b"]) == {"1b": 3}
    assert stalled(both, PERIODS, reported_in(filings), Q3_END, ["1a"]) == {}


def test_contributions_add_up_to_the_number() -> None:
    filings = filed("2", "1") | {("gx", "2018Q2"): filing("gx", "2018Q2", {"1": PROGRESS}, {"1a": "5"})}
    (got,) = build_gauges(one(), PERIODS, filings, Q3_END)
    found = contributions(got, ())
    assert [(c.unit, c.amount, c.count, c.share) for c in found] == [
        ("gx", 5, 1, Decimal("62.5")),
        ("kj", 3, 2, Decimal("37.5")),
    ]
    assert found[1].periods == (("2017Q4", 2), ("2018Q1", 1))
    assert sum(c.amount for c in found) == got.actual


def test_what_one_filing_says_has_no_parts() -> None:
    assert contributions(gauge(one("stock", baseline="4"), "6", "7"), ()) == ()


def test_sub_targets_that_feed_a_headline() -> None:
    by_id = GANZHOU.target_by_id
    fed = {t: [s.id for s in feeding(GANZHOU, by_id[t])] for t in ("T1", "T5", "T6", "T7", "T8", "2a")}
    # T1 and T8 are counted by a register, but no sub-target counts the same entries.
    assert fed == {"T1": [], "T5": ["6g"], "T6": ["6f"], "T7": ["2a", "2b"], "T8": [], "2a": []}


def test_supposed_by_hand() -> None:
    got = gauge(one(), "2", "1")
    assert can_suppose(got)
    # 823 days from 30 September 2018 to 31 December 2020: 9.02 quarters of 91.25 days.
    assert supposed(got, Q3_END, DEADLINE) == 3
    assert supposed(got, Q3_END, DEADLINE, quarterly=1) == 12
    assert supposed(got, Q3_END, DEADLINE, quarterly=2, once=4) == 3 + 18 + 4
    assert supposed(got, Q3_END, DEADLINE, quarterly=1, whole=False) == Decimal("12.02")
    assert supposed(got, date(2021, 5, 1), DEADLINE, quarterly=3) == 3


def test_not_every_kind_can_be_supposed() -> None:
    assert not can_suppose(gauge(one(), None))
    assert not can_suppose(gauge(one("level", baseline="4"), "5"))


def test_a_headline_that_asks_more_is_not_fed() -> None:
    by_id = GANZHOU.target_by_id

    def fed(*where: str) -> list[str]:
        rules = tuple(replace(r, where=where) if r.target == "T7" else r for r in GANZHOU.rules)
        return [t.id for t in feeding(replace(GANZHOU, rules=rules), by_id["T7"])]

    assert fed("level=国家级") == []  # 2a and 2b take 省级 as well
    assert fed("level=国家级|省级") == ["2a", "2b"]
    of_2b = next(r for r in GANZHOU.rules if r.target == "2b").where
    assert fed(*of_2b) == ["2b"]


def test_parts_that_do_not_make_the_number_are_not_told() -> None:
    # What counts by groups (so many patents make one enterprise) has entries that do not add up to it.
    assert contributions(replace(gauge(one(), "2", "1"), actual=Decimal(2)), ()) == ()
    assert contributions(gauge(one(), "0", "0"), ()) == ()
