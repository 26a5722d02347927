"""台账情况 of a unit's filing: for each register it keeps what is new in the period, what is in force at its end."""

from dataclasses import dataclass
from decimal import Decimal

from ganzhou_desktop.domain.plan import Register, Target
from ganzhou_desktop.domain.records import DELETED
from ganzhou_desktop.domain.registers import IN_FORCE, REGISTER, day_of, state_on
from ganzhou_desktop.services import periods
from ganzhou_desktop.services.filing import counted_numbers
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.registers import read_entries, read_tally


@dataclass(frozen=True, slots=True)
class RegisterStanding:
    """`new` is None where the register has no day an entry counts from; `counted`: what its entries make of the numbers
    asked of the unit."""

    register: Register
    held: int
    new: int | None
    in_force: int
    counted: tuple[tuple[Target, Decimal], ...]
    provisional: bool = False
    """Whether two PCs differ about an entry's days, or whether it is deleted."""
    doubtful: frozenset[str] = frozenset()
    """Targets of which the counted number is 两处不一致."""


def read_standings(ledger: Ledger, unit: str, period_name: str) -> tuple[RegisterStanding, ...]:
    """Every register the unit keeps, in plan order."""
    plan, period = ledger.plan(), periods.period_named(ledger, period_name)
    numbers = counted_numbers(ledger, unit, period.name)
    tally = read_tally(ledger)
    doubtful = frozenset(target for target in numbers if tally.doubtful(target))
    by_register: dict[str, list[tuple[Target, Decimal]]] = {}
    for target, value in numbers.items():
        for name in dict.fromkeys(rule.register for rule in plan.rules_by_target[target]):
            by_register.setdefault(name, []).append((plan.target_by_id[target], value))
    found = []
    for register in plan.registers_of(unit):
        entries = [e for e in read_entries(ledger, register.id) if e.unit == unit]
        days = [day_of(e.values, register.starts) for e in entries]
        new = sum(day is not None and period.first <= day <= period.last for day in days)
        in_force = sum(state_on(register, e.values, period.last) == IN_FORCE for e in entries)
        counted = tuple(by_register.get(register.id, ()))
        days_of = {register.starts, register.ends, DELETED, REGISTER}
        differ = any(not days_of.isdisjoint(e.contested) for e in entries)
        fresh = new if register.starts else None
        found.append(RegisterStanding(register, len(entries), fresh, in_force, counted, differ, doubtful))
    return tuple(found)
