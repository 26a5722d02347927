"""The one translation between the dataclasses of a plan and the fields of ledger records.

Everything is read off the dataclasses of `plan.py`: a new field there is a new field of the record, checked at the
door, without a line here.  Record values are canonical JSON: a decimal is `"0.5"`, a date `"2017-09-28"`.
"""

import types
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeAlias, get_args, get_origin, get_type_hints

from ganzhou_desktop.domain.canonical import MAX_INTEGER, Json, decimal_text, is_date, is_decimal
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.plan import COLUMN_FORMS, FIELD_OF_KIND, HEADLINE, LEAD, TEXT, Document, Plan

FieldForm: TypeAlias = Literal["text", "integer", "boolean", "decimal", "date", "texts"]
"""`texts` is a list of text; everything else is one value."""

Item: TypeAlias = Any
"""One of the dataclasses of Plan.KINDS."""

Records: TypeAlias = Mapping[str, Mapping[str, Mapping[str, Json]]]
"""Kind → key → fields."""

DOCUMENT_KEY = "plan"

_FORMS: Mapping[object, FieldForm] = {
    str: "text",
    int: "integer",
    bool: "boolean",
    Decimal: "decimal",
    date: "date",
    tuple[str, ...]: "texts",
}


@dataclass(frozen=True, slots=True)
class FieldType:
    """What one field holds.  `optional`: it may be None; `required`: an item cannot be made without it."""

    form: FieldForm
    optional: bool
    required: bool


@cache
def kind_fields(kind: str) -> Mapping[str, FieldType]:
    """The type of each field of a plan kind, in the order of its dataclass, without `id`, which is the record's key."""
    cls = Plan.KINDS[kind]
    hints = get_type_hints(cls)
    return types.MappingProxyType(
        {
            f.name: _field_type(hints[f.name], f.default is MISSING and f.default_factory is MISSING)
            for f in fields(cls)
            if f.name != "id"
        }
    )


def _field_type(hint: object, bare: bool) -> FieldType:
    optional = get_origin(hint) is types.UnionType
    if optional:
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    return FieldType(form=_FORMS[hint], optional=optional, required=bare and not optional)


def check_value(field_type: FieldType, value: Json) -> bool:
    """Whether a canonical JSON value may stand in such a field; null always may: the field was never written."""
    if value is None:
        return True
    match field_type.form:
        case "text":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_INTEGER
        case "boolean":
            return isinstance(value, bool)
        case "decimal":
            return is_decimal(value)
        case "date":
            return is_date(value)
        case "texts":
            return isinstance(value, list) and all(isinstance(member, str) for member in value)


def kind_of(item: Item) -> str:
    """The kind's name of a plan item."""
    return next(kind for kind, cls in Plan.KINDS.items() if type(item) is cls)


def to_fields(item: Item) -> dict[str, Json]:
    """The record fields of an item: all but `id`, in canonical values; a field that is None is left out."""
    values = ((name, getattr(item, name)) for name in kind_fields(kind_of(item)))
    return {name: _to_json(value) for name, value in values if value is not None}


def _to_json(value: object) -> Json:
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value


def from_fields(kind: str, key: str, values: Mapping[str, Json]) -> Item:
    """The item of a record.  An absent or null field takes its default; names the kind has not are passed over.

    RuleBroken when a field without default is missing or a value has the wrong form.
    """
    given: dict[str, object] = {}
    for name, field_type in kind_fields(kind).items():
        value = values.get(name)
        if field_type.form == "text" and isinstance(value, str):  # nearly every one of thousands
            given[name] = value
            continue
        if not check_value(field_type, value):
            raise RuleBroken("bad_record", f"方案数据 {kind} {key} 的“{name}”写法不对，这一条不能采用。")
        if value is not None:
            given[name] = _from_json(field_type, value)
        elif field_type.required:
            raise RuleBroken("bad_record", f"方案数据 {kind} {key} 缺“{name}”，这一条不能采用。")
        elif field_type.optional:
            given[name] = None
    return Plan.KINDS[kind](id=key, **given)


def _from_json(field_type: FieldType, value: Json) -> object:
    match field_type.form:
        case "decimal":
            return Decimal(value)
        case "date":
            return date.fromisoformat(value)
        case "texts":
            return tuple(value)
        case _:
            return value


def plan_to_records(plan: Plan) -> list[tuple[str, str, dict[str, Json]]]:
    """Every item of a plan as (kind, key, fields), the document first."""
    items = [plan.document, *(item for attribute in FIELD_OF_KIND.values() for item in getattr(plan, attribute))]
    return [(kind_of(item), item.id, to_fields(item)) for item in items]


def plan_from_records(records: Records) -> Plan:
    """The plan that lies in a ledger, its lists in order.  Kinds that are no part of a plan are passed over.

    RuleBroken when there is no document or an item cannot be made; references are not followed here.
    """
    items = {
        kind: [from_fields(kind, key, values) for key, values in records.get(kind, {}).items()] for kind in Plan.KINDS
    }
    documents = [d for d in items.pop("document") if d.id == DOCUMENT_KEY]
    if not documents:
        raise RuleBroken("no_plan", "这本台账里还没有方案，请先由区里采用方案。")
    return assemble(documents[0], items)


def plan_as_held(records: Records) -> Plan:
    """The plan as a ledger holds it: what cannot be made, or speaks of something taken away, is left out.

    Two seats may each do right and together leave a role of a unit that is gone: the rest of the plan must stand.
    Of the document, without which there is no page at all, what is missing or wrong is filled in.
    """
    held = records.get("document", {}).get(DOCUMENT_KEY)
    if held is None:
        raise RuleBroken("no_plan", "这本台账里还没有方案，请先由区里采用方案。")
    document = _document(held)
    made: dict[str, list[Item]] = {kind: [] for kind in Plan.KINDS if kind != "document"}
    for kind, found in made.items():
        for key, values in records.get(kind, {}).items():
            with suppress(RuleBroken):
                found.append(from_fields(kind, key, values))
    units, registers = ({item.id for item in made[kind]} for kind in ("unit", "register"))
    tasks = {task.id for task in made["task"]} | {HEADLINE}
    made["role"] = [r for r in made["role"] if r.task in tasks and r.unit in units]
    made["target"] = [
        t if t.reporting_unit in units else replace(t, reporting_unit="") for t in made["target"] if t.task in tasks
    ]
    targets = {target.id for target in made["target"]}
    made["column"] = [
        c if c.form in COLUMN_FORMS else replace(c, form=TEXT) for c in made["column"] if c.register in registers
    ]
    made["rule"] = [r for r in made["rule"] if r.register in registers and r.target in targets]
    return assemble(document, made)


_DAY = timedelta(days=1)
_FIRST = date(2000, 1, 1)
"""From when a plan runs that does not say."""


def _document(values: Mapping[str, Json]) -> Document:
    """The document of these fields; a text that is missing is empty, a day the first or last of its year."""
    wanted = kind_fields("document")
    sound = {n: v for n, v in values.items() if n in wanted and v is not None and check_value(wanted[n], v)}
    issued, deadline = (
        None if (day := sound.get(n)) is None else date.fromisoformat(day) for n in ("issued", "deadline")
    )
    first = issued or (_FIRST if deadline is None else deadline.replace(month=1, day=1))
    first = min(first, date.max - _DAY)
    last = max(deadline or first.replace(month=12, day=31), first + _DAY)  # pace runs between two days
    blank = {name: "" for name, t in wanted.items() if t.required and t.form == "text"}
    document = from_fields(
        "document", DOCUMENT_KEY, {**blank, **sound, "issued": first.isoformat(), "deadline": last.isoformat()}
    )
    assert isinstance(document, Document)
    return document


def assemble(document: Document, items: Mapping[str, list[Item]]) -> Plan:
    """A plan from its items in any order: each list by `order`, roles task by task with 牵头 before 配合."""
    lists = {
        FIELD_OF_KIND[kind]: tuple(sorted(found, key=lambda item: (item.order, item.id)))
        for kind, found in items.items()
    }
    places = {task.id: place for place, task in enumerate(lists.get("tasks", ()))}
    roles = sorted(
        lists.get("roles", ()),
        key=lambda role: (places.get(role.task, len(places)), role.task, role.kind != LEAD, role.order, role.id),
    )
    return Plan(document=document, **{**lists, "roles": tuple(roles)})  # type: ignore[arg-type]
