"""The shapes other programs may rely on, and what stdout is in every case."""

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.driver import Desk, do, fill_all, matter, plain, run

DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{0,5}[1-9])?\Z")


def _decimal(value: object) -> bool:
    return value is None or (isinstance(value, str) and DECIMAL.match(value) is not None)


@pytest.fixture(scope="module")
def shown(demo_of: Callable[[int], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.gzdb"
    shutil.copyfile(demo_of(2), path)
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["new"],
        ["new", "x.gzdb"],
        ["matrix"],
        ["matrix", "x.gzdb", "--paper", "A5"],
        ["matrix", "x.gzdb", "--as-of", "gestern"],
        ["gauges", "x.gzdb", "--on"],
        ["demo", "x.gzdb", "--quarters", "many"],
        ["demo", "x.gzdb", "--quarters", "0"],
        ["resolve", "x.gzdb", "id", "--take", "A", "--value", "1"],
        ["resolve", "x.gzdb", "id"],
        ["resolve", "x.gzdb", "id", "--value", "{"],
        ["review", "x.gzdb", "kjj", "2018Q1"],
        ["review", "x.gzdb", "kjj", "2018Q1", "--accept", "--task", "2"],
        ["period", "x.gzdb", "2018Q1", "--open", "--close"],
        ["file", "x.gzdb", "form.json", "--sub"],
    ],
    ids=lambda a: " ".join(a) or "nothing",
)
def test_wrong_use_is_exit_2_and_says_so_in_chinese(arguments: list[str]) -> None:
    answer = run(*arguments)
    assert answer.code == 2
    assert answer.error == "usage"
    assert re.search("[一-鿿]", answer.text.removeprefix("命令写得不对："))
    assert "required" not in answer.text
    assert answer.err == ""
    code, out, err = plain(*arguments)
    assert (code, out) == (2, "")
    assert err.strip()


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["--version"], ["matrix", "--help"]], ids=" ".join)
def test_help_and_version_are_answers_too(arguments: list[str]) -> None:
    assert do(*arguments)["text"]
    code, out, err = plain(*arguments)
    assert (code, err) == (0, "")
    assert out.strip()


def test_a_fault_of_ours_is_one_json_value_too(shown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("ganzhou_desktop.services.views.read_matrix", broken)
    answer = run("matrix", shown)
    assert (answer.code, answer.error) == (1, "fault")
    assert "ZeroDivisionError" in answer.err


def test_the_form(desk: Desk) -> None:
    desk.join("kjj")
    with desk.at("kjj"):
        form = do("form", desk.path("kjj.gzdb"), "--period", "2018Q1")
        code, out, _ = plain("form", desk.path("kjj.gzdb"))
    assert code == 0
    assert json.loads(out) == form
    assert set(form) == {"format", "unit", "period", "base", "matters"}
    assert (form["format"], form["unit"], form["period"], form["base"]) == (1, "kjj", "2018Q1", [])
    assert [m["task"] for m in form["matters"]] == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "T"]
    members = {
        "task",
        "role",
        "answer",
        "progress",
        "problems",
        "next_steps",
        "expected",
        "measurements",
        "proof",
        "record",
    }
    for one in form["matters"]:
        assert set(one) == members
        assert one["role"] == "lead"
        assert one["answer"] is None
        assert one["expected"] is None
        assert one["progress"] == ""
        assert set(one["measurements"].values()) <= {None}
    assert set(matter(form, "4")["measurements"]) == {"4a", "4b", "4c", "4d"}
    assert set(matter(form, "T")["measurements"]) == {f"T{n}" for n in range(1, 9)}
    desk.file("kjj", fill_all("写好的"))
    with desk.at("kjj"):
        again = do("form", desk.path("kjj.gzdb"))
    assert len(again["base"]) == 1
    assert matter(again, "4")["measurements"]["4a"] == "1"


def test_the_matrix(shown: Path) -> None:
    value = do("matrix", shown)
    assert value["period"] == "2018Q2"
    assert [t["id"] for t in value["tasks"]] == [str(n) for n in range(1, 10)]
    assert len(value["units"]) == 17
    assert all({"id", "title"} <= set(t) for t in value["tasks"])
    assert all({"id", "name"} <= set(u) for u in value["units"])
    assert len(value["cells"]) == 45
    for cell in value["cells"]:
        assert {"task", "unit", "role", "principal", "state", "word", "record"} <= set(cell)
        assert cell["role"] in ("lead", "support")
        assert isinstance(cell["principal"], bool)
    assert sum(c["principal"] for c in value["cells"]) == 9
    assert do("matrix", shown, "--period", "2018Q1")["period"] == "2018Q1"


def test_the_gauges(shown: Path) -> None:
    value = do("gauges", shown)
    assert value["on"] == "2018-06-30"
    assert [t["id"] for t in value["targets"]][:8] == [f"T{n}" for n in range(1, 9)]
    for target in value["targets"]:
        assert {
            "id", "name", "printed", "confirmed", "unit", "reporting_unit", "actual", "pace", "state", "word", "sources",
        } <= set(target)  # fmt: skip
        assert all(_decimal(target[name]) for name in ("printed", "confirmed", "actual", "pace", "baseline"))
    targets = {t["id"]: t for t in value["targets"]}
    assert targets["T1"]["confirmed"] == "8"
    assert targets["T5"]["confirmed"] is None
    assert targets["T3"]["actual"] is None
    assert len(targets["T1"]["sources"]) == 2
    record = do("history", shown, targets["T1"]["sources"][0])
    assert record[0]["title"] == "提交：区科技局 2018Q1"


def test_merge_conflicts_verify(desk: Desk) -> None:
    desk.join("czj")
    desk.file("czj", fill_all("写好的"))
    copy = desk.export("czj", "czj.gzcopy")
    members = {"file", "verdict", "reason", "text", "unit", "period", "site", "code", "new", "conflicts"}
    with desk.at("office"):
        before = desk.office.read_bytes()
        dry = run("merge", desk.office, copy, "--dry-run")
        assert desk.office.read_bytes() == before
        package = dry.value["packages"][0]
        assert members <= set(package)
        assert (dry.code, package["verdict"], package["reason"]) == (3, "refused", "unknown_key")
        assert (package["unit"], package["period"], package["file"]) == ("czj", "2018Q1", str(copy))
        assert re.fullmatch("([0-9A-Z]{4}-){3}[0-9A-Z]{4}", package["code"])
        assert run("merge", desk.office, copy, "--trust", "0000-0000-0000-0000").code == 3
        done = do("merge", desk.office, copy, "--trust", package["code"].lower().replace("-", " "))["packages"][0]
        assert (done["verdict"], done["reason"], done["new"], done["conflicts"]) == ("merged", None, 1, 0)
        assert do("merge", desk.office, copy)["packages"][0]["verdict"] == "known"
        assert do("conflicts", desk.office) == []
        verified = do("verify", desk.office)
        assert {"ok", "operations", "revisions", "heads", "scopes", "problems"} <= set(verified)
        assert verified["ok"] is True
        assert verified["problems"] == []
        assert set(verified["scopes"]) == {"all", "czj"}
        assert all(re.fullmatch("[0-9a-f]{64}", h) for h in (verified["heads"], *verified["scopes"].values()))
        assert do("inspect", copy)["unit"] == "czj"


def test_conflicts(shown: Path) -> None:
    cases = do("conflicts", shown)
    assert {(c["field"], c["values"][0]["unit"]) for c in cases} == {("2", "jkq"), ("8", "scb")}
    for case in cases:
        assert {"id", "record", "field", "base", "values"} <= set(case)
        assert [v["key"] for v in case["values"]] == ["A", "B"]
        assert all({"key", "value", "unit", "site", "at"} <= set(v) for v in case["values"])


def test_every_reading_command_answers(shown: Path) -> None:
    for command in ("sites", "history", "confirm", "conflicts", "gauges", "matrix", "verify"):
        value: Any = do(command, shown)
        assert value
    figures = do("confirm", shown)
    assert {"id", "printed", "confirmed", "basis", "state"} <= set(figures[0])
    assert all(_decimal(f["value"]) and _decimal(f["confirmed"]) for f in figures)


def test_people_read_local_time_and_short_names(shown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = do("history", shown)
    first = next(e for e in entries if e["scope"] == "kjj")
    assert first["at"].endswith("Z"), "a program gets the instant as it is kept"
    # Windows' time zone is no variable; the one that runs these tests is in Shanghai.
    if sys.platform != "win32":
        monkeypatch.setenv("TZ", "XXX-8")
        time.tzset()
    try:
        code, out, _ = plain("history", shown)
    finally:
        monkeypatch.undo()
        if sys.platform != "win32":
            time.tzset()
    assert code == 0
    line = out.splitlines()[entries.index(first)]
    there = datetime.fromisoformat(first["at"]) + timedelta(hours=8)
    assert line.startswith(f"{there:%Y-%m-%d %H:%M}  科技局  "), line
    assert all(line.startswith(("全区  ", "科技局  ")) for line in plain("sites", shown)[1].splitlines()[:1])


def test_why_a_case_was_decided_is_in_the_history(
    demo_of: Callable[[int], Path], tmp_path: Path, ganzhou_home: Path
) -> None:
    path = tmp_path / "demo.gzdb"
    shutil.copyfile(demo_of(2), path)
    shutil.copytree(demo_of(2).parent / "home", ganzhou_home, dirs_exist_ok=True)
    case = do("conflicts", path)[0]
    do("resolve", path, case["id"], "--take", "A", "--basis", "附了市级认定文件")
    assert do("history", path)[-1]["title"].endswith("（依据：附了市级认定文件）")


def test_a_reader_that_has_read_enough_is_no_fault(shown: Path) -> None:
    command = [sys.executable, "-m", "ganzhou_desktop.cli", "history", str(shown)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0
