"""Painting a document: on a printer, into a PDF, into a picture; one painter at different scales."""

import os
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QLineF, QMarginsF, QPointF, QRectF, QSizeF, Qt
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

from ganzhou_desktop.domain.errors import EnvironmentFailed
from ganzhou_desktop.domain.plan import LEAD, SUPPORT
from ganzhou_desktop.paths import put_in_place
from ganzhou_desktop.ui import shapes
from ganzhou_desktop.ui.printing import fonts
from ganzhou_desktop.ui.printing.items import Box, Document, LineItem, MarkItem, Page, PictureItem, TextItem

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter  # a start that prints nothing does not load it

PDF_DPI = 1200
_MM_PER_INCH = 25.4
_PAPER_SLACK = 3.0
"""Millimetres by which a driver's idea of a sheet may differ from ours."""

_FAINT_BELOW = 170 / _MM_PER_INCH
"""Dots per millimetre under which thin strokes of a Song face turn grey on a screen; they are then inked twice."""


def paint(document: Document, device: QPaintDevice | QPainter, page: int) -> None:
    """Paint one page (from 0) on a device whose origin is the paper's corner, at the device's own resolution."""
    if isinstance(device, QPainter):
        _paint(device, document.pages[page], device.device().logicalDpiX() / _MM_PER_INCH)
        return
    painter = QPainter()
    if not painter.begin(device):
        raise EnvironmentFailed("print_failed", "没能开始打印：打印机或文件没有准备好。台账没有变化，请检查后再试。")
    try:
        _paint(painter, document.pages[page], device.logicalDpiX() / _MM_PER_INCH)
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
        _paint(painter, page, scale)
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
    _paint_all(Document(document.title, document.pages[first:last]), printer)


def _paint_all(document: Document, device: QPagedPaintDevice) -> None:
    if not document.pages:
        raise ValueError("a document without pages")
    _set_paper(device, document.pages[0])
    painter = QPainter()
    if not painter.begin(device):
        raise EnvironmentFailed("print_failed", "没能开始打印：打印机或文件没有准备好。台账没有变化，请检查后再试。")
    try:
        for n, page in enumerate(document.pages):
            if n:
                if page.paper != document.pages[n - 1].paper:
                    _set_paper(device, page)
                if not device.newPage():
                    raise EnvironmentFailed(
                        "print_failed",
                        f"打到第 {n} 页后打印机没有回应。台账没有变化，请检查打印机后从第 {n + 1} 页续打。",
                    )
            _paint(painter, page, device.logicalDpiX() / _MM_PER_INCH)
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


def _paint(painter: QPainter, page: Page, scale: float) -> None:
    """Paint a page's items, lines before words so that no rule crosses a word."""
    painter.save()
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(scale, scale)
    rules: list[LineItem] = []
    for item in sorted(page.items, key=lambda i: isinstance(i, TextItem)):
        if isinstance(item, LineItem):
            rules.append(item)
            continue
        if rules:
            _paint_rules(painter, rules, scale)
            rules = []
        if isinstance(item, TextItem):
            _paint_text(painter, item, 2 if scale < _FAINT_BELOW else 1)
        elif isinstance(item, MarkItem):
            _paint_mark(painter, item)
        elif isinstance(item, PictureItem):
            painter.save()
            item.paint(painter, item.box)
            painter.restore()
    _paint_rules(painter, rules, scale)
    painter.restore()


def _paint_text(painter: QPainter, item: TextItem, times: int) -> None:
    style = item.style
    face = fonts.font(style.role, style.size, style.bold)
    pitch = line_pitch(style.size, style.pitch)
    middle = _middle(style.role, style.size, style.bold)
    painter.save()
    painter.setFont(face)
    painter.setPen(QColor(style.colour))
    painter.translate(item.box.x, item.box.y)
    painter.scale(1 / fonts.UNITS, 1 / fonts.UNITS)
    for n, line in enumerate(item.lines):
        room = item.box.w * fonts.UNITS - _advance(line, style.role, style.size, style.bold)
        x = {"left": 0.0, "center": room / 2, "right": room}[style.align]
        for _ in range(times):
            painter.drawText(QPointF(x, (n + 0.5) * pitch * fonts.UNITS - middle), line)
    painter.restore()


def line_pitch(size: float, pitch: float) -> float:
    """Height of one line in millimetres."""
    return size * pitch * _MM_PER_INCH / 72


@lru_cache(maxsize=64)
def _middle(role: str, size: float, bold: bool) -> float:
    # A CJK line looks centred when its em box is, not when the font's own ascent and descent are.
    return fonts.metrics(role, size, bold).tightBoundingRect("国").center().y()


@lru_cache(maxsize=8192)
def _advance(line: str, role: str, size: float, bold: bool) -> float:
    return fonts.metrics(role, size, bold).horizontalAdvance(line)


def _paint_rules(painter: QPainter, rules: list[LineItem], scale: float) -> None:
    """Rules that follow each other, pen by pen: a large table has thousands a page."""
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


def rect(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.w, box.h)


def _paint_mark(painter: QPainter, item: MarkItem) -> None:
    area, black = rect(item.box), not item.colour
    kind, _, name = item.kind.partition(":")
    if kind == "state":
        shapes.draw_state(painter, area, name, black)
    elif kind == "hatch":
        shapes.draw_hatch(painter, area, "#8C9693", 1.8, 0.12)
    elif kind == "role":
        face = fonts.font(fonts.SANS, 9, True)
        role = SUPPORT if name == "support" else LEAD
        shapes.draw_role(painter, area, role, name == "principal", black, face)
    elif kind == "corner":
        shapes.draw_returned_corner(painter, area, black, area.width())
    else:
        raise ValueError(item.kind)
