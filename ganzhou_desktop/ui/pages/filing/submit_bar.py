"""The foot of the page: what still stands in the way, who stands on the printed form, and the buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import icon, pixmap
from ganzhou_desktop.ui.texts import CONTACT_WORDS, joined, no_mnemonic
from ganzhou_desktop.ui.widgets import Button, Card, ElidedLabel, PlainLabel


@dataclass(frozen=True, slots=True)
class Spot:
    """Somewhere to go: a matter's field and the sentence about it."""

    task: str
    field: str
    text: str


class _Spots(QWidget):
    """An icon, how many, and what that means; Enter or a click lists the places."""

    gone_to = Signal(object)

    def __init__(self, icon_name: str, colour: str, *, filled: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = (icon_name, colour, filled)
        self._spots: tuple[Spot, ...] = ()
        sign = QLabel()
        sign.setPixmap(pixmap(icon_name, theme.ICON_ROW, colour, filled, self.devicePixelRatioF()))
        self.button = Button("", kind="text")
        self.button.setStyleSheet(f"color: {colour if filled else colours.INK}; font-weight: bold;")
        self.note = PlainLabel("", "note")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, theme.GAP_S, 0)
        row.setSpacing(2)
        row.addWidget(sign)
        row.addWidget(self.button)
        row.addWidget(self.note)
        self.button.clicked.connect(self._list)

    def show_spots(self, words: str, note: str, spots: Sequence[Spot]) -> None:
        """Show a count with its places; none hides it."""
        self._spots = tuple(spots)
        self.button.setText(words)
        self.button.setAccessibleName(words)
        self.note.setText(note)
        self.setVisible(bool(spots))

    def menu(self) -> QMenu:
        """The places as a menu."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for spot in self._spots:
            action = menu.addAction(icon(self._icon[0], self._icon[1], self._icon[2]), no_mnemonic(spot.text))
            action.triggered.connect(lambda _=False, spot=spot: self.gone_to.emit(spot))
        return menu

    def _list(self) -> None:
        if len(self._spots) == 1:
            self.gone_to.emit(self._spots[0])
            return
        menu = self.menu()
        menu.popup(self.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))


class ContactLine(QStackedWidget):
    """负责人、审核人、填表人、电话 as one line; 修改 turns it into four boxes, Enter keeps them, Esc drops them."""

    kept = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: dict[str, str] = {}
        self._begun: dict[str, str] = {}
        self.line = ElidedLabel(role="note")
        self.edit = Button("修改", kind="text")
        self.edit.setObjectName("editContacts")
        self.boxes = {name: QLineEdit() for name in CONTACT_WORDS}
        self.keep = Button("保存", kind="plain")
        self.keep.setObjectName("keepContacts")
        self.drop = Button("取消", kind="text")

        shown = QWidget()
        row = QHBoxLayout(shown)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP_S)
        row.addWidget(self.line)
        row.addWidget(self.edit)
        row.addStretch(1)
        self.line.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        boxes = QWidget()
        row = QHBoxLayout(boxes)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for name, box in self.boxes.items():
            box.setAccessibleName(CONTACT_WORDS[name])
            box.setObjectName(f"contact_{name}")
            box.setMaxLength(60)
            box.setMinimumWidth(theme.scaled(56))
            row.addWidget(PlainLabel(CONTACT_WORDS[name], "note"))
            row.addWidget(box, 3 if name == "phone" else 2)
            box.returnPressed.connect(self._keep)
        row.addWidget(self.keep)
        row.addWidget(self.drop)
        self.addWidget(shown)
        self.addWidget(boxes)
        self.setFixedHeight(theme.scaled(theme.CONTROL))
        self.edit.clicked.connect(self._begin)
        self.keep.clicked.connect(self._keep)
        self.drop.clicked.connect(lambda: self.setCurrentIndex(0))

    @property
    def editing(self) -> bool:
        return self.currentIndex() == 1

    def show_contacts(self, values: Mapping[str, str], *, may_write: bool) -> None:
        """Show the contact persons; boxes being edited stay."""
        self._values = dict(values)
        facts = [f"{word} {values.get(name) or '未填'}" for name, word in CONTACT_WORDS.items()]
        self.line.setText("表上人员：" + joined(facts))
        self.edit.setVisible(may_write)

    def values(self) -> dict[str, str]:
        """What stands in the boxes."""
        return {name: box.text().strip() for name, box in self.boxes.items()}

    def _begin(self) -> None:
        self._begun = dict(self._values)
        for name, box in self.boxes.items():
            box.setText(self._begun.get(name, ""))
        self.setCurrentIndex(1)
        self.boxes["head"].setFocus(Qt.FocusReason.TabFocusReason)

    def finish(self) -> None:
        """Keep what stands in the boxes, when the page is left."""
        if self.editing:
            self._keep()

    def _keep(self) -> None:
        self.setCurrentIndex(0)
        # Only what was typed: what came in meanwhile in the other boxes stays, and so does 两处不一致 there.
        typed = {name: text for name, text in self.values().items() if text != self._begun.get(name, "").strip()}
        if typed:
            self.kept.emit(typed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.editing:
            self.setCurrentIndex(0)
        else:
            super().keyPressEvent(event)


class SubmitBar(Card):
    """Two lines at the left, the buttons at the right; which buttons show follows from where the filing stands."""

    gone_to = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent, flush=True)
        self.errors = _Spots("error_circle", colours.ERROR, filled=True)
        self.unfilled = _Spots("info", colours.INK2)
        self.remarks = _Spots("info", colours.INK2)
        self.standing = ElidedLabel(role="strong")
        self.contacts = ContactLine()
        self.print_form = Button("打印填报表", "print")
        self.save = Button("存草稿 Ctrl+S", "save")
        self.drop = Button("放弃改动")
        self.withdraw = Button("撤回", "arrow_undo")
        self.unlock = Button("修改后重报", "edit")
        self.submit = Button("提交本期", kind="main")
        self.export = Button("导出副本", "arrow_export", kind="main")
        names = ("print_form", "save", "drop", "withdraw", "unlock", "submit", "export")
        for name in names:
            getattr(self, name).setObjectName(name)

        counts = QHBoxLayout()
        counts.setSpacing(theme.GAP_S)
        for widget in (self.errors, self.unfilled, self.remarks):
            counts.addWidget(widget)
        counts.addWidget(self.standing, 1)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addLayout(counts)
        left.addWidget(self.contacts)
        row = QHBoxLayout()
        row.setContentsMargins(theme.GAP_L, 5, theme.GAP_L, 5)
        row.setSpacing(theme.GAP_S)
        row.addLayout(left, 1)
        for name in names:
            row.addWidget(getattr(self, name), 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(row)
        self.standing.setMinimumHeight(theme.scaled(theme.CONTROL - 2))
        for spots in (self.errors, self.unfilled, self.remarks):
            spots.gone_to.connect(self.gone_to)
            spots.hide()
        for name in names[1:]:
            getattr(self, name).hide()  # all at once they would widen the window

    def show_spots(self, errors: Sequence[Spot], unfilled: Sequence[Spot], remarks: Sequence[Spot]) -> None:
        """Show the counts."""
        self.errors.show_spots(f"{len(errors)} 处错误", "改好才能提交", errors)
        self.unfilled.show_spots(f"{len(unfilled)} 件未填", "没有的可选“不适用”", unfilled)
        self.remarks.show_spots(f"{len(remarks)} 条提示", "不影响提交", remarks)
