"""The law of drafts: what a merge brings is never hidden by a draft begun before it, nor by submitting one unseen."""

import json

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.form_json import form_from_json
from ganzhou_desktop.domain.forms import FILED, Form, changed_fields, place_of_field
from ganzhou_desktop.services import drafts, filing
from tests.store.kit import Pc


def fields_at(pc: Pc, unit: str, name: str, base: tuple[str, ...]) -> dict[str, Json]:
    record = filing.submission_record(pc.ledger, unit, name)
    found = pc.ledger.journal.histories([record]).get(record)
    fields = {} if found is None else found[1].fields_at(base)
    return {n: v for n, v in fields.items() if v is not None}


def now_at(pc: Pc, unit: str, name: str) -> dict[str, Json]:
    rows = pc.ledger.journal.records(["submission"], scope=unit, key=name)
    return rows[0].values() if rows else {}


def written_by(pc: Pc, form: Form) -> dict[str, Json]:
    """What a form would write, against what it was begun on."""
    then = pc.do(filing.filing_at, pc.ledger, form.unit, form.period, form.base)
    return changed_fields(then, form)


def come_since(pc: Pc, form: Form) -> dict[str, Json]:
    """What lies here now and was not there when the form was begun."""
    then, now = fields_at(pc, form.unit, form.period, form.base), now_at(pc, form.unit, form.period)
    return {n: now.get(n) for n in then.keys() | now.keys() if then.get(n) != now.get(n) and n != FILED}


def kept_draft(pc: Pc, unit: str, name: str) -> tuple[Form, dict[str, Json], Form]:
    """A draft as it is shown, what it would write, and as it is kept."""
    form = pc.do(drafts.open_form, pc.ledger, unit, name).form
    return form, written_by(pc, form), _stored(pc, unit, name)


def typed_into(pc: Pc, unit: str, name: str) -> frozenset[str]:
    """The fields typed into a draft: those it would write, and those whose words only came to stand there as well."""
    _, shown, kept = kept_draft(pc, unit, name)
    return frozenset(shown.keys() | written_by(pc, kept).keys())


def _stored(pc: Pc, unit: str, name: str) -> Form:
    draft = pc.ledger.journal.draft(unit, name)
    assert draft is not None
    return form_from_json(pc.ledger.plan(), json.loads(draft[0]), limits=False)


def still_there(pc: Pc, unit: str, name: str, form: Form, typed: dict[str, Json], kept: Form) -> None:
    """After a merge a draft has every typed word, and says or shows everything that came."""
    assert _stored(pc, unit, name) == kept, "a merge writes into a draft"
    came = come_since(pc, form)
    state = pc.do(filing.form_state, pc.ledger, unit, name)
    shown = written_by(pc, state.form)
    now = now_at(pc, unit, name)
    # Where an undone merge or a restore had taken what the draft was begun on, filed words looked typed until now.
    said, seen = written_by(pc, kept), fields_at(pc, unit, name, kept.base)
    typed = {f: value for f, value in typed.items() if f in said}
    for field, value in typed.items():
        assert shown.get(field, now.get(field)) == value, "a typed word is gone"
    # And what comes again then is nothing new to him who had it before him when he typed.
    both = {f for f in came if f in typed and came[f] not in (typed[f], seen.get(f))}
    assert {place_of_field(f) for f in both} <= set(state.overlap), "a draft hides what the merge brought"
    # What the draft itself typed stays also where the same words came for a while and were decided away again.
    for field in came.keys() - typed.keys() - said.keys():
        assert state.overlap or field not in changed_fields(state.filing, state.form), "a draft hides what came"


def only_typed_words_stay(pc: Pc, unit: str, name: str, typed: frozenset[str]) -> None:
    """After a merge was undone a draft writes nothing that was not typed into it before: no words of others are left."""
    assert written_by(pc, _stored(pc, unit, name)).keys() <= typed, "an undone merge left its words in a draft"


def hides_nothing(pc: Pc, form: Form, came: dict[str, Json], mine: dict[str, Json]) -> None:
    """A form submitted without looking at what came: both texts stand, or what came stays."""
    rows = pc.ledger.journal.records(["submission"], scope=form.unit, key=form.period)
    for field, value in came.items():
        if field not in mine:
            assert rows[0].values().get(field) == value, "submitting wrote over what came"
        elif mine[field] != value:
            assert rows[0].fields[field].contested, "submitting hid what came"
