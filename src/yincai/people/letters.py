"""Letters about an account: sealed in the database, sent by the worker, then deleted."""

from __future__ import annotations

from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction

from yincai.people.models import OutgoingMail


def post_letter(*, to: str, subject: str, body: str) -> None:
    """Keep the letter and enqueue its sending, in one transaction.  The job knows its number only."""
    from yincai.people.tasks import send_letter

    with transaction.atomic():
        letter = OutgoingMail.objects.create(letter={"to": to, "subject": subject, "body": body})
        send_letter.defer(letter_id=str(letter.pk))


def send(letter_id: UUID) -> None:
    """Send one letter and forget it.  A sent one is no error; a failure leaves it for the next try."""
    with transaction.atomic():
        letter = OutgoingMail.objects.select_for_update().filter(pk=letter_id).first()
        if letter is None:
            return
        content = letter.letter
        letter.delete()
        EmailMessage(content["subject"], content["body"], to=[content["to"]]).send()
