"""A form that is checked to come from a person: what it asks, and what it says when the check fails."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms

from yincai.people import actions, queries
from yincai.people.vocabulary import NotChecked, Purpose

ANSWER = "check_answer"
PROOFS = (ANSWER, "check_work", "check_pass")


class HumanChecked(forms.Form):
    """Mixed into a form, before its own class: nothing is looked at unless the human check is passed.

    Templates ask `check_shown`, `check_pass` and `asked` (`components/human.html`).
    """

    purpose: Purpose
    keeps_pass = True
    """Whether one check is enough until the form is without mistakes; not where each try is a guess."""

    nothing_shown = ""
    """The sentence for a form without any proof, where the general one does not say enough."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.check_pass = ""
        self.is_refused = False
        self.fields[ANSWER] = forms.CharField(required=False, max_length=200, label="验证问题")

    def order_fields(self, field_order: Any) -> None:
        """As asked, with the check last."""
        super().order_fields(field_order)
        if ANSWER in self.fields:
            self.fields[ANSWER] = self.fields.pop(ANSWER)

    def is_check_wanted(self) -> bool:
        """Whether this form is checked; always, unless a form says otherwise."""
        return True

    @cached_property
    def check_shown(self) -> bool:
        """Whether the page that is drawn now shows the check."""
        return self.is_check_wanted()

    @cached_property
    def asked(self) -> queries.Asked:
        """The question for whoever has no scripts; a new one for every page."""
        return queries.ask(self.purpose)

    @property
    def is_answering(self) -> bool:
        """Whether the person chose to answer the question: the script then leaves it there."""
        return bool(self.data.get(ANSWER))

    def _clean_fields(self) -> None:
        """The check first; what it refuses is only looked at for its form."""
        sentence = self._check() if self.is_check_wanted() else ""
        self.is_refused = bool(sentence)
        super()._clean_fields()  # type: ignore[misc]  # Django's, private
        if sentence:
            self.add_error(ANSWER, sentence)

    def _check(self) -> str:
        posted = {name: str(self.data.get(name, "")) for name in self.data}
        try:
            given = actions.check_human(self.purpose, posted)
        except NotChecked as error:
            is_empty = not any(posted.get(name, "").strip() for name in PROOFS)
            return self.nothing_shown if is_empty and self.nothing_shown else error.sentence
        self.check_pass = given if self.keeps_pass else ""
        return ""
