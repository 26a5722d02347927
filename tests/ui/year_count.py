"""The plan's targets counted from what was typed in the year, by plain loops."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.ui.year import ISSUED, Typed, Values


@dataclass
class Count:
    """A number and the first columns of the entries it is made of."""

    value: Decimal
    entries: list[Values]


class NaiveCount:
    """The plan's targets counted from what was typed, by plain loops."""

    def __init__(self, typed: list[Typed]) -> None:
        self.typed = typed

    def rows(self, register: str) -> Iterator[Values]:
        """The entries of a register, one thing once."""
        keys = {"partners": ("name",), "enterprises": ("name",)}.get(register)
        seen = set()
        for one in self.typed:
            if one.register != register:
                continue
            thing = tuple(one.values.get(k) for k in keys) if keys else id(one)
            if thing not in seen:
                seen.add(thing)
                yield one.values

    def new(self, register: str, day: str, first: date, on: date, wanted: Callable[[Values], bool]) -> list[Values]:
        """What began from one day to another."""
        return [v for v in self.rows(register) if v.get(day) and first <= _day(v[day]) <= on and wanted(v)]

    def standing(
        self, register: str, day: str, end: tuple[str, ...], on: date, wanted: Callable[[Values], bool]
    ) -> list[Values]:
        """What stands on a day."""
        return [
            v
            for v in self.rows(register)
            if v.get(day) and _day(v[day]) <= on and wanted(v) and not any(v.get(e) and _day(v[e]) <= on for e in end)
        ]

    def at(self, on: date) -> dict[str, Count]:
        """Every target with a rule on a day."""
        year = date(on.year, 1, 1)
        middle = {"工程(技术)研究中心", "重点实验室", "工程实验室", "行业企业技术中心", "制造业创新中心"}
        lower = {"企业技术中心(工程技术研发中心)", "科技企业孵化器", "众创空间"}
        found = {
            "T1": self.new("results", "completed", ISSUED, on, lambda v: v["type"] == "原始创新成果"),
            "T2": self.new("results", "completed", ISSUED, on, lambda v: v["type"] == "重大关键技术突破"),
            "T5": self.standing("enterprises", "innovative", ("innovative_until", "closed"), on, _any),
            "T6": self.standing("enterprises", "hightech", ("hightech_until", "closed"), on, _any),
            "T7": self.standing("platforms", "recognised", ("revoked",), on, _any),
            "T8": self.standing("talent", "began", ("ended",), on, lambda v: v["kind"] == "科技特派员"),
            "2a": self.new(
                "platforms", "recognised", ISSUED, on, lambda v: v["type"] in middle and v["level"] == "省级"
            ),
            "2b": self.new(
                "platforms", "recognised", ISSUED, on, lambda v: v["type"] in lower and v["level"] == "省级"
            ),
            "3a": self.new("partners", "established", ISSUED, on, lambda v: v["kind"] != "其他"),
            "5a": self.new("highlights", "chosen", year, on, _any),
            "6a": self.new("enterprises", "micro", ISSUED, on, lambda v: v.get("industry", "其他") != "其他"),
            "6b": self.new("enterprises", "scaled", ISSUED, on, _any),
            "6e": self.new("enterprises", "small_tech", ISSUED, on, _any),
            "6f": self.new("enterprises", "hightech", ISSUED, on, _any),
            "6g": self.new("enterprises", "innovative", ISSUED, on, _any),
        }
        counted = {target: Count(Decimal(len(rows)), rows) for target, rows in found.items()}
        named = {"国家级科技特派员创业基地", "省级农业科技园区", "省级可持续发展实验区"}
        held = self.standing("parks", "recognised", ("revoked",), on, _any)
        counted["1a"] = _groups([v for v in held if v["kind"] in named], "kind")
        counted["1b"] = _groups([v for v in held if v["kind"] not in named], "kind")
        patents = self.new("patents", "applied", year, on, _any)
        counted["4a"], counted["4b"] = _groups(patents, "enterprise", 2), _groups(patents, "enterprise", 1)
        counted["4c"] = _groups(self.new("guided", "started", year, on, _any), "enterprise")
        for target, items in MEASURES.items():
            done = self.standing("measures", "done", ("stopped",), on, lambda v, items=items: v["item"] in items)
            counted[target] = _groups(done, "item")
        posts = self.standing("posts", "as_of", (), on, _any)[-1:]
        share = [Decimal(v["upper"]) * 100 / Decimal(v["total"]) for v in posts]
        counted["9c"] = Count(share[0].quantize(Decimal("0.01")) if share else Decimal(0), posts)
        return counted


MEASURES = {
    "4d": ("发明专利倍增计划", "知识产权战略推进计划", "知识产权阳光工程"),
    "6d": ("投融资体系", "科技支撑", "人才保障", "政策集成", "服务环境", "能力提升"),
    "7a": ("科技成果入股", "科技成果收益分成", "科技成果折股", "股权奖励", "股权出售", "股票(份)期权"),
}


def _any(_values: Values) -> bool:
    return True


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _groups(rows: list[Values], column: str, need: int = 1) -> Count:
    sizes: dict[str, int] = {}
    for v in rows:
        sizes[v[column]] = sizes.get(v[column], 0) + 1
    full = {name for name, size in sizes.items() if size >= need}
    return Count(Decimal(len(full)), [v for v in rows if v[column] in full])
