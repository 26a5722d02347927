"""How applications and subsidies are told: state words with a shape, step with its lateness, amounts with ※ 待核定."""

from decimal import Decimal

from ganzhou_desktop.domain.applications import (
    AMOUNT_WORDS,
    DRAFTING,
    FINISHED,
    NOT_SUPPORTED,
    SENT_BACK,
    STATE_WORDS,
    UNDER_WAY,
    Application,
)
from ganzhou_desktop.domain.plan import Figure, Plan
from ganzhou_desktop.services.applications import Row
from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.texts import NO_VALUE, number_text, short_date

LATE = "late"
FILTERS = {
    "all": "全部",
    DRAFTING: STATE_WORDS[DRAFTING],
    UNDER_WAY: STATE_WORDS[UNDER_WAY],
    LATE: "逾期",
    SENT_BACK: STATE_WORDS[SENT_BACK],
    NOT_SUPPORTED: STATE_WORDS[NOT_SUPPORTED],
    FINISHED: STATE_WORDS[FINISHED],
}
_SHAPES = {DRAFTING: "○", UNDER_WAY: "▷", SENT_BACK: "↩", NOT_SUPPORTED: "×", FINISHED: "★"}
DOUBTFUL = "※"
"""Marks an amount whose printed figure is still 待核定."""


def is_in(row: Row, wanted: str) -> bool:
    """Whether a filter lets an application through."""
    if wanted == LATE:
        return row.standing.late_since is not None
    return wanted in ("all", row.standing.state)


def state_text(row: Row) -> str:
    """▷ 办理中, with its shape."""
    return f"{_SHAPES[row.standing.state]} {STATE_WORDS[row.standing.state]}"


def step_text(row: Row) -> str:
    """The step it waits at, and since when it is late."""
    if row.standing.step is None:
        return NO_VALUE
    late = row.standing.late_since
    return f"{row.standing.step.name}{f'（应于{short_date(late)}办，已逾期）' if late is not None else ''}"


def step_colour(row: Row) -> str | None:
    return colours.ERROR if row.standing.late_since is not None else None


def purpose(plan: Plan, application: Application) -> str:
    """What is applied for: the subsidy, else the upper level's scheme, else what was typed."""
    subsidy = plan.subsidy_by_id.get(application.subsidy)
    words = f"{subsidy.id} {subsidy.beneficiary}" if subsidy is not None else application.programme
    return "　".join(part for part in (words, application.title) if part) or NO_VALUE


def amount_text(application: Application, name: str) -> str:
    """An amount in 万元; empty while there is none."""
    amount = application.amounts.get(name)
    return "" if amount is None else number_text(amount.value)


def money(value: Decimal | None, *, doubtful: bool = False) -> str:
    """1.5, with ※ where it rests on a figure that is 待核定."""
    return NO_VALUE if value is None else f"{number_text(value)}{DOUBTFUL if doubtful else ''}"


def figure_money(figure: Figure | None) -> str:
    """标准额 of a subsidy."""
    if figure is None or figure.effective is None:
        return "没有写"
    return money(figure.effective, doubtful=figure.state != "confirmed")


AMOUNT_TITLES = tuple(AMOUNT_WORDS.items())
