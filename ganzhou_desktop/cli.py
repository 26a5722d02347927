"""The command line: the same services without a window.

Exit 0 done, 2 wrong use, 3 refused (1: a fault of the program).  With `--json` stdout is exactly one JSON value, also on failure.
"""

import argparse
import importlib
import json
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from ganzhou_desktop import __version__, paths
from ganzhou_desktop.domain.canonical import decimal_text, form_code, same_code
from ganzhou_desktop.domain.errors import EnvironmentFailed, LedgerError, RuleBroken
from ganzhou_desktop.services import (
    backups,
    conflicts,
    demo,
    exchange,
    figures,
    filing,
    history,
    ledgers,
    merging,
    periods,
    reviewing,
    sites,
    views,
)
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.plan_files import read_plan

DONE, FAULT, WRONG_USE, REFUSED = 0, 1, 2, 3

Result = tuple[int, Any, list[str]]
"""Exit code, the JSON value, and the lines for people."""


class _Usage(Exception):
    pass


class _Told(Exception):
    """`--help` and `--version`: a text instead of a command."""


class _Tell(argparse.Action):
    """An option that answers with a text and runs no command."""

    def __init__(self, option_strings: Sequence[str], dest: str, text: str = "", **given: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **given)
        self._text = text

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        raise _Told(self._text or parser.format_help())


class _Parser(argparse.ArgumentParser):
    def __init__(self, **given: Any) -> None:
        super().__init__(**given, add_help=False, allow_abbrev=False)
        self.register("action", "tell", _Tell)
        self.add_argument("-h", "--help", action="tell", help="看用法", default=argparse.SUPPRESS)

    def error(self, message: str) -> NoReturn:
        usage = " ".join(self.format_usage().split()).removeprefix("usage: ")
        raise _Usage(f"{_in_chinese(message)}；用法：{usage}")


_ARGPARSE = (
    (r"the following arguments are required: (.+)", r"还缺 \1"),
    (r"one of the arguments (.+) is required", r"要在 \1 里写一个"),
    (r"unrecognized arguments: (.+)", r"不认识 \1"),
    (r"argument (.+): not allowed with argument (.+)", r"\1 不能和 \2 一起写"),
    (r"argument (.+): expected .*argument.*", r"\1 后面要写值"),
    (r"argument (.+): invalid choice: (.+?) \(choose from (.+)\)", r"\1 里没有 \2，可以写 \3"),
    (r"argument (.+): invalid int value: (.+)", r"\1 要写整数，写的是 \2"),
    (r"argument (.+): ignored explicit argument (.+)", r"\1 后面不写值，写了 \2"),
    (r"argument (.+?): (.+)", r"\1：\2"),
)
"""What argparse says, and how we say it; anything else is passed on as it is."""


def _in_chinese(message: str) -> str:
    for pattern, wording in _ARGPARSE:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return found.expand(wording)
    return message


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    as_json = "--json" in arguments
    try:
        options = _parser().parse_args([a for a in arguments if a != "--json"])
        code, value, lines = options.run(options)
    except _Told as told:
        code, value, lines = DONE, {"text": str(told)}, [str(told)]
    except _Usage as exc:
        return _failed(WRONG_USE, "usage", f"命令写得不对：{exc}", as_json)
    except LedgerError as exc:
        errors = [getattr(e, "text", e) for e in getattr(exc, "errors", ())]
        return _failed(REFUSED, exc.code, exc.text, as_json, errors)
    except Exception as exc:
        # A fault of ours: no sentence can promise what it means, so the trace goes to stderr and the code is not ours.
        traceback.print_exc()
        return _failed(
            FAULT, "fault", f"程序出错（{type(exc).__name__}），这一步没有做完；请把屏幕上的内容发给开发者。", as_json
        )
    _print(value, lines, as_json)
    return int(code)


def _failed(code: int, name: str, text: str, as_json: bool, errors: Sequence[str] = ()) -> int:
    if as_json:
        error: dict[str, Any] = {"code": name, "text": text}
        if errors:
            error["errors"] = list(errors)
        print(json.dumps({"error": error}, ensure_ascii=False))
    else:
        print(text, file=sys.stderr)
        for line in errors:
            print(f"  {line}", file=sys.stderr)
    return code


def _print(value: Any, lines: Sequence[str], as_json: bool) -> None:
    if as_json:
        print(json.dumps(value, ensure_ascii=False, default=_plain))
    else:
        for line in lines:
            print(line)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return decimal_text(value)
    return str(value)


# -- the commands -------------------------------------------------------------------------------------------


def _parser() -> _Parser:
    parser = _Parser(prog="cli", description="甘州科创台账 · 命令行；每个命令都可以加 --json")
    parser.add_argument("--version", action="tell", text=f"甘州科创台账 {__version__}", help="看版本")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令", parser_class=_Parser)

    def command(name: str, run: Callable[[argparse.Namespace], Result], text: str) -> _Parser:
        made: _Parser = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        made.add_argument("--author", default="", help="署名")
        return made

    new = command("new", _new, "按实施方案建新台账（区级汇总）")
    new.add_argument("ledger", type=Path)
    new.add_argument("--office", action="store_true", required=True)
    new.add_argument("--plan", type=Path)
    new.add_argument("--pc", default="")

    period = command("period", _period, "开期次、关期次")
    period.add_argument("ledger", type=Path)
    period.add_argument("name")
    which = period.add_mutually_exclusive_group(required=True)
    which.add_argument("--open", action="store_true")
    which.add_argument("--close", action="store_true")
    period.add_argument("--due", type=_date)

    hand_out = command("hand-out", _hand_out, "给一个单位下发副本")
    hand_out.add_argument("ledger", type=Path)
    hand_out.add_argument("unit")
    hand_out.add_argument("out", type=Path)
    hand_out.add_argument("--proof", action="store_true", help="附上全部佐证")

    join = command("join", _join, "接收下发副本，在本机建立单位的台账")
    join.add_argument("copy", type=Path)
    join.add_argument("ledger", type=Path)
    join.add_argument("--pc", default="")

    inspect = command("inspect", _inspect, "看一份副本里有什么")
    inspect.add_argument("copy", type=Path)

    form = command("form", _form, "给出要填的报表")
    form.add_argument("ledger", type=Path)
    form.add_argument("--period")
    form.add_argument("--unit")

    file = command("file", _file, "填报：存草稿，或提交")
    file.add_argument("ledger", type=Path)
    file.add_argument("form", type=Path)
    file.add_argument("--submit", action="store_true")
    file.add_argument("--source", default="", help="代录：根据哪份纸质材料")

    withdraw = command("withdraw", _withdraw, "撤回本期提交（第一次导出之前）")
    withdraw.add_argument("ledger", type=Path)
    withdraw.add_argument("period")
    withdraw.add_argument("--unit")

    export = command("export", _export, "导出副本")
    export.add_argument("ledger", type=Path)
    export.add_argument("out", type=Path)
    export.add_argument("--proof", action="store_true", help="附上全部佐证")

    merge = command("merge", _merge, "合入副本")
    merge.add_argument("ledger", type=Path)
    merge.add_argument("copies", type=Path, nargs="+")
    merge.add_argument("--dry-run", action="store_true")
    merge.add_argument("--trust", action="append", default=[], metavar="核对码")

    listed = command("conflicts", _conflicts, "列出两处不一致")
    listed.add_argument("ledger", type=Path)

    resolve = command("resolve", _resolve, "裁定一处两处不一致")
    resolve.add_argument("ledger", type=Path)
    resolve.add_argument("id")
    way = resolve.add_mutually_exclusive_group(required=True)
    way.add_argument("--take")
    way.add_argument("--value")

    review = command("review", _review, "接收或退回一个单位的报表")
    review.add_argument("ledger", type=Path)
    review.add_argument("unit")
    review.add_argument("period")
    verdict = review.add_mutually_exclusive_group(required=True)
    verdict.add_argument("--accept", action="store_true")
    verdict.add_argument("--return", dest="reason")
    review.add_argument("--task", action="append", default=[], help="只退回这一件，可写多次")
    review.add_argument("--received", type=_date, help="收到日")

    confirm = command("confirm", _confirm, "核定数字；不写编号时列出全部")
    confirm.add_argument("ledger", type=Path)
    confirm.add_argument("figure", nargs="?")
    confirm.add_argument("value", nargs="?")
    confirm.add_argument("--basis", default="")

    matrix = command("matrix", _matrix, "任务矩阵；写 PDF 文件名时打印")
    matrix.add_argument("ledger", type=Path)
    matrix.add_argument("out", type=Path, nargs="?")
    matrix.add_argument("--period")
    matrix.add_argument("--paper", choices=("A3", "A4"), default="A3")
    matrix.add_argument("--as-of", type=_date)

    gauges = command("gauges", _gauges, "目标进度")
    gauges.add_argument("ledger", type=Path)
    gauges.add_argument("--on", type=_date)

    print_form = command("print-form", _print_form, "打印填报表（PDF）")
    print_form.add_argument("ledger", type=Path)
    print_form.add_argument("out", type=Path)
    print_form.add_argument("--period")
    print_form.add_argument("--unit")

    told = command("history", _history, "历史")
    told.add_argument("ledger", type=Path)
    told.add_argument("record", nargs="?")

    for name, run, text in (("undo", _undo, "撤销最近一步"), ("verify", _verify, "体检")):
        command(name, run, text).add_argument("ledger", type=Path)

    sites = command("sites", _sites, "电脑清单；停用或恢复一台")
    sites.add_argument("ledger", type=Path)
    sites.add_argument("--stop", metavar="核对码")
    sites.add_argument("--lift", metavar="核对码")

    recover = command("recover", _recover, "用恢复单让本机成为区级汇总的电脑")
    recover.add_argument("ledger", type=Path)
    recover.add_argument("code", nargs="+")
    recover.add_argument("--pc", default="")
    recover.add_argument("--from", dest="copy", type=Path, help="没有备份时：从任一单位的副本找回区级台账")
    recover.add_argument("--stop", metavar="核对码", default="", help="同时停用原来的一台区级汇总电脑")

    backup = command("backup", _backup, "备份")
    backup.add_argument("ledger", type=Path)
    backup.add_argument("out", type=Path)

    restore = command("restore", _restore, "用备份恢复")
    restore.add_argument("backup", type=Path)
    restore.add_argument("ledger", type=Path)
    restore.add_argument("--replace", action="store_true")

    manual = command("manual", _manual, "把使用手册存成 PDF")
    manual.add_argument("out", type=Path)

    shown = command("demo", _demo, "建一本演示台账")
    shown.add_argument("ledger", type=Path)
    shown.add_argument("--quarters", type=int, default=2)
    return parser


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2018-04-05 的样子") from exc


class _Opened:
    """A ledger open for one command."""

    def __init__(self, options: argparse.Namespace, *, writer: bool) -> None:
        self._ledger = ledgers.open_ledger(options.ledger, writer=writer, author=options.author)

    def __enter__(self) -> Ledger:
        return self._ledger

    def __exit__(self, kind: object, failure: BaseException | None, trace: object) -> None:
        try:
            expected = isinstance(failure, LedgerError | _Usage) or not isinstance(failure, Exception)
            if not expected and self._damaged():
                raise EnvironmentFailed(
                    "damaged", f"“{self._ledger.path.name}”里有损坏，这一步没有做；请先体检，再用最近的备份恢复。"
                ) from failure
        finally:
            self._ledger.close()

    def _damaged(self) -> bool:
        """Whether it is the file that made a command fail in a way nobody foresaw."""
        try:
            return bool(self._ledger.journal.verify())
        except Exception:
            return True


def _reading(options: argparse.Namespace) -> _Opened:
    return _Opened(options, writer=False)


def _writing(options: argparse.Namespace) -> _Opened:
    return _Opened(options, writer=True)


def _unit_of(ledger: Ledger, text: str | None) -> str:
    if text:
        return ledger.unit_named(text).id
    if ledger.office:
        raise _Usage("区级汇总的台账要用 --unit 写明单位")
    return ledger.unit


def _new(options: argparse.Namespace) -> Result:
    plan = read_plan(options.plan or paths.plan_file("ganzhou-2017.toml"))
    ledger, code = ledgers.new_ledger(options.ledger, plan, author=options.author, pc=options.pc)
    with closing(ledger):
        value = {
            "ledger": ledger.id,
            "ledger_code": ledgers.code_of_ledger(ledger),
            "site": ledger.journal.site,
            "code": ledger.code(),
            "recovery": code,
            "plan": plan.document.title,
            "units": len(plan.responsible_units),
            "tasks": len(plan.tasks),
            "heads": ledger.journal.heads(),
        }
    return (
        DONE,
        value,
        [
            f"已建立台账“{options.ledger.name}”：{plan.document.title}",
            f"台账码 {value['ledger_code']}",
            f"恢复单（只显示这一次，请抄下或打印后锁进保险柜）：{code}",
        ],
    )


def _period(options: argparse.Namespace) -> Result:
    with _writing(options) as ledger:
        if options.open:
            period = periods.open_period(ledger, options.name, options.due)
        else:
            if options.due:
                raise _Usage("--due 只能与 --open 一起用")
            period = periods.close_period(ledger, options.name)
    value = {
        "period": period.name,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "due": period.due.isoformat(),
        "closed": period.closed,
        "record": period.record,
    }
    return (
        DONE,
        value,
        [f"{'已关' if period.closed else '已开'} {period.name}，应报日 {period.due}（法定假日请自行留意）"],
    )


def _handed(handed: exchange.Handed) -> Result:
    value = {
        "file": str(handed.file),
        "unit": handed.unit or None,
        "size": handed.size,
        "operations": handed.operations,
        "heads": handed.heads,
    }
    return DONE, value, [f"已写入“{handed.file.name}”（{handed.size // 1024 + 1} KB），已核对，可以拔出。"]


def _hand_out(options: argparse.Namespace) -> Result:
    with _writing(options) as ledger:
        unit = ledger.unit_named(options.unit)
        return _handed(exchange.hand_out(ledger, unit.id, options.out, all_proof=options.proof))


def _export(options: argparse.Namespace) -> Result:
    with _writing(options) as ledger:
        return _handed(exchange.export(ledger, options.out, all_proof=options.proof))


def _join(options: argparse.Namespace) -> Result:
    ledger = exchange.join(options.copy, options.ledger, author=options.author, pc=options.pc)
    with closing(ledger):
        unit = ledger.plan().unit_by_id[ledger.unit]
        value = {
            "ledger": ledger.id,
            "ledger_code": ledgers.code_of_ledger(ledger),
            "unit": unit.id,
            "name": unit.name,
            "site": ledger.journal.site,
            "code": ledger.code(),
            "heads": ledger.journal.heads(),
        }
    return DONE, value, [f"已建立{unit.name}的台账，台账码 {value['ledger_code']}，本机核对码 {value['code']}"]


def _inspect(options: argparse.Namespace) -> Result:
    found = exchange.inspect(options.copy)
    value = {
        "file": str(found.file),
        "ledger": found.ledger,
        "ledger_code": found.ledger_code,
        "unit": found.unit or None,
        "unit_name": found.unit_name or None,
        "period": found.period or None,
        "site": found.site,
        "code": found.code,
        "program": found.program,
        "plan": found.plan,
        "operations": found.operations,
        "heads": found.heads,
        "size": found.size,
        "title": found.title,
    }
    return DONE, value, [f"{found.unit_name or '汇总'} {found.period}：{found.operations} 步操作，核对码 {found.code}"]


def _form(options: argparse.Namespace) -> Result:
    with _reading(options) as ledger:
        period = periods.period_named(ledger, options.period)
        value = filing.form_json(ledger, _unit_of(ledger, options.unit), period.name)
    return DONE, value, [json.dumps(value, ensure_ascii=False, indent=1)]


def _file(options: argparse.Namespace) -> Result:
    with _writing(options) as ledger:
        form = filing.read_form(ledger, options.form)
        form = filing.over_draft(ledger, form)
        if options.submit:
            filed = filing.submit(ledger, form, source=options.source)
        else:
            filing.save_draft(ledger, form)
            filed = None
        state = filing.form_state(ledger, form.unit, form.period)
    value = {
        "unit": form.unit,
        "period": form.period,
        "submitted": filed is not None,
        "filing": filed,
        "code": None if filed is None else form_code(filed),
        "record": state.form.matters[0].record if state.form.matters else None,
        "remarks": [{"task": r.task, "field": r.field, "text": r.text} for r in state.remarks],
    }
    line = "草稿已保存，还没有提交。" if filed is None else f"已提交，校验码 {value['code']}"
    return DONE, value, [line, *(f"提示：{r.text}" for r in state.remarks)]


def _withdraw(options: argparse.Namespace) -> Result:
    with _writing(options) as ledger:
        unit = _unit_of(ledger, options.unit)
        filing.withdraw(ledger, unit, options.period)
    return (
        DONE,
        {"unit": unit, "period": options.period},
        ["已撤回，填过的内容留作草稿；提交过的文字在历史里仍能看到。"],
    )


def _merge(options: argparse.Namespace) -> Result:
    with _writing(options) as ledger:
        result = merging.merge(ledger, options.copies, dry_run=options.dry_run, trust=options.trust)
        heads = ledger.journal.heads()
    value = {
        "packages": [
            {
                "file": str(p.file),
                "verdict": p.verdict,
                "reason": p.reason or None,
                "text": p.text,
                "unit": p.unit or None,
                "period": p.period or None,
                "site": p.site or None,
                "code": p.code or None,
                "new": p.new,
                "conflicts": p.conflicts,
                "changes": [
                    {"record": c.record, "field": c.field, "how": c.how, "before": c.before, "after": c.after}
                    for c in p.changes
                ],
            }
            for p in result.packages
        ],
        "merged": result.done,
        "dry_run": options.dry_run,
        "heads": heads,
    }
    words = {"merged": "可以合入" if options.dry_run else "已合入", "known": "没有新内容", "refused": "没有合入"}
    lines = [f"{p.file.name}：{words[p.verdict]}。{p.text}" for p in result.packages]
    return REFUSED if result.refused else DONE, value, lines


def _conflicts(options: argparse.Namespace) -> Result:
    with _reading(options) as ledger:
        cases = conflicts.list_conflicts(ledger)
        plan = ledger.plan()
        subjects = [conflicts.conflict_subject(plan, c) for c in cases]
    value = [
        {
            "id": c.id,
            "record": c.record,
            "field": c.field,
            "subject": subject,
            "base": c.base,
            "values": [
                {
                    "key": v.key,
                    "value": v.value,
                    "unit": v.unit,
                    "site": v.site,
                    "at": v.at,
                    "author": v.author,
                    "withdrawn": v.withdrawn,
                }
                for v in c.values
            ],
        }
        for c, subject in zip(cases, subjects, strict=True)
    ]
    lines = [f"{c['id']}  {c['subject']}：{len(c['values'])} 个值" for c in value] or ["没有两处不一致。"]
    return DONE, value, lines


def _resolve(options: argparse.Namespace) -> Result:
    value = None
    if options.value is not None:
        try:
            value = json.loads(options.value)
        except ValueError as exc:
            raise _Usage("--value 要写成 JSON") from exc
    with _writing(options) as ledger:
        conflicts.resolve(ledger, options.id, take=options.take, value=value)
        left = len(conflicts.list_conflicts(ledger))
    return DONE, {"id": options.id, "left": left}, [f"已裁定，还剩两处不一致 {left} 处。"]


def _review(options: argparse.Namespace) -> Result:
    if options.accept and options.task:
        raise _Usage("--task 只能与 --return 一起用")
    with _writing(options) as ledger:
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


def _figure_words(figure: Any) -> str:
    confirmed = f"核定值 {decimal_text(figure.confirmed)}" if figure.confirmed is not None else ""
    return confirmed or {"pending": "待核定", "missing": "还没有填"}.get(figure.state, "已核定")


def _confirm(options: argparse.Namespace) -> Result:
    if options.figure is None:
        with _reading(options) as ledger:
            found = figures.list_figures(ledger)
        return (
            DONE,
            [_figure(f) for f in found],
            [f"{f.id}  {f.name}：原文 {f.printed or '—'}，{_figure_words(f)}" for f in found],
        )
    if options.value is None:
        raise _Usage("核定要写数值和 --basis 依据")
    with _writing(options) as ledger:
        figure = figures.confirm(ledger, options.figure, options.value, options.basis)
    return DONE, _figure(figure), [f"已核定 {figure.name}：{options.value}"]


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


def _matrix(options: argparse.Namespace) -> Result:
    with _reading(options) as ledger:
        matrix = views.read_matrix(ledger, options.period, options.as_of)
        if options.out is not None:
            _to_pdf(
                lambda papers: papers.matrix_paper(ledger, matrix.period, paper=options.paper, as_of=options.as_of),
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
        f"{t.id} {t.title} [{t.word}] "
        + " ".join(
            f"{'◎' if c.role == 'lead' else '○'}{names[c.unit]}:{c.word}" for c in matrix.cells if c.task == t.id
        )
        for t in matrix.tasks
    ]
    return DONE, value, lines if options.out is None else [f"已写入“{options.out.name}”"]


def _gauges(options: argparse.Namespace) -> Result:
    with _reading(options) as ledger:
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
    value = json.loads(json.dumps(value, default=_plain))
    lines = [
        f"{g.id} {g.short}：{_shown(g.actual)} / {_shown(g.target)} {g.unit}  {g.word}  {g.formula}" for g in found
    ]
    return DONE, value, lines


def _shown(value: Decimal | None) -> str:
    return "—" if value is None else decimal_text(value)


def _print_form(options: argparse.Namespace) -> Result:
    with _reading(options) as ledger:
        unit, period = _unit_of(ledger, options.unit), periods.period_named(ledger, options.period)
        filing.form_state(ledger, unit, period.name)
        _to_pdf(lambda papers: papers.filing_paper(ledger, unit, period.name), options.out)
    return DONE, {"unit": unit, "period": period.name, "file": str(options.out)}, [f"已写入“{options.out.name}”"]


def _manual(options: argparse.Namespace) -> Result:
    paper = "ganzhou_desktop.ui.manual.paper"
    _to_pdf(lambda _papers: importlib.import_module(paper).manual_document(), options.out)
    return DONE, {"file": str(options.out)}, [f"已写入“{options.out.name}”"]


def _to_pdf(make: Callable[[Any], Any], out: Path) -> None:
    """Qt is loaded only when something is to be painted.  An earlier PDF is replaced, nothing else is."""
    try:
        if out.is_dir() or (out.exists() and not _is_pdf(out)):
            raise EnvironmentFailed("exists", f"“{out.name}”已经存在，又不是 PDF 文件，没有覆盖它；请换个名字。")
    except OSError as exc:
        raise EnvironmentFailed("no_permission", f"“{out.name}”写不了；请换一个自己能写的位置。") from exc
    offscreen = importlib.import_module("ganzhou_desktop.ui.printing.offscreen")
    offscreen.write_pdf(make, out)


def _is_pdf(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(5) == b"%PDF-"


def _history(options: argparse.Namespace) -> Result:
    with _reading(options) as ledger:
        entries = history.read_history(ledger, options.record)
    value = [
        {
            "operation": e.operation,
            "at": e.at,
            "author": e.author,
            "site": e.site,
            "code": e.code,
            "scope": e.scope,
            "title": e.title,
            "records": list(e.records),
            "set": dict(e.set),
        }
        for e in entries
    ]
    return DONE, value, [f"{e.at}  {e.scope}  {e.title}  {e.author}" for e in entries]


def _undo(options: argparse.Namespace) -> Result:
    with _writing(options) as ledger:
        undone = filing.undo_or_withdraw(ledger)
        heads = ledger.journal.heads()
    return DONE, {"undone": undone.title, "merge": undone.merge, "heads": heads}, [f"已撤销：{undone.title}"]


def _verify(options: argparse.Namespace) -> Result:
    with _reading(options) as ledger:
        found = ledgers.verify(ledger)
    value = {
        "ok": found.ok,
        "operations": found.operations,
        "revisions": found.revisions,
        "heads": found.heads,
        "scopes": dict(found.scopes),
        "problems": list(found.problems),
    }
    lines = [f"{found.operations} 步操作，{found.revisions} 处改动，" + ("全部完好。" if found.ok else "发现问题：")]
    return DONE if found.ok else REFUSED, value, [*lines, *found.problems]


def _sites(options: argparse.Namespace) -> Result:
    if options.stop and options.lift:
        raise _Usage("--stop 与 --lift 只能写一个")
    changing = options.stop or options.lift
    with _writing(options) if changing else _reading(options) as ledger:
        if changing:
            sites.stop_site(ledger, changing, lift=bool(options.lift))
        found = sites.list_sites(ledger)
    value = [
        {"scope": s.scope, "site": s.site, "code": s.code, "pc": s.pc, "stopped": s.stopped, "here": s.here}
        for s in found
    ]
    return (
        DONE,
        value,
        [f"{s.scope}  {s.code}  {s.pc}{'  已停用' if s.stopped else ''}{'  本机' if s.here else ''}" for s in found],
    )


def _recover(options: argparse.Namespace) -> Result:
    if options.copy is not None:
        with closing(exchange.revive_office(options.copy, options.ledger, " ".join(options.code), pc=options.pc)):
            pass
    with _writing(options) as ledger:
        found = [s.site for s in sites.list_sites(ledger) if options.stop == s.site or same_code(options.stop, s.code)]
        if options.stop and not found:
            raise RuleBroken("unknown_site", f"没有核对码是“{options.stop}”的电脑；请在电脑清单里核对。")
        stop = found[0] if found else ""
        code = ledgers.recover(ledger, " ".join(options.code), pc=options.pc, stop=stop)
        site = ledger.journal.site
    return DONE, {"site": site, "code": code}, [f"本机已成为区级汇总的电脑，核对码 {code}"]


def _backup(options: argparse.Namespace) -> Result:
    with _reading(options) as ledger:
        backups.backup(ledger, options.out)
        heads = ledger.journal.heads()
    return DONE, {"file": str(options.out), "heads": heads}, [f"已备份到“{options.out.name}”"]


def _restore(options: argparse.Namespace) -> Result:
    backups.restore(options.backup, options.ledger, replace=options.replace)
    with _Opened(options, writer=False) as ledger:
        heads = ledger.journal.heads()
    return (
        DONE,
        {"ledger": str(options.ledger), "heads": heads},
        [f"已用“{options.backup.name}”恢复“{options.ledger.name}”"],
    )


def _demo(options: argparse.Namespace) -> Result:
    if not 1 <= options.quarters <= 12:
        raise _Usage("--quarters 只能是 1 到 12")
    made = demo.build(options.ledger, options.quarters)
    with closing(made):
        value = {
            "ledger": made.id,
            "periods": [p.name for p in periods.list_periods(made)],
            "heads": made.journal.heads(),
        }
    return DONE, value, [f"已建立演示台账“{options.ledger.name}”（数据全部是虚构的）"]


if __name__ == "__main__":
    sys.exit(main())
