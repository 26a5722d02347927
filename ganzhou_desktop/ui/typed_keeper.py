"""What is typed into a dialog and not saved: kept while somebody types, put back when the dialog is opened again."""

import json
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.typed_drafts import Typed, keep_typed, read_typed
from ganzhou_desktop.ui.session import Session

FILE = "file/"
"""Before the SHA-256 of a file attached or taken away, among the places of a draft."""
_KEEP_AFTER = 400
"""Milliseconds of typing before it is kept."""
KEEP, DROP, STAY = "先留着", "不要了", "接着填"


def file_texts(files: Mapping[str, Json]) -> dict[str, str]:
    """Files attached (None: taken away) as places of a draft; their bytes are in the ledger already."""
    return {FILE + digest: json.dumps(file, ensure_ascii=False) for digest, file in files.items()}


def files_of(texts: Mapping[str, str]) -> dict[str, Json]:
    """The files of a draft again."""
    return {name.removeprefix(FILE): json.loads(text) for name, text in texts.items() if name.startswith(FILE)}


class TypedKeeper(QObject):
    """`where` tells the unit and the name of the draft now, `typed` what differs from what is held."""

    def __init__(
        self,
        dialog: QWidget,
        session: Session,
        where: Callable[[], tuple[str, str]],
        typed: Callable[[], Typed],
        say: Callable[[str], None],
    ) -> None:
        super().__init__(dialog)
        self._dialog, self._session, self._where, self._typed, self._say = dialog, session, where, typed, say
        self.saving = False
        """While the dialog's own saving is under way: a second Ctrl+S would register the same thing twice."""
        self._timer = QTimer(self, singleShot=True, interval=_KEEP_AFTER)
        self._timer.timeout.connect(self.keep)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.commitDataRequest.connect(self._leaving)  # the person logs off with the dialog open

    def put_back(self, show: Callable[[Typed], None]) -> None:
        """Read what was kept; `show` is called when there is any."""
        ledger, (unit, name) = self._session.ledger, self._where()
        self._session.operations.run_read(
            self._dialog,
            lambda _progress: read_typed(ledger, unit, name),
            lambda kept: show(kept) if kept.texts else None,
        )

    def touch(self) -> None:
        """Something was typed; not put off by the next keystroke, or who types without a pause has nothing kept."""
        if not self._timer.isActive() and not self.saving:
            self._timer.start()

    def stop(self) -> None:
        """What is typed goes another way."""
        self._timer.stop()

    # -- the dialog's saving, as `busy` of its run_write: told of its end however it ends ---------------------

    def begin(self, words: str, on_cancel: Callable[[], None] | None = None) -> None:
        """The dialog saves."""
        self._timer.stop()
        self.saving = True

    def set_progress(self, fraction: float | None, words: str = "") -> None:
        """It is over before anybody could read how far it is."""

    def finish(self) -> None:
        """It is saved, or was not."""
        self.saving = False

    # -- keeping --------------------------------------------------------------------------------------------

    def keep(self) -> None:
        """Keep what is typed now."""
        self._timer.stop()
        self._write(*self._where(), self._typed())

    def forget(self, unit: str, name: str) -> None:
        """Forget a draft, in another place too (the entry is for another unit now)."""
        self._write(unit, name, Typed())

    def may_leave(self) -> bool:
        """Ask what becomes of what is typed, where anything is; whether the dialog may close."""
        typed = self._typed()
        if typed.texts:
            answer = self._session.messages.choose(
                self._dialog, "有填了没有保存的内容", "留着的话，下次打开这张表会放回来。", (STAY, DROP, KEEP)
            )
            if answer not in (KEEP, DROP):
                return False
            self._timer.stop()
            self._write(*self._where(), typed if answer == KEEP else Typed())
        return True

    def _write(self, unit: str, name: str, typed: Typed) -> None:
        ledger: Ledger = self._session.ledger
        self._session.operations.run_write(
            self._dialog,
            "保存草稿",
            lambda _progress: keep_typed(ledger, unit, name, typed),
            lambda _none: None,
            kinds={"draft"},
            on_error=lambda error: self._say(f"填的内容还没有留存：{error.text}"),
        )

    def _leaving(self, _manager: object) -> None:
        if self._timer.isActive():
            self.keep()
