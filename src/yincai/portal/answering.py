"""What a correction opens of the pages on which an application is filled in, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import reverse

from yincai.casework import queries as cases
from yincai.casework.queries import Scope
from yincai.casework.vocabulary import CaseView, CorrectionView, ItemView, MaterialView
from yincai.documents import queries as documents
from yincai.documents.vocabulary import DocumentView
from yincai.engine.forms import MATERIALS
from yincai.engine.reasons import Pin
from yincai.look.form_state import input_id
from yincai.portal.pages import actor_of


@dataclass(frozen=True)
class Answering:
    """The correction that a page belongs to; without one everything is open and nothing is asked."""

    correction: CorrectionView | None = None
    scope: Scope = field(default_factory=lambda: Scope(everything=True))
    left_out: tuple[MaterialView, ...] = ()

    @property
    def asked(self) -> Mapping[str, str]:
        """What stands beside each pinned place."""
        items = self.correction.items if self.correction else ()
        return {one.place.path: f"需要补正：{said(one)}" for one in items}

    def is_open(self, path: str) -> bool:
        """Whether what lies at this path may change."""
        return self.scope.is_open(path)

    def opens_section(self, names: list[str]) -> bool:
        """Whether one of these fields, or a part of one, may change."""
        return any(self.scope.touches(name) for name in names)

    def left_out_documents(self) -> list[tuple[MaterialView, DocumentView]]:
        """What was handed in before and will not be this time."""
        found = {one.id: one for one in documents.documents([one.document_id for one in self.left_out])}
        return [(one, found[one.document_id]) for one in self.left_out if one.document_id in found]


def answering(request: HttpRequest, case: CaseView) -> Answering:
    """The correction that the applicant answers with this case; for whoever may edit it."""
    if not case.is_in_correction:
        return Answering()
    actor = actor_of(request)
    return Answering(
        cases.correction(actor, case.id),
        cases.open_places(actor, case.id),
        tuple(cases.left_out(actor, case.id)),
    )


def said(item: ItemView) -> str:
    """Why, in one line."""
    return f"{item.reason_label}（{item.note}）" if item.note else item.reason_label


def place_of_item(case: CaseView, item: ItemView) -> str:
    """The address of the input, row, table or slot that an item is about."""
    path = item.place.path
    if item.place.pin is Pin.DOCUMENT or item.place.section == MATERIALS:
        return f"{reverse('portal:materials', args=[case.id])}#slot-{path.replace('.', '-')}"
    return f"{reverse('portal:form', args=[case.id, item.place.section])}#{input_id(path)}"
