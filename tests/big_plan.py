"""An invented plan of any size and a ledger filed from it month by month: for benches and for tests of size."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from ganzhou_desktop.domain import filings
from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.domain.forms import FILED, answer_value, field_name
from ganzhou_desktop.domain.periods import bounds, offered_due
from ganzhou_desktop.domain.plan import (
    CUMULATIVE,
    EVERY_YEAR,
    FLOOR,
    HEADLINE,
    LEAD,
    STOCK,
    SUPPORT,
    Clause,
    Document,
    Figure,
    Group,
    Plan,
    Role,
    Setting,
    Target,
    Task,
    Unit,
)
from ganzhou_desktop.services import ledgers
from ganzhou_desktop.services.demo import DemoClock
from ganzhou_desktop.services.ledgers import SUBMIT, Ledger
from ganzhou_desktop.store.journal import Change

_NAMES = {"head": "虚构负责人", "reviewer": "虚构审核人", "clerk": "虚构填表人", "phone": "0936-0000000"}
_GROUPS = ("完善三大平台", "实施三大工程", "强化三大保障")
_KINDS = (CUMULATIVE, CUMULATIVE, EVERY_YEAR, STOCK, FLOOR)
_SAID = (
    "虚构：本期按计划推进第{n}项，组织现场核查一次，有关材料已归档。",
    "虚构：第{n}项已完成前期论证，正在落实场地和人员，下期可见成效。",
    "虚构：第{n}项与配合单位会商两次，分工已经明确，进度符合安排。",
)


def plan(tasks: int = 500, units: int = 100, *, roles: int = 10, targets: int = 4, extra: int = 76) -> Plan:
    """Tasks × units with `roles` cells a task, two of them ◎; `targets` numbers a task, one more for the first `extra`."""
    made_units = tuple(Unit(f"u{n:03d}", n, f"虚构第{n}局", f"虚构{n}局", "task") for n in range(1, units + 1))
    made_tasks, made_roles, made_targets = [], [], []
    for n in range(1, tasks + 1):
        task = str(n)
        group = f"g{(n - 1) * len(_GROUPS) // tasks + 1}"
        made_tasks.append(Task(task, n, group, f"虚构任务第{n}项：推进第{n}类示范点建设", f"虚构任务{n}", "c1"))
        chosen = sorted(
            {(n * 7 + k * (units // roles)) % units for k in range(roles)}, key=lambda u: (u * 31 + n) % units
        )
        for place, unit in enumerate(chosen):
            lead = place < 2
            unit_id = made_units[unit].id
            made_roles.append(
                Role(f"{task}/{unit_id}", place + 1, task, unit_id, LEAD if lead else SUPPORT, place == 0, "", "")
            )
        for k in range(targets + (n <= extra)):
            reporting = made_units[chosen[k % 2]].id
            made_targets.append(
                _target(f"{task}{'abcdefgh'[k]}", len(made_targets) + 10, task, reporting, _KINDS[k % 5])
            )
    headline = [_target(f"T{n}", n, HEADLINE, made_units[0].id, CUMULATIVE) for n in range(1, 9)]
    all_targets = (*headline, *made_targets)
    return Plan(
        document=Document(
            id="plan",
            title="虚构区示范任务实施方案（演示数据）",
            short_title="虚构区示范任务",
            region="虚构区",
            issuer="虚构区人民政府",
            version="0.1",
            issued=date(2017, 12, 31),
            published=None,
            deadline=date(2021, 12, 31),
            deadline_printed="2021年",
            demo=True,
        ),
        clauses=(Clause("c1", 1, "", "一、", "虚构条款", "虚构条款的文字，只为演示。"),),
        groups=tuple(Group(f"g{i}", i, f"{'一二三'[i - 1]}、", title, "c1") for i, title in enumerate(_GROUPS, 1)),
        units=made_units,
        tasks=tuple(made_tasks),
        roles=tuple(made_roles),
        targets=all_targets,
        figures=tuple(
            Figure(t.id, n, "printed", t.name, "96个", Decimal(96), "个", "c1", "", "虚构")
            for n, t in enumerate(all_targets, 1)
        ),
        settings=(
            Setting("due_day", 1, "应报日", "5", True),
            Setting("proof_limit_mb", 2, "佐证上限", "10", True),
        ),
    )


def _target(key: str, order: int, task: str, unit: str, kind: str) -> Target:
    first_year = 2018 if kind == EVERY_YEAR else None
    return Target(
        key, order, task, f"虚构指标{key}", f"指标{key}", kind, "个", True, unit, False, "c1", "", first_year=first_year
    )


def month_names(count: int, first_year: int = 2018) -> list[str]:
    """Names of `count` months from January of a year."""
    return [f"{first_year + n // 12}-{n % 12 + 1:02d}" for n in range(count)]


def build(path: Path, made: Plan, periods: int = 48) -> Ledger:
    """A ledger with every unit's filing of `periods` months; the last month has gaps and delays."""
    clock = DemoClock(date(2018, 1, 2))
    ledger, _ = ledgers.new_ledger(path, made, clock=clock, author="虚构填表人", pc="虚构机")
    names = month_names(periods)
    matters = {unit.id: made.matters_of(unit.id) for unit in made.responsible_units}
    asked = {unit.id: [t for t in made.targets if t.reporting_unit == unit.id] for unit in made.responsible_units}
    for number, name in enumerate(names):
        first, last = bounds(name)
        clock.day = last + timedelta(days=2)
        due = offered_due(last, 5)
        fields = {"first": first.isoformat(), "last": last.isoformat(), "due": due.isoformat(), "closed": False}
        ledger.act(f"开期次 {name}", {"all": [Change("period", name, fields)]})
        final = number == periods - 1
        changes = {}
        for place, unit in enumerate(made.responsible_units):
            if final and place % 25 == 24:
                continue
            set_: dict[str, object] = {}
            for task in matters[unit.id]:
                set_[field_name(task)] = answer_value(_answer(task, number, place, last))
            for target in asked[unit.id]:
                set_[field_name(target.id)] = _number(target, number)
            set_[FILED] = {"round": 1, "mode": "unit", "source": "", "names": _NAMES}
            changes[unit.id] = [Change("submission", name, set_)]
        submitted = ledger.act(f"提交 {name}", changes, nature=SUBMIT)
        if not final:
            accepted = {"verdict": {"result": filings.ACCEPT, "reason": ""}, "received": due.isoformat()}
            answers = {o.scope: [Change("review", f"{name}/{o.id}", accepted)] for o in submitted}
            ledger.act(f"接收 {name}", answers)
    return ledger


def _answer(task: str, number: int, place: int, last: date) -> Answer:
    n = int(task) if task.isdigit() else 0
    sort = (n * 13 + place * 7 + number) % 20
    said = _SAID[(n + number) % 3].format(n=task)
    if sort == 0:
        return Answer(filings.NOT_PUBLISHED, said)
    if sort == 1:
        return Answer(filings.NO_PROGRESS, said, "虚构：人手不足。", "虚构：下期补上。")
    if sort in (2, 3):
        day = last + timedelta(days=20 if sort == 2 else -5)
        return Answer(filings.PROGRESS, said, "虚构：进度偏慢。", "虚构：加派人手。", day)
    return Answer(filings.PROGRESS, said, "", "虚构：按计划推进。")


def _number(target: Target, number: int) -> str:
    seed = sum(ord(c) for c in target.id)
    if target.kind in (CUMULATIVE, EVERY_YEAR):
        return str((seed + number) % 4 + (target.kind == EVERY_YEAR) * 6)
    return str(60 + number + seed % 9)
