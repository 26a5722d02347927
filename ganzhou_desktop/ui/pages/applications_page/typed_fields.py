"""Days and numbers typed into the fields of an application; what cannot be read is marked and remembered."""

from datetime import date
from decimal import Decimal

from PySide6.QtWidgets import QLineEdit

from ganzhou_desktop.domain.typed import read_date, read_number
from ganzhou_desktop.ui.widgets import mark_error


class Reading:
    """One reading of a form.  `wrong`: fields that hold no day or number; `bare`: amounts missing beside a payer."""

    def __init__(self) -> None:
        self.wrong: list[QLineEdit] = []
        self.bare: list[QLineEdit] = []

    @property
    def first(self) -> QLineEdit | None:
        """Where to go first to put it right; None when all could be read."""
        return next(iter(self.wrong or self.bare), None)

    def day(self, field: QLineEdit) -> date | None:
        """The day in a field; None when it is empty or marked."""
        mark_error(field, False)
        day = read_date(field.text()) if field.text().strip() else None
        if day is None and field.text().strip():
            self._mark(field)
        return day

    def number(self, field: QLineEdit, *, whole: bool = False) -> Decimal | None:
        """The number in a field; None when it is empty or marked."""
        mark_error(field, False)
        number = read_number(field.text()) if field.text().strip() else None
        if (number is None and field.text().strip()) or (whole and number is not None and number % 1):
            self._mark(field)
        return number

    def missing(self, field: QLineEdit) -> None:
        """An amount that says nothing: a day, payer or paper stands beside an empty field."""
        mark_error(field, True)
        self.bare.append(field)

    def _mark(self, field: QLineEdit) -> None:
        mark_error(field, True)
        self.wrong.append(field)


def day_text(day: date | None) -> str:
    """A day as it is typed; empty for none."""
    return "" if day is None else day.isoformat()
