"""导出: gauges as a picture of what is on the screen, or as the PDF that is printed."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPoint
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from ganzhou_desktop.documents.files import write_whole
from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.ui import colours
from ganzhou_desktop.ui.messages import failure_of
from ganzhou_desktop.ui.printing.items import Document
from ganzhou_desktop.ui.printing.painting import to_pdf
from ganzhou_desktop.ui.session import PDFS, Session
from ganzhou_desktop.ui.widgets import Button

PNGS = "图片 (*.png)"
SHARP = 2
"""Pixels of the picture for one of the screen: for slides and paper."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What is written: this widget as a picture, or this document; `paper` reads the ledger, on the worker."""

    picture: QWidget
    name: str
    paper: Callable[[], Document]


def picture_of(widget: QWidget) -> QPixmap:
    """A widget as it stands, at twice the sharpness."""
    made = QPixmap(widget.size() * SHARP)
    made.setDevicePixelRatio(SHARP)
    made.fill(QColor(colours.WIN))
    widget.render(made, QPoint())
    return made


def clean_name(text: str) -> str:
    """A file's name without what Windows does not allow in one."""
    return "".join("_" if c in '\\/:*?"<>|' or not c.isprintable() else c for c in text)


class ExportButton(Button):
    """导出 with its two ways; `exported` is asked when one is chosen, and says None when there is nothing yet."""

    def __init__(
        self, session: Session, page: QWidget, exported: Callable[[], Exported | None], parent: QWidget | None = None
    ) -> None:
        super().__init__("导出", "arrow_export", tip="把目标进度存成图片或 PDF", parent=parent)
        self._session, self._page, self._exported = session, page, exported
        self.setObjectName("export")
        menu = QMenu(self)
        self.as_picture = menu.addAction("图片（PNG）…")
        self.as_pdf = menu.addAction("目标任务进度表（PDF）…")
        self.as_picture.triggered.connect(lambda: self._save_picture())
        self.as_pdf.triggered.connect(lambda: self._save_pdf())
        self.setMenu(menu)

    def _save_picture(self) -> None:
        exported = self._exported()
        path = self._ask(exported, ".png", PNGS)
        if exported is None or path is None:
            return
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        picture_of(exported.picture).save(buffer, "PNG")
        data = bytes(buffer.data().data())

        def put(file: io.BytesIO) -> None:
            file.write(data)

        self._write(lambda: write_whole(path, put), path)

    def _save_pdf(self) -> None:
        exported = self._exported()
        path = self._ask(exported, ".pdf", PDFS)
        if exported is None or path is None:
            return
        self._session.operations.run_read(
            self._page,
            lambda _progress: exported.paper(),
            lambda document: self._write(lambda: to_pdf(document, path), path),
            title="导出 PDF",
        )

    def _ask(self, exported: Exported | None, ending: str, kinds: str) -> Path | None:
        if exported is None:
            return None
        path = self._session.files.save_file(self._page, "导出", exported.name + ending, kinds)
        if path is None or path.suffix.lower() == ending:
            return path
        return path.with_name(path.name + ending)

    def _write(self, write: Callable[[], None], path: Path) -> None:
        try:
            write()
        except LedgerError as error:
            self._session.messages.failure(self._page, failure_of(error, "导出"))
            return
        self._session.saved.emit(f"已导出 {path.name}", "checkmark_circle")
