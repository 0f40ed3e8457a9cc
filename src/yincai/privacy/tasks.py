"""The room's jobs: ids in, one action called.  All of them may run twice."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from yincai.ledger.dispatch import handler
from yincai.ledger.vocabulary import EntryView
from yincai.messages import actions as messages
from yincai.privacy import actions, queries, texts
from yincai.privacy.copying import MAKE

TRIES = 5


@app.task(
    name=MAKE, queue="default", retry=RetryStrategy(max_attempts=TRIES, exponential_wait=4), pass_context=True
)
def make_copy(context: JobContext, *, copy_id: str) -> None:
    """Make one copy; after the last try its page says that there is none."""
    try:
        actions.make_copy(UUID(copy_id))
    except Exception:
        if context.job.attempts + 1 >= TRIES:
            actions.fail_copy(UUID(copy_id))
        raise


@app.periodic(cron="7 * * * *")
@app.task(name="privacy.destroy_copies", queue="default", queueing_lock="privacy.destroy_copies")
def destroy_copies(timestamp: int) -> None:
    """Every hour: destroy the copies whose week is over."""
    actions.destroy_copies()


@app.periodic(cron="12 * * * *")
@app.task(name="privacy.close_accounts", queue="default", queueing_lock="privacy.close_accounts")
def close_accounts(timestamp: int) -> None:
    """Every hour: erase the accounts whose owners have had their days to think it over."""
    actions.close_due_accounts()


@app.periodic(cron="10 18 * * *")  # ten past two at night in China
@app.task(name="privacy.erase_due", queue="default", queueing_lock="privacy.erase_due")
def erase_due(timestamp: int) -> None:
    """Every night: erase what has been kept as long as it is declared; a night missed is caught up."""
    actions.erase_due()
    actions.destroy_unneeded_keys()


@handler("privacy.tell_owner")
def tell_owner(entry: EntryView) -> None:
    """Tell somebody what happened with their data; it goes also by the channels that they switched off."""
    messages.tell(
        entry.chain,
        template_name=entry.event,
        texts=texts.told(entry, link=f"{settings.BASE_URL}/account/data/"),
        case_id=None,
        idempotency_key=f"entry:{entry.hash}",
        about_account=True,
    )


@handler("privacy.tell_amender")
def tell_amender(entry: EntryView) -> None:
    """Tell whoever asked for an amendment what the officers decided."""
    asked = queries.amendment_for_messages(entry.chain)
    link = f"{settings.BASE_URL}/account/data/amendments/{asked.id}/"
    messages.tell(
        asked.account,
        template_name=entry.event,
        texts=texts.amended(asked, link=link),
        case_id=None,
        idempotency_key=f"entry:{entry.hash}",
    )
