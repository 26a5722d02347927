"""`--selftest`: what works on this PC, as one printable page: for the 信息中心 and for a call for help."""

import locale
import platform
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtPrintSupport import QPrinterInfo

from ganzhou_desktop import __version__, paths
from ganzhou_desktop.domain.errors import LedgerError
from ganzhou_desktop.services import ledgers, recovery
from ganzhou_desktop.services.plan_files import read_plan
from ganzhou_desktop.services.standing import storage_version
from ganzhou_desktop.ui.printing import papers
from ganzhou_desktop.ui.printing.fonts import missing_fonts
from ganzhou_desktop.ui.printing.items import A4_PORTRAIT, Document, Style
from ganzhou_desktop.ui.printing.layout import Flow, page_number
from ganzhou_desktop.ui.printing.painting import pdf_bytes
from ganzhou_desktop.ui.theme import FAMILIES


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is well (None: only a fact), what was found."""

    what: str
    well: bool | None
    found: str

    @property
    def line(self) -> str:
        mark = {True: "正常", False: "有问题", None: "情况"}[self.well]
        return f"{self.what}　［{mark}］　{self.found}"


def run() -> tuple[Finding, ...]:
    """Try everything once; takes a second or two and leaves nothing behind."""
    return (
        Finding("程序", None, f"甘州科创台账 {__version__}"),
        Finding("系统", None, f"{platform.system()} {platform.release()} {platform.version()}"),
        Finding(
            "部件",
            None,
            f"Python {platform.python_version()}，Qt {qVersion()}，SQLite {storage_version()}",
        ),
        Finding("代码页", None, f"{sys.getfilesystemencoding()}，{locale.getpreferredencoding(False)}"),
        Finding("时区与时钟", None, f"{time.strftime('%Y-%m-%d %H:%M')}，{'/'.join(time.tzname)}"),
        _screens(),
        _folder("本人文件夹", paths.user_home()),
        _folder("台账文件夹", paths.default_ledger_dir()),
        _fonts(),
        _printers(),
        _ledger(),
    )


def _screens() -> Finding:
    screens = [
        f"{s.size().width()}×{s.size().height()}（{round(s.devicePixelRatio() * 100)}%）"
        for s in QGuiApplication.screens()
    ]
    return Finding("屏幕", bool(screens), "，".join(screens) or "没有找到屏幕")


def _folder(what: str, folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write("中文".encode())
    except OSError as exc:
        return Finding(what, False, f"{folder}：写不进去（{exc.strerror}）")
    return Finding(what, True, f"{folder}：可以读写")


def _fonts() -> Finding:
    missing = missing_fonts()
    count = len(QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese))
    if not count:
        return Finding("字体", False, "没有中文字体，屏幕和纸面上的字会成方框")
    used = next((name for name in FAMILIES if QFontDatabase.hasFamily(name)), "系统默认字体")
    words = [f"中文字体 {count} 种"]
    if not used.startswith("Microsoft YaHei"):
        words.append(f"没有微软雅黑，屏幕上改用 {used}，字的宽窄会略有不同")
    if missing:
        words.append(f"打印：{''.join(missing).rstrip('。')}")
    return Finding("字体", True, "；".join(words))


def _printers() -> Finding:
    names = QPrinterInfo.availablePrinterNames()
    default = QPrinterInfo.defaultPrinterName()
    if not names:
        return Finding("打印机", None, "没有装打印机；可以存成 PDF 到别处打印")
    return Finding("打印机", True, f"{len(names)} 台，默认 {default or '没有设'}：{'、'.join(names[:6])}")


def _ledger() -> Finding:
    """Make a ledger from the plan, sign, print it to PDF, check it, throw it away."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            plan = read_plan(paths.plan_file("ganzhou-2017.toml"))
            ledger = recovery.new_office_ledger(Path(folder) / "自检 台账.gzdb", plan)
            try:
                found = ledgers.verify(ledger)
                pages = len(papers.figures_paper(ledger).pages)
                size = len(pdf_bytes(papers.figures_paper(ledger)))
            finally:
                recovery.discard(ledger)
                ledger.close()
    except LedgerError as exc:
        return Finding("建账、签名、打印", False, exc.text)
    except OSError as exc:
        return Finding("建账、签名、打印", False, f"临时文件夹不能用（{exc.strerror}）")
    return Finding("建账、签名、打印", found.ok, f"{found.operations} 步操作核对无误，PDF {pages} 页 {size // 1024} KB")


def document(findings: tuple[Finding, ...]) -> Document:
    """The findings as one A4 page."""
    flow = Flow(A4_PORTRAIT, A4_PORTRAIT.height - 27)
    flow.y = 30
    flow.words("甘州科创台账 自检", Style("title", 22, align="center", pitch=1.4), "title")
    flow.y += 8
    for finding in findings:
        flow.words(finding.line, Style("song", 12, pitch=1.6), "finding")
    return flow.finish("甘州科创台账自检", lambda n, _total: [page_number(n, A4_PORTRAIT, A4_PORTRAIT.height - 25)])
