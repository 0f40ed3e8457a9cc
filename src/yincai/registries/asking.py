"""Asking an outside authority over HTTP: short waits, another try where it may heal, words when it is away.

Whoever asks must be sure that asking twice does no harm: a GET, or a POST that carries a key.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx

from yincai.registries.vocabulary import AuthorityAway

TIMEOUT = httpx.Timeout(5, connect=2)
PAUSES = (0.2, 0.6)
"""Seconds before the second and third try; a page waits 20 seconds at most, a job is tried again later."""
MOST_BYTES = 1_000_000


def ask(method: str, url: str, *, title: str, json: Mapping[str, object] | None = None) -> dict[str, Any]:
    """The JSON object that the authority answers; raises `AuthorityAway`, which never names what was asked.

    An error status that does not heal (4xx) is not tried again: it means that we ask wrongly.
    """
    reason = ""
    for pause in (*PAUSES, None):
        answer, reason = _try(method, url, json)
        if answer is not None:
            return answer
        if reason.startswith("status 4") and reason != "status 429":
            break
        if pause is not None:
            time.sleep(pause)
    raise AuthorityAway(title, reason)


def _try(method: str, url: str, json: Mapping[str, object] | None) -> tuple[dict[str, Any] | None, str]:
    try:
        with httpx.Client(verify=_certificates(), timeout=TIMEOUT) as client:
            answer = client.request(method, url, json=json)
    except httpx.HTTPError as error:
        return None, type(error).__name__
    if not answer.is_success:
        return None, f"status {answer.status_code}"
    if len(answer.content) > MOST_BYTES:
        return None, "too long an answer"
    try:
        found = answer.json()
    except ValueError:
        return None, "no JSON"
    return (found, "") if isinstance(found, dict) else (None, "no object")


@cache
def _certificates() -> ssl.SSLContext:
    """The machine's trusted certificates, read once."""
    return ssl.create_default_context()
