"""Subsidies B1–B9: who may be eligible and why not, what was asked and paid, double payment, exposure. Amounts in 万元.

What the plan leaves open (payer, window, stacking) stays 待明确: it is said beside the answer and blocks nothing.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ganzhou_desktop.domain.applications import AMOUNTS, APPLIED, PAID, RECEIVED, REFUSED, Application
from ganzhou_desktop.domain.conditions import read_conditions
from ganzhou_desktop.domain.plan import Figure, Plan, Subsidy
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.domain.records import DELETED
from ganzhou_desktop.domain.registers import Entry, day_of
from ganzhou_desktop.domain.typed import half_width, value_text

MET, FAILED, OPEN = "met", "failed", "open"
CHECK_WORDS = {MET: "符合", FAILED: "不符合", OPEN: "待明确"}
NO_REGISTER = "这项补助不看台账里的登记；达没达到标准，看省、市文件。"
"""What is said of every candidate for a subsidy that looks at no register."""


@dataclass(frozen=True, slots=True)
class Check:
    """One condition looked at: met, failed, or open where the plan does not say."""

    what: str
    result: str
    why: str


@dataclass(frozen=True, slots=True)
class Eligibility:
    """One entry held against one subsidy; what is open is for 区财政局 to say."""

    subsidy: str
    checks: tuple[Check, ...]

    @property
    def verdict(self) -> str:
        """FAILED when a condition fails, MET when some are met and none fails, else OPEN: nothing could be checked."""
        results = {check.result for check in self.checks}
        return FAILED if FAILED in results else MET if MET in results else OPEN

    @property
    def eligible(self) -> bool:
        return self.verdict == MET


def standard(plan: Plan, subsidy: Subsidy) -> Figure | None:
    """The amount's figure (标准额); None where the plan states none."""
    return plan.figure_by_id.get(subsidy.figure)


def unsettled(plan: Plan, figure: Figure) -> bool:
    """Whether a figure is only reckoned with for now: still 待核定, or two offices confirmed different values."""
    return figure.state != "confirmed" or figure.id in plan.contested


def check_entry(plan: Plan, subsidy: Subsidy, entry: Entry, on: date) -> Eligibility:
    """Whether an entry meets a subsidy's conditions on a day, one by one, with what the plan leaves open."""
    left_open = [Check("方案没有写明", OPEN, text) for text in subsidy.open]
    if not subsidy.registers:
        return Eligibility(subsidy.id, (Check("资格", OPEN, NO_REGISTER), *left_open))
    if entry.register not in subsidy.registers:
        kept = "、".join(plan.register_by_id[r].short for r in subsidy.registers)
        return Eligibility(subsidy.id, (Check("登记在哪本台账", FAILED, f"这项补助看的是{kept}。"), *left_open))
    columns = {c.name: c for c in plan.columns_by_register.get(entry.register, ())}
    checks = []
    failing = set()
    for condition in read_conditions(subsidy.where):
        column = columns.get(condition.column)
        title = column.title if column is not None else condition.column
        value = entry.values.get(condition.column)
        shown = (value_text(column, value) if column is not None else str(value or "")) or "没有填"
        wanted = (
            f"{'不应为' if condition.negated else '应为'}{'或'.join(condition.values)}" if condition.values else "要填"
        )
        held = condition.holds(entry.values)
        failing |= set() if held else {condition.column}
        checks.append(Check(title, MET if held else FAILED, f"{wanted}，现为：{shown}。"))
    if subsidy.recognised and subsidy.recognised not in failing:
        checks.append(
            _window(subsidy, columns[subsidy.recognised].title if subsidy.recognised in columns else "日期", entry)
        )
    checks += _in_force(plan, subsidy, entry, on)
    return Eligibility(subsidy.id, (*checks, *left_open))


def _in_force(plan: Plan, subsidy: Subsidy, entry: Entry, on: date) -> Iterator[Check]:
    """Nobody is paid for what has not begun or is over; in the year in which it ended, a yearly one is asked about."""
    register = plan.register_by_id[entry.register]
    titles = {c.name: c.title for c in plan.columns_by_register.get(entry.register, ())}
    begun, ended = day_of(entry.values, register.starts), day_of(entry.values, register.ends)
    if begun is not None and begun > on:
        yield Check(titles.get(register.starts, register.starts), FAILED, f"{begun}，到 {on} 还没有到。")
    if ended is not None and ended <= on:
        this_year = subsidy.per_year and ended.year == on.year
        yield Check(
            titles.get(register.ends, register.ends),
            OPEN if this_year else FAILED,
            f"{ended}；当年还享受不享受，方案没有写。" if this_year else f"{ended}，到 {on} 已经失效。",
        )


def _window(subsidy: Subsidy, title: str, entry: Entry) -> Check:
    day = day_of(entry.values, subsidy.recognised)
    if day is None:
        return Check(title, FAILED, f"“{title}”没有填。")
    if subsidy.since is None and subsidy.until is None:
        return Check(title, OPEN, f"{day} 认定；“新认定”从哪天算起，方案没有写。")
    late, early = subsidy.until is not None and day > subsidy.until, subsidy.since is not None and day < subsidy.since
    span = f"{subsidy.since or '方案起'} 至 {subsidy.until or '方案止'}"
    return Check(title, FAILED if late or early else MET, f"{day}，时限为 {span}。")


# -- doubles and stacking ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clash:
    """Applications that together look like paying twice; `sure` where the plan (or a decision on it) forbids it."""

    applications: tuple[Application, ...]
    why: str
    sure: bool


def same_beneficiary(application: Application) -> str:
    """What tells one beneficiary from another: its name without blanks and full-width forms."""
    return half_width(application.beneficiary).replace(" ", "").lower()


def clashes(plan: Plan, applications: Iterable[Application]) -> tuple[Clash, ...]:
    """疑似重复补助: the same subsidy twice for one beneficiary (and year), or two that may not be stacked."""
    by_name: dict[str, list[Application]] = {}
    for application in applications:
        refused = any(step.result == REFUSED for step in application.steps.values())  # nothing will be paid for it
        if application.subsidy and same_beneficiary(application) and not refused:
            by_name.setdefault(same_beneficiary(application), []).append(application)
    found = []
    for held in by_name.values():
        found += _twice(plan, held)
        found += _stacked(plan, held)
    return tuple(found)


def _twice(plan: Plan, held: Sequence[Application]) -> list[Clash]:
    same: dict[tuple[str, int | None, str], list[Application]] = {}
    for a in held:
        subsidy = plan.subsidy_by_id.get(a.subsidy)
        year = a.year if subsidy is None or subsidy.per_year else None
        # Two things of one body (two incubators) are two subsidies: the entry tells them apart.
        same.setdefault((a.subsidy, year, a.entry), []).append(a)
    found = [
        Clash(
            tuple(group), f"{subsidy} 对同一受益对象{f'（{year} 年）' if year else ''}申报了 {len(group)} 次", sure=True
        )
        for (subsidy, year, _), group in same.items()
        if len(group) > 1
    ]
    apart: dict[tuple[str, int | None], list[Application]] = {}
    for (subsidy_id, year, _), group in same.items():
        apart.setdefault((subsidy_id, year), []).append(group[0])
    for (subsidy_id, _), some in apart.items():
        if len(some) > 1 and (len({a.unit for a in some}) > 1 or not all(a.entry for a in some)):
            why = f"{subsidy_id} 由不同单位或从不同登记为同名的受益对象申报了 {len(some)} 次，可能是同一件"
            found.append(Clash(tuple(some), why, sure=False))
    return found


def _stacked(plan: Plan, held: Sequence[Application]) -> list[Clash]:
    found = []
    for place, one in enumerate(held):
        for other in held[place + 1 :]:
            if one.subsidy == other.subsidy:
                continue
            first, second = plan.subsidy_by_id.get(one.subsidy), plan.subsidy_by_id.get(other.subsidy)
            if first is None or second is None:
                continue
            if second.id in first.excludes or first.id in second.excludes:
                found.append(Clash((one, other), f"{first.id} 和 {second.id} 不能同时享受", sure=True))
            elif one.entry and one.entry == other.entry:
                why = f"同一条登记同时申报 {first.id} 和 {second.id}，能否同时享受方案没有写（待明确）"
                found.append(Clash((one, other), why, sure=False))
    return found


# -- sums --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sums:
    """标准额, 申请额, 批复额, 拨付额, 到账额 of some applications: kept apart, never added up with one another."""

    count: int
    standard: Decimal
    amounts: Mapping[str, Decimal]
    doubtful: bool
    """Whether a standard in it is unsettled, or what is applied for is 两处不一致."""
    differing: frozenset[str] = frozenset()
    """Amounts in which two PCs differ, or of an application that one of them deleted."""


def sums(plan: Plan, applications: Iterable[Application]) -> Sums:
    """The sums of applications."""
    held = tuple(applications)
    total, doubtful = Decimal(0), False
    for application in held:
        subsidy = plan.subsidy_by_id.get(application.subsidy)
        figure = None if subsidy is None else standard(plan, subsidy)
        if figure is not None and figure.effective is not None:
            total += figure.effective
            doubtful = doubtful or unsettled(plan, figure)
        doubtful = doubtful or not application.contested.isdisjoint(("subsidy", DELETED))
    amounts = {name: sum((a.amounts[name].value for a in held if name in a.amounts), Decimal(0)) for name in AMOUNTS}
    differing = {n for n in AMOUNTS for a in held if a.differs(n) or (n in a.amounts and DELETED in a.contested)}
    return Sums(len(held), total, amounts, doubtful, frozenset(differing))


def odd_amounts(plan: Plan, application: Application) -> tuple[str, ...]:
    """What does not fit together in one application's amounts, one sentence each."""
    held = {name: application.amounts[name].value for name in AMOUNTS if name in application.amounts}
    words = {"applied": "申请额", "approved": "批复额", "paid": "拨付额", "received": "到账额"}
    found = []
    order = [name for name in AMOUNTS if name in held]
    for earlier, later in itertools.pairwise(order):
        if held[later] > held[earlier]:
            found.append(f"{words[later]}比{words[earlier]}大，请核对。")
    subsidy = plan.subsidy_by_id.get(application.subsidy)
    figure = None if subsidy is None else standard(plan, subsidy)
    if figure is not None and figure.effective is not None and held.get(APPLIED, Decimal(0)) > figure.effective:
        doubt = "（标准额待核定）" if unsettled(plan, figure) else ""
        found.append(f"申请额比标准额{doubt}大，请核对。")
    if PAID in held and RECEIVED in held and held[RECEIVED] < held[PAID]:
        found.append("到账额比拨付额小，差额请问清去向。")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Exposure:
    """What one subsidy would cost if the targets it follows from were met as printed."""

    subsidy: str
    count: Decimal | None
    """None where the plan names no number of beneficiaries."""
    amount: Decimal | None
    formula: str
    doubtful: bool


def exposures(plan: Plan) -> tuple[Exposure, ...]:
    """Every subsidy's exposure, in plan order; what cannot be reckoned says why."""
    found = []
    for subsidy in plan.subsidies:
        figure = standard(plan, subsidy)
        counts = [plan.figure_by_id.get(target) for target in subsidy.targets]
        known = [f for f in counts if f is not None and f.effective is not None]
        doubtful = any(unsettled(plan, f) for f in (*known, *([figure] if figure is not None else [])))
        if figure is None or figure.effective is None:
            found.append(Exposure(subsidy.id, None, None, "方案没有写金额（待明确）", doubtful))
            continue
        if not known:
            found.append(Exposure(subsidy.id, None, None, "方案没有写受益对象的数量（待明确）", doubtful))
            continue
        number = sum((f.effective for f in known if f.effective is not None), Decimal(0))
        counted = "＋".join(f"{f.id} {f.effective}{f.unit}" for f in known)
        amount = number * figure.effective
        differ = any(f.id in plan.contested for f in (*known, figure))
        formula = marked(f"{counted} × {figure.effective}万元 = {amount}万元", differ)
        found.append(Exposure(subsidy.id, number, amount, formula, doubtful))
    return tuple(found)


def questions(plan: Plan) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """提请区财政局明确: (subsidy id, what the plan leaves open), subsidies without open points left out."""
    return tuple((s.id, s.open) for s in plan.subsidies if s.open)
