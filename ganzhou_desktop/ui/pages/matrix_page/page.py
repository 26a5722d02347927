"""任务矩阵: the page; which matrix is shown, which part of it, and which cell is open."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from ganzhou_desktop.domain.filings import Proof
from ganzhou_desktop.domain.matrix import Matrix
from ganzhou_desktop.domain.matrix_changes import TASK as TASK_STATE
from ganzhou_desktop.services.filed_views import MatrixView, read_matrix_view
from ganzhou_desktop.ui import texts, theme
from ganzhou_desktop.ui.icons import icon
from ganzhou_desktop.ui.pages.matrix_page.columns import Columns, load_columns, save_columns
from ganzhou_desktop.ui.pages.matrix_page.columns_dialog import ColumnsDialog
from ganzhou_desktop.ui.pages.matrix_page.filter_row import FilterRow
from ganzhou_desktop.ui.pages.matrix_page.find_bar import FindBar
from ganzhou_desktop.ui.pages.matrix_page.legend import Legend
from ganzhou_desktop.ui.pages.matrix_page.model import FROZEN, STATE, worst_place
from ganzhou_desktop.ui.pages.matrix_page.narrowing import Filters, Narrower
from ganzhou_desktop.ui.pages.matrix_page.panel import WIDTH, CellPanel, Place
from ganzhou_desktop.ui.pages.matrix_page.printed import printed_part
from ganzhou_desktop.ui.pages.matrix_page.table import MatrixTable
from ganzhou_desktop.ui.printing import papers
from ganzhou_desktop.ui.printing.export import export_matrix
from ganzhou_desktop.ui.printing.jobs import breakdown_job, leader_job, matrix_job
from ganzhou_desktop.ui.printing.painting import to_pdf
from ganzhou_desktop.ui.printing.watching import Watch, watched
from ganzhou_desktop.ui.proof_list import ProofOpener
from ganzhou_desktop.ui.session import PDFS, Session
from ganzhou_desktop.ui.widgets import (
    BusyBar,
    Button,
    Card,
    ChipCombo,
    DateField,
    EmptyState,
    NoticeBar,
    TitleRow,
    page_column,
)

OFFICE = "Excel 工作簿 (*.xlsx);;Word 文档 (*.docx)"
PERIOD_END = "end"
CHOSEN_DAY = "day"
OVERLAY_BELOW = 1280
"""Width of the window under which the panel lies over the matrix."""
_SHOWN_BY = frozenset({"plan", "period", "filing", "review", "figure", "profile", "merge", "undo", "conflict"})


class MatrixPage(QWidget):
    """Tasks × units of the session's period; Enter or a click opens a cell, Esc closes it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._view: MatrixView | None = None
        self._narrower: Narrower | None = None
        self._wanted: tuple[str, str] | None = None
        self._columns = load_columns(session.ledger.id)
        self._panel_open = False
        self._opener = ProofOpener(session)
        self.title_row = TitleRow("任务矩阵")
        self.as_of = ChipCombo("机构")
        self.day = DateField()
        self.against = ChipCombo("对比")
        self.columns_button = Button("列", "grid")
        self.print_button = Button("打印", "print")
        self.pdf_button = Button("PDF", "document_pdf")
        self.export_button = Button("导出", "arrow_export")
        self.others_button = Button("其他表", "document_table")
        self.notice = NoticeBar()
        self.filter_row = FilterRow()
        self.table = MatrixTable()
        self.find_bar = FindBar(self.table)
        self.legend = Legend()
        self.empty = EmptyState(
            "还没有开过期次",
            "开了期次，各单位才能填报，矩阵才有内容。" if session.office else "区里开了期次并下发副本，矩阵才有内容。",
            "去设置开期次" if session.office else "去接收下发副本",
            "grid",
        )
        self.nothing = EmptyState("没有符合的格", "换一个条件，或者看全部。", "清除筛选", "filter", main=False)
        self.panel = CellPanel(self, office=session.office, mine=session.unit)
        self.busy = BusyBar(self, self.title_row)

        self.as_of.setObjectName("asOf")
        self.as_of.set_options([(PERIOD_END, "按期末"), (CHOSEN_DAY, "按指定日期")])
        self.as_of.setToolTip("列按这一天的机构名称和合并情况显示")
        self.day.setObjectName("asOfDay")
        self.day.setAccessibleName("机构按哪一天")
        self.day.hide()
        self.panel.hide()
        self.against.setObjectName("against")
        self.against.setToolTip("和以前的一期比，看哪些格变了")
        self.columns_button.setObjectName("columns")
        self.columns_button.setToolTip("显示哪些单位、按什么顺序；只记在本机")
        self.print_button.setObjectName("print")
        self.pdf_button.setObjectName("pdf")
        self.export_button.setObjectName("export")
        self.export_button.setToolTip("屏幕上的矩阵，存成 Excel 或 Word")
        self.others_button.setObjectName("others")
        self._lay_out()

        self.title_row.period_chosen.connect(session.set_period)
        session.period_changed.connect(lambda _name: self._read() if self.isVisible() else None)
        session.operations.changed.connect(self._something_changed)
        self.as_of.chosen.connect(self._as_of_chosen)
        self.day.changed.connect(lambda _day: self._read())
        self.against.chosen.connect(lambda _key: self._read())
        self.columns_button.clicked.connect(self._choose_columns)
        self.print_button.clicked.connect(self._print)
        self.pdf_button.clicked.connect(self._save_pdf)
        self.export_button.clicked.connect(self._export)
        self.others_button.clicked.connect(self._show_others)
        self.filter_row.changed.connect(lambda _filters: self._show())
        self.legend.chosen.connect(self._state_chosen)
        self.nothing.started.connect(lambda: self.filter_row.set_filters(Filters()))
        self.empty.started.connect(lambda: session.go("settings" if session.office else "exchange"))
        self.table.cell_opened.connect(self._open)
        self.table.cell_moved.connect(self._moved)
        self.panel.closed.connect(self.close_panel)
        self.panel.stepped.connect(self._step)
        self.panel.proof_opened.connect(self._open_proof)
        self.panel.target_wanted.connect(lambda target: session.go("target", target))
        self.panel.conflicts_wanted.connect(lambda: session.go("exchange", "conflicts"))
        self.panel.review_wanted.connect(lambda unit: session.go("review", self._place_of(unit)))
        self.panel.filing_wanted.connect(lambda unit: session.go("filing", self._place_of(unit)))

    def _lay_out(self) -> None:
        self.title_row.add_left(self.as_of)
        self.title_row.add_left(self.day)
        self.title_row.add_left(self.against)
        self.title_row.add_action(self.columns_button)
        for button in self._paper_buttons:
            self.title_row.add_action(button)
        card = Card(flush=True)
        card.body.addWidget(self.table)
        left = QVBoxLayout()
        left.setSpacing(theme.GAP_S)
        left.addWidget(self.notice)
        left.addWidget(self.filter_row)
        left.addWidget(self.find_bar)
        self.stack = QStackedWidget()
        for widget in (card, self.nothing):
            self.stack.addWidget(widget)
        left.addWidget(self.stack, 1)
        left.addWidget(self.legend)
        self._left = QWidget()
        self._left.setLayout(left)
        self._left_column = left
        left.setContentsMargins(0, 0, 0, 0)
        column = page_column(self, self.title_row)
        column.setSpacing(0)
        column.addWidget(self._left, 1)
        column.addWidget(self.empty, 1)
        self.empty.hide()

    # -- what is shown -----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the matrix again; scroll, current cell, filters and the open panel stay."""
        self._read()

    def can_leave(self) -> bool:
        """Nothing is typed here."""
        return True

    def show_argument(self, argument: object) -> None:
        """{"task","unit"}: go to that cell and open it; with a task alone go to its row."""
        if not isinstance(argument, dict):
            return
        self._wanted = (str(argument.get("task") or ""), str(argument.get("unit") or ""))
        self.filter_row.set_filters(Filters())
        if self._view is not None:
            self._take_wanted()

    @property
    def view(self) -> MatrixView | None:
        """What is shown, None before the first period."""
        return self._view

    def _read(self) -> None:
        session, period, day = self._session, self._session.period, self._day()
        against = str(self.against.currentData() or "") or None
        session.operations.run_read(
            self,
            lambda _progress: read_matrix_view(session.ledger, period, day, against),
            self._got,
            title="读取任务矩阵",
            busy=self.busy,
        )

    def _day(self) -> date | None:
        return self.day.value() if self.as_of.currentData() == CHOSEN_DAY else None

    def _got(self, view: MatrixView | None) -> None:
        self._view = view
        for widget in (self._left, self.as_of, self.against, self.columns_button, *self._paper_buttons):
            widget.setVisible(view is not None)
        self.day.setVisible(view is not None and self.as_of.currentData() == CHOSEN_DAY)
        self.empty.setVisible(view is None)
        if view is None:
            self.title_row.set_periods(())
            self.close_panel()
            return
        names = [(p.name, texts.period_text(p.name)) for p in reversed(view.periods)]
        self.title_row.set_periods(names, view.period.name)
        self.day.offer(view.period.last)
        earlier = [p for p in reversed(view.periods) if p.last < view.period.last]
        self.against.set_options(
            [("", "不对比"), *((p.name, texts.period_text(p.name)) for p in earlier)],
            "" if view.compared is None else view.compared.name,
        )
        self.against.setEnabled(bool(earlier))
        self._arrange_columns()
        self.filter_row.compare_with("" if view.compared is None else texts.period_text(view.compared.name))
        self._show()
        self._take_wanted()

    def _show(self) -> None:
        view, narrower = self._view, self._narrower
        if view is None or narrower is None:
            return
        filters = self.filter_row.filters
        part = narrower.narrow(filters)
        self.filter_row.offer(narrower.matrix, part.counts)
        self.legend.set_counts(part.counts, filters.state)
        self.table.set_matrix(part.matrix, view.changes)
        self.find_bar.find_in(view.plan)
        self.stack.setCurrentIndex(0 if part.matrix.tasks else 1)
        facts = [f"{len(part.matrix.tasks)} 项任务", f"{len(part.matrix.units)} 家单位", f"{len(part.matrix.cells)} 格"]
        shown = ["仅含本单位"] if view.matrix.partial else []
        if filters.any:
            shown.append("已筛选，打印和 PDF 也只印这些" if part.matrix.tasks else "没有可印的，打印和 PDF 是全表")
        hidden = len(view.matrix.units) - len(narrower.matrix.units)
        shown += [f"隐藏 {hidden} 列"] if hidden else []
        if view.compared is not None:
            shown.append(f"{self._changed_cells(view)} 格有变动")
        self.filter_row.note.setText(texts.joined(shown))
        self.title_row.set_note(texts.joined(facts))
        if self._panel_open and self.table.currentIndex().isValid():
            self._fill_panel()
        elif self._panel_open:
            self.close_panel()

    def _arrange_columns(self) -> None:
        view = self._view
        if view is not None:
            self._narrower = Narrower(self._columns.apply(view.matrix), view.plan, view.changes)

    @staticmethod
    def _changed_cells(view: MatrixView) -> int:
        return sum(unit != TASK_STATE for _task, unit in view.changes)

    def _choose_columns(self) -> None:
        view = self._view
        if view is None:
            return
        dialog = ColumnsDialog(self, view.matrix.units, self._columns)
        if dialog.exec():
            self.set_columns(dialog.columns)

    def set_columns(self, columns: Columns) -> None:
        """Show these columns from now on; kept on this PC."""
        self._columns = columns
        save_columns(self._session.ledger.id, columns)
        self._arrange_columns()
        self._show()

    def _take_wanted(self) -> None:
        if self._wanted is None:
            return
        (task, unit), self._wanted = self._wanted, None
        model, view = self.table.matrix, self._view
        if view is not None and unit in view.plan.unit_by_id:
            on = date.fromisoformat(view.matrix.as_of)
            unit = view.plan.standing_in(view.plan.unit_by_id[unit], on).id
            if unit in self._columns.hidden:  # what is asked for is shown
                self.set_columns(replace(self._columns, hidden=self._columns.hidden - {unit}))
        row = model.row_of(task)
        place = model.place(task, unit) or (worst_place(model, row) if row is not None else None)
        if place is not None:
            self.table.move_to(*place)
            self._open(*place)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _something_changed(self, kinds: frozenset[str], by: object) -> None:
        if self.isVisible() and by is not self and kinds & _SHOWN_BY:
            self._read()

    def _as_of_chosen(self, key: object) -> None:
        self.day.setVisible(key == CHOSEN_DAY)
        if key == CHOSEN_DAY and self.day.value() is None and self._view is not None:
            self.day.set_value(self._view.period.last)
        self._read()

    def _state_chosen(self, key: str) -> None:
        filters = self.filter_row.filters
        self.filter_row.set_filters(replace(filters, state=key))

    # -- the open cell -----------------------------------------------------------------------------------------

    def close_panel(self) -> None:
        """Close the cell; the keyboard goes back to the table."""
        if not self._panel_open:
            return
        inside = self.panel.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        self._panel_open = False
        self.panel.hide()
        self._arrange()
        if inside:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, row: int, column: int) -> None:
        place = (row, column)
        if column < FROZEN:
            worst = worst_place(self.table.matrix, row) if column == STATE or column < STATE else None
            if worst is None:
                return
            place = worst
            self.table.move_to(*place)
        if self.table.matrix.lines[place[0]].task is None:
            return
        if not self._panel_open:
            self._panel_open = True
            self._arrange()
            self.panel.show()
            self.panel.raise_()
        self._fill_panel()
        self.table.scrollTo(self.table.currentIndex())

    def _moved(self, row: int, column: int) -> None:
        if self._panel_open and column >= FROZEN and self.table.matrix.lines[row].task is not None:
            self._fill_panel()

    def _fill_panel(self) -> None:
        view, index = self._view, self.table.currentIndex()
        model = self.table.matrix
        if view is None or not index.isValid() or index.column() < FROZEN:
            return
        task = model.lines[index.row()].task
        if task is None:
            return
        unit = model.units[index.column() - FROZEN]
        place = Place(task, unit, model.cell_at(index.row(), index.column()))
        self.panel.show_place(view, place)
        self.panel.before.setEnabled(self.table.can_step(-1))
        self.panel.after.setEnabled(self.table.can_step(1))

    def _step(self, by: int) -> None:
        self.table.step(by)

    def _place_of(self, unit: str) -> dict[str, str]:
        view, index = self._view, self.table.currentIndex()
        task = self.table.matrix.lines[index.row()].task if index.isValid() else None
        period = view.period.name if view is not None else ""
        return {"unit": unit, "task": task.id if task is not None else "", "period": period}

    def _open_proof(self, unit: str, proof: Proof) -> None:
        self._opener.open(self, unit, proof)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Find) and self._view is not None:
            self.find_bar.open()
        elif event.key() == Qt.Key.Key_F3:
            self.find_bar.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape and self._panel_open:
            self.close_panel()
        elif event.key() == Qt.Key.Key_Escape and not self.find_bar.isHidden():
            self.find_bar.leave()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Make room for the panel beside the matrix, or lay it over in a narrow window."""
        over = self.window().width() < OVERLAY_BELOW
        width = theme.scaled(WIDTH)
        margins = self._left_column.contentsMargins()
        margins.setRight(width + theme.CARD_GAP if self._panel_open and not over else 0)
        self._left_column.setContentsMargins(margins)
        top = self.title_row.height()
        right = self.width() - theme.PAGE_MARGIN
        self.panel.set_over(over)
        self.panel.setGeometry(QRect(right - width, top, width, self.height() - top - theme.CARD_GAP))
        self._left_column.activate()

    # -- paper -------------------------------------------------------------------------------------------------

    @property
    def _paper_buttons(self) -> tuple[Button, ...]:
        return self.others_button, self.print_button, self.pdf_button, self.export_button

    def _print(self) -> None:
        view = self._view
        if view is not None:
            narrow, scope = self._printed_part()
            ledger, period = self._session.ledger, view.period.name
            self._session.go("preview", matrix_job(ledger, period, as_of=self._day(), narrow=narrow, scope=scope))

    def _printed_part(self) -> tuple[Callable[[Matrix], Matrix] | None, str]:
        """Paper shows what the screen shows: its columns and what the filters leave; the whole when nothing is left."""
        if self.stack.currentIndex() != 0 or self._view is None:
            return None, ""
        return printed_part(self._view, self.filter_row.filters, self._columns, self.filter_row.words())

    def _save_pdf(self) -> None:
        view, session, day = self._view, self._session, self._day()
        if view is None:
            return
        period = view.period.name
        narrow, scope = self._printed_part()
        path = session.files.save_file(self, "存为 PDF", f"任务责任矩阵_{period}.pdf", PDFS)
        if path is None:
            return
        target = path if path.suffix.lower() == ".pdf" else path.with_name(path.name + ".pdf")

        def work(progress: Watch) -> int:
            with watched(progress):
                document = papers.matrix_paper(session.ledger, period, as_of=day, narrow=narrow, scope=scope)
                to_pdf(document, target)
            return len(document.pages)

        def done(pages: int) -> None:
            self.notice.say(f"已存为 {target.name}，A3 横向，共 {pages} 页。要 A4 或彩色，请用“打印”里的预览。")

        session.operations.run_read(self, work, done, title="存为 PDF", busy=self.busy)

    def _export(self) -> None:
        """The part on screen as a workbook or a Word file, by the name's ending."""
        view, session, day = self._view, self._session, self._day()
        if view is None:
            return
        period = view.period.name
        narrow, scope = self._printed_part()
        chosen = session.files.save_file(self, "导出任务矩阵", f"任务责任矩阵_{period}.xlsx", OFFICE)
        if chosen is None:
            return
        path = chosen if chosen.suffix else chosen.with_name(f"{chosen.name}.xlsx")
        session.operations.run_write(
            self,
            "导出任务矩阵",
            lambda _progress: export_matrix(session.ledger, path, period, as_of=day, narrow=narrow, scope=scope),
            lambda _none: self.notice.say(f"已导出“{path.name}”{f'，只有{scope}' if scope else ''}。"),
            kinds=(),
            busy=self.busy,
        )

    def others_menu(self) -> QMenu:
        """The other papers of the same plan and period."""
        session, view = self._session, self._view
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("print"), "任务分解表…", lambda: session.go("preview", breakdown_job(session.ledger)))
        if view is not None:
            job = leader_job(session.ledger, view.period.name, view.period.last, back="matrix")
            menu.addAction(icon("print"), "领导一页纸…", lambda: session.go("preview", job))
        return menu

    def _show_others(self) -> None:
        self.others_menu().popup(self.others_button.mapToGlobal(self.others_button.rect().bottomLeft()))
