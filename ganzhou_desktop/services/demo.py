"""A ledger with invented data: every page and print of it says 演示数据."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from ganzhou_desktop import paths
from ganzhou_desktop.domain import filings, pace
from ganzhou_desktop.domain.canonical import Json, decimal_text
from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.domain.forms import Form, field_name
from ganzhou_desktop.domain.periods import Period, bounds
from ganzhou_desktop.domain.plan import CHECKLIST, CUMULATIVE, EVERY_YEAR, FLOOR, HEADLINE, LEVEL, Plan, Target
from ganzhou_desktop.services import contacts, exchange, figures, filing, periods, reviewing
from ganzhou_desktop.services.demo_registers import apply_for, keep_registers
from ganzhou_desktop.services.demo_texts import SECOND_PC, TEXTS
from ganzhou_desktop.services.filing import SUBMISSION
from ganzhou_desktop.services.ledgers import CERTIFICATE, SUBMIT, Ledger, new_ledger
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.store import keys
from ganzhou_desktop.store.journal import Change
from ganzhou_desktop.store.keys import KeyPair

_SURNAMES = "甲乙丙丁戊己庚辛壬癸"
_QUARTERS = ("一季度", "二季度", "三季度", "四季度")

# How the last quarter stands, so that every state is there to be seen.
_MISSING = ("gtj", "jrb", "lzb", "jrjg")
_WAITING = ("gszjj", "scb", "jkq")
_RETURNED = ("gxj", "6", "规上企业累计 3 家，名册只登记 2 家，请核对后重报。")
_REFILED = ("nyj", "5", "只写了布点，没有写测产结果，请补充。")
_LATE = {"czj": 5}

_BEHIND, _OVERDUE = "behind", "overdue"
_LAST: Mapping[tuple[str, str], tuple[str, str]] = {
    ("2", "fgw"): (_BEHIND, "实验室设备采购清单未定，批复手续尚缺环评意见。"),
    ("3", "kjj"): (_BEHIND, "院校分基地选址变更，协议文本需重新会签。"),
    ("4", "gxj"): (_BEHIND, "{a}家无专利企业没有代理机构对接。"),
    ("5", "gxj"): (_OVERDUE, "评审专家 5 人中 2 人未定，遴选会未能按期召开。"),
    ("6", "gxj"): (_BEHIND, "丙川农机装备升规材料缺审计报告。"),
    ("8", "scb"): (_OVERDUE, "合作协议没有收齐，补助名单未能按期公示。"),
    ("7", "kjj"): (filings.NO_PROGRESS, "激励办法征求意见时间延长，本期没有新的成果。"),
    ("6", "kjj"): (filings.NOT_PUBLISHED, "省级科技创新型企业本期名单尚未公布。"),
    ("9", "rsj"): (filings.NOT_PUBLISHED, "岗位结构比按年统计，本期没有数据。"),
    ("3", "czj"): (filings.NO_PROGRESS, ""),
    ("6", "czj"): (filings.NO_PROGRESS, ""),
    ("9", "czj"): (filings.NO_PROGRESS, ""),
    ("3", "fgw"): (filings.NO_PROGRESS, ""),
    ("1", "czj"): (filings.NOT_APPLICABLE, ""),
}
_EARLIER: Mapping[tuple[str, str], tuple[str, str]] = {
    ("2", "gxj"): (_BEHIND, "{a}家企业研发人员不足，技术中心章程尚未通过。"),
    ("9", "rsj"): (filings.NOT_PUBLISHED, "岗位结构比按年统计，本期没有数据。"),
    ("6", "dsj"): (filings.NO_PROGRESS, ""),
    ("9", "czj"): (filings.NO_PROGRESS, ""),
}
_CLOSINGS = (
    "有关材料已按季归档，便于年底核对。",
    "情况已向分管领导汇报，按意见抓紧落实。",
    "相关资料随表附后，明细见本单位台账。",
)
_PROOFS = {
    ("5", "gxj"): ("难题征集汇总表.txt", "遴选会议通知.txt"),
    ("6", "gxj"): ("升规辅导签到表.txt",),
    ("2", "jkq"): ("研究中心申报材料目录.txt",),
    ("4", "kjj"): ("专利申请受理通知清单.txt",),
}


class DemoClock:
    """A clock that the invented quarters set; each look at it is a minute later."""

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


@dataclass(frozen=True, slots=True)
class _Quarter:
    """One invented quarter: its place in the row of quarters, and whether it is the last, unfinished one."""

    period: Period
    number: int
    final: bool


def build(path: Path, quarters: int, plan: Plan | None = None) -> Ledger:
    """An office's ledger with `quarters` quarters filed by invented PCs; the last one is partly filed and reviewed."""
    real = plan or read_plan(paths.plan_file("ganzhou-2017.toml"))
    shown = replace(real, document=replace(real.document, demo=True))
    clock = DemoClock(date(2018, 1, 2))
    ledger, _ = new_ledger(path, shown, clock=clock, author="演示员甲", pc="演示机")
    sites = {unit.id: keys.new_key() for unit in shown.responsible_units}
    second = {unit: keys.new_key() for _, unit in SECOND_PC if unit in sites}
    certificates = {unit: [Change("site", pair.site, {"pc": "1 号机"})] for unit, pair in sites.items()}
    for unit, pair in second.items():
        certificates[unit].append(Change("site", pair.site, {"pc": "2 号机"}))
    ledger.act("认可演示电脑", certificates, nature=CERTIFICATE)
    _contacts(ledger, sites)
    _confirm(ledger)
    names = list(quarter_names(2018, quarters))
    for number, name in enumerate(names):
        clock.day = bounds(name)[0]
        quarter = _Quarter(periods.open_period(ledger, name), number, number == len(names) - 1)
        clock.day = quarter.period.last - timedelta(days=3)
        keep_registers(ledger, quarter.period, _filed_numbers(ledger.plan(), quarter), sites)
        if quarter.final:
            apply_for(ledger, quarter.period, sites)
        _file_all(ledger, clock, quarter, sites, second)
        _answer_all(ledger, clock, quarter, sites)
        if not quarter.final:
            clock.day = quarter.period.due + timedelta(days=6)
            periods.close_period(ledger, name)
    return ledger


def _contacts(ledger: Ledger, sites: Mapping[str, KeyPair]) -> None:
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
        ("T3", "55", "演示：纸质原件第 2 页"),
        ("T7", "15", "演示：纸质原件第 2 页"),
        ("T7.baseline", "4", "演示：2017 年 9 月名册"),
        ("T5.baseline", "1", "演示：2017 年 9 月名册"),
    ):
        if figure in known:
            figures.confirm(ledger, figure, value, basis)


def _file_all(
    ledger: Ledger,
    clock: DemoClock,
    quarter: _Quarter,
    sites: Mapping[str, KeyPair],
    second: Mapping[str, KeyPair],
) -> None:
    last = quarter.period.last
    for place, unit in enumerate(periods.asked_units(ledger.plan(), quarter.period)):
        if quarter.final and unit.id in _MISSING:
            continue
        clock.day = last + timedelta(days=1 + place % 4)
        _submit(ledger, sites[unit.id], unit.id, quarter.period.name, _fields(ledger, unit.id, quarter))
    for (task, who), (progress, next_steps) in SECOND_PC.items():
        if quarter.final and who in second:
            # The first PC's text is the later one of 双创办, the second's of 经开区: either may be shown for the time being.
            clock.day = last + timedelta(days=1 if who == "scb" else 6)
            answer = _value(Answer(filings.PROGRESS, progress, "", next_steps))
            _submit(ledger, second[who], who, quarter.period.name, {field_name(task): answer})


def _submit(
    ledger: Ledger, pair: KeyPair, unit: str, period: str, fields: Mapping[str, Json], parents: tuple[str, ...] = ()
) -> None:
    filed = {"round": 2 if parents else 1, "mode": "unit", "source": "", "names": contacts.contacts_of(ledger, unit)}
    ledger.act(
        f"提交：{ledger.plan().unit_by_id[unit].name} {period}",
        {unit: [Change(SUBMISSION, period, {**fields, "filed": filed}, parents)]},
        nature=SUBMIT,
        signer=pair,
    )


def _answer_all(ledger: Ledger, clock: DemoClock, quarter: _Quarter, sites: Mapping[str, KeyPair]) -> None:
    period = quarter.period
    clock.day = period.due + timedelta(days=3)
    for unit in periods.asked_units(ledger.plan(), period):
        if quarter.final and unit.id in (*_MISSING, *_WAITING, _RETURNED[0], _REFILED[0]):
            continue
        late = _LATE.get(unit.id, 0) if quarter.final else 0
        received = period.due + timedelta(days=late or -1)
        reviewing.review(ledger, unit.id, period.name, accept=True, received=received)
    if not quarter.final:
        return
    for unit_id, task, reason in (_RETURNED, _REFILED):
        if unit_id in sites:
            reviewing.review(
                ledger, unit_id, period.name, accept=False, reason=reason, tasks=[task], received=period.due
            )
    unit_id, task, _ = _REFILED
    if unit_id in sites:
        clock.day = period.due + timedelta(days=4)
        answer = _answer(ledger.plan(), task, unit_id, quarter)
        better = replace(answer, progress=answer.progress + "测产结果：试点田去雄率 97%，亩均节省人工 1.5 个。")
        row = ledger.journal.records([SUBMISSION], scope=unit_id, key=period.name)[0]
        _submit(ledger, sites[unit_id], unit_id, period.name, {field_name(task): _value(better)}, row.heads)


def _fields(ledger: Ledger, unit: str, quarter: _Quarter) -> dict[str, Json]:
    plan = ledger.plan()
    fields: dict[str, Json] = {}
    for task in plan.matters_of(unit):
        fields[field_name(task)] = _value(_answer(plan, task, unit, quarter))
        for target in plan.asked_of(unit, task):
            number = _number(plan, target, quarter)
            if number is not None:
                fields[field_name(target.id)] = decimal_text(number)
        for name in _PROOFS.get((task, unit), ()) if quarter.final else ():
            data = f"演示数据\n{name.removesuffix('.txt')}（{quarter.period.name}）：内容全部是虚构的。\n".encode()
            digest = ledger.journal.keep_proof(unit, data)
            fields[f"proof/{field_name(task)}/{digest}"] = {"name": name, "size": len(data), "kind": "txt"}
    return fields


def _filed_numbers(plan: Plan, quarter: _Quarter) -> dict[str, Decimal]:
    """What the forms of this quarter say, whoever reports it."""
    numbers = {t.id: _number(plan, t, quarter) for t in plan.targets if t.numeric}
    return {target: number for target, number in numbers.items() if number is not None}


def _value(answer: Answer) -> Json:
    return {
        "answer": answer.kind,
        "progress": answer.progress,
        "problems": answer.problems,
        "next_steps": answer.next_steps,
        "expected": None if answer.expected is None else answer.expected.isoformat(),
    }


def _answer(plan: Plan, task: str, unit: str, quarter: _Quarter) -> Answer:
    last = quarter.period.last
    order = [u.id for u in plan.units].index(unit)
    turn = quarter.number + order
    upcoming = f"{_QUARTERS[(quarter.number + 1) % 4]}"
    numbers = {"a": 2 + turn % 3, "b": 3 + (turn + 1) % 4, "c": 11 + (turn * 7) % 23, "next": upcoming}
    name = "目标任务" if task == HEADLINE else plan.task_by_id[task].short
    default = ("围绕" + name + "走访企业{c}家，办结事项{b}件。", "{next}继续推进" + name + "。")
    progress, next_steps = (text.format_map(numbers) for text in TEXTS.get((task, unit), default))
    if len(progress) < 55:
        progress += _CLOSINGS[(turn + len(task)) % 3]
    said, problems = (_LAST if quarter.final else _EARLIER).get((task, unit), (filings.PROGRESS, ""))
    problems = problems.format_map(numbers)
    if said in (_BEHIND, _OVERDUE):
        expected = last + timedelta(days=20 if said == _BEHIND else -1)
        return Answer(filings.PROGRESS, progress, problems, next_steps, expected)
    if said == filings.PROGRESS:
        return Answer(said, progress, "", next_steps)
    text = "本期无新进展" if said == filings.NO_PROGRESS and not problems else ""
    return Answer(said, text, problems, next_steps if problems else "")


def _number(plan: Plan, target: Target, quarter: _Quarter) -> Decimal | None:
    """An invented number that grows plausibly over the quarters."""
    if target.kind == LEVEL:
        return Decimal("1.1") + Decimal("0.05") * quarter.number if target.id == "T4" else None
    if target.kind == FLOOR:
        if target.items:
            return Decimal(len(target.items))
        return Decimal(13 if quarter.final else 16)
    if target.kind == CHECKLIST:
        return Decimal(min(len(target.items), (1 if len(target.items) > 2 else 0) + quarter.number // 2))
    if target.kind == EVERY_YEAR:
        return _in_year(plan, target, quarter.number % 4 + 1) - _in_year(plan, target, quarter.number % 4)
    if target.kind == CUMULATIVE:
        before = quarter.period.first - timedelta(days=1)
        start = Decimal(0) if quarter.number == 0 else _reached(plan, target, before)
        return _reached(plan, target, quarter.period.last) - start
    return _reached(plan, target, quarter.period.last)


def _in_year(plan: Plan, target: Target, quarters: int) -> Decimal:
    figure = plan.figure_by_id.get(target.id)
    return (Decimal(0) if figure is None else figure.effective or Decimal(0)) * quarters // 4


_AHEAD = {"T1": -1, "T2": 1, "T5": 1, "T7": 1, "2b": 1, "6a": 1, "6b": 1, "6g": 1}
"""How far the invented number lies beyond what the pace asks."""


def _reached(plan: Plan, target: Target, on: date) -> Decimal:
    figure, base = plan.figure_by_id.get(target.id), plan.figure_by_id.get(f"{target.id}.baseline")
    value = None if figure is None else figure.effective
    line = pace.line(
        target,
        value,
        None if base is None else base.effective,
        on,
        plan.document.issued,
        plan.document.deadline,
    )
    # Without a baseline there is no pace: T6 has its 2 from the start and is reached.
    expected = value or Decimal(0) if line.expected is None else line.expected
    found = max(Decimal(0), expected + _AHEAD.get(target.id, 0))
    # Ahead, yet not done before the pace asks for all of it.
    return found if value is None else min(found, max(expected, value - 1))


# -- copies that wait ---------------------------------------------------------------------------------------


def hand_over(ledger: Ledger, folder: Path) -> tuple[Path, ...]:
    """Copies of units as they lie on the stick, waiting to be merged into a demo ledger's latest quarter.

    A unit that was missing; the second draft of one that was returned; one that differs from what lies here; one by
    a PC that is still to be trusted; one that brings nothing new.
    """
    period = periods.period_named(ledger, None)
    folder.mkdir(parents=True, exist_ok=True)
    quarter = _Quarter(period, len(periods.list_periods(ledger)) - 1, final=True)
    made: list[Path] = []
    for unit, certified in (("gtj", True), ("gxj", True), ("fgw", True), ("lzb", False), ("czj", True)):
        with tempfile.TemporaryDirectory() as scratch:
            handed, joined = Path(scratch) / "copy.gzcopy", Path(scratch) / "unit.gzdb"
            exchange.hand_out(ledger, unit, handed)
            clock = DemoClock(period.due + timedelta(days=3))
            clock.minutes = 20 * len(made)
            there = exchange.join(handed, joined, clock=clock, author=f"{unit} 演示员", pc="2 号机")
            try:
                if certified:
                    ledger.act(
                        "认可演示电脑",
                        {unit: [Change("site", there.journal.site, {"pc": "2 号机", "stopped": False})]},
                        nature=CERTIFICATE,
                    )
                _write_there(there, unit, quarter)
                out = folder / exchange.copy_name(there, unit)
                out.unlink(missing_ok=True)
                exchange.export(there, out)
                made.append(out)
            finally:
                there.close()
    return tuple(made)


def _write_there(there: Ledger, unit: str, quarter: _Quarter) -> None:
    """What this unit's PC filed before it exported: nothing at 区财政局, a first or a second draft elsewhere."""
    if unit == "czj":
        return
    state = filing.form_state(there, unit, quarter.period.name)
    plan = there.plan()
    if unit == "gxj":
        form = _with_answer(
            state.form, "6", "规上企业按名册核对为 2 家：乙泉食品、甲禾种业，丙川农机装备待审计报告出具后计入。"
        )
    elif unit == "fgw":
        # Begun before the other PC's filing came: both texts stand.
        form = replace(_with_answer(_with_answer(state.form, "1"), "2"), base=())
    else:
        form = replace(
            state.form,
            matters=tuple(replace(m, answer=_answer(plan, m.task, unit, quarter)) for m in state.form.matters),
        )
    filing.submit(there, form)


def _with_answer(form: Form, task: str, more: str = "经 2 号机核对，会议次数应为 1 次，其余事项不变。") -> Form:
    return replace(
        form,
        matters=tuple(
            replace(m, answer=replace(m.answer, progress=m.answer.progress + more)) if m.task == task else m
            for m in form.matters
        ),
    )
