"""合入：一个季度 17 份副本；200 份副本共 20 万条改动；一条记录改 2 万次。

Peers, all on the same rows in the same run:

- openpyxl, quickest way: 17 workbooks (a sheet of matters, a sheet of register entries, bare cells) read with
  `read_only` and written into one with `write_only`.  It checks nothing and keeps no history.
- openpyxl, ordinary way: 17 workbooks of the same rows as this program itself writes them (heading, looks, hidden
  keys), read with `load_workbook(file)` and their values appended to a `Workbook()`, as an office's own script would.
- the bare loop: one process, one connection.  For each copy it reads the whole file and hashes it, then row by row
  reads an operation, compares its SHA-256 with the id, parses the JSON, writes it again and compares (canonical),
  checks the Ed25519 signature, inserts the operation, and for each revision computes the record id and inserts the
  two rows the projection has for it (`p_revision`, `p_record`), all in one transaction with synchronous=FULL.  It
  knows no certificates, parents, kinds or fields, no earlier state, no limits, no preview, no backup before.
- the same loop without the rows of the projection.
- `INSERT … SELECT` of the operations out of each attached copy: nothing is checked.
"""

import hashlib
import json
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

from tests.bench.common import ROOT, Place, median, say
from tests.bench.common_ledgers import Office, entry, words

_MERGE = """
import resource, sys, time
from pathlib import Path
from ganzhou_desktop.services import ledgers, merging
ledger = ledgers.open_ledger(Path(sys.argv[1]))
files = [Path(name) for name in sys.argv[2:]]
began = time.perf_counter()
done = merging.merge(ledger, files)
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
assert done.done and not done.refused
ledger.close()
"""


def run(place: Place) -> None:
    quarter(place.folder / "forms", entries=0)
    quarter(place.folder / "registers", entries=100)
    quarter(place.folder / "large", entries=max(100, int(1000 * place.size)))
    quarter(place.folder / "imported", entries=max(100, int(1000 * place.size)), together=500)
    many(place.folder / "many", copies=max(4, int(200 * place.size)), revisions=1000)
    one_record(place.folder / "one", revisions=max(100, int(20_000 * place.size)))


def quarter(folder: Path, entries: int, together: int = 9) -> None:
    """17 one-quarter copies of filled forms (and some register rows) into a fresh office ledger, trusting every PC.

    `together`: rows an operation; a workbook's are taken in as one of at most 500.
    """
    from ganzhou_desktop.domain.filings import Answer
    from ganzhou_desktop.services import filing, ledgers, merging

    office = Office.new(folder)
    copies, codes, rows = [], [], []
    for unit in office.units():
        mine = office.join(unit, unit)
        form = filing.form_state(mine, unit, "2018Q1").form
        answers = [Answer("progress", *(words(office.rng, n) for n in (150, 40, 60))) for _ in form.matters]
        form = replace(form, matters=tuple(replace(m, answer=a) for m, a in zip(form.matters, answers, strict=True)))
        filing.submit(mine, form)
        if entries:
            office.write_entries(mine, entries, together)
        codes.append(mine.code())
        copies.append(office.leave(mine, unit))
        matters = [["2018Q1", unit, m.task, *astuple(m.answer)] for m in form.matters]
        rows.append((matters, [list(entry(office.rng).values()) for _ in range(entries)]))

    def merge() -> float:
        ledger = office.fresh("fresh")
        began = time.perf_counter()
        done = merging.merge(ledger, copies, trust=codes)
        seconds = time.perf_counter() - began
        assert done.done
        assert not done.refused
        ledger.close()
        return seconds

    merge()
    what = f"17 份一季度副本（{sum(len(m) for m, _ in rows)} 项"
    what += f"、登记 {17 * entries} 条，{together} 条一步）" if entries else "）"
    ledger = ledgers.open_ledger(office.path)
    say(f"预览 {what}", median(lambda: merging.merge(ledger, copies, dry_run=True, trust=codes)))
    ledger.close()
    seconds = statistics.median(merge() for _ in range(5))
    say(f"合入 {what}", seconds, "openpyxl 汇总 17 个工作簿，最快的读写法、只有值的格子", _quickest(folder, rows))
    say("  同一次合入", seconds, "openpyxl 汇总本程序写的 17 个同样内容的工作簿，平常的读写法", _ordinary(folder, rows))


_Rows = Sequence[tuple[list[list[Any]], list[list[Any]]]]
"""Of each unit: rows of matters, rows of the register."""


def _quickest(folder: Path, rows: _Rows) -> float:
    from openpyxl import Workbook, load_workbook

    files = []
    for number, sheets in enumerate(rows):
        book = Workbook(write_only=True)
        for name, content in zip(("填报", "登记"), sheets, strict=True):
            sheet = book.create_sheet(name)
            for row in content:
                sheet.append(row)
        files.append(folder / f"{number}.xlsx")
        book.save(files[-1])

    def consolidate() -> None:
        out = Workbook(write_only=True)
        sheets = {name: out.create_sheet(name) for name in ("填报", "登记")}
        for file in files:
            book = load_workbook(file, read_only=True)
            for name, sheet in sheets.items():
                for row in book[name].iter_rows(values_only=True):
                    sheet.append(row)
            book.close()
        out.save(folder / "all.xlsx")

    return median(consolidate, runs=3)


def _ordinary(folder: Path, rows: _Rows) -> float:
    from openpyxl import Workbook, load_workbook

    from ganzhou_desktop.documents.values import Column, Row, Sheet
    from ganzhou_desktop.documents.workbook_writing import write_workbook

    def sheet_of(name: str, content: list[list[Any]]) -> Sheet:
        columns = tuple(Column(f"c{n}", f"第{n + 1}栏") for n in range(max(map(len, content), default=1)))
        keyed = tuple(Row(tuple(row), id=f"{n:032x}") for n, row in enumerate(content))
        return Sheet(name, f"一季度{name}表", columns, keyed, key_scope="bench")

    files = []
    for number, sheets in enumerate(rows):
        files.append(folder / f"{number}-ours.xlsx")
        write_workbook(files[-1], [sheet_of(*named) for named in zip(("填报", "登记"), sheets, strict=True)])

    def consolidate() -> None:
        out = Workbook()
        out.remove(out.active)
        sheets = {name: out.create_sheet(name) for name in ("填报", "登记")}
        for file in files:
            book = load_workbook(file)
            for name, sheet in sheets.items():
                for row in book[name].iter_rows(values_only=True):
                    sheet.append(row)
        out.save(folder / "all-ours.xlsx")

    return median(consolidate, runs=3)


def many(folder: Path, copies: int, revisions: int) -> None:
    """Copies of as many PCs, each with rows of a register in operations of nine; half of them, then all."""
    office = Office.new(folder)
    units = office.units()
    files, sites = [], []
    for number in range(copies):
        unit = units[number % len(units)]
        mine = office.join(unit, f"pc{number}")
        office.write_entries(mine, revisions, 9)
        sites.append((unit, mine.journal.site))
        files.append(office.leave(mine, f"pc{number}"))
    office.trust(sites)
    half, _ = _merged(office, files[: copies // 2])
    seconds, memory = _merged(office, files)
    bare = _timed(lambda: _bare(office, files, rows=True))
    say(f"合入 {copies} 份副本共 {copies * revisions} 条改动", seconds, "裸循环", bare)
    say("  只插入日志的裸循环", _timed(lambda: _bare(office, files, rows=False)))
    say("  INSERT … SELECT", _timed(lambda: _select(office, files)))
    flat = (seconds / copies) / (half / (copies // 2))
    print(f"  内存最多 {memory / 1024:.0f} MB；副本加倍，每份的耗时是原来的 {flat:.2f} 倍", flush=True)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _merged(office: Office, files: Sequence[Path]) -> tuple[float, float]:
    """Seconds, and the most memory (kB), of a merge in a process of its own."""
    office.fresh("merged").close()
    given = [sys.executable, "-c", _MERGE, str(office.folder / "merged.gzdb"), *map(str, files)]
    done = subprocess.run(given, capture_output=True, text=True, check=True, cwd=ROOT)
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _bare(office: Office, files: Sequence[Path], *, rows: bool) -> None:
    from nacl.signing import VerifyKey

    office.fresh("bare").close()
    target = sqlite3.connect(office.folder / "bare.gzdb", isolation_level=None)
    target.execute("PRAGMA synchronous = FULL")
    target.execute("PRAGMA cache_size = -32768")
    held = {i for (i,) in target.execute("SELECT id FROM operation")}
    (seq,) = target.execute("SELECT max(seq) FROM operation").fetchone()
    target.execute("BEGIN IMMEDIATE")
    for file in files:
        hashlib.sha256(file.read_bytes()).hexdigest()
        source = sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)
        for i, data, signature in source.execute("SELECT id, bytes, signature FROM operation"):
            if i in held:
                continue
            assert hashlib.sha256(data).hexdigest() == i
            text = data.decode()
            value = json.loads(text)
            assert _canonical(value) == text
            key = VerifyKey(bytes.fromhex(value["site"]))
            key.verify(b"gz-operation-1\n" + data, signature)
            seq += 1
            target.execute(
                "INSERT INTO operation (seq, id, scope, bytes, signature, step) VALUES (?, ?, ?, ?, ?, 1)",
                (seq, i, value["scope"], data, signature),
            )
            for position, revision in enumerate(value["revisions"] if rows else ()):
                place = [value["ledger"], value["scope"], revision["kind"], revision["key"]]
                record = hashlib.sha256(_canonical(place).encode()).hexdigest()[:32]
                write = f"{i}.{position}"
                origin = [[[[write], value["at"], value["author"], value["site"], 0]], {}]
                target.execute("INSERT INTO p_revision VALUES (?, ?, ?)", (seq, position, record))
                target.execute(
                    "INSERT INTO p_record VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, ?, ?)",
                    (
                        record,
                        value["scope"],
                        revision["kind"],
                        revision["key"],
                        revision["set"]["register"],
                        _canonical([write]),
                        _canonical(revision["set"]),
                        _canonical(origin),
                    ),
                )
        source.close()
    target.execute("COMMIT")
    target.close()


def _select(office: Office, files: Sequence[Path]) -> None:
    office.fresh("select").close()
    target = sqlite3.connect(office.folder / "select.gzdb", isolation_level=None)
    target.execute("PRAGMA synchronous = FULL")
    for file in files:
        target.execute("ATTACH ? AS copy", (str(file),))
        target.execute(
            "INSERT OR IGNORE INTO operation (id, scope, bytes, signature, step)"
            " SELECT id, 'x', bytes, signature, 1 FROM copy.operation"
        )
        target.execute("DETACH copy")
    target.close()


def one_record(folder: Path, revisions: int) -> None:
    """One record written again and again: on top of itself, and by two PCs beside each other without end."""
    from ganzhou_desktop.domain.operations import Revision, compose
    from ganzhou_desktop.services import merging

    for beside in (False, True):
        office = Office.new(folder / str(beside))
        unit = office.units()[0]
        mine = office.join(unit, "pc")
        pair, key = mine.key(), "0" * 32
        heads: list[tuple[str, ...]] = [(), ()]
        signed = []
        for number in range(revisions):
            line = number % 2 if beside else 0
            operation = compose(
                ledger=mine.id,
                scope=unit,
                site=pair.site,
                act=f"{number:032x}",
                author="张某",
                at="2018-04-02T01:00:00Z",
                title="改",
                revisions=(Revision("entry", key, heads[line], {"register": "bench", "note": f"第 {number} 次"}),),
            )
            heads[line] = (operation.revision_id(0),)
            signed.append((operation, pair.sign(operation.signed_bytes)))
        with mine.journal.writing(at=mine.now(), what="write", nature="edit", title="改") as writing:
            writing.insert(signed)
        office.trust([(unit, pair.site)])
        copy = office.leave(mine, "pc")
        ledger = office.fresh("merged")
        seconds = _timed(lambda ledger=ledger, copy=copy: merging.merge(ledger, [copy], large=[copy]))  # type: ignore[misc]
        say(f"合入一条记录的 {revisions} 次改动{'，两边各改各的' if beside else ''}", seconds)
        ledger.close()
