"""Which backups may go: a pure function of their times."""

from collections.abc import Iterable
from datetime import datetime, timedelta

KEEP_ALL = timedelta(days=2)
KEEP_DAILY = timedelta(days=60)
KEEP_ALWAYS = 10


def to_drop(times: Iterable[datetime], now: datetime) -> set[datetime]:
    """Of backups made at these times, those to drop.

    Kept: the newest ten, all of the last two days, the last one of each day for sixty days, of each month before.
    """
    ordered = sorted(set(times), reverse=True)
    drop: set[datetime] = set()
    seen: set[str] = set()
    for place, time in enumerate(ordered):
        age = now - time
        span = time.isoformat() if age <= KEEP_ALL else time.strftime("%Y%m%d" if age <= KEEP_DAILY else "%Y%m")
        if span in seen and place >= KEEP_ALWAYS:
            drop.add(time)
        seen.add(span)
    return drop
