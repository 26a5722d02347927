import json
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganzhou_desktop.domain.canonical import check_tree, clean_text
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.filings import ANSWERS, NO_PROGRESS, NOT_PUBLISHED, PROGRESS, Answer, Filing, Proof
from ganzhou_desktop.domain.form_json import FormErrors, form_from_json, form_to_json
from ganzhou_desktop.domain.forms import (
    FiledBy,
    Form,
    Matter,
    ProofEntry,
    all_other_support_no_progress,
    blank_form,
    changed_fields,
    completed,
    field_name,
    filing_from_fields,
    place_of_field,
    remarks,
)
from tests.domain.plans import filing, plan, target, unit

UNITS = (unit("kj", 1), unit("cz", 2), unit("dc", 3, part="supervisor"))
PLAN = plan(
    UNITS,
    {"1": ("kj", "cz"), "2": ("cz", "kj"), "3": ("cz", "kj")},
    (
        target("T3", kind="level", integral=False, lagged=True),
        target("T7", kind="stock"),
        target("1a", "1"),
        target("1b", "1", "checklist", items=("甲", "乙")),
        target("1c", "1", "standing", reporting_unit=""),
        target("2a", "2", reporting_unit="cz"),
    ),
)
A, B = "a" * 64, "b" * 64
BASE = (f"{A}.0", f"{B}.12")


def data(*matters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"format": 1, "unit": "kj", "period": "2018Q1", "base": list(BASE), "matters": list(matters), **more}


def read(*matters: dict[str, Any], **more: Any) -> Form:
    return form_from_json(PLAN, data(*matters, **more))


def errors(*matters: Any, **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(FormErrors) as caught:
        read(*matters, **more)
    assert caught.value.code == "bad_form"
    assert all(e.text.endswith("。") for e in caught.value.errors)
    return [(e.place, e.text) for e in caught.value.errors]


CURRENT = filing(
    "kj",
    "2018Q1",
    {"1": Answer(PROGRESS, "已立项", "经费", "验收", date(2018, 5, 1))},
    {"1a": "2", "T3": "51.5"},
    proofs=(Proof("1", A, "合同.pdf", 10, "pdf"),),
)


# -- blank ----------------------------------------------------------------------------------------------------


def test_a_blank_form_asks_for_every_matter() -> None:
    form = blank_form(PLAN, "kj", "2018Q1", None, BASE, "r")
    assert [(m.task, m.role) for m in form.matters] == [
        ("1", "lead"),
        ("2", "support"),
        ("3", "support"),
        ("T", "lead"),
    ]
    assert [dict(m.measurements) for m in form.matters] == [{"1a": None, "1b": None}, {}, {}, {"T3": None, "T7": None}]
    assert all(m.answer.blank and m.record == "r" for m in form.matters)
    assert changed_fields(None, form) == {}


def test_a_form_is_prefilled_from_the_filing() -> None:
    form = blank_form(PLAN, "kj", "2018Q1", CURRENT, BASE, "r")
    assert form.matters[0].answer == CURRENT.answers["1"]
    assert form.matters[0].measurements == {"1a": 2, "1b": None}
    assert form.matters[0].proof == (ProofEntry(None, "合同.pdf", A, 10, "pdf"),)
    assert changed_fields(CURRENT, form) == {}


# -- JSON -----------------------------------------------------------------------------------------------------


def test_the_json_shape() -> None:
    form = blank_form(PLAN, "kj", "2018Q1", CURRENT, BASE, "r")
    said = form_to_json(form)
    assert list(said) == ["format", "unit", "period", "base", "matters"]
    assert said["matters"][0] == {
        "task": "1",
        "role": "lead",
        "answer": "progress",
        "progress": "已立项",
        "problems": "经费",
        "next_steps": "验收",
        "expected": "2018-05-01",
        "proof": [{"name": "合同.pdf", "sha256": A}],
        "measurements": {"1a": "2", "1b": None},
        "record": "r",
    }


def test_numbers_come_in_as_numbers_or_text() -> None:
    text = '{"1a": 3, "1b": "2.0"}'
    form = read({"task": "1", "measurements": json.loads(text, parse_float=Decimal)})
    assert form.matters[0].measurements == {"1a": 3, "1b": 2}
    level = read({"task": "T", "measurements": json.loads('{"T3": 51.10, "T7": 1e1}', parse_float=Decimal)})
    assert form_to_json(level)["matters"][0]["measurements"] == {"T3": "51.1", "T7": "10"}


def test_what_is_left_out_stays_as_it_is() -> None:
    assert changed_fields(CURRENT, read()) == {}
    assert changed_fields(CURRENT, read({"task": "1"})) == {}
    assert changed_fields(CURRENT, read({"task": "1", "progress": "已验收"})) == {
        "1": {
            "answer": "progress",
            "progress": "已验收",
            "problems": "经费",
            "next_steps": "验收",
            "expected": "2018-05-01",
        }
    }
    assert changed_fields(CURRENT, read({"task": "1", "expected": None}))["1"]["expected"] is None
    assert changed_fields(CURRENT, read({"task": "1", "measurements": {"1a": None}})) == {"1a": None}
    assert changed_fields(CURRENT, read({"task": "1", "measurements": {"1b": 0}})) == {"1b": "0"}
    assert changed_fields(CURRENT, read({"task": "1", "proof": []})) == {f"proof/1/{A}": None}
    whole = completed(PLAN, read({"task": "1", "problems": ""}), CURRENT)
    assert [m.task for m in whole.matters] == ["1", "2", "3", "T"]
    assert whole.matters[0].answer == replace(CURRENT.answers["1"], problems="")
    assert whole.matters[0].proof[0].sha256 == A


def test_texts_are_cleaned() -> None:
    form = read({"task": "1", "progress": " 一\r\n二\x00\u0007 "})
    assert form.matters[0].answer.progress == "一\n二"


def test_all_errors_are_told_at_once() -> None:
    found = errors(
        {"task": "9"},
        {"task": "1", "answer": "maybe", "progress": 5, "expected": "2018-02-30", "remark": "x"},
        {"task": "1"},
        {"task": "2", "role": "lead", "measurements": {"2a": 1}},
        {"task": "T", "measurements": {"T7": "1.5", "T3": "abc"}, "proof": [{"name": "x"}]},
        7,
        colour="red",
    )
    assert [place for place, _ in found] == [
        "colour",
        "matters[0].task",
        "matters[1].remark",
        "matters[1].answer",
        "matters[1].expected",
        "matters[1].progress",
        "matters[2].task",
        "matters[3].role",
        "matters[3].measurements.2a",
        "matters[4].measurements.T7",
        "matters[4].measurements.T3",
        "matters[4].proof[0]",
        "matters[5]",
    ]
    texts = dict(found)
    assert texts["matters[1].expected"] == (
        "任务1“任务1”的预计完成时间“2018-02-30”不是日期，请写成 2018-04-20 的样子（1900 至 2999 年）。"
    )
    assert texts["matters[3].measurements.2a"] == "任务2“任务2”里没有要本单位填报的指标“2a”。"
    assert texts["matters[4].measurements.T7"] == "T7“目标T7”按家计，应填整数，写的是 1.5。"


@pytest.mark.parametrize(
    ("number", "ok"),
    [
        (0, True),
        ("12", True),
        (Decimal("1E+2"), True),
        (-1, False),
        ("1.5", False),
        (True, False),
        (1.0, False),
        (float("nan"), False),
        ("", False),
        ("一", False),
        ("１", False),
        (Decimal("Infinity"), False),
        (Decimal("1E+999999999"), False),
        (Decimal("1E-999999999"), False),
        (10**18, False),
        (10**17, True),
        ([1], False),
        ({"a": [[]]}, False),
    ],
)
def test_what_counts_as_a_count(number: Any, ok: bool) -> None:
    matter = {"task": "1", "measurements": {"1a": number}}
    if ok:
        assert read(matter).matters[0].measurements["1a"] == Decimal(number)
    else:
        assert [place for place, _ in errors(matter)] == ["matters[0].measurements.1a"]


def test_a_level_may_have_places_and_be_negative() -> None:
    assert read({"task": "T", "measurements": {"T3": "-0.25"}}).matters[0].measurements["T3"] == Decimal("-0.25")
    assert errors({"task": "T", "measurements": {"T3": "0.1234567"}})


@pytest.mark.parametrize("day", ["1899-12-31", "3000-01-01", "2018-4-20", 20180420, True])
def test_odd_dates(day: Any) -> None:
    assert [place for place, _ in errors({"task": "1", "expected": day})] == ["matters[0].expected"]
    assert read({"task": "1", "expected": "2999-12-31"}).matters[0].answer.expected == date(2999, 12, 31)


def test_long_texts() -> None:
    assert len(read({"task": "1", "progress": "长" * 20_000 + "  "}).matters[0].answer.progress) == 20_000
    assert errors({"task": "1", "progress": "长" * 20_001})[0][1] == (
        "任务1“任务1”的本期进展有 20001 字，最多 20000 字，请缩短或改作佐证文件。"
    )


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"format": 2}, "format"),
        ({"format": True}, "format"),
        ({"unit": "xx"}, "unit"),
        ({"unit": "dc"}, "unit"),
        ({"unit": None}, "unit"),
        ({"period": "2018Q5"}, "period"),
        ({"period": 2018}, "period"),
        ({"base": "x"}, "base"),
        ({"base": ["x"]}, "base"),
        ({"matters": {}}, "matters"),
    ],
)
def test_the_head_of_the_form(more: dict[str, Any], place: str) -> None:
    assert [p for p, _ in errors(**more)] == [place]


@pytest.mark.parametrize("junk", [None, [], "x", 1, True])
def test_something_else_altogether(junk: Any) -> None:
    with pytest.raises(FormErrors):
        form_from_json(PLAN, junk)


# -- fields ---------------------------------------------------------------------------------------------------


def test_field_names_are_lower_case_and_come_back() -> None:
    for place in ("1", "2a", "T", "T1", "T12", f"proof/T/{A}", f"proof/2/{A}", "filed"):
        assert place_of_field(field_name(place)) == place
    form = read({"task": "T", "answer": "progress", "measurements": {"T7": 4}})
    form = replace(form, matters=(replace(form.matters[0], proof=(entry(A),), given=frozenset({"answer", "proof"})),))
    fields = changed_fields(None, form)
    assert sorted(fields) == [f"proof/t/{A}", "t", "t7"]
    check_tree(fields)


def entry(sha256: str, name: str = "x.pdf") -> ProofEntry:
    return ProofEntry("C:\\x.pdf", name, sha256, 5, "pdf")


def test_proofs() -> None:
    form = blank_form(PLAN, "kj", "2018Q1", CURRENT, (), "")
    with_new = replace(form.matters[0], proof=(*form.matters[0].proof, entry(B, "新.pdf")))
    assert changed_fields(CURRENT, replace(form, matters=(with_new,))) == {
        f"proof/1/{B}": {"name": "新.pdf", "size": 5, "kind": "pdf"}
    }
    # From JSON only name and hash are known; size and kind come from the filing.
    assert changed_fields(CURRENT, read({"task": "1", "proof": [{"name": "改名.pdf", "sha256": A}]})) == {
        f"proof/1/{A}": {"name": "改名.pdf", "size": 10, "kind": "pdf"}
    }
    for unread in ([{"name": "x", "sha256": B}], ["D:\\文件\\x.pdf"]):
        with pytest.raises(RuleBroken, match="proof_unknown"):
            changed_fields(CURRENT, read({"task": "1", "proof": unread}))
    assert read({"task": "1", "proof": ["D:\\文件\\x.pdf"]}).matters[0].proof == (
        ProofEntry("D:\\文件\\x.pdf", "x.pdf", None),
    )


def test_a_filing_from_its_fields() -> None:
    filed = {"round": 2, "mode": "office", "source": "盖章纸件", "names": {"head": "甲", "phone": None}}
    writes = [FiledBy("f2", "2018-04-02T01:00:00Z", "乙", True), FiledBy("f1", "2018-04-03T01:00:00Z", "甲", True)]
    got = filing_from_fields(
        "kj",
        "2018Q1",
        "r",
        {"filed": filed, "t7": "4", "1": None, f"proof/t/{A}": {"name": "x", "size": 1, "kind": "pdf"}},
        writes,
        {"t7", "filed"},
        frozenset(),
    )
    assert (got.ids, got.round, got.mode, got.source, got.at, got.author) == (
        ("f1", "f2"),
        2,
        "office",
        "盖章纸件",
        "2018-04-03T01:00:00Z",
        "甲",
    )
    assert (got.names, got.measurements, got.answers) == ({"head": "甲", "phone": ""}, {"T7": 4}, {})
    assert got.proofs == (Proof("T", A, "x", 1, "pdf", held=False),)
    assert got.contested == {"T7", "filed"}
    # Withdrawn: the field goes back to never written, the text may stay.
    assert not filing_from_fields("kj", "2018Q1", "r", {"filed": None}, writes, (), frozenset()).submitted


# -- helpers and remarks --------------------------------------------------------------------------------------


def test_all_other_support_matters_without_news() -> None:
    form = blank_form(PLAN, "kj", "2018Q1", None, (), "")
    typed = replace(form.matters[1], answer=Answer(problems="等批复"))
    form = replace(form, matters=(form.matters[0], typed, *form.matters[2:]))
    got = all_other_support_no_progress(PLAN, form)
    assert [m.answer for m in got.matters] == [
        Answer(),
        Answer(problems="等批复"),
        Answer(NO_PROGRESS, "本期无新进展"),
        Answer(),
    ]


def said(form: Form, current: Filing | None = None, previous: Filing | None = None) -> list[tuple[str, str]]:
    return [(r.task, r.field) for r in remarks(PLAN, form, current, previous)]


def test_remarks_are_soft_and_name_their_place() -> None:
    empty = remarks(PLAN, read(), None, None)
    assert [(r.task, r.text) for r in empty] == [("", "还有 4 件没有答复：任务1、任务2、任务3、目标任务。")]
    whole = [{"task": t, "answer": "no_progress", "progress": "本期无新进展"} for t in ("2", "3")]
    done = [*whole, {"task": "T", "answer": "progress", "progress": "x", "measurements": {"T7": 3}}]
    last = {"1a": "1", "T7": "4"}
    previous = filing(
        "kj", "2017Q4", {"1": Answer(PROGRESS, "同样的话"), "2": Answer(NO_PROGRESS, "本期无新进展")}, last
    )
    assert said(read(*done, {"task": "1", "answer": "no_progress"}), previous=previous) == [
        ("1", "expected"),
        ("1", "problems"),
        ("1", "1a"),
        ("1", "1b"),
        ("T", "T7"),  # 3 < 4
    ]
    same = {"task": "1", "answer": "progress", "progress": "同样的话", "measurements": {"1a": 0, "1b": 3}}
    assert said(read(*done, same), previous=previous) == [("1", "progress"), ("1", "1b"), ("T", "T7")]
    past = {
        "task": "1",
        "answer": "progress",
        "progress": "",
        "expected": "2018-03-01",
        "measurements": {"1a": 1, "1b": 1},
    }
    assert said(read(*done, past)) == [("1", "progress"), ("1", "problems"), ("1", "expected")]
    silent = {"task": "1", "answer": NOT_PUBLISHED, "measurements": {"1a": 1}}
    assert said(read(*done, silent)) == [("1", "1a")]


# -- laws -----------------------------------------------------------------------------------------------------

texts = st.text(st.characters(codec="utf-8"), max_size=12).map(clean_text).filter(lambda t: clean_text(t) == t)
answers = st.builds(
    Answer,
    st.one_of(st.none(), st.sampled_from(ANSWERS)),
    texts,
    texts,
    texts,
    st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2999, 12, 31))),
)
counts = st.one_of(st.none(), st.integers(0, 10**17).map(Decimal))
levels = st.one_of(st.none(), st.decimals(-(10**9), 10**9, places=4))
hashes = st.sampled_from([c * 64 for c in "0123456789abcdef"])


@st.composite
def forms(draw: st.DrawFn) -> Form:
    form = blank_form(PLAN, "kj", "2018Q1", None, BASE, "r")
    matters: list[Matter] = []
    for matter in form.matters:
        proofs = {h: ProofEntry(None, "x.pdf", h, 7, "pdf") for h in draw(st.sets(hashes, max_size=3))}
        numbers = {t: draw(levels if t == "T3" else counts) for t in matter.measurements}
        matters.append(
            replace(matter, answer=draw(answers), measurements=numbers, proof=tuple(proofs[h] for h in sorted(proofs)))
        )
    return replace(form, matters=tuple(matters))


def bare(form: Form) -> Form:
    """Without what JSON does not carry: size and kind of files."""
    return replace(
        form,
        matters=tuple(replace(m, proof=tuple(replace(p, size=0, kind="") for p in m.proof)) for m in form.matters),
    )


@given(forms())
def test_json_round_trip(form: Form) -> None:
    text = json.dumps(form_to_json(form), ensure_ascii=False)
    assert form_from_json(PLAN, json.loads(text, parse_float=Decimal)) == bare(form)


@given(
    forms(), st.sets(st.sampled_from(["1", "2", "3", "T"])), st.sets(st.sampled_from(["answer", "proof", "progress"]))
)
def test_json_round_trip_of_a_part(form: Form, tasks: set[str], members: set[str]) -> None:
    whole = form_to_json(form)
    whole["matters"] = [
        {k: v for k, v in m.items() if k in members | {"task", "role", "measurements", "record"}}
        for m in whole["matters"]
        if m["task"] in tasks
    ]
    assert form_to_json(form_from_json(PLAN, whole)) == whole


def written(before: dict[str, Any], form: Form, filing: Filing | None) -> tuple[dict[str, Any], Filing]:
    fields = {**before, **changed_fields(filing, form)}
    check_tree(fields)
    return fields, filing_from_fields("kj", "2018Q1", "r", fields, (), (), frozenset())


@given(forms(), forms())
def test_fields_give_the_form_back(first: Form, second: Form) -> None:
    fields, once = written({}, first, None)
    assert blank_form(PLAN, "kj", "2018Q1", once, BASE, "r") == first
    assert changed_fields(once, first) == {}
    _, twice = written(fields, second, once)
    assert blank_form(PLAN, "kj", "2018Q1", twice, BASE, "r") == second
    assert completed(PLAN, second, once) == replace(
        second, matters=tuple(replace(m, record="r") for m in second.matters)
    )


names = st.sampled_from(["format", "unit", "base", "matters", "task", "proof", "measurements", "x"])
junk_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
)


@given(junk_values)
def test_whatever_comes_is_read_or_refused(junk: Any) -> None:
    matter = {"task": "1", "measurements": junk, "proof": junk, "expected": junk, "answer": junk}
    for value in (junk, data(junk), {**data(), "matters": junk}, data(matter)):
        with suppress(FormErrors):
            form_from_json(PLAN, value)
