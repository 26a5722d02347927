"""任务分解表: every task with what is asked for, who leads, who helps, who answers for it, by when; from the plan."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ganzhou_desktop.domain.plan import EVERY_YEAR, LEAD, Plan, Task
from ganzhou_desktop.services.contacts import all_contacts
from ganzhou_desktop.services.ledgers import Ledger

_UNITS = re.compile(r"[\s　]*牵头单位[:：].*\Z", re.DOTALL)
"""Where a clause goes on to its units, which have columns of their own."""


@dataclass(frozen=True, slots=True)
class BreakdownRow:
    """One task.  `leads`: the principal one first; `persons`: 负责人 of each lead unit as entered under 联系人."""

    number: str
    group: str
    title: str
    measures: str
    leads: tuple[str, ...]
    supports: tuple[str, ...]
    persons: tuple[str, ...]
    deadline: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The whole table; `groups` in order: (id, number, title)."""

    region: str
    plan_title: str
    groups: tuple[tuple[str, str, str], ...]
    rows: tuple[BreakdownRow, ...]
    demo: bool = False
    partial: bool = False


def read_breakdown(ledger: Ledger, on: date | None = None) -> Breakdown:
    """The table with units called as on a day; 责任领导 is no column of the plan and stays for the hand."""
    plan = ledger.plan()
    heads = {unit: names["head"] for unit, names in all_contacts(ledger).items() if names["head"]}
    return Breakdown(
        plan.document.region,
        plan.document.title,
        tuple((group.id, group.number, group.title) for group in plan.groups),
        tuple(breakdown_row(plan, task, heads, on) for task in plan.tasks),
        plan.document.demo,
        not ledger.office,
    )


def breakdown_row(plan: Plan, task: Task, heads: Mapping[str, str], on: date | None) -> BreakdownRow:
    """One task of the plan; `heads`: unit id → 负责人."""
    roles = sorted((r for r in plan.roles if r.task == task.id), key=lambda r: (not r.principal, r.order))
    leads = [r.unit for r in roles if r.kind == LEAD]
    names = {r.unit: plan.naming(plan.unit_by_id[r.unit], on) for r in roles}
    return BreakdownRow(
        task.id,
        task.group,
        task.title,
        _measures(plan, task),
        tuple(names[unit][0] for unit in leads),
        tuple(names[r.unit][0] for r in roles if r.kind != LEAD),
        tuple(f"{names[unit][1]} {heads[unit]}" for unit in leads if unit in heads),
        _deadline(plan, task),
    )


def _measures(plan: Plan, task: Task) -> str:
    """The clause as printed, without its list of units; the names of the targets where it has no words."""
    text = next((c.text for c in plan.clauses if c.id == task.clause), "")
    text = _UNITS.sub("", text).strip()
    return text or "\n".join(target.name for target in plan.targets_of(task.id))


def _deadline(plan: Plan, task: Task) -> str:
    end = plan.document.deadline
    yearly = [target.short for target in plan.targets_of(task.id) if target.kind == EVERY_YEAR]
    said = f"{end.year}年{end.month}月{end.day}日"
    return f"{said}；每年完成：{'、'.join(yearly)}" if yearly else said
