"""One target in full: its gauge, its pace line, and every filing its number is made of with what the office answered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ganzhou_desktop.domain import filings, pace
from ganzhou_desktop.domain.counting import Member
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.filings import Filing, filing_state
from ganzhou_desktop.domain.gauges import Gauge, build_gauges
from ganzhou_desktop.domain.outlook import Contribution, contributions, feeding, stalled_for
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.domain.plan import CUMULATIVE, EVERY_YEAR, Figure, Plan, Target
from ganzhou_desktop.services.filing import read_filings
from ganzhou_desktop.services.judging import held_units, judge
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.periods import choose, list_periods, shown_period
from ganzhou_desktop.services.registers import read_tally
from ganzhou_desktop.services.reviewing import read_reviews


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One filing looked at for a target; also a period in which the reporting unit filed nothing.

    `state`: one of filings' states; `at`: when it was submitted, by that PC's clock (empty: not submitted).
    """

    period: str
    unit: str
    value: Decimal | None
    counted: bool
    why: str
    state: str
    at: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class TargetView:
    """A target at the end of a period; `gauges` are (id, short name) of all, in the plan's order."""

    target: Target
    gauge: Gauge
    figure: Figure | None
    baseline: Figure | None
    period: Period
    periods: tuple[Period, ...]
    gauges: tuple[tuple[str, str], ...]
    rows: tuple[SourceRow, ...]
    actual: tuple[tuple[date, Decimal], ...]
    """The trend's values by day; where one is known, it begins with the value on the plan's own day."""
    doubtful: frozenset[date]
    """The days whose value is 两处不一致."""
    line: tuple[tuple[date, Decimal], ...]
    """Corners of the 序时 line; empty where the kind has none."""
    members: tuple[Member, ...] = ()
    """The register entries behind a counted number, the counted ones first; empty where there are no rules for it."""
    contributions: tuple[Contribution, ...] = ()
    """Who brought how much; empty where parts do not make the number."""
    stalled: int = 0
    """For how many periods in a row it has not moved (停滞); 0 when that is not so."""
    feeding: tuple[Gauge, ...] = ()
    """The sub-targets of which every new one is one more of this headline target."""


def read_target(ledger: Ledger, target_id: str, period_name: str | None) -> TargetView:
    """One target at the end of a period (the latest when it is not open), in a fixed number of statements."""
    periods = list_periods(ledger)
    period = shown_period(periods, period_name) or choose(periods, None)
    plan = ledger.plan()
    gauges = judge(ledger, periods, period).gauges
    if all(g.id != target_id for g in gauges):
        raise RuleBroken("unknown_target", f"方案里没有编号为“{target_id}”的数字指标。")
    target, tally = plan.target_by_id[target_id], read_tally(ledger)
    filed = read_filings(ledger, unit=target.reporting_unit, or_with=target.id)
    alone = replace(plan, targets=(target,))
    (gauge,) = build_gauges(alone, periods, filed, period.last, held_units(ledger), tally)
    members = tally.members(target, period.last)
    fed = {t.id for t in feeding(plan, target)}
    return TargetView(
        target,
        gauge,
        plan.figure_by_id.get(target_id),
        plan.figure_by_id.get(f"{target_id}.baseline"),
        period,
        periods,
        tuple((g.id, g.short) for g in gauges),
        _rows(ledger, gauge, filed, [p for p in periods if p.last <= period.last]),
        _actual(plan, gauge),
        _doubtful(gauge),
        _line(plan, target, gauge),
        members,
        contributions(gauge, members),
        stalled_for(gauge),
        tuple(g for g in gauges if g.id in fed),
    )


def _rows(
    ledger: Ledger, gauge: Gauge, filed: Mapping[tuple[str, str], Filing], ended: list[Period]
) -> tuple[SourceRow, ...]:
    """Latest period first; of a unit whose filings are not held here there is nothing to tell."""
    reviews = read_reviews(ledger)
    rows = []
    for source in gauge.sources:
        place = (source.unit, source.period)
        filing = filed.get(place)
        rows.append(
            SourceRow(
                source.period,
                source.unit,
                source.value,
                source.counted,
                source.why,
                filing_state(filing, reviews.get(place, ())),
                filing.at if filing is not None else "",
                source.provisional,
            )
        )
    held = held_units(ledger)
    if held is None or gauge.reporting_unit in held:
        told = {row.period for row in rows if row.unit == gauge.reporting_unit}
        rows += [
            SourceRow(p.name, gauge.reporting_unit, None, False, "不计：本期还没有提交", filings.MISSING, "")
            for p in ended
            if p.name not in told
        ]
    order = {p.name: n for n, p in enumerate(ended)}
    return tuple(sorted(rows, key=lambda r: -order.get(r.period, -1)))


def _actual(plan: Plan, gauge: Gauge) -> tuple[tuple[date, Decimal], ...]:
    found = [(p.on, p.actual) for p in gauge.trend if p.actual is not None]
    start = Decimal(0) if gauge.kind == CUMULATIVE else gauge.baseline
    if found and start is not None and found[0][0] > plan.document.issued:
        found.insert(0, (plan.document.issued, start))
    return tuple(found)


def _doubtful(gauge: Gauge) -> frozenset[date]:
    return frozenset(p.on for p in gauge.trend if p.provisional)


def _line(plan: Plan, target: Target, gauge: Gauge) -> tuple[tuple[date, Decimal], ...]:
    """The pace rule asked on the days where its line turns."""
    start, deadline = plan.document.issued, plan.document.deadline
    if target.kind == EVERY_YEAR:
        years = range(pace.first_full_year(target, start), deadline.year + 1)
        days = [d for y in years for d in (date(y, 1, 1), min(date(y, 12, 31), deadline))]
    else:
        days = [start, deadline]
    found = []
    for day in days:
        exact = pace.line(target, gauge.target, gauge.baseline, day, start, deadline).exact
        if exact is not None:
            found.append((day, pace.rounded_ratio(exact, 6)))
    return tuple(found)
