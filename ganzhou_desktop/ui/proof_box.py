"""佐证材料: the files of one matter; added by a button or by dropping them, opened again, taken away."""

from collections.abc import Collection, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ganzhou_desktop.domain.forms import ProofEntry
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import pixmap
from ganzhou_desktop.ui.texts import size_text
from ganzhou_desktop.ui.widgets import Button, ElidedLabel, MessageLine, PlainLabel


def dropped_files(data: QMimeData) -> list[Path]:
    """The files of a drop; none when something else is dragged."""
    found = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in found if path.is_file()]


class ProofBox(QWidget):
    """One line a file.  `open_wanted` and `remove_wanted` carry the entry, `dropped` the paths."""

    add_wanted = Signal()
    dropped = Signal(object)
    open_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.add = Button("添加", "attach")
        self.add.setObjectName("addProof")
        self.message = MessageLine()
        self.empty = PlainLabel("还没有佐证，可以把文件拖到这里。", "note")
        self._lines = QVBoxLayout()
        self._shown: tuple[object, ...] = ()
        self.setAcceptDrops(True)

        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP_M)
        label = PlainLabel("佐证材料", "strong")
        label.setFixedHeight(theme.scaled(theme.CONTROL))
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        self._lines.setSpacing(0)
        self.empty.setMinimumHeight(theme.scaled(theme.CONTROL))
        column.addWidget(self.empty)
        column.addLayout(self._lines)
        column.addWidget(self.message)
        row.addLayout(column, 1)
        row.addWidget(self.add, 0, Qt.AlignmentFlag.AlignTop)
        self.add.clicked.connect(self.add_wanted)

    def show_files(self, entries: Sequence[ProofEntry], held: Collection[str], locked: bool) -> None:
        """Show the files; those whose bytes are not here cannot be opened."""
        shown = (tuple(entries), tuple(e.sha256 in held for e in entries), locked)
        self.add.setVisible(not locked)
        if shown == self._shown:
            return
        self._shown = shown
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for entry in entries:
            self._lines.addWidget(self._line(entry, entry.sha256 in held, locked))
        self.empty.setVisible(not entries)
        self.empty.setText("没有佐证" if locked else "还没有佐证，可以把文件拖到这里。")

    def _line(self, entry: ProofEntry, held: bool, locked: bool) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        sign = QLabel()
        sign.setPixmap(pixmap("document_text", theme.ICON_ROW, colours.INK2, False, self.devicePixelRatioF()))
        row.addWidget(sign)
        if held:
            name = Button(self._short(entry.name), kind="text", tip=f"打开 {entry.name}")
            name.setObjectName("openProof")
            name.clicked.connect(lambda: self.open_wanted.emit(entry))
            row.addWidget(name)
            row.addWidget(PlainLabel(size_text(entry.size), "note"))
            row.addStretch(1)
        else:
            row.addWidget(ElidedLabel(entry.name), 1)
            row.addWidget(PlainLabel(f"{size_text(entry.size)} · 佐证未随附", "note"))
        if not locked:
            away = Button(icon_name="dismiss", kind="bare", tip=f"移除 {entry.name}")
            away.setObjectName("removeProof")
            away.clicked.connect(lambda: self.remove_wanted.emit(entry))
            row.addWidget(away)
        return line

    def _short(self, name: str) -> str:
        return self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, theme.scaled(280))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.add.isEnabled() and not self.add.isHidden() and dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = dropped_files(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)
