"""Cases to test with: published content, an applicant with a complete draft, staff who hold their roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client

from tests import personas
from tests.answers import OTHER_NUMBER, SECTIONS, SLOTS, picture
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import AskedItem, CaseView
from yincai.documents import inspection
from yincai.documents import queries as documents
from yincai.documents.inspection import inspect_document
from yincai.documents.pipeline.inspection import inspect
from yincai.documents.pipeline.vocabulary import SafeDocument
from yincai.documents.pipeline.wire import Request
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.people import queries as people
from yincai.programmes import actions as programmes

DECLARED = {"confirmation": "on"}
PLACE, PROGRAMME = "shijiazhuang", "talent_green_card"


@pytest.fixture
def reader_here(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """The reader's own work without its child process, which `tests/documents` proves and takes long."""
    settings.UPLOAD_WAIT_SECONDS = 0

    def read_here(data: bytes, *, request: Request, wall_seconds: float = 0) -> SafeDocument:
        return inspect(
            data,
            limits=request.limits,
            accept=request.accept,
            claimed=request.claimed,
            drawing=request.drawing,
        )

    monkeypatch.setattr(inspection, "read_safely", read_here)


@pytest.fixture
def published(db: None, reader_here: None) -> Any:
    """The green card programme, published as it stands in the repository."""
    actions.seed_reasons(settings.PLACES / PLACE)
    return programmes.publish_folder(settings.PLACES / PLACE / "programmes" / PROGRAMME, actor=SYSTEM)


@pytest.fixture
def person(published: Any) -> Callable[[str], Any]:
    """`person("reviewer")`: the account of one of the cast, with its role in this place."""
    made: dict[str, Any] = {}

    def account(name: str) -> Any:
        if name not in made:
            made[name] = personas.make_persona(name, place=PLACE)
        return made[name]

    return account


@pytest.fixture
def actor(person: Callable[[str], Any]) -> Callable[[str], Actor]:
    """`actor("applicant")`: one of the cast as the actor that they are at their own door."""

    def of(name: str) -> Actor:
        account = person(name)
        if name in personas.RESIDENTS:
            return people.applicant_of(account)
        return Actor("staff", account.pk)

    return of


@pytest.fixture
def browser(person: Callable[[str], Any]) -> Callable[[str], Client]:
    """`browser("approver")`: a browser in which they are signed in, staff with both factors."""

    def of(name: str) -> Client:
        return personas.sign_in(person(name), second_factor=name in personas.STAFF)

    return of


@pytest.fixture
def draft(actor: Callable[[str], Actor]) -> CaseView:
    """An empty draft of the applicant."""
    return actions.open_draft(
        actor=actor("applicant"), place=PLACE, programme=PROGRAMME, variant="A", key=uuid4()
    )


@pytest.fixture
def complete(draft: CaseView, actor: Callable[[str], Actor]) -> CaseView:
    """A draft in which nothing is missing."""
    fill(draft.id, actor("applicant"))
    return draft


@pytest.fixture
def submitted(complete: CaseView, actor: Callable[[str], Actor]) -> CaseView:
    """A case just handed in."""
    return submit(complete.id, actor("applicant"))


def fill(case_id: UUID, applicant: Actor) -> None:
    """Answer every section and hand in every document that is needed, made safe by the reader's own work."""
    for section, posted in SECTIONS.items():
        saved = actions.save_section(
            case_id, actor=applicant, section=section, posted=posted, seen_revision=0
        )
        assert saved.problems == ()
    for slot in SLOTS:
        material = actions.add_material(case_id, actor=applicant, slot=slot, upload=picture())
        inspect_document(material.document_id)
        assert documents.document(material.document_id).is_safe


def submit(case_id: UUID, applicant: Actor, *, key: UUID | None = None) -> CaseView:
    """Hand a complete draft in."""
    case = cases.case_for(applicant, case_id)
    return actions.take_transition(
        case_id, actor=applicant, name=case.way_out.name, key=key or uuid4(), words=DECLARED
    )


def someone_elses_case(applicant: Actor) -> CaseView:
    """The submitted case of another person than the one in `SECTIONS`."""
    case = actions.open_draft(actor=applicant, place=PLACE, programme=PROGRAMME, variant="A", key=uuid4())
    fill(case.id, applicant)
    other = SECTIONS["person"] | {"identity.number": [OTHER_NUMBER]}
    actions.save_section(case.id, actor=applicant, section="person", posted=other, seen_revision=1)
    return submit(case.id, applicant)


def send_back(case_id: UUID, officer: Actor, *items: AskedItem) -> CaseView:
    """Claim the case and ask its applicant to put these things right."""
    actions.claim_case(case_id, actor=officer)
    return actions.take_transition(
        case_id, actor=officer, name="request_correction", key=uuid4(), items=items
    )


def take(case_id: UUID, officer: Actor, name: str, **words: str) -> CaseView:
    """Claim the case and take one step as a member of staff."""
    actions.claim_case(case_id, actor=officer)
    return actions.take_transition(case_id, actor=officer, name=name, key=uuid4(), words=words)
