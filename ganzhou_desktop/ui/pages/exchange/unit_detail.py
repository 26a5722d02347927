"""One unit selected on the board: where it stands, whom to call, which copies came and went."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ganzhou_desktop.services.exchange_desk import Desk
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.exchange.board import MISSING, RETURNED, TileState
from ganzhou_desktop.ui.pages.exchange.travelled_view import TravelledTable
from ganzhou_desktop.ui.texts import CONTACT_WORDS, NO_VALUE, joined
from ganzhou_desktop.ui.widgets import Button, Card, ElidedLabel, PlainLabel, rule


class UnitDetail(Card):
    """`closed`: back to the copies put in; the other signals carry the unit's id."""

    closed = Signal()
    review_wanted = Signal(str)
    hand_out_wanted = Signal(str)
    reminder_wanted = Signal(str)
    answer_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", parent=parent)
        self.setObjectName("unit_detail")
        self._unit = ""
        self.review_button = Button("看报表和审核", "eye")
        self.answer_button = Button("回执单", "print", tip="打印区里对这份报表的逐条答复")
        self.hand_out_button = Button("下发副本", "arrow_export")
        self.reminder_button = Button("复制催报", "copy")
        self.close_button = Button(icon_name="dismiss", kind="bare", tip="关闭，回到放入的副本")
        self._people = {name: ElidedLabel() for name in CONTACT_WORDS}
        self.reason = PlainLabel(role="second", wrap=True)
        self.table = TravelledTable(short=True)
        self.nothing = PlainLabel("这个单位还没有副本来往。", "second")

        for button in (
            self.reminder_button,
            self.review_button,
            self.answer_button,
            self.hand_out_button,
            self.close_button,
        ):
            self.add_action(button)
        left = QVBoxLayout()
        left.setSpacing(theme.GAP_S)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.GAP_M)
        grid.setVerticalSpacing(6)
        for row, (name, word) in enumerate(CONTACT_WORDS.items()):
            grid.addWidget(PlainLabel(word, "note"), row, 0)
            grid.addWidget(self._people[name], row, 1)
        grid.setColumnStretch(1, 1)
        left.addLayout(grid)
        left.addWidget(self.reason)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addWidget(PlainLabel("往来的副本", "noteStrong"))
        right.addWidget(self.nothing)
        right.addWidget(self.table, 1)
        right.addStretch(0)
        columns = QHBoxLayout()
        columns.setSpacing(theme.GAP_XL)
        columns.addLayout(left, 2)
        columns.addWidget(rule("vline"))
        columns.addLayout(right, 5)
        self.body.addLayout(columns, 1)

        self.close_button.clicked.connect(self.closed)
        self.review_button.clicked.connect(lambda: self.review_wanted.emit(self._unit))
        self.hand_out_button.clicked.connect(lambda: self.hand_out_wanted.emit(self._unit))
        self.answer_button.clicked.connect(lambda: self.answer_wanted.emit(self._unit))
        self.reminder_button.clicked.connect(lambda: self.reminder_wanted.emit(self._unit))
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)

    def show_unit(self, tile: TileState, desk: Desk) -> None:
        """Show one unit."""
        self._unit = tile.unit
        self.title.setText(tile.name)
        self.set_note(joined((tile.word, tile.left, "" if tile.state == MISSING else tile.right)))
        people = desk.contacts.get(tile.unit, {})
        for name, label in self._people.items():
            label.setText(people.get(name) or NO_VALUE)
        status = next((s for s in desk.units if s.unit == tile.unit), None)
        submitted = status is not None and status.filing is not None and status.filing.submitted
        self.review_button.set_enabled_because(submitted, "这一期还没有收到它的报表。")
        self.answer_button.setVisible(submitted)
        self.reminder_button.setVisible(tile.state == MISSING and status is not None)
        back = [r.reason for r in status.reviews if r.reason] if status is not None else []
        self.reason.setText(f"退回原因：{back[-1]}" if back and tile.state == RETURNED else "")
        self.reason.setVisible(bool(self.reason.text()))
        rows = tuple(t for t in desk.travelled if t.unit == tile.unit)
        self.table.show_rows(rows)
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
