"""联系人: the office writes those of all units in one table, a unit its own; all changes are saved as one act."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPen, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QStyleOptionViewItem,
    QWidget,
)

from ganzhou_desktop.domain.filings import CONTACTS
from ganzhou_desktop.domain.plan import Unit
from ganzhou_desktop.services import contacts
from ganzhou_desktop.services.standing import why_cannot_write
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.pages.settings_page.section import Section
from ganzhou_desktop.ui.session import Session
from ganzhou_desktop.ui.table_model import Column, Index, TableModel
from ganzhou_desktop.ui.tables import Cell, RowDelegate, RowTable
from ganzhou_desktop.ui.texts import CONTACT_WORDS
from ganzhou_desktop.ui.widgets import BusyBar, Button, Card, MessageLine, PlainLabel

SAVE, DROP, STAY = "保存", "不保存", "留在这里"


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One unit with what is held of it."""

    unit: Unit
    held: Mapping[str, str]


class ContactsModel(TableModel[ContactRow]):
    """A table in which the four fields are typed over; what differs from the ledger is kept in `edits`."""

    def __init__(self) -> None:
        self.edits: dict[str, dict[str, str]] = {}
        self.locked = False
        super().__init__(
            [
                Column("单位", lambda r: r.unit.name, width=200, bold=True, tip=lambda r: r.unit.name),
                *(Column(CONTACT_WORDS[name], self._getter(name)) for name in CONTACTS),
            ]
        )

    def _getter(self, name: str) -> Callable[[ContactRow], str]:
        return lambda row: self.text(row, name)

    def text(self, row: ContactRow, name: str) -> str:
        """What a field says now: typed, else held."""
        return self.edits.get(row.unit.id, {}).get(name, row.held.get(name, ""))

    def edited(self, row: ContactRow, name: str) -> bool:
        """Whether a field was typed over."""
        return name in self.edits.get(row.unit.id, {})

    def type_over(self, row: ContactRow, name: str, text: str) -> None:
        """Keep what was typed; the held text again is no edit."""
        mine = self.edits.setdefault(row.unit.id, {})
        if text.strip() == row.held.get(name, ""):
            mine.pop(name, None)
        else:
            mine[name] = text.strip()
        if not mine:
            self.edits.pop(row.unit.id)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() > 0 and not self.locked else flags

    def setData(self, index: Index, value: object, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() == 0:
            return False
        self.type_over(self.row(index.row()), CONTACTS[index.column() - 1], str(value))
        self.dataChanged.emit(index, index)
        return True

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if role == Qt.ItemDataRole.EditRole:
            role = int(Qt.ItemDataRole.DisplayRole)
        return super().data(index, role)


class _CellEdit(QLineEdit):
    """Keeps Enter to itself: it ends the editing and must not reach the table, which would begin it again."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        event.accept()


class _Delegate(RowDelegate):
    """Marks a cell typed over and not saved yet."""

    def paint_ground(self, painter: QPainter, cell: Cell, index: Index) -> None:
        super().paint_ground(painter, cell, index)
        model = index.model()
        if not isinstance(model, ContactsModel) or index.column() == 0:
            return
        if model.edited(model.row(index.row()), CONTACTS[index.column() - 1]):
            painter.setPen(QPen(QColor(colours.LINE3), 1, Qt.PenStyle.DashLine))
            painter.drawRect(cell.rect.adjusted(1, 2, -2, -3))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = _CellEdit(parent)
        editor.setMaxLength(60)
        editor.setAccessibleName(str(index.model().headerData(index.column(), Qt.Orientation.Horizontal)))
        return editor


class ContactsSection(Section):
    """联系人."""

    key = "contacts"
    title = "联系人"
    icon = "people_team"
    kinds = frozenset({"profile", "merge", "undo", "conflict"})

    def __init__(self, session: Session, busy: BusyBar, parent: QWidget | None = None) -> None:
        super().__init__(session, busy, parent)
        self.model = ContactsModel()
        self.table = RowTable()
        self.boxes = {name: QLineEdit() for name in CONTACTS}
        self.save = Button("保存", "save", kind="main")
        self.revert = Button("放弃改动")
        self.line = MessageLine()
        self._lay_out()

        self.save.clicked.connect(self._save)
        self.revert.clicked.connect(self._revert)
        self.model.dataChanged.connect(lambda *_: self._update())
        keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self._save)

    def _lay_out(self) -> None:
        self.save.setObjectName("contacts_save")
        self.table.setObjectName("contacts_table")
        self.table.setAccessibleName("联系人")
        note = "催报和盖章表上的名字从这里来" if self.session.office else "印在盖章表上，也让区里找得到人"
        card = Card("联系人" if self.session.office else "本单位联系人", note, flush=self.session.office)
        card.add_action(self.revert)
        card.add_action(self.save)
        if self.session.office:
            self.table.setModel(self.model)
            self.table.setItemDelegate(_Delegate(self.table))
            self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
            trigger = QAbstractItemView.EditTrigger
            self.table.setEditTriggers(
                trigger.DoubleClicked | trigger.EditKeyPressed | trigger.AnyKeyPressed | trigger.SelectedClicked
            )
            self.table.opened.connect(self.table.edit)
            card.body.addWidget(self.table, 1)
            foot = PlainLabel("点两下或直接打字就能改；各单位自己也能改自己的，改了随副本带来。Ctrl+S 保存。", "note")
            foot.setContentsMargins(theme.GAP_L, 8, theme.GAP_L, 10)
            card.body.addWidget(foot)
            self.column.addWidget(card, 1)
        else:
            for name, box in self.boxes.items():
                box.setObjectName(f"contact_{name}")
                box.setAccessibleName(CONTACT_WORDS[name])
                box.setMaxLength(60)
                box.setFixedWidth(theme.scaled(280))
                row = QHBoxLayout()
                label = PlainLabel(CONTACT_WORDS[name], "strong")
                label.setFixedWidth(theme.scaled(64))
                row.addWidget(label)
                row.addWidget(box)
                row.addStretch(1)
                card.body.addLayout(row)
                box.textEdited.connect(lambda text, name=name: self._typed(name, text))
            self.column.addWidget(card)
            self.column.addStretch(1)
        self.column.addWidget(self.line)

    def refresh(self) -> None:
        ledger = self.session.ledger
        self.session.operations.run_read(
            self,
            lambda _progress: (contacts.all_contacts(ledger), why_cannot_write(ledger)),
            self._show,
            busy=self.busy,
        )

    def _commit_editor(self) -> None:
        """Take over what is still being typed in a cell."""
        if isinstance(self.focusWidget(), _CellEdit):
            self.table.setFocus()

    def _show(self, read: tuple[dict[str, dict[str, str]], str]) -> None:
        self._commit_editor()
        held, refusal = read
        plan = self.session.plan
        units = plan.responsible_units if self.session.office else (plan.unit_by_id[self.session.unit],)
        self.model.locked = bool(refusal)
        place, at = self.table.verticalScrollBar().value(), self.table.currentIndex()
        self.model.set_rows([ContactRow(unit, held.get(unit.id, {})) for unit in units])
        if at.isValid():
            self.table.setCurrentIndex(self.model.index(at.row(), at.column()))
        self.table.verticalScrollBar().setValue(place)
        if not self.session.office:
            for name, box in self.boxes.items():
                box.setText(self.model.text(self.model.row(0), name))
                box.setReadOnly(bool(refusal))
        self.line.set_message(refusal, "info")
        self._update()

    def _typed(self, name: str, text: str) -> None:
        self.model.type_over(self.model.row(0), name, text)
        self._update()

    def _update(self) -> None:
        count = len(self.model.edits)
        many = self.session.office and count > 0
        self.save.setText(f"保存 {count} 家" if many else "保存")
        self.save.set_enabled_because(count > 0, "没有改动")
        self.revert.setVisible(count > 0)

    def _revert(self) -> None:
        self.model.edits.clear()
        self.refresh()

    def _save(self) -> None:
        self._commit_editor()
        wanted = {unit: dict(fields) for unit, fields in self.model.edits.items()}
        if not wanted:
            return
        ledger = self.session.ledger

        def done(_: None) -> None:
            for unit, fields in wanted.items():
                if self.model.edits.get(unit) == fields:
                    self.model.edits.pop(unit)
            self.told.emit("联系人已保存。", "done")
            self.refresh()

        self.session.operations.run_write(
            self,
            "保存联系人",
            lambda _progress: contacts.save_contacts(ledger, wanted),
            done,
            kinds={"profile"},
            busy=self.busy,
        )

    def can_leave(self) -> bool:
        """Ask when something typed is not saved."""
        self._commit_editor()
        if not self.model.edits:
            return True
        answer = self.session.messages.choose(self, "联系人有改动还没有保存", "要保存再离开吗？", (STAY, DROP, SAVE))
        if answer == SAVE:
            self._save()
        elif answer == DROP:
            self.model.edits.clear()
        return answer in (SAVE, DROP)
