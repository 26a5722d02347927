"""What the page 台账 shows, read at once: a register's entries with what is odd about each, and the targets they make."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from weakref import WeakKeyDictionary

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.gauges import Gauge, brief_gauges
from ganzhou_desktop.domain.plan import Column, Plan, Register, Target
from ganzhou_desktop.domain.registers import ENDED, IN_FORCE, PENDING, Entry, duplicates, missing, odd, state_on
from ganzhou_desktop.domain.reported import NOTHING
from ganzhou_desktop.domain.typed import half_width
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


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as a row: where it stands, which required columns are empty, which entries look the same."""

    entry: Entry
    state: str
    gaps: tuple[str, ...]
    doubles: tuple[Entry, ...]
    hay: str = field(default="", repr=False, compare=False)
    """What is searched: all its values, written plainly."""

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
    """A target this register counts towards, with its number on the day.

    `gauge`: the number held against the target on that day; None at a unit, which holds a part of the number.
    """

    target: Target
    value: Decimal | None
    provisional: bool = False
    """Whether an entry that counts, or may, is 两处不一致."""
    gauge: Gauge | None = None


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
    kept = _rows.get(ledger)
    told = (view.register, view.columns, on)
    known = kept[1] if kept is not None and kept[0] == told else {}
    rows = rows_of(view, view.entries, on, known)
    _rows[ledger] = told, {row.entry.record: row for row in rows}
    tally = read_tally(ledger)
    made = dict.fromkeys(rule.target for rule in plan.rules if rule.register == view.register.id)
    # Counted targets need no filing: what was typed beside them is shown where they are opened.
    gauges = {g.id: g for g in brief_gauges(plan, (), NOTHING, on, None, tally)} if made and ledger.office else {}
    targets = tuple(
        CountedTarget(t := plan.target_by_id[name], tally.value(t, on), tally.doubtful(name), gauges.get(name))
        for name in made
    )
    return RegisterDesk(plan, view, rows, targets, entry_counts(ledger), on)


_Told = tuple[Register, tuple[Column, ...], date]
_rows: WeakKeyDictionary[Ledger, tuple[_Told, Mapping[str, EntryRow]]] = WeakKeyDictionary()
"""The rows of the register read last, by record: those of entries that did not change stay as they are."""


def rows_of(
    view: RegisterView, entries: tuple[Entry, ...], on: date, known: Mapping[str, EntryRow] | None = None
) -> tuple[EntryRow, ...]:
    """Entries with what is said about each; `known`: rows made before for the same register and day."""
    same = duplicates(view.register, entries)
    required = tuple(c for c in view.columns if c.required)
    found = []
    for entry in entries:
        row = known.get(entry.record) if known else None
        if row is not None and row.entry is entry:
            doubles = same.get(entry.id, ())
            found.append(row if row.doubles == doubles else replace(row, doubles=doubles))
            continue
        gaps = [c.title for c in missing(required, entry.values)]
        gaps += [f"{c.title}（写法不对）" for c in odd(view.columns, entry.values)]
        hay = half_width("\n".join(map(str, entry.values.values()))).lower()
        state = state_on(view.register, entry.values, on)
        found.append(EntryRow(entry, state, tuple(gaps), same.get(entry.id, ()), hay))
    return tuple(found)


def save_cell(ledger: Ledger, entry: Entry, name: str, value: Json) -> Entry | None:
    """Save one cell against what was shown; returns the entry as it is now (values others wrote meanwhile included)."""
    save_entries(ledger, entry.register, entry.unit, [Edit({name: value}, entry.key, entry.heads)])
    return read_entry(ledger, entry.register, entry.unit, entry.key)


def draft_name(register: str, key: str) -> str:
    """The name of the draft of an entry (`new` for a new one), beside those of the forms: one no 期次 has."""
    return f"entry:{register}:{key}"
