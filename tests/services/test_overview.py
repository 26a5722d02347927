"""What 总览 and 目标详情 are told: lists that are as long as their numbers, reminders, what is worst, sources."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import event

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.services import exchange, figures, filing, ledgers, overview, periods, reviewing, targets, views
from ganzhou_desktop.services.ledgers import Ledger

ON = date(2018, 7, 12)


@pytest.fixture
def office(demo_of: Callable[[int], Path], tmp_path: Path, ganzhou_home: Path) -> Iterator[Ledger]:
    """A fresh copy to write to, on 12 July 2018."""
    shutil.copyfile(demo_of(2), tmp_path / "office.gzdb")
    shutil.copytree(demo_of(2).parent / "home", ganzhou_home, dirs_exist_ok=True)
    ledger = ledgers.open_ledger(tmp_path / "office.gzdb", clock=lambda: datetime(2018, 7, 12, 1, 42, tzinfo=UTC))
    yield ledger
    ledger.close()


@pytest.fixture
def unit(office: Ledger, tmp_path: Path) -> Iterator[Ledger]:
    """绿洲办's own ledger; 2018Q2 is still to be filed there."""
    exchange.hand_out(office, "lzb", tmp_path / "lzb.gzcopy")
    ledger = exchange.join(tmp_path / "lzb.gzcopy", tmp_path / "lzb.gzdb", author="演示员乙")
    yield ledger
    ledger.close()


def _count(board: overview.Board, kind: str) -> int:
    found = board.waits(kind)
    assert found is not None, kind
    return found.count


def test_every_unit_stands_in_one_list(office: Ledger) -> None:
    """To review, returned, missing and accepted make up all responsible units."""
    board = overview.read_board(office, None, ON)
    accepted = sum(s.state == "accepted" for s in board.overview.statuses)
    listed = sum(_count(board, kind) for kind in (overview.TO_REVIEW, overview.RETURNED, overview.MISSING))
    assert listed + accepted == len(office.plan().responsible_units) == 17
    missing = board.waits(overview.MISSING)
    assert missing is not None
    assert {m.unit for m in board.missing} == set(missing.items)


def test_reviewing_moves_a_unit_from_list_to_list(office: Ledger) -> None:
    """Accepting takes it away, returning puts it among those who are to file anew."""
    before = overview.read_board(office, "2018Q2", ON)
    waiting = before.waits(overview.TO_REVIEW)
    assert waiting is not None
    first, second = waiting.items[:2]
    reviewing.review(office, first, "2018Q2", accept=True)
    reviewing.review(office, second, "2018Q2", accept=False, reason="请补充")
    after = overview.read_board(office, "2018Q2", ON)
    assert _count(after, overview.TO_REVIEW) == waiting.count - 2
    returned = after.waits(overview.RETURNED)
    assert returned is not None
    assert second in returned.items
    assert first not in returned.items


def test_figures_wait_until_confirmed(office: Ledger) -> None:
    """The number of figures that wait is that of the list to confirm."""
    before = overview.read_board(office, None, ON).waits(overview.FIGURES)
    assert before is not None
    assert set(before.items) == {f.id for f in figures.list_figures(office) if f.state != "confirmed"}
    figures.confirm(office, "T8", "15", "纸质原件第 2 页")
    after = overview.read_board(office, None, ON).waits(overview.FIGURES)
    assert after is not None
    assert set(before.items) - set(after.items) == {"T8"}


def test_reminder_says_who_what_and_how_late(office: Ledger) -> None:
    """The 催报 text names the unit, the plan, the due day and the days of the one lateness function."""
    board = overview.read_board(office, None, ON)
    found = next(m for m in board.missing if m.unit == "gtj")
    assert found.days == 7
    assert found.phone == "0936-0000006"
    assert found.before is not None
    assert found.reminder.startswith(
        "区国土局：\n《甘州区贯彻落实甘肃省支持科技创新若干措施实施方案》2018年4月1日至2018年6月30日"
    )
    assert "2018年7月5日前报送，到2018年7月12日已逾期7天" in found.reminder
    assert found.reminder.endswith("甘州区人民政府办公室\n2018年7月12日")
    early = overview.read_board(office, None, date(2018, 7, 5))
    assert all(m.days == 0 for m in early.missing)
    assert "逾期" not in early.missing[0].reminder
    assert "请于2018年7月5日前报送" in early.missing[0].reminder


def test_filings_after_closing_are_listed_apart(office: Ledger) -> None:
    """期后 appears with a closed period only, and holds what came later."""
    assert overview.read_board(office, "2018Q2", ON).waits(overview.AFTERWARDS) is None
    periods.close_period(office, "2018Q2")
    assert _count(overview.read_board(office, "2018Q2", ON), overview.AFTERWARDS) == 0
    state = filing.form_state(office, "gtj", "2018Q2")
    filing.submit(office, state.form, source="盖章纸质表")
    late = overview.read_board(office, "2018Q2", ON).waits(overview.AFTERWARDS)
    assert late is not None
    assert late.items == ("gtj",)


def test_worst_come_first_and_at_most_five(office: Ledger) -> None:
    """Gauges and ◎ cells by severity; a cell that only repeats a gauge is left out."""
    board = overview.read_board(office, None, ON)
    rank = (states.BELOW_FLOOR, states.OVERDUE, states.BADLY_BEHIND, states.BEHIND)
    assert 0 < len(board.urgent) <= overview.URGENT_AT_MOST
    assert [rank.index(u.state) for u in board.urgent] == sorted(rank.index(u.state) for u in board.urgent)
    first = board.urgent[0]
    assert (first.target, first.text) == ("T8", "科技特派员队伍 13 人，比底线少 2 人")
    assert all(bool(u.target) != bool(u.task and u.unit) for u in board.urgent)


def test_a_unit_is_told_what_it_has_to_do(unit: Ledger) -> None:
    """Matters to fill, periods to submit; a draft does not submit anything."""
    board = overview.read_board(unit, None, ON)
    waiting = board.waits(overview.TO_FILL)
    assert waiting is not None
    assert waiting.items == unit.plan().matters_of("lzb")
    submit = board.waits(overview.TO_SUBMIT)
    assert submit is not None
    assert submit.items == ("2018Q2",)
    assert [own.state for own in board.own] == ["missing", "accepted"]
    assert board.waits(overview.FIGURES) is None
    assert board.missing == ()
    state = filing.form_state(unit, "lzb", "2018Q2")
    filing.submit(unit, state.form)
    done = overview.read_board(unit, None, ON)
    assert _count(done, overview.TO_FILL) == _count(done, overview.TO_SUBMIT) == 0


def test_a_unit_sees_what_was_returned(office: Ledger, tmp_path: Path) -> None:
    """Matters returned one by one are counted one by one, with the reason beside the period, until it files anew."""
    exchange.hand_out(office, "gxj", tmp_path / "gxj.gzcopy")
    joined = exchange.join(tmp_path / "gxj.gzcopy", tmp_path / "gxj.gzdb", author="演示员丙")
    try:
        board = overview.read_board(joined, None, ON)
        returned, submit = board.waits(overview.RETURNED), board.waits(overview.TO_SUBMIT)
        assert returned is not None
        assert returned.items == ("6",)
        assert submit is not None
        assert submit.items == ("2018Q2",)
        assert board.own[0].reason
        filing.submit(joined, filing.form_state(joined, "gxj", "2018Q2").form)
        after = overview.read_board(joined, None, ON)
        assert _count(after, overview.RETURNED) == _count(after, overview.TO_SUBMIT) == 0
        assert after.own[0].state == "refiled"
    finally:
        joined.close()


def test_a_number_of_statements_that_does_not_grow(office: Ledger) -> None:
    """Another period more, and more answers, cost no further statement."""
    counted: list[str] = []
    event.listen(office.journal.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))

    def statements(name: str) -> tuple[int, int]:
        counted.clear()
        overview.read_board(office, name, ON)
        board = len(counted)
        counted.clear()
        targets.read_target(office, "T7", name)
        return board, len(counted)

    office.plan()
    anew, kept = statements("2018Q1"), statements("2018Q1")
    periods.open_period(office, "2018Q3")
    waiting = overview.read_board(office, "2018Q2", ON).waits(overview.TO_REVIEW)
    assert waiting is not None
    reviewing.review(office, waiting.items[0], "2018Q2", accept=True)
    office.plan()
    after = statements("2018Q3")
    assert kept[0] < after[0] <= anew[0]  # what a write may have moved is read again
    assert after[1] == anew[1]
    assert statements("2018Q3") == kept
    assert kept[0] < anew[0] <= 40
    assert anew[1] <= 20


def test_before_any_period(tmp_path: Path, office: Ledger) -> None:
    """Figures wait already; nothing else is invented."""
    fresh, _ = ledgers.new_ledger(tmp_path / "new.gzdb", office.plan())
    try:
        board = overview.read_board(fresh, None, ON)
        assert board.overview.period is None
        assert [w.kind for w in board.waiting] == [overview.CONFLICTS, overview.FIGURES]
        with pytest.raises(RuleBroken, match="还没有开过期次"):
            targets.read_target(fresh, "T1", None)
    finally:
        fresh.close()


def test_a_period_that_is_not_open_shows_the_latest(office: Ledger) -> None:
    """E.g. after opening it was undone."""
    board = overview.read_board(office, "2020Q4", ON)
    assert board.overview.period is not None
    assert board.overview.period.name == "2018Q2"
    assert targets.read_target(office, "T1", "2020Q4").period.name == "2018Q2"


def test_sources_of_a_number_add_up(office: Ledger) -> None:
    """The rows that count make the actual value, whatever kind of target it is."""
    everyone = [key for key, _ in targets.read_target(office, "T1", None).gauges]
    assert len(everyone) == 26
    for key, whole in zip(everyone, views.read_gauges(office), strict=True):
        view = targets.read_target(office, key, None)
        assert view.gauge == whole
        counted = [row.value for row in view.rows if row.counted and row.value is not None]
        if view.gauge.counted:
            assert not counted, "a typed number beside a counted one is never added"
            assert any(m.counted for m in view.members) == bool(view.gauge.actual), key
            continue
        assert sum(counted, Decimal(0)) == (view.gauge.actual or 0), key


def test_a_quarter_nobody_filed_is_among_the_sources(tmp_path: Path, office: Ledger) -> None:
    """An opened period without a filing: the row says so and does not count."""
    periods.open_period(office, "2018Q3")
    view = targets.read_target(office, "6a", "2018Q3")
    assert [(r.period, r.state, r.counted) for r in view.rows] == [
        ("2018Q3", "missing", False),
        ("2018Q2", "returned", True),
        ("2018Q1", "accepted", True),
    ]
    assert view.rows[0].why == "不计：本期还没有提交"


def test_trend_begins_on_the_plans_day(office: Ledger) -> None:
    """A stock begins at its baseline, a sum at nothing; the line runs to the target on the last day."""
    stock, summed = targets.read_target(office, "T7", None), targets.read_target(office, "T1", None)
    assert stock.actual[0] == (date(2017, 9, 28), Decimal(4))
    assert summed.actual[0] == (date(2017, 9, 28), Decimal(0))
    assert stock.line == ((date(2017, 9, 28), Decimal(4)), (date(2020, 12, 31), Decimal(15)))
    assert targets.read_target(office, "T8", None).line == ()


def test_every_year_has_a_line_for_every_year(office: Ledger) -> None:
    """2个以上 a year: the line starts anew with each year."""
    line = targets.read_target(office, "5a", None).line
    assert [value for day, value in line if day.month == 12] == [Decimal(2)] * 3
    assert [value for day, value in line if day.month == 1] == [Decimal(0)] * 3


def test_an_unknown_target_is_refused(office: Ledger) -> None:
    """One sentence."""
    with pytest.raises(RuleBroken, match="没有编号为“X9”"):
        targets.read_target(office, "X9", None)
