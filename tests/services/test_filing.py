"""Forms, drafts, submitting, withdrawing, proof, 代录, contacts."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.domain.forms import ProofEntry
from ganzhou_desktop.domain.proof_kinds import MOST_PROOF
from ganzhou_desktop.services import (
    conflicts,
    contacts,
    drafts,
    exchange,
    filing,
    periods,
    registers,
    reviewing,
)
from ganzhou_desktop.services.registers import Edit
from ganzhou_desktop.store.journal import Change
from tests.services.made import PLAN, Q1, Made, answered, changed, file, made_in, matter
from tests.store.kit import answer

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    with made_in(tmp_path) as found:
        yield found


def test_a_draft_is_kept_as_typed_and_ends_with_the_submission(made: Made) -> None:
    kjj = made.unit(made.office(), "kjj")
    empty = filing.form_state(kjj, "kjj", Q1)
    assert (empty.draft_saved, empty.filing, empty.newer) == (None, None, False)
    typed = changed(
        answered(empty.form, "4", "开展专利辅导"),
        "4",
        lambda m: replace(m, measurements={**m.measurements, "4a": Decimal(2)}),
    )
    filing.save_draft(kjj, typed)
    state = filing.form_state(kjj, "kjj", Q1)
    assert state.form == typed
    assert state.draft_saved is not None
    assert state.filing is None
    before = kjj.journal.heads()
    assert exchange.export(kjj, made.copy()).heads == before
    filed = filing.submit(kjj, state.form)
    after = filing.form_state(kjj, "kjj", Q1)
    assert after.draft_saved is None
    assert after.filing is not None
    assert after.filing.ids == (filed,)
    assert after.filing.measurements == {"4a": Decimal(2)}
    assert matter(after.form, "4").answer.progress == "开展专利辅导"


def test_a_discarded_draft_is_gone(made: Made) -> None:
    kjj = made.unit(made.office(), "kjj")
    filing.save_draft(kjj, answered(filing.form_state(kjj, "kjj", Q1).form, "4", "x"))
    filing.discard_draft(kjj, "kjj", Q1)
    assert filing.form_state(kjj, "kjj", Q1).draft_saved is None


def _two_pcs(made: Made) -> tuple[filing.Ledger, filing.Ledger, filing.Ledger]:
    office = made.office()
    return office, made.unit(office, "kjj", "one"), made.unit(office, "kjj", "two")


def test_a_draft_survives_a_merge_and_shows_what_it_brought(made: Made) -> None:
    office, one, two = _two_pcs(made)
    filing.save_draft(one, answered(filing.form_state(one, "kjj", Q1).form, "4", "一号机的草稿"))
    file(two, "kjj", "5", "二号机交的")
    made.send(two, office)
    made.send(office, one)
    state = filing.form_state(one, "kjj", Q1)
    assert (state.newer, state.overlap) == (True, ())
    assert matter(state.form, "4").answer.progress == "一号机的草稿"
    assert matter(state.form, "5").answer.progress == "二号机交的"
    filing.save_draft(one, state.form)
    assert not filing.form_state(one, "kjj", Q1).newer
    filing.submit(one, filing.form_state(one, "kjj", Q1).form)
    assert conflicts.list_conflicts(one) == ()
    now = filing.read_filings(one, Q1, "kjj").get(("kjj", Q1))
    assert now is not None
    assert {t: a.progress for t, a in now.answers.items()} == {"4": "一号机的草稿", "5": "二号机交的"}
    assert now.round == 2


def test_a_draft_that_overlaps_hides_nothing(made: Made) -> None:
    office, one, two = _two_pcs(made)
    filing.save_draft(one, answered(filing.form_state(one, "kjj", Q1).form, "4", "一号机的草稿"))
    file(two, "kjj", "4", "二号机交的")
    made.send(two, office)
    made.send(office, one)
    state = filing.form_state(one, "kjj", Q1)
    assert (state.newer, state.overlap) == (True, ("4",))
    assert state.form.base == ()
    assert matter(state.form, "4").answer.progress == "一号机的草稿"
    assert state.filing is not None
    assert state.filing.answers["4"].progress == "二号机交的"
    # Without having looked: both stand, and only the field both wrote is a case.
    filing.submit(one, state.form)
    assert [c.field for c in conflicts.list_conflicts(one)] == ["4"]


def test_what_came_is_not_hidden_where_a_clock_lets_the_older_text_be_shown(made: Made) -> None:
    """Beside what was filed here a merge brings another text, by a PC whose clock is slow: it is not the one shown."""
    kjj = made.unit(made.office(), "kjj")
    file(kjj, "kjj", "4", "先交的")
    filing.save_draft(kjj, answered(filing.form_state(kjj, "kjj", Q1).form, "4", "草稿"))
    made.clock.day = date(2001, 1, 1)
    kjj.act("提交", {"kjj": [Change("submission", Q1, {"4": answer("慢钟写的")}, ())]})
    made.clock.day = date(2018, 4, 3)
    state = filing.form_state(kjj, "kjj", Q1)
    assert state.filing is not None
    assert state.filing.answers["4"].progress == "先交的"
    assert (state.newer, state.overlap) == (True, ("4",))
    listed = {d.field: (d.before, d.mine, d.theirs) for d in drafts.compare_draft(kjj, "kjj", Q1)}
    assert listed == {"progress": ("先交的", "草稿", "慢钟写的")}
    filing.submit(kjj, state.form)
    (case,) = conflicts.list_conflicts(kjj)
    assert {v.value["progress"] for v in case.values} == {"草稿", "慢钟写的"}


def test_once_looked_at_the_draft_lies_on_top(made: Made) -> None:
    office, one, two = _two_pcs(made)
    filing.save_draft(one, answered(filing.form_state(one, "kjj", Q1).form, "4", "一号机的草稿"))
    file(two, "kjj", "4", "二号机交的")
    file(two, "kjj", "5", "二号机也交了")
    made.send(two, office)
    made.send(office, one)
    state = drafts.move_draft(one, "kjj", Q1, {})
    assert (state.newer, state.overlap) == (False, ())
    assert matter(state.form, "4").answer.progress == "一号机的草稿"
    assert matter(state.form, "5").answer.progress == "二号机也交了"
    filing.submit(one, state.form)
    assert conflicts.list_conflicts(one) == ()


def test_the_same_text_on_both_sides_is_no_overlap(made: Made) -> None:
    office, one, two = _two_pcs(made)
    filing.save_draft(one, answered(filing.form_state(one, "kjj", Q1).form, "4", "一样"))
    file(two, "kjj", "4", "一样")
    made.send(two, office)
    made.send(office, one)
    assert filing.form_state(one, "kjj", Q1).overlap == ()


def test_filings_begun_on_one_base_are_of_one_round(made: Made) -> None:
    office, one, two = _two_pcs(made)
    file(one, "kjj", "4", "一号机交的")
    file(two, "kjj", "5", "二号机交的")
    made.send(one, office)
    made.send(two, office)
    now = filing.read_filings(office, Q1, "kjj").get(("kjj", Q1))
    assert now is not None
    assert (len(now.ids), now.round, now.contested) == (2, 1, frozenset())
    assert conflicts.list_conflicts(office) == ()


def test_a_partial_form_leaves_the_draft_as_it_is(made: Made) -> None:
    kjj = made.unit(made.office(), "kjj")
    paper = made.folder / "form.json"

    def take(task: str, **members: object) -> None:
        paper.write_text(json.dumps({"format": 1, "unit": "kjj", "period": Q1, "matters": [{"task": task, **members}]}))
        filing.save_draft(kjj, filing.over_draft(kjj, filing.read_form(kjj, paper)))

    take("4", answer="progress", progress="先写的", problems="有一点")
    take("5", answer="no_progress")
    take("4", progress="改了的", measurements={"4a": 1})
    take("4", measurements={"4b": "2"})
    form = filing.form_state(kjj, "kjj", Q1).form
    assert matter(form, "4").answer == Answer("progress", "改了的", "有一点")
    assert {k: v for k, v in matter(form, "4").measurements.items() if v is not None} == {"4a": 1, "4b": 2}
    assert matter(form, "5").answer.kind == "no_progress"
    assert matter(form, "6").answer == Answer()


def test_a_partial_form_begun_elsewhere_is_refused_while_a_draft_lies_here(made: Made) -> None:
    kjj = made.unit(made.office(), "kjj")
    stale = filing.form_state(kjj, "kjj", Q1).form
    file(kjj, "kjj", "4", "交了")
    filing.save_draft(kjj, answered(filing.form_state(kjj, "kjj", Q1).form, "5", "草稿"))
    with pytest.raises(RuleBroken, match="other_draft"):
        filing.over_draft(kjj, replace(stale, matters=stale.matters[:1]))
    assert filing.over_draft(kjj, stale) == stale


def test_a_form_is_submitted_again_only_with_a_reason(made: Made) -> None:
    office = made.office()
    kjj = made.unit(office, "kjj")
    file(kjj, "kjj", "4", "第一稿")
    same = filing.form_state(kjj, "kjj", Q1).form
    with pytest.raises(RuleBroken, match="nothing_changed"):
        filing.submit(kjj, same)
    made.send(kjj, office)
    reviewing.review(office, "kjj", Q1, accept=False, reason="请核实")
    made.send(office, kjj)
    filing.submit(kjj, same)
    state = filing.form_state(kjj, "kjj", Q1)
    assert state.filing is not None
    assert state.filing.round == 2


def test_an_empty_form_may_be_submitted(made: Made) -> None:
    kjj = made.unit(made.office(), "kjj")
    filing.submit(kjj, filing.form_state(kjj, "kjj", Q1).form)
    state = filing.form_state(kjj, "kjj", Q1)
    assert state.filing is not None
    assert state.filing.submitted
    assert any("没有答复" in r.text for r in state.remarks)


def test_last_periods_text_stands_beside(made: Made) -> None:
    office = made.office()
    periods.open_period(office, "2018Q2")
    kjj = made.unit(office, "kjj")
    file(kjj, "kjj", "4", "上期写的")
    state = filing.form_state(kjj, "kjj", "2018Q2")
    assert state.previous is not None
    assert state.previous.answers["4"].progress == "上期写的"
    assert matter(state.form, "4").answer == Answer()


# -- withdrawing --------------------------------------------------------------------------------------------


def test_withdrawing_leaves_the_text_as_draft_and_can_be_refiled(made: Made) -> None:
    kjj = made.unit(made.office(), "kjj")
    file(kjj, "kjj", "4", "第一稿")
    filing.withdraw(kjj, "kjj", Q1)
    state = filing.form_state(kjj, "kjj", Q1)
    assert state.filing is not None
    assert not state.filing.submitted
    assert not state.newer
    assert matter(state.form, "4").answer.progress == "第一稿"
    filing.submit(kjj, state.form)
    assert conflicts.list_conflicts(kjj) == ()


def test_withdrawing_goes_back_to_the_filing_before_and_keeps_a_later_draft(made: Made) -> None:
    kjj = made.unit(made.office(), "kjj")
    file(kjj, "kjj", "4", "第一稿")
    file(kjj, "kjj", "4", "第二稿")
    filing.save_draft(kjj, answered(filing.form_state(kjj, "kjj", Q1).form, "5", "还在写的"))
    filing.withdraw(kjj, "kjj", Q1)
    state = filing.form_state(kjj, "kjj", Q1)
    assert state.filing is not None
    assert state.filing.answers["4"].progress == "第一稿"
    assert (matter(state.form, "4").answer.progress, matter(state.form, "5").answer.progress) == ("第二稿", "还在写的")
    filing.submit(kjj, state.form)
    assert conflicts.list_conflicts(kjj) == ()


def test_what_was_exported_is_not_withdrawn(made: Made) -> None:
    kjj = made.unit(made.office(), "kjj")
    with pytest.raises(RuleBroken, match="not_submitted"):
        filing.withdraw(kjj, "kjj", Q1)
    file(kjj, "kjj", "4", "第一稿")
    exchange.export(kjj, made.copy())
    with pytest.raises(RuleBroken, match="exported"):
        filing.withdraw(kjj, "kjj", Q1)
    file(kjj, "kjj", "4", "第二稿")
    filing.withdraw(kjj, "kjj", Q1)


def test_what_another_pc_submitted_is_withdrawn_there(made: Made) -> None:
    office, one, two = _two_pcs(made)
    file(one, "kjj", "4", "一号机交的")
    made.send(one, office)
    made.send(office, two)
    with pytest.raises(RuleBroken, match="not_here"):
        filing.withdraw(two, "kjj", Q1)


def test_handing_out_to_others_does_not_stop_the_office_from_withdrawing(made: Made) -> None:
    office = made.office()
    file(office, "jrjg", "8", "照纸录的")
    exchange.hand_out(office, "kjj", made.copy())
    filing.withdraw(office, "jrjg", Q1)
    file(office, "jrjg", "8", "照纸再录")
    exchange.hand_out(office, "jrjg", made.copy())
    with pytest.raises(RuleBroken, match="exported"):
        filing.withdraw(office, "jrjg", Q1)


# -- 代录 -----------------------------------------------------------------------------------------------------


def test_entering_from_paper_is_marked(made: Made) -> None:
    office = made.office()
    form = answered(filing.form_state(office, "jrjg", Q1).form, "8", "照纸录的")
    filing.submit(office, form, source="4月3日盖章表")
    now = filing.read_filings(office, Q1, "jrjg").get(("jrjg", Q1))
    assert now is not None
    assert (now.mode, now.source) == ("office", "4月3日盖章表")
    kjj = made.unit(office, "kjj")
    file(kjj, "kjj", "4", "自己填的")
    own = filing.read_filings(kjj, Q1, "kjj").get(("kjj", Q1))
    assert own is not None
    assert (own.mode, own.source) == ("unit", "")
    with pytest.raises(RuleBroken, match="foreign_scope"):
        filing.form_state(kjj, "czj", Q1)


def test_a_unit_cannot_pass_its_filing_off_as_the_offices(made: Made) -> None:
    """Who entered it is said by the key that signed it, not by what the filing says of itself."""
    office = made.office()
    kjj = made.unit(office, "kjj")
    file(kjj, "kjj", "4", "自己填的")
    names = {"head": None, "reviewer": None, "clerk": None, "phone": None}
    said = {"round": 2, "mode": "office", "source": "盖章纸件", "names": names}
    kjj.act("提交", {"kjj": [Change("submission", Q1, {"filed": said})]})
    made.send(kjj, office)
    for ledger in (kjj, office):
        held = filing.read_filings(ledger, Q1, "kjj")["kjj", Q1]
        assert (held.round, held.mode) == (2, "unit")
        shown = filing.form_state(ledger, "kjj", Q1).filing
        assert shown is not None
        assert shown.mode == "unit"


def test_a_period_must_be_open_to_be_filed(made: Made) -> None:
    office = made.office()
    with pytest.raises(RuleBroken, match="unknown_period"):
        filing.form_state(office, "kjj", "2018Q2")


# -- proof --------------------------------------------------------------------------------------------------


def _with_proof(ledger: filing.Ledger, entry: ProofEntry) -> filing.Form:
    form = answered(filing.form_state(ledger, "kjj", Q1).form, "4", "有佐证")
    return changed(form, "4", lambda m: replace(m, proof=(*m.proof, entry)))


def test_proof_opens_again_at_the_unit_and_at_the_office(made: Made) -> None:
    office = made.office()
    kjj = made.unit(office, "kjj")
    source = made.folder / "受理通知书.pdf"
    source.write_bytes(PDF)
    entry = filing.attach_proof(kjj, "kjj", source)
    assert (entry.name, entry.size, entry.kind, entry.path) == ("受理通知书.pdf", len(PDF), "pdf", None)
    filing.save_draft(kjj, _with_proof(kjj, entry))
    source.unlink()
    form = filing.form_state(kjj, "kjj", Q1).form
    assert matter(form, "4").proof == (entry,)
    filing.submit(kjj, form)
    made.send(kjj, office)
    for ledger in (kjj, office):
        now = filing.read_filings(ledger, Q1, "kjj").get(("kjj", Q1))
        assert now is not None
        proof = now.proofs[0]
        assert (proof.task, proof.name, proof.held) == ("4", "受理通知书.pdf", True)
        assert filing.proof_bytes(ledger, "kjj", proof.sha256) == PDF
    # Taken off again: no part of the filing any more, still in the history.
    filing.submit(kjj, changed(filing.form_state(kjj, "kjj", Q1).form, "4", lambda m: replace(m, proof=())))
    assert filing.form_state(kjj, "kjj", Q1).form.matters[3].proof == ()


def test_proof_that_is_not_here_says_so(made: Made) -> None:
    office = made.office()
    with pytest.raises(EnvironmentFailed, match="proof_missing"):
        filing.proof_bytes(office, "kjj", "0" * 64)
    unknown = ProofEntry(None, "a.pdf", "0" * 64)
    with pytest.raises(RuleBroken, match="proof_unknown"):
        filing.submit(office, _with_proof(office, unknown))
    # A draft whose proof went away with an undone merge opens all the same.
    filing.save_draft(office, _with_proof(office, unknown))
    assert matter(filing.form_state(office, "kjj", Q1).form, "4").proof == ()


@pytest.mark.parametrize(
    ("name", "data"), [("a.pdf", b"MZ\x00"), ("a.exe", b"MZ\x00"), ("a.pdf", b"")], ids=["fake", "exe", "empty"]
)
def test_proof_of_other_kinds_is_refused(made: Made, name: str, data: bytes) -> None:
    office = made.office()
    (made.folder / name).write_bytes(data)
    with pytest.raises(RuleBroken):
        filing.attach_proof(office, "kjj", made.folder / name)


def test_proof_beyond_the_limit_is_refused(made: Made) -> None:
    office = made.office()
    big = made.folder / "big.txt"
    big.write_bytes(b"x" * (int(PLAN.setting("proof_limit_mb")) * 2**20 + 1))
    with pytest.raises(RuleBroken):
        filing.attach_proof(office, "kjj", big)


def test_no_plan_lets_in_proof_that_no_copy_may_carry(made: Made) -> None:
    """A setting of an older program, or by hand: filed here it would be refused at every door."""
    office = made.office()
    setting = next(r for r in office.journal.records(["setting"]) if r.key == "proof_limit_mb")
    office.act("改", {"all": [Change("setting", setting.key, {"value": "100"})]})
    big = made.folder / "big.txt"
    with big.open("wb") as out:
        out.write(b"x" * (MOST_PROOF + 1))
    with pytest.raises(RuleBroken, match="64"):
        filing.attach_proof(office, "kjj", big)
    os.truncate(big, MOST_PROOF)
    kjj = made.unit(office, "kjj")
    filing.submit(kjj, _with_proof(kjj, filing.attach_proof(kjj, "kjj", big)))
    made.send(kjj, office)
    assert filing.read_filings(office, Q1, "kjj")["kjj", Q1].proofs[0].held


# -- contacts -----------------------------------------------------------------------------------------------


def test_contacts_stand_in_the_filing_as_they_were(made: Made) -> None:
    office = made.office()
    kjj = made.unit(office, "kjj")
    contacts.save_contacts(kjj, {"kjj": {"head": "甲", "reviewer": "乙", "clerk": "丙", "phone": "0936-1"}})
    file(kjj, "kjj", "4", "第一稿")
    contacts.save_contacts(kjj, {"kjj": {"clerk": "丁"}})
    assert contacts.contacts_of(kjj, "kjj") == {"head": "甲", "reviewer": "乙", "clerk": "丁", "phone": "0936-1"}
    made.send(kjj, office)
    assert contacts.all_contacts(office)["kjj"]["clerk"] == "丁"
    now = filing.read_filings(office, Q1, "kjj").get(("kjj", Q1))
    assert now is not None
    assert now.names["clerk"] == "丙"
    with pytest.raises(RuleBroken, match="foreign_scope"):
        contacts.save_contacts(kjj, {"czj": {"head": "x"}})


def test_what_the_registers_count_is_kept_beside_the_typed_number(made: Made) -> None:
    """提交时台账计的数 goes with the filing; the typed one stays as it is, and a later entry changes neither."""
    kjj = made.unit(made.office(), "kjj")
    result = {"name": "示例成果一", "type": "原始创新成果", "completed": "2018-02-01"}
    registers.save_entries(kjj, "results", "kjj", [Edit(result)])
    assert filing.counted_numbers(kjj, "kjj", Q1)["T1"] == 1
    form = changed(
        answered(filing.form_state(kjj, "kjj", Q1).form, "4", "x"),
        "T",
        lambda m: replace(m, measurements={**m.measurements, "T1": Decimal(3)}),
    )
    filing.submit(kjj, form)
    registers.save_entries(kjj, "results", "kjj", [Edit({**result, "name": "示例成果二"})])
    held = filing.form_state(kjj, "kjj", Q1).filing
    assert held is not None
    assert (held.measurements["T1"], held.counted["T1"]) == (3, 1)
    assert filing.counted_numbers(kjj, "kjj", Q1)["T1"] == 2
