"""A ledger with invented data: every page and print of it says 演示数据."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from ganzhou_desktop import paths
from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.periods import bounds
from ganzhou_desktop.domain.plan import CHECKLIST, CUMULATIVE, EVERY_YEAR, FLOOR, HEADLINE, LEAD, LEVEL, Plan, Target
from ganzhou_desktop.services import figures, periods, reviewing
from ganzhou_desktop.services.filing import SUBMISSION
from ganzhou_desktop.services.ledgers import CERTIFICATE, SUBMIT, Ledger, new_ledger
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.store import keys
from ganzhou_desktop.store.journal import Change
from ganzhou_desktop.store.keys import KeyPair

_SURNAMES = "甲乙丙丁戊己庚辛壬癸"
_STAGES = ("完成摸底", "完成方案", "组织推进", "初见成效", "总结推广")


class _DemoClock:
    """A clock that the invented quarters set."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.minutes = 0

    def __call__(self) -> datetime:
        self.minutes += 1
        return datetime.combine(self.day, time(1), tzinfo=UTC) + timedelta(minutes=self.minutes % 400)


def quarter_names(first_year: int, count: int) -> Iterator[str]:
    """Names of `count` quarters from the first of a year."""
    for number in range(count):
        yield f"{first_year + number // 4}Q{number % 4 + 1}"


def build(path: Path, quarters: int, plan: Plan | None = None) -> Ledger:
    """An office's ledger with `quarters` quarters filed by invented PCs; the last one is partly filed and reviewed."""
    real = plan or read_plan(paths.plan_file("ganzhou-2017.toml"))
    shown = replace(real, document=replace(real.document, demo=True))
    clock = _DemoClock(date(2018, 1, 2))
    ledger, _ = new_ledger(path, shown, clock=clock, author="演示员甲", pc="演示机")
    sites = {unit.id: keys.new_key() for unit in shown.responsible_units}
    ledger.act(
        "认可演示电脑",
        {unit: [Change("site", pair.site, {"pc": "演示机"})] for unit, pair in sites.items()},
        nature=CERTIFICATE,
    )
    _contacts(ledger, sites)
    _confirm(ledger)
    names = list(quarter_names(2018, quarters))
    for number, name in enumerate(names):
        first, last = bounds(name)
        clock.day = first
        period = periods.open_period(ledger, name)
        final = number == len(names) - 1
        clock.day = last + timedelta(days=2)
        for place, unit in enumerate(shown.responsible_units):
            if final and place % 6 == 3:
                continue
            _file(ledger, shown, sites[unit.id], unit.id, name, number, place)
        clock.day = period.due + timedelta(days=3)
        for place, unit in enumerate(shown.responsible_units):
            if final and (place % 6 == 3 or place % 4 == 1):
                continue
            back = final and place % 7 == 4
            task = [shown.matters_of(unit.id)[0]]
            reviewing.review(
                ledger,
                unit.id,
                name,
                accept=not back,
                reason="进展写得太简单，请补充做到哪一步、下一步何时完成。" if back else "",
                tasks=task if back else (),
                received=period.due - timedelta(days=1) + timedelta(days=5 if final and place % 5 == 4 else 0),
            )
        if not final:
            periods.close_period(ledger, name)
    return ledger


def _contacts(ledger: Ledger, sites: dict[str, KeyPair]) -> None:
    for number, (unit, pair) in enumerate(sites.items()):
        surname = _SURNAMES[number % 10]
        fields = {
            "head": f"{surname}某一",
            "reviewer": f"{surname}某二",
            "clerk": f"{surname}某三",
            "phone": f"0936-00000{number:02d}",
        }
        ledger.act("联系人", {unit: [Change("profile", "profile", fields)]}, signer=pair)


def _confirm(ledger: Ledger) -> None:
    known = ledger.plan().figure_by_id
    for figure, value, basis in (
        ("T1", "8", "演示：纸质原件第 2 页"),
        ("T2", "5", "演示：纸质原件第 2 页"),
        ("T7", "15", "演示：纸质原件第 2 页"),
        ("T7.baseline", "4", "演示：2017 年 9 月台账"),
        ("T5.baseline", "1", "演示：2017 年 9 月台账"),
    ):
        if figure in known:
            figures.confirm(ledger, figure, value, basis)


def _file(ledger: Ledger, plan: Plan, pair: KeyPair, unit: str, period: str, number: int, place: int) -> None:
    fields: dict[str, Json] = {}
    for order, task in enumerate(plan.matters_of(unit)):
        lead = task == HEADLINE or plan.role_by_cell[task, unit].kind == LEAD
        fields[task.lower()] = _answer(plan, task, lead, period, number, place + order)
        for target in plan.asked_of(unit, task):
            value = _value(target, number)
            if value is not None:
                fields[target.id.lower()] = str(value)
    heads = ledger.journal.records(["profile"], scope=unit)[0].values()
    fields["filed"] = {"round": 1, "mode": "unit", "source": "", "names": heads}
    ledger.act(
        f"提交：{plan.unit_by_id[unit].name} {period}",
        {unit: [Change(SUBMISSION, period, fields, ())]},
        nature=SUBMIT,
        signer=pair,
    )


def _answer(plan: Plan, task: str, lead: bool, period: str, number: int, turn: int) -> Json:
    name = "目标任务" if task == HEADLINE else plan.task_by_id[task].short
    stage = _STAGES[min(number, 4)]
    last = bounds(period)[1]
    if not lead and turn % 5 == 2:
        return {"answer": "no_progress", "progress": "本期无新进展", "problems": "", "next_steps": "", "expected": None}
    if not lead and turn % 11 == 7:
        return {
            "answer": "not_published",
            "progress": "",
            "problems": "统计口径未公布。",
            "next_steps": "",
            "expected": None,
        }
    behind = lead and turn % 6 == 4
    overdue = lead and turn % 13 == 11
    expected = None
    if behind or overdue:
        expected = (last + timedelta(days=40 if behind else -20)).isoformat()
    return {
        "answer": "progress",
        "progress": f"（演示）{name}：{stage}，走访甲禾种业、乙泉食品等企业 {3 + (turn + number) % 5} 家，形成清单 1 份。",
        "problems": "（演示）评审专家时间未定。" if expected else "",
        "next_steps": f"（演示）下季度{_STAGES[min(number + 1, 4)]}，{last.year} 年内见到结果。",
        "expected": expected,
    }


def _value(target: Target, number: int) -> int | None:
    """An invented number that grows plausibly over the quarters."""
    if target.kind == LEVEL:
        return None
    if target.kind in (CUMULATIVE, EVERY_YEAR):
        return (number + len(target.id) + ord(target.id[0])) % 2
    if target.kind == FLOOR:
        return 16 if number % 3 else 13
    if target.kind == CHECKLIST:
        return min(len(target.items), 1 + number)
    return {"T5": 1, "T6": 2, "T7": 5}.get(target.id, 0) + number // 2
