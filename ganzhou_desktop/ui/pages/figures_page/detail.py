"""One figure: its clause with the words it stands in, its doubt, and the boxes for 核定值 and 依据."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from ganzhou_desktop.domain.plan import Figure, Plan
from ganzhou_desktop.domain.provisional import CONTESTED
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.pages.figures_page.rows import confirmed_text, state_tag, state_word
from ganzhou_desktop.ui.texts import figure_number, visible
from ganzhou_desktop.ui.widgets import Button, Card, ElidedLabel, MessageLine, PlainLabel, Tag, mark_error, rule

OFFICE_ONLY = "数字由区级汇总的电脑核定，这里只看。"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the two boxes."""

    value: str = ""
    basis: str = ""


def held(figure: Figure) -> Typed:
    """What the ledger holds of a figure, as the boxes would say it."""
    return Typed("" if figure.confirmed is None else f"{figure.confirmed:f}", figure.basis)


class ClauseText(QPlainTextEdit):
    """The clause's text with a stretch of it marked; read and copied, never written."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName("条款全文")

    def show_clause(self, text: str, quote: str) -> None:
        """Show the text and bring the quote into view."""
        shown, wanted = visible(text), visible(quote)
        self.setPlainText(shown)
        at = shown.find(wanted) if wanted else -1
        marks: list[QTextEdit.ExtraSelection] = []
        cursor = QTextCursor(self.document())
        if at >= 0:
            # Qt counts UTF-16 units, Python counts characters.
            start = len(shown[:at].encode("utf-16-le")) // 2
            cursor.setPosition(start)
            cursor.setPosition(start + len(wanted.encode("utf-16-le")) // 2, QTextCursor.MoveMode.KeepAnchor)
            mark = QTextEdit.ExtraSelection()
            look = QTextCharFormat()
            look.setBackground(QColor(colours.ACCENT_MARK))
            look.setForeground(QColor(colours.ACCENT_DOWN))
            setattr(mark, "format", look)  # noqa: B010  (the stubs leave out the members)
            setattr(mark, "cursor", QTextCursor(cursor))  # noqa: B010
            marks.append(mark)
            cursor.setPosition(start)
        self.setExtraSelections(marks)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def marked(self) -> str:
        """The stretch that is marked."""
        return "".join(getattr(mark, "cursor").selectedText() for mark in self.extraSelections())  # noqa: B009


class FigureDetail(Card):
    """Shows a figure; `confirm_wanted(value, basis)`, `take_back_wanted`, `decide_wanted`, `next_wanted` are asked for."""

    confirm_wanted = Signal(str, str)
    take_back_wanted = Signal()
    decide_wanted = Signal()
    next_wanted = Signal()
    typed_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._figure: Figure | None = None
        self._held = Typed()
        self._refusal = ""
        self.id = PlainLabel(role="card")
        self.name = ElidedLabel(role="card")
        self.state = Tag("to_confirm")
        self.place = ElidedLabel(role="note")
        self.clause = ClauseText()
        self.doubt = PlainLabel(role="second", wrap=True)
        self.value = QLineEdit()
        self.unit = PlainLabel(role="second")
        self.basis = QLineEdit()
        self.line = MessageLine()
        self.confirm = Button("核定", kind="main")
        self.take_back = Button("取消核定…")
        self.again = Button(kind="text")
        self.next = Button("下一个待核定", "arrow_down", kind="text")
        self.decide = Button("去裁定", "branch_compare")
        for widget, name in (
            (self.value, "figure_value"),
            (self.basis, "figure_basis"),
            (self.confirm, "figure_confirm"),
            (self.take_back, "figure_take_back"),
            (self.again, "figure_basis_again"),
            (self.next, "figure_next"),
        ):
            widget.setObjectName(name)
        self.value.setAccessibleName("核定值")
        self.basis.setAccessibleName("依据")
        self.value.setPlaceholderText("只填数字，不带单位")
        self.basis.setPlaceholderText("必填，如：纸质原件第 2 页")
        self.value.setMaxLength(80)
        self.basis.setMaxLength(500)
        self._last_basis = ""
        self._lay_out()

        self.value.textEdited.connect(self._edited)
        self.basis.textEdited.connect(self._edited)
        self.value.returnPressed.connect(self.basis.setFocus)
        self.basis.returnPressed.connect(self.ask)
        self.confirm.clicked.connect(self.ask)
        self.take_back.clicked.connect(self.take_back_wanted)
        self.decide.clicked.connect(self.decide_wanted)
        self.next.clicked.connect(self.next_wanted)
        self.again.clicked.connect(self._use_again)
        self.show_figure(None, None)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP_S)
        head.addWidget(self.id)
        head.addWidget(self.name, 1)
        left.addLayout(head)
        left.addWidget(self.place)
        left.addWidget(self.clause, 1)
        right = QWidget()
        right.setFixedWidth(theme.scaled(430))
        grid = QGridLayout(right)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(7)
        first = QHBoxLayout()
        first.addWidget(self.state)
        first.addStretch(1)
        first.addWidget(self.next)
        grid.addLayout(first, 0, 0, 1, 2)
        grid.addWidget(self.doubt, 1, 0, 1, 2)
        grid.addWidget(PlainLabel("核定值", "strong"), 2, 0)
        value_row = QHBoxLayout()
        value_row.setSpacing(theme.GAP_S)
        value_row.addWidget(self.value, 1)
        value_row.addWidget(self.unit)
        grid.addLayout(value_row, 2, 1)
        grid.addWidget(PlainLabel("依据", "strong"), 3, 0)
        grid.addWidget(self.basis, 3, 1)
        grid.addWidget(self.line, 4, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP_S)
        buttons.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        buttons.addStretch(1)
        buttons.addWidget(self.decide)
        buttons.addWidget(self.take_back)
        buttons.addWidget(self.confirm)
        grid.setRowStretch(5, 1)
        grid.addLayout(buttons, 6, 0, 1, 2)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        row.addLayout(left, 1)
        line: QFrame = rule("vline")
        row.addWidget(line)
        row.addWidget(right)
        self.body.addLayout(row)

    def show_figure(
        self, figure: Figure | None, plan: Plan | None, typed: Typed | None = None, refusal: str = ""
    ) -> None:
        """Show a figure of the plan with what was typed for it; `refusal` says why nothing may be entered."""
        self._figure, self._refusal = figure, refusal
        if figure is None or plan is None:
            self.setEnabled(False)
            return
        self.setEnabled(True)
        contested = figure.id in plan.contested
        clause = plan.clause_by_id.get(figure.clause)
        self._held = held(figure)
        shown = self._held if typed is None else typed
        self.id.setText(figure_number(figure.id))
        self.name.setText(figure.name)
        self.state.set_tag(state_tag(figure, contested), state_word(figure, contested))
        heading = "" if clause is None else f"{clause.number}{clause.title}" or "文末"
        self.place.setText(
            f"方案原文 · {heading}" + (f" · 照录“{figure.printed}”" if figure.printed else " · 方案没有印这个数")
        )
        self.clause.show_clause("" if clause is None else clause.text, figure.quote)
        self.doubt.setText(f"疑点：{figure.doubt}" if figure.doubt else "")
        self.unit.setText(figure.unit)
        self.value.setText(shown.value)
        self.basis.setText(shown.basis)
        self._say_first(figure, plan, contested)
        locked = bool(refusal) or contested
        for box in (self.value, self.basis):
            box.setReadOnly(locked)
            box.style().unpolish(box)
            box.style().polish(box)
        self.decide.setVisible(contested and not refusal)
        self.take_back.setVisible(not locked and figure.confirmed is not None)
        self.confirm.setVisible(not locked)
        self._update()

    def _say_first(self, figure: Figure, plan: Plan, contested: bool) -> None:
        mark_error(self.value, False)
        mark_error(self.basis, False)
        if contested:
            self.line.set_message(
                f"两处核定了不同的值，现暂用 {confirmed_text(figure, False)}；裁定以前各处标{CONTESTED}。", "differ"
            )
        elif self._refusal:
            self.line.set_message(self._refusal, "info")
        else:
            self.line.set_message("")

    def typed(self) -> Typed:
        """What stands in the boxes."""
        return Typed(self.value.text(), self.basis.text())

    def differs(self) -> bool:
        """Whether something was typed that the ledger does not hold."""
        return self._figure is not None and not self.value.isReadOnly() and self.typed() != self._held

    def offer_basis(self, basis: str) -> None:
        """Offer the 依据 entered last for this one too."""
        self._last_basis = basis
        self._update()

    def ask(self) -> None:
        """Ask for the 核定 of what is typed, unless a box is empty."""
        if self._figure is None or self.confirm.isHidden():
            return
        if not self.value.text().strip():
            self.refuse("value", "还没有填核定值。")
        elif not self.basis.text().strip():
            self.refuse("basis", "核定要写明依据（如纸质原件第几页），没有依据不能算数。")
        elif not self.differs():
            self.line.set_message("和已经核定的一样，没有改动。", "info")
        else:
            self.confirm_wanted.emit(self.value.text(), self.basis.text())

    def refuse(self, box: str, text: str) -> None:
        """Say beside the boxes what is wrong with one of them."""
        wrong = self.value if box == "value" else self.basis
        mark_error(wrong, True)
        self.line.set_message(text)
        wrong.setFocus()
        wrong.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.differs():
            self.value.setText(self._held.value)
            self.basis.setText(self._held.basis)
            self._edited()
        else:
            super().keyPressEvent(event)

    def _use_again(self) -> None:
        self.basis.setText(self._last_basis)
        self._edited()
        self.basis.setFocus()

    def _edited(self) -> None:
        mark_error(self.value, False)
        mark_error(self.basis, False)
        self.line.set_message("")
        self._update()
        self.typed_changed.emit()

    def _update(self) -> None:
        offered = bool(self._last_basis) and not self.basis.text() and not self.confirm.isHidden()
        self.again.setVisible(offered)
        self.again.setText("沿用上一次的依据")
        self.again.setToolTip(self._last_basis)
