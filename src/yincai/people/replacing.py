"""Putting right who the owner of an account is: what was wrong is replaced, and kept as what it was.
Door: `actions`; who may have it done, the room of amendments decides (个人信息保护法 第四十六条)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from yincai.foundation import clock
from yincai.foundation.errors import NotAllowed, NotFound
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import JSON, Actor
from yincai.people.identities import check_identity, insert_identity
from yincai.people.models import Account, Assurance, FormerIdentity, Identity
from yincai.people.vocabulary import Event, Level, person_index


def replace_identity(
    account_id: UUID, *, actor: Actor, name: str, kind: str, number: str, amendment: UUID
) -> bool:
    """Replace the name and document of an account's owner; False where they are so already.

    What was there stays as `FormerIdentity`; proofs that rested on it (real name, face) fall, so that the
    owner proves themselves anew; the document it frees may register.  Recorded without either name or number.
    Raises `NotAllowed` for anybody but staff, `NotFound` for an account without an identity, `Invalid`,
    `DocumentTaken`.
    """
    if actor.kind != "staff":
        raise NotAllowed
    checked_name, checked_number = check_identity(name, kind, number)
    digest = person_index(kind, checked_number)
    with transaction.atomic():
        Account.objects.select_for_update(of=("self",)).filter(pk=account_id).first()
        before = Identity.objects.filter(pk=account_id).first()
        if before is None:
            raise NotFound
        if (before.name, bytes(before.digest)) == (checked_name, digest):
            return False
        changed: dict[str, JSON] = {
            "name": before.name != checked_name,
            "document": bytes(before.digest) != digest,
            "kind": kind,
            "amendment": str(amendment),
        }
        _keep_former(before, amendment)
        insert_identity(
            Identity(
                account_id=account_id, name=checked_name, kind=kind, number=checked_number, digest=digest
            )
        )
        _let_proofs_fall(account_id)
        record(chain=account_id, event=Event.IDENTITY_REPLACED, actor=actor, payload=changed)
    return True


def _keep_former(before: Identity, amendment: UUID) -> None:
    FormerIdentity.objects.create(
        account_id=before.pk,
        name=before.name,
        kind=before.kind,
        number=before.number,
        given_at=before.given_at,
        amendment=amendment,
    )
    Identity.objects.filter(pk=before.pk).delete()


def _let_proofs_fall(account_id: UUID) -> None:
    standing = Assurance.objects.filter(account_id=account_id, fallen_at__isnull=True)
    standing.filter(level__gte=Level.REAL_NAME).update(fallen_at=clock.now())
