"""What comes into a register many rows at once: from a workbook, the clipboard, an earlier year; a draft first."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from ganzhou_desktop.services import register_files
from ganzhou_desktop.services.register_files import Draft
from ganzhou_desktop.ui.pages.registers_page.import_dialog import ImportDialog
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.widgets import BusyBar

SHEETS = "表格 (*.xlsx *.xls *.ods *.csv);;所有文件 (*)"
XLSX = "Excel 工作簿 (*.xlsx)"


class DraftsIn(QObject):
    """`taken`: a draft was taken in; `told`: a sentence for the page."""

    taken = Signal()
    told = Signal(str)

    def __init__(self, page: QWidget, session: Session, busy: BusyBar) -> None:
        super().__init__(page)
        self._page = page
        self._session = session
        self._busy = busy

    def import_file(self, register: str, unit: str) -> None:
        """Ask for a workbook and show what it would bring."""
        path = self._session.files.open_file(self._page, "选择要导入的表格", SHEETS)
        if path is None:
            return
        ledger = self._session.ledger
        self._session.operations.run_read(
            self._page,
            lambda _progress: register_files.read_import(ledger, register, unit, path),
            lambda draft: self._show(draft, from_file=True),
            title="读取表格",
            busy=self._busy,
        )

    def paste(self, register: str, unit: str, text: str, first: str) -> None:
        """Show what pasted cells would bring, from column `first` on where they have no titles."""
        ledger = self._session.ledger
        self._session.operations.run_read(
            self._page,
            lambda _progress: register_files.read_pasted(ledger, register, unit, text, first),
            lambda draft: self._show(draft, from_file=False),
            title="读取粘贴的内容",
            busy=self._busy,
        )

    def copy_forward(self, register: str, unit: str) -> None:
        """照上年: entries of an earlier year as the draft of new ones."""
        ledger, operations = self._session.ledger, self._session.operations

        def read(_progress: object) -> tuple[tuple[int, ...], Draft | None]:
            years = register_files.years_of(ledger, register, unit)
            return years, register_files.draft_of_year(ledger, register, unit, years[0]) if years else None

        def show(found: tuple[tuple[int, ...], Draft | None]) -> None:
            years, draft = found
            if draft is None:
                self.told.emit("以前的登记都没有填日期，分不出年份，没有可以照抄的。")
                return
            dialog = self._open(draft, from_file=False, years=years)

            def other(year: int) -> None:
                operations.run_read(
                    dialog,
                    lambda _progress: register_files.draft_of_year(ledger, register, unit, year),
                    dialog.show_draft,
                )

            dialog.year_wanted.connect(other)

        operations.run_read(self._page, read, show, title="读取以前的登记", busy=self._busy)

    def _show(self, draft: Draft, *, from_file: bool) -> None:
        self._open(draft, from_file=from_file)

    def _open(self, draft: Draft, *, from_file: bool, years: tuple[int, ...] = ()) -> ImportDialog:
        dialog = ImportDialog(self._page, self._session.plan, draft, from_file=from_file, years=years)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ledger = self._session.ledger

        def done(taken: tuple[int, int]) -> None:
            dialog.accept()
            self._session.saved.emit(f"已收下：新增 {taken[0]} 条，改动 {taken[1]} 条", "checkmark_circle")
            self.taken.emit()

        def take(doubles: bool) -> None:
            wanted = dialog.draft
            self._session.operations.run_write(
                dialog,
                "导入",
                lambda _progress: register_files.take_in(ledger, wanted, doubles=doubles),
                done,
                kinds={"entry"},
                on_error=lambda error: dialog.failed(error.text),
            )

        def mark() -> None:
            suggested = f"{draft.source.rpartition('.')[0] or draft.source}_标出错误.xlsx"
            out = self._session.files.save_file(dialog, "另存标出错误的表", suggested, XLSX)
            if out is not None:
                self._session.operations.run_write(
                    dialog,
                    "另存标出错误的表",
                    lambda _progress: register_files.write_marked(ledger, draft, out),
                    lambda _none: dialog.line.set_message(f"已另存为“{out.name}”，改好后再导入。", "info"),
                    kinds=(),
                    on_error=lambda error: dialog.line.set_message(error.text),
                )

        dialog.accepted_draft.connect(take)
        dialog.marked_wanted.connect(mark)
        dialog.open()
        return dialog
