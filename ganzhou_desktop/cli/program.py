"""Running one command.

Exit 0 done, 2 wrong use, 3 refused (1: a fault of the program).  With `--json` stdout is exactly one JSON value, also on failure.
"""

import errno
import json
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

from ganzhou_desktop import __version__
from ganzhou_desktop.cli import exchange, filing, keeping, office, registers, starting
from ganzhou_desktop.cli.common import plain
from ganzhou_desktop.cli.parsing import DONE, FAULT, REFUSED, WRONG_USE, Commands, Parser, Told, Usage
from ganzhou_desktop.domain.errors import LedgerError

SUBJECTS = (
    starting.add,
    filing.add,
    registers.add,
    exchange.add,
    office.add,
    keeping.add,
)
"""Every subject's commands, in the order of the help: a new subject is one line here."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    as_json = "--json" in arguments
    try:
        options = parser().parse_args([a for a in arguments if a != "--json"])
        code, value, lines = options.run(options)
    except Told as told:
        code, value, lines = DONE, {"text": str(told)}, [str(told)]
    except Usage as exc:
        return _failed(WRONG_USE, "usage", f"命令写得不对：{exc}", as_json)
    except LedgerError as exc:
        errors = [getattr(e, "text", e) for e in getattr(exc, "errors", ())]
        return _failed(REFUSED, exc.code, exc.text, as_json, errors)
    except Exception as exc:
        # A fault of ours: no sentence can promise what it means, so the trace goes to stderr and the code is not ours.
        traceback.print_exc()
        return _failed(
            FAULT, "fault", f"程序出错（{type(exc).__name__}），这一步没有做完；请把屏幕上的内容发给开发者。", as_json
        )
    try:
        _print(value, lines, as_json)
        sys.stdout.flush()
    except OSError as exc:
        # Whoever read has read enough (`… | head`); what the command did is done. EINVAL: Windows says it so.
        if exc.errno not in (errno.EPIPE, errno.EINVAL):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(code)


def _failed(code: int, name: str, text: str, as_json: bool, errors: Sequence[str] = ()) -> int:
    if as_json:
        error: dict[str, Any] = {"code": name, "text": text}
        if errors:
            error["errors"] = list(errors)
        print(json.dumps({"error": error}, ensure_ascii=False))
    else:
        print(text, file=sys.stderr)
        for line in errors:
            print(f"  {line}", file=sys.stderr)
    return code


def _print(value: Any, lines: Sequence[str], as_json: bool) -> None:
    if as_json:
        print(json.dumps(value, ensure_ascii=False, default=plain))
    else:
        for line in lines:
            print(line)


def parser() -> Parser:
    """The parser of all commands."""
    made = Parser(prog="cli", description="甘州科创台账 · 命令行；每个命令都可以加 --json")
    made.add_argument("--version", action="tell", text=f"甘州科创台账 {__version__}", help="看版本")
    commands = Commands(made)
    for add in SUBJECTS:
        add(commands)
    return made
