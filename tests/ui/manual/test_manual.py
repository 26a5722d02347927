"""The manual: its text is true to the program, its window finds things, its paper can be searched."""

import re
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ganzhou_desktop import cli, paths
from ganzhou_desktop.app import App
from ganzhou_desktop.cli.program import parser
from ganzhou_desktop.services import demo
from ganzhou_desktop.ui.main_window import MainWindow
from ganzhou_desktop.ui.manual import book
from ganzhou_desktop.ui.manual.paper import manual_document
from ganzhou_desktop.ui.manual.window import ManualWindow
from ganzhou_desktop.ui.messages import RecordedMessages
from ganzhou_desktop.ui.operations import InstantRunner
from ganzhou_desktop.ui.pages.settings_page import SettingsPage
from ganzhou_desktop.ui.preferences import Preferences
from ganzhou_desktop.ui.printing.painting import to_pdf
from ganzhou_desktop.ui.session import PreparedFiles
from ganzhou_desktop.ui.widgets import ScrimDialog
from tests import gallery, manual_pictures

ROOT = Path(__file__).resolve().parents[3]
TEXT = book.read()
LEFT = Qt.MouseButton.LeftButton


# -- the text -------------------------------------------------------------------------------------------------------


def test_pictures_named_are_there_and_made_by_the_gallery() -> None:
    named = [Path(name).stem for name in book.pictures(TEXT)]
    assert sorted(named) == sorted(manual_pictures.CHOSEN)
    assert sorted(f.stem for f in manual_pictures.FOLDER.iterdir()) == sorted(named)
    taken = Path(gallery.__file__).read_text("utf-8")
    for source, _ in manual_pictures.CHOSEN.values():
        assert f'"{source}"' in taken


def test_it_says_what_each_code_proves_and_what_none_does() -> None:
    chapter = TEXT.split("## 八、几个码各证明什么")[1].split("\n## ")[0]
    assert all(f"| {code} |" in chapter for code in ("台账码", "核对码", "校验码"))
    proves, not_proved = chapter.split("**不证明**")
    assert "打印那张盖章表的电脑做的" in proves
    for said in ("写的内容属实", "坐在电脑前的是谁", "没有被别人用过"):
        assert said in not_proved
    assert "电话里报一个码，不要认可" in chapter


def test_pictures_are_small_and_whole() -> None:
    files = [manual_pictures.FOLDER / f"{name}.png" for name in manual_pictures.CHOSEN]
    assert all(f.stat().st_size <= manual_pictures.LARGEST for f in files)
    assert sum(f.stat().st_size for f in files) <= 1_500_000
    for name, (_, area) in manual_pictures.CHOSEN.items():
        image = book.picture(f"pictures/{name}.png")
        assert (image.width(), image.height()) == ((1366, 697) if area.isNull() else (area.width(), area.height()))


def test_few_colours_keeps_flat_areas_exactly() -> None:
    image = QImage(64, 8, QImage.Format.Format_RGB32)
    image.fill(0xFF1B5A6B)
    for x in range(40):
        image.setPixel(x, 3, 0xFF000000 | x * 0x050607)
    made = manual_pictures.few_colours(image, 8)
    assert made.colorCount() <= 8
    assert made.pixel(60, 7) == 0xFF1B5A6B


def test_no_picture_from_outside_the_manual() -> None:
    assert book.picture("../icons/app.png").isNull()
    assert book.picture("/etc/passwd").isNull()
    assert not book.picture("pictures/start.png").isNull()


def test_text_links_nowhere_outside() -> None:
    assert "://" not in TEXT
    assert re.findall(r"(?<!!)\[[^\]]*\]\((?!#)", TEXT) == []


def _words_of_the_program() -> str:
    return "".join(f.read_text("utf-8") for f in (ROOT / "ganzhou_desktop").rglob("*.py"))


def test_every_button_told_of_exists() -> None:
    """What stands in quotes after 点, 勾, 选 or 打开 is a word of the program; …… stands for a number."""
    program = _words_of_the_program()
    quoted = re.findall(r"(?:点|勾|选|打开|或者点|再点|就点|可以)(?:了)?((?:“[^”]+”)+)", TEXT)
    words = [w for group in quoted for w in re.findall(r"“([^”]+)”", group)]
    assert len(words) > 60
    missing = {part for w in words for part in w.split("……") if part and part not in program}
    assert missing == set()


def test_every_command_is_told_of_with_its_options() -> None:
    known = {name: made.format_help() for name, made in parser()._subparsers._group_actions[0].choices.items()}
    told = {line.split("`")[1].split()[0]: line for line in TEXT.splitlines() if line.startswith("| `")}
    assert set(told) == set(known)
    for name, line in told.items():
        for option in re.findall(r"--[a-z-]+", line):
            assert option in known[name], (name, option)


def test_topics_are_headings_and_every_page_has_one(qapp: object) -> None:
    document = book.build(TEXT, _look())
    found = book.headings(document)
    assert all(book.find_heading(found, heading) for heading in book.TOPICS.values())
    for page in ("overview", "matrix", "filing", "review", "figures", "exchange", "settings", "target", "preview"):
        assert book.topic_of(page)
        assert book.topic_of(page, office=True)
    assert book.topic_of("exchange") != book.topic_of("exchange", office=True)
    assert book.topic_of("settings", "recovery") == "恢复单"
    assert book.topic_of("unknown") == ""
    assert len({h.name for h in found}) == len(found)


def _look() -> book.Look:
    from ganzhou_desktop.ui import theme

    font = theme.font()
    return book.Look(font, font, font, 13, lambda _: 600, "#000000", "#000000", "#000000", "#FFFFFF", "#000000")


# -- the window -----------------------------------------------------------------------------------------------------


@pytest.fixture
def files() -> PreparedFiles:
    return PreparedFiles()


@pytest.fixture
def window(qtbot: QtBot, files: PreparedFiles) -> ManualWindow:
    operations = InstantRunner(RecordedMessages())
    made = ManualWindow(files, lambda: operations)
    qtbot.addWidget(made)
    return made


def _top_line(window: ManualWindow) -> str:
    text = window.text
    block = text.document().findBlock(text.place())
    while block.isValid() and not block.text():
        block = block.next()
    return block.text()


def test_opens_at_the_chapter_and_marks_it(window: ManualWindow) -> None:
    window.open_at("审核")
    assert window.chapter() == "审核"
    assert _top_line(window) == "审核"
    window.open_at()
    assert window.text.verticalScrollBar().value() == 0
    window.open_at("没有这一节")
    assert window.text.verticalScrollBar().value() == 0


def test_contents_lead_to_the_text_and_follow_it(window: ManualWindow) -> None:
    window.open_at()
    items = {item.text(0): item for item in window._items()}
    window.contents.setCurrentItem(items["七、备份与恢复"])
    assert _top_line(window) == "七、备份与恢复"
    bar = window.text.verticalScrollBar()
    bar.setValue(0)
    assert window.chapter() == "一、先知道三件事"
    bar.setValue(bar.maximum())
    assert window.chapter() == "十二、命令行"


def test_search_goes_from_place_to_place(window: ManualWindow, qtbot: QtBot) -> None:
    window.open_at()
    window.search.setText("恢复单")
    count = window.text.document().toPlainText().count("恢复单")
    assert count > 5
    assert window.hits.text() == f"1 / {count} 处"
    assert len(window.text.extraSelections()) == count
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    assert window.hits.text() == f"2 / {count} 处"
    window.step(-2)
    assert window.hits.text() == f"{count} / {count} 处"
    window.search.setText("没有的词")
    assert window.hits.text() == "没有找到"
    assert window.text.extraSelections() == []
    window.search.clear()
    assert window.hits.text() == ""
    window.step(1)


def test_pictures_fit_at_any_width(window: ManualWindow) -> None:
    for size in ((760, 480), (1180, 690), (1536, 830)):
        window.resize(*size)
        window.open_at("总览")
        room = window.text.viewport().width()
        for block in book.blocks(window.text.document()):
            image = book.image_of(block)
            if image is not None:
                assert 200 <= image.width() <= room
        assert window.text.document().size().width() <= room + 1
        assert window.chapter() == "总览"


def test_window_loads_no_resource_by_name(window: ManualWindow) -> None:
    window.open_at()
    kind = QTextDocument.ResourceType.ImageResource
    assert window.text.loadResource(kind.value, QUrl("file:///etc/passwd")) is None
    place = window.text.place()
    window.text.anchorClicked.emit(QUrl("https://example.com/#审核"))
    window.text.anchorClicked.emit(QUrl("file:///tmp/x"))
    assert window.text.place() == place
    window.text.anchorClicked.emit(QUrl("#审核"))
    assert window.chapter() == "审核"


def test_escape_closes(window: ManualWindow, qtbot: QtBot) -> None:
    window.open_at()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window.text, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_exports_a_pdf(window: ManualWindow, files: PreparedFiles, tmp_path: Path, qtbot: QtBot) -> None:
    window.open_at()
    files.answers = [None]
    qtbot.mouseClick(window.export, LEFT)
    files.answers = [tmp_path]
    qtbot.mouseClick(window.export, LEFT)
    made = tmp_path / f"{book.TITLE}.pdf"
    assert made.read_bytes().startswith(b"%PDF-")
    assert window.title_row.note.text() == f"已存为 {made.name}"


# -- F1 -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def app(qtbot: QtBot) -> object:
    made = App(Preferences(), messages=RecordedMessages(), files=PreparedFiles(), make_operations=InstantRunner)
    yield made
    made.close()


def _press_f1(qtbot: QtBot, widget: QWidget) -> None:
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    qtbot.keyClick(widget, Qt.Key.Key_F1)


def test_f1_on_the_start_page(app: App, qtbot: QtBot) -> None:
    start = app.show_start()
    start.show()
    assert "ganzhou_desktop.ui.manual.window" in sys.modules
    _press_f1(qtbot, start)
    assert isinstance(app.manual, ManualWindow)
    assert app.manual.chapter() == "二、第一次打开"


def test_f1_on_pages_and_dialogs(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    demo.build(tmp_path / "demo.gzdb", 1).close()
    assert app.open_path(tmp_path / "demo.gzdb")
    window = app.window
    assert isinstance(window, MainWindow)
    window.resize(1366, 697)
    window.show()
    for page, chapter in (("overview", "总览"), ("review", "审核"), ("exchange", "合账"), ("filing", "代录")):
        window.show_page(page)
        _press_f1(qtbot, window)
        assert app.manual.chapter() == chapter
    assert app.session is not None
    app.session.go("settings", "recovery")
    _press_f1(qtbot, window)
    assert app.manual.chapter() == "恢复单"
    app.session.go("settings", "about")
    settings = window.page("settings")
    assert isinstance(settings, SettingsPage)
    button = settings.findChild(QPushButton, "about_manual")
    assert button is not None
    app.manual.close()
    qtbot.mouseClick(button, LEFT)
    assert app.manual.isVisible()
    assert app.manual.chapter() == "九、设置里的各栏"
    window.show_page("review")
    dialog = ScrimDialog(window, "问一下")
    dialog.open()
    _press_f1(qtbot, dialog)
    assert app.manual.chapter() == "审核"
    dialog.close()
    app.close()
    assert app.manual is None


# -- on paper -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdf(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("manual") / "manual.pdf"
    to_pdf(manual_document(), path)
    return path


def test_pdf_is_a4_with_page_numbers_and_every_word(pdf: Path, qapp: object) -> None:
    pages = PdfReader(pdf).pages
    assert 15 <= len(pages) <= 40
    texts = [_squeezed(page.extract_text()) for page in pages]
    for n, (page, text) in enumerate(zip(pages, texts, strict=True), start=1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        assert f"—{n}—" in text
    whole = "".join(texts)
    assert not re.search("[\u2e80-\u2fdf]", whole)  # radicals, which nobody types
    document = book.build(book.without_title(TEXT), _look())
    for block in book.blocks(document):
        # Pages break inside blocks, and only there: whole lines are looked for by their beginnings.
        start = _squeezed(block.text().replace("\ufffc", ""))[:12]
        assert start in whole, start


def test_contents_name_the_pages(pdf: Path) -> None:
    pages = [_squeezed(p.extract_text()) for p in PdfReader(pdf).pages]
    lines = re.findall(r"^(.+?)\s*\n?\s*(\d+)$", PdfReader(pdf).pages[0].extract_text(), re.M)
    found = {_squeezed(words): int(number) for words, number in lines}
    for heading in re.findall(r"^##+ (.+)$", TEXT, re.M):
        words = _squeezed(heading)
        assert words in found, words
        assert words in pages[found[words] - 1], words


def test_no_picture_is_cut_and_no_heading_left_behind(qapp: object) -> None:
    from ganzhou_desktop.ui.manual import paper

    document = paper._laid_out()
    shown = 0
    for block in book.blocks(document):
        assert not paper._is_torn(document, block), block.text()
        shown += book.image_of(block) is not None
    assert shown == len(manual_pictures.CHOSEN)


def test_pdf_holds_the_pictures_once(pdf: Path) -> None:
    reader = PdfReader(pdf)
    images = sum(
        obj.get_object()["/Subtype"] == "/Image" and obj.get_object()["/Width"] > 300
        for page in reader.pages
        for obj in (page["/Resources"].get("/XObject") or {}).values()
    )
    assert images == len(manual_pictures.CHOSEN)
    assert pdf.stat().st_size < 4_000_000


def test_from_the_command_line(tmp_path: Path, qapp: object, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "手册.pdf"
    assert cli.main(["manual", str(out), "--json"]) == 0
    assert PdfReader(out).metadata.title == book.TITLE
    kept = tmp_path / "信.txt"
    kept.write_text("信", "utf-8")
    assert cli.main(["manual", str(kept)]) == 3
    assert kept.read_text("utf-8") == "信"
    capsys.readouterr()


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_manual_is_bundled_where_the_program_looks() -> None:
    assert paths.resource(book.SOURCE).is_file()
    assert (ROOT / "docs" / "manual" / "README.md").read_text("utf-8").count("resources/manual/manual.md") == 2
