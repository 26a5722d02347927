"""Applications (申报) and subsidies: reading them, making and changing them, the eligibility check before."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ganzhou_desktop.domain import subsidies
from ganzhou_desktop.domain.applications import (
    AMOUNT_PREFIX,
    AMOUNTS,
    STEP_PREFIX,
    TEXT_FIELDS,
    Amount,
    Application,
    Standing,
    StepState,
    application_of_fields,
    standing,
    step_value,
)
from ganzhou_desktop.domain.canonical import Json, clean_text, decimal_text
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.registers import Entry
from ganzhou_desktop.domain.subsidies import Clash, Eligibility, Exposure, Sums
from ganzhou_desktop.services.ledgers import Ledger, changed
from ganzhou_desktop.services.registers import differing_fields, read_entries
from ganzhou_desktop.store.journal import Change

APPLICATION = "application"


@dataclass(frozen=True, slots=True)
class Row:
    """One application with where it stands on the day, and what looks odd in its amounts."""

    application: Application
    standing: Standing
    odd: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApplicationsView:
    """Everything 申报奖补 shows, read at once: applications, doubles, sums by subsidy, unit and year, exposure."""

    rows: tuple[Row, ...]
    clashes: tuple[Clash, ...]
    all: Sums
    by_subsidy: Mapping[str, Sums]
    by_unit: Mapping[str, Sums]
    by_year: Mapping[int | None, Sums]
    by_payer: Mapping[str, Sums]
    exposures: tuple[Exposure, ...]
    writable: tuple[str, ...]


def read_applications(ledger: Ledger, unit: str | None = None) -> tuple[Application, ...]:
    """Applications that are not deleted, by unit and key, in one statement, two if there are 两处不一致."""
    rows = ledger.journal.bodies(APPLICATION, scope=unit)
    differing = differing_fields(ledger, APPLICATION, rows)
    found = (
        application_of_fields(
            row.scope,
            row.key,
            row.record,
            row.values(),
            heads=row.heads,
            contested=differing.get((row.scope, row.key), frozenset()),
        )
        for row in rows
    )
    return tuple(a for a in found if a.beneficiary or a.title)  # one whose adding was undone has nothing left


def read_applications_view(ledger: Ledger, on: date, unit: str | None = None) -> ApplicationsView:
    """The page 申报奖补 on a day."""
    plan = ledger.plan()
    held = read_applications(ledger, unit)
    rows = tuple(Row(a, standing(plan, a, on), subsidies.odd_amounts(plan, a)) for a in held)
    order = {u.id: u.order for u in plan.units}

    def grouped(keys: dict[object, list[Application]]) -> dict[object, Sums]:
        return {key: subsidies.sums(plan, some) for key, some in keys.items()}

    by: dict[str, dict[object, list[Application]]] = {"subsidy": {}, "unit": {}, "year": {}, "payer": {}}
    for a in held:
        by["subsidy"].setdefault(a.subsidy, []).append(a)
        by["unit"].setdefault(a.unit, []).append(a)
        by["year"].setdefault(a.year, []).append(a)
        payer = next((a.amounts[n].payer for n in reversed(AMOUNTS) if n in a.amounts and a.amounts[n].payer), "")
        by["payer"].setdefault(payer, []).append(a)
    units = sorted(by["unit"], key=lambda u: order.get(str(u), len(order)))
    by["unit"] = {u: by["unit"][u] for u in units}
    writable = tuple(u.id for u in plan.responsible_units if ledger.writable and ledger.journal.holds_scope(u.id))
    return ApplicationsView(
        rows,
        subsidies.clashes(plan, held),
        subsidies.sums(plan, held),
        grouped(by["subsidy"]),  # type: ignore[arg-type]
        grouped(by["unit"]),  # type: ignore[arg-type]
        grouped(by["year"]),  # type: ignore[arg-type]
        grouped(by["payer"]),  # type: ignore[arg-type]
        subsidies.exposures(plan),
        writable,
    )


def candidates(ledger: Ledger, subsidy: str, on: date) -> tuple[tuple[Entry, Eligibility], ...]:
    """Every entry held of the registers a subsidy looks at, with its check on a day; the eligible ones first."""
    plan = ledger.plan()
    rule = plan.subsidy_by_id[subsidy]
    found = [(e, subsidies.check_entry(plan, rule, e, on)) for r in rule.registers for e in read_entries(ledger, r)]
    return tuple(sorted(found, key=lambda pair: not pair[1].eligible))


def save_application(
    ledger: Ledger,
    unit: str,
    *,
    key: str | None = None,
    heads: tuple[str, ...] | None = None,
    texts: Mapping[str, str] | None = None,
    year: int | str | None = "",
    steps: Mapping[str, StepState] | None = None,
    amounts: Mapping[str, Amount | None] | None = None,
    proofs: Mapping[str, Mapping[str, Json] | None] | None = None,
) -> str:
    """Make an application (no key) or change what is given of one; returns its key.

    `heads`: what it was when it was shown.  RuleBroken when the unit is not held here, a name is not known, or
    nothing changed.
    """
    plan = ledger.plan()
    if not ledger.journal.holds_scope(unit) or unit not in plan.unit_by_id:
        raise RuleBroken("foreign_scope", "这本台账不含这个单位的内容，不能代它申报。")
    fields = _fields(plan, texts or {}, steps or {}, amounts or {})
    if year != "":
        fields["year"] = year
    fields |= {f"proof/{digest}": None if file is None else dict(file) for digest, file in (proofs or {}).items()}
    held = ledger.journal.records([APPLICATION], scope=unit, key=key) if key is not None else []
    wanted = changed(held[0] if held else None, fields)
    if key is None and not (fields.get("beneficiary") or "").strip():
        raise RuleBroken("no_beneficiary", "还没有写受益对象（给谁申报），没有保存。")
    made = secrets.token_hex(16) if key is None else key
    name = fields.get("beneficiary") or (held[0].values().get("beneficiary") if held else "") or "申报"
    ledger.act(f"申报：{name}", {unit: [Change(APPLICATION, made, wanted, heads)]})
    return made


def _fields(
    plan: Plan, texts: Mapping[str, str], steps: Mapping[str, StepState], amounts: Mapping[str, Amount | None]
) -> dict[str, Json]:
    fields: dict[str, Json] = {}
    for name, text in texts.items():
        if name not in TEXT_FIELDS:
            raise RuleBroken("bad_value", f"申报里没有“{name}”这一栏，没有保存。")
        fields[name] = clean_text(text)
    if fields.get("subsidy") and fields["subsidy"] not in plan.subsidy_by_id:
        raise RuleBroken("unknown_subsidy", f"方案里没有编号为“{fields['subsidy']}”的补助，没有保存。")
    if fields.get("task") and fields["task"] not in plan.task_by_id:
        raise RuleBroken("unknown_task", f"方案里没有编号为“{fields['task']}”的任务，没有保存。")
    known = {s.id for s in plan.steps}
    for step, state in steps.items():
        if step not in known:
            raise RuleBroken("unknown_step", f"方案的申报流程里没有“{step}”这一步，没有保存。")
        fields[STEP_PREFIX + step] = step_value(state)
    for name, amount in amounts.items():
        if name not in AMOUNTS:
            raise RuleBroken("bad_value", f"申报里没有“{name}”这一种金额，没有保存。")
        if amount is not None and amount.value < 0:
            raise RuleBroken("bad_value", "金额不能是负数，没有保存。")
        fields[AMOUNT_PREFIX + name] = (
            None
            if amount is None
            else {
                "value": decimal_text(amount.value),
                "on": None if amount.on is None else amount.on.isoformat(),
                "payer": clean_text(amount.payer),
                "number": clean_text(amount.number),
            }
        )
    return fields


def delete_application(ledger: Ledger, application: Application) -> None:
    """Delete an application; its history stays."""
    change = Change(APPLICATION, application.key, {"deleted": True}, application.heads or None)
    ledger.act(f"删除申报：{application.beneficiary}", {application.unit: [change]})
