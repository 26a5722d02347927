"""Cells typed into, saved one by one against what was shown; what cannot be read or saved stays in its cell."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ganzhou_desktop.domain.canonical import Json
from ganzhou_desktop.domain.errors import LedgerError, RuleBroken
from ganzhou_desktop.domain.registers import Entry
from ganzhou_desktop.domain.typed import read_value
from ganzhou_desktop.services import register_desk
from ganzhou_desktop.services.register_desk import EntryRow
from ganzhou_desktop.ui.pages.registers_page.model import RegisterModel
from ganzhou_desktop.ui.session import Session


class CellSaving(QObject):
    """`told` carries a sentence for the page (empty: nothing is wrong), `saved` the row before and the entry now."""

    told = Signal(str)
    saved = Signal(object, object)

    def __init__(self, page: QWidget, session: Session) -> None:
        super().__init__(page)
        self._page = page
        self._session = session
        self._written: dict[tuple[str, str], tuple[set[tuple[str, ...]], Entry]] = {}
        """Entry id → (what it was before cells of it were saved from here, what it is since).  The worker's."""

    def edit(self, model: RegisterModel, row: EntryRow, name: str, typed: str) -> None:
        """Save what was typed into a cell if it can be read and differs."""
        column = next(c for c in model.desk.view.columns if c.name == name)
        try:
            value = read_value(column, typed)
        except RuleBroken as exc:
            model.mark_wrong(row, name, typed, exc.text)
            self.told.emit(exc.text)
            return
        model.clear_wrong(row, name)
        self.told.emit("")
        if value == row.entry.values.get(name) and (row.id, name) not in model.pending:
            return
        self._save(model, row, name, value, typed)

    def _save(self, model: RegisterModel, row: EntryRow, name: str, value: Json, typed: str) -> None:
        ledger, entry = self._session.ledger, row.entry
        model.mark_pending(row, name, typed)
        written = self._written

        def work(_progress: object) -> Entry | None:
            # A cell typed before the one before it was saved goes on from that one: it does not differ with it.
            before, last = written.get(entry.id, (set[tuple[str, ...]](), entry))
            now = register_desk.save_cell(ledger, last if entry.heads in before else entry, name, value)
            if now is not None:
                written[entry.id] = ({*before, entry.heads, last.heads}, now)
            return now

        def done(now: Entry | None) -> None:
            self._session.saved.emit("已保存", "checkmark_circle")
            if now is not None:
                self.saved.emit(row, now)
            model.clear_pending(row, name)

        def failed(error: LedgerError) -> None:
            model.clear_pending(row, name)
            model.mark_wrong(row, name, typed, error.text)
            self.told.emit(error.text)

        self._session.operations.run_write(self._page, "保存登记", work, done, kinds={"entry"}, on_error=failed)
