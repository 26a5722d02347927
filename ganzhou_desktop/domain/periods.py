"""期次: names, dates, the due day offered, and the one function that says whether something came late."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from ganzhou_desktop.domain.errors import RuleBroken

PERIOD_NAME = re.compile(r"[0-9]{4}(Q[1-4]|H[12]|-(0[1-9]|1[0-2]))?\Z")


@dataclass(frozen=True, slots=True)
class Period:
    """An opened period.  `due` is 应报日; `closed` is a fact the office wrote, not a function of any date."""

    name: str
    first: date
    last: date
    due: date
    closed: bool
    record: str = ""


def bounds(name: str) -> tuple[date, date]:
    """First and last day of `2018`, `2018H1`, `2018Q1`, `2018-03`; RuleBroken for any other name."""
    if not PERIOD_NAME.match(name) or not 1900 <= int(name[:4]) <= 2999:
        raise RuleBroken(
            "bad_period", f"没有“{name}”这样的期次名：请写成 2018Q1（季）、2018H1（半年）、2018-03（月）或 2018（年）。"
        )
    year, rest = int(name[:4]), name[4:]
    if not rest:
        first_month, months = 1, 12
    elif rest[0] == "Q":
        first_month, months = 3 * int(rest[1]) - 2, 3
    elif rest[0] == "H":
        first_month, months = 6 * int(rest[1]) - 5, 6
    else:
        first_month, months = int(rest[1:]), 1
    last_month = first_month + months - 1
    return date(year, first_month, 1), date(year, last_month, calendar.monthrange(year, last_month)[1])


def offered_due(last: date, day: int) -> date:
    """The due day offered: that day of the month after the period, moved on past a weekend.

    Public holidays are not known here; the office is told that they are its to mind.
    """
    following = last + timedelta(days=1)
    due = following.replace(day=min(day, calendar.monthrange(following.year, following.month)[1]))
    while due.weekday() >= 5:
        due += timedelta(days=1)
    return due


def latest(periods: tuple[Period, ...]) -> Period | None:
    """The opened period with the latest first day (longest name last for equal days)."""
    return max(periods, key=lambda p: (p.first, p.last, p.name), default=None)


def previous(periods: tuple[Period, ...], period: Period) -> Period | None:
    """The opened period that ended last before this one began."""
    return max((p for p in periods if p.last < period.first), key=lambda p: (p.last, p.name), default=None)


@dataclass(frozen=True, slots=True)
class Lateness:
    """Whether a filing is late and by how many days; the only place where 逾期 of a filing is decided.

    `days` > 0: that many days after 应报日.  `known` is False while a filing lies here whose 收到日 the office has
    not written yet.
    """

    known: bool
    days: int
    missing: bool

    @property
    def late(self) -> bool:
        return self.days > 0


def lateness(period: Period, filed: bool, received: date | None, on: date) -> Lateness:
    """Lateness of one unit's filing as of a day: received after the due day, or still missing after it."""
    if received is not None and filed:
        return Lateness(known=True, days=max(0, (received - period.due).days), missing=False)
    if filed:
        return Lateness(known=False, days=0, missing=False)
    return Lateness(known=True, days=max(0, (on - period.due).days), missing=True)
