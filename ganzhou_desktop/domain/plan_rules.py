"""The rules a plan keeps across its tables: references, quotes, one 主牵头, a figure for each number, dates in order.

Judged on a draft, which may have holes where a table could not be read: a rule that needs what lies in a hole says
nothing, so that one mistake is reported once.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from ganzhou_desktop.domain.plan import (
    BASELINE,
    CHECKLIST,
    EVERY_YEAR,
    FLOOR,
    HEADLINE,
    LEAD,
    LEVEL,
    PRINTED,
    SUPPORT,
    TARGET_KINDS,
    Document,
    Figure,
    Target,
    Unit,
)
from ganzhou_desktop.domain.proof_kinds import MOST_PROOF

BASELINE_SUFFIX = ".baseline"
UNIT_PARTS = ("task", "supervisor", "owner")
FREQUENCIES = ("month", "quarter", "half", "year")
NUMBER_SETTINGS = {
    "due_day": (1, 31),
    "slow_points": (0, 100),
    "behind_points": (0, 100),
    "proof_limit_mb": (1, MOST_PROOF // 2**20),
    "first_year": (1900, 2999),
}

REFERENCES = (
    ("clause", "parent", "clause"),
    ("group", "clause", "clause"),
    ("task", "group", "group"),
    ("task", "clause", "clause"),
    ("task", "steps", "step"),
    ("role", "task", "task"),
    ("role", "unit", "unit"),
    ("target", "reporting_unit", "unit"),
    ("target", "clause", "clause"),
    ("figure", "clause", "clause"),
    ("subsidy", "figure", "figure"),
    ("subsidy", "clause", "clause"),
    ("requirement", "clause", "clause"),
    ("requirement", "lead", "unit"),
    ("unit", "successor", "unit"),
    ("question", "ask", "unit"),
    ("subsidy", "registers", "register"),
    ("subsidy", "excludes", "subsidy"),
    ("subsidy", "targets", "target"),
    ("subsidy", "tasks", "task"),
    ("register", "tasks", "task"),
    ("register", "clause", "clause"),
    ("register", "writers", "unit"),
    ("column", "register", "register"),
    ("rule", "target", "target"),
    ("rule", "register", "register"),
    ("rule", "threshold", "figure"),
)
"""(kind, field, kind referred to).  An empty text refers to nothing; whether it may be empty is judged elsewhere."""

KIND_WORDS = {
    "clause": "条文",
    "group": "分组",
    "unit": "单位",
    "task": "任务",
    "role": "分工",
    "target": "目标",
    "figure": "数字",
    "subsidy": "补助",
    "requirement": "工作要求",
    "step": "流程",
    "register": "台账",
    "column": "栏目",
    "rule": "计数办法",
    "setting": "设定",
    "question": "待明确",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """An item and where it stands in the file, as told to people."""

    place: str
    item: Any


@dataclass(slots=True)
class Draft:
    """What could be read: `items` by kind; `declared` the ids of every table, readable or not."""

    document: Document | None = None
    items: dict[str, list[Placed]] = field(default_factory=dict)
    declared: dict[str, set[str]] = field(default_factory=dict)

    def of(self, kind: str) -> list[Placed]:
        return self.items.get(kind, [])

    def get(self, kind: str, item_id: str) -> Any | None:
        return next((p.item for p in self.of(kind) if p.item.id == item_id), None)

    def whole(self, kind: str) -> bool:
        """Whether every table of the kind could be read."""
        return {p.item.id for p in self.of(kind)} == self.declared.get(kind, set())


def broken_rules(draft: Draft) -> Iterator[str]:
    """Every broken rule as one Chinese sentence with its place."""
    for rule in _RULES:
        yield from rule(draft)


def _references(draft: Draft) -> Iterator[str]:
    for kind, name, wanted in REFERENCES:
        for placed in draft.of(kind):
            value = getattr(placed.item, name)
            for one in value if isinstance(value, tuple) else (value,):
                if one and one not in draft.declared.get(wanted, set()):
                    yield f"{placed.place}：{name}“{one}”不在{KIND_WORDS[wanted]}表里"
    everything = {"plan", HEADLINE}.union(*draft.declared.values())
    for placed in draft.of("question"):
        for subject in placed.item.subjects:
            if subject not in everything:
                yield f"{placed.place}：subjects 里的“{subject}”不是本方案任何一项的 id"


def _document(draft: Draft) -> Iterator[str]:
    document = draft.document
    if document is None:
        return
    if document.deadline <= document.issued:
        yield f"[document]：完成时限 {document.deadline} 不晚于成文日期 {document.issued}"
    if document.published is not None and document.published < document.issued:
        yield f"[document]：公布日期 {document.published} 早于成文日期 {document.issued}"


def _clauses(draft: Draft) -> Iterator[str]:
    earlier: set[str] = set()
    for placed in sorted(draft.of("clause"), key=lambda p: p.item.order):
        clause = placed.item
        if draft.get("clause", clause.parent) is not None and clause.parent not in earlier:
            yield f"{placed.place}：上级条文“{clause.parent}”应排在它前面"
        earlier.add(clause.id)


def _quotes(draft: Draft) -> Iterator[str]:
    for kind in ("target", "figure", "subsidy"):
        for placed in draft.of(kind):
            item = placed.item
            clause = draft.get("clause", item.clause)
            if clause is not None and item.quote not in clause.text:
                yield f"{placed.place}：引文“{item.quote}”不在条文 {item.clause} 的原文里"


def _units(draft: Draft) -> Iterator[str]:
    owners: dict[str, str] = {}
    for placed in draft.of("unit"):
        unit: Unit = placed.item
        if unit.part not in UNIT_PARTS:
            yield f"{placed.place}：part“{unit.part}”应为 {'、'.join(UNIT_PARTS)} 之一"
        yield from (f"{placed.place}：{problem}" for problem in _unit_dates(unit))
        for name in _all_names(unit):
            other = owners.setdefault(name, unit.id)
            if other != unit.id:
                yield f"{placed.place}：名称“{name}”与单位 {other} 重复，分不清是哪一个"
    for placed in draft.of("unit"):
        trail, unit_now = [placed.item.id], placed.item
        while unit_now is not None and unit_now.successor:
            if unit_now.successor in trail:
                if unit_now.successor == trail[0] == min(trail):
                    yield f"{placed.place}：承接单位绕成了圈（{' → '.join([*trail, unit_now.successor])}）"
                break
            trail.append(unit_now.successor)
            unit_now = draft.get("unit", unit_now.successor)


def _all_names(unit: Unit) -> set[str]:
    later = {word for line in unit.renamed for word in line.split(" ")[1:]}
    return {unit.id, unit.name, unit.short, *unit.aliases, *later}


def _unit_dates(unit: Unit) -> Iterator[str]:
    if unit.valid_from is not None and unit.valid_to is not None and unit.valid_to <= unit.valid_from:
        yield f"终止日期 {unit.valid_to} 不晚于设立日期 {unit.valid_from}"
    if unit.successor and unit.valid_to is None:
        yield f"写了承接单位“{unit.successor}”，却没有终止日期 valid_to"
    last = unit.valid_from
    for line in unit.renamed:
        parts = line.split(" ")
        since = _date(parts[0])
        if len(parts) != 3 or not all(parts) or since is None:
            yield f"更名“{line}”应写成“2018-12-31 新名称 新简称”，中间各空一格"
            continue
        if last is not None and since <= last:
            yield f"更名日期 {since} 不晚于前一个日期 {last}"
        if unit.valid_to is not None and since >= unit.valid_to:
            yield f"更名日期 {since} 不早于终止日期 {unit.valid_to}"
        last = since


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def _roles(draft: Draft) -> Iterator[str]:
    for placed in draft.of("role"):
        role = placed.item
        if role.kind not in (LEAD, SUPPORT):
            yield f"{placed.place}：kind“{role.kind}”应为 {LEAD} 或 {SUPPORT}"
        if role.principal and role.kind == SUPPORT:
            yield f"{placed.place}：配合单位不能是主牵头"
        unit = draft.get("unit", role.unit)
        if unit is not None and unit.part != "task":
            yield f"{placed.place}：unit“{role.unit}”是{unit.name}，不是责任单位"
        if unit is not None and role.printed not in (unit.name, unit.short, *unit.aliases):
            yield f"{placed.place}：printed“{role.printed}”既不是“{unit.name}”，也不是它的别名"
        task = draft.get("task", role.task)
        clause = draft.get("clause", task.clause) if task is not None else None
        if clause is not None and role.printed not in clause.text:
            yield f"{placed.place}：printed“{role.printed}”不在条文 {clause.id} 的原文里"


def _principals(draft: Draft) -> Iterator[str]:
    if not draft.whole("role"):
        return
    for placed in draft.of("task"):
        leads = [p.item for p in draft.of("role") if p.item.task == placed.item.id and p.item.kind == LEAD]
        principals = [role.unit for role in leads if role.principal]
        if not leads:
            yield f"{placed.place}：没有牵头单位"
        elif not principals:
            yield f"{placed.place}：没有主牵头（牵头单位里应有一个 principal = true）"
        elif len(principals) > 1:
            yield f"{placed.place}：有 {len(principals)} 个主牵头（{'、'.join(principals)}），只能有一个"


def _targets(draft: Draft) -> Iterator[str]:
    for placed in draft.of("target"):
        problems = [*_target_kind(placed.item, draft.document), *_target_place(placed.item, draft)]
        yield from (f"{placed.place}：{problem}" for problem in problems)


def _target_kind(target: Target, document: Document | None) -> Iterator[str]:
    if target.kind not in TARGET_KINDS:
        yield f"kind“{target.kind}”应为 {'、'.join(TARGET_KINDS)} 之一"
        return
    if target.numeric and not target.unit:
        yield "要报数的目标没有计量单位 unit"
    if not target.numeric and target.unit:
        yield f"经常性工作（standing）没有数字，不应有计量单位“{target.unit}”"
    if target.kind == CHECKLIST and not target.items:
        yield "清单（checklist）没有列出各项 items"
    if target.items and target.kind not in (CHECKLIST, FLOOR):
        yield "items 只用于 checklist 和 floor"
    if target.over_baseline and target.kind != LEVEL:
        yield "over_baseline 只用于 level"
    if (target.kind == EVERY_YEAR) != (target.first_year is not None):
        yield "every_year 要写 first_year，其他类型不写"
    if (
        target.first_year is not None
        and document is not None
        and not document.issued.year <= target.first_year <= document.deadline.year
    ):
        yield f"first_year {target.first_year} 不在方案起止年份之内"


def _target_place(target: Target, draft: Draft) -> Iterator[str]:
    if target.id.endswith(".counted"):
        yield "目标的 id 不能以 .counted 结尾：报表里它指台账计的数"
    if target.task != HEADLINE and target.task not in draft.declared.get("task", set()):
        yield f"task“{target.task}”不在任务表里（总目标写 {HEADLINE}）"
    if not target.numeric:
        if target.reporting_unit:
            yield f"经常性工作（standing）不报数，不应有填报单位“{target.reporting_unit}”"
        if target.id in draft.declared.get("figure", set()):
            yield "经常性工作（standing）不应有同号的数字"
        return
    if not target.reporting_unit:
        yield "要报数的目标没有填报单位 reporting_unit"
    unit = draft.get("unit", target.reporting_unit)
    if unit is not None and unit.part != "task":
        yield f"填报单位“{unit.name}”不是责任单位"
    elif unit is not None and target.task in draft.declared.get("task", set()):
        cells = draft.declared.get("role", set())
        if f"{target.task}/{target.reporting_unit}" not in cells:
            yield f"填报单位 {target.reporting_unit} 在任务 {target.task} 里没有分工"
    if target.id not in draft.declared.get("figure", set()) and not target.items:
        yield f"没有目标数字（缺 id 为 {target.id} 的 [[figure]]）"


def _figures(draft: Draft) -> Iterator[str]:
    for placed in draft.of("figure"):
        figure: Figure = placed.item
        if figure.origin == PRINTED:
            problems = _printed(figure, draft)
        elif figure.origin == BASELINE:
            problems = _baseline(figure, draft)
        else:
            problems = iter([f"origin“{figure.origin}”应为 {PRINTED} 或 {BASELINE}"])
        yield from (f"{placed.place}：{problem}" for problem in problems)
        if figure.confirmed is not None and not figure.basis:
            yield f"{placed.place}：有核定值却没有依据 basis"
        target, dot, _ = figure.id.rpartition(".")
        if dot and not {figure.id, target} & draft.declared.get("target", set()):
            yield f"{placed.place}：没有 id 为 {target} 的目标"


def _printed(figure: Figure, draft: Draft) -> Iterator[str]:
    if not figure.printed or figure.value is None or not figure.quote or not figure.clause:
        yield "原文数字要写全 printed、value、clause、quote"
        return
    if figure.printed not in figure.quote:
        yield f"原文值“{figure.printed}”不在引文“{figure.quote}”里"
    numbers = re.findall(r"[0-9]+(?:\.[0-9]+)?", figure.printed)
    if numbers and [Decimal(n) for n in numbers] != [figure.value]:
        yield f"value {figure.value} 与原文值“{figure.printed}”不符"
    target = draft.get("target", figure.id)
    if target is not None and target.numeric and figure.unit != target.unit:
        yield f"计量单位“{figure.unit}”与目标 {target.id} 的“{target.unit}”不同"


def _baseline(figure: Figure, draft: Draft) -> Iterator[str]:
    if not figure.id.endswith(BASELINE_SUFFIX):
        yield f"基期值的 id 应为“目标{BASELINE_SUFFIX}”"
    if figure.printed or figure.value is not None:
        yield "基期值原文没有印，printed 应为空，不写 value"


def _settings(draft: Draft) -> Iterator[str]:
    values: dict[str, int] = {}
    for placed in draft.of("setting"):
        setting = placed.item
        if setting.id == "frequency" and setting.value not in FREQUENCIES:
            yield f"{placed.place}：value“{setting.value}”应为 {'、'.join(FREQUENCIES)} 之一"
        if setting.id in NUMBER_SETTINGS:
            low, high = NUMBER_SETTINGS[setting.id]
            if not re.fullmatch(r"[0-9]{1,4}", setting.value) or not low <= int(setting.value) <= high:
                yield f"{placed.place}：value“{setting.value}”应为 {low} 至 {high} 的整数"
            else:
                values[setting.id] = int(setting.value)
    if values.get("slow_points", 0) > values.get("behind_points", 100):
        yield "[[setting]]：slow_points 大于 behind_points"


_RULES: tuple[Callable[[Draft], Iterator[str]], ...] = (
    _document,
    _references,
    _clauses,
    _quotes,
    _units,
    _roles,
    _principals,
    _targets,
    _figures,
    _settings,
)

MAY_BE_EMPTY: Mapping[str, frozenset[str]] = {
    "clause": frozenset({"parent", "number", "title", "text"}),
    "group": frozenset({"number"}),
    "target": frozenset({"unit", "reporting_unit"}),
    "figure": frozenset({"printed", "unit", "clause", "quote"}),
    "subsidy": frozenset({"condition", "figure"}),
    "question": frozenset({"subjects"}),
    "register": frozenset({"tasks"}),
}
"""Fields without default that may all the same be empty text."""
