"""The session ended while somebody typed: a page that keeps what was posted and sends it again afterwards.

Nothing is stored: the page itself holds the values.  Signing in changes the form token, so what is sent again
comes back once more with the new token, provided that the browser vouches for one of our own pages.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token

from yincai.ops.outage import had_files, typed_values
from yincai.ops.pages import error_page

TITLE = "登录已结束"
SENTENCE = "为保护您的信息，登录已经结束，这一步还没有办成。"
AUTOSAVE_SENTENCE = "登录已结束，暂时没有保存上。请点「保存」，按提示重新登录，填写的内容不会丢失。"
AGAIN_TITLE = "请再提交一次"
AGAIN_SENTENCE = "您重新登录过，这一步还没有办成。"
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


class SignedOut:
    """Instead of sending a POST of nobody to the sign-in page, where its values would be gone: keep them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        response = self.get_response(request)
        leads = response.headers.get("Location", "")
        if request.method != "POST" or not leads.startswith(f"{settings.LOGIN_URL}?"):
            return response
        if request.headers.get("X-Autosave"):
            return JsonResponse({"message": AUTOSAVE_SENTENCE}, status=403)
        return kept_page(request, title=TITLE, sentence=SENTENCE, signed_out=True)


def kept_page(request: HttpRequest, *, title: str, sentence: str, signed_out: bool) -> HttpResponse:
    """403 with every posted value but passwords and files, ready to be sent again with a token of now."""
    values = [(name, value) for name, value in typed_values(request) if name != TOKEN]
    for_staff = request.path_info.startswith(settings.STAFF_PREFIX)
    facts = {
        "title": title,
        "kept": [(TOKEN, get_token(request)), *values],
        "action": request.get_full_path(),
        "files": had_files(request),
        "sign_in": f"{settings.LOGIN_URL}?next={settings.STAFF_PREFIX if for_staff else '/my/'}"
        if signed_out
        else "",
    }
    return error_page(403, facts, sentence=sentence, template="kept")


def is_from_our_page(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent this (the header is not a page's to set)."""
    ours = {settings.BASE_URL, f"{request.scheme}://{request.get_host()}"}
    return request.headers.get("Origin", "") in ours
