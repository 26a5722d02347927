"""The header of a table: words aligned as their column, the sort mark before the word, one column marked as crossed."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF
from PySide6.QtWidgets import QHeaderView, QWidget

from ganzhou_desktop.ui import colours, theme

PAD = 8
PAD_EDGE = 15
"""Before the first and after the last column, in line with a card's title."""

_MARK = 13


def side_pads(head: QHeaderView, column: int) -> tuple[int, int]:
    """Room at the left and right of a column's content."""
    place = head.visualIndex(column)
    return PAD_EDGE if place == 0 else PAD, PAD_EDGE if place == head.count() - 1 else PAD


class TableHeader(QHeaderView):
    """Paints its sections itself, so that header and cells share one alignment and one padding."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._crossed = -1
        self.setHighlightSections(False)
        self.setMinimumSectionSize(24)
        self.setFixedHeight(theme.scaled(theme.TABLE_HEAD))
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    def set_crossed(self, column: int) -> None:
        """Mark the column of the current cell; -1 marks none."""
        if column != self._crossed:
            self._crossed = column
            self.viewport().update()

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        model = self.model()
        crossed = logicalIndex == self._crossed
        painter.save()
        painter.fillRect(rect, QColor(colours.ACCENT_MARK if crossed else colours.HEAD))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(colours.LINE2))
        words = str(model.headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        align = model.headerData(logicalIndex, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        left, right = side_pads(self, logicalIndex)
        flags = int(align or Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        centred = bool(flags & Qt.AlignmentFlag.AlignHCenter.value)
        room = QRectF(rect).adjusted(2, 0, -2, -1) if centred else QRectF(rect).adjusted(left, 0, -right, -1)
        painter.setFont(theme.font(theme.NOTE, bold=True))
        painter.setPen(QColor(colours.ACCENT_DOWN if crossed else colours.INK2))
        sorted_here = self.isSortIndicatorShown() and self.sortIndicatorSection() == logicalIndex
        if sorted_here:
            room = self._paint_mark(painter, room, words, flags)
        painter.drawText(room, flags, words)
        painter.restore()

    def _paint_mark(self, painter: QPainter, room: QRectF, words: str, flags: int) -> QRectF:
        """Paint ▲ or ▼ before the word; returns the room for the word."""
        wide = painter.fontMetrics().horizontalAdvance(words)
        if flags & Qt.AlignmentFlag.AlignRight.value:
            left = room.right() - wide - _MARK
        elif flags & Qt.AlignmentFlag.AlignHCenter.value:
            left = room.center().x() - wide / 2 - _MARK
        else:
            left = room.left()
            room = room.adjusted(_MARK, 0, 0, 0)
        left = max(left, room.left() - _MARK)
        up = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        middle = room.center().y()
        base, tip = (middle + 2, middle - 3) if up else (middle - 2, middle + 3)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.INK2))
        painter.drawPolygon(QPolygonF([QPointF(left, base), QPointF(left + 8, base), QPointF(left + 4, tip)]))
        painter.restore()
        return room
