"""Erasing what outside authorities said of somebody.  Door: `actions`."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from yincai.registries.models import Consent, FaceCheck, RealNameAnswer


def erase_answers_of(account_id: UUID) -> None:
    """Erase the consents of an account, what the real-name registry answered, and its face checks."""
    with transaction.atomic():
        Consent.objects.filter(account_id=account_id).delete()
        RealNameAnswer.objects.filter(pk=account_id).delete()
        FaceCheck.objects.filter(account_id=account_id).delete()
