"""Signing in with an outside proof of who one is: a face check, a certificate, another portal.

Such a proof names a document, and a document has one account.  But the account's document was only *given* at
registration, perhaps by somebody else.  So a proof opens an account only after it was linked once: by the
account's password at the first time, or from inside.  `docs/adr/0008-identity-links-accounts.md`.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from yincai.ledger.vocabulary import Actor
from yincai.people.identities import account_of_document, identity_of, note_assurance
from yincai.people.models import Account, Assurance
from yincai.people.vocabulary import LINKING, LinkFirst, Method, NobodyHas, NotTheOwner


def account_proven(*, kind: str, number: str, name: str, method: Method) -> Account:
    """The account that this proof opens.

    Raises `NobodyHas` for a document without an account, `NotTheOwner` where the name differs, and
    `LinkFirst` (with the account's id) while nobody has shown both the proof and the account's password.
    """
    account_id = account_of_document(kind, number)
    identity = identity_of(account_id) if account_id else None
    account = Account.objects.filter(pk=account_id).first() if account_id else None
    if account is None or identity is None:
        raise NobodyHas
    if identity.name != name:
        raise NotTheOwner
    if not is_linked(account.pk):
        raise LinkFirst(account.pk, method)
    return account


def is_owner(account_id: UUID, *, kind: str, number: str, name: str) -> bool:
    """Whether the proven person is the one that this account was registered for."""
    identity = identity_of(account_id)
    return identity is not None and (identity.kind, identity.number, identity.name) == (kind, number, name)


def is_linked(account_id: UUID) -> bool:
    """Whether the owner has once been proven from inside the account or together with its password."""
    standing = Assurance.objects.filter(account_id=account_id, fallen_at=None)
    return standing.filter(source__in=[str(one) for one in LINKING]).exists()


def link_proof(account_id: UUID, *, method: Method) -> None:
    """Keep that the owner was proven by `method`; from now on such proofs open the account."""
    owner = Actor("applicant", account_id, "applicant")
    with transaction.atomic():
        note_assurance(account_id, actor=owner, level=LINKING[method], source=method.value)
