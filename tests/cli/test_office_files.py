"""The command line writes office files, replaces its own, and leaves other people's alone."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.driver import do, refused


@pytest.fixture
def office(demo_of: Callable[[int], Path], tmp_path: Path) -> Path:
    return Path(shutil.copyfile(demo_of(2), tmp_path / "demo.gzdb"))


@pytest.mark.parametrize("command", ["matrix", "breakdown"])
@pytest.mark.parametrize("ending", ["xlsx", "docx", "pdf"])
def test_tables_as_files(office: Path, tmp_path: Path, command: str, ending: str) -> None:
    out = tmp_path / f"表.{ending}"
    for _ in range(2):
        assert do(command, office, out)["file"] == str(out)
    assert out.read_bytes()[:5] == b"%PDF-" if ending == "pdf" else zipfile.is_zipfile(out)


@pytest.mark.parametrize("ending", ["xlsx", "docx", "pdf", "doc"])
def test_a_file_of_another_kind_is_not_replaced(office: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"我的.{ending}"
    out.write_text("mine")
    assert refused("matrix", office, out).error == "exists"
    assert refused("breakdown", office, out).error == "exists"
    assert out.read_text() == "mine"


def test_an_ending_without_a_program_is_refused(office: Path, tmp_path: Path) -> None:
    assert refused("matrix", office, tmp_path / "表.doc").error == "wrong_kind"


def test_the_leaders_page(office: Path, tmp_path: Path) -> None:
    page = do("leader", office, "--period", "2018Q2")
    assert (page["period"], page["on"], page["file"], page["asked"]) == ("2018Q2", "2018-06-30", None, 17)
    assert 0 < len(page["items"]) <= 5
    assert set(page["items"][0]) == {"state", "text", "unit", "ask", "contact"}
    do("leader", office, tmp_path / "一页.pdf")
    assert (tmp_path / "一页.pdf").read_bytes()[:5] == b"%PDF-"
