"""Paints the matrix: group rows, task rows with their state, cells with role, shape and word, the 合计 row."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.matrix import Cell, MatrixTask
from ganzhou_desktop.domain.matrix_changes import Change
from ganzhou_desktop.domain.plan import LEAD, SUPPORT
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.frozen_table import FrozenTable
from ganzhou_desktop.ui.pages.matrix_page.marks import CHANGE_COLOURS, draw_change
from ganzhou_desktop.ui.pages.matrix_page.model import (
    FROZEN,
    NUMBER,
    ORDER,
    STATE,
    TASK,
    Line,
    MatrixModel,
    task_text,
)
from ganzhou_desktop.ui.shapes import STATE_LOOKS, draw_hatch, draw_returned_corner, draw_role, draw_state
from ganzhou_desktop.ui.table_model import Index
from ganzhou_desktop.ui.texts import NO_VALUE, two_lines, visible

_ONE_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_CENTRED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine
_BAR = 3
_PAD = 8
_THIRD = 15
"""Height of the line that says what a cell was."""
_PICTURES = 2000
_SELECTED = QStyle.StateFlag.State_Selected

Option = Any
"""A QStyleOptionViewItem; the stubs of 6.8 leave out its attributes."""


class MatrixDelegate(QStyledItemDelegate):
    """One delegate for the columns that stay and those that scroll.

    A screen full of places is painted for each step of scrolling: what a place looks like is drawn once and then
    copied, and what the table knows (the current place, whether several are selected) is told, not asked for each.
    """

    def __init__(self, model: MatrixModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._pictures: dict[Hashable, QPixmap] = {}
        self.current = (-1, -1)
        self.several = False
        """Whether more than the current place is selected."""
        self.ratio, self._scale = 1.0, theme.scale()
        self.found: frozenset[tuple[int, int]] = frozenset()
        """Places that the words sought are in."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell: Option = option
        row, column = index.row(), index.column()
        line = self._model.lines[row]
        here = self.current
        rect = cell.rect
        if line.task is None:
            self._paint_line(painter, cell, line, row, column)
        elif column >= FROZEN:
            selected = self.several and (row, column) != here and bool(cell.state & _SELECTED)
            painter.drawPixmap(rect.topLeft(), self._cell_picture(rect, row, column, selected))
        elif not isinstance(cell.widget, FrozenTable):  # under the columns that stay nothing of these is seen
            painter.drawPixmap(rect.topLeft(), self._head_picture(cell, row, column))
        if self.found and (row, column) in self.found:
            painter.setPen(QPen(QColor(colours.DIFFER), 2, Qt.PenStyle.DotLine))
            painter.drawRect(QRectF(rect).adjusted(2, 2, -3, -3))
        if here[0] == row and here[1] == column:
            painter.setPen(QPen(QColor(colours.ACCENT), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(rect).adjusted(1, 1, -1, -1))

    def _cell_picture(self, rect: QRect, row: int, column: int, selected: bool) -> QPixmap:
        cell, change = self._model.cell_at(row, column), self._model.change_at(row, column)
        look = cell and (cell.role, cell.principal, cell.state, cell.word, cell.provisional, cell.returned)
        width, height = rect.width(), rect.height()
        key = (width, height, selected, look, change)
        made = self._pictures.get(key)
        if made is None:
            made = self._keep(key, QSize(width, height), colours.SELECT if selected else colours.CARD)
            with _painting(made) as painter:
                _draw_place(painter, QRectF(0, 0, width, height), cell, change, tinted=not selected)
        return made

    def _head_picture(self, cell: Option, row: int, column: int) -> QPixmap:
        task = self._model.lines[row].task
        assert task is not None
        crossed = self.current[0] == row
        selected = crossed or (self.several and bool(cell.state & _SELECTED))
        hover = cell.widget.hover_row == row
        ground = colours.SELECT if selected else colours.HEAD if hover else colours.CARD
        change = self._model.change_at(row, column)
        words = (task.id, task.title, task.state)[column]
        key = (column, cell.rect.width(), cell.rect.height(), ground, crossed, words, change)
        made = self._pictures.get(key)
        if made is None:
            made = self._keep(key, cell.rect.size(), ground)
            rect = QRectF(0, 0, cell.rect.width(), cell.rect.height())
            with _painting(made) as painter:
                _line_below(painter, rect, colours.LINE)
                if crossed and column == NUMBER:
                    painter.fillRect(QRectF(0, 0, _BAR, rect.height()), QColor(colours.ACCENT))
                self._paint_head(painter, rect, task, column, change, bold=crossed)
        return made

    def _keep(self, key: Hashable, size: QSize, ground: str) -> QPixmap:
        if len(self._pictures) >= _PICTURES:
            self._pictures.clear()
        made = self._pictures[key] = QPixmap(size * self.ratio)
        made.setDevicePixelRatio(self.ratio)
        made.fill(QColor(ground))
        return made

    def begin(self, ratio: float, scale: float) -> None:
        """Say how large a pixel and the type are; what was drawn for others is drawn anew."""
        if (ratio, scale) != (self.ratio, self._scale):
            self.ratio, self._scale = ratio, scale
            self._pictures.clear()

    def _paint_line(self, painter: QPainter, cell: Option, line: Line, row: int, column: int) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(cell.rect)
        if line.group is not None:
            self._paint_group(painter, rect, line, row, column, cell.widget)
        else:
            self._paint_total(painter, rect, column)
        painter.restore()

    def _paint_group(
        self, painter: QPainter, rect: QRectF, line: Line, row: int, column: int, view: QTableView
    ) -> None:
        assert line.group is not None
        painter.fillRect(rect, QColor(colours.HEAD))
        _line_below(painter, rect, colours.LINE2)
        if row:
            painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 1), QColor(colours.LINE2))
        if column < FROZEN:
            painter.setFont(theme.font(bold=True))
            painter.setPen(QColor(colours.INK))
            words = visible(f"{line.group.number}{line.group.title}")
            painter.drawText(rect.adjusted(12, 0, -4, 0), _ONE_LINE, words)
            painter.setFont(theme.font(theme.NOTE))
            painter.setPen(QColor(colours.INK3))
            painter.drawText(rect.adjusted(12, 0, -10, 0), _ONE_LINE | Qt.AlignmentFlag.AlignRight, f"{line.tasks} 项")
            return
        # The columns scroll under the frozen ones: the counts stay where they can be seen.
        covered = view.frozen_width() if isinstance(view, FrozenTable) else 0
        self._paint_counts(painter, rect, max(rect.left(), covered) + _PAD, view.viewport().width(), line)

    def _paint_counts(self, painter: QPainter, rect: QRectF, x: float, right: float, line: Line) -> None:
        """● 正常 8  ▲ 滞后 2: the group's cells by state, as many as there is room for, the rest as …."""
        painter.setFont(theme.font(theme.NOTE))
        metrics = painter.fontMetrics()
        for state in ORDER:
            count = line.counts.get(state)
            if not count:
                continue
            words = f"{states.WORDS[state]} {count}"
            wide = metrics.horizontalAdvance(words)
            if x + 16 + wide > right:
                painter.drawText(QRectF(x, rect.top(), 20, rect.height()), _ONE_LINE, "…")
                return
            draw_state(painter, QRectF(x, rect.center().y() - 5, 10, 10), state)
            painter.setPen(QColor(colours.INK2))
            painter.drawText(QRectF(x + 14, rect.top(), wide + 4, rect.height()), _ONE_LINE, words)
            x += 14 + wide + 14

    def _paint_total(self, painter: QPainter, rect: QRectF, column: int) -> None:
        painter.fillRect(rect, QColor(colours.HEAD))
        painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 1), QColor(colours.LINE3))
        if column == TASK:
            return
        if column == NUMBER:  # spans the number and the task
            painter.setFont(theme.font(bold=True))
            painter.setPen(QColor(colours.INK))
            painter.drawText(rect.adjusted(12, 0, 0, 0), _ONE_LINE, "合计")
            return
        upper, lower = _halves(rect)
        for room, count, role in zip((upper, lower), self._model.sums(column), (LEAD, SUPPORT), strict=True):
            bold = role == LEAD
            painter.setFont(theme.font(bold=bold))
            painter.setPen(QColor(colours.INK if bold and count else colours.INK2 if count else colours.INK3))
            if column == STATE:
                draw_role(painter, QRectF(room.left() + 10, room.center().y() - 5, 10, 10), role)
                painter.drawText(room.adjusted(0, 0, -_PAD - 2, 0), _ONE_LINE | Qt.AlignmentFlag.AlignRight, str(count))
            else:
                painter.drawText(room, _CENTRED, str(count) if count else NO_VALUE)

    def _paint_head(
        self, painter: QPainter, rect: QRectF, task: MatrixTask, column: int, change: Change | None, *, bold: bool
    ) -> None:
        painter.setPen(QColor(colours.INK2 if column == NUMBER else colours.INK))
        painter.setFont(theme.font(bold=bold and column == TASK))
        if column == NUMBER:
            painter.drawText(rect, _CENTRED, visible(task.id))
        elif column == TASK:
            room = rect.adjusted(_PAD, 0, -2, -1)
            lines = two_lines(visible(task.title), painter.fontMetrics(), room.width())
            step = theme.scaled(18)
            top = room.center().y() - step * len(lines) / 2
            for i, words in enumerate(lines):
                painter.drawText(QRectF(room.left(), top + i * step, room.width(), step), _ONE_LINE, words)
        else:
            lifted = 0.0 if change is None else -theme.scaled(8)
            draw_state(painter, QRectF(rect.left() + 5, rect.center().y() - 6 + lifted, 12, 12), task.state)
            painter.setFont(theme.font(bold=True))
            painter.setPen(QColor(STATE_LOOKS[task.state].colour))
            _fitted(painter, rect.adjusted(21, 2 * lifted, -2, 0), task_text(task), _ONE_LINE)
            if change is not None:
                below = QRectF(rect.left() + 5, rect.center().y() + 1, rect.width() - 7, theme.scaled(16))
                _paint_change(painter, below, change, Qt.AlignmentFlag.AlignLeft)


@contextmanager
def _painting(picture: QPixmap) -> Iterator[QPainter]:
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    yield painter
    painter.end()


def _draw_place(painter: QPainter, rect: QRectF, cell: Cell | None, change: Change | None, *, tinted: bool) -> None:
    """A cell's place: lines, what stands in it, and what it was."""
    _line_below(painter, rect, colours.LINE)
    painter.fillRect(QRectF(rect.right() - 1, rect.top(), 1, rect.height()), QColor(colours.LINE))
    if cell is None:
        return
    third = theme.scaled(_THIRD) if change is not None else 0
    paint_cell(painter, rect, cell, tinted=tinted, below=third)
    if change is not None:
        room = QRectF(rect.left() + 1, rect.bottom() - third - 3, rect.width() - 3, third)
        _paint_change(painter, room, change, Qt.AlignmentFlag.AlignHCenter)


def _paint_change(painter: QPainter, room: QRectF, change: Change, side: Qt.AlignmentFlag) -> None:
    """↓原正常: the arrow says how it changed, the words from what."""
    arrow = 9.0
    painter.setFont(theme.font(theme.NOTE - 1))
    width = min(painter.fontMetrics().horizontalAdvance(change.was), room.width() - arrow)
    left = room.left()
    if side == Qt.AlignmentFlag.AlignHCenter:
        left = room.center().x() - (arrow + width) / 2
    draw_change(painter, QRectF(left, room.center().y() - arrow / 2, arrow, arrow), change.kind)
    painter.setPen(QColor(CHANGE_COLOURS[change.kind]))
    _fitted(painter, QRectF(left + arrow, room.top(), width, room.height()), change.was, _CENTRED)


def paint_cell(painter: QPainter, rect: QRectF, cell: Cell, *, tinted: bool = True, below: float = 0.0) -> None:
    """Role and shape over the word; ◎ on its state's tint, ○ on white; hatch where the data is not here.

    `below`: room left free under the word.
    """
    inner = rect.adjusted(2, 2, -3, -3)
    lead, look = cell.role == LEAD, STATE_LOOKS[cell.state]
    if cell.state == states.NOT_HELD:
        draw_hatch(painter, inner)
    elif lead and tinted:
        painter.fillRect(inner, QColor(look.tint))
    upper, lower = _halves(rect.adjusted(0, 0, 0, -below))
    middle = upper.center()
    if cell.state == states.NOT_HELD:  # a shape would say that something is known
        side = 14.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.CARD))
        room = QRectF(0, 0, 30 if cell.principal else 22, 20)
        room.moveCenter(rect.center())
        painter.drawRoundedRect(room, theme.RADIUS_TAG, theme.RADIUS_TAG)
        centre = rect.center() - QPointF(4 if cell.principal else 0, 0)
        draw_role(painter, _square(centre, side), cell.role, cell.principal)
        return
    shift = 11.5 if cell.principal else 9.5
    draw_role(painter, _square(middle - QPointF(shift, 0), 14), cell.role, cell.principal)
    draw_state(painter, _square(middle + QPointF(shift, 0), 12), cell.state)
    painter.setFont(theme.font(bold=lead))
    painter.setPen(QColor(look.colour))
    _fitted(painter, lower.adjusted(2, 0, -3, 0), marked(cell.word, cell.provisional), _CENTRED)
    if cell.returned:
        draw_returned_corner(painter, inner.adjusted(0, 0, 0, -below))


def _fitted(painter: QPainter, room: QRectF, words: str, flags: Qt.AlignmentFlag | Qt.TextFlag) -> None:
    """Draw words, closer together when the room is short: 严重滞后 in a column of 46."""
    font = painter.font()
    over = painter.fontMetrics().horizontalAdvance(words) - room.width()
    if over > 0:
        small = theme.font(theme.NOTE, font.bold())
        painter.setFont(small)
        over = painter.fontMetrics().horizontalAdvance(words) - room.width()
    if over > 0:
        closer = painter.font()
        closer.setLetterSpacing(closer.SpacingType.AbsoluteSpacing, -over / max(len(words), 1))
        painter.setFont(closer)
    painter.drawText(room.adjusted(-2, 0, 2, 0) if over > 0 else room, flags, words)


def _halves(rect: QRectF) -> tuple[QRectF, QRectF]:
    """The rooms of a cell's two lines, drawn together in high rows."""
    height = min(rect.height() - 4, theme.scaled(40))
    top = rect.center().y() - height / 2
    half = height / 2
    return QRectF(rect.left(), top, rect.width(), half), QRectF(rect.left(), top + half, rect.width(), half)


def _square(centre: QPointF, side: float) -> QRectF:
    return QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)


def _line_below(painter: QPainter, rect: QRectF, colour: str) -> None:
    painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), QColor(colour))
