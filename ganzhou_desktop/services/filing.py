"""Filing: the form of a unit for a period, its draft, submitting it, withdrawing it; and reading what was filed."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from ganzhou_desktop.domain import draft_moving, forms
from ganzhou_desktop.domain.canonical import Json, clean_text, record_id, sha256_hex
from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.domain.filings import RETURN, Answer, Filing
from ganzhou_desktop.domain.form_json import form_from_json, form_to_json
from ganzhou_desktop.domain.forms import FiledBy, Form, Matter, ProofEntry, Remark, place_of_field
from ganzhou_desktop.domain.proof_kinds import MOST_PROOF, proof_kind
from ganzhou_desktop.domain.records import History
from ganzhou_desktop.domain.reported import Numbers
from ganzhou_desktop.services.contacts import contacts_of
from ganzhou_desktop.services.ledgers import SUBMIT, Ledger
from ganzhou_desktop.services.registers import read_tally
from ganzhou_desktop.services.undoing import undo_step
from ganzhou_desktop.store import filed_reads
from ganzhou_desktop.store.engine import os_failure
from ganzhou_desktop.store.journal import Change, RecordRow, Step, Writing

SUBMISSION = "submission"
FORM_LIMIT = 16 * 2**20


@dataclass(frozen=True, slots=True)
class FormState:
    """A form as the page shows it.

    `draft_saved`: when the draft was last saved (None: no draft); `newer`: the record has moved on since the draft
    was begun (merged meanwhile); `filing`: the current filing; `previous`: that of the period before.

    `form` shows what is newer at once where the draft says nothing of it.  Where both changed a field differently
    (`overlap` names the tasks, targets and proof files), the form stays as it was begun, so that neither text hides
    the other: submitting it keeps both; the form page offers to choose (`drafts`).
    """

    form: Form
    filing: Filing | None
    previous: Filing | None
    draft_saved: str | None
    newer: bool
    remarks: tuple[Remark, ...]
    overlap: tuple[str, ...] = ()


def submission_record(ledger: Ledger, unit: str, period: str) -> str:
    """Record id of a unit's submission for a period."""
    return record_id(ledger.id, unit, SUBMISSION, period)


def read_filings(
    ledger: Ledger,
    period: str | Collection[str] | None = None,
    unit: str | None = None,
    or_with: str | None = None,
) -> dict[tuple[str, str], Filing]:
    """(unit, period) → the filing's current state, in two statements; of one period, of some, or of all.

    `unit`: of this one alone; `or_with`: and of others those with a number of this target.
    """
    held, seats = _held_by_unit(ledger), ledger.seats()
    keys = [period] if isinstance(period, str) else period
    field = None if or_with is None else forms.field_name(or_with)
    rows = filed_reads.filed_records(ledger.journal, SUBMISSION, forms.FILED, keys=keys, scope=unit, or_with=field)
    return {
        (row.scope, row.key): forms.filing_from_fields(
            row.scope,
            row.key,
            row.record,
            row.values,
            [FiledBy(w.partition(".")[0], row.at, row.author, row.site in seats) for w in row.writes],
            row.contested,
            held.get(row.scope, frozenset()),
        )
        for row in rows
    }


def _held_by_unit(ledger: Ledger) -> dict[str, frozenset[str]]:
    """The proof files that lie here, by unit."""
    found: dict[str, set[str]] = {}
    for scope, digest in ledger.journal.proof_hashes():
        found.setdefault(scope, set()).add(digest)
    return {scope: frozenset(some) for scope, some in found.items()}


def read_numbers(ledger: Ledger) -> Numbers:
    """The numbers of every filing that stands, in one statement; no filing is opened for it."""
    found = filed_reads.filed_numbers(ledger.journal)
    return {place_of_field(name): by_unit for name, by_unit in found.items()}


def read_contested(ledger: Ledger) -> dict[tuple[str, str], frozenset[str]]:
    """(unit, period) → the tasks and targets with 两处不一致 in its filing, of those that have any; in one statement."""
    return {
        (row.scope, row.key): frozenset(place_of_field(name) for name, field in row.fields.items() if field.contested)
        for row in ledger.journal.contested()
        if row.kind == SUBMISSION
    }


def _filing(ledger: Ledger, row: RecordRow, held: set[tuple[str, str]]) -> Filing:
    filed = row.fields.get(forms.FILED)
    writes: list[FiledBy] = []
    if filed is not None:
        by_seat = filed.site in ledger.seats()
        writes = [FiledBy(w.partition(".")[0], filed.at, filed.author, by_seat) for w in filed.writes]
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
    filing = None if row is None else _filing(ledger, row, held)
    heads = () if row is None else row.heads
    record = submission_record(ledger, unit, period)
    blank = forms.blank_form(plan, unit, period, filing, heads, record)
    form, saved, newer = blank, None, False
    overlap: tuple[str, ...] = ()
    draft = ledger.journal.draft(unit, period)
    if draft is not None:
        body, saved = draft
        kept = form_from_json(plan, json.loads(body, parse_float=Decimal), limits=False)
        newer = kept.base != heads
        then = filing_at(ledger, unit, period, kept.base) if newer else filing
        form = _with_kinds(ledger, forms.completed(plan, kept, then), filing, strict=False)
        if newer:
            begun_on = forms.blank_form(plan, unit, period, then, kept.base, record)
            overlap = _overlap(then, form, came_since(ledger, form, then, blank))
            form = form if overlap else draft_moving.moved(begun_on, form, blank, {})
    before = max((name for name in rows if name < period), default=None)
    previous = None if before is None else _filing(ledger, rows[before], held)
    return FormState(form, filing, previous, saved, newer, forms.remarks(plan, form, filing, previous), overlap)


def _overlap(then: Filing | None, draft: Form, now: Form) -> tuple[str, ...]:
    """Tasks, targets and proof files that both the draft and what came in since changed, differently.

    Whole answers are compared, as they are written: halves of two answers are never put together unseen.
    """
    mine, theirs = forms.changed_fields(then, draft), forms.changed_fields(then, now)
    return tuple(sorted(forms.place_of_field(n) for n in mine.keys() & theirs.keys() if mine[n] != theirs[n]))


def over_draft(ledger: Ledger, form: Form) -> Form:
    """A form that came from outside, with what it does not speak of taken from the draft kept here: nothing is lost."""
    if ledger.journal.draft(form.unit, form.period) is None:
        return form
    state = form_state(ledger, form.unit, form.period)
    said = {m.task: m for m in form.matters}
    if state.form.base != form.base:
        if all(task in said and said[task].given == forms.ALL_MEMBERS for task in (m.task for m in state.form.matters)):
            return form
        raise RuleBroken(
            "other_draft",
            "本机另有一份照着别的底稿填的草稿，这份报表又没有写全，合在一起会丢内容，没有采用；请重新取一份报表来填。",
        )
    return replace(
        form,
        matters=tuple(_matter_over(said[m.task], m) if m.task in said else m for m in state.form.matters),
    )


def _matter_over(said: Matter, under: Matter) -> Matter:
    members = {
        ("kind" if name == "answer" else name): getattr(
            said.answer if name in said.given else under.answer, "kind" if name == "answer" else name
        )
        for name in forms.ANSWER_MEMBERS
    }
    return replace(
        under,
        answer=Answer(**members),
        measurements={**under.measurements, **said.measurements},
        proof=said.proof if forms.PROOF in said.given else under.proof,
    )


def form_json(ledger: Ledger, unit: str, period: str) -> Json:
    """The form to fill, for programs."""
    return form_to_json(form_state(ledger, unit, period).form)


def read_form(ledger: Ledger, path: Path) -> Form:
    """A filled form from a JSON file; proof paths are taken relative to the file and read in."""
    try:
        with path.open("rb") as opened:
            data = opened.read(FORM_LIMIT + 1)
    except OSError as exc:
        raise os_failure(exc, path) from exc
    if len(data) > FORM_LIMIT:
        raise RuleBroken("bad_form", f"“{path.name}”超过 {FORM_LIMIT // 2**20} MB，不像是报表，没有采用。")
    try:
        value = json.loads(data.decode("utf-8-sig"), parse_float=Decimal, object_pairs_hook=_once_each)
    except _Repeated as exc:
        raise RuleBroken("bad_form", f"“{path.name}”里“{exc}”写了两遍，没有采用；请删去一处。") from exc
    except (ValueError, RecursionError, ArithmeticError) as exc:
        raise RuleBroken(
            "bad_form", f"“{path.name}”不是 JSON 报表，读不懂，没有采用；请用程序给出的报表来填。"
        ) from exc
    if isinstance(value, dict) and "base" not in value and isinstance(value.get("unit"), str):
        rows = ledger.journal.records([SUBMISSION], scope=value["unit"], key=str(value.get("period")))
        value["base"] = list(rows[0].heads) if rows else []
    form = form_from_json(ledger.plan(), value)
    _may_file(ledger, form.unit, form.period)
    _known_base(ledger, form)
    _with_kinds(ledger, form, filing_at(ledger, form.unit, form.period, form.base))
    return replace(
        form,
        matters=tuple(
            replace(m, proof=tuple(_read_in(ledger, form.unit, path.parent, entry) for entry in m.proof))
            for m in form.matters
        ),
    )


def _known_base(ledger: Ledger, form: Form) -> History | None:
    """The history of the form's record; RuleBroken when the form was begun on something that is not here."""
    record = submission_record(ledger, form.unit, form.period)
    found = ledger.journal.histories([record]).get(record)
    if not set(form.base) <= (set() if found is None else {w.id for w in found[1].writes}):
        raise RuleBroken("bad_base", "这份报表是照着本台账里没有的内容填的，没有采用；请重新取一份报表来填。")
    return None if found is None else found[1]


class _Repeated(Exception):
    pass


def _once_each(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """A JSON object whose names are each written once."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _Repeated(next(name for name in names if names.count(name) > 1))
    return found


def attach_proof(ledger: Ledger, unit: str, path: Path) -> ProofEntry:
    """Read a proof file in: its bytes are kept in the ledger at once, so that it opens again whatever happens."""
    return _read_in(ledger, unit, path.parent, ProofEntry(str(path), clean_text(path.name), None))


def _proof_limit(ledger: Ledger) -> int:
    """Bytes a proof file may have: what the plan says, and no more than any copy may carry."""
    return min(ledger.plan().number_setting("proof_limit_mb") * 2**20, MOST_PROOF)


def _read_in(ledger: Ledger, unit: str, folder: Path, entry: ProofEntry) -> ProofEntry:
    if entry.path is None:
        return entry
    file = folder / entry.path
    limit = _proof_limit(ledger)
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


def _with_kinds(ledger: Ledger, form: Form, filing: Filing | None, *, strict: bool = True) -> Form:
    """Give proof entries of a draft, kept as name and hash, their size and kind again.

    An entry whose file is nowhere here is refused, or left out when not `strict` (it came with a merge since undone).
    """
    known = {p.sha256: (p.size, p.kind) for p in (filing.proofs if filing else ())}
    limit = _proof_limit(ledger)

    def whole(entry: ProofEntry) -> ProofEntry | None:
        if entry.kind or entry.sha256 is None:
            return entry
        if entry.sha256 in known:
            size, kind = known[entry.sha256]
            return replace(entry, size=size, kind=kind)
        data = ledger.journal.proof(form.unit, entry.sha256)
        if data is not None:
            return replace(entry, size=len(data), kind=proof_kind(entry.name, data, max(limit, len(data))))
        if strict:
            raise RuleBroken("proof_unknown", f"佐证“{entry.name}”不在本台账里；请重新选择文件。")
        return None

    def kept(entries: tuple[ProofEntry, ...]) -> tuple[ProofEntry, ...]:
        return tuple(e for e in (whole(entry) for entry in entries) if e is not None)

    return replace(form, matters=tuple(replace(m, proof=kept(m.proof)) for m in form.matters))


def _may_file(ledger: Ledger, unit: str, period: str) -> None:
    if not ledger.journal.holds_scope(unit):
        raise RuleBroken("foreign_scope", "这本台账不含这个单位的内容，不能代它填写。")
    if not ledger.journal.records(["period"], key=period):
        raise RuleBroken("unknown_period", f"区里还没有开 {period} 这一期，不能填报；请先接收区里的下发副本。")


def save_draft(ledger: Ledger, form: Form) -> str:
    """Autosave: keep the form as it is on the page; local, never exported.  Returns when it was saved."""
    if not ledger.writable:
        raise EnvironmentFailed("read_only", "这本台账是只读打开的，草稿没有保存；请复制到本机硬盘再打开。")
    saved = ledger.now()
    ledger.journal.save_draft(form.unit, form.period, draft_body(form), saved)
    return saved


def draft_body(form: Form) -> str:
    """A form as a draft is kept."""
    return json.dumps(form_to_json(form), ensure_ascii=False)


def discard_draft(ledger: Ledger, unit: str, period: str) -> None:
    ledger.journal.drop_draft(unit, period)


def submit(ledger: Ledger, form: Form, *, source: str = "") -> str:
    """Submit the form: one operation on the submission record; returns the filing's id.

    `source`: at the office, from which paper it is entered (代录).
    """
    _may_file(ledger, form.unit, form.period)
    plan = ledger.plan()
    history = _known_base(ledger, form)
    before = _filing_then(ledger, form.unit, form.period, form.base, history)
    fields = forms.changed_fields(before, _with_kinds(ledger, form, before))
    if not fields and not _again(ledger, form, before, clean_text(source)):
        raise RuleBroken("nothing_changed", "这份报表和已经提交的一样，没有再提交一次。")
    fields |= forms.counted_fields(before, counted_numbers(ledger, form.unit, form.period))
    fields[forms.FILED] = {
        "round": 1 + _rounds(history, form.base),
        "mode": "office" if ledger.office else "unit",
        "source": clean_text(source),
        "names": contacts_of(ledger, form.unit),
    }
    unit = plan.unit_by_id[form.unit]
    title = f"{'代录' if ledger.office else '提交'}：{unit.name} {form.period}"
    parents = tuple(sorted(form.base))
    changes = {form.unit: [Change(SUBMISSION, form.period, fields, parents)]}

    def end_draft(writing: Writing) -> None:
        writing.drop_draft(form.unit, form.period)

    return ledger.act(title, changes, nature=SUBMIT, also=end_draft)[0].id


def counted_numbers(ledger: Ledger, unit: str, period: str) -> dict[str, Decimal]:
    """Of the numbers asked of a unit, those that registers make for the period; on a unit's PC of its own entries."""
    plan = ledger.plan()
    asked = [t for t in plan.targets if t.numeric and t.reporting_unit == unit and t.id in plan.rules_by_target]
    if not asked:
        return {}
    (row,) = ledger.journal.records(["period"], key=period)
    values = row.values()
    first, last = date.fromisoformat(values["first"]), date.fromisoformat(values["last"])
    tally = read_tally(ledger)
    found = {t.id: tally.in_period(t, first, last) for t in asked}
    return {target: value for target, value in found.items() if value is not None}


def _rounds(history: History | None, base: tuple[str, ...]) -> int:
    """How often it had been submitted for somebody who had these heads before him, withdrawn ones included."""
    if history is None:
        return 0
    seen = [w for w in history.writes if w.set.get(forms.FILED) and _before(history, w.id, base)]
    return max((int(w.set[forms.FILED].get("round") or 0) for w in seen), default=0)


def _before(history: History, write: str, base: tuple[str, ...]) -> bool:
    return write in base or any(history.ancestor(write, head) for head in base)


def _again(ledger: Ledger, form: Form, before: Filing | None, source: str) -> bool:
    """Whether a form that changes nothing may be submitted all the same: the first time, or because it was returned."""
    filing = read_filings(ledger, form.period, form.unit).get((form.unit, form.period))
    if filing is None or not filing.submitted or before is None or not before.round:
        return True
    if filing.contested or (source and source != filing.source):
        return True
    return any(
        row.key.partition("/")[2] in filing.ids and (row.values().get("verdict") or {}).get("result") == RETURN
        for row in ledger.journal.records(["review"], scope=form.unit)
    )


def filing_at(ledger: Ledger, unit: str, period: str, base: tuple[str, ...]) -> Filing | None:
    """The filing as it was for somebody who had these heads before him."""
    record = submission_record(ledger, unit, period)
    found = ledger.journal.histories([record]).get(record)
    return _filing_then(ledger, unit, period, base, None if found is None else found[1])


def came_since(ledger: Ledger, draft: Form, begun_on: Filing | None, now: Form) -> Form:
    """What lies here now, to hold a draft against: where it says otherwise also what came and is not the value shown.

    Of two values beside one another a clock decides which is shown: the other may be what a merge brought.
    """
    record = submission_record(ledger, draft.unit, draft.period)
    found = ledger.journal.histories([record]).get(record)
    if found is None:
        return now
    mine = forms.changed_fields(begun_on, _with_kinds(ledger, draft, begun_on, strict=False))
    held = frozenset(digest for _, digest in ledger.journal.proof_hashes([draft.unit]))
    fields = found[1].fields_since(draft.base, mine)
    filing = forms.filing_from_fields(draft.unit, draft.period, record, fields, (), (), held)
    return forms.blank_form(ledger.plan(), draft.unit, draft.period, filing, now.base, record)


def _filing_then(
    ledger: Ledger, unit: str, period: str, base: tuple[str, ...], history: History | None
) -> Filing | None:
    if history is None or not base:
        return None
    held = frozenset(digest for _, digest in ledger.journal.proof_hashes([unit]))
    record = submission_record(ledger, unit, period)
    return forms.filing_from_fields(unit, period, record, history.fields_at(base), (), (), held)


def filing_on_paper(ledger: Ledger, filing: Filing) -> Filing | None:
    """Of the filings that stand the one whose own data are just what is shown: what a printed form may be tied to.

    None where nobody filed just that: two filed beside one another, or one of their values was decided since.
    """
    found = ledger.journal.histories([filing.record]).get(filing.record)
    if found is None:
        return None
    _, history, origins = found
    for write in sorted((w for w in history.writes if w.id.partition(".")[0] in filing.ids), key=lambda w: w.at):
        then = _filing_then(ledger, filing.unit, filing.period, (write.id,), history)
        if then is not None and _said(then) == _said(filing):
            operation = write.id.partition(".")[0]
            return replace(then, ids=(operation,), at=write.at, author=origins[write.id]["author"])
    return None


def _said(filing: Filing) -> tuple[object, ...]:
    return filing.answers, filing.measurements, {(p.task, p.sha256, p.name) for p in filing.proofs}


def withdraw(ledger: Ledger, unit: str, period: str) -> None:
    """Withdraw the last submission before the first export; what was written stays here as the draft."""
    state = form_state(ledger, unit, period)
    record = submission_record(ledger, unit, period)

    def keep(writing: Writing) -> None:
        # With the withdrawal or not at all: a program killed in between would have left the text in no form.
        form = replace(state.form, base=writing.records_by_id([record])[record].heads)
        writing.save_draft(unit, period, draft_body(form), ledger.now())

    undo_step(ledger, step_to_withdraw(ledger, unit, state.filing), None if state.newer else keep)


def step_to_withdraw(ledger: Ledger, unit: str, filing: Filing | None) -> Step:
    """The step that submitted this filing here; RuleBroken when it cannot be withdrawn any more."""
    if filing is None or not filing.submitted:
        raise RuleBroken("not_submitted", "本期还没有提交，没有可以撤回的。")
    out = {r["step"] for r in ledger.journal.packages() if r["direction"] == "out" and r["unit"] in ("", unit)}
    for step in reversed(ledger.journal.steps()):
        if step.seq in out:
            raise RuleBroken("exported", "提交以后已经导出过副本，不能再撤回；请区里退回后重报。")
        if step.nature == SUBMIT and not step.undone:
            operations = ledger.journal.operations_of_step(step.seq)
            if operations[0].id in filing.ids:
                return step
    raise RuleBroken("not_here", "这次提交不是在本机做的，不能在本机撤回；请到提交的那台电脑上撤回。")
