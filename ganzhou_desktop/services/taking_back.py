"""撤销 as people ask for it: undo, and what it means for the forms being filled here."""

import json
from collections.abc import Collection
from decimal import Decimal

from ganzhou_desktop.domain import draft_moving, forms
from ganzhou_desktop.domain.form_json import FormErrors, form_from_json
from ganzhou_desktop.domain.forms import Form
from ganzhou_desktop.domain.records import History
from ganzhou_desktop.services import filing
from ganzhou_desktop.services.ledgers import SUBMIT, Ledger
from ganzhou_desktop.services.undoing import Undone, undo, undoable
from ganzhou_desktop.store.journal import Writing


def undo_or_withdraw(ledger: Ledger) -> Undone:
    """Undo the last thing done here; where that was a submission, its text stays as the draft.

    Of a draft begun on what a merge brought only what was typed here stays when that merge is undone: what somebody
    else wrote goes with it, or it would be submitted as if it had been typed here.
    """
    step = undoable(ledger)
    if step is not None and step.what == "merge":
        moved = _drafts_without(ledger, step.seq)

        def keep(writing: Writing) -> None:
            for form, saved in moved:
                writing.save_draft(form.unit, form.period, filing.draft_body(form), saved)

        return undo(ledger, also=keep)
    if step is None or step.nature != SUBMIT:
        return undo(ledger)
    operation = ledger.journal.operations_of_step(step.seq)[0]
    filing.withdraw(ledger, operation.scope, operation.revisions[0].key)
    return Undone(step.title, merge=False)


def _drafts_without(ledger: Ledger, step: int) -> list[tuple[Form, str]]:
    """(form, when saved) of the drafts begun on what a step brought, on top of what lies here without it."""
    operations = ledger.journal.operations_of_step(step)
    gone = {o.id for o in operations}
    places = {(o.scope, r.key) for o in operations for r in o.revisions if r.kind == filing.SUBMISSION}
    found = []
    for unit, period in sorted(places):
        draft = ledger.journal.draft(unit, period)
        moved = None if draft is None else _without(ledger, unit, period, draft[0], gone)
        if draft is not None and moved is not None:
            found.append((moved, draft[1]))
    return found


def _without(ledger: Ledger, unit: str, period: str, body: str, gone: Collection[str]) -> Form | None:
    plan, record = ledger.plan(), filing.submission_record(ledger, unit, period)
    try:
        kept = form_from_json(plan, json.loads(body, parse_float=Decimal), limits=False)
    except FormErrors:
        return None  # the plan has outgrown it: nothing in it can be told apart any more
    if not any(head.partition(".")[0] in gone for head in kept.base):
        return None
    history = ledger.journal.histories([record])[record][1]
    left = History(w for w in history.writes if w.id.partition(".")[0] not in gone).heads()
    then, now = (filing.filing_at(ledger, unit, period, heads) for heads in (kept.base, left))
    begun_on = forms.blank_form(plan, unit, period, then, kept.base, record)
    stays = forms.blank_form(plan, unit, period, now, left, record)
    return draft_moving.moved(begun_on, forms.completed(plan, kept, then), stays, {})
