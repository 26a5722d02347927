"""Choosing which unit columns are shown and in what order."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ganzhou_desktop.domain.matrix import MatrixUnit
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.matrix_page.columns import Columns
from ganzhou_desktop.ui.texts import visible
from ganzhou_desktop.ui.widgets import Button, MessageLine, ScrimDialog

_UNIT = int(Qt.ItemDataRole.UserRole)


class UnitList(QListWidget):
    """Units with a tick each; Alt with ↑ ↓ moves one, the mouse drags it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("columnList")
        self.setSpacing(2)
        self.setAccessibleName("单位列，勾选的显示；Alt 加上下键移动")
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

    def fill(self, units: Sequence[MatrixUnit], hidden: frozenset[str]) -> None:
        """Show these units in this order."""
        self.clear()
        for unit in units:
            item = QListWidgetItem(visible(unit.name))
            item.setData(_UNIT, unit.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked if unit.id in hidden else Qt.CheckState.Checked)
            self.addItem(item)
        self.setCurrentRow(0)

    def chosen(self) -> tuple[tuple[str, ...], frozenset[str]]:
        """(every unit in order, those without a tick)."""
        items = [self.item(i) for i in range(self.count())]
        hidden = frozenset(str(i.data(_UNIT)) for i in items if i.checkState() != Qt.CheckState.Checked)
        return tuple(str(i.data(_UNIT)) for i in items), hidden

    def move(self, by: int) -> None:  # type: ignore[override]
        """Move the current unit up (-1) or down (1)."""
        row = self.currentRow()
        to = row + by
        if row >= 0 and 0 <= to < self.count():
            item = self.takeItem(row)
            self.insertItem(to, item)
            self.setCurrentRow(to)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


class ColumnsDialog(ScrimDialog):
    """列: ticks and order; `columns` is what was chosen."""

    def __init__(self, parent: QWidget, units: Sequence[MatrixUnit], columns: Columns) -> None:
        super().__init__(
            parent, "显示哪些列", "只影响本机上你看到的和打印的，不改台账", icon_name="grid", width=460, height=560
        )
        self._units = tuple(units)
        self.list = UnitList()
        self.up = Button("上移", "chevron_up")
        self.down = Button("下移", "chevron_down")
        self.all = Button("全部显示", kind="text")
        self.reset = Button("恢复建制序", kind="text")
        self.ok = Button("确定", kind="main")
        self.cancel = Button("取消")
        self.said = MessageLine()
        for button, name in ((self.up, "columnUp"), (self.down, "columnDown"), (self.all, "columnsAll"),
                             (self.reset, "columnsReset"), (self.ok, "columnsOk")):  # fmt: skip
            button.setObjectName(name)
        self.up.setToolTip("上移（Alt+↑）")
        self.down.setToolTip("下移（Alt+↓）")
        side = QVBoxLayout()
        side.setSpacing(theme.GAP_S)
        for button in (self.up, self.down, self.all, self.reset):
            side.addWidget(button)
        side.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_M)
        row.addWidget(self.list, 1)
        row.addLayout(side)
        self.body.addLayout(row, 1)
        self.body.addWidget(self.said)
        self.add_foot(self.cancel)
        self.add_foot(self.ok)
        self.list.fill(columns.arranged(units), columns.hidden)

        self.up.clicked.connect(lambda: self.list.move(-1))
        self.down.clicked.connect(lambda: self.list.move(1))
        self.all.clicked.connect(self._show_all)
        self.reset.clicked.connect(lambda: self.list.fill(self._units, frozenset()))
        self.ok.clicked.connect(self._take)
        self.cancel.clicked.connect(self.reject)

    @property
    def columns(self) -> Columns:
        """What was chosen; nothing to keep where it is as the plan has it."""
        order, hidden = self.list.chosen()
        return Columns(() if order == tuple(u.id for u in self._units) else order, hidden)

    def _show_all(self) -> None:
        for i in range(self.list.count()):
            self.list.item(i).setCheckState(Qt.CheckState.Checked)

    def _take(self) -> None:
        if len(self.columns.hidden) == len(self._units):
            self.said.set_message("一列也没有留，至少勾选一个单位。")
            return
        self.accept()
