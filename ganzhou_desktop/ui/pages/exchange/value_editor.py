"""A third value typed at the unit: the fields of an answer, or one box for a number or a text."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from ganzhou_desktop.domain import typed
from ganzhou_desktop.domain.canonical import Json, clean_text, decimal_text, is_decimal
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.forms import FILED, answer_of_value, answer_value
from ganzhou_desktop.domain.plan import Column, Plan
from ganzhou_desktop.services.conflicts import Conflict
from ganzhou_desktop.ui import entry_words, theme
from ganzhou_desktop.ui.change_words import ANSWER_LABELS, is_answer
from ganzhou_desktop.ui.texts import ANSWER_WORDS
from ganzhou_desktop.ui.widgets import ChipCombo, PlainLabel

_TEXTS = ("progress", "problems", "next_steps")


class NotReadable(Exception):
    """What was typed cannot be read; `text` says why."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def editable(plan: Plan, case: Conflict, values: Sequence[Json]) -> bool:
    """Whether a value of this field can be typed: answers, numbers, contact persons, register cells; not files or flags."""
    kind, field = case.kind, case.field
    if kind == "profile":
        return True
    if kind == entry_words.ENTRY:
        return entry_words.column_of(plan, case.about, field) is not None
    if kind != "submission" or field == FILED or field.startswith("proof/"):
        return False
    held = [v for v in values if v is not None]
    return all(is_answer(kind, v) for v in held) or all(is_decimal(v) for v in held)


class ValueEditor(QWidget):
    """Shows the boxes that fit the field; `edited` after every key."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answer = False
        self._number = False
        self._column: Column | None = None
        self.kind = ChipCombo()
        self.texts = {member: QPlainTextEdit() for member in _TEXTS}
        self.expected = QLineEdit()
        self.box = QLineEdit()
        self._pages = QStackedWidget()

        self.kind.set_options([(None, "还没有答复"), *ANSWER_WORDS.items()])
        self.kind.setObjectName("third_answer")
        self.kind.setAccessibleName(ANSWER_LABELS["answer"])
        self.expected.setPlaceholderText("如 2018-09-30，可以不填")
        self.expected.setObjectName("third_expected")
        self.expected.setAccessibleName(ANSWER_LABELS["expected"])
        self.box.setObjectName("third_value")
        self.box.setAccessibleName("新的值")
        self._lay_out()
        self.kind.chosen.connect(lambda _: self.edited.emit())
        self.expected.textChanged.connect(lambda _: self.edited.emit())
        self.box.textChanged.connect(lambda _: self.edited.emit())

    def _lay_out(self) -> None:
        answer = QWidget()
        grid = QGridLayout(answer)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.GAP_M)
        grid.setVerticalSpacing(6)
        grid.addWidget(PlainLabel(ANSWER_LABELS["answer"], "second"), 0, 0)
        grid.addWidget(self.kind, 0, 1)
        grid.addWidget(PlainLabel(ANSWER_LABELS["expected"], "second"), 0, 2)
        grid.addWidget(self.expected, 0, 3)
        for row, (member, edit) in enumerate(self.texts.items(), start=1):
            edit.setObjectName(f"third_{member}")
            edit.setAccessibleName(ANSWER_LABELS[member])
            edit.setTabChangesFocus(True)
            edit.setFixedHeight(theme.scaled(48))
            edit.textChanged.connect(self.edited)
            grid.addWidget(PlainLabel(ANSWER_LABELS[member], "second"), row, 0)
            grid.addWidget(edit, row, 1, 1, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        single = QWidget()
        column = QVBoxLayout(single)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.box)
        column.addStretch(1)
        self._pages.addWidget(answer)
        self._pages.addWidget(single)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)

    def begin_with(self, plan: Plan, case: Conflict, values: Sequence[Json]) -> None:
        """Start from the first value there is, so that little has to be typed."""
        kind = case.kind
        self._column = entry_words.column_of(plan, case.about, case.field) if kind == entry_words.ENTRY else None
        held = [v for v in values if v is not None]
        first = held[0] if held else None
        self._answer = is_answer(kind, first)
        self._number = kind == "submission" and not self._answer
        self._pages.setCurrentIndex(0 if self._answer else 1)
        self._pages.setMaximumHeight(16777215 if self._answer else theme.scaled(34))
        blocked = self.blockSignals(True)
        if isinstance(first, dict):
            said = answer_of_value(first)
            self.kind.set_current(said.kind)
            for member, edit in self.texts.items():
                edit.setPlainText(getattr(said, member))
            self.expected.setText(said.expected.isoformat() if said.expected else "")
        else:
            shown = "" if first is None else str(first)
            self.box.setText(shown if self._column is None else typed.value_text(self._column, first))
        self.blockSignals(blocked)

    def begin(self) -> None:
        """Put the cursor where the typing begins."""
        (self.texts["progress"] if self._answer else self.box).setFocus()

    def value(self) -> Json:
        """What was typed as a value of the field; NotReadable with a sentence."""
        if self._answer:
            return self._answer_value()
        text = clean_text(self.box.text().strip())
        if self._column is not None:
            try:
                return typed.read_value(self._column, text)
            except RuleBroken as exc:
                raise NotReadable(exc.text) from exc
        if not self._number:
            return text
        if not text:
            return None
        try:
            number = Decimal(text)
            written = decimal_text(number)
        except (InvalidOperation, ValueError) as exc:
            raise NotReadable(f"“{text}”不是一个数；请填写普通数字，如 3 或 2.5。") from exc
        if not is_decimal(written):
            raise NotReadable(f"“{text}”太长了；请填写普通数字。")
        return written

    def _answer_value(self) -> Json:
        text = self.expected.text().strip()
        try:
            expected = date.fromisoformat(text) if text else None
        except ValueError as exc:
            raise NotReadable(f"预计完成时间“{text}”不是日期；请写成 2018-09-30 的样子，或者不填。") from exc
        texts = {member: clean_text(edit.toPlainText().strip()) for member, edit in self.texts.items()}
        said = {"answer": self.kind.currentData(), **texts, "expected": expected and expected.isoformat()}
        return answer_value(answer_of_value(said))
