"""数据交换 at a unit: its copy out to the office, the office's answer in, matter by matter."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ganzhou_desktop.domain import filings
from ganzhou_desktop.domain.filings import ACCEPTED, MISSING, RETURNED, SUBMITTED
from ganzhou_desktop.services import exchange
from ganzhou_desktop.services.exchange import Handed
from ganzhou_desktop.services.exchange_desk import NOT_SAID, Desk
from ganzhou_desktop.services.merging import Merge
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.answers import CHANGED_FIGURE, CONFIRMED, STATE_WORDS, AnswerRow, answer_rows
from ganzhou_desktop.ui.change_words import at_text
from ganzhou_desktop.ui.icons import pixmap
from ganzhou_desktop.ui.operations import Busy, Progress
from ganzhou_desktop.ui.pages.exchange.board import DropTile
from ganzhou_desktop.ui.pages.exchange.hand_out_dialog import SAFE_TO_REMOVE
from ganzhou_desktop.ui.pages.exchange.merge_panel import MergePanel
from ganzhou_desktop.ui.printing.jobs import answer_job
from ganzhou_desktop.ui.session import COPIES, Session
from ganzhou_desktop.ui.table_model import Column, TableModel
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.texts import joined, period_text, short_date, size_text
from ganzhou_desktop.ui.widgets import Button, Card, ElidedLabel, EmptyState, PlainLabel

_ICONS = {
    ACCEPTED: "checkmark_circle",
    RETURNED: "arrow_undo",
    SUBMITTED: "clock",
    NOT_SAID: "checkmark",
    MISSING: "circle_hint",
    CONFIRMED: "tag",
    CHANGED_FIGURE: "tag",
}


class UnitView(QWidget):
    """Two cards above, what the office said or the answer being looked at below."""

    def __init__(self, session: Session, busy: Busy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._busy = busy
        self._desk: Desk | None = None
        self._merge: Merge | None = None
        self.out_card = Card("交给区里")
        self.out_facts = PlainLabel(role="second", wrap=True)
        self.out_warning = PlainLabel(wrap=True)
        self.proof_box = QCheckBox("附全部佐证（区里说佐证没收到时选）")
        self.export_button = Button("导出副本…", "arrow_export", kind="main")
        self.result = QFrame()
        self.result_head = PlainLabel(role="strong")
        self.result_facts = PlainLabel(role="note", wrap=True)
        self.in_card = Card("接收区里的答复")
        self.compared = PlainLabel(role="strong", wrap=True)
        self.compared_more = PlainLabel(role="note", wrap=True)
        self.put_in = DropTile("放入区里的下发副本", "拖到这里或选文件")
        empty = EmptyState("还没有放入答复", "把区里的下发副本拖到这一页。")
        self.panel = MergePanel(session, busy, empty)
        self.answers = Card("区里的逐条答复", " ", flush=True)
        self.print_button = Button("打印回执单", "print")
        self.table = RowTable(row_height=36)
        self.rows: TableModel[AnswerRow] = TableModel(
            (
                Column("事项", lambda r: r.subject, tip=lambda r: r.subject),
                Column("分工", lambda r: r.role, width=64),
                Column(
                    "区里的答复",
                    lambda r: r.word,
                    width=132,
                    icon_name=lambda r: _ICONS[r.verdict],
                    colour=lambda r: colours.DIFFER if r.verdict == RETURNED else None,
                ),
                Column("原因或说明", lambda r: r.reason, tip=lambda r: r.reason),
                Column(
                    "",
                    lambda r: "去修改 ›" if r.verdict == RETURNED else "去填报 ›" if r.verdict == MISSING else "",
                    width=90,
                    colour=lambda r: colours.ACCENT,
                ),
            ),
            tone=lambda r: "differ" if r.verdict == RETURNED else "",
        )
        for widget, name in (
            (self.proof_box, "export_proof"),
            (self.export_button, "export"),
            (self.table, "answers"),
            (self.print_button, "print_answer"),
            (self.result, "export_result"),
        ):
            widget.setObjectName(name)
        self._lay_out()
        self.export_button.clicked.connect(self._export)
        self.print_button.clicked.connect(self._print)
        self.table.opened.connect(self._open)
        self.table.clicked.connect(self._clicked)
        self.panel.looked.connect(lambda _: self._arrange())
        self.panel.merged.connect(self._merged)

    def _lay_out(self) -> None:
        self.table.setModel(self.rows)
        self.table.setAccessibleName("区里的逐条答复")
        self.answers.body.addWidget(self.table)
        self.answers.add_action(self.print_button)
        self.out_warning.setStyleSheet(f"color: {colours.DIFFER}")
        for label in (self.out_facts, self.out_warning, self.proof_box):
            self.out_card.body.addWidget(label)
        self.result.setProperty("kind", "result")
        inside = QHBoxLayout(self.result)
        inside.setContentsMargins(12, 8, 12, 9)
        inside.setSpacing(10)
        tick = QLabel()
        tick.setPixmap(pixmap("checkmark_circle", 20, colours.ACCENT, False, self.devicePixelRatioF()))
        inside.addWidget(tick)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.result_head)
        words.addWidget(self.result_facts)
        inside.addLayout(words, 1)
        self.result.hide()
        self.out_card.body.addWidget(self.result)
        self.out_card.body.addStretch(1)
        row = QHBoxLayout()
        self.code = ElidedLabel(role="note")
        row.addWidget(self.code, 1)
        row.addStretch(0)
        row.addWidget(self.export_button)
        self.out_card.body.addLayout(row)

        self.in_card.body.addWidget(self.compared)
        self.in_card.body.addWidget(self.compared_more)
        self.in_card.body.addStretch(1)
        self.in_row = QHBoxLayout()
        self.in_row.addWidget(self.put_in, 1)
        self.in_card.body.addLayout(self.in_row)
        above = QHBoxLayout()
        above.setSpacing(theme.CARD_GAP)
        above.addWidget(self.out_card, 1)
        above.addWidget(self.in_card, 1)
        self.panel.stack.insertWidget(0, self.answers)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.CARD_GAP)
        column.addLayout(above)
        column.addWidget(self.panel, 1)
        self._arrange()

    def show_desk(self, desk: Desk) -> None:
        """Show where this unit stands."""
        self._desk = desk
        plan, unit = self._session.plan, self._session.unit
        changes = [] if self._merge is None else [c for p in self._merge.packages for c in p.changes]
        self.rows.set_rows(answer_rows(plan, unit, desk.matters, changes))
        self.print_button.set_enabled_because(desk.period is not None and bool(desk.matters), "区里还没有开期次。")
        mine = next((u for u in desk.units if u.unit == unit), None)
        if desk.period is None or mine is None:
            self.out_facts.setText("区里还没有开期次。等收到区里的下发副本，再填报、导出。")
            self.answers.set_note("")
        else:
            name = period_text(desk.period.name)
            filing = mine.filing
            which = ""
            if filing is not None and filing.submitted:
                which = f"第 {filing.round} 稿，{at_text(filing.at, desk.period.due.year)} 提交"
            self.out_facts.setText(
                joined((f"{name}：{STATE_WORDS.get(mine.state, '')}", which, f"应报日 {short_date(desk.period.due)}"))
            )
            received = f"收到日 {short_date(mine.received)}" if mine.received else ""
            self.answers.set_note(joined((name, STATE_WORDS.get(mine.state, ""), received)))
        self._warn(desk, mine is not None and mine.state == filings.MISSING)
        self.code.setText(f"本机核对码 {desk.code}")
        self._show_compared(desk)
        self.panel.show_desk(desk)
        self._arrange()

    def add_choice(self, button: QWidget) -> None:
        """Put a button beside what chooses files."""
        self.in_row.addWidget(button)

    def _warn(self, desk: Desk, missing: bool) -> None:
        drafts = "、".join(period_text(name) for name in desk.drafts)
        if drafts:
            words = f"{drafts}有草稿还没有提交，草稿不会随副本带走；请先在“填报”里提交。"
        elif missing:
            words = "这一期还没有提交，现在导出的副本里没有这一期的报表。"
        else:
            words = ""
        self.out_warning.setText(words)
        self.out_warning.setVisible(bool(words))

    def _show_compared(self, desk: Desk) -> None:
        compared = desk.compared
        if not compared.answered:
            self.compared.setText("还没有收到区里的答复")
            self.compared_more.setText("区里审核以后会再给一份下发副本，放进来就能看到逐条答复。")
        elif compared.missing_count == 0:
            self.compared.setText("区里已收到本机全部内容")
            self.compared_more.setText("按接收过的下发副本比对。")
        else:
            self.compared.setText(f"区里还没有收到本机的 {compared.missing_count} 步内容")
            titles = "、".join(dict.fromkeys(compared.missing))
            self.compared_more.setText(f"{titles}。请再导出一份副本交区里。")

    def _arrange(self) -> None:
        """The answer being looked at, or what was answered; one main button at a time."""
        looking = bool(self.panel.staged)
        self.panel.stack.setCurrentWidget(self.panel.card if looking else self.answers)
        kind = "plain" if looking else "main"
        if self.export_button.property("kind") != kind:
            self.export_button.setProperty("kind", kind)
            self.export_button.set_icon("arrow_export")
            self.export_button.style().unpolish(self.export_button)
            self.export_button.style().polish(self.export_button)

    def _merged(self, merge: Merge) -> None:
        self._merge = merge

    # -- export ---------------------------------------------------------------------------------------------

    def _export(self) -> None:
        ledger, session = self._session.ledger, self._session
        all_proof = self.proof_box.isChecked()

        def named(name: str) -> None:
            out = session.files.save_file(self, "导出副本", name, COPIES)
            if out is None:
                return
            session.operations.run_write(
                self,
                "导出副本",
                lambda progress: exchange.export(ledger, out, all_proof=all_proof, progress=_counted(progress)),
                self._exported,
                kinds=("export",),
                busy=self._busy,
            )

        session.operations.run_read(self, lambda _progress: exchange.copy_name(ledger, session.unit), named)

    def _exported(self, handed: Handed) -> None:
        self.result_head.setText(f"{SAFE_TO_REMOVE}　{Path(handed.file).name}")
        desk = self._desk
        period = "" if desk is None or desk.period is None else period_text(desk.period.name)
        code = "" if desk is None else f"核对码 {desk.code}"
        self.result_facts.setText(
            joined(
                (
                    size_text(handed.size),
                    f"本单位全部内容（到{period}，{handed.operations} 步操作）" if period else "本单位全部内容",
                )
            )
            + (f"\n{code}（盖章表页脚上是同一个码）" if code else "")
        )
        self.code.hide()
        self.result.show()

    # -- answers --------------------------------------------------------------------------------------------

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == len(self.rows.columns) - 1:
            self._open(index)

    def _open(self, index: QModelIndex) -> None:
        row = self.rows.row(index.row())
        desk = self._desk
        if row.task and desk is not None and desk.period is not None:
            self._session.go("filing", {"unit": self._session.unit, "task": row.task, "period": desk.period.name})

    def _print(self) -> None:
        desk, unit = self._desk, self._session.unit
        if desk is not None and desk.period is not None:
            name = self._session.plan.unit_by_id[unit].name
            self._session.go("preview", answer_job(self._session.ledger, unit, name, desk.period.name))


def _counted(progress: Progress) -> Callable[[int, int], bool]:
    """The service's count of operations, whose total it does not know."""
    return lambda done, _total: progress(None, f"已写 {done} 步")
