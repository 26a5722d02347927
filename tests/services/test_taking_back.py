"""撤销 as people ask for it: a submission's text stays, another's words go with the merge that brought them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.services import conflicts, filing, taking_back, undoing
from tests.services.made import Q1, Made, answered, file, made_in, matter


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    with made_in(tmp_path) as found:
        yield found


def test_undoing_a_submission_keeps_its_text(made: Made) -> None:
    kjj = made.unit(made.office(), "kjj")
    file(kjj, "kjj", "4", "第一稿")
    assert not taking_back.undo_or_withdraw(kjj).merge
    assert matter(filing.form_state(kjj, "kjj", Q1).form, "4").answer.progress == "第一稿"
    with pytest.raises(RuleBroken, match="nothing_to_undo"):
        taking_back.undo_or_withdraw(kjj)
    assert undoing.undoable(kjj) is None


def test_what_came_with_an_undone_merge_leaves_the_draft_begun_on_it(made: Made) -> None:
    """The office corrects one matter of a copy, takes the copy back, and files: the unit's words are not the office's."""
    office = made.office()
    kjj = made.unit(office, "kjj")
    file(kjj, "kjj", "4", "单位写的")
    made.send(kjj, office)
    filing.save_draft(office, answered(filing.form_state(office, "kjj", Q1).form, "5", "区里录的"))
    assert taking_back.undo_or_withdraw(office).merge
    state = filing.form_state(office, "kjj", Q1)
    assert matter(state.form, "5").answer.progress == "区里录的"
    assert matter(state.form, "4").answer.progress == ""
    assert not state.newer
    filing.submit(office, state.form, source="4月3日盖章表")
    made.send(kjj, office)
    assert {case.id.rpartition(":")[2] for case in conflicts.list_conflicts(office)} == {"filed"}


def test_a_draft_begun_before_the_merge_is_left_alone(made: Made) -> None:
    office = made.office()
    kjj = made.unit(office, "kjj")
    filing.save_draft(office, answered(filing.form_state(office, "kjj", Q1).form, "5", "区里录的"))
    before = office.journal.draft("kjj", Q1)
    file(kjj, "kjj", "4", "单位写的")
    made.send(kjj, office)
    assert taking_back.undo_or_withdraw(office).merge
    assert office.journal.draft("kjj", Q1) == before
