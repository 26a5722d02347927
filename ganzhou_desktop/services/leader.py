"""领导一页纸: what is worst, whom it waits for, what is to be coordinated and whom to call; five matters at most."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ganzhou_desktop.domain import filings, states
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.gauges import Gauge
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services.contacts import all_contacts
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.overview import Urgent, worst_first
from ganzhou_desktop.services.views import Overview, read_overview

ASK_LIMIT = 60
"""Characters of a unit's own words: a leader reads a line, the ledger has the rest."""
NOT_SAID = "单位没有写存在的问题，请先了解原因"


@dataclass(frozen=True, slots=True)
class LeaderItem:
    """One matter: its state, what it is, the unit it waits for, what that unit asks for, whom to call.

    `assumed`: the plan does not say that it is this unit's; `unit` is empty when nobody reports it.
    """

    state: str
    text: str
    unit: str
    assumed: bool
    ask: str
    contact: str
    opens: Urgent


@dataclass(frozen=True, slots=True)
class LeaderPage:
    """The page.  `headline`: (state, how many headline targets are in it); `missing`: who has not reported."""

    region: str
    plan_title: str
    period: Period
    on: date
    items: tuple[LeaderItem, ...]
    headline: tuple[tuple[str, int], ...]
    asked: int
    missing: tuple[str, ...]
    demo: bool = False
    partial: bool = False
    doubtful: frozenset[str] = frozenset()
    """States that a headline target is in only for now, as one of its numbers is 两处不一致."""

    @property
    def provisional(self) -> bool:
        """Whether anything on the page bears ※."""
        return bool(self.doubtful) or any(item.opens.provisional for item in self.items)


def read_leader_page(ledger: Ledger, period_name: str | None, on: date) -> LeaderPage:
    """The page for a period, in a fixed number of statements; RuleBroken before the first period is opened."""
    overview = read_overview(ledger, period_name, on)
    if overview.period is None or overview.matrix is None:
        raise RuleBroken("no_period", "还没有开始任何一个期次，没有可以汇报的内容；请先在“设置”里开期次。")
    plan = ledger.plan()
    contacts = all_contacts(ledger)
    period = overview.period
    names = {unit.id: plan.naming(unit, period.last)[1] for unit in plan.units}
    urgent = worst_first(plan, overview.gauges, overview.matrix)
    gauges = {gauge.id: gauge for gauge in overview.gauges}
    headlines = [gauge for gauge in overview.gauges if plan.target_by_id[gauge.id].headline]
    headline = Counter(gauge.state for gauge in headlines)
    return LeaderPage(
        plan.document.region,
        plan.document.title,
        period,
        on,
        tuple(_item(plan, overview, u, gauges.get(u.target), names, contacts) for u in urgent),
        tuple(sorted(headline.items(), key=lambda pair: states.severity(pair[0]))),
        len(overview.statuses),
        tuple(names[s.unit] for s in overview.statuses if s.state == filings.MISSING),
        plan.document.demo,
        not ledger.office,
        frozenset(gauge.state for gauge in headlines if gauge.provisional),
    )


def _item(
    plan: Plan,
    overview: Overview,
    urgent: Urgent,
    gauge: Gauge | None,
    names: Mapping[str, str],
    contacts: Mapping[str, Mapping[str, str]],
) -> LeaderItem:
    unit = urgent.unit if gauge is None else gauge.reporting_unit
    task = urgent.task if gauge is None else gauge.task
    return LeaderItem(
        urgent.state,
        urgent.text,
        names.get(unit, ""),
        gauge is not None and gauge.reporting_assumed,
        _ask(overview, unit, task),
        _contact(contacts.get(unit, {})),
        urgent,
    )


def _ask(overview: Overview, unit: str, task: str) -> str:
    """What the unit itself wrote under 存在问题, shortened."""
    assert overview.period is not None
    filing = overview.filings.get((unit, overview.period.name))
    if filing is None or not filing.submitted:
        return "本期还没有报，请催报"
    answer = filing.answers.get(task)
    said = " ".join((answer.problems if answer is not None else "").split())
    if not said:
        return NOT_SAID
    return said if len(said) <= ASK_LIMIT else said[: ASK_LIMIT - 1] + "…"


def _contact(names: Mapping[str, str]) -> str:
    """One person and a number: the head if entered, else the clerk."""
    person = names.get("head") or names.get("clerk") or ""
    return " ".join(word for word in (person, names.get("phone", "")) if word) or "联系人未登记"
