"""What the plan says of a subsidy, and the entry held against it, condition by condition."""

from datetime import date

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganzhou_desktop.domain.plan import Plan, Subsidy
from ganzhou_desktop.domain.registers import Entry
from ganzhou_desktop.domain.subsidies import CHECK_WORDS, FAILED, NO_REGISTER, OPEN, check_entry
from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.pages.applications_page.looks import SIGNS
from ganzhou_desktop.ui.widgets import PlainLabel

_NOT_CHECKED = "没有对着台账里的登记，条件没有核对；到“奖补”里选一条登记，再为它申报。"


class ConditionList(QWidget):
    """Lines of words; those that fail are red."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def texts(self) -> list[str]:
        """What it says now."""
        labels = [self._lines.itemAt(n).widget() for n in range(self._lines.count())]
        return [label.text() for label in labels if isinstance(label, PlainLabel)]

    def show_checks(self, plan: Plan, subsidy: Subsidy | None, entry: Entry | None, on: date) -> None:
        """Hold an entry against a subsidy on a day; without a subsidy nothing is said."""
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(subsidy is not None)
        if subsidy is None:
            return
        self._say(f"方案原文：{subsidy.quote}", note=True)
        if entry is None:
            unchecked = _NOT_CHECKED if subsidy.registers else NO_REGISTER
            for text in (unchecked, *subsidy.open):
                self._say(f"{SIGNS[OPEN]} {CHECK_WORDS[OPEN]}　{text}", note=True)
            return
        for check in check_entry(plan, subsidy, entry, on).checks:
            what = check.why if check.why in (*subsidy.open, NO_REGISTER) else f"{check.what}：{check.why}"
            self._say(f"{SIGNS[check.result]} {CHECK_WORDS[check.result]}　{what}", wrong=check.result == FAILED)

    def _say(self, text: str, *, note: bool = False, wrong: bool = False) -> None:
        label = PlainLabel(text, "note" if note else "body", wrap=True)
        if wrong:
            label.setStyleSheet(f"color: {colours.ERROR}")
        self._lines.addWidget(label)
