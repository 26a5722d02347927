"""A year of the nine tasks as four units keep it: what is typed each quarter, and a naive count of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

FORM, PASTE = "form", "paste"
Values = dict[str, str]
ISSUED = date(2017, 9, 28)
LAST_DAYS = {"2018Q1": date(2018, 3, 31), "2018Q2": date(2018, 6, 30), "2018Q3": date(2018, 9, 30),
             "2018Q4": date(2018, 12, 31)}  # fmt: skip
NEXT_YEAR = date(2019, 3, 31)


@dataclass
class Typed:
    """One entry as it was typed; `by` says which way."""

    unit: str
    register: str
    values: Values
    by: str = FORM

    @property
    def first(self) -> str:
        """What stands in its first column."""
        return next(iter(self.values.values()))


def _many(unit: str, register: str, names: str, *rows: str, by: str = PASTE) -> list[Typed]:
    columns = names.split()
    return [Typed(unit, register, dict(zip(columns, row.split(), strict=True)), by) for row in rows]


_PLATFORM = "name type level host recognised"
_TALENT = "kind name employer began"
_PATENT = "enterprise title type number applied"
_MEASURE = "item name done"
_PARTNER = "name kind founder founder_kind established"
_RESULT = "type name holder completed"

QUARTERS: dict[str, list[Typed]] = {
    "2018Q1": [
        *_many("kjj", "parks", "name kind recognised", "示例一号基地 国家级科技特派员创业基地 2018-01-10", by=FORM),
        *_many("kjj", "platforms", _PLATFORM,
               "示例甲孵化器 科技企业孵化器 省级 示例甲公司 2018-02-01", "示例乙空间 众创空间 省级 示例乙公司 2018-02-10",
               "示例丙孵化器 科技企业孵化器 市级 示例丙公司 2018-02-11"),
        *_many("kjj", "partners", _PARTNER, "示例联合实验室 联合实验室 示例大学 高校院所 2018-03-01"),
        *_many("kjj", "patents", _PATENT, "示例甲公司 示例水肥机 发明 示例专利1 2018-01-20",
               "示例甲公司 示例播种机 实用新型 示例专利2 2018-02-20", "示例丁公司 示例烘干机 发明 示例专利3 2018-03-02"),
        *_many("kjj", "guided", "enterprise agent started", "示例丁公司 示例代理所 2018-03-05", by=FORM),
        *_many("kjj", "talent", _TALENT, "科技特派员 示例员甲 示例站 2018-01-05", "科技特派员 示例员乙 示例站 2018-01-05",
               "科技特派员 示例员丙 示例站 2018-02-05", "市级工业特派员 示例专家丁 示例甲公司 2018-03-01"),
        *_many("kjj", "alliances", "name leader established outstanding", "示例众创联盟 示例甲公司 2017-10-01 2018-03-20",
               "示例众筹联盟 示例乙公司 2018-01-15 ：", by=FORM),
        *_many("rsj", "posts", "body as_of total upper", "全区事业单位 2018-03-31 1000 305", by=FORM),
        *_many("rsj", "qiming", "name leader approved", "示例无人机项目 示例生戊 2018-03-08", by=FORM),
        *_many("gxj", "enterprises", "name industry micro innovative hightech", "示例甲公司 信息 2018-01-15 2018-02-01 ：",
               "示例乙公司 其他 2018-01-16 ： 2018-03-03"),
        *_many("jkq", "parks", "name kind recognised", "示例农业园 省级农业科技园区 2018-02-02", by=FORM),
        *_many("jkq", "platforms", _PLATFORM, "示例工程中心 工程(技术)研究中心 省级 示例甲公司 2018-03-12", by=FORM),
    ],
    "2018Q2": [
        *_many("kjj", "highlights", "name holder chosen", "示例制种工程 示例种业 2018-04-10", "示例节水工程 示例灌区 2018-05-10"),
        *_many("kjj", "results", _RESULT, "原始创新成果 示例新品种 示例种业 2018-05-20",
               "重大关键技术突破 示例控温技术 示例设施园 2018-06-01"),
        *_many("kjj", "measures", _MEASURE, "发明专利倍增计划 示例倍增办法 2018-04-20", by=FORM),
        *_many("kjj", "services", "kind name provider on amount", "信用贷款 示例甲公司 示例银行 2018-05-05 50",
               "知识产权质押贷款 示例乙公司 示例银行 2018-06-05 80.5"),
        *_many("kjj", "stations", "name kind place established", "示例科研工作站 科研工作站 示例园 2018-06-06", by=FORM),
        *_many("gxj", "partners", _PARTNER, "示例联合实验室 联合实验室 示例大学 高校院所 2018-04-01",
               "示例转移中心 技术转移机构 示例服务公司 科技创新服务机构 2018-06-11"),
        *_many("gxj", "measures", _MEASURE, "投融资体系 示例投融资办法 2018-05-02", "科技支撑 示例支撑办法 2018-06-02"),
        *_many("jkq", "platforms", _PLATFORM, "示例企业中心 企业工程技术研究中心 省级 示例乙公司 2018-05-15", by=FORM),
        *_many("rsj", "talent", _TALENT, "科技特派员 示例员己 示例站 2018-04-04", by=FORM),
    ],
    "2018Q3": [
        *_many("kjj", "meetings", "kind on title", "领导小组会议 2018-07-10 示例专题会", by=FORM),
        *_many("kjj", "papers", "title kind stage issued", "示例实施办法 配套实施办法 已印发 2018-07-20", by=FORM),
        *_many("kjj", "publicity", "kind on title channel", "科普活动 2018-08-18 示例科普日 示例广场",
               "政策宣传解读 2018-09-01 示例解读会 示例电视台"),
        *_many("kjj", "guided", "enterprise agent started", "示例乙公司 示例代理所 2018-07-05", by=FORM),
        *_many("gxj", "enterprises", "name scaled small_tech", "示例丙公司 2018-08-08 ：", "示例丁公司 ： 2018-09-09"),
        *_many("rsj", "posts", "body as_of total upper", "全区事业单位 2018-09-30 1010 330", by=FORM),
        *_many("jkq", "parks", "name kind recognised", "示例高新区 高新技术产业开发区 2018-09-15", by=FORM),
    ],
    "2018Q4": [
        *_many("kjj", "results", _RESULT, "原始创新成果 示例检测方法 示例院所 2018-11-11", by=FORM),
        *_many("kjj", "measures", _MEASURE, "科技成果入股 示例入股协议 2018-10-10", "股权奖励 示例奖励办法 2018-11-10"),
        *_many("kjj", "patents", _PATENT, "示例乙公司 示例控制器 发明 示例专利4 2018-10-20",
               "示例乙公司 示例传感器 发明 示例专利5 2018-12-20"),
        *_many("gxj", "enterprises", "name industry micro", "示例戊公司 环保 2018-12-01", by=FORM),
        *_many("jkq", "publicity", "kind on title channel", "典型报道 2018-10-30 示例园区报道 示例日报", by=FORM),
        *_many("rsj", "papers", "title kind stage issued", "示例职称办法 操作规程 已印发 2018-12-10", by=FORM),
    ],
}  # fmt: skip
"""：stands for a cell left empty."""
for _rows in QUARTERS.values():
    for _row in _rows:
        _row.values = {name: text for name, text in _row.values.items() if text != "："}

CHANGES = {
    "2018Q3": [
        ("jkq", "platforms", "示例工程中心", "revoked", "2018-08-15"),
        ("kjj", "talent", "示例员乙", "ended", "2018-09-01"),
    ],
    "2018Q4": [("gxj", "enterprises", "示例乙公司", "hightech_until", "2018-12-15")],
}
"""(unit, register, name, column, text) typed into cells of the table: a platform withdrawn, a 科技特派员 gone."""


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
            "3a": self.new("partners", "established", ISSUED, on, _any),
            "5a": self.new("highlights", "chosen", year, on, _any),
            "6a": self.new("enterprises", "micro", ISSUED, on, lambda v: v.get("industry") in ("信息", "环保")),
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
