"""Fonts of a printed page: a chain per role, measured in hundredths of a millimetre, never on a device.

Chains begin with what Chinese government offices expect and end with what a bare machine has.  Faces known to write
Kangxi radicals into a PDF's text layer (Noto, Fandol: 工 becomes ⼯, so that a search finds nothing) stand last.
"""

import os
import threading
from functools import lru_cache
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

from ganzhou_desktop.ui.printing.faces import Face

TITLE = "title"
SONG = "song"
FANGSONG = "fangsong"
KAI = "kai"
HEI = "hei"
SANS = "sans"
MONO = "mono"
ROLES = (TITLE, SONG, FANGSONG, KAI, HEI, SANS, MONO)

UNITS = 100
"""Font units in a millimetre: glyphs are laid out so large that rounding to whole pixels disappears."""

_MM_PER_POINT = 25.4 / 72

_SONG = ("宋体", "SimSun", "NSimSun", "GZ Song", "AR PL SungtiL GB", "WenQuanYi Micro Hei", "Noto Serif CJK SC")
_XIAOBIAO = ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05")
_HEI = ("黑体", "SimHei", "GZ Hei", "Microsoft YaHei", "微软雅黑", "WenQuanYi Micro Hei", "Noto Sans CJK SC")
_CHAINS: dict[str, tuple[str, ...]] = {
    TITLE: (*_XIAOBIAO, "华文中宋", "STZhongsong", *_SONG),
    SONG: _SONG,
    FANGSONG: ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "STFangsong", *_SONG),
    KAI: ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "STKaiti", *_SONG),
    HEI: _HEI,
    SANS: ("Microsoft YaHei", "微软雅黑", "GZ Hei", *_HEI),
    MONO: ("Consolas", "Courier New", "DejaVu Sans Mono", "Liberation Mono", *_HEI),
}
_WANTED: dict[str, tuple[str, str, int]] = {
    TITLE: ("标题", "方正小标宋简体", 4),
    FANGSONG: ("正文", "仿宋", 5),
    KAI: ("期次", "楷体", 5),
    HEI: ("表头", "黑体", 2),
    SONG: ("表格", "宋体", 3),
}
"""Role → (what it sets, its proper name, how many of the chain count as that face)."""

_SHOWN = {
    "FZXiaoBiaoSong-B05S": "方正小标宋",
    "STZhongsong": "华文中宋",
    "SimSun": "宋体",
    "NSimSun": "宋体",
    "GZ Song": "思源宋体",
    "Noto Serif CJK SC": "思源宋体",
    "AR PL SungtiL GB": "文鼎宋体",
    "SimHei": "黑体",
    "GZ Hei": "思源黑体",
    "Noto Sans CJK SC": "思源黑体",
    "WenQuanYi Micro Hei": "文泉驿微米黑",
}
_HEAVY = frozenset({"黑体", "SimHei"})
"""Faces of one weight that is already that of a heading; a synthetic bold of them smears."""

_DISPLAY = frozenset(_CHAINS[TITLE][:6])


CHINESE_FILES = ("sim", "msyh", "st", "fz", "deng", "kai", "fang", "wqy", "noto")
"""How the files of the faces above begin on Windows; a PC's folder holds hundreds of others."""


@lru_cache(maxsize=1)
def load_extra_fonts() -> int:
    """Load the faces of the folder GANZHOU_FONTS once; returns how many were loaded."""
    folder = os.environ.get("GANZHOU_FONTS", "")
    return load_from(Path(folder), ("",)) if folder else 0


def load_from(folder: Path, beginnings: tuple[str, ...]) -> int:
    """Load the faces of a folder whose file names begin so; returns how many were loaded."""
    if not folder.is_dir():
        return 0
    faces = sorted(p for p in folder.iterdir() if p.suffix.lower() in {".ttf", ".otf", ".ttc"})
    wanted = (p for p in faces if p.name.lower().startswith(beginnings))
    return sum(QFontDatabase.addApplicationFont(str(path)) >= 0 for path in wanted)


@lru_cache(maxsize=len(ROLES))
def family(role: str) -> str:
    """The first face of a role's chain that this machine has; empty when it has none of them."""
    load_extra_fonts()
    return next((name for name in _CHAINS[role] if QFontDatabase.hasFamily(name)), "")


def font(role: str, size: float, bold: bool = False) -> QFont:
    """The font of a role at a size in points, its pixel size in UNITS to the millimetre; do not change it."""
    return face(role, size, bold).font


def text_width(text: str, role: str, size: float, bold: bool = False) -> float:
    """Width of one line in millimetres."""
    return face(role, size, bold).advance(text) / UNITS


def face(role: str, size: float, bold: bool = False) -> Face:
    """The face of a role at a size in points, one for each thread: a QFont must not be used in two at once."""
    faces: dict[tuple[str, float, bool], Face] | None = getattr(_of_thread, "faces", None)
    if faces is None:
        faces = _of_thread.faces = {}
    found = faces.get((role, size, bold))
    if found is None:
        found = faces[role, size, bold] = Face(_make(role, size, bold))
    return found


_of_thread = threading.local()


def _make(role: str, size: float, bold: bool) -> QFont:
    chosen = family(role)
    made = QFont()
    made.setFamilies([name for name in (chosen, family(SONG), family(SANS)) if name] or ["serif"])
    made.setPixelSize(max(1, round(size * _MM_PER_POINT * UNITS)))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setStyleStrategy(QFont.StyleStrategy.PreferOutline)
    heading = role == HEI or (role == TITLE and chosen not in _DISPLAY)
    made.setBold((bold or heading) and chosen not in _HEAVY)
    made.setKerning(False)
    return made


def missing_fonts() -> list[str]:
    """What this machine lacks of the official faces and what stands in for it, a sentence for each stand-in."""
    lacking: dict[str, list[tuple[str, str]]] = {}
    for role, (what, wanted, same) in _WANTED.items():
        used = family(role)
        if used not in _CHAINS[role][:same]:
            lacking.setdefault(_SHOWN.get(used, used) or "系统默认字体", []).append((wanted, what))
    return [
        f"缺{'、'.join(wanted for wanted, _ in pairs)}，{'、'.join(what for _, what in pairs)}改用{used}。"
        for used, pairs in lacking.items()
    ]
