"""What every section of 设置 is: a column of cards that reads for itself when it comes to the front."""

from collections.abc import Iterable
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.widgets import BusyBar, Button, PlainLabel

EVERYTHING = frozenset(
    {"plan", "period", "filing", "review", "figure", "profile", "site", "merge", "undo", "conflict", "draft"}
)


class Section(QWidget):
    """One section.  `told` asks the page to say a sentence (words, tone)."""

    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    kinds: ClassVar[frozenset[str]] = frozenset()
    """Kinds of change after which what it shows is stale."""

    told = Signal(str, str)

    def __init__(self, session: Session, busy: BusyBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.busy = busy
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.CARD_GAP)

    def refresh(self) -> None:
        """Show what the ledger holds now."""

    def can_leave(self) -> bool:
        """Whether this section may be left; it asks first when something typed is not saved."""
        return True


class FactGrid(QWidget):
    """Names and values, each value to be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.GAP_L)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, theme.scaled(88))
        self._values: dict[str, PlainLabel] = {}

    def add(self, name: str, role: str = "body", note: str = "", buttons: Iterable[QWidget] = ()) -> PlainLabel:
        """Add a line; returns the label of its value."""
        row = len(self._values)
        value = PlainLabel(role=role)
        value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        value.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        value.setAccessibleName(name)
        line = QHBoxLayout()
        line.setSpacing(theme.GAP_M)
        line.addWidget(value)
        if note:
            line.addWidget(PlainLabel(note, "note"))
        for button in buttons:
            line.addWidget(button)
        line.addStretch(1)
        self._grid.addWidget(PlainLabel(name, "second"), row, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addLayout(line, row, 1)
        self._values[name] = value
        return value

    def set(self, name: str, value: str) -> None:
        """Show a value."""
        self._values[name].setText(value)

    def value(self, name: str) -> str:
        """The value shown."""
        return self._values[name].text()

    def copy_button(self, name: str) -> Button:
        """A button that copies a value."""
        button = Button("复制", kind="text")
        button.setAccessibleName(f"复制{name}")
        button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.value(name)))
        return button
