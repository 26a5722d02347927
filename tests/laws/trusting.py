"""Whose key speaks: a new PC of a unit, a second account at a PC, 停用 and lifting it, in the world of the laws."""

from random import Random

from ganzhou_desktop.domain.kinds import ALL
from ganzhou_desktop.services import ledgers, sites
from tests.laws.world import Account, Copy, World, at_work

NEW_PC = "new"


def new_pc(world: World, pc: Account, random: Random) -> None:
    """A unit gets one more PC, from a hand-out; nobody has compared its code yet."""
    if NEW_PC in world.pcs:
        return
    unit = random.choice(("ab", "ab", "cd"))
    copy = pc.hand_out(unit, world.file())
    world.copies.append(Copy(copy, pc.name, unit))
    world.remember(pc, unit)
    made = world.pcs[NEW_PC] = Account(world.folder, NEW_PC, unit)
    made.join(copy)
    made.key()
    world.newcomers.add(made.ledger.code())


def new_account(world: World, pc: Account, random: Random) -> None:
    """Somebody else signs in to Windows at this PC and works in the same ledger."""
    name = "account"
    if name in world.pcs:
        return
    made = world.pcs[name] = Account(world.folder, name, pc.unit, at=pc)
    if pc.unit:
        made.key()
        world.newcomers.add(made.ledger.code())
    else:
        made.do(ledgers.recover, made.ledger, world.recovery, pc=name)
        world.types(made, ALL, "site", made.key().site, {"pc"})


def stop_or_lift(world: World, pc: Account, random: Random) -> None:
    """停用 a PC of a unit, or lift it; mostly they are lifted again soon."""
    known = [s for s in sites.list_sites(pc.ledger) if s.scope != ALL]
    stopped = [s for s in known if s.stopped]
    lift = bool(stopped) and random.random() < 0.7
    site = random.choice(stopped if lift else known)
    world.types(pc, site.scope, "site", site.site, {"stopped"})
    pc.do(sites.stop_site, pc.ledger, site.code, lift=lift)
    if not lift:
        world.stopped.add(site.site)


def everybody_is_trusted(world: World) -> None:
    """Every code is compared and every 停用 lifted at one seat, and all that is honest is taken in: it tells the others."""
    seat = world.pcs["one"]
    at_work(world, seat)
    by_seats = [c.file for c in world.copies if not world.pcs[c.by].unit]
    assert not seat.merge(*by_seats).refused
    for site in sites.list_sites(seat.ledger):
        if site.stopped:
            seat.do(sites.stop_site, seat.ledger, site.code, lift=True)
    rest = [c.file for c in world.copies if world.pcs[c.by].unit]
    codes = [pc.ledger.code() for pc in world.pcs.values() if pc.unit]
    assert not seat.merge(*rest, trust=codes).refused, "an honest copy is refused although everybody is known"
    world.copies.append(Copy(seat.export(world.file()), seat.name, ""))
    world.remember(seat, "")
