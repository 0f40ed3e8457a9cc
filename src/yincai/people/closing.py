"""注销账号: an account is erased some days after its owner asked, unless they took that back meanwhile
(个人信息保护法 第四十七条).  Doors: `actions` and `queries`.

The row stays, without anything of anybody: what the law has kept points to it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, Model

from yincai.foundation import clock
from yincai.foundation.encryption import blind_index
from yincai.foundation.errors import NotAllowed, NotFound
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import JSON, SYSTEM, Actor
from yincai.people.models import (
    Account,
    AgreementAcceptance,
    ApplicationGrant,
    Assurance,
    ClosedName,
    DestroyedKey,
    FormerIdentity,
    Identity,
    PasswordReset,
    PhoneCheck,
    Profile,
    SignIn,
    StaffAppointment,
    StaffDocument,
)
from yincai.people.vocabulary import Event, StillAppointed, plain_name

NAME_PURPOSE = "people.account.username"
"""Of the blind index by which a user name that was given up is known again."""
ERASED_WITH: tuple[type[Model], ...] = (
    Identity,
    FormerIdentity,
    Profile,
    Assurance,
    AgreementAcceptance,
    ApplicationGrant,
    SignIn,
    PhoneCheck,
    StaffDocument,
)
"""What goes with an account, row by row; each has its `account`."""
SIGNING_IN: tuple[type[Model], ...] = (EmailAddress, Authenticator, SocialAccount, UserSession)
"""allauth's tables that go too; each has its `user`."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Whether and when an account is to be erased, and whether it was."""

    at: datetime | None
    closed_at: datetime | None


def closing_of(account_id: UUID) -> Closing:
    """How it stands with the erasure of an account; `NotFound` for none."""
    found = Account.objects.filter(pk=account_id).values_list("closing_at", "closed_at").first()
    if found is None:
        raise NotFound
    return Closing(*found)


def is_closed(account_id: UUID) -> bool:
    """Whether the account was erased."""
    return Account.objects.filter(pk=account_id, closed_at__isnull=False).exists()


def due_closings(*, limit: int, after: UUID | None = None) -> list[UUID]:
    """The accounts whose days to think it over have passed, in the order of their ids from `after` on."""
    due = Account.objects.filter(closing_at__lte=clock.now(), closed_at__isnull=True)
    if after is not None:
        due = due.filter(pk__gt=after)
    return list(due.order_by("pk").values_list("pk", flat=True)[:limit])


def closed_with_key(*, limit: int, after: UUID | None = None) -> list[UUID]:
    """Erased accounts whose own key was not ordered to be destroyed, in the order of their ids."""
    rows = Account.objects.filter(closed_at__isnull=False).exclude(pk__in=DestroyedKey.objects.values("pk"))
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def is_closed_name(username: str) -> bool:
    """Whether an erased account had this user name, in any width or letter case."""
    return ClosedName.objects.filter(digest=_name_index(username)).exists()


def ask_closing(account_id: UUID, *, actor: Actor, at: datetime) -> datetime:
    """Have an account erased at `at`, as its owner wishes; asked before: at the moment that was said then.

    Raises `NotAllowed` for anybody else, `StillAppointed` for members of staff.
    """
    _require_owner(account_id, actor)
    with transaction.atomic():
        account = _locked(account_id)
        if StaffAppointment.in_force().filter(account_id=account_id).exists():
            raise StillAppointed
        if account.closing_at is not None:
            return account.closing_at
        Account.objects.filter(pk=account_id).update(closing_at=at)
        payload: dict[str, JSON] = {"at": at.isoformat()}
        record(chain=account_id, event=Event.CLOSING_ASKED, actor=actor, payload=payload)
    return at


def take_back_closing(account_id: UUID, *, actor: Actor) -> bool:
    """Leave the account as it is after all; False where nothing was asked.  `NotAllowed` for others."""
    _require_owner(account_id, actor)
    with transaction.atomic():
        asked = Account.objects.filter(pk=account_id, closing_at__isnull=False, closed_at__isnull=True)
        if not asked.update(closing_at=None):
            return False
        record(chain=account_id, event=Event.CLOSING_TAKEN_BACK, actor=actor, payload={})
    return True


def stop_closing(account_id: UUID, *, why: str) -> None:
    """Leave the account as it is, as something stands in the way since it was asked (`why`, a word)."""
    with transaction.atomic():
        asked = Account.objects.filter(pk=account_id, closing_at__isnull=False, closed_at__isnull=True)
        if asked.update(closing_at=None):
            record(chain=account_id, event=Event.CLOSING_STOPPED, actor=SYSTEM, payload={"why": why})


def hold_closing(account_id: UUID) -> bool:
    """Lock an account whose time has come; False when it has not, or was taken back.  Needs a transaction."""
    row = Account.objects.select_for_update(of=("self",)).filter(pk=account_id).first()
    return row is not None and _is_due(row)


def close_account(account_id: UUID, *, kept: int) -> bool:
    """Erase an account whose time has come: every way in, who its owner is, what was noted of sign-ins.

    Its user name is given to nobody again; its document and phone may open another account.  Recorded with
    how many things are `kept` for the law.  Last of all rooms, in one transaction with the others; False when
    it is not due, or erased already.
    """
    with transaction.atomic():
        account = _locked(account_id)
        if not _is_due(account):
            return False
        Session.objects.filter(
            session_key__in=list(
                UserSession.objects.filter(user_id=account_id).values_list("session_key", flat=True)
            )
        ).delete()
        for theirs in SIGNING_IN:
            theirs._default_manager.filter(user_id=account_id).delete()
        for ours in ERASED_WITH:
            ours._default_manager.filter(account_id=account_id).delete()
        PasswordReset.objects.filter(accounts__contains=[account_id]).delete()
        ClosedName.objects.get_or_create(
            digest=_name_index(account.username), defaults={"closed_at": clock.now()}
        )
        _empty(account_id)
        record(chain=account_id, event=Event.CLOSED, actor=SYSTEM, payload={"kept": kept})
    return True


def _empty(account_id: UUID) -> None:
    """Leave nothing of anybody in the row itself; sessions that lived until now end with the epoch."""
    Account.objects.filter(pk=account_id).update(
        username=f"x{secrets.token_hex(9)}",
        password=make_password(None),
        email="",
        phone="",
        phone_index=None,
        phone_verified_at=None,
        last_login=None,
        is_active=False,
        closed_at=clock.now(),
        session_epoch=F("session_epoch") + 1,
    )


def _is_due(account: Account) -> bool:
    return account.closed_at is None and account.closing_at is not None and account.closing_at <= clock.now()


def _name_index(username: str) -> bytes:
    return blind_index(plain_name(username), purpose=NAME_PURPOSE)


def _locked(account_id: UUID) -> Account:
    account = Account.objects.select_for_update(of=("self",)).filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account


def _require_owner(account_id: UUID, actor: Actor) -> None:
    if actor.kind != "applicant" or actor.id != account_id:
        raise NotAllowed
