"""What every page is given: the open ledger, the two kinds of operation, the messages, the files, the shared period."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.ui.messages import Messages
from ganzhou_desktop.ui.operations import Operations

COPIES = "台账副本 (*.gzcopy);;所有文件 (*)"
LEDGERS = "台账 (*.gzdb);;所有文件 (*)"
PLANS = "实施方案 (*.toml);;所有文件 (*)"
PDFS = "PDF 文件 (*.pdf)"
ANY = "所有文件 (*)"


class Files(Protocol):
    """How pages ask for places on disk; tests put `PreparedFiles` in its place."""

    def open_file(self, parent: QWidget, title: str, kinds: str) -> Path | None:
        """One existing file; None when cancelled."""

    def open_files(self, parent: QWidget, title: str, kinds: str) -> list[Path]:
        """Existing files; none when cancelled."""

    def save_file(self, parent: QWidget, title: str, suggested: str, kinds: str) -> Path | None:
        """Where to write; None when cancelled."""

    def choose_folder(self, parent: QWidget, title: str) -> Path | None:
        """An existing folder; None when cancelled."""

    def show_outside(self, path: Path) -> None:
        """Open a file with the program the PC has for it."""


class DialogFiles:
    """Files through the system's dialogs; the last folder is offered again."""

    def __init__(self, folder: Path | None = None) -> None:
        self._last = folder or Path.home()

    @property
    def _folder(self) -> Path:
        """The last folder, or the nearest above it that is there: Qt takes a missing one for a file's name."""
        return next((f for f in (self._last, *self._last.parents) if f.is_dir()), Path.home())

    def open_file(self, parent: QWidget, title: str, kinds: str) -> Path | None:
        """One existing file."""
        return self._keep(QFileDialog.getOpenFileName(parent, title, str(self._folder), kinds)[0])

    def open_files(self, parent: QWidget, title: str, kinds: str) -> list[Path]:
        """Existing files."""
        chosen = QFileDialog.getOpenFileNames(parent, title, str(self._folder), kinds)[0]
        return [path for path in map(self._keep, chosen) if path is not None]

    def save_file(self, parent: QWidget, title: str, suggested: str, kinds: str) -> Path | None:
        """Where to write."""
        return self._keep(QFileDialog.getSaveFileName(parent, title, str(self._folder / suggested), kinds)[0])

    def choose_folder(self, parent: QWidget, title: str) -> Path | None:
        """An existing folder."""
        chosen = QFileDialog.getExistingDirectory(parent, title, str(self._folder))
        if not chosen:
            return None
        self._last = Path(chosen)
        return self._last

    def show_outside(self, path: Path) -> None:
        """Open a file with the program the PC has for it."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _keep(self, chosen: str) -> Path | None:
        if not chosen:
            return None
        path = Path(chosen)
        self._last = path.parent
        return path


@dataclass
class PreparedFiles:
    """Files for tests: gives the prepared answers in order and keeps what was opened outside."""

    answers: list[Path | None] = field(default_factory=list)
    opened: list[Path] = field(default_factory=list)

    def open_file(self, parent: QWidget, title: str, kinds: str) -> Path | None:
        """The next answer."""
        return self._next(title)

    def open_files(self, parent: QWidget, title: str, kinds: str) -> list[Path]:
        """All answers left."""
        found = [path for path in self.answers if path is not None]
        self.answers.clear()
        return found

    def save_file(self, parent: QWidget, title: str, suggested: str, kinds: str) -> Path | None:
        """The next answer; a folder means: there, under the suggested name."""
        answer = self._next(title)
        return answer / suggested if answer is not None and answer.is_dir() else answer

    def choose_folder(self, parent: QWidget, title: str) -> Path | None:
        """The next answer."""
        return self._next(title)

    def show_outside(self, path: Path) -> None:
        """Keep what would be opened."""
        self.opened.append(path)

    def _next(self, title: str) -> Path | None:
        if not self.answers:
            raise AssertionError(f"no file was prepared for: {title}")
        return self.answers.pop(0)


class Session(QObject):
    """One open ledger in the window.

    `plan` is the plan as last read; `period` the 期次 the pages show (None before one is opened).  `go` moves to
    another page with an argument for it, so that pages need not know each other.
    """

    period_changed = Signal(object)
    went = Signal(str, object)
    saved = Signal(str, str)
    """(words, icon) for the status bar: 草稿已自动保存 09:41:27."""

    def __init__(
        self,
        ledger: Ledger,
        operations: Operations,
        messages: Messages,
        files: Files,
        plan: Plan,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.ledger = ledger
        self.operations = operations
        self.messages = messages
        self.files = files
        self.plan = plan
        self.period: str | None = None

    @property
    def office(self) -> bool:
        return self.ledger.office

    @property
    def unit(self) -> str:
        """The unit this PC files for; empty at the office."""
        return self.ledger.unit

    def today(self) -> date:
        """The calendar day by the PC's clock: for 逾期 of what is missing and offered dates only."""
        return self.ledger.today()

    def set_period(self, name: str | None) -> None:
        """Show another period on every page."""
        if name != self.period:
            self.period = name
            self.period_changed.emit(name)

    def go(self, key: str, argument: object = None) -> None:
        """Move to the page with that key, e.g. go("target", "T7")."""
        self.went.emit(key, argument)


@runtime_checkable
class TakesArgument(Protocol):
    """A page that can be told what to show when it is gone to."""

    def show_argument(self, argument: object) -> None:
        """E.g. the target page shows target T7."""
