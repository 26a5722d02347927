"""The demo ledger: lively, plausible, the same every time, whole; and the copies that wait to be merged into it."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ganzhou_desktop.domain.applications import NOT_SUPPORTED, STATE_WORDS
from ganzhou_desktop.domain.errors import EnvironmentFailed
from ganzhou_desktop.services import applications, conflicts, demo, ledgers, merging, periods, reviewing, views
from ganzhou_desktop.services.filing import proof_bytes, read_filings
from ganzhou_desktop.services.ledgers import Ledger


@pytest.fixture(scope="module")
def built(demo_of: Callable[[int], Path]) -> Iterator[dict[int, Ledger]]:
    found = {quarters: ledgers.open_ledger(demo_of(quarters), writer=False) for quarters in (1, 3, 8)}
    yield found
    for ledger in found.values():
        ledger.close()


def test_every_gauge_state_is_there(built: dict[int, Ledger]) -> None:
    for quarters, ledger in built.items():
        states = {g.id: g.state for g in views.read_gauges(ledger)}
        wanted = {
            "T1": "behind", "T2": "ok", "T3": "not_published", "T4": "no_baseline", "T5": "ok", "T6": "reached",
            "T7": "ok", "T8": "below_floor",
        }  # fmt: skip
        assert {i: states[i] for i in wanted} == wanted, quarters
        assert next(g.actual for g in views.read_gauges(ledger) if g.id == "T8") == 13


def test_the_matrix_is_lively(built: dict[int, Ledger]) -> None:
    for quarters, ledger in built.items():
        matrix = views.read_matrix(ledger)
        words = Counter(c.word for c in matrix.cells)
        assert words["正常"] > len(matrix.cells) // 2, quarters
        assert {"滞后", "逾期", "未填报", "无进展", "未发布", "不适用"} <= set(words), quarters
        assert len({t.word for t in matrix.tasks}) >= 4, quarters
        assert {c.unit for c in matrix.cells if c.returned} == {"gxj"}


def test_units_stand_differently(built: dict[int, Ledger]) -> None:
    for ledger in built.values():
        period = periods.period_named(ledger, None)
        found = reviewing.statuses(ledger, period, period.due)
        states = Counter(s.state for s in found)
        assert states["accepted"] >= 6
        assert (states["missing"], states["returned"], states["refiled"], states["submitted"]) == (4, 1, 1, 3)
        assert [s.unit for s in found if s.lateness.days] == ["czj"]
        assert len(conflicts.list_conflicts(ledger)) == 2


def test_what_is_applied_for_qualifies_and_what_does_not_was_refused(built: dict[int, Ledger]) -> None:
    for ledger in built.values():
        on = periods.list_periods(ledger)[-1].last
        view = applications.read_applications_view(ledger, on)
        assert {r.standing.state for r in view.rows} == set(STATE_WORDS), "every state has something to show"
        assert any(r.standing.late_since for r in view.rows)
        assert view.clashes == ()
        for row in view.rows:
            found = applications.candidates(ledger, row.application.subsidy, on)
            (verdict,) = (c.verdict for e, c in found if e.id == (row.application.unit, row.application.entry))
            assert verdict == ("failed" if row.standing.state == NOT_SUPPORTED else "met"), row.application.beneficiary
        assert sum(r.standing.state == NOT_SUPPORTED for r in view.rows) == 1


def test_it_is_whole_and_marked(built: dict[int, Ledger]) -> None:
    for ledger in built.values():
        assert ledgers.verify(ledger).ok
        assert ledger.plan().document.demo
        assert all(p.closed for p in periods.list_periods(ledger)[:-1])
        held = [(f.unit, p) for f in read_filings(ledger).values() for p in f.proofs]
        assert len(held) >= 5
        assert all("演示数据".encode() in proof_bytes(ledger, unit, p.sha256) for unit, p in held)


def test_texts_are_of_realistic_length_and_never_repeat_those_of_last_quarter(built: dict[int, Ledger]) -> None:
    filings = read_filings(built[8])
    lengths = [len(a.progress) for f in filings.values() for a in f.answers.values() if len(a.progress) > 10]
    assert min(lengths) >= 38
    assert max(lengths) <= 130
    for earlier, later in (("2018Q1", "2018Q2"), ("2018Q2", "2018Q3"), ("2018Q3", "2018Q4")):
        for unit in ("kjj", "gxj", "czj"):
            before, after = filings[unit, earlier].answers, filings[unit, later].answers
            assert not any(
                a.progress == before[t].progress for t, a in after.items() if len(a.progress) > 10 and t in before
            )


def test_the_content_is_the_same_every_time(built: dict[int, Ledger], tmp_path: Path) -> None:
    again = demo.build(tmp_path / "again.gzdb", 3)
    try:
        mine = {k: (f.answers, f.measurements, f.at) for k, f in read_filings(again).items()}
        assert mine == {k: (f.answers, f.measurements, f.at) for k, f in read_filings(built[3]).items()}
    finally:
        again.close()


def test_it_writes_over_nothing(tmp_path: Path) -> None:
    (tmp_path / "there.gzdb").write_text("mine")
    with pytest.raises(EnvironmentFailed, match="exists"):
        demo.build(tmp_path / "there.gzdb", 1)
    assert (tmp_path / "there.gzdb").read_text() == "mine"


def test_copies_wait_to_be_merged(tmp_path: Path) -> None:
    ledger = demo.build(tmp_path / "demo.gzdb", 2)
    try:
        copies = demo.hand_over(ledger, tmp_path / "stick")
        assert sorted(tmp_path.joinpath("stick").iterdir()) == sorted(copies)
        preview = merging.merge(ledger, copies, dry_run=True).packages
        assert [(p.unit, p.verdict) for p in preview] == [
            ("gtj", "merged"), ("gxj", "merged"), ("fgw", "merged"), ("lzb", "refused"), ("czj", "known"),
        ]  # fmt: skip
        assert [p.conflicts for p in preview] == [0, 0, 2, 0, 0]
        assert preview[3].reason == "unknown_key"
        assert all("副本" in c.name and "2018Q2" in c.name for c in copies)
        done = merging.merge(ledger, copies, trust=[preview[3].code])
        assert not done.refused
        period = periods.period_named(ledger, None)
        states = {s.unit: s.state for s in reviewing.statuses(ledger, period, period.due)}
        assert (states["gtj"], states["gxj"], states["lzb"]) == ("submitted", "refiled", "submitted")
        assert ledgers.verify(ledger).ok
    finally:
        ledger.close()
