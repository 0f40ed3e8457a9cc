"""The session ended, or must show who it is once more: a page that keeps what was posted and sends it again.

Nothing is stored: the page itself holds the values, and a token that outlives the signing in (`kept_token`),
so that one press sends them.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse

from yincai.ops.kept_token import FIELD, give_token, remember
from yincai.ops.outage import had_files, typed_values
from yincai.ops.pages import error_page

TITLE = "登录已结束"
SENTENCE = "页面放得太久，或您在别处退出过，登录已经结束。这一次点击没有保存任何内容。"
AUTOSAVE_SENTENCE = "登录已结束，暂时没有保存上。请点「保存」，按提示重新登录，填写的内容不会丢失。"
CONFIRM_TITLE = "请先确认是您本人"
CONFIRM_SENTENCE = "这一步关系到信息安全，需要再确认一次是您本人，现在还没有办成。"
CONFIRM_PAGES = ("account_reauthenticate", "mfa_reauthenticate", "mfa_activate_totp")
AGAIN_TITLE = "请再提交一次"
AGAIN_SENTENCE = "页面放得太久，或您在别处退出、重新登录过。这一次点击没有保存任何内容。"
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


class SignedOut:
    """Instead of sending a POST away to the page that asks who this is, and its values with it: keep them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        response = self.get_response(request)
        if request.method != "POST":
            return response
        way = urlsplit(response.headers.get("Location", ""))
        if way.path == settings.LOGIN_URL and way.query:
            if request.headers.get("X-Autosave"):
                return JsonResponse({"message": AUTOSAVE_SENTENCE}, status=403)
            return kept_page(request, title=TITLE, sentence=SENTENCE, way=(way.path, "重新登录"))
        if comes_back(way.query, request) and way.path in confirm_pages():
            return kept_page(
                request, title=CONFIRM_TITLE, sentence=CONFIRM_SENTENCE, way=(way.path, "去确认")
            )
        return response


def confirm_pages() -> frozenset[str]:
    """Where somebody signed in shows once more who they are."""
    return frozenset(reverse(name) for name in CONFIRM_PAGES)


def comes_back(query: str, request: HttpRequest) -> bool:
    """Whether a way to another page leads back to this one: the other page stands before it."""
    return parse_qs(query).get("next") == [request.get_full_path()]


def kept_page(
    request: HttpRequest, *, title: str, sentence: str, way: tuple[str, str] | None = None
) -> HttpResponse:
    """403 with every posted value but passwords and files, ready to be sent again with one press.

    `way` is the address and the name of what must be done first, in a window of its own.
    """
    values = [(name, value) for name, value in typed_values(request) if name not in (TOKEN, FIELD)]
    secret, shown = give_token(request)
    for_staff = request.path_info.startswith(settings.STAFF_PREFIX)
    facts = {
        "kept": [(TOKEN, get_token(request)), (FIELD, shown), *values],
        "action": request.get_full_path(),
        "files": had_files(request),
        "way": f"{way[0]}?next={settings.STAFF_PREFIX if for_staff else '/my/'}" if way else "",
        "way_name": way[1] if way else "",
    }
    response = error_page(403, facts, title=title, sentence=sentence, template="kept")
    remember(response, secret)
    return response
