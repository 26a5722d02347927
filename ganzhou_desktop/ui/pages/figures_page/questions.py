"""待明确事项: what the plan leaves open or contradicts itself in, whom to ask, and which figures it is about."""

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ganzhou_desktop.domain.plan import OpenQuestion, Plan
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.table_model import ROW_ROLE, Column, TableModel
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.texts import visible
from ganzhou_desktop.ui.widgets import Button, PlainLabel, rule


class QuestionsTable(QWidget):
    """The table, and the whole question chosen below it.  `figure_wanted` carries the id of a figure to be shown."""

    figure_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: Plan | None = None
        self.model: TableModel[OpenQuestion] = TableModel(
            [
                Column("序", lambda q: q.order, "centre", width=64),
                Column("待明确的事", lambda q: q.question, tip=lambda q: q.question),
                Column("向谁明确", self._ask, width=130),
                Column("涉及", lambda q: "、".join(map(self._subject, q.subjects)), width=300, tip=self._subjects_tip),
            ]
        )
        self.table = RowTable()
        self.table.setModel(self.model)
        self.table.setObjectName("questions_table")
        self.table.setAccessibleName("待明确事项")
        self.table.setSelectionMode(RowTable.SelectionMode.SingleSelection)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("待明确事项全文")
        self.open_figure = Button("看这个数字", "notebook")
        self.open_figure.setObjectName("question_figure")

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(rule())
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.GAP_L, 10, theme.GAP_L, 12)
        foot.setSpacing(theme.GAP_M)
        self.text.setFixedHeight(theme.scaled(64))
        foot.addWidget(self.text, 1)
        foot.addWidget(self.open_figure)
        column.addLayout(foot)
        note = PlainLabel("待明确的事不妨碍填报和汇总；明确以前按括注的默认做法办，打印清单时一并附上。", "note")
        note.setContentsMargins(theme.GAP_L, 0, theme.GAP_L, 10)
        column.addWidget(note)

        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._show(now))
        self.table.opened.connect(lambda _: self._go())
        self.open_figure.clicked.connect(self._go)

    def show_plan(self, plan: Plan) -> None:
        """Show a plan's questions; the one chosen stays chosen."""
        self._plan = plan
        row = max(self.table.currentIndex().row(), 0)
        place = self.table.verticalScrollBar().value()
        self.model.set_rows(plan.questions)
        self.table.verticalScrollBar().setValue(place)
        if plan.questions:
            self.table.selectRow(min(row, len(plan.questions) - 1))

    def _ask(self, question: OpenQuestion) -> str:
        unit = self._plan.unit_by_id.get(question.ask) if self._plan else None
        return question.ask if unit is None else unit.short

    def _subject(self, subject: str) -> str:
        """A subject in words: a figure, a target, a task, a unit or a setting by its name."""
        plan = self._plan
        if plan is None:
            return subject
        if subject == "plan":
            return "方案全文"
        if subject in plan.figure_by_id or subject in plan.target_by_id:
            return subject
        if subject in plan.task_by_id:
            return f"任务 {subject}"
        if subject in plan.unit_by_id:
            return plan.unit_by_id[subject].short
        return next((s.name for s in plan.settings if s.id == subject), subject)

    def _subjects_tip(self, question: OpenQuestion) -> str:
        figures = self._plan.figure_by_id if self._plan else {}
        lines = [f"{s}　{figures[s].name}" if s in figures else self._subject(s) for s in question.subjects]
        return "\n".join(lines)

    def _figure(self) -> str:
        question = self.table.currentIndex().data(ROW_ROLE)
        if not isinstance(question, OpenQuestion) or self._plan is None:
            return ""
        return next((s for s in question.subjects if s in self._plan.figure_by_id), "")

    def _show(self, now: QModelIndex) -> None:
        question = now.data(ROW_ROLE)
        if isinstance(question, OpenQuestion):
            self.text.setPlainText(visible(question.question))
        self.open_figure.setEnabled(bool(self._figure()))

    def _go(self) -> None:
        if self._figure():
            self.figure_wanted.emit(self._figure())
