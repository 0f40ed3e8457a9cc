"""The real-name registry: do the name and the document that somebody registered with belong together?"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import transaction

from yincai.foundation import clock
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import SYSTEM
from yincai.people import actions as people_actions
from yincai.people.queries import IdentityView, identity_of
from yincai.people.vocabulary import Level
from yincai.registries.asking import ask
from yincai.registries.consents import has_consent
from yincai.registries.models import RealNameAnswer
from yincai.registries.vocabulary import AuthorityAway, Event, RealName, Registry, Why

SOURCE = "real_name"


def check_real_name(account_id: UUID) -> RealName | None:
    """Ask the registry about an account's owner and keep what it says; None where nothing may be asked.

    Nothing is asked without consent, without an identity, and after a match.  A match is a proof of
    `Level.REAL_NAME`.  Raises `AuthorityAway`, after which it may be asked again.
    """
    identity = identity_of(account_id)
    if identity is None or not has_consent(account_id, Registry.REAL_NAME, Why.REGISTRATION):
        return None
    if RealNameAnswer.objects.filter(pk=account_id, result=RealName.MATCH).exists():
        return RealName.MATCH
    result, reference = _answer(account_id, identity)
    with transaction.atomic():
        RealNameAnswer.objects.update_or_create(
            pk=account_id, defaults={"result": result, "reference": reference, "at": clock.now()}
        )
        payload = {"result": result.value}
        record(chain=account_id, event=Event.REAL_NAME_ANSWERED, actor=SYSTEM, payload=payload)
        if result is RealName.MATCH:
            people_actions.note_assurance(account_id, actor=SYSTEM, level=Level.REAL_NAME, source=SOURCE)
    return result


def real_name_of(account_id: UUID) -> RealName | None:
    """What the registry said last, or None while it was not asked or has not answered."""
    found = RealNameAnswer.objects.filter(pk=account_id).values_list("result", flat=True).first()
    return RealName(found) if found else None


def _answer(account_id: UUID, identity: IdentityView) -> tuple[RealName, str]:
    title = Registry.REAL_NAME.words
    answer = ask(
        "POST",
        f"{settings.REGISTRY_URL}/check",
        title=title,
        json={
            "key": account_id.hex,
            "purpose": Why.REGISTRATION.words,
            "consent": account_id.hex,
            "kind": identity.kind,
            "number": identity.number,
            "name": identity.name,
        },
    )
    try:
        return RealName(answer["result"]), str(answer["id"])[:100]
    except (KeyError, ValueError) as error:
        raise AuthorityAway(title, "strange answer") from error


def forget_real_name(account_id: UUID) -> None:
    """Forget what the registry said: the name or document that it was asked about was replaced."""
    RealNameAnswer.objects.filter(pk=account_id).delete()
