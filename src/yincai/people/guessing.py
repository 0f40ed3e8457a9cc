"""Guesses at a password or a code: which counts an attempt falls under."""

from __future__ import annotations

import ipaddress
from contextlib import suppress

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from yincai.people import devices
from yincai.people.models import Account
from yincai.people.throttle import Attempt, count_attempt, recent_attempts
from yincai.people.vocabulary import (
    GUESSES_UNCHECKED,
    GUESSES_UNCHECKED_PER_ADDRESS,
    PASSWORD_PER_ACCOUNT,
    PASSWORD_PER_ADDRESS,
    PASSWORD_PER_DEVICE,
    TooManyAttempts,
    plain_name,
)


def address_of(request: HttpRequest) -> str:
    """The network address that counts: an IPv4 address, or the /64 of an IPv6 one.

    A proxy's word (`X-Forwarded-For`) is taken only when `YINCAI_TRUSTED_PROXIES` says there is one.
    """
    address = str(get_adapter(request).get_client_ip(request))
    with suppress(ValueError):
        if ipaddress.ip_address(address).version == 6:
            return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return address


def is_guessing(request: HttpRequest, username: str = "") -> bool:
    """Whether the next password must come with a human check: after wrong ones for this name or from here.

    The same for names that nobody has.  On a known device only its own wrong ones matter.
    """
    name = plain_name(username)
    device = _device(request, name) if name else None
    if device:
        return recent_attempts(PASSWORD_PER_DEVICE, subject=device) >= GUESSES_UNCHECKED
    if recent_attempts(PASSWORD_PER_ADDRESS, subject=address_of(request)) >= GUESSES_UNCHECKED_PER_ADDRESS:
        return True
    return bool(name) and recent_attempts(PASSWORD_PER_ACCOUNT, subject=name.casefold()) >= GUESSES_UNCHECKED


def count_guess(request: HttpRequest, username: str) -> list[Attempt]:
    """Count one guess at the password of `username`; raises `TooManyAttempts` before anything is evaluated.

    A device that this account signed in on has a count of its own, and the counts that a stranger can fill
    (per account, per address) are not asked: the owner always gets in.
    """
    name = plain_name(username)
    device = _device(request, name)
    if device:
        return [count_attempt(PASSWORD_PER_DEVICE, subject=device)]
    here = count_attempt(PASSWORD_PER_ADDRESS, subject=address_of(request))
    try:
        return [here, count_attempt(PASSWORD_PER_ACCOUNT, subject=name.casefold())]
    except TooManyAttempts:
        here.give_back()
        raise


def _device(request: HttpRequest, name: str) -> str | None:
    """What a known device of this name is counted by; None in any other browser."""
    account_id = Account.objects.filter(username__iexact=name).values_list("pk", flat=True).first()
    device = devices.device_of(request, account_id) if account_id else None
    return f"{account_id}:{device}" if device else None
