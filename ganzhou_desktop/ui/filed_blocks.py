"""Blocks that show what was filed: a headed section, a tinted block of labelled texts, contact persons."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ganzhou_desktop.domain.canonical import local_moment
from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.domain.pace import SUMMED
from ganzhou_desktop.domain.plan import EVERY_YEAR, Plan, Target
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.ui import colours, texts, theme
from ganzhou_desktop.ui.read_text import ReadText
from ganzhou_desktop.ui.widgets import Button, ElidedLabel, PlainLabel

_BAR = 3


class Section(QWidget):
    """A small bold heading with a note at its right, and what stands under it."""

    def __init__(self, title: str, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = PlainLabel(title, "noteStrong")
        self.note = ElidedLabel(note, "note")
        self.note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.GAP)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP_S)
        head.addWidget(self.title)
        head.addWidget(self.note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(head)
        column.addLayout(self.body)

    def add(self, widget: QWidget) -> "Section":
        """Put something under the heading."""
        self.body.addWidget(widget)
        return self


class TintBlock(QWidget):
    """Labelled texts on a tint with a bar at the left."""

    def __init__(
        self,
        rows: Iterable[tuple[str, str]],
        tint: str = colours.HEAD,
        bar: str = colours.LINE2,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tint, self._bar = tint, bar
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        grid = QGridLayout(self)
        grid.setContentsMargins(_BAR + 8, 6, 8, 6)
        grid.setHorizontalSpacing(theme.GAP_S)
        grid.setVerticalSpacing(theme.GAP)
        grid.setColumnStretch(1, 1)
        for row, (label, words) in enumerate(rows):
            name = PlainLabel(label, "note")
            name.setMinimumHeight(theme.scaled(21))
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(ReadText(words), row, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._tint))
        painter.fillRect(0, 0, _BAR, self.height(), QColor(self._bar))


def answer_rows(answer: Answer, *, progress: bool = False) -> list[tuple[str, str]]:
    """The texts of an answer that say something, with their labels."""
    rows = [("本期进展", answer.progress)] if progress else []
    rows += [("存在问题", answer.problems), ("下步措施", answer.next_steps)]
    if answer.expected is not None:
        rows.append(("预计完成", texts.date_text(answer.expected)))
    return [(label, words) for label, words in rows if words.strip()]


def answer_words(answer: Answer | None) -> str:
    """有进展, 无进展 …; 没有答复 for none."""
    return texts.ANSWER_WORDS.get(answer.kind or "", "没有答复") if answer is not None else "没有答复"


def target_words(plan: Plan, target: Target) -> tuple[str, str]:
    """(目标 in words, kind of the tag for where its number comes from)."""
    figure = plan.figure_by_id.get(target.id)
    if target.items:
        return f"共 {len(target.items)} 项", ""
    if figure is None or figure.effective is None:
        return "没有定数", ""
    sign = "≥" if target.at_least else ""
    kind = {EVERY_YEAR: "每年 "}.get(target.kind, "")
    tag = "confirmed" if figure.state == "confirmed" else "to_confirm"
    value = marked(texts.with_unit(figure.effective, target.unit), figure.id in plan.contested)
    return f"{kind}{sign}{value}", tag


def target_button(target: Target, open_it: Callable[[str], object]) -> Button:
    """Opens what a target's number is made of."""
    button = Button("由来", kind="text", tip=f"{target.name}：看这个数由什么构成")
    button.setObjectName(f"open_{target.id}")
    button.setAccessibleName(f"{target.id} {target.short}：由什么构成")
    button.clicked.connect(lambda: open_it(target.id))
    return button


def so_far_word(target: Target) -> str:
    """What the counted number is called: 本年累计, 累计, 期末."""
    if target.kind == EVERY_YEAR:
        return "本年累计"
    return "累计" if target.kind in SUMMED else "期末"


def contact_line(names: Mapping[str, str], *, lines: int = 1) -> str:
    """负责人 甲 · 审核人 乙 · 填表人 丙 · 电话 …, in one line or two; empty when nobody is entered."""
    said = [f"{word} {names[key]}" for key, word in texts.CONTACT_WORDS.items() if names.get(key)]
    if lines == 1 or len(said) < len(texts.CONTACT_WORDS):
        return texts.joined(said)
    return f"{texts.joined(said[:2])}\n{texts.joined(said[2:])}"


def day_of(moment: str, year: int | None = None) -> str:
    """4月3日 of an ISO moment by this PC's calendar, with the year when it is another; empty for none."""
    if not moment:
        return ""
    return texts.short_date(local_moment(moment).date(), year)
