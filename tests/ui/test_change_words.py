"""A change reads as offices write it, never as JSON; texts are compared word by word."""

import pytest

from ganzhou_desktop import paths
from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.ui import change_words, diff_text

PLAN = read_plan(paths.plan_file("ganzhou-2017.toml"))
ANSWER: Json = {
    "answer": "progress",
    "progress": "完成摸底。",
    "problems": "",
    "next_steps": "报送方案。",
    "expected": "2018-06-30",
}


@pytest.mark.parametrize(
    ("kind", "key", "field", "words"),
    [
        ("submission", "2018Q1", "2", "任务 2 · 本期答复"),
        ("submission", "2018Q1", "t", "目标任务 · 本期答复"),
        ("submission", "2017Q4", "2", "2017年第四季度 · 任务 2 · 本期答复"),
        ("submission", "2018Q1", "proof/2/" + "0" * 64, "任务 2 · 佐证"),
        ("submission", "2018Q1", "filed", "提交"),
        ("profile", "profile", "phone", "联系人 · 电话"),
        ("period", "2018Q1", "due", "期次 2018年第一季度 · 应报日"),
        ("review", "2018Q1/" + "0" * 64, "verdict", "审核 · 结论"),
        ("review", "2018Q1/" + "0" * 64, "matter/3", "审核 · 任务 3"),
        ("site", "0" * 64, "stopped", "电脑 · 使用"),
        ("task", "2", "title", "任务 2 · 标题"),
        ("question", "Q1", "nobody_knows", "待明确 Q1 · 内容"),
    ],
)
def test_subject(kind: str, key: str, field: str, words: str) -> None:
    """Record and field in words."""
    assert change_words.subject(PLAN, kind, key, field, "2018Q1") == words


def test_targets_are_named() -> None:
    """A number is named by its target."""
    target = next(t for t in PLAN.targets if t.numeric and not t.headline)
    words = change_words.subject(PLAN, "submission", "2018Q1", target.id.lower(), "2018Q1")
    assert words == f"任务 {target.task} · {target.short}"
    assert change_words.value_text(PLAN, "submission", target.id.lower(), "3") == f"3 {target.unit}".strip()
    counted = change_words.subject(PLAN, "submission", "2018Q1", f"{target.id.lower()}.counted", "2018Q1")
    assert counted == f"{words}（台账计得）"
    line = change_words.value_line(PLAN, "submission", f"{target.id.lower()}.counted", "3")
    assert line == f"3 {target.unit}".strip()


@pytest.mark.parametrize(
    ("kind", "field", "value", "text"),
    [
        (
            "submission",
            "2",
            ANSWER,
            "本期情况：有进展\n本期进展：完成摸底。\n下步措施：报送方案。\n预计完成时间：2018年6月30日",
        ),
        ("submission", "2", None, "—"),
        ("submission", "proof/2/x", {"name": "清单.pdf", "size": 2048, "kind": "pdf"}, "清单.pdf（2 KB）"),
        (
            "submission",
            "filed",
            {
                "round": 2,
                "mode": "unit",
                "source": "",
                "names": {"head": "甲", "reviewer": "", "clerk": "乙", "phone": ""},
            },
            "第 2 稿 · 单位提交 · 负责人 甲 · 填表人 乙",
        ),
        ("review", "verdict", {"result": "return", "reason": "太简单"}, "退回：太简单"),
        ("review", "verdict", {"result": "accept", "reason": ""}, "接收"),
        ("review", "received", "2018-04-05", "2018年4月5日"),
        ("site", "stopped", False, "认可使用"),
        ("site", "stopped", True, "停用"),
        ("period", "closed", True, "是"),
        ("closing", "filings", ["a", "b"], "2 份"),
        ("unit", "aliases", ["甲", "乙"], "甲、乙"),
        ("entry", "deleted", True, "删去这条记录"),
        ("entry", "deleted", None, "保留这条记录"),
    ],
)
def test_values(kind: str, field: str, value: Json, text: str) -> None:
    """Readable lines for every shape a value has."""
    assert change_words.value_text(PLAN, kind, field, value) == text


def test_of_two_answers_only_what_differs_is_told() -> None:
    """A narrow cell shows the member that changed, without the beginning both share."""
    long = "全区平台摸底已经完成，共有市级以上平台"
    before = {**ANSWER, "progress": long + "四家。"}
    after = {**ANSWER, "progress": long + "五家，另有两家在报。"}
    first, second = change_words.pair_lines(PLAN, "submission", "2", before, after)
    assert first == "本期进展：…市级以上平台四家。"
    assert second == "本期进展：…市级以上平台五家，另有两家在报。"
    assert change_words.differing_words([before, after]) == "本期进展"
    assert change_words.differing_words([before, None]) == ""


def test_marks_are_words_not_bytes() -> None:
    """Numbers stay whole, characters beyond the first plane do not shift the marks."""
    assert diff_text.words("平台 14 家abc") == ["平", "台", " ", "14", " ", "家", "abc"]
    assert diff_text.marks("平台 4 家", "平台 14 家") == [(3, 2)]
    assert diff_text.marks("𠀀平台 4 家", "𠀀平台 5 家") == [(5, 1)]
    assert diff_text.marks("一样", "一样") == []
    assert diff_text.marks("", "x" * (diff_text.LIMIT + 1)) == []


def test_alike() -> None:
    """A text that was rewritten is not compared with what it replaced."""
    assert diff_text.alike("共有平台 4 家，培育 5 家。", "共有平台 4 家，培育 6 家。")
    assert not diff_text.alike("摸底", "组织科技特派员下乡，培训农户三百人次。")


def test_entries_and_applications_speak_by_the_plans_columns() -> None:
    """A register's entry is called by its register, name and column; amounts carry 万元, steps their result."""
    register = PLAN.registers[0]
    column = next(c for c in PLAN.columns_by_register[register.id] if c.form == "date")
    about: dict[str, Json] = {"register": register.id, "name": "甲禾示范园"}
    words = change_words.subject(PLAN, "entry", "0" * 32, column.name, about=about)
    assert words == f"{register.short} · 甲禾示范园 · {column.title}"
    assert change_words.value_line(PLAN, "entry", column.name, "2018-03-16", about) == "2018年3月16日"
    assert change_words.subject(PLAN, "entry", "0" * 32, "gone", about={}) == "登记 · 内容"
    paid: dict[str, Json] = {"beneficiary": "乙禾种业"}
    assert (
        change_words.subject(PLAN, "application", "0" * 32, "amount/approved", about=paid) == "申报 · 乙禾种业 · 批复额"
    )
    amount: Json = {"value": "12.5", "on": None, "payer": "区财政局", "number": ""}
    assert (
        change_words.value_line(PLAN, "application", "amount/approved", amount, paid) == "12.5 万元；支付方：区财政局"
    )
    step = PLAN.steps[0]
    assert change_words.subject(PLAN, "application", "0" * 32, f"step/{step.id}", about=paid).endswith(step.name)
