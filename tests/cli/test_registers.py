"""`register`, `applications`, `subsidies`: out as a workbook, filled in, in again; what is wrong is told by row."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from ganzhou_desktop import paths
from ganzhou_desktop.services import applications, exchange, ledgers, registers
from ganzhou_desktop.services.registers import Edit
from tests.cli.driver import Desk, do, plain, refused, run

HEAD = ("平台名称", "类型", "级别", "认定日期")


@pytest.fixture
def office(demo_of: Callable[[int], Path], tmp_path: Path, ganzhou_home: Path) -> Path:
    """The demo office's ledger."""
    shutil.copytree(demo_of(2).parent / "home", ganzhou_home, dirs_exist_ok=True)
    shutil.copyfile(demo_of(2), tmp_path / "office.gzdb")
    return tmp_path / "office.gzdb"


@pytest.fixture
def unit(office: Path, tmp_path: Path) -> Path:
    """区工信局's ledger, joined from a hand-out of the demo office."""
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


FAILING = [
    ("B1", "scb", "alliances", {"name": "示例众筹联盟", "leader": "示例乙公司", "established": "2018-01-15"},
     "业绩显著的认定日期"),
    ("B2", "kjj", "platforms", {"name": "示例丙孵化器", "type": "科技企业孵化器", "level": "市级", "host": "示例丙公司",
                                "recognised": "2018-02-11"}, "级别"),
    ("B3", "scb", "platforms", {"name": "示例丙空间", "type": "众创空间", "level": "市级", "host": "示例丙公司",
                                "recognised": "2018-02-12"}, "级别"),
    ("B4", "gxj", "enterprises", {"name": "示例乙公司", "hightech": "2018-03-03"}, "省级科技创新型企业认定日期"),
    ("B5", "jkq", "platforms", {"name": "示例工程中心", "type": "工程(技术)研究中心", "level": "省级",
                                "host": "示例甲公司", "recognised": "2018-03-12"}, "类型"),
    ("B6", "kjj", "partners", {"name": "示例交流站", "kind": "其他", "founder": "示例协会", "founder_kind": "其他",
                               "established": "2018-05-15"}, "机构类型"),
    ("B7", "kjj", "talent", {"kind": "科技特派员", "name": "示例员甲", "employer": "示例站", "began": "2018-01-05"},
     "类别"),
    ("B8", "rsj", "qiming", {"name": "示例滴灌项目", "leader": "示例生己"}, "立项日期"),
]  # fmt: skip
"""(subsidy, unit, register, an entry that does not qualify, the column that says so)."""


def test_who_does_not_qualify_is_told_why_for_each_subsidy(office: Path) -> None:
    opened = ledgers.open_ledger(office)
    keys = {
        subsidy: registers.save_entries(opened, register, unit, [Edit(values)])[0]
        for subsidy, unit, register, values, _ in FAILING
    }
    opened.close()
    for subsidy, _, _, values, title in FAILING:
        found = do("subsidies", office, "--check", subsidy, "--on", "2018-12-31")
        (mine,) = (c for c in found["candidates"] if c["key"] == keys[subsidy])
        assert (mine["eligible"], mine["verdict"]) == (False, "failed"), subsidy
        assert title in {c["what"] for c in mine["checks"] if c["result"] == "failed"}, subsidy
        _, out, _ = plain("subsidies", office, "--check", subsidy, "--on", "2018-12-31")
        (line,) = (line for line in out.splitlines() if values["name"] in line)
        assert line.split("\t")[0].strip() == "不符合"
        assert f"{title}：" in line


def test_a_subsidy_without_a_register_vouches_for_nobody(office: Path) -> None:
    none = do("subsidies", office, "--check", "B9")
    assert (none["registers"], none["candidates"]) == ([], [])
    assert none["open"]
    _, out, _ = plain("subsidies", office, "--check", "B9")
    assert "不看台账" in out
    assert "符合条件" not in out


def test_what_is_over_by_the_day_does_not_qualify(office: Path) -> None:
    opened = ledgers.open_ledger(office)
    values = {"name": "示例丁空间", "type": "众创空间", "level": "省级", "host": "示例丁公司", "recognised": "2018-02-12",
              "revoked": "2018-12-31"}  # fmt: skip
    key = registers.save_entries(opened, "platforms", "scb", [Edit(values)])[0]
    opened.close()

    def verdict(on: str) -> str:
        found = do("subsidies", office, "--check", "B3", "--on", on)
        return next(str(c["verdict"]) for c in found["candidates"] if c["key"] == key)

    assert (verdict("2018-12-30"), verdict("2018-12-31")) == ("met", "failed")


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
