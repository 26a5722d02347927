"""The engine below the prints: breaking words, splitting columns, painting, writing files."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter

from ganzhou_desktop.domain.errors import EnvironmentFailed
from ganzhou_desktop.ui.printing import fonts
from ganzhou_desktop.ui.printing.items import A4_PORTRAIT, Document, Page, Style, TextItem
from ganzhou_desktop.ui.printing.layout import Flow
from ganzhou_desktop.ui.printing.painting import paint, pdf_bytes, render_page, to_pdf, to_printer
from ganzhou_desktop.ui.printing.phrases import day_words, moment_words
from ganzhou_desktop.ui.printing.words import balanced, break_lines, clean
from tests.ui.printing import samples

SONG = Style("song", 10.5)


@pytest.fixture(autouse=True)
def _app(qapp: object) -> None:
    pass


@given(st.text(max_size=400), st.floats(6, 80))
def test_breaking_loses_nothing(text: str, width: float) -> None:
    text = "".join(c for c in text if not "\ud800" <= c <= "\udfff")
    lines = break_lines(text, width, SONG)
    assert "".join("".join(lines).split()) == "".join(clean(text).split())


@pytest.mark.parametrize("text", ["𬭚𬭛𬬻𬬿" * 3000, "科技创新，" * 9000, "a" * 7000, "词 " * 4000])
def test_long_paragraphs_break_whole(text: str) -> None:
    lines = break_lines(text, 40, SONG)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(fonts.text_width(line, "song", 10.5) <= 40.1 for line in lines)


def test_full_stops_do_not_begin_a_line() -> None:
    for width in range(12, 40):
        assert not any(line[0] in "，。、；）" for line in break_lines("加快建设，区域布局。" * 12, width, SONG))


def test_names_break_evenly() -> None:
    style = Style("hei", 9)
    assert balanced("区工商质监局", 16, style, 2) == ("区工商", "质监局")
    assert balanced("区科技局", 16, style, 2) == ("区科技局",)
    assert balanced("张掖经济技术开发区管委会", 16, style, 2) is None


def test_words_flow_over_pages() -> None:
    flow = Flow(A4_PORTRAIT, 270)
    text = "".join(chr(0x4E00 + n) for n in range(4000))
    flow.words(text, SONG)
    document = flow.finish("x", lambda n, total: [])
    assert len(document.pages) > 1
    assert document.text.replace("\n", "") == text


def test_preview_and_pdf_are_one_document() -> None:
    """The picture is the page at another scale: the same ink, wherever it is painted."""
    document = samples.documents()["matrix_a3"]
    small, large = render_page(document, 0, 50.8), render_page(document, 0, 101.6)
    assert (large.width(), large.height()) == (2 * small.width(), 2 * small.height())
    for x in range(0, small.width(), 7):
        column = [small.pixelColor(x, y).lightness() < 100 for y in range(small.height())]
        for y, dark in enumerate(column):
            if dark:
                near = [
                    large.pixelColor(
                        min(2 * x + dx, large.width() - 1), min(2 * y + dy, large.height() - 1)
                    ).lightness()
                    for dx in range(-2, 4)
                    for dy in range(-2, 4)
                ]
                assert min(near) < 200
    box = pypdf.PdfReader(io.BytesIO(pdf_bytes(document))).pages[0].mediabox
    assert (round(float(box.width) * 25.4 / 72), round(float(box.height) * 25.4 / 72)) == (420, 297)


def test_words_lie_in_the_pdf_where_the_document_says() -> None:
    document = samples.documents()["recovery"]
    boxes = {i.lines[0]: i.box for i in document.pages[0].items if isinstance(i, TextItem) and i.tag == "key group"}
    found: dict[str, tuple[float, float]] = {}

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        group = text.strip()
        if group in boxes:
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found[group] = (x * 25.4 / 72, 297 - y * 25.4 / 72)

    pypdf.PdfReader(io.BytesIO(pdf_bytes(document))).pages[0].extract_text(visitor_text=visit)
    assert set(found) == set(boxes)
    for group, (x, y) in found.items():
        box = boxes[group]
        assert box.x <= x <= box.right
        assert box.y < y < box.bottom, (group, y, box)


def test_pdf_has_title_and_embedded_fonts(tmp_path: Path) -> None:
    path = tmp_path / "填报表.pdf"
    document = samples.documents()["filing"]
    to_pdf(document, path)
    reader = pypdf.PdfReader(path)
    assert reader.metadata is not None
    assert reader.metadata.title == document.title
    assert (
        "/FontFile" in str([f for p in reader.pages for f in p["/Resources"]["/Font"].values()])
        or path.stat().st_size > 30_000
    )
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    document = Document("x", (Page(A4_PORTRAIT, ()),))
    target = tmp_path / "folder.pdf"
    target.mkdir()
    with pytest.raises(EnvironmentFailed):
        to_pdf(document, target)
    assert [p.name for p in tmp_path.iterdir()] == [target.name]
    with pytest.raises(EnvironmentFailed):
        to_pdf(document, tmp_path / "none" / "x.pdf")


def test_printer_gets_the_pages_asked_for(tmp_path: Path) -> None:
    document = samples.documents()["figures"]
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "p.pdf"))
    printer.setFromTo(2, 3)
    to_printer(document, printer)
    pages = pypdf.PdfReader(tmp_path / "p.pdf").pages
    assert len(pages) == 2
    assert round(float(pages[0].mediabox.width) * 25.4 / 72) == 210
    assert "—2—" in "".join(pages[0].extract_text().split())


def test_a_printer_without_the_paper_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    monkeypatch.setattr(QPrinter, "setPageLayout", lambda *_: False)
    with pytest.raises(EnvironmentFailed, match="A3"):
        to_printer(samples.documents()["matrix_a3"], printer)


def test_paint_on_a_device() -> None:
    document = samples.documents()["recovery"]
    image = QImage(794, 1123, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    paint(document, image, 0)
    assert any(image.pixelColor(x, y).lightness() < 60 for y in range(200, 420) for x in range(90, 700))


def test_missing_fonts_are_named() -> None:
    assert all(line.startswith("缺") and "改用" in line for line in fonts.missing_fonts())


def test_papers_bear_local_time() -> None:
    at = datetime(2018, 4, 8, 23, 50, tzinfo=UTC)
    local = at.astimezone()
    assert moment_words("2018-04-08T23:50:00Z") == f"2018年4月{local.day}日 {local:%H:%M}"
    assert day_words("2018-04-08T23:50:00Z") == f"2018年4月{local.day}日"
    assert moment_words("2018-04-08T09:42") == "2018年4月8日 09:42"
    assert day_words("2018-04-08") == "2018年4月8日"
    assert day_words("6月底") == "6月底"
