"""The start page's window: the dark panel, the choices, ledgers opened lately, and the steps behind the choices."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from ganzhou_desktop import paths
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import app_icon, pixmap
from ganzhou_desktop.ui.messages import Messages
from ganzhou_desktop.ui.operations import Operations
from ganzhou_desktop.ui.preferences import Recent
from ganzhou_desktop.ui.printing.fonts import missing_fonts
from ganzhou_desktop.ui.session import LEDGERS, Files
from ganzhou_desktop.ui.start_window.choices import Choice
from ganzhou_desktop.ui.start_window.join_step import JoinStep
from ganzhou_desktop.ui.start_window.new_step import BUILT_IN, NewStep
from ganzhou_desktop.ui.start_window.panel import BrandPanel
from ganzhou_desktop.ui.start_window.restore_step import RestoreStep
from ganzhou_desktop.ui.start_window.revive_step import ReviveStep
from ganzhou_desktop.ui.start_window.steps import Step
from ganzhou_desktop.ui.table_model import ROW_ROLE, Column, TableModel
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.texts import NO_VALUE, PROGRAM, date_text
from ganzhou_desktop.ui.widgets import BusyBar, Button, Card, ElidedLabel, PlainLabel, rule

MINIMUM = QSize(1200, 680)
ROWS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class RecentRow:
    """A ledger opened lately; `here`: its file is still where it was."""

    recent: Recent
    here: bool = True


@dataclass(frozen=True, slots=True)
class PcChecks:
    """What was found on this PC; `folder_fault` is empty when ledgers can be written to their usual folder."""

    plan: Plan | None
    here: tuple[bool, ...]
    folder: Path
    folder_fault: str


def check_pc(recent: Sequence[Recent]) -> PcChecks:
    """Look at the usual folder, the ledgers opened lately and the built-in plan."""
    folder = paths.default_ledger_dir()
    there = folder
    while not there.is_dir() and there.parent != there:
        there = there.parent
    fault = ""
    try:
        with tempfile.TemporaryFile(dir=there) as probe:
            probe.write(b"1")
    except OSError:
        fault = f"文件夹“{there}”不能写，请在下一步换个位置"
    built_in = paths.plan_file(BUILT_IN)
    return PcChecks(
        read_plan(built_in) if built_in.is_file() else None,
        tuple(Path(r.path).is_file() for r in recent),
        folder,
        fault,
    )


def _opened(recent: Recent) -> str:
    try:
        return date_text(datetime.fromisoformat(recent.opened).date())
    except ValueError:
        return NO_VALUE


class CheckItem(QWidget):
    """One check of this PC: a sign and words."""

    def __init__(self, good: bool, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        sign = QLabel()
        name = "checkmark_circle" if good else "info"
        sign.setPixmap(pixmap(name, theme.ICON_ROW, colours.INK2, False, self.devicePixelRatioF()))
        self.words = ElidedLabel(words, "note")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(sign)
        row.addWidget(self.words, 1)


class HomeStep(QWidget):
    """The choices, the ledgers opened lately, the checks."""

    def __init__(self, recent: Sequence[Recent], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.join = Choice(
            "arrow_download", "接收下发的副本", "选区里给的 .gzcopy 文件，本机就知道是哪个单位", "各责任单位用"
        )
        self.new = Choice(
            "document_add", "按实施方案建新台账", "读入方案，列出任务、单位、指标，逐个核定数字", "区级汇总用"
        )
        self.open = Choice("folder_open", "打开已有台账", "本机或 U 盘里的 .gzdb 文件，也可以拖到这里", "任何人")
        self.restore = Button("用备份恢复…", kind="text")
        self.revive = Button("没有备份，用恢复单找回…", kind="text", tip="区级汇总用：从任一单位的副本找回区级台账")
        for widget, name in (
            (self.join, "start_join"),
            (self.new, "start_new"),
            (self.open, "start_open"),
            (self.restore, "start_restore"),
            (self.revive, "start_revive"),
        ):
            widget.setObjectName(name)
        self.model: TableModel[RecentRow] = TableModel(
            [
                Column("台账", lambda r: r.recent.name, bold=True, tip=lambda r: r.recent.path),
                Column("单位", lambda r: r.recent.who, width=112),
                Column("期次", lambda r: (r.recent.period or NO_VALUE) if r.here else "找不到文件了", width=130),
                Column("上次打开", lambda r: _opened(r.recent), "right", width=124),
            ],
            [RecentRow(r) for r in recent],
            tone=lambda r: "" if r.here else "quiet",
        )
        self.table = RowTable(row_height=36)
        self.recent_card = Card(flush=True)
        self._checks = QVBoxLayout()
        self._lay_out(bool(recent))

    def _lay_out(self, has_recent: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = PlainLabel("从哪里开始？")
        head.setStyleSheet(f"font-size: {theme.scaled(theme.BIG_NUMBER)}px; font-weight: bold;")
        column.addWidget(head)
        column.addSpacing(6)
        column.addWidget(PlainLabel("第一次用，选一项；以后打开程序直接进上次的台账。", "second"))
        column.addSpacing(16)
        for choice in (self.join, self.new, self.open):
            column.addWidget(choice)
            column.addSpacing(10)
        column.addSpacing(10)
        row = QHBoxLayout()
        recent_title = PlainLabel("最近打开", "card")
        row.addWidget(recent_title)
        row.addStretch(1)
        row.addWidget(self.revive)
        row.addWidget(self.restore)
        column.addLayout(row)
        column.addSpacing(6)
        self.table.setModel(self.model)
        self.table.setObjectName("start_recent")
        self.table.setAccessibleName("最近打开的台账")
        self.table.setSelectionMode(RowTable.SelectionMode.SingleSelection)
        head_height, row_height = theme.scaled(theme.TABLE_HEAD) + 4, theme.scaled(36)
        self.table.setMinimumHeight(head_height + min(self.model.rowCount(), 2) * row_height - 2)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.recent_card.setMaximumHeight(head_height + min(self.model.rowCount(), ROWS_SHOWN) * row_height)
        self.recent_card.body.addWidget(self.table)
        column.addWidget(self.recent_card, 100)
        column.addSpacing(theme.GAP_M)
        recent_title.setVisible(has_recent)
        self.recent_card.setVisible(has_recent)
        column.addStretch(1)
        column.addWidget(rule("line2"))
        column.addSpacing(10)
        self._checks.setSpacing(5)
        column.addLayout(self._checks)

    def show_checks(self, found: PcChecks) -> None:
        """Show what was found on this PC."""
        self.model.set_rows([RecentRow(r.recent, here) for r, here in zip(self.model.rows, found.here, strict=True)])
        folder = found.folder_fault or f"文件夹可写：{found.folder}"
        items = [CheckItem(not found.folder_fault, folder)]
        lacking = missing_fonts()
        items.append(CheckItem(not lacking, "".join(lacking) if lacking else "打印用的字体都有"))
        for item in items:
            self._checks.addWidget(item)


class StartWindow(QWidget):
    """Asks the composition root to open, make or join; looks into copies, plans and backups itself."""

    wants_open = Signal(object)
    wants_new = Signal(object, object)
    wants_join = Signal(object, object, bool)
    help_wanted = Signal()

    def __init__(
        self,
        operations: Operations,
        messages: Messages,
        files: Files,
        recent: list[Recent],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._operations = operations
        self._messages = messages
        self._files = files
        self._recent = tuple(recent)
        self._checked = False
        self.panel = BrandPanel()
        self.stack = QStackedWidget()
        self._right = QWidget()
        self.busy = BusyBar(self._right)
        self.home = HomeStep(self._recent)
        self.join = JoinStep(operations, files, lambda: self.busy)
        self.new = NewStep(operations, files, lambda: self.busy)
        self.revive = ReviveStep(operations, files, lambda: self.busy)
        self.restore = RestoreStep(operations, files, lambda: self.busy, self._recent)

        self.setWindowTitle(PROGRAM)
        self.setWindowIcon(app_icon())
        self.setMinimumSize(MINIMUM)
        self.setAcceptDrops(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.panel)
        row.addWidget(self._right, 1)
        inside = QVBoxLayout(self._right)
        inside.setContentsMargins(72, 56, 72, 20)
        inside.addWidget(self.stack)
        for page in (self.home, self.join, self.new, self.restore, self.revive):
            self.stack.addWidget(page)
        self._connect()

    def _connect(self) -> None:
        QShortcut(QKeySequence(Qt.Key.Key_F1), self).activated.connect(self.help_wanted)
        self.home.join.clicked.connect(lambda: self._show(self.join) if self.join.choose() else None)
        self.home.new.clicked.connect(self._start_new)
        self.home.open.clicked.connect(self._open)
        self.home.restore.clicked.connect(lambda: self._show(self.restore) if self.restore.choose() else None)
        self.home.table.opened.connect(self._open_recent)
        self.join.joined.connect(self.wants_join)
        self.new.made.connect(self.wants_new)
        self.home.revive.clicked.connect(lambda: self._show(self.revive) if self.revive.choose() else None)
        self.restore.restored.connect(self.wants_open)
        self.revive.revived.connect(self.wants_open)
        for step in (self.join, self.new, self.revive):
            step.open_wanted.connect(self.wants_open)
        steps: tuple[Step, ...] = (self.join, self.new, self.restore, self.revive)
        for each in steps:
            each.back.connect(self.show_home)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.stack.currentWidget() is self.home:
            self.home.join.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self._checked:
            self._checked = True
            recent = self._recent
            self._operations.run_read(self, lambda _progress: check_pc(recent), self._show_checks)

    def _show_checks(self, found: PcChecks) -> None:
        if found.plan is not None:
            self.panel.pattern.show_plan(found.plan)
        self.home.show_checks(found)

    def show_home(self) -> None:
        """Back to the choices."""
        self._show(self.home)
        self.home.join.setFocus(Qt.FocusReason.OtherFocusReason)

    def offer_copy(self, path: Path) -> None:
        """Show what a copy says, for the person to receive it."""
        self._show(self.join)
        self.join.offer(path)

    def _show(self, page: QWidget) -> None:
        self.stack.setCurrentWidget(page)

    def _start_new(self) -> None:
        self._show(self.new)
        self.new.start()

    def _open(self) -> None:
        path = self._files.open_file(self, "打开台账", LEDGERS)
        if path is not None:
            self.wants_open.emit(path)

    def _open_recent(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if isinstance(row, RecentRow):
            self.wants_open.emit(Path(row.recent.path))

    # -- dropping a file --------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if len(event.mimeData().urls()) == 1 and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take_file(Path(event.mimeData().urls()[0].toLocalFile()))
        event.acceptProposedAction()

    def take_file(self, path: Path) -> None:
        """A file was dropped: a ledger is opened, a plan read, anything else looked at as a copy."""
        suffix = path.suffix.lower()
        if suffix == ".gzdb":
            self.wants_open.emit(path)
        elif suffix == ".toml":
            self._show(self.new)
            self.new.offer(path)
        else:
            self.offer_copy(path)
