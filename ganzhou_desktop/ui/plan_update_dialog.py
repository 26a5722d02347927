"""更新方案数据: what newer data would bring, read before anything is written; with a basis the office takes it over."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ganzhou_desktop import paths
from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services import plan_update
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.services.plan_update import CHANGED, GONE, HOW_WORDS, KEPT, KIND_WORDS, NEW, Change
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.session import PLANS, Session
from ganzhou_desktop.ui.table_model import Column, TableModel
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.widgets import Button, MessageLine, PlainLabel, ScrimDialog, Segmented

BUILT_IN = "ganzhou-2017.toml"
ALL = "all"
_COLOURS = {NEW: colours.ACCENT, CHANGED: colours.DIFFER, GONE: colours.ERROR, KEPT: colours.INK3}


class PlanUpdateDialog(ScrimDialog):
    """Shows the program's own data first; another file can be chosen.  Nothing is written before 更新."""

    def __init__(self, parent: QWidget, session: Session) -> None:
        super().__init__(
            parent,
            "更新方案数据",
            "核定过的数、定下的设置和区里改过的内容都不动；更新以后不能撤销",
            icon_name="arrow_import",
            width=880,
            height=560,
        )
        self._session = session
        self._plan: Plan | None = None
        self._changes: tuple[Change, ...] = ()
        self.source = PlainLabel("", "strong")
        self.other = Button("换一个方案文件…", kind="text")
        self.filter = Segmented([(ALL, "全部"), *HOW_WORDS.items()])
        self.table = RowTable()
        self.model = TableModel[Change](
            [
                Column("", lambda c: HOW_WORDS[c.how], width=64, bold=True, colour=lambda c: _COLOURS[c.how]),
                Column("类别", lambda c: KIND_WORDS[c.kind], width=96),
                Column("哪一项", lambda c: c.name, width=250, tip=lambda c: c.name),
                Column("说明", _said, tip=_said),
            ]
        )
        self.basis = QLineEdit()
        self.line = MessageLine()
        self.update_now = Button("更新", kind="main")
        self._lay_out()
        self.other.clicked.connect(self._choose)
        self.filter.chosen.connect(lambda _: self._fill())
        self.update_now.clicked.connect(self._update)
        self.basis.returnPressed.connect(self._update)
        self.read(paths.plan_file(BUILT_IN))

    def _lay_out(self) -> None:
        self.table.setModel(self.model)
        self.table.setObjectName("plan_update_table")
        self.table.setAccessibleName("各项变动")
        self.basis.setObjectName("plan_update_basis")
        self.basis.setAccessibleName("更新的依据")
        self.basis.setPlaceholderText("如：2018年7月区政府专题会议纪要")
        self.update_now.setObjectName("plan_update_now")
        top = QHBoxLayout()
        top.addWidget(self.source)
        top.addWidget(self.other)
        top.addStretch(1)
        top.addWidget(self.filter)
        self.body.addLayout(top)
        self.body.addWidget(self.table, 1)
        below = QHBoxLayout()
        below.setSpacing(theme.GAP_S)
        below.addWidget(PlainLabel("依据", "strong"))
        below.addWidget(self.basis, 1)
        self.body.addLayout(below)
        self.body.addWidget(self.line)
        cancel = Button("取消")
        cancel.clicked.connect(self.reject)
        self.add_foot(cancel)
        self.add_foot(self.update_now)

    def read(self, path: Path) -> None:
        """Read a plan file and show what it would bring."""
        ledger = self._session.ledger
        self._plan, self._changes = None, ()
        self.source.setText("程序自带的方案数据" if path == paths.plan_file(BUILT_IN) else path.name)
        self.line.set_message("")

        def work(_progress: object) -> tuple[Plan, tuple[Change, ...]]:
            plan = read_plan(path)
            return plan, plan_update.plan_changes(ledger, plan)

        self._session.operations.run_read(self, work, self._show, title="读取方案", on_error=self._bad)
        self._fill()

    def _show(self, read: tuple[Plan, tuple[Change, ...]]) -> None:
        self._plan, self._changes = read
        self.source.setText(f"{self.source.text()}，{self._plan.document.version} 版")
        if not self._writes:
            kept = f"（{len(self._changes)} 项照区里的保留）" if self._changes else ""
            self.line.set_message(f"台账里的方案数据已经和这份一样{kept}，不用更新。", "info")
        self._fill()

    def _bad(self, error: LedgerError) -> None:
        errors = [str(getattr(e, "text", e)) for e in getattr(error, "errors", ())]
        self.line.set_message("\n".join([error.text, *errors[:3]]))

    @property
    def _writes(self) -> int:
        return sum(change.how != KEPT for change in self._changes)

    def _fill(self) -> None:
        wanted, counts = self.filter.current(), plan_update.counts(self._changes)
        self.filter.button(ALL).setText(f"全部 {len(self._changes)}")
        for how, word in HOW_WORDS.items():
            self.filter.button(how).setText(f"{word} {counts[how]}")
        self.model.set_rows([c for c in self._changes if wanted in (ALL, c.how)])
        self.update_now.setText(f"更新 {self._writes} 项" if self._writes else "更新")
        self.update_now.set_enabled_because(self._writes > 0, "没有可以更新的内容")

    def _choose(self) -> None:
        path = self._session.files.open_file(self, "选择方案文件", PLANS)
        if path is not None:
            self.read(path)

    def _update(self) -> None:
        ledger, plan, basis = self._session.ledger, self._plan, self.basis.text()
        if plan is None or not self._writes:
            return
        if not basis.strip():
            self.line.set_message("请写明依据（如哪份文件、哪次会议）。")
            self.basis.setFocus(Qt.FocusReason.OtherFocusReason)
            return

        def work(_progress: object) -> tuple[int, Plan]:
            return len(plan_update.update_plan(ledger, plan, basis)), ledger.plan()

        def done(read: tuple[int, Plan]) -> None:
            self._session.plan = read[1]
            self._session.saved.emit(f"方案数据已更新 {read[0]} 项", "checkmark_circle")
            self.accept()

        self._session.operations.run_write(
            self, "更新方案数据", work, done, kinds={"plan", "figure"}, on_error=lambda e: self.line.set_message(e.text)
        )


def _said(change: Change) -> str:
    return change.moves if change.how == CHANGED else "；".join(filter(None, (change.why, change.moves)))


def open_plan_update(parent: QWidget, session: Session) -> PlanUpdateDialog:
    """The dialog, opened."""
    dialog = PlanUpdateDialog(parent, session)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
