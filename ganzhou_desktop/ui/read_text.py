"""Text to be read: what people wrote and the plan's own words, wrapped anywhere, with stretches marked; never markup."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import icon
from ganzhou_desktop.ui.texts import visible

_LINE = 21
_AROUND = 24


def spans_of(text: str, quotes: Iterable[str]) -> list[tuple[int, int]]:
    """(start, end) of the quotes found in the text, joined where they touch."""
    found = sorted((at, at + len(q)) for q in quotes if q and (at := text.find(q)) >= 0)
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def excerpt(text: str, quotes: Sequence[str], around: int = _AROUND) -> str:
    """The text around its quotes, … where something is left out; all of it when no quote is found."""
    spans = spans_of(text, quotes)
    if not spans:
        return text
    start, end = max(spans[0][0] - around, 0), min(spans[-1][1] + around, len(text))
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


class ReadText(QWidget):
    """Wrapped text, as high as its lines; a menu copies it.  QLabel would not break a long word and be cut."""

    def __init__(
        self, text: str = "", quotes: Iterable[str] = (), colour: str = colours.INK, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text = ""
        self._quotes: tuple[str, ...] = ()
        self._colour = colour
        self._laid: tuple[int, QTextLayout, int] | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self.set_text(text, quotes)

    def text(self) -> str:
        """What is shown."""
        return self._text

    def set_text(self, text: str, quotes: Iterable[str] = ()) -> None:
        """Show a text with these parts of it marked."""
        self._text, self._quotes = visible(text), tuple(visible(q) for q in quotes)
        self._laid = None
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self.update()

    def marked(self) -> list[str]:
        """The marked stretches."""
        return [self._text[a:b] for a, b in spans_of(self._text, self._quotes)]

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay_out(width)[1]

    def sizeHint(self) -> QSize:
        return QSize(120, self.heightForWidth(max(self.width(), 120)))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, theme.scaled(_LINE))

    def _lay_out(self, width: int) -> tuple[QTextLayout, int]:
        if self._laid is not None and self._laid[0] == width:
            return self._laid[1:]
        layout = QTextLayout(self._text.replace("\n", "\u2028"), theme.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats([self._marked_range(*span) for span in spans_of(self._text, self._quotes)])
        step, y = theme.scaled(_LINE), 0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 1))
            line.setPosition(QPointF(0, y + (step - line.height()) / 2))
            y += step
        layout.endLayout()
        self._laid = (width, layout, y)
        return layout, y

    def _marked_range(self, start: int, end: int) -> Any:
        look = QTextCharFormat()
        look.setFontWeight(700)
        look.setBackground(QColor(colours.ACCENT_MARK))
        made: Any = QTextLayout.FormatRange()  # the stubs of 6.8 leave out its attributes
        # Qt counts UTF-16 units, Python counts characters.
        made.start = len(self._text[:start].encode("utf-16-le", "surrogatepass")) // 2
        made.length = len(self._text[start:end].encode("utf-16-le", "surrogatepass")) // 2
        made.format = look
        return made

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(self._colour))
        self._lay_out(self.width())[0].draw(painter, QPointF(0, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(icon("copy"), "复制")
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        menu.popup(self.mapToGlobal(at))
