"""The law of drafts: what a merge brings is never hidden by a draft begun before it, nor by submitting one unseen.

The world remembers for whoever fills a form what he had before him and what he typed.  The law is stated against that,
never against what the program keeps of a draft: a program that forgets on what a draft was begun must not be believed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from ganzhou_desktop.domain.canonical import Json, decimal_text
from ganzhou_desktop.domain.forms import ANSWER_MEMBERS, FILED, Form, field_name
from ganzhou_desktop.domain.records import Candidate, History
from ganzhou_desktop.services import drafts, filing
from tests.store.kit import Pc

Place: TypeAlias = tuple[str, str]
"""(task, member of the answer or target id): one box of a form."""
Boxes: TypeAlias = Mapping[Place, Json]

_ATTRIBUTE = {"answer": "kind"}


@dataclass(frozen=True)
class Paper:
    """A form as somebody has it before him, and what the world remembers of him."""

    form: Form
    then: Boxes
    """What was filed when he last saw what is filed."""
    heads: frozenset[str]
    """The record's heads at that moment."""
    seen: frozenset[str]
    """Every write of the record that lay before him then."""
    typed: Boxes = field(default_factory=dict)
    """What he typed."""

    @property
    def changes(self) -> Boxes:
        """What he typed that was not there."""
        return {p: value for p, value in self.typed.items() if value != self.then.get(p)}

    def typing(self, form: Form) -> "Paper":
        """The same with some boxes filled in."""
        before = boxes(self.form)
        new = {p: value for p, value in boxes(form).items() if value != before[p]}
        return replace(self, form=form, typed={**self.typed, **new})


def boxes(form: Form) -> dict[Place, Json]:
    """What stands in every box of a form; None for an empty one."""
    found: dict[Place, Json] = {}
    for matter in form.matters:
        for name in ANSWER_MEMBERS:
            value = getattr(matter.answer, _ATTRIBUTE.get(name, name))
            found[matter.task, name] = value.isoformat() if hasattr(value, "isoformat") else value or None
        for target, number in matter.measurements.items():
            found[matter.task, target] = None if number is None else decimal_text(number)
    return found


def field_of(place: Place) -> str:
    """The field of the record in which a box is kept: an answer is one field, a number is one."""
    task, name = place
    return field_name(task if name in ANSWER_MEMBERS else name)


def fields_of(places: Iterable[Place]) -> set[str]:
    return {field_of(p) for p in places}


def history_of(pc: Pc, unit: str, name: str) -> History:
    record = filing.submission_record(pc.ledger, unit, name)
    found = pc.ledger.journal.histories([record]).get(record)
    return History(()) if found is None else found[1]  # type: ignore[no-any-return]


def fields_at(pc: Pc, unit: str, name: str, base: tuple[str, ...]) -> dict[str, Json]:
    return {n: v for n, v in history_of(pc, unit, name).fields_at(base).items() if v is not None}


def _in_boxes(history: History, places: Collection[Place]) -> dict[Place, Json]:
    """What is filed, as it stands in the boxes."""
    found: dict[Place, Json] = {}
    for place in places:
        standing = history.candidates(field_of(place))
        found |= _boxed(standing[0].value if standing else None, [place])
    return found


# -- looking -----------------------------------------------------------------------------------------------------


def read(pc: Pc, unit: str, name: str, kept: Paper | None) -> Paper:
    """Open the form, on the draft kept here if there is one, and hold the law against what it shows."""
    state = pc.do(drafts.open_form, pc.ledger, unit, name)
    history = history_of(pc, unit, name)
    shown = boxes(state.form)
    now = _in_boxes(history, shown)
    fresh = Paper(state.form, now, frozenset(history.heads()), frozenset(w.id for w in history.writes))
    if kept is None:
        assert shown == now, "a form shows what nobody filed"
        return fresh
    for place, value in kept.changes.items():
        assert shown[place] == value, "a typed word is gone"
    clash = _clash(history, kept, shown, now)
    if state.overlap:
        assert clash <= {field_name(p) for p in state.overlap}, "a draft hides what the merge brought"
        others = {p: value for p, value in kept.then.items() if p not in kept.changes}
        assert {p: shown[p] for p in others} == others, "a draft shows what nobody typed"
        return replace(kept, form=state.form)
    assert not clash, "a draft hides what the merge brought"
    others = {p: value for p, value in now.items() if p not in kept.changes}
    assert {p: shown[p] for p in others} == others, "a draft hides what came, or shows words that are gone"
    return replace(fresh, typed={p: v for p, v in kept.changes.items() if v != now[p]})


def _clash(history: History, paper: Paper, shown: Boxes, now: Boxes) -> set[str]:
    """The fields typed into in which a value stands that he had not before him, and that is not what he says."""
    wanted = fields_of(p for p, value in paper.changes.items() if value != now[p])
    mine = {name: {p: v for p, v in shown.items() if field_of(p) == name} for name in wanted}
    return {n for n in wanted if any(_boxed(c.value, mine[n]) != mine[n] for c in _news(history, n, paper))}


def _news(history: History, name: str, paper: Paper) -> list[Candidate]:
    """The values that stand for a field and that he never had before him."""
    then = {p: value for p, value in paper.then.items() if field_of(p) == name}
    standing = history.candidates(name)
    return [c for c in standing if c.write not in paper.seen and (not then or _boxed(c.value, then) != then)]


def _boxed(value: Json, places: Collection[Place]) -> dict[Place, Json]:
    """A field's value as it stands in its boxes."""
    return {p: ((value or {}).get(p[1]) if p[1] in ANSWER_MEMBERS else value) or None for p in places}


def adopted(pc: Pc, paper: Paper, choices: Mapping[Place, str]) -> Paper:
    """采用新内容为底: he compared box by box; what he typed stands where he did not choose otherwise."""
    moved = _here(pc, paper.form)
    assert fields_of(moved.typed) <= fields_of(paper.changes), "moving on writes what nobody typed"
    for place, value in paper.changes.items():
        assert place in choices or boxes(moved.form)[place] == value, "a typed word is gone"
    return moved


def heads_of(pc: Pc, unit: str, name: str) -> frozenset[str]:
    return frozenset(history_of(pc, unit, name).heads())


def _here(pc: Pc, form: Form) -> Paper:
    """The form as it lies here now, with all before him who opened it; what is not filed in it he typed."""
    form = pc.do(filing.form_state, pc.ledger, form.unit, form.period).form
    history, stands = history_of(pc, form.unit, form.period), boxes(form)
    now = _in_boxes(history, stands)
    typed = {p: value for p, value in stands.items() if value != now[p]}
    return Paper(form, now, frozenset(history.heads()), frozenset(w.id for w in history.writes), typed)


# -- submitting and taking back ------------------------------------------------------------------------------------


def unseen(pc: Pc, paper: Paper) -> dict[str, list[Candidate]]:
    """Of each field the values that stand here and that he had not before him; `filed` says only that it was filed."""
    history = history_of(pc, paper.form.unit, paper.form.period)
    names = {name for w in history.writes for name in w.set} - {FILED}
    return {name: found for name in names if (found := _news(history, name, paper))}


def hides_nothing(pc: Pc, paper: Paper, before: Mapping[str, list[Candidate]]) -> None:
    """After submitting: what he had not seen stands still, and is a case where he wrote something else."""
    history = history_of(pc, paper.form.unit, paper.form.period)
    for name, values in before.items():
        after = history.candidates(name)
        assert {c.write for c in values} <= {c.write for c in after}, "submitting hid what came"


def taken_back(pc: Pc, shown: Form, own: Collection[Place]) -> Paper:
    """After a submission was withdrawn: its text is the draft, and all of it that is not filed was typed here."""
    paper = _here(pc, shown)
    assert boxes(paper.form) == boxes(shown), "withdrawing changes the text"
    assert paper.typed.keys() <= set(own), "a withdrawn form says what nobody typed into it"
    return paper


def without(pc: Pc, paper: Paper, gone: Collection[str]) -> Paper:
    """The paper after a merge was undone: begun on what it had brought, it lies now on what is left."""
    if not any(head.partition(".")[0] in gone for head in paper.heads):
        return paper
    history = history_of(pc, paper.form.unit, paper.form.period)
    now = _in_boxes(history, paper.then)
    typed = {p: v for p, v in paper.changes.items() if v != now[p]}
    return replace(paper, then=now, heads=frozenset(history.heads()), typed=typed)
