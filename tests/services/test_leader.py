"""领导一页纸 and 任务分解表: their values, from a real ledger."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.plan import LEAD
from ganzhou_desktop.services import breakdown, contacts, exchange, leader, ledgers, overview, plan_files
from ganzhou_desktop.services.ledgers import Ledger
from tests.statements import recorded

ON = date(2018, 7, 12)


@pytest.fixture
def office(demo_of: Callable[[int], Path], tmp_path: Path, ganzhou_home: Path) -> Iterator[Ledger]:
    shutil.copyfile(demo_of(2), tmp_path / "office.gzdb")
    shutil.copytree(demo_of(2).parent / "home", ganzhou_home, dirs_exist_ok=True)
    ledger = ledgers.open_ledger(tmp_path / "office.gzdb", clock=lambda: datetime(2018, 7, 12, 1, 42, tzinfo=UTC))
    yield ledger
    ledger.close()


def test_the_page_lists_what_the_overview_calls_most_urgent(office: Ledger) -> None:
    page = leader.read_leader_page(office, "2018Q2", ON)
    board = overview.read_board(office, "2018Q2", ON)
    assert [(i.state, i.text) for i in page.items] == [(u.state, u.text) for u in board.urgent]
    assert 0 < len(page.items) <= 5
    plan = office.plan()
    assert set(page.missing) == {plan.unit_by_id[m.unit].short for m in board.missing}
    assert sum(count for _, count in page.headline) == 8


def test_each_matter_names_its_unit_what_it_asks_and_whom_to_call(office: Ledger) -> None:
    page = leader.read_leader_page(office, "2018Q2", ON)
    plan = office.plan()
    filings = overview.read_board(office, "2018Q2", ON).overview.filings
    for item in page.items:
        unit = item.opens.unit or plan.target_by_id[item.opens.target].reporting_unit
        assert item.unit == plan.unit_by_id[unit].short
        names = contacts.contacts_of(office, unit)
        assert item.contact == f"{names['head']} {names['phone']}".strip()
        task = item.opens.task or plan.target_by_id[item.opens.target].task
        answer = filings[unit, "2018Q2"].answers.get(task)
        said = answer.problems if answer is not None else ""
        assert item.ask == (said or leader.NOT_SAID) or item.ask.endswith("…")
        assert len(item.ask) <= leader.ASK_LIMIT


def test_a_unit_without_contact_is_said_to_have_none(office: Ledger) -> None:
    first = leader.read_leader_page(office, "2018Q2", ON).items[0]
    unit = first.opens.unit or office.plan().target_by_id[first.opens.target].reporting_unit
    contacts.save_contacts(office, {unit: {"head": "", "clerk": "", "phone": ""}})
    assert leader.read_leader_page(office, "2018Q2", ON).items[0].contact == "联系人未登记"


def test_before_the_first_period_there_is_nothing_to_report(tmp_path: Path, ganzhou_home: Path) -> None:
    plan = plan_files.read_plan(Path(__file__).parents[2] / "db" / "plans" / "ganzhou-2017.toml")
    ledger, _ = ledgers.new_ledger(tmp_path / "new.gzdb", plan, author="演示员甲")
    try:
        with pytest.raises(RuleBroken, match="开期次"):
            leader.read_leader_page(ledger, None, ON)
    finally:
        ledger.close()


def test_the_page_takes_fewer_statements_than_there_are_units(office: Ledger) -> None:
    with recorded(office) as found:
        page = leader.read_leader_page(office, "2018Q2", ON)
    assert len(found) <= 13 < page.asked


def test_the_breakdown_has_every_task_of_the_plan_with_its_units(office: Ledger) -> None:
    found = breakdown.read_breakdown(office)
    plan = office.plan()
    assert [row.number for row in found.rows] == [task.id for task in plan.tasks]
    sixth = found.rows[5]
    assert sixth.leads[0] == "区工信局"
    assert set(sixth.leads[1:]) == {"区工商质监局", "区科技局"}
    assert len(sixth.supports) == 5
    assert found.rows[6].supports == ()
    assert all(row.measures and "牵头单位" not in row.measures for row in found.rows)
    assert "每年完成：" in found.rows[3].deadline
    assert "每年" not in found.rows[0].deadline
    head = contacts.contacts_of(office, "gxj")["head"]
    assert sixth.persons[0] == f"工信局 {head}"
    assert not found.partial


def test_the_principal_unit_comes_first_wherever_the_plan_lists_it(office: Ledger) -> None:
    plan = office.plan()
    last = [role for role in plan.roles if role.task == "6" and role.kind == LEAD][-1]
    roles = tuple(replace(r, principal=r is last) if r.task == "6" else r for r in plan.roles)
    row = breakdown.breakdown_row(replace(plan, roles=roles), plan.task_by_id["6"], {}, None)
    assert row.leads[0] == plan.unit_by_id[last.unit].name


def test_units_bear_the_names_of_the_day(office: Ledger) -> None:
    plan = office.plan()
    renamed = next(u for u in plan.units if u.renamed and any(r.unit == u.id for r in plan.roles))
    day = date.fromisoformat(renamed.renamed[0].split(" ")[0])
    later = breakdown.read_breakdown(office, day)
    names = {name for row in later.rows for name in (*row.leads, *row.supports)}
    assert plan.naming(renamed, day)[0] in names
    assert renamed.name not in names


def test_a_units_own_ledger_gives_the_same_table_and_says_it_is_partial(office: Ledger, tmp_path: Path) -> None:
    exchange.hand_out(office, "lzb", tmp_path / "lzb.gzcopy")
    ledger = exchange.join(tmp_path / "lzb.gzcopy", tmp_path / "lzb.gzdb", author="演示员乙")
    try:
        found = breakdown.read_breakdown(ledger)
        assert found.partial
        assert [r.leads for r in found.rows] == [r.leads for r in breakdown.read_breakdown(office).rows]
    finally:
        ledger.close()
