"""A form as JSON, for programs and for the clerk's other tools: strict reading that names every error at once.

The caller parses the text itself, with `parse_float=Decimal`, so that a typed 0.1 stays 0.1.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ganzhou_desktop.domain import filings
from ganzhou_desktop.domain.canonical import HEX64, Json, clean_text, decimal_text, is_date
from ganzhou_desktop.domain.errors import RuleBroken
from ganzhou_desktop.domain.filings import Answer
from ganzhou_desktop.domain.forms import ANSWER_MEMBERS, PROOF, Form, Matter, ProofEntry, role_in
from ganzhou_desktop.domain.periods import bounds
from ganzhou_desktop.domain.plan import HEADLINE, Plan

FORMAT = 1
TEXT_LIMIT = 20_000
NAME_LIMIT = 255
TEXTS = ("progress", "problems", "next_steps")
_FORM_MEMBERS = ("format", "unit", "period", "base", "matters")
_MATTER_MEMBERS = ("task", "role", *ANSWER_MEMBERS, "measurements", PROOF, "record")
_WORDS = {
    "answer": "答复",
    "progress": "本期进展",
    "problems": "存在问题",
    "next_steps": "下步措施",
    "expected": "预计完成时间",
    "measurements": "数据",
    PROOF: "佐证",
}
_REVISION = re.compile(r"[0-9a-f]{64}\.(0|[1-9][0-9]{0,4})\Z")
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?\Z")


@dataclass(frozen=True, slots=True)
class FormError:
    """One thing that cannot be read.  `place` is where in the JSON; `task` and `field` where in the form."""

    place: str
    task: str
    field: str
    text: str


class FormErrors(RuleBroken):
    """A form that cannot be read; `errors` are all of them, each one clear sentence."""

    def __init__(self, errors: tuple[FormError, ...]) -> None:
        first = errors[0].text
        text = first if len(errors) == 1 else f"报表有 {len(errors)} 处读不懂，都要改好才能采用。第一处：{first}"
        super().__init__("bad_form", text)
        self.errors = errors


def form_to_json(form: Form) -> dict[str, Json]:
    """The form as JSON values; numbers as decimal text; what the form does not speak of is left out."""
    return {
        "format": FORMAT,
        "unit": form.unit,
        "period": form.period,
        "base": list(form.base),
        "matters": [_matter_to_json(m) for m in form.matters],
    }


def _matter_to_json(matter: Matter) -> dict[str, Json]:
    said = matter.answer
    members: dict[str, Json] = {
        "answer": said.kind,
        "progress": said.progress,
        "problems": said.problems,
        "next_steps": said.next_steps,
        "expected": None if said.expected is None else said.expected.isoformat(),
        PROOF: [{"name": p.name, "sha256": p.sha256} if p.path is None else p.path for p in matter.proof],
    }
    numbers = {t: None if v is None else decimal_text(v) for t, v in matter.measurements.items()}
    return {
        "task": matter.task,
        "role": matter.role,
        **{name: value for name, value in members.items() if name in matter.given},
        "measurements": numbers,
        "record": matter.record,
    }


def form_from_json(plan: Plan, data: Json, *, limits: bool = True) -> Form:
    """The form that JSON values say; FormErrors with everything that cannot be read.

    Matters and members left out are not spoken of by the form (see Matter.given) and stay as they are.  A draft kept
    here is read without `limits`: what lies in a filing that came from elsewhere, or was put together of two texts,
    may be beyond them and must open all the same.
    """
    reader = _Reader(plan, limits)
    form = reader.form(data)
    if reader.errors or form is None:
        raise FormErrors(tuple(reader.errors))
    return form


class _Reader:
    """Reads one form, going on after each error so that all are told at once."""

    def __init__(self, plan: Plan, limits: bool) -> None:
        self.plan = plan
        self.limits = limits
        self.errors: list[FormError] = []

    def wrong(self, place: str, text: str, task: str = "", field: str = "") -> None:
        self.errors.append(FormError(place, task, field, text))

    def form(self, data: Json) -> Form | None:
        if not isinstance(data, dict):
            self.wrong("", "整份报表应当是一个 JSON 对象。")
            return None
        self.unknown(data, _FORM_MEMBERS, "")
        if type(data.get("format")) is not int or data["format"] != FORMAT:
            self.wrong("format", f"报表格式应为 {FORMAT}，本程序读不懂别的格式。")
        unit = self.unit(data.get("unit"))
        period = self.period(data.get("period"))
        base = self.base(data.get("base", []))
        listed = data.get("matters", [])
        matters: list[Matter] = []
        if not isinstance(listed, list):
            self.wrong("matters", "“matters”应当是事项的列表。")
        elif unit is not None:
            for i, item in enumerate(listed):
                matter = self.matter(unit, item, f"matters[{i}]", {m.task for m in matters})
                if matter is not None:
                    matters.append(matter)
        if unit is None or period is None:
            return None
        return Form(unit, period, base, tuple(matters))

    def unknown(self, data: Mapping[str, Json], known: tuple[str, ...], place: str, task: str = "") -> None:
        for name in data:
            if name not in known:
                self.wrong(_inside(place, str(name)), f"不认识“{name}”这一栏，请删去或改正名称。", task)

    def unit(self, value: Json) -> str | None:
        unit = self.plan.unit_by_id.get(value) if isinstance(value, str) else None
        if unit is None:
            self.wrong("unit", f"方案里没有代号为“{_shown(value)}”的单位。")
            return None
        if unit.part != "task":
            self.wrong("unit", f"{unit.name}不是责任单位，没有报表。")
            return None
        return unit.id

    def period(self, value: Json) -> str | None:
        if not isinstance(value, str):
            self.wrong("period", "“period”应写成 2018Q1 这样的期次名。")
            return None
        try:
            bounds(value)
        except RuleBroken as broken:
            self.wrong("period", broken.text)
            return None
        return value

    def base(self, value: Json) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(v, str) and _REVISION.match(v) for v in value):
            self.wrong("base", "“base”应原样照抄取得报表时给出的版本号列表。")
            return ()
        return tuple(value)

    def matter(self, unit: str, data: Json, place: str, seen: set[str]) -> Matter | None:
        if not isinstance(data, dict):
            self.wrong(place, "每个事项应当是一个 JSON 对象。")
            return None
        task = data.get("task")
        if not isinstance(task, str) or (task != HEADLINE and task not in self.plan.task_by_id):
            self.wrong(_inside(place, "task"), f"方案里没有编号为“{_shown(task)}”的任务。", "", "task")
            return None
        if task not in self.plan.matters_of(unit):
            self.wrong(
                _inside(place, "task"), f"{self.name(task)}不是{self.plan.unit_by_id[unit].name}的事项。", task, "task"
            )
            return None
        if task in seen:
            self.wrong(_inside(place, "task"), f"{self.name(task)}写了两遍，请合成一处。", task, "task")
            return None
        self.unknown(data, _MATTER_MEMBERS, place, task)
        role = role_in(self.plan, unit, task)
        if data.get("role", role) != role:
            self.wrong(_inside(place, "role"), f"{self.name(task)}里本单位是“{role}”，不能改。", task, "role")
        record = data.get("record", "")
        if not isinstance(record, str):
            self.wrong(_inside(place, "record"), "“record”应原样照抄取得报表时给出的编号。", task, "record")
            record = ""
        return Matter(
            task=task,
            role=role,
            answer=self.answer(data, place, task),
            measurements=self.measurements(unit, data.get("measurements", {}), place, task),
            proof=self.proof(data.get(PROOF, []), place, task),
            record=record,
            given=frozenset(name for name in (*ANSWER_MEMBERS, PROOF) if name in data),
        )

    def name(self, task: str) -> str:
        return "“目标任务”" if task == HEADLINE else f"任务{task}“{self.plan.task_by_id[task].short}”"

    def answer(self, data: Mapping[str, Json], place: str, task: str) -> Answer:
        def refuse(name: str, what: str) -> None:
            self.wrong(_inside(place, name), f"{self.name(task)}的{_WORDS[name]}{what}", task, name)

        kind = data.get("answer")
        if kind is not None and kind not in filings.ANSWERS:
            refuse("answer", f"只能是 {'、'.join(filings.ANSWERS)} 或 null，写的是“{_shown(kind)}”。")
            kind = None
        expected = data.get("expected")
        day = None
        if expected is not None:
            if is_date(expected) and (not self.limits or 1900 <= int(expected[:4]) <= 2999):
                day = date.fromisoformat(expected)
            else:
                refuse("expected", f"“{_shown(expected)}”不是日期，请写成 2018-04-20 的样子（1900 至 2999 年）。")
        texts = {name: self.text(data.get(name, ""), refuse, name) for name in TEXTS}
        return Answer(kind, texts["progress"], texts["problems"], texts["next_steps"], day)

    def text(self, value: Json, refuse: Callable[[str, str], None], name: str) -> str:
        if not isinstance(value, str):
            refuse(name, "应当是文字。")
            return ""
        cleaned = clean_text(value)
        if self.limits and len(cleaned) > TEXT_LIMIT:
            refuse(name, f"有 {len(cleaned)} 字，最多 {TEXT_LIMIT} 字，请缩短或改作佐证文件。")
        return cleaned

    def measurements(self, unit: str, value: Json, place: str, task: str) -> dict[str, Decimal | None]:
        place = _inside(place, "measurements")
        if not isinstance(value, dict):
            self.wrong(place, f"{self.name(task)}的数据应当按指标编号逐个写出。", task, "measurements")
            return {}
        asked = {t.id: t for t in self.plan.asked_of(unit, task)}
        numbers: dict[str, Decimal | None] = {}
        for target, said in value.items():
            where = f"{place}.{target}"
            if target not in asked:
                text = f"{self.name(task)}里没有要本单位填报的指标“{target}”。"
                self.wrong(where, text, task, str(target))
                continue
            label = f"{target}“{asked[target].short}”"
            if said is None:
                numbers[target] = None
                continue
            try:
                number = _number(said)
            except RuleBroken as broken:
                self.wrong(where, f"{label}：{broken.text}", task, target)
                continue
            if not self.limits:
                numbers[target] = number
            elif asked[target].integral and number != number.to_integral_value():
                self.wrong(
                    where, f"{label}按{asked[target].unit}计，应填整数，写的是 {decimal_text(number)}。", task, target
                )
            elif asked[target].integral and number < 0:
                self.wrong(where, f"{label}不能是负数，写的是 {decimal_text(number)}。", task, target)
            else:
                numbers[target] = number
        return numbers

    def proof(self, value: Json, place: str, task: str) -> tuple[ProofEntry, ...]:
        place = _inside(place, PROOF)
        if not isinstance(value, list):
            self.wrong(place, f"{self.name(task)}的佐证应当是文件的列表。", task, PROOF)
            return ()
        entries: list[ProofEntry] = []
        for i, item in enumerate(value):
            entry = _proof_entry(item, self.limits)
            if entry is None:
                text = f"{self.name(task)}的第 {i + 1} 份佐证应写文件路径，或照抄原有的 name 和 sha256。"
                self.wrong(f"{place}[{i}]", text, task, PROOF)
            elif entry not in entries:
                entries.append(entry)
        return tuple(entries)


def _inside(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _shown(value: Json) -> str:
    if isinstance(value, dict | list):
        return "一组值"
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= 40 else text[:40] + "…"


def _number(value: Json) -> Decimal:
    """A JSON number or decimal text as the number it says; RuleBroken beyond 18 digits or 6 places."""
    if isinstance(value, str) and _NUMBER.match(value.strip()):
        number = Decimal(value.strip())
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**40:
        number = Decimal(value)
    elif isinstance(value, Decimal) and value.is_finite() and -80 <= int(value.as_tuple().exponent) <= 80:
        number = value
    else:
        raise RuleBroken("bad_number", f"“{_shown(value)}”不是一个能用的数，请填写普通数字。")
    return Decimal(decimal_text(number))


def _proof_entry(item: Json, limits: bool) -> ProofEntry | None:
    if isinstance(item, str):
        name = re.split(r"[\\/]", item)[-1]
        return ProofEntry(item, clean_text(name)[:NAME_LIMIT], None) if item.strip() and "\x00" not in item else None
    if not isinstance(item, dict) or item.keys() != {"name", "sha256"}:
        return None
    name, digest = item["name"], item["sha256"]
    if not isinstance(name, str) or not isinstance(digest, str) or not HEX64.match(digest):
        return None
    cleaned = clean_text(name)
    return ProofEntry(None, cleaned, digest) if not limits or 0 < len(cleaned) <= NAME_LIMIT else None
