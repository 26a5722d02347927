"""Where things lie, on each system, from source, frozen and portable."""

import sys
from pathlib import Path

import pytest

from ganzhou_desktop import paths

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
