"""Targets counted from register entries: what each rule makes of them on a day, and which entries are behind it.

Entries that look like the same thing (`Register.unique`) count once: of those that meet the rule's conditions and have
its day, the first in 建制序 stands for all.  What is counted as it stands on a day stands as long as any of them does.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from ganzhou_desktop.domain.canonical import Json, is_decimal
from ganzhou_desktop.domain.conditions import read_conditions
from ganzhou_desktop.domain.pace import SUMMED, judged_year, rounded
from ganzhou_desktop.domain.plan import (
    EVERY_YEAR,
    GROUPS,
    NEW,
    SHARE,
    STANDING_STOCK,
    SUM,
    Plan,
    Rule,
    Target,
)
from ganzhou_desktop.domain.records import DELETED
from ganzhou_desktop.domain.registers import REGISTER, Entry, day_of, plain, sameness


@dataclass(frozen=True, slots=True)
class Member:
    """One entry looked at for a number: whether it counts on that day, as how much, and why."""

    entry: Entry
    rule: str
    counted: bool
    amount: Decimal
    why: str
    provisional: bool = False
    """Whether two PCs differ in what decides that."""


@dataclass(frozen=True, slots=True)
class _Event:
    """An entry that meets a rule's conditions, from its day to the day it no longer counts."""

    begins: date
    ends: date | None
    group: str
    """The column's text written plainly, so that one enterprise is one group however its name was typed."""
    group_shown: str
    amount: Decimal
    whole: Decimal
    entry: Entry
    place: int
    """Among all entries in 建制序."""
    thing: object
    """Equal for entries that look like the same thing."""


@dataclass(frozen=True, slots=True)
class _Sorted:
    rule: Rule
    need: int
    events: Sequence[_Event]
    """By day, those of one day in 建制序."""
    windowed: bool
    """Whether only what began in the window counts (new things), or whatever stands on the day."""
    days: Sequence[date]
    standing: tuple[Sequence[date], Sequence[date]]
    """First days, and first days no longer, of every stretch in which a thing stands; each thing once at a time."""
    left_out: Sequence[tuple[Entry, str]]
    doubtful: Collection[tuple[str, str]]
    """Ids of the entries, counted or not, of which two PCs wrote differently what the rule looks at."""
    doubtful_need: bool


@dataclass(frozen=True)
class Tally:
    """Everything counted from the entries of a ledger; made once, asked for many days."""

    plan: Plan
    _by_target: Mapping[str, tuple[_Sorted, ...]] = field(default_factory=dict)

    def counts(self, target: str) -> bool:
        """Whether this target is counted from entries: any meets a rule's conditions and has its day.

        A register may serve several targets; entries kept for one of them make no 0 of another that is typed.
        """
        rules = self._by_target.get(target)
        return rules is not None and any(rule.events for rule in rules)

    def doubtful(self, target: str) -> bool:
        """Whether entries that count for it, or may, are 两处不一致 in what counts."""
        return any(rule.doubtful or rule.doubtful_need for rule in self._by_target.get(target, ()))

    def value(self, target: Target, on: date) -> Decimal | None:
        """The number on a day; None where it is not counted (or a share of nothing)."""
        if not self.counts(target.id):
            return None
        rules = self._by_target[target.id]
        window = self._window(target, on)
        values = [_value(rule, window, on) for rule in rules]
        known = [value for value in values if value is not None]
        return sum(known, Decimal(0)) if known else None

    def in_period(self, target: Target, first: date, last: date) -> Decimal | None:
        """What a form for these days asks: what is new in them, or how things stand on the last one."""
        now, eve = self.value(target, last), first - timedelta(days=1)
        if now is None or target.kind not in SUMMED:
            return now
        deadline = self.plan.document.deadline
        if target.kind == EVERY_YEAR and judged_year(eve, deadline) < judged_year(last, deadline):
            return now
        # Not what lies between the two days: a group may reach its threshold with entries of several periods.
        return now - (self.value(target, eve) or 0)

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
    known = {name: _with_things(plan, name, held) for name, held in by_register.items() if name in plan.register_by_id}
    found = {}
    for target, rules in plan.rules_by_target.items():
        if any(rule.register in known for rule in rules):
            windowed = plan.target_by_id[target].kind in SUMMED
            found[target] = tuple(_sorted(plan, rule, windowed, known.get(rule.register, ())) for rule in rules)
    return Tally(plan, found)


_ONE = Decimal(1)

DOUBLE = "不计：与另一条是同一件（疑似重复），只计一次"


def _with_things(plan: Plan, name: str, entries: Iterable[Entry]) -> tuple[tuple[Entry, object], ...]:
    """Each entry with what is equal for entries that look like the same thing."""
    register = plan.register_by_id[name]
    return tuple((entry, sameness(register, entry.values) or entry.id) for entry in entries)


def _sorted(plan: Plan, rule: Rule, windowed: bool, entries: Sequence[tuple[Entry, object]]) -> _Sorted:
    register = plan.register_by_id[rule.register]
    conditions = read_conditions(rule.where)
    titles = {c.name: c.title for c in plan.columns_by_register[rule.register]}
    day = rule.date or register.starts
    lasts = {name for name in (rule.until, register.ends) if name}
    events: list[_Event] = []
    left_out: list[tuple[Entry, str]] = []
    taken: set[object] = set()
    for place, (entry, thing) in enumerate(entries):
        values = entry.values
        begins = day_of(values, day)
        failed = next((c.column for c in conditions if not c.holds(values)), None) if conditions else None
        if failed is not None:
            left_out.append((entry, f"不计：“{titles.get(failed, failed)}”不合计数条件"))
        elif begins is None:
            left_out.append((entry, f"不计：没有填“{titles.get(day, day)}”"))
        elif (windowed or rule.how == SHARE) and thing in taken:
            left_out.append((entry, DOUBLE))
        else:
            taken.add(thing)
            ends = None
            for name in lasts:
                last = day_of(values, name)
                if last is not None and (ends is None or last < ends):
                    ends = last
            shown = str(values.get(rule.group) or "") if rule.group else ""
            amount = _number(values.get(rule.amount)) if rule.amount else _ONE
            whole = _number(values.get(rule.whole)) if rule.whole else _ONE
            events.append(
                _Event(begins, ends, plain(shown) if shown else "", shown, amount, whole, entry, place, thing)
            )
    events.sort(key=lambda e: e.begins)
    figure = plan.figure_by_id.get(rule.threshold)
    need = 1 if figure is None or figure.effective is None else max(1, int(figure.effective))
    standing = _stretches(events) if rule.how == STANDING_STOCK else ((), ())
    looked_at = {c.column for c in conditions} | lasts | {day, rule.group, rule.amount, rule.whole, *register.unique}
    looked_at |= {REGISTER, DELETED}
    doubtful = {e.id for e, _ in entries if e.contested and not looked_at.isdisjoint(e.contested)}
    need_so = rule.threshold in plan.contested
    return _Sorted(rule, need, events, windowed, [e.begins for e in events], standing, left_out, doubtful, need_so)


def _stretches(events: Iterable[_Event]) -> tuple[Sequence[date], Sequence[date]]:
    """(first days, first days no longer) of the stretches in which each thing stands, overlapping ones joined."""
    by_thing: dict[object, list[_Event]] = {}
    for event in events:
        if event.ends is None or event.ends > event.begins:
            by_thing.setdefault(event.thing, []).append(event)
    firsts, lasts = [], []
    for held in by_thing.values():
        firsts.append(held[0].begins)
        until = held[0].ends
        for event in held[1:]:
            if until is None:
                break
            if event.begins > until:
                lasts.append(until)
                firsts.append(event.begins)
                until = event.ends
            else:
                until = None if event.ends is None else max(until, event.ends)
        if until is not None:
            lasts.append(until)
    return sorted(firsts), sorted(lasts)


def _number(value: Json) -> Decimal:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return Decimal(value) if isinstance(value, str) and is_decimal(value) else Decimal(0)


def _value(rule: _Sorted, window: tuple[date, date], on: date) -> Decimal | None:
    match rule.rule.how:
        case "stock":
            firsts, lasts = rule.standing
            return Decimal(bisect_right(firsts, on) - bisect_right(lasts, on))
        case "new":
            return Decimal(len(_in_reach(rule, window, on)))
        case "sum":
            return sum((e.amount for e in _in_reach(rule, window, on)), Decimal(0))
        case "groups":
            return Decimal(len(_full_groups(rule, window, on)))
    latest = _latest(rule, on)
    whole = sum((e.whole for e in latest), Decimal(0))
    part = sum((e.amount for e in latest), Decimal(0))
    return rounded(Fraction(part) * 100 / Fraction(whole), 2) if whole else None


def _in_reach(rule: _Sorted, window: tuple[date, date], on: date) -> Sequence[_Event]:
    """Events that began in the window, or by the day where whatever stands counts."""
    if not rule.windowed:
        return rule.events[: bisect_right(rule.days, on)]
    low, high = bisect_left(rule.days, window[0]), bisect_right(rule.days, window[1])
    return rule.events[low : max(low, high)]


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


def _counting(rule: _Sorted, window: tuple[date, date], on: date) -> dict[object, _Event]:
    """Thing → the one event that stands for it that day."""
    found: dict[object, _Event] = {}
    for event in _in_reach(rule, window, on):
        if rule.windowed or event.ends is None or event.ends > on:
            other = found.get(event.thing)
            if other is None or event.place < other.place:
                found[event.thing] = event
    return found


def _full_groups(rule: _Sorted, window: tuple[date, date], on: date) -> set[str]:
    sizes = Counter(e.group for e in _counting(rule, window, on).values() if e.group)
    return {group for group, size in sizes.items() if size >= rule.need}


def _latest(rule: _Sorted, on: date) -> list[_Event]:
    """The last entry of each group (of each unit, where the rule or the entry has none) that had begun."""
    begun = rule.events[: bisect_right(rule.days, on)]
    return list({e.group or e.entry.id[:1]: e for e in begun}.values())


def _members(rule: _Sorted, window: tuple[date, date], on: date) -> Iterator[Member]:
    how = rule.rule.how
    full = _full_groups(rule, window, on) if how == GROUPS else set()
    latest = {e.entry.id for e in _latest(rule, on)} if how == SHARE else set()
    counting = {e.entry.id for e in _counting(rule, window, on).values()}
    words = {NEW: "新增", STANDING_STOCK: "当日有效", SUM: "计入合计"}
    for event in rule.events:
        if how == SHARE:
            why = "" if event.entry.id in latest else "不计：有更近的一条"
            why = f"不计：{event.begins} 才开始" if event.begins > on else why
        else:
            why = _within(rule, event, window, on)
        if not why and how != SHARE and event.entry.id not in counting:
            why = DOUBLE
        elif not why and how == GROUPS and event.group not in full:
            why = f"不计：“{event.group_shown}”不到 {rule.need} 条" if event.group else "不计：没有填属于哪一项"
        if why:
            yield Member(event.entry, rule.rule.id, False, Decimal(0), why, event.entry.id in rule.doubtful)
        else:
            reason = f"“{event.group_shown}”已达到门槛" if how == GROUPS else words.get(how, "最近一条")
            so = event.entry.id in rule.doubtful
            yield Member(event.entry, rule.rule.id, True, event.amount, f"计入：{reason}", so)
    for entry, why in rule.left_out:
        yield Member(entry, rule.rule.id, False, Decimal(0), why, entry.id in rule.doubtful)
