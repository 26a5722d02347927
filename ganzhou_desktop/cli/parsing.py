"""Reading a command: wrong use is told in Chinese, and no command is a prefix of another."""

import argparse
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NoReturn

Result = tuple[int, Any, list[str]]
"""Exit code, the JSON value, and the lines for people."""

DONE, FAULT, WRONG_USE, REFUSED = 0, 1, 2, 3


class Usage(Exception):
    pass


class Told(Exception):
    """`--help` and `--version`: a text instead of a command."""


class _Tell(argparse.Action):
    """An option that answers with a text and runs no command."""

    def __init__(self, option_strings: Sequence[str], dest: str, text: str = "", **given: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **given)
        self._text = text

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        raise Told(self._text or parser.format_help())


class Parser(argparse.ArgumentParser):
    def __init__(self, **given: Any) -> None:
        super().__init__(**given, add_help=False, allow_abbrev=False)
        self.register("action", "tell", _Tell)
        self.add_argument("-h", "--help", action="tell", help="看用法", default=argparse.SUPPRESS)

    def error(self, message: str) -> NoReturn:
        usage = " ".join(self.format_usage().split()).removeprefix("usage: ")
        raise Usage(f"{_in_chinese(message)}；用法：{usage}")


_ARGPARSE = (
    (r"the following arguments are required: (.+)", r"还缺 \1"),
    (r"one of the arguments (.+) is required", r"要在 \1 里写一个"),
    (r"unrecognized arguments: (.+)", r"不认识 \1"),
    (r"argument (.+): not allowed with argument (.+)", r"\1 不能和 \2 一起写"),
    (r"argument (.+): expected .*argument.*", r"\1 后面要写值"),
    (r"argument (.+): invalid choice: (.+?) \(choose from (.+)\)", r"\1 里没有 \2，可以写 \3"),
    (r"argument (.+): invalid int value: (.+)", r"\1 要写整数，写的是 \2"),
    (r"argument (.+): ignored explicit argument (.+)", r"\1 后面不写值，写了 \2"),
    (r"argument (.+?): (.+)", r"\1：\2"),
)
"""What argparse says, and how we say it; anything else is passed on as it is."""


def _in_chinese(message: str) -> str:
    for pattern, wording in _ARGPARSE:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return found.expand(wording)
    return message


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2018-04-05 的样子") from exc


class Commands:
    """The commands; each subject adds its own."""

    def __init__(self, parser: Parser) -> None:
        self._made = parser.add_subparsers(dest="command", required=True, metavar="命令", parser_class=Parser)

    def add(self, name: str, run: Callable[[argparse.Namespace], Result], text: str) -> Parser:
        """A new command; the options it takes are added to what this answers."""
        made: Parser = self._made.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        made.add_argument("--author", default="", help="署名")
        return made
