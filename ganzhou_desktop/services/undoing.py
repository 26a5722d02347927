"""Undo: of the last act written in this file, by a new operation; of a merge, by taking out what it inserted."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from ganzhou_desktop.domain.canonical import Json, encode
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.records import DELETED
from ganzhou_desktop.services.ledgers import EDIT, SUBMIT, UNDO, Ledger
from ganzhou_desktop.store.journal import Change, Step, Writing

UNDONE = "撤销："
"""How the title of an operation that takes one back begins, here and in every copy: no other act's title does."""


def is_undo(title: str) -> bool:
    """Whether the operation of this title took another one back; the title is signed, so all who hold it see the same."""
    return title.startswith(UNDONE)


@dataclass(frozen=True, slots=True)
class Undone:
    """What was undone: its title and whether it was a merge."""

    title: str
    merge: bool


def undoable(ledger: Ledger) -> Step | None:
    """The step that `undo` would take back; None when there is none that may be."""
    steps = [s for s in ledger.journal.steps() if s.what != "undo_merge" and not (s.what == "merge" and s.undone)]
    if not steps:
        return None
    last = steps[-1]
    if last.what == "merge":
        return last if last.nature == "merge" else None
    written = next((s for s in reversed(steps) if s.what == "write"), None)
    if written is None or written.nature not in (EDIT, SUBMIT) or written.undone:
        return None
    if written.nature == SUBMIT and any(s.seq > written.seq and s.what in ("export", "hand_out") for s in steps):
        return None
    return written


def undo(ledger: Ledger, *, also: Callable[[Writing], None] | None = None) -> Undone:
    """Take back the last thing done in this file; RuleBroken with the reason when that is not possible.

    `also` is done in the same transaction.
    """
    step = undoable(ledger)
    if step is None:
        raise RuleBroken(
            "nothing_to_undo", "没有可以撤销的：最近一步是裁定、认可、采用方案、撤销或已导出的提交，这些不能撤销。"
        )
    if step.what == "merge":
        with ledger.journal.writing(
            at=ledger.now(), what="undo_merge", nature=UNDO, title=f"{UNDONE}{step.title}"
        ) as writing:
            if also is not None:
                also(writing)
            writing.take_out(step.seq)
        return Undone(step.title, merge=True)
    undo_step(ledger, step, also)
    return Undone(step.title, merge=False)


def undo_step(ledger: Ledger, step: Step, also: Callable[[Writing], None] | None = None) -> None:
    """Write back the earlier values of just the fields an act set; refused if any was written since or beside it.

    `also` is done in the same transaction.
    """
    operations = ledger.journal.operations_of_step(step.seq)
    records = {o.record(n): (o, n) for o in operations for n in range(len(o.revisions))}
    histories = ledger.journal.histories(records)
    changes: dict[str, list[Change]] = {}
    for record, (operation, position) in records.items():
        history = histories[record][1]
        revision = operation.revisions[position]
        mine = operation.revision_id(position)
        back: dict[str, Json] = {}
        if DELETED in revision.set and history.state().deletion_contested:
            raise RuleBroken("written_since", "这一步删除的内容另有人改过，不能撤销；请到“两处不一致”里裁定。")
        for name in revision.set:
            if [c.write for c in history.candidates(name)] != [mine]:
                raise RuleBroken("written_since", "这一步之后同一处又有别的改动，不能撤销；请直接改成要的内容。")
            before = history.before(mine, name)
            if len({encode(c.value) for c in before}) > 1:
                raise RuleBroken("was_decision", "这一步裁定了两处不一致，不能撤销；请重新裁定。")
            back[name] = before[0].value if before else None
        changes.setdefault(operation.scope, []).append(Change(revision.kind, revision.key, back))
    pair, act, at = ledger.key(), secrets.token_hex(16), ledger.now()
    title = f"{UNDONE}{step.title}"
    with ledger.journal.writing(at=at, what="write", nature=UNDO, title=title, act=act) as writing:
        for scope, some in changes.items():
            writing.write(pair, scope=scope, act=act, author=ledger.author, at=at, title=title, changes=some)
        writing.mark_undone(step.seq)
        if also is not None:
            also(writing)
