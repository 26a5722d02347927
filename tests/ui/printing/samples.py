"""Invented values for the prints: the plan's real tasks and units, made-up states."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.applications import Amount, Application, standing
from ganzhou_desktop.domain.gauges import Gauge
from ganzhou_desktop.domain.matrix import Cell, Matrix, MatrixGroup, MatrixTask, MatrixUnit
from ganzhou_desktop.domain.pace import Pace
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.subsidies import Sums, clashes, exposures, sums
from ganzhou_desktop.services.applications import ApplicationsView, Row
from ganzhou_desktop.services.breakdown import Breakdown, breakdown_row
from ganzhou_desktop.services.leader import LeaderItem, LeaderPage
from ganzhou_desktop.services.overview import Urgent
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.ui.printing.answer_print import AnswerLine, AnswerPrint, answer_document
from ganzhou_desktop.ui.printing.breakdown_print import breakdown_document
from ganzhou_desktop.ui.printing.figures_print import figures_document
from ganzhou_desktop.ui.printing.filing_print import (
    FilingNumber,
    FilingPrint,
    FilingRegister,
    FilingRow,
    RegisterNumber,
    filing_document,
)
from ganzhou_desktop.ui.printing.gauges_print import gauges_document
from ganzhou_desktop.ui.printing.items import Document
from ganzhou_desktop.ui.printing.leader_print import leader_document
from ganzhou_desktop.ui.printing.matrix_print import matrix_document
from ganzhou_desktop.ui.printing.recovery_print import recovery_document
from ganzhou_desktop.ui.printing.register_print import PrintColumn, PrintRow, RegisterPrint, register_document
from ganzhou_desktop.ui.printing.subsidy_print import questions_document, sums_document

GROUPS = (("g1", "一、", "完善三大平台"), ("g2", "二、", "实施三大工程"), ("g3", "三、", "强化三大保障"))
TASKS = (
    ("1", "争创国家级、省级创新园区基地", "g1", states.BEHIND),
    ("2", "全面推进各类创新平台建设", "g1", states.BEHIND),
    ("3", "拓宽院地院企科技合作渠道", "g1", states.BEHIND),
    ("4", "知识产权倍增工程", "g2", states.OK),
    ("5", "关键技术突破工程", "g2", states.OVERDUE),
    ("6", "创新技术企业培育工程", "g2", states.BEHIND),
    ("7", "体制机制改革", "g3", states.BEHIND),
    ("8", "政策金融保障", "g3", states.OVERDUE),
    ("9", "人才队伍保障", "g3", states.OK),
)
UNITS = (
    ("fgw", "区发改委", "区发改委", 2, 1),
    ("jyj", "区教育局", "区教育局", 0, 1),
    ("kjj", "区科技局", "区科技局", 9, 0),
    ("gxj", "区工信局", "区工信局", 4, 2),
    ("czj", "区财政局", "区财政局", 1, 7),
    ("rsj", "区人社局", "区人社局", 0, 1),
    ("gtj", "区国土局", "区国土局", 0, 1),
    ("nyj", "区农业局", "区农业局", 1, 1),
    ("gszj", "区工商质监局", "区工商质监局", 1, 1),
    ("jrb", "区政府金融办", "区政府金融办", 0, 1),
    ("scb", "区双创办", "区双创办", 1, 3),
    ("gsj", "区国税局", "区国税局", 0, 1),
    ("dsj", "区地税局", "区地税局", 0, 1),
    ("jkq", "张掖经济技术开发区管委会", "经开区管委会", 2, 0),
    ("jds", "经开区地税局", "经开区地税局", 0, 1),
    ("lzb", "绿洲办", "绿洲办", 1, 0),
    ("jrjg", "辖区内有关金融机构", "有关金融机构", 0, 1),
)
# task: unit → role ("p" principal, "l" lead, "s" support) and state
CELLS = {
    "1": "fgw:l:ok kjj:l:ok gxj:l:ok czj:s:ok nyj:s:ok jkq:p:ok lzb:l:behind",
    "2": "fgw:l:behind kjj:l:ok gxj:l:ok czj:s:ok scb:s:ok jkq:p:ok",
    "3": "fgw:s:ok jyj:s:ok kjj:l:behind gxj:s:ok czj:s:not_due",
    "4": "kjj:l:ok gxj:s:behind czj:s:ok",
    "5": "kjj:p:ok gxj:l:overdue czj:s:ok nyj:l:done",
    "6": "kjj:l:not_published gxj:p:behind czj:s:not_due gszj:l:ok scb:s:ok gsj:s:ok dsj:s:ok jds:s:ok",
    "7": "kjj:l:behind",
    "8": "kjj:p:ok czj:l:ok gtj:s:not_filed gszj:s:ok jrb:s:not_filed scb:l:overdue jrjg:s:not_filed",
    "9": "kjj:l:ok czj:s:not_due rsj:s:not_published scb:s:ok",
}
TITLE = "甘州区贯彻落实甘肃省支持科技创新若干措施重点任务责任矩阵"


def _cell(task: str, text: str) -> Cell:
    unit, role, state = text.split(":")
    return Cell(
        task,
        unit,
        "support" if role == "s" else "lead",
        role == "p",
        state,
        states.WORDS[state],
        None,
        returned=(task, unit) == ("6", "gxj"),
    )


def real_matrix(**changes: object) -> Matrix:
    """The nine tasks and seventeen units of the plan, as in the picture of the printed page."""
    values = {
        "title": TITLE,
        "period": "2018Q1",
        "period_last": "2018-03-31",
        "as_of": "2018-04-11",
        "groups": tuple(MatrixGroup(*g) for g in GROUPS),
        "tasks": tuple(MatrixTask(*t, states.WORDS[t[3]]) for t in TASKS),
        "units": tuple(MatrixUnit(*u) for u in UNITS),
        "cells": tuple(_cell(task, text) for task, line in CELLS.items() for text in line.split()),
    }
    return Matrix(**{**values, **changes})


def big_matrix(tasks: int = 60, units: int = 40) -> Matrix:
    """A plan far larger than ours, every state and both roles in it."""
    keys = list(states.WORDS)

    def cell(t: int, u: int) -> Cell:
        state = keys[(t * 7 + u) % 15]
        role = "lead" if (t + u) % 2 else "support"
        words = states.WORDS[state]
        returned, provisional = u % 9 == 0, u % 7 == 0
        return Cell(str(t), f"u{u}", role, t % 4 == 1 and role == "lead", state, words, None, returned, provisional)

    def task(n: int) -> MatrixTask:
        state = keys[n % 15]
        title = f"第{n:02d}项任务：持续推进产学研协同创新与成果转化"
        return MatrixTask(str(n), title, f"g{1 + n * 3 // tasks}", state, states.WORDS[state])

    return real_matrix(
        tasks=tuple(task(n) for n in range(tasks)),
        units=tuple(
            MatrixUnit(f"u{n}", f"第{n:02d}号区直属某某管理委员会", f"单位{n:02d}", 3, 4) for n in range(units)
        ),
        cells=tuple(cell(t, u) for t in range(tasks) for u in range(units) if (t + u) % 3 == 0),
    )


PROGRESS = "已与兰州大学、甘肃农业大学对接，签订产学研合作协议两份，园区孵化器完成主体装修并入驻企业七家。"


def filing(**changes: object) -> FilingPrint:
    """A filing of nine matters, each with words; numbers, proofs and a return reason where noted."""
    rows = tuple(
        FilingRow(
            number,
            title,
            "主牵头" if number == "1" else "牵头",
            ("有进展", "无进展", "数据未发布")[n % 3],
            progress=PROGRESS * (1 + n % 3),
            problems="配套资金尚未到位。" if n % 2 else "",
            next_steps="第二季度完成认定材料上报。",
            expected="2018-06-30" if n == 1 else "",
            measurements=(
                FilingNumber(f"{number}a", "新认定工程技术研究中心", Decimal("1"), "家"),
                FilingNumber(f"{number}b", "新认定科技企业孵化器", None, "家", "未发布"),
            )
            if n < 3
            else (),
            proofs=("协议书扫描件.pdf", "照片01.jpg") if n == 0 else (),
            returned="进展未写明签约时间，请补充。" if n == 5 else "",
        )
        for n, (number, title, _, _) in enumerate(TASKS)
    )
    values = {
        "plan_title": "甘州区贯彻落实甘肃省支持科技创新若干措施实施方案",
        "region": "甘州区",
        "unit_name": "区科技局",
        "period_title": "2018年第一季度",
        "rows": rows,
        "round": 2,
        "submitted_at": "2018-04-09T09:42",
        "names": {"head": "张一明", "reviewer": "李二川", "clerk": "王三水", "phone": "0936-8210000"},
        "site_code": "7KQ2M9XT4HPA3RWC",
        "form_code": "ABCD1234EFGH5678",
        "printed_at": "2018-04-09T09:45",
        "ledger_name": "甘州区 2018 台账",
    }
    return FilingPrint(**{**values, **changes})


@dataclass(frozen=True)
class _Said:
    """What a gauge says of its pace, whatever its numbers are."""

    expected: Decimal | None
    forecast_word: str
    formula: str = ""
    forecast: None = None
    needed: None = None
    to_reach: None = None


def gauges(plan: Plan) -> list[Gauge]:
    """A gauge for each numeric target of a plan, states and values in turn."""
    keys = list(states.WORDS)[:14]
    found = []
    for n, target in enumerate(t for t in plan.targets if t.numeric):
        figure = plan.figure_by_id.get(target.id)
        value = figure.value if figure else None
        found.append(
            Gauge(
                target.id, target.task, target.name, target.short, target.kind, target.unit, target.at_least,
                value, value if n == 2 else None, None, target.reporting_unit, target.reporting_assumed,
                None if n % 5 == 3 or value is None else value * Decimal(n % 4) / 4,
                keys[n % 14],
                cast(Pace, _Said(None if value is None else value / 5, "可完成" if n % 2 else "无法推算")),
                actual_provisional=n == 1,
                aim_provisional=n == 2,
            )
        )  # fmt: skip
    return found


PRINT = {"ledger_name": "甘州区 2018 台账", "printed_at": "2018-04-11T10:20"}


FILING_REGISTERS = (
    FilingRegister(
        "创新平台",
        2,
        7,
        (
            RegisterNumber("[2b] 新认定技术中心、孵化器、众创空间", Decimal(2), Decimal(2), "家"),
            RegisterNumber("[T7] 各级各类创新平台", Decimal(7), Decimal(8), "家"),
        ),
    ),
    FilingRegister("合作机构", 0, 1, (RegisterNumber("[3a] 设立分园区、分基地", Decimal(1), None, "个"),)),
    FilingRegister("会议和批示", None, 3),
)


def answer() -> AnswerPrint:
    """One matter returned, one accepted, a figure confirmed, one step the office lacks."""
    return AnswerPrint(
        region="甘州区",
        unit_name="区工信局",
        period_title="2018年第一季度",
        state="区里已退回",
        rows=(
            AnswerLine("1", "争创国家级、省级创新园区基地", "牵头", "没有退回", ""),
            AnswerLine(
                "5", "关键技术突破工程", "牵头", "退回", "没有写清哪两项技术、由哪家企业承担；请补写并附立项批复。"
            ),
            AnswerLine("9", "人才队伍保障", "配合", "没有退回", ""),
        ),
        figures=(AnswerLine("", "5a　关键技术攻关项目", "", "核定值", "20 项，原文 2项，依据：区政府办复核件"),),
        round=2,
        submitted_at="2018-04-03T09:12",
        received="2018-04-04",
        form_code="3WCDF6NEYJ4BU8VZ",
        held="区里还没有收到本机的 1 步内容，请再导出一份副本交区里：",
        missing=("修改联系人",),
        **PRINT,
    )


KEY_GROUPS = [
    "K7QM",
    "2XTA",
    "9HPR",
    "3WCD",
    "F6NE",
    "YJ4B",
    "U8VZ",
    "5SG7",
    "QQ2M",
    "WERT",
    "XC4V",
    "BNM6",
    "A7SD",
    "HJK9",
]


def breakdown(plan: Plan, **changes: bool) -> Breakdown:
    """The plan's own tasks; invented persons for two units."""
    rows = [breakdown_row(plan, task, {"kjj": "丙某一", "gxj": "丁某一"}, None) for task in plan.tasks]
    groups = tuple((g.id, g.number, g.title) for g in plan.groups)
    return Breakdown(plan.document.region, plan.document.title, groups, tuple(rows), **changes)


def leader_page(plan: Plan, items: int = 5) -> LeaderPage:
    """Five matters, one of a target whose unit is assumed, one that nobody reports."""
    urgent = Urgent(states.OVERDUE, "", "")
    said = (
        (
            states.BELOW_FLOOR,
            "科技特派员队伍 13 人，比底线少 2 人",
            "科技局",
            True,
            "单位没有写存在的问题，请先了解原因",
        ),
        (states.OVERDUE, "关键技术突破：工信局逾期", "工信局", False, "评审专家 5 人中 2 人未定，遴选会未能按期召开。"),
        (
            states.BADLY_BEHIND,
            "创新平台：发改委严重滞后",
            "发改委",
            False,
            "批复手续尚缺环评意见，" * 5 + "需要区政府协调…",
        ),
        (states.BEHIND, "原始创新成果 1 项，序时应有 2 项", "", False, "本期还没有报，请催报"),
        (states.BEHIND, "知识产权：科技局滞后", "科技局", False, "代理机构尚未选定。"),
    )
    contacts = ("丙某一 0936-0000002", "丁某一 0936-0000003", "联系人未登记", "甲某一", "丙某一 0936-0000002")
    return LeaderPage(
        plan.document.region,
        plan.document.title,
        Period("2018Q1", date(2018, 1, 1), date(2018, 3, 31), date(2018, 4, 5), False),
        date(2018, 3, 31),
        tuple(LeaderItem(*line, contact, urgent) for line, contact in zip(said, contacts, strict=True))[:items],
        ((states.BELOW_FLOOR, 1), (states.NO_BASELINE, 2), (states.OK, 5)),
        17,
        ("国土局", "金融办") if items else (),
        demo=True,
    )


def register(plan: Plan, rows: int = 5) -> RegisterPrint:
    """企业培育, the widest register of the plan, with invented enterprises; one of them 两处不一致, one 已失效."""
    columns = plan.columns_by_register["enterprises"]
    found = []
    for n in range(rows):
        cells = {
            "name": f"示例甲{n}农机装备制造有限责任公司",
            "code": f"示例代码{n:010}",
            "innovative": f"2018-0{n % 9 + 1}-10",
            "note": "从高新区迁入，厂房在建，设备十二台套已到。" if n == 1 else "",
        }
        words = tuple(cells.get(c.name, "") for c in columns)
        found.append(PrintRow(("工信局", *words, "已失效" if n == 2 else "有效"), contested=n == 1))
    heads = (
        PrintColumn("登记单位", "center", breaks=False),
        *(PrintColumn(c.title, breaks=c.form != "date") for c in columns),
    )
    return RegisterPrint(
        "甘州区企业培育台账",
        "甘州区",
        "截至2018年3月31日",
        (*heads, PrintColumn("现状", "center", breaks=False)),
        tuple(found),
        keys=2,
        scope="有效，含“农机”",
        names={"head": "甲某一", "phone": "0936-0000001"},
        demo=True,
        **PRINT,
    )


def applications_view(plan: Plan) -> ApplicationsView:
    """Four applications of two units, two of them for one enterprise twice."""
    held = [
        _application("a", "gxj", "示例甲农机", "B4", applied=5, approved=5, paid=5, received=5),
        _application("b", "gxj", "示例甲农机", "B4", applied=5),
        _application("c", "kjj", "示例乙孵化器", "B2", applied=1, approved=1),
        _application("d", "kjj", "示例丙某", "B7", applied=2, approved=2, paid=2),
    ]

    def by(key: Callable[[Application], Any]) -> dict[Any, Sums]:
        return {name: sums(plan, [a for a in held if key(a) == name]) for name in dict.fromkeys(map(key, held))}

    return ApplicationsView(
        tuple(Row(a, standing(plan, a, date(2018, 3, 31)), ()) for a in held),
        clashes(plan, held),
        sums(plan, held),
        by(lambda a: a.subsidy),
        by(lambda a: a.unit),
        by(lambda a: a.year),
        by(lambda a: a.amounts["received"].payer if "received" in a.amounts else ""),
        exposures(plan),
        (),
    )


def _application(key: str, unit: str, who: str, subsidy: str, **amounts: int) -> Application:
    held = {name: Amount(Decimal(value), payer="示例财政部门") for name, value in amounts.items()}
    return Application(key, unit, who, subsidy=subsidy, entry="e", year=2018, amounts=held)


def documents() -> dict[str, Document]:
    """One of each print, by the name of its golden file."""
    plan = read_plan(Path(__file__).parents[3] / "db" / "plans" / "ganzhou-2017.toml")
    names = {u.id: u.short for u in plan.units}
    return {
        "matrix_a3": matrix_document(real_matrix(), unit_line="甘州区（盖章）", **PRINT),
        "matrix_a4": matrix_document(real_matrix(demo=True, partial=True), paper="A4", colour=True, **PRINT),
        "filing": filing_document(filing(registers=FILING_REGISTERS, empty_registers=("专利", "配套办法"))),
        "filing_draft": filing_document(filing(draft=True, demo=True, mode="office", source="区科技局一季度纸质报表")),
        "figures": figures_document(plan, **PRINT),
        "recovery": recovery_document("甘州区 2018 台账", "甘州区", "7KQ2M9XT4HPA3RWC", KEY_GROUPS, "2018-01-05T09:00"),
        "answer": answer_document(answer()),
        "breakdown_a3": breakdown_document(breakdown(plan), **PRINT),
        "breakdown_a4": breakdown_document(breakdown(plan, demo=True, partial=True), paper="A4", **PRINT),
        "register_a3": register_document(register(plan), paper="A3"),
        "register_a4": register_document(register(plan)),
        "questions": questions_document(plan, **PRINT),
        "sums": sums_document(plan, applications_view(plan), on="2018年3月31日", partial=True, **PRINT),
        "leader": leader_document(leader_page(plan), **PRINT),
        "gauges": gauges_document(
            gauges(plan), plan.tasks, on="2018-03-31", region="甘州区", unit_names=names, **PRINT
        ),
    }
