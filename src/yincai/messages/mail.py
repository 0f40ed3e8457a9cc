"""The mail server over SMTP, as Django's settings name it."""

from __future__ import annotations

import smtplib
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from yincai.messages.vocabulary import GatewayAway, GatewayRefused


def send(*, to: str, subject: str, text: str, number: UUID) -> None:
    """Hand one letter in plain text over.  `number` names it: the same letter has the same `Message-ID`.

    Raises `GatewayRefused` when the server will never take it (a status of 5xx), and `GatewayAway` for
    everything that may heal.  Neither names the address or the text.
    """
    name = f"<{number}@{urlsplit(settings.BASE_URL).hostname}>"
    headers = {"Message-ID": name, "Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(subject, text, to=[to], headers=headers).send()
    except (smtplib.SMTPException, OSError) as error:
        raise _meaning(error) from None


def _meaning(error: smtplib.SMTPException | OSError) -> GatewayAway | GatewayRefused:
    status = _status(error)
    if status is not None and 500 <= status < 600:
        return GatewayRefused(f"the mail server refused with status {status}")
    return GatewayAway(f"the mail server is away or busy ({type(error).__name__} {status or ''})")


def _status(error: smtplib.SMTPException | OSError) -> int | None:
    """The status that the server gave to this letter; a refused sign-in or greeting says nothing of it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((status for status, _ in error.recipients.values()), default=None)
    if isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused):
        return error.smtp_code
    return None
