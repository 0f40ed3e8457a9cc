"""Every refusal of `/api/v1/` as problem details (RFC 9457): a stable type, a sentence in Chinese."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from yincai.foundation.errors import (
    Invalid,
    NotAllowed,
    NotFound,
    NotNow,
    OurFault,
    SomeoneWasFirst,
    YincaiError,
)
from yincai.partners.vocabulary import AnotherUnderThisKey, QuotaSpent, ScopeMissing, WrongKey
from yincai.people.vocabulary import LimitReached

MEDIA_TYPE = "application/problem+json"
TYPES = "urn:yincai:problem:"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its name in `type`, the status, what it is called, what to do."""

    name: str
    status: int
    title: str
    advice: str


KINDS = (
    Kind("malformed", 400, "请求无法读取", "请检查正文是不是正确的 JSON，编码是不是 UTF-8。"),
    Kind("key", 401, "密钥无效", "请带上有效的密钥：Authorization: Bearer yk_…"),
    Kind("scope", 403, "密钥没有这项权限", "请联系发放密钥的单位调整权限。"),
    Kind("forbidden", 403, "不允许这样办理", "请按说明文字处理。"),
    Kind("not-found", 404, "没有找到", "请核对地址和编号。"),
    Kind("method", 405, "不支持这种请求方法", "请按接口文档换一种方法，可用的方法在 Allow 中。"),
    Kind("conflict", 409, "内容已有变化", "请重新读取后再试。"),
    Kind("too-large", 413, "请求太大", "请减小正文或文件。"),
    Kind("media-type", 415, "不支持这种正文类型", "请按接口文档设置 Content-Type。"),
    Kind("invalid", 422, "填写的内容有误", "请按 errors 逐项修改。"),
    Kind("repeat-key", 422, "Idempotency-Key 已用于另一次请求", "请为新的请求换一个。"),
    Kind("too-many", 429, "请求太频繁", "请在 Retry-After 秒以后再试。"),
    Kind("internal", 500, "平台出错", "不是您的问题，请稍后再试；仍不成请告知运维人员。"),
    Kind("unavailable", 503, "暂时不能办理", "请在 Retry-After 秒以后再试。"),
)
BY_NAME = {kind.name: kind for kind in KINDS}
BY_STATUS = {kind.status: kind for kind in reversed(KINDS) if kind.name not in ("scope", "repeat-key")}

OF_ERRORS: tuple[tuple[type[YincaiError], str], ...] = (
    (WrongKey, "key"),
    (ScopeMissing, "scope"),
    (QuotaSpent, "too-many"),
    (AnotherUnderThisKey, "repeat-key"),
    (NotAllowed, "forbidden"),
    (NotFound, "not-found"),
    (SomeoneWasFirst, "conflict"),
    (Invalid, "invalid"),
    (LimitReached, "too-many"),
    (NotNow, "unavailable"),
    (OurFault, "internal"),
    (YincaiError, "malformed"),
)
SENTENCES = {
    "missing": "缺少这一项，请补上。",
    "extra_forbidden": "没有这一项，请删去或核对名称。",
    "string_too_long": "太长了，最多 {max_length} 个字符。",
    "string_too_short": "太短了，最少 {min_length} 个字符。",
    "string_type": "请填写文字。",
    "int_parsing": "请填写整数。",
    "int_type": "请填写整数。",
    "bool_parsing": "请填写 true 或 false。",
    "bool_type": "请填写 true 或 false。",
    "uuid_parsing": "请填写编号（UUID）。",
    "greater_than_equal": "不能小于 {ge}。",
    "less_than_equal": "不能大于 {le}。",
    "string_pattern_mismatch": "格式不对，请按文档的样子填写。",
    "enum": "只能是 {expected} 之一。",
    "list_type": "请填写一个列表。",
    "dict_type": "请填写一个对象。",
    "too_long": "最多 {max_length} 项。",
    "too_short": "最少 {min_length} 项。",
    "datetime_from_date_parsing": "请按 2026-11-23T08:00:00Z 的样子填写时间。",
}
UNFIT = "填写的值不符合要求，请按文档修改。"


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """A request that is refused before any operation sees it."""

    kind: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)


def problem(
    name: str,
    detail: str = "",
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer for one kind of problem, by its name in `KINDS`."""
    kind = BY_NAME[name]
    body: dict[str, Any] = {
        "type": f"{TYPES}{kind.name}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail or f"{kind.title}，没有办理。{kind.advice}",
    }
    if errors:
        body["errors"] = list(errors)
    answer = HttpResponse(json.dumps(body, ensure_ascii=False), status=kind.status, content_type=MEDIA_TYPE)
    if name == "key":
        answer["WWW-Authenticate"] = 'Bearer realm="yincai"'
    for header, value in (headers or {}).items():
        answer[header] = value
    return answer


def problem_of(error: YincaiError) -> HttpResponse:
    """The answer for a refusal of the house; its sentence is made for people and shown as it stands."""
    name = next(name for kind, name in OF_ERRORS if isinstance(error, kind))
    errors = []
    headers: dict[str, str] = {}
    if isinstance(error, Invalid):
        errors = [{"pointer": pointer_of(one.path), "detail": one.message} for one in error.problems]
    if isinstance(error, LimitReached):
        headers["Retry-After"] = str(int(error.retry_after.total_seconds()) + 1)
    if isinstance(error, QuotaSpent):
        headers["Retry-After"] = str(error.quota.resets_in)
    return problem(name, error.sentence, errors=errors, headers=headers)


def problem_of_status(response: HttpResponse) -> HttpResponse:
    """A page of the platform that got between, as a problem of the same status."""
    kind = BY_STATUS.get(response.status_code)
    if kind is None:
        kind = BY_NAME["internal"] if response.status_code >= 500 else BY_NAME["malformed"]
    kept = {name: response[name] for name in ("Retry-After", "Allow") if name in response}
    return problem(kind.name, headers=kept)


def pointer_of(path: str) -> str:
    """A dotted path as a JSON pointer (RFC 6901)."""
    parts = [part.replace("~", "~0").replace("/", "~1") for part in path.split(".") if part]
    return "".join(f"/{part}" for part in parts)


def set_up(api: NinjaAPI) -> None:
    """Have the interface answer every error with a problem."""

    @api.exception_handler(YincaiError)
    def refused(request: HttpRequest, error: YincaiError) -> HttpResponse:
        return problem_of(error)

    @api.exception_handler(Refused)
    def refused_early(request: HttpRequest, error: Refused) -> HttpResponse:
        return problem(error.kind, error.detail, headers=error.headers)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [_said(one) for one in error.errors]
        return problem("invalid", errors=errors)

    @api.exception_handler(AuthenticationError)
    def without_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem_of(WrongKey())

    @api.exception_handler(HttpError)
    def plain(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem_of_status(HttpResponse(status=error.status_code))


def _said(error: Mapping[str, Any]) -> dict[str, str]:
    """One finding of the validation in Chinese; what was sent is not repeated."""
    where = [str(part) for part in error.get("loc", ())]
    source, rest = (where[0], where[1:]) if where else ("", [])
    if source in ("body", "form", "file"):
        rest = rest[1:] if rest and rest[0] in ("asked", "body") else rest
    template = SENTENCES.get(str(error.get("type", "")), UNFIT)
    context = {name: str(value) for name, value in (error.get("ctx") or {}).items()}
    try:
        sentence = template.format(**context)
    except KeyError:
        sentence = UNFIT
    pointer = (
        pointer_of(".".join(rest)) if source in ("body", "form", "file") else f"{source}:{'.'.join(rest)}"
    )
    return {"pointer": pointer, "detail": sentence}
