"""The rules a plan's registers keep: columns that exist and fit what is made of them, conditions that can be met."""

import re
from collections.abc import Iterable, Iterator, Mapping

from ganzhou_desktop.domain.conditions import read_condition
from ganzhou_desktop.domain.plan import (
    CHECKLIST,
    CHOICE,
    COLUMN_FORMS,
    CUMULATIVE,
    DATE,
    DECIMAL,
    EVERY_YEAR,
    FLAG,
    FLOOR,
    GROUPS,
    INTEGER,
    LEVEL,
    NEW,
    RULE_WAYS,
    SHARE,
    STANDING_STOCK,
    STOCK,
    SUM,
    Column,
    Rule,
)
from ganzhou_desktop.domain.plan_rules import Draft

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
_OWN = {"register", "deleted"}
"""Fields of an entry's record that are no columns."""
_NUMBERS = (INTEGER, DECIMAL)
_WAYS_OF_KIND: Mapping[str, tuple[str, ...]] = {
    CUMULATIVE: (NEW, SUM, GROUPS),
    EVERY_YEAR: (NEW, SUM, GROUPS),
    STOCK: (STANDING_STOCK, GROUPS),
    FLOOR: (STANDING_STOCK, GROUPS),
    CHECKLIST: (GROUPS,),
    LEVEL: (SHARE,),
}
_WAYS_OF_FIELD: Mapping[str, tuple[str, ...]] = {
    "until": (STANDING_STOCK, GROUPS),
    "group": (GROUPS, SHARE),
    "threshold": (GROUPS,),
    "amount": (SUM, SHARE),
    "whole": (SHARE,),
}


def broken_register_rules(draft: Draft) -> Iterator[str]:
    """Every broken rule as one Chinese sentence with its place."""
    columns: dict[str, dict[str, Column]] = {}
    for placed in draft.of("column"):
        columns.setdefault(placed.item.register, {})[placed.item.name] = placed.item
    for check in (_columns, _registers, _rules, _subsidies):
        yield from check(draft, columns)


_Columns = Mapping[str, Mapping[str, Column]]


def _columns(draft: Draft, columns: _Columns) -> Iterator[str]:
    titles: set[tuple[str, str]] = set()
    for placed in draft.of("column"):
        column = placed.item
        if not _NAME.match(column.name) or column.name in _OWN:
            yield f"{placed.place}：name“{column.name}”应为小写字母开头的字母、数字、下划线，且不用保留字"
        if column.form not in COLUMN_FORMS:
            yield f"{placed.place}：form“{column.form}”应为 {'、'.join(COLUMN_FORMS)} 之一"
        if (column.form == CHOICE) != bool(column.choices):
            yield f"{placed.place}：choice 栏要列出 choices，其他栏不列"
        yield from (f"{placed.place}：选项“{c}”不能有“|”（条件用它分开几个值）" for c in column.choices if "|" in c)
        if column.required and column.form == FLAG:
            yield f"{placed.place}：是否栏不能设为必填"
        if (column.register, column.title) in titles:
            yield f"{placed.place}：这本台账已有名叫“{column.title}”的栏目，导入时分不清"
        titles.add((column.register, column.title))


def _registers(draft: Draft, columns: _Columns) -> Iterator[str]:
    names: set[str] = set()
    for placed in draft.of("register"):
        register = placed.item
        own_names = {register.id, register.name, register.short}
        yield from (f"{placed.place}：名称“{name}”与另一本台账重复" for name in sorted(own_names & names))
        names |= own_names
        own = columns.get(register.id, {})
        if not own and draft.whole("column"):
            yield f"{placed.place}：台账没有一个栏目（[[column]]）"
            continue
        for name in register.unique:
            yield from _exists(placed.place, "unique", name, own)
        for field in ("starts", "ends"):
            yield from _exists(placed.place, field, getattr(register, field), own, DATE)


def _rules(draft: Draft, columns: _Columns) -> Iterator[str]:
    for placed in draft.of("rule"):
        rule: Rule = placed.item
        if rule.register not in draft.declared.get("register", set()):
            continue
        own = columns.get(rule.register, {})
        place = placed.place
        if rule.how not in RULE_WAYS:
            yield f"{place}：how“{rule.how}”应为 {'、'.join(RULE_WAYS)} 之一"
            continue
        target = draft.get("target", rule.target)
        if target is not None and rule.how not in _WAYS_OF_KIND.get(target.kind, ()):
            yield f"{place}：目标 {target.id} 的类型 {target.kind} 不能按 {rule.how} 计数"
        register = draft.get("register", rule.register)
        if register is not None and not (rule.date or register.starts):
            yield f"{place}：没有写按哪一栏日期计（date），台账也没有 starts"
        for field in ("date", "until"):
            yield from _exists(place, field, getattr(rule, field), own, DATE)
        yield from _exists(place, "group", rule.group, own)
        for field in ("amount", "whole"):
            yield from _exists(place, field, getattr(rule, field), own, *_NUMBERS)
        needed = {SUM: ("amount",), SHARE: ("amount", "whole"), GROUPS: ("group",)}.get(rule.how, ())
        yield from (f"{place}：按 {rule.how} 计数要写“{name}”" for name in needed if not getattr(rule, name))
        useless = [name for name, ways in _WAYS_OF_FIELD.items() if getattr(rule, name) and rule.how not in ways]
        yield from (f"{place}：按 {rule.how} 计数用不到“{name}”" for name in useless)
        if target is not None and rule.how == SHARE and target.unit != "%":
            yield f"{place}：按 share 计数得到百分数，目标 {target.id} 的计量单位是“{target.unit}”"
        yield from _conditions(place, rule.where, (own,))


def _subsidies(draft: Draft, columns: _Columns) -> Iterator[str]:
    for placed in draft.of("subsidy"):
        subsidy = placed.item
        kept = [columns.get(name, {}) for name in subsidy.registers]
        if (subsidy.where or subsidy.recognised) and not kept:
            yield f"{placed.place}：写了条件，却没有写在哪些台账里（registers）"
            continue
        for own in kept:
            yield from _exists(placed.place, "recognised", subsidy.recognised, own, DATE)
        yield from _conditions(placed.place, subsidy.where, kept)
        if subsidy.since is not None and subsidy.until is not None and subsidy.until < subsidy.since:
            yield f"{placed.place}：截止日期 {subsidy.until} 早于起始日期 {subsidy.since}"


def _exists(place: str, field: str, name: str, own: Mapping[str, Column], *forms: str) -> Iterator[str]:
    if not name or not own:
        return
    column = own.get(name)
    if column is None:
        yield f"{place}：{field}“{name}”不是这本台账的栏目"
    elif forms and column.form not in forms:
        yield f"{place}：{field}“{name}”应为 {'、'.join(forms)} 栏，现为 {column.form}"


def _conditions(place: str, texts: Iterable[str], registers: Iterable[Mapping[str, Column]]) -> Iterator[str]:
    for text in texts:
        condition = read_condition(text)
        if condition is None:
            yield f"{place}：条件“{text}”看不懂，应写成“栏目=值|值”“栏目!=值”或“栏目”"
            continue
        for own in registers:
            yield from _exists(place, "where", condition.column, own)
            column = own.get(condition.column)
            if column is not None and column.form in (CHOICE, FLAG):
                choices = column.choices if column.form == CHOICE else ("是", "否")
                wrong = [value for value in condition.values if value not in choices]
                yield from (f"{place}：条件里的“{value}”不在“{column.title}”的选项里" for value in wrong)
