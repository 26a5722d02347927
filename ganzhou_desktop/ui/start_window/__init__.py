"""The first page: receive a copy, make a ledger from a plan, open one, or restore one from a backup."""

from ganzhou_desktop.ui.start_window.window import StartWindow

__all__ = ["StartWindow"]
