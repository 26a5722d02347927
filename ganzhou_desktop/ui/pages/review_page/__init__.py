"""审核: the office accepts or returns what the units filed."""

from ganzhou_desktop.ui.pages.review_page.page import ReviewPage

__all__ = ["ReviewPage"]
