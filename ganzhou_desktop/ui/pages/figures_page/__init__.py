"""数字核定: every printed number with its clause, its doubt and its 核定值; and what the plan leaves open."""

from ganzhou_desktop.ui.pages.figures_page.page import FiguresPage

__all__ = ["FiguresPage"]
