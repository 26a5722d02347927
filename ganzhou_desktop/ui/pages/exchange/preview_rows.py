"""What the preview of a merge shows, row by row: a head for each copy, its 核对码 to trust, its changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ganzhou_desktop.domain.plan import Plan
from ganzhou_desktop.services.merging import (
    CHANGED,
    CONTESTED,
    KNOWN,
    MERGED,
    NEW,
    REFUSED,
    TOO_LARGE,
    FieldChange,
    Package,
)
from ganzhou_desktop.ui.change_words import HOW_WORDS, at_text, pair_lines, subject, value_text
from ganzhou_desktop.ui.pages.exchange.told import NOTHING, Told
from ganzhou_desktop.ui.texts import joined

COPY = "copy"
TRUST = "trust"
LARGE = "large"
MORE = "more"
CHANGE = "change"

ALL = "all"
BLOCKED = "blocked"
TABS = ((ALL, "全部"), (NEW, "新增"), (CHANGED, "修改"), (CONTESTED, "不一致"), (BLOCKED, "无法合入"))

LISTED = 100
"""Changes of each copy listed at first, and how many come with each 再列."""
MORE_AT_ONCE = 1000

TRUST_WORDS = "与盖章表页脚核对码一致，认可这台电脑"
LARGE_WORDS = "已问清对方，确实是这么多，仍要读完"
_HOW_ICONS = {NEW: "add", CHANGED: "edit", CONTESTED: "branch_compare"}


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row.  `copy`: title and facts; `trust`: a code; `large`: a question; `change`: subject, how, two values, when.

    `more`: how many changes are not listed; ticked if some of them can be.
    """

    kind: str
    file: Path
    title: str = ""
    facts: str = ""
    icon_name: str = ""
    tickable: bool = False
    ticked: bool = False
    folded: bool = False
    verdict: str = ""
    code: str = ""
    subject: str = ""
    how: str = ""
    before: str = ""
    after: str = ""
    when: str = ""
    tip: str = ""
    change: FieldChange | None = None

    @property
    def how_word(self) -> str:
        return HOW_WORDS.get(self.how, "")


@dataclass(slots=True)
class Staged:
    """One file put in: what the last look at it said, and what the clerk decided about it."""

    file: Path
    package: Package | None = None
    ticked: bool = True
    codes: tuple[str, ...] = ()
    """核对码 that must be trusted first, as the first look said."""
    large_asked: bool = False
    """It brings so much that it is read only when the clerk says so."""
    large: bool = False
    """The clerk said so."""
    folded: bool = False
    told: Told = NOTHING
    listed: int = LISTED
    """How many of its changes are listed."""

    def keep(self, package: Package, said: Told = NOTHING) -> None:
        """What a look said; what had to be decided first stays in view, decided or not."""
        self.package, self.told = package, said
        self.codes = tuple(dict.fromkeys((*self.codes, *package.to_trust)))
        self.large_asked = self.large_asked or package.reason == TOO_LARGE

    @property
    def asks(self) -> bool:
        """Whether the clerk is asked something before it can be merged."""
        return bool(self.codes) or self.large_asked

    def mergeable(self, trusted: Iterable[str]) -> bool:
        """Whether a tick before it has a sense now."""
        if self.package is None:
            return False
        if self.package.verdict == MERGED:
            return True
        return self.asks and set(self.codes) <= set(trusted) and (self.large or not self.large_asked)


def counts(staged: Sequence[Staged]) -> dict[str, int]:
    """How many rows each tab has."""
    found = {
        ALL: sum(s.told.total for s in staged),
        BLOCKED: sum(s.package is not None and s.package.verdict == REFUSED for s in staged),
    }
    for how in (NEW, CHANGED, CONTESTED):
        found[how] = sum(s.told.counts.get(how, 0) for s in staged)
    return found


def rows_of(
    plan: Plan, staged: Sequence[Staged], tab: str, trusted: frozenset[str], names: Mapping[str, str], period: str
) -> list[PreviewRow]:
    """The rows of a tab.  `names`: unit id → name as the title of a copy; `period`: the one not named again."""
    rows: list[PreviewRow] = []
    order = {MERGED: 0, REFUSED: 1, KNOWN: 2}

    def place(one: Staged) -> int:
        # One that asks something stays where it is when that is answered.
        return 0 if one.asks or one.package is None else order[one.package.verdict]

    seen = [s for s in staged if s.package is not None]
    for one in sorted(seen, key=place):
        package = one.package
        assert package is not None
        changes = [c for c in one.told.changes if tab in (ALL, c.how)]
        total = one.told.total if tab == ALL else one.told.counts.get(tab, 0)
        blocked = package.verdict == REFUSED
        if (tab == BLOCKED and not blocked) or (tab not in (ALL, BLOCKED) and not changes):
            continue
        rows.append(_copy_row(one, package, trusted, names))
        if tab in (ALL, BLOCKED) and one.codes:
            rows += [
                PreviewRow(TRUST, one.file, code=code, ticked=code in trusted, title=_name(package, names))
                for code in one.codes
            ]
        if tab in (ALL, BLOCKED) and one.large_asked:
            rows.append(PreviewRow(LARGE, one.file, ticked=one.large, title=_name(package, names), tip=package.text))
        if not one.folded and tab != BLOCKED:
            rows += [_change_row(plan, one.file, change, period) for change in changes[: one.listed]]
            left = total - min(one.listed, len(changes))
            if left > 0:
                rows.append(_more_row(one.file, left, min(len(changes) - one.listed, MORE_AT_ONCE)))
    return rows


def units_waiting(staged: Sequence[Staged]) -> dict[str, int | str]:
    """Unit → how many changes its waiting copies bring, or what is asked first."""
    waiting: dict[str, int | str] = {}
    for one in staged:
        seen = one.package
        if seen is None or not seen.unit:
            continue
        if seen.verdict == MERGED:
            before = waiting.get(seen.unit)
            waiting[seen.unit] = (before if isinstance(before, int) else 0) + one.told.total
        elif one.asks:
            waiting.setdefault(seen.unit, "很大，先问清" if seen.reason == TOO_LARGE else "先比对核对码")
    return waiting


def waiting_words(staged: Sequence[Staged], known: Sequence[str]) -> str:
    """Why some copies are not taken in yet; `known`: titles of those that bring nothing."""
    refused = [s for s in staged if s.package is not None and s.package.verdict == REFUSED]
    large = sum(s.package is not None and s.package.reason == TOO_LARGE for s in refused)
    coded = sum(bool(s.codes) for s in refused)
    parts = [f"{coded} 份先要比对核对码"] if coded else []
    parts += [f"{large} 份比平常大得多，先要问清对方"] if large else []
    if known:
        parts.append(f"另有 {len(known)} 份没有新内容：{'、'.join(dict.fromkeys(known))}")
    blocked = sum(not s.asks for s in refused)
    if blocked:
        parts.append(f"{blocked} 份现在合不进来，原因写在各份后面")
    return "；".join(parts) or "先后不限，重复放入也不会出错"


def _name(package: Package, names: Mapping[str, str]) -> str:
    if package.handed_out and not names:
        return "区里的下发副本"
    return names.get(package.unit) or package.file.name


def _copy_row(one: Staged, package: Package, trusted: frozenset[str], names: Mapping[str, str]) -> PreviewRow:
    name = _name(package, names)
    file = package.file.name if name != package.file.name else ""
    if package.verdict == MERGED:
        facts = joined((at_text(package.at) + " 写成" if package.at else "", _tally(one.told), file))
        icon_name = ""
    elif package.verdict == KNOWN:
        facts, icon_name = joined((package.text.rstrip("。"), file)), "checkmark_circle"
    else:
        coded = bool(package.to_trust)
        words = "这台电脑区里还没有认可，请先比对核对码" if coded else package.text.rstrip("。")
        facts, icon_name = joined((words, file)), "key" if one.asks else "error_circle"
    can = one.mergeable(trusted)
    return PreviewRow(
        COPY,
        one.file,
        title=name,
        facts=facts,
        icon_name=icon_name,
        tickable=can,
        ticked=can and one.ticked,
        folded=one.folded,
        verdict=package.verdict,
        tip=f"{package.file}\n{package.text}",
    )


def _tally(said: Told) -> str:
    parts = [f"{word} {count}" for how, word in HOW_WORDS.items() if (count := said.counts.get(how, 0))]
    return f"改动 {said.total} 处：{'，'.join(parts)}" if parts else "只有佐证或内部记录，没有要看的改动"


def _more_row(file: Path, left: int, next_ones: int) -> PreviewRow:
    words = f"还有 {left} 处没有列出"
    words += f"，再列 {next_ones} 处" if next_ones > 0 else "，合入以后在各页里看"
    return PreviewRow(MORE, file, title=words, ticked=next_ones > 0)


def _change_row(plan: Plan, file: Path, change: FieldChange, period: str) -> PreviewRow:
    came = change.beside if change.how == CONTESTED else change.after
    before, after = pair_lines(plan, change.kind, change.field, change.before, came, change.about)
    words = subject(plan, change.kind, change.key, change.field, period, change.about)
    whole = [value_text(plan, change.kind, change.field, v, change.about) for v in (change.before, came)]
    return PreviewRow(
        CHANGE,
        file,
        subject=words,
        how=change.how,
        icon_name=_HOW_ICONS[change.how],
        before=before,
        after=after,
        when="两个都留" if change.how == CONTESTED else at_text(change.at),
        change=change,
        tip=f"{words}\n\n本册现值\n{whole[0]}\n\n来册值（{at_text(change.at)} {change.author}）\n{whole[1]}",
    )
