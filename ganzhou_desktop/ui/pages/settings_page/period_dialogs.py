"""The two small dialogs of 期次: opening one, and moving an 应报日."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.periods import Period, bounds, offered_due
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.texts import CANCEL, date_text, period_text
from ganzhou_desktop.ui.widgets import Button, ChipCombo, DateField, MessageLine, PlainLabel, ScrimDialog, Segmented

QUARTER, HALF, MONTH, YEAR = "Q", "H", "-", ""
HOLIDAYS = "应报日已避开周六、周日；法定节假日和调休程序不知道，请自己看一下日历。"
_WEEKDAYS = "一二三四五六日"


def parts_of(name: str) -> tuple[int, str, int]:
    """(year, kind, number) of a period's name: 2018Q1 → (2018, Q, 1)."""
    rest = name[4:]
    return int(name[:4]), rest[:1], int(rest[1:] or 1)


def name_of(year: int, kind: str, number: int) -> str:
    """A period's name from its parts."""
    if kind == YEAR:
        return str(year)
    return f"{year}-{number:02d}" if kind == MONTH else f"{year}{kind}{number}"


def next_name(periods: tuple[Period, ...], today: date) -> str:
    """The period offered: the one after the last opened, of the same length; else the quarter of today."""
    if not periods:
        return name_of(today.year, QUARTER, (today.month + 2) // 3)
    year, kind, number = parts_of(periods[-1].name)
    most = {QUARTER: 4, HALF: 2, MONTH: 12, YEAR: 1}[kind]
    return name_of(year, kind, number + 1) if number < most else name_of(year + 1, kind, 1)


def weekday_text(day: date) -> str:
    """2018年4月5日，星期四."""
    return f"{date_text(day)}，星期{_WEEKDAYS[day.weekday()]}"


class OpenPeriodDialog(ScrimDialog):
    """Which period, due when.  `wanted(name, due)`; it stays open until the page says that it went through."""

    wanted = Signal(str, object)

    def __init__(self, parent: QWidget, offered: str, opened: frozenset[str], due_day: int) -> None:
        super().__init__(parent, "开期次", "开了才能填报；随下发副本带给各单位", width=560)
        self._opened = opened
        self._due_day = due_day
        self._touched = False
        year, kind, number = parts_of(offered)
        self.year = QSpinBox()
        self.kind = Segmented([(QUARTER, "季度"), (HALF, "半年"), (MONTH, "月"), (YEAR, "全年")], kind)
        self.number = ChipCombo()
        self.span = PlainLabel(role="second")
        self.due = DateField()
        self.weekday = PlainLabel(role="note")
        self.line = MessageLine()
        self.cancel = Button(CANCEL)
        self.ok = Button("开期次", kind="main")
        self._lay_out(year)
        self._fill_numbers(number)

        self.year.valueChanged.connect(lambda _: self._offer())
        self.kind.chosen.connect(lambda _: self._fill_numbers(1))
        self.number.chosen.connect(lambda _: self._offer())
        self.due.changed.connect(self._due_changed)
        self.cancel.clicked.connect(self.reject)
        self.ok.clicked.connect(self._go)

    def _lay_out(self, year: int) -> None:
        self.year.setObjectName("period_year")
        self.kind.setObjectName("period_kind")
        self.number.setObjectName("period_number")
        self.due.setObjectName("period_due")
        self.ok.setObjectName("period_open_ok")
        self.year.setRange(1990, 2999)
        self.year.setSuffix(" 年")
        self.year.setAccessibleName("年份")
        self.year.setValue(year)
        self.number.setAccessibleName("第几期")
        self.due.setAccessibleName("应报日")
        first = QHBoxLayout()
        first.setSpacing(theme.GAP_S)
        for widget in (self.year, self.kind, self.number):
            first.addWidget(widget)
        first.addStretch(1)
        self.body.addLayout(first)
        self.body.addWidget(self.span)
        second = QHBoxLayout()
        second.setSpacing(theme.GAP_S)
        second.addWidget(PlainLabel("应报日", "strong"))
        second.addWidget(self.due)
        second.addWidget(self.weekday)
        second.addStretch(1)
        self.body.addLayout(second)
        self.body.addWidget(PlainLabel(HOLIDAYS, "note", wrap=True))
        self.body.addWidget(self.line)
        self.add_foot(self.cancel)
        self.add_foot(self.ok)
        self.ok.setDefault(True)

    def name(self) -> str:
        """The period chosen."""
        number = self.number.currentData()
        return name_of(self.year.value(), str(self.kind.current()), number if isinstance(number, int) else 1)

    def _fill_numbers(self, number: int) -> None:
        kind = self.kind.current()
        most = {QUARTER: 4, HALF: 2, MONTH: 12}.get(str(kind), 1)
        words = {QUARTER: "第{}季度", HALF: "{}半年", MONTH: "{}月"}.get(str(kind), "全年")
        shown = {QUARTER: "一二三四", HALF: "上下"}.get(str(kind), "")
        options = [(n, words.format(shown[n - 1] if shown else n)) for n in range(1, most + 1)]
        self.number.set_options(options, number)
        self.number.setVisible(kind != YEAR)
        self._offer()

    def _offer(self) -> None:
        name = self.name()
        try:
            first, last = bounds(name)
        except RuleBroken as exc:
            self.refuse(exc.text)
            return
        self.span.setText(f"{period_text(name)}　{date_text(first)} 至 {date_text(last)}")
        self.due.set_value(offered_due(last, self._due_day))
        self._due_changed(self.due.value())
        already = name in self._opened
        self.line.set_message(f"{period_text(name)}已经开过了，请选另一期。" if already else "", "info")
        self.ok.setEnabled(not already)

    def _due_changed(self, day: object) -> None:
        self.weekday.setText(_weekday_note(day))
        if self.ok.isEnabled():
            self.line.set_message("")

    def _go(self) -> None:
        due = self.due.value()
        if due is None:
            self.refuse("请填应报日。")
        elif due < bounds(self.name())[0]:
            self.refuse("应报日在这一期开始之前，请重新填写。")
        else:
            self.wanted.emit(self.name(), due)

    def refuse(self, text: str) -> None:
        """Say why not; nothing was changed."""
        self.line.set_message(text)


def _weekday_note(day: object) -> str:
    if not isinstance(day, date):
        return ""
    weekend = "，是周末" if day.weekday() >= 5 else ""
    return f"星期{_WEEKDAYS[day.weekday()]}{weekend}"


class DueDialog(ScrimDialog):
    """Another 应报日 for an open period: `wanted(due)`."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget, period: Period) -> None:
        super().__init__(parent, "改应报日", period_text(period.name), width=480)
        self._period = period
        self.due = DateField(period.due)
        self.weekday = PlainLabel(_weekday_note(period.due), "note")
        self.line = MessageLine()
        self.ok = Button("改应报日", kind="main")
        cancel = Button(CANCEL)
        self.due.setObjectName("due_date")
        self.ok.setObjectName("due_ok")
        self.due.setAccessibleName("应报日")
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_S)
        row.addWidget(PlainLabel("应报日", "strong"))
        row.addWidget(self.due)
        row.addWidget(self.weekday)
        row.addStretch(1)
        column: QVBoxLayout = self.body
        column.addLayout(row)
        column.addWidget(
            PlainLabel(
                f"现在是 {weekday_text(period.due)}。改了以后逾期按新的日子算，各单位要重新收到下发副本才看得到。",
                "note",
                wrap=True,
            )
        )
        column.addWidget(PlainLabel(HOLIDAYS.split("；")[1], "note", wrap=True))
        column.addWidget(self.line)
        self.add_foot(cancel)
        self.add_foot(self.ok)
        self.ok.setDefault(True)

        self.due.changed.connect(lambda day: self.weekday.setText(_weekday_note(day)))
        cancel.clicked.connect(self.reject)
        self.ok.clicked.connect(self._go)

    def _go(self) -> None:
        due = self.due.value()
        if due is None:
            self.refuse("请填应报日。")
        elif due == self._period.due:
            self.refuse("和现在的应报日一样，没有改动。")
        else:
            self.wanted.emit(due)

    def refuse(self, text: str) -> None:
        """Say why not; nothing was changed."""
        self.line.set_message(text)
