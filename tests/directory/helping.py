"""Help to test with: a question of a resident, one of a stranger, an officer who answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from tests.answers import picture
from tests.directory.asking import phone_of, resident
from tests.directory.conftest import PLACE
from yincai.directory import actions
from yincai.directory.vocabulary import HELP_SLOT, ComplaintView, Part, TicketView
from yincai.documents import actions as documents
from yincai.documents.inspection import inspect_document
from yincai.ledger.vocabulary import ANONYMOUS, SYSTEM, Actor
from yincai.people import actions as people
from yincai.people import queries
from yincai.people.models import ContactCode

PHONE = "13912340001"
WRITTEN = {"topic": "download", "text": "点「下载」没有反应。\n试了两次。", "phone": PHONE}
CONTEXT = {Part.PAGE: "/my/approved/", Part.BROWSER: "Chrome 120，Windows"}


def applicant(name: str = "asker") -> Actor:
    return queries.applicant_of(resident(name))


def officer(
    name: str = "helper", *, role: str = "support", office: str = "main_library", place: str = PLACE
) -> Actor:
    """Somebody who works in the place."""
    account = queries.account_named(name) or people.register_account(
        username=name, password=None, phone=phone_of(name)
    )
    people.appoint_staff(
        account, actor=SYSTEM, place=place, office=office, role=role, name=NAMES.get(name, "温言")
    )
    return Actor("staff", account.pk)


NAMES = {"helper": "温言", "second": "方晓", "watcher": "严正"}


def question(**more: Any) -> actions.Question:
    return actions.Question(**({**WRITTEN, "context": CONTEXT} | more))


def ask(who: str = "asker", **more: Any) -> TicketView:
    """A resident's question, handed in."""
    key = more.pop("key", None) or uuid4()
    return actions.ask_ticket(question(**more), actor=applicant(who), place=PLACE, key=key)


def begin(**more: Any) -> UUID:
    """A stranger's question that waits for the code of their phone."""
    return actions.begin_ticket(question(**({"name": "路人"} | more)), place=PLACE, key=uuid4())


def code_of(subject: UUID) -> str:
    """The code that is on its way."""
    return ContactCode.objects.get(about=subject).code


def stranger_asks() -> TicketView:
    ticket = begin()
    return actions.confirm_ticket(ticket, code=code_of(ticket))


def screenshot(who: str = "asker") -> UUID:
    """A picture that the reader found safe."""
    actor = applicant(who)
    assert actor.id is not None
    stored = documents.store_upload(picture(), actor=actor, owner=actor.id)
    made = documents.enter_upload(stored, actor=actor, purpose="material", slot=HELP_SLOT)
    inspect_document(made.id)
    return made.id


def answer(
    ticket: TicketView, *, by: Actor | None = None, text: str = "已修复，请再下载一次。"
) -> TicketView:
    by = by or officer()
    actions.claim_ticket(ticket.id, actor=by)
    return actions.answer_ticket(ticket.id, actor=by, text=text, key=uuid4())


COMPLAINT = {"against": "fee", "text": "窗口有人说交钱可以加急。", "office": "harbour_branch"}


def complain(who: str | None = "asker", **more: Any) -> ComplaintView:
    """A complaint handed in; `who` None: by somebody without an account."""
    key = more.pop("key", None) or uuid4()
    actor = applicant(who) if who else ANONYMOUS
    return actions.submit_complaint(actions.Grievance(**COMPLAINT | more), actor=actor, place=PLACE, key=key)
