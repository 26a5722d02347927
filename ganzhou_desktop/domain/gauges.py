"""Gauges: each target's actual value, pace and state on a day, with what it is made of."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Source:
    """One filing that a gauge's number is made of."""

    record: str
    unit: str
    period: str
    value: Decimal | None
    counted: bool
    why: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """Actual and expected value at the end of one period."""

    on: date
    period: str
    actual: Decimal | None
    expected: Decimal | None


@dataclass(frozen=True, slots=True)
class Gauge:
    """One target on one day.

    `printed`/`confirmed`: the target figure; `actual`: None when missing; `pace`: what should have been reached by
    `on` (None where the kind has no pace); `forecast`: at today's rate on the deadline; `needed`: still needed a
    quarter from now; `formula`: the pace with today's numbers, in words.
    """

    id: str
    task: str
    name: str
    short: str
    kind: str
    unit: str
    at_least: bool
    printed: Decimal | None
    confirmed: Decimal | None
    baseline: Decimal | None
    reporting_unit: str
    reporting_assumed: bool
    actual: Decimal | None
    pace: Decimal | None
    state: str
    word: str
    formula: str
    forecast: Decimal | None
    forecast_word: str
    needed: Decimal | None
    sources: tuple[Source, ...]
    trend: tuple[TrendPoint, ...] = ()
    provisional: bool = False

    @property
    def target(self) -> Decimal | None:
        """The value to reach: confirmed, else as printed."""
        return self.printed if self.confirmed is None else self.confirmed
