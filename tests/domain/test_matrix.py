from collections.abc import Iterable
from datetime import date

import pytest

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.filings import (
    ACCEPT,
    NO_PROGRESS,
    NOT_APPLICABLE,
    NOT_PUBLISHED,
    PROGRESS,
    RETURN,
    Answer,
    Filing,
    Review,
)
from ganzhou_desktop.domain.gauges import build_gauges
from ganzhou_desktop.domain.matrix import Cell, Matrix, build_matrix
from ganzhou_desktop.domain.plan import Plan
from tests.domain.plans import Q1_END, figure, filing, period, plan, target, unit

Q1 = period("2018Q1")
UNITS = (unit("kj", 1), unit("gx", 2), unit("cz", 3))
BEFORE, LAST, AFTER = date(2018, 3, 30), Q1_END, date(2018, 4, 20)


def made(kind: str = "cumulative", value: str = "8") -> Plan:
    return plan(UNITS, {"1": ("kj gx", "cz")}, (target("1a", "1", kind),), (figure("1a", value),))


def matrix(
    on: Plan,
    filings: Iterable[Filing] = (),
    reviews: dict[str, tuple[Review, ...]] | None = None,
    held: frozenset[str] | None = None,
    as_of: date = Q1_END,
) -> Matrix:
    by_unit = {f.unit: f for f in filings}
    gauges = build_gauges(on, (Q1,), {(u, "2018Q1"): f for u, f in by_unit.items()}, Q1.last, held)
    return build_matrix(on, Q1, by_unit, reviews or {}, gauges, held, as_of)


def cell(found: Matrix, unit_id: str, task: str = "1") -> Cell:
    return next(c for c in found.cells if (c.task, c.unit) == (task, unit_id))


def answered(unit_id: str, answer: str | Answer | None, numbers: dict[str, str] | None = None) -> Cell:
    return cell(matrix(made(), [filing(unit_id, "2018Q1", {"1": answer}, numbers)]), unit_id)


@pytest.mark.parametrize(
    ("answer", "lead", "support"),
    [
        (None, states.NOT_FILED, states.NOT_FILED),
        (NOT_APPLICABLE, states.NOT_APPLICABLE, states.NOT_APPLICABLE),
        (NOT_PUBLISHED, states.NOT_PUBLISHED, states.NOT_PUBLISHED),
        (PROGRESS, states.OK, states.OK),
        (NO_PROGRESS, states.BEHIND, states.IDLE),
        (Answer(PROGRESS, expected=AFTER), states.BEHIND, states.BEHIND),
        (Answer(NO_PROGRESS, expected=LAST), states.BEHIND, states.BEHIND),
        (Answer(PROGRESS, expected=BEFORE), states.OVERDUE, states.OVERDUE),
        (Answer(NO_PROGRESS, expected=BEFORE), states.OVERDUE, states.OVERDUE),
        (Answer(None, progress="写了一半"), states.NOT_FILED, states.NOT_FILED),
    ],
)
def test_the_unit_s_own_report(answer: str | Answer | None, lead: str, support: str) -> None:
    # gx leads and reports no number, cz supports.
    assert answered("gx", answer).state == lead
    assert answered("cz", answer).state == support
    assert answered("gx", answer).why


def test_nothing_filed() -> None:
    found = matrix(made())
    assert {c.state for c in found.cells} == {states.NOT_FILED}
    assert cell(found, "kj").record is None
    withdrawn = cell(matrix(made(), [filing("gx", "2018Q1", {"1": PROGRESS}, ids=())]), "gx")
    assert (withdrawn.state, withdrawn.record) == (states.NOT_FILED, "r-gx-2018Q1")


def test_a_lead_s_numbers_pull_its_cell_down() -> None:
    # ⌊8 × 184 ÷ 1190⌋ = 1, 0 reached: 12.5 points, behind.
    behind = answered("kj", PROGRESS, {"1a": "0"})
    assert (behind.state, behind.word) == (states.BEHIND, "滞后")
    assert behind.why == "单位答复：有进展。所报指标 1a 目标1a 滞后，取最差的一档。"
    assert answered("kj", PROGRESS, {"1a": "1"}).state == states.OK
    # Only the unit that reports the number answers for it.
    both = matrix(
        made(), [filing("kj", "2018Q1", {"1": PROGRESS}, {"1a": "0"}), filing("gx", "2018Q1", {"1": PROGRESS})]
    )
    assert (cell(both, "kj").state, cell(both, "gx").state) == (states.BEHIND, states.OK)
    assert both.tasks[0].state == states.BEHIND


def test_missing_numbers_do_not_colour_a_cell() -> None:
    assert answered("kj", PROGRESS).state == states.OK
    stock = matrix(made("stock"), [filing("kj", "2018Q1", {"1": PROGRESS}, {"1a": "1"})])
    assert cell(stock, "kj").state == states.OK  # 缺基期


def test_reached_numbers_do_not_hide_a_bad_report() -> None:
    assert answered("kj", PROGRESS, {"1a": "8"}).state == states.DONE
    assert answered("kj", NO_PROGRESS, {"1a": "8"}).state == states.BEHIND
    assert answered("kj", Answer(PROGRESS, expected=AFTER), {"1a": "8"}).state == states.BEHIND
    # A lead that reports no number is never 完成 by itself.
    assert answered("gx", PROGRESS).state == states.OK


def test_a_support_never_counts_towards_the_task() -> None:
    found = matrix(
        made(),
        [
            filing("kj", "2018Q1", {"1": PROGRESS}, {"1a": "2"}),
            filing("gx", "2018Q1", {"1": PROGRESS}),
            filing("cz", "2018Q1", {"1": Answer(NO_PROGRESS, expected=BEFORE)}),
        ],
    )
    assert cell(found, "cz").state == states.OVERDUE
    assert (found.tasks[0].state, found.tasks[0].word) == (states.OK, "正常")


def test_not_held_is_not_missing() -> None:
    own = [filing("cz", "2018Q1", {"1": PROGRESS})]
    found = matrix(made(), own, held=frozenset({"cz"}))
    assert found.partial
    assert [c.state for c in found.cells] == [states.NOT_HELD, states.NOT_HELD, states.OK]
    assert found.tasks[0].state == states.NOT_HELD
    assert not matrix(made(), own).partial


def review(unit_id: str, result: str | None, tasks: dict[str, str], filing_id: str | None = None) -> Review:
    return Review(
        record="v",
        unit=unit_id,
        period="2018Q1",
        filing=filing_id or f"f-{unit_id}-2018Q1",
        result=result,
        reason="",
        tasks=tasks,
        received=None,
        at="",
        author="",
    )


def test_returned() -> None:
    both = plan(UNITS, {"1": ("kj", ""), "2": ("kj", "")})
    current = [filing("kj", "2018Q1", {"1": PROGRESS, "2": PROGRESS})]

    def flags(*reviews: Review) -> list[bool]:
        return [c.returned for c in matrix(both, current, {"kj": reviews}).cells]

    assert flags() == [False, False]
    assert flags(review("kj", ACCEPT, {})) == [False, False]
    assert flags(review("kj", RETURN, {})) == [True, True]
    assert flags(review("kj", RETURN, {"2": "缺佐证"})) == [False, True]
    # A return of an earlier filing no longer counts once the unit filed anew.
    assert flags(review("kj", RETURN, {}, "f-older")) == [False, False]


def test_provisional() -> None:
    def flagged(unit_id: str, *contested: str) -> bool:
        one = filing(unit_id, "2018Q1", {"1": PROGRESS}, contested=frozenset(contested))
        return cell(matrix(made(), [one]), unit_id).provisional

    assert flagged("kj", "1")
    assert flagged("kj", "1a")
    assert not flagged("gx", "1a")  # not its number
    assert not flagged("kj", "2", "filed")


def test_units_are_named_and_merged_as_on_the_day() -> None:
    units = (
        unit("gs", 1, name="区国税局", short="国税局", renamed=("2018-07-20 区税务局全称 税务局",)),
        unit("ds", 2, name="区地税局", short="地税局", valid_to=date(2018, 7, 20), successor="gs"),
        unit("js", 3, name="经开区地税局", short="经开地税", valid_to=date(2018, 7, 20), successor="gs"),
        unit("kj", 4),
    )
    tax = plan(units, {"6": ("kj ds", "gs js"), "7": ("kj", "ds")})
    filings = [
        filing("gs", "2018Q1", {"6": Answer(NO_PROGRESS, expected=BEFORE)}),
        filing("ds", "2018Q1", {"6": PROGRESS, "7": NO_PROGRESS}),
        filing("js", "2018Q1", {"6": PROGRESS}),
    ]
    then = matrix(tax, filings, as_of=Q1_END)
    assert [(u.short, u.leads, u.supports) for u in then.units] == [
        ("国税局", 0, 1),
        ("地税局", 1, 1),
        ("经开地税", 0, 1),
        ("kj局", 2, 0),
    ]
    later = matrix(tax, filings, as_of=date(2018, 7, 20))
    assert [(u.name, u.short, u.leads, u.supports) for u in later.units] == [
        ("区税务局全称", "税务局", 1, 1),
        ("区kj局", "kj局", 2, 0),
    ]
    # ◎ of 区地税局 before the ○ of the others, and only the ◎ is judged.
    six = cell(later, "gs", "6")
    assert (six.role, six.state, six.record) == ("lead", states.OK, "r-ds-2018Q1")
    assert six.why.startswith("由 3 个单位的答复并成")
    assert cell(later, "gs", "7").state == states.IDLE


def test_a_unit_that_had_ended_is_not_missed() -> None:
    units = (unit("gs", 1), unit("ds", 2, valid_to=date(2018, 1, 1), successor="gs"))
    tax = plan(units, {"6": ("", "gs ds")})
    assert cell(matrix(tax, [filing("gs", "2018Q1", {"6": PROGRESS})]), "gs", "6").state == states.OK
    assert cell(matrix(tax), "gs", "6").state == states.NOT_FILED
    # It ended in the middle of the period: it was still to answer.
    units = (unit("gs", 1), unit("ds", 2, valid_to=date(2018, 2, 1), successor="gs"))
    tax = plan(units, {"6": ("", "gs ds")})
    assert cell(matrix(tax, [filing("gs", "2018Q1", {"6": PROGRESS})]), "gs", "6").state == states.NOT_FILED


def test_a_unit_not_yet_there_has_no_column() -> None:
    units = (unit("kj", 1), unit("new", 2, valid_from=date(2019, 1, 1)))
    later = plan(units, {"1": ("kj", "new")})
    assert [u.id for u in matrix(later).units] == ["kj"]
    assert [u.id for u in matrix(later, as_of=date(2019, 1, 1)).units] == ["kj", "new"]


def test_the_frame() -> None:
    found = matrix(made())
    assert (found.title, found.period, found.period_last, found.as_of) == (
        "方案任务矩阵",
        "2018Q1",
        "2018-03-31",
        "2018-03-31",
    )
    assert [(c.unit, c.role, c.principal) for c in found.cells] == [
        ("kj", "lead", True),
        ("gx", "lead", False),
        ("cz", "support", False),
    ]
    assert [(g.number, g.title) for g in found.groups] == [("一、", "完善三大平台")]
