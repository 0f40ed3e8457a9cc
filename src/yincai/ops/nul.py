"""Takes NUL out of what a request brings.

PostgreSQL keeps no NUL in a text, nobody can type one, and every view that passed one on would answer with an
error of ours.  So it is taken out once, before anybody reads.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, UnreadablePostError

from yincai.ops.pages import error_page

NUL = "\0"


class WithoutNul:
    """Query, cookies and form without NUL; 404 for an address that holds one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        if NUL in request.path_info:
            return error_page(404)
        request.GET = _cleaned(request.GET)  # type: ignore[assignment]  # it is not mutable either
        request.COOKIES = {name: text.replace(NUL, "") for name, text in request.COOKIES.items()}
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """The form, which is read only after the budget let the request in."""
        if request.method == "POST":
            try:
                posted = request.POST
            except UnreadablePostError:
                return None
            cleaned = _cleaned(posted)
            if cleaned is not posted:
                request.POST = cleaned  # type: ignore[assignment]  # as above
        return None


def _cleaned(asked: QueryDict) -> QueryDict:
    """The same when nothing is to be taken out."""
    if not any(NUL in text for name, texts in asked.lists() for text in (name, *texts)):
        return asked
    cleaned = QueryDict(mutable=True, encoding=asked.encoding)
    for name, texts in asked.lists():
        for text in texts:
            cleaned.appendlist(name.replace(NUL, ""), text.replace(NUL, ""))
    cleaned._mutable = False  # what Django does with its own
    return cleaned
