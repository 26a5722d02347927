"""The translation between plan items, record fields and plans."""

import dataclasses
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganzhou_desktop.domain import canonical, plan_codec
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.plan import FIELD_OF_KIND, Document, Figure, Plan, Unit
from ganzhou_desktop.domain.plan_codec import (
    FieldType,
    assemble,
    check_value,
    from_fields,
    kind_fields,
    plan_from_records,
    plan_to_records,
    to_fields,
)
from ganzhou_desktop.services.plan_files import read_plan

GANZHOU = Path(__file__).parents[2] / "db" / "plans" / "ganzhou-2017.toml"

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
values: dict[str, st.SearchStrategy[Any]] = {
    "text": texts,
    "integer": st.integers(0, canonical.MAX_INTEGER),
    "boolean": st.booleans(),
    "decimal": st.decimals(-(10**12), 10**12, places=6),
    "date": st.dates(),
    "texts": st.lists(texts, max_size=3).map(tuple),
}


def item_of(kind: str, ids: st.SearchStrategy[str] = texts) -> st.SearchStrategy[Any]:
    """Any item of a kind."""
    wanted: dict[str, st.SearchStrategy[Any]] = {"id": ids}
    for name, field_type in kind_fields(kind).items():
        made = values[field_type.form]
        wanted[name] = st.none() | made if field_type.optional else made
    return st.builds(Plan.KINDS[kind], **wanted)


items = st.sampled_from(sorted(Plan.KINDS)).flatmap(item_of)


DOCUMENT = dict(to_fields(read_plan(GANZHOU).document))


@given(st.dictionaries(st.sampled_from(sorted(DOCUMENT)), st.none() | st.integers(0, 9) | texts, max_size=12))
def test_a_plan_stands_whatever_its_document_lacks(spoilt: dict[str, Any]) -> None:
    """No page without a document: what a seat cleared or wrote wrongly is filled in, and the rest is as it was."""
    other = {"title": "不是这个"}
    plan = plan_codec.plan_as_held({"document": {"plan": {**DOCUMENT, **spoilt}, "new": other}})
    whole = read_plan(GANZHOU).document
    for name in DOCUMENT.keys() - spoilt.keys():
        assert getattr(plan.document, name) == getattr(whole, name)


@given(items)
def test_an_item_comes_back_from_its_fields(item: Any) -> None:
    kind = plan_codec.kind_of(item)
    fields = to_fields(item)
    assert from_fields(kind, item.id, fields) == item


@given(items)
def test_fields_pass_the_door_and_are_canonical(item: Any) -> None:
    types = kind_fields(plan_codec.kind_of(item))
    fields = to_fields(item)
    assert all(check_value(types[name], value) for name, value in fields.items())
    assert canonical.decode(canonical.encode(fields)) == fields
    assert None not in fields.values()


@given(st.data())
def test_a_plan_comes_back_from_its_records_in_any_order(data: st.DataObject) -> None:
    lists = {
        kind: data.draw(st.lists(item_of(kind), max_size=3, unique_by=lambda item: item.id)) for kind in FIELD_OF_KIND
    }
    plan = assemble(data.draw(item_of("document", st.just("plan"))), lists)
    records: dict[str, dict[str, Any]] = {}
    for kind, key, fields in data.draw(st.permutations(plan_to_records(plan))):
        records.setdefault(kind, {})[key] = fields
    assert plan_from_records(records) == plan


def test_the_plan_of_ganzhou_comes_back_from_its_records() -> None:
    plan = read_plan(GANZHOU)
    records: dict[str, dict[str, Any]] = {}
    for kind, key, fields in plan_to_records(plan):
        assert canonical.decode(canonical.encode(fields)) == fields
        records.setdefault(kind, {})[key] = fields
    assert plan_from_records(records) == plan


def test_every_dataclass_of_a_plan_has_field_types() -> None:
    for kind, cls in Plan.KINDS.items():
        assert ["id", *kind_fields(kind)] == [f.name for f in dataclasses.fields(cls)]
        assert all(canonical.NAME.match(name) for name in kind_fields(kind))
    figure = kind_fields("figure")
    assert figure["value"] == FieldType("decimal", optional=True, required=False)
    assert figure["basis"] == FieldType("text", optional=False, required=False)
    assert kind_fields("document")["deadline"] == FieldType("date", optional=False, required=True)
    assert kind_fields("unit")["aliases"].form == "texts"
    assert kind_fields("role")["principal"].form == "boolean"


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("text", ["", "区科技局"], [1, True, ["a"], {}]),
        ("integer", [0, 2**53 - 1], [-1, 2**53, True, "1", 1.0]),
        ("boolean", [True, False], [0, 1, "true"]),
        ("decimal", ["0", "-1.25", "0.5"], ["-0", "1.0", "01", "1e3", "", 1, "NaN"]),
        ("date", ["2017-09-28"], ["2017-02-30", "2017-9-28", "", 20170928]),
        ("texts", [[], ["a", "b"]], ["a", [1], [None], {"a": "b"}]),
    ],
)
def test_values_at_the_door(form: Any, good: list[Any], bad: list[Any]) -> None:
    for optional in (False, True):
        field_type = FieldType(form, optional=optional, required=False)
        assert check_value(field_type, None)
        assert all(check_value(field_type, value) for value in good)
        assert not any(check_value(field_type, value) for value in bad)


def unit_fields(**changes: Any) -> dict[str, Any]:
    return {"order": 1, "name": "区科技局", "short": "科技局", "part": "task", **changes}


def test_absent_null_and_unknown_fields() -> None:
    plain = Unit(id="kjj", order=1, name="区科技局", short="科技局", part="task")
    assert from_fields("unit", "kjj", unit_fields()) == plain
    assert from_fields("unit", "kjj", unit_fields(valid_to=None, aliases=None, note=None)) == plain
    assert from_fields("unit", "kjj", unit_fields(deleted=False, later_program="x")) == plain
    changed = from_fields("unit", "kjj", unit_fields(valid_to="2018-07-20", aliases=["甲"]))
    assert changed == dataclasses.replace(plain, valid_to=date(2018, 7, 20), aliases=("甲",))


@pytest.mark.parametrize(
    "fields",
    [unit_fields(name=None), {"order": 1}, unit_fields(order="1"), unit_fields(valid_to="2018-13-01")],
)
def test_what_no_item_can_be_made_of(fields: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken) as broken:
        from_fields("unit", "kjj", fields)
    assert broken.value.code == "bad_record"


def figure(**changes: Any) -> Figure:
    made: Callable[..., Figure] = Figure
    plain = {"printed": "8项", "value": Decimal(8), "unit": "项", "clause": "2", "quote": "8项", "doubt": ""}
    return made(id="T1", order=1, origin="printed", name="甲", **{**plain, **changes})


def test_canonical_spellings() -> None:
    fields = to_fields(figure(value=Decimal("8.50"), confirmed=Decimal("80")))
    assert (fields["value"], fields["confirmed"]) == ("8.5", "80")
    assert "id" not in fields
    assert "confirmed" not in to_fields(figure())


def test_no_document_no_plan() -> None:
    with pytest.raises(RuleBroken) as broken:
        plan_from_records({"unit": {"kjj": unit_fields()}, "period": {"2018Q1": {}}})
    assert broken.value.code == "no_plan"


def test_lists_are_in_order_and_roles_follow_their_tasks() -> None:
    plan = read_plan(GANZHOU)
    shuffled = {kind: list(reversed(getattr(plan, attribute))) for kind, attribute in FIELD_OF_KIND.items()}
    document: Document = plan.document
    assert assemble(document, shuffled) == plan
