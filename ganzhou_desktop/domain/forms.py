"""The form of one unit for one period: what is asked, prefilled; and the way between it and the submission record."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from ganzhou_desktop.domain import filings
from ganzhou_desktop.domain.canonical import Json, clean_text, decimal_text
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.filings import Answer, Filing, Proof
from ganzhou_desktop.domain.pace import SUMMED
from ganzhou_desktop.domain.periods import bounds
from ganzhou_desktop.domain.plan import HEADLINE, LEAD, STOCK, SUPPORT, Plan

ANSWER_MEMBERS = ("answer", "progress", "problems", "next_steps", "expected")
PROOF = "proof"
_PROOF = f"{PROOF}/"
ALL_MEMBERS = frozenset((*ANSWER_MEMBERS, PROOF))
NO_NEWS = "本期无新进展"
FILED = "filed"
COUNTED = ".counted"
"""Ends the field that keeps what the registers made of a number at submit: `2a.counted` beside `2a`."""


@dataclass(frozen=True, slots=True)
class ProofEntry:
    """A proof file as the form names it: a new file by `path`, or one the filing has by its `sha256`.

    Whoever reads the file of a `path` puts in `sha256`, `size` and `kind` before the form is turned into fields.
    """

    path: str | None
    name: str
    sha256: str | None
    size: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter of a form: a task (or `T`, the headline targets) with everything asked about it.

    `measurements` has the numbers the form speaks of, None for an empty box.  `given` tells which other members the
    form speaks of (ALL_MEMBERS); what it does not speak of stays as it is.
    """

    task: str
    role: str
    answer: Answer = field(default_factory=Answer)
    measurements: Mapping[str, Decimal | None] = field(default_factory=dict)
    proof: tuple[ProofEntry, ...] = ()
    record: str = ""
    given: frozenset[str] = ALL_MEMBERS


@dataclass(frozen=True, slots=True)
class Form:
    """A unit's form for a period.  `base`: the heads of the submission record it was begun on."""

    unit: str
    period: str
    base: tuple[str, ...]
    matters: tuple[Matter, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A soft remark: blocks nothing.  `task` and `field` are empty where it is about the form as a whole."""

    task: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class FiledBy:
    """One write of the field `filed` that stands: the operation (that is the filing's id), that PC's clock, author."""

    operation: str
    at: str
    author: str
    by_seat: bool
    """Whether a key of the office signed the one that is shown."""


def role_in(plan: Plan, unit: str, task: str) -> str:
    """The unit's part in a matter; the headline targets are a lead's matter."""
    return LEAD if task == HEADLINE else plan.role_by_cell[task, unit].kind


def blank_form(plan: Plan, unit: str, period: str, filing: Filing | None, base: Sequence[str], record: str) -> Form:
    """The unit's form with every matter asked, holding what the current filing (or its withdrawn text) holds."""
    matters = (_current(plan, unit, task, filing, record) for task in plan.matters_of(unit))
    return Form(unit=unit, period=period, base=tuple(base), matters=tuple(matters))


def completed(plan: Plan, form: Form, filing: Filing | None) -> Form:
    """The same form with everything it does not speak of filled in from the filing."""
    said = {m.task: m for m in form.matters}
    record = filing.record if filing else next((m.record for m in form.matters if m.record), "")
    matters = []
    for task in plan.matters_of(form.unit):
        current = _current(plan, form.unit, task, filing, record)
        matter = said.get(task)
        if matter is None:
            matters.append(current)
            continue
        matters.append(
            replace(
                matter,
                answer=_overlaid(current.answer, matter),
                measurements={**current.measurements, **matter.measurements},
                proof=matter.proof if PROOF in matter.given else current.proof,
                given=ALL_MEMBERS,
            )
        )
    return replace(form, matters=tuple(matters))


def all_other_support_no_progress(plan: Plan, form: Form) -> Form:
    """其余配合事项本期无新进展: answers every supporting matter in which nothing has been said yet."""

    def answered(matter: Matter) -> Matter:
        role = plan.role_by_cell.get((matter.task, form.unit))
        if role is None or role.kind != SUPPORT or not matter.answer.blank:
            return matter
        return replace(
            matter,
            answer=Answer(kind=filings.NO_PROGRESS, progress=NO_NEWS),
            given=matter.given | frozenset(ANSWER_MEMBERS),
        )

    return replace(form, matters=tuple(answered(m) for m in form.matters))


def _current(plan: Plan, unit: str, task: str, filing: Filing | None, record: str) -> Matter:
    answers = filing.answers if filing else {}
    measurements = filing.measurements if filing else {}
    proofs = filing.proofs if filing else ()
    return Matter(
        task=task,
        role=role_in(plan, unit, task),
        answer=answers.get(task, Answer()),
        measurements={t.id: measurements.get(t.id) for t in plan.asked_of(unit, task)},
        proof=tuple(ProofEntry(None, p.name, p.sha256, p.size, p.kind) for p in proofs if p.task == task),
        record=record,
    )


def _overlaid(before: Answer, matter: Matter) -> Answer:
    """The answer with the members the form speaks of from it, the others as before; texts cleaned."""
    said, given = matter.answer, matter.given
    return Answer(
        kind=said.kind if "answer" in given else before.kind,
        progress=clean_text(said.progress) if "progress" in given else before.progress,
        problems=clean_text(said.problems) if "problems" in given else before.problems,
        next_steps=clean_text(said.next_steps) if "next_steps" in given else before.next_steps,
        expected=said.expected if "expected" in given else before.expected,
    )


# -- between a form and the fields of the submission record ------------------------------------------------------


def field_name(place: str) -> str:
    """The name of the field for a task or target id.  Names of fields are lower case: `T` is `t`, `T1` is `t1`."""
    return place.lower()


def place_of_field(name: str) -> str:
    """The task or target id (or `proof/TASK/HASH`) of a field's name; ids other than T, T1 … are lower case."""
    if name[0] != "t" and "/" not in name:
        return name  # nearly every one of thousands
    head, slash, rest = name.partition("/")
    if slash:
        task, _, digest = rest.partition("/")
        return f"{head}/{place_of_field(task)}/{digest}"
    return name.upper() if re.match(r"t[0-9]*\Z", name) else name


def answer_value(answer: Answer) -> Json:
    """An answer as one value of the submission record; null for one that says nothing."""
    if answer.blank:
        return None
    return {
        "answer": answer.kind,
        "progress": answer.progress,
        "problems": answer.problems,
        "next_steps": answer.next_steps,
        "expected": None if answer.expected is None else answer.expected.isoformat(),
    }


def answer_of_value(value: Mapping[str, Json]) -> Answer:
    """The inverse of answer_value; a member that is null counts as not said."""
    said = value.get
    expected = said("expected")
    return Answer(
        said("answer"),
        said("progress") or "",
        said("problems") or "",
        said("next_steps") or "",
        None if expected is None else date.fromisoformat(expected),
    )


def changed_fields(before: Filing | None, form: Form) -> dict[str, Json]:
    """The fields of the submission record to set, only those in which the form differs from `before`.

    `before` must be the state at the form's `base`.  Every proof entry has its `sha256`; RuleBroken otherwise.
    """
    fields: dict[str, Json] = {}
    for matter in form.matters:
        old = before.answers.get(matter.task, Answer()) if before else Answer()
        new = _overlaid(old, matter)
        if new != old:
            fields[field_name(matter.task)] = answer_value(new)
        for target, value in matter.measurements.items():
            if value != (before.measurements.get(target) if before else None):
                fields[field_name(target)] = None if value is None else decimal_text(value)
        if PROOF in matter.given:
            fields |= _changed_proofs(matter, before.proofs if before else ())
    return fields


def _changed_proofs(matter: Matter, before: Iterable[Proof]) -> dict[str, Json]:
    old = {p.sha256: p for p in before if p.task == matter.task}
    prefix = f"{PROOF}/{field_name(matter.task)}/"
    fields: dict[str, Json] = {}
    for entry in matter.proof:
        known = old.get(entry.sha256 or "")
        if entry.sha256 is None or (known is None and not entry.kind):
            raise RuleBroken(
                "proof_unknown", f"佐证“{entry.name}”还没有读入，本期报表里也没有这份文件；请重新选择文件。"
            )
        size, kind = (known.size, known.kind) if known else (entry.size, entry.kind)
        if known is None or known.name != entry.name:
            fields[prefix + entry.sha256] = {"name": entry.name, "size": size, "kind": kind}
    kept = {e.sha256 for e in matter.proof}
    return fields | {prefix + digest: None for digest in old if digest not in kept}


def mode_of(filed: Mapping[str, Json], *, by_seat: bool) -> str:
    """`office` for what the office entered: what a unit's PC signed is the unit's, whatever it calls itself."""
    return "office" if by_seat and filed.get("mode") == "office" else "unit"


def filing_from_fields(
    unit: str,
    period: str,
    record: str,
    fields: Mapping[str, Json],
    writes: Iterable[FiledBy],
    contested: Iterable[str],
    held_proofs: frozenset[str],
) -> Filing:
    """The filing that a submission record's fields say.

    `writes`: those of the field `filed` that stand, in any order; `contested`: names of fields with 两处不一致;
    `held_proofs`: the SHA-256 of the files whose bytes lie here.
    """
    answers: dict[str, Answer] = {}
    measurements: dict[str, Decimal] = {}
    counted: dict[str, Decimal] = {}
    proofs: list[Proof] = []
    for name, value in sorted(fields.items()):
        if value is None or name == FILED:
            continue
        if isinstance(value, str):
            if name.endswith(COUNTED):
                counted[place_of_field(name.removesuffix(COUNTED))] = Decimal(value)
            else:
                measurements[place_of_field(name)] = Decimal(value)
        elif name.startswith(_PROOF):
            _, task, digest = place_of_field(name).split("/")
            file = (value.get("name") or "", value.get("size") or 0, value.get("kind") or "")
            proofs.append(Proof(task, digest, *file, held=digest in held_proofs))
        else:
            answers[place_of_field(name)] = answer_of_value(value)
    filed = fields.get(FILED) or {}
    standing = sorted(writes, key=lambda w: (w.at, w.operation)) if filed else []
    return Filing(
        unit=unit,
        period=period,
        record=record,
        ids=tuple(sorted({w.operation for w in standing})),
        round=filed.get("round") or 0,
        mode=mode_of(filed, by_seat=all(w.by_seat for w in standing)),
        source=filed.get("source") or "",
        at=standing[-1].at if standing else "",
        author=standing[-1].author if standing else "",
        names={k: v or "" for k, v in (filed.get("names") or {}).items()},
        answers=answers,
        measurements=measurements,
        proofs=tuple(proofs),
        counted=counted,
        contested=frozenset(place_of_field(name) for name in contested),
    )


def counted_fields(before: Filing | None, counted: Mapping[str, Decimal]) -> dict[str, Json]:
    """The fields that keep what the registers made of each number, only those that differ from before."""
    held = before.counted if before else {}
    gone: dict[str, Json] = {field_name(t) + COUNTED: None for t in held if t not in counted}
    return gone | {field_name(t) + COUNTED: decimal_text(v) for t, v in counted.items() if held.get(t) != v}


# -- soft remarks ------------------------------------------------------------------------------------------------


def remarks(plan: Plan, form: Form, filing: Filing | None, previous: Filing | None) -> tuple[Remark, ...]:
    """What the unit may want to look at before it submits; nothing of it blocks.

    `filing`: the current one the form completes; `previous`: that of the period before.
    """
    whole = completed(plan, form, filing)
    open_matters = [m.task for m in whole.matters if m.answer.kind is None]
    found = []
    if open_matters:
        names = "、".join("目标任务" if t == HEADLINE else f"任务{t}" for t in open_matters)
        found.append(Remark("", "", f"还有 {len(open_matters)} 件没有答复：{names}。"))
    last_day = bounds(form.period)[1]
    for matter in whole.matters:
        found += _answer_remarks(matter, last_day, previous)
        found += _number_remarks(plan, matter, previous)
    return tuple(found)


def _answer_remarks(matter: Matter, last_day: date, previous: Filing | None) -> list[Remark]:
    said, task = matter.answer, matter.task
    found = []
    if said.kind == filings.PROGRESS and not said.progress:
        found.append(Remark(task, "progress", "选了“有进展”，还没有写本期进展。"))
    stuck = said.kind == filings.NO_PROGRESS and matter.role == LEAD
    if stuck and said.expected is None:
        found.append(Remark(task, "expected", "牵头事项无进展，建议写明预计完成时间。"))
    if (stuck or said.expected is not None) and not said.problems:
        found.append(Remark(task, "problems", "进度落后，建议写明原因（存在问题）。"))
    if said.expected is not None and said.expected < last_day:
        found.append(Remark(task, "expected", "预计完成时间早于本期末，矩阵上会显示为逾期。"))
    earlier = previous.answers.get(task) if previous else None
    if earlier and said.progress and said.progress == earlier.progress and said.progress != NO_NEWS:
        found.append(Remark(task, "progress", "本期进展与上期文字相同。"))
    return found


def _number_remarks(plan: Plan, matter: Matter, previous: Filing | None) -> list[Remark]:
    found = []
    silent = matter.answer.kind in (filings.NOT_PUBLISHED, filings.NOT_APPLICABLE)
    for target, value in matter.measurements.items():
        asked = plan.target_by_id[target]
        earlier = previous.measurements.get(target) if previous else None
        if value is None:
            hint = "没有新增请填 0。" if asked.kind in SUMMED else ""
            if matter.answer.kind is not None and not silent and not asked.lagged:
                found.append(Remark(matter.task, target, f"“{asked.short}”还没有填数。{hint}"))
            continue
        if silent:
            found.append(Remark(matter.task, target, f"“{asked.short}”填了数，答复却是未发布或不适用。"))
        if asked.kind == STOCK and earlier is not None and value < earlier:
            text = f"“{asked.short}”比上期的 {decimal_text(earlier)} {asked.unit}少，请说明原因。"
            found.append(Remark(matter.task, target, text))
        if asked.items and value > len(asked.items):
            found.append(Remark(matter.task, target, f"“{asked.short}”一共 {len(asked.items)} 项，填的数更大。"))
    return found
