"""Paints the matrix: group rows, task rows with their state, cells with role, shape and word, the 合计 row."""

from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.matrix import Cell, MatrixTask
from ganzhou_desktop.domain.plan import LEAD, SUPPORT
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.pages.matrix_page.model import (
    CELL_ROLE,
    FROZEN,
    LINE_ROLE,
    NUMBER,
    STATE,
    TASK,
    Line,
    MatrixModel,
)
from ganzhou_desktop.ui.shapes import STATE_LOOKS, draw_hatch, draw_returned_corner, draw_role, draw_state
from ganzhou_desktop.ui.table_model import Index
from ganzhou_desktop.ui.texts import NO_VALUE, visible

_ONE_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_CENTRED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine
_BAR = 3
_PAD = 8

Option = Any
"""A QStyleOptionViewItem; the stubs of 6.8 leave out its attributes."""


class MatrixDelegate(QStyledItemDelegate):
    """One delegate for the columns that stay and those that scroll."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell: Option = option
        view, line = cell.widget, index.data(LINE_ROLE)
        if not isinstance(view, QTableView) or not isinstance(line, Line):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(cell.rect)
        if line.group is not None:
            self._paint_group(painter, rect, line, index)
        elif line.total:
            self._paint_total(painter, rect, index)
        else:
            self._paint_task(painter, rect, view, cell, index)
        if view.currentIndex() == index:
            painter.setPen(QPen(QColor(colours.ACCENT), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.restore()

    def _paint_group(self, painter: QPainter, rect: QRectF, line: Line, index: Index) -> None:
        assert line.group is not None
        painter.fillRect(rect, QColor(colours.HEAD))
        _line_below(painter, rect, colours.LINE2)
        if index.row():
            painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 1), QColor(colours.LINE2))
        if index.column() < FROZEN:
            painter.setFont(theme.font(bold=True))
            painter.setPen(QColor(colours.INK))
            words = visible(f"{line.group.number}{line.group.title}")
            painter.drawText(rect.adjusted(12, 0, -4, 0), _ONE_LINE, words)

    def _paint_total(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        painter.fillRect(rect, QColor(colours.HEAD))
        painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 1), QColor(colours.LINE3))
        model = index.model()
        if not isinstance(model, MatrixModel) or index.column() == TASK:
            return
        if index.column() == NUMBER:  # spans the number and the task
            painter.setFont(theme.font(bold=True))
            painter.setPen(QColor(colours.INK))
            painter.drawText(rect.adjusted(12, 0, 0, 0), _ONE_LINE, "合计")
            return
        column = index.column()
        upper, lower = _halves(rect)
        for room, count, role in zip((upper, lower), model.sums(column), (LEAD, SUPPORT), strict=True):
            bold = role == LEAD
            painter.setFont(theme.font(bold=bold))
            painter.setPen(QColor(colours.INK if bold and count else colours.INK2 if count else colours.INK3))
            if column == STATE:
                draw_role(painter, QRectF(room.left() + 10, room.center().y() - 5, 10, 10), role)
                painter.drawText(room.adjusted(0, 0, -_PAD - 2, 0), _ONE_LINE | Qt.AlignmentFlag.AlignRight, str(count))
            else:
                painter.drawText(room, _CENTRED, str(count) if count else NO_VALUE)

    def _paint_task(self, painter: QPainter, rect: QRectF, view: QTableView, option: Option, index: Index) -> None:
        line, column = index.data(LINE_ROLE), index.column()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        crossed = view.currentIndex().row() == index.row()
        hover = getattr(view, "hover_row", -1) == index.row()
        if column < FROZEN:
            ground = colours.SELECT if crossed or selected else colours.HEAD if hover else colours.CARD
        else:
            several = selected and view.currentIndex() != index
            ground = colours.SELECT if several else colours.CARD
        painter.fillRect(rect, QColor(ground))
        _line_below(painter, rect, colours.LINE)
        if column < FROZEN:
            if crossed and column == NUMBER:
                painter.fillRect(QRectF(rect.left(), rect.top(), _BAR, rect.height()), QColor(colours.ACCENT))
            self._paint_head(painter, rect, line.task, column, bold=crossed)
            return
        painter.fillRect(QRectF(rect.right() - 1, rect.top(), 1, rect.height()), QColor(colours.LINE))
        held = index.data(CELL_ROLE)
        if isinstance(held, Cell):
            paint_cell(painter, rect, held, tinted=ground == colours.CARD)

    def _paint_head(self, painter: QPainter, rect: QRectF, task: MatrixTask, column: int, *, bold: bool) -> None:
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
            draw_state(painter, QRectF(rect.left() + 5, rect.center().y() - 6, 12, 12), task.state)
            painter.setFont(theme.font(bold=True))
            painter.setPen(QColor(STATE_LOOKS[task.state].colour))
            _fitted(painter, rect.adjusted(21, 0, -2, 0), task.word, _ONE_LINE)


def paint_cell(painter: QPainter, rect: QRectF, cell: Cell, *, tinted: bool = True) -> None:
    """Role and shape over the word; ◎ on its state's tint, ○ on white; hatch where the data is not here."""
    inner = rect.adjusted(2, 2, -3, -3)
    lead, look = cell.role == LEAD, STATE_LOOKS[cell.state]
    if cell.state == states.NOT_HELD:
        draw_hatch(painter, inner)
    elif lead and tinted:
        painter.fillRect(inner, QColor(look.tint))
    upper, lower = _halves(rect)
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
    _fitted(painter, lower.adjusted(2, 0, -3, 0), f"{cell.word}{'※' if cell.provisional else ''}", _CENTRED)
    if cell.returned:
        draw_returned_corner(painter, inner)


def two_lines(text: str, metrics: QFontMetrics, width: float) -> list[str]:
    """A title in at most two lines, cut between characters, the rest as …."""
    if metrics.horizontalAdvance(text) <= width:
        return [text]
    cut = next(i for i in range(len(text), 0, -1) if i == 1 or metrics.horizontalAdvance(text[:i]) <= width)
    return [text[:cut], metrics.elidedText(text[cut:], Qt.TextElideMode.ElideRight, int(width))]


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
