"""A desk with an office's ledger and one opened period."""

from pathlib import Path

import pytest

from tests.cli.driver import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.new()
    return made
