"""The program's table view: row lines, hover, selection bar, cell focus, copying, a menu; and its delegate."""

import html
import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QBrush,
    QColor,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import icon
from ganzhou_desktop.ui.shapes import STATE_LOOKS, draw_state
from ganzhou_desktop.ui.table_header import PAD, TableHeader, side_pads
from ganzhou_desktop.ui.table_model import STATE_ROLE, TAG_ROLE, TONE_ROLE, Column, Index, TableModel, copied
from ganzhou_desktop.ui.widgets import draw_tag, tag_width

_BAR = 3

Cell = Any
"""A QStyleOptionViewItem; the stubs of 6.8 leave out its attributes."""


class RowDelegate(QStyledItemDelegate):
    """Paints a cell: ground by selection, hover and tone; state shape, icon or tag; words; the line below."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell: Cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        view = cell.widget
        painter.save()
        self.paint_ground(painter, cell, index)
        self.paint_content(painter, cell, index)
        current = isinstance(view, QTableView) and view.currentIndex() == index and view.hasFocus()
        if current and isinstance(view, RowTable) and view.shows_cell_focus:
            painter.setPen(QPen(QColor(colours.ACCENT), 2))
            painter.drawRect(QRectF(cell.rect).adjusted(1, 1, -1, -2))
        painter.restore()

    def paint_ground(self, painter: QPainter, cell: Cell, index: Index) -> None:
        """Ground, line below, bar at the left of the row."""
        tone = index.data(TONE_ROLE)
        selected = bool(cell.state & QStyle.StateFlag.State_Selected)
        view = cell.widget
        hover = isinstance(view, RowTable) and view.hover_row == index.row()
        if selected:
            ground = colours.SELECT
        elif tone == "error":
            ground = colours.ERROR_TINT
        elif tone == "differ":
            ground = colours.DIFFER_TINT
        else:
            ground = colours.HEAD if hover else colours.CARD
        painter.fillRect(cell.rect, QColor(ground))
        painter.fillRect(QRect(cell.rect.left(), cell.rect.bottom(), cell.rect.width(), 1), QColor(colours.LINE))
        first = isinstance(view, QTableView) and view.horizontalHeader().visualIndex(index.column()) == 0
        if first and (selected or tone == "error"):
            bar = QRect(cell.rect.left(), cell.rect.top(), _BAR, cell.rect.height())
            painter.fillRect(bar, QColor(colours.ACCENT if selected else colours.ERROR))

    def paint_content(self, painter: QPainter, cell: Cell, index: Index) -> None:
        """State shape, icon or tag, then words."""
        room = self.content_rect(cell, index)
        state, tag = index.data(STATE_ROLE), index.data(TAG_ROLE)
        font = QFont(cell.font)
        colour = self._ink(cell, index)
        if tag:
            self._paint_tag(painter, room, cell, tag)
            return
        if state:
            font.setBold(True)
            colour = QColor(STATE_LOOKS[state].colour)
            draw_state(painter, QRectF(room.left(), room.center().y() - 6, 12, 12), state)
            room.setLeft(room.left() + 18)
        elif not cell.icon.isNull():
            size = theme.ICON_ROW
            place = QRect(round(room.left()), round(room.center().y() - size / 2), size, size)
            cell.icon.paint(painter, place)
            room.setLeft(room.left() + size + 6)
        painter.setFont(font)
        painter.setPen(colour)
        words = painter.fontMetrics().elidedText(cell.text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, cell.displayAlignment | Qt.TextFlag.TextSingleLine, words)

    def content_rect(self, cell: Cell, index: Index) -> QRectF:
        """The room for a cell's content."""
        left = right = PAD
        if isinstance(cell.widget, QTableView):
            left, right = side_pads(cell.widget.horizontalHeader(), index.column())
        return QRectF(cell.rect).adjusted(left, 0, -right, -1)

    def _ink(self, cell: Cell, index: Index) -> QColor:
        own = index.data(Qt.ItemDataRole.ForegroundRole)
        if isinstance(own, QBrush):
            return own.color()
        if not cell.state & QStyle.StateFlag.State_Enabled:
            return QColor(colours.DISABLED)
        return QColor(colours.INK3 if index.data(TONE_ROLE) == "quiet" else colours.INK)

    def _paint_tag(self, painter: QPainter, room: QRectF, cell: Cell, kind: str) -> None:
        height = theme.scaled(20)
        width = min(tag_width(kind, cell.text), room.width())
        left = room.left()
        if cell.displayAlignment & Qt.AlignmentFlag.AlignRight:
            left = room.right() - width
        elif cell.displayAlignment & Qt.AlignmentFlag.AlignHCenter:
            left = room.center().x() - width / 2
        draw_tag(painter, QRectF(left, room.center().y() - height / 2, width, height), kind, cell.text)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(hint.width() + 2 * PAD, max(hint.height(), theme.scaled(theme.TABLE_ROW)))


def _tabbed(cells: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in cells)


def _as_table(cells: list[list[str]]) -> str:
    """Cells as an HTML table; Excel is told that they are text, so that 1-2 is no date and 001 keeps its noughts."""
    rows = "".join(f"<tr>{''.join(map(_as_cell, row))}</tr>" for row in cells)
    return f'<html><head><meta charset="utf-8"></head><body><table>{rows}</table></body></html>'


def _as_cell(text: str) -> str:
    number = re.fullmatch(r"-?[\d,]*\.?\d+", text) and not re.match(r"-?0\d", text)
    return f"<td>{text}</td>" if number else f"<td style=\"mso-number-format:'\\@'\">{html.escape(text)}</td>"


class RowTable(QTableView):
    """A table of rows.  Enter or double click sends `opened(row index)`; Ctrl+C copies cells; a menu on demand.

    Columns with width 0 share the room that is left, never below their header; the rest have their own width.
    """

    opened = Signal(QModelIndex)
    hover_moved = Signal(int)

    def __init__(self, parent: QWidget | None = None, *, row_height: int = theme.TABLE_ROW) -> None:
        super().__init__(parent)
        self.hover_row = -1
        self.shows_cell_focus = True
        self._row_height = row_height
        self._menu_filler: Callable[[QMenu, QModelIndex], None] | None = None

        self.setHorizontalHeader(TableHeader(self))
        self.setItemDelegate(RowDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setCornerButtonEnabled(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(theme.scaled(20))
        rows.setDefaultSectionSize(theme.scaled(row_height))

        self.entered.connect(lambda index: self.set_hover(index.row()))
        self.doubleClicked.connect(self.opened)
        self.customContextMenuRequested.connect(self._show_menu)

    def set_menu(self, filler: Callable[[QMenu, QModelIndex], None]) -> None:
        """Fill the context menu for a cell; 复制 comes after what the filler adds."""
        self._menu_filler = filler

    def fit_columns(self) -> None:
        """Give columns their widths; those of width 0 share the rest."""
        model = self.model()
        if not isinstance(model, TableModel):
            return
        columns: tuple[Column, ...] = model.columns
        shown = [(i, column) for i, column in enumerate(columns) if not self.isColumnHidden(i)]
        taken = sum(theme.scaled(column.width) for _, column in shown)
        sharers = [i for i, column in shown if not column.width]
        share = max((self.viewport().width() - taken) // len(sharers), theme.scaled(80)) if sharers else 0
        for i, column in shown:
            self.setColumnWidth(i, theme.scaled(column.width) if column.width else share)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        self.fit_columns()

    def header(self) -> TableHeader:
        """The horizontal header as what it is."""
        made = self.horizontalHeader()
        assert isinstance(made, TableHeader)
        return made

    def setSortingEnabled(self, enable: bool) -> None:
        # A new table shows its rows in the order given, not sorted by the first column.
        if enable and not self.isSortingEnabled():
            self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        super().setSortingEnabled(enable)
        self.horizontalHeader().setSectionsClickable(enable)

    def copy_cells(self) -> None:
        """Copy the selected cells: as a table for WPS and Excel, as tab-separated lines for everything else."""
        cells = self._selected_cells()
        copied_cells = QMimeData()
        copied_cells.setText(_tabbed(cells))
        copied_cells.setHtml(_as_table(cells))
        QGuiApplication.clipboard().setMimeData(copied_cells)

    def selected_text(self) -> str:
        """The selected cells in the order shown: rows as lines, cells separated by tabs."""
        return _tabbed(self._selected_cells())

    def _selected_cells(self) -> list[list[str]]:
        head = self.horizontalHeader()
        lines: dict[int, dict[int, str]] = {}
        for index in self.selectionModel().selectedIndexes():
            if not self.isColumnHidden(index.column()):
                text = copied(str(index.data() or ""))
                lines.setdefault(index.row(), {})[head.visualIndex(index.column())] = text
        columns = sorted({column for cells in lines.values() for column in cells})
        return [[cells.get(column, "") for column in columns] for _, cells in sorted(lines.items())]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_cells()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Menu and self.currentIndex().isValid():
            self._show_menu(self.visualRect(self.currentIndex()).center())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def leaveEvent(self, event: QEvent) -> None:
        self.set_hover(-1)
        super().leaveEvent(event)

    def set_hover(self, row: int) -> None:
        """Show a row as under the mouse; -1 none."""
        if row != self.hover_row:
            self.hover_row = row
            self.viewport().update()
            self.hover_moved.emit(row)

    def _show_menu(self, at: QPoint) -> None:
        self._show_menu_at(self.indexAt(at), self.viewport().mapToGlobal(at))

    def _show_menu_at(self, index: QModelIndex, place: QPoint) -> None:
        if index.isValid() and not self.selectionModel().isSelected(index):
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._menu_filler is not None and index.isValid():
            self._menu_filler(menu, index)
            menu.addSeparator()
        copy = QAction(icon("copy"), "复制", menu)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setEnabled(self.selectionModel().hasSelection())
        copy.triggered.connect(self.copy_cells)
        menu.addAction(copy)
        menu.popup(place)
