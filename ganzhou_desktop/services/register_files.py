"""Registers as workbooks: the sheet of what is on screen out; a clerk's workbook or pasted cells in, as a draft first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.plan import DATE, DECIMAL, Column, Plan, Register
from ganzhou_desktop.domain.registers import Entry, day_of, missing, sameness
from ganzhou_desktop.domain.typed import read_value
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.registers import Edit, read_entries, read_register, save_entries

SAME, NEW, CHANGED, WRONG = "same", "new", "changed", "wrong"
VERDICT_WORDS = {SAME: "没有变化", NEW: "新增", CHANGED: "改动", WRONG: "有错，不收"}


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One row of a workbook as it would be taken in.

    `number`: its row there (from 1); `values`: of the columns the workbook has, in canonical form, None where it was
    cleared; `wrong`: (column name or empty, sentence); `entry`: the one it changes; `double`: one that looks the same.
    """

    number: int
    values: Mapping[str, Json]
    wrong: tuple[tuple[str, str], ...] = ()
    entry: Entry | None = None
    double: Entry | None = None
    remarks: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        if self.wrong:
            return WRONG
        if self.entry is None:
            return NEW
        return CHANGED if self.changes else SAME

    @property
    def changes(self) -> dict[str, Json]:
        """Of an existing entry: the columns in which the row differs."""
        held = {} if self.entry is None else self.entry.values
        return {name: value for name, value in self.values.items() if value != held.get(name)}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a workbook or the clipboard would bring into a unit's register; nothing is written yet."""

    register: str
    unit: str
    source: str
    rows: tuple[DraftRow, ...]
    notes: tuple[str, ...] = ()

    def count(self, verdict: str) -> int:
        return sum(row.verdict == verdict for row in self.rows)


def draft_of_cells(
    ledger: Ledger,
    register: str,
    unit: str,
    source: str,
    rows: Iterable[tuple[int, str, Mapping[str, object]]],
    notes: Sequence[str] = (),
) -> Draft:
    """A draft from rows of (number, entry key or empty, column name → cell).

    Cells are typed values or text; each wrong one is told with its column, and the whole row then stays out.
    """
    view = read_register(ledger, register, unit)
    columns = {c.name: c for c in view.columns}
    by_key = {e.key: e for e in view.entries}
    same = {s: e for e in view.entries if (s := sameness(view.register, e.values)) is not None}
    drafted = []
    seen: dict[tuple[str, ...], int] = {}
    for number, key, cells in rows:
        values: dict[str, Json] = {}
        wrong: list[tuple[str, str]] = []
        for name, cell in cells.items():
            try:
                values[name] = read_value(columns[name], cell)
            except RuleBroken as exc:
                wrong.append((name, exc.text.removesuffix("；这一格没有改动。") + "。"))
        entry = by_key.get(key)
        if entry is None and not any(v is not None for v in values.values()) and not wrong:
            continue
        double = None
        own = sameness(view.register, {**(entry.values if entry else {}), **values})
        if own is not None:
            double = same.get(own) if entry is None else None
            if own in seen:
                wrong.append(
                    ("", f"和本表第 {seen[own]} 行是同一件（{'、'.join(_titles(view.register, columns))}都相同）。")
                )
            seen.setdefault(own, number)
        left = missing(view.columns, {**(entry.values if entry else {}), **values})
        remarks = tuple(f"“{c.title}”没有填。" for c in left)
        drafted.append(DraftRow(number, values, tuple(wrong), entry, double, remarks))
    return Draft(view.register.id, unit, source, tuple(drafted), tuple(notes))


def _titles(register: Register, columns: Mapping[str, Column]) -> list[str]:
    return [columns[name].title for name in register.unique]


def take_in(ledger: Ledger, draft: Draft, *, doubles: bool = False) -> tuple[int, int]:
    """Save what a draft would bring, as one act; (new, changed) entries.  Wrong rows stay out, doubles unless asked."""
    edits, new, changed = [], 0, 0
    for row in draft.rows:
        if row.verdict == NEW and (doubles or row.double is None):
            edits.append(Edit({n: v for n, v in row.values.items() if v is not None}))
            new += 1
        elif row.verdict == CHANGED and row.entry is not None:
            edits.append(Edit(row.changes, row.entry.key, row.entry.heads))
            changed += 1
    if not edits:
        raise RuleBroken("nothing_changed", f"“{draft.source}”里没有可以收下的新内容，台账没有变。")
    name = ledger.plan().register_by_id[draft.register].short
    save_entries(ledger, draft.register, draft.unit, edits, title=f"{name}：从“{draft.source}”导入 {len(edits)} 条")
    return new, changed


def last_year(ledger: Ledger, register: str, unit: str, year: int) -> tuple[Entry, ...]:
    """A unit's entries that began in a year, to be offered again as new ones in the next (照上年)."""
    kept = ledger.plan().register_by_id[register]
    held = read_entries(ledger, register, unit)
    return tuple(e for e in held if (day := day_of(e.values, kept.starts)) is not None and day.year == year)


def copied_forward(plan: Plan, entry: Entry) -> dict[str, Json]:
    """The values of a new entry made after an old one: everything but its days, which are to be typed anew."""
    days = {c.name for c in plan.columns_by_register[entry.register] if c.form == DATE}
    return {name: value for name, value in entry.values.items() if name not in days}


def cell_of(column: Column, value: Json) -> str | int | Decimal | date | bool | None:
    """A value as a workbook's typed cell."""
    if value is None:
        return None
    if column.form == DECIMAL:
        return Decimal(value)
    if column.form == DATE:
        return date.fromisoformat(value)
    return value  # type: ignore[no-any-return]
