"""The form as it is being edited: readable values in a Form, what cannot be read yet beside it, letter for letter."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ganzhou_desktop.domain import forms
from ganzhou_desktop.domain.canonical import decimal_text
from ganzhou_desktop.domain.filings import Answer, Filing
from ganzhou_desktop.domain.form_json import FORMAT, TEXT_LIMIT, FormErrors, form_from_json
from ganzhou_desktop.domain.forms import Form, Matter, ProofEntry, Remark
from ganzhou_desktop.domain.plan import HEADLINE, LEAD, Plan
from ganzhou_desktop.services.drafts import GONE

SOURCE = "source"
"""Place of the 来源 of a 代录 among what is typed."""


def place(task: str, field: str) -> str:
    """The place of a field among what is typed."""
    return f"{task}/{field}"


class Editing:
    """One form under edit.  `typed` holds what cannot be read, `errors` says why, both by `task/field`."""

    def __init__(
        self, plan: Plan, form: Form, typed: Mapping[str, str], filing: Filing | None, previous: Filing | None
    ) -> None:
        self.plan = plan
        self.form = form
        self.filing = filing
        self.previous = previous
        self.typed = dict(typed)
        self.errors: dict[str, str] = {}
        for where, text in list(self.typed.items()):
            task, _, field = where.partition("/")
            if where == SOURCE or task == GONE:
                continue
            if not any(m.task == task for m in form.matters):
                continue
            self._set_raw(task, field, text)

    # -- reading --------------------------------------------------------------------------------------------------

    @property
    def source(self) -> str:
        return self.typed.get(SOURCE, "")

    @property
    def gone(self) -> dict[str, str]:
        """What the draft holds for places that are no longer asked."""
        return {k: v for k, v in self.typed.items() if k.startswith(f"{GONE}/")}

    def matter(self, task: str) -> Matter:
        """One matter as it is now."""
        return next(m for m in self.form.matters if m.task == task)

    def tasks(self) -> tuple[str, ...]:
        """Tasks in the order of the list: lead before support, the headline targets last."""

        def rank(matter: Matter) -> int:
            return 2 if matter.task == HEADLINE else 0 if matter.role == LEAD else 1

        return tuple(m.task for m in sorted(self.form.matters, key=rank))

    def number_text(self, task: str, target: str) -> str:
        """What stands in the box of a number."""
        raw = self.typed.get(place(task, target))
        if raw is not None:
            return raw
        value = self.matter(task).measurements.get(target)
        return "" if value is None else decimal_text(value)

    def text(self, task: str, name: str) -> str:
        """What stands in a text area."""
        raw = self.typed.get(place(task, name))
        return getattr(self.matter(task).answer, name) if raw is None else raw

    def answered(self, task: str) -> bool:
        """Whether the matter has an answer."""
        return self.matter(task).answer.kind is not None

    def unanswered(self) -> tuple[str, ...]:
        """Tasks without an answer, in the order of the list."""
        return tuple(task for task in self.tasks() if not self.answered(task))

    def remarks(self) -> tuple[Remark, ...]:
        """Soft remarks on what is typed so far, without those about boxes that have an error."""
        found = forms.remarks(self.plan, self.form, self.filing, self.previous)
        return tuple(r for r in found if r.task and place(r.task, r.field) not in self.errors)

    def changed(self, task: str) -> bool:
        """Whether the matter differs from what is filed."""
        filed = forms.blank_form(self.plan, self.form.unit, self.form.period, self.filing, (), "")
        old, new = next(m for m in filed.matters if m.task == task), self.matter(task)
        files = [{p.sha256 for p in m.proof} for m in (old, new)]
        values = [(m.answer, dict(m.measurements)) for m in (old, new)]
        typed = any(where.startswith(f"{task}/") for where in self.typed)
        return typed or files[0] != files[1] or values[0] != values[1]

    def blank_support(self) -> int:
        """How many supporting matters say nothing yet."""
        after = forms.all_other_support_no_progress(self.plan, self.form)
        return sum(a != b for a, b in zip(after.matters, self.form.matters, strict=True))

    # -- writing --------------------------------------------------------------------------------------------------

    def set_kind(self, task: str, kind: str | None) -> None:
        """The answer to a matter."""
        self._answer(task, kind=kind)

    def set_expected(self, task: str, day: date | None) -> None:
        """预计完成, None when not behind."""
        self._answer(task, expected=day)

    def set_text(self, task: str, name: str, text: str) -> None:
        """本期进展 progress, 存在问题 problems, 下步措施 next_steps."""
        where = place(task, name)
        if len(text) <= TEXT_LIMIT:
            self._forget(where)
            self._answer(task, **{name: text})
        else:
            self._set_raw(task, name, text)

    def set_number(self, task: str, target: str, text: str) -> None:
        """A number as typed; full-width digits are digits."""
        self._forget(place(task, target))
        plain = unicodedata.normalize("NFKC", text).strip()
        if not plain:
            self._number(task, target, None)
            return
        self._set_raw(task, target, text)

    def set_proof(self, task: str, proof: tuple[ProofEntry, ...]) -> None:
        """The proof files of a matter."""
        self._replace(task, replace(self.matter(task), proof=proof))

    def set_source(self, text: str) -> None:
        """来源 of a 代录."""
        self.typed.pop(SOURCE, None)
        if text:
            self.typed[SOURCE] = text

    def put_back(self, matter: Matter) -> None:
        """A matter as it was before."""
        self._replace(matter.task, matter)

    def _set_raw(self, task: str, field: str, text: str) -> None:
        """Take a text that may not be readable: as a value if it is, else as typed with the reason."""
        where, value = place(task, field), unicodedata.normalize("NFKC", text).strip()
        number = field not in forms.ANSWER_MEMBERS
        said = {"measurements": {field: value}} if number else {field: text}
        data = {"format": FORMAT, "unit": self.form.unit, "period": self.form.period, "base": []}
        try:
            read = form_from_json(self.plan, {**data, "matters": [{"task": task, **said}]}).matters[0]
        except FormErrors as wrong:
            self.typed[where] = text
            self.errors[where] = wrong.errors[0].text
            if number:
                self._number(task, field, None)
            return
        self._forget(where)
        if number:
            self._number(task, field, read.measurements[field])
        else:
            self._answer(task, **{field: text})

    def _forget(self, where: str) -> None:
        self.typed.pop(where, None)
        self.errors.pop(where, None)

    def _answer(self, task: str, **members: object) -> None:
        matter = self.matter(task)
        answer: Answer = replace(matter.answer, **members)  # type: ignore[arg-type]
        self._replace(task, replace(matter, answer=answer, given=forms.ALL_MEMBERS))

    def _number(self, task: str, target: str, value: Decimal | None) -> None:
        matter = self.matter(task)
        self._replace(task, replace(matter, measurements={**matter.measurements, target: value}))

    def _replace(self, task: str, matter: Matter) -> None:
        matters = tuple(matter if m.task == task else m for m in self.form.matters)
        self.form = replace(self.form, matters=matters)
