"""The database is away: 503 with Retry-After, and a page that sends again what was typed."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator

import psycopg
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from procrastinate.exceptions import ConnectorException

from yincai.ops.pages import error_page

logger = logging.getLogger(__name__)

RETRY_AFTER = 5
"""Seconds until the browser, or a program, may ask again."""
NEVER_KEPT = re.compile(r"passw|passphrase|secret", re.IGNORECASE)
AWAY = (OperationalError, InterfaceError)
DRIVER_AWAY = (psycopg.OperationalError, psycopg.InterfaceError)
# Classes 08 (connection), 57 (operator intervention), 53 (no resources), 25006 (a standby), 58 (system).
AWAY_STATES = ("08", "53", "57", "58", "25006")


class Outage:
    """Turns a lost database into a page that says so; every other error goes on as it came."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page, when the exception means that the database is away."""
        return answer(request, exception) if is_outage(exception) else None


def is_outage(exception: BaseException | None) -> bool:
    """Whether the exception says that the database cannot be reached, not that a statement was wrong.

    A job that could not be asked for says so in the words of procrastinate, about the driver's error.
    """
    if isinstance(exception, AWAY) or (
        isinstance(exception, ConnectorException) and isinstance(exception.__cause__, DRIVER_AWAY)
    ):
        state = getattr(exception.__cause__, "sqlstate", None)
        return state is None or state.startswith(AWAY_STATES)
    return False


def answer(request: HttpRequest, exception: BaseException) -> HttpResponse:
    """The page for one request; nothing in it asks the database."""
    logger.error("the database is away (%s)", type(exception).__name__)
    kept = list(typed_values(request)) if request.method == "POST" else []
    facts = {"kept": kept, "action": request.get_full_path(), "files": bool(kept) and had_files(request)}
    response = error_page(503, facts)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def typed_values(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Every posted pair but passwords; files cannot be kept in a page."""
    try:
        posted = request.POST.lists()
    except (OSError, RawPostDataException, MultiPartParserError, SuspiciousOperation, RequestDataTooBig):
        return
    for name, values in posted:
        if not NEVER_KEPT.search(name):
            yield from ((name, value) for value in values if isinstance(value, str))


def had_files(request: HttpRequest) -> bool:
    """Whether the posted form carried files."""
    return bool(request.FILES)
