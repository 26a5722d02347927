"""`register`, `applications`, `subsidies`: out as a workbook, filled in, in again; what is wrong is told by row."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from ganzhou_desktop import paths
from ganzhou_desktop.services import applications, exchange, ledgers
from tests.cli.driver import Desk, do, plain, refused, run

HEAD = ("平台名称", "类型", "级别", "认定日期")


@pytest.fixture
def unit(demo_of: Callable[[int], Path], tmp_path: Path, ganzhou_home: Path) -> Path:
    """区工信局's ledger, joined from a hand-out of the demo office."""
    shutil.copytree(demo_of(2).parent / "home", ganzhou_home, dirs_exist_ok=True)
    office = tmp_path / "office.gzdb"
    shutil.copyfile(demo_of(2), office)
    opened = ledgers.open_ledger(office)
    exchange.hand_out(opened, "gxj", tmp_path / "gxj.gzcopy")
    opened.close()
    exchange.join(tmp_path / "gxj.gzcopy", tmp_path / "gxj.gzdb").close()
    return tmp_path / "gxj.gzdb"


def workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    for row in (HEAD, *rows):
        book.active.append(row)
    book.save(path)
    return path


def names(answer: dict[str, object]) -> set[str]:
    return {str(e["values"]["name"]) for e in answer["entries"]}  # type: ignore[attr-defined,index]


def test_in_and_out_and_in_again(unit: Path, tmp_path: Path) -> None:
    before = names(do("register", unit, "platforms"))
    source = workbook(
        tmp_path / "新增.xlsx",
        ("示例甲孵化器", "科技企业孵化器", "省级", "2018.5.6"),
        ("示例乙孵化器", "科技企业孵化器", "省级", "去年"),
    )
    taken = do("register", unit, "创新平台", "--import", source, "--marked", tmp_path / "标错.xlsx")
    assert (taken["new"], taken["changed"]) == (1, 0)
    assert [(e["row"], e["column"]) for e in taken["wrong"]] == [(3, "recognised")]
    marked = load_workbook(tmp_path / "标错.xlsx").active
    assert any("不是日期" in str(c.value) for c in marked[3])

    shown = do("register", unit, "platforms", "--xlsx", tmp_path / "导出.xlsx")
    assert names(shown) - before == {"示例甲孵化器"}
    again = do("register", unit, "platforms", "--import", tmp_path / "导出.xlsx")
    assert (again["new"], again["changed"], again["wrong"]) == (0, 0, [])
    assert again["same"] == len(shown["entries"])


def test_a_double_waits_for_being_asked_for(unit: Path, tmp_path: Path) -> None:
    row = ("示例甲孵化器", "科技企业孵化器", "省级", "2018-05-06")
    do("register", unit, "platforms", "--import", workbook(tmp_path / "一.xlsx", row))
    second = do("register", unit, "platforms", "--import", workbook(tmp_path / "二.xlsx", row))
    assert (second["new"], second["doubles"]) == (0, 1)
    third = do("register", unit, "platforms", "--import", tmp_path / "二.xlsx", "--doubles")
    assert third["new"] == 1


def test_nothing_right_in_it_is_refused_and_told(unit: Path, tmp_path: Path) -> None:
    source = workbook(tmp_path / "错.xlsx", ("示例乙孵化器", "不是类型", "省级", "2018-05-06"))
    answer = run("register", unit, "platforms", "--import", source)
    assert (answer.code, answer.error) == (3, "import_refused")
    assert "不在选项里" in answer.value["error"]["errors"][0]
    assert refused("register", unit, "没有这本").error == "unknown_register"
    assert run("register", unit, "platforms", "--doubles").code == 2


def test_applications_and_subsidies(unit: Path, tmp_path: Path) -> None:
    rows = (("示例甲孵化器", "科技企业孵化器", "省级", "2018-05-06"), ("示例丙", "众创空间", "市级", "2018-05-06"))
    do("register", unit, "platforms", "--import", workbook(tmp_path / "一.xlsx", *rows))
    check = do("subsidies", unit, "--check", "B2")
    assert [c["eligible"] for c in check["candidates"]].count(True) == 1
    assert check["candidates"][0]["eligible"], "the eligible ones come first"
    opened = ledgers.open_ledger(unit)
    first = check["candidates"][0]
    applications.save_application(
        opened, "gxj", texts={"beneficiary": "示例甲孵化器", "subsidy": "B2", "entry": first["key"]}, year=2018
    )
    opened.close()
    listed = do("applications", unit, "--on", "2018-07-01")
    assert {a["beneficiary"]: a["state"] for a in listed["applications"]}["示例甲孵化器"] == "drafting"
    sums = do("subsidies", unit)
    by_id = {s["id"]: s for s in sums["subsidies"]}
    assert by_id["B2"]["sums"]["count"] == sum(a["subsidy"] == "B2" for a in listed["applications"])
    assert by_id["B4"]["exposure"] == "25", "6g 5 × 5 万元, as printed"
    assert by_id["B8"]["standard"] is None
    code, out, _ = plain("subsidies", unit)
    assert code == 0
    assert "待核定" in out


def test_registers_and_subsidies_on_paper(unit: Path, tmp_path: Path) -> None:
    rows = tuple((f"示例{n}孵化器", "科技企业孵化器", "省级", "2018-05-06") for n in range(3))
    do("register", unit, "platforms", "--import", workbook(tmp_path / "一.xlsx", *rows))
    pdf = tmp_path / "台账.pdf"
    assert do("register", unit, "platforms", "--pdf", pdf, "--paper", "A3")["file"] == str(pdf)
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(pdf).pages)
    assert all(f"示例{n}孵化器" in text for n in range(3))
    assert "填报单位：区工信局（盖章）" in text
    assert "仅含本单位" in text
    answer = do("subsidies", unit, "--pdf", tmp_path / "汇总.pdf", "--questions", tmp_path / "明确.pdf")
    assert answer["files"] == [str(tmp_path / "汇总.pdf"), str(tmp_path / "明确.pdf")]
    sums, questions = (
        "".join("".join(page.extract_text().split()) for page in PdfReader(tmp_path / name).pages)
        for name in ("汇总.pdf", "明确.pdf")
    )
    assert "奖补汇总表" in sums
    assert "提请明确的事项" in questions
    assert run("register", unit, "platforms", "--pdf", pdf, "--xlsx", tmp_path / "x.xlsx").code == 2
    assert run("subsidies", unit, "--check", "B2", "--pdf", pdf).code == 2


def test_newer_plan_data_is_looked_at_and_taken_over(desk: Desk, tmp_path: Path) -> None:
    text = paths.plan_file("ganzhou-2017.toml").read_text("utf-8")
    version = re.search(r'^version = "(.+)"', text, re.M)
    assert version is not None
    newer = tmp_path / "newer.toml"
    newer.write_text(
        text.replace(version[0], 'version = "2018.1"', 1).replace('short = "创新平台"', 'short = "平台台账"', 1),
        "utf-8",
    )
    with desk.at("office"):
        seen = do("plan-update", desk.office, newer, "--dry-run")
        assert (seen["from"], seen["to"], seen["done"]) == (version[1], "2018.1", False)
        changed = [(c["kind"], c["key"]) for c in seen["changes"] if c["how"] == "changed"]
        assert ("document", "plan") in changed
        assert len(changed) == 2
        assert refused("plan-update", desk.office, newer).error == "no_basis"
        done = do("plan-update", desk.office, newer, "--basis", "会议纪要")
        assert done["changes"] == seen["changes"]
        assert refused("plan-update", desk.office, newer, "--basis", "会议纪要").error == "nothing_changed"
        assert refused("plan-update", desk.office, "--basis", "会议纪要").error == "older_plan"
        code, out, _ = plain("plan-update", desk.office, newer, "--dry-run")
        assert (code, "没有变动" in out) == (0, True)
