"""Who administers an organisation, until the right ends."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from yincai.directory.models import Right, Version
from yincai.directory.requests import may_review
from yincai.directory.vocabulary import PAGE, REVIEWER, Event, Problem, RightView
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound, SomeoneWasFirst
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import JSON, Actor

Key = tuple[datetime, UUID]


def administers(account: UUID, *, place: str = "") -> list[RightView]:
    """The organisations that this account administers now, read anew at every call."""
    rows = Right.objects.filter(account_id=account, ended_at=None).order_by("since", "id")
    return _views(rows.filter(place=place) if place else rows)


def rights_of(actor: Actor, place: str, *, after: Key | None = None) -> tuple[list[RightView], Key | None]:
    """A page of the rights in force in a place, oldest first, for its reviewers; `NotFound` for others."""
    if not may_review(actor, place):
        raise NotFound
    rows = Right.objects.filter(place=place, ended_at=None).order_by("since", "id")
    if after:
        rows = rows.filter(since__gte=after[0]).exclude(since=after[0], id__lte=after[1])
    found = _views(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], (last.since, last.id) if last else None


def end_right(right_id: UUID, *, actor: Actor, reason: str = "") -> RightView:
    """End a right, from the holder's next request on: its holder gives it up, or a reviewer takes it and
    says why.  Raises `NotFound`, `Invalid`, `SomeoneWasFirst`."""
    with transaction.atomic():
        row = Right.objects.select_for_update(of=("self",)).filter(pk=right_id).first()
        if row is None or not (_is_own(row, actor) or may_review(actor, row.place)):
            raise NotFound
        words = " ".join(reason.split())[:300]
        if not words and not _is_own(row, actor):
            raise Invalid(problems=[Problem("reason", "请写明取消的原因，这位管理员会看到。")])
        if row.ended_at is not None:
            raise SomeoneWasFirst
        row.ended_at, row.ended_by, row.reason = clock.now(), actor.id, words
        row.save(update_fields=["ended_at", "ended_by", "reason"])
        who = actor if actor.kind == "applicant" else Actor("staff", actor.id, REVIEWER)
        payload: dict[str, JSON] = {"request": str(row.request_id), "own": _is_own(row, actor)}
        record(chain=row.pk, event=Event.RIGHT_ENDED, actor=who, payload=payload)
    return _views([row])[0]


def right_for_messages(right_id: UUID) -> tuple[RightView, str]:
    """A right and why it ended, for whoever tells its holder.  Raises `NotFound`."""
    row = Right.objects.filter(pk=right_id).first()
    if row is None:
        raise NotFound
    return _views([row])[0], row.reason


def _is_own(row: Right, actor: Actor) -> bool:
    return actor.kind == "applicant" and row.account_id == actor.id


def _views(rows: object) -> list[RightView]:
    found: list[Right] = list(rows)  # type: ignore[call-overload]  # a query or a list of rows
    named = dict(
        Version.objects.filter(record_id__in=[row.record_id for row in found], valid_until=None).values_list(
            "record_id", "name"
        )
    )
    return [
        RightView(
            row.pk,
            row.place,
            row.record_id,
            named.get(row.record_id, ""),
            row.account_id,
            row.request_id,
            row.since,
            row.ended_at,
        )
        for row in found
    ]
