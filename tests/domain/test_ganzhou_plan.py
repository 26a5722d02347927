"""The plan of 甘州区 as data, held against the printed text: every word, cell and figure."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ganzhou_desktop.domain.plan import HEADLINE, Clause, Plan, Role
from ganzhou_desktop.domain.plan_check import lint
from ganzhou_desktop.services.plan_files import read_plan

ROOT = Path(__file__).parents[2]
SEED = (ROOT / "tests" / "data" / "plan-2017.txt").read_text(encoding="utf-8")
BODY = SEED[SEED.index("各乡镇人民政府,") :]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan(ROOT / "db" / "plans" / "ganzhou-2017.toml")


def printed(clause: Clause) -> str:
    """A clause as it stands on paper: a full stop follows a `1.` heading."""
    return clause.number + clause.title + ("。" if re.fullmatch(r"[0-9]+\.", clause.number) else "") + clause.text


def paragraph(task: str) -> str:
    """One task's paragraph, cut out of the printed text without help from the data."""
    section = BODY[BODY.index("三、工作重点及任务分工") : BODY.index("四、工作要求")]
    following = rf"{int(task) + 1}\." if task != "9" else r"\Z"
    # Not inside a number, and (二)(三) with their titles belong to no task.
    found = re.search(rf"(?<![0-9]){task}\.(?P<text>.*?)(?:\([二三]\)[^0-9]*)?(?={following})", section, re.DOTALL)
    assert found is not None
    return found["text"]


def printed_cells(task: str) -> list[tuple[str, str]]:
    """(kind, printed name) of a task's cells in printed order, parsed from 牵头单位:… 配合单位:…"""
    text = paragraph(task)
    listed = text[text.index("牵头单位:") :]
    leads, _, supports = listed.partition("配合单位:")
    cells = [("lead", name) for name in leads.removeprefix("牵头单位:").strip().split("、")]
    return cells + [("support", name) for name in supports.strip().split("、") if name]


# -- the text -----------------------------------------------------------------------------------------------------


def test_the_clauses_are_the_whole_text_in_order(plan: Plan) -> None:
    assert "".join(printed(clause) for clause in plan.clauses) == BODY


def test_the_heading_is_the_document_title(plan: Plan) -> None:
    lines = SEED[: SEED.index("各乡镇人民政府,")].splitlines()
    assert lines[0] == plan.document.title
    assert date.fromisoformat(lines[1]) == plan.document.published == date(2017, 9, 29)
    assert "".join(lines[-2:]) == plan.document.title
    assert plan.document.issuer == lines[-2]


def test_document(plan: Plan) -> None:
    document = plan.document
    assert (document.issued, document.deadline) == (date(2017, 9, 28), date(2020, 12, 31))
    assert (document.region, document.version) == ("甘州区", "2017.2")
    verbatim = (document.deadline_printed, document.short_title, *document.addressees, *document.goals)
    assert all(words in BODY for words in (*verbatim, *document.parents))
    assert not document.demo


def test_clause_tree(plan: Plan) -> None:
    depth: dict[str, int] = {"": 0}
    for clause in plan.clauses:
        depth[clause.id] = depth[clause.parent] + 1
    assert Counter(depth[c.id] for c in plan.clauses) == {1: 7, 2: 7, 3: 9}
    assert [c.number for c in plan.clauses if depth[c.id] == 3] == [f"{n}." for n in range(1, 10)]


def test_nine_tasks_in_three_groups(plan: Plan) -> None:
    assert [g.title for g in plan.groups] == ["完善三大平台", "实施三大工程", "强化三大保障"]
    assert [t.id for t in plan.tasks] == [str(n) for n in range(1, 10)]
    assert [t.group for t in plan.tasks] == ["g1"] * 3 + ["g2"] * 3 + ["g3"] * 3
    for task in plan.tasks:
        assert paragraph(task.id) == printed(plan.clause_by_id[task.clause]).removeprefix(f"{task.id}.")
        assert paragraph(task.id).startswith(task.title + "。")


# -- units and cells ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", [str(n) for n in range(1, 10)])
def test_cells_as_printed(plan: Plan, task: str) -> None:
    cells = [role for role in plan.roles if role.task == task]
    assert [(role.kind, role.printed) for role in cells] == printed_cells(task)
    for kind in ("lead", "support"):
        listed = [role for role in cells if role.kind == kind]
        assert [role.order for role in listed] == list(range(1, len(listed) + 1))
    for role in cells:
        unit = plan.find_unit(role.printed)
        assert unit is not None
        assert (unit.id, role.id) == (role.unit, f"{task}/{role.unit}")
        assert role.principal == (role.kind == "lead" and role.order == 1)


@pytest.mark.parametrize("task", [str(n) for n in range(1, 10)])
def test_asked_is_in_the_words_of_the_clause(plan: Plan, task: str) -> None:
    text = paragraph(task)
    for role in plan.roles:
        if role.task == task:
            words = role.asked if role.kind == "lead" else role.asked.removeprefix("配合")
            assert words in text
            assert role.asked.startswith("配合") == (role.kind == "support")


def test_role_load(plan: Plan) -> None:
    """The table of features §1.7."""
    load = {
        "区科技局": ("123456789", ""),
        "区工信局": ("1256", "34"),
        "区发改委": ("12", "3"),
        "张掖经济技术开发区管委会": ("12", ""),
        "绿洲办": ("1", ""),
        "区农业局": ("5", "1"),
        "区工商质监局": ("6", "8"),
        "区财政局": ("8", "1234569"),
        "区双创办": ("8", "269"),
        "区教育局": ("", "3"),
        "区国税局": ("", "6"),
        "区地税局": ("", "6"),
        "经开区地税局": ("", "6"),
        "区政府金融办": ("", "8"),
        "区国土局": ("", "8"),
        "辖区内有关金融机构": ("", "8"),
        "区人社局": ("", "9"),
    }

    def tasks(roles: tuple[Role, ...], kind: str) -> str:
        return "".join(role.task for role in roles if role.kind == kind)

    found = {
        unit.name: (tasks(plan.roles_of(unit.id), "lead"), tasks(plan.roles_of(unit.id), "support"))
        for unit in plan.responsible_units
    }
    assert found == load
    assert Counter(role.kind for role in plan.roles) == {"lead": 22, "support": 23}


def test_units(plan: Plan) -> None:
    order = (
        "发改委 教育局 科技局 工信局 财政局 人社局 国土局 农业局 工商质监局 政府金融办 双创办 国税局 地税局 "
        "经开区管委会 经开区地税局 绿洲办 有关金融机构"
    )
    assert [unit.short for unit in plan.responsible_units] == order.split()
    assert [(u.name, u.part) for u in plan.units[17:]] == [
        ("区督查考核局", "supervisor"),
        ("甘州区人民政府办公室", "owner"),
    ]
    one_body = ("张掖经济技术经开区管委会", "张掖经济技术开发区管委会", "经开区管委会", "经开区")
    assert {plan.find_unit(name) for name in one_body} == {plan.unit_by_id["jkq"]}
    assert plan.find_unit("张掖绿洲现代农业试验示范区管委会") == plan.find_unit("绿洲办") == plan.unit_by_id["lzb"]
    assert [u.id for u in plan.units if u.collective] == ["jrjg"]


def test_reform_of_2018_is_marked_as_our_assumption(plan: Plan) -> None:
    changed = [u for u in plan.units if u.renamed or u.valid_to or u.successor]
    assert {u.id for u in changed} == {"gsj", "dsj", "jkqdsj", "gtj", "nyj", "gszjj"}
    assert all(u.assumed and u.note for u in changed)
    tax, eve, day = plan.unit_by_id["gsj"], date(2018, 7, 19), date(2018, 7, 20)
    assert plan.naming(tax, eve) == ("区国税局", "国税局")
    assert plan.naming(tax, day) == ("国家税务总局张掖市甘州区税务局", "区税务局")
    for ended in ("dsj", "jkqdsj"):
        assert plan.standing_in(plan.unit_by_id[ended], eve).id == ended
        assert plan.standing_in(plan.unit_by_id[ended], day) == tax
    assert plan.naming(plan.unit_by_id["gtj"], date(2019, 1, 1))[0] == "区自然资源局"
    assert plan.naming(plan.unit_by_id["nyj"], date(2019, 1, 1))[0] == "区农业农村局"
    assert plan.naming(plan.unit_by_id["gszjj"], date(2018, 12, 30))[0] == "区工商质监局"


# -- targets and figures ------------------------------------------------------------------------------------------


def test_headline_targets(plan: Plan) -> None:
    found = {t.id: (str(plan.figure_by_id[t.id].value), t.unit, t.kind, t.at_least) for t in plan.targets_of(HEADLINE)}
    assert found == {
        "T1": ("8", "项", "cumulative", True),
        "T2": ("5", "项", "cumulative", True),
        "T3": ("55", "%", "level", False),
        "T4": ("2", "%", "level", False),
        "T5": ("4", "家", "stock", False),
        "T6": ("2", "家", "stock", False),
        "T7": ("15", "家", "stock", False),
        "T8": ("15", "人", "floor", True),
    }
    assert {(t.reporting_unit, t.reporting_assumed) for t in plan.targets_of(HEADLINE)} == {("kjj", True)}
    assert [t.id for t in plan.targets if t.lagged] == ["T3", "T4", "9c"]
    assert [t.id for t in plan.targets if not t.integral] == ["T3", "T4", "9c"]


def test_subtargets_and_parts(plan: Plan) -> None:
    kinds = {
        "cumulative": "2a 2b 3a 6a 6b 6e 6f 6g",
        "every_year": "4a 4b 4c 5a",
        "floor": "1a",
        "level": "9c",
        "checklist": "1b 4d 6d 7a",
        "standing": "4e 6c 7b 7c 7d 8a 8b 8c 8d 8e 9a 9b 9d 9e 9f",
    }
    found: dict[str, list[str]] = {}
    for target in plan.targets:
        if not target.headline:
            found.setdefault(target.kind, []).append(target.id)
    assert {kind: " ".join(ids) for kind, ids in found.items()} == kinds
    principal = {role.task: role.unit for role in plan.roles if role.principal}
    for target in plan.targets:
        if not target.headline:
            assert target.id.startswith(target.task)
            assert target.reporting_unit == (principal[target.task] if target.numeric else "")
            assert target.reporting_assumed == target.numeric
    assert [t.id for t in plan.targets if t.over_baseline] == ["9c"]
    assert {t.first_year for t in plan.targets if t.kind == "every_year"} == {2018}


def test_named_parts_are_in_the_quotes(plan: Plan) -> None:
    counts = {}
    for target in plan.targets:
        assert target.quote in plan.clause_by_id[target.clause].text
        assert target.quote in BODY
        assert all(part in target.quote for part in target.items)
        if target.items:
            counts[target.id] = len(target.items)
    assert counts == {"1a": 3, "1b": 2, "4d": 3, "6d": 6, "7a": 6}


def test_at_least_is_what_the_print_says(plan: Plan) -> None:
    """以上 right after the printed number, or 至少 before it."""
    for target in plan.targets:
        figure = plan.figure_by_id.get(target.id)
        if target.numeric and figure is not None:
            before, after = figure.quote.split(figure.printed, 1)
            said = after.startswith("以上") or bool(re.search(r"至少\S?\Z", before))
            assert target.at_least == said, target.id


def test_every_figure_against_the_text(plan: Plan) -> None:
    for figure in plan.figures:
        if figure.origin == "baseline":
            assert (figure.printed, figure.value, figure.state) == ("", None, "missing")
            continue
        assert figure.printed in figure.quote
        assert figure.quote in plan.clause_by_id[figure.clause].text
        assert figure.quote in BODY
        assert re.findall(r"[0-9]+", figure.printed) == [str(figure.value)]
        assert "0" not in figure.printed
        assert figure.doubt
        assert figure.state == "pending"
        assert figure.confirmed is None


def test_no_printed_number_is_forgotten(plan: Plan) -> None:
    """Every Arabic number of the text is a figure, a list number or the day of the date."""
    texts = [clause.text for clause in plan.clauses]
    numbers = Counter(n for text in texts for n in re.findall(r"[0-9]+", text))
    numbers -= Counter(["9", "28"])
    covered = Counter(str(f.value) for f in plan.figures if f.origin == "printed")
    covered -= Counter(["1", "5"])  # B2 and B3, B4 and B5 are one printed number each
    assert covered == numbers
    # features §0: 49 number tokens, list numbers and the two that are part of the date included.
    headings = sum(bool(re.match("[0-9]", clause.number)) for clause in plan.clauses)
    assert sum(numbers.values()) + headings + 2 == len(re.findall(r"[0-9]+", BODY)) == 49


def test_other_figures(plan: Plan) -> None:
    values = {f.id: f.printed for f in plan.figures if f.id[0] in "BN" or "." in f.id}
    assert values == {
        "B1": "3万元",
        "B2": "1万元",
        "B3": "1万元",
        "B4": "5万元",
        "B5": "5万元",
        "B6": "2万元",
        "B7": "2万元",
        "N1": "217年",
        "N2": "“333”",
        "N3": "“3条”",
        "N4": "“黄金19条”",
        "N5": "“3条”",
        "4a.threshold": "2件",
        "4b.threshold": "1件",
        **{f"{t}.baseline": "" for t in ("T3", "T4", "T5", "T6", "T7", "9c")},
    }
    assert plan.figure_by_id["4a"].value == 1
    assert plan.figure_by_id["N1"].value == Decimal(217)


def test_subsidies(plan: Plan) -> None:
    assert [s.id for s in plan.subsidies] == [f"B{n}" for n in range(1, 10)]
    assert [s.figure for s in plan.subsidies] == ["B1", "B2", "B3", "B4", "B5", "B6", "B7", "", ""]
    assert all(s.quote in BODY and s.open for s in plan.subsidies)
    assert all(plan.figure_by_id[s.figure].unit == "万元" for s in plan.subsidies if s.figure)


def test_requirements_steps_and_settings(plan: Plan) -> None:
    assert [(r.id, r.title, r.lead) for r in plan.requirements] == [
        ("R1", "加强组织领导", ""),
        ("R2", "明确责任分工", ""),
        ("R3", "加大督查考核", "dcj"),
        ("R4", "强化舆论引导", ""),
    ]
    assert all(plan.clause_by_id[r.clause].title == r.title for r in plan.requirements)
    assert [s.id for s in plan.steps] == ["report", "city", "province", "approval", "payment", "receipt"]
    for task in plan.tasks:
        assert ("city" in task.steps) == ("市直相关部门" in paragraph(task.id))
        assert ("province" in task.steps) == ("省直相关厅局" in paragraph(task.id))
    assert all(s.assumed for s in plan.settings)
    expected = {"frequency": "quarter", "due_day": "5", "slow_points": "10", "behind_points": "30"}
    found = {s.id: s.value for s in plan.settings}
    assert found == {**expected, "proof_limit_mb": "20", "first_year": "2018"}


def test_remarks_find_what_the_plan_leaves_open(plan: Plan) -> None:
    remarks = "\n".join(lint(plan))
    assert "T1、T2、T3、T4、T5、T6、T7、T8 没有写责任单位" in remarks
    assert "任务7“体制机制改革”没有配合单位" in remarks
    assert remarks.count("没有配合单位") == 1
    assert "区科技局牵头全部 9 项任务" in remarks
    assert "T5“创新型企业”要求 4 家，分目标 6g 合计 5 家" in remarks
    assert remarks.count("分目标大于总目标") == 1
    assert remarks.count("没有基期值") == 6
    assert "补助 B8" in remarks
    assert {"T5", "6g"} in [set(q.subjects) for q in plan.questions]
