"""Makes tests/ledgers/vN for the format this program writes: an office's ledger, a hand-out, a unit's copy, what they say.

Run once before a format is released; from then on the files stay.  They are kept compressed: a megabyte becomes a
quarter of one.  (v1 was made by the program of that time; only its fields.json was written later.)

    python tests/ledgers/make.py      (in the environment of `dev.py setup`, from the checkout)

Real plan, invented names.  Keys are drawn from a fixed seed, so that only SQLite's own bytes may differ.
"""

import gzip
import json
import os
import random
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from ganzhou_desktop import paths  # noqa: E402
from ganzhou_desktop.domain.kinds import KINDS  # noqa: E402
from ganzhou_desktop.domain.operations import FORMAT  # noqa: E402
from ganzhou_desktop.services import backups, exchange, ledgers, merging, periods  # noqa: E402
from ganzhou_desktop.services.plan_files import read_plan  # noqa: E402
from ganzhou_desktop.store import keys  # noqa: E402
from ganzhou_desktop.store.journal import Change  # noqa: E402
from tests.store.kit import Clock, answer  # noqa: E402

OUT = Path(__file__).resolve().parent / f"v{FORMAT}"
UNIT = "fgw"


def main() -> None:
    drawn = random.Random(1)  # the keys of a test file protect nothing
    keys.new_key = lambda: keys._pair(drawn.randbytes(32))
    ledgers.secrets.token_bytes = drawn.randbytes
    ledgers.secrets.token_hex = lambda size: drawn.randbytes(size).hex()
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    folder, clock = Path(tempfile.mkdtemp()), Clock()
    os.environ["GANZHOU_HOME"] = str(folder / "office-home")
    plan = read_plan(paths.plan_file("ganzhou-2017.toml"))
    office, _ = ledgers.new_ledger(folder / "office.gzdb", plan, clock=clock, author="张某", pc="办公室")
    periods.open_period(office, "2018Q1", date(2018, 4, 5))
    exchange.hand_out(office, UNIT, folder / "start.gzcopy")
    os.environ["GANZHOU_HOME"] = str(folder / "unit-home")
    unit = exchange.join(folder / "start.gzcopy", folder / "unit.gzdb", clock=clock, author="王某")
    matter = plan.matters_of(UNIT)[0].lower()
    data = "%PDF-1.4 演示佐证".encode()
    digest = unit.journal.keep_proof(UNIT, data)
    unit.act(
        "提交",
        {
            UNIT: [
                Change(
                    "profile", "profile", {"head": "李某", "reviewer": "赵某", "clerk": "王某", "phone": "0936-0000000"}
                ),
                Change(
                    "submission",
                    "2018Q1",
                    {
                        matter: answer("走访甲禾种业等企业 3 家"),
                        f"proof/{matter}/{digest}": {"name": "纪要.pdf", "size": len(data), "kind": "pdf"},
                        "filed": {"round": 1, "mode": "unit", "source": "", "names": None},
                    },
                ),
                Change("entry", "0" * 32, {"name": "甲禾种业", "note": "一户"}),
                Change(
                    "entry",
                    "1" * 32,
                    {
                        "register": plan.registers[0].id,
                        "name": "甲禾种业",
                        f"proof/{digest}": {"name": "纪要.pdf", "size": len(data), "kind": "pdf"},
                    },
                ),
                Change(
                    "application",
                    "2" * 32,
                    {
                        "beneficiary": "甲禾种业",
                        "title": "高新技术企业认定奖补",
                        "year": 2018,
                        "step/applied": {
                            "result": "done",
                            "on": "2018-04-02",
                            "due": None,
                            "number": "甘科〔2018〕1号",
                            "who": "王某",
                            "note": "",
                        },
                        "amount/applied": {"value": "10.5", "on": "2018-04-02", "payer": "区财政局", "number": ""},
                    },
                ),
            ]
        },
    )
    exchange.export(unit, folder / "first.gzcopy")
    os.environ["GANZHOU_HOME"] = str(folder / "office-home")
    assert merging.merge(office, [folder / "first.gzcopy"], trust=[unit.code()]).done
    filing = office.journal.records(["submission"])[0].fields["filed"].operation
    office.act(
        "接收",
        {
            UNIT: [
                Change(
                    "review",
                    f"2018Q1/{filing}",
                    {"verdict": {"result": "accept", "reason": ""}, "received": "2018-04-04"},
                ),
                Change("entry", "0" * 32, {"note": "区里改"}),
            ]
        },
    )
    office.act("改申报", {UNIT: [Change("application", "2" * 32, {"note": "区里核过"})]})
    office.act("删一条", {UNIT: [Change("entry", "1" * 32, {"deleted": True})]})
    backups.backup(office, folder / "backup.gzdb")
    exchange.hand_out(office, UNIT, folder / "handout.gzcopy")
    os.environ["GANZHOU_HOME"] = str(folder / "unit-home")
    unit.act("改", {UNIT: [Change("entry", "0" * 32, {"note": "单位改", "name": "乙泉食品"})]})
    exchange.export(unit, folder / "unit.gzcopy", all_proof=True)
    for ledger in (office, unit):
        ledger.close()
    write_fields(folder / "backup.gzdb", OUT)
    for made, name in (("backup.gzdb", "office.gzdb"), ("handout.gzcopy", ""), ("unit.gzcopy", "")):
        (OUT / f"{name or made}.gz").write_bytes(gzip.compress((folder / made).read_bytes(), mtime=0))
    shutil.rmtree(folder)


def write_fields(ledger: Path, out: Path) -> None:
    """What every record of a ledger says, for the programs to come."""
    opened = ledgers.open_ledger(ledger, writer=False)
    said = {f"{r.scope}|{r.kind}|{r.key}": r.values() for r in opened.journal.records(list(KINDS))}
    opened.close()
    data = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
    (out / "fields.json.gz").write_bytes(gzip.compress(data, mtime=0))


if __name__ == "__main__":
    main()
