"""Letters about an account: sealed in the database, sent by the worker, then deleted.

No transaction is open while the mail server is spoken to.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q

from yincai.foundation import clock
from yincai.people.models import OutgoingMail

CLAIMED_FOR = timedelta(minutes=5)
"""Longer than the mail server may take (`EMAIL_TIMEOUT`, for each of a few answers)."""


class OnItsWay(Exception):  # noqa: N818 - reads as a sentence where it is caught
    """Another process is sending this letter, or died while it did; the claim ends by itself."""


def post_letter(*, to: str, subject: str, body: str) -> None:
    """Keep the letter and enqueue its sending, in one transaction.  The job knows its number only."""
    from yincai.people.tasks import send_letter

    with transaction.atomic():
        letter = OutgoingMail.objects.create(letter={"to": to, "subject": subject, "body": body})
        send_letter.defer(letter_id=str(letter.pk))


def send(letter_id: UUID) -> None:
    """Send one letter and forget it.  A sent one is no error; a failure leaves it for the next try.

    Raises `OnItsWay` while another process is sending it.  A process that dies between sending and deleting
    makes the letter go twice, with the same `Message-ID`, by which mail programs know it again.
    """
    letter = _claimed(letter_id)
    if letter is None:
        return
    content = letter.letter
    number = f"<{letter.pk}@{urlsplit(settings.BASE_URL).hostname}>"
    message = EmailMessage(
        content["subject"], content["body"], to=[content["to"]], headers={"Message-ID": number}
    )
    try:
        message.send()
    except Exception:
        OutgoingMail.objects.filter(pk=letter.pk).update(claimed_until=None)
        raise
    letter.delete()


def _claimed(letter_id: UUID) -> OutgoingMail | None:
    """The letter, ours to send for a while; None when it was sent."""
    now = clock.now()
    waiting = Q(claimed_until=None) | Q(claimed_until__lte=now)
    mine = OutgoingMail.objects.filter(waiting, pk=letter_id).update(claimed_until=now + CLAIMED_FOR)
    letter = OutgoingMail.objects.filter(pk=letter_id).first()
    if letter is not None and not mine:
        raise OnItsWay
    return letter
