"""合账台: one tile a unit in 建制序, and the tile copies are dropped on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ganzhou_desktop.domain import filings
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services.exchange_desk import Desk
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.change_words import at_text
from ganzhou_desktop.ui.icons import paint_icon, pixmap
from ganzhou_desktop.ui.pages.exchange.task_board import TaskBoard
from ganzhou_desktop.ui.texts import plain_tip, short_date, visible
from ganzhou_desktop.ui.widgets import Button, ElidedLabel, PaintedButton, PlainLabel, Segmented

MERGED = "merged"
WAITING = "waiting"
CONTESTED = "contested"
RETURNED = "returned"
MISSING = "missing"

COLUMNS = 6
TILES, TASKS = "tiles", "tasks"
_HEIGHT = 54

LATE = "逾期 "
_LOOKS = {
    MERGED: ("checkmark_circle", "已合入", colours.INK2),
    WAITING: ("arrow_download", "待合入", colours.ACCENT),
    CONTESTED: ("branch_compare", "有不一致", colours.DIFFER),
    RETURNED: ("arrow_undo", "已退回", colours.DIFFER),
    MISSING: ("", "未报", colours.INK3),
}
ORDER = (MERGED, WAITING, CONTESTED, RETURNED, MISSING)


@dataclass(frozen=True, slots=True)
class TileState:
    """What one tile says: name, state, its own word for it, the two facts below, and who to call."""

    unit: str
    name: str
    state: str
    word: str
    left: str
    right: str
    tip: str
    short: str = ""
    """The name where the whole one has no room."""


def tile_states(plan: Plan, desk: Desk, waiting: Mapping[str, int | str]) -> tuple[TileState, ...]:
    """The tiles of a desk.

    `waiting`: how many changes each unit's opened, not yet merged copy brings, or what is asked first.
    """
    contested: dict[str, int] = {}
    for case in desk.conflicts:
        contested[case.scope] = contested.get(case.scope, 0) + 1
    year = desk.period.due.year if desk.period is not None else None
    by_unit = {status.unit: status for status in desk.units}
    came = {t.unit: t.at for t in reversed(desk.travelled) if t.incoming and t.verdict == "merged" and not t.undone}
    found = []
    for unit in plan.responsible_units:
        status = by_unit.get(unit.id)
        if desk.units and status is None:
            continue  # a unit that had ended before this period
        filing = None if status is None else status.filing
        left = right = ""
        word = ""
        if filing is not None and status is not None and filing.submitted:
            if status.received is not None:
                left = f"收到 {short_date(status.received, year)}"
            else:
                left = at_text(came.get(unit.id) or filing.at, year).split(" ")[0]
                left = f"{'提交' if unit.id not in came else '合入'} {left}"
            right = f"答复 {len(filing.answers)} 件"
            if filing.mode == "office":
                right = f"代录 {len(filing.answers)} 件"
        if unit.id in contested:
            state, right = CONTESTED, f"不一致 {contested[unit.id]} 处"
        elif unit.id in waiting:
            brings = waiting[unit.id]
            state, right = WAITING, brings if isinstance(brings, str) else f"改动 {brings} 处"
            left = left or "还没有合入"
        elif status is None:
            state, word, left = MISSING, "未开期次", ""
        elif status.state == filings.RETURNED:
            state, right = RETURNED, f"等第 {(filing.round if filing else 0) + 1} 稿"
        elif status.state == filings.MISSING:
            state = MISSING
            days = status.lateness.days
            due = desk.period.due if desk.period is not None else None
            left = f"{LATE}{days} 天" if days else f"应报日 {short_date(due, year)}"
            right = desk.contacts.get(unit.id, {}).get("phone") or "没有电话"
        else:
            state = MERGED
        found.append(
            TileState(
                unit.id,
                unit.name,
                state,
                word or _LOOKS[state][1],
                left,
                right,
                _tip(
                    desk,
                    unit.id,
                    unit.name,
                    late=bool(status is not None and status.lateness.days and state == MISSING),
                ),
                unit.short,
            )
        )
    return tuple(found)


def _tip(desk: Desk, unit: str, name: str, *, late: bool) -> str:
    people = desk.contacts.get(unit, {})
    clerk = "　".join(part for part in (people.get("clerk", ""), people.get("phone", "")) if part)
    lines = [name, f"填表人：{clerk}" if clerk else "还没有联系人和电话"]
    if late:
        lines.insert(1, "这一期已过应报日，还没有收到副本")
    return "\n".join(lines)


def fitting(metrics: QFontMetrics, left: str, room: float) -> str:
    """The first fact as the second leaves room for it: without blanks when it is tight, then the day or days alone."""
    if metrics.horizontalAdvance(left) + 14 <= room:
        return left
    tight = left.replace(" ", "")
    return tight if metrics.horizontalAdvance(tight) + 6 <= room else left.partition(" ")[2] or left


class UnitTile(PaintedButton):
    """One unit: name, state by icon and word, two facts.  Checked while its unit is the one selected."""

    def __init__(self, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.unit = unit
        self._shown = TileState(unit, "", MISSING, "", "", "", "")
        self.setObjectName(f"tile_{unit}")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def shown(self) -> TileState:
        return self._shown

    def show_state(self, state: TileState) -> None:
        """Show another state."""
        self._shown = state
        words = (state.name, state.word, state.left, state.right)
        self.setAccessibleName(visible("，".join(word for word in words if word)))
        self.setToolTip(plain_tip(state.tip))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(180), theme.scaled(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        state = self._shown
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_board(painter, state.state)
        icon_name, _, colour = _LOOKS[state.state]
        bold = theme.font(bold=True)
        painter.setFont(bold)
        word_width = QFontMetrics(bold).horizontalAdvance(state.word)
        line = theme.scaled(24)
        top = QRectF(12, 4, self.width() - 24, line)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setPen(QColor(colour))
        small = theme.font(theme.NOTE, bold=state.state != MERGED)
        painter.setFont(small)
        word_width = painter.fontMetrics().horizontalAdvance(state.word)
        painter.drawText(top, flags | Qt.AlignmentFlag.AlignRight, state.word)
        mark = QRectF(top.right() - word_width - 20, top.center().y() - 8, 16, 16)
        if icon_name:
            paint_icon(painter, mark, icon_name, colour)
        else:
            pen = QPen(QColor(colour), 1.3)
            pen.setDashPattern([2.2, 1.8])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(mark.adjusted(2, 2, -2, -2))
        painter.setFont(bold)
        painter.setPen(QColor(colours.INK))
        room = top.width() - word_width - 28
        name = state.name
        if state.short and painter.fontMetrics().horizontalAdvance(name) > room:
            name = state.short
        painter.drawText(top, flags, painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(room)))
        below = QRectF(12, self.height() - line - 2, self.width() - 24, line - 2)
        painter.setFont(theme.font(theme.NOTE))
        painter.setPen(QColor(colours.INK2))
        metrics = painter.fontMetrics()
        left = fitting(metrics, state.left, below.width() - metrics.horizontalAdvance(state.right))
        painter.drawText(below, flags, left)
        room = below.width() - metrics.horizontalAdvance(left) - 6
        right = painter.fontMetrics().elidedText(state.right, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(below, flags | Qt.AlignmentFlag.AlignRight, right)

    def _paint_board(self, painter: QPainter, state: str) -> None:
        ground = {WAITING: colours.SELECT, CONTESTED: colours.DIFFER_TINT}.get(state, colours.CARD)
        edge = {WAITING: colours.ACCENT, CONTESTED: colours.DIFFER}.get(state, colours.LINE2)
        if self.underMouse() and ground == colours.CARD:
            ground = colours.HEAD
        pen = QPen(QColor(edge), 1)
        if state == MISSING:
            ground = colours.NAV if self.underMouse() else colours.WIN
            pen = QPen(QColor(colours.LINE3), 1)
            pen.setDashPattern([4, 3])
        inset = 0.5
        if self.isChecked() or self.key_focus:
            pen, inset = QPen(QColor(colours.ACCENT), 2), 1.0
        painter.setPen(pen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), theme.RADIUS_CONTROL, theme.RADIUS_CONTROL
        )


class DropTile(PaintedButton):
    """放入副本: a click chooses files, dropping works on the whole page."""

    def __init__(self, title: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._hint = title, hint
        self._over = False
        self.setObjectName("put_in")
        self.setAccessibleName(f"{title}，{hint}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_over(self, over: bool) -> None:
        """Show that what is dragged may be let go here."""
        self._over = over
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(180), theme.scaled(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(colours.ACCENT), 2 if self._over or self.key_focus else 1)
        if not self.key_focus:
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(QColor(colours.SELECT if self._over or self.underMouse() else colours.CARD))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.RADIUS_CONTROL, theme.RADIUS_CONTROL)
        paint_icon(painter, QRectF(12, self.height() / 2 - 10, 20, 20), "add", colours.ACCENT)
        line = theme.scaled(24)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setFont(theme.font(bold=True))
        painter.setPen(QColor(colours.ACCENT))
        painter.drawText(QRectF(40, 4, self.width() - 48, line), flags, self._title)
        painter.setFont(theme.font(theme.NOTE))
        painter.setPen(QColor(colours.INK2))
        room = QRectF(40, self.height() - line - 2, self.width() - 48, line - 2)
        hint = painter.fontMetrics().elidedText(self._hint, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, flags, hint)


class Board(QWidget):
    """The tiles of all units, their count by state above, 放入副本 at the end.

    `unit_chosen` carries a unit's id, or None when the selection is taken back.
    """

    unit_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.put_in = DropTile("放入副本", "拖到这里或选文件")
        self.summary = PlainLabel(role="strong")
        self.aside = ElidedLabel(role="note")
        self._counts = {state: _Count(state) for state in ORDER}
        self.missing_button = Button("未报名单", kind="text", tip="还没有报的单位、联系人和电话，催报的文字")
        self.views = Segmented([(TILES, "按单位"), (TASKS, "单位 × 任务")])
        self.tasks = TaskBoard()
        self._tiles: dict[str, UnitTile] = {}
        self._selected: str | None = None

        head = QHBoxLayout()
        head.setSpacing(theme.GAP_L)
        head.addWidget(self.summary)
        for count in self._counts.values():
            head.addWidget(count)
        head.addWidget(self.missing_button)
        self.aside.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.aside, 1)
        head.addWidget(self.views)
        self._tiles_page = QWidget()
        self._grid = QGridLayout(self._tiles_page)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.GAP_S)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(theme.GAP_S)
        outer.addLayout(head)
        outer.addWidget(self._tiles_page)
        outer.addWidget(self.tasks)
        self.tasks.hide()
        self.missing_button.setObjectName("missing_units")
        self.views.setObjectName("board_views")
        self.views.chosen.connect(self._show_view)
        self.tasks.unit_chosen.connect(lambda unit: self._clicked(unit, True))

    def tile(self, unit: str) -> UnitTile:
        """A unit's tile."""
        return self._tiles[unit]

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(self._tiles)

    @property
    def selected(self) -> str | None:
        return self._selected

    def show_states(self, states: Sequence[TileState], aside: str = "") -> None:
        """Show these tiles; the selection stays if its unit is still there."""
        if tuple(s.unit for s in states) != self.units:
            self._make_tiles(states)
        for state in states:
            self._tiles[state.unit].show_state(state)
        self.summary.setText(f"{len(states)} 家副本")
        self._show_counts(states)
        self.aside.setText(aside)

    def _show_view(self, key: object) -> None:
        self._tiles_page.setVisible(key == TILES)
        self.tasks.setVisible(key == TASKS)

    def select(self, unit: str | None) -> None:
        """Select a unit, or none."""
        self._selected = unit
        for key, tile in self._tiles.items():
            tile.setChecked(key == unit)

    def _make_tiles(self, states: Sequence[TileState]) -> None:
        for tile in self._tiles.values():
            self._grid.removeWidget(tile)
            tile.deleteLater()
        self._grid.removeWidget(self.put_in)
        self._tiles = {}
        for place, state in enumerate(states):
            tile = UnitTile(state.unit)
            tile.clicked.connect(lambda down, unit=state.unit: self._clicked(unit, down))
            self._tiles[state.unit] = tile
            self._grid.addWidget(tile, place // COLUMNS, place % COLUMNS)
        place = len(states)
        self._grid.addWidget(self.put_in, place // COLUMNS, place % COLUMNS)
        self.setTabOrder(next(iter(reversed(self._tiles.values())), self.put_in), self.put_in)
        self.select(self._selected if self._selected in self._tiles else None)

    def _show_counts(self, states: Sequence[TileState]) -> None:
        for state, count in self._counts.items():
            mine = [s for s in states if s.state == state]
            words = {s.word for s in mine}
            count.show_count(words.pop() if len(words) == 1 else _LOOKS[state][1], len(mine))
        self.missing_button.setVisible(any(s.state == MISSING and s.left for s in states))

    def _clicked(self, unit: str, down: bool) -> None:
        chosen = unit if down else None
        self.select(chosen)
        self.unit_chosen.emit(chosen)


class _Count(QWidget):
    """Icon, word, number; away while the number is 0."""

    def __init__(self, state: str) -> None:
        super().__init__()
        icon_name, word, colour = _LOOKS[state]
        self._word = PlainLabel(word, "second")
        self._number = PlainLabel("", "strong")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        sign = QLabel()
        sign.setPixmap(pixmap(icon_name or "circle_hint", theme.ICON_ROW, colour, False, self.devicePixelRatioF()))
        row.addWidget(sign)
        row.addWidget(self._word)
        row.addWidget(self._number)

    def show_count(self, word: str, count: int) -> None:
        """Show another number."""
        self._word.setText(word)
        self._number.setText(str(count))
        self.setVisible(count > 0)
