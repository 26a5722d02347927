"""The two kinds of operation, read and write, over one worker thread; results come back on the UI thread."""

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.ui.messages import Messages, failure_of

_log = logging.getLogger(__name__)

T = TypeVar("T")

Progress = Callable[[float | None, str], bool]
"""Given to all work: called with a fraction 0…1 (None: not known) and words; False asks the work to stop."""

OnError = Callable[[LedgerError], None]


class Busy(Protocol):
    """What shows that work is going on, e.g. a page's BusyBar."""

    def begin(self, words: str, on_cancel: Callable[[], None] | None = None) -> None:
        """Work begins."""

    def set_progress(self, fraction: float | None, words: str = "") -> None:
        """Work has come this far."""

    def finish(self) -> None:
        """Work is over."""


@dataclass(eq=False)
class Job:
    """One operation under way.  `cancel` asks the work to stop; a read's result is then dropped, a write's is told."""

    title: str
    parent: QWidget
    work: Callable[[Progress], Any]
    on_done: Callable[[Any], None]
    on_error: OnError | None
    busy: Busy | None
    kinds: frozenset[str]
    is_write: bool
    _stop: threading.Event = field(default_factory=threading.Event)

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next step; what is already written stays."""
        self._stop.set()


class Operations(QObject):
    """What pages ask through.  Subclasses say where work runs; delivery is the same for all.

    `changed` follows every write that went through: the kinds of thing it changed, and the widget that started it.
    """

    changed = Signal(object, object)

    def __init__(self, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages = messages

    def run_read(
        self,
        parent: QWidget,
        work: Callable[[Progress], T],
        on_done: Callable[[T], None],
        *,
        title: str = "",
        on_error: OnError | None = None,
        busy: Busy | None = None,
    ) -> Job:
        """Fetch plain values.  `on_done` runs on the UI thread, unless `parent` is gone or the job was cancelled."""
        return self._start(Job(title, parent, work, on_done, on_error, busy, frozenset(), is_write=False))

    def run_write(
        self,
        parent: QWidget,
        title: str,
        work: Callable[[Progress], T],
        on_done: Callable[[T], None],
        *,
        kinds: Iterable[str],
        on_error: OnError | None = None,
        busy: Busy | None = None,
    ) -> Job:
        """Do one titled operation on the ledger, then `on_done`, then `changed(kinds, parent)`.

        `on_error` takes the errors of ours in place of a message; faults of the program always become a message.
        """
        return self._start(Job(title, parent, work, on_done, on_error, busy, frozenset(kinds), is_write=True))

    def read_now(self, work: Callable[[], T]) -> T:
        """What is needed at once (a page of the preview, the draft of a page being left): waits for its turn."""
        return work()

    def close(self) -> None:
        """Finish what writes are under way; nothing is delivered any more."""

    def _start(self, job: Job) -> Job:
        if job.busy is not None:
            job.busy.begin(f"{job.title or '正在读取'}…", job.cancel)
        self._submit(job)
        return job

    def _submit(self, job: Job) -> None:
        raise AssertionError("a runner says where work runs")

    def _report(self, job: Job, fraction: float | None, words: str) -> None:
        if job.busy is not None and isValid(job.parent):
            job.busy.set_progress(fraction, words)

    def _deliver(self, job: Job, result: object, error: BaseException | None) -> None:
        """On the UI thread: the end of a job."""
        alive = isValid(job.parent)
        if alive and job.busy is not None:
            job.busy.finish()
        if error is not None:
            self._deliver_error(job, error, alive)
            return
        if alive and (job.is_write or not job.stopped):
            job.on_done(result)
        if job.is_write:
            self.changed.emit(job.kinds, job.parent if isValid(job.parent) else None)

    def _deliver_error(self, job: Job, error: BaseException, alive: bool) -> None:
        ours = isinstance(error, LedgerError)
        if ours:
            _log.info("%s: %s", job.title or "read", error)
        else:
            _log.error("%s failed", job.title or "read", exc_info=error)
        if not alive or (ours and job.stopped):
            return
        if isinstance(error, LedgerError) and job.on_error is not None:
            job.on_error(error)
        else:
            self._messages.failure(job.parent, failure_of(error, job.title))


class ThreadRunner(Operations):
    """One worker thread, so that operations come one after another and the window never waits."""

    _ended = Signal(object, object, object)
    _moved = Signal(object, object, str)

    def __init__(self, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(messages, parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._queued: dict[Future[None], Job] = {}
        self._open = True
        self._ended.connect(self._deliver_if_open, Qt.ConnectionType.QueuedConnection)
        self._moved.connect(self._report, Qt.ConnectionType.QueuedConnection)

    def read_now(self, work: Callable[[], T]) -> T:
        """A short read whose value is needed at once: waits for its turn on the worker."""
        return self._pool.submit(work).result()

    def close(self) -> None:
        """Drop queued reads, finish queued writes, join the thread."""
        self._open = False
        for future, job in list(self._queued.items()):
            job.cancel()
            if not job.is_write:
                future.cancel()
        self._pool.shutdown(wait=True)

    def _submit(self, job: Job) -> None:
        if not self._open:
            _log.info("closed, not started: %s", job.title or "read")
            return
        future = self._pool.submit(self._work, job)
        self._queued[future] = job

    def _work(self, job: Job) -> None:
        """On the worker thread."""

        def progress(fraction: float | None, words: str = "") -> bool:
            self._moved.emit(job, fraction, words)
            return not job.stopped

        try:
            self._ended.emit(job, job.work(progress), None)
        except BaseException as error:  # told on the UI thread, never lost with the thread
            self._ended.emit(job, None, error)

    def _deliver_if_open(self, job: Job, result: object, error: BaseException | None) -> None:
        self._queued = {future: queued for future, queued in self._queued.items() if queued is not job}
        if self._open:
            self._deliver(job, result, error)


class InstantRunner(Operations):
    """The same interface at once on the calling thread: for tests and for pictures of pages."""

    def _submit(self, job: Job) -> None:
        def progress(fraction: float | None, words: str = "") -> bool:
            self._report(job, fraction, words)
            return not job.stopped

        try:
            result = job.work(progress)
        except Exception as error:
            self._deliver(job, None, error)
        else:
            self._deliver(job, result, None)
