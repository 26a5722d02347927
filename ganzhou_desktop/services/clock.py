"""Whether this PC's clock can be right: everything written here carries it, and nothing is refused because of it."""

from datetime import timedelta

from ganzhou_desktop.domain.canonical import local_moment
from ganzhou_desktop.services.ledgers import Ledger

_BACK = timedelta(days=1)
_FORTH = timedelta(days=400)
"""A ledger is written every quarter; one that lay longer than a year was either forgotten or the clock runs ahead."""


def doubtful_clock(ledger: Ledger) -> str:
    """One sentence when the clock is far behind or ahead of what the ledger holds; empty when it may be right."""
    journal = ledger.journal
    moments = [step.at for step in journal.steps()[-1:]]
    moments += [field.at for row in journal.records(["period"]) for field in row.fields.values()]
    if not moments or ledger.plan().document.demo:
        return ""
    last, now = local_moment(max(moments)), ledger.clock().astimezone()
    if last - _BACK <= now <= last + _FORTH:
        return ""
    way = "早" if now < last else "晚"
    return (
        f"电脑的时钟现在是 {now:%Y-%m-%d %H:%M}，比台账里最近一次写入（{last:%Y-%m-%d %H:%M}）{way}了 {abs(now - last).days} 天，"
        "多半是时钟不准；照这个时钟写下的时间、算出的逾期都会跟着错。请先在 Windows 里校准日期和时间，已有的数据不受影响。"
    )
