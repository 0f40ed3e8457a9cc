"""A copy of everything held: asked for, made by a job, fetched by its owner, destroyed after a week
(个人信息保护法 第四十五条).  Doors: `actions` and `queries`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from procrastinate.contrib.django import app

from yincai.engine.retention import Kept, Period
from yincai.foundation import clock, encryption
from yincai.foundation.errors import NotAllowed
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.people import actions as people
from yincai.privacy.gathering import as_json, gather
from yincai.privacy.models import DataCopy
from yincai.privacy.paper import as_paper
from yincai.privacy.vocabulary import (
    COPIES_A_DAY,
    PAGE,
    CopyGone,
    CopyState,
    CopyView,
    Event,
    Form,
)
from yincai.programmes import queries as programmes

MAKE = "privacy.make_copy"
AT_ONCE = 200
Key = tuple[datetime, UUID]


def ask_copy(account_id: UUID, *, actor: Actor, key: UUID) -> CopyView:
    """Ask for a copy of everything held about oneself; a job makes it.

    Who asks has just shown their password or code again: the door sees to it.  The same form, and a second
    one while the first is being made, give the same copy.  Raises `NotAllowed` for anybody else,
    `TooManyAttempts` after `COPIES_A_DAY`.
    """
    _require_owner(account_id, actor)
    known = _unmade(account_id, key)
    if known is not None:
        return view_of(known)
    people.count_attempt(COPIES_A_DAY, subject=str(account_id))
    try:
        with transaction.atomic():
            row = DataCopy.objects.create(account_id=account_id, submission_key=key, asked_at=clock.now())
            record(chain=account_id, event=Event.COPY_ASKED, actor=actor, payload={"copy": str(row.pk)})
            app.configure_task(MAKE, queue="default", lock=f"copy:{row.pk}").defer(copy_id=str(row.pk))
    except IntegrityError:  # asked for twice at once
        twin = _unmade(account_id, key)
        if twin is None:
            raise
        return view_of(twin)
    return view_of(row)


def copies_kept() -> Period:
    """For how long a copy is kept once it is made."""
    return programmes.retention().rules[Kept.DATA_COPY].period


def make_copy(copy_id: UUID) -> None:
    """Put the copy together and seal it; one that was made, or is gone, is left alone."""
    row = DataCopy.objects.filter(pk=copy_id, state=CopyState.WAITING.value).first()
    if row is None:
        return
    now = clock.now()
    found = gather(row.account_id)
    content, paper = as_json(found, account_id=row.account_id, at=now), as_paper(found, at=now)
    data_key = encryption.new_data_key()
    with transaction.atomic():
        made = DataCopy.objects.filter(pk=copy_id, state=CopyState.WAITING.value).update(
            state=CopyState.READY.value,
            data_key=encryption.wrap_data_key(data_key, context=_context(copy_id), person=row.account_id),
            content=encryption.seal_under(data_key, content, context=_context(copy_id, Form.JSON)),
            paper=encryption.seal_under(data_key, paper, context=_context(copy_id, Form.PDF)),
            ready_at=now,
            ends_at=copies_kept().after(now),
        )
        if made:
            payload = {"copy": str(copy_id)}
            record(chain=row.account_id, event=Event.COPY_READY, actor=SYSTEM, payload=payload)


def fail_copy(copy_id: UUID) -> None:
    """Say that a copy will not be made."""
    DataCopy.objects.filter(pk=copy_id, state=CopyState.WAITING.value).update(state=CopyState.FAILED.value)


def fetch_copy(copy_id: UUID, *, actor: Actor, form: Form) -> bytes:
    """The copy in one form, for its owner alone; each time is on record first.  `CopyGone` otherwise."""
    if actor.kind != "applicant" or actor.id is None:
        raise CopyGone
    with transaction.atomic():
        mine = DataCopy.objects.filter(pk=copy_id, account_id=actor.id, state=CopyState.READY.value)
        row = mine.filter(ends_at__gt=clock.now()).first()
        if row is None:
            raise CopyGone
        sealed = row.content if form is Form.JSON else row.paper
        if sealed is None:
            raise CopyGone
        payload = {"copy": str(copy_id), "form": form.value}
        record(chain=row.account_id, event=Event.COPY_FETCHED, actor=actor, payload=payload)
    data_key = encryption.unwrap_data_key(bytes(row.data_key), context=_context(copy_id))
    return encryption.unseal_under(data_key, bytes(sealed), context=_context(copy_id, form))


def destroy_copies(*, of: UUID | None = None) -> int:
    """Destroy the copies whose week is over, or every one of an account; how many."""
    which = Q(account_id=of) if of is not None else Q(ends_at__lte=clock.now())
    done = 0
    while ids := list(_ready(which).values_list("pk", flat=True)[:AT_ONCE]):
        done += sum(_destroy(one) for one in ids)
    return done


def forget_copies_of(account_id: UUID) -> None:
    """Destroy the copies of an account that is being closed, and forget that there were any."""
    destroy_copies(of=account_id)
    DataCopy.objects.filter(account_id=account_id).delete()


def copies_of(account_id: UUID, *, after: Key | None = None) -> tuple[list[CopyView], Key | None]:
    """A page of the copies that somebody asked for, newest first, and the key of the next page."""
    rows = DataCopy.objects.filter(account_id=account_id).defer("content", "data_key")
    if after is not None:
        rows = rows.filter(Q(asked_at__lt=after[0]) | Q(asked_at=after[0], pk__lt=after[1]))
    found = list(rows.order_by("-asked_at", "-pk")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return [view_of(one) for one in found[:PAGE]], (last.asked_at, last.pk) if last else None


def view_of(row: DataCopy) -> CopyView:
    """A copy as its owner sees it; one whose week is over counts as gone before the job has come by."""
    over = row.ends_at is not None and row.ends_at <= clock.now()
    state = CopyState.GONE if over else CopyState(row.state)
    return CopyView(row.pk, state, row.asked_at, row.ready_at, row.ends_at, row.paper is not None)


def _destroy(copy_id: UUID) -> int:
    with transaction.atomic():
        row = DataCopy.objects.select_for_update(of=("self",)).filter(pk=copy_id).first()
        if row is None or row.state != CopyState.READY.value:
            return 0
        row.state, row.data_key, row.content, row.paper = CopyState.GONE.value, b"", None, None
        row.save(update_fields=["state", "data_key", "content", "paper"])
        payload = {"copy": str(copy_id)}
        record(chain=row.account_id, event=Event.COPY_DESTROYED, actor=SYSTEM, payload=payload)
    return 1


def _ready(which: Q) -> models.QuerySet[DataCopy]:
    return DataCopy.objects.filter(which, state=CopyState.READY.value).order_by("ends_at", "pk")


def _unmade(account_id: UUID, key: UUID) -> DataCopy | None:
    same = Q(submission_key=key) | Q(state=CopyState.WAITING.value)
    return DataCopy.objects.filter(same, account_id=account_id).order_by("-asked_at").first()


def _require_owner(account_id: UUID, actor: Actor) -> None:
    if actor.kind != "applicant" or actor.id != account_id:
        raise NotAllowed


def _context(copy_id: UUID, form: Form | None = None) -> str:
    return f"privacy.copy:{copy_id}" + (f":{form.value}" if form else "")
