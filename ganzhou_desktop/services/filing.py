"""Filing: the form of a unit for a period, its draft, submitting it, withdrawing it; and reading what was filed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from ganzhou_desktop.domain import forms
from ganzhou_desktop.domain.canonical import Json, clean_text, record_id, sha256_hex
from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.domain.filings import Filing
from ganzhou_desktop.domain.form_json import form_from_json, form_to_json
from ganzhou_desktop.domain.forms import FiledBy, Form, ProofEntry, Remark
from ganzhou_desktop.domain.plan import Unit
from ganzhou_desktop.domain.proof_kinds import proof_kind
from ganzhou_desktop.services.ledgers import SUBMIT, Ledger, changed
from ganzhou_desktop.services.undoing import undo_step
from ganzhou_desktop.store.engine import os_failure
from ganzhou_desktop.store.journal import Change, RecordRow

SUBMISSION = "submission"
CONTACTS = ("head", "reviewer", "clerk", "phone")


@dataclass(frozen=True, slots=True)
class FormState:
    """A form as the page shows it.

    `draft_saved`: when the draft was last saved (None: no draft); `newer`: the record has moved on since the draft
    was begun (merged meanwhile); `filing`: the current filing; `previous`: that of the period before.
    """

    form: Form
    filing: Filing | None
    previous: Filing | None
    draft_saved: str | None
    newer: bool
    remarks: tuple[Remark, ...]


def submission_record(ledger: Ledger, unit: str, period: str) -> str:
    """Record id of a unit's submission for a period."""
    return record_id(ledger.id, unit, SUBMISSION, period)


def read_filings(ledger: Ledger, period: str | None = None, unit: str | None = None) -> dict[tuple[str, str], Filing]:
    """(unit, period) → the filing's current state, in two statements."""
    held = ledger.journal.proof_hashes()
    rows = ledger.journal.records([SUBMISSION], scope=unit, key=period)
    return {(row.scope, row.key): _filing(row, held) for row in rows}


def _filing(row: RecordRow, held: set[tuple[str, str]]) -> Filing:
    filed = row.fields.get(forms.FILED)
    writes = () if filed is None else tuple(FiledBy(w.partition(".")[0], filed.at, filed.author) for w in filed.writes)
    return forms.filing_from_fields(
        row.scope,
        row.key,
        row.id,
        row.values(),
        writes,
        [name for name, field in row.fields.items() if field.contested],
        frozenset(digest for scope, digest in held if scope == row.scope),
    )


def form_state(ledger: Ledger, unit: str, period: str) -> FormState:
    """The form to fill: the draft if there is one, else what is filed, else empty."""
    _may_file(ledger, unit, period)
    plan = ledger.plan()
    rows = {r.key: r for r in ledger.journal.records([SUBMISSION], scope=unit)}
    held = ledger.journal.proof_hashes([unit])
    row = rows.get(period)
    filing = None if row is None else _filing(row, held)
    heads = () if row is None else row.heads
    record = submission_record(ledger, unit, period)
    form = forms.blank_form(plan, unit, period, filing, heads, record)
    saved = None
    draft = ledger.journal.draft(unit, period)
    if draft is not None:
        body, saved = draft
        kept = form_from_json(plan, json.loads(body, parse_float=Decimal))
        form = forms.completed(
            plan, kept, filing if kept.base == heads else _filing_at(ledger, unit, period, kept.base)
        )
        form = _with_kinds(ledger, form, filing)
    before = max((name for name in rows if name < period), default=None)
    previous = None if before is None else _filing(rows[before], held)
    return FormState(
        form,
        filing,
        previous,
        saved,
        newer=draft is not None and form.base != heads,
        remarks=forms.remarks(plan, form, filing, previous),
    )


def form_json(ledger: Ledger, unit: str, period: str) -> Json:
    """The form to fill, for programs."""
    return form_to_json(form_state(ledger, unit, period).form)


def read_form(ledger: Ledger, path: Path) -> Form:
    """A filled form from a JSON file; proof paths are taken relative to the file and read in."""
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise os_failure(exc, path) from exc
    try:
        value = json.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError) as exc:
        raise RuleBroken(
            "bad_form", f"“{path.name}”不是 JSON 报表，读不懂，没有采用；请用程序给出的报表来填。"
        ) from exc
    if isinstance(value, dict) and "base" not in value and isinstance(value.get("unit"), str):
        rows = ledger.journal.records([SUBMISSION], scope=value["unit"], key=str(value.get("period")))
        value["base"] = list(rows[0].heads) if rows else []
    form = form_from_json(ledger.plan(), value)
    _may_file(ledger, form.unit, form.period)
    return replace(
        form,
        matters=tuple(
            replace(m, proof=tuple(_read_in(ledger, form.unit, path.parent, entry) for entry in m.proof))
            for m in form.matters
        ),
    )


def attach_proof(ledger: Ledger, unit: str, path: Path) -> ProofEntry:
    """Read a proof file in: its bytes are kept in the ledger at once, so that it opens again whatever happens."""
    return _read_in(ledger, unit, path.parent, ProofEntry(str(path), clean_text(path.name), None))


def _read_in(ledger: Ledger, unit: str, folder: Path, entry: ProofEntry) -> ProofEntry:
    if entry.path is None:
        return entry
    file = folder / entry.path
    limit = int(ledger.plan().setting("proof_limit_mb")) * 2**20
    try:
        with file.open("rb") as opened:
            data = opened.read(limit + 1)
    except OSError as exc:
        raise os_failure(exc, file) from exc
    kind = proof_kind(entry.name, data, limit)
    digest = sha256_hex(data) if not ledger.writable else ledger.journal.keep_proof(unit, data)
    return ProofEntry(None, entry.name, digest, len(data), kind)


def proof_bytes(ledger: Ledger, unit: str, sha256: str) -> bytes:
    """The bytes of a proof file that opens again; EnvironmentFailed 佐证未随附 when they are not here."""
    data = ledger.journal.proof(unit, sha256)
    if data is None:
        raise EnvironmentFailed("proof_missing", "这份佐证没有随副本带来（佐证未随附）；请对方导出时附上全部佐证。")
    return data


def _with_kinds(ledger: Ledger, form: Form, filing: Filing | None) -> Form:
    """Give proof entries of a draft, kept as name and hash, their size and kind again."""
    known = {p.sha256: (p.size, p.kind) for p in (filing.proofs if filing else ())}
    limit = int(ledger.plan().setting("proof_limit_mb")) * 2**20

    def whole(entry: ProofEntry) -> ProofEntry:
        if entry.kind or entry.sha256 is None:
            return entry
        if entry.sha256 in known:
            size, kind = known[entry.sha256]
        else:
            data = ledger.journal.proof(form.unit, entry.sha256)
            if data is None:
                raise RuleBroken("proof_unknown", f"佐证“{entry.name}”不在本台账里；请重新选择文件。")
            size, kind = len(data), proof_kind(entry.name, data, max(limit, len(data)))
        return replace(entry, size=size, kind=kind)

    return replace(
        form, matters=tuple(replace(m, proof=tuple(whole(entry) for entry in m.proof)) for m in form.matters)
    )


def _may_file(ledger: Ledger, unit: str, period: str) -> None:
    if not ledger.journal.holds_scope(unit):
        raise RuleBroken("foreign_scope", "这本台账不含这个单位的内容，不能代它填写。")
    if not ledger.journal.records(["period"], key=period):
        raise RuleBroken("unknown_period", f"区里还没有开 {period} 这一期，不能填报；请先接收区里的下发副本。")


def save_draft(ledger: Ledger, form: Form) -> str:
    """Autosave: keep the form as it is on the page; local, never exported.  Returns when it was saved."""
    saved = ledger.now()
    body = json.dumps(form_to_json(form), ensure_ascii=False)
    ledger.journal.save_draft(form.unit, form.period, body, saved)
    return saved


def discard_draft(ledger: Ledger, unit: str, period: str) -> None:
    ledger.journal.drop_draft(unit, period)


def submit(ledger: Ledger, form: Form, *, source: str = "") -> str:
    """Submit the form: one operation on the submission record; returns the filing's id.

    `source`: at the office, from which paper it is entered (代录).
    """
    _may_file(ledger, form.unit, form.period)
    plan = ledger.plan()
    record = submission_record(ledger, form.unit, form.period)
    history = ledger.journal.histories([record]).get(record)
    known = set() if history is None else {w.id for w in history[1].writes}
    if not set(form.base) <= known:
        raise RuleBroken("bad_base", "这份报表是照着本台账里没有的内容填的，没有采用；请重新取一份报表来填。")
    before = _filing_at(ledger, form.unit, form.period, form.base)
    fields = forms.changed_fields(before, _with_kinds(ledger, form, before))
    earlier = [] if history is None else [w.set[forms.FILED] for w in history[1].writes if w.set.get(forms.FILED)]
    fields[forms.FILED] = {
        "round": 1 + max((filed.get("round") or 0 for filed in earlier), default=0),
        "mode": "office" if ledger.office else "unit",
        "source": clean_text(source),
        "names": contacts(ledger, form.unit),
    }
    unit = plan.unit_by_id[form.unit]
    title = f"{'代录' if ledger.office else '提交'}：{unit.name} {form.period}"
    parents = tuple(sorted(form.base))
    ledger.act(title, {form.unit: [Change(SUBMISSION, form.period, fields, parents)]}, nature=SUBMIT)
    ledger.journal.drop_draft(form.unit, form.period)
    return ledger.journal.operations_of_step(ledger.journal.steps()[-1].seq)[0].id


def _filing_at(ledger: Ledger, unit: str, period: str, base: tuple[str, ...]) -> Filing | None:
    """The filing as it was for somebody who had these heads before him."""
    record = submission_record(ledger, unit, period)
    history = ledger.journal.histories([record]).get(record)
    if history is None or not base:
        return None
    held = frozenset(digest for _, digest in ledger.journal.proof_hashes([unit]))
    return forms.filing_from_fields(unit, period, record, history[1].fields_at(base), (), (), held)


def withdraw(ledger: Ledger, unit: str, period: str) -> None:
    """Withdraw the last submission before the first export; what was written stays here as the draft."""
    state = form_state(ledger, unit, period)
    if state.filing is None or not state.filing.submitted:
        raise RuleBroken("not_submitted", "本期还没有提交，没有可以撤回的。")
    steps = ledger.journal.steps()
    for step in reversed(steps):
        if step.what in ("export", "hand_out"):
            raise RuleBroken("exported", "提交以后已经导出过副本，不能再撤回；请区里退回后重报。")
        if step.nature == SUBMIT and not step.undone:
            operations = ledger.journal.operations_of_step(step.seq)
            if operations[0].id in state.filing.ids:
                break
    else:
        raise RuleBroken("not_here", "这次提交不是在本机做的，不能在本机撤回；请到提交的那台电脑上撤回。")
    undo_step(ledger, step)
    if ledger.journal.draft(unit, period) is None:
        heads = ledger.journal.records([SUBMISSION], scope=unit, key=period)[0].heads
        save_draft(ledger, replace(state.form, base=heads))


# -- contact persons ----------------------------------------------------------------------------------------


def contacts(ledger: Ledger, unit: str) -> dict[str, str]:
    """负责人 head, 审核人 reviewer, 填表人 clerk, 电话 phone of a unit; empty texts where not entered."""
    rows = ledger.journal.records(["profile"], scope=unit)
    values = rows[0].values() if rows else {}
    return {name: str(values.get(name) or "") for name in CONTACTS}


def all_contacts(ledger: Ledger) -> dict[str, dict[str, str]]:
    """Contacts of every unit held, in one statement."""
    return {
        row.scope: {name: str(row.values().get(name) or "") for name in CONTACTS}
        for row in ledger.journal.records(["profile"])
    }


def save_contacts(ledger: Ledger, unit: Unit, wanted: Mapping[str, str]) -> None:
    """Save the contact persons of a unit."""
    if not ledger.journal.holds_scope(unit.id):
        raise RuleBroken("foreign_scope", "这本台账不含这个单位的内容，不能改它的联系人。")
    rows = ledger.journal.records(["profile"], scope=unit.id)
    fields = changed(rows[0] if rows else None, {n: clean_text(t) for n, t in wanted.items() if n in CONTACTS})
    ledger.act(f"联系人：{unit.name}", {unit.id: [Change("profile", "profile", fields)]})
