"""What several commands share: opening the ledger of one command, the unit it is for, and writing a PDF."""

import argparse
import importlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from ganzhou_desktop.cli.parsing import Usage
from ganzhou_desktop.domain.canonical import decimal_text
from ganzhou_desktop.domain.errors import EnvironmentFailed, LedgerError
from ganzhou_desktop.services import ledgers
from ganzhou_desktop.services.ledgers import Ledger

LARGE = "仍要读完比平常大得多的副本"


class Opened:
    """A ledger open for one command."""

    def __init__(self, options: argparse.Namespace, *, writer: bool) -> None:
        self._ledger = ledgers.open_ledger(options.ledger, writer=writer, author=options.author)

    def __enter__(self) -> Ledger:
        return self._ledger

    def __exit__(self, kind: object, failure: BaseException | None, trace: object) -> None:
        try:
            expected = isinstance(failure, LedgerError | Usage) or not isinstance(failure, Exception)
            if not expected and self._damaged():
                raise EnvironmentFailed(
                    "damaged", f"“{self._ledger.path.name}”里有损坏，这一步没有做；请先体检，再用最近的备份恢复。"
                ) from failure
        finally:
            self._ledger.close()

    def _damaged(self) -> bool:
        """Whether it is the file that made a command fail in a way nobody foresaw."""
        try:
            return bool(self._ledger.journal.verify())
        except Exception:
            return True


def reading(options: argparse.Namespace) -> Opened:
    return Opened(options, writer=False)


def writing(options: argparse.Namespace) -> Opened:
    return Opened(options, writer=True)


def unit_of(ledger: Ledger, text: str | None) -> str:
    if text:
        return ledger.unit_named(text).id
    if ledger.office:
        raise Usage("区级汇总的台账要用 --unit 写明单位")
    return ledger.unit


def plain(value: object) -> str:
    if isinstance(value, Decimal):
        return decimal_text(value)
    return str(value)


def to_pdf(make: Callable[[Any], Any], out: Path) -> None:
    """Qt is loaded only when something is to be painted.  An earlier PDF is replaced, nothing else is."""
    _only_replace(out, b"%PDF-", "PDF")
    offscreen = importlib.import_module("ganzhou_desktop.ui.printing.offscreen")
    offscreen.write_pdf(make, out)


def export(write: Callable[[Any], None], out: Path) -> None:
    """Let `write(ui.printing.export)` make a .pdf, .xlsx or .docx; an earlier file of that kind is replaced, nothing else is."""
    if out.suffix.lower() in (".xlsx", ".docx"):
        _only_replace(out, b"PK", "Office")
    else:
        _only_replace(out, b"%PDF-", "PDF")
    kept = importlib.import_module("ganzhou_desktop.ui.printing.offscreen").application()
    write(importlib.import_module("ganzhou_desktop.ui.printing.export"))
    del kept


def _only_replace(out: Path, begins: bytes, kind: str) -> None:
    try:
        if out.is_dir() or (out.exists() and not _begins(out, begins)):
            raise EnvironmentFailed("exists", f"“{out.name}”已经存在，又不是 {kind} 文件，没有覆盖它；请换个名字。")
    except OSError as exc:
        raise EnvironmentFailed("no_permission", f"“{out.name}”写不了；请换一个自己能写的位置。") from exc


def _begins(file: Path, begins: bytes) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(begins)) == begins


def scope_name(ledger: Ledger, scope: str) -> str:
    """What people call a scope: 全区, or the unit's short name."""
    unit = ledger.plan().unit_by_id.get(scope)
    return "全区" if unit is None else unit.short
