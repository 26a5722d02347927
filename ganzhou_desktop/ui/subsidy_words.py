"""How applications and subsidies are told, on screen, on paper and in workbooks: state, step, amounts with ※ 待核定, sums."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ganzhou_desktop.domain.applications import (
    AMOUNTS,
    DRAFTING,
    FINISHED,
    NOT_SUPPORTED,
    SENT_BACK,
    STATE_WORDS,
    UNDER_WAY,
    Application,
)
from ganzhou_desktop.domain.plan import Figure, Plan, Subsidy
from ganzhou_desktop.domain.provisional import CONTESTED, marked
from ganzhou_desktop.domain.subsidies import Exposure, Sums, standard, unsettled
from ganzhou_desktop.services.applications import ApplicationsView, Row
from ganzhou_desktop.ui.texts import NO_VALUE, number_text, short_date

DOUBTFUL = CONTESTED
"""Marks an amount whose printed figure is still 待核定; the same sign as of 两处不一致, both are settled later."""
_SHAPES = {DRAFTING: "○", UNDER_WAY: "▷", SENT_BACK: "←", NOT_SUPPORTED: "×", FINISHED: "★"}

BY_SUBSIDY, BY_UNIT, BY_YEAR, BY_PAYER = "subsidy", "unit", "year", "payer"
WAYS = ((BY_SUBSIDY, "按补助"), (BY_UNIT, "按单位"), (BY_YEAR, "按年度"), (BY_PAYER, "按支付方"))


def state_text(row: Row) -> str:
    """▷ 办理中, with its shape."""
    return f"{_SHAPES[row.standing.state]} {STATE_WORDS[row.standing.state]}"


def step_text(row: Row) -> str:
    """The step it waits at, and since when it is late."""
    if row.standing.step is None:
        return NO_VALUE
    late = row.standing.late_since
    return f"{row.standing.step.name}{f'（应于{short_date(late)}办，已逾期）' if late is not None else ''}"


def purpose(plan: Plan, application: Application) -> str:
    """What is applied for: the subsidy, else the upper level's scheme, else what was typed."""
    subsidy = plan.subsidy_by_id.get(application.subsidy)
    words = f"{subsidy.id} {subsidy.beneficiary}" if subsidy is not None else application.programme
    return "　".join(part for part in (words, application.title) if part) or NO_VALUE


def remark_text(row: Row) -> str:
    """What is to be looked at, in a word."""
    return "两处不一致" if row.application.contested else "请核对" if row.odd else ""


def amount_text(application: Application, name: str) -> str:
    """An amount in 万元, with ※ while two PCs differ; empty while there is none."""
    amount = application.amounts.get(name)
    return marked("" if amount is None else number_text(amount.value), application.differs(name))


def money(value: Decimal | None, *, doubtful: bool = False) -> str:
    """1.5, with ※ where it rests on a figure that is 待核定, or is 两处不一致."""
    return NO_VALUE if value is None else marked(number_text(value), doubtful)


def figure_money(plan: Plan, figure: Figure | None) -> str:
    """标准额 of a subsidy."""
    if figure is None or figure.effective is None:
        return "没有写"
    return money(figure.effective, doubtful=unsettled(plan, figure))


def differing(plan: Plan, applications: Iterable[Application]) -> bool:
    """Whether ※ may also mean 两处不一致 here, beside 待核定."""
    figures = {name for s in plan.subsidies for name in (s.figure, *s.targets)}
    return not figures.isdisjoint(plan.contested) or any(a.contested for a in applications)


def standard_words(plan: Plan, subsidy: Subsidy) -> str:
    """5※ 万元，每家; 方案没有写金额，以项目形式."""
    figure = standard(plan, subsidy)
    stated = figure is not None and figure.effective is not None
    return f"{f'{figure_money(plan, figure)} 万元' if stated else '方案没有写金额'}，{subsidy.basis}"


@dataclass(frozen=True, slots=True)
class SumRow:
    """One line of sums; the subsidy behind it where there is one."""

    name: str
    sums: Sums
    subsidy: Subsidy | None = None
    exposure: Exposure | None = None

    @property
    def standard(self) -> str:
        """标准额 of its applications together."""
        return money(self.sums.standard, doubtful=self.sums.doubtful) if self.sums.count else ""


def sum_names(plan: Plan, a: Application) -> str:
    """The names of the lines of sums it is in, with what is applied for."""
    year = f"{a.year} 年" if a.year is not None else "没有写年度"
    payer = next((a.amounts[n].payer for n in reversed(AMOUNTS) if n in a.amounts and a.amounts[n].payer), "")
    what = "" if a.subsidy else "不是方案里的补助"
    return f"{purpose(plan, a)} {what} {plan.unit_by_id[a.unit].name} {year} {payer or '没有写支付方'}"


def sum_rows(plan: Plan, view: ApplicationsView, way: str) -> list[SumRow]:
    """The sums by subsidy (each of the plan, also without applications), unit, year or payer."""
    if way == BY_SUBSIDY:
        nothing = Sums(0, Decimal(0), dict.fromkeys(AMOUNTS, Decimal(0)), False)
        exposures = {e.subsidy: e for e in view.exposures}
        found = [
            SumRow(f"{s.id} {s.beneficiary}", view.by_subsidy.get(s.id, nothing), s, exposures.get(s.id))
            for s in plan.subsidies
        ]
        return [*found, *([SumRow("不是方案里的补助", view.by_subsidy[""])] if "" in view.by_subsidy else [])]
    names: Mapping[str, Mapping[str, Sums]] = {
        BY_UNIT: {plan.unit_by_id[u].name: s for u, s in view.by_unit.items()},
        BY_YEAR: {f"{y} 年" if y is not None else "没有写年度": s for y, s in view.by_year.items()},
        BY_PAYER: {p or "没有写支付方": s for p, s in view.by_payer.items()},
    }
    return [SumRow(name, sums) for name, sums in names[way].items()]


def exposure_text(view: ApplicationsView) -> str:
    """目标全部完成约需, and what cannot be reckoned."""
    known = [e.amount for e in view.exposures if e.amount is not None]
    whole = money(sum(known, Decimal(0)), doubtful=any(e.doubtful for e in view.exposures if e.amount is not None))
    return f"目标全部完成约需 {whole} 万元，另有 {len(view.exposures) - len(known)} 项方案没有写金额或数量"
