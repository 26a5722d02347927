"""A world for the laws: two office seats, two PCs of one unit, one of another; a seed says what they do.

Everything goes through the services, as people do it.  A new kind of record joins by one line in `ACTIONS`.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from ganzhou_desktop.domain.canonical import Json, form_code
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.domain.forms import Form
from ganzhou_desktop.domain.records import DELETED
from ganzhou_desktop.services import (
    backups,
    conflicts,
    contacts,
    filing,
    ledgers,
    merging,
    periods,
    reviewing,
    taking_back,
    undoing,
)
from ganzhou_desktop.store.journal import Change
from tests.domain import plans
from tests.laws import drafts_law
from tests.store.kit import Clock, Pc
from tests.store.kit import dump as dump_of

PERIODS = ("2018Q1", "2018Q2")
UNITS = {"a": "ab", "b": "ab", "c": "cd"}
SEATS = ("one", "two")
ENTRIES = ("0" * 32, "1" * 32)


def law_plan() -> Any:
    """Two tasks that both units share, a number asked of each, so that forms have several fields."""
    return plans.plan(
        (plans.unit("ab"), plans.unit("cd", 2)),
        {"1": ("ab", "cd"), "2": ("cd", "ab")},
        targets=(plans.target("1a", "1", reporting_unit="ab"), plans.target("2a", "2", reporting_unit="cd")),
        settings={"due_day": "5", "proof_limit_mb": "20", "amber_days": "30", "lead_days": "30"},
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


class World:
    """Five PCs and every copy they ever made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pcs = {name: Pc(folder, name) for name in (*SEATS, *UNITS)}
        self.recovery = ""
        self.number = 0
        self.copies: list[Copy] = []
        self.saved: dict[str, list[Path]] = {}
        self.opened: dict[str, list[Form]] = {}
        self.stamped: list[Stamped] = []
        self.written: dict[str, bytes] = {}
        """Every operation that ever left a PC, by its id."""
        self.log: list[str] = []

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

    def collector(self, base: "World", seat: str = "one") -> Pc:
        """A seat that has seen nothing since the beginning."""
        self.number += 1
        made = Pc(self.folder, f"collector{self.number}")
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

    def unit_of(self, pc: Pc, random: Random) -> str:
        return UNITS[pc.name] if pc.name in UNITS else some_unit(random)

    def text(self, unit: str) -> str:
        """Text nobody else wrote, from which it can be told whose it is."""
        self.number += 1
        return f"密{unit}{self.number:06d}"

    def remember(self, pc: Pc, unit: str) -> None:
        """What a PC holds has left it (but for other units'): from now on it may never be lost anywhere."""
        left = (o for o in pc.ledger.journal.operations() if not unit or o.scope in ("all", unit))
        self.written.update((o.id, o.data) for o in left)


# -- what people do --------------------------------------------------------------------------------------------

Action = Callable[[World, Pc, Random], None]


def some_unit(random: Random) -> str:
    """Mostly the unit with two PCs: cases come from many people at one place."""
    return random.choice(("ab", "ab", "ab", "cd"))


def some_period(random: Random) -> str:
    return random.choices(PERIODS, (5, 1))[0]


def look(world: World, pc: Pc, random: Random) -> None:
    """Open a form and leave it open: it may be submitted much later."""
    state = pc.do(filing.form_state, pc.ledger, world.unit_of(pc, random), some_period(random))
    world.opened.setdefault(pc.name, []).append(state.form)


def type_in(world: World, pc: Pc, random: Random) -> None:
    """Change something in a form, old or fresh, and have it autosaved."""
    form = _some_form(world, pc, random)
    pc.do(filing.save_draft, pc.ledger, _typed(world, form, random))


def submit(world: World, pc: Pc, random: Random) -> None:
    """Submit what lies here as draft, or a form opened some time ago."""
    form = _some_form(world, pc, random)
    if random.random() < 0.5:
        form = _typed(world, form, random)
    state = pc.do(filing.form_state, pc.ledger, form.unit, form.period)
    blind = state.form == form and state.newer
    came = drafts_law.come_since(pc, form) if blind else {}
    mine = drafts_law.written_by(pc, form)
    try:
        filed = pc.do(filing.submit, pc.ledger, form, source="盖章表" if pc.name in SEATS else "")
    except RuleBroken as exc:
        if exc.code != "nothing_changed":
            raise
        return
    drafts_law.hides_nothing(pc, form, came, mine)
    values = dict(drafts_law.fields_at(pc, form.unit, form.period, (f"{filed}.0",)))
    world.stamped.append(Stamped(form.unit, form.period, filed, form_code(filed), values))


def _some_form(world: World, pc: Pc, random: Random) -> Form:
    opened = world.opened.get(pc.name, [])
    if opened and random.random() < 0.35:
        return random.choice(opened)
    unit, period = world.unit_of(pc, random), some_period(random)
    return pc.do(filing.form_state, pc.ledger, unit, period).form  # type: ignore[no-any-return]


def _typed(world: World, form: Form, random: Random) -> Form:
    matters = list(form.matters)
    for _ in range(random.choice((1, 1, 2))):
        number = random.randrange(len(matters))
        matter = matters[number]
        if matter.measurements and random.random() < 0.4:
            value = random.choice((None, Decimal(random.randint(0, 99))))
            matter = replace(matter, measurements=dict.fromkeys(matter.measurements, value))
        else:
            kind = random.choice((None, "progress", "no_progress"))
            matter = replace(matter, answer=Answer(kind, world.text(form.unit) if random.random() < 0.8 else ""))
        matters[number] = matter
    return replace(form, matters=tuple(matters))


def withdraw(world: World, pc: Pc, random: Random) -> None:
    """撤销 or 撤回: the last thing done here; a merge too."""
    step = undoing.undoable(pc.ledger)
    typed = {(u, p): drafts_law.typed_into(pc, u, p) for u, p in _drafts(pc)}
    with suppress(RuleBroken):
        done = pc.do(taking_back.undo_or_withdraw, pc.ledger)
        assert step is not None
        if done.merge:
            world.opened.pop(pc.name, None)  # forms that showed what came with it are closed
            for (unit, name), fields in typed.items():
                drafts_law.only_typed_words_stay(pc, unit, name, fields)


def entry(world: World, pc: Pc, random: Random) -> None:
    """Add or edit a row; sometimes on top of what was seen some time ago."""
    unit, key = world.unit_of(pc, random), random.choices(ENTRIES, (3, 1))[0]
    fields = {name: world.text(unit) for name in random.sample(("name", "note", "phone"), random.choice((1, 2)))}
    pc.act("登记", unit, Change("entry", key, fields))


def delete(world: World, pc: Pc, random: Random) -> None:
    unit = world.unit_of(pc, random)
    rows = [r for r in pc.ledger.journal.records(["entry"], scope=unit) if not r.deleted]
    if rows:
        pc.act("删去", unit, Change("entry", random.choice(rows).key, {DELETED: True}))


def contact(world: World, pc: Pc, random: Random) -> None:
    unit = world.unit_of(pc, random)
    with suppress(RuleBroken):
        pc.do(contacts.save_contacts, pc.ledger, {unit: {"phone": world.text(unit)}})


def answer(world: World, pc: Pc, random: Random) -> None:
    unit, period = some_unit(random), some_period(random)
    accept = random.random() < 0.5
    with suppress(RuleBroken):  # nothing submitted; nothing changed
        pc.do(
            reviewing.review,
            pc.ledger,
            unit,
            period,
            accept=accept,
            reason="" if accept else world.text(unit),
            tasks=() if accept else random.choice(((), ("1",), ("1", "2"))),
            received=date(2018, 4, random.randint(1, 28)),
        )


def period(world: World, pc: Pc, random: Random) -> None:
    name = some_period(random)
    with suppress(RuleBroken):
        if random.random() < 0.3:
            pc.do(periods.close_period, pc.ledger, name)
        else:
            pc.do(periods.open_period, pc.ledger, name, date(2018, random.randint(7, 12), random.randint(1, 28)))


def decide(world: World, pc: Pc, random: Random) -> None:
    """Decide one case; it is closed, and no other is."""
    cases = [c for c in conflicts.list_conflicts(pc.ledger) if conflicts.decidable(c, office=pc.ledger.office)]
    if not cases:
        return
    case = random.choice(cases)
    before = world.cases(pc)
    pc.do(conflicts.resolve, pc.ledger, case.id, take=random.choice(case.values).key)
    after = world.cases(pc)
    assert case.id not in after, "a decided case is closed"
    # Deciding that a deletion does not hold also writes after edits beside it; nothing else is touched.
    assert before - after == {case.id}, "no other case is closed by it"


def clock(world: World, pc: Pc, random: Random) -> None:
    """Somebody sets the clock, wrong by years."""
    pc.clock.now = datetime(2018, 4, 2, tzinfo=UTC) + timedelta(days=random.randint(-4000, 4000))


def send(world: World, pc: Pc, random: Random) -> None:
    file = world.file()
    if pc.name in SEATS and random.random() < 0.7:
        unit = some_unit(random)
        pc.hand_out(unit, file)
        world.copies.append(Copy(file, pc.name, unit))
    else:
        pc.export(file)
        world.copies.append(Copy(file, pc.name, UNITS.get(pc.name, "")))
    world.remember(pc, world.copies[-1].unit)


def receive(world: World, pc: Pc, random: Random) -> None:
    """Merge some of all the copies ever made, newest ones more often; old ones too."""
    suited = [c for c in world.copies if c.by != pc.name and (pc.name in SEATS or c.unit == UNITS[pc.name])]
    if suited:
        wanted = random.choices(suited, [n * n for n in range(1, len(suited) + 1)], k=random.choice((1, 1, 2, 3)))
        merge(world, pc, *(c.file for c in wanted))


def pass_on(world: World, pc: Pc, random: Random) -> None:
    """Send, and somebody takes it in at once."""
    send(world, pc, random)
    copy = world.copies[-1]
    others = [p for p in world.pcs.values() if p is not pc and (p.name in SEATS or copy.unit == UNITS[p.name])]
    merge(world, random.choice(others), copy.file)


def merge(world: World, pc: Pc, *files: Path) -> merging.Merge:
    """Merge, and hold the laws of merging against what happened."""
    before = world.ids(pc)
    kept = {(u, p): drafts_law.kept_draft(pc, u, p) for u, p in _drafts(pc)}
    result = pc.merge(*files)
    assert not result.refused, result.refused[0].text
    assert before <= world.ids(pc), "no operation is lost by a merge"
    for (unit, name), draft in kept.items():
        drafts_law.still_there(pc, unit, name, *draft)
    return result


def _drafts(pc: Pc) -> list[tuple[str, str]]:
    return [(u, p) for u in ("ab", "cd") for p in PERIODS if pc.ledger.journal.draft(u, p) is not None]


def save(world: World, pc: Pc, random: Random) -> None:
    file = world.file("backup", ".gzdb")
    pc.do(backups.backup, pc.ledger, file)
    world.saved.setdefault(pc.name, []).append(file)


def restore(world: World, pc: Pc, random: Random) -> None:
    """Go on from an older state with the same key; what never left this PC is gone, all else comes back."""
    if world.saved.get(pc.name):
        pc.close()
        source = random.choice(world.saved[pc.name])
        pc.do(backups.restore, source, pc.path, replace=True, clock=pc.clock)
        world.opened.pop(pc.name, None)


ACTIONS: dict[str, tuple[Action, float, bool]] = {
    "look": (look, 2, False),
    "type": (type_in, 4, False),
    "submit": (submit, 6, False),
    "withdraw": (withdraw, 2, False),
    "entry": (entry, 4, False),
    "delete": (delete, 1, False),
    "contact": (contact, 1, False),
    "answer": (answer, 3, True),
    "period": (period, 1, True),
    "decide": (decide, 1, False),
    "clock": (clock, 1, False),
    "send": (send, 2, False),
    "receive": (receive, 5, False),
    "pass on": (pass_on, 6, False),
    "save": (save, 1, False),
    "restore": (restore, 0.5, False),
}
"""Name → what to do, how often, whether only seats do it."""

BRINGS = {"receive", "restore", "withdraw"}
"""Actions after which other cases may be open than before, because other operations are held."""


def step(world: World, random: Random) -> Pc:
    """One person does one thing, at the PC returned; where nothing came in, cases change only where it was written."""
    pc = world.pcs[random.choice([*SEATS, *UNITS])]
    names = [name for name, (_, _, seats) in ACTIONS.items() if pc.name in SEATS or not seats]
    (name,) = random.choices(names, [ACTIONS[n][1] for n in names])
    world.log.append(f"{pc.name}: {name}")
    before, cases = world.ids(pc), world.cases(pc)
    ACTIONS[name][0](world, pc, random)
    if name not in BRINGS:
        after = world.ids(pc)
        assert before <= after
        touched = _touched(pc, after - before)
        assert {c for c in cases ^ world.cases(pc) if c not in touched} == set(), "a case opened or closed by itself"
    return pc


def _touched(pc: Pc, fresh: set[str]) -> set[str]:
    """The places these operations wrote; whether a row is deleted is about the whole row."""
    found = set()
    for wanted in fresh:
        operation = pc.ledger.journal.operation(wanted)
        assert operation is not None
        for number, revision in enumerate(operation.revisions):
            record = operation.record(number)
            found |= {f"{record}:{field}" for field in (*revision.set, DELETED)}
    return found


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
