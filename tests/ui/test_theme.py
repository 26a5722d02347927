"""The look holds at every type size, and what the design asks of colours is so."""

import re

import pytest
from PySide6.QtCore import QLocale, QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from ganzhou_desktop.ui import colours, theme
from ganzhou_desktop.ui.icons import app_icon, icon, icon_path, paint_icon
from ganzhou_desktop.ui.widgets import Button, PlainLabel


def _luminance(colour: str) -> float:
    parts = [value / 255 for value in QColor(colour).getRgb()[:3]]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        (colours.INK3, colours.NAV),
        (colours.INK2, colours.SELECT),
        (colours.CARD, colours.ACCENT),
        (colours.ACCENT_DOWN, colours.ACCENT_MARK),
        (colours.GREEN, colours.GREEN_TINT),
        (colours.YELLOW, colours.YELLOW_TINT),
        (colours.RED, colours.RED_TINT),
        (colours.GREY, colours.GREY_TINT),
        (colours.DONE, colours.DONE_TINT),
        (colours.DIFFER, colours.DIFFER_TINT),
        (colours.ERROR, colours.ERROR_TINT),
    ],
)
def test_text_is_readable_on_its_ground(ink: str, ground: str) -> None:
    assert _contrast(ink, ground) >= 4.5


def test_type_follows_the_scale_and_comes_back(qapp: QApplication, qtbot: QtBot) -> None:
    label = PlainLabel("总览", "page")
    button = Button("导出")
    qtbot.addWidget(label)
    qtbot.addWidget(button)
    label.show()
    button.show()
    try:
        theme.apply_theme(qapp, 1.25)
        assert label.font().pixelSize() == 25
        assert button.sizeHint().height() > 30
        assert theme.scaled(32) == 39  # body type is 16 of 13
    finally:
        theme.apply_theme(qapp)
    assert label.font().pixelSize() == 20
    assert button.sizeHint().height() == 30


def test_figures_keep_one_width(qapp: QApplication) -> None:
    assert theme.font().isFeatureSet(QFont.Tag("tnum"))


def test_qt_speaks_chinese(qtbot: QtBot) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "取消"
    assert QLocale().language() == QLocale.Language.Chinese


def test_icon_is_recoloured(qapp: QApplication) -> None:
    image = QImage(40, 40, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    paint_icon(painter, QRectF(0, 0, 40, 40), "home", colours.ACCENT, filled=True)
    painter.end()
    found = {
        image.pixelColor(x, y).name() for x in range(40) for y in range(40) if image.pixelColor(x, y).alpha() == 255
    }
    assert found == {colours.ACCENT.lower()}


def test_missing_icon_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no_such_20_regular"):
        icon_path("no_such")


def test_icons_are_there_and_shared(qapp: QApplication) -> None:
    assert icon("print") is icon("print")
    assert {size.width() for size in app_icon().availableSizes()} >= {16, 32, 48, 256}


def test_style_sheet_names_only_files_that_are_there(qapp: QApplication) -> None:
    for path in re.findall(r'url\("([^"]+)"\)', qapp.styleSheet()):
        assert QImage(path).width() > 0, path
