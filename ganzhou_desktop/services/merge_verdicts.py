"""What a merge says of each copy: taken in, known or refused, in one sentence; and its line in the log."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.acceptance import Refused
from ganzhou_desktop.domain.canonical import site_code
from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.domain.operations import Operation
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.merge_changes import Changes, FieldChange
from ganzhou_desktop.store.copies import Manifest

MERGED = "merged"
KNOWN = "known"
REFUSED = "refused"
CHANGED_SINCE = "changed"
"""Why a copy is refused that is another than the one looked at."""
TOO_LARGE = "large"
"""Why a copy is refused that is read only when the clerk says so."""

FAR_AHEAD = timedelta(days=1)
"""A clock that far ahead of this PC's is told of; it never refuses anything."""


@dataclass(frozen=True, slots=True)
class Package:
    """The verdict on one copy.  `code`: 核对码 of its writer, or of the key to be trusted first."""

    file: Path
    verdict: str
    reason: str
    text: str
    unit: str = ""
    period: str = ""
    site: str = ""
    code: str = ""
    new: int = 0
    conflicts: int = 0
    changes: Sequence[FieldChange] = ()
    handed_out: bool = False
    """Signed by a seat: an answer of the office."""
    at: str = ""
    """When its latest new operation was written, by that PC's clock."""
    to_trust: tuple[str, ...] = ()
    """The 核对码 of every key that must be trusted before this copy can be taken in."""
    seal: str = ""
    """Which copy this is said of; empty when it could not be read that far."""


@dataclass(frozen=True, slots=True)
class Merge:
    """What a merge did, or on a dry run would do."""

    packages: tuple[Package, ...]
    done: bool

    @property
    def refused(self) -> tuple[Package, ...]:
        return tuple(p for p in self.packages if p.verdict == REFUSED)


def refusal(ledger: Ledger, file: Path, manifest: Manifest, new: int, exc: LedgerError) -> Package:
    """The verdict on a copy that is not taken in."""
    unknown = exc.unknown if isinstance(exc, Refused) else {}
    text = exc.text
    if unknown and not ledger.office:
        text = "里面有区里还没有认可的电脑写的内容；请先交区里合入，再用区里的下发副本。"
    code = next(iter(sorted(unknown)), "") or carrier_code(ledger, manifest, handed_out=False)
    return Package(
        file,
        REFUSED,
        exc.code,
        text,
        unit=manifest.unit,
        period=manifest.period,
        site=manifest.site,
        code=code,
        new=new,
        to_trust=tuple(sorted(unknown)) if ledger.office else (),
        seal=manifest.seal,
    )


def carrier_code(ledger: Ledger, manifest: Manifest, *, handed_out: bool) -> str:
    """核对码 of the key that signed a copy."""
    return site_code(ledger.id, kinds.ALL if handed_out or not manifest.unit else manifest.unit, manifest.site)


def sentence(
    ledger: Ledger,
    operations: Sequence[Operation],
    changes: Changes,
    proofs: int,
    handed_out: bool,
) -> str:
    """What a copy brought."""
    brought = f"佐证 {proofs} 件"
    if not operations:
        return f"内容这里都已经有了，补来{brought}。" if proofs else "里面的内容这里都已经有了，不用再合。"
    contested = changes.contested
    more = f"、{brought}" if proofs else ""
    more += f"，其中两处不一致 {contested} 处，两个值都留着，等人裁定" if contested else ""
    ahead = datetime.fromisoformat(max(o.at for o in operations)) - ledger.clock() > FAR_AHEAD
    more += "；写它的电脑时钟比本机快一天以上，请核对两边的日期" if ahead else ""
    who = "区里的答复" if handed_out and not ledger.office else "新内容"
    return f"{who} {len(operations)} 步、改动 {len(changes)} 处{more}。"


def package_row(
    at: str, verdict: Package, manifest: Manifest, proof: Collection[tuple[str, str]], lacks: Sequence[str] = ()
) -> dict[str, Any]:
    """A copy's line in the log of copies.  `proof`: (scope, SHA-256) of the files that lie here now."""
    held = (h for h in manifest.held if tuple(h.split("/")) in proof)
    return {
        "at": at,
        "direction": "in",
        "file": verdict.file.name,
        "site": manifest.site,
        "unit": manifest.unit,
        "period": manifest.period,
        "heads": manifest.heads,
        "verdict": verdict.verdict,
        "text": verdict.text,
        # What a refused copy says of itself counts for nothing.  Of what its writer holds only that is of use which could be
        # sent to him from here; the list itself may be as long as somebody likes.
        "held": "" if verdict.verdict == REFUSED else "\n".join(held),
        "lacks": "\n".join(lacks),
    }
