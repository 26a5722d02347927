"""Read a plan file (TOML) into a Plan."""

import re
import tomllib
import unicodedata
from decimal import Decimal
from pathlib import Path

from ganzhou_desktop.domain.errors import EnvironmentFailed, RuleBroken
from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.domain.plan_check import check_plan

MAX_BYTES = 4 * 1024 * 1024


def read_plan(path: Path) -> Plan:
    """The plan in a UTF-8 TOML file, with or without BOM.

    EnvironmentFailed when the file cannot be read; RuleBroken when it is too large, not UTF-8 or not TOML (with the
    line); PlanErrors with every mistake when the plan itself is against the rules.
    """
    return check_plan(_parse(_text(path)))


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise EnvironmentFailed("no_file", f"没有找到方案文件“{path}”，请核对位置后再试。")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as exc:
        raise EnvironmentFailed(
            "unreadable", f"方案文件“{path}”读不出来（{exc.strerror or exc}），请检查U盘或权限后再试。"
        ) from exc
    if len(data) > MAX_BYTES:
        raise RuleBroken("bad_plan", f"方案文件“{path.name}”超过 4 MB，不像是方案，没有采用。")
    try:
        return unicodedata.normalize("NFC", data.decode("utf-8-sig"))
    except UnicodeDecodeError as exc:
        line = data[: exc.start].count(b"\n") + 1
        raise RuleBroken(
            "bad_plan", f"方案文件“{path.name}”第 {line} 行不是 UTF-8 编码，请另存为 UTF-8 后再试。"
        ) from exc


def _parse(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as exc:
        found = re.search(r"line (\d+), column (\d+)", str(exc))
        place = f"第 {found[1]} 行第 {found[2]} 个字符附近" if found else "文件末尾"
        raise RuleBroken("bad_plan", f"方案文件{place}不合 TOML 写法（{exc}），请改好后再读一次。") from exc
    except (ValueError, RecursionError) as exc:
        raise RuleBroken("bad_plan", f"方案文件里有写法越界的值（{exc}），请改好后再读一次。") from exc
