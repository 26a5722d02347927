"""State keys of cells and gauges, their words, and which of several is the worst."""

OK = "ok"
SLOW = "slow"
BEHIND = "behind"
BADLY_BEHIND = "badly_behind"
OVERDUE = "overdue"
BELOW_FLOOR = "below_floor"
DONE = "done"
REACHED = "reached"
NOT_DUE = "not_due"
IDLE = "idle"
NOT_PUBLISHED = "not_published"
NO_BASELINE = "no_baseline"
NOT_FILED = "not_filed"
NOT_APPLICABLE = "not_applicable"
NOT_HELD = "not_held"

WORDS = {
    OK: "正常",
    SLOW: "略慢",
    BEHIND: "滞后",
    BADLY_BEHIND: "严重滞后",
    OVERDUE: "逾期",
    BELOW_FLOOR: "低于底线",
    DONE: "完成",
    REACHED: "已达到",
    NOT_DUE: "未到期",
    IDLE: "无进展",
    NOT_PUBLISHED: "未发布",
    NO_BASELINE: "缺基期",
    NOT_FILED: "未填报",
    NOT_APPLICABLE: "不适用",
    NOT_HELD: "不在本副本",
}

_WORST_FIRST = (
    BELOW_FLOOR,
    OVERDUE,
    BADLY_BEHIND,
    BEHIND,
    NOT_FILED,
    NO_BASELINE,
    NOT_PUBLISHED,
    NOT_HELD,
    SLOW,
    OK,
    NOT_DUE,
    IDLE,
    REACHED,
    DONE,
    NOT_APPLICABLE,
)


_SEVERITY = {state: place for place, state in enumerate(_WORST_FIRST)}


def severity(state: str) -> int:
    """A place in the order from worst to best."""
    return _SEVERITY[state]


def worst(states: list[str]) -> str:
    """The worst of several states; 不适用 for none."""
    return min(states, key=_SEVERITY.__getitem__, default=NOT_APPLICABLE)
