"""Requests as they are seen: one's own, those that wait for the officers, one of either."""

from __future__ import annotations

from uuid import UUID

from yincai.directory.models import Request
from yincai.directory.vocabulary import PAGE, REVIEWER, Deed, RequestView, Sort, Standing
from yincai.foundation import clock
from yincai.foundation.errors import NotFound
from yincai.foundation.paging import BEFORE_ALL, Key
from yincai.foundation.statements import Rows
from yincai.ledger.actions import record_read
from yincai.ledger.vocabulary import Actor
from yincai.people import queries as people

READING = "审核单位、院校、专业信息"
_WAITING = Rows(
    Request,
    "place = %(place)s AND standing = 'pending' AND (submitted_at, id) > (%(at)s, %(id)s)"
    " ORDER BY submitted_at, id LIMIT %(size)s",
)
_OWN = Rows(
    Request,
    "account_id = %(account)s AND place = %(place)s AND (submitted_at, id) < (%(at)s, %(id)s)"
    " ORDER BY submitted_at DESC, id DESC LIMIT %(size)s",
)
_LAST = UUID(int=2**128 - 1)


def may_review(actor: Actor, place: str) -> bool:
    """Whether this member of staff decides requests of the place now."""
    return (
        actor.kind == "staff"
        and actor.id is not None
        and REVIEWER in people.staff_roles(actor.id, place=place)
    )


def waiting(actor: Actor, place: str, *, after: Key | None = None) -> tuple[list[RequestView], Key | None]:
    """A page of what waits in a place, longest waiting first, and the key of the next; `NotFound` for others
    than its reviewers."""
    if not may_review(actor, place):
        raise NotFound
    at, key = after or BEFORE_ALL
    return _page(_WAITING.all(place=place, at=at, id=key, size=PAGE + 1))


def own_requests(
    account: UUID, place: str, *, after: Key | None = None
) -> tuple[list[RequestView], Key | None]:
    """A page of what somebody asked for in a place, newest first, and the key of the next."""
    at, key = after or (clock.now(), _LAST)
    return _page(_OWN.all(account=account, place=place, at=at, id=key, size=PAGE + 1))


def own_request(account: UUID, request_id: UUID) -> RequestView:
    """One of somebody's own requests; `NotFound` for others'."""
    row = Request.objects.filter(pk=request_id, account_id=account).first()
    if row is None:
        raise NotFound
    return view_of(row)


def request_of_key(account: UUID, key: UUID) -> RequestView | None:
    """What somebody's form of this submission key became, or None."""
    row = Request.objects.filter(account_id=account, submission_key=key).first()
    return view_of(row) if row else None


def open_request(actor: Actor, request_id: UUID, *, what: str = "request", stated: str = "") -> RequestView:
    """A request as its reviewer sees it, whatever became of it; the look is on record.  Else `NotFound`.

    `stated` is why they look, in their own words.
    """
    row = Request.objects.filter(pk=request_id).first()
    if row is None or not may_review(actor, row.place):
        raise NotFound
    record_read(
        chain=row.pk, actor=Actor("staff", actor.id, REVIEWER), purpose=READING, what=what, stated=stated
    )
    return view_of(row)


def request_for_messages(request_id: UUID) -> RequestView:
    """A request, for whoever tells its maker what became of it.  Raises `NotFound`."""
    row = Request.objects.filter(pk=request_id).first()
    if row is None:
        raise NotFound
    return view_of(row)


def view_of(row: Request) -> RequestView:
    """A row as other rooms see it."""
    return RequestView(
        id=row.pk,
        number=row.number,
        place=row.place,
        sort=Sort(row.sort),
        deed=Deed(row.deed),
        record=row.record_id,
        account=row.account_id,
        name=row.name,
        code=row.code,
        values=row.values,
        documents=tuple(row.documents),
        standing=Standing(row.standing),
        submitted_at=row.submitted_at,
        due_at=row.due_at,
        decided_at=row.decided_at,
        opinion=row.opinion,
    )


def _page(rows: list[Request]) -> tuple[list[RequestView], Key | None]:
    shown = rows[:PAGE]
    last = shown[-1] if len(rows) > PAGE else None
    return [view_of(row) for row in shown], (last.submitted_at, last.pk) if last else None
