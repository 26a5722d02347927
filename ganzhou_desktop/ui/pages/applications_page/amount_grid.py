"""金额: a row for each of 申请额, 批复额, 拨付额, 到账额, with its day, who pays and the paper."""

from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from ganzhou_desktop.domain.applications import AMOUNT_MEMBERS, AMOUNT_WORDS, AMOUNTS, Amount
from ganzhou_desktop.domain.canonical import decimal_text
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.applications_page.typed_fields import Reading, day_text
from ganzhou_desktop.ui.widgets import PlainLabel

_TITLES = ("万元", "日期", "由谁支付", "文号")


@dataclass
class AmountRow:
    """The fields of one amount."""

    value: QLineEdit
    on: QLineEdit
    payer: QLineEdit
    number: QLineEdit


class AmountGrid(QWidget):
    """`rows`: applied, approved, paid, received → its fields."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, AmountRow] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.GAP_S)
        grid.setVerticalSpacing(4)
        for place, title in enumerate(("", *_TITLES)):
            grid.addWidget(PlainLabel(title, "note"), 0, place)
        for n, name in enumerate(AMOUNTS, 1):
            row = AmountRow(*(QLineEdit() for _ in range(4)))
            grid.addWidget(PlainLabel(AMOUNT_WORDS[name], "strong"), n, 0)
            fields = (row.value, row.on, row.payer, row.number)
            for place, (title, field) in enumerate(zip(_TITLES, fields, strict=True), 1):
                field.setAccessibleName(f"{AMOUNT_WORDS[name]}：{title}")
                field.setObjectName(f"amount_{name}_{place}")
                if place < 3:
                    field.setFixedWidth(theme.scaled(104))
                grid.addWidget(field, n, place)
            row.on.setPlaceholderText("2018-04-05")
            self.rows[name] = row
        grid.setColumnStretch(3, 1)
        grid.setColumnStretch(4, 1)

    def fill(self, name: str, amount: Amount) -> None:
        """Show what is held of an amount; one of another name is left out."""
        row = self.rows.get(name)
        if row is not None:
            row.value.setText(decimal_text(amount.value))
            row.on.setText(day_text(amount.on))
            row.payer.setText(amount.payer)
            row.number.setText(amount.number)

    def read(self, reading: Reading) -> dict[str, Amount | None]:
        """Every amount as it is typed now; None for an empty row."""
        return {name: self._read_row(row, reading) for name, row in self.rows.items()}

    def _read_row(self, row: AmountRow, reading: Reading) -> Amount | None:
        value = reading.number(row.value)
        on, payer, number = reading.day(row.on), row.payer.text().strip(), row.number.text().strip()
        if value is None:
            if on is not None or payer or number:
                reading.missing(row.value)  # a day or payer without an amount says nothing
            return None
        return Amount(value, on, payer, number)

    def places(self) -> dict[str, QLineEdit]:
        """Every field by its place in a draft."""
        return {f"amount/{name}/{m}": getattr(row, m) for name, row in self.rows.items() for m in AMOUNT_MEMBERS}
