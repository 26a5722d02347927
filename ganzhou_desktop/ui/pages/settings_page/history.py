"""历史: every step with who, when and on which PC; what it changed; and taking the last one back."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ganzhou_desktop.services import changes, taking_back, undoing
from ganzhou_desktop.services.changes import FieldChange, OperationChanges
from ganzhou_desktop.services.history import Entry, read_history
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.services.standing import why_cannot_write
from ganzhou_desktop.services.undoing import Undone
from ganzhou_desktop.ui import change_words, colours, theme
from ganzhou_desktop.ui.pages.settings_page.section import EVERYTHING, Section
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.table_model import ROW_ROLE, Column, TableModel
from ganzhou_desktop.ui.tables import RowTable
from ganzhou_desktop.ui.texts import NO_VALUE, visible
from ganzhou_desktop.ui.widgets import BusyBar, Button, Card, ElidedLabel, EmptyState, PlainLabel, SearchField


@dataclass(frozen=True, slots=True)
class HistoryRead:
    """What the section shows; `last` is the title of the step that can be taken back."""

    entries: tuple[Entry, ...]
    last: str
    merge: bool
    refusal: str


def read_all(ledger: Ledger, record: str) -> HistoryRead:
    """Every operation (or those of one record), the latest first, and what can be taken back."""
    step = undoing.undoable(ledger)
    return HistoryRead(
        tuple(reversed(read_history(ledger, record or None))),
        "" if step is None else step.title,
        step is not None and step.what == "merge",
        why_cannot_write(ledger),
    )


class HistorySection(Section):
    """历史.  `show_record(record id)` narrows it to one record, empty shows all."""

    key = "history"
    title = "历史"
    icon = "history"
    kinds = EVERYTHING

    def __init__(self, session: Session, busy: BusyBar, parent: QWidget | None = None) -> None:
        super().__init__(session, busy, parent)
        self._record = ""
        self._entries: tuple[Entry, ...] = ()
        self._read: HistoryRead | None = None
        self.last = ElidedLabel()
        self.undo = Button("撤销最近一步…", "arrow_undo")
        self.search = SearchField("事项、署名、单位、核对码")
        self.all = Button("看全部历史", kind="text")
        self.count = PlainLabel(role="note")
        self.model: TableModel[Entry] = TableModel(
            [
                Column("时间", lambda e: change_words.moment_of(e.at), width=166),
                Column("做了什么", lambda e: e.title, bold=True, tip=lambda e: e.title),
                Column("范围", lambda e: change_words.unit_name(session.plan, e.scope), width=110),
                Column("署名", lambda e: e.author or NO_VALUE, width=100),
                Column("电脑核对码", lambda e: e.code, width=180, colour=lambda _: colours.INK3),
            ]
        )
        self.table = RowTable()
        self.changes: TableModel[FieldChange] = TableModel(
            [
                Column("改了什么", self._subject, width=260, tip=self._subject),
                Column("原来", lambda c: self._line(c, before=True), tip=lambda c: self._whole(c, before=True)),
                Column("改成", lambda c: self._line(c), bold=True, tip=self._whole),
            ]
        )
        self.changes_table = RowTable(row_height=theme.PREVIEW_ROW)
        self.changes_title = ElidedLabel(role="card")
        self.left_out = PlainLabel(role="note")
        self.empty = EmptyState("没有符合的历史", button="清除筛选", icon_name="filter", main=False)
        self._lay_out()

        self.search.textChanged.connect(lambda _: self._fill())
        self.empty.started.connect(self.search.clear)
        self.all.clicked.connect(lambda: self.show_record(""))
        self.undo.clicked.connect(self._undo)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._open(now))

    def _lay_out(self) -> None:
        self.undo.setObjectName("undo")
        self.search.setObjectName("history_search")
        self.search.setFixedWidth(theme.scaled(220))
        for table, name, words in (
            (self.table, "history_table", "历史"),
            (self.changes_table, "changes_table", "这一步的改动"),
        ):
            table.setObjectName(name)
            table.setAccessibleName(words)
        self.table.setModel(self.model)
        self.table.setSortingEnabled(True)
        self.table.setSelectionMode(RowTable.SelectionMode.SingleSelection)
        self.changes_table.setModel(self.changes)

        step = Card()
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_M)
        row.addWidget(PlainLabel("最近一步", "strong"))
        row.addWidget(self.last, 1)
        row.addWidget(self.undo)
        step.body.setContentsMargins(theme.GAP_L - 1, 9, theme.GAP_L - 1, 9)
        step.body.addLayout(row)
        self.column.addWidget(step)

        top = Card(flush=True)
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.GAP_L, 10, theme.GAP_L, 10)
        bar.setSpacing(theme.GAP_M)
        bar.addWidget(PlainLabel("历史", "card"))
        bar.addWidget(self.count)
        bar.addWidget(self.all)
        bar.addStretch(1)
        bar.addWidget(self.search)
        top.body.setSpacing(0)
        top.body.addLayout(bar)
        self._tables = QStackedWidget()
        self._tables.addWidget(self.table)
        self._tables.addWidget(self.empty)
        top.body.addWidget(self._tables, 1)

        below = Card(flush=True)
        head = QHBoxLayout()
        head.setContentsMargins(theme.GAP_L, 9, theme.GAP_L, 7)
        head.addWidget(self.changes_title, 1)
        head.addWidget(self.left_out)
        below.body.setSpacing(0)
        below.body.addLayout(head)
        below.body.addWidget(self.changes_table, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setHandleWidth(theme.CARD_GAP)
        split.setChildrenCollapsible(False)
        split.addWidget(top)
        split.addWidget(below)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        assert isinstance(self.column, QVBoxLayout)
        self.column.addWidget(split, 1)

    # -- reading --------------------------------------------------------------------------------------------

    def show_record(self, record: str) -> None:
        """Narrow to one record; empty shows all."""
        if record != self._record:
            self._record = record
            self.search.clear()
            self.refresh()

    def refresh(self) -> None:
        ledger, record = self.session.ledger, self._record
        self.session.operations.run_read(self, lambda _progress: read_all(ledger, record), self._show, busy=self.busy)

    def _show(self, read: HistoryRead) -> None:
        self._read = read
        self._entries = read.entries
        self.last.setText(read.last or "没有可以撤销的：最近一步是裁定、认可、采用方案、撤销，或已经导出的提交")
        self.undo.set_enabled_because(bool(read.last) and not read.refusal, read.refusal or "最近一步不能撤销")
        self.all.setVisible(bool(self._record))
        self._fill()

    def _fill(self) -> None:
        words = self.search.text().casefold().split()
        chosen = self.chosen
        rows = [e for e in self._entries if all(word in self._text(e) for word in words)]
        place = self.table.verticalScrollBar().value()
        self.model.set_rows(rows)
        self.table.verticalScrollBar().setValue(place)
        whose = "这一条记录 " if self._record else ""
        self.count.setText(
            f"{whose}{len(rows)} 步" if len(rows) == len(self._entries) else f"{len(rows)} / {len(self._entries)} 步"
        )
        self._tables.setCurrentWidget(self.table if rows else self.empty)
        shown: Sequence[Entry] = self.model.rows
        at = next((i for i, e in enumerate(shown) if chosen is not None and e.operation == chosen.operation), 0)
        if rows:
            self.table.selectRow(at)
        else:
            self._clear_changes()

    def _text(self, entry: Entry) -> str:
        unit = change_words.unit_name(self.session.plan, entry.scope)
        return f"{entry.title} {entry.author} {unit} {entry.code}".casefold()

    @property
    def chosen(self) -> Entry | None:
        """The step chosen in the table."""
        entry = self.table.currentIndex().data(ROW_ROLE)
        return entry if isinstance(entry, Entry) else None

    # -- what one step changed ------------------------------------------------------------------------------

    def _open(self, now: QModelIndex) -> None:
        entry = now.data(ROW_ROLE)
        if not isinstance(entry, Entry):
            return
        ledger = self.session.ledger

        def show(read: OperationChanges) -> None:
            chosen = self.chosen
            if chosen is not None and chosen.operation == entry.operation:
                self._show_changes(entry, read)

        self.session.operations.run_read(
            self,
            lambda _progress: changes.changes_of(ledger, entry.operation),
            show,
            on_error=lambda _error: self._clear_changes(),
        )

    def _show_changes(self, entry: Entry, read: OperationChanges) -> None:
        mine = [c for c in read.changes if not self._record or c.record == self._record]
        self.changes_title.setText(entry.title)
        self.changes.set_rows(mine)
        total = len(mine) + read.left_out
        self.left_out.setText(f"改了 {total} 处，列出前 {len(mine)} 处" if read.left_out else f"改了 {total} 处")

    def _clear_changes(self) -> None:
        self.changes_title.setText("")
        self.left_out.setText("")
        self.changes.set_rows([])

    def _subject(self, change: FieldChange) -> str:
        return change_words.subject(self.session.plan, change.kind, change.key, change.field, about=change.about)

    def _line(self, change: FieldChange, *, before: bool = False) -> str:
        earlier, later = change_words.pair_lines(
            self.session.plan, change.kind, change.field, change.before, change.after, change.about
        )
        return earlier if before else later

    def _whole(self, change: FieldChange, *, before: bool = False) -> str:
        value = change.before if before else change.after
        return visible(change_words.value_text(self.session.plan, change.kind, change.field, value, change.about))

    # -- taking back ----------------------------------------------------------------------------------------

    def _undo(self) -> None:
        read = self._read
        if read is None or not read.last:
            return
        if read.merge:
            text = f"“{read.last}”收进来的内容全部拿出去，台账回到合并以前；副本文件还在，可以再合并。"
        else:
            text = f"“{read.last}”改的地方回到改以前；撤销本身也记在历史里，撤销了不能再撤销回来。"
        if not self.session.messages.confirm(self, "撤销最近一步", text, "撤销", "不撤销"):
            return
        ledger = self.session.ledger

        def done(undone: Undone) -> None:
            self.told.emit(f"已撤销：{undone.title}", "done")
            self.refresh()

        self.session.operations.run_write(
            self,
            "撤销最近一步",
            lambda _progress: taking_back.undo_or_withdraw(ledger),
            done,
            kinds=EVERYTHING,
            busy=self.busy,
        )
