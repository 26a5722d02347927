"""Which applications a filter lets through, what is red about them, and the signs of a check."""

from ganzhou_desktop.domain.applications import DRAFTING, FINISHED, NOT_SUPPORTED, SENT_BACK, STATE_WORDS, UNDER_WAY
from ganzhou_desktop.domain.subsidies import FAILED, MET, OPEN
from ganzhou_desktop.services.applications import Row
from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.texts import date_text, short_date

SIGNS = {MET: "✓", FAILED: "×", OPEN: "？"}
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


def is_in(row: Row, wanted: str) -> bool:
    """Whether a filter lets an application through."""
    if wanted == LATE:
        return row.standing.late_since is not None
    return wanted in ("all", row.standing.state)


def due_text(row: Row) -> str:
    """When the step it waits at is due, and whether that has passed."""
    if row.standing.late_since is not None:
        return f"■ {short_date(row.standing.late_since)} 逾期"
    step = row.standing.step
    state = None if step is None else row.application.steps.get(step.id)
    return "" if state is None or state.due is None else date_text(state.due)


def step_colour(row: Row) -> str | None:
    """Red where the step is late."""
    return colours.ERROR if row.standing.late_since is not None else None
