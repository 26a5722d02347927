"""The command line: the same services without a window."""

from ganzhou_desktop.cli.program import main

__all__ = ["main"]
