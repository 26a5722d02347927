"""目标详情: the page and its parts."""

from ganzhou_desktop.ui.pages.target_page.page import TargetPage

__all__ = ["TargetPage"]
