"""The officers' verdict on a request, and what it makes of the directory."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from yincai.directory.finding import record as record_of
from yincai.directory.models import Record, Request, Right
from yincai.directory.requests import may_review, view_of
from yincai.directory.routing import may_have_administrator
from yincai.directory.versions import write_version
from yincai.directory.vocabulary import (
    REVIEWER,
    Contact,
    Deed,
    Event,
    NoAdministrator,
    OwnRequest,
    Problem,
    RequestView,
    Sort,
    Standing,
)
from yincai.documents import queries as documents
from yincai.foundation import clock
from yincai.foundation.encryption import Forgotten
from yincai.foundation.errors import Invalid, NotFound, SomeoneWasFirst
from yincai.foundation.fields import is_forgotten
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import JSON, Actor

LONGEST_OPINION = 300
NO_LONGER = "这个单位的类型已经变更，不再需要单位系统管理员，不能通过。请写明原因，选择不通过。"
FACTS = {
    Sort.ORGANISATION: ("kind", "affiliation", "department", "supervised", "address", "district"),
    Sort.SCHOOL: ("country", "kind"),
    Sort.MAJOR: ("school", "level"),
}


def decide_request(request_id: UUID, *, actor: Actor, approve: bool, opinion: str) -> RequestView:
    """Approve or refuse a request that waits.  A refusal says why.

    Approved: the record is added or its next version written, or the right granted, at once.  Raises
    `NotFound` for others than reviewers of the place, `OwnRequest`, `Invalid`, and `SomeoneWasFirst` when it
    was decided or withdrawn meanwhile.
    """
    with transaction.atomic():
        row = Request.objects.select_for_update(of=("self",)).filter(pk=request_id).first()
        if row is None or not may_review(actor, row.place):
            raise NotFound
        if row.account_id == actor.id:
            raise OwnRequest
        if row.standing != Standing.PENDING:
            raise SomeoneWasFirst
        words = _words(opinion, needed=not approve)
        if is_forgotten(row.values):  # nothing can be taken up, and nobody reads why
            if approve:
                raise Forgotten
            words = ""
        officer = Actor("staff", actor.id, REVIEWER)
        if approve:
            _carry_out(row, officer)
        row.standing = Standing.APPROVED.value if approve else Standing.REFUSED.value
        row.decided_at, row.decided_by, row.opinion = clock.now(), actor.id, words
        row.save(update_fields=["standing", "decided_at", "decided_by", "opinion", "record"])
        event = Event.REQUEST_APPROVED if approve else Event.REQUEST_REFUSED
        record(chain=row.pk, event=event, actor=officer, payload={"number": row.number})
    return view_of(row)


def _words(opinion: str, *, needed: bool) -> str:
    words = " ".join(opinion.split())
    if needed and not words:
        sentence = "请写明不通过的原因和怎样补正，申请人会看到。"
        raise Invalid(problems=[Problem("opinion", sentence)])
    if len(words) > LONGEST_OPINION:
        sentence = f"意见最多 {LONGEST_OPINION} 个字，现在是 {len(words)} 个。"
        raise Invalid(problems=[Problem("opinion", sentence)])
    return words


def _carry_out(row: Request, officer: Actor) -> None:
    unsafe = [one for one in documents.documents(row.documents) if not one.is_safe]
    if unsafe:
        raise Invalid("附件还在做安全检查，或不能使用，现在不能通过。请稍后再试，或写明原因后不通过。")
    if row.deed == Deed.ADMINISTER:
        _grant(row, officer)
        return
    is_new = row.record_id is None
    if is_new:
        row.record = Record.objects.create(place=row.place, sort=row.sort)
    if row.record is None:
        raise NotFound
    values = row.values
    version = write_version(
        row.record,
        name=row.name,
        code=row.code,
        facts={name: values.get(name, "") for name in FACTS[Sort(row.sort)]},
        since=max(_since(values.get("since", "")), clock.today()),
        contact=Contact(values.get("representative", ""), values.get("person", ""), values.get("phone", "")),
        request=row.pk,
    )
    event = Event.RECORD_ADDED if is_new else Event.RECORD_CHANGED
    payload: dict[str, JSON] = {"version": version.number, "request": str(row.pk)}
    record(chain=row.record.pk, event=event, actor=officer, payload=payload)


def _grant(row: Request, officer: Actor) -> None:
    if row.record_id is None:
        raise NotFound
    organisation = record_of(row.record_id, place=row.place)
    if not may_have_administrator(organisation):
        raise NoAdministrator(
            "这个单位的类型已经变更，不再需要单位系统管理员，不能通过。请写明原因，选择不通过。"
        )
    right, is_new = Right.objects.get_or_create(
        record_id=row.record_id,
        account_id=row.account_id,
        ended_at=None,
        defaults={"place": row.place, "request": row},
    )
    if is_new:
        payload = {"request": str(row.pk), "record": str(row.record_id)}
        record(chain=right.pk, event=Event.RIGHT_GRANTED, actor=officer, payload=payload)


def _since(text: str) -> date:
    return date.fromisoformat(text) if text else clock.today()
