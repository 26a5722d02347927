"""The left navigation: icon and word, badges, groups, the identity below; 48 px of icons when the window is narrow."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import app_mark, paint_icon, pixmap
from ganzhou_desktop.ui.texts import PROGRAM, joined, plain_tip
from ganzhou_desktop.ui.widgets import ElidedLabel, PaintedButton, PlainLabel, rule

_EDGE = 8


class NavItem(PaintedButton):
    """One entry: icon, word, badge; white with an accent bar when its page is in front."""

    moved = Signal(int)

    def __init__(self, key: str, title: str, icon_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self._icon = icon_name
        self._badge = 0
        self._narrow = False
        self.setText(title)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    @property
    def badge(self) -> int:
        return self._badge

    def set_badge(self, count: int) -> None:
        """Show a number, 0 for none."""
        self._badge = count
        self._name()
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        """Icon only, with the word as tool tip."""
        self._narrow = narrow
        self.setToolTip(plain_tip(self.text()) if narrow else "")
        self.update()

    def _name(self) -> None:
        self.setAccessibleName(joined((self.text(), f"{self._badge} 件待办" if self._badge else "")))

    def nextCheckState(self) -> None:
        # A click asks; the window marks the entry once the page in front could be left.
        pass

    def sizeHint(self) -> QSize:
        return QSize(theme.NAV_NARROW, theme.scaled(theme.NAV_ITEM))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tile = QRectF(_EDGE, 0, self.width() - 2 * _EDGE - 1, self.height())
        on = self.isChecked()
        colour = colours.ACCENT if on else colours.INK2
        if on or self.underMouse():
            painter.setPen(QPen(QColor(colours.LINE), 1) if on else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.CARD if on else colours.LINE))
            painter.drawRoundedRect(tile.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.ACCENT))
            painter.drawRoundedRect(QRectF(_EDGE, self.height() / 2 - 9, 3, 18), 1.5, 1.5)
        if self.key_focus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.ACCENT), 2))
            painter.drawRoundedRect(tile.adjusted(1, 1, -1, -1), 5, 5)
        left = (self.width() - 1 - theme.ICON_NAV) / 2 if self._narrow else 20
        place = QRectF(left, (self.height() - theme.ICON_NAV) / 2, theme.ICON_NAV, theme.ICON_NAV)
        paint_icon(painter, place, self._icon, colour, filled=on)
        if not self._narrow:
            painter.setFont(theme.font(theme.NAV, bold=on))
            painter.setPen(QColor(colours.ACCENT if on else colours.INK))
            room = QRectF(50, 0, self.width() - 50, self.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, self.text())
        if self._badge:
            self._paint_badge(painter)

    def _paint_badge(self, painter: QPainter) -> None:
        font = theme.font(theme.NOTE, bold=True)
        if self._narrow:
            font.setPixelSize(10)
        words = str(self._badge) if self._badge < 100 else "99+"
        height = 14.0 if self._narrow else theme.scaled(20)
        width = max(height, QFontMetrics(font).horizontalAdvance(words) + height * 0.6)
        right = self.width() - (6 if self._narrow else 20)
        box = QRectF(right - width, 2 if self._narrow else (self.height() - height) / 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.ACCENT_MARK))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setFont(font)
        painter.setPen(QColor(colours.ACCENT_DOWN))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


class Navigation(QFrame):
    """Entries in groups, more at the foot, then who sits here.  `chosen` carries the key asked for."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "nav")
        self._items: dict[str, NavItem] = {}
        self._group: int | None = None
        self._narrow = False
        self._wide_only: list[QWidget] = []
        self._separators: list[QVBoxLayout] = []
        self._identity_row = QWidget()
        self._role = ElidedLabel(role="strong")
        self._unit = ElidedLabel(role="note")

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addLayout(self._make_head())
        self._upper = QVBoxLayout()
        self._lower = QVBoxLayout()
        self._upper.setSpacing(2)
        self._lower.setSpacing(2)
        column.addLayout(self._upper)
        column.addStretch(1)
        column.addLayout(self._lower)
        column.addLayout(self._separator())
        column.addWidget(self._make_identity())
        self._apply_width()

    def _make_head(self) -> QHBoxLayout:
        mark = QLabel()
        mark.setPixmap(app_mark(30, ratio=self.devicePixelRatioF()))
        mark.setAccessibleName(PROGRAM)
        name = PlainLabel(PROGRAM, "card")
        self._wide_only.append(name)
        head = QHBoxLayout()
        head.setContentsMargins(16, 14, 0, 18)
        head.setSpacing(9)
        head.addWidget(mark)
        head.addWidget(name, 1)
        self._head = head
        return head

    def _make_identity(self) -> QWidget:
        sign = QLabel()
        sign.setPixmap(pixmap("person", theme.ICON_NAV, colours.INK2, False, self.devicePixelRatioF()))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._role)
        words.addWidget(self._unit)
        self._wide_only += [self._role, self._unit]
        row = QHBoxLayout(self._identity_row)
        row.setContentsMargins(20, 2, 8, 10)
        row.setSpacing(10)
        row.addWidget(sign)
        row.addLayout(words, 1)
        self._sign_row = row
        return self._identity_row

    def add(self, key: str, title: str, icon_name: str, group: int = 0, *, at_foot: bool = False) -> None:
        """Add an entry; another group than the last one's begins with a separator."""
        item = NavItem(key, title, icon_name, self)
        self._items[key] = item
        if at_foot:
            self._lower.addWidget(item)
        else:
            if self._group is not None and group != self._group:
                self._upper.addLayout(self._separator())
            self._group = group
            self._upper.addWidget(item)
        item.clicked.connect(lambda: self.chosen.emit(key))
        item.moved.connect(lambda step: self._focus_beside(key, step))

    @property
    def keys(self) -> list[str]:
        """Keys of all entries from top to bottom."""
        return list(self._items)

    def item(self, key: str) -> NavItem:
        """The entry of a key."""
        return self._items[key]

    def set_current(self, key: str) -> None:
        """Mark the entry whose page is in front."""
        for item in self._items.values():
            item.setChecked(item.key == key)

    def _focus_beside(self, key: str, step: int) -> None:
        keys = self.keys
        place = min(max(keys.index(key) + step, 0), len(keys) - 1)
        self._items[keys[place]].setFocus(Qt.FocusReason.TabFocusReason)

    def set_badge(self, key: str, count: int) -> None:
        """Show how many things wait behind an entry."""
        self._items[key].set_badge(count)

    def set_identity(self, role: str, unit: str) -> None:
        """Who sits here."""
        self._role.setText(role)
        self._unit.setText(unit)
        self._identity_row.setToolTip(plain_tip(joined((role, unit))))

    @property
    def narrow(self) -> bool:
        return self._narrow

    def set_narrow(self, narrow: bool) -> None:
        """Show icons only, or icons and words."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._apply_width()

    def _apply_width(self) -> None:
        self.setFixedWidth(theme.NAV_NARROW if self._narrow else theme.scaled(theme.NAV_WIDTH))
        for widget in self._wide_only:
            widget.setVisible(not self._narrow)
        self._head.setContentsMargins(8 if self._narrow else 16, 14, 0, 18)
        self._sign_row.setContentsMargins(13 if self._narrow else 20, 2, 0 if self._narrow else 8, 10)
        for room in self._separators:
            room.setContentsMargins(*_separator_margins(self._narrow))
        for item in self._items.values():
            item.set_narrow(self._narrow)

    def _separator(self) -> QVBoxLayout:
        room = QVBoxLayout()
        room.setContentsMargins(*_separator_margins(self._narrow))
        room.addWidget(rule("navLine"))
        self._separators.append(room)
        return room


def _separator_margins(narrow: bool) -> tuple[int, int, int, int]:
    side = 10 if narrow else 20
    return side, 5, side, 5
