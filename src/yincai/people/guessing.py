"""Guesses at a password or a code: which counts an attempt falls under."""

from __future__ import annotations

import ipaddress
from contextlib import suppress

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from yincai.people import devices
from yincai.people.models import Account
from yincai.people.throttle import Attempt, count_attempt
from yincai.people.vocabulary import (
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


def count_guess(request: HttpRequest, username: str) -> list[Attempt]:
    """Count one guess at the password of `username`; raises `TooManyAttempts` before anything is evaluated.

    A device that this account signed in on has a count of its own, and the counts that a stranger can fill
    (per account, per address) are not asked: the owner always gets in.
    """
    name = plain_name(username)
    account_id = Account.objects.filter(username__iexact=name).values_list("pk", flat=True).first()
    device = devices.device_of(request, account_id) if account_id else None
    if device:
        return [count_attempt(PASSWORD_PER_DEVICE, subject=f"{account_id}:{device}")]
    here = count_attempt(PASSWORD_PER_ADDRESS, subject=address_of(request))
    try:
        return [here, count_attempt(PASSWORD_PER_ACCOUNT, subject=name.casefold())]
    except TooManyAttempts:
        here.give_back()
        raise
