"""Somebody at a PC with a screen: prints and exports through the window, reads the manual, shuts the PC down, crashes."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from pypdf import PdfReader

from tests.windows.programs import LONG, LinuxProgram, Person, WindowsProgram, as_a_stick, until

PERIOD = "2018Q1"
SCREEN = "1366x768"
EXCHANGE = "ctrl+7"
"""数据交换 is the seventh entry of a unit's navigation; an office has 审核 before it."""
MATRIX_PDF, EXPORT = (1230, 58), (688, 218)
PROGRESSED, PROGRESS = (640, 196), (758, 266)
"""Places on that screen: buttons of 任务矩阵 and 数据交换; 有进展 and 本期进展 of 填报. The pictures show them."""


@pytest.fixture
def whole(windows: ModuleType, bundle: Path, tmp_path: Path, print_fonts_folder: Path) -> Iterator[WindowsProgram]:
    """The program as it is, on a PC with a screen."""
    yield from WindowsProgram.opened(windows, bundle, tmp_path, print_fonts_folder, screen=SCREEN)


def _unit_ledger(program: WindowsProgram) -> Path:
    """区财政局's ledger on the Windows PC, handed out by an office on Linux."""
    office, folder = LinuxProgram(program.data), program.data
    office.cli("new", "--office", folder / "区.gzdb")
    office.cli("period", folder / "区.gzdb", PERIOD, "--open")
    office.cli("hand-out", folder / "区.gzdb", "区财政局", folder / "下发.gzcopy")
    program.cli("join", folder / "下发.gzcopy", folder / "财政局.gzdb")
    return folder / "财政局.gzdb"


def _progress(program: WindowsProgram, ledger: Path) -> list[str]:
    form = program.cli("form", ledger, "--period", PERIOD)
    return [str(matter["progress"]) for matter in form["matters"]]


def test_prints_and_exports_through_the_window(whole: WindowsProgram, pictures: Path) -> None:
    ledger, office, folder = _unit_ledger(whole), LinuxProgram(whole.data), whole.data
    form = whole.cli("form", ledger, "--period", PERIOD)
    for matter in form["matters"]:
        matter.update(answer="progress", progress="已走访企业三十家", next_steps="下季度继续推进")
        matter["measurements"] = dict.fromkeys(matter["measurements"], 1)
    (folder / "表.json").write_text(json.dumps(form, ensure_ascii=False), "utf-8")
    assert whole.cli("file", ledger, folder / "表.json", "--submit")["submitted"]

    clerk = Person(whole, ledger)
    clerk.click(Person.IDLE)
    clerk.press("ctrl+2")
    clerk.click(MATRIX_PDF)
    until("the dialog", lambda: "存为 PDF" in clerk.titles())
    clerk.name_file("matrix.pdf")
    printed = next(iter([*folder.rglob("matrix.pdf")]), None)
    whole.wine.picture(pictures / "window-4-matrix-pdf.png")
    assert printed is not None, "see window-4-matrix-pdf.png"
    assert "区财政局" in "".join(PdfReader(printed).pages[0].extract_text().split())

    clerk.press("F1")
    until("the manual", lambda: "使用手册" in clerk.titles())
    whole.wine.picture(pictures / "window-5-manual.png")
    clerk.press("alt+F4")

    clerk.press(EXCHANGE)
    clerk.click(EXPORT)
    whole.wine.picture(pictures / "window-6-export.png")
    clerk.name_file("up.gzcopy")
    until("the copy", lambda: [*folder.rglob("up.gzcopy")])
    (filed,) = folder.rglob("up.gzcopy")
    clerk.leave()

    sites = office.cli("merge", folder / "区.gzdb", filed, "--trust", whole.cli("inspect", filed)["code"])
    assert [p["verdict"] for p in sites["packages"]] == ["merged"]
    office.cli("review", folder / "区.gzdb", "区财政局", PERIOD, "--accept")
    office.cli("hand-out", folder / "区.gzdb", "区财政局", folder / "答复.gzcopy")
    whole.cli("merge", ledger, folder / "答复.gzcopy")
    for file in (ledger, folder / "区.gzdb"):
        here, there = office.cli("verify", file), whole.cli("verify", file)
        assert here["ok"], here
        assert here == there
    unit, all_ = office.cli("verify", ledger)["scopes"], office.cli("verify", folder / "区.gzdb")["scopes"]
    assert unit["czj"] == all_["czj"]


@LONG
def test_shutting_the_pc_down_loses_no_word(whole: WindowsProgram) -> None:
    ledger = _unit_ledger(whole)
    clerk = Person(whole, ledger)
    clerk.click(Person.IDLE)
    clerk.press("ctrl+3")
    clerk.click(PROGRESSED)
    clerk.click(PROGRESS)
    clerk.type("typed just before")
    # Windows asks every window whether the session may end, and ends it.
    whole.wine.run("wineboot", "--end-session", "--shutdown", timeout=60)
    until("the program ends", lambda: clerk.running.poll() is not None)
    whole.wine.shell("wineserver -k; wineserver -w")
    assert "the session ends" in (whole.data / "home-windows" / "log" / "ganzhou.log").read_text("utf-8")
    assert "typed just before" in _progress(whole, ledger)
    assert whole.cli("verify", ledger)["ok"]
    assert not list(ledger.parent.glob("*-journal"))


@LONG
def test_a_crash_is_reported_and_told_of_once(
    windows: ModuleType, bundle: Path, tmp_path: Path, print_fonts_folder: Path, pictures: Path
) -> None:
    """A picture that 数据交换 shows is missing from the program's folder: making that page is a fault of the program."""
    folder, data = as_a_stick(bundle, tmp_path / "程序"), tmp_path / "data"
    data.mkdir()
    icons = folder / "_internal" / "resources" / "icons"
    log = data / "home-windows" / "log"
    missing = sorted(icons.glob("usb_stick_*"))
    assert missing
    for seen in WindowsProgram.opened(windows, folder, data, print_fonts_folder, screen=SCREEN):
        ledger = _unit_ledger(seen)
        form = seen.cli("form", ledger, "--period", PERIOD)
        form["matters"][0].update(answer="progress", progress="secret words")
        (data / "表.json").write_text(json.dumps(form, ensure_ascii=False), "utf-8")
        seen.cli("file", ledger, data / "表.json")

        for file in missing:
            file.rename(tmp_path / file.name)
        clerk = Person(seen, ledger)
        clerk.click(Person.IDLE)
        clerk.press(EXCHANGE)
        until("a report", lambda: list(log.glob("crash-*.txt")))
        clerk.settled()
        seen.wine.picture(pictures / "window-7-crash.png")
        # And the power goes.
        seen.wine.shell("wineserver -k; wineserver -w")
        for file in missing:
            (tmp_path / file.name).rename(file)

        reports = sorted(log.glob("crash-*.txt"))
        words = reports[0].read_text("utf-8")
        assert "FileNotFoundError" in words
        assert "ganzhou_desktop/ui/icons.py" in words
        assert " ?" not in words, "each part's version is known"
        assert "secret" not in words + (log / "ganzhou.log").read_text("utf-8")
        assert "张 三" not in words

        again = Person(seen, ledger)
        until("the report is told of", lambda: (log / "crash-seen").exists())
        assert (log / "crash-seen").read_text("utf-8") == reports[-1].name
        again.settled()
        seen.wine.picture(pictures / "window-8-after-crash.png")
        again.press("Escape")
        again.leave()
        assert "secret words" in _progress(seen, ledger)
        assert seen.cli("verify", ledger)["ok"]
        last = Person(seen, ledger)
        last.settled()
        seen.wine.picture(pictures / "window-9-told-once.png")
        last.leave()


@LONG
@pytest.mark.parametrize("percent", [100, 125, 150])
def test_scaled_screens(
    windows: ModuleType, bundle: Path, tmp_path: Path, print_fonts_folder: Path, pictures: Path, percent: int
) -> None:
    """As set in Windows itself; the sizes of screens that offices have with it."""
    screen = {100: "1366x768", 125: "1920x1080", 150: "1920x1080"}[percent]
    LinuxProgram(tmp_path, "home-windows").cli("demo", tmp_path / "演示.gzdb")
    for program in WindowsProgram.opened(windows, bundle, tmp_path, print_fonts_folder, screen=screen):
        key = r"HKCU\Control Panel\Desktop"
        program.wine.wine("reg", "add", key, "/v", "LogPixels", "/t", "REG_DWORD", "/d", str(96 * percent // 100), "/f")
        program.wine.shell("wineserver -k; wineserver -w")
        done = program.run("ganzhou-desktop.exe", "--selftest")
        assert f"（{percent}%）" in done.stdout.decode("gbk"), done
        person = Person(program, tmp_path / "演示.gzdb")
        person.press("ctrl+2")
        program.wine.picture(pictures / f"scaled-{percent}.png")
        person.leave()
