"""Buttons, segmented choice, filter chips and the search field."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import icon
from ganzhou_desktop.ui.texts import no_mnemonic, plain_tip, visible

_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)

_OF_WINDOW = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
"""The window came or went, not the focus in it: whoever comes back from a dialog finds the edge where it was."""


def came_by_key(event: QFocusEvent) -> bool:
    """Whether the keyboard brought the focus; a click or the opening of a window shows no edge."""
    return event.reason() in _BY_KEY


def _show_key_focus(widget: QWidget, shown: bool) -> None:
    """The focus edge is for the keyboard; a click does not leave it behind."""
    if bool(widget.property("keyFocus")) != shown:
        widget.setProperty("keyFocus", shown)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Button(QPushButton):
    """A button: kind main, plain, text, icon (alone, needs a tip) or bare (icon without edge)."""

    def __init__(
        self, text: str = "", icon_name: str = "", kind: str = "plain", tip: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(no_mnemonic(text), parent)
        self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        if kind in ("main", "text"):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        if icon_name:
            self.set_icon(icon_name)
        if tip:
            self.setToolTip(plain_tip(tip))
        self.setAccessibleName(visible(text or tip))

    def set_icon(self, name: str) -> None:
        """Put an icon before the words, in the colour of the button's kind."""
        colour = {"main": colours.WHITE, "text": colours.ACCENT}.get(str(self.property("kind")), colours.INK2)
        self.setIcon(icon(name, colour))
        self.setIconSize(QSize(theme.ICON_BUTTON, theme.ICON_BUTTON))

    def set_enabled_because(self, enabled: bool, reason: str = "") -> None:
        """Enable, or disable with the reason as tool tip."""
        self.setEnabled(enabled)
        self.setToolTip("" if enabled else plain_tip(reason))

    def answer_first(self) -> None:
        """Have the focus when the window opens, and show it: what Enter would answer."""
        self.setDefault(True)
        self.setFocus()
        _show_key_focus(self, True)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() not in _OF_WINDOW:
            _show_key_focus(self, came_by_key(event))
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() not in _OF_WINDOW:
            _show_key_focus(self, False)
        super().focusOutEvent(event)


class PaintedButton(QAbstractButton):
    """A button whose subclass paints it: `key_focus` asks for the focus edge, Enter clicks as the space bar does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key_focus = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def key_focus(self) -> bool:
        """Whether it has the focus and the keyboard brought it."""
        return self._key_focus

    def paint_ground(self, painter: QPainter) -> None:
        """The ground of a part of a page that opens something: there while the mouse or the keyboard is on it."""
        if self.key_focus or self.underMouse():
            painter.setPen(QPen(QColor(colours.ACCENT), 2) if self.key_focus else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.HEAD))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._key_focus = came_by_key(event)
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._key_focus = False
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class _Segment(Button):
    """One part of a segmented choice; as wide as its word in bold, so that choosing moves nothing."""

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        bold = QFontMetrics(theme.font(theme.BODY, bold=True)).horizontalAdvance(self.text())
        return QSize(max(hint.width(), bold + 26), hint.height())


class Segmented(QWidget):
    """A choice of few: joined buttons of which one is down.  Arrow keys move the choice."""

    chosen = Signal(object)

    def __init__(
        self, options: Sequence[tuple[object, str]], current: object = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._keys = [key for key, _ in options]
        self._group = QButtonGroup(self)

        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for i, (_, word) in enumerate(options):
            button = _Segment(word)
            place = "first" if i == 0 else "last" if i == len(options) - 1 else "middle"
            button.setProperty("segment", place)
            button.setCheckable(True)
            self._group.addButton(button, i)
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

        self.set_current(self._keys[0] if current is None else current)
        self._group.idToggled.connect(self._toggled)

    def current(self) -> object:
        """The key chosen."""
        return self._keys[self._group.checkedId()]

    def set_current(self, key: object) -> None:
        """Choose by key."""
        self._group.button(self._keys.index(key)).setChecked(True)

    def button(self, key: object) -> QPushButton:
        """The button of a key, e.g. to disable it."""
        made = self._group.button(self._keys.index(key))
        assert isinstance(made, QPushButton)
        return made

    def _toggled(self, index: int, down: bool) -> None:
        if down:
            self.chosen.emit(self._keys[index])


class ChipCombo(QComboBox):
    """A filter chip 字段 值, or with no prefix a plain choice; keys are any values, words are shown.

    `chosen` speaks only when the user chooses.
    """

    chosen = Signal(object)

    def __init__(self, prefix: str = "", size: int = theme.BODY, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prefix = prefix
        self._size = size
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setAccessibleName(prefix)
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index)))

    def set_options(self, options: Iterable[tuple[object, str]], current: object = None) -> None:
        """Replace the choices; keeps the current key when it is still there and none is given."""
        wanted = self.currentData() if current is None else current
        blocked = self.blockSignals(True)
        self.clear()
        for key, word in options:
            self.addItem(visible(word), key)
        self.blockSignals(blocked)
        self.set_current(wanted)
        self.updateGeometry()

    def set_current(self, key: object) -> None:
        """Choose by key without a signal; an unknown key chooses the first."""
        keys = [self.itemData(i) for i in range(self.count())]
        blocked = self.blockSignals(True)
        self.setCurrentIndex(keys.index(key) if key in keys else 0)
        self.blockSignals(blocked)
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(self._size))
        words = [self.itemText(i) for i in range(self.count())] or ["全部"]
        width = max(metrics.horizontalAdvance(word) for word in words) + 46
        return QSize(width + self._prefix_width(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._prefix_width() + 80, super().minimumSizeHint().height())

    def _prefix_width(self) -> int:
        metrics = QFontMetrics(theme.font(self._size))
        return metrics.horizontalAdvance(self._prefix) + 7 if self._prefix else 0

    def focusInEvent(self, event: QFocusEvent) -> None:
        _show_key_focus(self, came_by_key(event))
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        _show_key_focus(self, False)
        super().focusOutEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel scrolls the page, it does not choose

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option: Any = QStyleOptionComboBox()  # the stubs of 6.8 leave out its attributes
        self.initStyleOption(option)
        option.currentText = ""
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(theme.font(self._size))
        room = QRect(11, 0, self.width() - 11 - 30, self.height())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        if self._prefix:
            painter.setPen(QColor(colours.INK3 if self.isEnabled() else colours.DISABLED))
            painter.drawText(room, flags, self._prefix)
            room.setLeft(room.left() + self._prefix_width())
        painter.setPen(QColor(colours.INK if self.isEnabled() else colours.DISABLED))
        words = painter.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, flags, words)


class SearchField(QLineEdit):
    """A line to search in, with the glass at its left and a cross to clear."""

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "search")
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(True)
        glass = QAction(icon("search", colours.INK2), "", self)
        self.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
