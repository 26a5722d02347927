"""打印预览: the pages as they will lie on paper, and what can be chosen about them."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
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
from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.operations import Busy
from ganzhou_desktop.ui.printing.choices import Options, Tick
from ganzhou_desktop.ui.printing.fonts import missing_fonts
from ganzhou_desktop.ui.printing.items import Document
from ganzhou_desktop.ui.printing.page_view import PageView, Stage
from ganzhou_desktop.ui.printing.painting import to_pdf, to_printer
from ganzhou_desktop.ui.printing.preview_task import Task, run_at_once
from ganzhou_desktop.ui.texts import no_mnemonic
from ganzhou_desktop.ui.widgets.boards import Card, NoticeBar, TitleRow
from ganzhou_desktop.ui.widgets.busy import BusyBar
from ganzhou_desktop.ui.widgets.buttons import Button, ChipCombo, Segmented
from ganzhou_desktop.ui.widgets.labels import PlainLabel, rule

SIDE = 222
"""Width of the panel at the right."""

WHOLE, ACTUAL = "整页", "100%"
PAPER_WORDS = {"A3": "A3 横向（对折成 A4）", "A4": "A4 横向", "A4P": "A4 纵向"}
_DEFAULT_PRINTER = ""
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
        run: Callable[[Task], None] = run_at_once,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._make = make
        self._file_name = file_name or title
        self._choose_path = choose_path
        self._print_document = print_document
        self._run = run
        self._page = 0
        self._document: Document | None = None
        self._made_for: Options | None = None
        """What the document shown was made for."""
        self._can_print = False
        self._task: Task | None = None
        self._layout_task: Task | None = None

        self.title_row = TitleRow("打印预览", f"{title} · {note}" if note else title)
        self.back = Button(icon_name="chevron_left", kind="icon", tip="上一页")
        self.where = PlainLabel("")
        self.forward = Button(icon_name="chevron_right", kind="icon", tip="下一页")
        self.zoom = Segmented([(True, WHOLE), (False, ACTUAL)])
        self.close_button = Button("关闭", "dismiss")
        self.notice = NoticeBar()
        self._busy = BusyBar(self, self.title_row)
        self.view = PageView()
        self.stage = Stage(self.view)
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
        self._can_print = bool(names)
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
        self._enable()
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
        """What is shown, printed and saved; there is none before the first is made."""
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

    def task_failed(self, error: LedgerError) -> None:
        """What a task could not do, under the title."""
        self.notice.say(error.text, "error")

    @property
    def busy(self) -> Busy:
        """The bar under the title while something is under way."""
        return self._busy

    @property
    def task(self) -> Task | None:
        """What is being made, written or printed now."""
        return self._task

    @task.setter
    def task(self, task: Task | None) -> None:
        self._task = task
        if task is None:
            self._busy.finish()
        self._enable()

    def _enable(self) -> None:
        """Only a finished document can be printed, and one thing is done at a time."""
        idle = self._task is None and self._document is not None
        self.pdf_button.set_enabled_because(idle, "还没有排好，请稍候。")
        self.xlsx_button.set_enabled_because(idle, "还没有排好，请稍候。")
        no_printer = "这台电脑没有装打印机，可以先存为 PDF。"
        self.print_button.set_enabled_because(
            idle and self._can_print, "还没有排好，请稍候。" if self._can_print else no_printer
        )

    def stop(self) -> None:
        """Nobody waits for what is under way any more."""
        if self._task is not None:
            self._task.cancel()
            self.task = None

    def _begin(
        self, title: str, work: Callable[[], Any], done: Callable[[Any], None], cancelled: Callable[[], None]
    ) -> Task:
        self.stop()
        task = self.task = Task(self, title, work, done, cancelled)
        self._run(task)
        return task

    def refresh(self) -> None:
        """Build the document for what is chosen and stay on the page as far as it still is one."""
        options = self.options()

        def made(document: Document) -> None:
            self._document, self._made_for = document, options
            self._enable()
            self.go(self._page)

        self._layout_task = self._begin("正在排版", lambda: self._make(options), made, self._keep_the_last)

    def _keep_the_last(self) -> None:
        """Cancelled: what is chosen is again what is shown; with nothing to show, back to where one came from."""
        if self._made_for is None:
            self.closed.emit()
            return
        for control in (self.paper, self.colour, *self.ticks.values()):
            control.blockSignals(True)
        self.paper.set_current(self._made_for.paper)
        self.colour.set_current(self._made_for.colour)
        for key, box in self.ticks.items():
            box.setChecked(key in self._made_for.ticks)
        for control in (self.paper, self.colour, *self.ticks.values()):
            control.blockSignals(False)

    def go(self, page: int) -> None:
        """Show a page (from 0), the nearest there is."""
        if self._document is None:
            return
        total = len(self._document.pages)
        self._page = min(max(page, 0), total - 1)
        self.where.setText(f"第 {self._page + 1} 页，共 {total} 页")
        self.back.setEnabled(self._page > 0)
        self.forward.setEnabled(self._page < total - 1)
        self.view.set_page(self._document, self._page)

    def _zoom(self, whole: object) -> None:
        self.stage.whole = bool(whole)
        self.stage.refit()

    def save_pdf(self) -> None:
        """Write the PDF where the user says, and say where it lies."""
        document = self.document
        path = self._choose_path(self, f"{self._file_name}.pdf")
        if path is None:
            return

        def written(_nothing: object) -> None:
            self.notice.say(f"已存为 {path.name}，共 {len(document.pages)} 页。")
            self.saved.emit(path)

        self._begin("正在写 PDF", lambda: to_pdf(document, path), written, self._say_cancelled)

    def print_now(self) -> None:
        """Send every page to the printer chosen."""
        document, printer, colour = self.document, str(self.printer.currentData()), self.options().colour

        def sent(_nothing: object) -> None:
            self.notice.say(f"已交给打印机，共 {len(document.pages)} 页。")
            self.printed.emit()

        self._begin(
            "正在交给打印机", lambda: self._print_document(document, printer, colour), sent, self._say_cancelled
        )

    def _say_cancelled(self) -> None:
        self.notice.say("已取消，没有打印，也没有写文件。")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._document is None and self._task is None:
            self.refresh()
        self.stage.refit()
        # Or Esc and PgDn would go to whatever had the focus on the page before.
        self.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous() and self._task is not None and self._task is self._layout_task:
            self.stop()  # a file that was asked for is written all the same; pages nobody looks at are not laid out

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
            self.go(sys.maxsize)
        else:
            super().keyPressEvent(event)


def _tick_box(tick: Tick) -> QCheckBox:
    box = QCheckBox(no_mnemonic(tick.words))
    box.setChecked(tick.on)
    box.setEnabled(not tick.fixed)
    return box
