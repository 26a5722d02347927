"""Commands of what travels: handing out, export, merge, 两处不一致."""

import argparse
import json
from pathlib import Path

from ganzhou_desktop.cli.common import LARGE, reading, writing
from ganzhou_desktop.cli.parsing import DONE, REFUSED, Commands, Result, Usage
from ganzhou_desktop.services import conflicts, exchange, merging


def add(commands: Commands) -> None:
    """Add these commands."""
    hand_out = commands.add("hand-out", _hand_out, "给一个单位下发副本")
    hand_out.add_argument("ledger", type=Path)
    hand_out.add_argument("unit")
    hand_out.add_argument("out", type=Path)
    hand_out.add_argument("--proof", action="store_true", help="附上全部佐证")

    inspect = commands.add("inspect", _inspect, "看一份副本里有什么")
    inspect.add_argument("copy", type=Path)
    inspect.add_argument("--large", action="store_true", help=LARGE)

    export = commands.add("export", _export, "导出副本")
    export.add_argument("ledger", type=Path)
    export.add_argument("out", type=Path)
    export.add_argument("--proof", action="store_true", help="附上全部佐证")

    merge = commands.add("merge", _merge, "合入副本")
    merge.add_argument("ledger", type=Path)
    merge.add_argument("copies", type=Path, nargs="+")
    merge.add_argument("--dry-run", action="store_true")
    merge.add_argument("--trust", action="append", default=[], metavar="核对码")
    merge.add_argument("--large", action="store_true", help=LARGE)

    listed = commands.add("conflicts", _conflicts, "列出两处不一致")
    listed.add_argument("ledger", type=Path)

    resolve = commands.add("resolve", _resolve, "裁定一处两处不一致")
    resolve.add_argument("ledger", type=Path)
    resolve.add_argument("id")
    way = resolve.add_mutually_exclusive_group(required=True)
    way.add_argument("--take")
    way.add_argument("--value")
    resolve.add_argument("--basis", default="", help="裁定依据，记进历史")


def _handed(handed: exchange.Handed) -> Result:
    value = {
        "file": str(handed.file),
        "unit": handed.unit or None,
        "size": handed.size,
        "operations": handed.operations,
        "heads": handed.heads,
    }
    return DONE, value, [f"已写入“{handed.file.name}”（{handed.size // 1024 + 1} KB），已核对，可以拔出。"]


def _hand_out(options: argparse.Namespace) -> Result:
    with writing(options) as ledger:
        unit = ledger.unit_named(options.unit)
        return _handed(exchange.hand_out(ledger, unit.id, options.out, all_proof=options.proof))


def _inspect(options: argparse.Namespace) -> Result:
    found = exchange.inspect(options.copy, large=options.large)
    value = {
        "file": str(found.file),
        "ledger": found.ledger,
        "ledger_code": found.ledger_code,
        "unit": found.unit or None,
        "unit_name": found.unit_name or None,
        "period": found.period or None,
        "site": found.site,
        "code": found.code,
        "program": found.program,
        "plan": found.plan,
        "operations": found.operations,
        "heads": found.heads,
        "size": found.size,
        "title": found.title,
        "large": found.large,
    }
    return DONE, value, [f"{found.unit_name or '汇总'} {found.period}：{found.operations} 步操作，核对码 {found.code}"]


def _export(options: argparse.Namespace) -> Result:
    with writing(options) as ledger:
        return _handed(exchange.export(ledger, options.out, all_proof=options.proof))


def _merge(options: argparse.Namespace) -> Result:
    with writing(options) as ledger:
        large = options.copies if options.large else ()
        result = merging.merge(ledger, options.copies, dry_run=options.dry_run, trust=options.trust, large=large)
        if result.done:
            exchange.note_refused(ledger, [p for p in result.refused if not p.site])
        heads = ledger.journal.heads()
    value = {
        "packages": [
            {
                "file": str(p.file),
                "verdict": p.verdict,
                "reason": p.reason or None,
                "text": p.text,
                "unit": p.unit or None,
                "period": p.period or None,
                "site": p.site or None,
                "code": p.code or None,
                "new": p.new,
                "conflicts": p.conflicts,
                "changes": [
                    {"record": c.record, "field": c.field, "how": c.how, "before": c.before, "after": c.after}
                    for c in p.changes
                ],
            }
            for p in result.packages
        ],
        "merged": result.done,
        "dry_run": options.dry_run,
        "heads": heads,
    }
    words = {"merged": "可以合入" if options.dry_run else "已合入", "known": "没有新内容", "refused": "没有合入"}
    lines = [f"{p.file.name}：{words[p.verdict]}。{p.text}" for p in result.packages]
    return REFUSED if result.refused else DONE, value, lines


def _conflicts(options: argparse.Namespace) -> Result:
    with reading(options) as ledger:
        cases = conflicts.list_conflicts(ledger)
        plan = ledger.plan()
        subjects = [conflicts.conflict_subject(plan, c) for c in cases]
    value = [
        {
            "id": c.id,
            "record": c.record,
            "field": c.field,
            "subject": subject,
            "base": c.base,
            "values": [
                {
                    "key": v.key,
                    "value": v.value,
                    "unit": v.unit,
                    "site": v.site,
                    "at": v.at,
                    "author": v.author,
                    "withdrawn": v.withdrawn,
                }
                for v in c.values
            ],
        }
        for c, subject in zip(cases, subjects, strict=True)
    ]
    lines = [f"{c['id']}  {c['subject']}：{len(c['values'])} 个值" for c in value] or ["没有两处不一致。"]
    return DONE, value, lines


def _resolve(options: argparse.Namespace) -> Result:
    value = None
    if options.value is not None:
        try:
            value = json.loads(options.value)
        except ValueError as exc:
            raise Usage("--value 要写成 JSON") from exc
    with writing(options) as ledger:
        conflicts.resolve(ledger, options.id, take=options.take, value=value, basis=options.basis)
        left = len(conflicts.list_conflicts(ledger))
    return DONE, {"id": options.id, "left": left}, [f"已裁定，还剩两处不一致 {left} 处。"]
