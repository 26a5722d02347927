"""Registers (台账): reading them, saving and deleting entries, and the tally that targets are counted from."""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from ganzhou_desktop.domain.canonical import Json, clean_text
from ganzhou_desktop.domain.counting import Tally, make_tally
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.plan import Column, Register, Unit
from ganzhou_desktop.domain.registers import PROOF_PREFIX, REGISTER, Entry, entry_of_fields, may_write
from ganzhou_desktop.domain.typed import fits
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.store.filed_reads import version_of
from ganzhou_desktop.store.journal import BodyRow, Change

ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class Edit:
    """What to write into one entry: only the columns that changed.

    `key` is None for a new entry; `heads`: what the entry was when it was shown (`Entry.heads`), None for a new one.
    """

    values: Mapping[str, Json]
    key: str | None = None
    heads: tuple[str, ...] | None = None
    proofs: Mapping[str, Json] = field(default_factory=dict)
    """SHA-256 → name, size, kind of a file to attach, None for one to take away."""


@dataclass(frozen=True, slots=True)
class RegisterView:
    """A register as a page shows it: its definition, who keeps it, and every entry held here.

    `writable`: units this PC may write for, in 建制序 (one at a unit, all that keep it at the office).
    """

    register: Register
    columns: tuple[Column, ...]
    units: tuple[Unit, ...]
    writable: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class _Held:
    """Every entry of a ledger as of one version of it, and what they make."""

    version: tuple[int, int]
    entries: tuple[Entry, ...]
    by_register: Mapping[str, tuple[Entry, ...]]
    known: Mapping[str, tuple[str, Entry]]
    """Record → (its heads, the entry): the heads tell whether a record is still what it was."""
    tally: list[Tally]
    """One, once it was asked for."""


_held: WeakKeyDictionary[Ledger, _Held] = WeakKeyDictionary()


def _now(ledger: Ledger) -> _Held:
    """Everything held now: after a write one statement, in which only what changed is read out.

    Only the worker thread that reads the ledger calls this.
    """
    version, held = version_of(ledger.journal), _held.get(ledger)
    if held is None or held.version != version:
        before = {} if held is None else held.known
        known: dict[str, tuple[str, Entry]] = {}
        by_register: dict[str, list[Entry]] = {}
        rows = ledger.journal.bodies(ENTRY)
        differing = differing_fields(ledger, ENTRY, rows)
        for row in rows:
            pair = before.get(row.record)
            contested = differing.get((row.scope, row.key), frozenset())
            if pair is None or pair[0] != row.heads_json or pair[1].contested != contested:
                pair = (row.heads_json, _entry(row, contested))
            known[row.record] = pair
            by_register.setdefault(pair[1].register, []).append(pair[1])
        entries = tuple(entry for _, entry in known.values())
        lists = {name: tuple(some) for name, some in by_register.items()}
        held = _held[ledger] = _Held(version, entries, lists, known, [])
    return held


def read_entries(ledger: Ledger, register: str | None = None, unit: str | None = None) -> tuple[Entry, ...]:
    """Entries that are not deleted, by unit and key, in one statement at most, two if there are 两处不一致."""
    if unit is not None:
        return _entries(ledger, ledger.journal.bodies(ENTRY, register, scope=unit))
    held = _now(ledger)
    return held.entries if register is None else held.by_register.get(register, ())


def _entries(ledger: Ledger, rows: Sequence[BodyRow]) -> tuple[Entry, ...]:
    differing = differing_fields(ledger, ENTRY, rows)
    return tuple(_entry(row, differing.get((row.scope, row.key), frozenset())) for row in rows)


def differing_fields(ledger: Ledger, kind: str, rows: Iterable[BodyRow]) -> dict[tuple[str, str], frozenset[str]]:
    """(unit, key) → the fields with 两处不一致; asked for only where one of the rows has any."""
    return ledger.journal.differing(kind) if any(row.contested for row in rows) else {}


def _entry(row: BodyRow, contested: frozenset[str]) -> Entry:
    return entry_of_fields(row.scope, row.key, row.record, row.values(), heads=row.heads, contested=contested)


def read_register(ledger: Ledger, register: str, unit: str | None = None) -> RegisterView:
    """A register with its entries (of one unit); RuleBroken when the plan has none of that id."""
    plan = ledger.plan()
    kept = named_register(ledger, register)
    units = plan.writers_of(kept.id)
    mine = tuple(u.id for u in units if ledger.writable and ledger.journal.holds_scope(u.id))
    entries = read_entries(ledger, kept.id, unit)
    return RegisterView(kept, plan.columns_by_register[kept.id], units, mine, entries)


def named_register(ledger: Ledger, text: str) -> Register:
    """A register by id or name; RuleBroken when there is none."""
    plan = ledger.plan()
    for register in plan.registers:
        if text in (register.id, register.name, register.short):
            return register
    names = "、".join(r.name for r in plan.registers)
    have = f"方案里有：{names}" if names else "这个方案没有设台账"
    raise RuleBroken("unknown_register", f"没有叫“{text}”的台账；{have}。")


def entry_counts(ledger: Ledger) -> dict[tuple[str, str], int]:
    """(register id, unit id) → how many entries are held."""
    return Counter((entry.register, entry.unit) for entry in _now(ledger).entries)


def save_entries(ledger: Ledger, register: str, unit: str, edits: Sequence[Edit], *, title: str = "") -> list[str]:
    """Save new and changed entries as one act; returns their keys in order.

    RuleBroken when the unit does not keep the register, is not held here, a value is not of its column, or nothing
    changed.
    """
    _may_write(ledger, register, unit)
    columns = {c.name: c for c in ledger.plan().columns_by_register[register]}
    keys, changes = [], []
    for place, edit in enumerate(edits):
        for name, value in edit.values.items():
            if name not in columns or (value is not None and not fits(columns[name], value)):
                raise RuleBroken("bad_value", f"“{name}”不是这本台账的栏目，或填的值不合栏目要求，没有保存。")
        key = _new_key(ledger, place) if edit.key is None else edit.key
        keys.append(key)
        fields = {n: clean_text(v) if isinstance(v, str) else v for n, v in edit.values.items()}
        fields |= {f"{PROOF_PREFIX}{digest}": file for digest, file in edit.proofs.items()}
        if edit.key is None:
            filled = {name: value for name, value in fields.items() if value is not None}
            if filled:
                changes.append(Change(ENTRY, key, {REGISTER: register, **filled}))
        else:
            changes.append(Change(ENTRY, key, fields, edit.heads))
    name = ledger.plan().register_by_id[register].short
    some = title or (f"{name}：登记 {len(changes)} 条" if len(changes) > 1 else f"{name}：登记")
    ledger.act(some, {unit: changes})
    return keys


def _new_key(ledger: Ledger, place: int) -> str:
    """A key nobody else makes; by it entries stand in the order in which they were registered."""
    return f"{int(ledger.clock().timestamp() * 1000):012x}{place:05x}{secrets.token_hex(8)[1:]}"


def delete_entries(ledger: Ledger, register: str, entries: Iterable[Entry]) -> None:
    """Delete entries, of several units too, as one act that is undone as one.

    Their history stays, and so does what others wrote meanwhile (两处不一致).
    """
    gone: dict[str, list[Change]] = {}
    for entry in entries:
        gone.setdefault(entry.unit, []).append(Change(ENTRY, entry.key, {"deleted": True}, entry.heads or None))
    for unit in gone:
        _may_write(ledger, register, unit)
    name = ledger.plan().register_by_id[register].short
    titles = {unit: f"{name}：删除 {len(changes)} 条" for unit, changes in gone.items()}
    ledger.act(f"{name}：删除 {sum(map(len, gone.values()))} 条", gone, titles=titles)


def read_entry(ledger: Ledger, register: str, unit: str, key: str) -> Entry | None:
    """One entry as it is now; None when it is deleted or not held."""
    return next(iter(_entries(ledger, ledger.journal.bodies(ENTRY, register, scope=unit, key=key))), None)


def _may_write(ledger: Ledger, register: str, unit: str) -> None:
    plan = ledger.plan()
    if not may_write(plan, unit, register):
        name = plan.unit_by_id[unit].name if unit in plan.unit_by_id else unit
        raise RuleBroken("not_kept", f"“{named_register(ledger, register).name}”不由{name}登记，没有保存。")
    if not ledger.journal.holds_scope(unit):
        raise RuleBroken("foreign_scope", "这本台账不含这个单位的内容，不能代它登记。")


def read_tally(ledger: Ledger) -> Tally:
    """What all entries held here make of the plan's targets, kept until a write; on a unit's PC its own entries only."""
    plan = ledger.plan()
    if not plan.rules:
        return Tally(plan)
    held = _now(ledger)
    if not held.tally:
        held.tally.append(make_tally(plan, held.entries))
    return held.tally[0]
