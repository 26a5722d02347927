"""Painting a document: on a printer, into a PDF, into a picture; one painter at different scales."""

import os
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QLineF, QMarginsF, QPointF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPdfWriter,
    QPen,
)

from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.paths import put_in_place
from ganzhou_desktop.ui.printing import fonts
from ganzhou_desktop.ui.printing.items import Document, LineItem, MarkItem, Page, TextItem
from ganzhou_desktop.ui.printing.marks import MarkPainter
from ganzhou_desktop.ui.printing.watching import tell

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter  # a start that prints nothing does not load it

_MM_PER_INCH = 25.4
PDF_DPI = 1270
"""Fifty dots to a millimetre: half of a font's UNITS, so that what lies on whole units has short coordinates, and the
longest side of A3 stays below the 32,767 that old readers take."""
_PAPER_SLACK = 3.0
"""Millimetres by which a driver's idea of a sheet may differ from ours."""

_FAINT_BELOW = 170 / _MM_PER_INCH
"""Dots per millimetre under which thin strokes of a Song face turn grey on a screen; they are then inked twice."""


def paint(document: Document, device: QPaintDevice | QPainter, page: int) -> None:
    """Paint one page (from 0) on a device whose origin is the paper's corner, at the device's own resolution."""
    if isinstance(device, QPainter):
        _paint(device, document.pages[page], device.device().logicalDpiX() / _MM_PER_INCH, MarkPainter())
        return
    painter = QPainter()
    if not painter.begin(device):
        raise EnvironmentFailed("print_failed", "没能开始打印：打印机或文件没有准备好。台账没有变化，请检查后再试。")
    try:
        _paint(painter, document.pages[page], device.logicalDpiX() / _MM_PER_INCH, MarkPainter())
    finally:
        painter.end()


def render_page(document: Document, n: int, dpi: float) -> QImage:
    """A picture of page `n` (from 0) at a resolution, for the preview."""
    page = document.pages[n]
    scale = dpi / _MM_PER_INCH
    image = QImage(round(page.paper.width * scale), round(page.paper.height * scale), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    try:
        _paint(painter, page, scale, MarkPainter())
    finally:
        painter.end()
    return image


def pdf_bytes(document: Document, title: str = "") -> bytes:
    """The document as a PDF, every word as text."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title or document.title)
    writer.setCreator("甘州科创台账")
    writer.setResolution(PDF_DPI)
    _paint_all(document, writer)
    return bytes(buffer.data().data())


def to_pdf(document: Document, path: Path, title: str = "") -> None:
    """Write the document as PDF: complete under its name, or not at all."""
    data = pdf_bytes(document, title)
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(Path(temporary), path)
    except OSError as error:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()
        raise EnvironmentFailed(
            "pdf_not_written",
            f"没能写入“{path.name}”：磁盘可能已满、没有写入权限，或文件正被别的程序打开。台账没有变化，请换个位置或关闭那个文件再试。",
        ) from error


def to_printer(document: Document, printer: "QPrinter") -> None:
    """Print the document, within the page range the printer was asked for."""
    printer.setFullPage(True)
    printer.setDocName(document.title)
    first = max(1, printer.fromPage()) - 1
    last = min(printer.toPage() or len(document.pages), len(document.pages))
    try:
        _paint_all(Document(document.title, document.pages[first:last]), printer)
    except RuleBroken:
        printer.abort()  # cancelled: what is spooled already is not to come out of the printer
        raise


def _paint_all(document: Document, device: QPagedPaintDevice) -> None:
    if not document.pages:
        raise ValueError("a document without pages")
    _set_paper(device, document.pages[0])
    painter = QPainter()
    if not painter.begin(device):
        raise EnvironmentFailed("print_failed", "没能开始打印：打印机或文件没有准备好。台账没有变化，请检查后再试。")
    mark_painter = MarkPainter()
    try:
        total = len(document.pages)
        for n, page in enumerate(document.pages):
            tell(n / total, partial("第 {} 页，共 {} 页".format, n + 1, total))
            if n:
                if page.paper != document.pages[n - 1].paper:
                    _set_paper(device, page)
                if not device.newPage():
                    raise EnvironmentFailed(
                        "print_failed",
                        f"打到第 {n} 页后打印机没有回应。台账没有变化，请检查打印机后从第 {n + 1} 页续打。",
                    )
            _paint(painter, page, device.logicalDpiX() / _MM_PER_INCH, mark_painter)
    finally:
        painter.end()


def _set_paper(device: QPagedPaintDevice, page: Page) -> None:
    """Choose the sheet; a printer without it would otherwise quietly cut the page to a smaller one."""
    device.setPageLayout(_page_layout(page))
    taken = device.pageLayout().fullRect(QPageLayout.Unit.Millimeter)
    if abs(taken.width() - page.paper.width) > _PAPER_SLACK or abs(taken.height() - page.paper.height) > _PAPER_SLACK:
        raise EnvironmentFailed(
            "no_such_paper",
            f"这台打印机不能用 {page.paper.name} 纸，没有打印。请在“纸张”里换一种，或换一台打印机，或存为 PDF。",
        )


def _page_layout(page: Page) -> QPageLayout:
    paper = page.paper
    short, long = sorted((paper.width, paper.height))
    size = QPageSize(QSizeF(short, long), QPageSize.Unit.Millimeter, paper.name, QPageSize.SizeMatchPolicy.FuzzyMatch)
    turn = QPageLayout.Orientation.Landscape if paper.landscape else QPageLayout.Orientation.Portrait
    layout = QPageLayout(size, turn, QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout


def _paint(painter: QPainter, page: Page, scale: float, mark_painter: MarkPainter) -> None:
    """Paint a page's items: pictures and marks, then rules, then words, so that no rule crosses a word."""
    rules: list[LineItem] = []
    marks: list[MarkItem] = []
    words: list[TextItem] = []
    painter.save()
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(scale, scale)
    for item in page.items:
        if isinstance(item, TextItem):
            words.append(item)
        elif isinstance(item, LineItem):
            rules.append(item)
        elif isinstance(item, MarkItem):
            marks.append(item)
        else:
            painter.save()
            item.paint(painter, item.box)
            painter.restore()
    painter.save()
    painter.scale(1 / fonts.UNITS, 1 / fonts.UNITS)
    mark_painter.paint(painter, marks)
    painter.restore()
    _paint_rules(painter, rules, scale)
    painter.scale(1 / fonts.UNITS, 1 / fonts.UNITS)
    _paint_words(painter, words, 2 if scale < _FAINT_BELOW else 1)
    painter.restore()


def _paint_words(painter: QPainter, words: list[TextItem], times: int) -> None:
    """Every line as glyphs, with a painter in UNITS: changing its state between two costs more than either."""
    units = fonts.UNITS
    ink = ""
    for item in words:
        style, box = item.style, item.box
        if style.colour != ink:
            ink = style.colour
            painter.setPen(QColor(ink))
        face = fonts.face(style.role, style.size, style.bold)
        pitch = line_pitch(style.size, style.pitch) * units
        left, y = box.x * units, box.y * units + pitch / 2 - face.middle
        for line in item.lines:
            x = left
            if style.align != "left":
                room = box.w * units - face.advance(line)
                x += room if style.align == "right" else room / 2
            place = QPointF(round(x), round(y))  # a hundredth of a millimetre; a PDF spells out every digit
            for run in face.runs(line):
                for _ in range(times):
                    painter.drawGlyphRun(place, run)
            y += pitch


def line_pitch(size: float, pitch: float) -> float:
    """Height of one line in millimetres."""
    return size * pitch * _MM_PER_INCH / 72


def _paint_rules(painter: QPainter, rules: list[LineItem], scale: float) -> None:
    """All rules of a page, pen by pen."""
    by_pen: dict[tuple[float, str, bool], list[QLineF]] = {}
    for rule in rules:
        by_pen.setdefault((rule.w, rule.colour, rule.dashed), []).append(QLineF(rule.x1, rule.y1, rule.x2, rule.y2))
    for (width, colour, dashed), lines in by_pen.items():
        # Never thinner than the device can show: a 0.15 mm rule at 60 dpi would be a third of a pixel, and grey.
        pen = QPen(QColor(colour), max(width, 0.6 / scale))
        pen.setCapStyle(Qt.PenCapStyle.SquareCap if not dashed else Qt.PenCapStyle.FlatCap)
        if dashed:
            pen.setDashPattern([0.6 / pen.widthF(), 0.5 / pen.widthF()])
        painter.setPen(pen)
        painter.drawLines(lines)
