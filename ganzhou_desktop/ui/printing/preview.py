"""打印预览: the pages as they will lie on paper, and what can be chosen about them."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ganzhou_desktop.domain.errors import EnvironmentFailed, LedgerError
from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.printing.choices import Options, Tick
from ganzhou_desktop.ui.printing.fonts import missing_fonts
from ganzhou_desktop.ui.printing.items import Document
from ganzhou_desktop.ui.printing.painting import render_page, to_pdf, to_printer
from ganzhou_desktop.ui.texts import no_mnemonic
from ganzhou_desktop.ui.widgets.boards import Card, NoticeBar, TitleRow
from ganzhou_desktop.ui.widgets.buttons import Button, ChipCombo, Segmented
from ganzhou_desktop.ui.widgets.labels import PlainLabel, rule

SIDE = 222
"""Width of the panel at the right."""

WHOLE, ACTUAL = "整页", "100%"
PAPER_WORDS = {"A3": "A3 横向（对折成 A4）", "A4": "A4 横向", "A4P": "A4 纵向"}
_DEFAULT_PRINTER = ""
_EDGE = 12
_SHADE = "#D5DAD8"
_BAR = 12
"""Room at the panel's right for a scroll bar, when the screen is low."""


Make = Callable[[Options], Document]
ChoosePath = Callable[[QWidget, str], Path | None]
"""(parent, offered name) → where to write, None when cancelled."""


def choose_pdf(parent: QWidget, offered: str) -> Path | None:
    """Ask where to write a PDF."""
    chosen, _ = QFileDialog.getSaveFileName(parent, "存为 PDF", offered, "PDF 文件 (*.pdf)")
    if not chosen:
        return None
    return Path(chosen if chosen.lower().endswith(".pdf") else chosen + ".pdf")


def system_printers() -> list[str]:
    """Names of the printers this machine has."""
    return list(QPrinterInfo.availablePrinterNames())


def print_on(document: Document, printer_name: str, colour: bool) -> None:
    """Print on a named printer, or on the default one."""
    info = QPrinterInfo.printerInfo(printer_name) if printer_name else QPrinterInfo.defaultPrinter()
    if info.isNull():
        raise EnvironmentFailed("no_printer", "没有找到这台打印机：请检查是否已连接，或先存为 PDF。台账没有变化。")
    printer = QPrinter(info, QPrinter.PrinterMode.HighResolution)
    printer.setColorMode(QPrinter.ColorMode.Color if colour else QPrinter.ColorMode.GrayScale)
    to_printer(document, printer)


class PageView(QWidget):
    """One page on a grey stage, as large as the room (整页) or as on paper (100%)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._document: Document | None = None
        self._page = 0
        self._whole = True
        self._room = QSize(1, 1)
        self._image: QImage | None = None

    def set_page(self, document: Document, page: int) -> None:
        """Show a page (from 0)."""
        self._document, self._page, self._image = document, page, None
        paper = document.pages[page].paper
        self.setAccessibleName(f"第 {page + 1} 页，{paper.name} {paper.width:g}×{paper.height:g} 毫米")
        self.fit(self._room, self._whole)

    def fit(self, room: QSize, whole: bool) -> None:
        """Take the room of the stage; whole page or real size."""
        self._room, self._whole, self._image = room, whole, None
        shown = self._shown()
        self.setFixedSize(
            room if whole else shown.expandedTo(room - QSize(2 * _EDGE, 2 * _EDGE)) + QSize(2 * _EDGE, 2 * _EDGE)
        )
        self.update()

    def dpi(self) -> float:
        """The resolution at which the page is shown, in device-independent pixels."""
        if self._document is None:
            return 96.0
        if not self._whole:
            return float(self.logicalDpiX())
        paper = self._document.pages[self._page].paper
        width, height = self._room.width() - 2 * _EDGE, self._room.height() - 2 * _EDGE
        return max(10.0, 25.4 * min(width / paper.width, height / paper.height))

    def _shown(self) -> QSize:
        if self._document is None:
            return QSize(1, 1)
        paper = self._document.pages[self._page].paper
        return QSize(math.ceil(paper.width * self.dpi() / 25.4), math.ceil(paper.height * self.dpi() / 25.4))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(_SHADE))
        if self._document is None:
            return
        ratio = self.devicePixelRatioF()
        if self._image is None:
            self._image = render_page(self._document, self._page, self.dpi() * ratio)
            self._image.setDevicePixelRatio(ratio)
        size = self._image.deviceIndependentSize()
        x = round((self.width() - size.width()) / 2)
        y = round((self.height() - size.height()) / 2)
        area = QRectF(x, y, size.width(), size.height())
        for n, alpha in ((3, 18), (2, 26), (1, 34)):
            painter.fillRect(area.adjusted(-n, -n + 2, n, n + 2), QColor(0, 0, 0, alpha))
        painter.drawImage(area.topLeft(), self._image)
        painter.setPen(QPen(QColor(colours.LINE2), 1))
        painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))


class _Stage(QScrollArea):
    """Keeps the page view told of the room there is."""

    def __init__(self, view: PageView) -> None:
        super().__init__()
        self._view = view
        self.whole = True
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWidget(view)
        self.setCornerWidget(QWidget())
        self.viewport().setAutoFillBackground(True)
        palette = self.viewport().palette()
        palette.setColor(self.viewport().backgroundRole(), QColor(_SHADE))
        self.viewport().setPalette(palette)

    def refit(self) -> None:
        """Fit the page again, after a resize or another zoom."""
        self._view.fit(self.maximumViewportSize(), self.whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refit()


class PrintPreview(QWidget):
    """The preview page.  `make` builds the document for the options chosen; everything shown is that document."""

    closed = Signal()
    saved = Signal(object)
    """Path of a PDF that was written."""
    printed = Signal()
    xlsx_wanted = Signal()

    def __init__(
        self,
        make: Make,
        title: str,
        *,
        note: str = "",
        papers: Sequence[str] = ("A3", "A4"),
        ticks: Sequence[Tick] = (),
        colours_offered: bool = True,
        file_name: str = "",
        xlsx: bool = False,
        choose_path: ChoosePath = choose_pdf,
        printers: Callable[[], list[str]] = system_printers,
        print_document: Callable[[Document, str, bool], None] = print_on,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._make = make
        self._file_name = file_name or title
        self._choose_path = choose_path
        self._print_document = print_document
        self._page = 0
        self._document: Document | None = None

        self.title_row = TitleRow("打印预览", f"{title} · {note}" if note else title)
        self.back = Button(icon_name="chevron_left", kind="icon", tip="上一页")
        self.where = PlainLabel("")
        self.forward = Button(icon_name="chevron_right", kind="icon", tip="下一页")
        self.zoom = Segmented([(True, WHOLE), (False, ACTUAL)])
        self.close_button = Button("关闭", "dismiss")
        self.notice = NoticeBar()
        self.view = PageView()
        self.stage = _Stage(self.view)
        self.paper = ChipCombo()
        self.paper.set_options([(key, PAPER_WORDS[key]) for key in papers])
        self.printer = ChipCombo()
        names = printers()
        self.printer.set_options([(_DEFAULT_PRINTER, "默认打印机"), *((name, name) for name in names)])
        self.colour = Segmented([(False, "黑白"), (True, "彩色")])
        self.colour.setParent(self)
        self.colour.setVisible(colours_offered)
        self.ticks = {tick.key: _tick_box(tick) for tick in ticks}
        self.fonts_note = PlainLabel("\n".join(missing_fonts()) or "公文字体齐全。", "note", wrap=True)
        self.print_button = Button("打印", "print", "main")
        self.pdf_button = Button("PDF", "document_pdf")
        self.xlsx_button = Button("xlsx", "document_table")

        for widget in (self.back, self.where, self.forward, self.zoom, self.close_button):
            self.title_row.add_action(widget)
        self.xlsx_button.setVisible(xlsx)
        self.print_button.set_enabled_because(bool(names), "这台电脑没有装打印机，可以先存为 PDF。")
        self.paper.setAccessibleName("纸张")
        self.printer.setAccessibleName("打印机")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out(colours_offered)

        self.back.clicked.connect(lambda: self.go(self._page - 1))
        self.forward.clicked.connect(lambda: self.go(self._page + 1))
        self.zoom.chosen.connect(self._zoom)
        self.close_button.clicked.connect(self.closed)
        self.paper.chosen.connect(lambda _key: self.refresh())
        self.colour.chosen.connect(lambda _key: self.refresh())
        for box in self.ticks.values():
            box.toggled.connect(lambda _on: self.refresh())
        self.print_button.clicked.connect(self.print_now)
        self.pdf_button.clicked.connect(self.save_pdf)
        self.xlsx_button.clicked.connect(self.xlsx_wanted)

    def _lay_out(self, colours_offered: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE_MARGIN, 0, theme.PAGE_MARGIN, theme.GAP_M)
        column.setSpacing(0)
        column.addWidget(self.title_row)
        column.addWidget(self.notice)
        row = QHBoxLayout()
        row.setSpacing(theme.CARD_GAP)
        row.addWidget(self.stage, 1)
        row.addWidget(self._panel(colours_offered))
        column.addLayout(row, 1)

    def _panel(self, colours_offered: bool) -> QWidget:
        panel = Card()
        panel.setFixedWidth(theme.scaled(SIDE))
        sides = panel.body.contentsMargins()
        panel.body.setContentsMargins(sides.left(), sides.top(), sides.right() - _BAR, sides.bottom())
        panel.body.addWidget(PlainLabel("打印设置", "card"))
        inner = QWidget()
        inner.setProperty("kind", "scrollBody")
        settings = QVBoxLayout(inner)
        settings.setContentsMargins(0, 0, _BAR, 0)
        settings.setSpacing(theme.GAP_S - 2)
        wide = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for key in (False, True):
            self.colour.button(key).setSizePolicy(wide)
        for words, control in (("纸张", self.paper), ("打印机", self.printer), ("颜色", self.colour)):
            if control is not self.colour or colours_offered:
                control.setSizePolicy(wide)
                settings.addWidget(PlainLabel(words, "second"))
                settings.addWidget(control)
        for words, found in (("内容", list(self.ticks.values())), ("字体", [self.fonts_note])):
            if found:
                settings.addSpacing(theme.GAP)
                settings.addWidget(rule())
                settings.addWidget(PlainLabel(words, "second"))
            for widget in found:
                settings.addWidget(widget)
        settings.addStretch(1)
        # On a low screen the settings scroll; the buttons below them stay.
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        panel.body.addWidget(scroll, 1)
        for button in (self.print_button, self.pdf_button, self.xlsx_button):
            button.setSizePolicy(wide)
        buttons = QVBoxLayout()
        buttons.setContentsMargins(0, theme.GAP, _BAR, 0)
        buttons.setSpacing(theme.GAP_S)
        buttons.addWidget(self.print_button)
        files = QHBoxLayout()
        files.setSpacing(theme.GAP_S)
        files.addWidget(self.pdf_button)
        files.addWidget(self.xlsx_button)
        buttons.addLayout(files)
        panel.body.addLayout(buttons)
        return panel

    @property
    def document(self) -> Document:
        """What is shown, printed and saved."""
        if self._document is None:
            self.refresh()
        assert self._document is not None
        return self._document

    @property
    def page(self) -> int:
        """The page in view, from 0."""
        return self._page

    def options(self) -> Options:
        """What is chosen now."""
        on = frozenset(key for key, box in self.ticks.items() if box.isChecked())
        return Options(str(self.paper.currentData()), bool(self.colour.current()), on)

    def refresh(self) -> None:
        """Build the document for what is chosen and stay on the page as far as it still is one."""
        self._document = self._make(self.options())
        self.go(self._page)

    def go(self, page: int) -> None:
        """Show a page (from 0), the nearest there is."""
        total = len(self.document.pages)
        self._page = min(max(page, 0), total - 1)
        self.where.setText(f"第 {self._page + 1} 页，共 {total} 页")
        self.back.setEnabled(self._page > 0)
        self.forward.setEnabled(self._page < total - 1)
        self.view.set_page(self.document, self._page)

    def _zoom(self, whole: object) -> None:
        self.stage.whole = bool(whole)
        self.stage.refit()

    def save_pdf(self) -> None:
        """Write the PDF where the user says, and say where it lies."""
        path = self._choose_path(self, f"{self._file_name}.pdf")
        if path is None:
            return
        try:
            to_pdf(self.document, path)
        except LedgerError as error:
            self.notice.say(error.text, "error")
            return
        self.notice.say(f"已存为 {path.name}，共 {len(self.document.pages)} 页。")
        self.saved.emit(path)

    def print_now(self) -> None:
        """Send every page to the printer chosen."""
        try:
            self._print_document(self.document, str(self.printer.currentData()), self.options().colour)
        except LedgerError as error:
            self.notice.say(error.text, "error")
            return
        self.notice.say(f"已交给打印机，共 {len(self.document.pages)} 页。")
        self.printed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._document is None:
            self.refresh()
        self.stage.refit()
        # Or Esc and PgDn would go to whatever had the focus on the page before.
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif key == Qt.Key.Key_PageDown:
            self.go(self._page + 1)
        elif key == Qt.Key.Key_PageUp:
            self.go(self._page - 1)
        elif key == Qt.Key.Key_Home:
            self.go(0)
        elif key == Qt.Key.Key_End:
            self.go(len(self.document.pages) - 1)
        else:
            super().keyPressEvent(event)


def _tick_box(tick: Tick) -> QCheckBox:
    box = QCheckBox(no_mnemonic(tick.words))
    box.setChecked(tick.on)
    box.setEnabled(not tick.fixed)
    return box
