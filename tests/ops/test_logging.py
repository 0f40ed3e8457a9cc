"""Log lines: JSON, with the request's id, without personal numbers."""

from __future__ import annotations

import json
import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from yincai.ops.logging import JsonFormatter, RequestLog, masked, request_id


def answered(**headers: str) -> tuple[str, str]:
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request_id.get())
        return HttpResponse()

    request = RequestFactory().get("/my/", headers=headers)
    request.resolver_match = None
    response = RequestLog(view)(request)
    return seen[0], response["X-Request-ID"]


def test_request_without_an_id_gets_one_and_is_told() -> None:
    inside, told = answered()

    assert inside == told
    assert len(told) == 32
    assert request_id.get() == ""


def test_id_of_a_proxy_is_kept_and_a_hostile_one_is_not() -> None:
    assert answered(**{"X-Request-ID": "edge-12345678"})[1] == "edge-12345678"
    assert answered(**{"X-Request-ID": 'x"\n{injected'})[1] != 'x"\n{injected'


def test_line_is_json_with_the_id_of_its_request() -> None:
    record = logging.LogRecord("yincai", logging.INFO, __file__, 1, "第 %s 次", (3,), None)
    token = request_id.set("abc")

    line = json.loads(JsonFormatter().format(record))

    request_id.reset(token)
    assert (line["level"], line["message"], line["request"]) == ("info", "第 3 次", "abc")


def test_identity_and_phone_numbers_never_reach_a_log() -> None:
    assert masked("证件 11010119900307001X 手机 13800138000 +8613800138000") == "证件 *** 手机 *** ***"
    assert masked("RC20261122150405123 已受理") == "RC20261122150405123 已受理"


urlpatterns = [path("verify/<str:code>/", lambda request, code: HttpResponse(status=404))]


@override_settings(ROOT_URLCONF=__name__)
def test_codes_and_ids_in_an_address_never_reach_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    Client().get("/verify/ABCDEFGHIJKLMNOP/")
    Client().get("/elsewhere/ABCDEFGHIJKLMNOP/")

    lines = [JsonFormatter().format(record) for record in caplog.records]
    messages = [json.loads(line)["message"] for line in lines]
    assert not [line for line in lines if "ABCDEFGHIJKLMNOP" in line]
    assert messages.count("GET /verify/<str:code>/") == 1
    assert messages.count("GET (no page)") == 1
    assert "Not Found: /verify/<str:code>/" in messages  # Django's own


def test_trace_of_an_error_is_kept_and_masked() -> None:
    try:
        raise ValueError("11010119900307001X")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "broken", (), (ValueError, error, None))

    line = json.loads(JsonFormatter().format(record))

    assert "ValueError: ***" in line["trace"]
    assert "test_logging.py" in line["trace"]
