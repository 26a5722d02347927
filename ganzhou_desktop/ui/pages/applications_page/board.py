"""The board: a column for each step, a card for each application that waits there; late ones first."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ganzhou_desktop.domain.applications import AMOUNTS, FINISHED, NOT_SUPPORTED
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services.applications import Row
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.pages.applications_page.looks import purpose, state_text
from ganzhou_desktop.ui.texts import joined, number_text, short_date
from ganzhou_desktop.ui.widgets import Button, ElidedLabel, PlainLabel

_SHOWN = 40
"""Cards of one column; the table shows the rest."""


class Board(QScrollArea):
    """`opened` carries the application's row."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setObjectName("applications_board")

    def show_rows(self, plan: Plan, rows: Sequence[Row]) -> None:
        """Show applications where they stand."""
        content = QWidget()
        content.setProperty("kind", "scrollBody")
        line = QHBoxLayout(content)
        line.setContentsMargins(theme.GAP_L, theme.GAP_S, theme.GAP_L, theme.GAP_S)
        line.setSpacing(theme.GAP_S)
        for step in plan.steps:
            waiting = [row for row in rows if row.standing.step is not None and row.standing.step.id == step.id]
            line.addWidget(
                self._column(plan, step.name, sorted(waiting, key=lambda r: r.standing.late_since is None)), 1
            )
        done = [row for row in rows if row.standing.state in (FINISHED, NOT_SUPPORTED)]
        line.addWidget(self._column(plan, "办完了", done), 1)
        self.setWidget(content)

    def _column(self, plan: Plan, title: str, rows: Sequence[Row]) -> QWidget:
        column = QWidget()
        column.setMinimumWidth(theme.scaled(128))
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(6)
        inside.addWidget(ElidedLabel(f"{title} {len(rows)}", "strong"))
        for row in rows[:_SHOWN]:
            inside.addWidget(self._card(plan, row))
        if len(rows) > _SHOWN:
            inside.addWidget(PlainLabel(f"还有 {len(rows) - _SHOWN} 件，见“申报”一栏", "note", wrap=True))
        inside.addStretch(1)
        return column

    def _card(self, plan: Plan, row: Row) -> QFrame:
        application = row.application
        card = QFrame()
        card.setProperty("kind", "result")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(8, 6, 8, 6)
        inside.setSpacing(1)
        name = Button(application.beneficiary, kind="text", tip="打开这件申报")
        name.clicked.connect(partial(self.opened.emit, row))
        inside.addWidget(name, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(ElidedLabel(purpose(plan, application), "note"))
        amount = next((application.amounts[n].value for n in reversed(AMOUNTS) if n in application.amounts), None)
        money = f"{number_text(amount)} 万元" if amount is not None else ""
        inside.addWidget(ElidedLabel(joined((plan.unit_by_id[application.unit].short, money)), "note"))
        if row.standing.late_since is not None:
            late = PlainLabel(f"■ 逾期，应于{short_date(row.standing.late_since)}办", "note")
            late.setStyleSheet(f"color: {colours.ERROR}")
            inside.addWidget(late)
        elif row.standing.step is None:
            inside.addWidget(PlainLabel(state_text(row), "note"))
        return card
