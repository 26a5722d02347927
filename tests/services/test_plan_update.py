"""Newer plan data in a ledger that adopted older: what comes, what the office decided and so stays, and units after it."""

import gzip
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services import exchange, figures, ledgers, merging, plan_update, register_desk, registers, undoing
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.services.plan_update import CHANGED, GONE, KEPT, NEW, Change
from ganzhou_desktop.services.registers import Edit
from ganzhou_desktop.store import keys
from ganzhou_desktop.store.journal import Change as Written
from tests.services.made import PLAN, Made, made_in

V1 = Path(__file__).resolve().parents[1] / "ledgers" / "v1" / "office.gzdb.gz"
BASIS = "2018年7月区政府专题会议纪要"


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Ledger]:
    """The office's ledger of format 1, its seat's key drawn as it was then."""
    path = tmp_path / "v1.gzdb"
    path.write_bytes(gzip.decompress(V1.read_bytes()))
    drawn = random.Random(1)
    _founder, seat = (keys._pair(drawn.randbytes(32)) for _ in range(2))
    reader = ledgers.open_ledger(path, writer=False)
    keys.store_key(reader.id, "all", seat)
    reader.close()
    ledger = ledgers.open_ledger(path, author="汇总员")
    yield ledger
    ledger.close()


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    with made_in(tmp_path) as folder:
        yield folder


def newer(plan: Plan, **lists: object) -> Plan:
    return replace(plan, document=replace(plan.document, version="2017.9"), **lists)  # type: ignore[arg-type]


def only(changes: tuple[Change, ...], how: str) -> list[tuple[str, str]]:
    return [(c.kind, c.key) for c in changes if c.how == how and c.kind != "document"]


def test_a_ledger_of_format_1_gets_registers_that_its_units_can_keep(old: Ledger, tmp_path: Path) -> None:
    assert old.plan().registers == ()
    before = {f.id: f for f in old.plan().figures}
    told = plan_update.plan_changes(old, PLAN)
    assert {("register", r.id) for r in PLAN.registers} <= set(only(told, NEW))
    assert any(c.words.startswith("新增　台账 platforms") for c in told)
    done = plan_update.update_plan(old, PLAN, BASIS)
    assert len(done) == sum(c.how != KEPT for c in told)
    assert old.plan().registers == PLAN.registers
    assert old.plan().rules == PLAN.rules
    assert {f.id: f.confirmed for f in old.plan().figures if f.id in before} == {
        i: f.confirmed for i, f in before.items()
    }
    assert ledgers.verify(old).ok
    assert any(BASIS in step.title for step in old.journal.steps())

    exchange.hand_out(old, "gxj", tmp_path / "start.gzcopy")
    home = os.environ["GANZHOU_HOME"]
    os.environ["GANZHOU_HOME"] = str(tmp_path / "home-unit")
    unit = exchange.join(tmp_path / "start.gzcopy", tmp_path / "unit.gzdb", author="填报员")
    entry = {"name": "示例众创空间", "type": "众创空间", "level": "省级", "recognised": "2018-03-01"}
    registers.save_entries(unit, "platforms", "gxj", [Edit(entry)])
    exchange.export(unit, tmp_path / "back.gzcopy")
    with pytest.raises(RuleBroken, match="区级汇总"):
        plan_update.update_plan(unit, newer(PLAN), BASIS)
    code = unit.code()
    unit.close()
    os.environ["GANZHOU_HOME"] = home
    assert merging.merge(old, [tmp_path / "back.gzcopy"], trust=[code]).done
    desk = register_desk.read_desk(old, "platforms", date(2018, 6, 30))
    assert [dict(row.entry.values) for row in desk.rows] == [entry]


def test_the_same_data_twice_is_nothing_changed(old: Ledger) -> None:
    plan_update.update_plan(old, PLAN, BASIS)
    steps = len(old.journal.steps())
    assert all(c.how == KEPT for c in plan_update.plan_changes(old, PLAN))
    with pytest.raises(RuleBroken) as told:
        plan_update.update_plan(old, PLAN, BASIS)
    assert told.value.code == "nothing_changed"
    assert len(old.journal.steps()) == steps
    with pytest.raises(RuleBroken, match="不能撤销"):
        undoing.undo(old)


def test_what_the_office_decided_stays(made: Made) -> None:
    office = made.office()
    figure = PLAN.figures[0]
    figures.confirm(office, figure.id, "33", "纸质原件第 2 页")
    decided = PLAN.settings[0]
    office.act("定下", {"all": [Written("setting", decided.id, {"value": "9", "assumed": False})]})
    task = PLAN.tasks[0]
    office.act("改简称", {"all": [Written("task", task.id, {"short": "区里的简称"})]})
    data = newer(
        PLAN,
        figures=(replace(figure, name="新的名称", confirmed=Decimal(7), basis="文件里的"), *PLAN.figures[1:]),
        settings=(replace(decided, value="12"), *PLAN.settings[1:]),
        tasks=(replace(task, short="文件里的简称", title="文件里的标题"), *PLAN.tasks[1:]),
    )
    told = plan_update.plan_changes(office, data)
    assert set(only(told, CHANGED)) == {("figure", figure.id), ("task", task.id)}
    assert set(only(told, KEPT)) == {("setting", decided.id), ("task", task.id)}
    plan_update.update_plan(office, data, BASIS)
    plan = office.plan()
    now = plan.figure_by_id[figure.id]
    assert (now.name, now.confirmed, now.basis) == ("新的名称", Decimal(33), "纸质原件第 2 页")
    assert next(s for s in plan.settings if s.id == decided.id).value == "9"
    assert (plan.task_by_id[task.id].short, plan.task_by_id[task.id].title) == ("区里的简称", "文件里的标题")
    assert plan.document.version == "2017.9"


def test_a_second_update_changes_what_the_first_one_brought(made: Made) -> None:
    office = made.office()
    setting = next(s for s in PLAN.settings if s.assumed)
    for number, value in enumerate(("21", "22")):
        others = tuple(s for s in PLAN.settings if s.id != setting.id)
        data = replace(
            PLAN,
            document=replace(PLAN.document, version=f"2018.{number}"),
            settings=(replace(setting, value=value), *others),
        )
        plan_update.update_plan(office, data, BASIS)
        assert office.plan().setting(setting.id) == value


def test_what_is_no_longer_there_goes_only_where_nothing_filed_speaks_of_it(made: Made) -> None:
    office = made.office()
    rule, register = PLAN.rules[0], PLAN.registers[0]
    fields = {"order": 999, "target": rule.target, "register": rule.register, "how": "new"}
    office.act("自己加的", {"all": [Written("rule", "own", fields)]})
    data = newer(PLAN, rules=PLAN.rules[1:], registers=PLAN.registers[1:])
    told = plan_update.plan_changes(office, data)
    assert only(told, GONE) == [("rule", rule.id)]
    assert set(only(told, KEPT)) == {("rule", "own"), ("register", register.id)}
    plan_update.update_plan(office, data, BASIS)
    assert {r.id for r in office.plan().rules} == {r.id for r in PLAN.rules[1:]} | {"own"}
    assert register.id in office.plan().register_by_id

    back = replace(PLAN, document=replace(PLAN.document, version="2018.1"))
    assert only(plan_update.plan_changes(office, back), NEW) == [("rule", rule.id)]
    plan_update.update_plan(office, back, BASIS)
    assert rule in office.plan().rules
    office.act("删", {"all": [Written("rule", rule.id, {"deleted": True})]})
    assert only(plan_update.plan_changes(office, back), NEW) == [], "what the office took out stays out"


def test_another_plan_older_data_and_no_basis_are_refused(made: Made) -> None:
    office = made.office()
    before = office.journal.heads()
    other = read_plan(Path(__file__).resolve().parents[1] / "plans" / "xinghe-2023.toml")
    for data, basis, code in (
        (other, BASIS, "other_plan"),
        (replace(PLAN, document=replace(PLAN.document, version="2016.1")), BASIS, "older_plan"),
        (newer(PLAN), "  ", "no_basis"),
    ):
        with pytest.raises(RuleBroken) as told:
            plan_update.update_plan(office, data, basis)
        assert told.value.code == code
    assert office.journal.heads() == before
