"""The OpenAPI document, and the page in Chinese that says how to use it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yincai.api.bodies import MOST_BYTES
from yincai.api.document import document
from yincai.api.problems import KINDS, TYPES
from yincai.partners.vocabulary import PAUSES, SUBSCRIBABLE, Scope


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The document, for anybody."""
    answer = JsonResponse(document(), json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """How to get a key, what may be asked, how events come and how their signature is checked."""
    context = {
        "base": settings.BASE_URL,
        "scopes": list(Scope),
        "kinds": SUBSCRIBABLE,
        "problems": KINDS,
        "types": TYPES,
        "operations": _operations(),
        "most_kilobytes": MOST_BYTES // 1024,
        "attempts": len(PAUSES) + 1,
    }
    return render(request, "api/guide.html", context)


def _operations() -> list[tuple[str, list[dict[str, str]]]]:
    """What the document describes, by group, in its order."""
    groups: dict[str, list[dict[str, str]]] = {}
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            line = {
                "method": method.upper(),
                "path": path,
                "summary": operation["summary"],
                "scope": operation["x-scope"],
            }
            groups.setdefault(operation["tags"][0], []).append(line)
    return list(groups.items())
