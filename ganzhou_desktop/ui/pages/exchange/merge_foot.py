"""The foot under the preview: what may be done next, said before it is done; and the work behind its buttons."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.icons import pixmap
from ganzhou_desktop.ui.operations import Busy, Progress
from ganzhou_desktop.ui.widgets import Button, ElidedLabel, PlainLabel


class MergeFoot(QFrame):
    """Two lines at the left; 看不一致, 撤销本次合入 and 合入 at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.line1 = PlainLabel(role="strong")
        self.line2 = ElidedLabel(role="note")
        self.differ = PlainLabel()
        self.see_button = Button("看不一致", "branch_compare")
        self.undo_button = Button("撤销本次合入", "arrow_undo")
        self.merge_button = Button("合入", kind="main")

        self.see_button.setObjectName("see_conflicts")
        self.undo_button.setObjectName("undo_merge")
        self.merge_button.setObjectName("merge")
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 8, 12, 8)
        row.setSpacing(10)
        sign = QLabel()
        sign.setPixmap(pixmap("shield_checkmark", 20, colours.INK2, False, self.devicePixelRatioF()))
        row.addWidget(sign)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.line1)
        words.addWidget(self.line2)
        row.addLayout(words, 1)
        self.differ.setStyleSheet(f"color: {colours.DIFFER}")
        for widget in (self.differ, self.see_button, self.undo_button, self.merge_button):
            row.addWidget(widget)


class HasWork(Protocol):
    """What is kept from starting the same work twice."""

    def set_working(self, working: bool) -> None:
        """Work begins or is over."""


class Working:
    """Passes on to the busy bar and keeps the panel's buttons off meanwhile, also when the merge is cancelled."""

    def __init__(self, panel: HasWork, bar: Busy) -> None:
        self._panel, self._bar = panel, bar

    def begin(self, words: str, on_cancel: Callable[[], None] | None = None) -> None:
        """The merge begins."""
        self._panel.set_working(True)
        self._bar.begin(words, on_cancel)

    def set_progress(self, fraction: float | None, words: str = "") -> None:
        """The merge has come this far."""
        self._bar.set_progress(fraction, words)

    def finish(self) -> None:
        """The merge is over."""
        self._bar.finish()
        self._panel.set_working(False)


def counted(progress: Progress, word: str) -> Callable[[int, int], bool]:
    """The service's count, in which each copy counts twice, as a fraction with words."""

    def tell(done: int, total: int) -> bool:
        files = total // 2
        doing = f"读第 {done + 1} 份" if done < files else f"{word}第 {done - files + 1} 份"
        return progress(done / max(total, 1), f"正在{doing}，共 {files} 份")

    return tell
