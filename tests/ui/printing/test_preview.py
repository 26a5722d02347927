"""The preview page, as a real widget with an injected file dialog and printer."""

from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from ganzhou_desktop.domain.errors import EnvironmentFailed
from ganzhou_desktop.ui.printing.choices import Options, Tick
from ganzhou_desktop.ui.printing.items import Document
from ganzhou_desktop.ui.printing.matrix_print import matrix_document
from ganzhou_desktop.ui.printing.painting import render_page
from ganzhou_desktop.ui.printing.preview import PrintPreview
from ganzhou_desktop.ui.session import DialogFiles
from tests.ui.printing import samples

TICKS = (
    Tick("same", "与屏幕相同：45 格，未筛选", fixed=True),
    Tick("legend", "印图例"),
    Tick("sign", "印签字栏", on=False),
)
MakePreview = Callable[..., PrintPreview]


@pytest.fixture
def asked() -> list[Options]:
    return []


@pytest.fixture
def preview(qtbot: QtBot, asked: list[Options]) -> MakePreview:
    def build(big: bool = False, **changes: object) -> PrintPreview:
        matrix = samples.big_matrix() if big else samples.real_matrix()

        def make(options: Options) -> Document:
            asked.append(options)
            return matrix_document(
                matrix, paper=options.paper, colour=options.colour, legend="legend" in options.ticks, **samples.PRINT
            )

        values = {"ticks": TICKS, "note": "2018年第一季度", "printers": lambda: ["HP"], **changes}
        page = PrintPreview(make, "任务责任矩阵", **values)
        qtbot.addWidget(page)
        page.resize(1206, 700)
        page.show()
        return page

    return build


def test_options_reach_the_document(preview: MakePreview, asked: list[Options]) -> None:
    page = preview()
    assert asked == [Options("A3", False, frozenset({"same", "legend"}))]
    page.paper.setCurrentIndex(1)
    page.paper.activated.emit(1)
    page.colour.set_current(True)
    page.ticks["legend"].setChecked(False)
    assert asked[-1] == Options("A4", True, frozenset({"same"}))
    assert page.document.pages[0].paper.name == "A4"
    assert "图例" not in page.document.text


def test_shows_the_page_itself(preview: MakePreview, qtbot: QtBot) -> None:
    page = preview()
    shot = page.view.grab().toImage()
    page_image = render_page(page.document, 0, page.view.dpi())
    x, y = round((shot.width() - page_image.width()) / 2), round((shot.height() - page_image.height()) / 2)
    inner = shot.copy(x + 5, y + 5, page_image.width() - 10, page_image.height() - 10)
    assert inner.convertToFormat(page_image.format()) == page_image.copy(
        5, 5, page_image.width() - 10, page_image.height() - 10
    )


def test_pages_and_zoom(preview: MakePreview, qtbot: QtBot) -> None:
    page = preview(big=True)
    total = len(page.document.pages)
    assert page.where.text() == f"第 1 页，共 {total} 页"
    assert not page.back.isEnabled()
    page.forward.click()
    qtbot.keyClick(page, Qt.Key.Key_End)
    assert page.page == total - 1
    assert not page.forward.isEnabled()
    whole = page.view.width()
    page.zoom.set_current(False)
    assert page.view.width() > whole
    assert page.view.dpi() == page.logicalDpiX()
    page.paper.set_current("A4")
    page.refresh()
    assert page.page == total - 1


def test_saves_the_pdf_chosen(preview: MakePreview, qtbot: QtBot, tmp_path: Path) -> None:
    offered: list[str] = []

    def choose(_parent: object, name: str) -> Path:
        offered.append(name)
        return tmp_path / "x.pdf"

    page = preview(choose_path=choose, file_name="任务责任矩阵_2018Q1")
    with qtbot.waitSignal(page.saved):
        page.pdf_button.click()
    assert offered == ["任务责任矩阵_2018Q1.pdf"]
    assert len(pypdf.PdfReader(tmp_path / "x.pdf").pages) == 1
    assert "x.pdf" in page.notice.text()


def test_cancelled_and_failed_saving(preview: MakePreview, qtbot: QtBot, tmp_path: Path) -> None:
    page = preview(choose_path=lambda _parent, _name: None)
    with qtbot.assertNotEmitted(page.saved):
        page.pdf_button.click()
    page = preview(choose_path=lambda _parent, _name: tmp_path / "gone" / "x.pdf")
    with qtbot.assertNotEmitted(page.saved):
        page.pdf_button.click()
    assert "没能写入" in page.notice.text()


def test_prints_on_the_printer_chosen(preview: MakePreview, qtbot: QtBot) -> None:
    sent: list[tuple[Document, str, bool]] = []
    page = preview(print_document=lambda *job: sent.append(job))
    page.printer.set_current("HP")
    with qtbot.waitSignal(page.printed):
        page.print_button.click()
    assert sent == [(page.document, "HP", False)]

    def broken(*_job: object) -> None:
        raise EnvironmentFailed("no_printer", "没有找到这台打印机。")

    page = preview(print_document=broken)
    page.print_button.click()
    assert "没有找到" in page.notice.text()


def test_without_printers_only_pdf(preview: MakePreview) -> None:
    page = preview(printers=list)
    assert not page.print_button.isEnabled()
    assert page.pdf_button.isEnabled()


def test_closes(preview: MakePreview, qtbot: QtBot) -> None:
    page = preview()
    with qtbot.waitSignal(page.closed):
        page.close_button.click()
    with qtbot.waitSignal(page.closed):
        qtbot.keyClick(page, Qt.Key.Key_Escape)


def test_the_preview_takes_the_keys_when_it_opens(preview: MakePreview, qtbot: QtBot) -> None:
    page = preview(big=True)
    with qtbot.waitExposed(page):
        page.activateWindow()
    qtbot.waitUntil(page.hasFocus)
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_PageDown)
    assert page.page == 1
    with qtbot.waitSignal(page.closed):
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Escape)


def test_a_dialog_opens_in_a_folder_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(_parent: object, _title: str, folder: str, _kinds: str) -> tuple[str, str]:
        asked.append(folder)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    DialogFiles(tmp_path / "not" / "yet").open_file(QWidget(), "打开台账", "*")
    assert asked == [str(tmp_path)], "Qt takes a folder that is not there for the name of a file"
