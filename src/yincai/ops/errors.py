"""Which page answers which error: Django's four handlers, the form token's, and the house's own refusals."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from yincai.foundation.errors import (
    Invalid,
    NotAllowed,
    NotFound,
    NotNow,
    OurFault,
    SomeoneWasFirst,
    YincaiError,
)
from yincai.ops import metrics, outage, signed_out
from yincai.ops.budget import TOO_MANY
from yincai.ops.kept_token import is_from_our_page
from yincai.ops.pages import error_page
from yincai.people.permissions import accounts_known
from yincai.people.vocabulary import LimitReached

logger = logging.getLogger(__name__)

STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (NotAllowed, 403),
    (NotFound, 404),
    (SomeoneWasFirst, 409),
    (Invalid, 422),
    (LimitReached, 429),
    (NotNow, 503),
    (OurFault, 500),
    (YincaiError, 400),
)
STALE_TITLE = "这一步没有办成"
STALE_SENTENCE = (
    "可能是页面放得太久、在别处退出过登录，或浏览器关闭了 Cookie。"
    "这一次点击没有保存任何内容，以前保存的不受影响。"
)
SHARED_SENTENCE = (
    "这个浏览器里登录过不止一个账号，系统不能确定这些内容是谁填写的，所以没有提交，也没有保存。"
    "请用浏览器的后退键回到刚才的页面，刷新后由填写的人核对、再提交。"
)


class Refusals:
    """Turns a refusal of the house (`YincaiError`) that a view let through into its page and status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a refusal; its sentence is made for people and shown as it stands.

        What is our own fault is told to the operators too: as an error in the log, and as a metric.
        """
        if not isinstance(exception, YincaiError):
            return None
        if isinstance(exception, OurFault):
            logger.error("a fault of ours: %s", type(exception).__name__, exc_info=exception)
            metrics.count_fault(type(exception).__name__)
        status = next(status for kind, status in STATUSES if isinstance(exception, kind))
        template = "500" if isinstance(exception, OurFault) else ""  # that of 503 speaks of the database
        answer = error_page(status, sentence=exception.sentence, template=template)
        if isinstance(exception, LimitReached):
            answer["Retry-After"] = str(int(exception.retry_after.total_seconds()) + 1)
        return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for too many files; what else was wrong goes to the log only."""
    if isinstance(exception, TooManyFilesSent):
        return error_page(413, sentence=TOO_MANY.format(most=settings.UPLOADS_AT_ONCE))
    return error_page(400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return error_page(403)


def token_missing(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token (`CSRF_FAILURE_VIEW`).

    One of our own pages whose token is of an earlier session gets back what it sent, with the token of now:
    somebody presses a button, so nothing is done that nobody asked for.  On a browser in which several people
    signed in it may be what another one typed: it is not given to the one who is there now.
    """
    if request.method == "POST" and is_from_our_page(request):
        if request.user.is_authenticated and len(accounts_known(request)) > 1:
            return error_page(403, title=STALE_TITLE, sentence=SHARED_SENTENCE)
        return signed_out.kept_page(request, title=signed_out.AGAIN_TITLE, sentence=signed_out.AGAIN_SENTENCE)
    return error_page(403, title=STALE_TITLE, sentence=STALE_SENTENCE, template="token")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; the same page whether the thing does not exist or is somebody else's."""
    return error_page(404)


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the error that was not caught means that the database is away."""
    exception = sys.exc_info()[1]
    if exception is not None and outage.is_outage(exception):
        return outage.answer(request, exception)
    return error_page(500)
