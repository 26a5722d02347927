"""The controls pages are made of; each takes plain values and gives signals."""

from ganzhou_desktop.ui.widgets.boards import (
    Card,
    CountCard,
    EmptyState,
    FailureBox,
    NoticeBar,
    TitleRow,
    page_column,
)
from ganzhou_desktop.ui.widgets.busy import BusyBar
from ganzhou_desktop.ui.widgets.buttons import Button, ChipCombo, PaintedButton, SearchField, Segmented, came_by_key
from ganzhou_desktop.ui.widgets.fields import DateField, Tabs, look_only
from ganzhou_desktop.ui.widgets.labels import (
    ElidedLabel,
    MessageLine,
    PlainLabel,
    StateLabel,
    Tag,
    draw_tag,
    mark_error,
    rule,
    tag_width,
)
from ganzhou_desktop.ui.widgets.scrim import ScrimDialog

__all__ = [
    "BusyBar",
    "Button",
    "Card",
    "ChipCombo",
    "CountCard",
    "DateField",
    "ElidedLabel",
    "EmptyState",
    "FailureBox",
    "MessageLine",
    "NoticeBar",
    "PaintedButton",
    "PlainLabel",
    "ScrimDialog",
    "SearchField",
    "Segmented",
    "StateLabel",
    "Tabs",
    "Tag",
    "TitleRow",
    "came_by_key",
    "draw_tag",
    "look_only",
    "mark_error",
    "page_column",
    "rule",
    "tag_width",
]
