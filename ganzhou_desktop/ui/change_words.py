"""Words for a change: which record and field it is about, and its value as people read it, never as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from ganzhou_desktop.domain import filings
from ganzhou_desktop.domain.canonical import Json, is_date, is_decimal, local_moment
from ganzhou_desktop.domain.forms import ANSWER_MEMBERS, COUNTED, FILED, place_of_field
from ganzhou_desktop.domain.plan import HEADLINE, Plan
from ganzhou_desktop.domain.records import DELETED
from ganzhou_desktop.services import merging
from ganzhou_desktop.ui import entry_words
from ganzhou_desktop.ui.texts import (
    ANSWER_WORDS,
    CONTACT_WORDS,
    DOT,
    NO_VALUE,
    date_text,
    number_text,
    period_text,
    short_date,
    size_text,
    with_unit,
)

WHOLE = ""
"""In place of a field: a new entry or application as a whole."""

HOW_WORDS = {merging.NEW: "新增", merging.CHANGED: "修改", merging.CONTESTED: "不一致"}

ANSWER_LABELS = {
    "answer": "本期情况",
    "progress": "本期进展",
    "problems": "存在问题",
    "next_steps": "下步措施",
    "expected": "预计完成时间",
}

_KINDS = {
    "ledger": "台账",
    "site": "电脑",
    "document": "方案",
    "clause": "条文",
    "group": "分组",
    "unit": "单位",
    "task": "任务",
    "role": "分工",
    "target": "目标",
    "figure": "数字",
    "subsidy": "奖补",
    "requirement": "工作要求",
    "step": "办理环节",
    "setting": "设置",
    "question": "待明确",
    "stamped": "盖章表",
    "closing": "关期次",
    "entry": "登记",
    "application": "申报",
}
_FIELDS = {
    "name": "名称",
    "title": "标题",
    "short": "简称",
    "short_title": "简称",
    "order": "次序",
    "text": "正文",
    "note": "备注",
    "number": "编号",
    "parent": "上级",
    "clause": "条文",
    "value": "值",
    "assumed": "是否默认",
    "question": "问题",
    "ask": "向谁明确",
    "subjects": "涉及",
    "kind": "类别",
    "unit": "单位",
    "task": "任务",
    "group": "分组",
    "steps": "环节",
    "asked": "要求",
    "printed": "原文",
    "principal": "是否主牵头",
    "reporting_unit": "填报单位",
    "reporting_assumed": "填报单位是否默认",
    "quote": "原文摘录",
    "at_least": "是否“以上”",
    "integral": "是否整数",
    "lagged": "是否滞后发布",
    "items": "清单",
    "first_year": "起算年",
    "over_baseline": "是否较基期",
    "origin": "来历",
    "doubt": "存疑",
    "confirmed": "核定值",
    "basis": "核定依据",
    "beneficiary": "对象",
    "condition": "条件",
    "figure": "金额",
    "open": "待明确",
    "mechanism": "落实办法",
    "lead": "牵头",
    "actor": "办理方",
    "part": "身份",
    "aliases": "别名",
    "renamed": "更名",
    "valid_from": "起用日",
    "valid_to": "停用日",
    "successor": "承接单位",
    "collective": "是否多家合称",
    "region": "地区",
    "issuer": "发文机关",
    "version": "版本",
    "issued": "成文日期",
    "published": "发布日期",
    "deadline": "截止日",
    "deadline_printed": "截止日原文",
    "parents": "上位文件",
    "addressees": "主送",
    "goals": "定性目标",
    "demo": "是否演示",
    "pc": "电脑名称",
    "stopped": "使用",
    "key": "台账码",
    "salt": "台账码",
    "first": "起始日",
    "last": "截止日",
    "due": "应报日",
    "closed": "是否关期",
    "filings": "采用的报表",
    DELETED: "整条记录",
}
_KEPT = 6
"""Letters of a common beginning that stay in view."""

_VERDICTS = {filings.ACCEPT: "接收", filings.RETURN: "退回"}


def unit_name(plan: Plan, scope: str) -> str:
    """The unit of a scope; 全区 for what every unit holds."""
    unit = plan.unit_by_id.get(scope)
    return "全区" if unit is None else unit.name


def moment_of(at: str) -> datetime | None:
    """An instant of the ledger in this PC's own time; None when there is none."""
    return local_moment(at) if at else None


def at_text(at: str, year: int | None = None) -> str:
    """4月9日 10:05, with the year when it is another one."""
    moment = moment_of(at)
    return NO_VALUE if moment is None else f"{short_date(moment.date(), year)} {moment:%H:%M}"


def task_words(plan: Plan, task: str) -> str:
    """任务 2, or 目标任务 for the headline targets."""
    return "目标任务" if task == HEADLINE or task not in plan.task_by_id else f"任务 {task}"


def subject(
    plan: Plan, kind: str, key: str, field: str, period: str = "", about: Mapping[str, Json] | None = None
) -> str:
    """What a field is about: 任务 2 · 本期答复.  A submission of another period than the one given names its own.

    `about`: the record's other fields, by which an entry or an application is called.
    """
    match kind:
        case entry_words.ENTRY | entry_words.APPLICATION:
            if field == WHOLE:
                return f"{entry_words.thing(plan, kind, about or {})}{DOT}新增一条"
            label = _label(field) if field == DELETED else entry_words.field_label(plan, kind, about or {}, field)
            return f"{entry_words.thing(plan, kind, about or {})}{DOT}{label}"
        case "submission":
            return _elsewhen(key, period) + _submission_subject(plan, field)
        case "review":
            name, _, _ = key.partition("/")
            return _elsewhen(name, period) + _review_subject(plan, field)
        case "profile":
            return f"联系人{DOT}{CONTACT_WORDS.get(field, _label(field))}"
        case "period":
            return f"期次 {period_text(key)}{DOT}{_label(field)}"
        case "closing":
            return f"关期次 {period_text(key)}{DOT}{_label(field)}"
        case "site":
            return f"电脑{DOT}{_label(field)}"
        case "stamped":
            return f"盖章表{DOT}扫描件"
        case "figure":
            figure = plan.figure_by_id.get(key)
            return f"{_label(field)}{DOT}{key if figure is None else figure.name}"
        case _:
            return f"{_KINDS.get(kind, '记录')} {_own_key(kind, key)}{DOT}{_label(field)}".replace("  ", " ")


def _own_key(kind: str, key: str) -> str:
    return "" if kind in ("document", "ledger") or len(key) > 24 else key


def _label(field: str) -> str:
    return _FIELDS.get(field, "内容")


def _elsewhen(name: str, period: str) -> str:
    return "" if name == period or not name else f"{period_text(name)}{DOT}"


def _submission_subject(plan: Plan, field: str) -> str:
    place = place_of_field(field.removesuffix(COUNTED))
    if field == FILED:
        return "提交"
    if field.startswith("proof/"):
        return f"{task_words(plan, place.split('/')[1])}{DOT}佐证"
    target = plan.target_by_id.get(place)
    if target is not None:
        counted = "（台账计得）" if field.endswith(COUNTED) else ""
        return f"{task_words(plan, target.task)}{DOT}{target.short}{counted}"
    return f"{task_words(plan, place)}{DOT}本期答复"


def _review_subject(plan: Plan, field: str) -> str:
    if field == "received":
        return f"审核{DOT}收到日"
    head, slash, task = field.partition("/")
    if slash and head == "matter":
        return f"审核{DOT}{task_words(plan, place_of_field(task))}"
    return f"审核{DOT}结论"


def answer_lines(value: Mapping[str, Json], only: frozenset[str] | None = None) -> list[str]:
    """An answer line by line: 本期情况：有进展.  `only`: the members wanted; what is empty is left out otherwise."""
    lines = []
    for member in ANSWER_MEMBERS:
        said = _member_text(member, value.get(member))
        if (only is None and said) or (only is not None and member in only):
            lines.append(f"{ANSWER_LABELS[member]}：{said or '（空）'}")
    return lines


def _member_text(member: str, value: Json) -> str:
    if value is None or value == "":
        return ""
    if member == "answer":
        return ANSWER_WORDS.get(str(value), str(value))
    if member == "expected" and is_date(value):
        return date_text(date.fromisoformat(str(value)))
    return str(value)


def is_answer(kind: str, value: Json) -> bool:
    """Whether a value is the answer to a matter."""
    return kind == "submission" and isinstance(value, dict) and "answer" in value


def value_text(plan: Plan, kind: str, field: str, value: Json, about: Mapping[str, Json] | None = None) -> str:
    """A value as several readable lines; — when there is none."""
    if field == DELETED:
        return "删去这条记录" if value is True else "保留这条记录"
    if value is None:
        return NO_VALUE
    if kind in (entry_words.ENTRY, entry_words.APPLICATION):
        if field == WHOLE:
            return "\n".join(_whole_lines(plan, kind, value)) or NO_VALUE
        words = entry_words.value_words(plan, kind, about or {}, field, value)
        if words is not None:
            return words or NO_VALUE
    if is_answer(kind, value):
        return "\n".join(answer_lines(value)) or NO_VALUE
    if isinstance(value, dict):
        return _object_text(value)
    if isinstance(value, bool):
        if field == "stopped":
            return "停用" if value else "认可使用"
        return "是" if value else "否"
    if isinstance(value, list):
        if field == "filings":
            return f"{len(value)} 份" if value else "没有报表"
        return "、".join(str(v) for v in value) or NO_VALUE
    return _scalar_text(plan, kind, field, value)


def _whole_lines(plan: Plan, kind: str, fields: Mapping[str, Json]) -> Iterator[str]:
    """Every field of a record that says something, in the order of the register's columns: 认定日期：2018年5月2日."""
    for name in entry_words.in_order(plan, kind, fields):
        if fields[name] not in (None, "", []):
            label = entry_words.field_label(plan, kind, fields, name)
            yield f"{label}：{value_line(plan, kind, name, fields[name], fields)}"


def _object_text(value: Mapping[str, Json]) -> str:
    if "round" in value:
        by = "区里代录" if value.get("mode") == "office" else "单位提交"
        names = value.get("names") or {}
        people = [f"{CONTACT_WORDS[n]} {names[n]}" for n in CONTACT_WORDS if names.get(n)]
        source = f"依据 {value['source']}" if value.get("source") else ""
        return DOT.join(part for part in (f"第 {value.get('round')} 稿", by, source, *people) if part)
    if "result" in value:
        word = _VERDICTS.get(str(value.get("result")), NO_VALUE)
        return f"{word}：{value['reason']}" if value.get("reason") else word
    if "size" in value:
        size = value.get("size")
        return f"{value.get('name') or '没有名字的文件'}（{size_text(size if isinstance(size, int) else 0)}）"
    return "；".join(str(v) for v in value.values() if v not in (None, "")) or NO_VALUE


def _scalar_text(plan: Plan, kind: str, field: str, value: Json) -> str:
    text = str(value)
    if isinstance(value, str) and is_date(value):
        return date_text(date.fromisoformat(value))
    if kind == "submission" or (kind == "figure" and field in ("confirmed", "value")):
        try:
            number = Decimal(text)
        except InvalidOperation:
            return text or NO_VALUE
        return with_unit(number, _unit_of(plan, kind, field)) if is_decimal(value) else number_text(number)
    if field in ("unit", "reporting_unit", "lead", "ask", "successor") and text in plan.unit_by_id:
        return plan.unit_by_id[text].name
    if kind == "site":
        return text[:16] if field == "key" else text or NO_VALUE
    return text or NO_VALUE


def _unit_of(plan: Plan, kind: str, field: str) -> str:
    target = plan.target_by_id.get(place_of_field(field.removesuffix(COUNTED))) if kind == "submission" else None
    return "" if target is None else target.unit


def value_line(plan: Plan, kind: str, field: str, value: Json, about: Mapping[str, Json] | None = None) -> str:
    """A value in one line; an answer begins with its most telling words."""
    if is_answer(kind, value):
        first = _member_text("answer", value.get("answer"))
        rest = next((t for m in ("progress", "problems", "next_steps") if (t := _member_text(m, value.get(m)))), "")
        return "：".join(part for part in (first, rest) if part).replace("\n", " ") or NO_VALUE
    return value_text(plan, kind, field, value, about).replace("\n", "；" if field == WHOLE else " ")


def pair_lines(
    plan: Plan, kind: str, field: str, before: Json, after: Json, about: Mapping[str, Json] | None = None
) -> tuple[str, str]:
    """Two values of a field in one line each; of two answers only what differs, both without a long common beginning."""
    if is_answer(kind, before) and is_answer(kind, after):
        differing = frozenset(m for m in ANSWER_MEMBERS if before.get(m) != after.get(m))
        if differing:
            return _without_common_start(
                "；".join(answer_lines(before, differing)), "；".join(answer_lines(after, differing))
            )
    return _without_common_start(
        value_line(plan, kind, field, before, about), value_line(plan, kind, field, after, about)
    )


def _without_common_start(first: str, second: str) -> tuple[str, str]:
    """Leave out what both begin with, so that what differs is seen in a narrow cell; a label stays."""
    first, second = first.replace("\n", " "), second.replace("\n", " ")
    common = next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
    label = first[:common].find("：") + 1
    keep = max(label, common - _KEPT)
    if keep - label <= _KEPT or first == second:
        return first, second
    return f"{first[:label]}…{first[keep:]}", f"{second[:label]}…{second[keep:]}"


def differing_words(values: Sequence[Json]) -> str:
    """Of several answers the labels of what differs: 本期进展、下步措施; empty unless all are answers."""
    answers = [v for v in values if isinstance(v, dict) and "answer" in v]
    if len(answers) < len(values):
        return ""
    return "、".join(
        ANSWER_LABELS[member]
        for member in ANSWER_MEMBERS
        if any(answer.get(member) != answers[0].get(member) for answer in answers)
    )
