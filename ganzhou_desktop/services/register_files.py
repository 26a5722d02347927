"""Registers as workbooks: the sheet of what is on screen out; a clerk's workbook or pasted cells in, as a draft first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from ganzhou_desktop.documents import marking, values, workbook_reading, workbook_writing
from ganzhou_desktop.documents.values import ReadRow, SheetRows
from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.plan import DATE, DECIMAL, LONG_TEXT, Column, Plan, Register
from ganzhou_desktop.domain.provisional import SHOWN_SO
from ganzhou_desktop.domain.registers import Entry, called, day_of, missing, sameness
from ganzhou_desktop.domain.typed import fits, read_value, value_text
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
    read: SheetRows | None = None
    """The workbook as it was read, to give it back with marks."""

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
        typed: dict[str, Json] = {}
        wrong: list[tuple[str, str]] = []
        for name, cell in cells.items():
            try:
                typed[name] = read_value(columns[name], cell)
            except RuleBroken as exc:
                wrong.append((name, exc.text.removesuffix("；这一格没有改动。") + "。"))
        entry = by_key.get(key)
        if entry is None and not any(v is not None for v in typed.values()) and not wrong:
            continue
        double = None
        own = sameness(view.register, {**(entry.values if entry else {}), **typed})
        if own is not None:
            double = same.get(own) if entry is None else None
            if own in seen:
                wrong.append(
                    ("", f"和本表第 {seen[own]} 行是同一件（{'、'.join(_titles(view.register, columns))}都相同）。")
                )
            seen.setdefault(own, number)
        left = missing(view.columns, {**(entry.values if entry else {}), **typed})
        unread = {name for name, _ in wrong}  # filled in, though not so that it can be read
        remarks = tuple(f"“{c.title}”没有填。" for c in left if c.name not in unread)
        drafted.append(DraftRow(number, typed, tuple(wrong), entry, double, remarks))
    return Draft(view.register.id, unit, source, tuple(drafted), tuple(notes))


def read_import(ledger: Ledger, register: str, unit: str, path: Path) -> Draft:
    """What a workbook (.xlsx, .xls, .ods, .csv) would bring; rows exported from this register are known again."""
    view = read_register(ledger, register, unit)
    read = workbook_reading.read_workbook(path, _columns(view.columns), key_scope=_scope(ledger, register))
    notes = list(read.notes)
    if read.missing:
        notes.append(f"表里没有这些列，不动它们：{'、'.join(read.missing)}。")
    if read.unknown:
        notes.append(f"表里这些列不是这本台账的栏目，没有读：{'、'.join(read.unknown)}。")
    draft = draft_of_cells(
        ledger, register, unit, path.name, ((r.number, _own(r.id, unit), _whole(r, read)) for r in read.rows), notes
    )
    told = {row.number: row.id_problem for row in read.rows if row.id_problem}
    rows = tuple(replace(r, remarks=(*r.remarks, told[r.number])) if r.number in told else r for r in draft.rows)
    return replace(draft, rows=rows, read=read)


def read_pasted(ledger: Ledger, register: str, unit: str, text: str, first: str = "") -> Draft:
    """What cells copied in WPS or Excel would bring: with their titles, or from column `first` on."""
    view = read_register(ledger, register, unit)
    names = [c.name for c in view.columns]
    begin = names.index(first) if first in names else 0
    read = workbook_reading.read_pasted(text, _columns(view.columns))
    if read.header_row == 0 and begin:
        read = workbook_reading.read_pasted(text, _columns(view.columns[begin:]))
    rows = ((r.number, "", r.cells) for r in read.rows)
    return draft_of_cells(ledger, register, unit, "粘贴的内容", rows, read.notes)


def _whole(row: ReadRow, read: SheetRows) -> Mapping[str, object]:
    """A known row's empty cells were emptied by hand; a new row's are simply empty."""
    return {name: row.cells.get(name) for name in read.titles} if row.id else row.cells


def _own(row_id: str, unit: str) -> str:
    scope, _, key = row_id.partition("/")
    return key if scope == unit else ""


def _scope(ledger: Ledger, register: str) -> str:
    return f"{ledger.id}/{register}"


def _columns(columns: Iterable[Column]) -> list[values.Column]:
    kinds: dict[str, values.Kind] = {LONG_TEXT: "text"}
    return [
        values.Column(c.name, c.title, kinds.get(c.form, c.form), choices=c.choices, unit=c.unit)  # type: ignore[arg-type]
        for c in columns
    ]


def write_marked(ledger: Ledger, draft: Draft, out: Path) -> None:
    """The clerk's own workbook again, its wrong cells marked; RuleBroken for what came from the clipboard."""
    if draft.read is None:
        raise RuleBroken("no_workbook", "粘贴的内容没有原来的表可以标；请看对话框里的说明，改好再粘贴。")
    errors = [values.CellError(row.number, text, name) for row in draft.rows for name, text in row.wrong]
    marking.mark_errors(draft.read, out, errors)


def register_sheet(ledger: Ledger, register: str, entries: Sequence[Entry], words: str = "") -> values.Sheet:
    """The sheet of these entries in this order; `words`: the filter they went through."""
    plan = ledger.plan()
    kept = plan.register_by_id[register]
    columns = plan.columns_by_register[register]
    units = values.Column("unit_", "登记单位")
    rows = tuple(
        values.Row(
            (plan.unit_by_id[e.unit].name, *(cell_of(c, e.values.get(c.name)) for c in columns)), id=f"{e.unit}/{e.key}"
        )
        for e in entries
    )
    lines: tuple[str, ...] = (
        f"{plan.document.region}　共 {len(rows)} 条",
        f"范围：{words or '全部登记'}　导出：{ledger.today()}",
    )
    contested = [called(plan, register, e.values) or e.key for e in entries if e.contested]
    if contested:  # not in the cells: those are taken in again
        lines += (f"{SHOWN_SO}共 {len(contested)} 条：{'、'.join(contested)}",)
    foot = ("填报单位（盖章）：　　　　　　负责人：　　　　　　填表人：　　　　　　电话：　　　　　　日期：",)
    return values.Sheet(
        kept.short,
        f"{plan.document.region}{kept.name}",
        (units, *_columns(columns)),
        rows,
        lines,
        foot,
        frozen=2,
        key_scope=_scope(ledger, register),
        paper="A3" if len(columns) > 9 else "A4",
    )


def write_register(ledger: Ledger, register: str, entries: Sequence[Entry], out: Path, words: str = "") -> None:
    """Write these entries as a workbook that can be filled in and taken in again."""
    workbook_writing.write_workbook(out, [register_sheet(ledger, register, entries, words)])


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
    return tuple(e for e in read_entries(ledger, register, unit) if _year_of(kept, e) == year)


def _year_of(register: Register, entry: Entry) -> int | None:
    day = day_of(entry.values, register.starts)
    return None if day is None else day.year


def years_of(ledger: Ledger, register: str, unit: str) -> tuple[int, ...]:
    """Years in which entries of a unit began, the last one first."""
    kept = ledger.plan().register_by_id[register]
    years = {_year_of(kept, entry) for entry in read_entries(ledger, register, unit)}
    return tuple(sorted((year for year in years if year is not None), reverse=True))


def draft_of_year(ledger: Ledger, register: str, unit: str, year: int) -> Draft:
    """The entries of a year as new ones without their days; one that was copied before is told as a double."""
    plan = ledger.plan()
    kept, columns = plan.register_by_id[register], plan.columns_by_register[register]
    held = read_entries(ledger, register, unit)
    old = {e.key for e in held if _year_of(kept, e) == year}
    copies = [(copied_forward(plan, e), e) for e in held if e.key not in old]
    told = {tuple(sorted((k, str(v)) for k, v in values.items())): e for values, e in copies}
    same = {s: e for _, e in copies if (s := sameness(kept, e.values)) is not None}
    rows = []
    for number, entry in enumerate((e for e in held if e.key in old), 1):
        values = copied_forward(plan, entry)
        whole = tuple(sorted((k, str(v)) for k, v in values.items()))
        double = told.get(whole) or same.get(sameness(kept, entry.values) or ())
        days = "、".join(c.title for c in columns if c.form == DATE and c.name in entry.values)
        remarks = (f"“{days}”要重新填。",) if days else ()
        rows.append(DraftRow(number, values, entry=None, double=double, remarks=remarks))
    return Draft(register, unit, f"{year} 年的登记", tuple(row for row in rows if row.values))


def copied_forward(plan: Plan, entry: Entry) -> dict[str, Json]:
    """The values of a new entry made after an old one: everything but its days, which are to be typed anew."""
    days = {c.name for c in plan.columns_by_register[entry.register] if c.form == DATE}
    return {name: value for name, value in entry.values.items() if name not in days}


def cell_of(column: Column, value: Json) -> str | int | Decimal | date | bool | None:
    """A value as a workbook's typed cell; as text where it does not fit its column."""
    if value is None:
        return None
    if not fits(column, value):
        return value_text(column, value)
    if column.form == DECIMAL:
        return Decimal(value)
    if column.form == DATE:
        return date.fromisoformat(value)
    return value  # type: ignore[no-any-return]
