"""Commands of a period: opening it, the form, filing and its print."""

import argparse
import json
from pathlib import Path

from ganzhou_desktop.cli.common import reading, to_pdf, unit_of, writing
from ganzhou_desktop.cli.parsing import DONE, Commands, Result, Usage, day
from ganzhou_desktop.domain.canonical import form_code
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.forms import Form
from ganzhou_desktop.services import filing, form_docx, periods
from ganzhou_desktop.services.ledgers import Ledger


def add(commands: Commands) -> None:
    """Add these commands."""
    period = commands.add("period", _period, "开期次、关期次")
    period.add_argument("ledger", type=Path)
    period.add_argument("name")
    which = period.add_mutually_exclusive_group(required=True)
    which.add_argument("--open", action="store_true")
    which.add_argument("--close", action="store_true")
    period.add_argument("--due", type=day)

    form = commands.add("form", _form, "给出要填的报表")
    form.add_argument("ledger", type=Path)
    form.add_argument("--period")
    form.add_argument("--unit")
    form.add_argument("--docx", type=Path, help="写成 Word 表，给领导看和改")

    file = commands.add("file", _file, "填报：存草稿，或提交")
    file.add_argument("ledger", type=Path)
    file.add_argument("form", type=Path)
    file.add_argument("--period", help="读回 Word 表时：哪一期")
    file.add_argument("--unit", help="读回 Word 表时：哪个单位")
    file.add_argument("--submit", action="store_true")
    file.add_argument("--source", default="", help="代录：根据哪份纸质材料")

    withdraw = commands.add("withdraw", _withdraw, "撤回本期提交（第一次导出之前）")
    withdraw.add_argument("ledger", type=Path)
    withdraw.add_argument("period")
    withdraw.add_argument("--unit")

    print_form = commands.add("print-form", _print_form, "打印填报表（PDF）")
    print_form.add_argument("ledger", type=Path)
    print_form.add_argument("out", type=Path)
    print_form.add_argument("--period")
    print_form.add_argument("--unit")


def _period(options: argparse.Namespace) -> Result:
    with writing(options) as ledger:
        if options.open:
            period = periods.open_period(ledger, options.name, options.due)
        else:
            if options.due:
                raise Usage("--due 只能与 --open 一起用")
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


def _form(options: argparse.Namespace) -> Result:
    with reading(options) as ledger:
        period = periods.period_named(ledger, options.period)
        unit = unit_of(ledger, options.unit)
        value = filing.form_json(ledger, unit, period.name)
        if options.docx is not None:
            form_docx.write_form(ledger, unit, period.name, options.docx)
            return DONE, {**value, "file": str(options.docx)}, [f"已写入“{options.docx.name}”"]
    return DONE, value, [json.dumps(value, ensure_ascii=False, indent=1)]


def _file(options: argparse.Namespace) -> Result:
    with writing(options) as ledger:
        if options.form.suffix.lower() == ".docx":
            form = _returned(ledger, options)
        else:
            form = filing.over_draft(ledger, filing.read_form(ledger, options.form))
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


def _returned(ledger: Ledger, options: argparse.Namespace) -> Form:
    """A Word form that came back, taken over whole; refused while a cell in it cannot be read."""
    period = periods.period_named(ledger, options.period)
    returned = form_docx.read_returned(ledger, unit_of(ledger, options.unit), period.name, options.form)
    if returned.wrong:
        raise WrongCells(options.form, returned.wrong)
    return returned.form


class WrongCells(RuleBroken):
    """Cells of a returned Word form that cannot be read; `errors` has a sentence for each."""

    def __init__(self, path: Path, errors: tuple[str, ...]) -> None:
        text = f"“{path.name}”里有 {len(errors)} 处读不懂，没有采用；请改好再读。"
        super().__init__("bad_form", text)
        self.errors = errors


def _withdraw(options: argparse.Namespace) -> Result:
    with writing(options) as ledger:
        unit = unit_of(ledger, options.unit)
        filing.withdraw(ledger, unit, options.period)
    return (
        DONE,
        {"unit": unit, "period": options.period},
        ["已撤回，填过的内容留作草稿；提交过的文字在历史里仍能看到。"],
    )


def _print_form(options: argparse.Namespace) -> Result:
    with reading(options) as ledger:
        unit, period = unit_of(ledger, options.unit), periods.period_named(ledger, options.period)
        filing.form_state(ledger, unit, period.name)
        to_pdf(lambda papers: papers.filing_paper(ledger, unit, period.name), options.out)
    return DONE, {"unit": unit, "period": period.name, "file": str(options.out)}, [f"已写入“{options.out.name}”"]
