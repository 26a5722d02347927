"""总览: what waits for this PC, who has not reported and how to remind them, what is worst; each with what it is made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ganzhou_desktop.domain import filings, pace, states
from ganzhou_desktop.domain.canonical import local_moment, shown_number
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.filings import Review, filing_state
from ganzhou_desktop.domain.gauges import Gauge
from ganzhou_desktop.domain.matrix import Cell, Matrix, returned_tasks
from ganzhou_desktop.domain.periods import Period, previous
from ganzhou_desktop.domain.plan import HEADLINE, LEAD, Plan
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.services.contacts import all_contacts
from ganzhou_desktop.services.filing import form_state
from ganzhou_desktop.services.judging import stalled_gauges
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.reviewing import UnitStatus
from ganzhou_desktop.services.views import Overview, read_overview

TO_REVIEW = "to_review"
RETURNED = "returned"
MISSING = "missing"
AFTERWARDS = "afterwards"
CONFLICTS = "conflicts"
FIGURES = "figures"
TO_FILL = "to_fill"
TO_SUBMIT = "to_submit"

_WAITS_FOR_REVIEW = (filings.SUBMITTED, filings.REFILED)
_STILL_TO_SUBMIT = (filings.MISSING, filings.RETURNED)
_URGENT = (states.BELOW_FLOOR, states.OVERDUE, states.BADLY_BEHIND, states.BEHIND)
URGENT_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """Things of one kind that wait for this PC: ids of units, tasks, periods, cases or figures.

    The number shown is always the length of `items`.  `since`: the day from which the oldest of them waits, where
    that is known; `of`: how many there are in all, those done included.
    """

    kind: str
    items: tuple[str, ...]
    since: date | None = None
    of: int | None = None

    @property
    def count(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True)
class Missing:
    """A unit that has filed nothing: `days` after 应报日 (0: not late yet), whom to call, the 催报 text."""

    unit: str
    days: int
    clerk: str
    phone: str
    before: date | None
    """收到日 of the period before."""
    had_before: bool
    """Whether there was a period before for which the unit was asked."""
    reminder: str


@dataclass(frozen=True, slots=True)
class Urgent:
    """One of the worst gauges or ◎ cells: `target` or else `task` and `unit` say what it opens."""

    state: str
    text: str
    note: str
    target: str = ""
    task: str = ""
    unit: str = ""
    provisional: bool = False
    """True while 两处不一致 touches it: its words bear ※."""


@dataclass(frozen=True, slots=True)
class OwnPeriod:
    """Where this unit stands in one period; `reason`: why the office returned it."""

    period: Period
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """The overview with everything that is worked out from it."""

    overview: Overview
    waiting: tuple[Waiting, ...]
    missing: tuple[Missing, ...] = ()
    urgent: tuple[Urgent, ...] = ()
    own: tuple[OwnPeriod, ...] = ()
    stalled: Mapping[str, int] = field(default_factory=dict)
    """Id of a gauge shown here → for how many periods it has not moved; those alone that are 停滞."""

    def waits(self, kind: str) -> Waiting | None:
        """What waits of one kind; None where this PC has no such list."""
        return next((w for w in self.waiting if w.kind == kind), None)


def read_board(ledger: Ledger, period_name: str | None, on: date) -> Board:
    """The overview of a period (the latest when it is not open) in a fixed number of statements."""
    overview = read_overview(ledger, period_name, on)
    plan = ledger.plan()
    if overview.period is None:
        return Board(overview, _common(plan, overview, office=ledger.office))
    assert overview.matrix is not None
    urgent = worst_first(plan, overview.gauges, overview.matrix)
    still = stalled_gauges(ledger, overview.periods, overview.period)
    if ledger.office:
        contacts = all_contacts(ledger)
        return Board(
            overview,
            (*_at_office(overview), *_common(plan, overview, office=True)),
            missing=_missing(plan, overview, contacts, on),
            urgent=urgent,
            stalled=still,
        )
    return Board(
        overview,
        (*_at_unit(ledger, overview), *_common(plan, overview, office=False)),
        urgent=urgent,
        own=_own(ledger.unit, overview),
        stalled=still,
    )


def _common(plan: Plan, overview: Overview, *, office: bool) -> tuple[Waiting, ...]:
    found = [Waiting(CONFLICTS, tuple(c.id for c in overview.conflicts))]
    if office:
        pending = tuple(f.id for f in plan.figures if f.state != "confirmed")
        found.append(Waiting(FIGURES, pending, of=len(plan.figures)))
    return tuple(found)


def time_passed(plan: Plan, on: date) -> tuple[int, int]:
    """(days of the plan gone by, days in all) on a day."""
    return pace.clipped_days(on, plan.document.issued, plan.document.deadline)


# -- at the office ------------------------------------------------------------------------------------------


def _at_office(overview: Overview) -> tuple[Waiting, ...]:
    found = overview.statuses
    to_review = [s for s in found if s.state in _WAITS_FOR_REVIEW]
    returned = [s for s in found if s.state == filings.RETURNED]
    waiting = [
        Waiting(TO_REVIEW, _units(to_review), _first_day(s.filing.at for s in to_review if s.filing is not None)),
        Waiting(RETURNED, _units(returned), _first_day(_returned_at(s.reviews) for s in returned)),
        Waiting(MISSING, _units(s for s in found if s.state == filings.MISSING), of=len(found)),
    ]
    if overview.period is not None and overview.period.closed:
        late = [s for s in found if s.filing is not None and s.filing.submitted and not s.taken]
        waiting.append(Waiting(AFTERWARDS, _units(late)))
    return tuple(waiting)


def _units(some: Iterable[UnitStatus]) -> tuple[str, ...]:
    return tuple(s.unit for s in some)


def _returned_at(reviews: Iterable[Review]) -> str:
    return max((r.at for r in reviews if r.result == filings.RETURN), default="")


def _first_day(instants: Iterable[str]) -> date | None:
    """The local day of the earliest instant; unknown ones are passed over."""
    earliest = min((at for at in instants if at), default=None)
    return None if earliest is None else local_moment(earliest).date()


def _missing(
    plan: Plan,
    overview: Overview,
    contacts: Mapping[str, Mapping[str, str]],
    on: date,
) -> tuple[Missing, ...]:
    period = overview.period
    assert period is not None
    earlier = previous(overview.periods, period)
    found = []
    for status in overview.statuses:
        if status.state != filings.MISSING:
            continue
        contact = contacts.get(status.unit, {})
        days = status.lateness.days
        before = None
        if earlier is not None:
            answered = overview.reviews.get((status.unit, earlier.name), ())
            before = min((r.received for r in answered if r.received is not None), default=None)
        found.append(
            Missing(
                status.unit,
                days,
                contact.get("clerk", ""),
                contact.get("phone", ""),
                before,
                earlier is not None,
                reminder_text(plan, period, status.unit, days, on),
            )
        )
    return tuple(sorted(found, key=lambda m: -m.days))


def reminder_text(plan: Plan, period: Period, unit: str, days: int, on: date) -> str:
    """催报: what the office sends a unit that has not reported; `days` after 应报日, 0 before it."""
    name = plan.naming(plan.unit_by_id[unit], period.last)[0]
    span = f"{_day(period.first)}至{_day(period.last)}"
    if days:
        state = f"应于{_day(period.due)}前报送，到{_day(on)}已逾期{days}天，尚未收到贵单位的报表。请抓紧"
    else:
        state = f"请于{_day(period.due)}前报送，目前尚未收到贵单位的报表。请按时"
    owner = next((u.name for u in plan.units if u.part == "owner"), plan.document.issuer)
    return (
        f"{name}：\n"
        f"《{plan.document.short_title}》{span}的进展情况{state}填报、盖章，并把导出的副本和盖章的纸质表一并报来。\n"
        f"{owner}\n{_day(on)}"
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# -- at a unit ----------------------------------------------------------------------------------------------


def _at_unit(ledger: Ledger, overview: Overview) -> tuple[Waiting, ...]:
    unit, period, plan = ledger.unit, overview.period, ledger.plan()
    every_filing, every_review = overview.filings, overview.reviews
    assert period is not None
    filing = every_filing.get((unit, period.name))
    back = returned_tasks(filing, every_review.get((unit, period.name), ()))
    matters = plan.matters_of(unit)
    returned = matters if back is None else tuple(t for t in matters if t in back)
    try:
        state = form_state(ledger, unit, period.name)
    except RuleBroken:  # a draft that cannot be read any more is told on the form's own page
        unanswered, draft = matters, True
    else:
        unanswered = tuple(m.task for m in state.form.matters if m.answer.kind is None)
        draft = state.draft_saved is not None
    done = filing is not None and filing.submitted and not draft

    def state_of(name: str) -> str:
        return filing_state(every_filing.get((unit, name)), every_review.get((unit, name), ()))

    to_submit = tuple(
        p.name
        for p in overview.periods
        if (not p.closed and state_of(p.name) in _STILL_TO_SUBMIT) or (p.name == period.name and draft)
    )
    return (
        Waiting(TO_FILL, () if done else unanswered, of=len(matters)),
        Waiting(TO_SUBMIT, to_submit),
        Waiting(RETURNED, returned, _first_day([_returned_at(every_review.get((unit, period.name), ()))])),
    )


def _own(unit: str, overview: Overview) -> tuple[OwnPeriod, ...]:
    """Latest period first."""
    found = []
    for period in overview.periods:
        filing, reviews = overview.filings.get((unit, period.name)), overview.reviews.get((unit, period.name), ())
        state = filing_state(filing, reviews)
        returns = sorted((r for r in reviews if r.result == filings.RETURN), key=lambda r: r.at)
        reason = returns[-1].reason if state == filings.RETURNED and returns else ""
        found.append(OwnPeriod(period, state, reason))
    return tuple(reversed(found))


# -- what is worst ------------------------------------------------------------------------------------------


def worst_first(plan: Plan, gauges: Iterable[Gauge], matrix: Matrix) -> tuple[Urgent, ...]:
    """需要协调: gauges and ◎ cells that are below the floor, overdue or behind, worst first, gauges before cells.

    A cell whose state comes from a gauge already listed is not listed again.
    """
    listed = [g for g in gauges if g.state in _URGENT]
    by_gauge = {(g.task, g.reporting_unit, g.state) for g in listed}
    cells = [
        c for c in matrix.cells if c.role == LEAD and c.state in _URGENT and (c.task, c.unit, c.state) not in by_gauge
    ]
    found: list[Gauge | Cell] = [*listed, *cells]
    names = {u.id: u.short for u in matrix.units}
    return tuple(
        _urgent_gauge(plan, one, names) if isinstance(one, Gauge) else _urgent_cell(plan, one, names)
        for one in sorted(found, key=lambda one: _URGENT.index(one.state))[:URGENT_AT_MOST]
    )


def _urgent_gauge(plan: Plan, gauge: Gauge, names: Mapping[str, str]) -> Urgent:
    actual, unit = gauge.actual, gauge.unit

    def number(value: Decimal, provisional: bool) -> str:
        return marked(f" {shown_number(value)} {unit}", provisional)

    said = gauge.short if actual is None else gauge.short + number(actual, gauge.actual_provisional)
    if gauge.state == states.BELOW_FLOOR and actual is not None and gauge.to_reach is not None:
        said += f"，比底线少{number(gauge.to_reach - actual, gauge.provisional)}"
    elif gauge.state == states.OVERDUE and gauge.to_reach is not None:
        said += f"，到期未达{number(gauge.to_reach, gauge.aim_provisional)}"
    elif gauge.pace is not None:
        said += f"，序时应有{number(gauge.pace, gauge.aim_provisional)}"
    reporting = names.get(gauge.reporting_unit, "")
    if not reporting and gauge.reporting_unit in plan.unit_by_id:
        reporting = plan.unit_by_id[gauge.reporting_unit].short
    of = "总目标" if gauge.task == HEADLINE else f"任务 {gauge.task}"
    assumed = "（待明确）" if gauge.reporting_assumed else ""
    note = f"{gauge.id} · {of} · {reporting}填报{assumed}"
    return Urgent(gauge.state, said, note, target=gauge.id, provisional=gauge.provisional)


def _urgent_cell(plan: Plan, cell: Cell, names: Mapping[str, str]) -> Urgent:
    task = plan.task_by_id[cell.task]
    text = f"{task.short}：{names.get(cell.unit, cell.unit)}{marked(cell.word, cell.provisional)}"
    note = f"任务 {cell.task} · {cell.why.removeprefix('单位答复：')}"
    return Urgent(cell.state, text, note, task=cell.task, unit=cell.unit, provisional=cell.provisional)
