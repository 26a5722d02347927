"""What a merge did, said above the preview; a later 期次 that came with it is a click away."""

from PySide6.QtWidgets import QWidget

from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.texts import period_text
from ganzhou_desktop.ui.widgets import NoticeBar


class MergeNotice(NoticeBar):
    """Nobody is taken to another 期次 unasked: work on the one shown may be under way."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._opened = ""
        self.action_chosen.connect(self._go)

    def say_taken(self, words: str, opened: str) -> None:
        """Say what was taken in; `opened`: the later 期次 that came with it, empty for none."""
        shown = self._session.period
        self._opened = opened if shown not in (None, opened) else ""
        if self._opened and shown is not None:
            words += f"区里已开{period_text(opened)}，各页现在显示的还是{period_text(shown)}。"
        self.say(words, "done", f"看{period_text(opened)}" if self._opened else "")

    def _go(self) -> None:
        session, opened = self._session, self._opened
        self.dismiss()
        session.set_period(opened)
        if not session.office:
            session.go("filing", {"unit": session.unit, "period": opened})
