"""The token of a page that keeps what was posted: it outlives the signing in for which that page asks.

Django gives every session a form token of its own, so the token on a kept page is worthless once somebody has
signed in again, and the page could only come back once more.  This one belongs to the browser: a secret in a
cookie and, on the page, a value made from it (a double submit, OWASP CSRF Prevention Cheat Sheet).  It counts
only together with the browser's word that one of our own pages sent it; without that Django's token must do.
"""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_urlsafe

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.utils.crypto import constant_time_compare, salted_hmac

FIELD = "_kept"
COOKIE = "__Host-kept" if settings.SECURE else "kept"
SALT = "yincai.ops.kept_token"


class SentAgain:
    """Lets a kept page be sent once, not twice; it stands before Django's check of the form token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Tell Django that this form was checked, when it was."""
        if request.method == "POST" and is_from_our_page(request) and brings_token(request):
            request.csrf_processing_done = True  # type: ignore[attr-defined]  # what Django's check sets itself


def give_token(request: HttpRequest) -> tuple[str, str]:
    """The browser's secret, an old one or a new, and what a kept page shows of it."""
    secret = request.COOKIES.get(COOKIE) or token_urlsafe(32)
    return secret, _shown(secret)


def remember(response: HttpResponse, secret: str) -> None:
    """Leave the secret with the browser, for as long as a session lasts."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SECURE,
        httponly=True,
        samesite="Strict",
    )


def brings_token(request: HttpRequest) -> bool:
    """Whether what is posted carries the token of this browser."""
    secret = request.COOKIES.get(COOKIE)
    if not secret:
        return False
    try:
        shown = request.POST.get(FIELD, "")
    except UnreadablePostError:
        return False
    return constant_time_compare(shown, _shown(secret))


def is_from_our_page(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent this (the headers are not a page's to set)."""
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    ours = {settings.BASE_URL, f"{request.scheme}://{request.get_host()}"}
    return request.headers.get("Origin", "") in ours


def _shown(secret: str) -> str:
    return salted_hmac(SALT, secret, algorithm="sha256").hexdigest()
