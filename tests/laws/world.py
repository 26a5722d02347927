"""A world for the laws: two office seats, two PCs of one unit, one of another; a seed says what they do.

Everything goes through the services, as people do it.  What they do is in `people`; here is what the world remembers of
them: every copy they made, what they typed, what they had before them.  The laws are stated against that.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganzhou_desktop.domain.canonical import Json, record_id
from ganzhou_desktop.domain.errors import EnvironmentFailed
from ganzhou_desktop.domain.plan import TEXT, Column, Register
from ganzhou_desktop.domain.records import DELETED
from ganzhou_desktop.services import backups, conflicts, ledgers, merging, periods
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.store.copies import read_manifest
from tests.domain import plans
from tests.laws import drafts_law
from tests.laws.drafts_law import Paper, Place
from tests.store.kit import Clock, Pc
from tests.store.kit import dump as dump_of

PERIODS = ("2018Q1", "2018Q2")
UNITS = {"a": "ab", "b": "ab", "c": "cd"}
SEATS = ("one", "two")
ITEMS = "items"
COLUMNS = ("name", "note", "phone")
FIGURE = "1a"


def law_plan() -> Any:
    """Two tasks that both units share, a number asked of each, a register: so records have several fields."""
    return plans.plan(
        (plans.unit("ab"), plans.unit("cd", 2)),
        {"1": ("ab", "cd"), "2": ("cd", "ab")},
        targets=(plans.target("1a", "1", reporting_unit="ab"), plans.target("2a", "2", reporting_unit="cd")),
        figures=(plans.figure(FIGURE, "8"),),
        settings={"due_day": "5", "proof_limit_mb": "20", "amber_days": "30", "lead_days": "30"},
        registers=(Register(ITEMS, 1, "台账", "台账", ("1", "2"), "c"),),
        columns=tuple(Column(f"{ITEMS}/{name}", n, ITEMS, name, name, TEXT) for n, name in enumerate(COLUMNS, 1)),
    )


def fast_folder(name: str) -> Path:
    """A new folder in memory where the system has one: histories flush thousands of times."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=memory if memory.is_dir() else None))


@dataclass(frozen=True)
class Copy:
    """A copy somebody made; any of them may be merged at any time later."""

    file: Path
    by: str
    unit: str
    """The one unit it speaks of; empty for an office's copy of everything."""


@dataclass(frozen=True)
class Stamped:
    """A form as it was printed when it was submitted: its code and what stood on it."""

    unit: str
    period: str
    filing: str
    code: str
    fields: dict[str, Json]


class Account(Pc):
    """A Windows account at a PC, with a key of its own.  Of those that share a ledger one has it open."""

    def __init__(self, folder: Path, name: str, unit: str, at: "Account | None" = None) -> None:
        super().__init__(folder, name)
        self.unit = unit
        """Empty at a seat of the office."""
        self.beside: list[Account] = []
        if at is not None:
            self.path = at.path
            self.clock = Clock(at.clock.now)
            self.beside, at.beside = [at, *at.beside], [self, *at.beside]

    @property
    def ledger(self) -> Ledger:
        for other in self.beside:
            other.close()
        return super().ledger


DraftName = tuple[Path, str, str]
"""A ledger file, a unit and a period."""


class World:
    """The PCs, every copy they ever made, and what people saw and typed at them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pcs = {name: Account(folder, name, UNITS.get(name, "")) for name in (*SEATS, *UNITS)}
        self.recovery = ""
        self.number = 0
        self.copies: list[Copy] = []
        self.saved: dict[Path, list[tuple[Path, dict[DraftName, Paper]]]] = {}
        """Backups of a ledger, with what was known of its drafts then."""
        self.opened: dict[str, list[Paper]] = {}
        """Forms that lie open at an account, maybe for long."""
        self.drafts: dict[DraftName, Paper] = {}
        self.shown: dict[str, list[Any]] = {}
        """Entries and applications that were looked at and may be changed much later."""
        self.stamped: list[Stamped] = []
        self.written: dict[str, bytes] = {}
        """Every operation that ever left a PC, by its id."""
        self.log: list[str] = []
        self.typed: set[str] = set()
        """What the one who acts now typed, as `record:field`."""
        self.opens: set[str] = set()
        """Of that, where something may lie here that he had not before him: only there a case may open."""
        self.deeds: dict[str, frozenset[str]] = {}
        """Operation → what its author typed."""
        self.places: dict[str, frozenset[str]] = {}
        """Operation → the fields it writes."""
        self.filed: dict[str, frozenset[Place]] = {}
        """Submission → the boxes typed into."""
        self.moved = False
        """Whether operations came or went, beyond those that were written."""
        self.newcomers: set[str] = set()
        """核对码 of units' PCs and accounts that were not compared in the beginning."""
        self.stopped: set[str] = set()
        """Keys that were ever stopped."""
        self.asked = 0

    # -- making --------------------------------------------------------------------------------------------

    def begin(self) -> "World":
        """Found the office, a second seat from a backup and the 恢复单, hand out, join, trust, tell everybody."""
        one, two = self.pcs["one"], self.pcs["two"]
        self.recovery = one.found(law_plan())
        for name in PERIODS:
            one.do(periods.open_period, one.ledger, name)
        saved = self.file("first", ".gzdb")
        one.do(backups.backup, one.ledger, saved)
        two.do(backups.restore, saved, two.path, clock=two.clock)
        two.do(ledgers.recover, two.ledger, self.recovery, pc="二")
        assert not one.merge(two.export(self.file())).refused
        for name, unit in UNITS.items():
            pc = self.pcs[name]
            pc.join(one.hand_out(unit, self.file()))
            assert one.merge(pc.export(self.file()), trust=[pc.ledger.code()]).done
        for name, unit in UNITS.items():
            self.pcs[name].merge(one.hand_out(unit, self.file()))
        two.merge(one.export(self.file()))
        for pc in self.pcs.values():
            pc.export(self.file())  # so that nobody takes back the merge that brought the certificates
        self.close()
        return self

    def twin(self, folder: Path) -> "World":
        """The same PCs in another folder, to be spoilt."""
        made = World(folder)
        made.recovery = self.recovery
        for name, pc in self.pcs.items():
            other = made.pcs[name]
            other.clock = Clock(pc.clock.now)
            shutil.copyfile(pc.path, other.path)
            shutil.copytree(pc.home / "keys", other.home / "keys")
        return made

    def collector(self, base: "World", seat: str = "one") -> Account:
        """A seat that has seen nothing since the beginning."""
        self.number += 1
        made = Account(self.folder, f"collector{self.number}", "")
        shutil.copyfile(base.pcs[seat].path, made.path)
        shutil.copytree(base.pcs[seat].home / "keys", made.home / "keys")
        return made

    def file(self, name: str = "copy", ending: str = ".gzcopy") -> Path:
        self.number += 1
        return self.folder / f"{name}-{self.number}{ending}"

    def close(self) -> None:
        for pc in self.pcs.values():
            pc.close()

    # -- what is asked of a PC -----------------------------------------------------------------------------

    def ids(self, pc: Pc) -> set[str]:
        return {i for some in pc.ledger.journal.operation_ids().values() for i in some}

    def cases(self, pc: Pc) -> set[str]:
        return {c.id for c in conflicts.list_conflicts(pc.ledger)}

    def text(self, unit: str) -> str:
        """Text nobody else wrote, from which it can be told whose it is."""
        self.number += 1
        return f"密{unit}{self.number:06d}"

    def suited(self, pc: Account) -> list[Copy]:
        """The copies that are meant for this PC."""
        return [c for c in self.copies if not pc.unit or c.unit == pc.unit]

    # -- what the world remembers ---------------------------------------------------------------------------

    def remember(self, pc: Pc, unit: str) -> None:
        """What a PC holds has left it (but for other units'): from now on it may never be lost anywhere."""
        left = (o for o in pc.ledger.journal.operations() if not unit or o.scope in ("all", unit))
        self.written.update((o.id, o.data) for o in left)

    def types(
        self, pc: Pc, scope: str, kind: str, key: str, fields: Iterable[str], heads: Iterable[str] | None = None
    ) -> None:
        """Somebody sets out to write these fields of a record; `heads`: as it was shown to him, None: as it is now."""
        record = record_id(pc.ledger.id, scope, kind, key)
        places = {f"{record}:{name}" for name in fields}
        self.typed |= places
        row = pc.ledger.journal.record(record)
        if heads is not None and row is not None and set(heads) != set(row.heads):
            self.opens |= places
            if row.deleted or row.deletion_contested or f"{record}:{DELETED}" in places:
                self.opens.add(f"{record}:{DELETED}")  # whether a row is deleted is about the whole row

    def writes(self, pc: Pc, operation: str) -> frozenset[str]:
        """The fields an operation writes."""
        if operation not in self.places:
            found = pc.ledger.journal.operation(operation)
            assert found is not None
            self.places[operation] = frozenset(
                f"{found.record(n)}:{name}" for n, revision in enumerate(found.revisions) for name in revision.set
            )
        return self.places[operation]

    def paper(self, pc: Pc, unit: str, name: str) -> Paper:
        """The form as it is opened now, on the draft that lies here."""
        return drafts_law.read(pc, unit, name, self.drafts.get((pc.path, unit, name)))

    def papers_at(self, pc: Pc) -> dict[DraftName, Paper]:
        return {name: paper for name, paper in self.drafts.items() if name[0] == pc.path}

    def forget_opened(self, pc: Account) -> None:
        """What lay open at this PC is closed: it showed what is gone."""
        for account in (pc, *pc.beside):
            self.opened.pop(account.name, None)
            self.shown.pop(account.name, None)


# -- merging -----------------------------------------------------------------------------------------------------


def at_work(world: World, pc: Account) -> None:
    """A seat whose certificate went with a restored backup uses the 恢复单 again."""
    if pc.beside and not pc.unit:
        try:
            pc.do(pc.ledger.needs_key)
        except EnvironmentFailed:
            pc.do(ledgers.recover, pc.ledger, world.recovery, pc=pc.name)


def merge(world: World, pc: Account, *files: Path, compare: bool = True) -> merging.Merge:
    """Merge, and hold the laws of merging against what happened; a seat mostly compares strangers' codes at once."""
    at_work(world, pc)
    before = world.ids(pc)
    kept = {(unit, name): pc.ledger.journal.draft(unit, name) for _, unit, name in world.papers_at(pc)}
    result = pc.merge(*files)
    codes = honest_refusals(world, result)
    world.asked += bool(codes)
    if compare and not pc.unit and world.asked % 3:
        compared: set[str] = set()
        while codes:  # who wrote, then maybe who brings it
            assert not codes & compared, "a copy is refused although its code was compared"
            compared |= codes
            result = pc.merge(*(p.file for p in result.refused), trust=sorted(compared))
            codes = honest_refusals(world, result)
    world.moved = True
    assert before <= world.ids(pc), "no operation is lost by a merge"
    for (unit, name), draft in kept.items():
        assert pc.ledger.journal.draft(unit, name) == draft, "a merge writes into a draft"
        world.paper(pc, unit, name)
    return result


def honest_refusals(world: World, result: merging.Merge) -> set[str]:
    """Everybody here is honest: refused is only who was stopped, or whose code is still to be compared; those codes."""
    codes: set[str] = set()
    for package in result.refused:
        if package.reason == "stopped":
            assert read_manifest(package.file).site in world.stopped, package.text
        else:
            assert package.reason == "unknown_key", package.text
            assert world.newcomers >= set(package.to_trust), package.text
            codes.update(package.to_trust)
    return codes


@contextmanager
def world_of(base: World) -> Iterator[World]:
    folder = fast_folder("laws")
    made = base.twin(folder)
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(folder, ignore_errors=True)


def dump(pc: Pc) -> list[tuple[Any, ...]]:
    return dump_of(pc.ledger)


def count_of(name: str, few: int) -> int:
    """How many times to try: few on every landing, more where the environment says so."""
    return int(os.environ.get(name) or few)
