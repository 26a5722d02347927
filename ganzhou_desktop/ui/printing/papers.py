"""The papers of a ledger: reads what is to be printed and hands it to the documents; preview and PDF use the same."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from ganzhou_desktop.domain import plan as p
from ganzhou_desktop.domain import registers
from ganzhou_desktop.domain.canonical import form_code
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.matrix import Matrix
from ganzhou_desktop.domain.plan import HEADLINE, Plan
from ganzhou_desktop.domain.typed import value_text
from ganzhou_desktop.services import (
    applications,
    breakdown,
    contacts,
    filing,
    leader,
    ledgers,
    periods,
    reviewing,
    sites,
    views,
)
from ganzhou_desktop.services.exchange import compare_with_answer
from ganzhou_desktop.services.exchange_desk import matter_answers
from ganzhou_desktop.services.filed_registers import RegisterStanding, read_standings
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.register_desk import EntryRow, read_desk
from ganzhou_desktop.ui import texts
from ganzhou_desktop.ui.answers import STATE_WORDS, AnswerRow, answer_rows
from ganzhou_desktop.ui.printing.answer_print import AnswerLine, AnswerPrint, answer_document
from ganzhou_desktop.ui.printing.breakdown_print import breakdown_document
from ganzhou_desktop.ui.printing.figures_print import figures_document
from ganzhou_desktop.ui.printing.filing_print import (
    FilingNumber,
    FilingPrint,
    FilingRegister,
    FilingRow,
    RegisterNumber,
    filing_document,
)
from ganzhou_desktop.ui.printing.gauges_print import gauges_document
from ganzhou_desktop.ui.printing.items import Document
from ganzhou_desktop.ui.printing.leader_print import leader_document
from ganzhou_desktop.ui.printing.matrix_print import matrix_document
from ganzhou_desktop.ui.printing.recovery_print import recovery_document
from ganzhou_desktop.ui.printing.register_print import (
    CENTRE,
    LEFT,
    RIGHT,
    PrintColumn,
    PrintRow,
    RegisterPrint,
    register_document,
)
from ganzhou_desktop.ui.printing.subsidy_print import questions_document, sums_document


def _printed_at(ledger: Ledger) -> str:
    return ledger.clock().astimezone().isoformat(timespec="minutes")


def ledger_name(ledger: Ledger) -> str:
    """How a ledger is called: 甘州区汇总台账, 区科技局台账."""
    plan = ledger.plan()
    if ledger.office:
        return f"{plan.document.region}汇总台账"
    return f"{plan.unit_by_id[ledger.unit].name}台账"


def matrix_paper(
    ledger: Ledger,
    period: str | None = None,
    *,
    paper: str = "A3",
    as_of: date | None = None,
    colour: bool = False,
    signature: bool = True,
    legend: bool = True,
    imprint: bool = True,
    narrow: Callable[[Matrix], Matrix] | None = None,
    scope: str = "",
) -> Document:
    """The matrix for the printer; `narrow` leaves the part of it that `scope` names."""
    matrix = views.read_matrix(ledger, period, as_of)
    document = ledger.plan().document
    return matrix_document(
        matrix if narrow is None else narrow(matrix),
        ledger_name=ledger_name(ledger),
        printed_at=_printed_at(ledger),
        paper=paper,
        colour=colour,
        title=f"{document.short_title}重点任务责任矩阵",
        unit_line=document.region,
        signature=signature,
        legend=legend,
        imprint=imprint,
        scope=scope,
    )


def filing_paper(ledger: Ledger, unit: str, period_name: str | None = None) -> Document:
    """A unit's filing for the 盖章; as 草稿 and without codes while there is a draft that was not submitted."""
    period = periods.period_named(ledger, period_name)
    state = filing.form_state(ledger, unit, period.name)
    plan = ledger.plan()
    submitted = state.filing is not None and state.filing.submitted and state.draft_saved is None
    held = state.filing
    stamped = filing.filing_on_paper(ledger, held) if held is not None and submitted else None
    held = stamped or held
    contested = frozenset() if state.filing is None or not submitted else state.filing.contested
    rows = []
    for matter in state.form.matters:
        role = plan.role_by_cell.get((matter.task, unit))
        answer = matter.answer
        rows.append(
            FilingRow(
                number=matter.task if matter.task != HEADLINE else "总",
                title=plan.task_by_id[matter.task].title if matter.task != HEADLINE else "目标任务",
                role=texts.role_word(role.kind, role.principal) if role is not None else "报送",
                answer=texts.ANSWER_WORDS.get(answer.kind or "", "未答复"),
                progress=answer.progress,
                problems=answer.problems,
                next_steps=answer.next_steps,
                expected="" if answer.expected is None else answer.expected.isoformat(),
                measurements=tuple(
                    _number(plan, target, value, provisional=target in contested)
                    for target, value in matter.measurements.items()
                ),
                proofs=tuple(p.name for p in matter.proof),
                provisional=matter.task in contested,
            )
        )
    reported = {target: value for m in state.form.matters for target, value in m.measurements.items()}
    standings = read_standings(ledger, unit, period.name)
    return filing_document(
        FilingPrint(
            plan_title=plan.document.title,
            region=plan.document.region,
            unit_name=plan.naming(plan.unit_by_id[unit], period.last)[0],
            period_title=texts.period_text(period.name),
            rows=tuple(rows),
            round=held.round if held is not None and submitted else 1,
            submitted_at=held.at if held is not None and submitted else "",
            names=held.names if held is not None and submitted else contacts.contacts_of(ledger, unit),
            site_code="" if stamped is None else sites.code_of_writer(ledger, stamped.ids[0]),
            form_code="" if stamped is None else form_code(stamped.ids[0]),
            mode=held.mode if held is not None else "unit",
            source=held.source if held is not None else "",
            draft=not submitted,
            demo=plan.document.demo,
            printed_at=_printed_at(ledger),
            ledger_name=ledger_name(ledger),
            registers=tuple(_register(standing, reported, contested) for standing in standings if standing.held),
            empty_registers=tuple(standing.register.short for standing in standings if not standing.held),
        )
    )


def _register(
    standing: RegisterStanding, reported: Mapping[str, Decimal | None], contested: frozenset[str]
) -> FilingRegister:
    numbers = tuple(
        RegisterNumber(
            f"[{t.id}] {t.short}", value, reported.get(t.id), t.unit, t.id in standing.doubtful, t.id in contested
        )
        for t, value in standing.counted
    )
    kept = standing.register.short
    return FilingRegister(kept, standing.new, standing.in_force, numbers, standing.provisional)


def _number(plan: Plan, target: str, value: Decimal | None, *, provisional: bool) -> FilingNumber:
    asked = plan.target_by_id[target]
    return FilingNumber(target, asked.short, value, asked.unit, "未发布" if asked.lagged else "未填", provisional)


def figures_paper(ledger: Ledger) -> Document:
    """提请核定清单."""
    return figures_document(ledger.plan(), printed_at=_printed_at(ledger), ledger_name=ledger_name(ledger))


def gauges_paper(ledger: Ledger, on: date | None = None, *, colour: bool = False) -> Document:
    """Every gauge on one day."""
    plan = ledger.plan()
    day = on or periods.period_named(ledger, None).last
    return gauges_document(
        views.read_gauges(ledger, day),
        plan.tasks,
        on=day.isoformat(),
        ledger_name=ledger_name(ledger),
        printed_at=_printed_at(ledger),
        region=plan.document.region,
        unit_names={u.id: u.name for u in plan.units},
        colour=colour,
        demo=plan.document.demo,
        partial=not ledger.office,
    )


def answer_paper(ledger: Ledger, unit: str, period_name: str | None = None) -> Document:
    """回执单: the office's answer to a unit, as the ledger holds it now."""
    period = periods.period_named(ledger, period_name)
    plan = ledger.plan()
    status = next((s for s in reviewing.statuses(ledger, period, ledger.today()) if s.unit == unit), None)
    if status is None:
        raise RuleBroken("not_asked", f"这一期（{period.name}）没有请这个单位填报，没有回执单；请换一期或换一个单位。")
    held = ""
    missing: tuple[str, ...] = ()
    if ledger.unit == unit:
        compared = compare_with_answer(ledger)
        missing = tuple(dict.fromkeys(compared.missing))
        if compared.answered:
            held = (
                f"区里还没有收到本机的 {compared.missing_count} 步内容，请再导出一份副本交区里："
                if missing
                else "区里已收到本机全部内容（按接收的下发副本比对）。"
            )
        else:
            held = "还没有收到区里的下发副本，不知道区里收到了哪些。"
    rows = answer_rows(plan, unit, matter_answers(plan.matters_of(unit), status))
    lines = [AnswerLine("总" if r.task == HEADLINE else r.task, _title(r), r.role, r.word, r.reason) for r in rows]
    filing = status.filing if status.filing is not None and status.filing.submitted else None
    return answer_document(
        AnswerPrint(
            region=plan.document.region,
            unit_name=plan.naming(plan.unit_by_id[unit], period.last)[0],
            period_title=texts.period_text(period.name),
            state=STATE_WORDS[status.state],
            rows=[line for line in lines if line.number],
            figures=[line for line in lines if not line.number],
            round=0 if filing is None else filing.round,
            submitted_at="" if filing is None else filing.at,
            received="" if status.received is None else status.received.isoformat(),
            form_code="" if filing is None else form_code(filing.ids[-1]),
            held=held,
            missing=missing,
            printed_at=_printed_at(ledger),
            ledger_name=ledger_name(ledger),
            demo=plan.document.demo,
        )
    )


def _title(row: AnswerRow) -> str:
    """The task's own name: its number stands before it."""
    return row.subject.partition("　")[2] or row.subject if row.task else row.subject


def breakdown_paper(ledger: Ledger, *, paper: str = "A3") -> Document:
    """任务分解表, with units called as at the end of the latest period."""
    found = periods.list_periods(ledger)
    return breakdown_document(
        breakdown.read_breakdown(ledger, found[-1].last if found else None),
        printed_at=_printed_at(ledger),
        ledger_name=ledger_name(ledger),
        paper=paper,
    )


def leader_paper(ledger: Ledger, period: str | None, on: date, *, colour: bool = False) -> Document:
    """领导一页纸."""
    return leader_document(
        leader.read_leader_page(ledger, period, on),
        printed_at=_printed_at(ledger),
        ledger_name=ledger_name(ledger),
        colour=colour,
    )


_ALIGN = {p.TEXT: LEFT, p.LONG_TEXT: LEFT, p.DECIMAL: RIGHT, p.INTEGER: RIGHT}


def register_paper(
    ledger: Ledger,
    register: str,
    rows: Sequence[EntryRow] | None = None,
    *,
    on: date,
    unit: str = "",
    scope: str = "",
    paper: str = "A4",
) -> Document:
    """A register on a day: these rows in this order, all of them (of a unit) when none are given."""
    plan = ledger.plan()
    kept = plan.register_by_id[register]
    if rows is None:
        rows = [row for row in read_desk(ledger, register, on).rows if not unit or row.entry.unit == unit]
    columns = plan.columns_by_register[register]
    alone = unit or ("" if ledger.office else ledger.unit)
    states = any(row.state != registers.IN_FORCE for row in rows)
    heads = [
        PrintColumn(_headed(c), _ALIGN.get(c.form, CENTRE), c.form in (p.TEXT, p.LONG_TEXT, p.CHOICE)) for c in columns
    ]
    found = []
    for row in rows:
        cells = [value_text(c, row.entry.values.get(c.name)) for c in columns]
        cells += [registers.STATE_WORDS[row.state]] if states else []
        cells = cells if alone else [plan.naming(plan.unit_by_id[row.entry.unit], on)[1], *cells]
        found.append(PrintRow(tuple(cells), bool(row.entry.contested)))
    before = [] if alone else [PrintColumn("登记单位", CENTRE, breaks=False)]
    after = [PrintColumn("现状", CENTRE, breaks=False)] if states else []
    return register_document(
        RegisterPrint(
            title=f"{plan.document.region}{kept.name}台账",
            unit_line=plan.naming(plan.unit_by_id[alone], on)[0] if alone else plan.document.region,
            when=f"截至{texts.date_text(on)}",
            columns=(*before, *heads, *after),
            rows=tuple(found),
            keys=1 if alone else 2,
            scope=scope,
            names=contacts.contacts_of(ledger, alone) if alone else {},
            demo=plan.document.demo,
            partial=not ledger.office,
            printed_at=_printed_at(ledger),
            ledger_name=ledger_name(ledger),
        ),
        paper=paper,
    )


def _headed(column: p.Column) -> str:
    return f"{column.title}（{column.unit}）" if column.unit else column.title


def questions_paper(ledger: Ledger) -> Document:
    """提请区财政局明确事项: what the plan's subsidies leave open."""
    return questions_document(ledger.plan(), printed_at=_printed_at(ledger), ledger_name=ledger_name(ledger))


def sums_paper(ledger: Ledger, on: date) -> Document:
    """奖补汇总表 on a day."""
    return sums_document(
        ledger.plan(),
        applications.read_applications_view(ledger, on),
        on=texts.date_text(on),
        printed_at=_printed_at(ledger),
        ledger_name=ledger_name(ledger),
        partial=not ledger.office,
    )


def recovery_paper(ledger: Ledger, code: str) -> Document:
    """恢复单: the founding key in typeable groups."""
    return recovery_document(
        ledger_name(ledger),
        ledger.plan().document.region,
        ledgers.code_of_ledger(ledger),
        code.split(),
        _printed_at(ledger),
    )
