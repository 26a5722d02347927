"""Small things in a grid: units with what they filed, tasks with their state; one Tab stop, arrow keys inside."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.filed_looks import FILED_LOOKS
from ganzhou_desktop.ui.icons import paint_icon
from ganzhou_desktop.ui.shapes import STATE_LOOKS, draw_dashed_ring, draw_state
from ganzhou_desktop.ui.texts import plain_tip, visible
from ganzhou_desktop.ui.widgets import PaintedButton

TILE = 22

_FLAGS = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


@dataclass(frozen=True, slots=True)
class TileLook:
    """One tile: `number` before the words; `filed` (a filing's state) as icon before, or `state` with its word at the right."""

    key: str
    words: str
    spoken: str
    tip: str = ""
    number: str = ""
    filed: str = ""
    state: str = ""
    state_word: str = ""
    bold: bool = False


class Tile(PaintedButton):
    """Paints its look; arrow keys ask the grid to move on."""

    moved = Signal(int, int)
    _STEPS = {  # noqa: RUF012 - never changed
        Qt.Key.Key_Left: (0, -1),
        Qt.Key.Key_Right: (0, 1),
        Qt.Key.Key_Up: (-1, 0),
        Qt.Key.Key_Down: (1, 0),
    }

    def __init__(self, look: TileLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_look(look)

    @property
    def look(self) -> TileLook:
        return self._look

    def set_look(self, look: TileLook) -> None:
        """Show another unit or task."""
        self._look = look
        self.setObjectName(f"tile_{look.key}")
        self.setAccessibleName(visible(look.spoken))
        self.setToolTip(plain_tip(look.tip or look.spoken))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(104), theme.scaled(TILE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self._STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.moved.emit(*step)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_ground(painter)
        look = self._look
        left, right = 4.0, self.width() - 4.0
        middle = self.height() / 2
        if look.filed:
            mark = FILED_LOOKS[look.filed]
            box = QRectF(left, middle - 8, 16, 16)
            if mark.icon:
                paint_icon(painter, box, mark.icon, mark.colour)
            else:
                draw_dashed_ring(painter, box, mark.colour)
            left += 22
        if look.number:
            painter.setFont(theme.font())
            painter.setPen(QColor(colours.INK))
            painter.drawText(QRectF(left, 0, 20, self.height()), _FLAGS, look.number)
            left += painter.fontMetrics().horizontalAdvance("0") + 7
        if look.state:
            right = self._paint_state(painter, look, right, middle)
        painter.setFont(theme.font(bold=look.bold))
        painter.setPen(QColor(colours.INK))
        room = QRectF(left, 0, right - left, self.height())
        painter.drawText(
            room,
            _FLAGS,
            painter.fontMetrics().elidedText(look.words, Qt.TextElideMode.ElideRight, int(room.width()) + 1),
        )

    def _paint_state(self, painter: QPainter, look: TileLook, right: float, middle: float) -> float:
        """Shape and word at a fixed place from the right; returns what is left for the words."""
        shown = STATE_LOOKS[look.state]
        bold = theme.font(bold=True)
        room = max(
            QFontMetrics(bold).horizontalAdvance(look.state_word), QFontMetrics(bold).horizontalAdvance("未填报")
        )
        at = right - room - 18
        draw_state(painter, QRectF(at, middle - 6, 12, 12), look.state)
        painter.setFont(bold)
        painter.setPen(QColor(shown.colour))
        painter.drawText(QRectF(at + 18, 0, room + 1, self.height()), _FLAGS, look.state_word)
        return at - 6


class TileGrid(QWidget):
    """Tiles row by row in so many columns; `opened` carries a tile's key."""

    opened = Signal(str)

    def __init__(self, columns: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self.tiles: list[Tile] = []
        self.setAccessibleName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.GAP_S)
        self._grid.setVerticalSpacing(0)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_tiles(self, looks: Sequence[TileLook]) -> None:
        """Show these; tiles that are there already stay, and with them the focus."""
        while len(self.tiles) > len(looks):
            spare = self.tiles.pop()
            self._grid.removeWidget(spare)
            spare.deleteLater()
        for place, look in enumerate(looks):
            if place < len(self.tiles):
                self.tiles[place].set_look(look)
            else:
                self._add(look, place)
        self._let_in(next((t for t in self.tiles if t.hasFocus()), self.tiles[0] if self.tiles else None))

    def _add(self, look: TileLook, place: int) -> None:
        tile = Tile(look)
        tile.clicked.connect(lambda _=False, tile=tile: self.opened.emit(tile.look.key))
        tile.moved.connect(lambda down, across, tile=tile: self._move(tile, down, across))
        self.tiles.append(tile)
        self._grid.addWidget(tile, place // self._columns, place % self._columns)

    def _let_in(self, wanted: Tile | None) -> None:
        """Only one tile is a Tab stop; the arrow keys move between them."""
        for tile in self.tiles:
            tile.setFocusPolicy(Qt.FocusPolicy.StrongFocus if tile is wanted else Qt.FocusPolicy.ClickFocus)

    def _move(self, tile: Tile, down: int, across: int) -> None:
        place = self.tiles.index(tile) + down * self._columns + across
        if 0 <= place < len(self.tiles):
            self._let_in(self.tiles[place])
            self.tiles[place].setFocus(Qt.FocusReason.TabFocusReason)
