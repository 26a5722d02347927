"""两处不一致: what two PCs wrote differently without seeing each other; listing it and deciding it."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.canonical import Json, check_tree, clean_text, encode
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.forms import COUNTED, FILED, place_of_field
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.records import DELETED
from ganzhou_desktop.services.ledgers import DECISION, Ledger
from ganzhou_desktop.services.undoing import is_undo
from ganzhou_desktop.store.journal import Change

BASIS_LIMIT = 120
"""Characters of 裁定依据 kept."""


@dataclass(frozen=True, slots=True)
class Value:
    """One of the values that stand; `key` A … Z, AA … in the order shown.

    `withdrawn`: it stands because that PC undid or withdrew what it had written, not because somebody typed it.
    """

    key: str
    value: Json
    unit: str
    site: str
    at: str
    author: str
    withdrawn: bool
    sites: tuple[str, ...] = ()
    """Every PC that wrote this value; `site` is the one shown."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field with 两处不一致 (`deleted` for a deletion beside an edit)."""

    id: str
    record: str
    scope: str
    kind: str
    key: str
    field: str
    base: Json
    values: tuple[Value, ...]
    about: Mapping[str, Json] = dataclasses.field(default_factory=dict)
    """The record's fields as shown now: what an entry or an application is called by."""


def list_conflicts(ledger: Ledger) -> tuple[Conflict, ...]:
    """Every open case, by unit, record and field."""
    rows = ledger.journal.contested()
    histories = ledger.journal.histories([row.id for row in rows])
    found = []
    for row in rows:
        _, history, origins = histories[row.id]
        names = [n for n, f in row.fields.items() if f.contested]
        if row.deletion_contested:
            names.append(DELETED)
        for name in sorted(set(names)):
            candidates = history.candidates(name)
            values = [
                _value(c.write, c.value, origins, row.scope, withdrawn=is_undo(origins[c.write]["title"]))
                for c in candidates
            ]
            if name == DELETED:
                values += [
                    _value(w.id, None, origins, row.scope)
                    for w in history.beside(c.write for c in candidates)
                    if w.set.get(DELETED) is not True
                ]
            distinct = _distinct(values)
            found.append(
                Conflict(
                    f"{row.id}:{name}",
                    row.id,
                    row.scope,
                    row.kind,
                    row.key,
                    name,
                    history.base(name, candidates),
                    tuple(distinct),
                    row.values() if row.kind in ("entry", "application") else {},
                )
            )
    return tuple(found)


def _value(write: str, value: Json, origins: Mapping[str, Any], scope: str, *, withdrawn: bool = False) -> Value:
    operation = origins[write]
    return Value("", value, scope, operation["site"], operation["at"], operation["author"], withdrawn)


def _distinct(values: list[Value]) -> list[Value]:
    found: dict[bytes, list[Value]] = {}
    for value in values:
        found.setdefault(encode(value.value), []).append(value)
    told = []
    for i, same in enumerate(found.values()):
        # One who typed it says more than one who only took something back: the value is not withdrawn then.
        shown = next((v for v in same if not v.withdrawn), same[0])
        told.append(replace(shown, key=_letters(i), sites=tuple(dict.fromkeys(v.site for v in same))))
    return told


def _letters(place: int) -> str:
    """A … Z, AA, AB …"""
    rest, last = divmod(place, 26)
    return (_letters(rest - 1) if rest else "") + chr(ord("A") + last)


def resolve(ledger: Ledger, conflict_id: str, *, take: str | None = None, value: Json = None, basis: str = "") -> None:
    """Decide one case: take one of the values by its key, or (at the unit) write another.

    `basis`, why it was decided so, is kept in the act's title: the history shows it, and it travels with the decision.

    The office takes one of the values or returns the filing to the unit; it does not write a third text for it.
    """
    case = next((c for c in list_conflicts(ledger) if c.id == conflict_id), None)
    if case is None:
        raise RuleBroken("unknown_conflict", f"没有编号为“{conflict_id}”的两处不一致，可能已经裁定过了。")
    if take is not None:
        chosen = next((v for v in case.values if v.key == take.strip().upper()), None)
        if chosen is None:
            keys = "、".join(v.key for v in case.values)
            raise RuleBroken("unknown_value", f"没有“{take}”这个值，可以取的有：{keys}。")
        value = chosen.value
    elif ledger.office and case.scope != kinds.ALL:
        raise RuleBroken("office_takes", "区里只能取其中一个值，或退回单位定；不能替单位写第三个值。")
    else:
        check_tree(value)
        if not kinds.field_allowed(kinds.KINDS[case.kind], case.field, value):
            raise RuleBroken("bad_value", "这个值的写法不合规，没有裁定；请照着已有的值来写。")
    _may_decide(ledger, case)
    ledger.act(
        f"裁定两处不一致：{conflict_subject(ledger.plan(), case)}{_basis(basis)}",
        {case.scope: [Change(case.kind, case.key, {case.field: value})]},
        nature=DECISION,
    )


def decidable(case: Conflict, *, office: bool) -> bool:
    """Whether this PC may decide a case: the office every one, a unit what it may write itself."""
    return office or kinds.UNIT in kinds.KINDS[case.kind].writers


def _basis(text: str) -> str:
    """The basis of a decision in one line; too long a one is cut, it is no field of its own."""
    line = " ".join(clean_text(text).split())
    if not line:
        return ""
    return f"（依据：{line if len(line) <= BASIS_LIMIT else line[: BASIS_LIMIT - 1] + '…'}）"


def whole_records(cases: Sequence[Conflict]) -> dict[str, tuple[str, ...]]:
    """Record → the PCs that wrote a value in every open case of it, of those records with more than one case."""
    by_record: dict[str, list[Conflict]] = {}
    for case in cases:
        by_record.setdefault(case.record, []).append(case)
    found = {}
    for record, some in by_record.items():
        wrote = [{site for value in case.values for site in value.sites} for case in some]
        first = [site for value in some[0].values for site in value.sites]
        sites = tuple(dict.fromkeys(s for s in first if all(s in others for others in wrote)))
        if len(some) > 1 and sites:
            found[record] = sites
    return found


def resolve_record(ledger: Ledger, record: str, site: str, *, basis: str = "") -> int:
    """Decide every case of one record at once, in one act: what that PC wrote; returns how many were decided."""
    cases = [c for c in list_conflicts(ledger) if c.record == record]
    if not cases:
        raise RuleBroken("unknown_conflict", "这条记录没有两处不一致，可能已经裁定过了。")
    chosen: dict[str, Json] = {}
    for case in cases:
        _may_decide(ledger, case)
        value = next((v for v in case.values if site in v.sites), None)
        if value is None:
            raise RuleBroken("unknown_value", "这台电脑没有写过其中的每一处，不能整条取它的；请逐处裁定。")
        chosen[case.field] = value.value
    first = cases[0]
    ledger.act(
        f"裁定整条记录的两处不一致：{len(cases)} 处{_basis(basis)}",
        {first.scope: [Change(first.kind, first.key, chosen)]},
        nature=DECISION,
    )
    return len(cases)


def _may_decide(ledger: Ledger, case: Conflict) -> None:
    if not decidable(case, office=ledger.office):
        raise RuleBroken("office_only", "这一处由区级汇总裁定，本机不能改。")


def conflict_subject(plan: Plan, case: Conflict) -> str:
    """What a case is about, in the office's words: 任务 2 · 本期情况."""
    place = place_of_field(case.field.removesuffix(COUNTED))
    if case.kind == "submission":
        if case.field == FILED:
            return "提交记录"
        if case.field.startswith("proof/"):
            return f"任务 {place.split('/')[1]} · 佐证"
        if place in plan.task_by_id:
            return f"任务 {place} · 本期答复"
        if place in plan.target_by_id:
            return f"{place} {plan.target_by_id[place].short}"
        return "目标任务 · 本期答复" if place == "T" else place
    if case.kind == "figure" and case.key in plan.figure_by_id:
        return f"核定值 · {plan.figure_by_id[case.key].name}"
    if case.kind in ("entry", "application"):
        register = plan.register_by_id.get(str(case.about.get("register") or ""))
        name = case.about.get("name") or case.about.get("beneficiary") or ""
        what = "申报" if case.kind == "application" else "登记" if register is None else register.short
        return f"{what} · {name}" if name else what
    names = {"profile": "联系人", "period": f"期次 {case.key}", "review": "审核", "site": "电脑", "closing": "关期次"}
    return names.get(case.kind, "方案" if case.kind in Plan.KINDS else case.kind)
