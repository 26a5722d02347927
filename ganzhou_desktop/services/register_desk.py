"""What the page 台账 shows, read at once: a register's entries with what is odd about each, and the targets they make."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.plan import Plan, Target
from ganzhou_desktop.domain.registers import ENDED, IN_FORCE, PENDING, Entry, duplicates, missing, odd, state_on
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.registers import (
    Edit,
    RegisterView,
    entry_counts,
    read_entry,
    read_register,
    read_tally,
    save_entries,
)

GAPS, DOUBLES = "gaps", "doubles"
FILTERS = ("all", IN_FORCE, PENDING, ENDED, GAPS, DOUBLES)

_DRAFT = "entry:{register}:{key}"
"""Drafts of single entries lie beside those of the forms, under names no 期次 has."""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as a row: where it stands, which required columns are empty, which entries look the same."""

    entry: Entry
    state: str
    gaps: tuple[str, ...]
    doubles: tuple[Entry, ...]

    @property
    def id(self) -> tuple[str, str]:
        return self.entry.id

    def is_in(self, wanted: str) -> bool:
        """Whether a filter lets it through."""
        if wanted == GAPS:
            return bool(self.gaps)
        if wanted == DOUBLES:
            return bool(self.doubles)
        return wanted == "all" or self.state == wanted


@dataclass(frozen=True, slots=True)
class CountedTarget:
    """A target this register counts towards, with its number on the day."""

    target: Target
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class RegisterDesk:
    """A register on a day; `counts`: (register, unit) → entries held, of every register."""

    plan: Plan
    view: RegisterView
    rows: tuple[EntryRow, ...]
    targets: tuple[CountedTarget, ...]
    counts: Mapping[tuple[str, str], int]
    on: date


def read_desk(ledger: Ledger, register: str, on: date) -> RegisterDesk:
    """The page of one register, in a fixed number of statements."""
    plan = ledger.plan()
    view = read_register(ledger, register)
    rows = rows_of(view, view.entries, on)
    tally = read_tally(ledger)
    made = dict.fromkeys(rule.target for rule in plan.rules if rule.register == view.register.id)
    targets = tuple(CountedTarget(t := plan.target_by_id[name], tally.value(t, on)) for name in made)
    return RegisterDesk(plan, view, rows, targets, entry_counts(ledger), on)


def rows_of(view: RegisterView, entries: tuple[Entry, ...], on: date) -> tuple[EntryRow, ...]:
    """Entries with what is said about each."""
    same = duplicates(view.register, entries)
    required = tuple(c for c in view.columns if c.required)
    found = []
    for entry in entries:
        gaps = [c.title for c in missing(required, entry.values)]
        gaps += [f"{c.title}（写法不对）" for c in odd(view.columns, entry.values)]
        found.append(EntryRow(entry, state_on(view.register, entry.values, on), tuple(gaps), same.get(entry.id, ())))
    return tuple(found)


def save_cell(ledger: Ledger, entry: Entry, name: str, value: Json) -> Entry | None:
    """Save one cell against what was shown; returns the entry as it is now (values others wrote meanwhile included)."""
    save_entries(ledger, entry.register, entry.unit, [Edit({name: value}, entry.key, entry.heads)])
    return read_entry(ledger, entry.register, entry.unit, entry.key)


# -- drafts of the entry form ------------------------------------------------------------------------------------


def read_typed_entry(ledger: Ledger, register: str, unit: str, key: str) -> dict[str, str]:
    """What was typed into the form of an entry (`new` for a new one) and not saved, by column."""
    kept = ledger.journal.draft(unit, _DRAFT.format(register=register, key=key))
    return {} if kept is None else {str(k): str(v) for k, v in json.loads(kept[0]).items()}


def keep_typed_entry(ledger: Ledger, register: str, unit: str, key: str, typed: Mapping[str, str]) -> None:
    """Autosave of the entry form; nothing typed forgets it."""
    name = _DRAFT.format(register=register, key=key)
    if not ledger.writable:
        return
    if typed:
        ledger.journal.save_draft(unit, name, json.dumps(dict(typed), ensure_ascii=False), ledger.now())
    else:
        ledger.journal.drop_draft(unit, name)
