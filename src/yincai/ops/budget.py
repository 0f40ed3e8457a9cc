"""How large a request may be, judged by what it announces, before anything of its body is read.

Uploads are held in memory, and Django reads the whole body to find the form token: without this anybody
could fill the memory of the web process, signed in or not.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from yincai.documents.vocabulary import name_size
from yincai.ops.pages import error_page

SENTENCE = "这次提交一共有 {size}，超过了 {limit} 的上限，没有保存。请把文件压缩后再试，或分几次上传。"
TOO_MANY = "一次最多上传 {most} 个文件，这次一个也没有保存。请分几次上传。"


class RequestBudget:
    """Answers 413 to a request that announces more than its sender may send.

    A body without a length is none to Django, which reads exactly as many bytes as were announced.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        size = announced_bytes(request)
        if size > settings.REQUEST_BYTES_SIGNED_OUT:
            signed_in = request.user.is_authenticated
            limit = settings.REQUEST_BYTES if signed_in else settings.REQUEST_BYTES_SIGNED_OUT
            if size > limit:
                return error_page(413, sentence=SENTENCE.format(size=name_size(size), limit=name_size(limit)))
        return self.get_response(request)


def announced_bytes(request: HttpRequest) -> int:
    """The length of the body as the request says it; 0 where Django reads none."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
