"""What the room does in the background: hear of changes, deliver events, forget what is over."""

from __future__ import annotations

from uuid import UUID

import psycopg
from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from yincai.cards import queries as cards
from yincai.casework import queries as casework
from yincai.directory import queries as directory
from yincai.directory.vocabulary import NoSuchRecord, Sort
from yincai.ledger.dispatch import handler
from yincai.ledger.vocabulary import EntryView
from yincai.partners.events import DELIVER, QUEUE, forget_old_events, note_event
from yincai.partners.handing import forget_old_handovers, forget_values
from yincai.partners.repeating import forget_old_answers
from yincai.partners.sending import Again, attempt
from yincai.partners.vocabulary import Kind

AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
SECONDS_AWAY = 20


class Patience(BaseRetryStrategy):
    """What procrastinate asks when an attempt did not settle a delivery."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When the attempt asked for; the database being away counts for nothing."""
        if isinstance(exception, Again):
            return RetryDecision(retry_in={"seconds": exception.seconds})
        return RetryDecision(retry_in={"seconds": SECONDS_AWAY}) if isinstance(exception, AWAY) else None


@app.task(name=DELIVER, queue=QUEUE, retry=Patience())
def deliver(*, delivery: str) -> None:
    """One attempt at one delivery."""
    attempt(UUID(delivery))


@app.periodic(cron="20 3 * * *")
@app.task(name="partners.forget", queue="default", queueing_lock="partners.forget")
def forget(timestamp: int) -> None:
    """Every night: events nobody can fetch any more, answers nobody gets again, values nobody took."""
    forget_old_events()
    forget_old_answers()
    forget_old_handovers()


@handler("partners.note_case")
def note_case(entry: EntryView) -> None:
    """An event for a case that came into another state; drafts are nobody's business."""
    reached = entry.payload.get("to")
    case = casework.case_of_system(entry.chain)
    if not isinstance(reached, str) or not reached or case.reference is None:
        return
    if entry.payload.get("from") == reached:
        return  # an act within the state
    if reached not in case.spec.workflow.by_name:
        return
    note_event(
        Kind.CASE_MOVED,
        place=case.place,
        office=case.office,
        at=entry.at,
        data={
            "reference": case.reference,
            "programme": case.programme,
            "variant": case.variant,
            "state": reached,
            "state_title": case.spec.workflow.state(reached).title,
        },
        entry=entry.id,
    )


@handler("partners.forget_values")
def forget_handed_over(entry: EntryView) -> None:
    """The case was handed in, or the draft deleted: what was handed over for it is forgotten."""
    forget_values(entry.chain)


@handler("partners.note_card")
def note_card(entry: EntryView) -> None:
    """An event for a card that somebody held; one cancelled before it was sealed was nobody's."""
    card = cards.card(UUID(str(entry.payload["card"])))
    if card.is_withdrawn:
        return
    case = casework.case_of_system(card.case_id)
    note_event(
        Kind(entry.event),
        place=card.place,
        office=case.office,
        at=entry.at,
        data={
            "number": card.number,
            "kind": card.kind,
            "programme": card.programme,
            "reference": case.reference,
            "valid_until": card.valid_until.isoformat() if card.valid_until else None,
        },
        entry=entry.id,
    )


@handler("partners.note_organisation")
def note_organisation(entry: EntryView) -> None:
    """An event for an organisation that was added on request; what a place's files bring is no news."""
    if "seed" in entry.payload:
        return
    try:
        found = directory.record(entry.chain, sort=Sort.ORGANISATION)
    except NoSuchRecord:
        return
    data = {"organisation": str(found.id), "name": found.name, "code": found.code}
    note_event(Kind.ORGANISATION_ADDED, place=found.place, office="", at=entry.at, data=data, entry=entry.id)
