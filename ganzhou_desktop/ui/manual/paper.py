"""The manual on A4: a page of contents, then the text; every word searchable, no picture cut between two pages."""

from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QImage,
    QPainter,
    QPalette,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from ganzhou_desktop import __version__
from ganzhou_desktop.ui.manual import book
from ganzhou_desktop.ui.printing import fonts
from ganzhou_desktop.ui.printing.items import A4_PORTRAIT, Box, Document, Item, Page, PictureItem, Style, TextItem
from ganzhou_desktop.ui.printing.layout import foot, line_of
from ganzhou_desktop.ui.printing.painting import line_pitch

_PAPER = A4_PORTRAIT
_TOP = 20.0
_FOOT = _PAPER.height - 20
_BODY = Box(_PAPER.left, _TOP, _PAPER.text_width, _FOOT - 6 - _TOP)
_POINTS = 10.5
_PICTURE_MM = 150.0
_WIDEST = 1366
"""Pixels of a picture that is printed so wide."""
_CHAPTER = Style("hei", 11, pitch=1.45)
_SECTION = Style("song", 9.5, pitch=1.3)
_ROUNDS = 60
_UNITS = 25
"""Units of the text's document in a millimetre: Qt's layout loses its way beyond some 300,000 units, which is a
dozen pages in the hundredths that the other papers are measured in."""


def manual_document() -> Document:
    """The whole manual, ready to be written as PDF or printed."""
    text = _laid_out()
    count = text.pageCount()
    found = [(h, _page(text, text.findBlock(h.position))) for h in book.headings(text)]
    before = len(_contents([(h, 0) for h, _ in found]))
    front = _contents([(h, page + 1 + before) for h, page in found])
    imprint = f"{book.TITLE}　{__version__}"
    pages = [*front, *(_body_items(text, n) for n in range(count))]
    return Document(
        book.TITLE,
        tuple(Page(_PAPER, (*items, *foot(_PAPER, n, _FOOT, imprint))) for n, items in enumerate(pages, start=1)),
    )


def _contents(found: list[tuple[book.Heading, int]]) -> list[list[Item]]:
    """The title and the chapters with their pages."""
    pages: list[list[Item]] = [[]]
    y = _TOP + 2
    title = line_of(
        _PAPER.left, y, _PAPER.text_width, book.TITLE, Style("title", 24, align="center", pitch=1.4), "title"
    )
    pages[0].append(title)
    y = title.box.bottom + 8
    for heading, page in found:
        style = _CHAPTER if heading.level == 2 else _SECTION
        height = line_pitch(style.size, style.pitch)
        if heading.level == 2:
            y += 0.8
        if y + height > _BODY.bottom:
            pages.append([])
            y = _TOP
        indent = 0.0 if heading.level == 2 else 8.0
        number = Style(style.role, style.size, style.bold, "right", style.colour, style.pitch)
        room = _PAPER.text_width - indent - 14
        pages[-1].append(TextItem(Box(_PAPER.left + indent, y, room, height), (heading.text,), style, "contents"))
        pages[-1].append(TextItem(Box(_PAPER.text_right - 14, y, 14, height), (str(page),), number, "contents page"))
        y += height
    return pages


def _laid_out() -> QTextDocument:
    size = _POINTS * 25.4 / 72 * _UNITS

    def width(image: QImage) -> float:
        return min(_PICTURE_MM, image.width() * _PICTURE_MM / _WIDEST) * _UNITS

    look = book.Look(
        body=fonts.font(fonts.SONG, _POINTS),
        head=fonts.font(fonts.HEI, _POINTS),
        mono=fonts.font(fonts.SANS, _POINTS),
        size=size,
        picture_width=width,
        ink="#000000",
        ink2="#333333",
        accent="#000000",
        tint="#F0F2F1",
        line="#8C9693",
    )
    breaks: set[int] = set()
    for _ in range(_ROUNDS):
        document = _with_breaks(look, breaks)
        torn = next((block for block in book.blocks(document) if _is_torn(document, block)), None)
        if torn is None:
            break
        breaks.add(torn.blockNumber())
    return document


def _with_breaks(look: book.Look, breaks: set[int]) -> QTextDocument:
    """The text with new pages before some blocks.

    Built anew each time: a document that is changed once it has pages loses sight of what comes after the change.
    """
    document = book.build(book.without_title(book.read()), look)
    document.setIndentWidth(look.size * 2)
    for number in breaks:
        block = document.findBlockByNumber(number)
        form = block.blockFormat()
        form.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
        QTextCursor(block).setBlockFormat(form)
    document.setPageSize(QSizeF(_BODY.w * _UNITS, _BODY.h * _UNITS))
    return document


def _is_torn(document: QTextDocument, block: QTextBlock) -> bool:
    """Whether the picture here, with its words, or the headings here, with what follows them, lie on two pages."""
    if block.blockFormat().headingLevel():
        last = block
        while last.isValid() and last.blockFormat().headingLevel():
            last = last.next()
        return last.isValid() and _page(document, block) != _page(document, last)
    return book.image_of(block) is not None and _crosses(document, block)


def _crosses(document: QTextDocument, block: QTextBlock) -> bool:
    area, height = document.documentLayout().blockBoundingRect(block), document.pageSize().height()
    return int(area.top() // height) != int((area.bottom() - 1) // height)


def _page(document: QTextDocument, block: QTextBlock) -> int:
    """The page (from 0) on which a block begins; a picture that finds no room begins on the next one."""
    top = document.documentLayout().blockBoundingRect(block).top()
    pushed = book.image_of(block) is not None and _crosses(document, block)
    return int(top // document.pageSize().height()) + pushed


def _body_items(document: QTextDocument, n: int) -> list[Item]:
    def draw(painter: QPainter, box: Box) -> None:
        height = document.pageSize().height()
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(QPointF(box.x, box.y))
        painter.scale(1 / _UNITS, 1 / _UNITS)
        painter.translate(0, -n * height)
        area = QRectF(0, n * height, document.pageSize().width(), height)
        painter.setClipRect(area, Qt.ClipOperation.ReplaceClip)
        context: Any = QAbstractTextDocumentLayout.PaintContext()
        context.clip = area
        context.palette.setColor(QPalette.ColorRole.Text, QColor("#000000"))
        document.documentLayout().draw(painter, context)

    return [PictureItem(_BODY, "manual", draw)]
