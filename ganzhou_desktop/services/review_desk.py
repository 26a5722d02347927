"""The office's desk for one filing: what was begun to be written about it, and deciding on what was seen."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ganzhou_desktop.domain.canonical import is_date
from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.services import reviewing
from ganzhou_desktop.services.filing import read_filings
from ganzhou_desktop.services.ledgers import Ledger

_PREFIX = "review/"
"""Before the unit's id among the drafts, which stay in this file: no unit's id has a slash."""


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """A reason, the matters ticked, a 收到日 other than the one offered; about the filing with these ids."""

    filing: tuple[str, ...]
    reason: str = ""
    tasks: tuple[str, ...] = ()
    received: date | None = None

    @property
    def empty(self) -> bool:
        return not self.reason.strip() and not self.tasks and self.received is None


def read_review_draft(ledger: Ledger, unit: str, period: str) -> ReviewDraft | None:
    """The draft about a unit's filing, None when there is none."""
    held = ledger.journal.draft(_PREFIX + unit, period)
    if held is None:
        return None
    said = json.loads(held[0])
    received = said.get("received")
    return ReviewDraft(
        tuple(_texts(said.get("filing"))),
        str(said.get("reason") or ""),
        tuple(_texts(said.get("tasks"))),
        date.fromisoformat(received) if is_date(received) else None,
    )


def save_review_draft(ledger: Ledger, unit: str, period: str, draft: ReviewDraft) -> str:
    """Keep the draft, or drop it when it says nothing; returns when.  Never exported."""
    if not ledger.writable:
        raise EnvironmentFailed("read_only", "这本台账是只读打开的，审核意见没有保存；请复制到本机硬盘再打开。")
    saved = ledger.now()
    if draft.empty:
        ledger.journal.drop_draft(_PREFIX + unit, period)
        return saved
    body = {
        "filing": list(draft.filing),
        "reason": draft.reason,
        "tasks": list(draft.tasks),
        "received": None if draft.received is None else draft.received.isoformat(),
    }
    ledger.journal.save_draft(_PREFIX + unit, period, json.dumps(body, ensure_ascii=False), saved)
    return saved


def decide(
    ledger: Ledger,
    unit: str,
    period: str,
    seen: Sequence[str],
    *,
    accept: bool,
    reason: str = "",
    tasks: Sequence[str] = (),
    received: date | None = None,
) -> None:
    """Accept or return the filing that was looked at; RuleBroken when another one has come in meanwhile."""
    filing = read_filings(ledger, period, unit).get((unit, period))
    if filing is not None and filing.submitted and set(filing.ids) != set(seen):
        raise RuleBroken("moved_on", "这家单位刚有新的报送并入，没有审核；请看过新的内容再审核。")
    reviewing.review(ledger, unit, period, accept=accept, reason=reason, tasks=tasks, received=received)
    ledger.journal.drop_draft(_PREFIX + unit, period)


def _texts(value: object) -> Sequence[str]:
    return [str(v) for v in value] if isinstance(value, list) else ()
