"""申报 and 奖补 as workbooks: the applications on screen in their order, and the sums of every way to add them up."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from ganzhou_desktop.documents.sheets import TOTAL, CellValue, Column, Sheet, write_workbook
from ganzhou_desktop.documents.sheets import Row as SheetRow
from ganzhou_desktop.domain.applications import AMOUNT_WORDS, AMOUNTS, RESULT_WORDS, total
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.provisional import CONTESTED
from ganzhou_desktop.domain.subsidies import standard
from ganzhou_desktop.services.applications import ApplicationsView, Row, read_applications_view
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui import texts
from ganzhou_desktop.ui.subsidy_words import (
    BY_SUBSIDY,
    WAYS,
    SumRow,
    differing,
    exposure_text,
    purpose,
    remark_text,
    state_text,
    step_text,
    sum_rows,
)

_FOOT = (
    "填报单位（盖章）：　　　　　　负责人：　　　　　　审核人：　　　　　　填表人：　　　　　　电话：　　　　　　日期：",
)
_DOUBT = "待核定"
DIFFERING = f"{CONTESTED} 两处不一致"
"""Beside numbers: a cell with a sign in it would be no number any more."""


def export_applications(ledger: Ledger, rows: Sequence[Row], out: Path, *, on: date, scope: str = "") -> None:
    """Write these applications in this order; `scope`: the filter in words."""
    write_workbook(out, [applications_sheet(ledger.plan(), rows, on=on, scope=scope)])


def export_sums(ledger: Ledger, out: Path, *, on: date) -> None:
    """Write the sums, a sheet each by subsidy, unit, year and payer."""
    write_workbook(out, sums_sheets(ledger.plan(), read_applications_view(ledger, on), on=on))


def applications_sheet(plan: Plan, rows: Sequence[Row], *, on: date, scope: str = "") -> Sheet:
    """The applications with each step's result and day, and the amounts apart."""
    columns = (
        Column("beneficiary", "受益对象", width=26),
        Column("purpose", "申报什么", width=30),
        Column("unit", "申报单位", width=16),
        Column("task", "任务", width=7, centred=True),
        Column("year", "年度", kind="integer", width=7),
        Column("state", "现状", width=11),
        Column("step", "在哪一步", width=22),
        *(Column(f"step_{s.id}", s.name, width=16) for s in plan.steps),
        *(Column(name, AMOUNT_WORDS[name], kind="decimal", unit="万元", width=10) for name in AMOUNTS),
        Column("payer", "由谁支付", width=16),
        Column("remark", "提示", width=20),
    )
    found = [SheetRow(_cells(plan, row)) for row in rows]
    if rows:
        sums = [total((row.application for row in rows), name) for name in AMOUNTS]
        empty: list[CellValue] = [None] * (6 + len(plan.steps))
        differ = sum(bool(row.application.contested) for row in rows)
        remark = f"其中 {differ} 件{DIFFERING}" if differ else None
        found.append(SheetRow((f"合计 {len(rows)} 件", *empty, *sums, None, remark), kind=TOTAL))
    told = f"范围：{scope or '全部申报'}，共 {len(rows)} 件"
    return Sheet(
        "申报",
        f"{plan.document.region}申报和奖补",
        columns,
        tuple(found),
        lines=(told, f"截至{texts.date_text(on)}", *(("演示数据",) if plan.document.demo else ())),
        foot=_FOOT,
        frozen=1,
        paper="A3",
    )


def _cells(plan: Plan, row: Row) -> tuple[CellValue, ...]:
    a = row.application
    steps = [_step_words(row, s.id) for s in plan.steps]
    amounts: list[Decimal | None] = [a.amounts[name].value if name in a.amounts else None for name in AMOUNTS]
    payers = dict.fromkeys(a.amounts[n].payer for n in AMOUNTS if n in a.amounts and a.amounts[n].payer)
    remark = "".join((*([remark_text(row)] if a.contested else []), *row.odd)) or remark_text(row)
    return (
        a.beneficiary, purpose(plan, a), plan.unit_by_id[a.unit].name, a.task, a.year, state_text(row), step_text(row),
        *steps, *amounts, "、".join(payers), remark,
    )  # fmt: skip


def _step_words(row: Row, step: str) -> str:
    state = row.application.steps.get(step)
    if state is None or state.result is None:
        return ""
    return " ".join(w for w in (RESULT_WORDS[state.result], "" if state.on is None else state.on.isoformat()) if w)


def sums_sheets(plan: Plan, view: ApplicationsView, *, on: date) -> list[Sheet]:
    """One sheet a way, each with its total."""
    return [_sums_sheet(plan, view, way, words, on) for way, words in WAYS if way == BY_SUBSIDY or view.rows]


def _sums_sheet(plan: Plan, view: ApplicationsView, way: str, words: str, on: date) -> Sheet:
    by_subsidy = way == BY_SUBSIDY
    columns = [Column("name", words.removeprefix("按"), width=40)]
    columns += [Column("each", "补助标准", kind="decimal", unit="万元", width=12)] if by_subsidy else []
    columns += [
        Column("count", "件数", kind="integer", width=7),
        Column("standard", "标准额", kind="decimal", unit="万元", width=11),
        *(Column(name, AMOUNT_WORDS[name], kind="decimal", unit="万元", width=11) for name in AMOUNTS),
    ]
    columns += [Column("needed", "目标全部完成约需", kind="decimal", unit="万元", width=14)] if by_subsidy else []
    columns += [Column("doubt", "原文数字", width=10, centred=True)]
    columns += [Column("formula", "怎么算的", width=44)] if by_subsidy else []

    def cells(row: SumRow, needed: Decimal | None, formula: str, doubtful: bool, differ: bool) -> tuple[CellValue, ...]:
        figure = standard(plan, row.subsidy) if row.subsidy is not None else None
        some = row.sums.count > 0
        middle: list[CellValue] = [row.sums.count or None, row.sums.standard if some else None]
        middle += [row.sums.amounts[name] if some else None for name in AMOUNTS]
        doubt = "、".join([_DOUBT] * doubtful + [DIFFERING] * differ) or None
        if not by_subsidy:
            return row.name, *middle, doubt
        return row.name, None if figure is None else figure.effective, *middle, needed, doubt, formula

    rows = []
    for row in sum_rows(plan, view, way):
        exposure = row.exposure
        figure = standard(plan, row.subsidy) if row.subsidy is not None else None
        doubtful = row.sums.doubtful if figure is None else figure.state != "confirmed"
        names = () if row.subsidy is None else (row.subsidy.figure, *row.subsidy.targets)
        differ = bool(row.sums.differing) or not plan.contested.isdisjoint(names)
        needed, formula = (None, "") if exposure is None else (exposure.amount, exposure.formula)
        rows.append(SheetRow(cells(row, needed, formula, doubtful, differ)))
    known = [e.amount for e in view.exposures if e.amount is not None]
    whole = SumRow("合计", view.all)
    differ = differing(plan, (row.application for row in view.rows))
    rows.append(SheetRow(cells(whole, sum(known, Decimal(0)), "", view.all.doubtful, differ), kind=TOTAL))
    return Sheet(
        words,
        f"{plan.document.region}奖补汇总表（{words}）",
        tuple(columns),
        tuple(rows),
        lines=(exposure_text(view), f"截至{texts.date_text(on)}", *(("演示数据",) if plan.document.demo else ())),
        foot=_FOOT,
    )
