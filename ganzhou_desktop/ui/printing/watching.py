"""How far a print has come and whether it is still wanted: told by layout and painting, heard by whoever waits."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ganzhou_desktop.domain.errors import RuleBroken

Watch = Callable[[float | None, str], bool]
"""Called with a share 0…1 (None: not known) and words; False: no longer wanted.  As `operations.Progress`."""

_EVERY = 0.1
"""Seconds between two tellings."""


class _Watching:
    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.next = 0.0


# Not a parameter: every paper is laid out by one engine and painted by one painter, twenty calls below who waits.
_watching: ContextVar[_Watching | None] = ContextVar("_watching", default=None)


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """What is laid out and painted within is told to `watch` and stops when that answers False."""
    token = _watching.set(_Watching(watch))
    try:
        yield
    finally:
        _watching.reset(token)


def tell(done: float | None, words: Callable[[], str]) -> None:
    """A page more is done.  Raises RuleBroken (cancelled) when the print is no longer wanted."""
    watching = _watching.get()
    if watching is None or (now := time.monotonic()) < watching.next:
        return
    watching.next = now + _EVERY
    if not watching.watch(done, words()):
        raise RuleBroken("cancelled", "已取消，没有打印，也没有写文件。台账没有变化。")
