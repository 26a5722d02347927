"""申报奖补: applications from 单位上报 to 到账, as a table and a board; the subsidies with who fits and what they cost."""

from ganzhou_desktop.ui.pages.applications_page.page import ApplicationsPage

__all__ = ["ApplicationsPage"]
