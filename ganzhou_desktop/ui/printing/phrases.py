"""Dates, numbers and codes as they stand on paper (on screen: `ui.texts`)."""

from datetime import date, datetime
from decimal import Decimal

from ganzhou_desktop.ui.texts import NO_VALUE, date_text, moment_text


def _local(moment: str) -> datetime | None:
    """An ISO day or moment on this machine's clock (papers bear local time); None for other text."""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return at if at.tzinfo is None else at.astimezone()


def day_words(day: date | str) -> str:
    """2018年4月5日 of a day, an ISO day or an ISO moment; other text as it is."""
    if isinstance(day, date):
        return date_text(day)
    at = _local(day)
    return day if at is None else date_text(at.date())


def moment_words(moment: str) -> str:
    """2018年4月5日 10:20 of an ISO moment, the day alone of an ISO day; other text as it is."""
    at = _local(moment)
    if at is None:
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
