"""子目标完成数: one row a target with what is aimed at, what was before, the box, what that makes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from ganzhou_desktop.domain.canonical import decimal_text
from ganzhou_desktop.domain.plan import CHECKLIST, Plan, Target
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.domain.typed import read_number
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.texts import NO_VALUE, joined, number_text, plain_tip
from ganzhou_desktop.ui.widgets import Button, ElidedLabel, MessageLine, PlainLabel, Tag, mark_error

SUMMED = ("cumulative", "every_year")
_WIDTHS = (28, 0, 100, 52, 76, 52)
_SHEET = (
    f"QFrame#numberHead {{ background: {colours.HEAD}; border: none; border-bottom: 1px solid {colours.LINE2}; }}"
    f"QFrame#numberRow {{ background: {colours.CARD}; border: none; border-bottom: 1px solid {colours.LINE};"
    f" border-left: 3px solid transparent; }}"
    f'QFrame#numberRow[wrong="true"] {{ background: {colours.ERROR_TINT}; border-left: 3px solid {colours.ERROR}; }}'
)


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One target as shown: `aim` in words, whether it waits for 核定, what it stood at before."""

    id: str
    name: str
    unit: str
    summed: bool
    aim: str
    pending: bool
    before: Decimal | None
    hint: str
    tip: str
    counted: Decimal | None = None
    """What the registers make of it for this period; None where it is not counted."""
    before_provisional: bool = False
    counted_provisional: bool = False


def number_rows(
    plan: Plan,
    targets: Sequence[Target],
    sums: Mapping[str, Decimal | None],
    counted: Mapping[str, Decimal] | None = None,
    doubtful: Collection[str] = (),
    doubtful_counts: Collection[str] = (),
) -> tuple[NumberRow, ...]:
    """The rows of the targets this unit reports; `doubtful`: those whose sum is 两处不一致, and whose count."""
    return tuple(
        replace(
            _row(plan, target, sums.get(target.id), (counted or {}).get(target.id)),
            before_provisional=target.id in doubtful,
            counted_provisional=target.id in doubtful_counts,
        )
        for target in targets
    )


def _row(plan: Plan, target: Target, before: Decimal | None, counted: Decimal | None) -> NumberRow:
    figure = plan.figure_by_id.get(target.id)
    value = None if figure is None else figure.effective
    if value is None and target.items:
        value = Decimal(len(target.items))
    mark = "≥" if target.at_least else "+" if target.over_baseline else ""
    aim = (
        NO_VALUE if value is None else marked(f"{mark}{number_text(value)} {target.unit}", target.id in plan.contested)
    )
    summed = target.kind in SUMMED
    hint = "新增" if summed else "完成项" if target.kind == CHECKLIST else "期末数"
    tip = joined([target.name, "本期新增的数" if summed else "本期末的数", "未发布可不填" if target.lagged else ""])
    if target.items:
        tip += "\n" + "\n".join(f"{n}. {item}" for n, item in enumerate(target.items, 1))
    return NumberRow(
        target.id,
        target.short,
        target.unit,
        summed,
        aim,
        figure is not None and figure.state == "pending",
        before,
        hint,
        f"{tip}\n方案原文：{target.quote}",
        counted,
    )


class _Row(QFrame):
    """One target's line with its box; the message stands inside the row."""

    typed = Signal(str, str)

    def __init__(self, row: NumberRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self.setObjectName("numberRow")
        number = PlainLabel(row.id, "second")
        self.name = ElidedLabel(row.name)
        self.setToolTip(plain_tip(row.tip))
        self.box = QLineEdit()
        self.box.setObjectName(f"number_{row.id}")
        self.box.setAccessibleName(f"{row.id} {row.name} {row.hint}")
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.box.setPlaceholderText(row.hint)
        self.box.setToolTip(f"{row.hint}（{row.unit}）")
        self.total = PlainLabel("", "strong")
        before = PlainLabel(marked(number_text(row.before), row.before_provisional), "second")
        for label in (before, self.total):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.message = MessageLine()
        self.counted = Button(kind="text", tip="这个数由台账的登记计成；点一下填进来")
        self.counted.setObjectName(f"counted_{row.id}")

        column = QVBoxLayout(self)
        column.setContentsMargins(6, 2, 8, 2)
        column.setSpacing(1)
        line = QHBoxLayout()
        line.setSpacing(6)
        for widget, width in zip((number, self.name, self._aim(), before, self.box, self.total), _WIDTHS, strict=True):
            if width:
                widget.setFixedWidth(theme.scaled(width))
            line.addWidget(widget, 0 if width else 1)
        column.addLayout(line)
        column.addWidget(self.counted, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.message)
        self.show_counted()
        self.counted.clicked.connect(self._take_counted)
        self.box.textChanged.connect(lambda _: self.show_counted())
        self.box.textEdited.connect(lambda text: self.typed.emit(row.id, text))

    def _aim(self) -> QWidget:
        aim = QWidget()
        line = QHBoxLayout(aim)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addStretch(1)
        if self.row.pending:
            tag = Tag("to_confirm")
            tag.setToolTip("方案印本的这个数待区里核定")
            line.addWidget(tag)
        line.addWidget(PlainLabel(self.row.aim))
        return aim

    def show_total(self, value: Decimal | None) -> None:
        """本期累计: for a summed target before plus new, else the state at the end."""
        total = value
        if self.row.summed and (value is not None or self.row.before is not None):
            total = (self.row.before or Decimal(0)) + (value or Decimal(0))
        self.total.setText(marked(number_text(total), self.row.summed and self.row.before_provisional))

    def show_counted(self) -> None:
        """What the registers make of it beside what is typed (自报数): the same, or a difference to look at."""
        counted = self.row.counted
        self.counted.setVisible(counted is not None)
        if counted is None:
            return
        typed = read_number(self.box.text())
        same = typed is not None and typed == counted
        words = marked(f"按台账计 {number_text(counted)} {self.row.unit}", self.row.counted_provisional)
        told = "，一致" if same else "，填入" if typed is None else "，和填的不一样，改成这个数"
        self.counted.setText(words + told)
        self.counted.setEnabled(not same and not self.box.isReadOnly())

    def _take_counted(self) -> None:
        if self.row.counted is not None:
            text = decimal_text(self.row.counted)
            self.box.setText(text)
            self.typed.emit(self.row.id, text)

    def show_message(self, error: str, remark: str) -> None:
        """An error marks the row; a remark is a quiet line."""
        self.message.set_message(error or remark, "error" if error else "info")
        mark_error(self.box, bool(error))
        if bool(self.property("wrong")) != bool(error):
            self.setProperty("wrong", bool(error))
            self.style().unpolish(self)
            self.style().polish(self)


class NumberTable(QFrame):
    """The table; `typed` carries (target id, text) when the user types into a box."""

    typed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setStyleSheet(_SHEET)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.rows: dict[str, _Row] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def set_rows(self, rows: Sequence[NumberRow]) -> bool:
        """Show other targets; the same ones stay as they are.  Whether anything is new."""
        if tuple(r.row for r in self.rows.values()) == tuple(rows):
            return False
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = {}
        if rows:
            self._column.addWidget(self._head(rows))
        for row in rows:
            made = _Row(row)
            made.typed.connect(self.typed)
            made.box.returnPressed.connect(lambda row=row: self._go_on(row.id))
            self.rows[row.id] = made
            self._column.addWidget(made)
        return True

    def _go_on(self, target: str) -> None:
        """Enter goes to the box below, as in a spreadsheet."""
        boxes = [row.box for row in self.rows.values()]
        place = list(self.rows).index(target) + 1
        if place < len(boxes):
            boxes[place].setFocus(Qt.FocusReason.TabFocusReason)
            boxes[place].selectAll()

    def _head(self, rows: Sequence[NumberRow]) -> QFrame:
        summed = {row.summed for row in rows}
        new = "本期新增" if summed == {True} else "本期末数" if summed == {False} else "新增/期末"
        head = QFrame()
        head.setObjectName("numberHead")
        line = QHBoxLayout(head)
        line.setContentsMargins(9, 0, 8, 0)
        line.setSpacing(6)
        before = "上期累计" if summed == {True} else "上期"
        after = "本期累计" if summed == {True} else "本期"
        for place, (word, width) in enumerate(zip(("", "子目标", "目标", before, new, after), _WIDTHS, strict=True)):
            label = PlainLabel(word, "noteStrong")
            right = place >= 2
            label.setAlignment(
                Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
            )
            if width:
                label.setFixedWidth(theme.scaled(width))
            line.addWidget(label, 0 if width else 1)
        head.setFixedHeight(theme.scaled(28))
        return head

    def set_locked(self, locked: bool) -> None:
        """Whether the boxes may be typed into."""
        for row in self.rows.values():
            row.box.setReadOnly(locked)
            row.box.setProperty("readOnly", locked)
            row.box.style().unpolish(row.box)
            row.box.style().polish(row.box)
            row.show_counted()
