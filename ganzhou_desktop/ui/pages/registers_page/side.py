"""The list of registers at the left of the page, each with how many entries it has."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ganzhou_desktop.domain.plan import Plan, Register
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.texts import no_mnemonic, plain_tip


class _Inset(QStyledItemDelegate):
    """Words a little way in from the edge; the colour of the chosen one reaches to it."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(option.rect, QColor(colours.SELECT))  # type: ignore[attr-defined]
        inner = QStyleOptionViewItem(option)
        inner.rect = option.rect.adjusted(theme.scaled(theme.GAP_M), 0, 0, 0)  # type: ignore[attr-defined]
        super().paint(painter, inner, index)


class RegisterList(QListWidget):
    """`chosen` carries the id of the register gone to; Enter wants into it (`entered`)."""

    chosen = Signal(str)
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filling = False
        self.setObjectName("registers_list")
        self.setAccessibleName("各本台账")
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setItemDelegate(_Inset(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(self._changed)

    def show_registers(
        self, plan: Plan, registers: tuple[Register, ...], counts: Mapping[tuple[str, str], int], current: str
    ) -> None:
        """Show the registers, the current one marked."""
        self._filling = True
        self.clear()
        for register in registers:
            number = sum(n for (name, _unit), n in counts.items() if name == register.id)
            item = QListWidgetItem(
                f"{no_mnemonic(register.short)}  {number}" if number else no_mnemonic(register.short)
            )
            tasks = "、".join(f"任务{t}" for t in register.tasks) or "整个方案"
            item.setToolTip(plain_tip(f"{register.name}（{tasks}）\n{register.help}".strip()))
            item.setData(Qt.ItemDataRole.UserRole, register.id)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{register.name}，{number} 条")
            item.setSizeHint(QSize(0, theme.scaled(theme.TABLE_ROW)))
            if not number:
                item.setForeground(QBrush(QColor(colours.INK3)))
            self.addItem(item)
            if register.id == current:
                self.setCurrentItem(item)
        self._filling = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def _changed(self, now: QListWidgetItem | None) -> None:
        if now is not None and not self._filling:
            self.chosen.emit(now.data(Qt.ItemDataRole.UserRole))
