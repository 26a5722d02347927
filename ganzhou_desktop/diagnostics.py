"""The log file and the crash report: enough to find a fault, nothing of what people typed.

A report holds names of functions, line numbers and versions. It never holds local variables, SQL parameters or the
person's folders, because reports are sent around.
"""

import contextlib
import logging
import logging.handlers
import platform
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from ganzhou_desktop import __version__
from ganzhou_desktop.paths import log_dir, spare_log_dir

LOG_NAME = "ganzhou.log"
LOG_BYTES = 512 * 1024
LOG_FILES = 4
REPORTS_KEPT = 20
MESSAGE_LENGTH = 200
_SEEN = "crash-seen"

_PARTS = (
    "PySide6_Essentials",
    "SQLAlchemy",
    "PyNaCl",
    "pyqtgraph",
    "numpy",
    "lxml",
    "openpyxl",
    "python-docx",
    "python-calamine",
)
_log = logging.getLogger(__name__)

OnCrash = Callable[[BaseException, Path | None], None]
"""Told of the fault and of where its report lies (None if it could not be written)."""


def _without_sql(text: str) -> str:
    """Text without the statement and the parameters that SQLAlchemy appends to its messages."""
    return re.split(r"\[SQL:|\[parameters:", text, maxsplit=1)[0].rstrip()


def safe_message(error: BaseException) -> str:
    """The message of an error on one short line, without SQL and without the person's folder."""
    try:
        text = str(error)
    except Exception:
        return "?"
    text = " ".join(_without_sql(text).split()).replace(str(Path.home()), "~")
    return text if len(text) <= MESSAGE_LENGTH else text[:MESSAGE_LENGTH] + "…"


def _short_path(name: str) -> str:
    """The path from the package or the library on: what lies before it names the person."""
    parts = name.replace("\\", "/").split("/")
    for anchor in ("site-packages", "ganzhou_desktop", "tests"):
        if anchor in parts:
            place = len(parts) - 1 - parts[::-1].index(anchor)
            return "/".join(parts[place + (anchor == "site-packages") :])
    return parts[-1]


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, the first cause first."""
    found: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in found:
        found.append(step)
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    return reversed(found)


def trace(error: BaseException) -> str:
    """Where an error came from: files, lines, functions; no source text and no variables."""
    lines: list[str] = []
    for one in _chain(error):
        for frame, line in traceback.walk_tb(one.__traceback__):
            code = frame.f_code
            lines.append(f"  {_short_path(code.co_filename)}:{line} {code.co_qualname}")
        lines.append(f"{type(one).__module__}.{type(one).__qualname__}: {safe_message(one)}")
        if isinstance(one, BaseExceptionGroup):
            lines += [f"  + {type(part).__qualname__}: {safe_message(part)}" for part in one.exceptions]
    return "\n".join(lines)


def versions() -> list[str]:
    """What the program runs on, one line each."""
    import importlib.metadata  # noqa: PLC0415  (only a report needs it, and every start would pay for it)

    lines = [f"ganzhou_desktop {__version__}", f"Python {platform.python_version()}", platform.platform()]
    for part in _PARTS:
        try:
            lines.append(f"{part} {importlib.metadata.version(part)}")
        except importlib.metadata.PackageNotFoundError:  # a frozen program carries no metadata
            lines.append(f"{part} ?")
    return lines


def crash_report(error: BaseException, *, thread: str, when: datetime) -> str:
    head = [f"时间 {when.isoformat(timespec='seconds')}", f"线程 {thread}", *versions()]
    return "\n".join([*head, "", trace(error), ""])


class _SafeFormatter(logging.Formatter):
    """Writes exceptions as `trace` does: Python's own way quotes source and SQLAlchemy's messages whole."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        return _without_sql(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        # Another handler may have left its own wording of the exception in the record; and is to find it again.
        cached, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = cached

    def formatException(self, ei: object) -> str:  # noqa: N802  (logging's name)
        error = ei[1] if isinstance(ei, tuple) else None
        return trace(error) if isinstance(error, BaseException) else ""


def set_up_logging(folder: Path | None = None, level: int = logging.INFO) -> logging.Handler:
    """Log to a rotating file in the folder (the person's own by default). Returns the handler, to close or remove.

    Where nothing can be written (a stick that is write-protected) the log lies in the PC's temporary folder, and a PC
    that takes nothing anywhere does without one: a log never keeps the program from starting.
    """
    handler: logging.Handler = logging.NullHandler()
    for place in (folder or log_dir(), spare_log_dir()):
        try:
            place.mkdir(parents=True, exist_ok=True)
            handler = logging.handlers.RotatingFileHandler(
                place / LOG_NAME, maxBytes=LOG_BYTES, backupCount=LOG_FILES - 1, encoding="utf-8"
            )
            break
        except OSError:
            continue
    handler.setFormatter(_SafeFormatter("%(asctime)s %(levelname)s %(name)s [%(threadName)s] %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    # At INFO and below SQLAlchemy logs every statement with its parameters: people's words.
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
    return handler


def write_report(error: BaseException, folder: Path | None = None, *, thread: str = "") -> Path | None:
    """Write the report and drop the oldest beyond twenty; None if the disk does not let us."""
    when = datetime.now(UTC).astimezone()
    words = crash_report(error, thread=thread or threading.current_thread().name, when=when)
    for place in [folder] if folder else [log_dir(), spare_log_dir()]:
        path = place / f"crash-{when:%Y%m%d-%H%M%S-%f}.txt"
        try:
            place.mkdir(parents=True, exist_ok=True)
            path.write_text(words, "utf-8")
            for old in sorted(place.glob("crash-*.txt"))[:-REPORTS_KEPT]:
                old.unlink(missing_ok=True)
        except OSError:
            continue
        return path
    return None


def unseen_report(folder: Path | None = None) -> Path | None:
    """The newest crash report that nobody was told of yet."""
    for place in [folder] if folder else [log_dir(), spare_log_dir()]:
        reports = sorted(place.glob("crash-*.txt"))
        seen = place / _SEEN
        try:
            last = seen.read_text("utf-8").strip() if seen.exists() else ""
        except (OSError, UnicodeDecodeError):
            last = ""
        if reports and reports[-1].name > last:
            return reports[-1]
    return None


def mark_seen(report: Path) -> None:
    """The person was told of this report; a disk that does not let us only means being told again."""
    with contextlib.suppress(OSError):
        (report.parent / _SEEN).write_text(report.name, "utf-8")


class CrashHooks:
    """Catches what nothing else caught, in any thread, writes a report and tells `on_crash` (on that same thread).

    The default behaviour comes after, so that a console still shows the error. `remove` puts the old hooks back.
    """

    def __init__(self, on_crash: OnCrash | None = None, folder: Path | None = None) -> None:
        self._on_crash = on_crash
        self._folder = folder
        self._busy = threading.local()
        self._written: Path | None = None
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        sys.unraisablehook = self._unraisable

    def remove(self) -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before

    def caught(self, error: BaseException) -> Path | None:
        """Treat an error that the caller caught as one that nothing did; returns its report, None if none was written."""
        self._written = None
        self._uncaught(type(error), error, error.__traceback__)
        return self._written

    def _uncaught(self, kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            self._report(error)
        self._before[0](kind, error, where)

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            self._report(args.exc_value, args.thread.name if args.thread else "")
        self._before[1](args)

    def _unraisable(self, args: "sys.UnraisableHookArgs") -> None:
        # Raised where nobody can catch it, such as a finaliser: logged, but nothing to stop the person's work for.
        if args.exc_value is not None:
            _log.error("unraisable: %s", trace(args.exc_value))
        self._before[2](args)

    def _report(self, error: BaseException, thread: str = "") -> None:
        if getattr(self._busy, "now", False):  # a fault while telling of a fault
            return
        self._busy.now = True
        try:
            path = self._written = write_report(error, self._folder, thread=thread)
            _log.critical("uncaught, report %s: %s", path.name if path else "not written", trace(error))
            if self._on_crash is not None:
                self._on_crash(error, path)
        except Exception as second:
            _log.critical("while reporting a fault: %s", trace(second))
        finally:
            self._busy.now = False
