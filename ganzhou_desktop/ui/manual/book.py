"""The manual's text as a Qt document: where it lies, its chapters, what each page opens at, how it is set."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QImage,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextTable,
)

from ganzhou_desktop import paths

TITLE = "甘州科创台账使用手册"
SOURCE = "manual/manual.md"
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
_ORDINAL = re.compile(r"^(?:[一二三四五六七八九十]+、|\d+(?:\.\d+)*\s+)")

TOPICS = {
    "start": "第一次打开",
    "overview": "总览",
    "target": "目标详情",
    "matrix": "任务矩阵",
    "filing": "单位的一个季度",
    "office:filing": "代录",
    "registers": "登记和改",
    "applications": "申报到到账",
    "review": "审核",
    "figures": "数字核定",
    "exchange": "导出副本、收区里的答复",
    "office:exchange": "合账",
    "preview": "打印",
    "settings": "设置里的各栏",
    "settings:recovery": "恢复单",
    "settings:sites": "停用一台电脑",
    "settings:backup": "备份与恢复",
}
"""What a page, a role and page, or a page and part of it opens the manual at: a heading without its number."""


def topic_of(page: str, part: str = "", *, office: bool = False) -> str:
    """The heading for a page: the most exact entry there is, else none (the beginning)."""
    for key in (f"{page}:{part}", f"office:{page}" if office else "", page):
        if key in TOPICS:
            return TOPICS[key]
    return ""


def read() -> str:
    """The manual's Markdown."""
    return paths.resource(SOURCE).read_text("utf-8")


def without_title(text: str) -> str:
    """The text below its first line, for where the title is said in another way."""
    return text.partition("\n")[2]


def pictures(text: str) -> list[str]:
    """The pictures a text names, relative to the manual's folder, in order."""
    return _PICTURE.findall(text)


def picture(name: str) -> QImage:
    """A picture of the manual; nothing outside its folder is ever looked at."""
    folder = paths.resource(SOURCE).parent
    file = (folder / name).resolve()
    return QImage(str(file)) if file.is_relative_to(folder.resolve()) else QImage()


@dataclass(frozen=True, slots=True)
class Look:
    """How the manual is set, in the units of its document: a screen's pixels or hundredths of a millimetre."""

    body: QFont
    head: QFont
    mono: QFont
    size: float
    """Pixel size of the body; everything else is in proportion to it."""
    picture_width: Callable[[QImage], float]
    ink: str
    ink2: str
    accent: str
    tint: str
    line: str


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of the finished document; `level` 2 is a chapter, 3 a section."""

    level: int
    text: str
    position: int

    @property
    def name(self) -> str:
        """Without its number, as links and TOPICS write it."""
        return _ORDINAL.sub("", self.text)


_HEAD_SIZES = {1: 1.7, 2: 1.45, 3: 1.15}


def build(text: str, look: Look) -> QTextDocument:
    """Set the text; its pictures are added as resources at their own size."""
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    font = QFont(look.body)
    font.setPixelSize(round(look.size))
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.setMarkdown(text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    for name in pictures(text):  # after the text, which clears them
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), picture(name))
    for block in list(blocks(document)):
        _set_block(document, block, look)
    _set_tables(document, look)
    return document


def blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    """All blocks in order."""
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def headings(document: QTextDocument) -> list[Heading]:
    """Chapters and sections in order."""
    return [
        Heading(block.blockFormat().headingLevel(), block.text(), block.position())
        for block in blocks(document)
        if block.blockFormat().headingLevel() in (2, 3)
    ]


def find_heading(found: list[Heading], words: str) -> Heading | None:
    """The heading a link or a topic means, with or without its number."""
    return next((h for h in found if words in (h.text, h.name)), None)


def image_of(block: QTextBlock) -> QTextImageFormat | None:
    """The picture a block consists of, if it does."""
    pieces = block.begin()
    while not pieces.atEnd():
        form = pieces.fragment().charFormat()
        if form.isImageFormat():
            return form.toImageFormat()
        pieces += 1
    return None


def _set_block(document: QTextDocument, block: QTextBlock, look: Look) -> None:
    form = QTextBlockFormat(block.blockFormat())
    cursor = QTextCursor(block)
    em = look.size
    level = form.headingLevel()
    image = image_of(block)
    form.setLineHeight(155, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if level:
        form.setTopMargin(em * (2.2 if level == 2 else 1.2) if block.position() else 0)
        form.setBottomMargin(em * 0.5)
        form.setLineHeight(130, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        _set_chars(cursor, _chars(look.head, em * _HEAD_SIZES[level], look.accent if level == 2 else look.ink))
    elif image is not None:
        _set_picture(cursor, image, look)
        form.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        form.setLineHeight(100, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        form.setTopMargin(em * 0.7)
        form.setBottomMargin(em * 0.9)
    elif form.hasProperty(QTextFormat.Property.BlockCodeFence) or form.nonBreakableLines():
        form.setBackground(QBrush(QColor(look.tint)))
        form.setLineHeight(140, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        form.setTopMargin(0)
        form.setBottomMargin(0)
        form.setNonBreakableLines(False)
        _set_chars(cursor, _chars(look.mono, em * 0.88, look.ink))
    elif form.hasProperty(QTextFormat.Property.BlockQuoteLevel):
        form.setBackground(QBrush(QColor(look.tint)))
        form.setLeftMargin(0)
        form.setRightMargin(0)
        form.setTopMargin(em * 0.4)
        form.setBottomMargin(em * 0.6)
        _set_pieces(block, look)
    else:
        listed = block.textList() is not None
        form.setTopMargin(em * (0.15 if listed else 0.3))
        form.setBottomMargin(em * (0.25 if listed else 0.5))
        _set_pieces(block, look)
        cursor.setBlockCharFormat(_chars(look.body, look.size, look.ink))  # the face of a list's numbers
    cursor.setBlockFormat(form)


def _chars(font: QFont, size: float, colour: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFontFamilies(font.families())
    made.setProperty(QTextFormat.Property.FontPixelSize, round(size))
    made.setFontWeight(font.weight())
    made.setForeground(QBrush(QColor(colour)))
    return made


def _set_chars(cursor: QTextCursor, form: QTextCharFormat) -> None:
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.setCharFormat(form)
    cursor.clearSelection()
    cursor.setBlockCharFormat(form)


def _set_pieces(block: QTextBlock, look: Look) -> None:
    """Body text keeps what Markdown made bold or a link; code gets the face of code."""
    found = []
    pieces = block.begin()
    while not pieces.atEnd():
        piece = pieces.fragment()
        found.append((piece.position(), piece.length(), QTextCharFormat(piece.charFormat())))
        pieces += 1
    for position, length, form in found:
        if form.isAnchor():
            made = _chars(look.body, look.size, look.accent)
            made.setAnchor(True)
            made.setAnchorHref(form.anchorHref())
        elif form.fontFixedPitch():
            made = _chars(look.mono, look.size * 0.92, look.ink)
            made.setBackground(QBrush(QColor(look.tint)))
        elif form.fontWeight() > QFont.Weight.Normal:
            made = _chars(look.head, look.size, look.ink)
        else:
            made = _chars(look.body, look.size, look.ink)
        cursor = QTextCursor(block)
        cursor.setPosition(position)
        cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(made)


def _set_picture(cursor: QTextCursor, image: QTextImageFormat, look: Look) -> None:
    """The picture at its width, its words under it in the same block, so that they stay together."""
    words = str(image.property(QTextFormat.Property.ImageAltText) or "")
    made = QTextImageFormat(image)
    taken = picture(image.name())
    width = look.picture_width(taken)
    made.setWidth(width)
    made.setHeight(width * taken.height() / max(1, taken.width()))
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.setCharFormat(made)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    cursor.insertText(f"\u2028图：{words}", _chars(look.body, look.size * 0.88, look.ink2))


def _set_tables(document: QTextDocument, look: Look) -> None:
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _set_table(frame, look)


def _is_code(block: QTextBlock) -> bool:
    pieces = block.begin()
    return not pieces.atEnd() and pieces.fragment().charFormat().hasProperty(QTextFormat.Property.BackgroundBrush)


def _set_table(table: QTextTable, look: Look) -> None:
    form = table.format()
    form.setBorder(0)
    form.setBorderCollapse(True)
    form.setCellPadding(look.size * 0.35)
    form.setCellSpacing(0)
    form.setTopMargin(look.size * 0.4)
    form.setBottomMargin(look.size * 0.8)
    form.setHeaderRowCount(1)
    form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    columns = table.columns()
    # Commands need more room than words.
    first = 100 if columns == 1 else 52 if _is_code(table.cellAt(1, 0).firstCursorPosition().block()) else 24
    rest = (100 - first) / max(1, columns - 1)
    form.setColumnWidthConstraints(
        [QTextLength(QTextLength.Type.PercentageLength, first if n == 0 else rest) for n in range(columns)]
    )
    table.setFormat(form)
    for row in range(table.rows()):
        for column in range(columns):
            cell = table.cellAt(row, column)
            cursor = cell.firstCursorPosition()
            block = cursor.block()
            shape = QTextBlockFormat(block.blockFormat())
            shape.setTopMargin(0)
            shape.setBottomMargin(0)
            shape.setAlignment(Qt.AlignmentFlag.AlignLeft)
            shape.setLineHeight(130, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            cursor.setBlockFormat(shape)
            face = cell.format().toTableCellFormat()
            face.setBottomBorder(max(1.0, look.size * 0.04))
            face.setBottomBorderBrush(QBrush(QColor(look.line)))
            face.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            if row == 0:
                _set_chars(cell.firstCursorPosition(), _chars(look.head, look.size, look.ink2))
                face.setBackground(QBrush(QColor(look.tint)))
            cell.setFormat(face)
