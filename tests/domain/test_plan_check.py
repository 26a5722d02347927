"""Plan files against the rules: every mistake at once with its place, and files that cannot be read at all."""

import contextlib
import copy
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.domain.plan_check import PlanErrors, check_plan, lint
from ganzhou_desktop.services.plan_files import MAX_BYTES, read_plan
from tests.domain.plans import plan, unit

GANZHOU = Path(__file__).parents[2] / "db" / "plans" / "ganzhou-2017.toml"

SMALL = """
[document]
title = "甲县方案"
short_title = "甲县方案"
region = "甲县"
issuer = "甲县政府办"
version = "2024.1"
issued = 2024-01-01
deadline = 2025-12-31
deadline_printed = "到2025年底"

[[clause]]
id = "1"
parent = ""
number = "一、"
title = "任务"
text = "建成平台3家以上,每年培育企业1.5家,研发投入占比达到2%。牵头单位:县科技局配合单位:县财政局"

[[clause]]
id = "2"
parent = "1"
number = "(一)"
title = "细则"
text = "按时办理。"

[[group]]
id = "g1"
number = "一、"
title = "平台"
clause = "1"

[[unit]]
id = "kjj"
name = "县科技局"
short = "科技局"
part = "task"
valid_from = 2000-01-01
renamed = ["2024-06-01 县科学技术局 科学技术局", "2025-06-01 县科创局 科创局"]

[[unit]]
id = "czj"
name = "县财政局"
short = "财政局"
part = "task"
valid_to = 2025-01-01
successor = "kjj"

[[unit]]
id = "zfb"
name = "甲县政府办"
short = "政府办"
part = "owner"

[[step]]
id = "report"
name = "上报"
actor = "单位"

[[task]]
id = "1"
group = "g1"
title = "建平台"
short = "平台"
clause = "1"
steps = ["report"]

[[role]]
task = "1"
unit = "kjj"
kind = "lead"
principal = true
asked = "建成平台"
printed = "县科技局"

[[role]]
task = "1"
unit = "czj"
kind = "support"
principal = false
asked = "配合建成平台"
printed = "县财政局"

[[target]]
id = "1a"
task = "1"
name = "平台"
short = "平台"
kind = "cumulative"
unit = "家"
at_least = true
reporting_unit = "kjj"
reporting_assumed = true
clause = "1"
quote = "建成平台3家以上"

[[target]]
id = "1b"
task = "1"
name = "企业"
short = "企业"
kind = "every_year"
unit = "家"
at_least = false
reporting_unit = "czj"
reporting_assumed = true
clause = "1"
quote = "每年培育企业1.5家"
first_year = 2024

[[target]]
id = "1c"
task = "1"
name = "办理"
short = "办理"
kind = "standing"
unit = ""
at_least = false
reporting_unit = ""
reporting_assumed = false
clause = "2"
quote = "按时办理"

[[target]]
id = "T1"
task = "T"
name = "研发投入占比"
short = "研发占比"
kind = "level"
unit = "%"
at_least = false
reporting_unit = "kjj"
reporting_assumed = false
clause = "1"
quote = "研发投入占比达到2%"

[[figure]]
id = "1a"
origin = "printed"
name = "平台"
printed = "3家"
value = 3
unit = "家"
clause = "1"
quote = "建成平台3家以上"
doubt = "待核"

[[figure]]
id = "1b"
origin = "printed"
name = "企业"
printed = "1.5家"
value = 1.5
unit = "家"
clause = "1"
quote = "每年培育企业1.5家"
doubt = "待核"

[[figure]]
id = "T1"
origin = "printed"
name = "占比"
printed = "2%"
value = 2
unit = "%"
clause = "1"
quote = "研发投入占比达到2%"
doubt = "待核"

[[figure]]
id = "T1.baseline"
origin = "baseline"
name = "占比基期"
printed = ""
unit = "%"
clause = ""
quote = ""
doubt = "没有"

[[subsidy]]
id = "B1"
beneficiary = "平台"
condition = ""
basis = "每家"
figure = "1a"
clause = "1"
quote = "建成平台3家以上"

[[requirement]]
id = "R1"
title = "督查"
clause = "2"
mechanism = "期次"
lead = "zfb"

[[setting]]
id = "due_day"
name = "应报日"
value = "5"
assumed = true

[[question]]
id = "Q1"
subjects = ["1a", "plan", "T", "due_day"]
question = "几家？"
ask = "zfb"
"""

Tables = dict[str, Any]


def small() -> Tables:
    return tomllib.loads(SMALL, parse_float=Decimal)


def errors_of(tables: Tables) -> tuple[str, ...]:
    with pytest.raises(PlanErrors) as broken:
        check_plan(tables)
    assert broken.value.code == "bad_plan"
    return broken.value.errors


def changed(kind: str, index: int, /, **fields: Any) -> Callable[[Tables], None]:
    return lambda tables: tables[kind][index].update(fields)


def without(kind: str, index: int, name: str) -> Callable[[Tables], None]:
    return lambda tables: tables[kind][index].pop(name)


def test_a_small_plan_is_taken() -> None:
    plan = check_plan(small())
    assert [c.order for c in plan.clauses] == [1, 2]
    assert [(r.id, r.order) for r in plan.roles] == [("1/kjj", 1), ("1/czj", 1)]
    assert plan.figure_by_id["1b"].value == Decimal("1.5")
    assert plan.document.published is None
    assert "要求" not in "".join(lint(plan))


CASES: list[tuple[Callable[[Tables], Any], str]] = [
    # keys, types, canonical limits
    (lambda t: t.update(unti=[]), "[unti]：没有这样的表"),
    (lambda t: t.update(unit={}), "[[unit]]：应是一组表，每个以 [[unit]] 开头"),
    (lambda t: t.pop("document"), "[document]：缺少方案本身的表，或写成了别的形式"),
    (lambda t: t["document"].update(id="x"), "[document]：id 应为 plan，可以不写"),
    (lambda t: t["document"].pop("issuer"), "[document]：缺“issuer”"),
    (lambda t: t["document"].update(issued="2024-01-01"), "[document]：“issued”应为日期（如 2017-09-28，不加引号）"),
    (
        lambda t: t["document"].update(issued=datetime(2024, 1, 1, tzinfo=UTC)),
        "[document]：“issued”应为日期（如 2017-09-28，不加引号）",
    ),
    (changed("unit", 2, nmae="x"), "第 3 个 [[unit]]（id=zfb）：没有“nmae”这一项"),
    (without("unit", 2, "name"), "第 3 个 [[unit]]（id=zfb）：缺“name”"),
    (without("unit", 2, "id"), "第 3 个 [[unit]]：缺 id，或 id 不是文字"),
    (changed("unit", 2, name=""), "第 3 个 [[unit]]（id=zfb）：“name”不能空着"),
    (changed("unit", 2, name=7), "第 3 个 [[unit]]（id=zfb）：“name”应为文字"),
    (
        changed("unit", 2, name="政府\x00办"),
        "第 3 个 [[unit]]（id=zfb）：“name”的首尾有空白，或含有控制字符、非规范字符",
    ),
    (changed("unit", 2, note="\ud800"), "第 3 个 [[unit]]（id=zfb）：“note”含有残缺字符"),
    (changed("unit", 2, name=" 政府办"), "第 3 个 [[unit]]（id=zfb）：“name”的首尾有空白，或含有控制字符、非规范字符"),
    (changed("unit", 2, aliases="办"), "第 3 个 [[unit]]（id=zfb）：“aliases”应为文字列表"),
    (changed("unit", 2, aliases=["办", 1]), "第 3 个 [[unit]]（id=zfb）：“aliases”应为文字列表"),
    (changed("unit", 2, aliases=["办", "办"]), "第 3 个 [[unit]]（id=zfb）：“aliases”里有重复的内容"),
    (changed("unit", 2, collective=1), "第 3 个 [[unit]]（id=zfb）：“collective”应为true 或 false"),
    (changed("unit", 2, order=-1), "第 3 个 [[unit]]（id=zfb）：“order”应为0 以上的整数"),
    (changed("unit", 2, order=2**53), "第 3 个 [[unit]]（id=zfb）：“order”应为0 以上的整数"),
    (changed("unit", 2, order=True), "第 3 个 [[unit]]（id=zfb）：“order”应为0 以上的整数"),
    (changed("unit", 2, order=1), "第 3 个 [[unit]]（id=zfb）：次序 order 1 与前面的重复"),
    (changed("figure", 0, value="3"), "第 1 个 [[figure]]（id=1a）：“value”应为数字"),
    (changed("figure", 0, value=0.5), "第 1 个 [[figure]]（id=1a）：“value”应为数字"),
    (
        changed("figure", 0, value=Decimal("nan")),
        "第 1 个 [[figure]]（id=1a）：“value”的这不是一个数，请填写普通数字。",
    ),
    (
        changed("figure", 0, value=Decimal("0.0000001")),
        "第 1 个 [[figure]]（id=1a）：“value”的数字太长：整数部分最多 18 位，小数最多 6 位。",
    ),
    # ids
    (
        changed("unit", 2, id="ZFB"),
        "第 3 个 [[unit]]（id=ZFB）：id“ZFB”不合规，应为2 至 32 个小写字母或数字，且不用保留字",
    ),
    (
        changed("unit", 2, id="all"),
        "第 3 个 [[unit]]（id=all）：id“all”不合规，应为2 至 32 个小写字母或数字，且不用保留字",
    ),
    (
        changed("question", 0, id="问 1"),
        "第 1 个 [[question]]（id=问 1）：id“问 1”不合规，应为1 至 48 个字母、数字、点、短横或下划线，且不用保留字",
    ),
    (
        changed("target", 2, id="filed"),
        "第 3 个 [[target]]（id=filed）：id“filed”不合规，应为T 加数字，"
        "或 1 至 32 个小写字母、数字、点或短横，且不用保留字",
    ),
    (changed("unit", 2, id="czj"), "第 3 个 [[unit]]（id=czj）：与前面的重复（id czj）"),
    (changed("role", 1, unit="kjj"), "第 2 个 [[role]]（task=1）：与前面的重复（id 1/kjj）"),
    (changed("role", 1, id="1/kjj"), "第 2 个 [[role]]（task=1）：id 应为 1/czj，可以不写"),
    (changed("target", 2, id="1"), "[[target]]：id“1”已是一项任务的 id，目标要用别的"),
    *(
        (
            changed("target", 2, id=wrong),
            f"第 3 个 [[target]]（id={wrong}）：id“{wrong}”不合规，应为T 加数字，"
            "或 1 至 32 个小写字母、数字、点或短横，且不用保留字",
        )
        for wrong in ("1A", "T", "t1", "t")
    ),
    *(
        (
            changed("task", 0, id=wrong),
            f"第 1 个 [[task]]（id={wrong}）：id“{wrong}”不合规，应为1 至 32 个小写字母、数字、点或短横，且不用保留字",
        )
        for wrong in ("T", "t", "t1", "filed", "A")
    ),
    # references
    (changed("role", 1, unit="区工信委"), "第 2 个 [[role]]（task=1）：unit“区工信委”不在单位表里"),
    (changed("role", 1, task="7"), "第 2 个 [[role]]（task=7）：task“7”不在任务表里"),
    (changed("target", 0, task="7"), "第 1 个 [[target]]（id=1a）：task“7”不在任务表里（总目标写 T）"),
    (changed("task", 0, steps=["report", "pay"]), "第 1 个 [[task]]（id=1）：steps“pay”不在流程表里"),
    (changed("task", 0, group="g9"), "第 1 个 [[task]]（id=1）：group“g9”不在分组表里"),
    (changed("subsidy", 0, figure="B1"), "第 1 个 [[subsidy]]（id=B1）：figure“B1”不在数字表里"),
    (changed("clause", 1, parent="9"), "第 2 个 [[clause]]（id=2）：parent“9”不在条文表里"),
    (changed("clause", 0, parent="2"), "第 1 个 [[clause]]（id=1）：上级条文“2”应排在它前面"),
    (changed("clause", 1, parent="2"), "第 2 个 [[clause]]（id=2）：上级条文“2”应排在它前面"),
    (changed("requirement", 0, lead="dcj"), "第 1 个 [[requirement]]（id=R1）：lead“dcj”不在单位表里"),
    (
        changed("question", 0, subjects=["9z"]),
        "第 1 个 [[question]]（id=Q1）：subjects 里的“9z”不是本方案任何一项的 id",
    ),
    # units and dates
    (
        lambda t: t["document"].update(deadline=date(2024, 1, 1)),
        "[document]：完成时限 2024-01-01 不晚于成文日期 2024-01-01",
    ),
    (
        lambda t: t["document"].update(published=date(2023, 1, 1)),
        "[document]：公布日期 2023-01-01 早于成文日期 2024-01-01",
    ),
    (changed("unit", 2, part="boss"), "第 3 个 [[unit]]（id=zfb）：part“boss”应为 task、supervisor、owner 之一"),
    (changed("unit", 2, aliases=["科技局"]), "第 3 个 [[unit]]（id=zfb）：名称“科技局”与单位 kjj 重复，分不清是哪一个"),
    (
        changed("unit", 0, renamed=["2024-6-1 甲 乙"]),
        "第 1 个 [[unit]]（id=kjj）：更名“2024-6-1 甲 乙”应写成“2018-12-31 新名称 新简称”，中间各空一格",
    ),
    (
        changed("unit", 0, renamed=["2024-06-01 甲"]),
        "第 1 个 [[unit]]（id=kjj）：更名“2024-06-01 甲”应写成“2018-12-31 新名称 新简称”，中间各空一格",
    ),
    (
        changed("unit", 0, renamed=["2024-06-01  甲"]),
        "第 1 个 [[unit]]（id=kjj）：更名“2024-06-01  甲”应写成“2018-12-31 新名称 新简称”，中间各空一格",
    ),
    (
        changed("unit", 0, renamed=["2024-02-30 甲 乙"]),
        "第 1 个 [[unit]]（id=kjj）：更名“2024-02-30 甲 乙”应写成“2018-12-31 新名称 新简称”，中间各空一格",
    ),
    (
        changed("unit", 0, renamed=["2024-06-01 甲 乙", "2024-05-01 丙 丁"]),
        "第 1 个 [[unit]]（id=kjj）：更名日期 2024-05-01 不晚于前一个日期 2024-06-01",
    ),
    (
        changed("unit", 1, renamed=["2025-01-01 丙 丁"]),
        "第 2 个 [[unit]]（id=czj）：更名日期 2025-01-01 不早于终止日期 2025-01-01",
    ),
    (
        changed("unit", 1, valid_from=date(2025, 1, 1)),
        "第 2 个 [[unit]]（id=czj）：终止日期 2025-01-01 不晚于设立日期 2025-01-01",
    ),
    (without("unit", 1, "valid_to"), "第 2 个 [[unit]]（id=czj）：写了承接单位“kjj”，却没有终止日期 valid_to"),
    (
        changed("unit", 0, successor="czj", valid_to=date(2026, 1, 1)),
        "第 2 个 [[unit]]（id=czj）：承接单位绕成了圈（czj → kjj → czj）",
    ),
    (changed("unit", 1, successor="czj"), "第 2 个 [[unit]]（id=czj）：承接单位绕成了圈（czj → czj）"),
    # roles
    (changed("role", 1, kind="help"), "第 2 个 [[role]]（task=1）：kind“help”应为 lead 或 support"),
    (changed("role", 1, principal=True), "第 2 个 [[role]]（task=1）：配合单位不能是主牵头"),
    (
        changed("role", 1, unit="zfb", printed="甲县政府办"),
        "第 2 个 [[role]]（task=1）：unit“zfb”是甲县政府办，不是责任单位",
    ),
    (
        changed("role", 1, printed="县科技局"),
        "第 2 个 [[role]]（task=1）：printed“县科技局”既不是“县财政局”，也不是它的别名",
    ),
    (
        lambda t: (t["unit"][1].update(name="县财局"), t["role"][1].update(printed="县财局")),
        "第 2 个 [[role]]（task=1）：printed“县财局”不在条文 1 的原文里",
    ),
    (
        changed("role", 0, principal=False),
        "第 1 个 [[task]]（id=1）：没有主牵头（牵头单位里应有一个 principal = true）",
    ),
    (lambda t: t.update(role=[]), "第 1 个 [[task]]（id=1）：没有牵头单位"),
    (
        changed("role", 1, kind="lead", principal=True),
        "第 1 个 [[task]]（id=1）：有 2 个主牵头（kjj、czj），只能有一个",
    ),
    # targets
    (
        changed("target", 0, kind="sum"),
        "第 1 个 [[target]]（id=1a）：kind“sum”应为 cumulative、every_year、stock、floor、level、"
        "checklist、standing 之一",
    ),
    (changed("target", 0, quote="平台4家"), "第 1 个 [[target]]（id=1a）：引文“平台4家”不在条文 1 的原文里"),
    (changed("target", 0, unit=""), "第 1 个 [[target]]（id=1a）：要报数的目标没有计量单位 unit"),
    (
        changed("target", 2, unit="家"),
        "第 3 个 [[target]]（id=1c）：经常性工作（standing）没有数字，不应有计量单位“家”",
    ),
    (
        changed("target", 2, reporting_unit="kjj"),
        "第 3 个 [[target]]（id=1c）：经常性工作（standing）不报数，不应有填报单位“kjj”",
    ),
    (
        changed("target", 0, kind="standing", unit="", reporting_unit=""),
        "第 1 个 [[target]]（id=1a）：经常性工作（standing）不应有同号的数字",
    ),
    (changed("target", 0, reporting_unit=""), "第 1 个 [[target]]（id=1a）：要报数的目标没有填报单位 reporting_unit"),
    (changed("target", 0, reporting_unit="gxj"), "第 1 个 [[target]]（id=1a）：reporting_unit“gxj”不在单位表里"),
    (changed("target", 0, reporting_unit="zfb"), "第 1 个 [[target]]（id=1a）：填报单位“甲县政府办”不是责任单位"),
    (lambda t: t["role"].pop(1), "第 2 个 [[target]]（id=1b）：填报单位 czj 在任务 1 里没有分工"),
    (lambda t: t["figure"].pop(1), "第 2 个 [[target]]（id=1b）：没有目标数字（缺 id 为 1b 的 [[figure]]）"),
    (changed("target", 0, kind="checklist"), "第 1 个 [[target]]（id=1a）：清单（checklist）没有列出各项 items"),
    (changed("target", 0, items=["甲"]), "第 1 个 [[target]]（id=1a）：items 只用于 checklist 和 floor"),
    (changed("target", 0, over_baseline=True), "第 1 个 [[target]]（id=1a）：over_baseline 只用于 level"),
    (changed("target", 0, first_year=2024), "第 1 个 [[target]]（id=1a）：every_year 要写 first_year，其他类型不写"),
    (without("target", 1, "first_year"), "第 2 个 [[target]]（id=1b）：every_year 要写 first_year，其他类型不写"),
    (changed("target", 1, first_year=2026), "第 2 个 [[target]]（id=1b）：first_year 2026 不在方案起止年份之内"),
    # figures and settings
    (changed("figure", 0, origin="guess"), "第 1 个 [[figure]]（id=1a）：origin“guess”应为 printed 或 baseline"),
    (without("figure", 0, "value"), "第 1 个 [[figure]]（id=1a）：原文数字要写全 printed、value、clause、quote"),
    (changed("figure", 0, quote="建成平台"), "第 1 个 [[figure]]（id=1a）：原文值“3家”不在引文“建成平台”里"),
    (changed("figure", 0, quote="平台3家整"), "第 1 个 [[figure]]（id=1a）：引文“平台3家整”不在条文 1 的原文里"),
    (changed("figure", 0, value=30), "第 1 个 [[figure]]（id=1a）：value 30 与原文值“3家”不符"),
    (changed("figure", 0, unit="个"), "第 1 个 [[figure]]（id=1a）：计量单位“个”与目标 1a 的“家”不同"),
    (changed("figure", 0, confirmed=30), "第 1 个 [[figure]]（id=1a）：有核定值却没有依据 basis"),
    (changed("figure", 3, id="T1.base"), "第 4 个 [[figure]]（id=T1.base）：基期值的 id 应为“目标.baseline”"),
    (changed("figure", 3, id="T9.baseline"), "第 4 个 [[figure]]（id=T9.baseline）：没有 id 为 T9 的目标"),
    (
        changed("figure", 3, value=2),
        "第 4 个 [[figure]]（id=T1.baseline）：基期值原文没有印，printed 应为空，不写 value",
    ),
    (changed("subsidy", 0, quote="补助"), "第 1 个 [[subsidy]]（id=B1）：引文“补助”不在条文 1 的原文里"),
    (changed("setting", 0, value="32"), "第 1 个 [[setting]]（id=due_day）：value“32”应为 1 至 31 的整数"),
    (
        changed("setting", 0, id="frequency", value="weekly"),
        "第 1 个 [[setting]]（id=frequency）：value“weekly”应为 month、quarter、half、year 之一",
    ),
]


@pytest.mark.parametrize(("spoil", "message"), CASES, ids=[f"{n}" for n in range(len(CASES))])
def test_one_mistake(spoil: Callable[[Tables], Any], message: str) -> None:
    tables = small()
    spoil(tables)
    assert message in errors_of(tables)


def test_each_mistake_is_told_once() -> None:
    """A table that cannot be read leaves a hole; what points into the hole is no second mistake."""
    tables = small()
    tables["unit"][0]["order"] = "一"
    tables["clause"][0]["order"] = "一"
    tables["role"][0]["principal"] = "是"
    assert errors_of(tables) == (
        "第 1 个 [[clause]]（id=1）：“order”应为0 以上的整数",
        "第 1 个 [[unit]]（id=kjj）：“order”应为0 以上的整数",
        "第 1 个 [[role]]（task=1）：“principal”应为true 或 false",
    )


def test_settings_that_cross() -> None:
    tables = small()
    for name, value in (("slow_points", "40"), ("behind_points", "30")):
        tables["setting"].append({"id": name, "name": "界线", "value": value, "assumed": True})
    assert errors_of(tables) == ("[[setting]]：slow_points 大于 behind_points",)


def test_one_file_with_many_mistakes_reports_them_all(tmp_path: Path) -> None:
    text = GANZHOU.read_text(encoding="utf-8")

    def spoil(old: str, new: str) -> None:
        nonlocal text
        assert old in text, old
        text = text.replace(old, new, 1)

    spoil('region = "甘州区"\n', "")
    spoil("deadline = 2020-12-31", "deadline = 2016-12-31")
    spoil('[[group]]\nid = "g2"', '[[group]]\nid = "g1"')
    spoil('task = "6"\nunit = "gszjj"', 'task = "6"\nunit = "区工信委"')
    spoil("principal = true", "principal = false")
    spoil('kind = "stock"', 'kind = "total"')
    spoil('quote = "重大关键技术突破5项以上"', 'quote = "重大关键技术突破50项以上"')
    spoil('printed = "55%"', 'printed = "550%"')
    spoil("value = 217", 'value = "217"')
    spoil('renamed = ["2018-12-31 区自然资源局', 'renamed = ["2018.12.31 区自然资源局')
    spoil('lead = "dcj"', 'leed = "dcj"')
    spoil('id = "slow_points"', 'id = "slow_points"\nunknown = 1')
    path = tmp_path / "坏方案.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanErrors) as broken:
        read_plan(path)
    expected = [
        "[document]：缺“region”",
        "第 2 个 [[group]]（id=g1）：与前面的重复（id g1）",
        "第 27 个 [[role]]（task=6）：unit“区工信委”不在单位表里",
        "第 1 个 [[task]]（id=1）：没有主牵头（牵头单位里应有一个 principal = true）",
        "第 5 个 [[target]]（id=T5）：kind“total”应为 cumulative、every_year、stock",
        "第 2 个 [[target]]（id=T2）：引文“重大关键技术突破50项以上”不在条文 2 的原文里",
        "第 3 个 [[figure]]（id=T3）：原文值“550%”不在引文“科技进步对经济增长的贡献率达到55%”里",
        "第 3 个 [[figure]]（id=T3）：value 55 与原文值“550%”不符",
        "“value”应为数字",
        "更名“2018.12.31 区自然资源局 自然资源局”应写成",
        "第 3 个 [[requirement]]（id=R3）：没有“leed”这一项",
        "第 3 个 [[setting]]（id=slow_points）：没有“unknown”这一项",
        "group“g2”不在分组表里",
    ]
    told = "\n".join(broken.value.errors)
    assert [message for message in expected if message not in told] == []
    assert f"有 {len(broken.value.errors)} 处不合规" in broken.value.text
    assert broken.value.errors[0] in broken.value.text


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.dates() | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
SPOTS = [
    (kind, i, name)
    for kind, found in small().items()
    if isinstance(found, list)
    for i, t in enumerate(found)
    for name in t
]


@given(st.lists(st.tuples(st.sampled_from(SPOTS), junk), min_size=1, max_size=4))
def test_whatever_stands_in_a_table_ends_in_a_plan_or_in_errors(spots: list[tuple[tuple[str, int, str], Any]]) -> None:
    tables = copy.deepcopy(small())
    for (kind, index, name), value in spots:
        tables[kind][index][name] = value
    with contextlib.suppress(PlanErrors):
        check_plan(tables)


@given(st.dictionaries(st.sampled_from(["document", "unit", "role", "x"]), junk))
def test_whatever_stands_for_a_table(tables: Tables) -> None:
    assert errors_of(tables)


# -- files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_with_or_without_bom(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "方案.toml"
    path.write_bytes(start + SMALL.replace("\n", "\r\n").encode())
    assert read_plan(path) == check_plan(small())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'[document]\ntitle = "x\n', "第 2 行"),
        (b"[document]\n[document]\n", "第 2 行"),
        ("a = 1\nb = '甲'\n".encode("gbk"), "第 2 行不是 UTF-8 编码"),
        (b"x = [", "不合 TOML 写法"),
        (b"x = " + b"[" * 100_000, "请改好后再读一次"),
        (b"#" * (MAX_BYTES + 1), "超过 4 MB"),
        (b"", "缺少方案本身的表"),
        (b"\x00", "请改好后再读一次"),
    ],
)
def test_what_is_no_plan_file(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "方案.toml"
    path.write_bytes(data)
    with pytest.raises(RuleBroken) as broken:
        read_plan(path)
    assert broken.value.code == "bad_plan"
    assert words in broken.value.text


def test_no_file_and_no_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (tmp_path / "没有.toml", tmp_path):
        with pytest.raises(EnvironmentFailed) as failed:
            read_plan(path)
        assert failed.value.code == "no_file"

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "锁住.toml"
    path.write_text(SMALL, encoding="utf-8")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(EnvironmentFailed) as failed:
        read_plan(path)
    assert failed.value.code == "unreadable"


def test_a_plan_without_settings_has_the_usual_ones() -> None:
    """A plan file may leave them out: the due day and the limit of a proof file are asked for all the same."""
    made = plan((unit("ab"),), {"1": ("ab", "")})
    assert made.settings == ()
    assert (made.number_setting("due_day"), made.number_setting("proof_limit_mb")) == (5, 20)
    for value, day in (("12", 12), ("0", 5), ("每月五日", 5), ("", 5), ("-3", 5), ("9" * 5000, 5), ("٣", 5)):
        odd = plan((unit("ab"),), {"1": ("ab", "")}, settings={"due_day": value})
        assert odd.number_setting("due_day") == day, value[:9]
