"""Who the owner of an account is, and how surely that is known.  Doors: `actions` and `queries`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from yincai.foundation import clock, codes
from yincai.foundation.errors import Invalid, NotFound, Problem, YincaiError
from yincai.foundation.fields import is_forgotten
from yincai.foundation.identifiers import check_document
from yincai.foundation.masking import mask_identity
from yincai.foundation.names import check_person_name
from yincai.foundation.once import once
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.people.models import Account, Assurance, Identity
from yincai.people.vocabulary import SOURCE_WORDS, DocumentTaken, Event, HasIdentity, Level, person_index

DOCUMENTS = "identity_documents"
"""The code list of documents that say who somebody is."""


@dataclass(frozen=True, slots=True)
class IdentityView:
    """The person behind an account.  Personal data: never log it, never put it into a job or a session."""

    name: str
    kind: str
    number: str
    given_at: datetime

    @property
    def kind_title(self) -> str:
        """The word for the kind of document."""
        return codes.load(DOCUMENTS).codes.get(self.kind, self.kind)

    @property
    def masked_number(self) -> str:
        """The number with its middle hidden."""
        return mask_identity(self.number)


@dataclass(frozen=True, slots=True)
class Proof:
    """How surely the owner is known: the level, by what (`source`, empty for the registration) and when."""

    level: Level
    source: str
    at: datetime

    @property
    def source_words(self) -> str:
        """What people call the source."""
        return SOURCE_WORDS.get(self.source, self.source)


def give_identity(account: Account | UUID, *, actor: Actor, name: str, kind: str, number: str) -> None:
    """Keep who the account's owner says they are; each document opens one account, and stays.

    The name and number are checked by their own rules (GB 11643-1999 for identity cards) and kept in their
    normal form.  Raises `Invalid` with problems at `name`, `kind` and `number`, `DocumentTaken`, and
    `HasIdentity` for an account that gave another name or document before; the same again changes nothing.
    """
    account_id = account if isinstance(account, UUID) else account.pk
    checked_name, checked_number = check_identity(name, kind, number)
    digest = person_index(kind, checked_number)
    with transaction.atomic():
        if not Account.objects.select_for_update().filter(pk=account_id).exists():
            raise NotFound
        standing = Identity.objects.filter(pk=account_id).first()
        if standing is not None:
            if (standing.name, bytes(standing.digest)) != (checked_name, digest):
                raise HasIdentity
            return
        insert_identity(
            Identity(
                account_id=account_id, name=checked_name, kind=kind, number=checked_number, digest=digest
            )
        )
        record(chain=account_id, event=Event.IDENTITY_GIVEN, actor=actor, payload={"kind": kind})


def check_identity(name: str, kind: str, number: str) -> tuple[str, str]:
    """The name and document number in their normal form; `Invalid` names each that is none."""
    problems: list[Problem] = []
    checked_name = _checked(lambda: check_person_name(name), "name", problems)
    checked_number = ""
    if kind in codes.load(DOCUMENTS).codes:
        checked_number = _checked(
            lambda: check_document(kind, number, today=clock.today()), "number", problems
        )
    else:
        problems.append(Problem("kind", "请正确选择证件类型。"))
    if problems:
        raise Invalid(problems=problems)
    return checked_name, checked_number


def _checked(check: Callable[[], str], path: str, problems: list[Problem]) -> str:
    try:
        return check()
    except YincaiError as error:
        problems.append(Problem(path, error.sentence))
        return ""


def note_assurance(account: Account | UUID, *, actor: Actor, level: Level, source: str) -> None:
    """Keep that the owner was proven at this level just now, and by what (`sms`, the name of a registry …).

    Raises `ValueError` for `Level.REGISTERED`, which every account has, `NotFound` for no account.
    """
    account_id = account if isinstance(account, UUID) else account.pk
    if level is Level.REGISTERED:
        raise ValueError("every account is registered")
    with transaction.atomic():
        if not Account.objects.select_for_update().filter(pk=account_id).exists():
            raise NotFound
        Assurance.objects.create(account_id=account_id, level=level, source=source)
        payload = {"level": level.name.lower(), "source": source}
        record(chain=account_id, event=Event.IDENTITY_PROVEN, actor=actor, payload=payload)


def identity_of(account_id: UUID) -> IdentityView | None:
    """Who the account's owner is; None where only a user name was ever given, or it was forgotten."""
    return once(("identity", account_id), lambda: _identity(account_id))


def _identity(account_id: UUID) -> IdentityView | None:
    row = Identity.objects.filter(pk=account_id).first()
    if row is None or is_forgotten(row.number):
        return None
    return IdentityView(row.name, row.kind, row.number, row.given_at)


def account_of_document(kind: str, number: str) -> UUID | None:
    """The account that was registered with this document (number in its normal form), or None."""
    digest = person_index(kind, number)
    return Identity.objects.filter(digest=digest).values_list("pk", flat=True).first()


def assurance_of(account_id: UUID) -> Proof:
    """The strongest proof of who the owner is that has not fallen, the newest of its strength.

    `NotFound` for no account.
    """
    standing = Assurance.objects.filter(account_id=account_id, fallen_at=None)
    strongest = standing.order_by("-level", "-at").first()
    if strongest is not None:
        return Proof(Level(strongest.level), strongest.source, strongest.at)
    registered = Account.objects.filter(pk=account_id).values_list("registered_at", flat=True).first()
    if registered is None:
        raise NotFound
    return Proof(Level.REGISTERED, "", registered)


def proofs_of(account_id: UUID) -> list[Proof]:
    """Every standing proof of who the owner is, newest first."""
    rows = Assurance.objects.filter(account_id=account_id, fallen_at=None).order_by("-at", "-id")
    return [Proof(Level(row.level), row.source, row.at) for row in rows]


def insert_identity(identity: Identity) -> None:
    """Write it (for this room); `DocumentTaken` when another account has the document."""
    try:
        with transaction.atomic():
            identity.save(force_insert=True)
    except IntegrityError as error:
        if "identity_document_once" in str(error):
            raise DocumentTaken from error
        raise
