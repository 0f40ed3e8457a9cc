"""How often anybody may search the directory: so many answers are for people, more are a harvest."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase

from yincai.directory.vocabulary import SEARCHES_PER_ACCOUNT, SEARCHES_PER_ADDRESS
from yincai.people import actions as people
from yincai.people.permissions import address_of
from yincai.people.vocabulary import TooManyAttempts


def too_fast(request: HttpRequest) -> timedelta | None:
    """Count one search, a further page or a completion, of an account or of a stranger's address.

    How long to wait where it is one too many: then nothing is counted, and nothing may be searched.
    """
    if request.user.is_authenticated:
        limit, subject = SEARCHES_PER_ACCOUNT, str(request.user.pk)
    else:
        limit, subject = SEARCHES_PER_ADDRESS, address_of(request)
    try:
        people.count_attempt(limit, subject=subject)
    except TooManyAttempts as error:
        return error.retry_after
    return None


def with_wait(answer: HttpResponseBase, wait: timedelta | None) -> None:
    """Make an answer that of a search too many (HTTP 429), if there is to be waited."""
    if wait is not None:
        answer.status_code = 429
        answer["Retry-After"] = str(int(wait.total_seconds()) + 1)
