"""U 盘: which drives can be taken away, and which copies of this ledger lie on one, told by content."""

import ctypes
import string
import sys
from dataclasses import dataclass
from pathlib import Path

from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.services.finding import find_copies
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.merge_verdicts import REFUSED
from ganzhou_desktop.store.amounts import TooLarge
from ganzhou_desktop.store.copies import open_copy, peek

_REMOVABLE = 2  # DRIVE_REMOVABLE of GetDriveTypeW
_MOUNTS = ("/media", "/run/media")
MOST = 200
"""Copies of one drive looked into, the newest; more are still found when the folder is chosen."""
_READ = 64 * 2**20


def removable_places() -> tuple[Path, ...]:
    """The drives that can be taken away; none where the system does not tell."""
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        drives = kernel.GetLogicalDrives()
        roots = [f"{letter}:\\" for n, letter in enumerate(string.ascii_uppercase) if drives >> n & 1]
        return tuple(Path(root) for root in roots if kernel.GetDriveTypeW(root) == _REMOVABLE)
    return _mounted(Path("/proc/mounts"))


def _mounted(table: Path) -> tuple[Path, ...]:
    try:
        lines = table.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    points = [line.split(" ")[1].replace("\\040", " ") for line in lines if line.count(" ") > 1]
    return tuple(sorted(Path(p) for p in points if p.startswith(tuple(f"{root}/" for root in _MOUNTS))))


@dataclass(frozen=True, slots=True)
class Lying:
    """One copy of this ledger; `known`: everything in it is held here; `answer`: written by a seat."""

    file: Path
    unit: str
    period: str
    known: bool
    answer: bool


@dataclass(frozen=True, slots=True)
class Stick:
    """The copies of this ledger on a drive, the newest first; this PC's own are left out."""

    place: Path
    copies: tuple[Lying, ...]

    @property
    def new(self) -> tuple[Lying, ...]:
        return tuple(c for c in self.copies if not c.known)


def look_at(ledger: Ledger, place: Path) -> Stick:
    """What lies on a drive for this ledger; what is damaged or of another ledger is left for whoever puts it in.

    Nobody asked for it, so little is read: the first `_READ` bytes of copies whole, of all others what they say at
    their end.
    """
    held = {i for ids in ledger.journal.operation_ids().values() for i in ids}
    held_proof = ledger.journal.proof_hashes()
    came = {row["heads"] for row in ledger.journal.packages() if row["direction"] == "in" and row["verdict"] != REFUSED}
    seats = ledger.seats()
    found = []
    left = _READ
    for file in find_copies(place).files[:MOST]:
        try:
            manifest = peek(file)
            mine = manifest.site == ledger.journal.site
            foreign = not all(scope == kinds.ALL or ledger.journal.holds_scope(scope) for scope in manifest.scopes)
            if manifest.ledger != ledger.id or mine or foreign:
                continue
            left -= manifest.size
            if left >= 0:
                with open_copy(file) as copy:
                    known = set(copy.operation_ids()) <= held and not any(True for _ in copy.proof(held_proof))
            else:
                known = manifest.heads in came
        except TooLarge:
            known = False
        except LedgerError:
            continue
        found.append(Lying(file, manifest.unit, manifest.period, known, manifest.site in seats))
    return Stick(place, tuple(found))
