"""The room's jobs: the signer's queue seals, sweeps and takes up what was lost; the worker marks expiry."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

import psycopg
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Max
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job
from procrastinate.types import TimeDeltaParams

from yincai.cards import actions, case_orders, expiring, queries, receipts, reissuing, waiting
from yincai.cards.models import Card
from yincai.cards.vocabulary import CannotTypeset, CardState, LayoutBroken, SealingWaits
from yincai.foundation import clock
from yincai.foundation.errors import SomeoneWasFirst
from yincai.ledger.dispatch import handler
from yincai.ledger.vocabulary import SYSTEM, EntryView

logger = logging.getLogger(__name__)

__all__ = [
    "case_orders",
    "expire_due",
    "receipts",
    "reissuing",
    "seal",
    "seal_card",
    "sweep_leftovers",
    "take_up_lost",
]

SEAL = "cards.seal_card"
LONGEST_WAIT = 600
LOST_AFTER = timedelta(minutes=2)
LONGEST_REST = timedelta(hours=6)


class _DatabaseAway(BaseRetryStrategy):
    """Try again for as long as the database is away; everything else stops, in sight."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        away = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
        if not isinstance(exception, away):
            return None
        return RetryDecision(retry_in={"seconds": seconds_to_wait(min(job.attempts, 4))})


@handler("cards.seal", queue="signer")
def seal(entry: EntryView) -> None:
    """A card was ordered: have it sealed."""
    enqueue_sealing(UUID(str(entry.payload["card"])))


@app.task(name=SEAL, queue="signer", retry=_DatabaseAway())
def seal_card(*, card: str, waits: int = 0) -> None:
    """Seal one card; where that must wait, say why on the card and come back later."""
    # Only the signer's process needs pyHanko; the others load this module for its names alone.
    from yincai.cards import sealing_job
    from yincai.cards.sealing import PyHankoSigner

    card_id = UUID(card)
    try:
        sealing_job.seal_card(card_id, signer=PyHankoSigner.from_settings())
    except SealingWaits as error:
        logger.warning("card %s waits for its seal, attempt %s", card, waits + 1)
        with transaction.atomic():
            waiting.note_waiting(card_id, error.sentence)
            enqueue_sealing(card_id, waits=waits + 1)
    except (CannotTypeset, LayoutBroken) as error:
        waiting.note_waiting(card_id, error.sentence)
        raise


@app.periodic(cron="* * * * *")
@app.task(name="cards.take_up_lost", queue="signer", queueing_lock="cards.take_up_lost")
def take_up_lost(timestamp: int) -> None:
    """Enqueue again every ordered card that no job speaks of any more, or whose job failed a while ago."""
    for card_id in lost_cards():
        logger.warning("card %s had no sealing job left and gets a new one", card_id)
        enqueue_sealing(card_id)
    for job_id in failed_sealings():
        logger.warning("the failed sealing job %s is tried again", job_id)
        app.job_manager.retry_job_by_id(job_id, retry_at=clock.now())


@app.periodic(cron="17 * * * *")
@app.task(name="cards.sweep_leftovers", queue="signer", queueing_lock="cards.sweep_leftovers")
def sweep_leftovers(timestamp: int) -> None:
    """Remove files of attempts that never became a card."""
    removed = waiting.sweep_leftovers()
    if removed:
        logger.info("%s leftover card files removed", removed)


@app.periodic(cron="5 16 * * *")  # five past midnight in China
@app.task(name="cards.expire_due", queue="default", queueing_lock="cards.expire_due")
def expire_due(timestamp: int) -> None:
    """Mark every card whose last day has passed."""
    while due := queries.due_to_expire(on=clock.today()):
        for card_id in due:
            try:
                actions.expire_card(card_id, actor=SYSTEM)
            except SomeoneWasFirst:
                logger.info("card %s changed while it was due to expire", card_id)


@app.periodic(cron="35 0 * * *")  # half past eight in the morning in China
@app.task(name="cards.announce_expiring", queue="default", queueing_lock="cards.announce_expiring")
def announce_expiring(timestamp: int) -> None:
    """Announce the cards that end within thirty days, and again within seven."""
    expiring.announce_expiring(on=clock.today())


def enqueue_sealing(card_id: UUID, *, waits: int = 0) -> None:
    """Enqueue the sealing of a card on the present connection, later the more often it had to wait."""
    delay: TimeDeltaParams | None = {"seconds": seconds_to_wait(waits - 1)} if waits else None
    job = app.configure_task(SEAL, queue="signer", lock=_lock(card_id), schedule_in=delay)
    job.defer(card=str(card_id), waits=waits)


def seconds_to_wait(times: int) -> int:
    """The back-off: 2, 4, 8 … seconds, ten minutes at most."""
    return int(min(2 ** (min(times, 16) + 1), LONGEST_WAIT))


def lost_cards() -> list[UUID]:
    """Cards ordered some minutes ago for which no job waits or runs, and none failed (`failed_sealings`).

    One whose order is still on its way from the ledger counts too: the second job finds it sealed and ends.
    """
    late = Card.objects.filter(state=CardState.ORDERED, ordered_at__lt=clock.now() - LOST_AFTER)
    locks = {_lock(pk): pk for pk in late.order_by("ordered_at").values_list("pk", flat=True)[:1000]}
    known = ProcrastinateJob.objects.filter(lock__in=locks, status__in=["todo", "doing", "failed"])
    spoken_of = set(known.values_list("lock", flat=True))
    return [pk for lock, pk in locks.items() if lock not in spoken_of]


def failed_sealings() -> list[int]:
    """Failed sealing jobs that are due for another attempt: after 2, 4, 8 … minutes, six hours at most."""
    failed = ProcrastinateJob.objects.filter(task_name=SEAL, status="failed")
    when = failed.annotate(ended=Max("procrastinateevent__at")).order_by("id")
    return [
        job.id
        for job in when[:1000]
        if job.ended + min(timedelta(minutes=2 ** min(job.attempts, 16)), LONGEST_REST) <= clock.now()
    ]


def _lock(card_id: UUID) -> str:
    """Two jobs for one card never run at the same time."""
    return f"cards:{card_id}"
