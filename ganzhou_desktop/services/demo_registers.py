"""Invented register entries and applications for the demo ledger, made so that counting them gives what was filed."""

import itertools
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from ganzhou_desktop.domain import plan as p
from ganzhou_desktop.domain.applications import (
    APPLIED,
    APPROVED,
    DONE,
    PAID,
    RECEIVED,
    REFUSED,
    RETURNED,
    StepState,
    step_value,
)
from ganzhou_desktop.domain.canonical import Json, sha256_hex
from ganzhou_desktop.domain.conditions import read_conditions
from ganzhou_desktop.domain.counting import make_tally
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.domain.plan import GROUPS, NEW, STANDING_STOCK, Column, Plan, Register, Rule, Subsidy, Target
from ganzhou_desktop.domain.registers import REGISTER, Entry, called
from ganzhou_desktop.domain.subsidies import FAILED
from ganzhou_desktop.services import applications
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.registers import ENTRY, read_entries
from ganzhou_desktop.store.journal import Change
from ganzhou_desktop.store.keys import KeyPair

_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"


def keep_registers(ledger: Ledger, period: Period, filed: Mapping[str, Decimal], sites: Mapping[str, KeyPair]) -> None:
    """Enter what makes the numbers filed for a period: new things in it, and the stock that is left to make up.

    `filed`: target id → the number of the form.  Where the plan's rules cannot give it the difference is left to be
    seen.
    """
    plan = ledger.plan()
    made: dict[str, list[Change]] = {}
    for how in (NEW, GROUPS, STANDING_STOCK):
        for rule in plan.rules:
            target = plan.target_by_id[rule.target]
            if rule.how == how and rule.target in filed and _is_plain(plan, rule):
                held = (*read_entries(ledger), *_pending(made))
                _make_up(plan, rule, target, period, filed[rule.target], held, made)
    for unit, changes in made.items():
        if unit in sites:
            ledger.act(f"台账：登记 {len(changes)} 条", {unit: changes}, signer=sites[unit])


_TYPED = ("T2", "6a")
"""Left to typed numbers, so that both ways are there to be seen."""


def _is_plain(plan: Plan, rule: Rule) -> bool:
    return rule.target not in _TYPED and len(plan.rules_by_target[rule.target]) == 1 and not rule.threshold


def _pending(made: Mapping[str, list[Change]]) -> list[Entry]:
    return [
        Entry(c.key, unit, str(c.set[REGISTER]), {n: v for n, v in c.set.items() if n != REGISTER})
        for unit, changes in made.items()
        for c in changes
        if REGISTER in c.set
    ]


def _make_up(
    plan: Plan,
    rule: Rule,
    target: Target,
    period: Period,
    wanted: Decimal,
    held: tuple[Entry, ...],
    made: dict[str, list[Change]],
) -> None:
    tally = make_tally(plan, held)
    stands = rule.how == STANDING_STOCK or target.kind in (p.FLOOR, p.CHECKLIST)
    now = (tally.value(target, period.last) if stands else tally.in_period(target, period.first, period.last)) or 0
    missing = int(wanted - now)
    register = plan.register_by_id[rule.register]
    known = sum(e.register == register.id for e in held)
    writers = [u.id for u in plan.writers_of(register.id)]
    unit = target.reporting_unit if target.reporting_unit in writers else writers[0]
    begun = any(e.register == register.id and e.record for e in held)
    rivals = [r for r in plan.rules if r.register == register.id and r.id != rule.id]
    if (
        missing > 0
        and stands
        and begun
        and any((r.date or register.starts) == (rule.date or register.starts) and not r.where for r in rivals)
    ):
        return  # a thing entered to fill up the stock would be counted as a new one too
    for number in range(missing):
        day = period.first + timedelta(days=9 + 11 * number % 70)
        if stands and not begun and target.kind != p.CHECKLIST:
            day = date(plan.document.issued.year - 1, 5, 10 + number % 18)  # what was there before the plan
        place = number + (int(now) if rule.group else 0)
        made.setdefault(unit, []).append(_entry(plan, rule, register, period, day, place, known + number))
    if missing < 0 and rule.how == STANDING_STOCK:
        ends = rule.until or register.ends
        standing = [m.entry for m in tally.members(target, period.last) if m.counted]
        for entry in standing[:-missing]:
            if ends and entry.record:
                gone = {ends: (period.last - timedelta(days=10)).isoformat()}
                made.setdefault(entry.unit, []).append(Change(ENTRY, entry.key, gone))


def _entry(plan: Plan, rule: Rule, register: Register, period: Period, day: date, number: int, place: int) -> Change:
    seed = f"{rule.id}/{period.name}/{number}"
    values: dict[str, Json] = {REGISTER: register.id}
    conditions = {c.column: c.values for c in read_conditions(rule.where) if c.values and not c.negated}
    turn = int(sha256_hex(seed.encode())[:6], 16)
    others = (c for r in plan.rules if r.register == register.id and r.id != rule.id for c in read_conditions(r.where))
    avoided = {(c.column, value) for c in others for value in c.values}
    for column in plan.columns_by_register[register.id]:
        if column.name in conditions:
            # Where several will do, those that a subsidy is for: there should be somebody to apply for.
            paid = {
                v for x in plan.subsidies for c in read_conditions(x.where) if c.column == column.name for v in c.values
            }
            choices = [c for c in conditions[column.name] if c in paid] or conditions[column.name]
            values[column.name] = (
                choices[number % len(choices)] if rule.group == column.name else choices[turn % len(choices)]
            )
        elif column.name == (rule.date or register.starts):
            values[column.name] = day.isoformat()
        elif column.required or column.name == rule.group:
            values[column.name] = _filler(column, day, turn, place, avoided)
    return Change(ENTRY, sha256_hex(seed.encode())[:32], {n: v for n, v in values.items() if v is not None})


def _filler(column: Column, day: date, turn: int, place: int, avoided: set[tuple[str, str]]) -> Json:
    """Something to stand in a column; `place`: the entry's in its register, which its names tell."""
    match column.form:
        case "choice":
            # Not a value that another rule counts: the entry is there for this one.
            free = [c for c in column.choices if (column.name, c) not in avoided] or list(column.choices)
            return free[turn % len(free)]
        case "date":
            return day.isoformat()
        case "integer":
            return 1 + turn % 9
        case "decimal":
            return str(1 + turn % 9)
        case "flag":
            return bool(turn % 2)
    return f"示例{_name(place)}{column.title.removesuffix('名称').removesuffix('姓名')}"


def _name(place: int) -> str:
    """甲子, 乙丑 and so on, by the sixty of the old calendar; 甲子2 after them."""
    turn = place // 60
    return f"{_STEMS[place % 10]}{_BRANCHES[place % 12]}{turn + 1 if turn else ''}"


# -- applications ------------------------------------------------------------------------------------------------

_APPLICATIONS = 7
"""As many as there are places to stand: not begun, waiting at each step after the first, all done."""
_Pair = tuple[Subsidy, Entry]


def apply_for(ledger: Ledger, period: Period, sites: Mapping[str, KeyPair]) -> None:
    """A few applications at different steps, one late, one sent back, one whose money has come; each qualifies.

    One more does not qualify, and was 不予支持 for it: the screens have that state to show.
    """
    _register_beneficiaries(ledger, period, sites)
    plan = ledger.plan()
    by_subsidy = [(s, applications.candidates(ledger, s.id, period.last)) for s in plan.subsidies]
    fit = [[(s, entry) for entry, check in found if check.eligible] for s, found in by_subsidy]
    turns = (pair for turn in itertools.zip_longest(*fit) for pair in turn if pair is not None)
    taken: dict[tuple[str, str], _Pair] = {}
    for pair in turns:
        taken.setdefault(pair[1].id, pair)  # nothing is applied for twice
    wanted = list(taken.values())[:_APPLICATIONS]
    near = [
        (sum(c.result == FAILED for c in check.checks), s.id, entry.key, (s, entry))
        for s, found in by_subsidy
        for entry, check in found
        if not check.eligible and entry.id not in taken
    ]
    made: dict[str, list[Change]] = {}
    for number, (subsidy, entry) in enumerate(wanted):
        made.setdefault(entry.unit, []).append(_application(plan, subsidy, entry, period, number))
    if near:
        *_, (subsidy, entry) = min(near)
        made.setdefault(entry.unit, []).append(_application(plan, subsidy, entry, period, 1, refused=True))
    for unit, changes in made.items():
        if unit in sites:
            ledger.act(f"申报 {len(changes)} 件", {unit: changes}, signer=sites[unit])


def _register_beneficiaries(ledger: Ledger, period: Period, sites: Mapping[str, KeyPair]) -> None:
    """An entry for each subsidy that nobody qualifies for yet, where it changes no number that was filed."""
    plan = ledger.plan()
    held = read_entries(ledger)
    day = period.first - timedelta(days=45)
    before = _numbers(plan, held, period)
    for subsidy in plan.subsidies:
        if not subsidy.registers or any(
            c.eligible for _, c in applications.candidates(ledger, subsidy.id, period.last)
        ):
            continue
        register = plan.register_by_id[subsidy.registers[0]]
        unit = plan.writers_of(register.id)[0].id
        change = _beneficiary(plan, subsidy, register, day, sum(e.register == register.id for e in held))
        entry = Entry(change.key, unit, register.id, {n: v for n, v in change.set.items() if n != REGISTER})
        if unit in sites and _numbers(plan, (*held, entry), period) == before:
            ledger.act("台账：登记 1 条", {unit: [change]}, signer=sites[unit])
            held = (*held, entry)


def _numbers(plan: Plan, held: tuple[Entry, ...], period: Period) -> list[Decimal | None]:
    tally = make_tally(plan, held)
    return [tally.value(plan.target_by_id[target], period.last) for target in plan.rules_by_target]


def _beneficiary(plan: Plan, subsidy: Subsidy, register: Register, day: date, place: int) -> Change:
    key = sha256_hex(f"beneficiary/{subsidy.id}".encode())[:32]
    turn = int(key[:6], 16)
    wanted = {c.column: c.values for c in read_conditions(subsidy.where) if not c.negated}
    values: dict[str, Json] = {REGISTER: register.id}
    for column in plan.columns_by_register[register.id]:
        if wanted.get(column.name):
            values[column.name] = wanted[column.name][turn % len(wanted[column.name])]
        elif column.required or column.name in (*wanted, register.starts, subsidy.recognised):
            values[column.name] = _filler(column, day, turn, place, set())
    return Change(ENTRY, key, values)


def _application(
    plan: Plan, subsidy: Subsidy, entry: Entry, period: Period, number: int, *, refused: bool = False
) -> Change:
    """The application of this number: done as far as its number, the third late, the fourth sent back."""
    steps = [s.id for s in plan.steps]
    fields: dict[str, Json] = {
        "beneficiary": called(plan, entry.register, entry.values),
        "subsidy": subsidy.id,
        "register": entry.register,
        "entry": entry.key,
        "task": next(iter(plan.register_by_id[entry.register].tasks), ""),
        "year": period.last.year,
    }
    figure = plan.figure_by_id.get(subsidy.figure)
    amount = figure.effective if figure is not None and figure.effective is not None else Decimal(2)
    done = min(number, len(steps))
    day = period.first - timedelta(days=60)
    for place, step in enumerate(steps[:done]):
        state = StepState(DONE, day + timedelta(days=20 * place), None, f"示例〔{day.year}〕{number + 1}号", "演示员")
        fields[f"step/{step}"] = step_value(state)
    if refused:
        state = StepState(REFUSED, day + timedelta(days=20 * done), None, "", "", "不符合补助条件")
        fields[f"step/{steps[done]}"] = step_value(state)
    elif done < len(steps):
        due = period.last - timedelta(days=9) if number == 2 else period.last + timedelta(days=400)
        state = StepState(RETURNED if number == 3 else None, None, due, "", "", "材料缺签章" if number == 3 else "")
        fields[f"step/{steps[done]}"] = step_value(state)
    for name, after in ((APPLIED, 0), (APPROVED, 4), (PAID, 5), (RECEIVED, 6)):
        if done >= after:
            fields[f"amount/{name}"] = {
                "value": str(amount.normalize() if amount % 1 else int(amount)),
                "on": None,
                "payer": "示例财政部门" if name != APPLIED else "",
                "number": "",
            }
    return Change(applications.APPLICATION, sha256_hex(f"application/{entry.key}/{subsidy.id}".encode())[:32], fields)
