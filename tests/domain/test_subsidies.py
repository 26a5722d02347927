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


GOOD = {"name": "示例甲孵化器", "type": "科技企业孵化器", "level": "省级", "recognised": "2018-05-06"}


def entry(**changes: str) -> Entry:
    return Entry("0" * 32, "gxj", "platforms", {n: v for n, v in {**GOOD, **changes}.items() if v})


def told(plan: Plan, entry: Entry, subsidy: str = "B2") -> dict[str, str]:
    return {c.what: c.result for c in subsidies.check_entry(plan, plan.subsidy_by_id[subsidy], entry).checks}


def application(**given: object) -> Application:
    base = {"key": "1" * 32, "unit": "gxj", "beneficiary": "示例甲孵化器", "subsidy": "B2", "year": 2018, "entry": "e"}
    return Application(**{**base, **given})  # type: ignore[arg-type]


def test_what_is_met_what_fails_and_what_is_open(plan: Plan) -> None:
    rule = plan.subsidy_by_id["B2"]
    good = subsidies.check_entry(plan, rule, entry())
    assert good.eligible
    assert {c.result for c in good.checks} == {"met", "open"}, "the plan leaves payer and window open"
    for change in ({"level": "市级"}, {"type": "众创空间"}, {"recognised": ""}):
        assert not subsidies.check_entry(plan, rule, entry(**change)).eligible, change
    other = replace(entry(), register="patents")
    assert not subsidies.check_entry(plan, rule, other).eligible


def test_a_window_once_it_is_decided(plan: Plan) -> None:
    rule = replace(plan.subsidy_by_id["B2"], since=date(2017, 9, 28), until=date(2018, 5, 6))
    assert subsidies.check_entry(plan, rule, entry()).eligible, "the last day still counts"
    assert not subsidies.check_entry(plan, rule, entry(recognised="2018-05-07")).eligible
    assert not subsidies.check_entry(plan, rule, entry(recognised="2017-09-27")).eligible


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
