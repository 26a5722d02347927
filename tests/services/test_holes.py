"""A plan with holes: what a seat cleared, took away or wrote wrongly makes no page fall; the rest is shown as before."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.plan import HEADLINE
from ganzhou_desktop.services import (
    applications,
    breakdown,
    exchange,
    exchange_desk,
    filed_views,
    filing,
    form_docx,
    leader,
    ledgers,
    register_desk,
    register_files,
    registers,
    targets,
    views,
)
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.store.journal import Change

PERIOD, ON, UNIT = "2018Q2", date(2018, 7, 9), "kjj"

HOLES: dict[str, list[tuple[str, str, Mapping[str, Json]]]] = {
    "no title": [("document", "plan", {"title": None, "region": None, "issued": None})],
    "no days": [("document", "plan", {"issued": None, "deadline": None})],
    "days the wrong way round": [("document", "plan", {"issued": "9999-12-31", "deadline": "0001-01-01"})],
    "another document": [("document", "new", {"region": "x"})],
    "renamed to nothing": [("unit", UNIT, {"renamed": ["x", "2018-02-30 甲 乙", "2018-01-01 新名字 新"]})],
    "a unit that filed": [("unit", UNIT, {"deleted": True})],
    "a register with entries": [("register", "enterprises", {"deleted": True})],
    "a column of no form": [("column", "*", {"form": "fgw"})],
    "columns away": [("column", "*", {"deleted": True})],
    "a task that was answered": [("task", "1", {"deleted": True})],
    "settings that are no numbers": [
        ("setting", name, {"value": "很多"}) for name in ("slow_points", "behind_points", "due_day", "proof_limit_mb")
    ],
    "figures away": [("figure", "*", {"deleted": True})],
    "subsidies without what they look at": [("subsidy", "*", {"registers": ["nowhere"], "figure": "nothing"})],
}


@pytest.fixture
def spoilt(
    demo_of: Callable[[int], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Ledger]:
    path = tmp_path / "洞.gzdb"
    path.write_bytes(demo_of(2).read_bytes())
    shutil.copytree(demo_of(2).with_name("home"), tmp_path / "home")
    monkeypatch.setenv("GANZHOU_HOME", str(tmp_path / "home"))
    ledger = ledgers.open_ledger(path)
    changes = []
    for kind, key, fields in HOLES[request.param]:
        keys = [r.key for r in ledger.journal.records([kind]) if key in ("*", r.key)] or [key]
        changes += [Change(kind, k, fields) for k in keys]
    ledger.act("改方案", {"all": changes})
    yield ledger
    ledger.close()


@pytest.mark.parametrize("spoilt", HOLES, indirect=True)
def test_every_page_is_still_there(spoilt: Ledger, tmp_path: Path) -> None:
    plan = spoilt.plan()
    read: list[Callable[[], Any]] = [
        lambda: views.read_overview(spoilt, PERIOD, ON),
        lambda: views.read_matrix(spoilt, PERIOD),
        lambda: filed_views.read_matrix_view(spoilt, PERIOD, ON),
        lambda: filed_views.read_review_list(spoilt, PERIOD, ON),
        lambda: views.read_gauges(spoilt, ON),
        lambda: leader.read_leader_page(spoilt, PERIOD, ON),
        lambda: breakdown.read_breakdown(spoilt),
        lambda: exchange_desk.read_desk(spoilt, PERIOD),
        lambda: exchange_desk.read_cases(spoilt),
        lambda: registers.read_tally(spoilt),
        lambda: applications.read_applications_view(spoilt, ON),
        lambda: exchange.export(spoilt, tmp_path / "全.gzcopy"),
        *(lambda t=t: targets.read_target(spoilt, t.id, None) for t in plan.targets_of(HEADLINE)),
        *(lambda s=s: applications.candidates(spoilt, s.id, ON) for s in plan.subsidies),
    ]
    for number, register in enumerate(plan.registers):
        read += [
            lambda r=register: register_desk.read_desk(spoilt, r.id, ON),  # type: ignore[misc]
            lambda r=register, n=number: register_files.write_register(  # type: ignore[misc]
                spoilt, r.id, registers.read_entries(spoilt, r.id), tmp_path / f"{n}.xlsx"
            ),
        ]
    if UNIT in plan.unit_by_id:
        read += [
            lambda: filing.form_state(spoilt, UNIT, PERIOD),
            lambda: form_docx.write_form(spoilt, UNIT, PERIOD, tmp_path / "表.docx"),
            lambda: exchange.hand_out(spoilt, UNIT, tmp_path / "给.gzcopy"),
        ]
    for call in read:
        call()
    assert ledgers.verify(spoilt).ok


@pytest.mark.parametrize("spoilt", ["a unit that filed"], indirect=True)
def test_who_is_no_longer_in_the_plan_is_still_named(spoilt: Ledger) -> None:
    plan = spoilt.plan()
    assert UNIT not in plan.unit_by_id
    assert plan.unit_by_id[UNIT].name == "kjj（方案里没有）"
    assert plan.unit_by_id.get(UNIT) is None
    assert plan.find_unit("czj") is not None
