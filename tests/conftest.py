"""What every test gets: a home of its own, Qt without a screen, print fonts; and what none may leave behind."""

import logging
import os
import re
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# Before anything imports Qt. `dev.py test` sets the same; this is for whoever calls pytest directly.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import hypothesis
import pytest

import dev
from ganzhou_desktop.services import demo

# Deterministic: a red run must be red again on the next machine. `GANZHOU_HYPOTHESIS=explore` looks further.
hypothesis.settings.register_profile("fixed", derandomize=True, deadline=None, database=None, print_blob=True)
hypothesis.settings.register_profile("explore", max_examples=2000, deadline=None, database=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("GANZHOU_HYPOTHESIS", "fixed"))

THREAD_GRACE = 2.0
"""Seconds that a thread which was told to stop has for ending."""


@pytest.fixture(autouse=True)
def ganzhou_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test's own folder of keys, backups and logs; not inside its tmp_path, which the test may list."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("GANZHOU_HOME", str(home))
    return home


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail on log records at warning level or above, unless the test says it expects them."""
    collector = _Collector()
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    root.addHandler(collector)
    yield
    root.removeHandler(collector)
    left = [handler for handler in root.handlers if handler not in before[1]]
    root.setLevel(before[0])
    patterns = [str(mark.args[0]) for mark in request.node.iter_markers("expects_log")]
    lines = [f"{record.levelname} {record.name}: {record.getMessage()}" for record in collector.records]
    unexpected = [line for line in lines if not any(re.search(pattern, line, re.DOTALL) for pattern in patterns)]
    silent = [pattern for pattern in patterns if not any(re.search(pattern, line, re.DOTALL) for line in lines)]
    if unexpected:
        pytest.fail("unexpected log records:\n" + "\n".join(unexpected), pytrace=False)
    if silent:
        pytest.fail(f"expected log records did not come: {silent}", pytrace=False)
    if left:
        pytest.fail(f"log handlers left behind: {left}", pytrace=False)


@pytest.fixture(autouse=True)
def _no_leftover_threads() -> Iterator[None]:
    """Fail when a test leaves a thread that would keep the program from ending."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in left:
        thread.join(THREAD_GRACE)
    alive = [thread.name for thread in left if thread.is_alive()]
    if alive:
        pytest.fail(f"threads left behind: {alive}", pytrace=False)


def _is_open(connection: sqlite3.Connection) -> bool:
    try:
        return connection.total_changes >= 0
    except sqlite3.ProgrammingError:
        return False


@pytest.fixture(autouse=True)
def _no_open_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail when a test leaves a SQLite file open: on Windows nobody could replace or remove it."""
    connect = sqlite3.connect
    opened: list[tuple[object, sqlite3.Connection]] = []

    def connect_and_remember(file: object, *given: Any, **named: Any) -> sqlite3.Connection:
        opened.append((file, connect(file, *given, **named)))
        return opened[-1][1]

    monkeypatch.setattr(sqlite3, "connect", connect_and_remember)
    yield
    left = [str(file) for file, connection in opened if _is_open(connection)]
    if left:
        pytest.fail(f"databases left open: {left}", pytrace=False)


@pytest.fixture(scope="session")
def demo_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """The demo office of so many quarters as a file, with its key in `home` beside it; made once, only ever copied."""
    made: dict[int, Path] = {}

    def file(quarters: int) -> Path:
        if quarters not in made:
            folder = tmp_path_factory.mktemp(f"demo{quarters}")
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("GANZHOU_HOME", str(folder / "home"))
                demo.build(folder / "demo.gzdb", quarters).close()
            made[quarters] = folder / "demo.gzdb"
        return made[quarters]

    return file


@pytest.fixture(scope="session")
def print_fonts_folder() -> Path | None:
    """The folder of the print fonts that `dev.py setup` makes on Linux; None on Windows, which has its own."""
    if not sys.platform.startswith("linux"):
        return None
    named = os.environ.get("GANZHOU_FONTS")
    folder = Path(named) if named else dev.fonts_folder()
    assert folder is not None, "print fonts are missing: run python3 dev.py setup"
    assert folder.is_dir(), "print fonts are missing: run python3 dev.py setup"
    os.environ["GANZHOU_FONTS"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def qapp(qapp: object, print_fonts_folder: Path | None) -> Iterator[object]:
    """pytest-qt's application, with the print fonts loaded."""
    from PySide6.QtGui import QFontDatabase, QGuiApplication

    for file in sorted(print_fonts_folder.glob("*.otf")) if print_fonts_folder else ():
        assert QFontDatabase.addApplicationFont(str(file)) >= 0, file
    yield qapp
    # What was copied last ends while Python is there: without a screen Qt keeps it until the process ends, which then
    # crashes on asking Python about it.  (The clipboards of Windows and X11 let go of it in time.)
    QGuiApplication.clipboard().clear()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A run in which nothing was executed, only skipped, is no green run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus != pytest.ExitCode.OK or session.config.option.collectonly or reporter is None:
        return
    if not any(reporter.stats.get(kind) for kind in ("passed", "failed", "error", "xfailed")):
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
