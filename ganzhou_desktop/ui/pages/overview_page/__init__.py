"""总览: the page and its parts."""

from ganzhou_desktop.ui.pages.overview_page.page import OverviewPage

__all__ = ["OverviewPage"]
