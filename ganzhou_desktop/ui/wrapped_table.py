"""A table whose last column holds sentences: they stand whole, on as many lines as they take."""

from PySide6.QtCore import QAbstractItemModel, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.table_header import side_pads
from ganzhou_desktop.ui.table_model import Index
from ganzhou_desktop.ui.tables import Cell, RowDelegate, RowTable

_WRAP = Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere
_ABOVE = 6
"""Pixels above and below the lines of a row of several lines."""


class _WrappingDelegate(RowDelegate):
    """Paints the last column in lines instead of cutting it."""

    def paint_content(self, painter: QPainter, cell: Cell, index: Index) -> None:
        if index.column() != index.model().columnCount() - 1:
            super().paint_content(painter, cell, index)
            return
        painter.setFont(QFont(cell.font))
        painter.setPen(self._ink(cell, index))
        room = self.content_rect(cell, index).toRect()
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | _WRAP, cell.text)


class WrappedTable(RowTable):
    """A table whose last column is never cut: its rows are as high as that needs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_WrappingDelegate(self))

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            model.modelReset.connect(self._fit_rows)

    def fit_columns(self) -> None:
        """Give columns their widths, and rows the height that the last one then needs."""
        super().fit_columns()
        self._fit_rows()

    def _fit_rows(self) -> None:
        model = self.model()
        if model is None or not model.columnCount():
            return
        last = model.columnCount() - 1
        room = self.columnWidth(last) - sum(side_pads(self.horizontalHeader(), last))
        metrics = QFontMetrics(self.font())
        rows = self.verticalHeader()
        for row in range(model.rowCount()):
            height = self._height(str(model.index(row, last).data() or ""), room, metrics)
            if rows.sectionSize(row) != height:
                rows.resizeSection(row, height)

    def _height(self, text: str, room: int, metrics: QFontMetrics) -> int:
        usual = theme.scaled(theme.TABLE_ROW)
        if not text or metrics.horizontalAdvance(text) <= room:
            return usual
        return max(usual, metrics.boundingRect(QRect(0, 0, room, 0), int(_WRAP), text).height() + 2 * _ABOVE)
