"""Which pages the window has: their modules, loaded on use, and the entries of the navigation."""

import importlib
from collections.abc import Callable
from types import ModuleType

from PySide6.QtWidgets import QWidget

from ganzhou_desktop.ui.main_window import PageEntry
from ganzhou_desktop.ui.preferences import Preferences
from ganzhou_desktop.ui.session import Session

PAGES = {
    "overview": ("overview_page", "OverviewPage"),
    "matrix": ("matrix_page", "MatrixPage"),
    "filing": ("filing", "FilingPage"),
    "review": ("review_page", "ReviewPage"),
    "registers": ("registers_page", "RegistersPage"),
    "applications": ("applications_page", "ApplicationsPage"),
    "figures": ("figures_page", "FiguresPage"),
    "exchange": ("exchange", "ExchangePage"),
    "settings": ("settings_page", "SettingsPage"),
    "target": ("target_page", "TargetPage"),
    "preview": ("preview_page", "PreviewPage"),
}
"""Page key → its module in ui/pages and its class.  A page is loaded when it is first made, so that the first one is
there sooner; the others are loaded and made in the idle moments after it, so that the first look at each is quick."""


def entries(session: Session, preferences: Preferences) -> list[PageEntry]:
    """The pages of an open ledger, in the order of the navigation."""
    found = [
        PageEntry("overview", "总览", "home", _maker("overview", session)),
        PageEntry("matrix", "任务矩阵", "grid", _maker("matrix", session)),
        PageEntry("filing", "代录" if session.office else "填报", "clipboard_edit", _maker("filing", session), group=1),
    ]
    if session.office:
        found.append(PageEntry("review", "审核", "document_text", _maker("review", session), group=1))
    found += [
        PageEntry("registers", "台账", "document_table", _maker("registers", session), group=1),
        PageEntry("applications", "申报奖补", "money", _maker("applications", session), group=1),
        PageEntry("figures", "数字核定", "notebook", _maker("figures", session), group=1),
        PageEntry("exchange", "数据交换", "arrow_swap", _maker("exchange", session), group=2),
        PageEntry("settings", "设置", "settings", _maker("settings", session, preferences), at_foot=True),
        PageEntry("target", "目标", "", _maker("target", session), under="overview"),
        PageEntry("preview", "打印预览", "", _maker("preview", session)),
    ]
    return found


def _maker(key: str, *given: object) -> Callable[[], QWidget]:
    """How a page is made, its module loaded only then."""

    def make() -> QWidget:
        page = getattr(page_module(key), PAGES[key][1])(*given)
        assert isinstance(page, QWidget)
        return page

    return make


def page_module(key: str) -> ModuleType:
    """The module of a page, loaded now if it was not."""
    return importlib.import_module(f"ganzhou_desktop.ui.pages.{PAGES[key][0]}")
