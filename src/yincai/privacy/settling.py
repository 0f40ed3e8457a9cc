"""The officers' side of amendments: looked at on record, checked, decided; an identity by two of them.
Doors: `actions` and `queries`."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from yincai.cards import queries as cards
from yincai.documents import queries as documents
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound, Problem, SomeoneWasFirst
from yincai.foundation.paging import BEFORE_ALL, Key
from yincai.foundation.statements import Rows
from yincai.ledger.actions import record, record_read
from yincai.ledger.vocabulary import JSON, Actor
from yincai.people import actions as people_actions
from yincai.people import queries as people
from yincai.people.vocabulary import person_index
from yincai.privacy.amending import WAITING, view_of
from yincai.privacy.models import Amendment
from yincai.privacy.vocabulary import (
    OFFICER,
    PAGE,
    AmendmentView,
    Event,
    Item,
    OwnAmendment,
    SecondOfficer,
    Standing,
)

READING = "办理更正申请"
LONGEST_OPINION = 300
UNSAFE = "证明材料还在做安全检查，或不能使用，现在不能通过。请稍后再试，或写明原因后不予更正。"
_WAITING = Rows(
    Amendment,
    "place = %(place)s AND standing IN ('pending', 'checked') AND (submitted_at, id) > (%(at)s, %(id)s)"
    " ORDER BY submitted_at, id LIMIT %(size)s",
)


def may_amend(actor: Actor, place: str) -> bool:
    """Whether this member of staff decides amendments of the place now."""
    held = people.staff_roles(actor.id, place=place) if actor.kind == "staff" and actor.id else frozenset()
    return OFFICER in held


def waiting_amendments(
    actor: Actor, place: str, *, after: Key | None = None
) -> tuple[list[AmendmentView], Key | None]:
    """A page of what waits in a place, longest waiting first, and the key of the next; `NotFound` for others
    than its officers."""
    if not may_amend(actor, place):
        raise NotFound
    at, key = after or BEFORE_ALL
    rows = _WAITING.all(place=place, at=at, id=key, size=PAGE + 1)
    end = rows[PAGE - 1] if len(rows) > PAGE else None
    return [view_of(row) for row in rows[:PAGE]], (end.submitted_at, end.pk) if end else None


def open_amendment(actor: Actor, amendment_id: UUID, *, what: str = "amendment") -> AmendmentView:
    """An amendment as an officer of its place sees it; the look is on record.  Else `NotFound`;
    `OwnAmendment` for what concerns themselves or their household."""
    row = Amendment.objects.filter(pk=amendment_id).first()
    if row is None or not may_amend(actor, row.place):
        raise NotFound
    if concerns(actor, row):
        raise OwnAmendment
    reader = Actor("staff", actor.id, OFFICER)
    record_read(chain=row.pk, actor=reader, purpose=READING, what=what)
    return view_of(row)


def settle_amendment(amendment_id: UUID, *, actor: Actor, approve: bool, opinion: str) -> AmendmentView:
    """Approve or refuse an amendment that waits; a refusal says why.

    What changes who somebody is is checked by the first officer and carried out by a second one.  The rest
    is decided by one.  Raises `NotFound` for others than officers of the place, `OwnAmendment`,
    `SecondOfficer`, `Invalid`, `DocumentTaken`, `SomeoneWasFirst` when it was decided meanwhile.
    """
    with transaction.atomic():
        row = Amendment.objects.select_for_update(of=("self",)).filter(pk=amendment_id).first()
        if row is None or not may_amend(actor, row.place):
            raise NotFound
        if concerns(actor, row):
            raise OwnAmendment
        if row.standing not in WAITING:
            raise SomeoneWasFirst
        row.opinion = _words(opinion, needed=not approve)
        officer = Actor("staff", actor.id, OFFICER)
        if not approve:
            return _end(row, officer, Standing.REFUSED, Event.AMENDMENT_REFUSED)
        if any(not one.is_safe for one in documents.documents(row.documents)):
            raise Invalid(UNSAFE)
        if Item(row.item).is_identity and row.standing == Standing.PENDING:
            return _check(row, officer)
        if Item(row.item).is_identity and row.checked_by == actor.id:
            raise SecondOfficer
        _carry_out(row, officer)
        return _end(row, officer, Standing.APPROVED, Event.AMENDMENT_APPROVED)


def concerns(actor: Actor, row: Amendment) -> bool:
    """Whether an amendment is this officer's own, or of a person of their household."""
    if row.account_id == actor.id or actor.id is None:
        return True
    now = people.identity_of(row.account_id)
    named = {person_index(now.kind, now.number)} if now else set()
    if "number" in row.right:
        named.add(person_index(row.right["kind"], row.right["number"]))
    return bool(named & set(people.document_indexes(actor.id)))


def _check(row: Amendment, officer: Actor) -> AmendmentView:
    row.standing, row.checked_by, row.checked_at = Standing.CHECKED.value, officer.id, clock.now()
    row.save(update_fields=["standing", "checked_by", "checked_at", "opinion"])
    record(chain=row.pk, event=Event.AMENDMENT_CHECKED, actor=officer, payload={"number": row.number})
    return view_of(row)


def _carry_out(row: Amendment, officer: Actor) -> None:
    """An identity is replaced here; of a case or card its own chain says from now on that it was put right,
    and the office makes the card anew as it makes any (换发)."""
    if Item(row.item).is_identity:
        now = people.identity_of(row.account_id)
        if now is None:
            raise NotFound
        wanted = {"name": now.name, "kind": now.kind, "number": now.number} | row.right
        people_actions.replace_identity(row.account_id, actor=officer, amendment=row.pk, **wanted)
    elif row.subject is not None:
        chain = cards.card(row.subject).case_id if row.item == Item.CARD else row.subject
        payload: dict[str, JSON] = {"amendment": str(row.pk), "number": row.number}
        record(chain=chain, event=Event.CONTENT_AMENDED, actor=officer, payload=payload)


def _end(row: Amendment, officer: Actor, standing: Standing, event: Event) -> AmendmentView:
    row.standing, row.decided_by, row.decided_at = standing.value, officer.id, clock.now()
    row.save(update_fields=["standing", "decided_by", "decided_at", "opinion"])
    payload: dict[str, JSON] = {"number": row.number, "item": row.item}
    record(chain=row.pk, event=event, actor=officer, payload=payload)
    return view_of(row)


def _words(opinion: str, *, needed: bool) -> str:
    words = " ".join(opinion.split())
    if needed and not words:
        raise Invalid(problems=[Problem("opinion", "请写明不予更正的原因和可以怎样做，申请人会看到。")])
    if len(words) > LONGEST_OPINION:
        sentence = f"意见最多 {LONGEST_OPINION} 个字，现在是 {len(words)} 个。"
        raise Invalid(problems=[Problem("opinion", sentence)])
    return words
