"""The form of one matter beside what was said of it a period earlier."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.pages.filing.editing import Editing, place
from ganzhou_desktop.ui.pages.filing.fields import AnswerChoice, Behind, LabelledArea, RoleMark
from ganzhou_desktop.ui.pages.filing.number_table import NumberRow, NumberTable
from ganzhou_desktop.ui.pages.filing.past_column import TAKEN_OVER, PastText
from ganzhou_desktop.ui.proof_box import ProofBox
from ganzhou_desktop.ui.texts import ANSWER_WORDS, date_text, visible
from ganzhou_desktop.ui.widgets import Button, Card, ElidedLabel, NoticeBar, PlainLabel, Tag

_PAST_GROUND = "#FAFBFA"
TEXTS = ("progress", "problems", "next_steps")


@dataclass(frozen=True, slots=True)
class MatterLook:
    """What the form says around the fields of one matter."""

    task: str
    title: str
    role: str
    principal: bool
    role_word: str
    asked: str
    tag: tuple[str, str]
    """Kind and words of the tag at the head."""
    returned: str
    contested: bool
    numbers: tuple[NumberRow, ...]
    numbers_note: str
    period: str
    past: str
    """上期 2017年第四季度 · 已接收; empty when there is none."""
    past_answer: Answer | None
    past_numbers: str
    past_proofs: int
    last_day: date
    locked: bool
    registers: tuple[tuple[str, str], ...] = ()
    """(id, words) of the registers this unit keeps for the matter."""


class _Body(QWidget):
    """The scrolled part; the past column has a ground of its own down to the end."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "scrollBody")
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(theme.GAP_L + 2, theme.GAP_S, theme.GAP_M, theme.GAP_M)
        self.grid.setHorizontalSpacing(2 * theme.GAP_L)
        self.grid.setVerticalSpacing(theme.GAP_M)
        self.grid.setColumnStretch(0, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = self.grid.contentsMargins().right() + self.grid.columnMinimumWidth(1)
        left = self.width() - side - theme.GAP_M
        painter.fillRect(QRect(left, 0, self.width() - left, self.height()), QColor(_PAST_GROUND))
        painter.fillRect(QRect(left, 0, 1, self.height()), QColor(colours.LINE))


class _ColumnsHead(QWidget):
    """The words over the two columns; the second begins where the past column does."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ("", "")
        self._at = 0
        self.setFixedHeight(theme.scaled(26))

    def split(self, at: int) -> None:
        """Where the second column's text begins."""
        self._at = at
        self.update()

    def set_words(self, now: str, past: str) -> None:
        """本期 2018年第一季度, 上期 2017年第四季度 · 已接收."""
        self._words = (visible(now), visible(past))
        self.setAccessibleName("；".join(self._words))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.HEAD))
        painter.setFont(theme.font(theme.NOTE, bold=True))
        painter.setPen(QColor(colours.INK2))
        for text, left, right in zip(self._words, (theme.GAP_L + 2, self._at), (self._at, self.width()), strict=True):
            room = QRect(left, 0, right - left - theme.GAP_S, self.height())
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


class MatterForm(Card):
    """Shows one matter; every signal speaks only of what the user did."""

    kind_chosen = Signal(str)
    text_typed = Signal(str, str)
    number_typed = Signal(str, str)
    expected_chosen = Signal(object)
    register_wanted = Signal(str)
    clause_wanted = Signal()
    conflicts_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent, flush=True)
        self.look: MatterLook | None = None
        self.mark = RoleMark()
        self.heading = ElidedLabel(role="dialog")
        self.role_word = PlainLabel(role="second")
        self.asked = ElidedLabel(role="note")
        self.tag = Tag("plain", "草稿")
        self.clause = Button("方案原文", "document_text", "text")
        self.clause.setObjectName("clause")
        self.returned = NoticeBar(closable=False)
        self.contested = NoticeBar(closable=False)
        self.answer = AnswerChoice()
        self.promise = QFrame()
        self._promise_text = PlainLabel("", "second", wrap=True)
        self.areas = {
            "progress": LabelledArea("progress", "本期进展", "做了什么、到了哪一步"),
            "problems": LabelledArea("problems", "存在问题", "进度落后的写明原因"),
            "next_steps": LabelledArea("nextSteps", "下步措施", "下期会先问是否做到"),
        }
        self.numbers = NumberTable()
        self.registers = QWidget()
        self.behind = Behind()
        self.proof = ProofBox()
        self.past = {name: PastText() for name in TEXTS}
        self.columns = _ColumnsHead()
        self._past_kind = PlainLabel(role="second")
        self._past_numbers = PlainLabel(role="second", wrap=True)
        self._past_expected = PlainLabel(role="second")
        self._past_proofs = PlainLabel(role="second")

        self._lay_out()

        self.answer.chosen.connect(self.kind_chosen)
        for name, field in self.areas.items():
            field.area.typed.connect(lambda text, name=name: self.text_typed.emit(name, text))
            self.past[name].taken_over.connect(lambda text, name=name: self._take_over(name, text))
        self.numbers.typed.connect(self.number_typed)
        self.behind.chosen.connect(self.expected_chosen)
        self.clause.clicked.connect(self.clause_wanted)
        self.contested.action_chosen.connect(self.conflicts_wanted)

    # -- laying out -----------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.body.setSpacing(0)
        self.body.addWidget(self._make_head())
        for bar in (self.returned, self.contested):
            self.body.addWidget(bar)
        self.body.addWidget(self.columns)
        inner = _Body()
        self._grid = inner.grid
        self.scroller = QScrollArea()
        self.scroller.setFrameShape(QFrame.Shape.NoFrame)
        self.scroller.setWidgetResizable(True)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroller.setWidget(inner)
        self.scroller.viewport().installEventFilter(self)
        self.body.addWidget(self.scroller, 1)

        self.promise.setProperty("kind", "note")
        inside = QVBoxLayout(self.promise)
        inside.setContentsMargins(10, 6, 10, 6)
        inside.addWidget(self._promise_text)
        kept = QVBoxLayout(self.registers)
        kept.setContentsMargins(0, 0, 0, 0)
        kept.setSpacing(0)
        numbers = QWidget()
        column = QVBoxLayout(numbers)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        head = QHBoxLayout()
        self._numbers_label = PlainLabel("子目标完成数", "strong")
        self._numbers_note = PlainLabel("", "note")
        head.addWidget(self._numbers_label)
        head.addStretch(1)
        head.addWidget(self._numbers_note)
        column.addLayout(head)
        column.addWidget(self.numbers)
        self._numbers = numbers
        rows: tuple[tuple[QWidget, QWidget | None], ...] = (
            (self.answer, self._past_kind),
            (self.promise, None),
            (self.areas["progress"], self.past["progress"]),
            (numbers, self._past_numbers),
            (self.registers, None),
            (self.areas["problems"], self.past["problems"]),
            (self.areas["next_steps"], self.past["next_steps"]),
            (self.behind, self._past_expected),
            (self.proof, self._past_proofs),
        )
        top = Qt.AlignmentFlag.AlignTop
        for number, (field, past) in enumerate(rows):
            self._grid.addWidget(field, number, 0, top)
            if past is not None:
                self._grid.addWidget(past, number, 1, top)
        self._grid.setRowStretch(len(rows), 1)
        for label in (self._past_kind, self._past_expected, self._past_proofs):
            label.setMinimumHeight(theme.scaled(theme.CONTROL - 2))
        for name in TEXTS:
            self.past[name].setContentsMargins(0, theme.scaled(2), 0, 0)

    def _make_head(self) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(theme.GAP_L + 2, 9, theme.GAP_M, 7)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_S)
        row.addWidget(self.mark)
        row.addWidget(self.heading, 1)
        row.addWidget(self.tag)
        row.addWidget(self.clause)
        column.addLayout(row)
        below = QHBoxLayout()
        below.setSpacing(theme.GAP_S)
        below.addWidget(self.role_word)
        below.addWidget(self.asked, 1)
        column.addLayout(below)
        return head

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.scroller.viewport():
            width = min(theme.scaled(310), round(self.scroller.width() * 0.31))
            self._grid.setColumnMinimumWidth(1, width)
            for past in (*self.past.values(), self._past_numbers):
                past.setFixedWidth(width)
            self.columns.split(self.scroller.viewport().width() - theme.GAP_M - width)
        return super().eventFilter(watched, event)

    def _show_registers(self, look: MatterLook) -> None:
        """A line to each register kept for this matter: what is of this period, how much there is."""
        column = self.registers.layout()
        assert isinstance(column, QVBoxLayout)
        while (item := column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()  # without a parent it would be a window of its own, with the focus in it
                widget.deleteLater()
        if look.registers:
            column.addWidget(PlainLabel("相关台账", "strong"))
        for register, words in look.registers:
            button = Button(words, "document_table", "text", tip="到台账里登记")
            button.setObjectName(f"register_{register}")
            button.clicked.connect(partial(self.register_wanted.emit, register))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.registers.setVisible(bool(look.registers))

    # -- showing --------------------------------------------------------------------------------------------------

    def show_matter(self, look: MatterLook, editing: Editing, held: Collection[str]) -> None:
        """Show a matter with what is typed in it."""
        same = self.look is not None and self.look.task == look.task and self.look.period == look.period
        self.look = look
        self._show_head(look)
        self._show_past(look)
        matter = editing.matter(look.task)
        self.answer.show_kind(matter.answer.kind, look.locked)
        promise = look.past_answer.next_steps if look.past_answer else ""
        self.promise.setVisible(bool(promise))
        self._promise_text.setText(f"上期说的下步措施：{promise}\n做到了没有，请在本期进展里写明。")
        for name, field in self.areas.items():
            field.show_text(editing.text(look.task, name), look.locked)
        if self.numbers.set_rows(look.numbers) or not same:
            self._order_tabs()
        self.numbers.set_locked(look.locked)
        self.numbers.setVisible(bool(look.numbers))
        self._numbers.setVisible(bool(look.numbers) or bool(look.numbers_note))
        self._numbers_note.setText(look.numbers_note)
        self._show_registers(look)
        for target, row in self.numbers.rows.items():
            text = editing.number_text(look.task, target)
            if row.box.text() != text and not (row.box.hasFocus() and row.box.text().strip() == text):
                row.box.setText(text)
        self.behind.show_day(matter.answer.expected, look.locked, look.last_day, keep_open=same)
        self.show_proof(editing, held)
        self.show_messages(editing)
        if not same:
            self.scroller.verticalScrollBar().setValue(0)

    def show_proof(self, editing: Editing, held: Collection[str]) -> None:
        """Show the proof files again."""
        if self.look is not None:
            self.proof.show_files(editing.matter(self.look.task).proof, held, self.look.locked)

    def show_messages(self, editing: Editing) -> None:
        """Errors and remarks beside their fields, and the totals."""
        if self.look is None:
            return
        task, quiet = self.look.task, self.look.locked
        remarks: dict[str, str] = {}
        if not quiet:
            for remark in editing.remarks():
                if remark.task == task:
                    remarks[remark.field] = remarks.get(remark.field, "") + remark.text
        answered = editing.answered(task)
        for name, field in self.areas.items():
            shown = remarks.get(name, "") if answered else ""
            field.show_message(editing.errors.get(place(task, name), ""), shown)
        self.behind.message.set_message(remarks.get("expected", ""), "info")
        values = editing.matter(task).measurements
        for target, row in self.numbers.rows.items():
            row.show_total(values.get(target))
            wrong = editing.errors.get(place(task, target), "").removeprefix(f"{target}“{row.row.name}”").lstrip("：")
            row.show_message(wrong, remarks.get(target, ""))

    def _order_tabs(self) -> None:
        """Tab goes down the form as it is read."""
        fields: list[QWidget] = [self.clause, *self.answer.buttons.values(), self.areas["progress"].area]
        fields += [self.past["progress"].take, *(row.box for row in self.numbers.rows.values())]
        for name in ("problems", "next_steps"):
            fields += [self.areas[name].area, self.past[name].take]
        fields += [self.behind.tick, self.behind.day, self.proof.add]
        for first, second in pairwise(fields):
            QWidget.setTabOrder(first, second)

    def focus_field(self, field: str) -> None:
        """Bring a field into view and put the cursor there."""
        found: QWidget = self.answer.buttons["progress"]
        if field in self.areas:
            found = self.areas[field].area
        elif field in self.numbers.rows:
            found = self.numbers.rows[field].box
        elif field == "expected":
            found = self.behind.tick if self.behind.day.isHidden() else self.behind.day
        self.scroller.ensureWidgetVisible(found, 20, 40)
        found.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_refusal(self) -> None:
        """Bring why a proof file was refused into view; it stands at the form's end."""
        QTimer.singleShot(0, self, lambda: self.scroller.ensureWidgetVisible(self.proof.message, 0, 8))

    def _show_head(self, look: MatterLook) -> None:
        self.mark.set_role(look.role, look.principal)
        self.mark.setVisible(bool(look.role))
        self.heading.setText(look.title)
        self.role_word.setText(look.role_word)
        self.role_word.setVisible(bool(look.role_word))
        self.asked.setText(look.asked)
        self.tag.set_tag(*look.tag)
        self.tag.setVisible(bool(look.tag[1]))
        if look.returned:
            self.returned.say(look.returned, "differ")
        else:
            self.returned.hide()
        if look.contested:
            words = "这件事项有两处不一致：两台电脑写得不同，正显示较晚的一份。"
            self.contested.say(words, "differ", "去裁定")
        else:
            self.contested.hide()
        self.columns.set_words(look.period, look.past or "没有上期")

    def _show_past(self, look: MatterLook) -> None:
        past = look.past_answer
        self._past_kind.setText(ANSWER_WORDS.get(past.kind or "", "未答复") if past else "")
        for name in TEXTS:
            self.past[name].show_text(getattr(past, name) if past else "", look.locked)
        self._past_numbers.setText(look.past_numbers)
        self._past_expected.setText(f"预计完成 {date_text(past.expected)}" if past and past.expected else "")
        self._past_proofs.setText(f"{look.past_proofs} 件" if look.past_proofs else "")

    def _take_over(self, name: str, text: str) -> None:
        self.areas[name].area.add_text(f"{text}{TAKEN_OVER}")
        self.focus_field(name)
