"""数据交换: the page with its three views, and everything that may be dropped on it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QHideEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QStackedWidget, QWidget

from ganzhou_desktop.services import backups, sticks
from ganzhou_desktop.services.exchange_desk import Cases, Desk, read_cases, read_desk
from ganzhou_desktop.services.sticks import Stick
from ganzhou_desktop.ui.operations import Progress
from ganzhou_desktop.ui.pages.exchange.board import DropTile
from ganzhou_desktop.ui.pages.exchange.checkup_view import CheckupView
from ganzhou_desktop.ui.pages.exchange.conflicts_dialog import ConflictsDialog
from ganzhou_desktop.ui.pages.exchange.hand_out_dialog import HandOutDialog
from ganzhou_desktop.ui.pages.exchange.office_view import OfficeView
from ganzhou_desktop.ui.pages.exchange.travelled_view import TravelledView
from ganzhou_desktop.ui.pages.exchange.unit_view import UnitView
from ganzhou_desktop.ui.pages.exchange.values_dialog import ValuesDialog
from ganzhou_desktop.ui.session import COPIES, LEDGERS, Session
from ganzhou_desktop.ui.texts import period_text, size_text
from ganzhou_desktop.ui.widgets import BusyBar, Button, NoticeBar, Segmented, TitleRow, page_column

DESK = "desk"
LOG = "log"
CHECK = "check"
CONFLICTS = "conflicts"
_WATCH = 3000
"""Milliseconds between looks for a drive that was put in, while the page is in view."""


class ExchangePage(QWidget):
    """Argument: None, "conflicts" to decide 两处不一致 at once, or the path of a copy to be looked at."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._refreshing = False
        self.title_row = TitleRow("数据交换")
        self.busy = BusyBar(self, self.title_row)
        first = "合账台" if session.office else "交换"
        self.views = Segmented([(DESK, first), (LOG, "往来记录"), (CHECK, "体检")])
        self.backup_button = Button("备份", "database", tip="把整本台账存一份到别处（电脑的身份不在里面）")
        self.hand_out_button = Button("下发副本", "arrow_export")
        self.desk_view: OfficeView | UnitView = (
            OfficeView(session, self.busy) if session.office else UnitView(session, self.busy)
        )
        self.log_view = TravelledView()
        self.check_view = CheckupView(session, self.busy)
        self.stack = QStackedWidget()
        self.folder_button = Button("选文件夹或 U 盘…", "usb_stick", tip="按内容找出里面的副本，文件名不限")
        self.stick_notice = NoticeBar()
        self.sticks: Callable[[], Sequence[Path]] = sticks.removable_places
        """Where the drives are; tests put folders in their place."""
        self._seen: set[Path] = set()
        self._stick: Stick | None = None
        self._watch = QTimer(self)
        self.values_dialog: ValuesDialog | None = None
        self.hand_out_dialog: HandOutDialog | None = None
        self.conflicts_dialog: ConflictsDialog | None = None

        self.views.setObjectName("views")
        self.backup_button.setObjectName("backup")
        self.hand_out_button.setObjectName("hand_out")
        self.folder_button.setObjectName("choose_folder")
        self.stick_notice.setObjectName("stick")
        self.setAcceptDrops(True)
        self._lay_out()
        panel = self.desk_view.panel
        self.views.chosen.connect(self._show_view)
        self.title_row.period_chosen.connect(session.set_period)
        session.period_changed.connect(lambda _: self.refresh())
        self.backup_button.clicked.connect(self._backup)
        self.put_in.clicked.connect(self._choose_files)
        panel.files_wanted.connect(self._choose_files)
        panel.table.opened.connect(self._show_values)
        self.folder_button.clicked.connect(self._choose_folder)
        self.stick_notice.action_chosen.connect(self._put_in_stick)
        self._watch.timeout.connect(self.look_for_sticks)
        panel.merged.connect(lambda _: self.refresh())
        panel.undone.connect(self.refresh)
        panel.conflicts_wanted.connect(self.decide_conflicts)
        self.check_view.rebuilt.connect(self.refresh)
        QShortcut(QKeySequence("Ctrl+O"), self, self._choose_files)
        if isinstance(self.desk_view, OfficeView):
            self.hand_out_button.clicked.connect(lambda: self.hand_out())
            self.desk_view.hand_out_wanted.connect(self.hand_out)

    def _lay_out(self) -> None:
        self.title_row.add_left(self.views)
        self.title_row.add_action(self.backup_button)
        if self._session.office:
            self.title_row.add_action(self.hand_out_button)
        for view in (self.desk_view, self.log_view, self.check_view):
            self.stack.addWidget(view)
        self.desk_view.add_choice(self.folder_button)
        column = page_column(self, self.title_row)
        column.addWidget(self.stick_notice)
        column.addWidget(self.stack)

    @property
    def put_in(self) -> DropTile:
        """The tile that asks for files."""
        return self.desk_view.board.put_in if isinstance(self.desk_view, OfficeView) else self.desk_view.put_in

    # -- the page's protocol --------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the ledger holds now; copies put in stay where they are."""
        period = self._session.period
        self._session.operations.run_read(
            self, lambda _progress: read_desk(self._session.ledger, period), self._show_desk, busy=self.busy
        )

    def can_leave(self) -> bool:
        """Always: copies put in wait here."""
        return True

    def show_argument(self, argument: object) -> None:
        """Go to the cases to be decided, or look at a copy, when asked for."""
        self.views.set_current(DESK)
        if argument == CONFLICTS:
            self.decide_conflicts()
        elif isinstance(argument, Path):
            self.put_in_files([argument])

    def _show_desk(self, desk: Desk) -> None:
        self.title_row.set_periods(
            [(p.name, period_text(p.name)) for p in reversed(desk.periods)],
            None if desk.period is None else desk.period.name,
        )
        self.desk_view.show_desk(desk)
        self.log_view.show_log(desk.travelled, self._session.plan)

    def _show_view(self, key: object) -> None:
        self.stack.setCurrentIndex((DESK, LOG, CHECK).index(str(key)))

    # -- files ----------------------------------------------------------------------------------------------

    def _choose_files(self) -> None:
        self.put_in_files(self._session.files.open_files(self, "放入副本", COPIES))

    def _choose_folder(self) -> None:
        folder = self._session.files.choose_folder(self, "放副本的文件夹或 U 盘")
        if folder is not None:
            self.put_in_files([folder])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch.start(_WATCH)
        QTimer.singleShot(0, self, self.look_for_sticks)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._watch.stop()

    def look_for_sticks(self) -> None:
        """Tell what lies on a drive that was put in since the last look."""
        places = set(self.sticks())
        fresh = sorted(places - self._seen)
        self._seen = places
        if self._stick is not None and self._stick.place not in places:
            self._stick = None
            self.stick_notice.dismiss()
        ledger = self._session.ledger
        if fresh:
            self._session.operations.run_read(
                self,
                lambda _progress: [sticks.look_at(ledger, place) for place in fresh],
                self._tell_sticks,
                busy=self.busy,
            )

    def _tell_sticks(self, found: list[Stick]) -> None:
        stick = next((s for s in found if s.new), next((s for s in found if s.copies), None))
        if stick is None:
            return
        self._stick = stick
        new = len(stick.new)
        if self._session.office:
            told = f"{new} 份是新的。" if new else "都已经合入过。"
            self.stick_notice.say(
                f"U 盘 {stick.place} 上有 {len(stick.copies)} 份副本，{told}",
                "info",
                f"放入新的 {new} 份" if new else "",
            )
        elif any(c.answer for c in stick.new):
            self.stick_notice.say(f"U 盘 {stick.place} 上有区里的新答复。", "info", "打开最新的一份")

    def _put_in_stick(self) -> None:
        stick = self._stick
        if stick is None:
            return
        self.stick_notice.dismiss()
        if self._session.office:
            self.put_in_files([c.file for c in stick.new])
        else:
            self.put_in_files([c.file for c in stick.new if c.answer][:1])

    def _show_values(self, index: QModelIndex) -> None:
        """A row of the preview in full."""
        change = self.desk_view.panel.table.preview.row(index.row()).change
        if change is not None:
            self.values_dialog = ValuesDialog(self, self._session.plan, change)
            self.values_dialog.finished.connect(self.values_dialog.deleteLater)
            self.values_dialog.open()

    def put_in_files(self, paths: list[Path]) -> None:
        """Files or folders, whatever their names end with."""
        if paths:
            self.views.set_current(DESK)
            self.desk_view.panel.put_in(paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_over(False)
        event.acceptProposedAction()
        self.put_in_files([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def _set_over(self, over: bool) -> None:
        self.put_in.set_over(over)

    # -- actions --------------------------------------------------------------------------------------------

    def hand_out(self, units: list[str] | None = None) -> None:
        """Open 下发副本 with these units ticked; all of them when none are named."""
        if not isinstance(self.desk_view, OfficeView):
            return
        dialog = HandOutDialog(self._session, self, self.desk_view.marks(), units)
        dialog.finished.connect(lambda _: self.refresh())
        dialog.finished.connect(dialog.deleteLater)
        self.hand_out_dialog = dialog
        dialog.open()

    def decide_conflicts(self) -> None:
        """Open 裁定两处不一致 on every open case."""
        self._session.operations.run_read(
            self, lambda _progress: read_cases(self._session.ledger), self._open_cases, busy=self.busy
        )

    def _open_cases(self, cases: Cases) -> None:
        if not cases.conflicts:
            self.desk_view.panel.notice.say("没有两处不一致要裁定。", "info")
            return
        dialog = ConflictsDialog(self._session, self, cases)
        dialog.decided.connect(self.refresh)
        dialog.review_wanted.connect(lambda argument: self._session.go("review", argument))
        dialog.finished.connect(dialog.deleteLater)
        self.conflicts_dialog = dialog
        dialog.open()

    def _backup(self) -> None:
        ledger = self._session.ledger
        out = self._session.files.save_file(self, "备份到", backups.offered_name(ledger), LEDGERS)
        if out is None:
            return

        def work(_progress: Progress) -> int:
            backups.backup(ledger, out)
            return out.stat().st_size

        def done(size: int) -> None:
            self.desk_view.panel.notice.say(f"已备份到 {out}（{size_text(size)}）。恢复备份在开始页里做。", "done")
            self.views.set_current(DESK)

        self._session.operations.run_write(self, "备份", work, done, kinds=(), busy=self.busy)
