"""The one place that shows sentences and asks questions over a window; tests put `RecordedMessages` in its place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtWidgets import QWidget

from ganzhou_desktop.domain.errors import EnvironmentFailed, LedgerError, RuleBroken
from ganzhou_desktop.ui import texts
from ganzhou_desktop.ui.widgets import Button, FailureBox, PlainLabel, ScrimDialog


@dataclass(frozen=True, slots=True)
class Failure:
    """What happened, what it means and what is unharmed, the ways out (words of buttons; the first is offered)."""

    happened: str
    means: str = ""
    ways: tuple[str, ...] = ()
    details: str = ""


def failure_of(error: BaseException, title: str = "") -> Failure:
    """Words for an exception.  An error of ours carries its sentence; anything else is a fault of the program."""
    doing = f"“{title}”" if title else ""
    if isinstance(error, RuleBroken):
        return Failure(f"{doing}没有做成" if doing else "没有做成", error.text)
    if isinstance(error, EnvironmentFailed):
        return Failure(f"{doing}没能完成" if doing else "没能完成", error.text)
    if isinstance(error, LedgerError):
        return Failure(f"{doing}没有做成" if doing else "没有做成", error.text)
    return Failure(
        f"{doing}出了程序差错" if doing else "程序出了差错",
        "台账里已经保存的内容没有变化。请记下刚才的操作，连同“设置”里的运行日志交给维护人员。",
        details=f"{type(error).__name__}: {error}",
    )


class Messages(Protocol):
    """How pages and operations speak to the user."""

    def info(self, parent: QWidget, title: str, text: str) -> None:
        """Say something that needs no decision."""

    def failure(self, parent: QWidget, failure: Failure) -> str:
        """Say that something failed; returns the words of the way chosen, empty when closed."""

    def confirm(self, parent: QWidget, title: str, text: str, yes: str, no: str = texts.CANCEL) -> bool:
        """Ask before something that cannot be taken back; Esc and the cross mean no."""

    def choose(self, parent: QWidget, title: str, text: str, ways: Sequence[str]) -> str:
        """Let the user pick one of several ways (the last is the main one); empty when closed."""


class DialogMessages:
    """Messages as dialogs over the window."""

    def info(self, parent: QWidget, title: str, text: str) -> None:
        """Say something that needs no decision."""
        self.choose(parent, title, text, (texts.OK,))

    def failure(self, parent: QWidget, failure: Failure) -> str:
        """Say that something failed; returns the words of the way chosen."""
        ways = failure.ways or (texts.OK,)
        dialog = ScrimDialog(parent, "没有完成", width=480)
        dialog.body.addWidget(FailureBox(failure.happened, failure.means))
        if failure.details:
            dialog.body.addWidget(PlainLabel(failure.details, "note", wrap=True))
        return _ask(dialog, tuple(reversed(ways)), main_last=not failure.ways)

    def confirm(self, parent: QWidget, title: str, text: str, yes: str, no: str = texts.CANCEL) -> bool:
        """Ask before something that cannot be taken back.  Both answers are plain buttons, 取消 has the focus."""
        dialog = ScrimDialog(parent, title, width=480)
        dialog.body.addWidget(PlainLabel(text, wrap=True))
        return _ask(dialog, (yes, no), main_last=False) == yes

    def choose(self, parent: QWidget, title: str, text: str, ways: Sequence[str]) -> str:
        """Let the user pick one of several ways."""
        dialog = ScrimDialog(parent, title, width=480)
        dialog.body.addWidget(PlainLabel(text, wrap=True))
        return _ask(dialog, tuple(ways), main_last=True)


def _ask(dialog: ScrimDialog, ways: Sequence[str], main_last: bool) -> str:
    """Run a dialog with one button a way; the last one has the focus."""
    answer = ""

    def pick(way: str) -> None:
        nonlocal answer
        answer = way
        dialog.accept()

    for i, way in enumerate(ways):
        last = i == len(ways) - 1
        button = Button(way, kind="main" if last and main_last else "plain")
        button.clicked.connect(lambda _=False, way=way: pick(way))
        dialog.add_foot(button)
        if last:
            button.answer_first()
    dialog.exec()
    dialog.deleteLater()
    return answer


@dataclass
class RecordedMessages:
    """Messages for tests: keeps what was said and answers from a list (an unexpected question fails the test)."""

    answers: list[str | bool] = field(default_factory=list)
    said: list[tuple[str, str, str]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def info(self, parent: QWidget, title: str, text: str) -> None:
        """Keep a sentence."""
        self.said.append(("info", title, text))

    def failure(self, parent: QWidget, failure: Failure) -> str:
        """Keep a failure; answers only if one was prepared."""
        self.failures.append(failure)
        self.said.append(("failure", failure.happened, failure.means))
        return str(self.answers.pop(0)) if self.answers and failure.ways else ""

    def confirm(self, parent: QWidget, title: str, text: str, yes: str, no: str = texts.CANCEL) -> bool:
        """Keep a question and give the next answer."""
        self.said.append(("confirm", title, text))
        return bool(self._next(title))

    def choose(self, parent: QWidget, title: str, text: str, ways: Sequence[str]) -> str:
        """Keep a question and give the next answer."""
        self.said.append(("choose", title, text))
        return str(self._next(title))

    def _next(self, title: str) -> str | bool:
        if not self.answers:
            raise AssertionError(f"no answer was prepared for: {title}")
        return self.answers.pop(0)
