"""Random histories of three sites in real files: any order, any grouping, the fast path and computing anew agree."""

import itertools
import random as randomness
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from ganzhou_desktop.domain.canonical import encode
from ganzhou_desktop.domain.operations import Operation, Revision, compose
from ganzhou_desktop.store import projection
from ganzhou_desktop.store.journal import EVERYTHING, Change, Journal
from tests.store import kit

AT = "2018-04-02T01:00:00Z"
LEDGER = "a" * 64
KEYS = [kit.fresh_key() for _ in range(3)]
RECORDS = [("entry", "0" * 32), ("entry", "1" * 32), ("submission", kit.PERIOD)]

steps = st.lists(
    st.tuples(
        st.sampled_from(["write", "write", "stale", "delete", "sync", "sync"]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.sampled_from(["1", "2"]),
        st.sampled_from(["甲", "乙"]),
    ),
    min_size=3,
    max_size=14,
)


class Site:
    """A PC as far as the journal knows it: what it holds, and the heads it saw some time ago."""

    def __init__(self, number: int) -> None:
        self.pair = KEYS[number]
        self.held: dict[str, Operation] = {}
        self.seen: dict[tuple[str, str], tuple[str, ...]] = {}

    def heads(self, record: tuple[str, str]) -> tuple[str, ...]:
        mine = [
            (o.revision_id(n), r)
            for o in self.held.values()
            for n, r in enumerate(o.revisions)
            if (r.kind, r.key) == record
        ]
        parents = {p for _, r in mine for p in r.parents}
        return tuple(sorted(i for i, _ in mine if i not in parents))


def history(actions: list[tuple[str, int, int, str, str]]) -> dict[str, Operation]:
    """Every operation that these actions write."""
    sites = [Site(n) for n in range(3)]
    for number, (what, who, record_number, field, value) in enumerate(actions):
        site, record = sites[who], RECORDS[record_number]
        if what == "sync":
            other = sites[(who + 1 + record_number % 2) % 3]
            site.seen.update({r: site.heads(r) for r in RECORDS})
            site.held.update(other.held)
            continue
        parents = site.seen.get(record, ()) if what == "stale" else site.heads(record)
        if what == "delete" and record[0] == "entry":
            fields: dict[str, object] = {"deleted": True}
        else:
            fields = filed(field, value) if record[0] == "submission" else {field: value}
        operation = compose(
            ledger=LEDGER,
            scope="ab",
            site=site.pair.site,
            act=f"{number:032x}",
            author="",
            at=f"2018-04-02T01:00:0{number % 3}Z",
            title="",
            revisions=(Revision(*record, parents, fields),),
        )
        site.held[operation.id] = operation
    found = {i: o for site in sites for i, o in site.held.items()}
    return dict(sorted(found.items(), key=lambda item: item[1].act))  # as they were written: parents first


FILED = {"round": 1, "mode": "unit", "source": "", "names": dict.fromkeys(("head", "reviewer", "clerk", "phone"), "")}


def filed(field: str, value: str) -> dict[str, object]:
    """An answer; a number that is given or taken back, beside what the registers made of it; filed or withdrawn."""
    return {
        field: kit.answer(value),
        "a": {"甲": "3", "乙": None}[value] if field == "1" else "0.5",
        "a.counted": "7",
        f"{field}b": {"甲": "-2", "乙": "12"}[value],
        "filed": None if (field, value) == ("2", "乙") else FILED,
    }


def fill(path: Path, groups: list[list[Operation]]) -> Journal:
    journal = Journal.create(path, ledger=LEDGER, holds=EVERYTHING, site=KEYS[0].site)
    pair = {k.site: k for k in KEYS}
    for group in groups:
        with journal.writing(at=AT, what="merge", nature="merge", title="") as writing:
            writing.insert([kit.signed(o, pair[o.site]) for o in group])
    return journal


def dumped(journal: Journal) -> list[tuple[object, ...]]:
    with journal.reading() as connection:
        return projection.dump(connection)


@settings(max_examples=25)
@given(steps, st.integers(0, 2**32))
def test_any_order_and_grouping_gives_the_same_dump(actions: list[tuple[str, int, int, str, str]], seed: int) -> None:
    operations = list(history(actions).values())
    if not operations:
        return
    random = randomness.Random(seed)
    dumps = []
    with TemporaryDirectory() as folder:
        for turn in range(3):
            order = list(operations)
            if turn:
                random.shuffle(order)
            size = (1, 3, len(order))[turn]
            groups = [order[n : n + size] for n in range(0, len(order), size)]
            journal = fill(Path(folder) / f"{turn}.gzdb", groups)
            dumps.append((journal.heads(), dumped(journal)))
            assert journal.verify() == []
            journal.rebuild()
            assert dumped(journal) == dumps[-1][1]
            if turn == 2:
                agrees_with_histories(journal)
                forgets_exactly(journal, random)
            journal.close()
    assert all(one == dumps[0] for one in dumps)


def agrees_with_histories(journal: Journal) -> None:
    """The fast path's rows are what the whole history says."""
    rows = journal.records(["entry", "submission"])
    with journal.reading() as connection:
        found = projection.histories(connection, [r.id for r in rows])
    for row in rows:
        state = found[row.id][1].state()
        assert row.heads == state.heads
        assert (row.deleted, row.deletion_contested, row.contested) == (
            state.deleted,
            state.deletion_contested,
            state.contested,
        )
        assert {n: (encode(f.value), f.contested, f.writes) for n, f in row.fields.items()} == {
            n: (encode(f.value), f.contested, tuple(c.write for c in f.candidates)) for n, f in state.fields.items()
        }

    numbers = {
        (name, row.scope, row.key): field.value
        for row in rows
        if row.kind == "submission" and row.values().get("filed")
        for name, field in row.fields.items()
        if isinstance(field.value, str) and not name.endswith(".counted")
    }
    kept = [row[1:] for row in dumped(journal) if row[0] == "p_number"]
    assert numbers == {(field, scope, kit.PERIOD): value for field, scope, kit.PERIOD, value in kept}


def forgets_exactly(journal: Journal, random: randomness.Random) -> None:
    """What a merge put in is taken out without a trace."""
    before = (journal.heads(), dumped(journal))
    kind, key = random.choice(RECORDS)
    heads = next((r.heads for r in journal.records([kind], key=key)), ())
    late = compose(
        ledger=LEDGER,
        scope="ab",
        site=KEYS[1].site,
        act="f" * 32,
        author="",
        at=AT,
        title="",
        revisions=(
            Revision(kind, key, heads[:1], {"1": kit.answer("丙") if kind == "submission" else "丙"}),
            Revision("profile", "profile", (), {"head": "丁"}),
        ),
    )
    with journal.writing(at=AT, what="merge", nature="merge", title="") as writing:
        writing.insert([kit.signed(late, KEYS[1])])
        step = writing.step
    assert dumped(journal) != before[1]
    with journal.writing(at=AT, what="undo_merge", nature="undo", title="") as writing:
        writing.take_out(step)
    assert (journal.heads(), dumped(journal)) == before


def test_verify_of_a_branched_history_and_a_spoilt_projection(tmp_path: Path) -> None:
    one, two = (
        compose(
            ledger=LEDGER,
            scope="ab",
            site=pair.site,
            act="0" * 32,
            author="",
            at=AT,
            title="",
            revisions=(Revision("entry", "0" * 32, (), {"name": name}),),
        )
        for pair, name in zip(KEYS[:2], "甲乙", strict=True)
    )
    journal = fill(tmp_path / "x.gzdb", [[one], [two]])
    assert journal.verify() == []
    (row,) = journal.contested()
    assert row.fields["name"].contested
    with journal.engine.begin() as connection:
        connection.exec_driver_sql("""UPDATE p_record SET body = '{"name":"丙"}'""")
    assert len(journal.verify()) == 1
    journal.rebuild()
    assert journal.verify() == []
    journal.close()


def test_many_fields_and_orders_of_equal_values_are_no_case(tmp_path: Path) -> None:
    operations = [
        compose(
            ledger=LEDGER,
            scope="ab",
            site=pair.site,
            act="0" * 32,
            author="",
            at=AT,
            title="",
            revisions=(Revision("entry", "0" * 32, (), {"name": "同"}),),
        )
        for pair in KEYS
    ]
    dumps = []
    for number, order in enumerate(itertools.permutations(operations)):
        journal = fill(tmp_path / f"{number}.gzdb", [[o] for o in order])
        assert journal.contested() == []
        dumps.append(dumped(journal))
        with journal.writing(at=AT, what="write", nature="edit", title="") as writing:
            writing.write(
                KEYS[0],
                scope="ab",
                act="1" * 32,
                author="",
                at=AT,
                title="",
                changes=[Change("entry", "0" * 32, {"name": "新"})],
            )
        assert journal.verify() == []
        journal.close()
    assert all(one == dumps[0] for one in dumps)


def test_a_write_on_top_of_a_case_or_a_deletion_is_computed_anew(tmp_path: Path) -> None:
    """Where the fast path would fit by its parents, but knows too little."""
    journal = Journal.create(tmp_path / "x.gzdb", ledger=LEDGER, holds=EVERYTHING, site=KEYS[0].site)

    def write(number: int, parents: tuple[str, ...] | None, **fields: object) -> str:
        with journal.writing(at=AT, what="write", nature="edit", title="") as writing:
            change = Change("entry", "0" * 32, fields, parents)
            (operation,) = writing.write(
                KEYS[number], scope="ab", act="1" * 32, author="", at=AT, title="", changes=[change]
            )
        assert journal.verify() == []
        return operation.revision_id(0)

    first = write(0, (), name="原", note="原")
    write(0, (first,), name="左", note="左")
    write(1, (first,), name="右", note="右")
    write(2, None, other="旁")
    assert [f.contested for _, f in sorted(journal.contested()[0].fields.items())] == [True, True, False]
    write(2, None, name="定")
    write(2, None, note="定")
    assert journal.contested() == []
    head = write(0, None, deleted=True)
    assert journal.records(["entry"])[0].deleted
    write(1, None, name="删后")
    write(2, (head,), note="删后")
    assert journal.records(["entry"])[0].deleted
    journal.close()


def test_a_projection_of_another_layout_is_made_anew(tmp_path: Path) -> None:
    """Opened for writing it is replaced; opened for reading it is computed beside, and the file stays as it is."""
    (one, *_) = history([("write", 0, 0, "1", "甲")]).values()
    path = tmp_path / "x.gzdb"
    journal = fill(path, [[one]])
    wanted = dumped(journal)
    journal.close()
    old = sqlite3.connect(path)
    old.executescript(
        "DROP TABLE p_record; CREATE TABLE p_record (id TEXT); CREATE TABLE p_field (name TEXT);"
        "DELETE FROM meta WHERE name = 'projection'"
    )
    old.close()
    before = path.read_bytes()
    reader = Journal.open(path, writer=False)
    assert dumped(reader) == wanted
    assert reader.records(["entry"])[0].fields["1"].value == "甲"
    assert reader.verify() == []
    reader.backup(tmp_path / "copy.gzdb")
    reader.close()
    assert path.read_bytes() == before
    for file in (path, tmp_path / "copy.gzdb"):
        writer = Journal.open(file)
        assert dumped(writer) == wanted
        with writer.reading() as connection:
            tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name GLOB 'p_*'").scalars().all()
        assert "p_field" not in tables
        assert len([t for t in tables if "record" in t]) == 5  # the table, three indexes of it, one of p_revision
        writer.close()


def test_bodies_and_counts_are_of_registers_and_not_deleted(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "x.gzdb", ledger=LEDGER, holds=EVERYTHING, site=KEYS[0].site)

    def write(key: str, **fields: object) -> None:
        with journal.writing(at=AT, what="write", nature="edit", title="") as writing:
            change = Change("entry", key * 32, fields)
            writing.write(KEYS[0], scope="ab", act="1" * 32, author="", at=AT, title="", changes=[change])

    write("0", register="r", name="甲")
    write("1", register="r", name="乙")
    write("2", register="s", name="丙")
    write("3", name="丁")
    write("1", deleted=True)
    assert [row.values()["name"] for row in journal.bodies("entry", "r")] == ["甲"]
    assert [row.key[0] for row in journal.bodies("entry")] == ["0", "2", "3"]
    write("2", register="r")
    assert [row.key[0] for row in journal.bodies("entry", "r")] == ["0", "2"]
    assert journal.verify() == []
    journal.close()


def test_records_that_lie_in_another_order_are_the_same(tmp_path: Path) -> None:
    """A projection grown by merges and undos lies otherwise than one computed at once."""
    operations = [
        compose(
            ledger=LEDGER,
            scope="ab",
            site=KEYS[0].site,
            act="0" * 32,
            author="",
            at=AT,
            title="",
            revisions=(Revision("entry", f"{n:032x}", (), {"name": str(n)}),),
        )
        for n in range(40)
    ]
    one, two = fill(tmp_path / "1.gzdb", [operations]), fill(tmp_path / "2.gzdb", [operations[:7]])
    with one.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE p_record SET rowid = -rowid")
    assert one.verify() == []
    with one.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE p_record SET body = '{}' WHERE id = (SELECT max(id) FROM p_record)")
    assert len(one.verify()) == 1
    with one.reading() as mine, two.reading() as theirs:
        assert not projection.same(mine, theirs)
        assert not projection.same(theirs, mine)
    one.close()
    two.close()
