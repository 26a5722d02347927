"""Targets counted from entries: each way by hand, and any way against a recount that looks at every entry every day."""

import time
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganzhou_desktop.domain.counting import DOUBLE, make_tally
from ganzhou_desktop.domain.plan import Figure, Plan, Rule
from ganzhou_desktop.domain.registers import Entry
from tests.domain.kept import column, entry, register, rule
from tests.domain.plans import figure, plan, target, unit

END = date(2020, 12, 31)
COLUMNS = (
    column("name", order=1),
    column("on", "date", order=2),
    column("gone", "date", order=3),
    column("lapse", "date", order=4),
    column("kind", "choice", order=5, choices=("甲", "乙")),
    column("firm", order=6),
    column("size", "decimal", order=7),
    column("all", "integer", order=8),
)
REGISTER = register(unique=("name",), starts="on", ends="gone")


def made(one: Rule, kind: str = "cumulative", figures: tuple[Figure, ...] = (), *more: Rule) -> Plan:
    """A plan of two units (b before a in 建制序) with one target counted by the rules."""
    return plan(
        (unit("b", 1), unit("a", 2)),
        {"1": ("a b", "")},
        (target(one.target, "1", kind, "a", **({"first_year": 2018} if kind == "every_year" else {})),),
        figures,
        registers=(REGISTER,),
        columns=COLUMNS,
        rules=(one, *more),
    )


def value(which: Plan, entries: Iterable[Entry], on: str) -> Decimal | None:
    return make_tally(which, entries).value(which.targets[0], date.fromisoformat(on))


def why(which: Plan, entries: Iterable[Entry], on: str) -> dict[str, str]:
    """Entry key → why it counts or does not."""
    members = make_tally(which, entries).members(which.targets[0], date.fromisoformat(on))
    return {m.entry.key: m.why for m in members}


# -- one way after the other --------------------------------------------------------------------------------------


def test_new_things_since_the_plan() -> None:
    which = made(rule("1a", "new"))
    entries = [
        entry("a", "1", {"name": "甲", "on": "2017-09-27"}),
        entry("a", "2", {"name": "乙", "on": "2017-09-28"}),
        entry("a", "3", {"name": "丙", "on": "2018-03-31", "gone": "2018-04-01"}),
        entry("a", "4", {"name": "丁", "on": "2021-01-01"}),
        entry("a", "5", {"name": "戊"}),
    ]
    assert [value(which, entries, day) for day in ("2017-09-27", "2018-03-30", "2018-03-31", "2030-01-01")] == [
        0,
        1,
        2,
        2,
    ]
    assert why(which, entries, "2030-01-01") == {
        "1": "不计：在 2017-09-28 之前",
        "2": "计入：新增",
        "3": "计入：新增",  # what was newly won stays won
        "4": "不计：在 2020-12-31 之后",
        "5": "不计：没有填“栏on”",
    }


def test_every_year_starts_anew() -> None:
    which = made(rule("1a", "new"), "every_year")
    days = ["2017-12-31", "2018-01-01", "2018-12-31", "2019-01-01", "2020-12-31", "2021-01-01"]
    entries = [entry("a", str(n), {"name": str(n), "on": day}) for n, day in enumerate(days)]
    found = [
        value(which, entries, day) for day in ("2017-12-31", "2018-01-01", "2018-12-31", "2019-06-30", "2020-12-31")
    ]
    assert found == [1, 1, 2, 1, 1]
    assert value(which, entries, "2021-06-30") == 1  # judged for the last year of the plan


def test_stock_loses_what_ends() -> None:
    which = made(rule("1a", "stock", until="lapse"), "stock")
    entries = [
        entry("a", "old", {"name": "甲", "on": "2010-01-01"}),
        entry("a", "lapsed", {"name": "乙", "on": "2017-01-01", "lapse": "2020-01-01"}),
        entry("a", "closed", {"name": "丙", "on": "2017-01-01", "lapse": "2020-01-01", "gone": "2018-05-01"}),
        entry("a", "crooked", {"name": "丁", "on": "2018-01-01", "gone": "2017-01-01"}),
        entry("a", "one day", {"name": "戊", "on": "2018-01-01", "gone": "2018-01-01"}),
    ]
    found = [
        value(which, entries, day) for day in ("2016-12-31", "2017-01-01", "2018-05-01", "2019-12-31", "2020-01-01")
    ]
    assert found == [1, 3, 2, 2, 1]
    assert why(which, entries, "2018-05-01") == {
        "old": "计入：当日有效",
        "lapsed": "计入：当日有效",
        "closed": "不计：2018-05-01 起失效",
        "crooked": "不计：2017-01-01 起失效",
        "one day": "不计：2018-01-01 起失效",
    }
    assert why(which, entries, "2009-01-01")["old"] == "不计：2010-01-01 才开始"


def test_floor_is_counted_each_day() -> None:
    which = made(rule("1a", "stock"), "floor")
    entries = [entry("a", "1", {"name": "甲", "on": "2018-01-01", "gone": "2018-02-01"})]
    assert [value(which, entries, day) for day in ("2018-01-31", "2018-02-01")] == [1, 0]


def test_sum_of_a_column() -> None:
    which = made(rule("1a", "sum", amount="size"))
    entries = [
        entry("a", "1", {"name": "甲", "on": "2018-01-01", "size": "0.1"}),
        entry("b", "2", {"name": "乙", "on": "2018-02-01", "size": "0.2"}),
        entry("b", "3", {"name": "丙", "on": "2018-02-01"}),
        entry("b", "4", {"name": "丁", "on": "2017-01-01", "size": "9"}),
    ]
    assert value(which, entries, "2018-12-31") == Decimal("0.3")
    assert (
        value(made(rule("1a", "sum", amount="all")), [entry("a", "1", {"on": "2018-01-01", "all": 7})], "2018-12-31")
        == 7
    )


def test_groups_need_their_threshold_within_the_year() -> None:
    which = made(
        rule("1a", "groups", group="firm", threshold="1a.threshold"), "every_year", (figure("1a.threshold", "2"),)
    )
    entries = [
        entry("a", "1", {"name": "1", "on": "2018-01-01", "firm": "天山（虚构）公司"}),
        entry("a", "2", {"name": "2", "on": "2018-12-31", "firm": "天山(虚构) 公司"}),
        entry("a", "3", {"name": "3", "on": "2018-01-01", "firm": "祁连公司"}),
        entry("a", "4", {"name": "4", "on": "2019-01-01", "firm": "祁连公司"}),
        entry("a", "5", {"name": "5", "on": "2018-01-01"}),
        entry("a", "6", {"name": "6", "on": "2018-01-01"}),
    ]
    assert [value(which, entries, day) for day in ("2018-12-30", "2018-12-31", "2019-12-31")] == [0, 1, 0]
    told = why(which, entries, "2018-12-31")
    assert told["1"] == "计入：“天山（虚构）公司”已达到门槛"
    assert told["3"] == "不计：“祁连公司”不到 2 条"
    assert told["5"] == "不计：没有填属于哪一项"


def test_the_confirmed_threshold_is_the_one() -> None:
    one = rule("1a", "groups", group="firm", threshold="1a.threshold")
    entries = [entry("a", str(n), {"name": str(n), "on": "2018-01-01", "firm": "甲"}) for n in range(3)]
    assert value(made(one, "every_year", (figure("1a.threshold", "2"),)), entries, "2018-12-31") == 1
    assert value(made(one, "every_year", (figure("1a.threshold", "2", "4"),)), entries, "2018-12-31") == 0


def test_a_checklist_item_stands_while_any_of_its_entries_does() -> None:
    which = made(rule("1a", "groups", group="kind"), "checklist")
    entries = [
        entry("a", "1", {"name": "1", "on": "2016-01-01", "gone": "2018-02-01", "kind": "甲"}),
        entry("a", "2", {"name": "2", "on": "2018-01-01", "kind": "甲"}),
        entry("a", "3", {"name": "3", "on": "2018-03-01", "gone": "2018-04-01", "kind": "乙"}),
    ]
    assert [value(which, entries, day) for day in ("2015-12-31", "2018-01-15", "2018-03-01", "2018-04-01")] == [
        0,
        1,
        2,
        1,
    ]


def test_share_of_the_latest_entries() -> None:
    which = made(rule("1a", "share", amount="size", whole="all", group="firm"), "level")
    entries = [
        entry("a", "1", {"name": "1", "on": "2017-12-31", "firm": "中学", "size": "10", "all": 100}),
        entry("a", "2", {"name": "2", "on": "2018-12-31", "firm": "中学", "size": "12.345", "all": 100}),
        entry("b", "3", {"name": "3", "on": "2018-12-31", "firm": "医院", "size": "0", "all": 0}),
    ]
    assert value(which, entries, "2016-12-31") is None
    assert value(which, entries, "2018-06-30") == 10
    assert value(which, entries, "2018-12-31") == Decimal("12.35")  # 四舍五入, not to the even digit
    assert why(which, entries, "2018-12-31") == {
        "2": "计入：最近一条",
        "3": "计入：最近一条",
        "1": "不计：有更近的一条",
    }
    assert why(which, entries, "2017-12-31")["2"] == "不计：2018-12-31 才开始"


def test_share_without_groups_takes_the_latest_of_each_unit() -> None:
    which = made(rule("1a", "share", amount="size", whole="all"), "level")
    entries = [
        entry("a", "1", {"name": "1", "on": "2018-01-01", "size": "1", "all": 10}),
        entry("a", "2", {"name": "2", "on": "2018-02-01", "size": "3", "all": 10}),
        entry("b", "3", {"name": "3", "on": "2018-01-01", "size": "2", "all": 10}),
    ]
    assert value(which, entries, "2018-12-31") == 25


def test_only_what_meets_every_condition() -> None:
    which = made(rule("1a", "new", where=("kind=甲", "firm")))
    entries = [
        entry("a", "1", {"name": "1", "on": "2018-01-01", "kind": "甲", "firm": "公司"}),
        entry("a", "2", {"name": "2", "on": "2018-01-01", "kind": "乙", "firm": "公司"}),
        entry("a", "3", {"name": "3", "on": "2018-01-01", "kind": "甲"}),
    ]
    assert value(which, entries, "2018-12-31") == 1
    assert why(which, entries, "2018-12-31") == {
        "1": "计入：新增",
        "2": "不计：“栏kind”不合计数条件",
        "3": "不计：“栏firm”不合计数条件",
    }


def test_several_rules_are_added() -> None:
    second = Rule("1a.2", 2, "1a", "r", "new", date="lapse")
    which = made(rule("1a", "new"), "cumulative", (), second)
    assert value(which, [entry("a", "1", {"name": "1", "on": "2018-01-01", "lapse": "2018-06-01"})], "2018-12-31") == 2


# -- what a form asks for its period ------------------------------------------------------------------------------

QUARTERS = [
    (date(y, m, 1), date(y + m // 10, (m + 3) % 12, 1) - timedelta(days=1))
    for y in range(2017, 2021)
    for m in (1, 4, 7, 10)
]


def in_periods(which: Plan, entries: Iterable[Entry]) -> list[Decimal | None]:
    tally = make_tally(which, entries)
    return [tally.in_period(which.targets[0], first, last) for first, last in QUARTERS]


def test_a_group_that_fills_over_two_quarters_is_new_in_the_second() -> None:
    which = made(
        rule("1a", "groups", group="firm", threshold="1a.threshold"), "every_year", (figure("1a.threshold", "2"),)
    )
    days_of = {"1": "2018-02-01", "2": "2018-05-01", "3": "2018-08-01", "4": "2018-12-31", "5": "2019-01-01"}
    entries = [entry("a", key, {"name": key, "on": day, "firm": "天山"}) for key, day in days_of.items()]
    assert in_periods(which, entries) == [0, 0, 0, 0, 0, 1, 0, 0, *[0] * 8]


def test_what_came_before_the_plan_is_new_in_no_quarter() -> None:
    entries = [entry("a", day, {"name": day, "on": day}) for day in ("2017-09-27", "2017-09-28", "2018-01-01")]
    assert in_periods(made(rule("1a", "new")), entries) == [0, 0, 1, 0, 1, *[0] * 11]


def test_what_stands_is_asked_for_the_last_day() -> None:
    entries = [entry("a", "1", {"name": "1", "on": "2017-12-31", "gone": "2018-06-30"})]
    assert in_periods(made(rule("1a", "stock"), "stock"), entries)[:7] == [0, 0, 0, 1, 1, 0, 0]
    assert in_periods(made(rule("1a", "stock"), "stock"), []) == [None] * 16


# -- one thing in two units ---------------------------------------------------------------------------------------


def test_a_thing_two_units_keep_is_counted_once() -> None:
    which = made(rule("1a", "new"))
    entries = [
        entry("a", "x", {"name": "甲 公司", "on": "2018-01-01"}),
        entry("b", "y", {"name": "甲公司", "on": "2018-02-01"}),
        entry("a", "z", {"name": "", "on": "2018-01-01"}),
        entry("b", "w", {"on": "2018-01-01"}),
    ]
    assert value(which, entries, "2018-12-31") == 3
    told = why(which, entries, "2018-12-31")
    assert told["x"] == DOUBLE  # b stands before a in 建制序
    assert told["y"] == told["z"] == told["w"] == "计入：新增"


def test_the_unit_that_knows_the_day_is_heard() -> None:
    """One unit keeps the enterprise, another enters its recognition: the empty cell of the first loses nothing."""
    which = made(rule("1a", "new", date="lapse"))
    entries = [
        entry("b", "1", {"name": "甲", "on": "2018-01-01"}),
        entry("a", "2", {"name": "甲", "on": "2018-01-01", "lapse": "2018-05-01"}),
    ]
    assert value(which, entries, "2018-12-31") == 1
    assert make_tally(which, entries[:1]).counts("1a") is False


def test_a_thing_stands_as_long_as_any_of_its_entries() -> None:
    """The old level of a platform ends on the day the new one begins; with a gap, it does not stand in the gap."""
    which = made(rule("1a", "stock"), "stock")
    entries = [
        entry("b", "1", {"name": "甲", "on": "2016-01-01", "gone": "2018-01-01"}),
        entry("a", "2", {"name": "甲", "on": "2018-01-01", "gone": "2018-06-01"}),
        entry("a", "3", {"name": "甲", "on": "2016-05-01", "gone": "2017-01-01"}),
        entry("a", "4", {"name": "甲", "on": "2019-01-01"}),
    ]
    days = ("2015-12-31", "2016-06-01", "2017-12-31", "2018-01-01", "2018-06-01", "2018-12-31", "2019-01-01")
    assert [value(which, entries, day) for day in days] == [0, 1, 1, 1, 0, 0, 1]
    told = why(which, entries, "2016-06-01")
    assert (told["1"], told["3"]) == ("计入：当日有效", DOUBLE)


# -- whether it is counted at all ---------------------------------------------------------------------------------


def test_entries_kept_for_another_target_make_no_zero_of_this_one() -> None:
    which = made(rule("1a", "stock", where=("kind=甲",)), "floor")
    other = [entry("a", "1", {"name": "1", "on": "2018-01-01", "kind": "乙"})]
    unready = [entry("a", "2", {"name": "2", "kind": "甲"})]
    for entries in ([], other, unready, [*other, *unready]):
        tally = make_tally(which, entries)
        assert not tally.counts("1a")
        assert tally.value(which.targets[0], END) is None
    assert len(make_tally(which, other).members(which.targets[0], END)) == 1  # and yet it is said why
    assert make_tally(which, [*other, entry("a", "3", {"name": "3", "on": "2019-01-01", "kind": "甲"})]).counts("1a")


def test_what_the_plan_does_not_know_counts_nowhere() -> None:
    which = made(rule("1a", "new"))
    foreign = [
        entry("a", "1", {"name": "1", "on": "2018-01-01"}, register="gone"),
        entry("a", "2", {"name": "2", "on": 20180101}),
        entry("a", "3", {"name": "3", "on": "2018-W01-1"}),
        entry("a", "4", {"name": "4", "on": "2018-02-30"}),
        entry("a", "5", {"name": "5", "on": "２０１８-01-01"}),
        entry("nobody", "6", {"name": "6", "on": "2018-01-01"}),
    ]
    assert value(which, foreign, "2018-12-31") == 1


# -- any entries, against a recount -------------------------------------------------------------------------------


def naive(which: Plan, entries: list[Entry], on: date) -> Decimal | None:
    """The same by looking at every entry, without sorting, searching or joining."""
    one, kind = which.rules[0], which.targets[0].kind
    windowed = kind in ("cumulative", "every_year")
    first, last = date(2017, 9, 28), min(on, END)
    if kind == "every_year":
        first = date(last.year, 1, 1)

    def day(of: Entry, name: str) -> date | None:
        text = of.values.get(name)
        return date.fromisoformat(text) if isinstance(text, str) else None

    fitting = [e for e in entries if e.values.get("kind") != "乙" and day(e, "on")]
    fitting.sort(key=lambda e: ({"b": 1, "a": 2}[e.unit], e.key))
    if not fitting:
        return None

    def alike(one_of: Entry, other: Entry) -> bool:
        name, its = str(one_of.values.get("name") or ""), str(other.values.get("name") or "")
        return name != "" and name.replace(" ", "") == its.replace(" ", "")

    def counts(of: Entry) -> bool:
        begins = day(of, "on")
        assert begins is not None
        if windowed:
            return first <= begins <= last
        return begins <= on and all(gone is None or gone > on for gone in (day(of, "gone"), day(of, "lapse")))

    def first_of_its_kind(found: list[Entry]) -> list[Entry]:
        return [e for i, e in enumerate(found) if not any(alike(e, other) for other in found[:i])]

    if one.how == "share":
        begun = [e for e in first_of_its_kind(fitting) if str(e.values["on"]) <= on.isoformat()]
        latest: dict[str, Entry] = {}
        for e in sorted(begun, key=lambda e: str(e.values["on"])):
            latest[str(e.values.get("firm") or f"unit {e.unit}")] = e
        part = sum((Decimal(str(e.values.get("size") or 0)) for e in latest.values()), Decimal(0))
        whole = sum(int(str(e.values.get("all") or 0)) for e in latest.values())
        return (part * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP) if whole else None
    looked_at = fitting if windowed else [e for e in fitting if counts(e)]
    counting = [e for e in first_of_its_kind(looked_at) if counts(e)]
    if one.how == "sum":
        return sum((Decimal(str(e.values.get("size") or 0)) for e in counting), Decimal(0))
    if one.how == "groups":
        firms = [str(e.values["firm"]) for e in counting if e.values.get("firm")]
        return Decimal(sum(firms.count(firm) >= 2 for firm in set(firms)))
    return Decimal(len(counting))


DAYS = [date(2017, 9, 27) + timedelta(days=n) for n in (0, 1, 2, 94, 95, 96, 186, 459, 460, 461, 1190, 1191, 1192)]
days = st.none() | st.sampled_from([d.isoformat() for d in DAYS])
any_entry = st.builds(
    lambda unit, key, values: entry(unit, key, values),
    st.sampled_from(["a", "b"]),
    st.text("0123456789", min_size=8, max_size=8),
    st.fixed_dictionaries(
        {
            "name": st.sampled_from([None, "", "甲", "乙", "丙", "甲 ", "丁"]),
            "on": days,
            "gone": days,
            "lapse": days,
            "kind": st.sampled_from([None, "甲", "乙"]),
            "firm": st.sampled_from([None, "天山", "祁连"]),
            "size": st.sampled_from([None, "0.5", "3", "12.345"]),
            "all": st.sampled_from([None, 0, 7, 1000]),
        }
    ),
)
WAYS = [
    ("new", "cumulative"),
    ("new", "every_year"),
    ("sum", "cumulative"),
    ("sum", "every_year"),
    ("groups", "cumulative"),
    ("groups", "every_year"),
    ("groups", "checklist"),
    ("groups", "floor"),
    ("stock", "stock"),
    ("stock", "floor"),
    ("share", "level"),
]


def one_rule(how: str) -> Rule:
    more: dict[str, Any] = {
        "groups": {"group": "firm", "threshold": "1a.threshold", "until": "lapse"},
        "stock": {"until": "lapse"},
        "sum": {"amount": "size"},
        "share": {"amount": "size", "whole": "all", "group": "firm"},
    }.get(how, {})
    return rule("1a", how, where=("kind!=乙",), **more)


@pytest.mark.parametrize(("how", "kind"), WAYS)
@given(entries=st.lists(any_entry, max_size=12, unique_by=lambda e: e.id))
def test_against_a_recount(how: str, kind: str, entries: list[Entry]) -> None:
    which = made(one_rule(how), kind, (figure("1a.threshold", "2"),))
    tally = make_tally(which, entries)
    for on in DAYS:
        found = tally.value(which.targets[0], on)
        assert found == naive(which, entries, on), on
        members = tally.members(which.targets[0], on)
        assert sorted(m.entry.id for m in members) == sorted(e.id for e in entries)
        assert all(m.why.startswith("计入" if m.counted else "不计") for m in members)
        if how in ("new", "stock", "sum"):
            assert sum((m.amount for m in members if m.counted), Decimal(0)) == (found or 0)
        if how == "groups":
            assert len({m.entry.values["firm"] for m in members if m.counted}) == (found or 0)


@pytest.mark.parametrize(("how", "kind"), [way for way in WAYS if way[1] in ("cumulative", "every_year")])
@given(entries=st.lists(any_entry, max_size=12, unique_by=lambda e: e.id))
def test_quarters_add_up_to_the_whole(how: str, kind: str, entries: list[Entry]) -> None:
    """What the forms were asked for, summed as filings are, is what the gauge counts."""
    which = made(one_rule(how), kind, (figure("1a.threshold", "2"),))
    tally = make_tally(which, entries)
    for n, (_, last) in enumerate(QUARTERS):
        asked = QUARTERS[n // 4 * 4 : n + 1] if kind == "every_year" else QUARTERS[: n + 1]
        parts = [tally.in_period(which.targets[0], *period) for period in asked]
        assert tally.value(which.targets[0], last) == (
            None if None in parts else sum(p for p in parts if p is not None)
        )


@given(
    st.lists(any_entry, max_size=8, unique_by=lambda e: e.id).flatmap(
        lambda held: st.tuples(st.just(held), st.permutations(held))
    )
)
def test_the_order_in_which_entries_come_does_not_matter(orders: tuple[list[Entry], list[Entry]]) -> None:
    for how, kind in WAYS:
        which = made(one_rule(how), kind, (figure("1a.threshold", "2"),))
        one, other = (make_tally(which, held) for held in orders)
        for on in (DAYS[6], END):
            assert one.value(which.targets[0], on) == other.value(which.targets[0], on)
            assert one.members(which.targets[0], on) == other.members(which.targets[0], on)


@pytest.mark.parametrize(("how", "kind"), WAYS)
def test_twenty_thousand_entries_on_sixteen_days(how: str, kind: str) -> None:
    """As one page of gauges with its trend asks: made once, asked for each quarter's end."""
    first = date(2014, 1, 1)
    entries = [
        entry(
            "ab"[n % 2],
            f"{n:032d}",
            {
                "name": f"虚构企业{n % 15000}",
                "on": (first + timedelta(days=n % 2500)).isoformat(),
                "gone": (first + timedelta(days=n % 2400 + 400)).isoformat() if n % 3 else None,
                "kind": "甲",
                "firm": f"虚构集团{n % 700}",
                "size": "0.5",
                "all": 3,
            },
        )
        for n in range(20_000)
    ]
    which = made(one_rule(how), kind, (figure("1a.threshold", "2"),))
    ends = [date(2017 + n // 4, n % 4 * 3 + 1, 1) for n in range(16)]
    begun = time.process_time()
    tally = make_tally(which, entries)
    found = [tally.value(which.targets[0], on) for on in ends]
    assert time.process_time() - begun < 1
    assert any(found)
