"""What a register counts towards: one tile a target, with its number, what it is held against, and the bullet."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.services.register_desk import CountedTarget
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.gauge_looks import gauge_look, gauge_tip, target_text
from ganzhou_desktop.ui.gauge_widgets import CAP, TRACK, draw_bullet
from ganzhou_desktop.ui.texts import NO_VALUE, number_text, plain_tip, visible, with_unit
from ganzhou_desktop.ui.widgets import PaintedButton

NOTHING = "还没有可计的"
_PAD, _GAP = 6.0, 5.0
_MOST_IN_A_ROW = 4


class TargetTile(PaintedButton):
    """T7 各级各类创新平台 8 / 15 家 over its bullet; without a gauge (a unit's part of the number) the line alone."""

    def __init__(self, counted: CountedTarget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._counted = counted
        self.set_counted(counted)

    @property
    def counted(self) -> CountedTarget:
        return self._counted

    def set_counted(self, counted: CountedTarget) -> None:
        """Show another target, or another number."""
        self._counted = counted
        target, gauge = counted.target, counted.gauge
        number = NOTHING if counted.value is None else with_unit(counted.value, target.unit)
        number = marked(number, counted.provisional)
        spoken = f"{target.id} {target.short}：{number}"
        if gauge is not None:
            spoken += f"，目标 {target_text(gauge)}，{gauge.word}"
        self.setObjectName(f"target_{target.id}")
        self.setAccessibleName(visible(spoken))
        self.setToolTip(plain_tip(gauge_tip(gauge) if gauge is not None else f"{spoken}\n单击看它由哪几条计成"))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the line needs to stand whole."""
        line = theme.scaled(22)
        first, rest = self._numbers()
        bold, plain, note = theme.font(bold=True), theme.font(), theme.font(theme.NOTE)
        words = QFontMetrics(bold).horizontalAdvance(self._counted.target.short + first)
        wide = words + QFontMetrics(plain).horizontalAdvance(rest) + 2 * (_PAD + _GAP)
        wide += QFontMetrics(note).horizontalAdvance(self._counted.target.id) + 4
        return QSize(round(wide), line if self._counted.gauge is None else line + CAP + TRACK + 5)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def _numbers(self) -> tuple[str, str]:
        """(the number, what stands behind it)."""
        counted, gauge = self._counted, self._counted.gauge
        if gauge is not None:
            of = target_text(gauge)
            return self._value(), f" / {of}" if of != NO_VALUE else f" {counted.target.unit}"
        return ("", NOTHING) if counted.value is None else (self._value(), f" {counted.target.unit}")

    def _value(self) -> str:
        return marked(number_text(self._counted.value), self._counted.provisional)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_ground(painter)
        line = QRectF(_PAD, 0, self.width() - 2 * _PAD, theme.scaled(22))
        self._write(painter, line)
        gauge = self._counted.gauge
        if gauge is not None:
            # Whole pixels, and room for what overhangs, as in the gauge of its own.
            track = QRectF(round(line.left()) + 4, round(line.bottom()), round(line.width()) - 8, CAP + TRACK)
            draw_bullet(painter, track, gauge_look(gauge))

    def _write(self, painter: QPainter, room: QRectF) -> None:
        counted = self._counted
        first, rest = self._numbers()
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        bold, plain = theme.font(bold=True), theme.font()
        rest_wide = QFontMetrics(plain).horizontalAdvance(rest)
        first_wide = QFontMetrics(bold).horizontalAdvance(first)
        painter.setFont(plain)
        painter.setPen(QColor(colours.INK2))
        painter.drawText(room, flags | Qt.AlignmentFlag.AlignRight, rest)
        painter.setFont(bold)
        painter.setPen(QColor(colours.INK))
        painter.drawText(room.adjusted(0, 0, -rest_wide, 0), flags | Qt.AlignmentFlag.AlignRight, first)
        painter.setFont(theme.font(theme.NOTE))
        painter.setPen(QColor(colours.INK3))
        painter.drawText(room, flags, counted.target.id)
        room = room.adjusted(painter.fontMetrics().horizontalAdvance(counted.target.id) + _GAP, 0, 0, 0)
        room.setRight(room.right() - rest_wide - first_wide - _GAP)
        painter.setFont(bold)
        painter.setPen(QColor(colours.INK))
        words = painter.fontMetrics().elidedText(
            counted.target.short, Qt.TextElideMode.ElideRight, int(room.width()) + 1
        )
        painter.drawText(room, flags, words)


class TargetTiles(QWidget):
    """The tiles of a register, in rows of equal columns; `opened` carries a target's id."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: list[TargetTile] = []
        self._across = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(theme.GAP_L - round(_PAD), 2, theme.GAP_L - round(_PAD), 0)
        self._grid.setHorizontalSpacing(theme.GAP)
        self._grid.setVerticalSpacing(2)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("按这本台账计数的目标")

    def show_targets(self, targets: Sequence[CountedTarget], *, after: QWidget, before: QWidget) -> None:
        """Show these, tiles that are there already stay, and with them the focus.

        Tab reaches them `after` one widget and `before` another.
        """
        while len(self.tiles) > len(targets):
            spare = self.tiles.pop()
            self._grid.removeWidget(spare)
            spare.hide()  # out of the way of Tab at once
            spare.deleteLater()
        for counted, tile in zip(targets, self.tiles, strict=False):
            tile.set_counted(counted)
        for counted in targets[len(self.tiles) :]:
            tile = TargetTile(counted, self)
            tile.clicked.connect(lambda _=False, tile=tile: self.opened.emit(tile.counted.target.id))
            self.tiles.append(tile)
        self._across = 0
        self._arrange()
        for first, then in pairwise((after, *self.tiles, before)):
            self.setTabOrder(first, then)
        self.setVisible(bool(targets))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """As many beside each other as stand whole, in rows of about equal length."""
        if not self.tiles:
            return
        margins, gap = self._grid.contentsMargins(), self._grid.horizontalSpacing()
        room = self.width() - margins.left() - margins.right() + gap
        most = max(min(room // (max(t.sizeHint().width() for t in self.tiles) + gap), _MOST_IN_A_ROW), 1)
        rows = -(-len(self.tiles) // most)
        across = -(-len(self.tiles) // rows)
        if across == self._across:
            return
        self._across = across
        for place, tile in enumerate(self.tiles):
            self._grid.addWidget(tile, place // across, place % across)
        # One alone is no wider than two would be: a bullet over the whole page says no more.
        for column in range(_MOST_IN_A_ROW):
            self._grid.setColumnStretch(column, 1 if column < max(across, 2) else 0)
