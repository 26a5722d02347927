"""A desk with an office's ledger and one opened period."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.cli.driver import Desk


@pytest.fixture(autouse=True)
def _one_application(qapp: QApplication) -> None:
    """In this process the widgets' application comes first: a command that prints must not make a lesser one."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.new()
    return made
