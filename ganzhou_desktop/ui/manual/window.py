"""使用手册 in a window of its own: contents at the left, text and pictures at the right, a word to look for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QTextBrowser,
    QTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import app_icon
from ganzhou_desktop.ui.manual import book
from ganzhou_desktop.ui.manual.paper import manual_document
from ganzhou_desktop.ui.operations import Operations
from ganzhou_desktop.ui.printing.painting import to_pdf
from ganzhou_desktop.ui.session import PDFS, Files
from ganzhou_desktop.ui.widgets import BusyBar, Button, Card, PlainLabel, SearchField, TitleRow

SIZE = QSize(1180, 690)
_CONTENTS_WIDTH = 248
_MARGIN = 28
_WIDEST = 900
"""Pixels of a line at 100 % beyond which the eye loses the way back."""

_BODY = 14
_MONO = ["Consolas", "DejaVu Sans Mono", *theme.FAMILIES]


class ManualText(QTextBrowser):
    """The text.  Nothing but the manual's own pictures is ever loaded, and no link leads out of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setAccessibleName(book.TITLE)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._width = 0
        self._set: QTextDocument | None = None

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        return None

    def lay_out(self) -> None:
        """Set the text at the width there is; pictures are scaled smoothly, at the screen's own resolution."""
        width = min(self.viewport().width() - 2 * _MARGIN, theme.scaled(_WIDEST))
        if width == self._width or width < 200:
            return
        place = self.place()
        self._width = width
        document = book.build(book.read(), self._look(width))
        self._scale_pictures(document)
        document.setDocumentMargin(_MARGIN)
        document.setParent(self)
        self.setDocument(document)
        if self._set is not None:
            self._set.deleteLater()
        self._set = document
        frame = document.rootFrame()
        shape = frame.frameFormat()
        shape.setRightMargin(max(_MARGIN, self.viewport().width() - width - _MARGIN))
        frame.setFrameFormat(shape)
        self.go_to(place)

    def _look(self, width: int) -> book.Look:
        mono = QFont(theme.font(_BODY))
        mono.setFamilies(_MONO)

        def picture_width(image: QImage) -> float:
            # At 1366 pixels a picture fills the line; smaller pieces keep their own proportion to it.
            return min(float(width), image.width() * max(width / 1366, 0.62))

        return book.Look(
            body=theme.font(_BODY),
            head=theme.font(_BODY, bold=True),
            mono=mono,
            size=theme.scaled(_BODY),
            picture_width=picture_width,
            ink=colours.INK,
            ink2=colours.INK3,
            accent=colours.ACCENT,
            tint=colours.HEAD,
            line=colours.LINE2,
        )

    def _scale_pictures(self, document: QTextDocument) -> None:
        ratio = self.devicePixelRatioF()
        for block in book.blocks(document):
            form = book.image_of(block)
            if form is None:
                continue
            size = QSize(round(form.width() * ratio), round(form.height() * ratio))
            image = book.picture(form.name()).scaled(
                size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            image.setDevicePixelRatio(ratio)
            document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(form.name()), image)

    def place(self) -> int:
        """The character at the top of what is seen."""
        return self.cursorForPosition(QPoint(_MARGIN + 2, 2)).position()

    def go_to(self, position: int) -> None:
        """Bring a character to the top."""
        block = self.document().findBlock(position)
        top = self.document().documentLayout().blockBoundingRect(block).top()
        self.verticalScrollBar().setValue(round(top) - theme.GAP_S if block.position() else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()


class ManualWindow(QWidget):
    """The manual beside the program; Esc closes it.  `operations` is asked for anew, as ledgers come and go."""

    def __init__(self, files: Files, operations: Callable[[], Operations], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._files = files
        self._operations = operations
        self._found: list[QTextCursor] = []
        self._at = -1
        self.title_row = TitleRow("使用手册")
        self.busy = BusyBar(self, self.title_row)
        self.search = SearchField("在手册里查找")
        self.hits = PlainLabel(role="note")
        self.export = Button("导出 PDF…", "document_pdf")
        self.contents = QTreeWidget()
        self.text = ManualText()
        self.setWindowTitle(book.TITLE)
        self.setWindowIcon(app_icon())
        self.setMinimumSize(760, 480)
        self.resize(SIZE)
        # The program ends with its own window, not with the manual's.
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.search.setObjectName("manual_search")
        self.search.setFixedWidth(theme.scaled(220))
        self.export.setObjectName("manual_export")
        self.hits.setMinimumWidth(theme.scaled(64))
        for widget in (self.hits, self.search, self.export):
            self.title_row.add_action(widget)
        self.contents.setObjectName("manual_contents")
        self.contents.setAccessibleName("目录")
        self.contents.setHeaderHidden(True)
        self.contents.setRootIsDecorated(False)
        self.contents.setIndentation(theme.scaled(16))
        self.contents.setFixedWidth(theme.scaled(_CONTENTS_WIDTH))
        self.contents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.contents.setExpandsOnDoubleClick(False)
        self.contents.setStyleSheet(
            f"QTreeView::item {{ min-height: {theme.scaled(26)}px; padding-left: 4px; }}"
            f"QTreeView::item:selected {{ background: {colours.SELECT}; color: {colours.ACCENT}; }}"
            f"QTreeView::branch {{ background: {colours.CARD}; }}"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE_MARGIN, 0, theme.PAGE_MARGIN, theme.PAGE_MARGIN)
        column.setSpacing(0)
        column.addWidget(self.title_row)
        row = QHBoxLayout()
        row.setSpacing(theme.CARD_GAP)
        left, right = Card(flush=True), Card(flush=True)
        left.body.setContentsMargins(6, 8, 2, 8)
        left.body.addWidget(self.contents)
        right.body.setContentsMargins(1, 1, 1, 1)
        right.body.addWidget(self.text)
        left.setFixedWidth(theme.scaled(_CONTENTS_WIDTH) + 10)
        row.addWidget(left)
        row.addWidget(right, 1)
        column.addLayout(row, 1)

    def _connect(self) -> None:
        for keys, act in (
            (QKeySequence(Qt.Key.Key_Escape), self.close),
            (QKeySequence(QKeySequence.StandardKey.Find), self._start_search),
            (QKeySequence(Qt.Key.Key_F3), lambda: self.step(1)),
            (QKeySequence("Shift+F3"), lambda: self.step(-1)),
        ):
            QShortcut(keys, self).activated.connect(act)
        self.search.textChanged.connect(self.look_for)
        self.search.returnPressed.connect(lambda: self.step(1))
        self.contents.currentItemChanged.connect(self._chosen)
        self.contents.itemClicked.connect(lambda item, _column: self._chosen(item))
        self.text.anchorClicked.connect(self._follow)
        self.text.verticalScrollBar().valueChanged.connect(lambda _value: self._mark_place())
        self.export.clicked.connect(self._export)

    # -- going somewhere ------------------------------------------------------------------------------------------

    def open_at(self, topic: str = "") -> None:
        """Show the window, at a heading when one is named."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.activateWindow()
        self.text.lay_out()
        if not self.contents.topLevelItemCount():
            self._fill_contents()
        heading = book.find_heading(book.headings(self.text.document()), topic)
        self.text.go_to(heading.position if heading is not None else 0)
        self._mark_place()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def chapter(self) -> str:
        """The heading marked in the contents."""
        item = self.contents.currentItem()
        return "" if item is None else item.text(0)

    def _fill_contents(self) -> None:
        blocked = QSignalBlocker(self.contents)
        above: QTreeWidgetItem | None = None
        for number, heading in enumerate(book.headings(self.text.document())):
            item = QTreeWidgetItem([heading.text])
            item.setData(0, Qt.ItemDataRole.UserRole, number)
            item.setToolTip(0, heading.text)
            if heading.level == 2 or above is None:
                item.setFont(0, theme.font(theme.BODY, bold=True))
                self.contents.addTopLevelItem(item)
                above = item
            else:
                above.addChild(item)
        self.contents.expandAll()
        blocked.unblock()

    def _items(self) -> list[QTreeWidgetItem]:
        found = []
        for n in range(self.contents.topLevelItemCount()):
            top = self.contents.topLevelItem(n)
            if top is not None:
                found += [top, *(top.child(i) for i in range(top.childCount()))]
        return found

    def _chosen(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            number = item.data(0, Qt.ItemDataRole.UserRole)
            self.text.go_to(book.headings(self.text.document())[number].position)
            blocked = QSignalBlocker(self.contents)
            self.contents.setCurrentItem(item)  # at the end of the text the heading cannot come to the top
            blocked.unblock()

    def _mark_place(self) -> None:
        items = self._items()
        if not items:
            return
        place = self.text.place()
        passed = [n for n, h in enumerate(book.headings(self.text.document())) if h.position <= place + 1]
        blocked = QSignalBlocker(self.contents)
        self.contents.setCurrentItem(items[passed[-1] if passed else 0])
        blocked.unblock()

    def _follow(self, link: QUrl) -> None:
        """A link of the manual leads to one of its headings; any other leads nowhere."""
        if link.scheme() or link.host() or not link.hasFragment():
            return
        words = link.fragment(QUrl.ComponentFormattingOption.FullyDecoded)
        heading = book.find_heading(book.headings(self.text.document()), words)
        if heading is not None:
            self.text.go_to(heading.position)

    # -- looking for words ----------------------------------------------------------------------------------------

    def _start_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def look_for(self, words: str) -> None:
        """Mark every place with these words and go to the first one from here on."""
        self._found, self._at = [], -1
        document = self.text.document()
        if words.strip():
            cursor = document.find(words.strip())
            while not cursor.isNull():
                self._found.append(cursor)
                cursor = document.find(words.strip(), cursor)
        self._mark_found()
        if self._found:
            here = self.text.place()
            self._at = next((n for n, c in enumerate(self._found) if c.selectionStart() >= here), 0)
            self._show_found()
        else:
            self.hits.setText("没有找到" if words.strip() else "")

    def step(self, by: int) -> None:
        """Go to the next place found, after the last one to the first."""
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self._show_found()

    def _show_found(self) -> None:
        cursor = QTextCursor(self._found[self._at])
        self.hits.setText(f"{self._at + 1} / {len(self._found)} 处")
        self._mark_found()
        cursor.setPosition(cursor.selectionStart())
        self.text.setTextCursor(cursor)
        self.text.ensureCursorVisible()

    def _mark_found(self) -> None:
        marks = []
        for n, cursor in enumerate(self._found):
            mark: Any = QTextEdit.ExtraSelection()
            mark.cursor = cursor
            mark.format.setBackground(QColor(colours.YELLOW_FILL if n == self._at else colours.YELLOW_TINT))
            marks.append(mark)
        self.text.setExtraSelections(marks)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.search.text():
            self.search.clear()  # the marks belong to the text as it was set before

    # -- on paper -------------------------------------------------------------------------------------------------

    def _export(self) -> None:
        path = self._files.save_file(self, "导出使用手册", f"{book.TITLE}.pdf", PDFS)
        if path is None:
            return

        def work(_progress: object) -> Path:
            to_pdf(manual_document(), path)
            return path

        self._operations().run_read(
            self,
            work,
            lambda made: self.title_row.set_note(f"已存为 {made.name}"),
            title="导出使用手册",
            busy=self.busy,
        )
