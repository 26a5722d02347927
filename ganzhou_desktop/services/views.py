"""Views: the matrix and the gauges of what has been filed; a fixed small number of statements each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ganzhou_desktop.domain.filings import Filing, Review
from ganzhou_desktop.domain.gauges import Gauge, build_gauges
from ganzhou_desktop.domain.matrix import Matrix, build_matrix
from ganzhou_desktop.domain.periods import Period, previous
from ganzhou_desktop.services.conflicts import Conflict, list_conflicts
from ganzhou_desktop.services.filing import read_filings
from ganzhou_desktop.services.judging import held_units, judge
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.periods import choose, list_periods, shown_period
from ganzhou_desktop.services.registers import read_tally
from ganzhou_desktop.services.reviewing import UnitStatus, read_reviews, statuses_of


def read_gauges(ledger: Ledger, on: date | None = None) -> tuple[Gauge, ...]:
    """Every gauge on a day; the last day of the latest period when none is given."""
    opened = list_periods(ledger)
    day = choose(opened, None).last if on is None else on
    return build_gauges(ledger.plan(), opened, read_filings(ledger), day, held_units(ledger), read_tally(ledger))


def read_matrix(ledger: Ledger, period_name: str | None = None, as_of: date | None = None) -> Matrix:
    """The matrix of a period, with the units as on a day (the period's last when none is given)."""
    opened = list_periods(ledger)
    period = choose(opened, period_name)
    judged = judge(ledger, opened, period)
    return matrix_of(ledger, period, judged.filings, read_reviews(ledger, period.name), judged.gauges, as_of)


def matrix_of(
    ledger: Ledger,
    period: Period,
    filings: Mapping[tuple[str, str], Filing],
    reviews: Mapping[tuple[str, str], tuple[Review, ...]],
    gauges: tuple[Gauge, ...],
    as_of: date | None = None,
) -> Matrix:
    """The same from what was read already."""
    mine = {unit: filing for (unit, name), filing in filings.items() if name == period.name}
    answers = {unit: some for (unit, name), some in reviews.items() if name == period.name}
    return build_matrix(ledger.plan(), period, mine, answers, gauges, held_units(ledger), as_of or period.last)


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything 总览 shows, read at once."""

    period: Period | None
    periods: tuple[Period, ...]
    gauges: tuple[Gauge, ...]
    matrix: Matrix | None
    statuses: tuple[UnitStatus, ...]
    conflicts: tuple[Conflict, ...]
    figures_pending: int
    figures_all: int
    filings: Mapping[tuple[str, str], Filing] = field(default_factory=dict)
    """(unit, period) → filing: of this period, at a unit of every period."""
    reviews: Mapping[tuple[str, str], tuple[Review, ...]] = field(default_factory=dict)
    """(unit, period) → the office's answers: of this period and the one before, at a unit of every period."""


def read_overview(ledger: Ledger, period_name: str | None, on: date) -> Overview:
    """The overview of a period (the latest when that one is not open); each thing is read once.

    Its gauges come without sources and trend.

    `on` is the day by which 逾期 of missing filings is counted.
    """
    opened = list_periods(ledger)
    figures = ledger.plan().figures
    pending = sum(f.state != "confirmed" for f in figures)
    period = shown_period(opened, period_name)
    if period is None:
        return Overview(None, (), (), None, (), list_conflicts(ledger), pending, len(figures))
    judged = judge(ledger, opened, period)
    filings = judged.filings
    earlier = previous(opened, period)
    of = [p.name for p in (period, earlier) if p is not None] if ledger.office else None
    reviews = read_reviews(ledger, of)
    return Overview(
        period=period,
        periods=opened,
        gauges=judged.gauges,
        matrix=matrix_of(ledger, period, filings, reviews, judged.gauges),
        statuses=statuses_of(ledger, period, on, filings, reviews),
        conflicts=list_conflicts(ledger),
        figures_pending=pending,
        figures_all=len(figures),
        filings=filings,
        reviews=reviews,
    )
