"""Drafts as the form page needs them: typed text that cannot be read yet, and moving on to content that came in."""

import json
from collections.abc import Mapping
from decimal import Decimal

from ganzhou_desktop.domain import draft_moving, forms
from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.draft_moving import Choices, Difference
from ganzhou_desktop.domain.form_json import FormErrors, form_from_json
from ganzhou_desktop.domain.forms import Form
from ganzhou_desktop.services.filing import (
    FormState,
    came_since,
    discard_draft,
    filing_at,
    form_state,
    read_filings,
    save_draft,
    submission_record,
)
from ganzhou_desktop.services.ledgers import Ledger

_TYPED = "{period}#typed"
"""Beside the draft of a period: what was typed into it and cannot be read, by place, so that it is never lost."""

GONE = "gone"
"""Typed into a place that the plan no longer asks this unit for."""


def read_typed(ledger: Ledger, unit: str, period: str) -> dict[str, str]:
    """Typed text of a draft that is no readable value yet, by `task/field`; `source` for the 来源 of a 代录."""
    kept = ledger.journal.draft(unit, _TYPED.format(period=period))
    return {} if kept is None else {str(k): str(v) for k, v in json.loads(kept[0]).items()}


def keep_draft(ledger: Ledger, form: Form, typed: Mapping[str, str]) -> str:
    """Autosave: the form and what in it cannot be read yet.  Returns when it was saved."""
    _write_typed(ledger, form.unit, form.period, typed)
    return save_draft(ledger, form)


def drop_draft(ledger: Ledger, unit: str, period: str) -> None:
    """Forget a draft with everything typed into it."""
    discard_draft(ledger, unit, period)
    drop_typed(ledger, unit, period)


def drop_typed(ledger: Ledger, unit: str, period: str) -> None:
    """Forget what could not be read, e.g. after everything was submitted."""
    ledger.journal.drop_draft(unit, _TYPED.format(period=period))


def _write_typed(ledger: Ledger, unit: str, period: str, typed: Mapping[str, str]) -> None:
    if dict(typed) == read_typed(ledger, unit, period) or not ledger.writable:
        return
    if typed:
        body = json.dumps(dict(typed), ensure_ascii=False)
        ledger.journal.save_draft(unit, _TYPED.format(period=period), body, ledger.now())
    else:
        drop_typed(ledger, unit, period)


def open_form(ledger: Ledger, unit: str, period: str) -> FormState:
    """The form to fill.  A draft that the plan has since outgrown opens too; what fits nowhere is kept as typed."""
    try:
        return form_state(ledger, unit, period)
    except FormErrors:
        draft = ledger.journal.draft(unit, period)
        if draft is None or not ledger.writable:
            raise
    value = json.loads(draft[0], parse_float=Decimal)
    gone = _take_out(ledger, unit, value)
    _write_typed(ledger, unit, period, {**read_typed(ledger, unit, period), **gone})
    ledger.journal.save_draft(unit, period, json.dumps(value, ensure_ascii=False, default=str), draft[1])
    return form_state(ledger, unit, period)


def _take_out(ledger: Ledger, unit: str, value: dict[str, Json]) -> dict[str, str]:
    """Take out of a draft what this unit is no longer asked for; returns it by place."""
    plan = ledger.plan()
    gone: dict[str, str] = {}
    asked = plan.matters_of(unit)
    kept = []
    for matter in value["matters"]:
        matter.pop("role", None)
        task, numbers = matter["task"], matter.get("measurements", {})
        here = {t.id for t in plan.asked_of(unit, task)} if task in asked else set()
        for target in [t for t in numbers if t not in here]:
            number = numbers.pop(target)
            if number is not None:
                gone[f"{GONE}/{task}/{target}"] = str(number)
        if task in asked:
            kept.append(matter)
        else:
            texts = {name: matter.get(name) for name in ("progress", "problems", "next_steps")}
            gone |= {f"{GONE}/{task}/{name}": text for name, text in texts.items() if text}
    value["matters"] = kept
    return gone


# -- what came in since the draft was begun ---------------------------------------------------------------------


def compare_draft(ledger: Ledger, unit: str, period: str) -> tuple[Difference, ...]:
    """What came in since the draft was begun, place by place, beside what the draft says there."""
    found = _three(ledger, unit, period)
    return () if found is None else draft_moving.differences(*found)


def move_draft(ledger: Ledger, unit: str, period: str, choices: Choices) -> FormState:
    """采用新内容为底: the draft on top of what came in; every typed word stays unless another choice was made."""
    found = _three(ledger, unit, period)
    if found is not None:
        save_draft(ledger, draft_moving.moved(*found, choices))
    return form_state(ledger, unit, period)


def _three(ledger: Ledger, unit: str, period: str) -> tuple[Form, Form, Form] | None:
    """(what the draft was begun on, the draft, what came since) as complete forms; None when nothing is newer."""
    draft = ledger.journal.draft(unit, period)
    if draft is None:
        return None
    plan, record = ledger.plan(), submission_record(ledger, unit, period)
    kept = form_from_json(plan, json.loads(draft[0], parse_float=Decimal), limits=False)
    row = ledger.journal.record(record)
    heads = () if row is None else row.heads
    if kept.base == heads:
        return None
    then = filing_at(ledger, unit, period, kept.base)
    now = read_filings(ledger, period, unit).get((unit, period))
    mine = forms.completed(plan, kept, then)
    return (
        forms.blank_form(plan, unit, period, then, kept.base, record),
        mine,
        came_since(ledger, mine, then, forms.blank_form(plan, unit, period, now, heads, record)),
    )
