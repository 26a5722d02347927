"""What a preview does that takes a while: laying out, writing, printing; on another thread where there is one."""

from collections.abc import Callable
from typing import Any, Protocol

from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.ui.operations import Busy
from ganzhou_desktop.ui.printing.watching import Watch, watched


class Waiting(Protocol):
    """Who waits for tasks, one at a time: the preview."""

    task: "Task | None"

    @property
    def busy(self) -> Busy:
        """Where it shows that something is under way."""

    def task_failed(self, error: LedgerError) -> None:
        """Say what went wrong."""


class Task:
    """One thing to do, and the Busy of whoever runs it.  Once another took its place, it shows and delivers nothing."""

    def __init__(
        self,
        waiting: Waiting,
        title: str,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        cancelled: Callable[[], None],
    ) -> None:
        self.title = title
        self.cancel: Callable[[], None] = lambda: None
        """Asks the work to stop; set by whoever runs it."""
        self._waiting = waiting
        self._work = work
        self._done = done
        self._cancelled = cancelled

    def work(self, progress: Watch) -> Any:
        """Do it, on any thread; `progress` hears how far it is and says whether it is still wanted."""
        with watched(progress):
            return self._work()

    def done(self, result: Any) -> None:
        if self._waiting.task in (None, self):
            self._waiting.task = None
            self._done(result)

    def failed(self, error: LedgerError) -> None:
        if self._waiting.task in (None, self):
            self._waiting.task = None
            self._waiting.task_failed(error)

    def begin(self, words: str, on_cancel: Callable[[], None] | None = None) -> None:
        def stop() -> None:
            if on_cancel is not None:
                on_cancel()
            if self._waiting.task is self:
                self._waiting.task = None
                self._cancelled()

        self._waiting.busy.begin(words, stop)

    def set_progress(self, fraction: float | None, words: str = "") -> None:
        if self._waiting.task is self:
            self._waiting.busy.set_progress(fraction, words)

    def finish(self) -> None:
        if self._waiting.task is self:
            self._waiting.task = None


def run_at_once(task: Task) -> None:
    """Do a task here and now."""
    try:
        result = task.work(lambda _done, _words: True)
    except LedgerError as error:
        task.failed(error)
    else:
        task.done(result)
