"""The five amounts side by side, never added up with one another: 标准额, 申请额, 批复额, 拨付额, 到账额."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ganzhou_desktop.domain.applications import AMOUNT_WORDS, AMOUNTS
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.subsidies import sums
from ganzhou_desktop.services.applications import Row
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.subsidy_words import DOUBTFUL, differing, money
from ganzhou_desktop.ui.widgets import Card, ElidedLabel, PlainLabel

_STANDARD = "standard"


class AmountStrip(Card):
    """What the applications shown come to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent, flush=True)
        self._numbers: dict[str, PlainLabel] = {}
        self._notes: dict[str, ElidedLabel] = {}
        line = QHBoxLayout()
        line.setContentsMargins(theme.GAP_L, 7, theme.GAP_L, 7)
        line.setSpacing(theme.GAP_L)
        for n, (key, word) in enumerate(((_STANDARD, "标准额"), *AMOUNT_WORDS.items())):
            if n:
                between = QFrame()
                between.setProperty("kind", "vline")
                line.addWidget(between)
            number, note = PlainLabel("", "row"), ElidedLabel("", "note")
            number.setObjectName(f"sum_{key}")
            self._numbers[key], self._notes[key] = number, note
            row = QHBoxLayout()
            row.setSpacing(6)
            row.addWidget(number)
            row.addWidget(PlainLabel("万元", "note"))
            row.addStretch(1)
            cell = QVBoxLayout()
            cell.setSpacing(0)
            top = QHBoxLayout()
            top.setSpacing(6)
            top.addWidget(PlainLabel(word, "strong"))
            top.addWidget(note, 1)
            cell.addLayout(top)
            cell.addLayout(row)
            line.addLayout(cell, 1)
        self.body.addLayout(line)

    def show_rows(self, plan: Plan, rows: Sequence[Row]) -> None:
        """Show the sums of these applications."""
        held = [row.application for row in rows]
        found = sums(plan, held)
        self._numbers[_STANDARD].setText(money(found.standard, doubtful=found.doubtful))
        differ = "，或两处不一致" if differing(plan, held) else ""
        self._notes[_STANDARD].setText(f"{DOUBTFUL} 原文数字待核定{differ}" if found.doubtful else "按方案的标准")
        for name in AMOUNTS:
            so = name in found.differing
            self._numbers[name].setText(money(found.amounts[name], doubtful=so))
            self._notes[name].setText(f"{sum(name in a.amounts for a in held)} 件{'，有两处不一致' if so else ''}")
