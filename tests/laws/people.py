"""What people do in the world of the laws.

Each says before it acts what the person typed (`World.types`): the laws ask whether just that came of it.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from ganzhou_desktop.domain import draft_moving
from ganzhou_desktop.domain.canonical import form_code
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.filings import CONTACTS, Answer
from ganzhou_desktop.domain.forms import FILED
from ganzhou_desktop.domain.kinds import ALL
from ganzhou_desktop.domain.records import DELETED
from ganzhou_desktop.domain.registers import REGISTER
from ganzhou_desktop.services import (
    applications,
    backups,
    conflicts,
    contacts,
    drafts,
    figures,
    filing,
    periods,
    registers,
    reviewing,
    taking_back,
    undoing,
)
from ganzhou_desktop.services.ledgers import SUBMIT
from ganzhou_desktop.services.registers import Edit
from ganzhou_desktop.store.journal import Change, RecordRow
from tests.laws import drafts_law
from tests.laws.drafts_law import Paper
from tests.laws.world import COLUMNS, FIGURE, ITEMS, PERIODS, Account, Copy, Stamped, World, at_work, merge

ENTRIES = ("0" * 32, "1" * 32)
TEXTS = ("title", "programme", "note")

Action = Callable[[World, Account, Random], None]


def some_unit(random: Random) -> str:
    """Mostly the unit with two PCs: cases come from many people at one place."""
    return random.choice(("ab", "ab", "ab", "cd"))


def unit_of(pc: Account, random: Random) -> str:
    return pc.unit or some_unit(random)


def some_period(random: Random) -> str:
    return random.choices(PERIODS, (5, 1))[0]


# -- forms -------------------------------------------------------------------------------------------------------


def look(world: World, pc: Account, random: Random) -> None:
    """Open a form and leave it open: it may be submitted much later."""
    paper = world.paper(pc, unit_of(pc, random), some_period(random))
    world.opened.setdefault(pc.name, []).append(paper)


def type_in(world: World, pc: Account, random: Random) -> None:
    """Change something in a form, old or fresh, and have it autosaved."""
    _keep(world, pc, _typed(world, _some_paper(world, pc, random), random))


def adopt(world: World, pc: Account, random: Random) -> None:
    """Compare the draft with what came since it was begun, and go on on top of that."""
    papers = world.papers_at(pc)
    if papers:
        name = random.choice(sorted(papers))
        paper = world.paper(pc, *name[1:])
        found = pc.do(drafts.compare_draft, pc.ledger, *name[1:])
        sides = (draft_moving.MINE, draft_moving.THEIRS, draft_moving.BOTH)
        choices = {d.place: random.choice(sides) for d in found if d.clash}
        pc.do(drafts.move_draft, pc.ledger, *name[1:], choices)
        world.drafts[name] = drafts_law.adopted(pc, paper, choices)


def submit(world: World, pc: Account, random: Random) -> None:
    """Submit what lies here as draft, or a form opened some time ago."""
    paper = _some_paper(world, pc, random)
    if random.random() < 0.5:
        paper = _typed(world, paper, random)
    form = paper.form
    fields = {*drafts_law.fields_of(paper.changes), FILED}
    world.types(pc, form.unit, filing.SUBMISSION, form.period, fields, paper.heads)
    before = drafts_law.unseen(pc, paper)
    try:
        filed = pc.do(filing.submit, pc.ledger, form, source="" if pc.unit else "盖章表")
    except RuleBroken as exc:
        if exc.code != "nothing_changed":
            raise
        return
    drafts_law.hides_nothing(pc, paper, before)
    world.drafts.pop((pc.path, form.unit, form.period), None)
    world.filed[filed] = frozenset(paper.changes)
    values = dict(drafts_law.fields_at(pc, form.unit, form.period, (f"{filed}.0",)))
    world.stamped.append(Stamped(form.unit, form.period, filed, form_code(filed), values))


def _keep(world: World, pc: Account, paper: Paper) -> None:
    pc.do(filing.save_draft, pc.ledger, paper.form)
    world.drafts[pc.path, paper.form.unit, paper.form.period] = paper


def _some_paper(world: World, pc: Account, random: Random) -> Paper:
    """A form that has long lain open, one with a draft, or any."""
    opened, begun = world.opened.get(pc.name, []), sorted(world.papers_at(pc))
    if opened and random.random() < 0.35:
        return random.choice(opened)
    if begun and random.random() < 0.35:
        return world.paper(pc, *random.choice(begun)[1:])
    return world.paper(pc, unit_of(pc, random), some_period(random))


def _typed(world: World, paper: Paper, random: Random) -> Paper:
    matters = list(paper.form.matters)
    for _ in range(random.choice((1, 1, 2))):
        number = random.randrange(len(matters))
        matter = matters[number]
        if matter.measurements and random.random() < 0.4:
            value = random.choice((None, Decimal(random.randint(0, 99))))
            matter = replace(matter, measurements=dict.fromkeys(matter.measurements, value))
        else:
            kind = random.choice((None, "progress", "no_progress"))
            text = world.text(paper.form.unit) if random.random() < 0.8 else ""
            matter = replace(matter, answer=Answer(kind, text))
        matters[number] = matter
    return paper.typing(replace(paper.form, matters=tuple(matters)))


def withdraw(world: World, pc: Account, random: Random) -> None:
    """撤销 or 撤回: the last thing done here; a merge too."""
    step = undoing.undoable(pc.ledger)
    if step is None:
        return
    if step.what == "merge":
        _undo_merge(world, pc)
        return
    operations = pc.ledger.journal.operations_of_step(step.seq)
    for operation in operations:
        world.typed |= world.deeds.get(operation.id) or world.writes(pc, operation.id)
    if step.nature != SUBMIT:
        with suppress(RuleBroken):  # written since
            pc.do(taking_back.undo_or_withdraw, pc.ledger)
        return
    name = (pc.path, operations[0].scope, operations[0].revisions[0].key)
    kept, paper = world.drafts.get(name), world.paper(pc, *name[1:])
    newer = kept is not None and kept.heads != drafts_law.heads_of(pc, *name[1:])
    with suppress(RuleBroken):
        pc.do(taking_back.undo_or_withdraw, pc.ledger)
        if not newer:
            own = {*world.filed[operations[0].id], *paper.typed, *(kept.typed if kept else ())}
            world.drafts[name] = drafts_law.taken_back(pc, paper.form, own)


def _undo_merge(world: World, pc: Account) -> None:
    before = world.ids(pc)
    pc.do(taking_back.undo_or_withdraw, pc.ledger)
    gone = before - world.ids(pc)
    assert gone, "an undone merge takes something out"
    world.moved = True
    world.forget_opened(pc)
    for name, paper in world.papers_at(pc).items():
        world.drafts[name] = drafts_law.without(pc, paper, gone)
        world.paper(pc, *name[1:])


def second_thoughts(world: World, pc: Account, random: Random) -> None:
    """Take a copy in, go on from what it brought, and take it back."""
    others = [p for p in world.pcs.values() if p.path != pc.path and (not pc.unit or p.unit in ("", pc.unit))]
    other = random.choice(others)
    at_work(world, other)
    unit = pc.unit or other.unit or some_unit(random)
    copy = Copy(world.file(), other.name, unit)
    world.copies.append(copy)
    other.export(copy.file) if other.unit else other.hand_out(unit, copy.file)
    world.remember(other, unit)
    before = world.ids(pc)
    merge(world, pc, copy.file)
    if world.ids(pc) != before:
        paper = world.paper(pc, unit, PERIODS[0])
        _keep(world, pc, _typed(world, paper, random))
        _undo_merge(world, pc)


# -- rows --------------------------------------------------------------------------------------------------------


def entry(world: World, pc: Account, random: Random) -> None:
    """Add or edit a row as the form of the register does; sometimes on top of what was seen some time ago."""
    unit = unit_of(pc, random)
    shown = _some_entry(world, pc, unit, random)
    unit = unit if shown is None else shown.unit  # at the office one that has lain open may be another unit's
    typed = {name: world.text(unit) for name in random.sample(COLUMNS, random.choice((1, 2)))}
    if shown is None:
        key = random.choices(ENTRIES, (3, 1))[0]
        world.types(pc, unit, "entry", key, {REGISTER, *typed})
        pc.act("登记", unit, Change("entry", key, {REGISTER: ITEMS, **typed}))
        return
    world.types(pc, shown.unit, "entry", shown.key, typed, shown.heads)
    pc.do(registers.save_entries, pc.ledger, ITEMS, shown.unit, [Edit(typed, shown.key, shown.heads)])


def _some_entry(world: World, pc: Account, unit: str, random: Random) -> registers.Entry | None:
    """What somebody edits: a row as it is, one that has lain open for long, or none: a new one."""
    open_ones = [e for e in world.shown.get(pc.name, []) if isinstance(e, registers.Entry)]
    rows = pc.do(registers.read_entries, pc.ledger, ITEMS, unit)
    if rows:
        world.shown.setdefault(pc.name, []).append(random.choice(rows))
    if open_ones and random.random() < 0.3:
        return random.choice(open_ones)
    return random.choice(rows) if rows and random.random() < 0.8 else None


def delete(world: World, pc: Account, random: Random) -> None:
    row = _some_entry(world, pc, unit_of(pc, random), random)
    if row is not None:
        world.types(pc, row.unit, "entry", row.key, {DELETED}, row.heads)
        pc.do(registers.delete_entries, pc.ledger, ITEMS, [row])


def contact(world: World, pc: Account, random: Random) -> None:
    unit = unit_of(pc, random)
    rows = pc.ledger.journal.records(["profile"], scope=unit)
    typed = {random.choice(CONTACTS): world.text(unit)}
    world.types(pc, unit, "profile", "profile", typed)
    pc.do(contacts.save_contacts, pc.ledger, {unit: {**_as_shown(rows, CONTACTS, random), **typed}})


def application(world: World, pc: Account, random: Random) -> None:
    """Apply for something, or change an application; sometimes on top of what was seen some time ago."""
    unit = unit_of(pc, random)
    found = sorted(applications.read_applications(pc.ledger, unit), key=lambda a: a.beneficiary)
    if not found or (len(found) < 2 and random.random() < 0.3):
        before = {r.key for r in pc.ledger.journal.records(["application"], scope=unit)}
        key = pc.do(applications.save_application, pc.ledger, unit, texts={"beneficiary": world.text(unit)})
        assert key not in before
        world.types(pc, unit, "application", key, {"beneficiary"})
        return
    shown = random.choice(found)
    open_ones = [a for a in world.shown.get(pc.name, []) if isinstance(a, applications.Application)]
    world.shown.setdefault(pc.name, []).append(shown)
    old = bool(open_ones) and random.random() < 0.3
    if old:
        shown = random.choice(open_ones)
    typed = {random.choice(TEXTS): world.text(shown.unit)}
    rows = pc.ledger.journal.records(["application"], scope=shown.unit, key=shown.key)
    said = {**({} if old else _as_shown(rows, TEXTS, random)), **typed}
    world.types(pc, shown.unit, "application", shown.key, typed, shown.heads)
    pc.do(applications.save_application, pc.ledger, shown.unit, key=shown.key, heads=shown.heads, texts=said)


def _as_shown(rows: list[RecordRow], names: tuple[str, ...], random: Random) -> dict[str, str]:
    """The other boxes of a form, which somebody leaves as they are; what is contested is only given where it is typed."""
    if random.random() < 0.5:
        return {}
    held = rows[0].fields if rows else {}
    return {n: str(held[n].value or "") if n in held else "" for n in names if n not in held or not held[n].contested}


# -- the office --------------------------------------------------------------------------------------------------


def answer(world: World, pc: Account, random: Random) -> None:
    unit, period = some_unit(random), some_period(random)
    accept = random.random() < 0.5
    received = date(2018, 4, random.randint(1, 28)) if random.random() < 0.7 else None
    held = {r.key: r.values() for r in pc.ledger.journal.records(["review"], scope=unit)}
    filed = filing.read_filings(pc.ledger, period, unit).get((unit, period))
    for one in filed.ids if filed else ():
        key = f"{period}/{one}"
        typed = {"verdict", "matter/1", "matter/2"}
        if received is not None or "received" not in held.get(key, {}):
            typed.add("received")
        world.types(pc, unit, "review", key, typed)
    with suppress(RuleBroken):  # nothing submitted; nothing changed
        pc.do(
            reviewing.review,
            pc.ledger,
            unit,
            period,
            accept=accept,
            reason="" if accept else world.text(unit),
            tasks=() if accept else random.choice(((), ("1",), ("1", "2"))),
            received=received,
        )


def period(world: World, pc: Account, random: Random) -> None:
    """Close a period, open it again, or only move its 应报日."""
    name = some_period(random)
    values = pc.ledger.journal.records(["period"], key=name)[0].values()
    if random.random() < 0.4:
        world.types(pc, ALL, "period", name, {"closed"})
        for unit in ("ab", "cd"):
            world.types(pc, unit, "closing", name, {"filings"})
        with suppress(RuleBroken):
            pc.do(periods.close_period, pc.ledger, name)
        return
    reopen = values.get("closed") is not False
    world.types(pc, ALL, "period", name, {"due", *({"closed"} if reopen else ()), *({"first", "last"} - values.keys())})
    with suppress(RuleBroken):
        day = date(2018, random.randint(7, 12), random.randint(1, 28))
        pc.do(periods.open_period, pc.ledger, name, day)


def figure(world: World, pc: Account, random: Random) -> None:
    """Confirm a figure, correct only its basis, or take it back."""
    (row,) = pc.ledger.journal.records(["figure"], key=FIGURE)
    world.number += 1
    basis, held = f"依据{world.number}", row.fields.get("confirmed")
    value = "" if random.random() < 0.2 else str(random.randint(1, 99))
    typed = {"confirmed", "basis"}
    if held is not None and held.value is not None and not held.contested and random.random() < 0.4:
        value, typed = str(held.value), {"basis"}
    world.types(pc, ALL, "figure", FIGURE, typed)
    with suppress(RuleBroken):  # nothing changed
        pc.do(figures.confirm, pc.ledger, FIGURE, value, basis)


def decide(world: World, pc: Account, random: Random) -> None:
    """Decide one case; it is closed, and no other is."""
    cases = [c for c in conflicts.list_conflicts(pc.ledger) if conflicts.decidable(c, office=not pc.unit)]
    if not cases:
        return
    case = random.choice(cases)
    before = world.cases(pc)
    world.typed.add(case.id)
    pc.do(conflicts.resolve, pc.ledger, case.id, take=random.choice(case.values).key)
    # Deciding that a deletion does not hold also writes after edits beside it; nothing else is touched.
    assert before - world.cases(pc) == {case.id}, "a decided case is closed, and no other is by it"


# -- copies, clocks and backups --------------------------------------------------------------------------------


def clock(world: World, pc: Account, random: Random) -> None:
    """Somebody sets the clock, wrong by years."""
    pc.clock.now = datetime(2018, 4, 2, tzinfo=UTC) + timedelta(days=random.randint(-4000, 4000))


def send(world: World, pc: Account, random: Random) -> None:
    file = world.file()
    if not pc.unit and random.random() < 0.7:
        unit = some_unit(random)
        pc.hand_out(unit, file)
        world.copies.append(Copy(file, pc.name, unit))
    else:
        pc.export(file)
        world.copies.append(Copy(file, pc.name, pc.unit))
    world.remember(pc, world.copies[-1].unit)


def receive(world: World, pc: Account, random: Random) -> None:
    """Merge some of all the copies ever made, newest ones more often; old ones too."""
    suited = [c for c in world.suited(pc) if c.by != pc.name]
    if suited:
        wanted = random.choices(suited, [n * n for n in range(1, len(suited) + 1)], k=random.choice((1, 1, 2, 3)))
        merge(world, pc, *(c.file for c in wanted))


def pass_on(world: World, pc: Account, random: Random) -> None:
    """Send, and somebody takes it in at once."""
    send(world, pc, random)
    copy = world.copies[-1]
    others = [p for p in world.pcs.values() if p.path != pc.path and copy in world.suited(p)]
    merge(world, random.choice(others), copy.file)
    world.moved = False  # nothing came here


def save(world: World, pc: Account, random: Random) -> None:
    file = world.file("backup", ".gzdb")
    pc.do(backups.backup, pc.ledger, file)
    world.saved.setdefault(pc.path, []).append((file, world.papers_at(pc)))


def restore(world: World, pc: Account, random: Random) -> None:
    """Go on from an older state with the same key; what never left this PC is gone, all else comes back."""
    if world.saved.get(pc.path):
        pc.close()
        source, papers = random.choice(world.saved[pc.path])
        pc.do(backups.restore, source, pc.path, replace=True, clock=pc.clock)
        for name in world.papers_at(pc):
            del world.drafts[name]
        world.drafts |= papers
        world.forget_opened(pc)
        world.moved = True
