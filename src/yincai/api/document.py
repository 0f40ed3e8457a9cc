"""The OpenAPI 3.1 document: what ninja writes of the operations, with every problem, header and the key."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from django.conf import settings

from yincai.api.interface import api
from yincai.api.keys import Needs
from yincai.api.problems import BY_STATUS, KINDS, MEDIA_TYPE, TYPES
from yincai.api.shapes import ProblemShape
from yincai.partners.vocabulary import Scope

ALWAYS = (400, 401, 403, 404, 405, 422, 429, 500, 503)
WITH_BODY = (413, 415)
READ = ("get", "delete")
DESCRIPTION = """人才服务平台给其他系统使用的接口。密钥在办事后台由管理员发放，说明和例子见 /api/。

所有时间是带时区的 ISO 8601；所有错误是 `application/problem+json`（RFC 9457）。"""
REMAINING = {
    "description": '这一分钟剩余的次数和秒数，例如 "minute";r=119;t=42',
    "schema": {"type": "string"},
}
POLICY = {"description": '每分钟的次数，例如 "minute";q=120;w=60', "schema": {"type": "string"}}
RETRY = {"description": "多少秒以后可以再试", "schema": {"type": "string", "pattern": "^[0-9]+$"}}
ETAG = {"description": "内容的标记，用于 If-None-Match", "schema": {"type": "string"}}


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The whole document, as JSON values."""
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1"), default=str))
    made["openapi"] = "3.1.0"
    made["jsonSchemaDialect"] = "https://json-schema.org/draft/2020-12/schema"
    made["info"]["description"] = DESCRIPTION
    made["servers"] = [{"url": settings.BASE_URL}]
    components = made["components"]
    components["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "bearerFormat": "yk_<编号>_<密文>"}
    }
    components["schemas"]["Problem"] = _inlined(ProblemShape.model_json_schema())
    components["responses"] = {f"problem-{status}": _problem(status) for status in (*ALWAYS, *WITH_BODY, 409)}
    components["headers"] = {
        "RateLimit": REMAINING,
        "RateLimit-Policy": POLICY,
        "Retry-After": RETRY,
        "ETag": ETAG,
    }
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return made


@lru_cache(maxsize=1)
def query_names() -> dict[tuple[str, str], frozenset[str]]:
    """The names that an operation reads from the query, by Django's route and the method."""
    found = {}
    for path, operations in document()["paths"].items():
        route = re.sub(r"{(\w+)}", r"<\1>", path.lstrip("/"))
        for method, operation in operations.items():
            names = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
            found[route, method.upper()] = frozenset(names)
    return found


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    scope = _scope_of(operation["operationId"])
    operation["security"] = [{"key": []}]
    operation["x-scope"] = scope.value
    operation["description"] = (
        f"{operation.get('description', '').strip()}\n\n需要权限：`{scope.value}`（{scope.label}）。"
    )
    statuses = ALWAYS if method in READ else (*ALWAYS, *WITH_BODY)
    for response in operation["responses"].values():
        response["headers"] = _headers("RateLimit", "RateLimit-Policy")
        response["description"] = "办理成功"
    if scope is Scope.CATALOGUE:
        operation["responses"]["200"]["headers"] |= _headers("ETag")
        operation["responses"]["304"] = {"description": "内容没有变化", "headers": _headers("ETag")}
        operation.setdefault("parameters", []).append(
            {"name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"}}
        )
    if method not in READ:
        statuses = (*statuses, 409)
    operation["responses"] |= {
        str(status): {"$ref": f"#/components/responses/problem-{status}"} for status in sorted(statuses)
    }


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _problem(status: int) -> dict[str, Any]:
    kind = BY_STATUS[status]
    kinds = [one for one in KINDS if one.status == status]
    example = {
        "type": f"{TYPES}{kind.name}",
        "title": kind.title,
        "status": status,
        "detail": f"{kind.title}，没有办理。{kind.advice}",
    }
    if status == 422:
        example["errors"] = [{"pointer": "/number", "detail": "缺少这一项，请补上。"}]
    told = "；".join(f"`{TYPES}{one.name}` {one.title}" for one in kinds)
    answer: dict[str, Any] = {
        "description": told,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }
    if status in (429, 503):
        answer["headers"] = _headers("Retry-After")
    return answer


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without definitions of its own beside it."""
    text = json.dumps({name: part for name, part in schema.items() if name != "$defs"})
    for name, part in schema.get("$defs", {}).items():
        text = text.replace(json.dumps({"$ref": f"#/$defs/{name}"}), json.dumps(part))
    inlined: dict[str, Any] = json.loads(text)
    return inlined


@lru_cache(maxsize=1)
def _scopes() -> dict[str, Scope]:
    found: dict[str, Scope] = {}
    for _, router in api._routers:
        for path in router.path_operations.values():
            for operation in path.operations:
                needs = [
                    one for one in operation.auth_callbacks or _of_router(router) if isinstance(one, Needs)
                ]
                found[str(operation.operation_id)] = needs[0].scope
    return found


def _of_router(router: Any) -> list[object]:
    return [router.auth] if not isinstance(router.auth, (list, tuple)) else list(router.auth)


def _scope_of(operation_id: str) -> Scope:
    return _scopes()[operation_id]
