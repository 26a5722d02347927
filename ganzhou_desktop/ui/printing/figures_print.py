"""提请核定清单: every printed number the office must confirm, and what the plan leaves open."""

from dataclasses import replace

from ganzhou_desktop.domain.plan import Figure, Plan
from ganzhou_desktop.domain.plan_check import lint
from ganzhou_desktop.domain.provisional import CONTESTED, marked
from ganzhou_desktop.ui.printing.cells import Cell, Row, Table, Words
from ganzhou_desktop.ui.printing.items import A4_PORTRAIT, Document, Item, Style
from ganzhou_desktop.ui.printing.layout import Flow, foot, line_of, running_head, stamp
from ganzhou_desktop.ui.printing.phrases import moment_words, number_words
from ganzhou_desktop.ui.texts import figure_number

_PAPER = A4_PORTRAIT
_HEAD = Style("hei", 10, align="center")
_BODY = Style("fangsong", 10, pitch=1.35)
_CENTRED = Style("song", 10, align="center", pitch=1.3)
_SIGN = 16.0
"""Height of the line to sign, in millimetres."""

_NOTE = Style("song", 9, pitch=1.35)


def figures_document(plan: Plan, *, printed_at: str, ledger_name: str = "") -> Document:
    """The list as a document; figures in plan order, grouped by what they belong to."""
    title = "提请核定清单"
    remarks = lint(plan)
    flow = Flow(_PAPER, _PAPER.height - 27)
    flow.y = 24
    flow.words(title, Style("title", 20, align="center", pitch=1.35), "title")
    flow.y += 0.8
    flow.words(f"（{plan.document.title}）", Style("kai", 10.5, align="center", pitch=1.35), "plan")
    flow.y += 2
    flow.words(
        _lead(plan),
        replace(_NOTE, size=10),
        "lead",
    )
    flow.y += 2
    flow.head = lambda f: running_head(f, f"{title}（续）")
    flow.table(_figures_table(plan), after=0.0 if plan.questions or remarks else _SIGN)
    if plan.questions:
        flow.y += 6
        flow.need(45)
        flow.words("待明确事项", Style("hei", 12, pitch=1.35), "heading")
        flow.y += 1
        flow.table(_questions_table(plan), after=0.0 if remarks else _SIGN)
    if remarks:
        flow.y += 6
        flow.need(45)
        flow.words("方案体检：提请一并明确", Style("hei", 12, pitch=1.35), "heading")
        flow.y += 1
        for n, remark in enumerate(remarks, 1):
            flow.need(10)
            flow.words(f"{n}．{remark}", _BODY, f"remark:{n}")
            flow.y += 0.8
    _sign_off(flow, plan)
    stamps = ("演示数据",) if plan.document.demo else ()
    words = "，".join(w for w in (ledger_name, f"{moment_words(printed_at)} 打印") if w)
    return flow.finish(title, lambda n, total: _foot(n, total, words, stamps))


def _lead(plan: Plan) -> str:
    printed = [f for f in plan.figures if f.origin != "baseline"]
    pending = sum(f.state == "pending" for f in printed)
    missing = sum(f.state == "missing" for f in plan.figures)
    return (
        f"以下 {len(printed)} 个数字按方案原文照录，其中 {pending} 个待核定；"
        f"另有 {missing} 个基期值方案没有印出，请补入。"
        "请逐项填写核定值并注明依据（文号、会议纪要或经办人意见）；核定以前按原文值计算，并在各处标注“待核定”。"
        + (f"{CONTESTED} 两处核定了不同的值，裁定以前先按其中一个算。" if plan.contested else "")
    )


def _sign_off(flow: Flow, plan: Plan) -> None:
    flow.need(_SIGN)
    flow.y += 6
    style = Style("song", 10.5, pitch=1.35)
    for n, words in enumerate(("核定单位（盖章）：", "核定人（签字）：", "日期：　　　年　　月　　日")):
        x = _PAPER.left + n * _PAPER.text_width / 3
        flow.add(line_of(x, flow.y, _PAPER.text_width / 3 - 2, words, style, "signature"))
    flow.y += 8


def _group_of(plan: Plan, figure: Figure) -> str:
    """What a figure belongs to, in words; figures of one group follow one another in the plan's order."""
    if figure.origin == "baseline":
        return "基期值（方案未印，推算序时进度要用）"
    target = plan.target_by_id.get(figure.id.split(".")[0])
    if target is not None and target.headline:
        return "总体目标"
    if target is not None and target.task in plan.task_by_id:
        task = plan.task_by_id[target.task]
        return f"任务{task.id}　{task.title}"
    if any(figure.id in (s.figure, s.id) for s in plan.subsidies):
        return "奖补标准"
    return "其他数字"


def _figures_table(plan: Plan) -> Table:
    heads = ("序", "编号", "事项", "原文值", "条款原文", "疑点", "核定值", "依据")
    header = Row(tuple(Cell((Words(h, _HEAD),), pad=(0.3, 1.2)) for h in heads), "header", 9)
    groups: dict[str, list[Figure]] = {}
    for figure in plan.figures:
        groups.setdefault(_group_of(plan, figure), []).append(figure)
    rows: list[Row] = []
    number = 0
    for name, figures in groups.items():
        words = Words(f"{name}（{len(figures)}）", Style("hei", 10))
        rows.append(Row((Cell((words,), span=8, pad=(2, 0.8)), *(None,) * 7), "group", 7))
        for figure in figures:
            number += 1
            rows.append(_figure_row(number, figure, figure.id in plan.contested))
    return Table((8, 14, 26, 15, 37, 36, 16, 18), (header,), tuple(rows), keys=3, continued=2)


def _figure_row(number: int, figure: Figure, contested: bool) -> Row:
    printed = figure.printed or "（未印）"
    confirmed = "" if figure.confirmed is None else f"{number_words(figure.confirmed)} {figure.unit}".strip()
    confirmed = marked(confirmed, contested)
    return Row(
        (
            Cell((Words(str(number), _CENTRED),), pad=(0.2, 1.0)),
            Cell((Words(figure_number(figure.id), replace(_CENTRED, size=8.5)),), pad=(0.2, 1.0)),
            Cell((Words(figure.name, _BODY),), pad=(1.0, 1.0)),
            Cell((Words(printed, replace(_CENTRED, bold=True)),), pad=(0.4, 1.0)),
            Cell((Words(figure.quote, _NOTE),), pad=(1.0, 1.0)),
            Cell((Words(figure.doubt, _NOTE),), pad=(1.0, 1.0)),
            Cell((Words(confirmed, _CENTRED),) if confirmed else (), pad=(0.4, 1.0)),
            Cell((Words(figure.basis, _NOTE),) if figure.basis else (), pad=(0.8, 1.0)),
        ),
        "body",
        10,
        f"figure:{figure.id}",
    )


def _questions_table(plan: Plan) -> Table:
    heads = ("序", "涉及", "事项", "请何单位明确", "明确意见")
    header = Row(tuple(Cell((Words(h, _HEAD),), pad=(0.3, 1.2)) for h in heads), "header", 9)
    rows = []
    for n, question in enumerate(plan.questions, 1):
        unit = plan.unit_by_id.get(question.ask)
        asked = f"请{unit.name}明确" if unit else (f"请{question.ask}明确" if question.ask else "请主管单位明确")
        rows.append(
            Row(
                (
                    Cell((Words(str(n), _CENTRED),), pad=(0.2, 1.0)),
                    Cell((Words(_subjects(plan, question.subjects), _NOTE),), pad=(1.0, 1.0)),
                    Cell((Words(question.question, _BODY),), pad=(1.2, 1.0)),
                    Cell((Words(asked, _BODY),), pad=(1.0, 1.0)),
                    Cell(),
                ),
                "body",
                11,
                f"question:{question.id}",
            )
        )
    return Table((8, 26, 78, 28, 30), (header,), tuple(rows), keys=2, continued=1)


def _subjects(plan: Plan, ids: tuple[str, ...]) -> str:
    """What a question is about, in words: units, tasks and settings by name, the others by their printed ids."""
    settings = {s.id: s.name for s in plan.settings}
    tasks = [i for i in ids if i in plan.task_by_id]
    words = [f"任务{'、'.join(tasks)}"] if tasks else []
    for subject in ids:
        if subject == "plan":
            words.append("全文")
        elif subject in plan.unit_by_id:
            words.append(plan.unit_by_id[subject].short)
        elif subject not in plan.task_by_id:
            words.append(settings.get(subject, subject))
    return "、".join(words)


def _foot(n: int, total: int, words: str, stamps: tuple[str, ...]) -> list[Item]:
    y = _PAPER.height - 20
    return [*foot(_PAPER, n, y, f"{words}，共 {total} 页"), *stamp(_PAPER, stamps)]
