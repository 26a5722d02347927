"""台账: the registers the plan defines, one at a time, edited in the table or in a form."""

from ganzhou_desktop.ui.pages.registers_page.page import RegistersPage

__all__ = ["RegistersPage"]
