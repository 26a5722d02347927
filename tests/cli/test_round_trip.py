"""The 'Done when' round trip through the command line, and what two PCs, an office and a dead PC do to it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

import dev
from ganzhou_desktop import paths
from ganzhou_desktop.domain.canonical import form_code
from ganzhou_desktop.services.plan_files import read_plan
from tests.cli.driver import Desk, do, fill_all, matter, plain, refused, run


def _pdf_text(path: Path) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(path).pages)


def _two_units(desk: Desk) -> tuple[Path, Path]:
    """区科技局 and 区财政局 joined, filed and exported."""
    for unit in ("区科技局", "czj"):
        desk.join(unit, {"区科技局": "kjj"}.get(unit, unit))
    copies = []
    for unit in ("kjj", "czj"):
        assert desk.file(unit, fill_all("已走访企业三十家"))["submitted"]
        with desk.at(unit):
            do("print-form", desk.path(f"{unit}.gzdb"), desk.path(f"{unit}.pdf"), "--period", "2018Q1")
        copies.append(desk.export(unit, f"{unit}.out.gzcopy"))
    return copies[0], copies[1]


def test_the_whole_quarter(desk: Desk, print_fonts_folder: Path | None) -> None:
    kjj, czj = _two_units(desk)
    printed = _pdf_text(desk.path("kjj.pdf"))
    with desk.at("kjj"):
        filed = do("history", desk.path("kjj.gzdb"))[-1]
    assert "已走访企业三十家" in printed
    for code in (filed["code"], form_code(filed["operation"])):
        assert code.replace("-", "") in printed.replace("-", "")
    assert filed["title"] == "提交：区科技局 2018Q1"

    first = desk.merge(kjj, czj)
    assert [p["verdict"] for p in first["packages"]] == ["merged", "merged"]
    again = desk.merge(czj, kjj)
    assert [p["verdict"] for p in again["packages"]] == ["known", "known"]

    with desk.at("office"):
        matrix = do("matrix", desk.office)
        cells = {(c["task"], c["unit"]): c for c in matrix["cells"]}
        assert cells["4", "kjj"]["word"] == "正常"
        assert cells["4", "gxj"]["state"] == "not_filed"
        gauges = {g["id"]: g for g in do("gauges", desk.office)["targets"]}
        assert gauges["T1"]["actual"] == "1"
        assert gauges["T1"]["sources"] == [cells["4", "kjj"]["record"]]
        assert (
            do("review", desk.office, "区科技局", "2018Q1", "--return", "写得太简单", "--task", "5")["state"]
            == "returned"
        )
        assert do("review", desk.office, "czj", "2018Q1", "--accept")["state"] == "accepted"
        do("hand-out", desk.office, "kjj", desk.path("answer.gzcopy"))
    with desk.at("kjj"):
        do("merge", desk.path("kjj.gzdb"), desk.path("answer.gzcopy"))
        told = [e for e in do("history", desk.path("kjj.gzdb")) if e["title"].startswith("退回")]
        review = do("history", desk.path("kjj.gzdb"), told[-1]["records"][0])
        assert review[-1]["set"]["verdict"]["reason"] == "写得太简单"
        assert {c["task"] for c in do("matrix", desk.path("kjj.gzdb"))["cells"] if c["returned"]} == {"5"}
    desk.file("kjj", lambda form: matter(form, "5").update(progress="已走访企业三十家，论证亮点项目两个"))
    desk.merge(desk.export("kjj", "kjj.second.gzcopy"), trust=False)
    with desk.at("office"):
        assert not any(c["returned"] for c in do("matrix", desk.office)["cells"])
        assert do("review", desk.office, "kjj", "2018Q1", "--accept")["state"] == "accepted"
        assert do("period", desk.office, "2018Q1", "--close")["closed"] is True
        do("matrix", desk.office, desk.path("matrix.pdf"), "--paper", "A3")
    text = _pdf_text(desk.path("matrix.pdf"))
    plan = read_plan(paths.plan_file("ganzhou-2017.toml"))
    assert [t.title for t in plan.tasks if "".join(t.title.split()) not in text] == []
    assert [u.name for u in plan.responsible_units if u.name not in text and u.short not in text] == []
    page = PdfReader(desk.path("matrix.pdf")).pages[0].mediabox
    assert (round(float(page.width)), round(float(page.height))) == (1191, 842)
    for who in ("office", "kjj", "czj"):
        desk.heads(who)


def test_both_merge_orders_give_the_same_heads(desk: Desk) -> None:
    desk.merge(*_two_units(desk))
    later = []
    for unit in ("kjj", "czj"):
        desk.file(unit, lambda form: form["matters"][0].update(progress="补充写明走访结果"))
        later.append(desk.export(unit, f"{unit}.later.gzcopy"))
    heads = set()
    for name, order in (("one", later), ("two", later[::-1])):
        target = desk.path(f"{name}.gzdb")
        with desk.at("office"):
            do("backup", desk.office, target)
            for copy in order:
                assert do("merge", target, copy)["packages"][0]["verdict"] == "merged"
            heads.add(do("verify", target)["heads"])
    desk.merge(*later)
    assert heads == {desk.heads()}


def test_as_a_program_of_its_own(tmp_path: Path, print_fonts_folder: Path | None) -> None:
    environment = os.environ | {"GANZHOU_HOME": str(tmp_path / "home"), "PYTHONPATH": str(dev.ROOT)}

    def call(*arguments: object) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "ganzhou_desktop.cli", *map(str, arguments), "--json"],
            capture_output=True,
            env=environment,
            check=False,
        )
        assert done.returncode == 0, done
        return json.loads(done.stdout.decode("utf-8"))

    ledger = tmp_path / "office.gzdb"
    call("new", ledger, "--office")
    call("period", ledger, "2018Q1", "--open")
    call("matrix", ledger, tmp_path / "matrix.pdf")
    assert "争创国家级、省级创新园区基地" in _pdf_text(tmp_path / "matrix.pdf")
    assert call("verify", ledger)["ok"] is True


def test_two_pcs_of_one_unit_file_without_seeing_each_other(desk: Desk) -> None:
    for who in ("kjj", "kjj2"):
        desk.join("kjj", who)
    desk.file("kjj", lambda f: matter(f, "4").update(answer="progress", progress="一号机所写"))
    desk.file("kjj2", lambda f: matter(f, "4").update(answer="progress", progress="二号机所写"))
    desk.file("kjj2", lambda f: matter(f, "5").update(answer="progress", progress="只有二号机写了"))
    one, two = desk.export("kjj", "one.gzcopy"), desk.export("kjj2", "two.gzcopy")
    result = desk.merge(one, two)
    assert sum(p["conflicts"] for p in result["packages"]) >= 1
    with desk.at("office"):
        cases = do("conflicts", desk.office)
        case = next(c for c in cases if c["field"] == "4")
        assert [v["key"] for v in case["values"]] == ["A", "B"]
        assert {v["value"]["progress"] for v in case["values"]} == {"一号机所写", "二号机所写"}
        assert {v["unit"] for v in case["values"]} == {"kjj"}
        assert case["base"] is None
        assert next(c for c in do("matrix", desk.office)["cells"] if (c["task"], c["unit"]) == ("4", "kjj"))[
            "provisional"
        ]
        refused("resolve", desk.office, case["id"], "--value", json.dumps(case["values"][0]["value"]))
        wanted = next(v for v in case["values"] if v["value"]["progress"] == "一号机所写")
        for other in cases:
            do("resolve", desk.office, other["id"], "--take", wanted["key"] if other is case else "A")
        assert do("conflicts", desk.office) == []
        form = do("form", desk.office, "--period", "2018Q1", "--unit", "kjj")
        assert matter(form, "4")["progress"] == "一号机所写"
        assert matter(form, "5")["progress"] == "只有二号机写了"
        assert refused("resolve", desk.office, case["id"], "--take", "A").error == "unknown_conflict"
        # What was decided at the office goes to both PCs and is the same there.
        do("hand-out", desk.office, "kjj", desk.path("decided.gzcopy"))
    for who in ("kjj", "kjj2"):
        with desk.at(who):
            do("merge", desk.path(f"{who}.gzdb"), desk.path("decided.gzcopy"))
            assert do("conflicts", desk.path(f"{who}.gzdb")) == []
    assert desk.heads("kjj") == desk.heads("kjj2")


def test_a_stale_form_makes_a_case_at_the_unit_which_it_decides_with_a_third_text(desk: Desk) -> None:
    ledger = desk.join("kjj")
    with desk.at("kjj"):
        stale = do("form", ledger)
    desk.file("kjj", lambda f: matter(f, "4").update(answer="progress", progress="先写的"))
    matter(stale, "4").update(answer="progress", progress="照旧表写的")
    paper = desk.path("stale.json")
    paper.write_text(json.dumps(stale), "utf-8")
    with desk.at("kjj"):
        do("file", ledger, paper, "--submit")
        case = next(c for c in do("conflicts", ledger) if c["field"] == "4")
        value = {**case["values"][0]["value"], "progress": "两处合起来写的"}
        assert do("resolve", ledger, case["id"], "--value", json.dumps(value))["left"] == len(do("conflicts", ledger))
        assert matter(do("form", ledger), "4")["progress"] == "两处合起来写的"


def test_withdraw_keeps_the_text_as_draft_and_ends_with_the_export(desk: Desk) -> None:
    ledger = desk.join("czj")
    desk.file("czj", fill_all("第一稿"))
    with desk.at("czj"):
        do("withdraw", ledger, "2018Q1")
        assert {c["state"] for c in do("matrix", ledger)["cells"] if c["unit"] == "czj"} == {"not_filed"}
        form = do("form", ledger)
        assert "第一稿" in form["matters"][0]["progress"]
        assert refused("withdraw", ledger, "2018Q1").error == "not_submitted"
    desk.file("czj", lambda f: matter(f, "2").update(progress="第二稿"))
    with desk.at("czj"):
        assert do("conflicts", ledger) == []
        cells = {c["task"]: c["state"] for c in do("matrix", ledger)["cells"] if c["unit"] == "czj"}
        assert set(cells.values()) == {"ok"}
    desk.export("czj", "czj.gzcopy")
    with desk.at("czj"):
        assert refused("withdraw", ledger, "2018Q1").error == "exported"


def test_a_form_that_says_nothing_new_is_not_submitted_twice(desk: Desk) -> None:
    ledger = desk.join("czj")
    desk.file("czj", fill_all("第一稿"))
    with desk.at("czj"):
        do("form", ledger)
        paper = desk.path("same.json")
        paper.write_text(json.dumps(do("form", ledger)), "utf-8")
        assert refused("file", ledger, paper, "--submit").error == "nothing_changed"


def test_entering_from_paper_at_the_office(desk: Desk) -> None:
    with desk.at("office"):
        form = do("form", desk.office, "--unit", "辖区金融机构")
        matter(form, "8").update(answer="progress", progress="辖内机构发放科技贷款三笔")
        paper = desk.path("paper.json")
        paper.write_text(json.dumps(form, ensure_ascii=False), "utf-8")
        assert do("file", desk.office, paper)["submitted"] is False
        assert do("file", desk.office, paper, "--submit", "--source", "4月4日盖章表")["filing"]
        assert do("history", desk.office)[-1]["title"] == "代录：辖区内有关金融机构 2018Q1"
        do("withdraw", desk.office, "2018Q1", "--unit", "jrjg")
        assert run("withdraw", desk.office, "2018Q1").code == 2


def test_a_stopped_pc_and_its_lifting(desk: Desk) -> None:
    kjj, _ = _two_units(desk)
    desk.merge(kjj)
    desk.file("kjj", lambda f: matter(f, "9").update(progress="又写了一处"))
    later = desk.export("kjj", "later.gzcopy")
    with desk.at("office"):
        code = next(s["code"] for s in do("sites", desk.office) if s["scope"] == "kjj")
        assert next(s for s in do("sites", desk.office, "--stop", code.lower()) if s["code"] == code)["stopped"]
        answer = run("merge", desk.office, later)
        assert (answer.code, answer.value["packages"][0]["reason"]) == (3, "stopped")
        do("sites", desk.office, "--lift", code)
        assert do("merge", desk.office, later)["packages"][0]["verdict"] == "merged"
        assert refused("sites", desk.office, "--stop", "0000-0000-0000-0000").error == "unknown_site"


def test_hand_out_again_revives_a_dead_pc(desk: Desk) -> None:
    kjj, _ = _two_units(desk)
    desk.merge(kjj)
    with desk.at("office"):
        do("hand-out", desk.office, "kjj", desk.path("revive.gzcopy"))
    with desk.at("new pc"):
        revived = desk.path("revived.gzdb")
        do("join", desk.path("revive.gzcopy"), revived)
        assert "已走访企业三十家" in matter(do("form", revived), "4")["progress"]
        assert do("verify", revived)["ok"]


def test_recovery_makes_another_pc_a_seat(desk: Desk) -> None:
    with desk.at("office"):
        do("backup", desk.office, desk.path("backup.gzdb"))
        old = next(s["code"] for s in do("sites", desk.office) if s["here"])
    with desk.at("another office pc"):
        ledger = desk.path("restored.gzdb")
        do("restore", desk.path("backup.gzdb"), ledger)
        assert refused("period", ledger, "2018Q2", "--open").error == "no_key"
        assert refused("recover", ledger, desk.recovery[:-1] + ("A" if desk.recovery[-1] != "A" else "B")).code == 3
        do("recover", ledger, *desk.recovery.split(), "--stop", old)
        do("period", ledger, "2018Q2", "--open")
        assert [(s["here"], s["stopped"]) for s in do("sites", ledger)].count((True, False)) == 1
        assert do("verify", ledger)["ok"]


def test_restore_replaces_only_when_told_and_keeps_what_was_there(desk: Desk) -> None:
    with desk.at("office"):
        do("backup", desk.office, desk.path("backup.gzdb"))
        before = do("verify", desk.office)["heads"]
        do("period", desk.office, "2018Q2", "--open")
        assert refused("restore", desk.path("backup.gzdb"), desk.office).error == "exists"
        do("restore", desk.path("backup.gzdb"), desk.office, "--replace")
        assert do("verify", desk.office)["heads"] == before
        kept = [p for p in paths.backups_dir().iterdir() if "恢复前" in p.name]
        assert len(kept) == 1
        assert do("verify", kept[0])["heads"] != before
        assert refused("backup", desk.office, desk.path("backup.gzdb")).error == "exists"


def test_undo_of_each_kind_of_act(desk: Desk) -> None:
    kjj, _ = _two_units(desk)
    with desk.at("office"):
        before = do("verify", desk.office)["heads"]
    desk.merge(kjj)
    with desk.at("office"):
        assert do("undo", desk.office)["merge"] is True
        assert do("verify", desk.office)["heads"] == before
    desk.merge(kjj)
    with desk.at("office"):
        do("review", desk.office, "kjj", "2018Q1", "--accept")
        do("undo", desk.office)
        assert refused("undo", desk.office).error == "nothing_to_undo"
        do("period", desk.office, "2018Q1", "--close")
        do("undo", desk.office)
        assert do("period", desk.office, "2018Q1", "--open", "--due", "2018-04-10")["due"] == "2018-04-10"
        do("undo", desk.office)
        do("confirm", desk.office, "T1", "80", "--basis", "纸质原件第 2 页")
        do("undo", desk.office)
        assert next(f for f in do("confirm", desk.office) if f["id"] == "T1")["confirmed"] is None
        assert do("verify", desk.office)["ok"]
    ledger = desk.join("gxj")
    desk.file("gxj", fill_all("写好的"))
    with desk.at("gxj"):
        do("undo", ledger)
        assert "写好的" in do("form", ledger)["matters"][0]["progress"]


def test_confirming_moves_a_gauge(desk: Desk) -> None:
    kjj, _ = _two_units(desk)
    desk.merge(kjj)
    with desk.at("office"):

        def gauge() -> dict[str, Any]:
            return next(g for g in do("gauges", desk.office)["targets"] if g["id"] == "T1")

        assert (gauge()["printed"], gauge()["confirmed"], gauge()["pace"]) == ("8", None, "1")
        do("confirm", desk.office, "T1", "８０", "--basis", "纸质原件第 2 页")
        assert (gauge()["printed"], gauge()["confirmed"], gauge()["pace"]) == ("8", "80", "12")
        do("confirm", desk.office, "T1", "")
        assert gauge()["confirmed"] is None


def test_periods_open_close_and_move(desk: Desk) -> None:
    with desk.at("office"):
        assert refused("period", desk.office, "2018Q1", "--open").error == "already_open"
        assert do("period", desk.office, "2018Q1", "--open", "--due", "2018-04-20")["due"] == "2018-04-20"
        assert refused("period", desk.office, "2018Q5", "--open").error == "bad_period"
        assert refused("period", desk.office, "2018Q2", "--close").error == "unknown_period"
        do("period", desk.office, "2018Q1", "--close")
        assert do("period", desk.office, "2018Q1", "--open")["closed"] is False
        do("period", desk.office, "2017H2", "--open")
        assert do("matrix", desk.office)["period"] == "2018Q1"
        assert do("gauges", desk.office)["on"] == "2018-03-31"
        assert do("gauges", desk.office, "--on", "2018-06-30")["on"] == "2018-06-30"


def test_the_matrix_as_of_a_later_day_names_and_joins_units(desk: Desk) -> None:
    with desk.at("office"):
        then = {u["id"]: u["name"] for u in do("matrix", desk.office)["units"]}
        later = {u["id"]: u["name"] for u in do("matrix", desk.office, "--as-of", "2018-12-31")["units"]}
    assert len(then) == 17
    assert then["nyj"] == "区农业局"
    assert later["nyj"] == "区农业农村局"
    assert set(then) - set(later) == {"dsj", "jkqdsj"}


def test_people_read_sentences(desk: Desk) -> None:
    with desk.at("office"):
        code, out, err = plain("matrix", desk.office)
        assert code == 0
        assert "争创国家级、省级创新园区基地" in out
        assert err == ""
        code, out, err = plain("hand-out", desk.office, "没有的局", desk.path("x.gzcopy"))
        assert (code, out) == (3, "")
        assert err.startswith("没有叫“没有的局”的单位")


@pytest.mark.parametrize("unit", ["kjj", "区科技局", "科技局"])
def test_a_unit_by_any_of_its_names(desk: Desk, unit: str) -> None:
    with desk.at("office"):
        assert do("form", desk.office, "--unit", unit)["unit"] == "kjj"
