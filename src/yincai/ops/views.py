"""What machines ask: alive, ready, metrics.  None of it needs a session, none of it shows personal data."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yincai.ops import health, metrics
from yincai.ops.metrics_token import TOKEN_FILE


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """`/livez`: this process answers.  Asks nobody else, so that an outage elsewhere restarts nothing."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """`/readyz`: 200 when every part is well, else 503; more than that for the bearer of the token."""
    found = health.checks()
    good = all(check.good for check in found)
    status = 200 if good else 503
    if not _brings_token(request):
        return JsonResponse({"ready": good}, status=status)
    parts = {
        check.name: {
            "good": check.good,
            **({"detail": check.detail} if check.detail else {}),
            **({"seconds": round(check.seconds, 1)} if check.seconds is not None else {}),
        }
        for check in found
    }
    return JsonResponse({"ready": good, "parts": parts}, status=status)


@require_safe
@never_cache
def measured(request: HttpRequest) -> HttpResponse:
    """`/metrics`: for whoever brings the bearer token of the secrets folder; anybody else gets 404."""
    if not _brings_token(request):
        return HttpResponse(status=404)
    return HttpResponse(metrics.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _brings_token(request: HttpRequest) -> bool:
    token = Path(settings.SECRETS) / TOKEN_FILE
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    return token.is_file() and secrets.compare_digest(given, token.read_bytes().strip())
