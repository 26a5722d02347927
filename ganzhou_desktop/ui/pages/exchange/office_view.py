"""合账台 of the office: the board, below it the copies put in, or the unit selected."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganzhou_desktop.services.exchange_desk import Desk
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.operations import Busy
from ganzhou_desktop.ui.pages.exchange.board import Board, TileState, tile_states
from ganzhou_desktop.ui.pages.exchange.merge_panel import MergePanel
from ganzhou_desktop.ui.pages.exchange.missing_list import MissingList, reminder
from ganzhou_desktop.ui.pages.exchange.task_board import task_cells, waiting_matters
from ganzhou_desktop.ui.pages.exchange.unit_detail import UnitDetail
from ganzhou_desktop.ui.printing.jobs import answer_job
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.texts import date_text, joined
from ganzhou_desktop.ui.widgets import EmptyState


class OfficeView(QWidget):
    """`hand_out_wanted` carries a list of unit ids to be ticked."""

    hand_out_wanted = Signal(object)

    def __init__(self, session: Session, busy: Busy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._desk: Desk | None = None
        self._waiting: dict[str, int | str] = {}
        self.board = Board()
        empty = EmptyState(
            "还没有放入副本",
            "把单位交来的副本、或整个 U 盘文件夹拖到这一页；先看清楚改动，再合入。",
            "放入副本…",
            "usb_stick",
            main=False,
        )
        self.panel = MergePanel(session, busy, empty)
        self.detail = UnitDetail()
        self.missing = MissingList()

        self.panel.stack.addWidget(self.detail)
        self.panel.stack.addWidget(self.missing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.CARD_GAP)
        column.addWidget(self.board)
        column.addWidget(self.panel, 1)

        self.board.unit_chosen.connect(self._unit_chosen)
        self.panel.looked.connect(self._looked)
        self.detail.closed.connect(lambda: self._unit_chosen(None))
        self.detail.review_wanted.connect(self._review)
        self.detail.hand_out_wanted.connect(lambda unit: self.hand_out_wanted.emit([unit]))
        self.detail.reminder_wanted.connect(lambda unit: self._remind([unit]))
        self.board.missing_button.clicked.connect(self._show_missing)
        self.missing.closed.connect(lambda: self._unit_chosen(None))
        self.missing.reminder_wanted.connect(self._remind)
        self.missing.unit_chosen.connect(self._unit_chosen)
        self.detail.answer_wanted.connect(self._print_answer)

    def show_desk(self, desk: Desk) -> None:
        """Show where everything stands."""
        self._desk = desk
        states = tile_states(self._session.plan, desk, self._waiting)
        due = "" if desk.period is None else f"应报日 {date_text(desk.period.due)}"
        aside = joined((due, f"共 {len(states)} 家", "建制序")) if desk.period else "还没有开期次：先到“设置”里开一期"
        self.board.show_states(states, aside)
        self.missing.show_missing(states, desk)
        packages = [s.package for s in self.panel.staged if s.package is not None]
        coming = waiting_matters(self._session.plan, packages, "" if desk.period is None else desk.period.name)
        self.board.tasks.show_cells(self._session.plan, task_cells(self._session.plan, desk, coming))
        self.panel.show_desk(desk)
        if self.panel.stack.currentWidget() is self.detail:
            self._show_detail(self.board.selected)

    def add_choice(self, button: QWidget) -> None:
        """Put a button beside what chooses files."""
        self.panel.card.add_action(button)

    def marks(self) -> dict[str, str]:
        """Unit → its state in a word, for the hand-out's list."""
        if self._desk is None:
            return {}
        return {s.unit: s.word for s in tile_states(self._session.plan, self._desk, self._waiting)}

    def states(self) -> dict[str, TileState]:
        """Unit → what its tile says."""
        return {unit: self.board.tile(unit).shown for unit in self.board.units}

    def _looked(self, waiting: dict[str, int | str]) -> None:
        self._waiting = waiting
        if self._desk is not None:
            self.show_desk(self._desk)
        if waiting:
            self._unit_chosen(None)

    def _unit_chosen(self, unit: str | None) -> None:
        self.board.select(unit)
        if unit is None or self.panel.show_unit(unit):
            self.panel.stack.setCurrentWidget(self.panel.card)
        else:
            self._show_detail(unit)

    def _show_detail(self, unit: str | None) -> None:
        if unit is None or self._desk is None or unit not in self.board.units:
            self.panel.stack.setCurrentWidget(self.panel.card)
            return
        self.detail.show_unit(self.board.tile(unit).shown, self._desk)
        self.panel.stack.setCurrentWidget(self.detail)

    def _review(self, unit: str) -> None:
        period = None if self._desk is None or self._desk.period is None else self._desk.period.name
        self._session.go("review", {"unit": unit, "period": period})

    def _print_answer(self, unit: str) -> None:
        if self._desk is not None and self._desk.period is not None:
            name = self._session.plan.unit_by_id[unit].name
            self._session.go("preview", answer_job(self._session.ledger, unit, name, self._desk.period.name))

    def _remind(self, units: list[str]) -> None:
        """The text of a call or a message, ready to be pasted."""
        if self._desk is None or self._desk.period is None:
            return
        tiles = [self.board.tile(unit).shown for unit in units]
        QGuiApplication.clipboard().setText(reminder(self._session.plan, self._desk, tiles))
        who = tiles[0].name if len(tiles) == 1 else f"{len(tiles)} 家"
        self.panel.notice.say(f"{who}的催报文字已复制，可以粘贴到短信或微信里。", "done")

    def _show_missing(self) -> None:
        self.board.select(None)
        self.panel.stack.setCurrentWidget(self.missing)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown = self.panel.stack.currentWidget()
        if event.key() == Qt.Key.Key_Escape and (self.board.selected is not None or shown is self.missing):
            self._unit_chosen(None)
        else:
            super().keyPressEvent(event)
