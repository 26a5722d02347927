"""恢复单: printing it once and forgetting it here; typing it to make this PC a seat of the office."""

import platform
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ganzhou_desktop.domain import kinds
from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.services import ledgers, recovery, sites
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.sites import Site
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.settings_page.section import Section
from ganzhou_desktop.ui.printing import jobs
from ganzhou_desktop.ui.recovery_code import CodeForm
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.widgets import (
    BusyBar,
    Button,
    Card,
    ChipCombo,
    MessageLine,
    NoticeBar,
    PlainLabel,
)

FORGET = "已印好并锁好，本机忘掉它"


@dataclass(frozen=True, slots=True)
class RecoveryRead:
    """What the section shows."""

    waiting: str | None
    seats: tuple[Site, ...]
    writable: bool


def read_recovery(ledger: Ledger) -> RecoveryRead:
    """Read it, on the worker."""
    seats = tuple(s for s in sites.list_sites(ledger) if s.scope == kinds.ALL)
    return RecoveryRead(recovery.waiting(ledger), seats, ledger.writable)


class RecoverySection(Section):
    """恢复单 (office)."""

    key = "recovery"
    title = "恢复单"
    icon = "document_text"
    kinds = frozenset({"site", "merge", "undo"})

    def __init__(self, session: Session, busy: BusyBar, parent: QWidget | None = None) -> None:
        super().__init__(session, busy, parent)
        self._read: RecoveryRead | None = None
        self._printed = False
        self.bar = NoticeBar()
        self.state = PlainLabel(role="strong", wrap=True)
        self.print = Button("打印恢复单", "print", kind="main")
        self.forget = Button(FORGET)
        self.form = CodeForm()
        self.stop = ChipCombo("同时停用")
        self.line = MessageLine()
        self.recover = Button("用恢复单认可本机", "key")
        self._lay_out()

        self.print.clicked.connect(self.print_sheet)
        self.forget.clicked.connect(self._forget)
        self.recover.clicked.connect(self._recover)
        self.form.changed.connect(lambda: self.line.set_message(""))

    def _lay_out(self) -> None:
        self.print.setObjectName("recovery_print")
        self.forget.setObjectName("recovery_forget")
        self.recover.setObjectName("recovery_recover")
        self.stop.setObjectName("recovery_stop")
        sheet = Card("这本台账的恢复单")
        sheet.body.addWidget(self.state)
        sheet.body.addWidget(
            PlainLabel(
                "恢复单是一张纸，上面 14 组字。区级汇总的电脑坏了、换了，在新电脑上打开台账的备份，照着它输入就能接着办；"
                "谁拿到它谁就能以区里的名义办账，所以只印一份，锁进保险柜，不拍照、不存电脑。",
                "second",
                wrap=True,
            )
        )
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_S)
        row.addWidget(self.print)
        row.addWidget(self.forget)
        row.addStretch(1)
        sheet.body.addLayout(row)
        self.column.addWidget(sheet)

        typed = Card("用恢复单认可本机", "换了电脑，或本机只能看不能写的时候用")
        typed.body.addWidget(
            PlainLabel("按行输入恢复单上的字，不分大小写；满一组自动到下一组，也可以整段粘贴。", "second", wrap=True)
        )
        typed.body.addWidget(self.form)
        typed.body.addWidget(self.line)
        second = QHBoxLayout()
        second.setSpacing(theme.GAP_S)
        second.addWidget(self.recover)
        second.addWidget(self.stop)
        second.addStretch(1)
        typed.body.addLayout(second)
        self.column.addWidget(typed)
        self.column.addStretch(1)

    def refresh(self) -> None:
        ledger = self.session.ledger
        self.session.operations.run_read(self, lambda _progress: read_recovery(ledger), self._show, busy=self.busy)

    def _show(self, read: RecoveryRead) -> None:
        self._read = read
        waiting = read.waiting is not None
        if waiting:
            self.state.setText(
                "已打印。看清纸上的字、锁进保险柜以后，让本机忘掉它；忘掉以后不能再印。"
                if self._printed
                else "还没有打印恢复单。请现在打印，锁进保险柜。"
            )
        else:
            self.state.setText("本机不存恢复单的字：已经印好锁好，或者是在另一台电脑上印的。丢了不能补印。")
        self.print.setVisible(waiting)
        self.print.setText("再印一次" if self._printed else "打印恢复单")
        self.forget.setVisible(waiting)
        self.forget.set_enabled_because(self._printed, "先打印，看清纸上的字")
        others = [(s.site, f"{s.pc or '没有名字的电脑'} {s.code}") for s in read.seats if not s.here and not s.stopped]
        self.stop.set_options([("", "不停用旧电脑"), *others])
        self.stop.setVisible(bool(others))
        self.recover.set_enabled_because(read.writable, "台账是只读打开的；请复制到本机硬盘再打开")

    def print_sheet(self) -> None:
        """Go to the preview of the sheet."""
        ledger = self.session.ledger

        def show(code: str | None) -> None:
            if code is not None:
                self.session.go("preview", jobs.recovery_job(ledger, code, printed=self._was_printed))

        self.session.operations.run_read(self, lambda _progress: recovery.waiting(ledger), show, busy=self.busy)

    def _was_printed(self) -> None:
        self._printed = True
        if self._read is not None:
            self._show(self._read)

    def _forget(self) -> None:
        sure = self.session.messages.confirm(
            self,
            "让本机忘掉恢复单",
            "请先确认：纸上 14 组字都清楚，已经装好锁进保险柜。忘掉以后本机查不到、也不能再印。",
            FORGET,
        )
        if not sure:
            return
        ledger = self.session.ledger

        def done(_: None) -> None:
            self._printed = False
            self.told.emit("本机已忘掉恢复单。", "done")
            self.refresh()

        self.session.operations.run_write(
            self,
            "忘掉恢复单",
            lambda _progress: recovery.forget(ledger),
            done,
            kinds={"site"},
            busy=self.busy,
        )

    def _recover(self) -> None:
        wrong = self.form.check()
        if wrong:
            self.line.set_message(wrong)
            return
        stop = str(self.stop.currentData() or "")
        if stop and not self.session.messages.confirm(
            self,
            "认可本机并停用旧电脑",
            f"旧的区级汇总电脑（{self.stop.currentText()}）以后写的内容一概不收，已经写下的不动。",
            "认可并停用",
        ):
            return
        ledger, code, pc = self.session.ledger, self.form.code(), platform.node()

        def done(own: str) -> None:
            self.form.clear()
            self.line.set_message("")
            self.told.emit(f"本机已认可，可以办账了。本机核对码 {own}。", "done")
            self.refresh()

        def failed(error: LedgerError) -> None:
            self.line.set_message(error.text)

        self.session.operations.run_write(
            self,
            "用恢复单认可本机",
            lambda _progress: ledgers.recover(ledger, code, pc=pc, stop=stop),
            done,
            kinds={"site"},
            on_error=failed,
            busy=self.busy,
        )

    def can_leave(self) -> bool:
        """What was typed of a secret does not stay on the screen."""
        self.form.clear()
        return True
