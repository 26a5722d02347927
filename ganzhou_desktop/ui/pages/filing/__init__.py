"""填报: the unit's form of a period; at the office 代录 from paper."""

from ganzhou_desktop.ui.pages.filing.filing_page import FilingPage

__all__ = ["FilingPage"]
