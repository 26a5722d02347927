"""What can be chosen about a print; apart from the preview, so that pages name it without loading printers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """What was chosen: paper key, colours, keys of the ticks that are on."""

    paper: str
    colour: bool = False
    ticks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of 内容.  `fixed` shows a fact that cannot be switched off."""

    key: str
    words: str
    on: bool = True
    fixed: bool = False
