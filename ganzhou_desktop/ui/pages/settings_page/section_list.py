"""The list of sections at the left of 设置."""

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import paint_icon
from ganzhou_desktop.ui.tables import Cell

_KEY = int(Qt.ItemDataRole.UserRole)
_ICON = _KEY + 1
_MARK = _KEY + 2
_ROW = 36


class _Delegate(QStyledItemDelegate):
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        cell: Cell = option
        chosen = bool(cell.state & QStyle.StateFlag.State_Selected)
        hover = bool(cell.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        if chosen or hover:
            painter.fillRect(cell.rect, QColor(colours.SELECT if chosen else colours.HEAD))
        if chosen:
            painter.fillRect(QRect(cell.rect.left(), cell.rect.top(), 3, cell.rect.height()), QColor(colours.ACCENT))
        middle = cell.rect.center().y()
        ink = colours.ACCENT if chosen else colours.INK2
        paint_icon(painter, QRectF(cell.rect.left() + 16, middle - 8.5, 18, 18), str(index.data(_ICON)), ink)
        painter.setFont(theme.font(theme.BODY, bold=chosen))
        painter.setPen(QColor(colours.ACCENT if chosen else colours.INK))
        room = QRectF(cell.rect).adjusted(44, 0, -30, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, str(index.data()))
        if index.data(_MARK):
            paint_icon(painter, QRectF(cell.rect.right() - 28, middle - 8, 16, 16), "warning", colours.DIFFER)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(theme.scaled(120), theme.scaled(_ROW))


class SectionList(QListWidget):
    """Icon and word; `chosen` carries a key and speaks also when the arrows move."""

    chosen = Signal(str)

    def __init__(self, sections: Iterable[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_Delegate(self))
        self.setMouseTracking(True)
        self.setAccessibleName("设置的各部分")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for key, title, icon_name in sections:
            item = QListWidgetItem(title)
            item.setData(_KEY, key)
            item.setData(_ICON, icon_name)
            self.addItem(item)
        self.currentRowChanged.connect(lambda row: self.chosen.emit(self.key_at(row)))

    def key_at(self, row: int) -> str:
        """The key of a row; empty outside."""
        item = self.item(row)
        return str(item.data(_KEY)) if item is not None else ""

    def keys(self) -> list[str]:
        """All keys, from the top."""
        return [self.key_at(row) for row in range(self.count())]

    def set_current(self, key: str, *, silent: bool = False) -> None:
        """Choose by key."""
        blocked = self.blockSignals(silent)
        self.setCurrentRow(self.keys().index(key))
        self.blockSignals(blocked)

    def mark(self, key: str, marked: bool) -> None:
        """Put a warning sign behind a section."""
        if key in self.keys():
            self.item(self.keys().index(key)).setData(_MARK, marked)
