"""Devices that somebody signed in on before: a signed cookie, so that strangers never shut the owner out."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

SALT = "people.device"
REMEMBERED_FOR = timedelta(days=180)
ACCOUNTS_PER_DEVICE = 6
COOKIE = "__Host-device" if settings.SECURE else "device"


def device_of(request: HttpRequest, account_id: UUID) -> str | None:
    """The name of this device if this account signed in on it within 180 days, else None."""
    device, accounts = _read(request)
    return device if account_id.hex in accounts else None


def accounts_known(request: HttpRequest) -> list[UUID]:
    """The accounts that signed in on this device within 180 days."""
    return [UUID(account) for account in _read(request)[1]]


def remember_device(request: HttpRequest, response: HttpResponseBase, account_id: UUID) -> None:
    """Let `response` note that this account signed in on this device (a shared device knows its last six)."""
    device, accounts = _read(request)
    accounts = [account_id.hex, *(known for known in accounts if known != account_id.hex)][
        :ACCOUNTS_PER_DEVICE
    ]
    response.set_cookie(
        COOKIE,
        signing.dumps({"device": device or secrets.token_hex(16), "accounts": accounts}, salt=SALT),
        max_age=REMEMBERED_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str | None, list[str]]:
    """Name and accounts of the cookie; nothing when it is missing, altered or older than 180 days."""
    try:
        noted = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=REMEMBERED_FOR)
        return str(noted["device"]), [str(account) for account in noted["accounts"]]
    except (signing.BadSignature, KeyError, TypeError):
        return None, []
