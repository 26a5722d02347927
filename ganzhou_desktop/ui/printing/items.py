"""What lies on a printed page: frozen items in millimetres from the paper's upper left corner."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in millimetres."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def rect(self) -> QRectF:
        return QRectF(self.x, self.y, self.w, self.h)


@dataclass(frozen=True, slots=True)
class Style:
    """How words are set: font role, size in points, weight, alignment, colour, line pitch in ems of the size."""

    role: str
    size: float
    bold: bool = False
    align: str = "left"
    colour: str = "#000000"
    pitch: float = 1.3


@dataclass(frozen=True, slots=True)
class TextItem:
    """Broken lines in a box; `tag` tells readers (tests, outlines) what the words are."""

    box: Box
    lines: tuple[str, ...]
    style: Style
    tag: str = ""


@dataclass(frozen=True, slots=True)
class LineItem:
    """A rule; `w` its weight in millimetres."""

    x1: float
    y1: float
    x2: float
    y2: float
    w: float
    colour: str = "#000000"
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class MarkItem:
    """A painted mark: `state:…`, `role:lead`, `role:principal`, `role:support`, `corner`, `hatch`."""

    box: Box
    kind: str
    colour: bool = False


@dataclass(frozen=True, slots=True)
class PictureItem:
    """Something with a painter of its own, given the painter (in millimetres) and its box."""

    box: Box
    kind: str
    paint: Callable[[QPainter, Box], None]


Item = TextItem | LineItem | MarkItem | PictureItem


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet and its margins in millimetres; `name` is A3 or A4."""

    name: str
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def landscape(self) -> bool:
        return self.width > self.height

    @property
    def text_width(self) -> float:
        return self.width - self.left - self.right

    @property
    def text_right(self) -> float:
        return self.width - self.right

    @property
    def text_bottom(self) -> float:
        return self.height - self.bottom


A3_LANDSCAPE = Paper("A3", 420, 297, 22, 18, 17, 12)
A4_LANDSCAPE = Paper("A4", 297, 210, 17, 14, 10.5, 9)
A4_PORTRAIT = Paper("A4", 210, 297, 22, 18, 16, 14)


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet with everything on it."""

    paper: Paper
    items: tuple[Item, ...]

    @property
    def text(self) -> str:
        """All words of the page, one line of text a line."""
        return "\n".join(line for item in self.items if isinstance(item, TextItem) for line in item.lines)


@dataclass(frozen=True, slots=True)
class Document:
    """A print: what preview, printer and PDF all paint."""

    title: str
    pages: tuple[Page, ...]

    @property
    def text(self) -> str:
        return "\n".join(page.text for page in self.pages)
