"""Subsidies: eligibility told condition by condition, doubles and stacking, amounts kept apart, exposure as printed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from ganzhou_desktop import paths
from ganzhou_desktop.domain import subsidies
from ganzhou_desktop.domain.applications import Amount, Application, StepState
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.registers import Entry
from ganzhou_desktop.services.plan_files import read_plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan(paths.plan_file("ganzhou-2017.toml"))


ON = date(2018, 12, 31)
GOOD = {"name": "示例甲孵化器", "type": "科技企业孵化器", "level": "省级", "recognised": "2018-05-06"}


def entry(**changes: str) -> Entry:
    return Entry("0" * 32, "gxj", "platforms", {n: v for n, v in {**GOOD, **changes}.items() if v})


def told(plan: Plan, entry: Entry, subsidy: str = "B2") -> dict[str, str]:
    return {c.what: c.result for c in subsidies.check_entry(plan, plan.subsidy_by_id[subsidy], entry, ON).checks}


def application(**given: object) -> Application:
    base = {"key": "1" * 32, "unit": "gxj", "beneficiary": "示例甲孵化器", "subsidy": "B2", "year": 2018, "entry": "e"}
    return Application(**{**base, **given})  # type: ignore[arg-type]


def test_what_is_met_what_fails_and_what_is_open(plan: Plan) -> None:
    rule = plan.subsidy_by_id["B2"]
    good = subsidies.check_entry(plan, rule, entry(), ON)
    assert good.eligible
    assert {c.result for c in good.checks} == {"met", "open"}, "the plan leaves payer and window open"
    for change in ({"level": "市级"}, {"type": "众创空间"}, {"recognised": ""}):
        assert not subsidies.check_entry(plan, rule, entry(**change), ON).eligible, change
    other = replace(entry(), register="patents")
    assert not subsidies.check_entry(plan, rule, other, ON).eligible


def test_a_window_once_it_is_decided(plan: Plan) -> None:
    rule = replace(plan.subsidy_by_id["B2"], since=date(2017, 9, 28), until=date(2018, 5, 6))
    assert subsidies.check_entry(plan, rule, entry(), ON).eligible, "the last day still counts"
    assert not subsidies.check_entry(plan, rule, entry(recognised="2018-05-07"), ON).eligible
    assert not subsidies.check_entry(plan, rule, entry(recognised="2017-09-27"), ON).eligible


GOOD_FOR: dict[str, tuple[str, dict[str, str]]] = {
    "B1": ("alliances", {"name": "示例众创联盟", "leader": "示例甲公司", "established": "2017-10-01",
                         "outstanding": "2018-03-20"}),
    "B2": ("platforms", GOOD),
    "B3": ("platforms", {**GOOD, "type": "众创空间"}),
    "B4": ("enterprises", {"name": "示例甲公司", "innovative": "2018-02-01"}),
    "B5": ("platforms", {**GOOD, "type": "企业工程技术研究中心"}),
    "B6": ("partners", {"name": "示例联合实验室", "kind": "联合实验室", "founder": "示例大学",
                        "founder_kind": "高校院所", "established": "2018-03-01"}),
    "B7": ("talent", {"kind": "市级工业特派员", "name": "示例专家", "employer": "示例甲公司", "began": "2018-03-01"}),
    "B8": ("qiming", {"name": "示例无人机项目", "leader": "示例生", "approved": "2018-03-08"}),
}  # fmt: skip
"""Subsidy → a register and an entry in it that meets the plan's conditions."""


def held_against(plan: Plan, subsidy: str, on: date = ON, **changes: str) -> tuple[str, list[str]]:
    """(verdict, titles of what fails) of the good entry, changed."""
    register, good = GOOD_FOR[subsidy]
    values = {n: v for n, v in {**good, **changes}.items() if v}
    found = subsidies.check_entry(plan, plan.subsidy_by_id[subsidy], Entry("0" * 32, "gxj", register, values), on)
    return found.verdict, [c.what for c in found.checks if c.result == "failed"]


@pytest.mark.parametrize(
    ("subsidy", "changes", "title"),
    [
        ("B1", {"outstanding": ""}, "业绩显著的认定日期"),
        ("B2", {"level": "市级"}, "级别"),
        ("B2", {"type": "众创空间"}, "类型"),
        ("B3", {"level": "国家级"}, "级别"),
        ("B3", {"type": "科技企业孵化器"}, "类型"),
        ("B4", {"innovative": ""}, "省级科技创新型企业认定日期"),
        ("B5", {"type": "工程(技术)研究中心"}, "类型"),
        ("B6", {"kind": "其他"}, "机构类型"),
        ("B6", {"founder_kind": "其他"}, "设立单位类型"),
        ("B7", {"kind": "科技特派员"}, "类别"),
        ("B8", {"approved": ""}, "立项日期"),
    ],
)
def test_each_subsidy_has_its_own_condition(plan: Plan, subsidy: str, changes: dict[str, str], title: str) -> None:
    assert held_against(plan, subsidy) == ("met", [])
    verdict, failed = held_against(plan, subsidy, **changes)
    assert (verdict, failed) == ("failed", [title]), "said once"


def test_the_good_entries_are_of_every_subsidy_that_looks_at_a_register(plan: Plan) -> None:
    assert set(GOOD_FOR) == {s.id for s in plan.subsidies if s.registers}


def test_a_subsidy_without_a_register_is_never_said_to_be_met(plan: Plan) -> None:
    for register, values in GOOD_FOR.values():
        found = subsidies.check_entry(plan, plan.subsidy_by_id["B9"], Entry("0" * 32, "gxj", register, values), ON)
        assert (found.verdict, found.eligible) == ("open", False)
        assert {c.result for c in found.checks} == {"open"}, "nor that it fails: the plan has no standard to fail"


def test_an_entry_of_another_register_fails_for_that_alone(plan: Plan) -> None:
    rule = plan.subsidy_by_id["B1"]
    found = subsidies.check_entry(plan, rule, entry(), ON)
    assert [(c.what, c.why) for c in found.checks if c.result == "failed"] == [
        ("登记在哪本台账", "这项补助看的是四众联盟。")
    ]


@pytest.mark.parametrize(
    ("subsidy", "ends"), [("B1", "closed"), ("B2", "revoked"), ("B4", "closed"), ("B5", "revoked"), ("B6", "closed")]
)
def test_what_is_over_is_not_paid_for(plan: Plan, subsidy: str, ends: str) -> None:
    assert held_against(plan, subsidy, **{ends: "2018-12-31"})[0] == "failed"
    assert held_against(plan, subsidy, **{ends: "2019-01-01"})[0] == "met", "it runs out later"


def test_what_has_not_begun_is_not_paid_for(plan: Plan) -> None:
    assert held_against(plan, "B7", date(2018, 2, 28)) == ("failed", ["评聘、选派日期"])
    assert held_against(plan, "B7", date(2018, 3, 1))[0] == "met"


def test_a_yearly_subsidy_is_asked_about_in_the_year_it_ended_and_fails_after_it(plan: Plan) -> None:
    assert held_against(plan, "B7", ended="2018-09-01")[0] == "met"
    assert "2018-09-01；当年还享受不享受，方案没有写。" in {
        c.why
        for c in subsidies.check_entry(
            plan,
            plan.subsidy_by_id["B7"],
            Entry("0" * 32, "gxj", "talent", {**GOOD_FOR["B7"][1], "ended": "2018-09-01"}),
            ON,
        ).checks
        if c.result == "open"
    }
    assert held_against(plan, "B7", date(2019, 6, 30), ended="2018-09-01") == ("failed", ["期满、解聘日期"])


def test_the_same_subsidy_twice_is_a_double(plan: Plan) -> None:
    one = application()
    (clash,) = subsidies.clashes(plan, [one, application(key="2" * 32, beneficiary="示例甲 孵化器", unit="kjj")])
    assert clash.sure
    assert subsidies.clashes(plan, [one, application(key="2" * 32, entry="another")]) == (), "two things of one body"
    assert subsidies.clashes(plan, [one, application(key="2" * 32, year=2019)]), "once is once, whatever the year"
    (apart,) = subsidies.clashes(plan, [one, application(key="2" * 32, entry="another", unit="kjj")])
    assert not apart.sure, "two units, each from its own register: it may be the same thing, nobody knows from here"


def test_a_double_is_asked_about_where_the_entries_cannot_tell(plan: Plan) -> None:
    one = application()
    for other in ({"entry": ""}, {"entry": "another", "unit": "kjj"}):
        (clash,) = subsidies.clashes(plan, [one, application(key="2" * 32, **other)])
        assert not clash.sure, other
        assert "可能是同一件" in clash.why


def test_a_refused_application_is_no_double_of_the_next(plan: Plan) -> None:
    refused = application(steps={"approve": StepState("refused")})
    assert subsidies.clashes(plan, [refused, application(key="2" * 32)]) == ()
    returned = application(steps={"approve": StepState("returned")})
    assert subsidies.clashes(plan, [returned, application(key="2" * 32)])


def test_a_yearly_subsidy_is_no_double_in_another_year(plan: Plan) -> None:
    first = application(subsidy="B7", beneficiary="示例专家")
    assert subsidies.clashes(plan, [first, replace(first, key="2" * 32, year=2019)]) == ()
    assert subsidies.clashes(plan, [first, replace(first, key="2" * 32)])


def test_stacking_is_asked_until_it_is_decided(plan: Plan) -> None:
    both = [application(), application(key="2" * 32, subsidy="B3")]
    (clash,) = subsidies.clashes(plan, both)
    assert not clash.sure
    assert "待明确" in clash.why
    decided = tuple(replace(s, excludes=("B3",)) if s.id == "B2" else s for s in plan.subsidies)
    (clash,) = subsidies.clashes(replace(plan, subsidies=decided), both)
    assert clash.sure


def test_amounts_are_kept_apart_and_doubt_is_carried(plan: Plan) -> None:
    held = [
        application(amounts={"applied": Amount(Decimal("1.5")), "paid": Amount(Decimal(1))}),
        application(key="2" * 32, subsidy="B4", amounts={"applied": Amount(Decimal(5))}),
    ]
    sums = subsidies.sums(plan, held)
    assert sums.amounts == {"applied": Decimal("6.5"), "approved": 0, "paid": 1, "received": 0}
    assert (sums.count, sums.standard, sums.doubtful) == (2, 6, True)
    sure = tuple(replace(f, confirmed=Decimal(3), basis="x") if f.id in ("B2", "B4") else f for f in plan.figures)
    assert not subsidies.sums(replace(plan, figures=sure), held).doubtful


def test_odd_amounts_are_said(plan: Plan) -> None:
    def odd(**amounts: str) -> tuple[str, ...]:
        return subsidies.odd_amounts(plan, application(amounts={n: Amount(Decimal(v)) for n, v in amounts.items()}))

    assert odd(applied="1", approved="1", paid="1", received="1") == ()
    assert any("标准额" in s for s in odd(applied="2"))
    assert any("批复额比申请额大" in s for s in odd(applied="0.5", approved="1"))
    assert any("到账额比拨付额小" in s for s in odd(applied="1", paid="1", received="0.5"))


def test_exposure_as_printed(plan: Plan) -> None:
    found = {e.subsidy: e for e in subsidies.exposures(plan)}
    assert (found["B4"].amount, found["B6"].amount) == (25, 6), "features.md: 5×5 and 3×2 万元"
    assert found["B4"].doubtful, "the figures are 待核定"
    assert found["B8"].amount is None
    assert "没有写金额" in found["B8"].formula
    assert "没有写受益对象的数量" in found["B1"].formula
