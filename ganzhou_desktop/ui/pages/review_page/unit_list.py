"""The units of a period with where each stands: filter, table, and going up and down it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QWidget

from ganzhou_desktop.domain import filings, states
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.provisional import marked
from ganzhou_desktop.services.filed_views import ReviewList
from ganzhou_desktop.services.reviewing import UnitStatus
from ganzhou_desktop.ui import texts, theme
from ganzhou_desktop.ui.shapes import FILING_LOOKS
from ganzhou_desktop.ui.table_model import Column, TableModel
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.widgets import Card, EmptyState, Tabs

WIDTH = 414
_ROOM = 6
"""Characters for which a unit's whole name has room."""

ALL, TO_REVIEW, RECEIVED, RETURNED, MISSING = "", "to_review", "received", "returned", "missing"
_WORDS = {ALL: "全部", TO_REVIEW: "待审核", RECEIVED: "已接收", RETURNED: "已退回", MISSING: "未报"}
_LOOK_OF = {
    filings.SUBMITTED: TO_REVIEW,
    filings.REFILED: TO_REVIEW,
    filings.ACCEPTED: RECEIVED,
    filings.RETURNED: RETURNED,
    filings.MISSING: MISSING,
}


def look_key(status: UnitStatus) -> str:
    """Which of the filters a unit falls under."""
    return _LOOK_OF[status.state]


def state_words(status: UnitStatus) -> str:
    """已接收, 待审核 · 重报 …, with ※ while two differ."""
    word = FILING_LOOKS[look_key(status)].word
    if status.state == filings.REFILED:
        word = "重报待审"
    return marked(word, status.filing is not None and bool(status.filing.contested))


def late_words(status: UnitStatus) -> str:
    """逾期 3 天; empty when in time or when nobody has written 收到日 yet."""
    late = status.lateness
    return f"逾期 {late.days} 天" if late.late else ""


class UnitList(Card):
    """`chosen` carries the unit id the user went to."""

    chosen = Signal(str)
    entered = Signal()

    def __init__(self, plan: Callable[[], Plan], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, flush=True)
        self._plan = plan
        self._list: ReviewList | None = None
        self.tabs = Tabs()
        self.table = RowTable(row_height=31)
        self.model = TableModel(self._columns())
        self.model.setParent(self.table)
        self.nothing = EmptyState("没有这样的单位", "换一栏看看。", icon_name="building")

        self.setFixedWidth(theme.scaled(WIDTH))
        self.tabs.setObjectName("stateTabs")
        self.tabs.setAccessibleName("按报送情况筛选")
        self.table.setObjectName("units")
        self.table.setAccessibleName("单位")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.shows_cell_focus = False
        self.table.setModel(self.model)
        row = QHBoxLayout()
        row.setContentsMargins(14, 0, 0, 0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        self.body.setSpacing(0)
        self.body.addLayout(row)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.nothing, 1)
        self.nothing.hide()

        self.tabs.chosen.connect(lambda _key: self._fill(self.current()))
        self.table.selectionModel().currentRowChanged.connect(lambda now, _was: self._moved(now.row()))
        self.table.opened.connect(lambda _index: self.entered.emit())

    def _columns(self) -> list[Column[UnitStatus]]:
        def year_of(status: UnitStatus) -> str:
            return texts.short_date(status.received, self._year()) if status.received is not None else ""

        return [
            Column("单位", self._name, tip=self._tip),
            Column(
                "状态",
                state_words,
                width=96,
                icon_name=lambda s: FILING_LOOKS[look_key(s)].icon or "circle_hint",
                colour=lambda s: FILING_LOOKS[look_key(s)].colour,
            ),
            Column("收到日", year_of, width=78, align="right"),
            Column("逾期", late_words, width=118, state=lambda s: states.OVERDUE if s.lateness.late else None),
        ]

    def _year(self) -> int | None:
        return self._list.period.due.year if self._list is not None else None

    def _name(self, status: UnitStatus) -> str:
        name, short = self._names(status)
        return name if len(name) <= _ROOM else short

    def _names(self, status: UnitStatus) -> tuple[str, str]:
        plan = self._plan()
        return plan.naming(plan.unit_by_id[status.unit], self._list.period.last if self._list is not None else None)

    def _tip(self, status: UnitStatus) -> str:
        late = "期后：关期次以后才来，没有计入本期" if not status.taken and status.filing is not None else ""
        return texts.joined((self._names(status)[0], state_words(status), late_words(status), late))

    def show_list(self, units: ReviewList, wanted: str) -> str:
        """Show the units and stay with `wanted` as far as it is among them; returns the unit in front."""
        self._list = units
        counts = {key: sum(look_key(s) == key for s in units.statuses) for key in _WORDS if key}
        counts[ALL] = len(units.statuses)
        self.tabs.set_tabs([(key, word, counts[key]) for key, word in _WORDS.items()])
        if not wanted:
            wanted = next((s.unit for s in units.statuses if look_key(s) == TO_REVIEW), "")
        return self._fill(wanted)

    def current(self) -> str:
        """The unit in front; empty for none."""
        row = self.table.currentIndex().row()
        return self.model.row(row).unit if 0 <= row < len(self.model.rows) else ""

    def status(self, unit: str) -> UnitStatus | None:
        """Where a unit stands."""
        return next((s for s in self._list.statuses if s.unit == unit), None) if self._list is not None else None

    def waiting(self) -> int:
        """How many wait for review."""
        return sum(look_key(s) == TO_REVIEW for s in self._list.statuses) if self._list is not None else 0

    def show_all(self) -> None:
        """Put the filter aside."""
        self.tabs.set_current(ALL)

    def step(self, by: int) -> None:
        """To the next (1) or previous (-1) unit of those shown."""
        row = self.table.currentIndex().row() + by
        if 0 <= row < len(self.model.rows):
            self._go(row)

    def can_step(self, by: int) -> bool:
        """Whether there is one."""
        return 0 <= self.table.currentIndex().row() + by < len(self.model.rows)

    def go_next_waiting(self) -> None:
        """To the next unit that waits for review, after the one in front, then from the top."""
        waiting = [s.unit for s in self._list.statuses if look_key(s) == TO_REVIEW] if self._list is not None else []
        order = [s.unit for s in self._list.statuses] if self._list is not None else []
        here = order.index(self.current()) if self.current() in order else -1
        later = [unit for unit in waiting if order.index(unit) > here]
        wanted = (later or waiting or [""])[0]
        if wanted:
            if self.tabs.current() not in (ALL, TO_REVIEW):
                self.show_all()
            self._fill(wanted)

    def _fill(self, wanted: str) -> str:
        shown = self._shown()
        head = self.table.selectionModel()
        blocked = head.blockSignals(True)
        down = self.table.verticalScrollBar().value()
        self.model.set_rows(shown)
        head.blockSignals(blocked)
        self.table.setVisible(bool(shown))
        self.nothing.setVisible(not shown)
        if not shown:
            return ""
        row = self._row_near(shown, wanted)
        self._go(row)
        self.table.verticalScrollBar().setValue(down)
        self.table.scrollTo(self.model.index(row, 0))
        return shown[row].unit

    def _shown(self) -> list[UnitStatus]:
        key = self.tabs.current()
        all_units: Sequence[UnitStatus] = self._list.statuses if self._list is not None else ()
        return [s for s in all_units if not key or look_key(s) == key]

    def _row_near(self, shown: list[UnitStatus], wanted: str) -> int:
        """The row of a unit, or of the next one in order when the filter leaves it out."""
        order = [s.unit for s in self._list.statuses] if self._list is not None else []
        at = order.index(wanted) if wanted in order else 0
        places = [order.index(s.unit) for s in shown]
        return next((i for i, place in enumerate(places) if place >= at), len(shown) - 1)

    def _go(self, row: int) -> None:
        flags = QItemSelectionModel.SelectionFlag
        self.table.selectionModel().setCurrentIndex(self.model.index(row, 0), flags.ClearAndSelect | flags.Rows)
        self.table.scrollTo(self.model.index(row, 0))

    def _moved(self, row: int) -> None:
        if 0 <= row < len(self.model.rows):
            self.chosen.emit(self.model.row(row).unit)
