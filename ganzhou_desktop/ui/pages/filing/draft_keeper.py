"""Autosave: a draft every second while somebody types, at once when the page is left; and what if it fails."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from ganzhou_desktop.domain.canonical import local_moment
from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.services import drafts
from ganzhou_desktop.ui.pages.filing.editing import Editing
from ganzhou_desktop.ui.session import Session

DELAY_MS = 1000


def clock_words(at: str) -> str:
    """09:41:27 of a moment of the ledger, by this PC's time zone."""
    return f"{local_moment(at):%H:%M:%S}"


class DraftKeeper(QObject):
    """Saves the form under edit.  `failed` says why a draft was not saved; what is typed stays in the fields."""

    kept = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, page: QWidget) -> None:
        super().__init__(page)
        self._session = session
        self._page = page
        self._editing: Editing | None = None
        self._dirty = False
        self._timer = QTimer(self, singleShot=True, interval=DELAY_MS)
        self.version = 0
        """Counts edits, so that what was read before one is not shown over it."""
        self._timer.timeout.connect(self.save)

    @property
    def dirty(self) -> bool:
        """Whether something typed is not in the ledger yet."""
        return self._dirty

    def watch(self, editing: Editing | None) -> None:
        """Keep another form from now on; the one before is to be saved first."""
        self._timer.stop()
        self._editing = editing
        self._dirty = False

    def touch(self) -> None:
        """Something was typed."""
        self.version += 1
        self._dirty = True
        # Not put off by the next keystroke: who types without a pause would have nothing saved.
        if not self._timer.isActive():
            self._timer.start()

    def forget(self) -> None:
        """What is typed goes another way (it is submitted, or given up)."""
        self._timer.stop()
        self._dirty = False

    def save(self, *, by_hand: bool = False) -> None:
        """Save in the background."""
        self._timer.stop()
        editing = self._editing
        if editing is None or not (self._dirty or by_hand):
            return
        ledger, form, typed = self._session.ledger, editing.form, dict(editing.typed)
        self._dirty = False
        self._session.operations.run_write(
            self._page,
            "保存草稿",
            lambda _progress: drafts.keep_draft(ledger, form, typed),
            lambda at: self._told(at, by_hand=by_hand),
            kinds={"draft"},
            on_error=lambda error: self._not_kept(editing, error),
        )

    def save_now(self) -> str:
        """Save before going on; returns why it did not work, empty when all typed is safe."""
        self._timer.stop()
        editing = self._editing
        if editing is None or not self._dirty:
            return ""
        ledger = self._session.ledger
        try:
            at = self._session.operations.read_now(lambda: drafts.keep_draft(ledger, editing.form, dict(editing.typed)))
        except LedgerError as error:
            self.failed.emit(error.text)
            return error.text
        self._dirty = False
        self._told(at, by_hand=False)
        return ""

    def _told(self, at: str, *, by_hand: bool) -> None:
        self._session.saved.emit(
            f"{'草稿已保存' if by_hand else '草稿已自动保存'} {clock_words(at)}", "checkmark_circle"
        )
        self.kept.emit()

    def _not_kept(self, editing: Editing, error: LedgerError) -> None:
        if editing is self._editing:
            self._dirty = True
        self._session.saved.emit("草稿没有存上", "warning")
        self.failed.emit(error.text)
