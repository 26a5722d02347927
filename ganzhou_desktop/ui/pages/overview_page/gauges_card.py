"""8 项目标: one row a gauge with its bullet, or one dial a gauge; both open the target."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QPainter, QPaintEvent, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ganzhou_desktop.domain import states
from ganzhou_desktop.domain.gauges import Gauge
from ganzhou_desktop.ui import colours, gauge_looks, theme
from ganzhou_desktop.ui.gauge_widgets import CAP, TRACK, Dial, draw_bullet
from ganzhou_desktop.ui.shapes import STATE_LOOKS, draw_state
from ganzhou_desktop.ui.table_model import RIGHT, ROW_ROLE, Column, Index, TableModel
from ganzhou_desktop.ui.tables import Cell, RowDelegate, RowTable
from ganzhou_desktop.ui.texts import DOT, joined, plain_tip
from ganzhou_desktop.ui.widgets import (
    Card,
    ElidedLabel,
    EmptyState,
    PlainLabel,
    StateLabel,
    Tag,
    came_by_key,
    draw_tag,
    tag_width,
)

BULLETS, DIALS = "bullets", "dials"

ROW_MIN = 33
ROW_MAX = 56
_DIAL_COLUMNS = 4
_FORECAST, _NEEDED = 5, 6
_BULLET_MIN = 96
_FLAGS = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_RIGHT = Qt.AlignmentFlag.AlignRight | _FLAGS


def _columns(year_end: str, stalled: Mapping[str, int]) -> tuple[Column[Gauge], ...]:
    tip = gauge_looks.gauge_tip

    def state_words(gauge: Gauge) -> str:
        return joined((gauge.word, gauge_looks.stalled_text(stalled.get(gauge.id, 0))))

    return (
        Column("指标", lambda g: f"{g.short} {gauge_looks.kind_text(g)}", width=162, tip=tip),
        Column("实际", lambda g: f"{gauge_looks.actual_text(g)} {g.unit}", RIGHT, 64, tip=tip),
        Column("目标", _target_words, width=118, tip=tip),
        Column("完成进度", lambda g: gauge_looks.gauge_look(g).words, tip=tip),
        Column("状态", state_words, width=92, tip=tip, state=lambda g: g.state),
        Column(year_end, lambda g: " ".join(gauge_looks.forecast_lines(g)).strip(), RIGHT, 106, tip=tip),
        Column("还需每季", gauge_looks.needed_text, RIGHT, 78, tip=tip),
    )


def _target_words(gauge: Gauge) -> str:
    words = gauge_looks.target_text(gauge)
    return f"{words} 待核定" if gauge_looks.to_confirm(gauge) else words


class _GaugeDelegate(RowDelegate):
    """Paints name over kind, number with unit, target with its tag, bullet, forecast over its word."""

    def paint_content(self, painter: QPainter, cell: Cell, index: Index) -> None:
        gauge: Gauge = index.data(ROW_ROLE)
        room = self.content_rect(cell, index)
        match index.column():
            case 0:
                _two_lines(painter, room, gauge.short, gauge_looks.kind_text(gauge), bold=True)
            case 1:
                _paint_actual(painter, room, gauge)
            case 2:
                _paint_target(painter, room, gauge)
            case 3:
                painter.setClipRect(room)
                height = TRACK + CAP
                track = QRectF(room.left() + 4, round(room.center().y() - height / 2) - 1, room.width() - 8, height)
                draw_bullet(painter, track, gauge_looks.gauge_look(gauge))
            case 4 if cell.text != gauge.word:
                _paint_stalled(painter, room, gauge, cell.text.removeprefix(gauge.word + DOT))
            case 5:
                first, second = gauge_looks.forecast_lines(gauge)
                _two_lines(painter, room, first, second, right=True, quiet=gauge.forecast is None)
            case 6:
                painter.setPen(QColor(colours.INK if gauge.needed else colours.INK3))
                painter.drawText(room, _RIGHT, gauge_looks.needed_text(gauge))
            case _:
                super().paint_content(painter, cell, index)


def _two_lines(
    painter: QPainter,
    room: QRectF,
    first: str,
    second: str,
    *,
    bold: bool = False,
    right: bool = False,
    quiet: bool = False,
) -> None:
    flags = _RIGHT if right else _FLAGS
    top, below = theme.scaled(17), theme.scaled(15)
    start = room.center().y() - (top + below) / 2 if second else room.center().y() - top / 2
    painter.setFont(theme.font(theme.BODY, bold))
    painter.setPen(QColor(colours.INK2 if quiet else colours.INK))
    _write(painter, QRectF(room.left(), start, room.width(), top), flags, first)
    if second:
        painter.setFont(theme.font(theme.NOTE))
        painter.setPen(QColor(colours.INK3))
        _write(painter, QRectF(room.left(), start + top, room.width(), below), flags, second)


def _write(painter: QPainter, room: QRectF, flags: Qt.AlignmentFlag | Qt.TextFlag, text: str) -> None:
    words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()) + 1)
    painter.drawText(room, flags, words)


def _paint_actual(painter: QPainter, room: QRectF, gauge: Gauge) -> None:
    unit = QFontMetrics(theme.font(theme.NOTE)).horizontalAdvance(gauge.unit)
    number = room.adjusted(0, 0, -(unit + 5) if unit else 0, 0)
    size = theme.ROW_NUMBER
    text = gauge_looks.actual_text(gauge)
    while size > theme.NOTE and QFontMetrics(theme.font(size, bold=True)).horizontalAdvance(text) > number.width():
        size -= 1
    painter.setFont(theme.font(size, bold=True))
    painter.setPen(QColor(colours.INK3 if gauge.actual is None else colours.INK))
    painter.drawText(number, _RIGHT, text)
    painter.setFont(theme.font(theme.NOTE))
    painter.setPen(QColor(colours.INK3))
    painter.drawText(room.adjusted(0, 2, 0, 2), _RIGHT, gauge.unit)


def _paint_target(painter: QPainter, room: QRectF, gauge: Gauge) -> None:
    text = gauge_looks.target_text(gauge)
    painter.setFont(theme.font())
    painter.setPen(QColor(colours.INK))
    painter.drawText(room, _FLAGS, text)
    if gauge_looks.to_confirm(gauge):
        left = room.left() + painter.fontMetrics().horizontalAdvance(text) + 6
        height = theme.scaled(20)
        box = QRectF(left, round(room.center().y() - height / 2), tag_width("to_confirm"), height)
        draw_tag(painter, box, "to_confirm")


def _paint_stalled(painter: QPainter, room: QRectF, gauge: Gauge, stalled: str) -> None:
    """The state over 停滞, each with its shape."""
    top, below = theme.scaled(17), theme.scaled(15)
    start = room.center().y() - (top + below) / 2
    lines = ((start, top, gauge.state, gauge.word, theme.BODY), (start + top, below, states.IDLE, stalled, theme.NOTE))
    for y, height, state, words, size in lines:
        draw_state(painter, QRectF(room.left(), y + height / 2 - 6, 12, 12), state)
        painter.setFont(theme.font(size, bold=True))
        painter.setPen(QColor(STATE_LOOKS[state].colour))
        _write(painter, QRectF(room.left() + 18, y, room.width() - 18, height), _FLAGS, words)


class GaugeTable(RowTable):
    """Rows that share the height there is; a click opens as Enter does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, row_height=40)
        self.shows_cell_focus = False
        self.setObjectName("gauges")
        self.setAccessibleName("目标进度")
        self.setItemDelegate(_GaugeDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self.opened)

    def fit_rows(self) -> None:
        """Give every row its share of the height, not less than two lines need."""
        model = self.model()
        rows = model.rowCount() if model is not None else 0
        if rows:
            share = self.viewport().height() // rows
            self.verticalHeader().setDefaultSectionSize(min(max(share, theme.scaled(ROW_MIN)), theme.scaled(ROW_MAX)))

    def fit_columns(self) -> None:
        """The bullet takes what is left; with large type in a small window 还需 and 预计 give way to it.

        Both are on the target's own page.
        """
        model = self.model()
        if not isinstance(model, TableModel):
            return
        wide = [theme.scaled(column.width) for column in model.columns]
        room, hidden = self.viewport().width() - sum(wide), []
        for column in (_NEEDED, _FORECAST):
            if room < theme.scaled(_BULLET_MIN):
                hidden.append(column)
                room += wide[column]
        for column, width in enumerate(wide):
            self.setColumnHidden(column, column in hidden)
            self.setColumnWidth(column, width or max(room, theme.scaled(_BULLET_MIN)))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, theme.scaled(theme.TABLE_HEAD) + 8 * theme.scaled(ROW_MIN))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_rows()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if came_by_key(event) and not self.selectionModel().hasSelection():
            self.selectRow(max(self.currentIndex().row(), 0))  # so that one sees what Enter would open


class _Legend(QWidget):
    """What bar, tick, mark and greys of a bullet mean."""

    _WORDS = ("实际", "序时", "目标", "红 · 黄 · 绿区间")
    _MARKS = (20, 9, 5, 36)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("图例：横条为实际，细线为序时，粗线为目标，底色由深到浅为红、黄、绿区间")

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(theme.NOTE))
        wide = sum(mark + 5 + metrics.horizontalAdvance(w) for w, mark in zip(self._WORDS, self._MARKS, strict=True))
        return QSize(wide + 3 * 14, theme.scaled(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.NOTE))
        x, middle = 0.0, self.height() / 2
        for place, (words, wide) in enumerate(zip(self._WORDS, self._MARKS, strict=True)):
            self._mark(painter, place, x, middle)
            x += wide + 5
            painter.setPen(QColor(colours.INK2))
            advance = painter.fontMetrics().horizontalAdvance(words)
            painter.drawText(QRectF(x, 0, advance + 1, self.height()), _FLAGS, words)
            x += advance + 14

    def _mark(self, painter: QPainter, place: int, x: float, middle: float) -> None:
        ink = QColor(colours.INK)
        if place == 0:
            painter.fillRect(QRectF(x, middle - 3.5, 20, 7), QColor(colours.GREEN))
        elif place == 1:
            painter.fillRect(QRectF(x + 3.9, middle - 6, 1.2, 13), ink)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            points = [QPointF(x + 0.5, middle - 7), QPointF(x + 8.5, middle - 7), QPointF(x + 4.5, middle - 2)]
            painter.drawPolygon(QPolygonF(points))
        elif place == 2:
            painter.fillRect(QRectF(x + 1, middle - 7, 3, 14), ink)
        else:
            for n, band in enumerate((colours.BAND_RED, colours.BAND_YELLOW, colours.BAND_GREEN)):
                painter.fillRect(QRectF(x + 12 * n, middle - 5, 12, 10), QColor(band))


class _DialCell(QWidget):
    """A dial under its name, over its state and what comes of it."""

    def __init__(self, gauge: Gauge, stalled: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = ElidedLabel(gauge.short, "strong")
        self.dial = Dial(gauge_looks.gauge_look(gauge), bare=True)
        state = StateLabel(gauge.state, gauge.word)
        target = PlainLabel(f"目标 {gauge_looks.target_text(gauge)}", "note")
        self.dial.setToolTip(plain_tip(gauge_looks.gauge_tip(gauge)))
        self.dial.setAccessibleName(f"{gauge.short} {gauge_looks.gauge_look(gauge).words}")

        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 2)
        column.setSpacing(2)
        name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP_S)
        head.addWidget(name, 1)
        if stalled:
            head.addWidget(StateLabel(states.IDLE, gauge_looks.stalled_text(stalled), size=theme.NOTE))
        column.addLayout(head)
        column.addWidget(self.dial, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_S)
        row.addStretch(1)
        row.addWidget(state)
        row.addWidget(target)
        if gauge_looks.to_confirm(gauge):
            row.addWidget(Tag("to_confirm"))
        row.addStretch(1)
        column.addLayout(row)


class DialBoard(QScrollArea):
    """All gauges as dials, four in a row."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.dials: dict[str, Dial] = {}

    def set_gauges(self, gauges: Sequence[Gauge], stalled: Mapping[str, int]) -> None:
        """Show these gauges."""
        inner = QWidget()
        inner.setProperty("kind", "scrollBody")
        grid = QGridLayout(inner)
        grid.setContentsMargins(theme.GAP_M, 0, theme.GAP_M, theme.GAP_S)
        grid.setSpacing(theme.GAP_S)
        self.dials = {}
        for place, gauge in enumerate(gauges):
            cell = _DialCell(gauge, stalled.get(gauge.id, 0))
            cell.dial.setMinimumHeight(theme.scaled(90))
            cell.dial.opened.connect(lambda target=gauge.id: self.opened.emit(target))
            grid.addWidget(cell, place // _DIAL_COLUMNS, place % _DIAL_COLUMNS)
            self.dials[gauge.id] = cell.dial
        for column in range(_DIAL_COLUMNS):
            grid.setColumnStretch(column, 1)
        self.setWidget(inner)


class GaugesCard(Card):
    """The gauges as rows or as dials; `opened` carries the target's id."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("目标进度", parent=parent, flush=True)
        self.table = GaugeTable()
        self.model: TableModel[Gauge] = TableModel(_columns("年底预计", {}))
        self.dials = DialBoard()
        self.nothing = EmptyState(
            "没有要本单位报数的指标", "目标的进度数由别的单位报送，区里汇总后在区级台账里看。", icon_name="target"
        )
        self._legend = _Legend()
        self._stack = QStackedWidget()
        self._view = BULLETS
        self._gauges: tuple[Gauge, ...] = ()
        self._stalled: Mapping[str, int] = {}

        self.table.setModel(self.model)
        self.add_action(self._legend)
        for widget in (self.table, self.dials, self.nothing):
            self._stack.addWidget(widget)
        self.body.addWidget(self._stack, 1)

        self.table.opened.connect(self._open_row)
        self.dials.opened.connect(self.opened)

    def set_view(self, view: str) -> None:
        """Rows with bullets, or dials."""
        self._view = view
        self._legend.setVisible(view == BULLETS)
        if view == DIALS:
            self.dials.set_gauges(self._gauges, self._stalled)
        shown = self.nothing if not self._gauges else self.table if view == BULLETS else self.dials
        self._stack.setCurrentWidget(shown)

    def set_gauges(
        self, title: str, note: str, gauges: Sequence[Gauge], year_end: str, stalled: Mapping[str, int]
    ) -> None:
        """Show these gauges; the row in front stays in front."""
        self.title.setText(title)
        self.set_note(note)
        row = self.table.currentIndex().row()
        place = self.table.verticalScrollBar().value()
        self._gauges = tuple(gauges)
        if year_end != self.model.columns[_FORECAST].title or stalled != self._stalled:
            self._stalled = stalled
            self.model.columns = _columns(year_end, stalled)
        self.model.set_rows(self._gauges)
        self.table.fit_columns()
        self.table.fit_rows()
        if 0 <= row < len(self._gauges):
            self.table.setCurrentIndex(self.model.index(row, 0))
        self.table.verticalScrollBar().setValue(place)
        self.set_view(self._view)

    def _open_row(self, index: QModelIndex) -> None:
        self.opened.emit(self.model.row(index.row()).id)
