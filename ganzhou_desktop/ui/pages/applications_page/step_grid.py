"""办到哪一步: a row a step of the plan, with its result, days, paper, who and a word."""

from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from ganzhou_desktop.domain.applications import RESULT_WORDS, STEP_MEMBERS, Application, StepState, steps_of
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.applications_page.typed_fields import Reading, day_text
from ganzhou_desktop.ui.widgets import ChipCombo, PlainLabel

_TITLES = ("结果", "办结日期", "应办日期", "文号", "经办", "说明")


@dataclass
class StepRow:
    """The fields of one step."""

    result: ChipCombo
    on: QLineEdit
    due: QLineEdit
    number: QLineEdit
    who: QLineEdit
    note: QLineEdit

    @property
    def lines(self) -> tuple[QLineEdit, ...]:
        return (self.on, self.due, self.number, self.who, self.note)


class StepGrid(QWidget):
    """`rows`: step id → its fields."""

    def __init__(self, plan: Plan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan = plan
        self._labels: dict[str, PlainLabel] = {}
        self.rows: dict[str, StepRow] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.GAP_S)
        grid.setVerticalSpacing(4)
        for place, title in enumerate(("", *_TITLES)):
            grid.addWidget(PlainLabel(title, "note"), 0, place)
        for n, step in enumerate(plan.steps, 1):
            row = StepRow(ChipCombo(), *(QLineEdit() for _ in range(5)))
            row.result.set_options([("", "没有办"), *RESULT_WORDS.items()], "")
            row.result.setObjectName(f"step_{step.id}")
            row.result.setAccessibleName(f"{step.name}：结果")
            label = PlainLabel(step.name, "strong")
            grid.addWidget(label, n, 0)
            grid.addWidget(row.result, n, 1)
            for place, (title, field) in enumerate(zip(_TITLES[1:], row.lines, strict=True), 2):
                field.setAccessibleName(f"{step.name}：{title}")
                field.setObjectName(f"step_{step.id}_{place}")
                if field in (row.on, row.due):
                    field.setPlaceholderText("2018-04-05")
                    field.setFixedWidth(theme.scaled(104))
                grid.addWidget(field, n, place)
            self.rows[step.id] = row
            self._labels[step.id] = label
        grid.setColumnStretch(6, 2)

    def fill(self, step: str, state: StepState) -> None:
        """Show what is held of a step; one that the plan does not have is left out."""
        row = self.rows.get(step)
        if row is not None:
            row.result.set_current(state.result or "")
            texts = (day_text(state.on), day_text(state.due), state.number, state.who, state.note)
            for field, text in zip(row.lines, texts, strict=True):
                field.setText(text)

    def show_steps_of(self, task: str) -> None:
        """Show the steps of a task, and those in which something is written."""
        wanted = {step.id for step in steps_of(self._plan, Application("", "", task=task))}
        for name, row in self.rows.items():
            shown = name in wanted or bool(row.result.currentData()) or any(f.text().strip() for f in row.lines)
            for widget in (self._labels[name], row.result, *row.lines):
                widget.setVisible(shown)

    def read(self, reading: Reading) -> dict[str, StepState]:
        """Every step as it is typed now."""
        return {
            name: StepState(
                str(row.result.currentData() or "") or None,
                reading.day(row.on),
                reading.day(row.due),
                row.number.text().strip(),
                row.who.text().strip(),
                row.note.text().strip(),
            )
            for name, row in self.rows.items()
        }

    def places(self) -> dict[str, QLineEdit | ChipCombo]:
        """Every field by its place in a draft."""
        return {f"step/{name}/{m}": getattr(row, m) for name, row in self.rows.items() for m in STEP_MEMBERS}
