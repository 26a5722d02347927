"""单位 × 任务: the same board by matters; a cell fills when a unit's answer to a task has come."""

from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ganzhou_desktop.domain import filings
from ganzhou_desktop.domain.forms import COUNTED, place_of_field
from ganzhou_desktop.domain.plan import HEADLINE, Plan
from ganzhou_desktop.services.exchange_desk import Desk, matter_answers
from ganzhou_desktop.services.merging import Package
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import paint_icon
from ganzhou_desktop.ui.tables import Cell
from ganzhou_desktop.ui.texts import head_lines, plain_tip, visible

FILED, WAITING, CONTESTED, RETURNED, MISSING = "filed", "waiting", "contested", "returned", "missing"

_LOOKS = {
    FILED: ("checkmark_circle", "已报", colours.INK2),
    WAITING: ("arrow_download", "待合入", colours.ACCENT),
    CONTESTED: ("branch_compare", "有不一致", colours.DIFFER),
    RETURNED: ("arrow_undo", "已退回", colours.DIFFER),
    MISSING: ("", "未报", colours.INK3),
}
_STATE = Qt.ItemDataRole.UserRole
_ROW, _HEAD, _TASKS = 18, 36, 124


@dataclass(frozen=True, slots=True)
class TaskCell:
    """One matter of one unit."""

    task: str
    unit: str
    state: str

    @property
    def word(self) -> str:
        return _LOOKS[self.state][1]


def matter_of_field(plan: Plan, field: str) -> str:
    """The task that a field of a submission belongs to; empty for the filing as a whole."""
    place = place_of_field(field.removesuffix(COUNTED))
    if place.startswith("proof/"):
        return place.split("/")[1]
    target = plan.target_by_id.get(place)
    if target is not None:
        return target.task
    return place if place == HEADLINE or place in plan.task_by_id else ""


def waiting_matters(plan: Plan, packages: Collection[Package], period: str) -> frozenset[tuple[str, str]]:
    """(task, unit) of everything that opened, not yet merged copies bring for a period."""
    changes = [c for p in packages for c in p.changes if c.kind == "submission" and c.key == period]
    return frozenset((task, c.unit) for c in changes if (task := matter_of_field(plan, c.field)))


def task_cells(plan: Plan, desk: Desk, waiting: Collection[tuple[str, str]]) -> tuple[TaskCell, ...]:
    """Every matter of every unit asked in the desk's period."""
    contested = {
        (matter_of_field(plan, case.field), case.scope)
        for case in desk.conflicts
        if case.kind == "submission" and desk.period is not None and case.key == desk.period.name
    }
    found = []
    for status in desk.units:
        for answer in matter_answers(plan.matters_of(status.unit), status):
            place = (answer.task, status.unit)
            if place in contested:
                state = CONTESTED
            elif place in waiting:
                state = WAITING
            elif answer.verdict == filings.RETURNED:
                state = RETURNED
            elif answer.verdict == filings.MISSING or not _answered(status.filing, answer.task):
                state = MISSING
            else:
                state = FILED
            found.append(TaskCell(*place, state))
    return tuple(found)


def _answered(filing: filings.Filing | None, task: str) -> bool:
    return filing is not None and task in filing.answers


class TaskBoard(QTableWidget):
    """Tasks down, units across.  `unit_chosen` carries a unit's id on a click or Enter."""

    unit_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._units: list[str] = []
        self._tasks: list[str] = []
        self.setObjectName("task_board")
        self.setAccessibleName("单位和任务的填报情况")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setItemDelegate(_CellDelegate(self))
        self.setShowGrid(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setMinimumSectionSize(20)
        self.verticalHeader().setMinimumSectionSize(10)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.horizontalHeader().setFixedHeight(theme.scaled(_HEAD))
        self.verticalHeader().setSectionsClickable(False)
        self.verticalHeader().setFixedWidth(theme.scaled(_TASKS))
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setStyleSheet(
            f"QTableWidget {{ background: {colours.CARD}; border: 1px solid {colours.LINE}; border-radius: 6px; }}"
            f"QHeaderView, QTableCornerButton::section {{ background: {colours.HEAD}; border: 0; }}"
            f"QHeaderView::section {{ background: {colours.HEAD}; border: 0; color: {colours.INK2};"
            f" font-size: {theme.scaled(theme.NOTE)}px; }}"
            f"QHeaderView::section:horizontal {{ border-bottom: 1px solid {colours.LINE2}; font-weight: bold; }}"
            f"QHeaderView::section:vertical {{ background: {colours.CARD}; color: {colours.INK}; padding-left: 14px;"
            f" border-bottom: 1px solid {colours.LINE}; border-right: 1px solid {colours.LINE2}; }}"
            f"QTableCornerButton::section {{ border-bottom: 1px solid {colours.LINE2};"
            f" border-right: 1px solid {colours.LINE2}; }}"
        )
        self.cellClicked.connect(self._chosen)
        self.cellActivated.connect(self._chosen)

    def show_cells(self, plan: Plan, cells: Collection[TaskCell]) -> None:
        """Show these cells."""
        asked = {c.unit for c in cells}
        units = [u for u in plan.responsible_units if u.id in asked]
        named = {c.task for c in cells}
        tasks = [t.id for t in plan.tasks if t.id in named] + ([HEADLINE] if HEADLINE in named else [])
        self._units, self._tasks = [u.id for u in units], tasks
        self.clear()
        self.setColumnCount(len(units))
        self.setRowCount(len(tasks))
        for column, unit in enumerate(units):
            head = QTableWidgetItem("\n".join(head_lines(visible(unit.short))))
            head.setToolTip(plain_tip(unit.name))
            self.setHorizontalHeaderItem(column, head)
        for row, task in enumerate(tasks):
            title = "目标任务" if task == HEADLINE else f"{task}　{plan.task_by_id[task].short}"
            side = QTableWidgetItem(visible(title))
            side.setToolTip(plain_tip("目标任务" if task == HEADLINE else plan.task_by_id[task].title))
            self.setVerticalHeaderItem(row, side)
            self.setRowHeight(row, theme.scaled(_ROW))
        held = {(c.task, c.unit): c for c in cells}
        for row, task in enumerate(tasks):
            for column, unit in enumerate(units):
                self.setItem(row, column, self._item(held.get((task, unit.id)), unit.name))
        self.setFixedHeight(theme.scaled(_HEAD) + theme.scaled(_ROW) * len(tasks) + 3)

    def state_of(self, task: str, unit: str) -> str:
        """The state of a cell; empty where the unit has no part."""
        item = self.item(self._tasks.index(task), self._units.index(unit))
        return "" if item is None else str(item.data(_STATE) or "")

    def _item(self, cell: TaskCell | None, unit: str) -> QTableWidgetItem:
        item = QTableWidgetItem()
        if cell is None:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            return item
        item.setData(_STATE, cell.state)
        words = f"{unit}，{'目标任务' if cell.task == HEADLINE else '任务 ' + cell.task}：{cell.word}"
        item.setData(Qt.ItemDataRole.AccessibleTextRole, visible(words))
        item.setToolTip(plain_tip(words))
        return item

    def _chosen(self, row: int, column: int) -> None:
        item = self.item(row, column)
        if item is not None and item.data(_STATE):
            self.unit_chosen.emit(self._units[column])


class _CellDelegate(QStyledItemDelegate):
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        cell: Cell = QStyleOptionViewItem(option)
        room = QRectF(cell.rect)
        state = index.data(_STATE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = {WAITING: colours.SELECT, CONTESTED: colours.DIFFER_TINT}.get(state or "", "")
        if ground:
            painter.fillRect(room.adjusted(0, 0, -1, -1), QColor(ground))
        painter.fillRect(QRectF(room.left(), room.bottom() - 1, room.width(), 1), QColor(colours.LINE))
        painter.fillRect(QRectF(room.right() - 1, room.top(), 1, room.height()), QColor(colours.LINE))
        if state:
            name, _, colour = _LOOKS[state]
            mark = QRectF(round(room.center().x()) - 7, round(room.center().y()) - 7, 14, 14)
            if name:
                paint_icon(painter, mark, name, colour, state == FILED)
            else:
                pen = QPen(QColor(colour), 1.2)
                pen.setDashPattern([2.0, 1.6])
                painter.setPen(pen)
                painter.drawEllipse(mark.adjusted(2, 2, -2, -2))
        if cell.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colours.ACCENT), 2))
            painter.drawRect(room.adjusted(1, 1, -1, -1))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, theme.scaled(_ROW))
