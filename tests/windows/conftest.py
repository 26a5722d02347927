"""A throwaway Windows with the frozen program in it; without a frozen program there is nothing to collect here."""

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.windows.programs import WindowsProgram

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = os.environ.get("GANZHOU_BUNDLE", "")

# Set by `.ci/windows.py check`.
if not BUNDLE:
    collect_ignore_glob = ["test_*.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Wine takes its time on a busy machine."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session")
def windows() -> ModuleType:
    """The module .ci/windows.py."""
    found = importlib.util.spec_from_file_location("ganzhou_windows", ROOT / ".ci" / "windows.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["ganzhou_windows"] = module
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def bundle() -> Path:
    """The folder of the frozen program."""
    return Path(BUNDLE)


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where pictures for people to look at go."""
    folder = ROOT / "ci-output" / "windows"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def program(
    windows: ModuleType, bundle: Path, tmp_path_factory: pytest.TempPathFactory, print_fonts_folder: Path
) -> Iterator[WindowsProgram]:
    """The program in a folder whose name has a space and Chinese in it, not writable; a Windows for each module."""
    yield from WindowsProgram.opened(windows, bundle, tmp_path_factory.mktemp("windows"), print_fonts_folder)
