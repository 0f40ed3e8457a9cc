"""Giving an account another password."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from yincai.foundation.errors import Invalid, Problem
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.people.models import Account
from yincai.people.vocabulary import Event


def change_password(account: Account, *, actor: Actor, password: str, how: str) -> None:
    """Give the account a new password and record it; its sessions end (Django's session hash).

    `how` is "changed" (the old one was known), "reset" (by letter) or "sms" (by a code on the phone).  The
    caller keeps its own session, if it may, with `update_session_auth_hash`.  Raises `Invalid`.
    """
    check_new_password(password, account)
    account.set_password(password)
    with transaction.atomic():
        account.save(update_fields=["password"])
        record(chain=account.pk, event=Event.PASSWORD_CHANGED, actor=actor, payload={"how": how})


def check_new_password(password: str, account: Account) -> None:
    """Refuse what the rules do not allow this account: `Invalid` at `password`."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Invalid(problems=[Problem("password", sentence) for sentence in error.messages]) from error
