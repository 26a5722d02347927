"""Commands of the office's desk: review, confirmed figures, the matrix, the gauges, the manual."""

import argparse
import importlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from ganzhou_desktop.cli.common import export, plain, reading, to_pdf, writing
from ganzhou_desktop.cli.parsing import DONE, Commands, Result, Usage, day
from ganzhou_desktop.domain.canonical import decimal_text
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.domain.states import WORDS
from ganzhou_desktop.services import figures, periods, reviewing, views
from ganzhou_desktop.services.leader import read_leader_page


def add(commands: Commands) -> None:
    """Add these commands."""
    review = commands.add("review", _review, "接收或退回一个单位的报表")
    review.add_argument("ledger", type=Path)
    review.add_argument("unit")
    review.add_argument("period")
    verdict = review.add_mutually_exclusive_group(required=True)
    verdict.add_argument("--accept", action="store_true")
    verdict.add_argument("--return", dest="reason")
    review.add_argument("--task", action="append", default=[], help="只退回这一件，可写多次")
    review.add_argument("--received", type=day, help="收到日")

    confirm = commands.add("confirm", _confirm, "核定数字；不写编号时列出全部")
    confirm.add_argument("ledger", type=Path)
    confirm.add_argument("figure", nargs="?")
    confirm.add_argument("value", nargs="?")
    confirm.add_argument("--basis", default="")

    matrix = commands.add("matrix", _matrix, "任务矩阵；写文件名（.pdf、.xlsx、.docx）时导出")
    matrix.add_argument("ledger", type=Path)
    matrix.add_argument("out", type=Path, nargs="?")
    matrix.add_argument("--period")
    matrix.add_argument("--paper", choices=("A3", "A4"), default="A3")
    matrix.add_argument("--as-of", type=day)

    breakdown = commands.add("breakdown", _breakdown, "任务分解表，存成 .pdf、.xlsx 或 .docx")
    breakdown.add_argument("ledger", type=Path)
    breakdown.add_argument("out", type=Path)
    breakdown.add_argument("--paper", choices=("A3", "A4"), default="A3")

    leader = commands.add("leader", _leader, "领导一页纸；写 PDF 文件名时打印")
    leader.add_argument("ledger", type=Path)
    leader.add_argument("out", type=Path, nargs="?")
    leader.add_argument("--period")
    leader.add_argument("--on", type=day)

    gauges = commands.add("gauges", _gauges, "目标进度")
    gauges.add_argument("ledger", type=Path)
    gauges.add_argument("--on", type=day)

    manual = commands.add("manual", _manual, "把使用手册存成 PDF")
    manual.add_argument("out", type=Path)


def _figure_words(figure: Any, contested: bool) -> str:
    confirmed = f"核定值 {decimal_text(figure.confirmed)}" if figure.confirmed is not None else ""
    if contested:
        return marked(confirmed or "核定值 —", True)
    return confirmed or {"pending": "待核定", "missing": "还没有填"}.get(figure.state, "已核定")


def _figure(figure: Any) -> dict[str, Any]:
    return {
        "id": figure.id,
        "name": figure.name,
        "origin": figure.origin,
        "printed": figure.printed or None,
        "value": None if figure.value is None else decimal_text(figure.value),
        "confirmed": None if figure.confirmed is None else decimal_text(figure.confirmed),
        "unit": figure.unit,
        "basis": figure.basis or None,
        "state": figure.state,
        "doubt": figure.doubt,
        "clause": figure.clause,
        "quote": figure.quote,
    }


def _shown(value: Decimal | None) -> str:
    return "—" if value is None else decimal_text(value)


def _review(options: argparse.Namespace) -> Result:
    if options.accept and options.task:
        raise Usage("--task 只能与 --return 一起用")
    with writing(options) as ledger:
        unit = ledger.unit_named(options.unit)
        period = periods.period_named(ledger, options.period)
        reviewing.review(
            ledger,
            unit.id,
            period.name,
            accept=options.accept,
            reason=options.reason or "",
            tasks=options.task,
            received=options.received,
        )
        status = next(s for s in reviewing.statuses(ledger, period, period.last) if s.unit == unit.id)
    value = {
        "unit": unit.id,
        "period": period.name,
        "state": status.state,
        "received": None if status.received is None else status.received.isoformat(),
        "late_days": status.lateness.days,
    }
    return DONE, value, [f"{unit.name} {period.name}：{'已接收' if options.accept else '已退回'}"]


def _confirm(options: argparse.Namespace) -> Result:
    if options.figure is None:
        with reading(options) as ledger:
            found, contested = figures.list_figures(ledger), ledger.plan().contested
        return (
            DONE,
            [_figure(f) for f in found],
            [f"{f.id}  {f.name}：原文 {f.printed or '—'}，{_figure_words(f, f.id in contested)}" for f in found],
        )
    if options.value is None:
        raise Usage("核定要写数值和 --basis 依据")
    with writing(options) as ledger:
        figure = figures.confirm(ledger, options.figure, options.value, options.basis)
    return DONE, _figure(figure), [f"已核定 {figure.name}：{options.value}"]


def _matrix(options: argparse.Namespace) -> Result:
    with reading(options) as ledger:
        matrix = views.read_matrix(ledger, options.period, options.as_of)
        if options.out is not None:
            export(
                lambda to: to.export_matrix(
                    ledger, options.out, matrix.period, paper=options.paper, as_of=options.as_of
                ),
                options.out,
            )
    value = {
        "period": matrix.period,
        "as_of": matrix.as_of,
        "tasks": [{"id": t.id, "title": t.title, "state": t.state, "word": t.word} for t in matrix.tasks],
        "units": [{"id": u.id, "name": u.name, "short": u.short} for u in matrix.units],
        "cells": [
            {
                "task": c.task,
                "unit": c.unit,
                "role": c.role,
                "principal": c.principal,
                "state": c.state,
                "word": c.word,
                "record": c.record,
                "returned": c.returned,
                "provisional": c.provisional,
                "why": c.why,
            }
            for c in matrix.cells
        ],
        "file": None if options.out is None else str(options.out),
    }
    names = {u.id: u.short for u in matrix.units}
    lines = [
        f"{t.id} {t.title} [{marked(t.word, t.provisional)}] "
        + " ".join(
            f"{'◎' if c.role == 'lead' else '○'}{names[c.unit]}:{marked(c.word, c.provisional)}"
            for c in matrix.cells
            if c.task == t.id
        )
        for t in matrix.tasks
    ]
    return DONE, value, lines if options.out is None else [f"已写入“{options.out.name}”"]


def _breakdown(options: argparse.Namespace) -> Result:
    with reading(options) as ledger:
        export(lambda to: to.export_breakdown(ledger, options.out, paper=options.paper), options.out)
        count = len(ledger.plan().tasks)
    return DONE, {"tasks": count, "file": str(options.out)}, [f"已写入“{options.out.name}”"]


def _leader(options: argparse.Namespace) -> Result:
    with reading(options) as ledger:
        period = periods.period_named(ledger, options.period)
        on = options.on or period.last
        page = read_leader_page(ledger, period.name, on)
        if options.out is not None:
            to_pdf(lambda papers: papers.leader_paper(ledger, period.name, on), options.out)
    value = {
        "period": period.name,
        "on": on.isoformat(),
        "items": [
            {"state": i.state, "text": i.text, "unit": i.unit, "ask": i.ask, "contact": i.contact} for i in page.items
        ],
        "headline": dict(page.headline),
        "asked": page.asked,
        "missing": list(page.missing),
        "file": None if options.out is None else str(options.out),
    }
    lines = [f"{WORDS[i.state]}：{i.text}；{i.ask}；{i.unit or '填报单位待明确'}，{i.contact}" for i in page.items]
    return DONE, value, lines if options.out is None else [f"已写入“{options.out.name}”"]


def _gauges(options: argparse.Namespace) -> Result:
    with reading(options) as ledger:
        on = options.on or periods.period_named(ledger, None).last
        found = views.read_gauges(ledger, on)
    value = {
        "on": on.isoformat(),
        "targets": [
            {
                "id": g.id,
                "task": g.task,
                "name": g.name,
                "kind": g.kind,
                "printed": g.printed,
                "confirmed": g.confirmed,
                "baseline": g.baseline,
                "unit": g.unit,
                "reporting_unit": g.reporting_unit or None,
                "actual": g.actual,
                "pace": g.pace,
                "state": g.state,
                "word": g.word,
                "formula": g.formula,
                "sources": [s.record for s in g.sources if s.counted],
                "provisional": g.provisional,
            }
            for g in found
        ],
    }
    value = json.loads(json.dumps(value, default=plain))
    lines = [
        f"{g.id} {g.short}：{marked(_shown(g.actual), g.actual_provisional)} / "
        f"{marked(_shown(g.target), g.aim_provisional)} {g.unit}  {g.word}  {g.formula}"
        for g in found
    ]
    return DONE, value, lines


def _manual(options: argparse.Namespace) -> Result:
    paper = "ganzhou_desktop.ui.manual.paper"
    to_pdf(lambda _papers: importlib.import_module(paper).manual_document(), options.out)
    return DONE, {"file": str(options.out)}, [f"已写入“{options.out.name}”"]
