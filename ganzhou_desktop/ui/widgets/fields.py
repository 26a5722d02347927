"""The date field, which may stay empty, and tabs with counts."""

from collections.abc import Iterable
from datetime import date

from PySide6.QtCore import QDate, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QDateEdit,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QTabBar,
    QToolButton,
    QWidget,
)

from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.icons import icon
from ganzhou_desktop.ui.texts import no_mnemonic

_EMPTY = QDate(1900, 1, 1)
_LAST = QDate(2999, 12, 31)
NO_DATE = "未填"


def look_only(field: QWidget) -> None:
    """Make a field one that can be read and copied from, not changed."""
    if isinstance(field, QLineEdit | QPlainTextEdit):
        field.setReadOnly(True)
    else:
        field.setEnabled(False)


class DateField(QDateEdit):
    """A day as 2018年4月5日, or none; Delete empties it.  The wheel scrolls the page, not the date.

    `changed` carries a date or None and speaks only when the user changes it.
    """

    changed = Signal(object)

    def __init__(self, value: date | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        today = QDate.currentDate()
        self._offered = QDate(today.year(), today.month(), 1)
        self.setDisplayFormat("yyyy年M月d日")
        self.setDateRange(_EMPTY, _LAST)
        self.setSpecialValueText(NO_DATE)
        self.setCalendarPopup(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        _calm(self.calendarWidget())
        self.set_value(value)
        self.dateChanged.connect(lambda _: self.changed.emit(self.value()))

    def value(self) -> date | None:
        """The day, None while empty."""
        day = self.date()
        return None if day == _EMPTY else date(day.year(), day.month(), day.day())

    def set_value(self, value: date | None) -> None:
        """Show a day or none, without a signal."""
        blocked = self.blockSignals(True)
        self.setDate(_EMPTY if value is None else QDate(value.year, value.month, value.day))
        self.blockSignals(blocked)

    def offer(self, value: date) -> None:
        """The month the calendar opens at, and typing begins with, while the field is empty."""
        self._offered = QDate(value.year, value.month, 1)
        if self.value() is None:
            self.calendarWidget().setCurrentPage(value.year, value.month)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance("2018年12月31日") + 52, hint.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        if event.key() == Qt.Key.Key_Delete and not self.isReadOnly():
            self.setDate(_EMPTY)
        elif self.value() is None and not self.isReadOnly() and (steps or event.text().isdigit()):
            # An empty field is typed into from the month offered: there is nothing to step or type over otherwise.
            self.setDate(self._offered)
            self.setSelectedSection(self.Section.YearSection)
            if not steps:
                super().keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def _calm(calendar: QCalendarWidget) -> None:
    """Qt's calendar without week numbers, red days and green arrows."""
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    for day, colour in ((Qt.DayOfWeek.Saturday, colours.INK3), (Qt.DayOfWeek.Sunday, colours.INK3)):
        look = QTextCharFormat()
        look.setForeground(QColor(colour))
        calendar.setWeekdayTextFormat(day, look)
    head = QTextCharFormat()
    head.setForeground(QColor(colours.INK2))
    calendar.setHeaderTextFormat(head)
    for name, sign in (("qt_calendar_prevmonth", "chevron_left"), ("qt_calendar_nextmonth", "chevron_right")):
        button = calendar.findChild(QToolButton, name)
        if isinstance(button, QToolButton):
            button.setIcon(icon(sign))


class Tabs(QTabBar):
    """Tabs as words with counts; `chosen` carries the key the user went to."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setUsesScrollButtons(False)
        self.currentChanged.connect(lambda index: self.chosen.emit(self.tabData(index)))

    def set_tabs(self, tabs: Iterable[tuple[object, str, int | None]]) -> None:
        """Show (key, word, count) tabs; a tab with the key in front stays in front; no signal."""
        front = self.current()
        blocked = self.blockSignals(True)
        while self.count():
            self.removeTab(0)
        for key, word, count in tabs:
            index = self.addTab(no_mnemonic(word if count is None else f"{word} {count}"))
            self.setTabData(index, key)
            if key == front:
                self.setCurrentIndex(index)
        self.blockSignals(blocked)

    def current(self) -> object:
        """The key in front, None without tabs."""
        return self.tabData(self.currentIndex()) if self.count() else None

    def set_current(self, key: object) -> None:
        """Bring a tab to the front."""
        for index in range(self.count()):
            if self.tabData(index) == key:
                self.setCurrentIndex(index)
