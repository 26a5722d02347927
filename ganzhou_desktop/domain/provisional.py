"""※: a value two PCs wrote differently is provisional until somebody decides, and marked so wherever it is shown.

One rule for screen, paper, workbook and terminal: a number is marked if it is such a value itself or is worked out
from one.
"""

CONTESTED = "※"
COUNTED_SO = f"{CONTESTED} 两处不一致，裁定以前先按其中一个算。"
"""What the mark means, under numbers."""
SHOWN_SO = f"{CONTESTED} 两处不一致：两台电脑写得不一样，裁定以前先按其中一个印。"
"""What it means, under texts."""


def marked(words: str, provisional: bool) -> str:
    """The words of a value, with ※ behind them while it is provisional; never twice."""
    return f"{words}{CONTESTED}" if provisional and not words.endswith(CONTESTED) else words
