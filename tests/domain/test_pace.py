"""Pace by hand.  From 2017-09-28 to 2020-12-31 are 1190 days; to 2018-03-31 are 184; from there are 1006 left."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganzhou_desktop.domain import filings, pace, states
from ganzhou_desktop.domain.pace import Pace, assess, clipped_days, line
from tests.domain.plans import DEADLINE, Q1_END, START, target


def judge(
    kind: str,
    figure: str | None,
    actual: str | None,
    on: date = Q1_END,
    baseline: str | None = None,
    answer: str | None = None,
    asked: bool = True,
    **more: object,
) -> Pace:
    return assess(
        target("X1", kind=kind, **more),
        None if figure is None else Decimal(figure),
        None if baseline is None else Decimal(baseline),
        None if actual is None else Decimal(actual),
        on,
        start=START,
        deadline=DEADLINE,
        answer=answer,
        asked=asked,
    )


def test_days_are_clipped_to_the_plan() -> None:
    assert clipped_days(Q1_END, START, DEADLINE) == (184, 1190)
    assert clipped_days(date(2017, 1, 1), START, DEADLINE) == (0, 1190)
    assert clipped_days(date(2022, 1, 1), START, DEADLINE) == (1190, 1190)


# -- cumulative -----------------------------------------------------------------------------------------------


def test_cumulative_is_rounded_down() -> None:
    # 15 × 184 ÷ 1190 = 2.319… → 2; 2 reached: on pace.
    got = judge("cumulative", "15", "2")
    assert got.expected == 2
    assert got.state == states.OK
    assert got.formula == "序时 = ⌊15 × 184 ÷ 1190⌋ = 2"
    # 2 × 1190 ÷ 184 = 12.93… → 12 on the deadline; (15 − 2) ÷ 1006 × 91.25 = 1.179… a quarter.
    assert (got.forecast, got.forecast_word, got.needed) == (12, "完不成", Decimal("1.18"))


def test_cumulative_behind() -> None:
    # 8 × 184 ÷ 1190 = 1.237… → 1; (1 − 0) ÷ 8 = 12.5 points behind: 10 < 12.5 ≤ 30.
    got = judge("cumulative", "8", "0")
    assert (got.expected, got.state, got.word, got.points) == (1, states.BEHIND, "滞后", Decimal("12.5"))
    # No progress, so no rate; 8 ÷ 1006 × 91.25 = 0.7256…
    assert (got.forecast, got.forecast_word, got.needed) == (None, "无法推算", Decimal("0.73"))


def test_cumulative_forecast_good() -> None:
    # 1 × 1190 ÷ 184 = 6.467… → 6 ≥ 5; (5 − 1) ÷ 1006 × 91.25 = 0.3628…
    got = judge("cumulative", "5", "1")
    assert (got.expected, got.state) == (0, states.OK)
    assert (got.forecast, got.forecast_word, got.needed) == (6, "可完成", Decimal("0.36"))


def test_a_target_of_one_is_not_behind_before_its_time() -> None:
    assert judge("cumulative", "1", "0", on=date(2020, 12, 30)).state == states.OK
    # On the deadline day 1 × 1190 ÷ 1190 = 1 is due, a day later it is overdue.
    assert judge("cumulative", "1", "0", on=DEADLINE).state == states.BADLY_BEHIND
    late = judge("cumulative", "1", "0", on=DEADLINE + timedelta(days=1))
    assert (late.state, late.word, late.forecast_word, late.needed) == (states.OVERDUE, "逾期", "已到期", None)


def test_the_bands_include_their_ends() -> None:
    # At the deadline 100 are expected: 90 is 10 points behind, 89 is 11, 70 is 30, 69 is 31.
    for actual, state in (
        ("100", "reached"),
        ("90", "slow"),
        ("89", "behind"),
        ("70", "behind"),
        ("69", "badly_behind"),
    ):
        assert judge("cumulative", "100", actual, on=DEADLINE).state == state
    assert judge("cumulative", "100", "90.01", on=DEADLINE, integral=False).points == Decimal(
        "10"
    )  # 9.99, shown to one place
    assert judge("cumulative", "100", "89.99", on=DEADLINE, integral=False).state == states.BEHIND


def test_reached_before_its_time_needs_nothing_more() -> None:
    got = judge("cumulative", "8", "9")
    assert (got.state, got.needed, got.forecast_word) == (states.REACHED, 0, "已达到")
    assert judge("cumulative", "8", "8", on=date(2022, 1, 1)).state == states.REACHED


# -- every year -----------------------------------------------------------------------------------------------


def test_every_year_within_the_year() -> None:
    # 31 March is day 90 of 365: ⌊2 × 90 ÷ 365⌋ = ⌊0.49…⌋ = 0.
    got = judge("every_year", "2", "0", first_year=2018)
    assert (got.expected, got.state) == (0, states.OK)
    assert got.formula == "序时 = ⌊2 × 90 ÷ 365⌋ = 0（2018年）"
    assert (got.forecast, got.needed) == (None, None)
    # 30 September is day 273: ⌊2 × 273 ÷ 365⌋ = ⌊1.49…⌋ = 1, so 1 of 2 is 50 points behind with none.
    assert judge("every_year", "2", "0", on=date(2018, 9, 30)).state == states.BADLY_BEHIND
    assert judge("every_year", "2", "1", on=date(2018, 9, 30)).state == states.OK
    assert judge("every_year", "2", "2", on=date(2018, 9, 30)).state == states.REACHED
    # 2020 is a leap year: day 366 of 366.
    assert judge("every_year", "2", "1", on=DEADLINE).expected == 2


def test_every_year_before_the_first_year_is_not_due() -> None:
    got = judge("every_year", "2", "1", on=date(2017, 12, 31), first_year=2018)
    assert (got.state, got.word, got.expected) == (states.NOT_DUE, "未到期", None)
    assert got.formula == "2018 年起每年 2 家，2017 年未到期"
    assert judge("every_year", "2", None, on=date(2017, 12, 31)).state == states.NOT_DUE


def test_every_year_after_the_deadline_is_judged_for_the_last_year() -> None:
    got = judge("every_year", "2", "1", on=date(2021, 3, 31))
    assert (got.expected, got.state) == (2, states.OVERDUE)


# -- stock and level ------------------------------------------------------------------------------------------


def test_stock_runs_from_its_baseline() -> None:
    # 4 + ⌊(15 − 4) × 184 ÷ 1190⌋ = 4 + ⌊1.70…⌋ = 5.
    got = judge("stock", "15", "6", baseline="4")
    assert (got.expected, got.state) == (5, states.OK)
    assert got.formula == "序时 = 4 + ⌊(15 − 4) × 184 ÷ 1190⌋ = 5"
    # 4 + (6 − 4) × 1190 ÷ 184 = 16.93… → 16; (15 − 6) ÷ 1006 × 91.25 = 0.816…
    assert (got.forecast, got.forecast_word, got.needed) == (16, "可完成", Decimal("0.82"))
    # (5 − 4) ÷ 11 = 9.09 points: slow, still green; (5 − 3) ÷ 11 = 18.2: behind.
    assert judge("stock", "15", "4", baseline="4").state == states.SLOW
    fallen = judge("stock", "15", "3", baseline="4")
    assert (fallen.state, fallen.points, fallen.forecast_word) == (states.BEHIND, Decimal("18.2"), "无法推算")


def test_stock_without_baseline() -> None:
    got = judge("stock", "4", "1")
    assert (got.state, got.word, got.expected, got.forecast_word) == (states.NO_BASELINE, "缺基期", None, "待补基期值")
    assert got.needed == Decimal("0.27")  # (4 − 1) ÷ 1006 × 91.25 = 0.272…
    assert judge("stock", "4", "4").state == states.REACHED
    assert judge("stock", "4", "1", on=date(2021, 1, 1)).state == states.OVERDUE


def test_stock_whose_baseline_is_already_enough_must_be_kept() -> None:
    got = judge("stock", "4", "3", baseline="6")
    # Expected stays 4; (4 − 3) ÷ 4 = 25 points.
    assert (got.expected, got.points, got.state) == (4, 25, states.BEHIND)


def test_level_is_not_rounded_down() -> None:
    # 50 + (55 − 50) × 184 ÷ 1190 = 50.773…
    got = judge("level", "55", "50.5", baseline="50", integral=False)
    assert got.expected == Decimal("50.77")
    assert got.formula == "序时 = 50 + (55 − 50) × 184 ÷ 1190 = 50.77"
    # (50.773 − 50.5) ÷ 5 = 5.46 points behind: slow.
    assert (got.state, got.points) == (states.SLOW, Decimal("5.5"))
    assert (got.forecast, got.forecast_word) == (None, "不作推算")
    assert got.needed == Decimal("0.41")  # 4.5 ÷ 1006 × 91.25 = 0.408…


def test_a_level_may_be_a_rise_over_its_baseline() -> None:
    # 提高5% over 30: 35 to reach; 30 + 5 × 184 ÷ 1190 = 30.773…; (30.773 − 29) ÷ 5 = 35.5 points.
    got = judge("level", "5", "29", baseline="30", integral=False, over_baseline=True)
    assert (got.expected, got.state) == (Decimal("30.77"), states.BADLY_BEHIND)
    assert judge("level", "5", "35", baseline="30", integral=False, over_baseline=True).state == states.REACHED
    unknown = judge("level", "5", "62", integral=False, over_baseline=True)
    assert (unknown.state, unknown.forecast_word) == (states.NO_BASELINE, "待补基期值")


# -- floor and checklist --------------------------------------------------------------------------------------


def test_floor_has_no_pace_and_is_never_reached() -> None:
    below = judge("floor", "15", "13", unit="人")
    assert (below.state, below.word, below.expected, below.needed) == (states.BELOW_FLOOR, "低于底线", None, None)
    assert below.forecast_word == "立即补 2 人"
    assert judge("floor", "15", "15").state == states.OK
    assert judge("floor", "15", "13", on=date(2022, 1, 1)).state == states.BELOW_FLOOR
    assert judge("floor", None, "2", items=("甲", "乙", "丙")).state == states.BELOW_FLOOR


def test_checklist_is_done_when_all_are() -> None:
    items = ("甲", "乙", "丙")
    assert judge("checklist", None, "2", items=items).state == states.OK
    assert judge("checklist", None, "3", items=items).state == states.DONE
    assert judge("checklist", "3", "0").state == states.OK
    assert judge("checklist", "3", "2", on=date(2021, 1, 1)).state == states.OVERDUE


# -- missing --------------------------------------------------------------------------------------------------


def test_missing_is_not_nought() -> None:
    for kind in ("cumulative", "every_year", "stock", "level", "floor", "checklist"):
        got = judge(kind, "8", None)
        assert (got.state, got.forecast, got.needed) == (states.NOT_FILED, None, None)
        assert judge(kind, "8", None, answer=filings.NOT_PUBLISHED).state == states.NOT_PUBLISHED
        assert judge(kind, "8", None, answer=filings.NOT_APPLICABLE).state == states.NOT_APPLICABLE
        assert judge(kind, "8", None, answer=filings.PROGRESS).state == states.NOT_FILED
        assert judge(kind, "8", None, answer=filings.PROGRESS, lagged=True).state == states.NOT_PUBLISHED
        assert judge(kind, "8", None, lagged=True).state == states.NOT_FILED
        assert judge(kind, "8", None, asked=False).state == states.NOT_DUE
        assert judge(kind, "8", None, on=date(2022, 1, 1)).state == states.NOT_FILED


def test_a_number_outweighs_the_answer() -> None:
    assert judge("cumulative", "8", "8", answer=filings.NOT_APPLICABLE).state == states.REACHED


def test_standing_work_has_nothing_to_judge() -> None:
    assert judge("standing", None, None).state == states.NOT_APPLICABLE


# -- laws -----------------------------------------------------------------------------------------------------

days = st.dates(date(2016, 1, 1), date(2022, 12, 31))
counts = st.integers(0, 400).map(Decimal)


@given(
    st.sampled_from(["cumulative", "stock", "level"]), counts, st.one_of(st.none(), counts), days, days, st.booleans()
)
def test_what_is_expected_never_falls(
    kind: str, figure: Decimal, baseline: Decimal | None, one: date, other: date, integral: bool
) -> None:
    wanted = target("X1", kind=kind, integral=integral)
    early, late = (line(wanted, figure, baseline, d, START, DEADLINE).expected for d in sorted((one, other)))
    assert (early is None) == (late is None)
    if early is not None and late is not None:
        assert early <= late <= max(figure, baseline or Decimal(0))


@given(counts, days)
def test_every_year_starts_anew_and_ends_at_the_target(figure: Decimal, on: date) -> None:
    wanted = target("X1", kind="every_year", first_year=2018)
    expected = line(wanted, figure, None, on, START, DEADLINE).expected
    year = pace.judged_year(on, DEADLINE)
    assert (expected is None) == (year < 2018)
    if expected is not None:
        assert 0 <= expected <= figure
        assert line(wanted, figure, None, date(year, 12, 31), START, DEADLINE).expected == figure


ORDER = [states.BADLY_BEHIND, states.BEHIND, states.SLOW, states.OK, states.REACHED]


@given(st.sampled_from(["cumulative", "stock"]), counts, counts, counts, counts, st.dates(START, DEADLINE))
def test_more_is_never_worse(
    kind: str, figure: Decimal, baseline: Decimal, one: Decimal, other: Decimal, on: date
) -> None:
    less, more = (
        assess(target("X1", kind=kind), figure, baseline, actual, on, start=START, deadline=DEADLINE)
        for actual in sorted((one, other))
    )
    assert ORDER.index(less.state) <= ORDER.index(more.state)
    if less.needed is not None and more.needed is not None:
        assert less.needed >= more.needed


@pytest.mark.parametrize("kind", ["cumulative", "stock", "level", "every_year"])
def test_a_plan_of_no_days_expects_all_at_once(kind: str) -> None:
    got = line(target("X1", kind=kind, first_year=2018), Decimal(8), Decimal(0), DEADLINE, DEADLINE, DEADLINE)
    assert got.expected == 8
