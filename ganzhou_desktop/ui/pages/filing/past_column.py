"""The right column's cells: what this unit wrote a period earlier, at the height of the field it belongs to."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.widgets import Button, PlainLabel

TAKEN_OVER = "（沿用上期）"
"""Stands after text taken over from the period before, so that everybody sees it is."""


class PastText(QWidget):
    """Past text with 沿用到本期; empty without any."""

    taken_over = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, can_take: bool = True) -> None:
        super().__init__(parent)
        self.text = PlainLabel(role="second", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.take = Button("沿用到本期", kind="text")
        self._can_take = can_take
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.text)
        column.addWidget(self.take, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.take.setContentsMargins(0, 0, 0, 0)
        self.setMinimumWidth(theme.scaled(120))
        self.take.clicked.connect(lambda: self.taken_over.emit(self.text.text()))

    def show_text(self, text: str, locked: bool) -> None:
        """Show the past text."""
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.take.setVisible(bool(text) and not locked and self._can_take)
