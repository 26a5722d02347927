"""Commands by which a PC gets its ledger, and the list of PCs."""

import argparse
from contextlib import closing
from pathlib import Path

from ganzhou_desktop import paths
from ganzhou_desktop.cli.common import LARGE, reading, scope_name, writing
from ganzhou_desktop.cli.parsing import DONE, Commands, Result, Usage
from ganzhou_desktop.domain.canonical import same_code
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.services import demo, exchange, ledgers, periods, sites
from ganzhou_desktop.services.plan_files import read_plan


def add(commands: Commands) -> None:
    """Add these commands."""
    new = commands.add("new", _new, "按实施方案建新台账（区级汇总）")
    new.add_argument("ledger", type=Path)
    new.add_argument("--office", action="store_true", required=True)
    new.add_argument("--plan", type=Path)
    new.add_argument("--pc", default="")

    join = commands.add("join", _join, "接收下发副本，在本机建立单位的台账")
    join.add_argument("copy", type=Path)
    join.add_argument("ledger", type=Path)
    join.add_argument("--pc", default="")
    join.add_argument("--large", action="store_true", help=LARGE)

    recover = commands.add("recover", _recover, "用恢复单让本机成为区级汇总的电脑")
    recover.add_argument("ledger", type=Path)
    recover.add_argument("code", nargs="+")
    recover.add_argument("--pc", default="")
    recover.add_argument("--from", dest="copy", type=Path, help="没有备份时：从任一单位的副本找回区级台账")
    recover.add_argument("--large", action="store_true", help=LARGE)
    recover.add_argument("--stop", metavar="核对码", default="", help="同时停用原来的一台区级汇总电脑")

    listed = commands.add("sites", _sites, "电脑清单；停用或恢复一台")
    listed.add_argument("ledger", type=Path)
    listed.add_argument("--stop", metavar="核对码")
    listed.add_argument("--lift", metavar="核对码")

    shown = commands.add("demo", _demo, "建一本演示台账")
    shown.add_argument("ledger", type=Path)
    shown.add_argument("--quarters", type=int, default=2)


def _new(options: argparse.Namespace) -> Result:
    plan = read_plan(options.plan or paths.plan_file("ganzhou-2017.toml"))
    ledger, code = ledgers.new_ledger(options.ledger, plan, author=options.author, pc=options.pc)
    with closing(ledger):
        value = {
            "ledger": ledger.id,
            "ledger_code": ledgers.code_of_ledger(ledger),
            "site": ledger.journal.site,
            "code": ledger.code(),
            "recovery": code,
            "plan": plan.document.title,
            "units": len(plan.responsible_units),
            "tasks": len(plan.tasks),
            "heads": ledger.journal.heads(),
        }
    return (
        DONE,
        value,
        [
            f"已建立台账“{options.ledger.name}”：{plan.document.title}",
            f"台账码 {value['ledger_code']}",
            f"恢复单（只显示这一次，请抄下或打印后锁进保险柜）：{code}",
        ],
    )


def _join(options: argparse.Namespace) -> Result:
    ledger = exchange.join(options.copy, options.ledger, author=options.author, pc=options.pc, large=options.large)
    with closing(ledger):
        unit = ledger.plan().unit_by_id[ledger.unit]
        value = {
            "ledger": ledger.id,
            "ledger_code": ledgers.code_of_ledger(ledger),
            "unit": unit.id,
            "name": unit.name,
            "site": ledger.journal.site,
            "code": ledger.code(),
            "heads": ledger.journal.heads(),
        }
    return DONE, value, [f"已建立{unit.name}的台账，台账码 {value['ledger_code']}，本机核对码 {value['code']}"]


def _recover(options: argparse.Namespace) -> Result:
    if options.copy is not None:
        code = " ".join(options.code)
        exchange.revive_office(options.copy, options.ledger, code, pc=options.pc, large=options.large).close()
    with writing(options) as ledger:
        found = [s.site for s in sites.list_sites(ledger) if options.stop == s.site or same_code(options.stop, s.code)]
        if options.stop and not found:
            raise RuleBroken("unknown_site", f"没有核对码是“{options.stop}”的电脑；请在电脑清单里核对。")
        stop = found[0] if found else ""
        code = ledgers.recover(ledger, " ".join(options.code), pc=options.pc, stop=stop)
        site = ledger.journal.site
    return DONE, {"site": site, "code": code}, [f"本机已成为区级汇总的电脑，核对码 {code}"]


def _sites(options: argparse.Namespace) -> Result:
    if options.stop and options.lift:
        raise Usage("--stop 与 --lift 只能写一个")
    changing = options.stop or options.lift
    with writing(options) if changing else reading(options) as ledger:
        if changing:
            sites.stop_site(ledger, changing, lift=bool(options.lift))
        found = sites.list_sites(ledger)
        names = {scope: scope_name(ledger, scope) for scope in {s.scope for s in found}}
    value = [
        {"scope": s.scope, "site": s.site, "code": s.code, "pc": s.pc, "stopped": s.stopped, "here": s.here}
        for s in found
    ]
    return (
        DONE,
        value,
        [
            f"{names[s.scope]}  {s.code}  {s.pc}{'  已停用' if s.stopped else ''}{'  本机' if s.here else ''}"
            for s in found
        ],
    )


def _demo(options: argparse.Namespace) -> Result:
    if not 1 <= options.quarters <= 12:
        raise Usage("--quarters 只能是 1 到 12")
    made = demo.build(options.ledger, options.quarters)
    with closing(made):
        value = {
            "ledger": made.id,
            "periods": [p.name for p in periods.list_periods(made)],
            "heads": made.journal.heads(),
        }
    return DONE, value, [f"已建立演示台账“{options.ledger.name}”（数据全部是虚构的）"]
