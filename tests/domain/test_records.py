"""The state of a record against its definition, word by word, on random histories."""

import time
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from ganzhou_desktop.domain.canonical import encode
from ganzhou_desktop.domain.records import DELETED, History, Write

FIELDS = ("name", "note", DELETED)


@st.composite
def histories(draw: st.DrawFn) -> list[Write]:
    """Revisions whose parents are the heads of some earlier view, or any earlier ones."""
    writes: list[Write] = []
    for number in range(draw(st.integers(1, 9))):
        earlier = [w.id for w in writes]
        parents = tuple(sorted(draw(st.sets(st.sampled_from(earlier), max_size=3)))) if earlier else ()
        names = draw(st.sets(st.sampled_from(FIELDS), min_size=1, max_size=2))
        fields = {n: draw(st.sampled_from([True, None] if n == DELETED else ["甲", "乙", None])) for n in sorted(names)}
        at = f"2018-01-01T00:00:0{draw(st.integers(0, 3))}Z"
        writes.append(Write(f"{draw(st.integers(0, 15)):x}{number:063x}.0", at, parents, fields))
    return writes


def ancestors(writes: list[Write], of: str) -> set[str]:
    by_id = {w.id: w for w in writes}
    found: set[str] = set()
    waiting = list(by_id[of].parents)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(by_id[one].parents)
    return found


def candidates(writes: list[Write], name: str) -> list[Write]:
    mine = [w for w in writes if name in w.set]
    return [w for w in mine if not any(w.id in ancestors(writes, other.id) for other in mine)]


@settings(max_examples=150)
@given(histories(), st.randoms(use_true_random=False))
def test_state_is_what_the_law_says_whatever_the_order(writes: list[Write], random: object) -> None:
    state = History(writes).state()
    shuffled = list(writes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert History(shuffled).state() == state
    children = {p for w in writes for p in w.parents}
    assert set(state.heads) == {w.id for w in writes} - children - {
        a for w in writes for p in w.parents for a in ancestors(writes, p)
    }
    for name in {n for w in writes for n in w.set} - {DELETED}:
        wanted = sorted(candidates(writes, name), key=lambda w: (w.at, w.id), reverse=True)
        assert [c.write for c in state.fields[name].candidates] == [w.id for w in wanted]
        assert state.fields[name].value == wanted[0].set[name]
        assert state.fields[name].contested == (len({encode(w.set[name]) for w in wanted}) > 1)


@settings(max_examples=150)
@given(histories())
def test_deleted_holds_only_if_nothing_was_written_beside_it(writes: list[Write]) -> None:
    state = History(writes).state()
    deletes = [w for w in candidates(writes, DELETED) if w.set[DELETED] is True]
    agreed = all(w.set[DELETED] is True for w in candidates(writes, DELETED))

    def alone(delete: Write) -> bool:
        return all(
            w.set.get(DELETED) is True or w.id in ancestors(writes, delete.id) or delete.id in ancestors(writes, w.id)
            for w in writes
        )

    assert state.deleted == (bool(deletes) and agreed and any(alone(d) for d in deletes))
    assert state.deletion_contested == (bool(deletes) and not state.deleted)


@settings(max_examples=100)
@given(histories())
def test_deciding_closes_a_case_and_editing_another_field_does_not(writes: list[Write]) -> None:
    state = History(writes).state()
    open_cases = {n for n, f in state.fields.items() if f.contested} | (
        {DELETED} if state.deletion_contested else set()
    )
    other = Write("e" * 64 + ".0", "2018-02-01T00:00:00Z", state.heads, {"other": "丙"})
    after = History([*writes, other]).state()
    assert {n for n, f in after.fields.items() if f.contested} == open_cases - {DELETED}
    assert (after.deleted, after.deletion_contested) == (state.deleted, state.deletion_contested)
    for case in open_cases:
        for value in [True, None] if case == DELETED else ["甲", None, "第三个"]:
            decided = History(
                [*writes, Write("f" * 64 + ".0", "2017-01-01T00:00:00Z", state.heads, {case: value})]
            ).state()
            if case == DELETED:
                assert (decided.deleted, decided.deletion_contested) == (value is True, False)
            else:
                assert not decided.fields[case].contested
                assert decided.fields[case].value == value


def test_what_both_authors_had_before_them_is_the_base() -> None:
    ids = [f"{n:064x}.0" for n in range(4)]
    first = Write(ids[0], "2018-01-01T00:00:00Z", (), {"name": "原"})
    second = Write(ids[1], "2018-01-02T00:00:00Z", (ids[0],), {"note": "旁"})
    left = Write(ids[2], "2018-01-03T00:00:00Z", (ids[1],), {"name": "左"})
    right = Write(ids[3], "2018-01-04T00:00:00Z", (ids[0],), {"name": "右"})
    history = History([right, left, second, first])
    found = history.candidates("name")
    assert [c.value for c in found] == ["右", "左"]
    assert history.base("name", found) == "原"
    assert history.fields_at([ids[1]]) == {"name": "原", "note": "旁"}
    assert [c.value for c in history.before(ids[3], "name")] == ["原"]


def test_a_long_chain_is_quick() -> None:
    writes = [Write(f"{0:064x}.0", "2018-01-01T00:00:00Z", (), {"name": "0"})]
    for number in range(1, 3000):
        writes.append(Write(f"{number:064x}.0", "2018-01-01T00:00:00Z", (writes[-1].id,), {"name": str(number)}))
    state = History(reversed(writes)).state()
    assert state.heads == (writes[-1].id,)
    assert state.fields["name"].value == "2999"
    history = History(writes)
    assert all(history.ancestor(a.id, b.id) for a, b in pairwise(writes[:50]))


def test_a_record_written_20_000_times_is_quick() -> None:
    """A key that may write can write one record as often as it likes: chains, two lines, and all beside each other."""
    at = "2018-01-01T00:00:00Z"
    count = 20_000
    for step in (1, 2, count):
        writes = []
        for n in range(count):
            parents = (writes[n - step].id,) if n >= step else ()
            fields = {"name": str(n), DELETED: True} if n % 3 == 0 and step == count else {"name": str(n)}
            writes.append(Write(f"{n:064x}.0", at, parents, fields))
        history = History(writes)
        began = time.process_time()
        state = history.state()
        assert len(state.heads) == min(step, count)
        assert len(state.fields["name"].candidates) == min(step, count)
        assert state.fields["name"].value == str(count - 1)
        assert state.deletion_contested == (step == count)
        assert history.fields_at([writes[count // 2].id]) == {
            "name": str(count // 2),
            **({DELETED: True} if step == count and (count // 2) % 3 == 0 else {}),
        }
        assert time.process_time() - began < 20
