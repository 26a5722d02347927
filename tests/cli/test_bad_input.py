"""Bad input: one clear sentence, exit 3, nothing changed."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ganzhou_desktop import paths
from ganzhou_desktop.services import ledgers
from ganzhou_desktop.store import amounts
from tests.cli.driver import Desk, do, fill_all, matter, plain, refused, run


def _unchanged(path: Path) -> Callable[[], None]:
    before = path.read_bytes()

    def check() -> None:
        assert path.read_bytes() == before

    return check


@pytest.fixture
def kjj(desk: Desk) -> Desk:
    """A desk with 区科技局 joined."""
    desk.join("kjj")
    return desk


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The same for tests after which nothing may have changed: made once."""
    made = Desk(tmp_path_factory.mktemp("untouched"))
    made.new()
    made.join("kjj")
    return made


# -- the plan file ------------------------------------------------------------------------------------------


def test_a_plan_with_errors_tells_them_all(tmp_path: Path) -> None:
    text = paths.plan_file("ganzhou-2017.toml").read_text("utf-8")
    bad = tmp_path / "plan.toml"
    bad.write_text(
        text.replace('kind = "cumulative"', 'kind = "cumulativ"').replace('unit = "kjj"', 'unit = "kjx"'), "utf-8"
    )
    answer = refused("new", tmp_path / "x.gzdb", "--office", "--plan", bad)
    assert len(answer.value["error"]["errors"]) > 2
    assert all("：" in e for e in answer.value["error"]["errors"]), answer.value
    code, out, err = plain("new", tmp_path / "x.gzdb", "--office", "--plan", bad)
    assert (code, out) == (3, "")
    assert len(err.splitlines()) > 2
    assert [f.name for f in tmp_path.iterdir()] == ["plan.toml"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"[document]\ntitle = ",
        b"x" * (5 * 2**20),
        b"\x00" * 100,
        "[document]\ntitle='只有标题'".encode(),
    ],
    ids=["empty", "utf-16", "cut", "huge", "zeros", "poor"],
)
def test_a_plan_file_that_is_none(tmp_path: Path, data: bytes) -> None:
    bad = tmp_path / "plan.toml"
    bad.write_bytes(data)
    refused("new", tmp_path / "x.gzdb", "--office", "--plan", bad)
    assert [f.name for f in tmp_path.iterdir()] == ["plan.toml"]


def test_a_plan_file_that_is_not_there(tmp_path: Path) -> None:
    refused("new", tmp_path / "x.gzdb", "--office", "--plan", tmp_path / "none.toml")
    refused("new", tmp_path / "x.gzdb", "--office", "--plan", tmp_path)
    refused("new", tmp_path / "no folder" / "x.gzdb", "--office")
    assert list(tmp_path.iterdir()) == []


# -- the ledger ---------------------------------------------------------------------------------------------

READING = (("matrix",), ("gauges",), ("verify",), ("conflicts",), ("history",), ("confirm",), ("sites",), ("form",))
WRITING = (("period", "2018Q2", "--open"), ("undo",), ("confirm", "T1", "8", "--basis", "原件"))


def _all_refuse(path: Path, code: str, commands: tuple[tuple[str, ...], ...]) -> None:
    check = _unchanged(path)
    for name, *rest in commands:
        assert refused(name, path, *rest).error == code, name
    check()


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"SQLite format 3\x00" + b"\x00" * 2000, b"\x89PNG\r\n"],
    ids=["empty", "text", "sqlite", "png"],
)
def test_a_file_that_is_no_ledger(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.gzdb"
    path.write_bytes(data)
    _all_refuse(path, "not_a_ledger", READING + WRITING)


def test_another_programs_database(tmp_path: Path) -> None:
    path = tmp_path / "x.gzdb"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    _all_refuse(path, "not_a_ledger", READING + WRITING)


def test_no_ledger_there(tmp_path: Path) -> None:
    for name, *rest in READING + WRITING:
        refused(name, tmp_path / "none.gzdb", *rest)
        refused(name, tmp_path, *rest)
    assert list(tmp_path.iterdir()) == []


def test_a_newer_ledger(desk: Desk) -> None:
    data = bytearray(desk.office.read_bytes())
    data[60:64] = (99).to_bytes(4, "big")
    desk.office.write_bytes(bytes(data))
    with desk.at("office"):
        _all_refuse(desk.office, "newer_format", READING + WRITING)


def test_a_ledger_in_use(desk: Desk) -> None:
    with desk.at("office"):
        other = ledgers.open_ledger(desk.office)
        try:
            assert refused("period", desk.office, "2018Q2", "--open").error == "locked"
            assert refused("matrix", desk.office).error == "locked"
        finally:
            other.close()
        do("period", desk.office, "2018Q2", "--open")


def test_a_ledger_of_another_user_can_be_read_but_not_written(desk: Desk) -> None:
    with desk.at("somebody else"):
        do("matrix", desk.office)
        check = _unchanged(desk.office)
        assert refused("period", desk.office, "2018Q2", "--open").error == "no_key"
        check()


def test_a_damaged_ledger(desk: Desk) -> None:
    whole = desk.office.read_bytes()
    with desk.at("office"):
        for place in range(4096, len(whole), len(whole) // 23):
            data = bytearray(whole)
            data[place : place + 64] = bytes(b ^ 0x55 for b in data[place : place + 64])
            desk.office.write_bytes(bytes(data))
            answer = run("verify", desk.office)
            assert answer.code in (0, 3), (place, answer)
            if answer.code == 3 and "error" not in answer.value:
                assert answer.value["ok"] is False
                assert answer.value["problems"]
            for command in ("matrix", "history", "conflicts"):
                assert run(command, desk.office).code in (0, 3), (place, command)
        desk.office.write_bytes(whole[: len(whole) // 2])
        assert run("verify", desk.office).code == 3


# -- the form -----------------------------------------------------------------------------------------------


def _bad_form(desk: Desk, change: Callable[[dict[str, Any]], None]) -> str:
    ledger = desk.path("kjj.gzdb")
    with desk.at("kjj"):
        form = do("form", ledger)
        change(form)
        paper = desk.path("bad.json")
        paper.write_text(json.dumps(form), "utf-8")
        check = _unchanged(ledger)
        texts = {refused("file", ledger, paper, *more).text for more in ((), ("--submit",))}
        check()
    assert len(texts) == 1
    return texts.pop()


BAD_FORMS: dict[str, Callable[[dict[str, Any]], None]] = {
    "unknown task": lambda f: matter(f, "4").update(task="44"),
    "task of others": lambda f: f["matters"].append({"task": "4", "answer": "progress"}),
    "unknown key": lambda f: f.update(remark="x"),
    "unknown key in a matter": lambda f: matter(f, "4").update(progres="x"),
    "unknown answer": lambda f: matter(f, "4").update(answer="有进展"),
    "text as number": lambda f: matter(f, "4").update(progress=7),
    "text for number": lambda f: matter(f, "4")["measurements"].update({"4a": "很多"}),
    "true for number": lambda f: matter(f, "4")["measurements"].update({"4a": True}),
    "half a company": lambda f: matter(f, "4")["measurements"].update({"4a": 1.5}),
    "negative": lambda f: matter(f, "4")["measurements"].update({"4a": -1}),
    "number not asked": lambda f: matter(f, "4")["measurements"].update({"6a": 1}),
    "number unknown": lambda f: matter(f, "4")["measurements"].update({"99": None}),
    "no date": lambda f: matter(f, "4").update(expected="2018-02-30"),
    "matters no list": lambda f: f.update(matters={"4": {}}),
    "matter no object": lambda f: f.update(matters=["4"]),
    "other format": lambda f: f.update(format=2),
    "no unit": lambda f: f.pop("unit"),
    "unknown unit": lambda f: f.update(unit="xyz"),
    "another unit": lambda f: f.update(unit="rsj", matters=[]),
    "no period": lambda f: f.update(period=None),
    "unopened period": lambda f: f.update(period="2019Q1"),
    "base from elsewhere": lambda f: f.update(base="x"),
    "proof missing": lambda f: matter(f, "4").update(proof=["没有这个文件.pdf"]),
    "proof unknown": lambda f: matter(f, "4").update(proof=[{"name": "a.pdf", "sha256": "0" * 64}]),
    "proof a folder": lambda f: matter(f, "4").update(proof=["."]),
    "role changed": lambda f: matter(f, "4").update(role="support"),
}


@pytest.mark.parametrize("name", BAD_FORMS)
def test_a_form_that_cannot_be_read(untouched: Desk, name: str) -> None:
    _bad_form(untouched, BAD_FORMS[name])


def test_a_form_on_a_base_never_seen_here(untouched: Desk) -> None:
    def change(form: dict[str, Any]) -> None:
        form["base"] = ["0" * 64 + ".0"]
        matter(form, "4")["progress"] = "x"

    _bad_form(untouched, change)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"3",
        b"{",
        b"\xff",
        b"[" * 100000,
        b'{"unit":"kjj","unit":"kjj"}',
        b'{"a":' + b"9" * 5000 + b"}",
        b"nan",
    ],
    ids=["empty", "list", "number", "cut", "bytes", "deep", "twice", "long", "nan"],
)
def test_a_file_that_is_no_form(untouched: Desk, data: bytes) -> None:
    paper = untouched.path("bad.json")
    paper.write_bytes(data)
    with untouched.at("kjj"):
        check = _unchanged(untouched.path("kjj.gzdb"))
        assert refused("file", untouched.path("kjj.gzdb"), paper, "--submit").error == "bad_form"
        refused("file", untouched.path("kjj.gzdb"), untouched.path("none.json"))
        refused("file", untouched.path("kjj.gzdb"), untouched.folder)
        check()


def test_a_proof_of_a_kind_that_is_not_taken(untouched: Desk) -> None:
    untouched.path("program.pdf").write_bytes(b"MZ" + b"\x00" * 100)

    def change(form: dict[str, Any]) -> None:
        matter(form, "4")["proof"] = ["program.pdf"]

    _bad_form(untouched, change)


# -- copies -------------------------------------------------------------------------------------------------


def test_a_copy_cut_short_or_flipped(kjj: Desk) -> None:
    kjj.file("kjj", fill_all("写好的"))
    good = kjj.export("kjj", "good.gzcopy")
    kjj.merge(good)
    kjj.file("kjj", lambda f: matter(f, "4").update(progress="又一处"))
    whole = kjj.export("kjj", "whole.gzcopy").read_bytes()
    bad = kjj.path("bad.gzcopy")
    size = len(whole)
    with kjj.at("office"):
        before = do("verify", kjj.office)["heads"]
        for place in [0, 1, 20, 100, *range(200, size, size // 40), size - 70, size - 9, size - 1]:
            flipped = bytearray(whole)
            flipped[place] ^= 1 << place % 8
            for data in (bytes(flipped), whole[:place]):
                bad.write_bytes(data)
                answer = run("merge", kjj.office, bad)
                package = answer.value["packages"][0]
                assert (answer.code, package["verdict"]) == (3, "refused"), place
                assert package["reason"]
                assert package["text"].endswith("。")
                refused("inspect", bad)
                refused("join", bad, kjj.path("never.gzdb"))
        assert do("verify", kjj.office)["heads"] == before
        assert not kjj.path("never.gzdb").exists()
        # One bad copy among good ones: told, exit 3, and the good one is in.
        answer = run("merge", kjj.office, bad, kjj.path("whole.gzcopy"))
        assert answer.code == 3
        assert [p["verdict"] for p in answer.value["packages"]] == ["refused", "merged"]


def test_a_copy_larger_than_usual_is_read_with_large(kjj: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    kjj.file("kjj", fill_all("写好的"))
    copy = kjj.export("kjj", "many.gzcopy")
    monkeypatch.setattr(amounts, "FILE", 5000)
    with kjj.at("office"):
        answer = run("merge", kjj.office, copy)
        assert (answer.code, answer.value["packages"][0]["reason"]) == (3, "large")
        code = run("merge", kjj.office, copy, "--large", "--dry-run").value["packages"][0]["code"]
        assert do("merge", kjj.office, copy, "--large", "--trust", code)["merged"]
        assert refused("inspect", copy).error == "large"
        assert do("inspect", copy, "--large")["large"]
        do("hand-out", kjj.office, "kjj", kjj.path("again.gzcopy"))
    with kjj.at("second"):
        assert refused("join", kjj.path("again.gzcopy"), kjj.path("second.gzdb")).error == "large"
        do("join", kjj.path("again.gzcopy"), kjj.path("second.gzdb"), "--large")
    with kjj.at("found"):
        words = ("recover", kjj.path("found.gzdb"), *kjj.recovery.split(), "--from", copy)
        assert refused(*words).error == "large"
        do(*words, "--large")


@pytest.mark.parametrize("data", [b"", b"x", b"GZCOPY1\n", b"\x00" * 5000, b"SQLite format 3\x00"], ids=range(5))
def test_a_file_that_is_no_copy(untouched: Desk, data: bytes) -> None:
    bad = untouched.path("bad.gzcopy")
    bad.write_bytes(data)
    with untouched.at("office"):
        check = _unchanged(untouched.office)
        for file in (bad, untouched.path("none.gzcopy"), untouched.folder, untouched.office):
            answer = run("merge", untouched.office, file)
            assert answer.code == 3
            assert answer.value["packages"][0]["verdict"] == "refused"
            refused("inspect", file)
            refused("join", file, untouched.path("never.gzdb"))
        check()


def test_copies_of_others(kjj: Desk) -> None:
    """Another ledger's copy; the office's copy at a unit; a unit's copy at another unit; a unit's copy to join."""
    kjj.join("czj")
    kjj.file("czj", fill_all("写好的"))
    czj = kjj.export("czj", "czj.gzcopy")
    kjj.file("kjj", fill_all("写好的"))
    kjj.merge(czj, kjj.export("kjj", "kjj.gzcopy"))
    with kjj.at("office"):
        do("export", kjj.office, kjj.path("all.gzcopy"))
    other = Desk(kjj.folder / "other")
    other.folder.mkdir()
    other.new()
    with kjj.at("kjj"):
        for copy, reason in ((czj, "foreign_scope"), (kjj.path("all.gzcopy"), "foreign_scope")):
            answer = run("merge", kjj.path("kjj.gzdb"), copy)
            assert (answer.code, answer.value["packages"][0]["reason"]) == (3, reason)
        refused("join", kjj.path("all.gzcopy"), kjj.path("never.gzdb"))
        refused("join", czj, kjj.path("never.gzdb"))
        assert refused("hand-out", kjj.path("kjj.gzdb"), "czj", kjj.path("x.gzcopy")).error == "office_only"
        assert refused("period", kjj.path("kjj.gzdb"), "2018Q2", "--open").error == "office_only"
        assert refused("review", kjj.path("kjj.gzdb"), "kjj", "2018Q1", "--accept").error == "office_only"
        assert refused("confirm", kjj.path("kjj.gzdb"), "T1", "8", "--basis", "x").error == "office_only"
        assert refused("form", kjj.path("kjj.gzdb"), "--unit", "czj").error == "foreign_scope"
        assert refused("print-form", kjj.path("kjj.gzdb"), kjj.path("x.pdf"), "--unit", "czj").error == "foreign_scope"
    with other.at("office"):
        answer = run("merge", other.office, czj)
        assert (answer.code, answer.value["packages"][0]["reason"]) == (3, "other_ledger")


def test_nothing_is_written_over(kjj: Desk, print_fonts_folder: Path | None) -> None:
    with kjj.at("office"):
        there = kjj.path("there")
        there.write_text("mine")
        for command in (
            ("hand-out", kjj.office, "kjj", there),
            ("export", kjj.office, there),
            ("backup", kjj.office, there),
        ):
            assert refused(*command).error == "exists"
        refused("new", there, "--office")
        refused("demo", there, "--quarters", "1")
        for command in (("matrix", kjj.office), ("print-form", kjj.office)):
            more = ("--unit", "kjj") if command[0] == "print-form" else ()
            for out in (there, kjj.office, kjj.folder):
                assert refused(*command, out, *more).error == "exists"
        do("matrix", kjj.office, kjj.path("m.pdf"))
        do("matrix", kjj.office, kjj.path("m.pdf"), "--paper", "A4")
        do("verify", kjj.office)
        assert there.read_text() == "mine"
        for command in (
            ("hand-out", kjj.office, "kjj"),
            ("export", kjj.office),
            ("backup", kjj.office),
            ("matrix", kjj.office),
        ):
            refused(*command, kjj.path("no folder") / "x.pdf")


def test_refusals_of_the_office(untouched: Desk) -> None:
    with untouched.at("office"):
        check = _unchanged(untouched.office)
        assert refused("review", untouched.office, "kjj", "2018Q1", "--accept").error == "not_filed"
        assert refused("confirm", untouched.office, "T1", "约8", "--basis", "x").error == "bad_number"
        assert refused("confirm", untouched.office, "T1", "1e3", "--basis", "x").error == "bad_number"
        assert refused("confirm", untouched.office, "T1", "8").error == "no_basis"
        assert refused("confirm", untouched.office, "T99", "8", "--basis", "x").error == "unknown_figure"
        assert (
            refused("hand-out", untouched.office, "区督查考核局", untouched.path("x.gzcopy")).error == "not_responsible"
        )
        assert refused("history", untouched.office, "0" * 32).error == "unknown_record"
        assert refused("resolve", untouched.office, "x", "--take", "A").error == "unknown_conflict"
        assert refused("recover", untouched.office, "ABCD").error
        assert refused("period", untouched.office, "2018Q2", "--open", "--due", "2017-01-01").error == "bad_due"
        check()
