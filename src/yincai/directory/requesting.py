"""Asking that a record be added or changed, or for the right to administer an organisation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from yincai.directory.asking import clean, file_label, inputs_of
from yincai.directory.declared import declared
from yincai.directory.finding import record as record_of
from yincai.directory.models import Request, Right
from yincai.directory.requests import request_of_key, view_of
from yincai.directory.routing import may_have_administrator
from yincai.directory.similar import similar_to
from yincai.directory.spelling import fold
from yincai.directory.vocabulary import (
    REQUESTS_A_DAY,
    WORKING_DAYS,
    AlreadyAsked,
    AlreadyThere,
    Deed,
    Event,
    NoAdministrator,
    Problem,
    RecordView,
    RequestView,
    Sort,
    Standing,
)
from yincai.documents import actions as documents
from yincai.documents import queries as files
from yincai.documents.vocabulary import State
from yincai.foundation import clock
from yincai.foundation.calendar_table import load_calendar
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, SomeoneWasFirst, YincaiError
from yincai.foundation.statements import hold, value
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.people import actions as people

PREFIX = {Sort.ORGANISATION: "DW", Sort.SCHOOL: "YX", Sort.MAJOR: "ZY"}
RIGHT_PREFIX = "GL"
_COUNT = "SELECT count(*) FROM directory_request WHERE number LIKE %(like)s"


def submit_request(
    *,
    actor: Actor,
    place: str,
    sort: Sort,
    deed: Deed,
    posted: Mapping[str, str],
    upload: UUID | None,
    key: UUID,
    record_id: UUID | None = None,
) -> RequestView:
    """Hand in a request with its file; it has its number and its working day from then on.

    The same `key` gives the request that it gave before.  Raises `Invalid` with problems by input (`file` for
    the file), `AlreadyThere`, `AlreadyAsked`, `NoAdministrator`, `TooManyAttempts`, `NotFound`.
    """
    if actor.kind != "applicant" or actor.id is None:
        raise NotAllowed
    twin = request_of_key(actor.id, key)
    if twin is not None:
        return twin
    try:
        subject = record_of(record_id, place=place, sort=sort) if record_id else None
        values = _checked(sort, deed, place, posted, upload, actor.id)
        name, code = (subject.name, subject.code) if deed is Deed.ADMINISTER and subject else _named(values)
        _refuse_twice(actor.id, place, sort, deed, name, code, subject)
        people.count_attempt(REQUESTS_A_DAY, subject=str(actor.id))
        now = clock.now()
        row = Request(
            place=place,
            sort=sort.value,
            deed=deed.value,
            record_id=record_id,
            account_id=actor.id,
            name=name,
            folded=fold(name),
            code=code,
            values=values,
            documents=[upload],
            submission_key=key,
            submitted_at=now,
            due_at=_due_after(now),
        )
        _enter(row, actor)
    except (YincaiError, IntegrityError) as error:  # the same form sent twice at once gives one request
        twin = request_of_key(actor.id, key)
        if twin is not None:
            return twin
        if isinstance(error, IntegrityError):  # somebody asked for the same just now
            raise AlreadyAsked from error
        raise
    return view_of(row)


def _due_after(moment: datetime) -> datetime:
    """The midnight that ends the last working day on which a request is decided in time."""
    day = load_calendar().add_working_days(clock.day_of(moment), WORKING_DAYS)
    return clock.start_of(day + timedelta(days=1))


def withdraw_request(request_id: UUID, *, actor: Actor) -> None:
    """Take one's own request back while nobody has decided it.  `NotFound`, `SomeoneWasFirst`."""
    with transaction.atomic():
        if actor.kind != "applicant" or actor.id is None:
            raise NotFound
        mine = Request.objects.filter(pk=request_id, account_id=actor.id)
        if not mine.exists():
            raise NotFound
        pending = mine.filter(standing=Standing.PENDING.value)
        if pending.update(standing=Standing.WITHDRAWN.value, decided_at=clock.now()) != 1:
            raise SomeoneWasFirst
        record(chain=request_id, event=Event.REQUEST_WITHDRAWN, actor=actor, payload={})


def _checked(
    sort: Sort, deed: Deed, place: str, posted: Mapping[str, str], upload: UUID | None, account: UUID
) -> dict[str, str]:
    """What was written, when all of it is right and its file may be used."""
    values, problems = clean(inputs_of(sort, deed, declared(place)), posted)
    title, _ = file_label(sort, deed)
    if upload is None:
        problems.append(Problem("file", f"请上传{title}。"))
    else:
        file = files.document(upload)
        if file.owner != account or file.case is not None:
            raise NotFound
        if file.state is State.REFUSED:
            problems.append(Problem("file", file.reason))
    if problems:
        raise Invalid(problems=problems)
    return values


def _named(values: Mapping[str, str]) -> tuple[str, str]:
    return values["name"], values.get("uscc", "")


def _refuse_twice(
    account: UUID, place: str, sort: Sort, deed: Deed, name: str, code: str, subject: RecordView | None
) -> None:
    if deed is Deed.ADD:
        found = similar_to(place, sort, name, code)
        if found.same:
            raise AlreadyThere
        if found.pending:
            raise AlreadyAsked
        return
    if subject is None:
        raise NotFound
    waits = Request.objects.filter(record_id=subject.id, deed=deed.value, standing=Standing.PENDING.value)
    if deed is Deed.ADMINISTER:
        if not may_have_administrator(subject):
            raise NoAdministrator(declared(place).routing.no_administrator)
        if Right.objects.filter(record_id=subject.id, account_id=account, ended_at=None).exists():
            raise AlreadyThere
        waits = waits.filter(account_id=account)
    if waits.exists():
        raise AlreadyAsked


def _enter(row: Request, actor: Actor) -> None:
    with transaction.atomic():
        prefix = RIGHT_PREFIX if row.deed == Deed.ADMINISTER else PREFIX[Sort(row.sort)]
        row.number = _next_number(f"{prefix}{clock.day_of(row.submitted_at):%Y%m%d}")
        row.save(force_insert=True)
        documents.attach(row.documents, case=row.pk, label=row.number, actor=actor)
        record(
            chain=row.pk,
            event=Event.REQUEST_SUBMITTED,
            actor=actor,
            payload={
                "number": row.number,
                "deed": row.deed,
                "sort": row.sort,
                "record": str(row.record_id or ""),
                "due": row.due_at.isoformat(),
            },
        )


def _next_number(start: str) -> str:
    """The next number of the day, counted by one request after the other."""
    hold(f"directory-number:{start}")
    return f"{start}{value(_COUNT, like=f'{start}%') + 1:04}"
