"""Subsidies on paper: 提请区财政局明确事项 (what the plan leaves open) and 奖补汇总表 (every amount kept apart)."""

from collections.abc import Iterator
from dataclasses import replace

from ganzhou_desktop.domain.applications import AMOUNT_WORDS, AMOUNTS
from ganzhou_desktop.domain.plan import Plan, Subsidy
from ganzhou_desktop.domain.provisional import COUNTED_SO
from ganzhou_desktop.domain.subsidies import standard
from ganzhou_desktop.services.applications import ApplicationsView
from ganzhou_desktop.ui import subsidy_words
from ganzhou_desktop.ui.printing.cells import Cell, Row, Table, Words
from ganzhou_desktop.ui.printing.items import A4_LANDSCAPE, A4_PORTRAIT, Document, Item, Paper, Style
from ganzhou_desktop.ui.printing.layout import Flow, foot, line_of, running_head, stamp
from ganzhou_desktop.ui.printing.phrases import moment_words
from ganzhou_desktop.ui.subsidy_words import BY_SUBSIDY, BY_UNIT, BY_YEAR, SumRow, figure_money, money, sum_rows

_NOTE = Style("song", 9, pitch=1.35)
_SIGN = 18.0
"""Height of the line to sign, in millimetres."""
DOUBT = "※ 原文数字待核定：公开文本丢了数字 0，核定以前按照录的原文值计算。"
SUMS_TITLE, QUESTIONS_TITLE = "奖补汇总表", "奖补政策提请明确事项"
_WAY_TITLES = {
    BY_SUBSIDY: "按补助",
    BY_UNIT: "按申报单位",
    BY_YEAR: "按年度",
    subsidy_words.BY_PAYER: "按支付方（申报里写明的）",
}


def questions_document(plan: Plan, *, printed_at: str, ledger_name: str = "", partial: bool = False) -> Document:
    """Every subsidy with its standard as printed and each point the plan leaves open, with room for the answer."""
    page = A4_PORTRAIT
    flow = Flow(page, page.height - 27)
    title = f"{plan.document.region}{QUESTIONS_TITLE}"
    _title(flow, title, f"（{plan.document.title}）", 24, 20)
    asked = [s for s in plan.subsidies if s.open]
    count = sum(len(s.open) for s in asked)
    lead = (
        f"区财政局：方案的 {len(asked)} 项补助有 {count} 处没有写明，申报和拨付时无从执行。请逐项明确并注明依据（文号、会议纪要）。"
        "答复以前照常登记和申报，有关内容标“待明确”。"
        if asked
        else "方案的各项补助没有待明确的事项。"
    )
    flow.words(lead, Style("fangsong", 11, pitch=1.5), "lead")
    flow.y += 2
    flow.head = lambda f: running_head(f, f"{title}（续）")
    if asked:
        flow.table(_questions_table(plan, asked), after=_SIGN)
    if any(figure_money(plan, standard(plan, s)).endswith(subsidy_words.DOUBTFUL) for s in asked):
        flow.y += 1.5
        differ = COUNTED_SO if not plan.contested.isdisjoint(s.figure for s in asked) else ""
        flow.words(f"待核定：{DOUBT.partition('：')[2]}{differ}", _NOTE, "note")
    _signs(flow, ("提请单位（盖章）：", "区财政局（盖章）：", "答复日期：　　年　月　日"), 10.5)
    return _finish(flow, title, plan, printed_at, ledger_name, partial, 25)


def _questions_table(plan: Plan, asked: list[Subsidy]) -> Table:
    head, body = Style("hei", 10.5, align="center"), Style("fangsong", 10.5, pitch=1.35)
    heads = ("序号", "提请明确的事项", "区财政局意见", "依据")
    header = Row(tuple(Cell((Words(h, head),), pad=(0.3, 1.3)) for h in heads), "header", 9)
    rows: list[Row] = []
    number = 0
    for subsidy in asked:
        figure = standard(plan, subsidy)
        doubt = "（待核定）" if figure is not None and figure.state != "confirmed" else ""
        known = figure is not None and figure.effective is not None
        amount = "金额没有写"
        if figure is not None and known:
            amount = f"{money(figure.effective, doubtful=figure.id in plan.contested)} 万元{doubt}"
        told = Words(f"{subsidy.id}　{subsidy.beneficiary}：{subsidy.basis}，{amount}", Style("hei", 10.5, pitch=1.3))
        quote = Words(f"方案原文（{subsidy.clause}）：{subsidy.quote}", replace(_NOTE, role="kai", size=9.5))
        rows.append(Row((Cell((told, quote), span=4, pad=(2, 1.2)), None, None, None), "group", 12, "subsidy"))
        for question in subsidy.open:
            number += 1
            rows.append(
                Row(
                    (
                        Cell((Words(str(number), replace(body, align="center")),), pad=(0.3, 1.2)),
                        Cell((Words(question, body),), pad=(1.5, 1.2)),
                        Cell(),
                        Cell(),
                    ),
                    "body",
                    13,
                    f"question:{number}",
                )
            )
    rest = A4_PORTRAIT.text_width - 12
    return Table((12, rest * 0.42, rest * 0.35, rest * 0.23), (header,), tuple(rows), keys=1, continued=1)


def sums_document(
    plan: Plan, view: ApplicationsView, *, on: str, printed_at: str, ledger_name: str = "", partial: bool = False
) -> Document:
    """标准额, 申请额, 批复额, 拨付额, 到账额 by subsidy, unit, year and payer; what all targets would cost; what looks paid twice."""
    page = A4_LANDSCAPE
    flow = Flow(page, page.height - 17)
    title = f"{plan.document.region}{SUMS_TITLE}"
    flow.add(line_of(page.left, page.top, 60, "附件", Style("hei", 14, pitch=1.2), "attachment"))
    _title(flow, title, f"（截至{on}，金额单位：万元）", page.top + 5, 18)
    flow.head = lambda f: running_head(f, f"{title}（续）")
    flow.table(_subsidies_table(plan, view, page))
    flow.y += 1.5
    differ = COUNTED_SO if subsidy_words.differing(plan, (row.application for row in view.rows)) else ""
    flow.words(f"{subsidy_words.exposure_text(view)}。{DOUBT}{differ}", _NOTE, "note")
    for way in (BY_UNIT, BY_YEAR, subsidy_words.BY_PAYER):
        rows = sum_rows(plan, view, way)
        if rows:
            flow.y += 4
            flow.need(30)
            flow.words(_WAY_TITLES[way], Style("hei", 11, pitch=1.35), "heading")
            flow.y += 0.8
            flow.table(_plain_table(way, rows, view, page))
    _doubles(flow, view)
    _signs(flow, ("填报单位（盖章）：", "单位负责人（签字）：", "审核人：", "填表人：", "联系电话：", "填报日期："), 10)
    return _finish(flow, title, plan, printed_at, ledger_name, partial, 15)


def _doubles(flow: Flow, view: ApplicationsView) -> None:
    flow.y += 4
    flow.need(16)
    flow.words("疑似重复补助", Style("hei", 11, pitch=1.35), "heading")
    flow.y += 0.8
    body = Style("fangsong", 10.5, pitch=1.4)
    if not view.clashes:
        flow.words("没有发现。", body, "double")
    for n, clash in enumerate(view.clashes, 1):
        who = "、".join(dict.fromkeys(a.beneficiary for a in clash.applications))
        sure = "" if clash.sure else "，请核对"
        flow.words(f"{n}．{who}：{clash.why}{sure}。", body, "double")


def _subsidies_table(plan: Plan, view: ApplicationsView, page: Paper) -> Table:
    amounts = tuple(AMOUNT_WORDS[name] for name in AMOUNTS)
    heads = ("补助", "补助标准", "件数", "标准额", *amounts, "目标全部完成约需")

    def lines() -> Iterator[tuple[str, ...]]:
        for row in sum_rows(plan, view, BY_SUBSIDY):
            each = figure_money(plan, standard(plan, row.subsidy)) if row.subsidy is not None else ""
            needed = money(row.exposure.amount, doubtful=row.exposure.doubtful) if row.exposure is not None else ""
            yield (row.name, each, *_amounts(row), needed)

    known = [e.amount for e in view.exposures if e.amount is not None]
    doubt = any(e.doubtful for e in view.exposures if e.amount is not None)
    whole = SumRow("合计", view.all)
    total = ("合计", "", *_amounts(whole), money(sum(known, start=0 * view.all.standard), doubtful=doubt))
    return _table(heads, (*lines(),), total, (72, 22, 14, 20, 20, 20, 20, 20, 30), page)


def _plain_table(way: str, rows: list[SumRow], view: ApplicationsView, page: Paper) -> Table:
    heads = (
        _WAY_TITLES[way].partition("（")[0].removeprefix("按"),
        "件数",
        "标准额",
        *(AMOUNT_WORDS[n] for n in AMOUNTS),
    )
    lines = tuple((row.name, *_amounts(row)) for row in rows)
    return _table(heads, lines, ("合计", *_amounts(SumRow("", view.all))), (72, 14, 28, 28, 28, 28, 28), page)


def _amounts(row: SumRow) -> tuple[str, ...]:
    """件数, 标准额 and the four amounts; nothing where there is no application."""
    if not row.sums.count:
        return ("",) * (2 + len(AMOUNTS))
    return (
        str(row.sums.count),
        row.standard,
        *(money(row.sums.amounts[n], doubtful=n in row.sums.differing) for n in AMOUNTS),
    )


def _table(
    heads: tuple[str, ...],
    lines: tuple[tuple[str, ...], ...],
    total: tuple[str, ...],
    shares: tuple[float, ...],
    page: Paper,
) -> Table:
    head, body = Style("hei", 9.5, align="center"), Style("fangsong", 9.5, pitch=1.3)
    right = replace(body, role="song", align="right")
    header = Row(tuple(Cell((Words(h, head),), pad=(0.3, 1.2)) for h in heads), "header", 8)

    def row(words: tuple[str, ...], kind: str) -> Row:
        styles = (body if kind == "body" else replace(body, role="hei"), *(right,) * (len(words) - 1))
        cells = (Cell((Words(w, s),) if w else (), pad=(1.5, 0.9)) for w, s in zip(words, styles, strict=True))
        return Row(tuple(cells), kind, 7, kind if kind == "total" else "sum")

    widths = tuple(page.text_width * share / sum(shares) for share in shares)
    return Table(widths, (header,), (*(row(line, "body") for line in lines), row(total, "total")), keys=1)


# -- what both have ------------------------------------------------------------------------------------------------


def _title(flow: Flow, title: str, under: str, y: float, size: float) -> None:
    flow.y = y
    flow.words(title, Style("title", size, align="center", pitch=1.35), "title")
    flow.y += 0.8
    flow.words(under, Style("kai", 10.5, align="center", pitch=1.35), "under")
    flow.y += 3


def _signs(flow: Flow, signs: tuple[str, ...], size: float) -> None:
    flow.need(_SIGN)
    flow.y += 7
    style = Style("song", size, pitch=1.35)
    room = flow.paper.text_width / len(signs)
    for n, words in enumerate(signs):
        flow.add(line_of(flow.paper.left + n * room, flow.y, room - 2, words, style, "signature"))
    flow.y += 8


def _finish(
    flow: Flow, title: str, plan: Plan, printed_at: str, ledger_name: str, partial: bool, below: float
) -> Document:
    page = flow.paper
    stamps = (*(("演示数据",) if plan.document.demo else ()), *(("仅含本单位",) if partial else ()))
    imprint = "，".join(w for w in (ledger_name, f"{moment_words(printed_at)} 打印") if w)

    def page_foot(n: int, total: int) -> list[Item]:
        return [*foot(page, n, page.height - below, f"{imprint}，共 {total} 页"), *stamp(page, stamps)]

    return flow.finish(title, page_foot)
