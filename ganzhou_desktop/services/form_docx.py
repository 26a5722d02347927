"""The form as .docx for the chief to read and mend; what comes back is compared first and then becomes the draft."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ganzhou_desktop.documents import word, word_reading
from ganzhou_desktop.documents.word import FormDocument, FormRow
from ganzhou_desktop.domain import filings
from ganzhou_desktop.domain.canonical import clean_text, decimal_text
from ganzhou_desktop.domain.draft_moving import THEIRS, Choices, Difference, Value
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.domain.forms import Form, Matter
from ganzhou_desktop.domain.pace import SUMMED
from ganzhou_desktop.domain.plan import HEADLINE, LEAD, Plan
from ganzhou_desktop.domain.provisional import SHOWN_SO
from ganzhou_desktop.domain.typed import half_width, read_date, read_number
from ganzhou_desktop.services.contacts import contacts_of
from ganzhou_desktop.services.filing import form_state, save_draft
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.periods import period_named

_ANSWERS = {
    filings.PROGRESS: "有进展",
    filings.NO_PROGRESS: "无进展",
    filings.NOT_PUBLISHED: "数据未发布",
    filings.NOT_APPLICABLE: "不适用",
}
_MEMBERS = (
    ("answer", "本期情况"),
    ("progress", "本期进展"),
    ("problems", "存在问题"),
    ("next_steps", "下步措施"),
    ("expected", "预计完成"),
)
_TEXTS = ("progress", "problems", "next_steps")


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back in a .docx beside what the draft says: `theirs` is the paper's, `mine` the draft's.

    `wrong`: sentences about cells that cannot be read, `notes` about the document.
    """

    form: Form
    found: tuple[Difference, ...]
    wrong: tuple[str, ...]
    notes: tuple[str, ...]


def write_form(ledger: Ledger, unit: str, period: str, out: Path) -> None:
    """Write the form as it stands (the draft, else what is filed) as one table with fixed labels."""
    word.write_form_docx(out, form_document(ledger, unit, period))


def form_document(ledger: Ledger, unit: str, period: str) -> FormDocument:
    """The form's table: a heading a matter, then its answer, texts and numbers."""
    plan = ledger.plan()
    state = form_state(ledger, unit, period)
    form = state.form
    rows: list[FormRow] = []
    for matter in form.matters:
        rows.append(FormRow(_heading(plan, matter)))
        rows += [FormRow(label, f"{matter.task}/{name}", _text_of(matter, name)) for name, label in _MEMBERS]
        for target, value in matter.measurements.items():
            asked = plan.target_by_id[target]
            what = "本期新增" if asked.kind in SUMMED else "期末数"
            label = f"{target} {asked.short} {what}（{asked.unit}）"
            rows.append(FormRow(label, f"{matter.task}/{target}", "" if value is None else decimal_text(value)))
    names = contacts_of(ledger, unit)
    who = "　　".join(
        f"{word_}：{names[key]}" for key, word_ in (("head", "负责人"), ("reviewer", "审核人"), ("clerk", "填表人"))
    )
    day = period_named(ledger, period).due
    contested = frozenset() if state.filing is None else state.filing.contested
    differing = [place for m in form.matters for place in (m.task, *m.measurements) if place in contested]
    # Not in the cells: those are read back.
    marks = f"{SHOWN_SO}有：{'、'.join(_place_words(plan, p) for p in differing)}。" if differing else ""
    return FormDocument(
        code=f"{ledger.id}/{unit}/{period}",
        title=f"{plan.document.short_title}推进情况填报表",
        lines=(f"填报单位：{plan.unit_by_id[unit].name}　　期次：{period}",),
        rows=tuple(rows),
        foot=(f"{who}　　电话：{names['phone']}", f"应报日：{day}"),
        note="只改右边的内容；左边的栏目名称不要动。本期情况写：有进展、无进展、数据未发布或不适用。改好存成 .docx 读回程序。"
        f"{marks}",
    )


def _place_words(plan: Plan, place: str) -> str:
    return "目标任务" if place == HEADLINE else f"任务{place}" if place in plan.task_by_id else place


def _heading(plan: Plan, matter: Matter) -> str:
    if matter.task == HEADLINE:
        return "目标任务"
    return f"任务{matter.task} {plan.task_by_id[matter.task].title}（{'牵头' if matter.role == LEAD else '配合'}）"


def _text_of(matter: Matter, name: str) -> str:
    answer = matter.answer
    if name == "answer":
        return _ANSWERS.get(answer.kind or "", "")
    if name == "expected":
        return "" if answer.expected is None else answer.expected.isoformat()
    return str(getattr(answer, name))


def read_returned(ledger: Ledger, unit: str, period: str, path: Path) -> Returned:
    """What a returned .docx says against the form as it stands; nothing is written."""
    document = form_document(ledger, unit, period)
    answers = word_reading.read_form_docx(path, document)
    form = form_state(ledger, unit, period).form
    wrong: list[str] = []
    matters, found = [], []
    for matter in form.matters:
        said = {
            key.partition("/")[2]: text for key, text in answers.values.items() if key.startswith(f"{matter.task}/")
        }
        other = _filled(ledger.plan(), matter, said, wrong)
        matters.append(other)
        found += _differences(matter, other)
    notes = list(answers.notes)
    if not answers.known:
        notes.append("这份表里已经没有程序留的记号，是按栏目名称读的；请核对单位和期次对不对。")
    if answers.absent:
        notes.append(f"有 {len(answers.absent)} 栏没有找到，照原样不动。")
    return Returned(replace(form, matters=tuple(matters)), tuple(found), tuple(wrong), tuple(notes))


def _filled(plan: Plan, matter: Matter, said: Mapping[str, str], wrong: list[str]) -> Matter:
    answer, place = matter.answer, "目标任务" if matter.task == HEADLINE else f"任务{matter.task}"
    texts = {name: clean_text(said[name]) for name in _TEXTS if name in said}
    kind, expected = answer.kind, answer.expected
    if "answer" in said:
        typed = half_width(said["answer"]).replace(" ", "")
        known = {word_: key for key, word_ in _ANSWERS.items()}
        if typed in known or not typed:
            kind = known.get(typed)
        else:
            wrong.append(f"{place}“本期情况”写的是“{said['answer']}”，应为{'、'.join(known)}之一；这一格照原样没有动。")
    if "expected" in said:
        day = read_date(said["expected"])
        if day is None and said["expected"].strip():
            wrong.append(f"{place}“预计完成”写的是“{said['expected']}”，不是日期；这一格照原样没有动。")
        else:
            expected = day
    numbers = dict(matter.measurements)
    for target in matter.measurements:
        if target in said:
            number = read_number(said[target])
            if number is None and said[target].strip():
                name = plan.target_by_id[target].short
                wrong.append(f"{place} {target}“{name}”写的是“{said[target]}”，不是数字；这一格照原样没有动。")
            else:
                numbers[target] = number
    fresh = Answer(
        kind,
        texts.get("progress", answer.progress),
        texts.get("problems", answer.problems),
        texts.get("next_steps", answer.next_steps),
        expected,
    )
    return replace(matter, answer=fresh, measurements=numbers)


def _differences(mine: Matter, theirs: Matter) -> list[Difference]:
    def values(matter: Matter) -> dict[str, Value]:
        answer = matter.answer
        held: dict[str, Value] = {"answer": answer.kind, **{n: getattr(answer, n) for n in (*_TEXTS, "expected")}}
        return {**held, **matter.measurements}

    before, after = values(mine), values(theirs)
    return [
        Difference(mine.task, name, before[name], before[name], after[name], clash=True)
        for name in before
        if before[name] != after[name] and (before[name] not in (None, "") or after[name] not in (None, ""))
    ]


def take_returned(ledger: Ledger, returned: Returned, choices: Choices) -> str:
    """Save as the draft what was chosen from the paper; what is not chosen stays.  Returns when it was saved."""
    form = form_state(ledger, returned.form.unit, returned.form.period).form
    theirs = {m.task: m for m in returned.form.matters}
    wanted = {place for place, choice in choices.items() if choice == THEIRS}
    if not wanted:
        raise RuleBroken("nothing_changed", "没有选用 Word 里的任何一处，草稿没有变。")
    return save_draft(ledger, replace(form, matters=tuple(_chosen(m, theirs[m.task], wanted) for m in form.matters)))


def _chosen(mine: Matter, theirs: Matter, wanted: set[tuple[str, str]]) -> Matter:
    def of(name: str) -> Answer:
        return theirs.answer if (mine.task, name) in wanted else mine.answer

    answer = Answer(
        of("answer").kind,
        of("progress").progress,
        of("problems").problems,
        of("next_steps").next_steps,
        of("expected").expected,
    )
    numbers = {t: theirs.measurements[t] if (mine.task, t) in wanted else v for t, v in mine.measurements.items()}
    return replace(mine, answer=answer, measurements=numbers)
