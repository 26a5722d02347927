"""Drafts: what cannot be read is kept as typed, and content that came in hides nothing and is hidden by nothing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganzhou_desktop import paths
from ganzhou_desktop.domain import draft_moving, filings
from ganzhou_desktop.domain.draft_moving import BOTH, MINE, THEIRS
from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.domain.forms import Form, Matter, ProofEntry
from ganzhou_desktop.services import drafts, filing, ledgers, periods
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.plan_files import read_plan

PERIOD = "2018Q1"


@pytest.fixture
def office(tmp_path: Path, ganzhou_home: Path) -> Iterator[Ledger]:
    """A new office's ledger with one period open."""
    ledger, _ = ledgers.new_ledger(tmp_path / "a.gzdb", read_plan(paths.plan_file("ganzhou-2017.toml")))
    periods.open_period(ledger, PERIOD)
    yield ledger
    ledger.close()


def answered(form: Form, task: str, **members: object) -> Form:
    """The form with one answer changed."""
    changed = tuple(
        replace(m, answer=replace(m.answer, **members)) if m.task == task else m  # type: ignore[arg-type]
        for m in form.matters
    )
    return replace(form, matters=changed)


def test_what_cannot_be_read_is_kept_as_typed(office: Ledger) -> None:
    form = filing.form_state(office, "gxj", PERIOD).form
    drafts.keep_draft(office, form, {"6/6b": "两家"})
    assert drafts.read_typed(office, "gxj", PERIOD) == {"6/6b": "两家"}
    drafts.keep_draft(office, form, {})
    assert drafts.read_typed(office, "gxj", PERIOD) == {}
    drafts.keep_draft(office, form, {"source": "纸表"})
    drafts.drop_draft(office, "gxj", PERIOD)
    assert drafts.read_typed(office, "gxj", PERIOD) == {}
    assert filing.form_state(office, "gxj", PERIOD).draft_saved is None


def test_a_draft_the_plan_outgrew_opens_and_loses_nothing(office: Ledger) -> None:
    form = answered(filing.form_state(office, "gxj", PERIOD).form, "6", progress="还在")
    filing.save_draft(office, form)
    kept = office.journal.draft("gxj", PERIOD)
    assert kept is not None
    body = json.loads(kept[0])
    matter = next(m for m in body["matters"] if m["task"] == "6")
    matter["measurements"]["2a"] = "7"
    body["matters"].append({**matter, "task": "9", "progress": "从前写的", "measurements": {}})
    office.journal.save_draft("gxj", PERIOD, json.dumps(body), kept[1])
    state = drafts.open_form(office, "gxj", PERIOD)
    assert next(m for m in state.form.matters if m.task == "6").answer.progress == "还在"
    assert drafts.read_typed(office, "gxj", PERIOD) == {"gone/6/2a": "7", "gone/9/progress": "从前写的"}


def test_moving_on_keeps_typed_words_and_shows_what_came(office: Ledger) -> None:
    blank = filing.form_state(office, "gxj", PERIOD).form
    mine = answered(blank, "1", kind=filings.PROGRESS, progress="我的")
    filing.save_draft(office, mine)
    assert drafts.compare_draft(office, "gxj", PERIOD) == ()
    filing.submit(office, answered(blank, "1", kind=filings.PROGRESS, progress="来的", next_steps="新的"), source="纸")
    filing.save_draft(office, mine)  # as a unit's PC has it after the merge
    seen = {d.field: (d.before, d.mine, d.theirs, d.clash) for d in drafts.compare_draft(office, "gxj", PERIOD)}
    assert seen == {"progress": ("", "我的", "来的", True), "next_steps": ("", "", "新的", False)}
    for choice, expected in ((MINE, "我的"), (BOTH, "我的\n来的"), (THEIRS, "来的")):
        filing.save_draft(office, mine)
        state = drafts.move_draft(office, "gxj", PERIOD, {("1", "progress"): choice})
        said = state.form.matters[0].answer
        assert (said.progress, said.next_steps) == (expected, "新的")
        assert not state.newer
        assert drafts.compare_draft(office, "gxj", PERIOD) == ()


# -- the law behind it --------------------------------------------------------------------------------------------

_words = st.sampled_from(["", "甲", "乙", "丙"])
_answers = st.builds(
    Answer,
    kind=st.sampled_from([None, *filings.ANSWERS]),
    progress=_words,
    problems=_words,
    next_steps=_words,
    expected=st.sampled_from([None, date(2018, 5, 1), date(2018, 6, 1)]),
)
_proofs = st.lists(st.sampled_from("abc"), unique=True).map(
    lambda names: tuple(ProofEntry(None, n, n * 64, 1, "txt") for n in names)
)
_matters = st.builds(
    lambda answer, number, proof: Matter("1", "lead", answer, {"1a": number}, proof),
    _answers,
    st.sampled_from([None, Decimal(0), Decimal(1), Decimal(2)]),
    _proofs,
)


def _form(matter: Matter) -> Form:
    return Form("gxj", PERIOD, (), (matter,))


@given(_matters, _matters, _matters)
def test_nothing_typed_is_lost_and_nothing_new_is_hidden(old: Matter, mine: Matter, theirs: Matter) -> None:
    """Without a choice every typed value stands; every new value stands or is listed beside what was typed."""
    before, draft, now = _form(old), _form(mine), _form(theirs)
    done = draft_moving.moved(before, draft, now, {}).matters[0]
    listed = {d.field: d for d in draft_moving.differences(before, draft, now)}
    values = draft_moving._values
    for name, said in values(mine).items():
        was, came, stands = values(old)[name], values(theirs)[name], values(done)[name]
        assert stands == (said if said != was else came)
        assert came in (stands, was) or listed[name].theirs == came
        assert name not in listed or listed[name].clash == (said != was)
    typed = {p.sha256 for p in mine.proof} - {p.sha256 for p in old.proof}
    assert typed <= {p.sha256 for p in done.proof}
    new = {p.sha256 for p in theirs.proof} - {p.sha256 for p in old.proof}
    assert new <= {p.sha256 for p in done.proof}
