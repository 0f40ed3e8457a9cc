"""Requests that write carry an Idempotency-Key and are answered once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from ninja.params import functions as ninja

from yincai.api.keys import key_of
from yincai.api.names import REPEAT_KEY
from yincai.partners import actions

ShapeT = TypeVar("ShapeT", bound=Schema)
RepeatKey = Annotated[
    str,
    ninja.Header(
        alias="Idempotency-Key",
        pattern=REPEAT_KEY,
        description="您为这一次请求取的名字；同名再发得到第一次的回答，不会重复办理（24 小时内）",
        example="order-20261123-0001",
    ),
]


def answer_once(
    request: HttpRequest, response: HttpResponse, repeat: str, shape: type[ShapeT], act: Callable[[], ShapeT]
) -> ShapeT:
    """The answer of `act`, or that of the first request under this key; the header tells which.

    Raises `AnotherUnderThisKey` for another request under the same key, and what `act` raises.
    """
    asked = [request.method, request.path, request.body.decode("utf8")]

    def made() -> dict[str, Any]:
        body: dict[str, Any] = json.loads(act().model_dump_json())
        return body

    answered = actions.answer_once(key_of(request), repeat=repeat, asked=asked, act=made)
    response["Idempotency-Replayed"] = "true" if answered.is_repeated else "false"
    return shape(**answered.body)
