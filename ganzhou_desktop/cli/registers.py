"""Commands of what units keep: registers, applications, subsidies."""

import argparse
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ganzhou_desktop import paths
from ganzhou_desktop.cli.common import reading, to_pdf, unit_of, writing
from ganzhou_desktop.cli.parsing import DONE, Commands, Result, Usage, day
from ganzhou_desktop.domain.applications import AMOUNT_WORDS, AMOUNTS, STATE_WORDS, Application
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.registers import called
from ganzhou_desktop.domain.subsidies import CHECK_WORDS, NO_REGISTER, Sums
from ganzhou_desktop.services import applications, plan_update, register_desk, register_files, registers
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.services.register_desk import EntryRow


class ImportRefused(RuleBroken):
    """Nothing in the workbook could be taken in; `errors` has a sentence for each wrong cell."""

    def __init__(self, source: Path, errors: list[str]) -> None:
        text = f"“{source.name}”里没有一行可以收下，台账没有变；有 {len(errors)} 处填得不对，改好再导入。"
        super().__init__("import_refused", text)
        self.errors = errors


def add(commands: Commands) -> None:
    """Add these commands."""
    register = commands.add("register", _register, "看一本台账，导出成 xlsx，或从表格导入")
    register.add_argument("ledger", type=Path)
    register.add_argument("name", help="台账的名称或编号")
    register.add_argument("--unit")
    register.add_argument("--on", type=day, help="按哪一天看有效、失效")
    which = register.add_mutually_exclusive_group()
    which.add_argument("--xlsx", type=Path, help="导出到这个文件")
    which.add_argument("--pdf", type=Path, help="印成 PDF，横向，表格太宽就分几张")
    which.add_argument("--import", dest="source", type=Path, help="从这个表格导入（xlsx、xls、ods、csv）")
    register.add_argument("--paper", choices=("A3", "A4"), default="A4", help="印成 PDF 用的纸")
    register.add_argument("--marked", type=Path, help="导入有错时，把标出错误的表另存到这里")
    register.add_argument("--doubles", action="store_true", help="疑似重复的也登记")

    listed = commands.add("applications", _applications, "看各件申报办到哪一步")
    listed.add_argument("ledger", type=Path)
    listed.add_argument("--unit")
    listed.add_argument("--on", type=day, help="按哪一天看逾期")

    sums = commands.add("subsidies", _subsidies, "看各项补助：标准、申报、金额、目标全部完成约需多少")
    sums.add_argument("ledger", type=Path)
    sums.add_argument("--check", help="只看这项补助谁符合条件")
    sums.add_argument("--on", type=day)
    sums.add_argument("--pdf", type=Path, help="把奖补汇总表印成这个 PDF")
    sums.add_argument("--questions", type=Path, help="把提请区财政局明确的事项印成这个 PDF")

    update = commands.add("plan-update", _plan_update, "把较新的方案数据用到已有的台账（区级汇总）")
    update.add_argument("ledger", type=Path)
    update.add_argument("plan", type=Path, nargs="?", help="方案文件；不写时用程序自带的")
    update.add_argument("--basis", default="", help="更新的依据")
    update.add_argument("--dry-run", action="store_true", help="只看有哪些变动，不更新")


def _register(options: argparse.Namespace) -> Result:
    if options.source is not None:
        return _import(options)
    if options.marked is not None or options.doubles:
        raise Usage("--marked、--doubles 只能与 --import 一起用")
    with reading(options) as ledger:
        register = registers.named_register(ledger, options.name)
        desk = register_desk.read_desk(ledger, register.id, options.on or ledger.today())
        unit = ledger.unit_named(options.unit).id if options.unit else ""
        rows = [row for row in desk.rows if not unit or row.entry.unit == unit]
        if options.xlsx is not None:
            words = ledger.plan().unit_by_id[unit].name if unit else ""
            register_files.write_register(ledger, register.id, [r.entry for r in rows], options.xlsx, words)
        if options.pdf is not None:
            to_pdf(
                lambda papers: papers.register_paper(
                    ledger, register.id, rows, on=desk.on, unit=unit, paper=options.paper
                ),
                options.pdf,
            )
        names = {u.id: u.short for u in ledger.plan().units}
    out = options.xlsx or options.pdf
    value = {
        "register": register.id,
        "name": register.name,
        "columns": [{"name": c.name, "title": c.title, "form": c.form, "unit": c.unit} for c in desk.view.columns],
        "entries": [_entry_value(row) for row in rows],
        "targets": [{"target": t.target.id, "value": t.value, "unit": t.target.unit} for t in desk.targets],
        "file": None if out is None else str(out),
    }
    lines = [f"{register.name}：{len(rows)} 条"]
    lines += [f"  {t.target.id} {t.target.short}：{'没有可计的' if t.value is None else t.value}" for t in desk.targets]
    for row in rows:
        marks = "、".join([*(["疑似重复"] if row.doubles else []), *([f"缺{'、'.join(row.gaps)}"] if row.gaps else [])])
        lines.append(f"  {names[row.entry.unit]}\t{called(desk.plan, register.id, row.entry.values)}\t{marks}".rstrip())
    if out is not None:
        lines.append(f"已写入“{out.name}”")
    return DONE, value, lines


def _entry_value(row: EntryRow) -> dict[str, Any]:
    return {
        "unit": row.entry.unit,
        "key": row.entry.key,
        "state": row.state,
        "values": dict(row.entry.values),
        "missing": list(row.gaps),
        "doubles": [{"unit": other.unit, "key": other.key} for other in row.doubles],
        "contested": bool(row.entry.contested),
        "record": row.entry.record,
    }


def _import(options: argparse.Namespace) -> Result:
    with writing(options) as ledger:
        register = registers.named_register(ledger, options.name)
        unit = unit_of(ledger, options.unit)
        draft = register_files.read_import(ledger, register.id, unit, options.source)
        wrong = draft.count(register_files.WRONG)
        if wrong and options.marked is not None:
            register_files.write_marked(ledger, draft, options.marked)
        waiting = sum(r.verdict == register_files.NEW and (options.doubles or r.double is None) for r in draft.rows)
        taken = (0, 0)
        if waiting or draft.count(register_files.CHANGED):
            taken = register_files.take_in(ledger, draft, doubles=options.doubles)
    doubles = (
        0 if options.doubles else sum(r.verdict == register_files.NEW and r.double is not None for r in draft.rows)
    )
    errors = [{"row": row.number, "column": name, "text": text} for row in draft.rows for name, text in row.wrong]
    value = {
        "register": register.id,
        "unit": unit,
        "new": taken[0],
        "changed": taken[1],
        "same": draft.count(register_files.SAME),
        "doubles": doubles,
        "wrong": errors,
        "notes": list(draft.notes),
        "marked": str(options.marked) if wrong and options.marked is not None else None,
    }
    if errors and not any(taken):
        raise ImportRefused(options.source, [f"第 {e['row']} 行：{e['text']}" for e in errors])
    lines = [f"{register.name}：新增 {taken[0]} 条，改动 {taken[1]} 条，没有变化 {value['same']} 条。"]
    lines += [f"疑似重复 {doubles} 条没有登记；确要登记加 --doubles。"] if doubles else []
    lines += [f"第 {e['row']} 行：{e['text']}" for e in errors]
    lines += list(draft.notes)
    return DONE, value, lines


def _applications(options: argparse.Namespace) -> Result:
    with reading(options) as ledger:
        on = options.on or ledger.today()
        view = applications.read_applications_view(ledger, on)
        unit = ledger.unit_named(options.unit).id if options.unit else ""
        rows = [row for row in view.rows if not unit or row.application.unit == unit]
        names = {u.id: u.short for u in ledger.plan().units}
    value = {
        "on": on.isoformat(),
        "applications": [
            {
                **_application_value(row.application),
                "state": row.standing.state,
                "step": row.standing.step.id if row.standing.step is not None else None,
                "late_since": _iso(row.standing.late_since),
                "remarks": list(row.odd),
            }
            for row in rows
        ],
        "clashes": [
            {"applications": [a.record for a in c.applications], "why": c.why, "sure": c.sure} for c in view.clashes
        ],
    }
    lines = [f"申报 {len(rows)} 件"]
    for row in rows:
        a, step = row.application, row.standing.step
        where = step.name if step is not None else ""
        late = f"（应于 {row.standing.late_since} 办，已逾期）" if row.standing.late_since else ""
        lines.append(
            f"  {names[a.unit]}\t{a.beneficiary}\t{a.subsidy}\t{STATE_WORDS[row.standing.state]} {where}{late}"
        )
    lines += [f"疑似重复：{'、'.join(a.beneficiary for a in c.applications)}，{c.why}" for c in view.clashes]
    return DONE, value, lines


def _application_value(a: Application) -> dict[str, Any]:
    return {
        "unit": a.unit,
        "key": a.key,
        "beneficiary": a.beneficiary,
        "title": a.title,
        "subsidy": a.subsidy,
        "task": a.task,
        "year": a.year,
        "entry": a.entry,
        "steps": {
            name: {
                "result": s.result,
                "on": _iso(s.on),
                "due": _iso(s.due),
                "number": s.number,
                "who": s.who,
                "note": s.note,
            }
            for name, s in a.steps.items()
        },
        "amounts": {
            name: {"value": m.value, "on": _iso(m.on), "payer": m.payer, "number": m.number}
            for name, m in a.amounts.items()
        },
        "contested": bool(a.contested),
        "record": a.record,
    }


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _subsidies(options: argparse.Namespace) -> Result:
    if options.check is not None and (options.pdf is not None or options.questions is not None):
        raise Usage("--check 只看一项补助，不能与 --pdf、--questions 一起用")
    with reading(options) as ledger:
        if options.check is not None:
            return _check(ledger, options.check, options.on or ledger.today())
        on = options.on or ledger.today()
        view = applications.read_applications_view(ledger, on)
        if options.pdf is not None:
            to_pdf(lambda papers: papers.sums_paper(ledger, on), options.pdf)
        if options.questions is not None:
            to_pdf(lambda papers: papers.questions_paper(ledger), options.questions)
        plan = ledger.plan()
    exposures = {e.subsidy: e for e in view.exposures}
    listed, lines = [], []
    for subsidy in plan.subsidies:
        figure, sums, exposure = (
            plan.figure_by_id.get(subsidy.figure),
            view.by_subsidy.get(subsidy.id),
            exposures[subsidy.id],
        )
        listed.append(
            {
                "id": subsidy.id,
                "beneficiary": subsidy.beneficiary,
                "standard": None if figure is None else figure.effective,
                "standard_state": None if figure is None else figure.state,
                "sums": None if sums is None else _sums_value(sums),
                "exposure": exposure.amount,
                "exposure_formula": exposure.formula,
                "exposure_doubtful": exposure.doubtful,
                "open": list(subsidy.open),
            }
        )
        standard = (
            "没有写"
            if figure is None
            else f"{figure.effective} 万元{'' if figure.state == 'confirmed' else '（待核定）'}"
        )
        money = "" if sums is None else "　".join(f"{AMOUNT_WORDS[n]} {sums.amounts[n]}" for n in AMOUNTS)
        lines.append(f"{subsidy.id} {subsidy.beneficiary}：标准 {standard}　{money}".rstrip())
        lines.append(f"    目标全部完成：{exposure.formula}")
    value = {
        "subsidies": listed,
        "all": _sums_value(view.all),
        "by_unit": {unit: _sums_value(s) for unit, s in view.by_unit.items()},
        "by_year": {str(year or ""): _sums_value(s) for year, s in view.by_year.items()},
        "by_payer": {payer: _sums_value(s) for payer, s in view.by_payer.items()},
        "files": [str(path) for path in (options.pdf, options.questions) if path is not None],
    }
    lines += [f"已写入“{path.name}”" for path in (options.pdf, options.questions) if path is not None]
    return DONE, value, lines


def _sums_value(sums: Sums) -> Mapping[str, Any]:
    return {"count": sums.count, "standard": sums.standard, "standard_doubtful": sums.doubtful, **sums.amounts}


def _check(ledger: Ledger, subsidy: str, on: date) -> Result:
    plan = ledger.plan()
    if subsidy not in plan.subsidy_by_id:
        raise Usage(f"方案里没有编号为“{subsidy}”的补助，可以写 {'、'.join(s.id for s in plan.subsidies)}")
    rule = plan.subsidy_by_id[subsidy]
    found = applications.candidates(ledger, subsidy, on)
    value = {
        "subsidy": subsidy,
        "registers": list(rule.registers),
        "open": list(rule.open),
        "candidates": [
            {
                "unit": entry.unit,
                "key": entry.key,
                "register": entry.register,
                "eligible": check.eligible,
                "verdict": check.verdict,
                "checks": [{"what": c.what, "result": c.result, "why": c.why} for c in check.checks],
            }
            for entry, check in found
        ],
    }
    if not rule.registers:
        return DONE, value, [f"{subsidy}：{NO_REGISTER}", *(f"  待明确\t{text}" for text in rule.open)]
    lines = [f"{subsidy}：可能的受益对象 {len(found)} 个，符合条件 {sum(c.eligible for _, c in found)} 个"]
    for entry, check in found:
        wrong = "".join(f"{c.what}：{c.why}" for c in check.checks if c.result == "failed")
        name = called(plan, entry.register, entry.values)
        lines.append(f"  {CHECK_WORDS[check.verdict]}\t{name}\t{wrong}".rstrip())
    return DONE, value, lines


def _plan_update(options: argparse.Namespace) -> Result:
    plan = read_plan(options.plan or paths.plan_file("ganzhou-2017.toml"))
    with (reading if options.dry_run else writing)(options) as ledger:
        before = ledger.plan().document.version
        found = plan_update.plan_changes(ledger, plan)
        if not options.dry_run:
            plan_update.update_plan(ledger, plan, options.basis)
    counts = plan_update.counts(found)
    value = {
        "from": before,
        "to": plan.document.version,
        "done": not options.dry_run,
        **counts,
        "changes": [
            {
                "how": c.how,
                "kind": c.kind,
                "key": c.key,
                "name": c.name,
                "why": c.why,
                "fields": [{"field": n, "here": here, "new": there} for n, here, there in c.fields],
            }
            for c in found
        ],
    }
    said = "、".join(f"{plan_update.HOW_WORDS[how]} {n} 项" for how, n in counts.items() if n) or "没有变动"
    head = "更新后会有" if options.dry_run else "已更新"
    lines = [f"方案数据 {before} → {plan.document.version}，{head}：{said}。", *(f"  {c.words}" for c in found)]
    return DONE, value, lines
