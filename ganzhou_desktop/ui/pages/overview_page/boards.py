"""Boards of the left column: what every unit filed, the state of every task, this unit's own matters."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ganzhou_desktop.domain.matrix import Cell, Matrix
from ganzhou_desktop.domain.periods import Period
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.services.reviewing import UnitStatus
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.filed_looks import FILED_LOOKS
from ganzhou_desktop.ui.icons import paint_icon
from ganzhou_desktop.ui.pages.overview_page.tiles import TileGrid, TileLook
from ganzhou_desktop.ui.shapes import draw_dashed_ring
from ganzhou_desktop.ui.texts import joined, role_word, short_date
from ganzhou_desktop.ui.widgets import Button, Card, PlainLabel, rule

_UNIT_COLUMNS = 6
_MATTER_COLUMNS = 3
_NAME_AT_MOST = 7
_HEAD = (15, 9, 15, 3)
_HEAD_LINK = (15, 4, 11, 0)


class _Counts(QWidget):
    """How many units stand where: icon, word, number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: list[tuple[str, int]] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_counts(self, counts: Sequence[tuple[str, int]]) -> None:
        """Show (filing state, how many)."""
        self._counts = list(counts)
        self.setAccessibleName(joined(self._words()))
        self.updateGeometry()
        self.update()

    def _words(self) -> list[str]:
        return [f"{FILED_LOOKS[state].word} {count}" for state, count in self._counts]

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(theme.NOTE))
        return QSize(sum(metrics.horizontalAdvance(words) + 38 for words in self._words()), theme.scaled(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.NOTE))
        x = 16
        for (state, _), words in zip(self._counts, self._words(), strict=True):
            look = FILED_LOOKS[state]
            box = self.rect().adjusted(x, 0, 0, 0)
            box.setSize(QSize(16, 16))
            box.moveTop((self.height() - 16) // 2)
            if look.icon:
                paint_icon(painter, box.toRectF(), look.icon, look.colour)
            else:
                draw_dashed_ring(painter, box.toRectF(), look.colour)
            painter.setPen(QColor(colours.INK2))
            wide = painter.fontMetrics().horizontalAdvance(words)
            painter.drawText(x + 21, 0, wide + 1, self.height(), int(Qt.AlignmentFlag.AlignVCenter), words)
            x += wide + 38


class UnitsCard(Card):
    """17 家报送情况, in 建制序; `opened` carries the unit."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("报送情况", "建制序", parent)
        self.counts = _Counts()
        self.grid = TileGrid(_UNIT_COLUMNS, "各单位报送情况")

        self.head.setContentsMargins(*_HEAD)
        self.body.setContentsMargins(11, 0, 11, 7)
        self.add_action(self.counts)
        self.body.addWidget(self.grid)

        self.grid.opened.connect(self.opened)

    def set_statuses(self, plan: Plan, period: Period, statuses: Sequence[UnitStatus]) -> None:
        """Show where every unit stands in this period."""
        self.title.setText(f"{len(statuses)} 家报送情况")
        told = [(state, sum(s.state == state for s in statuses)) for state in FILED_LOOKS]
        self.counts.set_counts([(state, count) for state, count in told if count])
        self.grid.set_tiles([_unit_look(plan, period, status) for status in statuses])


def _unit_look(plan: Plan, period: Period, status: UnitStatus) -> TileLook:
    unit = plan.unit_by_id[status.unit]
    name, short = plan.naming(unit, period.last)
    word = FILED_LOOKS[status.state].word
    late = status.lateness
    facts = [name, word]
    if late.late:
        facts.append(f"逾期 {late.days} 天")
    elif status.received is not None:
        facts.append(f"收到日 {short_date(status.received, period.last.year)}")
    if status.filing is not None and status.filing.submitted and not status.taken:
        facts.append("期后")
    contested = status.filing is not None and bool(status.filing.contested)
    if contested:
        facts.append("有两处不一致")
    shown = name if len(name) <= _NAME_AT_MOST else short
    return TileLook(
        status.unit,
        marked(shown, contested),
        joined(facts),
        filed=status.state,
        bold=FILED_LOOKS[status.state].icon == "",
    )


class TasksCard(Card):
    """9 项任务: the worst of each task's lead units; `opened` carries the task."""

    opened = Signal(str)
    matrix_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("任务状态", "取牵头单位中最差的一档", parent)
        self.link = Button("打开任务矩阵", kind="text")
        self.link.setObjectName("open_matrix")
        self.grids: dict[str, TileGrid] = {}
        self._row = QHBoxLayout()
        self._row.setSpacing(0)

        self.head.setContentsMargins(*_HEAD_LINK)
        self.body.setContentsMargins(15, 0, 11, 7)
        self.add_action(self.link)
        self.body.addLayout(self._row)

        self.link.clicked.connect(self.matrix_wanted)

    def set_tasks(self, plan: Plan, matrix: Matrix) -> None:
        """Show every task under its group."""
        self.title.setText(f"{len(matrix.tasks)} 项任务")
        if tuple(self.grids) != tuple(g.id for g in matrix.groups):
            self._lay_out(matrix)
        for group in matrix.groups:
            looks = []
            for task in matrix.tasks:
                if task.group == group.id:
                    word = marked(task.word, task.provisional)
                    spoken = joined((f"任务 {task.id}", task.title, word))
                    short = plan.task_by_id[task.id].short
                    looks.append(TileLook(task.id, short, spoken, number=task.id, state=task.state, state_word=word))
            self.grids[group.id].set_tiles(looks)

    def _lay_out(self, matrix: Matrix) -> None:
        while self._row.count():
            item = self._row.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        self.grids = {}
        for place, group in enumerate(matrix.groups):
            if place:
                self._row.addSpacing(theme.GAP_S)
                self._row.addWidget(rule("vline"))
                self._row.addSpacing(theme.GAP_M)
            label = PlainLabel(
                f"{group.title[:-4]}\n{group.title[-4:]}" if len(group.title) > 4 else group.title, "note"
            )
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            label.setContentsMargins(0, 3, 0, 0)
            grid = TileGrid(1, group.title)
            grid.opened.connect(self.opened)
            self.grids[group.id] = grid
            self._row.addWidget(label)
            self._row.addSpacing(6)
            self._row.addWidget(grid, 1)


class MattersCard(Card):
    """本单位事项, on a unit's PC: the cells of this unit; `opened` carries the task."""

    opened = Signal(str)
    matrix_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("本单位事项", "牵头和配合的任务", parent)
        self.link = Button("打开任务矩阵", kind="text")
        self.grid = TileGrid(_MATTER_COLUMNS, "本单位事项")

        self.head.setContentsMargins(*_HEAD_LINK)
        self.body.setContentsMargins(11, 0, 11, 7)
        self.add_action(self.link)
        self.body.addWidget(self.grid)

        self.grid.opened.connect(self.opened)
        self.link.clicked.connect(self.matrix_wanted)

    def set_cells(self, plan: Plan, cells: Sequence[Cell]) -> None:
        """Show this unit's cells in task order."""
        self.title.setText(f"本单位 {len(cells)} 项任务")
        looks = []
        for cell in cells:
            role = role_word(cell.role, cell.principal)
            task = plan.task_by_id[cell.task]
            back = "已退回" if cell.returned else ""
            word = marked(cell.word, cell.provisional)
            spoken = joined((f"任务 {cell.task}", task.title, role, word, back))
            looks.append(
                TileLook(
                    cell.task,
                    f"{task.short}（{role}）",
                    spoken,
                    tip="\n".join((spoken, cell.why)),
                    number=cell.task,
                    state=cell.state,
                    state_word=word,
                )
            )
        self.grid.set_tiles(looks)
