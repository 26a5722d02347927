"""From the tables of a plan file to a Plan, or every mistake at once with its place; and 方案体检, soft remarks."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ganzhou_desktop.domain.canonical import MAX_INTEGER, clean_text, decimal_text
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.plan import CUMULATIVE, HEADLINE, LEAD, LEVEL, STOCK, SUPPORT, Plan
from ganzhou_desktop.domain.plan_codec import DOCUMENT_KEY, FieldType, assemble, kind_fields
from ganzhou_desktop.domain.plan_register_rules import broken_register_rules
from ganzhou_desktop.domain.plan_rules import BASELINE_SUFFIX, MAY_BE_EMPTY, Draft, Placed, broken_rules

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,47}\Z")
_ID_FORMS = {
    "unit": (re.compile(r"[a-z0-9]{2,32}\Z"), "2 至 32 个小写字母或数字"),
    "task": (re.compile(r"(?!t[0-9]*\Z)[a-z0-9][a-z0-9._-]{0,31}\Z"), "1 至 32 个小写字母、数字、点或短横"),
    "target": (
        re.compile(r"(T[0-9]{1,4}|(?!t[0-9]*\Z)[a-z0-9][a-z0-9._-]{0,31})\Z"),
        "T 加数字，或 1 至 32 个小写字母、数字、点或短横",
    ),
    "register": (re.compile(r"[a-z][a-z0-9_-]{0,31}\Z"), "小写字母开头，1 至 32 个小写字母、数字、短横或下划线"),
}
_MADE_IDS = {"role": ("task", "unit"), "column": ("register", "name")}
_SIBLINGS = {"role": ("task", "kind"), "column": ("register",)}
"""Kinds numbered anew within these fields."""
_RESERVED = {"unit": {"all"}, "task": {"filed"}, "target": {"filed"}}
"""Names that mean something else where these ids are used: as scopes and, in lower case, as fields of a submission."""

_TYPE_WORDS = {
    "text": "文字",
    "integer": "0 以上的整数",
    "boolean": "true 或 false",
    "decimal": "数字",
    "date": "日期（如 2017-09-28，不加引号）",
    "texts": "文字列表",
}


class PlanErrors(RuleBroken):
    """A plan file against the rules; `errors` holds every mistake, in the order of the checks."""

    def __init__(self, errors: tuple[str, ...]) -> None:
        more = f"；另有 {len(errors) - 1} 处，改好后再读一次" if len(errors) > 1 else "，改好后再读一次"
        super().__init__("bad_plan", f"方案文件有 {len(errors)} 处不合规，没有采用。{errors[0]}{more}。")
        self.errors = errors


def check_plan(tables: Mapping[str, object]) -> Plan:
    """The plan in parsed TOML (fractions as Decimal); PlanErrors with every mistake when there is one."""
    errors: list[str] = []
    draft = Draft()
    unknown = [name for name in tables if name not in Plan.KINDS]
    errors += [f"[{name}]：没有这样的表" for name in unknown]
    for kind in Plan.KINDS:
        if kind != "document":
            _read_kind(kind, tables.get(kind, []), draft, errors)
    _read_document(tables.get("document"), draft, errors)
    errors += _id_clashes(draft)
    errors += broken_rules(draft)
    errors += broken_register_rules(draft)
    if draft.document is None or errors:
        raise PlanErrors(tuple(errors))
    return assemble(draft.document, {kind: [p.item for p in placed] for kind, placed in draft.items.items()})


def _read_document(table: object, draft: Draft, errors: list[str]) -> None:
    if not isinstance(table, dict):
        errors.append("[document]：缺少方案本身的表，或写成了别的形式")
        return
    given = dict(table)
    if given.pop("id", DOCUMENT_KEY) != DOCUMENT_KEY:
        errors.append(f"[document]：id 应为 {DOCUMENT_KEY}，可以不写")
    values = _read_fields("document", given, "[document]", errors)
    if values is not None:
        draft.document = Plan.KINDS["document"](id=DOCUMENT_KEY, **values)


def _read_kind(kind: str, tables: object, draft: Draft, errors: list[str]) -> None:
    found = draft.items.setdefault(kind, [])
    declared = draft.declared.setdefault(kind, set())
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        errors.append(f"[[{kind}]]：应是一组表，每个以 [[{kind}]] 开头")
        return
    orders: set[tuple[str, ...]] = set()
    places: Counter[tuple[str, ...]] = Counter()
    for number, table in enumerate(tables, 1):
        given: dict[str, Any] = dict(table)
        place = _place(kind, number, given)
        item_id = _item_id(kind, given, place, errors)
        siblings = tuple(repr(given.get(name)) for name in _SIBLINGS.get(kind, ()))
        places[siblings] += 1
        given.setdefault("order", places[siblings])
        if (*siblings, repr(given["order"])) in orders:
            errors.append(f"{place}：次序 order {given['order']} 与前面的重复")
        orders.add((*siblings, repr(given["order"])))
        if item_id is not None:
            if item_id in declared:
                errors.append(f"{place}：与前面的重复（id {item_id}）")
                continue
            declared.add(item_id)
        values = _read_fields(kind, given, place, errors)
        if values is not None and item_id is not None:
            found.append(Placed(place, Plan.KINDS[kind](id=item_id, **values)))


def _place(kind: str, number: int, table: Mapping[str, object]) -> str:
    shown = _MADE_IDS.get(kind, ("id",))[0]
    value = table.get(shown)
    return f"第 {number} 个 [[{kind}]]" + (f"（{shown}={value}）" if isinstance(value, str) and value else "")


def _item_id(kind: str, given: dict[str, Any], place: str, errors: list[str]) -> str | None:
    """Take the id out of a table; a role's or column's is made of two of its fields and need not be written."""
    item_id = given.pop("id", None)
    if kind in _MADE_IDS:
        parts = [given.get(name) for name in _MADE_IDS[kind]]
        texts = [part for part in parts if isinstance(part, str)]
        if len(texts) < len(parts):
            return None
        made = "/".join(texts)
        if item_id not in (None, made):
            errors.append(f"{place}：id 应为 {made}，可以不写")
        return made
    if not isinstance(item_id, str):
        errors.append(f"{place}：缺 id，或 id 不是文字")
        return None
    pattern, words = _ID_FORMS.get(kind, (_ID, "1 至 48 个字母、数字、点、短横或下划线"))
    if not pattern.match(item_id) or item_id in _RESERVED.get(kind, set()):
        errors.append(f"{place}：id“{item_id}”不合规，应为{words}，且不用保留字")
    return item_id


def _read_fields(kind: str, given: dict[str, Any], place: str, errors: list[str]) -> dict[str, Any] | None:
    """The fields of a table as the dataclass takes them; None when one of them is wrong (and said in `errors`)."""
    types = kind_fields(kind)
    before = len(errors)
    errors += [f"{place}：没有“{name}”这一项" for name in given if name not in types]
    values: dict[str, Any] = {}
    for name, field_type in types.items():
        if name not in given:
            if field_type.required:
                errors.append(f"{place}：缺“{name}”")
            elif field_type.optional:
                values[name] = None
            continue
        problem, values[name] = _value(field_type, given[name])
        if problem:
            errors.append(f"{place}：“{name}”{problem}")
        elif field_type.required and values[name] in ("", ()) and name not in MAY_BE_EMPTY.get(kind, frozenset()):
            errors.append(f"{place}：“{name}”不能空着")
    return values if len(errors) == before else None


def _value(field_type: FieldType, value: object) -> tuple[str, Any]:
    """(what is wrong or nothing, the value as the dataclass takes it)."""
    match field_type.form, value:
        case "text", str():
            return _text_problem(value), value
        case "boolean", bool():
            return "", value
        case _, bool():
            pass
        case "integer", int() if 0 <= value <= MAX_INTEGER:
            return "", value
        case "decimal", int() | Decimal():
            number = Decimal(value)
            try:
                decimal_text(number)
            except RuleBroken as exc:
                return f"的{exc.text}", None
            return "", number
        case "date", date() if not isinstance(value, datetime):
            return "", value
        case "texts", list() if all(isinstance(member, str) for member in value):
            problem = next((p for p in map(_text_problem, value) if p), "")
            if not problem and len(set(value)) != len(value):
                problem = "里有重复的内容"
            return problem, tuple(value)
    return f"应为{_TYPE_WORDS[field_type.form]}", None


def _text_problem(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "含有残缺字符"
    return "" if clean_text(text) == text else "的首尾有空白，或含有控制字符、非规范字符"


def _id_clashes(draft: Draft) -> Iterator[str]:
    """Tasks and targets name fields of one record, so no id may be both."""
    for item_id in sorted(draft.declared["task"] & draft.declared["target"]):
        yield f"[[target]]：id“{item_id}”已是一项任务的 id，目标要用别的"


# -- 方案体检 ------------------------------------------------------------------------------------------------------


def lint(plan: Plan) -> tuple[str, ...]:
    """Remarks for 提请明确事项: nothing is wrong with the data, but somebody should decide."""
    return (*_lint_roles(plan), *_lint_sums(plan), *_lint_figures(plan))


def _lint_roles(plan: Plan) -> Iterator[str]:
    ownerless = [t.id for t in plan.targets_of(HEADLINE) if t.reporting_assumed]
    if ownerless:
        yield f"总目标 {'、'.join(ownerless)} 没有写责任单位，现用默认的填报单位。"
    for task in plan.tasks:
        kinds = Counter(role.kind for role in plan.roles if role.task == task.id)
        if not kinds[SUPPORT]:
            yield f"任务{task.id}“{task.title}”没有配合单位。"
    for unit in plan.responsible_units:
        roles = plan.roles_of(unit.id)
        if not roles and not any(u.successor == unit.id for u in plan.units):
            yield f"{unit.name}没有任何分工。"
        if len(plan.tasks) > 1 and sum(role.kind == LEAD for role in roles) == len(plan.tasks):
            yield f"{unit.name}牵头全部 {len(plan.tasks)} 项任务。"


def _lint_sums(plan: Plan) -> Iterator[str]:
    """A headline that asks for a stock, against what tasks add to the very thing it names."""
    for headline in plan.targets_of(HEADLINE):
        figure = plan.figure_by_id.get(headline.id)
        if headline.kind not in (STOCK, CUMULATIVE) or figure is None or figure.effective is None:
            continue
        parts = [t for t in plan.targets if not t.headline and t.kind == CUMULATIVE and t.name.endswith(headline.name)]
        values = [plan.figure_by_id[t.id].effective for t in parts if t.id in plan.figure_by_id]
        total = sum((v for v in values if v is not None), Decimal(0))
        if total > figure.effective:
            yield (
                f"{headline.id}“{headline.name}”要求 {decimal_text(figure.effective)} {headline.unit}，"
                f"分目标 {'、'.join(t.id for t in parts)} 合计 {decimal_text(total)} {headline.unit}，"
                "分目标大于总目标。"
            )


def _lint_figures(plan: Plan) -> Iterator[str]:
    for target in plan.targets:
        baseline = plan.figure_by_id.get(target.id + BASELINE_SUFFIX)
        if target.kind in (LEVEL, STOCK) and (baseline is None or baseline.effective is None):
            yield f"目标 {target.id}“{target.short}”没有基期值。"
    pending = sum(figure.state == "pending" for figure in plan.figures)
    if pending:
        yield f"有 {pending} 个原文数字待核定。"
    for subsidy in plan.subsidies:
        if not subsidy.figure:
            yield f"补助 {subsidy.id}“{subsidy.beneficiary}”没有写金额。"
    assumed = [setting.name for setting in plan.settings if setting.assumed]
    if assumed:
        yield f"方案没有规定、现用默认值：{'、'.join(assumed)}。"
