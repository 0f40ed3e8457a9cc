"""Complaints as they are seen: one's own, by number and code, and by those who may handle or watch them."""

from __future__ import annotations

from uuid import UUID

from yincai.directory.complaint_words import (
    AUDITOR,
    SUPERVISOR,
    Against,
    Complainant,
    ComplaintStanding,
    ComplaintView,
    NotTheirs,
    Outcome,
)
from yincai.directory.helping import is_progress_code, offices_reached
from yincai.directory.models import Complaint
from yincai.directory.ticket_words import SUPPORT, NoProgress
from yincai.directory.vocabulary import PAGE
from yincai.foundation import clock
from yincai.foundation.errors import NotFound
from yincai.foundation.paging import BEFORE_ALL, Key
from yincai.foundation.statements import Rows
from yincai.ledger.actions import record_read
from yincai.ledger.vocabulary import Actor
from yincai.people import queries as people

READING = "办理投诉举报"
Page = tuple[list[ComplaintView], Key | None]
_SEEN = "place = %(place)s AND NOT (%(me)s = ANY(kept_away)) AND (%(watches)s OR office <> ALL(%(offices)s))"
_WAITING = Rows(
    Complaint,
    f"{_SEEN} AND standing = 'waiting' AND (due_at, id) > (%(at)s, %(id)s)"
    " ORDER BY due_at, id LIMIT %(size)s",
)
_DONE = Rows(
    Complaint,
    f"{_SEEN} AND NOT standing = 'waiting' AND (submitted_at, id) < (%(at)s, %(id)s)"
    " ORDER BY submitted_at DESC, id DESC LIMIT %(size)s",
)
_OWN = Rows(
    Complaint,
    "account_id = %(account)s AND place = %(place)s AND (submitted_at, id) < (%(at)s, %(id)s)"
    " ORDER BY submitted_at DESC, id DESC LIMIT %(size)s",
)
_FIRST, _LAST = UUID(int=0), UUID(int=2**128 - 1)


def own_complaints(account: UUID, place: str, *, after: Key | None = None) -> Page:
    """A page of what somebody complained about in a place, newest first, and the key of the next."""
    at, key = after or (clock.now(), _LAST)
    rows = _OWN.all(account=account, place=place, at=at, id=key, size=PAGE + 1)
    return _page(rows, None, by_due=False)


def own_complaint(actor: Actor, complaint_id: UUID, *, code: str = "") -> ComplaintView:
    """One's own complaint; `NotFound` for others'.  `code`: the progress code of who has no account."""
    row = Complaint.objects.filter(pk=complaint_id).first()
    if row is None:
        raise NotFound
    if row.account_id is not None:
        mine = actor.kind == "applicant" and actor.id == row.account_id
    else:
        mine = is_progress_code(row.pk, code)
    if not mine:
        raise NotFound
    return view_of(row)


def complaint_by_code(number: str, code: str, *, place: str) -> UUID:
    """The complaint of somebody without an account; `NoProgress` whichever of the two is wrong."""
    row = Complaint.objects.filter(number=number.strip().upper(), place=place, account=None).first()
    if not is_progress_code(row.pk if row else _FIRST, code) or row is None:
        raise NoProgress
    return row.pk


def may_handle(actor: Actor, place: str) -> bool:
    """Whether this member of staff handles complaints of the place now, but for those that concern them."""
    return bool(_roles(actor, place) & {SUPPORT, SUPERVISOR})


def may_watch(actor: Actor, place: str) -> bool:
    """Whether this member of staff sees every complaint of the place, and who is anonymous."""
    return bool(_roles(actor, place) & {SUPERVISOR, AUDITOR})


def waiting_complaints(actor: Actor, place: str, *, after: Key | None = None) -> Page:
    """A page of what waits for an answer and does not concern this officer, soonest due first; `NotFound`."""
    at, key = after or BEFORE_ALL
    rows = _WAITING.all(**_sight(actor, place), at=at, id=key, size=PAGE + 1)
    return _page(rows, actor, by_due=True)


def answered_complaints(actor: Actor, place: str, *, after: Key | None = None) -> Page:
    """A page of what was answered, newest first; `NotFound` for who neither handles nor watches."""
    at, key = after or (clock.now(), _LAST)
    rows = _DONE.all(**_sight(actor, place), at=at, id=key, size=PAGE + 1)
    return _page(rows, actor, by_due=False)


def open_complaint(actor: Actor, complaint_id: UUID, *, what: str = "complaint") -> ComplaintView:
    """A complaint as who handles or watches it sees it; the look is on record.  Else `NotFound`."""
    row = seen_by(actor, Complaint.objects.filter(pk=complaint_id).first())
    record_read(chain=row.pk, actor=officer_of(actor, row), purpose=READING, what=what, office=row.office)
    return view_of(row)


def open_identity(actor: Actor, complaint_id: UUID, *, stated: str) -> Complainant:
    """Who complained, for a reason that goes on record.

    Raises `NotFound`, and `NotTheirs` where they are anonymous and this is neither supervisor nor auditor.
    """
    row = seen_by(actor, Complaint.objects.filter(pk=complaint_id).first())
    if row.is_anonymous and not may_watch(actor, row.place):
        raise NotTheirs
    record_read(
        chain=row.pk,
        actor=officer_of(actor, row),
        purpose=READING,
        what="complainant",
        office=row.office,
        stated=stated,
    )
    known = row.contact
    username = people.display_name(row.account_id) if row.account_id else ""
    return Complainant(known.get("name", ""), known.get("phone", ""), username)


def complaint_for_messages(complaint_id: UUID) -> tuple[ComplaintView, UUID | None]:
    """A complaint and the account that made it, for whoever tells them.  Raises `NotFound`."""
    row = Complaint.objects.filter(pk=complaint_id).first()
    if row is None:
        raise NotFound
    return view_of(row), row.account_id


def seen_by(actor: Actor, row: Complaint | None) -> Complaint:
    """The complaint, when this member of staff may see it: `NotFound` for whom it concerns and for others.

    It concerns whom it names, who worked on the case, who made it, and, as handler, the office's own people.
    Names are looked for anew, as somebody may have been appointed or renamed since.
    """
    if row is None or not _roles(actor, row.place) & {SUPPORT, SUPERVISOR, AUDITOR}:
        raise NotFound
    if actor.id is None or actor.id in row.kept_away or _says(row, people.display_name(actor.id)):
        raise NotFound
    if not may_watch(actor, row.place) and row.office in _offices_of(actor, row.place):
        raise NotFound
    return row


def named_in(row: Complaint) -> set[UUID]:
    """The staff of the place whose names stand in a complaint, whatever was meant by them."""
    known = people.colleagues(row.place)
    return {one.account_id for one in known if _says(row, one.name.partition("（")[0])}


def officer_of(actor: Actor, row: Complaint) -> Actor:
    """This member of staff in the role in which they see a complaint."""
    held = _roles(actor, row.place)
    return Actor("staff", actor.id, next(one for one in (SUPERVISOR, SUPPORT, AUDITOR) if one in held))


def view_of(row: Complaint) -> ComplaintView:
    """A row as other rooms see it."""
    return ComplaintView(
        id=row.pk,
        number=row.number,
        place=row.place,
        against=Against(row.against),
        office=row.office,
        officer=row.officer,
        case=row.case,
        text=row.text,
        is_anonymous=row.is_anonymous,
        has_account=row.account_id is not None,
        has_contact=bool(row.contact) or row.account_id is not None,
        documents=tuple(row.documents),
        standing=ComplaintStanding(row.standing),
        submitted_at=row.submitted_at,
        due_at=row.due_at,
        claimed_by=row.claimed_by,
        claimed_until=row.claimed_until,
        answered_at=row.answered_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        answer=row.answer,
    )


def _roles(actor: Actor, place: str) -> frozenset[str]:
    if actor.kind != "staff" or actor.id is None:
        return frozenset()
    return people.staff_roles(actor.id, place=place)


def _offices_of(actor: Actor, place: str) -> frozenset[str]:
    """The offices in which this member of staff works, in whatever role."""
    held = people.appointments(actor.id, place=place) if actor.id else ()
    return frozenset(one.office for one in held)


def _sight(actor: Actor, place: str) -> dict[str, object]:
    watches = may_watch(actor, place)
    if not watches and not offices_reached(actor, place, SUPPORT):
        raise NotFound
    offices = sorted(_offices_of(actor, place))
    return {"place": place, "me": actor.id, "watches": watches, "offices": offices}


def _says(row: Complaint, name: str) -> bool:
    """Whether this name stands in a complaint, however it is spaced."""
    sought, said = "".join(name.split()), "".join(f"{row.officer} {row.text}".split())
    return bool(sought) and sought in said


def _page(rows: list[Complaint], actor: Actor | None, *, by_due: bool) -> Page:
    """A page without what names this officer, who may be new or renamed; and the key of the next."""
    shown = rows[:PAGE]
    last = shown[-1] if len(rows) > PAGE else None
    following = ((last.due_at if by_due else last.submitted_at), last.pk) if last else None
    name = people.display_name(actor.id) if actor and actor.id else ""
    return [view_of(row) for row in shown if not _says(row, name)], following
