"""Dates, numbers and codes as they stand on paper (on screen: `ui.texts`)."""

from datetime import date, datetime
from decimal import Decimal

from ganzhou_desktop.ui.texts import NO_VALUE, date_text, moment_text


def day_words(day: date | str) -> str:
    """2018年4月5日; text that is no ISO date is returned as it is."""
    if isinstance(day, date):
        return date_text(day)
    try:
        return date_text(date.fromisoformat(day[:10]))
    except ValueError:
        return day


def moment_words(moment: str) -> str:
    """2018年4月5日 10:20 of an ISO moment (as written, no change of zone); other text as it is."""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return moment_text(at) if len(moment) > 10 else date_text(at.date())


def number_words(value: Decimal | None) -> str:
    """A number to its last digit (paper is compared digit by digit), without superfluous zeros; — for none."""
    if value is None:
        return NO_VALUE
    shown = f"{value:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def fours(code: str) -> str:
    """A code in groups of four characters."""
    bare = "".join(c for c in code if c not in " -")
    return " ".join(bare[i : i + 4] for i in range(0, len(bare), 4))
