"""Commands that keep the ledger: history, undo, checkup, backups."""

import argparse
from pathlib import Path

from ganzhou_desktop.cli.common import Opened, reading, scope_name, writing
from ganzhou_desktop.cli.parsing import DONE, REFUSED, Commands, Result
from ganzhou_desktop.domain.canonical import local_moment
from ganzhou_desktop.services import backups, history, ledgers, taking_back


def add(commands: Commands) -> None:
    """Add these commands."""
    told = commands.add("history", _history, "历史")
    told.add_argument("ledger", type=Path)
    told.add_argument("record", nargs="?")

    backup = commands.add("backup", _backup, "备份")
    backup.add_argument("ledger", type=Path)
    backup.add_argument("out", type=Path)

    restore = commands.add("restore", _restore, "用备份恢复")
    restore.add_argument("backup", type=Path)
    restore.add_argument("ledger", type=Path)
    restore.add_argument("--replace", action="store_true")

    commands.add("undo", _undo, "撤销最近一步").add_argument("ledger", type=Path)
    commands.add("verify", _verify, "体检").add_argument("ledger", type=Path)


def _history(options: argparse.Namespace) -> Result:
    with reading(options) as ledger:
        entries = history.read_history(ledger, options.record)
        names = {scope: scope_name(ledger, scope) for scope in {e.scope for e in entries}}
    value = [
        {
            "operation": e.operation,
            "at": e.at,
            "author": e.author,
            "site": e.site,
            "code": e.code,
            "scope": e.scope,
            "title": e.title,
            "records": list(e.records),
            "set": dict(e.set),
        }
        for e in entries
    ]
    lines = [f"{local_moment(e.at):%Y-%m-%d %H:%M}  {names[e.scope]}  {e.title}  {e.author}".rstrip() for e in entries]
    return DONE, value, lines


def _backup(options: argparse.Namespace) -> Result:
    with reading(options) as ledger:
        backups.backup(ledger, options.out)
        heads = ledger.journal.heads()
    return DONE, {"file": str(options.out), "heads": heads}, [f"已备份到“{options.out.name}”"]


def _restore(options: argparse.Namespace) -> Result:
    backups.restore(options.backup, options.ledger, replace=options.replace)
    with Opened(options, writer=False) as ledger:
        heads = ledger.journal.heads()
    return (
        DONE,
        {"ledger": str(options.ledger), "heads": heads},
        [f"已用“{options.backup.name}”恢复“{options.ledger.name}”"],
    )


def _undo(options: argparse.Namespace) -> Result:
    with writing(options) as ledger:
        undone = taking_back.undo_or_withdraw(ledger)
        heads = ledger.journal.heads()
    return DONE, {"undone": undone.title, "merge": undone.merge, "heads": heads}, [f"已撤销：{undone.title}"]


def _verify(options: argparse.Namespace) -> Result:
    with reading(options) as ledger:
        found = ledgers.verify(ledger)
    value = {
        "ok": found.ok,
        "operations": found.operations,
        "revisions": found.revisions,
        "heads": found.heads,
        "scopes": dict(found.scopes),
        "problems": list(found.problems),
    }
    lines = [f"{found.operations} 步操作，{found.revisions} 处改动，" + ("全部完好。" if found.ok else "发现问题：")]
    return DONE if found.ok else REFUSED, value, [*lines, *found.problems]
