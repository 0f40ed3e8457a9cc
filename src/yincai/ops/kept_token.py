"""The token of a page that keeps what was posted: it outlives the signing in for which that page asks.

Django gives every session a form token of its own, so the token on a kept page is worthless once somebody has
signed in again, and the page could only come back once more.  This one belongs to the browser: a secret in a
cookie and, on the page, a value made from it (a double submit, OWASP CSRF Prevention Cheat Sheet).  It counts
only together with the browser's word that one of our own pages sent it; without that Django's token must do.

The value also says for whom it was made: whoever was the last to sign in here.  Somebody else who signs in on
this browser cannot send what the first one typed under a name of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_urlsafe

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.utils.crypto import constant_time_compare, salted_hmac

from yincai.ops.pages import error_page
from yincai.people.permissions import accounts_known

FIELD = "_kept"
COOKIE = "__Host-kept" if settings.SECURE else "kept"
SALT = "yincai.ops.kept_token"
OTHER_TITLE = "没有提交：这不是您填写的内容"
OTHER_SENTENCE = (
    "这个页面上的内容是另一个账号登录时填写的，而现在登录的是您的账号。为免以您的名义提交别人的内容，"
    "这一次没有提交，也没有保存。请关闭本页；需要提交的，请填写的人用自己的账号登录后重新填写。"
)


class SentAgain:
    """Lets a kept page be sent once, not twice; it stands before Django's check of the form token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Tell Django that this form was checked, when it was; refuse what somebody else typed."""
        if request.method != "POST" or not is_from_our_page(request):
            return None
        owner = typed_by(request)
        if owner is None:
            return None
        if owner and _signed_in(request) not in ("", owner):
            return error_page(403, title=OTHER_TITLE, sentence=OTHER_SENTENCE)
        request.csrf_processing_done = True  # type: ignore[attr-defined]  # what Django's check sets itself
        return None


def give_token(request: HttpRequest) -> tuple[str, str]:
    """The browser's secret, an old one or a new, and what a kept page shows of it.

    Made for the one who is signed in or was the last to be; sent before and kept again, for the same as then.
    """
    secret = request.COOKIES.get(COOKIE) or token_urlsafe(32)
    owner = typed_by(request)
    if owner is None:
        owner = _signed_in(request) or next(iter(_known(request)), "")
    return secret, _shown(secret, owner)


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


def typed_by(request: HttpRequest) -> str | None:
    """For whose account (as hex) the token that is posted was made; "" for nobody in particular, None when
    there is none of this browser."""
    secret = request.COOKIES.get(COOKIE)
    if not secret:
        return None
    try:
        shown = request.POST.get(FIELD, "")
    except UnreadablePostError:
        return None
    owners = (_signed_in(request), *_known(request), "")
    return next((one for one in owners if constant_time_compare(shown, _shown(secret, one))), None)


def is_from_our_page(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent this (the headers are not a page's to set)."""
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    ours = {settings.BASE_URL, f"{request.scheme}://{request.get_host()}"}
    return request.headers.get("Origin", "") in ours


def _shown(secret: str, owner: str) -> str:
    return salted_hmac(SALT, f"{secret}:{owner}", algorithm="sha256").hexdigest()


def _signed_in(request: HttpRequest) -> str:
    """Who is signed in, as hex; empty for nobody."""
    user = getattr(request, "user", None)
    return user.pk.hex if user is not None and user.is_authenticated else ""


def _known(request: HttpRequest) -> list[str]:
    """Who signed in on this browser before, the last one first."""
    return [one.hex for one in accounts_known(request)]
