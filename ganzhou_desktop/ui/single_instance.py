"""One running program for each person: a second start hands its file over to the first and leaves.

A lock file tells who is first; a file to open travels through a small inbox folder that the first one watches.
No socket is opened for it, so that 关于 can say: 单机，不联网.  Where nothing can be written (a stick that is
write-protected) each start stands alone: all of them only read.
"""

import logging
import secrets
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QLockFile, QObject, Signal

from ganzhou_desktop import paths
from ganzhou_desktop.paths import put_in_place

_log = logging.getLogger(__name__)

_WAKE = "-"


class SingleInstance(QObject):
    """`first` tells whether this is the one that stays; `asked(path or None)` comes when another was started."""

    asked = Signal(object)

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = (folder or paths.user_home()) / "inbox"
        self._lock = QLockFile(str(self._folder.parent / "running.lock"))
        self._lock.setStaleLockTime(0)
        self._watcher: QFileSystemWatcher | None = None
        locked = False
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            locked = self._lock.tryLock(0)
            if locked:
                for left in self._folder.glob("*.open"):
                    left.unlink(missing_ok=True)
                self._watcher = QFileSystemWatcher([str(self._folder)], self)
                self._watcher.directoryChanged.connect(self._look)
        except OSError as exc:
            _log.info("no inbox, this start stands alone: %s", exc.strerror)
        # A lock that could not even be written says nothing of another program.
        self.first = locked or self._lock.error() != QLockFile.LockError.LockFailedError

    def hand_over(self, path: Path | None) -> bool:
        """Ask the first program to open a file, or only to come to the front; False when it cannot be asked."""
        words = _WAKE if path is None else str(path.absolute())
        name = self._folder / f"{secrets.token_hex(8)}.open"
        part = name.with_suffix(".part")
        try:
            part.write_text(words, "utf-8")
            put_in_place(part, name)
        except OSError as exc:
            _log.info("the running program could not be asked: %s", exc.strerror)
            return False
        return True

    def release(self) -> None:
        """Let another program be the first."""
        if self.first:
            if self._lock.isLocked():
                self._lock.unlock()
            self.first = False

    def _look(self, _folder: str = "") -> None:
        for asked in sorted(self._folder.glob("*.open")):
            try:
                words = asked.read_text("utf-8")
                asked.unlink()
            except (OSError, UnicodeDecodeError) as exc:
                _log.info("an inbox file was not readable: %s", type(exc).__name__)
                continue
            self.asked.emit(None if words == _WAKE else Path(words))
