"""Every format version: its saved files open, verify, merge and say what they said; a stranger reads them by the document."""

import gzip
import json
import shutil
from pathlib import Path
from random import Random

import pytest

from ganzhou_desktop.domain import operations
from ganzhou_desktop.domain.canonical import form_code, ledger_code, site_code
from ganzhou_desktop.services import exchange, ledgers, merging
from ganzhou_desktop.services.ledgers import Ledger
from ganzhou_desktop.store.journal import Change
from tests.laws import histories
from tests.laws import world as worlds
from tests.laws.world import World
from tests.ledgers import stranger

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
VERSIONS = sorted((p for p in HERE.glob("v[0-9]*")), key=lambda p: int(p.name[1:]))
COPIES = [f"{v.name}/{name}" for v in VERSIONS for name in ("handout.gzcopy", "unit.gzcopy")]


def unpacked(folder: Path, name: str) -> Path:
    path = folder / name.replace("/", "-")
    path.write_bytes(gzip.decompress((HERE / f"{name}.gz").read_bytes()))
    return path


def says_the_same(ledger: Ledger, read: dict[tuple[str, str, str], stranger.Record]) -> None:
    """What the program shows of every record is what the stranger reads."""
    rows = ledger.journal.records(sorted({kind for _, kind, _ in read}))
    assert {(r.scope, r.kind, r.key) for r in rows} == {place for place, r in read.items() if r.fields}
    for row in rows:
        theirs = read[row.scope, row.kind, row.key]
        assert sorted(row.heads) == theirs.heads
        assert {n: (f.value, f.contested) for n, f in row.fields.items()} == theirs.fields
        assert (row.deleted, row.deletion_contested) == (theirs.deleted, theirs.deletion_contested)


def test_every_format_version_has_its_files() -> None:
    assert [v.name for v in VERSIONS] == [f"v{n}" for n in range(1, operations.FORMAT + 1)]
    for version in VERSIONS:
        assert sum(f.stat().st_size for f in version.iterdir()) <= 400_000


@pytest.mark.parametrize("version", [v.name for v in VERSIONS])
def test_a_saved_ledger_opens_verifies_and_merges(version: str, tmp_path: Path) -> None:
    ledger = ledgers.open_ledger(unpacked(tmp_path, f"{version}/office.gzdb"))
    before = ledger.journal.heads()
    assert ledgers.verify(ledger).ok
    ledgers.rebuild(ledger)
    assert ledgers.verify(ledger).ok
    assert ledger.journal.heads() == before
    assert ledger.plan().responsible_units
    assert merging.merge(ledger, [unpacked(tmp_path, f"{version}/handout.gzcopy")]).packages[0].verdict == "known"
    merged = merging.merge(ledger, [unpacked(tmp_path, f"{version}/unit.gzcopy")])
    assert merged.done
    assert ledgers.verify(ledger).ok
    ledger.close()


@pytest.mark.parametrize("version", [v.name for v in VERSIONS])
def test_operations_of_an_older_format_have_the_same_fields(version: str, tmp_path: Path) -> None:
    """Parsed by this program: kind, key, parents and fields are those in the bytes, the format is kept."""
    _, held, _ = stranger.read_copy(unpacked(tmp_path, f"{version}/unit.gzcopy"))
    for wanted, value in held.items():
        data = stranger.canonical(value)
        parsed = operations.parse(data)
        assert parsed.id == wanted
        assert [
            {"kind": r.kind, "key": r.key, "parents": list(r.parents), "set": dict(r.set)} for r in parsed.revisions
        ] == value["revisions"]
    assert {v["format"] for v in held.values()} <= set(range(1, int(version[1:]) + 1))


@pytest.mark.parametrize("version", [v.name for v in VERSIONS])
def test_a_saved_ledger_says_what_it_said(version: str, tmp_path: Path) -> None:
    """fields.json was written by the program of that format: every value of every record."""
    said = json.loads(gzip.decompress((HERE / version / "fields.json.gz").read_bytes()))
    ledger = ledgers.open_ledger(unpacked(tmp_path, f"{version}/office.gzdb"), writer=False)
    kinds = sorted({place.split("|")[1] for place in said})
    now = {f"{r.scope}|{r.kind}|{r.key}": r.values() for r in ledger.journal.records(kinds)}
    ledger.close()
    assert now == said


@pytest.mark.parametrize("name", COPIES)
def test_a_stranger_reads_a_saved_copy(name: str, tmp_path: Path) -> None:
    file = unpacked(tmp_path, name)
    manifest, held, proof = stranger.read_copy(file)
    ledger = exchange.join(unpacked(tmp_path, f"{name.split('/')[0]}/handout.gzcopy"), tmp_path / "joined.gzdb")
    if "unit" in name:
        assert merging.merge(ledger, [file]).done
    both = {o.id for o in ledger.journal.operations()}
    assert set(held) <= both
    if "handout" in name:
        says_the_same(ledger, stranger.records(held))
        assert ledger.journal.heads() == manifest["heads"] == stranger.heads(held)
    else:
        assert {digest for _, digest in proof} <= {digest for _, digest in ledger.journal.proof_hashes()}
    ledger.close()


def test_a_stranger_reads_what_is_written_today(tmp_path: Path) -> None:
    """A history of five PCs with its cases and deletions, as one copy: record by record the same."""
    folder = worlds.fast_folder("stranger")
    random = Random(7)
    base = World(folder).begin()
    with worlds.world_of(base) as world:
        for _ in range(150):
            histories.step(world, random)
        seat, other = world.pcs["one"], world.pcs["two"]
        for pc in (seat, other):  # at the least one case and one deletion
            pc.act("登记", "ab", Change("entry", "8" * 32, {"name": pc.name}))
            pc.act("登记", "cd", Change("entry", "9" * 32, {"name": "同"}))
        seat.act("删去", "cd", Change("entry", "a" * 32, {"name": "甲"}))
        seat.act("删去", "cd", Change("entry", "a" * 32, {"deleted": True}))
        world.copies.append(worlds.Copy(other.export(world.file()), "two", ""))
        mine = [c.file for c in world.copies if c.by != "one"]
        worlds.merge(world, seat, *mine)
        manifest, held, _ = stranger.read_copy(seat.export(world.file()))
        read = stranger.records(held)
        says_the_same(seat.ledger, read)
        assert any(contested for r in read.values() for _, contested in r.fields.values()), "there are cases in it"
        assert any(r.deleted for r in read.values()), "there are deletions in it"
        assert stranger.code("gz-ledger-1", manifest["ledger"]) == ledger_code(manifest["ledger"])
        assert stranger.code("gz-site-1", manifest["ledger"], "all", manifest["site"]) == seat.ledger.code()
        assert site_code(manifest["ledger"], "all", manifest["site"]) == seat.ledger.code()
        filed = next(i for i, o in held.items() if "filed" in o["revisions"][0]["set"])
        assert stranger.code("gz-form-1", filed) == form_code(filed)
        assert seat.ledger.journal.site in stranger.trusted(manifest["ledger"], held)
    shutil.rmtree(folder)


def test_the_worked_example_is_right() -> None:
    """Every line of the example in the document, worked out by the stranger."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    text = (ROOT / "docs" / "ledger-format.md").read_text("utf-8").split("## Worked example")[1]
    said = dict(line.removeprefix("- ").split(": `", 1) for line in text.splitlines() if line.startswith("- "))
    said = {name: value.removesuffix("`") for name, value in said.items()}
    secret = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    key = secret.public_key().public_bytes_raw()
    data = said["bytes"].encode()
    operation = stranger.parse(data)
    ledger = stranger.sha256(b"gz-ledger-1\n" + key + bytes(16))
    wanted = stranger.sha256(data)
    assert operation["format"] == operations.FORMAT
    assert said == {
        "founding public key": key.hex(),
        "ledger id": ledger,
        "bytes": said["bytes"],
        "operation id": wanted,
        "revision id": f"{wanted}.0",
        "record id": stranger.sha256(stranger.canonical([ledger, "all", "ledger", "ledger"]))[:32],
        "signature": secret.sign(b"gz-operation-1\n" + data).hex(),
        "heads": stranger.heads({wanted: operation}),
        "ledger code": stranger.code("gz-ledger-1", ledger),
        "site code": stranger.code("gz-site-1", ledger, "all", key.hex()),
        "form code": stranger.code("gz-form-1", wanted),
    }
