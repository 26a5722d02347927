"""Histories of the world of the laws: who does what at random, and the laws that hold at every step.

A new kind of thing that people do joins by one line in `ACTIONS`.
"""

from random import Random

from ganzhou_desktop.domain.records import DELETED
from tests.laws import people, trusting
from tests.laws.world import Account, World, at_work

ACTIONS: dict[str, tuple[people.Action, float, bool]] = {
    "look": (people.look, 2, False),
    "type": (people.type_in, 4, False),
    "adopt": (people.adopt, 1, False),
    "submit": (people.submit, 6, False),
    "withdraw": (people.withdraw, 2, False),
    "second thoughts": (people.second_thoughts, 1, False),
    "entry": (people.entry, 4, False),
    "delete": (people.delete, 1, False),
    "contact": (people.contact, 1.5, False),
    "application": (people.application, 1.5, False),
    "answer": (people.answer, 3, True),
    "period": (people.period, 1.5, True),
    "figure": (people.figure, 1.5, True),
    "decide": (people.decide, 1, False),
    "clock": (people.clock, 1, False),
    "send": (people.send, 2, False),
    "receive": (people.receive, 5, False),
    "pass on": (people.pass_on, 6, False),
    "save": (people.save, 1, False),
    "restore": (people.restore, 0.5, False),
    "new pc": (trusting.new_pc, 0.4, True),
    "account": (trusting.new_account, 0.3, False),
    "stop": (trusting.stop_or_lift, 0.6, True),
}
"""Name → what to do, how often, whether only seats do it."""


def step(world: World, random: Random) -> Account:
    """One person does one thing, at the PC returned.  The laws of what he may write and which cases may move hold.

    Nothing is written but what he typed.  A case is closed only where he typed; it opens only where he did so on top
    of an older state; and where copies came or went, both only where these wrote.
    """
    pc = world.pcs[random.choice(sorted(world.pcs))]
    at_work(world, pc)
    names = [name for name, (_, _, seats) in ACTIONS.items() if not pc.unit or not seats]
    (name,) = random.choices(names, [ACTIONS[n][1] for n in names])
    world.log.append(f"{pc.name}: {name}")
    before, cases = world.ids(pc), world.cases(pc)
    for operation in before:
        world.writes(pc, operation)  # what it writes is known when it is taken out
    world.typed, world.opens, world.moved = set(), set(), False
    ACTIONS[name][0](world, pc, random)
    after, now = world.ids(pc), world.cases(pc)
    if world.moved:
        touched = {place for o in before ^ after for place in world.writes(pc, o)}
        rows = {f"{place.partition(':')[0]}:{DELETED}" for place in touched}
        assert cases ^ now <= touched | rows, "a case moved where nobody wrote"
        return pc
    assert before <= after
    for operation in after - before:
        assert world.writes(pc, operation) <= world.typed, "what nobody typed is written"
        world.deeds[operation] = frozenset(world.typed)
    assert cases - now <= world.typed, "a case is closed by editing another field"
    assert now - cases <= world.opens, "a case opened by itself"
    return pc
