"""The page: the list of registers, one register's table with filters, what it counts towards, and its actions."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QWidget

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.plan import Register
from ganzhou_desktop.domain.registers import Entry
from ganzhou_desktop.services import register_desk, register_files, registers
from ganzhou_desktop.services.register_desk import EntryRow, RegisterDesk
from ganzhou_desktop.services.standing import why_cannot_write
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.registers_page.cell_saving import CellSaving
from ganzhou_desktop.ui.pages.registers_page.drafts_in import XLSX, DraftsIn
from ganzhou_desktop.ui.pages.registers_page.entry_dialog import EntryDialog
from ganzhou_desktop.ui.pages.registers_page.filter_row import FilterRow
from ganzhou_desktop.ui.pages.registers_page.model import RegisterModel
from ganzhou_desktop.ui.pages.registers_page.side import RegisterList
from ganzhou_desktop.ui.pages.registers_page.table import RegisterTable
from ganzhou_desktop.ui.pages.registers_page.targets import TargetTiles
from ganzhou_desktop.ui.plan_update_dialog import open_plan_update
from ganzhou_desktop.ui.printing.jobs import register_job
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.texts import date_text
from ganzhou_desktop.ui.widgets import (
    BusyBar,
    Button,
    Card,
    ElidedLabel,
    EmptyState,
    MessageLine,
    PlainLabel,
    TitleRow,
    page_column,
    rule,
)

_REST, _OWN_REST = 250, 1500
"""Milliseconds after a write before the register is read anew: another's, and one's own in a cell."""
STAY, LEAVE = "留在这里", "先离开"


class RegistersPage(QWidget):
    """台账.  `show_argument({"register", "entry": (unit, key), "unit"})` goes to a register and an entry in it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._register = ""
        self._wanted: tuple[str, str] | None = None
        self._entering = False
        """Whether the table takes the focus once it is read: something has just come in by a dialog."""
        self._desk: RegisterDesk | None = None
        self._refusal = ""
        self.title_row = TitleRow("台账")
        self.busy = BusyBar(self, self.title_row)
        self._drafts = DraftsIn(self, session, self.busy)
        self.list = RegisterList()
        self.model: RegisterModel | None = None
        self.table = RegisterTable()
        self.name = PlainLabel("", "card")
        self.help = ElidedLabel("", "note")
        self.as_of = PlainLabel("", "note")
        self.targets = TargetTiles()
        self.filter_row = FilterRow()
        self._cells = CellSaving(self, session)
        self.line = MessageLine()
        self.foot = ElidedLabel("", "note")
        self.add = Button("登记一条", "add", kind="main")
        self.bring = Button("导入…", "arrow_import")
        self.export = Button("导出…", "arrow_export")
        self.print_button = Button("打印", "print")
        self.forward = Button("照上年…", tip="把以前一年的登记照抄成新的，日期空着重新填")
        self.empty = EmptyState(
            "还没有登记", "也可以从 WPS、Excel 复制几行，到这里按 Ctrl+V。", "登记一条", "document_table", main=False
        )
        self.nothing = (
            EmptyState("这个方案没有设台账", "方案数据里没有台账定义，换用较新的方案数据就有了。", "更新方案数据…")
            if session.office
            else EmptyState("这个方案没有设台账", "方案数据里没有台账定义；区里更新方案数据、下发副本后这里就有了。")
        )
        self._lay_out()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.refresh)

        self.list.chosen.connect(self._choose)
        self.targets.opened.connect(lambda target: session.go("target", target))
        self.filter_row.changed.connect(self._fill)
        self._cells.told.connect(self.line.set_message)
        self._cells.saved.connect(self._replace)
        self.add.clicked.connect(lambda: self.open_form(None))
        self.empty.started.connect(lambda: self.open_form(None))
        self.nothing.started.connect(lambda: open_plan_update(self, session))
        self.bring.clicked.connect(self._import_file)
        self.export.clicked.connect(self._export)
        self.forward.clicked.connect(self._copy_forward)
        self._drafts.taken.connect(self._taken)
        self.list.entered.connect(self._into_table)
        self._drafts.told.connect(self.line.set_message)
        self.print_button.clicked.connect(self._print)
        self.table.form_wanted.connect(self._open_at)
        self.table.paste_wanted.connect(self._paste)
        self.table.delete_wanted.connect(self._delete)
        self.table.set_menu(self._menu)
        self.table.setSortingEnabled(True)
        for keys, do in (
            (QKeySequence.StandardKey.New, lambda: self.open_form(None)),
            (QKeySequence.StandardKey.Find, self.filter_row.seek),
            (QKeySequence.StandardKey.Print, self.print_button.click),
        ):
            QShortcut(QKeySequence(keys), self, do)  # also while the focus is still on the navigation
        # also where the register is still empty and there is no table to paste into
        QShortcut(
            QKeySequence(QKeySequence.StandardKey.Paste), self, lambda: self._paste(QGuiApplication.clipboard().text()),
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )  # fmt: skip
        self.setFocusProxy(self.list)
        session.operations.changed.connect(self._changed)

    def _lay_out(self) -> None:
        self.table.setObjectName("register_table")
        self.add.setObjectName("register_add")
        self.bring.setObjectName("register_import")
        self.export.setObjectName("register_export")
        self.print_button.setObjectName("register_print")
        self.forward.setObjectName("register_forward")
        self.title_row.add_action(self.forward)
        for button in (self.bring, self.export, self.print_button, self.add):
            self.title_row.add_action(button)
        side = Card(flush=True)
        side.setFixedWidth(theme.scaled(184))
        side.body.addWidget(self.list, 1)

        main = Card(flush=True)
        main.body.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.GAP_L, 8, theme.GAP_L, 0)
        head.setSpacing(10)
        head.addWidget(self.name)
        head.addWidget(self.help, 1)
        head.addWidget(self.as_of)
        main.body.addLayout(head)
        main.body.addWidget(self.targets)
        main.body.addWidget(self.filter_row)
        main.body.addWidget(rule())
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        main.body.addWidget(self._stack, 1)
        below = QHBoxLayout()
        below.setContentsMargins(theme.GAP_L, 5, theme.GAP_L, 7)
        below.addWidget(self.line, 1)
        below.addWidget(self.foot, 2)
        main.body.addLayout(below)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(side)
        row.addWidget(main, 1)
        holder = QWidget()
        holder.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        self._whole = QStackedWidget()
        self._whole.addWidget(holder)
        self._whole.addWidget(self.nothing)
        page_column(self, self.title_row).addWidget(self._whole, 1)

    # -- reading --------------------------------------------------------------------------------------------

    def _registers(self) -> tuple[Register, ...]:
        plan = self._session.plan
        return plan.registers if self._session.office else plan.registers_of(self._session.unit)

    def refresh(self) -> None:
        """Read the register anew; choice, filters, scroll and what is typed stay."""
        kept = [r.id for r in self._registers()]
        self._whole.setCurrentIndex(0 if kept else 1)
        if not kept:
            self.forward.hide()
            for button in (self.add, self.bring, self.export, self.print_button):
                button.hide()
            return
        for button in (self.add, self.bring, self.export):
            button.show()
        if self._register not in kept:
            self._register = kept[0]
        ledger, register, today = self._session.ledger, self._register, self._session.today()
        self._session.operations.run_read(
            self,
            lambda _progress: (register_desk.read_desk(ledger, register, today), why_cannot_write(ledger)),
            self._show,
            busy=self.busy,
        )

    def _changed(self, kinds: frozenset[str], by: object) -> None:
        if not kinds & {"entry", "plan", "merge", "undo", "conflict", "figure"}:
            return
        if self.isVisible():
            # One's own cell is shown at once; what it makes of the numbers above may wait until the hand rests.
            self._later.start(_OWN_REST if by is self and kinds == {"entry"} else _REST)

    def _show(self, read: tuple[RegisterDesk, str]) -> None:
        if self.table.editing():
            self._later.start(_REST)  # what is being typed would go with its editor
            return
        desk, self._refusal = read
        if desk.view.register.id != self._register:
            return  # another register was chosen meanwhile
        before, model = self._desk, self.model
        self._desk = desk
        same = (
            before is not None
            and model is not None
            and (before.plan, before.view.register, before.view.columns)
            == (desk.plan, desk.view.register, desk.view.columns)
        )
        at = self._current_id() if same else None
        row, column = (self.table.currentIndex().row(), self.table.currentIndex().column()) if same else (-1, -1)
        place = self.table.verticalScrollBar().value()
        if model is None or not same:
            self.model = RegisterModel(desk, self._session.office)
            self.model.edit = partial(self._cells.edit, self.model)
            if model is not None and before is not None and before.view.register.id == desk.view.register.id:
                self.model.wrong, self.model.pending = model.wrong, model.pending
            self.table.setModel(self.model)
            self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.list.show_registers(desk.plan, self._registers(), desk.counts, self._register)
        self.name.setText(desk.view.register.name)
        self.help.setText(desk.view.register.help)
        self._show_targets(desk)
        self.filter_row.offer_units(desk, office=self._session.office)
        self._fill()
        wanted, asked, self._wanted = self._wanted or at, self._wanted, None
        if wanted is not None and self.model is not None and wanted != self._current_id():
            self._select(wanted, max(column, self.model.first))
        if row >= 0 and self._current_id() is None and self.model is not None and self.model.rowCount():
            # It is gone: the keys go on from the one that has its place now.
            self.table.setCurrentIndex(self.model.index(min(row, self.model.rowCount() - 1), column))
        if asked is not None or self._entering:
            self._entering = False
            self._into_table()
        if same and at == wanted:
            self.table.verticalScrollBar().setValue(place)
        may = bool(desk.view.writable) and not self._refusal
        why = self._refusal or "这本台账由别的单位登记"
        for button in (self.add, self.bring, self.forward):
            button.set_enabled_because(may, why)
        self.forward.setVisible(bool(desk.view.register.starts) and bool(desk.rows))
        self.empty.button.setVisible(may)

    def _show_targets(self, desk: RegisterDesk) -> None:
        self.targets.show_targets(desk.targets, after=self.list, before=self.filter_row.first())
        where = "" if self._session.office else "仅含本单位，"
        self.as_of.setText(f"计数{where}截至{date_text(desk.on)}" if desk.targets else "")

    def _fill(self) -> None:
        """Show the rows the filters let through."""
        desk, model = self._desk, self.model
        if desk is None or model is None:
            return
        chosen, whole = self.filter_row.narrowed(desk, model)
        model.show(desk, chosen)
        self._stack.setCurrentIndex(0 if chosen or desk.rows else 1)
        shown = f"共 {whole} 条" if len(chosen) == whole else f"显示 {len(chosen)} 条，共 {whole} 条"
        hint = "点两下或直接打字就改，改一格存一格；F4 整条填；Ctrl+V 粘贴多行；Del 删除"
        self.foot.setText(f"{shown}　{self._refusal or (hint if desk.view.writable else '')}")

    # -- going about ----------------------------------------------------------------------------------------

    def show_argument(self, argument: object) -> None:
        """Go to a register and an entry."""
        if isinstance(argument, dict):
            self._register = str(argument.get("register") or self._register)
            entry = argument.get("entry")
            self._wanted = (str(entry[0]), str(entry[1])) if isinstance(entry, tuple) else None
            self.filter_row.show_all_states()
            self.filter_row.search.clear()
            self.refresh()  # the window reads a page before it says where to go in it

    def can_leave(self) -> bool:
        """Ask while a cell holds a text that cannot be read."""
        if self.model is None or not self.model.wrong:
            return True
        text = f"有 {len(self.model.wrong)} 格填的内容读不懂，没有存进台账；离开后这几格还是原来的内容。"
        if self._session.messages.choose(self, "有没有存上的内容", text, (LEAVE, STAY)) != LEAVE:
            return False
        self.model.wrong.clear()
        return True

    def _choose(self, register: str) -> None:
        if register != self._register and self.can_leave():
            self._register = register
            self._desk = None
            self.filter_row.show_all_states()
            self.line.set_message("")
            self.refresh()
        else:
            QTimer.singleShot(0, self, self._mark_register)  # the list is still at choosing the other one

    def _mark_register(self) -> None:
        if self._desk is not None:
            self.list.show_registers(self._desk.plan, self._registers(), self._desk.counts, self._register)

    def _current_id(self) -> tuple[str, str] | None:
        index = self.table.currentIndex()
        return self.model.row(index.row()).id if self.model is not None and index.isValid() else None

    def _select(self, row_id: tuple[str, str], column: int) -> None:
        place = self.model.place_of_row(row_id) if self.model is not None else -1
        if place >= 0 and self.model is not None:
            self.table.setCurrentIndex(self.model.index(place, column))
            self.table.scrollTo(self.table.currentIndex())

    def _into_table(self) -> None:
        """To the entries, for whoever goes about by keys; where there are none yet, to what begins."""
        if self._stack.currentWidget() is not self.table:
            self.empty.button.setFocus(Qt.FocusReason.TabFocusReason)
            return
        model = self.model
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        at = self.table.currentIndex()
        if model is not None and model.rowCount() and at.column() < model.first:
            self.table.setCurrentIndex(model.index(max(at.row(), 0), model.first))

    def _taken(self) -> None:
        self._entering = True
        self.refresh()

    def _menu(self, menu: QMenu, index: QModelIndex) -> None:
        model = self.model
        if model is None:
            return
        row = model.row(index.row())
        menu.addAction("整条打开", lambda: self.open_form(row.entry)).setShortcut(QKeySequence(Qt.Key.Key_F4))
        if row.entry.unit in model.desk.view.writable and not self._refusal:
            menu.addAction("照这条再登一条", lambda: self._again(row.entry))
            menu.addAction("删除", self._delete).setShortcut(QKeySequence(Qt.Key.Key_Delete))
        record = f"history:{row.entry.record}"
        menu.addAction("历史", lambda: self._session.go("settings", record))
        for other in row.doubles:
            who = model.desk.plan.unit_by_id[other.unit].short
            menu.addAction(f"去看像是同一件的（{who}）", partial(self._select, other.id, 0))

    # -- writing --------------------------------------------------------------------------------------------

    def _replace(self, row: EntryRow, now: Entry) -> None:
        """Show an entry as it is now; whether it is a double is seen when the whole register is read."""
        desk = self._desk
        if desk is None or desk.view.register.id != now.register:
            return  # another register was chosen meanwhile
        (alone,) = register_desk.rows_of(desk.view, (now,), desk.on)
        fresh = replace(alone, doubles=row.doubles)
        self._desk = replace(desk, rows=tuple(fresh if held.entry.record == now.record else held for held in desk.rows))
        if self.model is not None:
            self.model.replace_row(fresh)

    def open_form(self, entry: Entry | None, offered: dict[str, Json] | None = None) -> EntryDialog | None:
        """The form of an entry, or of a new one."""
        desk = self._desk
        if desk is None or (entry is None and (not desk.view.writable or self._refusal)):
            return None
        unit = self.filter_row.chosen_unit() if entry is None else entry.unit
        foreign = "" if unit in ("", *desk.view.writable) else "这条由别的单位登记，只能看。"
        refusal = (self._refusal or foreign) if entry is not None else ""
        dialog = EntryDialog(self, self._session, desk, entry, unit or self._session.unit, offered, refusal)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(lambda key: self._saved(dialog, key))
        dialog.rejected.connect(self._into_table)
        dialog.open()
        return dialog

    def _saved(self, dialog: EntryDialog, key: str) -> None:
        self._wanted = (str(dialog.unit.currentData() or self._session.unit), key)
        self._session.saved.emit("已登记", "checkmark_circle")

    def _open_at(self, index: QModelIndex) -> None:
        if self.model is not None:
            self.open_form(self.model.row(index.row()).entry)

    def _again(self, entry: Entry) -> None:
        self.open_form(None, register_files.copied_forward(self._session.plan, entry))

    def _delete(self) -> None:
        desk = self._desk
        rows = [row for row in self.table.chosen_rows() if desk is not None and row.entry.unit in desk.view.writable]
        if desk is None or not rows or self._refusal:
            return
        many = f"删除 {len(rows)} 条登记" if len(rows) > 1 else "删除这条登记"
        text = "删除后不再计数；历史里还看得到，删错了可以到“设置 → 历史”里撤销上一步。"
        if not self._session.messages.confirm(self, many, text, "删除"):
            return
        ledger, register = self._session.ledger, self._register
        entries = [row.entry for row in rows]

        def work(_progress: object) -> None:
            registers.delete_entries(ledger, register, entries)

        self._session.operations.run_write(
            self, many, work, lambda _none: self.refresh(), kinds={"entry"}, busy=self.busy
        )

    # -- bringing in and taking out -------------------------------------------------------------------------

    def _unit_to_fill(self) -> str:
        desk = self._desk
        if desk is None or not desk.view.writable:
            return ""
        chosen = self.filter_row.chosen_unit()
        if chosen in desk.view.writable:
            return chosen
        if len(desk.view.writable) == 1:
            return desk.view.writable[0]
        self.line.set_message("这本台账由几家单位登记；请先在“单位”里选一家，再导入或粘贴。")
        return ""

    def _import_file(self) -> None:
        unit = self._unit_to_fill()
        if unit:
            self._drafts.import_file(self._register, unit)

    def _paste(self, text: str) -> None:
        """One cell goes into the cell under the cursor; more become the draft of an import."""
        model, index = self.model, self.table.currentIndex()
        if model is None:
            return
        if self._refusal:
            return  # the foot says why
        if "\t" not in text and "\n" not in text.strip():
            if index.isValid() and model.flags(index) & Qt.ItemFlag.ItemIsEditable:
                model.setData(index, text.strip())
            return
        unit = self._unit_to_fill()
        if not unit:
            return
        begin = model.column_at(index.column()) if index.isValid() else None
        self._drafts.paste(self._register, unit, text, begin.name if begin is not None else "")

    def _copy_forward(self) -> None:
        unit = self._unit_to_fill()
        if unit:
            self._drafts.copy_forward(self._register, unit)

    def _print(self) -> None:
        """These rows in this order, on paper."""
        desk, model = self._desk, self.model
        if desk is not None and model is not None:
            kept, unit = desk.view.register, self.filter_row.chosen_unit()
            job = register_job(
                self._session.ledger,
                kept.id,
                kept.short,
                model.rows,
                on=desk.on,
                unit=unit,
                scope=self.filter_row.words(),
            )
            self._session.go("preview", job)

    def _export(self) -> None:
        """What is on screen: these rows in this order, with the filter in words."""
        desk, model = self._desk, self.model
        if desk is None or model is None:
            return
        rows: Sequence[EntryRow] = model.rows
        unit = self.filter_row.chosen_unit()
        words = self.filter_row.words(desk.plan.unit_by_id[unit].name if unit else "")
        suggested = f"{desk.view.register.short}_{desk.on:%Y%m%d}.xlsx"
        out = self._session.files.save_file(self, "导出台账", suggested, XLSX)
        if out is None:
            return
        entries = tuple(row.entry for row in rows)
        ledger, register = self._session.ledger, self._register
        self._session.operations.run_write(
            self,
            "导出台账",
            lambda _progress: register_files.write_register(ledger, register, entries, out, words),
            lambda _none: self._session.saved.emit(f"已导出 {len(entries)} 条到“{out.name}”", "checkmark_circle"),
            kinds=(),
            busy=self.busy,
        )
