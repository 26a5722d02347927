"""Where things lie, on each system, from source, frozen and portable."""

import os
import sys
import time
from pathlib import Path

import pytest

from ganzhou_desktop import paths
from ganzhou_desktop.domain.errors import EnvironmentFailed
from ganzhou_desktop.store.engine import failures_told

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def no_override(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GANZHOU_HOME")


def test_every_personal_folder_follows_the_override(ganzhou_home: Path) -> None:
    assert paths.user_home() == ganzhou_home
    folders = [paths.keys_dir(), paths.backups_dir(), paths.log_dir(), paths.default_ledger_dir()]
    assert len(set(folders)) == 4
    assert all(folder.parent == ganzhou_home for folder in folders)
    assert list(ganzhou_home.iterdir()) == [], "asking where a folder lies must not make it"


@pytest.mark.usefixtures("no_override")
def test_linux_uses_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert paths.user_home() == tmp_path / "ganzhou-desktop"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert paths.user_home() == tmp_path / ".local" / "share" / "ganzhou-desktop"


@pytest.mark.usefixtures("no_override")
def test_windows_uses_the_local_profile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert paths.user_home() == tmp_path / "甘州科创台账"


@pytest.mark.usefixtures("no_override")
def test_the_marker_beside_the_frozen_program_keeps_everything_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(stick / "program.exe"))
    assert paths.portable_folder() is None
    (stick / paths.PORTABLE_MARKER).touch()
    assert paths.user_home() == stick.resolve() / paths.PORTABLE_DATA
    assert paths.default_ledger_dir().is_relative_to(stick.resolve())


@pytest.mark.usefixtures("no_override")
@pytest.mark.parametrize("name", ["Documents", "文档"])
def test_ledgers_go_to_the_documents(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    (tmp_path / name).mkdir()
    assert paths.default_ledger_dir() == tmp_path / name / "甘州科创台账"


def test_resources_lie_at_the_top_of_the_checkout() -> None:
    assert paths.resource("icons/a.svg") == ROOT / "resources" / "icons" / "a.svg"
    assert paths.plan_file("2025.json") == ROOT / "db" / "plans" / "2025.json"


def test_resources_of_the_frozen_program_lie_where_it_unpacked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.resource("a.svg") == tmp_path / "resources" / "a.svg"
    assert paths.plan_file("a.json") == tmp_path / "db" / "plans" / "a.json"


class _Held(PermissionError):
    """What Windows raises while a scanner holds a file."""

    winerror = 32


def test_a_file_that_a_scanner_holds_takes_its_place_when_it_lets_go(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a.part").write_text("new", "utf-8")
    (tmp_path / "a").write_text("old", "utf-8")
    real, tries = os.replace, []

    def replace(part: Path, target: Path) -> None:
        tries.append(part)
        if len(tries) < 4:
            raise _Held(13, "held")
        real(part, target)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    paths.put_in_place(tmp_path / "a.part", tmp_path / "a")
    assert (tmp_path / "a").read_text("utf-8") == "new"
    assert len(tries) == 4


def test_a_file_that_is_held_for_good_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "副本.part").write_text("new", "utf-8")
    (tmp_path / "副本.gzcopy").write_text("old", "utf-8")

    def replace(part: Path, target: Path) -> None:
        raise _Held(13, "held")

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(EnvironmentFailed) as told, failures_told(tmp_path / "副本.gzcopy"):
        paths.put_in_place(tmp_path / "副本.part", tmp_path / "副本.gzcopy", patience=0.2)
    assert told.value.code == "held"
    assert "副本.gzcopy" in told.value.text
    assert "占用" in told.value.text
    assert (tmp_path / "副本.gzcopy").read_text("utf-8") == "old"


def test_no_right_to_write_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def replace(part: Path, target: Path) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(time, "sleep", lambda _seconds: pytest.fail("waited"))
    with pytest.raises(PermissionError):
        paths.put_in_place(tmp_path / "a", tmp_path / "b")
