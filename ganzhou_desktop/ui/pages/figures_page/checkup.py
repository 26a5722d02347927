"""方案体检: what stands out in the plan as a whole and should be decided by somebody."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.plan_check import lint
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.table_model import Column, TableModel
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.widgets import PlainLabel


class PlanCheckup(QWidget):
    """A table of remarks, read only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model: TableModel[tuple[int, str]] = TableModel(
            [
                Column("序", lambda r: r[0], "centre", width=64),
                Column("提请明确的事", lambda r: r[1], tip=lambda r: r[1]),
            ]
        )
        self.table = RowTable()
        self.table.setModel(self.model)
        self.table.setObjectName("plan_checkup")
        self.table.setAccessibleName("方案体检")
        note = PlainLabel(
            "程序通读方案找出来的：数据没有错，但该有人定一个说法。随核定和更正自动变化，打印清单时一并附上。",
            "note",
            wrap=True,
        )
        note.setContentsMargins(theme.GAP_L, 8, theme.GAP_L, 10)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(note)

    def show_plan(self, plan: Plan) -> int:
        """Show a plan's remarks; how many there are."""
        remarks = list(enumerate(lint(plan), 1))
        self.model.set_rows(remarks)
        return len(remarks)
