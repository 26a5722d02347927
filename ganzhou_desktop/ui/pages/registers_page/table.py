"""The register's table view: typing into cells, choices from a list, paste and delete by key."""

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLineEdit, QStyleOptionViewItem, QWidget

from ganzhou_desktop.domain.plan import CHOICE, DATE, FLAG, Column
from ganzhou_desktop.domain.typed import LONG_TEXT_LIMIT
from ganzhou_desktop.services.register_desk import EntryRow
from ganzhou_desktop.ui.pages.registers_page.model import RegisterModel
from ganzhou_desktop.ui.table_model import Index
from ganzhou_desktop.ui.tables import RowDelegate, RowTable

_FLAGS = ("是", "否")
_FILLED = "filled"


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
    """`typed_over` needs no signal of its own: the model is asked.  Enter edits a cell, F4 opens the entry's form."""

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

    def editing(self) -> bool:
        """Whether a cell is being typed into."""
        return self.state() == QAbstractItemView.State.EditingState

    def chosen_rows(self) -> list[EntryRow]:
        """The entries of which a cell is selected, in the order shown."""
        model = self.model()
        assert isinstance(model, RegisterModel)
        places = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
        return [model.row(place) for place in places]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
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
