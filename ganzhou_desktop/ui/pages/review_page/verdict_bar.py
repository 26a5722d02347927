"""The foot of a filing under review: reason, 收到日, 退回 and 接收."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ganzhou_desktop.ui import theme
from ganzhou_desktop.ui.widgets import Button, Card, DateField, MessageLine, PlainLabel, mark_error


class VerdictBar(Card):
    """Says nothing by itself: `accept_wanted`, `return_wanted`; `edited` when the user wrote or chose something."""

    accept_wanted = Signal()
    return_wanted = Signal()
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._offered: date | None = None
        self.hint = PlainLabel("", "note")
        self.reason = QPlainTextEdit()
        self.message = MessageLine()
        self.received = DateField()
        self.back = Button("退回", "arrow_undo")
        self.accept = Button("接收", "checkmark_circle", "main")

        self.reason.setObjectName("reason")
        self.reason.setAccessibleName("审核意见")
        self.reason.setPlaceholderText("写给单位的意见；退回必须写明原因，单位在下发副本里看到。")
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(theme.scaled(58))
        self.received.setObjectName("received")
        self.received.setAccessibleName("收到日")
        self.back.setObjectName("return")
        self.accept.setObjectName("accept")
        side = QVBoxLayout()
        side.setSpacing(theme.GAP_S)
        day = QHBoxLayout()
        day.setSpacing(theme.GAP_S)
        day.addWidget(PlainLabel("收到日", "strong"))
        day.addWidget(self.received, 1)
        side.addLayout(day)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP_S)
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.accept)
        side.addLayout(buttons)
        left = QVBoxLayout()
        left.setSpacing(theme.GAP)
        left.addWidget(self.reason)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        row.addLayout(left, 1)
        row.addLayout(side)
        self.body.setSpacing(theme.GAP)
        self.body.addWidget(self.hint)
        self.body.addLayout(row)
        self.body.addWidget(self.message)

        self.reason.textChanged.connect(self._edited)
        self.received.changed.connect(lambda _day: self._edited())
        self.back.clicked.connect(self.return_wanted)
        self.accept.clicked.connect(self.accept_wanted)
        QWidget.setTabOrder(self.reason, self.received)
        QWidget.setTabOrder(self.received, self.back)
        QWidget.setTabOrder(self.back, self.accept)

    def load(self, reason: str, received: date | None, offered: date | None) -> None:
        """Show what was begun, without a signal; `offered` is the 收到日 that needs no choosing."""
        self._offered = offered
        blocked = self.reason.blockSignals(True)
        self.reason.setPlainText(reason)
        self.reason.blockSignals(blocked)
        self.received.set_value(received or offered)
        self.say("")

    def offer(self, offered: date | None) -> None:
        """Another 收到日 is offered; one that was chosen stays."""
        if self.received.value() in (None, self._offered):
            self.received.set_value(offered)
        self._offered = offered

    def text(self) -> str:
        """The reason as typed."""
        return self.reason.toPlainText()

    def chosen_day(self) -> date | None:
        """The 收到日 if it is another than the one offered."""
        day = self.received.value()
        return None if day == self._offered else day

    def show_ticks(self, names: Sequence[str], total: int) -> None:
        """Say what 退回 would return."""
        if names:
            self.hint.setText(f"已勾选 {len(names)} 项，退回只退这几项：{'、'.join(names)}。")
        else:
            self.hint.setText(f"没有勾选事项：退回是退整份（{total} 项），接收是接收整份。")

    def allow(self, allowed: bool, reason: str = "") -> None:
        """Enable the answers, or say why not."""
        for button in (self.back, self.accept):
            button.set_enabled_because(allowed, reason)
        self.reason.setReadOnly(not allowed)
        self.received.setReadOnly(not allowed)

    def wait(self, waiting: bool) -> None:
        """An answer is on its way: none other meanwhile."""
        for button in (self.back, self.accept):
            button.setEnabled(not waiting)

    def say(self, text: str, tone: str = "error") -> None:
        """A message under the reason; empty takes it away."""
        self.message.set_message(text, tone)
        mark_error(self.reason, bool(text) and tone == "error")

    def refuse(self, text: str) -> None:
        """The answer was not taken: say why and go to the reason."""
        self.say(text)
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _edited(self) -> None:
        self.say("")
        self.edited.emit()
