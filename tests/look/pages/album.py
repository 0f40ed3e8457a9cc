"""Answers of the platform, kept to be opened in a browser later; and the cast that asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import jinja2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import resolve
from prove.live.people import identity_number

from tests import personas
from tests.answers import SECTIONS, SLOTS, picture
from tests.cases import PLACE, PROGRAMME, submit
from yincai.casework import actions
from yincai.casework.vocabulary import CaseView
from yincai.documents import inspection
from yincai.documents.inspection import inspect_document
from yincai.documents.pipeline.inspection import inspect
from yincai.documents.pipeline.vocabulary import SafeDocument
from yincai.documents.pipeline.wire import Request
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.people import actions as people
from yincai.people import queries
from yincai.programmes import actions as programmes


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One page in one state: where it stood, what drew it and what the browser got."""

    state: str
    address: str
    template: str
    answer: HttpResponse


@dataclass
class Album:
    """What was asked for: the pages to look at, and the names of every address that answered."""

    shots: list[Shot] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    drawn: str = ""

    def take(
        self, state: str, client: Client, address: str, posted: Any = None, *, status: int = 200
    ) -> HttpResponse:
        """The page that `client` sees in the end: asked for, or after `posted` and where that leads."""
        if posted is None:
            answer = client.get(address, follow=True)
        else:
            answer = client.post(address, posted, follow=True)
        assert answer.status_code == status, f"{state}: {address} answers {answer.status_code}"
        for one in (address, *(there for there, _ in answer.redirect_chain)):  # type: ignore[attr-defined]
            self.names.add(resolve(urlsplit(one).path).view_name)
        self.keep(state, answer.request["PATH_INFO"], answer)  # type: ignore[attr-defined]  # the test client's
        return answer

    def keep(self, state: str, address: str, answer: HttpResponse) -> None:
        """This answer, drawn just now."""
        assert answer["Content-Type"].startswith("text/html"), f"{state}: {address} is no page"
        self.shots.append(Shot(state, address, self.drawn, answer))


class Cast:
    """Everybody who looks at pages, each opened once; and cases of residents without end."""

    def __init__(self) -> None:
        self.people: dict[str, Any] = {}
        self.serial = 0

    def account(self, name: str) -> Any:
        """The account of one of the cast, who can sign in with a password."""
        if name not in self.people:
            self.people[name] = personas.make_persona(name, place=PLACE)
        return self.people[name]

    def staff(self, name: str) -> Actor:
        """One of the staff as an actor."""
        return Actor("staff", self.account(name).pk)

    def browser(self, name: str) -> Client:
        """A browser in which they are signed in, staff with both factors."""
        return personas.sign_in(self.account(name), second_factor=name in personas.STAFF)

    def resident(self) -> Resident:
        """Somebody new, with an account and a browser."""
        self.serial += 1
        account = people.register_account(
            username=f"resident_{self.serial}",
            password=None,
            phone=f"1390000{self.serial:04}",
            email=f"resident{self.serial}@example.org",
        )
        browser = personas.sign_in(account, second_factor=False)
        return Resident(account, queries.applicant_of(account), browser, self.serial)


@dataclass(frozen=True)
class Resident:
    """An applicant, their browser, and the number by which their identity differs from others'."""

    account: Any
    actor: Actor
    browser: Client
    serial: int

    def draft(self, variant: str = "A") -> CaseView:
        """An empty draft."""
        return actions.open_draft(
            actor=self.actor, place=PLACE, programme=PROGRAMME, variant=variant, key=uuid4()
        )

    def complete(self, **person: list[str]) -> CaseView:
        """A draft in which nothing is missing; `person` replaces answers of the first section."""
        case = self.draft()
        own = {"identity.number": [identity_number(self.serial)]} | person
        for name, posted in SECTIONS.items():
            more = own if name == "person" else {}
            actions.save_section(
                case.id, actor=self.actor, section=name, posted=posted | more, seen_revision=0
            )
        for slot in SLOTS:
            self.hand_in(case.id, slot)
        return case

    def submitted(self, **person: list[str]) -> CaseView:
        """A case just handed in."""
        return submit(self.complete(**person).id, self.actor)

    def hand_in(self, case: UUID, slot: str, upload: Any = None) -> UUID:
        """A file in a row, looked at by the reader; its place in the case."""
        added = actions.add_material(case, actor=self.actor, slot=slot, upload=upload or picture())
        inspect_document(added.document_id)
        return added.id


@contextmanager
def stage(folder: Path) -> Iterator[Album]:
    """A published programme in a database that forgets everything afterwards; its album notes templates."""
    album = Album()
    atom = transaction.atomic()
    atom._from_testcase = True  # type: ignore[attr-defined]  # as Django's own tests do
    with pytest.MonkeyPatch.context() as patch, override_settings(**_alone(folder)), atom:
        patch.setattr(inspection, "read_safely", _read_here)
        patch.setattr(jinja2.Template, "render", _noting(album))
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's loop may already run
        cache.clear()
        actions.seed_reasons(settings.PLACES / PLACE)
        programmes.publish_folder(settings.PLACES / PLACE / "programmes" / PROGRAMME, actor=SYSTEM)
        yield album
        transaction.set_rollback(True)


def _alone(folder: Path) -> dict[str, Any]:
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    return {"UPLOAD_WAIT_SECONDS": 0, "STORAGES": settings.STORAGES | {"default": files}}


def _noting(album: Album) -> Any:
    draw = jinja2.Template.render

    def drawn(template: jinja2.Template, *args: Any, **kwargs: Any) -> str:
        album.drawn = template.name or ""
        return draw(template, *args, **kwargs)

    return drawn


def _read_here(data: bytes, *, request: Request, wall_seconds: float = 0) -> SafeDocument:
    """The reader's own work without its child process, as in `tests.cases.reader_here`."""
    return inspect(
        data, limits=request.limits, accept=request.accept, claimed=request.claimed, drawing=request.drawing
    )
