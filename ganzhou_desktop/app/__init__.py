"""Composition root of the window: what is put together from the command line and the open ledger."""

from ganzhou_desktop.app.starting import main
from ganzhou_desktop.app.window import App

__all__ = ["App", "main"]
