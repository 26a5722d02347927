"""A year of the nine tasks as the units keep it: who takes part, what is typed each quarter, what is applied for."""

from dataclasses import dataclass
from datetime import date

FORM, PASTE = "form", "paste"
Values = dict[str, str]
ISSUED = date(2017, 9, 28)
LAST_DAYS = {"2018Q1": date(2018, 3, 31), "2018Q2": date(2018, 6, 30), "2018Q3": date(2018, 9, 30),
             "2018Q4": date(2018, 12, 31)}  # fmt: skip
NEXT_YEAR = date(2019, 3, 31)

UNITS = ("fgw", "jyj", "kjj", "gxj", "czj", "rsj", "gtj", "nyj", "gszjj", "jrb", "scb", "gsj", "dsj", "jkq", "jkqdsj",
         "lzb", "jrjg")  # fmt: skip
"""Everyone with a part in the nine tasks."""
GONE = {"dsj", "jkqdsj"}
"""Merged into 国税局 on 2018-07-20: they file the third quarter, in which they still were, and are not asked after it."""


def units_of(period: str) -> tuple[str, ...]:
    """Who files for a quarter."""
    return tuple(unit for unit in UNITS if period != "2018Q4" or unit not in GONE)


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
_SERVICE = "kind name provider on amount"
_PAPER = "title kind stage issued"
_PUBLICITY = "kind on title channel"

QUARTERS: dict[str, list[Typed]] = {
    "2018Q1": [
        *_many("kjj", "parks", "name kind recognised", "示例一号基地 国家级科技特派员创业基地 2018-01-10", by=FORM),
        *_many("kjj", "platforms", _PLATFORM,
               "示例甲孵化器 科技企业孵化器 省级 示例甲公司 2018-02-01", "示例丙孵化器 科技企业孵化器 市级 示例丙公司 2018-02-11"),
        *_many("kjj", "partners", _PARTNER, "示例联合实验室 联合实验室 示例大学 高校院所 2018-03-01"),
        *_many("kjj", "patents", _PATENT, "示例甲公司 示例水肥机 发明 示例专利1 2018-01-20",
               "示例甲公司 示例播种机 实用新型 示例专利2 2018-02-20", "示例丁公司 示例烘干机 发明 示例专利3 2018-03-02"),
        *_many("kjj", "guided", "enterprise agent started", "示例丁公司 示例代理所 2018-03-05", by=FORM),
        *_many("kjj", "talent", _TALENT, "科技特派员 示例员甲 示例站 2018-01-05", "科技特派员 示例员乙 示例站 2018-01-05",
               "科技特派员 示例员丙 示例站 2018-02-05", "市级工业特派员 示例专家丁 示例甲公司 2018-03-01"),
        *_many("scb", "alliances", "name leader established outstanding", "示例众创联盟 示例甲公司 2017-10-01 2018-03-20",
               "示例众筹联盟 示例乙公司 2018-01-15 ：", by=FORM),
        *_many("scb", "platforms", _PLATFORM, "示例乙空间 众创空间 省级 示例乙公司 2018-02-10",
               "示例丙空间 众创空间 市级 示例丙公司 2018-02-12"),
        *_many("czj", "services", _SERVICE, "创新项目优惠 示例甲公司 示例科室 2018-02-06 3", by=FORM),
        *_many("gsj", "publicity", _PUBLICITY, "政策宣传解读 2018-03-06 示例税收解读 示例大厅", by=FORM),
        *_many("jkqdsj", "measures", _MEASURE, "服务环境 示例办税绿色通道 2018-03-15", by=FORM),
        *_many("lzb", "parks", "name kind recognised", "示例绿洲试验区 省级可持续发展实验区 2018-01-25", by=FORM),
        *_many("rsj", "posts", "body as_of total upper", "全区事业单位 2018-03-31 1000 305", by=FORM),
        *_many("rsj", "qiming", "name leader approved", "示例无人机项目 示例生戊 2018-03-08", "示例滴灌项目 示例生己 ：",
               by=FORM),
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
        *_many("kjj", "partners", _PARTNER, "示例交流站 其他 示例协会 其他 2018-05-15", by=FORM),
        *_many("kjj", "services", _SERVICE, "信用贷款 示例甲公司 示例银行 2018-05-05 50",
               "知识产权质押贷款 示例乙公司 示例银行 2018-06-05 80.5"),
        *_many("kjj", "stations", "name kind place established", "示例科研工作站 科研工作站 示例园 2018-06-06", by=FORM),
        *_many("gxj", "partners", _PARTNER, "示例联合实验室 联合实验室 示例大学 高校院所 2018-04-01",
               "示例转移中心 技术转移机构 示例服务公司 科技创新服务机构 2018-06-11"),
        *_many("gxj", "measures", _MEASURE, "投融资体系 示例投融资办法 2018-05-02", "科技支撑 示例支撑办法 2018-06-02"),
        *_many("jkq", "platforms", _PLATFORM, "示例企业中心 企业工程技术研究中心 省级 示例乙公司 2018-05-15", by=FORM),
        *_many("rsj", "talent", _TALENT, "科技特派员 示例员己 示例站 2018-04-04", by=FORM),
        *_many("fgw", "platforms", _PLATFORM, "示例工程实验室 工程实验室 省级 示例丁公司 2018-04-18", by=FORM),
        *_many("gtj", "services", _SERVICE, "企业用地优惠 示例丁公司 示例股 2018-04-25 ：", by=FORM),
        *_many("gszjj", "enterprises", "name industry micro converted", "示例庚公司 旅游 2018-05-08 2018-05-08",
               "示例辛公司 其他 ： 2018-06-07"),
        *_many("dsj", "papers", _PAPER, "示例减免规程 操作规程 已印发 2018-06-20", by=FORM),
    ],
    "2018Q3": [
        *_many("kjj", "meetings", "kind on title", "领导小组会议 2018-07-10 示例专题会", by=FORM),
        *_many("kjj", "papers", _PAPER, "示例实施办法 配套实施办法 已印发 2018-07-20", by=FORM),
        *_many("kjj", "publicity", _PUBLICITY, "科普活动 2018-08-18 示例科普日 示例广场",
               "政策宣传解读 2018-09-01 示例解读会 示例电视台"),
        *_many("kjj", "guided", "enterprise agent started", "示例乙公司 示例代理所 2018-07-05", by=FORM),
        *_many("gxj", "enterprises", "name scaled small_tech", "示例丙公司 2018-08-08 ：", "示例丁公司 ： 2018-09-09"),
        *_many("rsj", "posts", "body as_of total upper", "全区事业单位 2018-09-30 1010 330", by=FORM),
        *_many("jkq", "parks", "name kind recognised", "示例高新区 高新技术产业开发区 2018-09-15", by=FORM),
        *_many("jyj", "partners", _PARTNER, "示例研究院 行业产业研究院 示例学院 高校院所 2018-08-20", by=FORM),
        *_many("nyj", "results", _RESULT, "重大关键技术突破 示例防控技术 示例农技站 2018-09-05", by=FORM),
        *_many("jrb", "services", _SERVICE, "股权和债权相结合的融资 示例甲公司 示例基金 2018-08-28 200", by=FORM),
    ],
    "2018Q4": [
        *_many("kjj", "results", _RESULT, "原始创新成果 示例检测方法 示例院所 2018-11-11", by=FORM),
        *_many("kjj", "measures", _MEASURE, "科技成果入股 示例入股协议 2018-10-10", "股权奖励 示例奖励办法 2018-11-10"),
        *_many("kjj", "patents", _PATENT, "示例乙公司 示例控制器 发明 示例专利4 2018-10-20",
               "示例乙公司 示例传感器 发明 示例专利5 2018-12-20"),
        *_many("gxj", "enterprises", "name industry micro", "示例戊公司 环保 2018-12-01", by=FORM),
        *_many("jkq", "publicity", _PUBLICITY, "典型报道 2018-10-30 示例园区报道 示例日报", by=FORM),
        *_many("rsj", "papers", _PAPER, "示例职称办法 操作规程 已印发 2018-12-10", by=FORM),
        *_many("jrjg", "services", _SERVICE, "知识产权质押贷款 示例丁公司 示例银行 2018-11-15 120",
               "信用贷款 示例戊公司 示例银行 2018-12-05 30.5"),
        *_many("gszjj", "services", _SERVICE, "便利化商事制度 示例戊公司 示例窗口 2018-12-03 ：", by=FORM),
        *_many("nyj", "highlights", "name holder chosen", "示例肉牛工程 示例牧场 2018-10-16", by=FORM),
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

APPLIED = [
    ("scb", "B1", "示例众创联盟", "3"),
    ("kjj", "B2", "示例甲孵化器", "1"),
    ("scb", "B3", "示例乙空间", "1"),
    ("gxj", "B4", "示例甲公司", "5"),
    ("jkq", "B5", "示例企业中心", "5"),
    ("kjj", "B6", "示例联合实验室", "2"),
    ("gxj", "B6", "示例联合实验室", "2"),
    ("rsj", "B8", "示例无人机项目", "1.5"),
    ("kjj", "B7", "示例专家丁", "2"),
    ("jkq", "B9", "示例农业园", "20"),
]
"""(unit, subsidy, for whom, 万元): one of each, and B6 by two units for the same institution."""
REFUSED, RETURNED = ("jkq", "B5"), ("kjj", "B2")
NOT_ELIGIBLE = [
    ("scb", "B1", "示例众筹联盟", "业绩显著的认定日期：要填，现为：没有填。"),
    ("kjj", "B2", "示例丙孵化器", "级别：应为省级，现为：市级。"),
    ("scb", "B3", "示例丙空间", "级别：应为省级，现为：市级。"),
    ("gxj", "B4", "示例乙公司", "省级科技创新型企业认定日期：要填，现为：没有填。"),
    ("jkq", "B5", "示例工程中心", "类型：应为企业工程技术研究中心，现为：工程(技术)研究中心。"),
    ("kjj", "B6", "示例交流站",
     "机构类型：应为分园区或分基地或联合实验室或行业产业研究院或技术转移机构，现为：其他。"),
    ("kjj", "B7", "示例员甲", "类别：应为市级工业特派员，现为：科技特派员。"),
    ("rsj", "B8", "示例滴灌项目", "立项日期：要填，现为：没有填。"),
]  # fmt: skip
"""(unit, subsidy, for whom, the condition of the plan that fails, in words)."""
