"""The cached layers of the Windows toolchain: which of them go."""

import importlib.util
import os
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).resolve().parents[1] / ".ci" / "windows.py"
DAY = 24 * 3600


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The module .ci/windows.py with an empty cache folder."""
    found = importlib.util.spec_from_file_location("ganzhou_windows_cache", FILE)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    monkeypatch.setitem(sys.modules, "ganzhou_windows_cache", module)
    found.loader.exec_module(module)
    monkeypatch.setattr(module.dev, "cache_folder", lambda: tmp_path)
    return module


def test_layers_go_when_two_newer_ones_are_there_and_nobody_used_them_for_long(
    windows: ModuleType, tmp_path: Path
) -> None:
    days = {"a": 1, "b": 30, "c": 40, "d": 13, "e": 5}
    for letter, age in days.items():
        layer = tmp_path / f"windows-python-{letter * 16}"
        (layer / "opt").mkdir(parents=True)
        layer.with_name(layer.name + ".log").write_text("made", "ascii")
        os.utime(layer, (time.time() - age * DAY,) * 2)
    others = [
        tmp_path / name for name in ("windows-system-" + "f" * 16, "windows-python-mine", "venv-3.11-" + "0" * 16)
    ]
    for other in others:
        other.mkdir()
        os.utime(other, (time.time() - 99 * DAY,) * 2)
    windows.forget_old_layers("python")
    windows.forget_old_layers("system")
    left = {f.name.removeprefix("windows-python-")[0] for f in tmp_path.glob("windows-python-*") if f not in others}
    assert left == {"a", "d", "e"}
    assert len(list(tmp_path.glob("*.log"))) == 3
    assert all(other.exists() for other in others)


def test_the_two_used_last_stay_however_old(windows: ModuleType, tmp_path: Path) -> None:
    for letter, age in (("a", 100), ("b", 200), ("c", 300)):
        layer = tmp_path / f"windows-system-{letter * 16}"
        layer.mkdir()
        os.utime(layer, (time.time() - age * DAY,) * 2)
    windows.forget_old_layers("system")
    assert sorted(f.name[-1] for f in tmp_path.iterdir()) == ["a", "b"]
