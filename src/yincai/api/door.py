"""What every answer under `/api/v1/` shares, whoever made it: problems, limits, conditional answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, set_response_etag

from yincai.api.bodies import check_body
from yincai.api.document import query_names
from yincai.api.problems import MEDIA_TYPE, Refused, problem, problem_of_status
from yincai.partners.limiting import MINUTE
from yincai.partners.vocabulary import Quota

PREFIX = "/api/v1/"


class MachineDoor:
    """Middleware: a page of the platform that answers a machine becomes a problem; headers of limits."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request; nothing outside `/api/v1/` is touched."""
        response = self.get_response(request)
        if not request.path_info.startswith(PREFIX):
            return response
        return _dressed(request, cast(HttpResponse, response))

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Refuse a body that cannot be read, and names that no operation knows, before one does."""
        if not request.path_info.startswith(PREFIX):
            return None
        try:
            check_body(request)
        except Refused as error:
            return problem(error.kind, error.detail, headers=error.headers)
        return _refusal_of_query(request)


def _refusal_of_query(request: HttpRequest) -> HttpResponse | None:
    """What is asked under a name that nobody reads is a slip of the pen: said, not overlooked."""
    route = request.resolver_match.route if request.resolver_match else ""
    known = query_names().get((route, request.method or ""))
    unknown = sorted(set(request.GET) - known)[:20] if known is not None else []
    if not unknown:
        return None
    errors = [
        {"pointer": f"query:{name[:60]}", "detail": "没有这个参数，请删去或核对名称。"} for name in unknown
    ]
    return problem("invalid", errors=errors)


def _dressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code >= 400 and response.get("Content-Type") != MEDIA_TYPE:
        response = problem_of_status(response)
    elif 300 <= response.status_code < 400 and response.status_code != 304:
        response = problem("not-found")
    if (
        request.method == "GET"
        and response.status_code == 200
        and "max-age" in response.get("Cache-Control", "")
    ):
        response["Vary"] = "Authorization"
        set_response_etag(response)
        response = cast(
            HttpResponse, get_conditional_response(request, etag=response["ETag"], response=response)
        )
    else:
        response.setdefault("Cache-Control", "no-store")
    quota: Quota | None = getattr(request, "api_quota", None)
    if quota is not None:
        response["RateLimit-Policy"] = f'"minute";q={quota.limit};w={MINUTE}'
        response["RateLimit"] = f'"minute";r={quota.remaining};t={quota.resets_in}'
    return response
