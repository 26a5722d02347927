"""A text area of the form: grows with its text, counts characters, turns pasted rich text into plain words."""

import re

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextDocumentFragment, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from ganzhou_desktop.ui import theme

_LINES = (2, 9)
_SPACES = re.compile("[\u00a0\u2002-\u200a\u202f]")
_BREAKS = re.compile("\r\n?|[\u000b\u000c\u0085\u2028\u2029]")
_GONE = re.compile("[\ufffc\u200b\u200c\u200d\ufeff\u00ad]")


def plain_words(text: str) -> str:
    """Pasted text without what only looks: object marks, hard spaces, foreign line ends; its words stay."""
    return _GONE.sub("", _SPACES.sub(" ", _BREAKS.sub("\n", text)))


class TextArea(QPlainTextEdit):
    """`typed` speaks when the user changes the text; Tab goes on to the next field."""

    typed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(3)
        self.textChanged.connect(self._changed)

    def set_text(self, text: str) -> None:
        """Show a text without a signal; one that says the same already stays as it is, cursor and all."""
        if self.toPlainText() == text or (self.hasFocus() and self.toPlainText().strip() == text):
            return
        blocked = self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(blocked)
        self._grow()

    def add_text(self, text: str) -> None:
        """Put text at the end, on a line of its own, as the user's own doing (it can be undone)."""
        cursor = self.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        cursor.insertText(("\n" if self.toPlainText().strip() else "") + text)
        self.setTextCursor(cursor)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return not source.hasUrls() and (source.hasText() or source.hasHtml())

    def insertFromMimeData(self, source: QMimeData) -> None:
        text = source.text() if source.hasFormat("text/plain") else ""
        if not text and source.hasHtml():
            text = QTextDocumentFragment.fromHtml(source.html()).toPlainText()
        self.textCursor().insertText(plain_words(text))
        self.ensureCursorVisible()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Page keys scroll the form, not the few lines in here.
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            event.ignore()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def sizeHint(self) -> QSize:
        return QSize(200, self._height(_LINES[0]))

    def _changed(self) -> None:
        self._grow()
        self.typed.emit(self.toPlainText())

    def _grow(self) -> None:
        lines = 0
        block = self.document().firstBlock()
        while block.isValid():
            layout = block.layout()
            lines += max(1, layout.lineCount() if layout is not None else 1)
            block = block.next()
        wanted = self._height(min(max(lines, _LINES[0]), _LINES[1]))
        if wanted != self.height() or self.minimumHeight() != wanted:
            self.setFixedHeight(wanted)

    def _height(self, lines: int) -> int:
        return lines * self.fontMetrics().lineSpacing() + theme.scaled(18)
