"""A report that helps to find a fault and says nothing of what people typed."""

import io
import logging
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from ganzhou_desktop import __version__, diagnostics

SECRET = "张三的手机号"


@pytest.fixture
def log_file(ganzhou_home: Path) -> Iterator[Path]:
    root = logging.getLogger()
    level = root.level
    handler = diagnostics.set_up_logging()
    yield ganzhou_home / "log" / diagnostics.LOG_NAME
    root.removeHandler(handler)
    handler.close()
    root.setLevel(level)


@pytest.fixture
def quiet_stderr(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """The hooks that were there before: pytest's own would count the fault as the test's."""
    shown = io.StringIO()
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, where: shown.write(kind.__name__))
    monkeypatch.setattr(threading, "excepthook", lambda args: shown.write(args.exc_type.__name__))
    monkeypatch.setattr(sys, "unraisablehook", lambda args: shown.write(args.exc_type.__name__))
    return shown


def fail_with_a_secret() -> None:
    secret = SECRET
    assert secret
    raise ValueError("不成")


def caught() -> BaseException:
    with pytest.raises(ValueError, match="不成") as caught:
        fail_with_a_secret()
    return caught.value


def sql_error() -> BaseException:
    engine = create_engine("sqlite://")
    try:
        with engine.connect() as connection, pytest.raises(SQLAlchemyError) as caught:
            connection.execute(text("select * from no_table where name = :name"), {"name": SECRET})
    finally:
        engine.dispose()
    assert SECRET in str(caught.value), "else this test proves nothing"
    return caught.value


def test_a_report_names_functions_lines_and_versions_and_no_values() -> None:
    path = diagnostics.write_report(caught())
    assert path is not None
    report = path.read_text("utf-8")
    assert "fail_with_a_secret" in report
    assert "tests/test_diagnostics.py:" in report
    assert "ValueError: 不成" in report
    assert f"ganzhou_desktop {__version__}" in report
    assert "SQLAlchemy 2." in report
    assert SECRET not in report
    assert str(Path(__file__).parent) not in report, "where the program lies may name the person"


def test_sql_parameters_stay_out_of_report_and_log(log_file: Path) -> None:
    error = sql_error()
    path = diagnostics.write_report(error)
    assert path is not None
    assert "no such table" in path.read_text("utf-8")
    logging.getLogger("ganzhou_desktop.test").info("仍在运行", exc_info=error)
    logging.getLogger("ganzhou_desktop.test").info("也写在话里：%s", error)
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(text("select :name"), {"name": SECRET})
    engine.dispose()
    log = log_file.read_text("utf-8")
    assert "no such table" in log
    assert "sql_error" in log
    assert SECRET not in log + path.read_text("utf-8")


def test_a_cause_is_told_before_what_came_of_it() -> None:
    later = RuntimeError("后来")
    later.__cause__ = caught()
    told = diagnostics.trace(later)
    assert told.index("ValueError: 不成") < told.index("RuntimeError: 后来")


def test_the_home_folder_and_long_messages_are_cut() -> None:
    assert diagnostics.safe_message(OSError(f"{Path.home()}/a.gzdb")) == "~/a.gzdb"
    assert len(diagnostics.safe_message(ValueError("长" * 5000))) == diagnostics.MESSAGE_LENGTH + 1


def test_an_error_that_cannot_be_put_into_words_is_still_reported() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert diagnostics.trace(Mute()).endswith("Mute: ?")


def test_only_the_newest_reports_are_kept(tmp_path: Path) -> None:
    written = [diagnostics.write_report(caught(), tmp_path) for _ in range(diagnostics.REPORTS_KEPT + 3)]
    assert sorted(tmp_path.iterdir()) == sorted(filter(None, written[3:]))


def test_a_disk_that_refuses_is_no_second_fault(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file where the folder should be", "utf-8")
    assert diagnostics.write_report(caught(), tmp_path / "log") is None


def test_a_program_on_a_write_protected_stick_logs_and_reports_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stick").write_text("nothing can be made below a file", "utf-8")
    monkeypatch.setenv("GANZHOU_HOME", str(tmp_path / "stick"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    root, level = logging.getLogger(), logging.getLogger().level
    handler = diagnostics.set_up_logging()
    logging.getLogger("ganzhou_desktop.test").info("照常运行")
    root.removeHandler(handler)
    handler.close()
    root.setLevel(level)
    (log,) = tmp_path.glob(f"*/{diagnostics.LOG_NAME}")
    assert "照常运行" in log.read_text("utf-8")
    report = diagnostics.write_report(caught())
    assert report is not None
    assert report.parent == log.parent
    assert diagnostics.unseen_report() == report
    diagnostics.mark_seen(report)
    assert diagnostics.unseen_report() is None


def test_a_pc_that_takes_nothing_anywhere_goes_without_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "full").write_text("", "utf-8")
    monkeypatch.setenv("GANZHOU_HOME", str(tmp_path / "full"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "full"))
    root, level = logging.getLogger(), logging.getLogger().level
    handler = diagnostics.set_up_logging()
    logging.getLogger("ganzhou_desktop.test").info("照常运行")
    root.removeHandler(handler)
    root.setLevel(level)
    assert diagnostics.write_report(caught()) is None


def test_the_log_rotates(log_file: Path) -> None:
    for _ in range(6 * diagnostics.LOG_BYTES // 10_000):
        logging.getLogger("ganzhou_desktop.test").info("x" * 10_000)
    files = sorted(log_file.parent.iterdir())
    assert len(files) == diagnostics.LOG_FILES
    assert all(file.stat().st_size <= diagnostics.LOG_BYTES for file in files)


@pytest.mark.expects_log("CRITICAL .*uncaught, report crash-.*不成")
def test_uncaught_errors_are_reported_in_every_thread(
    ganzhou_home: Path, log_file: Path, quiet_stderr: io.StringIO
) -> None:
    told: list[tuple[BaseException, Path | None]] = []
    hooks = diagnostics.CrashHooks(lambda error, path: told.append((error, path)))
    try:
        error = caught()
        sys.excepthook(type(error), error, error.__traceback__)
        thread = threading.Thread(target=fail_with_a_secret, name="工作线程")
        thread.start()
        thread.join()
    finally:
        hooks.remove()
    assert len(told) == 2
    reports = [path.read_text("utf-8") for _, path in told if path]
    assert "线程 工作线程" in reports[1]
    assert quiet_stderr.getvalue() == "ValueErrorValueError", "the hooks before still run"
    log = log_file.read_text("utf-8")
    assert log.count("fail_with_a_secret") == 2
    assert SECRET not in log


@pytest.mark.expects_log("CRITICAL .*uncaught")
@pytest.mark.expects_log("CRITICAL .*while reporting a fault")
def test_a_fault_while_telling_of_a_fault_ends_there(quiet_stderr: io.StringIO) -> None:
    def tell(error: BaseException, _: Path | None) -> None:
        sys.excepthook(type(error), error, None)
        raise RuntimeError("window is gone")

    hooks = diagnostics.CrashHooks(tell)
    try:
        error = caught()
        sys.excepthook(type(error), error, None)
    finally:
        hooks.remove()


def test_ctrl_c_is_no_fault(ganzhou_home: Path, quiet_stderr: io.StringIO) -> None:
    hooks = diagnostics.CrashHooks()
    try:
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    finally:
        hooks.remove()
    assert not (ganzhou_home / "log").exists()


@pytest.mark.expects_log("ERROR .*unraisable.*不成")
def test_an_error_in_a_finaliser_is_only_logged(ganzhou_home: Path, quiet_stderr: io.StringIO) -> None:
    class Careless:
        def __del__(self) -> None:
            fail_with_a_secret()

    hooks = diagnostics.CrashHooks()
    try:
        careless = Careless()
        del careless
    finally:
        hooks.remove()
    assert not (ganzhou_home / "log").exists()


def test_a_report_is_offered_once(tmp_path: Path) -> None:
    """The next start tells of a crash; the one after does not."""
    assert diagnostics.unseen_report(tmp_path) is None
    report = diagnostics.write_report(ValueError("x"), tmp_path)
    assert report is not None
    assert diagnostics.unseen_report(tmp_path) == report
    diagnostics.mark_seen(report)
    assert diagnostics.unseen_report(tmp_path) is None
