"""设置: periods, identity, contacts, PCs, 恢复单, history, backup, type size and what the program is."""

from ganzhou_desktop.ui.pages.settings_page.page import SettingsPage

__all__ = ["SettingsPage"]
