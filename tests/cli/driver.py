"""Driving the command line inside this process, as a program would: --json, one value on stdout."""

import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganzhou_desktop import cli


@dataclass(frozen=True)
class Answer:
    """What a command answered: exit code, its JSON value, stderr."""

    code: int
    value: Any
    err: str

    @property
    def error(self) -> str:
        """The code of the failure."""
        return str(self.value["error"]["code"])

    @property
    def text(self) -> str:
        return str(self.value["error"]["text"])


def run(*arguments: object) -> Answer:
    """One command with --json; its stdout must be exactly one JSON value in one line."""
    code, out, err = plain(*arguments, "--json")
    assert out.endswith("\n"), out
    assert out.count("\n") == 1, out
    return Answer(code, json.loads(out), err)


def plain(*arguments: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.main([str(a) for a in arguments])
    return code, out.getvalue(), err.getvalue()


def do(*arguments: object) -> Any:
    """One command that must succeed; its JSON value."""
    answer = run(*arguments)
    assert answer.code == 0, (arguments, answer)
    assert answer.err == ""
    return answer.value


def refused(*arguments: object) -> Answer:
    """One command that must be refused: exit 3, a code, one clear Chinese sentence without any inside."""
    answer = run(*arguments)
    assert answer.code == 3, (arguments, answer)
    assert set(answer.value) == {"error"}, answer.value
    assert answer.text.endswith(("。", "？")), answer.text
    for inside in ("Traceback", "sqlite", "Error(", "None", "/work/"):
        assert inside not in answer.text, answer.text
    return answer


@contextmanager
def pc(folder: Path) -> Iterator[None]:
    """Another PC: its own keys and backups."""
    before = os.environ.get("GANZHOU_HOME", "")
    os.environ["GANZHOU_HOME"] = str(folder)
    try:
        yield
    finally:
        os.environ["GANZHOU_HOME"] = before


class Desk:
    """Files of one test and the PCs that touch them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.office = folder / "office.gzdb"
        self.recovery = ""

    def path(self, name: str) -> Path:
        return self.folder / name

    def at(self, who: str) -> Any:
        return pc(self.folder / "homes" / who)

    def new(self, period: str | None = "2018Q1") -> Path:
        with self.at("office"):
            self.recovery = do("new", self.office, "--office")["recovery"]
            if period:
                do("period", self.office, period, "--open")
        return self.office

    def join(self, unit: str, who: str | None = None) -> Path:
        """Hand out to a unit and join on one of its PCs (`who`, by default named like the unit)."""
        who = who or unit
        copy, ledger = self.path(f"{who}.handed.gzcopy"), self.path(f"{who}.gzdb")
        with self.at("office"):
            do("hand-out", self.office, unit, copy)
        with self.at(who):
            do("join", copy, ledger)
        return ledger

    def file(self, who: str, change: Callable[[dict[str, Any]], None], *, submit: bool = True) -> Any:
        """Fetch the form, let `change` fill it, file it."""
        ledger = self.path(f"{who}.gzdb")
        with self.at(who):
            form = do("form", ledger, "--period", "2018Q1")
            change(form)
            paper = self.path(f"{who}.form.json")
            paper.write_text(json.dumps(form, ensure_ascii=False), "utf-8")
            return do("file", ledger, paper, *(["--submit"] if submit else []))

    def export(self, who: str, name: str) -> Path:
        out = self.path(name)
        with self.at(who):
            do("export", self.path(f"{who}.gzdb"), out)
        return out

    def merge(self, *copies: Path, trust: bool = True) -> Any:
        """Merge at the office, trusting what has to be trusted first."""
        with self.at("office"):
            codes: list[str] = []
            if trust:
                seen = run("merge", self.office, *copies, "--dry-run").value["packages"]
                codes = [x for p in seen if p["reason"] == "unknown_key" for x in ("--trust", p["code"])]
            return do("merge", self.office, *copies, *codes)

    def heads(self, who: str = "office") -> str:
        with self.at(who):
            verified = do("verify", self.path(f"{who}.gzdb"))
        assert verified["ok"], verified
        return str(verified["heads"])


def fill_all(text: str) -> Callable[[dict[str, Any]], None]:
    """Every matter 有进展 with this text, every number 1."""

    def change(form: dict[str, Any]) -> None:
        for matter in form["matters"]:
            matter["answer"], matter["progress"] = "progress", f"{text}（任务{matter['task']}）"
            matter["next_steps"] = "下季度继续推进"
            for target in matter["measurements"]:
                matter["measurements"][target] = 1

    return change


def matter(form: dict[str, Any], task: str) -> dict[str, Any]:
    found: dict[str, Any] = next(m for m in form["matters"] if m["task"] == task)
    return found
