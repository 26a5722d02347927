"""Entries of registers (台账) as frozen values: what is missing in them, which look the same, where each stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ganzhou_desktop.domain.canonical import DATE, Json
from ganzhou_desktop.domain.filings import Proof
from ganzhou_desktop.domain.plan import TEXT, Column, Plan, Register
from ganzhou_desktop.domain.typed import fits, half_width

REGISTER = "register"
"""The field of an entry's record that says which register it is in."""
PROOF_PREFIX = "proof/"

PENDING, IN_FORCE, ENDED = "pending", "in_force", "ended"
STATE_WORDS = {PENDING: "未生效", IN_FORCE: "有效", ENDED: "已失效"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of one unit's register, as the ledger holds it now.

    `values`: column name → canonical value, also of columns the plan no longer has; `contested`: the columns (and
    other fields) with 两处不一致.
    """

    key: str
    unit: str
    register: str
    values: Mapping[str, Json]
    record: str = ""
    heads: tuple[str, ...] = ()
    """What an edit is made against."""
    contested: frozenset[str] = frozenset()
    proofs: tuple[Proof, ...] = ()

    @property
    def id(self) -> tuple[str, str]:
        """(unit, key): a key alone is told apart within its unit only."""
        return self.unit, self.key


def entry_of_fields(
    unit: str,
    key: str,
    record: str,
    fields: Mapping[str, Json],
    *,
    heads: tuple[str, ...] = (),
    contested: frozenset[str] = frozenset(),
) -> Entry:
    """The entry that a record's fields say; proof files by name, their bytes looked up by whoever shows them."""
    proofs = tuple(
        Proof(
            "",
            name.removeprefix(PROOF_PREFIX),
            value.get("name") or "",
            value.get("size") or 0,
            value.get("kind") or "",
        )
        for name, value in sorted(fields.items())
        if name.startswith(PROOF_PREFIX) and value is not None
    )
    values = {
        name: value
        for name, value in fields.items()
        if value is not None and name != REGISTER and not name.startswith(PROOF_PREFIX)
    }
    return Entry(key, unit, str(fields.get(REGISTER) or ""), values, record, heads, contested, proofs)


def missing(columns: Iterable[Column], values: Mapping[str, Json]) -> tuple[Column, ...]:
    """Required columns that are still empty: said, never a reason to refuse."""
    return tuple(c for c in columns if c.required and values.get(c.name) in (None, ""))


def odd(columns: Iterable[Column], values: Mapping[str, Json]) -> tuple[Column, ...]:
    """Columns whose value is not of their form (from another version of the plan, or from outside)."""
    return tuple(c for c in columns if values.get(c.name) is not None and not fits(c, values[c.name]))


def day_of(values: Mapping[str, Json], name: str) -> date | None:
    """The day in a column; None when it is empty or no day."""
    value = values.get(name) if name else None
    return _day(value) if isinstance(value, str) else None


@lru_cache(maxsize=8192)  # the same few thousand days stand in every entry, and each is asked for by every rule
def _day(text: str) -> date | None:
    if not DATE.match(text):  # fromisoformat also takes 2018-W01-1
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def state_on(register: Register, values: Mapping[str, Json], on: date) -> str:
    """Where an entry stands on a day, by the register's `starts` and `ends`; in force where it has neither."""
    begins, ends = day_of(values, register.starts), day_of(values, register.ends)
    if ends is not None and ends <= on:
        return ENDED
    if register.starts and (begins is None or begins > on):
        return PENDING
    return IN_FORCE


def plain(text: str) -> str:
    """A name with what people write now so, now so taken out: width of letters and brackets, blanks, capitals."""
    return "".join(half_width(text).split()).lower()


def sameness(register: Register, values: Mapping[str, Json]) -> tuple[str, ...] | None:
    """What tells this thing from others; None while one of the columns is empty."""
    held = [values.get(name) for name in register.unique]
    parts = tuple("" if value is None else plain(str(value)) for value in held)
    return parts if parts and all(parts) else None


def duplicates(register: Register, entries: Iterable[Entry]) -> dict[tuple[str, str], tuple[Entry, ...]]:
    """Entry id → the other entries that look like the same thing (of any unit), for those that have some."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        same = sameness(register, entry.values)
        if same is not None:
            found.setdefault(same, []).append(entry)
    return {
        entry.id: tuple(other for other in group if other.id != entry.id)
        for group in found.values()
        if len(group) > 1
        for entry in group
    }


def called(plan: Plan, register: str, values: Mapping[str, Json]) -> str:
    """What people call the thing: its first text column (a 人才 entry begins with a choice, then the name)."""
    columns = plan.columns_by_register.get(register, ())
    texts = [c for c in columns if c.form == TEXT] or columns[:1]
    return next((str(values[c.name]) for c in texts if values.get(c.name)), "")


def may_write(plan: Plan, unit: str, register: str) -> bool:
    """Whether a unit keeps this register."""
    return register in plan.register_by_id and any(u.id == unit for u in plan.writers_of(register))
