import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.filings import NOT_APPLICABLE, NOT_PUBLISHED, PROGRESS, Filing
from ganzhou_desktop.domain.gauges import Gauge, brief_gauges, build_gauges
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.reported import answers_needed, reported_in
from tests.domain.plans import Q1_END, figure, filing, period, plan, target, unit

UNITS = (unit("kj", 1), unit("gx", 2))
Q4, Q1, Q2, H1, Y18 = (period(n) for n in ("2017Q4", "2018Q1", "2018Q2", "2018H1", "2018"))


def one(kind: str, value: str = "15", *, baseline: str | None = None, **more: object) -> Plan:
    figures = [figure("1a", value)]
    if baseline is not None:
        figures.append(figure("1a.baseline", baseline))
    return plan(UNITS, {"1": ("kj gx", "")}, (target("1a", "1", kind, **more),), tuple(figures))


def by_key(*filings: Filing) -> dict[tuple[str, str], Filing]:
    return {(f.unit, f.period): f for f in filings}


def gauge(made: Plan, *filings: Filing, on: date = Q1_END, periods: tuple[object, ...] = (Q4, Q1, Q2)) -> Gauge:
    (only,) = build_gauges(made, periods, by_key(*filings), on)  # type: ignore[arg-type]
    return only


def test_cumulative_adds_what_each_period_brought() -> None:
    got = gauge(
        one("cumulative"),
        filing("kj", "2017Q4", {"1": PROGRESS}, {"1a": "2"}),
        filing("kj", "2018Q1", {"1": PROGRESS}, {"1a": "1"}),
        filing("kj", "2018Q2", {"1": PROGRESS}, {"1a": "7"}),  # has not ended by 31 March
    )
    assert (got.actual, got.pace, got.state, got.word) == (3, 2, states.OK, "正常")
    assert [(s.period, s.value, s.counted) for s in got.sources] == [("2017Q4", 2, True), ("2018Q1", 1, True)]
    # ⌊15 × 94 ÷ 1190⌋ = ⌊1.18…⌋ = 1 on 31 December 2017.
    assert [(p.on, p.actual, p.expected) for p in got.trend] == [(date(2017, 12, 31), 2, 1), (Q1_END, 3, 2)]
    assert (got.target, got.to_reach, got.printed, got.confirmed) == (15, 15, 15, None)


def test_every_year_adds_within_the_year_only() -> None:
    made = one("every_year", "2", first_year=2018)
    filings = (
        filing("kj", "2017Q4", {"1": PROGRESS}, {"1a": "2"}),
        filing("kj", "2018Q1", {"1": PROGRESS}, {"1a": "1"}),
    )
    got = gauge(made, *filings)
    assert (got.actual, got.state) == (1, states.OK)
    assert [s.why for s in got.sources] == ["不计：不在 2018 年内", "计入：本期新增"]
    assert [(p.actual, p.expected) for p in got.trend] == [(2, None), (1, 0)]
    before = gauge(made, *filings, on=date(2017, 12, 31))
    assert (before.actual, before.state) == (2, states.NOT_DUE)


def test_stock_is_the_latest_number_there_is() -> None:
    got = gauge(
        one("stock", baseline="4"),
        filing("kj", "2017Q4", {"1": PROGRESS}, {"1a": "6"}),
        filing("kj", "2018Q1", {"1": PROGRESS}),
    )
    assert (got.actual, got.baseline, got.pace, got.state) == (6, 4, 5, states.OK)
    assert [(s.counted, s.why) for s in got.sources] == [
        (True, "计入：最近一期的期末数"),
        (False, "不计：本期没有填这个数"),
    ]
    newer = gauge(
        one("stock", baseline="4"),
        filing("kj", "2017Q4", {"1": PROGRESS}, {"1a": "6"}),
        filing("kj", "2018Q1", {"1": PROGRESS}, {"1a": "5"}),
    )
    assert newer.actual == 5
    assert newer.sources[0].why == "不计：2018Q1 更近"


def test_nothing_counts_twice_when_periods_overlap() -> None:
    filings = (
        filing("kj", "2018Q1", {}, {"1a": "2"}),
        filing("kj", "2018H1", {}, {"1a": "5"}),
        filing("kj", "2018", {}, {"1a": "9"}),
    )
    got = gauge(one("cumulative"), *filings, periods=(H1, Y18, Q1, Q2), on=date(2018, 12, 31))
    assert got.actual == 2
    assert [(s.period, s.counted, s.why) for s in got.sources] == [
        ("2018Q1", True, "计入：本期新增"),
        ("2018H1", False, "不计：与 2018Q1 重叠，已按 2018Q1 计"),
        ("2018", False, "不计：与 2018Q1 重叠，已按 2018Q1 计"),
    ]
    # Where the finer period has no number the coarser one stands.
    alone = gauge(one("cumulative"), filings[1], periods=(H1, Q1, Q2), on=date(2018, 6, 30))
    assert alone.actual == 5


def test_of_two_periods_with_one_last_day_the_finer_is_the_latest() -> None:
    got = gauge(
        one("stock", baseline="0"),
        filing("kj", "2018Q2", {}, {"1a": "3"}),
        filing("kj", "2018H1", {}, {"1a": "4"}),
        periods=(Q2, H1),
        on=date(2018, 6, 30),
    )
    assert got.actual == 3
    assert [p.period for p in got.trend] == ["2018Q2"]


def test_missing_stays_missing() -> None:
    made = one("cumulative")
    assert (gauge(made).actual, gauge(made).state) == (None, states.NOT_FILED)
    assert gauge(made, filing("kj", "2018Q1", {"1": NOT_PUBLISHED})).state == states.NOT_PUBLISHED
    assert gauge(made, filing("kj", "2018Q1", {"1": NOT_APPLICABLE})).state == states.NOT_APPLICABLE
    # An answer of an earlier period does not speak for the latest one.
    assert gauge(made, filing("kj", "2017Q4", {"1": NOT_PUBLISHED})).state == states.NOT_FILED
    lagged = one("level", "55", lagged=True, integral=False)
    assert gauge(lagged, filing("kj", "2018Q1", {"1": PROGRESS})).state == states.NOT_PUBLISHED
    # Nobody has been asked yet.
    assert gauge(made, on=date(2017, 11, 1)).state == states.NOT_DUE


def test_a_withdrawn_filing_does_not_count() -> None:
    got = gauge(one("cumulative"), filing("kj", "2018Q1", {}, {"1a": "2"}, ids=()))
    assert (got.actual, got.sources[0].counted, got.sources[0].why) == (None, False, "不计：没有提交，或提交后已撤回")


def test_one_number_a_period_even_after_the_reporting_unit_changed() -> None:
    got = gauge(
        one("cumulative"),
        filing("gx", "2017Q4", {}, {"1a": "1"}),  # 区gx局 reported it then
        filing("gx", "2018Q1", {}, {"1a": "4"}),
        filing("kj", "2018Q1", {}, {"1a": "2"}),
    )
    assert got.actual == 3
    assert [(s.unit, s.period, s.counted) for s in got.sources] == [
        ("gx", "2017Q4", True),
        ("kj", "2018Q1", True),
        ("gx", "2018Q1", False),
    ]
    assert got.sources[0].why == "计入：本期新增（由当时的填报单位填报）"
    assert got.sources[2].why == "不计：同一期次已计另一单位填报的数"


def test_not_held_is_not_missing() -> None:
    filings = by_key(filing("kj", "2018Q1", {}, {"1a": "2"}))
    (got,) = build_gauges(one("cumulative"), (Q1,), filings, Q1_END, held_units=frozenset({"gx"}))
    assert (got.state, got.word, got.actual, got.sources, got.pace) == ("not_held", "不在本副本", None, (), 2)
    assert (got.forecast_word, got.needed) == ("", None)
    (own,) = build_gauges(one("cumulative"), (Q1,), filings, Q1_END, held_units=frozenset({"kj"}))
    assert own.actual == 2


def test_two_differing_values_make_it_provisional() -> None:
    doubtful = filing("kj", "2018Q1", {}, {"1a": "2"}, contested=frozenset({"1a"}))
    assert gauge(one("cumulative"), doubtful).provisional
    other = filing("kj", "2018Q1", {}, {"1a": "2"}, contested=frozenset({"1"}))
    assert not gauge(one("cumulative"), other).provisional
    older = filing("kj", "2017Q4", {}, {"1a": "2"}, contested=frozenset({"1a"}))
    assert not gauge(one("stock", baseline="0"), older, filing("kj", "2018Q1", {}, {"1a": "2"})).provisional


def test_the_confirmed_figure_is_what_is_reached_for() -> None:
    made = plan(UNITS, {"1": ("kj", "")}, (target("1a", "1"),), (figure("1a", "2", confirmed="20"),))
    got = gauge(made, filing("kj", "2018Q1", {}, {"1a": "2"}))
    # ⌊20 × 184 ÷ 1190⌋ = 3; (3 − 2) ÷ 20 = 5 points: slow.
    assert (got.printed, got.confirmed, got.target, got.pace, got.state) == (2, 20, 20, 3, states.SLOW)


def test_thresholds_are_settings() -> None:
    made = plan(
        UNITS,
        {"1": ("kj", "")},
        (target("1a", "1"),),
        (figure("1a", "20"),),
        settings={"slow_points": "4", "behind_points": "4.5"},
    )
    assert gauge(made, filing("kj", "2018Q1", {}, {"1a": "2"})).state == states.BADLY_BEHIND


def test_headline_targets_first_then_tasks_and_no_standing_work() -> None:
    made = plan(
        UNITS,
        {"1": ("kj", ""), "2": ("kj", "")},
        (target("2a", "2"), target("1a", "1"), target("1b", "1", "standing"), target("T1"), target("T2")),
        (),
    )
    assert [g.id for g in build_gauges(made, (Q1,), {}, Q1_END)] == ["T1", "T2", "1a", "2a"]


NAMES = ["2018Q1", "2018Q2", "2018H1", "2018-01", "2018-05", "2018", "2019Q1"]


@given(
    st.dictionaries(st.sampled_from(NAMES), st.integers(0, 9), min_size=1),
    st.randoms(),
    st.sampled_from(["cumulative", "stock"]),
)
def test_the_order_in_which_filings_arrive_changes_nothing(
    numbers: dict[str, int], shuffle: random.Random, kind: str
) -> None:
    filings = list(by_key(*(filing("kj", p, {}, {"1a": str(n)}) for p, n in numbers.items())).items())
    periods = [period(n) for n in NAMES]
    on = date(2019, 12, 31)
    first = build_gauges(one(kind), periods, dict(filings), on)
    shuffle.shuffle(filings)
    shuffle.shuffle(periods)
    assert build_gauges(one(kind), periods, dict(filings), on) == first
    counted = [s.period for s in first[0].sources if s.counted]
    spans = [period(n) for n in counted]
    assert not any(a.first <= b.last and b.first <= a.last for a in spans for b in spans if a != b)
    if kind == "cumulative":
        assert first[0].actual == sum(Decimal(numbers[p]) for p in counted)


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["kj", "gx", "cz"]), st.sampled_from(NAMES)),
        st.tuples(st.none() | st.integers(0, 9), st.sampled_from([PROGRESS, NOT_PUBLISHED, None]), st.booleans()),
    ),
    st.sampled_from(["cumulative", "every_year", "stock", "floor", "level"]),
    st.sampled_from([date(2018, 3, 31), date(2018, 12, 31), date(2021, 6, 30)]),
    st.sampled_from([None, frozenset({"gx"})]),
)
def test_without_sources_and_trend_the_numbers_are_the_same(
    filed: dict[tuple[str, str], tuple[int | None, str | None, bool]],
    kind: str,
    on: date,
    held: frozenset[str] | None,
) -> None:
    """From the answers of the periods asked for and from the numbers alone of all others."""
    made, periods = one(kind, baseline="1"), [period(n) for n in NAMES]
    whole = {}
    needed = answers_needed(periods, on, made.document.deadline)
    for (who, name), (value, answer, submitted) in filed.items():
        numbers = {} if value is None else {"1a": str(value)}
        made_filing = filing(who, name, {} if answer is None else {"1": answer}, numbers)
        whole[who, name] = made_filing if submitted else replace(made_filing, ids=())
    reported = replace(reported_in(whole), filings={place: f for place, f in whole.items() if place[1] in needed})
    gauges = build_gauges(made, periods, whole, on, held)
    assert brief_gauges(made, periods, reported, on, held) == tuple(replace(g, sources=(), trend=()) for g in gauges)
    assert brief_gauges(made, periods, reported, on, held, trend=True) == tuple(replace(g, sources=()) for g in gauges)
