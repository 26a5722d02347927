"""The frozen command line: a quarter on Windows, and Windows and Linux merging each other's copies."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.windows.programs import DRIVE_C, LinuxProgram, Program, WindowsProgram

PERIOD = "2018Q1"
UNIT = "区科技局"


@pytest.fixture(scope="module")
def linux(program: WindowsProgram) -> LinuxProgram:
    return LinuxProgram(program.data)


def _pdf_text(path: Path) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(path).pages)


def _fonts(path: Path) -> list[Any]:
    return list(PdfReader(path).pages[0]["/Resources"]["/Font"].values())  # type: ignore[index]


def _fill(form: dict[str, Any], text: str) -> None:
    for matter in form["matters"]:
        matter.update(answer="progress", progress=f"{text}（任务{matter['task']}）", next_steps="下季度继续推进")
        matter["measurements"] = dict.fromkeys(matter["measurements"], 1)


def _file(unit: Program, ledger: Path, text: str) -> Any:
    form = unit.cli("form", ledger, "--period", PERIOD)
    _fill(form, text)
    paper = ledger.with_suffix(".json")
    paper.write_text(json.dumps(form, ensure_ascii=False), "utf-8")
    return unit.cli("file", ledger, paper, "--submit")


def _quarter(office: Program, unit: Program, folder: Path) -> None:
    """A quarter in which office and unit work on different systems; both end with the same heads."""
    folder.mkdir()
    ledger, mine, printed = folder / "区汇总 台账.gzdb", folder / "单位.gzdb", folder / "填报表.pdf"
    handed, filed, answer = folder / "下发.gzcopy", folder / "上报.gzcopy", folder / "答复.gzcopy"
    made = office.cli("new", "--office", ledger)
    assert made["recovery"]
    office.cli("period", ledger, PERIOD, "--open")
    office.cli("hand-out", ledger, UNIT, handed)
    code = unit.cli("join", handed, mine)["code"]
    assert _file(unit, mine, "已走访企业三十家")["submitted"]
    unit.cli("print-form", mine, printed, "--period", PERIOD)
    assert "已走访企业三十家" in _pdf_text(printed)
    unit.cli("export", mine, filed)
    merged = office.cli("merge", ledger, filed, "--trust", code)
    assert [p["verdict"] for p in merged["packages"]] == ["merged"]
    office.cli("review", ledger, UNIT, PERIOD, "--accept")
    office.cli("matrix", ledger, folder / "矩阵.pdf", "--paper", "A3")
    assert UNIT in _pdf_text(folder / "矩阵.pdf")
    office.cli("hand-out", ledger, UNIT, answer)
    unit.cli("merge", mine, answer)
    # The unit's own part is the same in both, step for step; and each program reads the other's file the same way.
    for name in (ledger, mine):
        here, there = office.cli("verify", name), unit.cli("verify", name)
        assert here["ok"], here
        assert here["heads"] == there["heads"]
        assert here == there
    unit.cli("export", mine, folder / "再上报.gzcopy")
    again = office.cli("merge", ledger, folder / "再上报.gzcopy")
    assert [p["verdict"] for p in again["packages"]] == ["known"]


def test_a_quarter_on_windows(program: WindowsProgram) -> None:
    _quarter(program, WindowsProgram(program.wine, program.data, "home-unit"), program.data / "一季 度")


def test_linux_merges_what_windows_filed(program: WindowsProgram, linux: LinuxProgram) -> None:
    _quarter(linux, program, program.data / "linux-office")


def test_windows_merges_what_linux_filed(program: WindowsProgram, linux: LinuxProgram) -> None:
    _quarter(program, linux, program.data / "windows-office")


def test_both_print_the_same_words(program: WindowsProgram, linux: LinuxProgram) -> None:
    ledger = program.data / "示范.gzdb"
    linux.cli("demo", ledger)
    texts = []
    for number, one in enumerate((linux, program)):
        one.cli("matrix", ledger, program.data / f"{number}.pdf")
        texts.append(re.sub(r"\d\d:\d\d打印", "打印", _pdf_text(program.data / f"{number}.pdf")))
    assert len(texts[0]) > 500
    assert texts[0] == texts[1]
    assert linux.cli("matrix", ledger) == program.cli("matrix", ledger)
    assert linux.cli("gauges", ledger) == program.cli("gauges", ledger)


def test_printing_finds_the_fonts_of_windows(program: WindowsProgram) -> None:
    """A PC has no GANZHOU_FONTS. Qt's offscreen platform would look for fonts beside itself only."""
    ledger, out = program.data / "无字体.gzdb", program.data / "字体.pdf"
    program.cli("demo", ledger)
    program.wine.shell(
        f"mkdir -p /{DRIVE_C}/windows/Fonts; cp /usr/share/fonts/truetype/wqy/* /{DRIVE_C}/windows/Fonts/"
    )
    done = program.run("ganzhou-cli.exe", "matrix", ledger, out, env={"GANZHOU_FONTS": ""})
    assert done.returncode == 0, done
    assert UNIT in _pdf_text(out)
    assert "WenQuanYi" in str([f.get_object()["/BaseFont"] for f in _fonts(out)])


@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_chinese_on_any_code_page(program: WindowsProgram, language: str) -> None:
    done = program.run("ganzhou-cli.exe", "--version", env={"LANG": language})
    assert (done.returncode, done.text.split()[0]) == (0, "甘州科创台账"), done
    done = program.run("ganzhou-cli.exe", "verify", program.data / "没有这本.gzdb", env={"LANG": language})
    assert done.returncode == 3
    assert "没有这本.gzdb" in done.complaints


def test_the_command_line_starts_without_qt(program: WindowsProgram) -> None:
    done = program.wine.wine(
        "ganzhou-cli.exe", "--version", at=program.at, env=program.env(WINEDEBUG="+loaddll"), apart=True
    )
    assert "python313.dll" in done.complaints
    assert "qt6core" not in done.complaints.lower()
