"""The SMS gateway over HTTP: `POST <address>/send {to, text, key}`, answered with 202 and `{id}`."""

from __future__ import annotations

import ssl
from functools import cache

import httpx
from django.conf import settings

from yincai.messages.vocabulary import GatewayAway, GatewayRefused

TIMEOUT = httpx.Timeout(10, connect=5)
REFUSALS = frozenset({400, 409, 413, 422})
LONGEST_ID = 200


def send(*, to: str, text: str, key: str) -> str:
    """Hand one message over and return the gateway's id; the same key is never sent twice by the gateway.

    Raises `GatewayRefused` when it will never take this message, and `GatewayAway` for everything that may
    heal: no connection, a broken or strange answer, an error status.  Neither names the number or the text.
    """
    try:
        with httpx.Client(verify=_certificates(), timeout=TIMEOUT) as client:
            answer = client.post(
                f"{settings.SMS_GATEWAY_URL}/send", json={"to": to, "text": text, "key": key}
            )
    except httpx.HTTPError as error:
        raise GatewayAway(f"the SMS gateway cannot be reached ({type(error).__name__})") from None
    if answer.status_code in REFUSALS:
        raise GatewayRefused(f"the SMS gateway refused with status {answer.status_code}")
    if answer.status_code != httpx.codes.ACCEPTED:
        raise GatewayAway(f"the SMS gateway answered with status {answer.status_code}")
    return _id_in(answer)


def _id_in(answer: httpx.Response) -> str:
    try:
        found = answer.json()["id"]
    except (ValueError, KeyError, TypeError):
        found = None
    if not isinstance(found, str) or not 1 <= len(found) <= LONGEST_ID:
        raise GatewayAway("the SMS gateway answered without an id")
    return found


@cache
def _certificates() -> ssl.SSLContext:
    """The machine's trusted certificates, read once."""
    return ssl.create_default_context()
