"""The frozen window: pages painted into memory, and a real window in which somebody types."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from pypdf import PdfReader

from tests.windows.programs import LinuxProgram, Person, WindowsProgram

EXE = "ganzhou-desktop.exe"
PAGES = (
    "overview",
    "matrix",
    "filing",
    "review",
    "registers",
    "applications",
    "figures",
    "exchange",
    "settings",
)
PERIOD = "2018Q1"
SCREEN = "1366x768"
PROGRESSED, PROGRESS = (640, 196), (758, 266)
"""Places on that screen: 有进展 and the text field 本期进展. window-2-form.png shows them."""


@pytest.fixture(scope="module")
def unseen(program: WindowsProgram) -> WindowsProgram:
    program.without_a_screen()
    LinuxProgram(program.data).cli("demo", program.data / "演示.gzdb")
    return program


@pytest.fixture(scope="module")
def seen(
    windows: ModuleType, bundle: Path, tmp_path_factory: pytest.TempPathFactory, print_fonts_folder: Path
) -> Iterator[WindowsProgram]:
    """The program on a PC with a screen."""
    folder = tmp_path_factory.mktemp("screen")
    yield from WindowsProgram.opened(windows, bundle, folder, print_fonts_folder, screen=SCREEN)


@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_painted(unseen: WindowsProgram, page: str, pictures: Path) -> None:
    shot = unseen.data / f"{page}.png"
    done = unseen.run(EXE, unseen.data / "演示.gzdb", "--shot", shot, "--page", page)
    assert done.returncode == 0, done
    image = shot.read_bytes()
    (pictures / f"page-{page}.png").write_bytes(image)
    assert len(image) > 60_000  # with an empty page it is 38,000
    assert not list((unseen.data / "home-windows" / "log").glob("crash-*"))


def test_the_program_makes_a_ledger_from_the_plan(unseen: WindowsProgram) -> None:
    done = unseen.run(
        EXE, "--ready", "--shot", unseen.data / "ready.png", env={"GANZHOU_HOME": unseen.named(unseen.data / "新 用户")}
    )
    assert done.returncode == 0, done
    assert unseen.cli("verify", unseen.data / "新 用户/ledgers/甘州区汇总台账.gzdb")["ok"]


def test_selftest(unseen: WindowsProgram) -> None:
    page = unseen.data / "自检.pdf"
    done = unseen.run(EXE, "--selftest", page)
    assert done.returncode == 0, done
    pages = PdfReader(page).pages
    assert len(pages) == 1
    text = "".join(pages[0].extract_text().split())
    assert "有问题" not in text
    assert "cp936" in text  # what the PCs have that the program is for
    assert re.search(r"PDF\d+页\d+KB", text)
    assert "没有微软雅黑" in text  # as on this Windows
    assert "没有装打印机；可以存成PDF" in text


def test_somebody_types_into_a_real_window(seen: WindowsProgram, pictures: Path) -> None:
    linux, folder = LinuxProgram(seen.data), seen.data
    linux.cli("new", "--office", folder / "区.gzdb")
    linux.cli("period", folder / "区.gzdb", PERIOD, "--open")
    linux.cli("hand-out", folder / "区.gzdb", "区财政局", folder / "下发.gzcopy")
    ledger = folder / "财政局.gzdb"
    seen.cli("join", folder / "下发.gzcopy", ledger)

    clerk = Person(seen, ledger)
    clerk.click(Person.IDLE)
    seen.wine.picture(pictures / "window-1-start.png")
    clerk.press("ctrl+3")
    seen.wine.picture(pictures / "window-2-form.png")
    clerk.click(PROGRESSED)
    clerk.click(PROGRESS)
    clerk.type("visited 30 firms")
    time.sleep(1)
    seen.wine.picture(pictures / "window-3-typed.png")
    # The same program once more: it hands over and leaves.
    again = seen.run(EXE, ledger)
    assert again.returncode == 0, again
    assert clerk.running.poll() is None
    clerk.press("ctrl+s")
    clerk.leave()
    form = seen.cli("form", ledger, "--period", PERIOD)
    assert "visited 30 firms" in [matter["progress"] for matter in form["matters"]]
    assert not list((folder / "home-windows" / "log").glob("crash-*"))
