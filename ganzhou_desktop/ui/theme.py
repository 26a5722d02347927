"""The look, named once: colours, type sizes, spacing, radii, fonts, palette."""

import os
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from ganzhou_desktop.ui import style_sheet
from ganzhou_desktop.ui.colours import (
    ACCENT,
    ACCENT_DOWN,
    ACCENT_MARK,
    CARD,
    DISABLED,
    HEAD,
    INK,
    INK2,
    INK3,
    LINE,
    LINE2,
    WIN,
)

FAMILIES = [
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "WenQuanYi Micro Hei",
    "DengXian",
    "SimHei",
    "SimSun",
]
"""The last three: what a Windows without 微软雅黑 has."""

# Type sizes in pixels at 100 %.
PAGE_TITLE = 20
BIG_NUMBER = 24
DIAL_NUMBER = 36
ROW_NUMBER = 18
CARD_TITLE = 14
NAV = 14
BODY = 13
NOTE = 12

# Spacing and sizes in pixels.
GAP = 4
GAP_S = 8
GAP_M = 12
GAP_L = 16
GAP_XL = 24
PAGE_MARGIN = 16
CARD_GAP = 12
RADIUS_TAG = 3
RADIUS_CONTROL = 4
RADIUS_CARD = 6
RADIUS_DIALOG = 8
TITLE_ROW = 56
STATUS_BAR = 26
NAV_WIDTH = 160
NAV_NARROW = 48
NAV_ITEM = 36
CONTROL = 30
TABLE_ROW = 32
TABLE_HEAD = 30
PREVIEW_ROW = 28
GROUP_ROW = 27
ICON_ROW = 16
ICON_BUTTON = 18
ICON_NAV = 20

SCALES = (1.0, 1.1, 1.25)


def scale() -> float:
    """How much larger than 100 % the type is now."""
    size = QApplication.font().pixelSize()
    return size / BODY if size > 0 else 1.0


def scaled(pixels: float) -> int:
    """A length that follows the type size, e.g. a row height."""
    return round(pixels * scale())


def font(size: int = BODY, bold: bool = False) -> QFont:
    """The program's font at one of the type sizes above, at the scale in force."""
    made = QFont(QApplication.font())
    made.setPixelSize(scaled(size))
    made.setBold(bold)
    return made


def apply_theme(app: QApplication, scale: float = 1.0) -> None:
    """Fonts, colours, style sheet and Chinese wording of Qt's own controls; may be called again for another scale."""
    sheet = style_sheet.build(scale)
    if app.styleSheet() == sheet and app.font() == _base_font(scale):
        return  # Qt would polish every widget there is once more
    _load_fonts(os.environ.get("GANZHOU_FONTS"))
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    _translate(app)
    app.setStyle("Fusion")
    app.setPalette(_palette())
    app.setFont(_base_font(scale))
    app.setStyleSheet(sheet)


def _base_font(scale: float) -> QFont:
    made = QFont()
    made.setFamilies(FAMILIES)
    made.setPixelSize(round(BODY * scale))
    made.setFeature(QFont.Tag("tnum"), 1)
    made.setHintingPreference(QFont.HintingPreference.PreferDefaultHinting)
    return made


def _load_fonts(folder: str | None) -> None:
    """Fonts that need not be installed, e.g. beside a portable copy."""
    if not folder or not Path(folder).is_dir():
        return
    for path in sorted(Path(folder).iterdir()):
        if path.suffix.lower() in {".ttf", ".otf", ".ttc"}:
            QFontDatabase.addApplicationFont(str(path))


def _translate(app: QApplication) -> None:
    """Qt's own words (保存, 取消 …) in Chinese, installed once."""
    if app.findChild(QTranslator, "qtbase_zh_CN") is not None:
        return
    translator = QTranslator(app)
    translator.setObjectName("qtbase_zh_CN")
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)


def _palette() -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for key, colour in {
        role.Window: WIN,
        role.WindowText: INK,
        role.Base: CARD,
        role.AlternateBase: HEAD,
        role.Text: INK,
        role.Button: CARD,
        role.ButtonText: INK,
        role.BrightText: CARD,
        role.Highlight: ACCENT_MARK,
        role.HighlightedText: ACCENT_DOWN,
        role.Accent: ACCENT,
        role.Link: ACCENT,
        role.LinkVisited: ACCENT,
        role.PlaceholderText: INK3,
        role.ToolTipBase: CARD,
        role.ToolTipText: INK,
        role.Light: CARD,
        role.Midlight: LINE,
        role.Mid: LINE2,
        role.Dark: INK3,
        role.Shadow: INK2,
    }.items():
        palette.setColor(key, QColor(colour))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(DISABLED))
    return palette
