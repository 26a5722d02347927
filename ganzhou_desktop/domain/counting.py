"""Targets counted from register entries: what each rule makes of them on a day, and which entries are behind it.

Two entries that look like the same thing (`Register.unique`) count once: the first in 建制序 stands for both.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ganzhou_desktop.domain.canonical import Json, is_decimal
from ganzhou_desktop.domain.conditions import all_hold, read_conditions
from ganzhou_desktop.domain.pace import SUMMED, judged_year
from ganzhou_desktop.domain.plan import (
    EVERY_YEAR,
    GROUPS,
    NEW,
    SHARE,
    STANDING_STOCK,
    SUM,
    Plan,
    Register,
    Rule,
    Target,
)
from ganzhou_desktop.domain.registers import Entry, day_of, sameness


@dataclass(frozen=True, slots=True)
class Member:
    """One entry looked at for a number: whether it counts on that day, as how much, and why."""

    entry: Entry
    rule: str
    counted: bool
    amount: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class _Event:
    """An entry that meets a rule's conditions, from its day to the day it no longer counts."""

    begins: date
    ends: date | None
    group: str
    amount: Decimal
    whole: Decimal
    entry: Entry


@dataclass(frozen=True, slots=True)
class _Sorted:
    rule: Rule
    need: int
    events: Sequence[_Event]
    windowed: bool
    """Whether only what began in the window counts (new things), or whatever stands on the day."""
    days: Sequence[date]
    ended: Sequence[date]
    crooked: Sequence[date]
    """First days of entries that end before they begin: they never stand."""
    left_out: Sequence[tuple[Entry, str]]


@dataclass(frozen=True)
class Tally:
    """Everything counted from the entries of a ledger; made once, asked for many days."""

    plan: Plan
    _by_target: Mapping[str, tuple[_Sorted, ...]] = field(default_factory=dict)

    def counts(self, target: str) -> bool:
        """Whether this target is counted from entries: its rules' registers have any."""
        return target in self._by_target

    def value(self, target: Target, on: date) -> Decimal | None:
        """The number on a day; None where it is not counted (or a share of nothing)."""
        rules = self._by_target.get(target.id)
        if rules is None:
            return None
        window = self._window(target, on)
        values = [_value(rule, window, on) for rule in rules]
        known = [value for value in values if value is not None]
        return sum(known, Decimal(0)) if known else None

    def members(self, target: Target, on: date) -> tuple[Member, ...]:
        """Every entry of the rules' registers, the counted ones first, each with why."""
        window = self._window(target, on)
        found = [m for rule in self._by_target.get(target.id, ()) for m in _members(rule, window, on)]
        return tuple(sorted(found, key=lambda m: not m.counted))

    def _window(self, target: Target, on: date) -> tuple[date, date]:
        """First and last day of what counts as new: since the plan, or in the judged year."""
        document = self.plan.document
        first, last = document.issued, min(on, document.deadline)
        if target.kind == EVERY_YEAR:
            year = judged_year(on, document.deadline)
            first = date(year, 1, 1)
        return first, last


def make_tally(plan: Plan, entries: Iterable[Entry]) -> Tally:
    """What the entries (deleted ones left out by the caller) make of the plan's targets."""
    order = {u.id: u.order for u in plan.units}
    by_register: dict[str, list[Entry]] = {}
    for entry in entries:
        by_register.setdefault(entry.register, []).append(entry)
    for held in by_register.values():
        held.sort(key=lambda e: (order.get(e.unit, len(order)), e.unit, e.key))
    once = {
        name: _once(plan.register_by_id[name], held)
        for name, held in by_register.items()
        if name in plan.register_by_id
    }
    found = {}
    for target, rules in plan.rules_by_target.items():
        if any(rule.register in once for rule in rules):
            windowed = plan.target_by_id[target].kind in SUMMED
            found[target] = tuple(_sorted(plan, rule, windowed, *once.get(rule.register, ((), ()))) for rule in rules)
    return Tally(plan, found)


def _once(register: Register, entries: Iterable[Entry]) -> tuple[list[Entry], list[tuple[Entry, str]]]:
    """(entries that stand for themselves, those that look like one of them)."""
    seen: dict[tuple[str, ...], Entry] = {}
    kept, doubles = [], []
    for entry in entries:
        same = sameness(register, entry.values)
        if same is not None and same in seen:
            doubles.append((entry, "不计：与另一条是同一件（疑似重复），只计一次"))
            continue
        if same is not None:
            seen[same] = entry
        kept.append(entry)
    return kept, doubles


def _sorted(
    plan: Plan, rule: Rule, windowed: bool, entries: Iterable[Entry], doubles: Sequence[tuple[Entry, str]]
) -> _Sorted:
    register = plan.register_by_id[rule.register]
    conditions = read_conditions(rule.where)
    titles = {c.name: c.title for c in plan.columns_by_register[rule.register]}
    day, until = rule.date or register.starts, rule.until or register.ends
    events, left_out = [], list(doubles)
    for entry in entries:
        begins = day_of(entry.values, day)
        if not all_hold(conditions, entry.values):
            failed = next(c.column for c in conditions if not c.holds(entry.values))
            left_out.append((entry, f"不计：“{titles.get(failed, failed)}”不合计数条件"))
        elif begins is None:
            left_out.append((entry, f"不计：没有填“{titles.get(day, day)}”"))
        else:
            ends = day_of(entry.values, until)
            group = str(entry.values.get(rule.group) or "") if rule.group else ""
            amount, whole = (
                _number(entry.values.get(name)) if name else Decimal(1) for name in (rule.amount, rule.whole)
            )
            events.append(_Event(begins, ends, group, amount, whole, entry))
    events.sort(key=lambda e: e.begins)
    figure = plan.figure_by_id.get(rule.threshold)
    need = 1 if figure is None or figure.effective is None else max(1, int(figure.effective))
    ended = sorted(e.ends for e in events if e.ends is not None and e.ends >= e.begins)
    crooked = [e.begins for e in events if e.ends is not None and e.ends < e.begins]
    return _Sorted(rule, need, events, windowed, [e.begins for e in events], ended, crooked, left_out)


def _number(value: Json) -> Decimal:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return Decimal(value) if isinstance(value, str) and is_decimal(value) else Decimal(0)


def _value(rule: _Sorted, window: tuple[date, date], on: date) -> Decimal | None:
    first, last = window
    low, high = bisect_left(rule.days, first), bisect_right(rule.days, last)
    match rule.rule.how:
        case "stock":
            return Decimal(
                bisect_right(rule.days, on) - bisect_right(rule.ended, on) - sum(d <= on for d in rule.crooked)
            )
        case "new":
            return Decimal(max(0, high - low))
        case "sum":
            return sum((e.amount for e in rule.events[low:high]), Decimal(0))
        case "groups":
            return Decimal(len(_full_groups(rule, window, on)))
    latest = _latest(rule, on)
    whole = sum((e.whole for e in latest), Decimal(0))
    return round(sum((e.amount for e in latest), Decimal(0)) * 100 / whole, 2) if whole else None


def _within(rule: _Sorted, event: _Event, window: tuple[date, date], on: date) -> str:
    """Why an event does not lie in what is counted that day; empty when it does."""
    if rule.windowed:
        first, last = window
        if event.begins < first:
            return f"不计：在 {first} 之前"
        return f"不计：在 {last} 之后" if event.begins > last else ""
    if event.begins > on:
        return f"不计：{event.begins} 才开始"
    return f"不计：{event.ends} 起失效" if event.ends is not None and event.ends <= on else ""


def _full_groups(rule: _Sorted, window: tuple[date, date], on: date) -> set[str]:
    sizes = Counter(e.group for e in rule.events if e.group and not _within(rule, e, window, on))
    return {group for group, size in sizes.items() if size >= rule.need}


def _latest(rule: _Sorted, on: date) -> list[_Event]:
    """The last entry of each group of each unit that had begun."""
    return list({(e.entry.unit, e.group): e for e in rule.events if e.begins <= on}.values())


def _members(rule: _Sorted, window: tuple[date, date], on: date) -> Iterator[Member]:
    how = rule.rule.how
    full = _full_groups(rule, window, on) if how == GROUPS else set()
    latest = {e.entry.id for e in _latest(rule, on)} if how == SHARE else set()
    for event in rule.events:
        why = _within(rule, event, window, on)
        if not why and how == GROUPS and event.group not in full:
            why = f"不计：“{event.group}”只有不到 {rule.need} 条" if event.group else "不计：没有填属于哪一项"
        elif not why and how == SHARE and event.entry.id not in latest:
            why = "不计：有更近的一条"
        if why:
            yield Member(event.entry, rule.rule.id, False, Decimal(0), why)
        else:
            words = {NEW: "新增", STANDING_STOCK: "当日有效", SUM: "计入合计", GROUPS: f"“{event.group}”已达到门槛"}
            yield Member(event.entry, rule.rule.id, True, event.amount, f"计入：{words.get(how, '最近一条')}")
    for entry, why in rule.left_out:
        yield Member(entry, rule.rule.id, False, Decimal(0), why)
