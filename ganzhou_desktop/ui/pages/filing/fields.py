"""Parts of the form of one matter: the answer's choice, a labelled text area, the day expected, the role mark."""

from datetime import date

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from ganzhou_desktop.domain import filings
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.filing.text_area import TextArea
from ganzhou_desktop.ui.shapes import draw_role
from ganzhou_desktop.ui.texts import ANSWER_WORDS
from ganzhou_desktop.ui.widgets import DateField, MessageLine, PlainLabel, mark_error


class RoleMark(QWidget):
    """◎¹, ◎ or ○ beside the matter's title."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role, self._principal = "", False
        self.setFixedSize(24, 20)

    def set_role(self, role: str, principal: bool) -> None:
        """Show another role."""
        self._role, self._principal = role, principal
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_role(QPainter(self), QRectF(0, 3, 15, 15), self._role, self._principal)


class AnswerChoice(QWidget):
    """本期情况: one of four; arrow keys move the choice, `chosen` carries it."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QRadioButton] = {}
        self.message = MessageLine()
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP_S)
        row.addWidget(PlainLabel("本期情况", "strong"))
        row.addWidget(PlainLabel("请选一项", "note"))
        row.addSpacing(theme.GAP)
        bold = QFontMetrics(theme.font(bold=True))
        for kind in filings.ANSWERS:
            button = QRadioButton(ANSWER_WORDS[kind])
            button.setObjectName(f"answer_{kind}")
            button.setFixedWidth(bold.horizontalAdvance(ANSWER_WORDS[kind]) + 28)
            self._group.addButton(button)
            self.buttons[kind] = button
            button.clicked.connect(lambda _=False, kind=kind: self.chosen.emit(kind))
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.message)

    def show_kind(self, kind: str | None, locked: bool) -> None:
        """Show an answer, or none, without a signal."""
        self._group.setExclusive(False)
        for key, button in self.buttons.items():
            button.setChecked(key == kind)
            button.setEnabled(not locked or key == kind)
            button.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, locked)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus if locked else Qt.FocusPolicy.StrongFocus)
        self._group.setExclusive(True)


class LabelledArea(QWidget):
    """A text area under its name, with help and the number of characters at the right of the name."""

    def __init__(self, name: str, label: str, help_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.area = TextArea(label)
        self.area.setObjectName(name)
        self.message = MessageLine()
        self.count = PlainLabel("", "note")
        head = QHBoxLayout()
        head.setSpacing(theme.GAP_S)
        head.addWidget(PlainLabel(label, "strong"))
        head.addWidget(PlainLabel(help_text, "note"))
        head.addStretch(1)
        head.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.area)
        column.addWidget(self.message)
        self.area.textChanged.connect(self._count)

    def show_text(self, text: str, locked: bool) -> None:
        """Show a text."""
        self.area.set_text(text)
        if self.area.isReadOnly() != locked:
            self.area.setReadOnly(locked)
            self.area.setProperty("readOnly", locked)
            self.area.style().unpolish(self.area)
            self.area.style().polish(self.area)
        self._count()

    def show_message(self, error: str, remark: str) -> None:
        """An error marks the area; a remark is a quiet line."""
        self.message.set_message(error or remark, "error" if error else "info")
        mark_error(self.area, bool(error))

    def _count(self) -> None:
        length = len(self.area.toPlainText())
        self.count.setText(f"{length} 字" if length else "")


class Behind(QWidget):
    """进度落后, and when it is, 预计完成; `chosen` carries the day or None."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tick = QCheckBox("进度落后")
        self.tick.setObjectName("behind")
        self.day = DateField()
        self.day.setObjectName("expected")
        self.day.setAccessibleName("预计完成")
        self._words = PlainLabel("预计完成", "strong")
        self.message = MessageLine()
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_S)
        row.addWidget(self.tick)
        row.addSpacing(theme.GAP_M)
        row.addWidget(self._words)
        row.addWidget(self.day)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.message)
        self.tick.clicked.connect(self._ticked)
        self.day.changed.connect(self.chosen)

    def show_day(self, day: date | None, locked: bool, offered: date, *, keep_open: bool) -> None:
        """Show a day or none; `keep_open` leaves an empty field that was just opened in view."""
        self.day.set_value(day)
        self.day.offer(offered)
        self.tick.setChecked(day is not None or (keep_open and self.tick.isChecked()))
        self.tick.setEnabled(not locked)
        self.day.setReadOnly(locked)
        self._show_field()

    def _ticked(self, on: bool) -> None:
        self._show_field()
        if on:
            self.day.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.day.value() is not None:
            self.day.set_value(None)
            self.chosen.emit(None)

    def _show_field(self) -> None:
        self._words.setVisible(self.tick.isChecked())
        self.day.setVisible(self.tick.isChecked())

    def minimumSizeHint(self) -> QSize:
        return QSize(100, theme.scaled(theme.CONTROL))
