"""The register's table view: typing into cells, choices from a list, paste and delete by key."""

from collections.abc import Iterable

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLineEdit, QStyleOptionViewItem, QWidget

from ganzhou_desktop.domain.plan import CHOICE, DATE, FLAG, LONG_TEXT, TEXT, Column
from ganzhou_desktop.domain.typed import LONG_TEXT_LIMIT
from ganzhou_desktop.services.register_desk import EntryRow
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.pages.registers_page.model import RegisterModel
from ganzhou_desktop.ui.table_header import PAD, PAD_EDGE
from ganzhou_desktop.ui.table_model import Index, shown
from ganzhou_desktop.ui.tables import RowDelegate, RowTable

_FLAGS = ("是", "否")
_TEXTS = (TEXT, LONG_TEXT)
_MARK = 14
"""Room in the header for the mark of sorting."""
_FILLED = "filled"
_LOOKED_AT = 60
"""Rows whose words decide how wide a column is: a few screens of them, whatever the register's size."""
_WIDEST, _LEAST = 320, 84


class _CellEdit(QLineEdit):
    """Keeps Enter to itself: it ends the editing and must not reach the table, which would open the entry."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        event.accept()


class RegisterDelegate(RowDelegate):
    """Editors by the column's form: a list where the plan has choices, a line for everything else."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = index.model()
        column = model.column_at(index.column()) if isinstance(model, RegisterModel) else None
        if column is not None and column.form in (CHOICE, FLAG):
            combo = QComboBox(parent)
            combo.addItems(["", *(column.choices or _FLAGS)])
            combo.setAccessibleName(column.title)
            combo.activated.connect(lambda _: self._done(combo))
            return combo
        line = _CellEdit(parent)
        line.setMaxLength(LONG_TEXT_LIMIT)
        line.setAccessibleName(column.title if column is not None else "")
        if column is not None:
            line.setPlaceholderText(hint_of(column))
        return line

    def _done(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if editor.property(_FILLED):
            return  # Qt asks again whenever the row changes, e.g. when the cell before is saved: what is typed stays
        editor.setProperty(_FILLED, True)
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findText(text)))
        elif isinstance(editor, QLineEdit):
            editor.setText(text)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText())
        elif isinstance(editor, QLineEdit):
            model.setData(index, editor.text())


def hint_of(column: Column) -> str:
    """How a column is to be filled in, in few words."""
    return "2018-04-05" if column.form == DATE else ""


class RegisterTable(RowTable):
    """`typed_over` needs no signal of its own: the model is asked.  Enter edits a cell, F4 opens the entry's form.

    Columns are as wide as the words in them, and only grow while a register is shown, so that nothing moves under the
    hand; what is left over is shared by the columns of text.
    """

    paste_wanted = Signal(str)
    delete_wanted = Signal()
    form_wanted = Signal(QModelIndex)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(RegisterDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.DoubleClicked | trigger.EditKeyPressed | trigger.AnyKeyPressed)
        self.setTabKeyNavigation(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    _wanted: tuple[int, ...] = ()

    def setModel(self, model: QAbstractItemModel | None) -> None:
        self._wanted = ()
        super().setModel(model)
        if isinstance(model, RegisterModel):
            model.dataChanged.connect(lambda first, last: self._look(range(first.row(), last.row() + 1)))
            model.modelReset.connect(lambda: self._look(range(_LOOKED_AT)))
            self._look(range(_LOOKED_AT))

    def fit_columns(self) -> None:
        model = self.model()
        if not isinstance(model, RegisterModel) or not self._wanted:
            super().fit_columns()
            return
        spare = self.viewport().width() - sum(self._wanted)
        texts = [i for i, _ in enumerate(self._wanted) if (c := model.column_at(i)) is not None and c.form in _TEXTS]
        share = max(spare, 0) // len(texts) if texts else 0
        for i, width in enumerate(self._wanted):
            self.setColumnWidth(i, width + (share if i in texts else 0))

    def _look(self, places: Iterable[int]) -> None:
        """Make columns wide enough for the words of these rows, as far as they are looked at."""
        model = self.model()
        assert isinstance(model, RegisterModel)
        rows = [model.row(place) for place in places if place < min(model.rowCount(), _LOOKED_AT)]
        plain, bold = QFontMetrics(theme.font()), QFontMetrics(theme.font(bold=True))
        head = QFontMetrics(theme.font(theme.NOTE, bold=True))
        wanted = []
        for i, column in enumerate(model.columns):
            letters = bold if column.bold else plain
            # The longest few by their letters: not every text has to be measured.
            longest = sorted({shown(column.getter(row)) for row in rows}, key=len)[-3:]
            words = max((letters.horizontalAdvance(text) for text in longest), default=0)
            words = max(min(words, theme.scaled(_WIDEST)), head.horizontalAdvance(column.title) + theme.scaled(_MARK))
            words = max(words, theme.scaled(min(column.width, _LEAST)))
            pads = 2 * PAD + (PAD_EDGE - PAD) * ((i == 0) + (i == len(model.columns) - 1))
            wanted.append(max(words + pads + 2, self._wanted[i] if self._wanted else 0))
        if tuple(wanted) != self._wanted:
            self._wanted = tuple(wanted)
            self.fit_columns()

    def editing(self) -> bool:
        """Whether a cell is being typed into."""
        return self.state() == QAbstractItemView.State.EditingState

    def _leaves(self, event: QKeyEvent) -> bool:
        """Tab goes from cell to cell; after the last one, and back before the first, it leaves the table."""
        model, at = self.model(), self.currentIndex()
        if event.key() not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) or model is None:
            return False
        ends = [(0, 0), (model.rowCount() - 1, model.columnCount() - 1)]
        return not at.isValid() or (at.row(), at.column()) == ends[event.key() == Qt.Key.Key_Tab]

    def chosen_rows(self) -> list[EntryRow]:
        """The entries of which a cell is selected, in the order shown; else the one the frame stands on."""
        model = self.model()
        assert isinstance(model, RegisterModel)
        chosen = self.selectionModel().selectedIndexes() or [self.currentIndex()]
        places = sorted({index.row() for index in chosen if index.isValid()})
        return [model.row(place) for place in places]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._leaves(event):
            event.ignore()  # Tab then goes on to the next place of the page
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_wanted.emit(QGuiApplication.clipboard().text())
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        elif event.key() == Qt.Key.Key_F4 and self.currentIndex().isValid():
            self.form_wanted.emit(self.currentIndex())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            if not self.edit(
                self.currentIndex(), QAbstractItemView.EditTrigger.AllEditTriggers, QEvent(QEvent.Type.None_)
            ):
                self.form_wanted.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
