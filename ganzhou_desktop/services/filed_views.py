"""What the matrix page and the review page look at: each one read of a fixed number of statements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ganzhou_desktop.domain import filings as filed
from ganzhou_desktop.domain.filings import Answer, Filing, Proof, Review
from ganzhou_desktop.domain.forms import FILED, mode_of
from ganzhou_desktop.domain.gauges import Gauge
from ganzhou_desktop.domain.matrix import Matrix, cell_state, returned_tasks
from ganzhou_desktop.domain.matrix_changes import Change, changes
from ganzhou_desktop.domain.periods import Period, previous
from ganzhou_desktop.domain.plan import HEADLINE, Plan, Role, Target
from ganzhou_desktop.services.contacts import all_contacts
from ganzhou_desktop.services.filing import read_filings
from ganzhou_desktop.services.history import read_history
from ganzhou_desktop.services.judging import held_units, judge
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.periods import choose, list_periods, shown_period
from ganzhou_desktop.services.reviewing import UnitStatus, arrived_on, read_reviews, statuses_of
from ganzhou_desktop.services.standing import why_cannot_write
from ganzhou_desktop.services.views import matrix_of


@dataclass(frozen=True, slots=True)
class MatrixView:
    """The matrix of a period with everything a cell of it opens into; `filings` and the rest by unit id."""

    plan: Plan
    periods: tuple[Period, ...]
    period: Period
    matrix: Matrix
    gauges: tuple[Gauge, ...]
    filings: Mapping[str, Filing]
    reviews: Mapping[str, tuple[Review, ...]]
    contacts: Mapping[str, Mapping[str, str]]
    held: frozenset[str] | None
    """Units whose filings lie here, None for all."""
    compared: Period | None = None
    """The earlier period it is held against."""
    changes: Mapping[tuple[str, str], Change] = field(default_factory=dict)
    """What differs from that one, by (task, unit)."""

    def roles_behind(self, task: str, column: str) -> tuple[Role, ...]:
        """The roles that one cell stands for: several once ended units stand in their successor's column."""
        on = date.fromisoformat(self.matrix.as_of)
        units = self.plan.unit_by_id
        return tuple(
            r for r in self.plan.roles if r.task == task and self.plan.standing_in(units[r.unit], on).id == column
        )

    def gauges_of(self, task: str, unit: str) -> tuple[Gauge, ...]:
        """The gauges of the numbers this unit reports within this task."""
        return tuple(g for g in self.gauges if g.task == task and g.reporting_unit == unit)


def read_matrix_view(
    ledger: Ledger, period_name: str | None = None, as_of: date | None = None, against: str | None = None
) -> MatrixView | None:
    """The matrix of a period (the latest when that one is not open); None before any period is opened.

    `against`: the earlier period to compare with; one that is not open or not earlier compares with nothing.
    """
    periods = list_periods(ledger)
    period = shown_period(periods, period_name)
    if period is None:
        return None
    plan, held = ledger.plan(), held_units(ledger)
    judged = judge(ledger, periods, period)
    all_reviews = read_reviews(ledger, period.name)
    reviews = {unit: some for (unit, _), some in all_reviews.items()}
    mine = {unit: filing for (unit, name), filing in judged.filings.items() if name == period.name}
    matrix = matrix_of(ledger, period, judged.filings, all_reviews, judged.gauges, as_of)
    earlier = next((p for p in periods if p.name == against and p.last < period.last), None)
    differing: Mapping[tuple[str, str], Change] = {}
    if earlier is not None:
        then = judge(ledger, periods, earlier)
        # As of the same day, so that both have the same columns.
        before = matrix_of(ledger, earlier, then.filings, {}, then.gauges, as_of or period.last)
        differing = changes(matrix, before)
    return MatrixView(
        plan, periods, period, matrix, judged.gauges, mine, reviews, all_contacts(ledger), held, earlier, differing
    )


@dataclass(frozen=True, slots=True)
class ReviewList:
    """Where every unit stands in a period, with its contact persons."""

    periods: tuple[Period, ...]
    period: Period
    statuses: tuple[UnitStatus, ...]
    contacts: Mapping[str, Mapping[str, str]]
    why_not: str
    """Why nothing can be answered on this PC, empty when it can."""


def read_review_list(ledger: Ledger, period_name: str | None, on: date) -> ReviewList | None:
    """The units of a period for reviewing; `on` is the day by which 逾期 of missing filings is counted."""
    ledger.needs_office()
    periods = list_periods(ledger)
    period = shown_period(periods, period_name)
    if period is None:
        return None
    filings, reviews = read_filings(ledger, period.name), read_reviews(ledger, period.name)
    statuses = statuses_of(ledger, period, on, filings, reviews)
    return ReviewList(periods, period, statuses, all_contacts(ledger), why_cannot_write(ledger))


@dataclass(frozen=True, slots=True)
class NumberView:
    """One number of a matter: `before` up to the period before, `value` as filed now, `gauge` with it counted in."""

    target: Target
    before: Decimal | None
    value: Decimal | None
    gauge: Gauge
    provisional: bool
    before_provisional: bool = False
    counted: Decimal | None = None
    """What the registers made of it when it was submitted; None where they did not."""


@dataclass(frozen=True, slots=True)
class MatterView:
    """One matter as filed, with what the unit said the period before; `state` is empty for the headline targets."""

    task: str
    role: Role | None
    state: str
    why: str
    answer: Answer | None
    earlier: Answer | None
    numbers: tuple[NumberView, ...]
    proofs: tuple[Proof, ...]
    returned: bool
    """Returned by an answer to the current filing, alone or with the whole."""
    provisional: bool


@dataclass(frozen=True, slots=True)
class Round:
    """One thing that happened to a submission: `what` is submit, withdraw, accept or return."""

    at: str
    what: str
    author: str
    text: str
    tasks: tuple[str, ...] = ()
    number: int = 0
    received: date | None = None


SUBMITTED, WITHDRAWN = "submit", "withdraw"


@dataclass(frozen=True, slots=True)
class UnitReview:
    """One unit's filing as the office reads it."""

    unit: str
    period: Period
    earlier: Period | None
    filing: Filing | None
    matters: tuple[MatterView, ...]
    rounds: tuple[Round, ...]
    received: date | None
    """收到日 as written, else the day offered; None while nothing is filed."""


def read_unit_review(ledger: Ledger, unit: str, period_name: str) -> UnitReview:
    """A unit's filing matter by matter, beside what it filed the period before."""
    ledger.needs_office()
    periods = list_periods(ledger)
    period = choose(periods, period_name)
    before = previous(periods, period)
    plan = ledger.plan()
    mine = read_filings(ledger, unit=unit)
    filing = mine.get((unit, period.name))
    reviews = read_reviews(ledger, period.name).get((unit, period.name), ())
    now = judge(ledger, periods, period).gauges
    then = judge(ledger, periods, before).gauges if before is not None else ()
    earlier = mine.get((unit, before.name)) if before is not None else None
    received = None
    if filing is not None and filing.submitted:
        written = [r.received for r in reviews if r.received is not None and r.filing in filing.ids]
        received = max(written) if written else arrived_on(ledger, filing)
    return UnitReview(
        unit,
        period,
        before,
        filing,
        tuple(_matter(plan, period, unit, task, filing, earlier, reviews, now, then) for task in plan.matters_of(unit)),
        _rounds(ledger, filing, reviews),
        received,
    )


def _matter(
    plan: Plan,
    period: Period,
    unit: str,
    task: str,
    filing: Filing | None,
    earlier: Filing | None,
    reviews: tuple[Review, ...],
    now: tuple[Gauge, ...],
    then: tuple[Gauge, ...],
) -> MatterView:
    answer = filing.answers.get(task) if filing is not None else None
    before = {g.id: g for g in then}
    mine = [g for g in now if g.task == task and g.reporting_unit == unit]
    role = plan.role_by_cell.get((task, unit))
    state = why = ""
    if role is not None and task != HEADLINE:
        submitted = filing is not None and filing.submitted
        state, why = cell_state(role.kind, answer, mine, period.last, filed=submitted, held=True)
    contested = filing.contested if filing is not None else frozenset()
    values = filing.measurements if filing is not None else {}
    counted = filing.counted if filing is not None else {}
    returned = returned_tasks(filing, reviews)
    numbers = tuple(
        NumberView(
            plan.target_by_id[g.id],
            before[g.id].actual if g.id in before else None,
            values.get(g.id),
            g,
            g.id in contested,
            g.id in before and before[g.id].actual_provisional,
            counted.get(g.id),
        )
        for g in mine
    )
    return MatterView(
        task,
        role,
        state,
        why,
        answer,
        earlier.answers.get(task) if earlier is not None else None,
        numbers,
        tuple(p for p in filing.proofs if p.task == task) if filing is not None else (),
        returned is None or task in returned,
        task in contested or any(n.provisional for n in numbers),
    )


def _rounds(ledger: Ledger, filing: Filing | None, reviews: tuple[Review, ...]) -> tuple[Round, ...]:
    """Submissions and answers, earliest first."""
    found = [
        Round(r.at, r.result, r.author, r.reason, tuple(r.tasks), received=r.received)
        for r in reviews
        if r.result in (filed.ACCEPT, filed.RETURN)
    ]
    for entry in read_history(ledger, filing.record) if filing is not None else ():
        if FILED in entry.set:
            said = entry.set[FILED] or {}
            what = SUBMITTED if said else WITHDRAWN
            office = mode_of(said, by_seat=entry.site in ledger.seats()) == "office"
            text = said.get("source") or ("代录" if office else "")
            found.append(Round(entry.at, what, entry.author, text, number=said.get("round") or 0))
    return tuple(sorted(found, key=lambda r: r.at))
