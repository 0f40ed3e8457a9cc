"""Who asks: the key in `Authorization`, its scope, its minute."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from yincai.partners import actions, queries
from yincai.partners.vocabulary import (
    WRONG_KEYS,
    KeyView,
    QuotaSpent,
    Scope,
    ScopeMissing,
    WrongKey,
)
from yincai.people.actions import count_attempt
from yincai.people.permissions import address_of
from yincai.people.vocabulary import LimitReached, TooManyAttempts

__all__ = ["Needs", "key_of"]


class Needs(HttpBearer):
    """An operation for keys with this scope; others are 401 or 403, and every request counts."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The key, put where the operation and the door find it.

        Raises `WrongKey`, `ScopeMissing`, `QuotaSpent`, `LimitReached` (many wrong keys).
        """
        address = address_of(request)
        try:
            key = queries.recognise(token, address=address)
        except WrongKey:
            _count_wrong(address)
            raise
        try:
            request.api_quota = actions.spend(key)  # type: ignore[attr-defined]  # read by `door`
        except QuotaSpent as error:
            request.api_quota = error.quota  # type: ignore[attr-defined]  # as above
            raise
        if self.scope not in key.scopes:
            raise ScopeMissing(self.scope)
        return key


def key_of(request: HttpRequest) -> KeyView:
    """The key with which this operation was called (`Needs` settled it)."""
    return cast(KeyView, request.auth)  # type: ignore[attr-defined]  # set by ninja


def _count_wrong(address: str) -> None:
    """Count a wrong key; right ones from the same address stay good."""
    try:
        count_attempt(WRONG_KEYS, subject=address)
    except TooManyAttempts as error:
        raise LimitReached(error.retry_after) from error
