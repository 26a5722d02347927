"""Newer plan data into a ledger that adopted older: what is new, what changed, what the office decided and so stays."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ganzhou_desktop.domain import kinds, plan_codec
from ganzhou_desktop.domain.canonical import Json, clean_text
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.plan import HEADLINE, Plan
from ganzhou_desktop.domain.records import DELETED
from ganzhou_desktop.services.ledgers import ADOPTION, Ledger
from ganzhou_desktop.store.journal import Change as Written
from ganzhou_desktop.store.journal import RecordRow

NEW, CHANGED, GONE, KEPT = "new", "changed", "gone", "kept"
HOW_WORDS = {NEW: "新增", CHANGED: "改动", GONE: "去掉", KEPT: "保留"}

KIND_WORDS = {
    "document": "方案",
    "clause": "条文",
    "group": "分组",
    "unit": "单位",
    "task": "任务",
    "role": "分工",
    "target": "目标",
    "figure": "数字",
    "subsidy": "补助",
    "requirement": "工作要求",
    "step": "申报环节",
    "register": "台账",
    "column": "台账栏目",
    "rule": "计数规则",
    "setting": "设置",
    "question": "待明确事项",
}
_FIELD_WORDS = {
    "title": "标题",
    "name": "名称",
    "short": "简称",
    "short_title": "简称",
    "version": "版本",
    "text": "正文",
    "quote": "原文摘录",
    "printed": "原文",
    "value": "值",
    "unit": "单位",
    "beneficiary": "对象",
    "condition": "条件",
    "question": "问题",
    "doubt": "存疑",
    "note": "备注",
    "help": "填写说明",
    "asked": "要求",
    "deadline": "截止日",
    "per_year": "是否每年",
    "required": "是否必填",
    "choices": "选项",
    "open": "待明确",
    "tasks": "任务",
    "targets": "目标",
    "assumed": "是否默认",
}
"""Fields whose values people can read; of the others it is said that they moved."""
_MACHINE_WORDS = {
    "registers": "对应台账",
    "where": "计入条件",
    "recognised": "认定日取哪一栏",
    "starts": "起算日取哪一栏",
    "ends": "失效日取哪一栏",
    "date": "日期取哪一栏",
    "until": "失效日取哪一栏",
    "unique": "怎样算重复",
    "writers": "由谁登记",
    "how": "计法",
    "amount": "合计取哪一栏",
    "form": "格式",
    "order": "次序",
    "excludes": "不得叠加",
    "reporting_unit": "填报单位",
}
_OURS = {"figure": ("confirmed", "basis"), "document": ("demo",)}
"""Fields that are never taken from a file: what the office found out, and that a ledger is for show."""
_RULES_ONLY = ("rule", "question", "requirement")
"""Kinds that nothing filed speaks of: one the new data no longer has goes.  Of the others every one stays."""
_MOST = 24


@dataclass(frozen=True, slots=True)
class Change:
    """One item of the plan that differs: `fields` are (name, here, in the new data); `why` for what stays as it is."""

    how: str
    kind: str
    key: str
    name: str
    fields: tuple[tuple[str, Json, Json], ...] = ()
    why: str = ""

    @property
    def moves(self) -> str:
        """Each field that differs: 名称：甲 → 乙；计入条件有改动."""
        found = []
        for field, before, after in self.fields:
            if field in _FIELD_WORDS:
                found.append(f"{_FIELD_WORDS[field]}：{_short(before)} → {_short(after)}")
            else:
                found.append(f"{_MACHINE_WORDS.get(field, '其他内容')}有改动")
        return "；".join(dict.fromkeys(found))

    @property
    def words(self) -> str:
        """One sentence: 改动　目标 T1 创新平台：名称：甲 → 乙."""
        said = self.why or self.moves
        return f"{HOW_WORDS[self.how]}　{KIND_WORDS[self.kind]} {self.name}{f'：{said}' if said else ''}"


def plan_changes(ledger: Ledger, plan: Plan) -> tuple[Change, ...]:
    """What `update_plan` would do, kind by kind in the plan's order; empty when this data is already in force.

    RuleBroken when the data is another plan's, or older than what is held.
    """
    _check_same(ledger.plan(), plan)
    return tuple(change for change, _ in _compared(ledger, plan))


def update_plan(ledger: Ledger, plan: Plan, basis: str) -> tuple[Change, ...]:
    """Take the newer data over as one act with its basis; returns what was done.  Like adopting, it is not undone.

    RuleBroken `nothing_changed` when there is nothing to take over.
    """
    ledger.needs_office()
    basis = clean_text(basis).replace("\n", " ")
    if not basis:
        raise RuleBroken("no_basis", "更新方案数据要写明依据（如哪份文件、哪次会议），没有依据不能更新。")
    _check_same(ledger.plan(), plan)
    found = list(_compared(ledger, plan))
    done = [change for change, fields in found if fields]
    if not done:
        raise RuleBroken("nothing_changed", "台账里的方案数据已经和这份一样（保留的除外），没有改动。")
    version = plan.document.version
    wanted = {(change.kind, change.key): fields for change, fields in found if fields}
    # The version is written with every update: that is how an update is told from what the office edited.
    document = ("document", plan_codec.DOCUMENT_KEY)
    wanted[document] = {**wanted.get(document, {}), "version": version}
    changes = [Written(kind, key, fields) for (kind, key), fields in wanted.items()]
    ledger.act(f"更新方案数据 {version}，依据：{basis}", {kinds.ALL: changes}, nature=ADOPTION)
    return tuple(done)


def _check_same(held: Plan, plan: Plan) -> None:
    if (held.document.region, held.document.issued) != (plan.document.region, plan.document.issued):
        raise RuleBroken(
            "other_plan",
            f"这份数据是“{plan.document.short_title}”（{plan.document.issued} 印发），和本台账的方案不是同一份，"
            "没有更新；别的方案请另建台账。",
        )
    before, after = _version(held.document.version), _version(plan.document.version)
    if before and after and after < before:
        raise RuleBroken(
            "older_plan",
            f"这份数据是 {plan.document.version} 版，本台账已经是 {held.document.version} 版，没有更新；请换较新的文件。",
        )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d{1,9}", text))


def _compared(ledger: Ledger, plan: Plan) -> Iterator[tuple[Change, dict[str, Json]]]:
    """(what differs, the fields to write: none where the ledger's stay)."""
    rows = {(row.kind, row.key): row for row in ledger.journal.records(list(Plan.KINDS))}
    adopted = _adopted(ledger)
    items = plan_codec.plan_to_records(plan)
    for kind, key, fields in items:
        row = rows.pop((kind, key), None)
        name = _name(plan, plan_codec.from_fields(kind, key, fields))
        if row is None or not row.values():
            yield Change(NEW, kind, key, name), fields
        elif row.deleted and adopted.wrote_last(row):
            yield Change(NEW, kind, key, name), {**fields, DELETED: False}
        elif row.deleted:
            yield Change(KEPT, kind, key, name, why="区里已经删去，不再加回"), {}
        else:
            yield from _of_item(kind, key, name, row, fields, adopted)
    held = ledger.plan()
    for (kind, key), row in rows.items():
        if row.deleted or not row.values():
            continue
        own = any(not adopted(row, field) for field in row.fields)
        try:
            name = _name(held, plan_codec.from_fields(kind, key, row.values()))
        except RuleBroken:
            name = key
        if own:
            yield Change(KEPT, kind, key, name, why="新数据里没有，是区里加的或改过的"), {}
        elif kind in _RULES_ONLY:
            yield Change(GONE, kind, key, name), {DELETED: True}
        else:
            yield Change(KEPT, kind, key, name, why="新数据里没有了，填报和登记可能用到它"), {}


def _of_item(
    kind: str, key: str, name: str, row: RecordRow, fields: Mapping[str, Json], adopted: "_Adopted"
) -> Iterator[tuple[Change, dict[str, Json]]]:
    now = _whole(kind, key, row.values())
    wanted = {field: fields.get(field) for field in plan_codec.kind_fields(kind) if now.get(field) != fields.get(field)}
    for field in _OURS.get(kind, ()):
        wanted.pop(field, None)
    if not wanted:
        return
    decided = kind == "setting" and row.values().get("assumed") is False
    taken = {} if decided else {field: value for field, value in wanted.items() if adopted(row, field)}
    stays = {field: value for field, value in wanted.items() if field not in taken}
    if taken:
        yield Change(CHANGED, kind, key, name, tuple((f, now.get(f), v) for f, v in taken.items())), taken
    if stays:
        why = "区里已经定了" if decided else "区里改过，或两处不一致"
        yield Change(KEPT, kind, key, name, tuple((f, now.get(f), v) for f, v in stays.items()), why), {}


def _whole(kind: str, key: str, values: Mapping[str, Json]) -> Mapping[str, Json]:
    """An item's fields with the defaults an older version of the data did not write."""
    try:
        return plan_codec.to_fields(plan_codec.from_fields(kind, key, values))
    except RuleBroken:
        return values


class _Adopted:
    """Whether a field of a record is as an adoption or an update of plan data left it; edited ones are the office's."""

    def __init__(self, operations: frozenset[str]) -> None:
        self._operations = operations

    def __call__(self, row: RecordRow, field: str) -> bool:
        held = row.fields.get(field)
        return held is None or (not held.contested and held.operation in self._operations)

    def wrote_last(self, row: RecordRow) -> bool:
        """Whether the last that was done to a record, such as its deletion, was an update's doing."""
        return all(head.partition(".")[0] in self._operations for head in row.heads)


def _adopted(ledger: Ledger) -> _Adopted:
    """The operations of the acts that wrote the plan's version."""
    held = [operation for _, operation in ledger.journal.operations_in(kinds.ALL)]
    acts = {o.act for o in held if any(r.kind == "document" and r.set.get("version") for r in o.revisions)}
    return _Adopted(frozenset(o.id for o in held if o.act in acts))


def _name(plan: Plan, item: Any) -> str:
    match plan_codec.kind_of(item):
        case "role":
            unit = plan.unit_by_id.get(item.unit)
            task = "目标任务" if item.task == HEADLINE else f"任务{item.task}"
            return f"{task} {item.unit if unit is None else unit.short}"
        case "column":
            register = plan.register_by_id.get(item.register)
            return f"{item.register if register is None else register.short}“{item.title}”"
        case "rule":
            register = plan.register_by_id.get(item.register)
            return f"{item.target} 由{item.register if register is None else register.short}计"
        case "question":
            return f"{item.id} {_short(item.question)}"
        case "document":
            return str(item.short_title)
    said = next((s for n in ("short", "name", "title", "beneficiary") if (s := getattr(item, n, ""))), "")
    return f"{item.id} {_short(said)}".strip()


def _short(value: Json) -> str:
    if isinstance(value, list):
        value = "、".join(map(str, value))
    if isinstance(value, bool):
        value = "是" if value else "否"
    text = "（空）" if value in (None, "") else str(value).replace("\n", " ")
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"


def counts(changes: tuple[Change, ...]) -> dict[str, int]:
    """How many of each: 新增, 改动, 去掉, 保留."""
    return {how: sum(change.how == how for change in changes) for how in HOW_WORDS}
