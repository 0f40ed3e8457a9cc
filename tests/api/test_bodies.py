"""Bodies that nobody should send: each is answered with a problem, none with an error of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

Machines = Callable[..., Any]
VERIFY = "/cards/verify"
WRONG: list[tuple[str | bytes, int, str]] = [
    ("", 422, "invalid"),
    ("{", 400, "malformed"),
    ("[]", 422, "invalid"),
    ("null", 422, "invalid"),
    ('"x"', 422, "invalid"),
    ("{}", 422, "invalid"),
    ('{"number": "1", "code": "2", "more": 3}', 422, "invalid"),
    ('{"number": 1, "code": "2"}', 422, "invalid"),
    ('{"number": "1", "number": "2", "code": "3"}', 400, "malformed"),
    ('{"number": NaN, "code": "2"}', 400, "malformed"),
    ('{"number": "\\u0000", "code": "2"}', 400, "malformed"),
    ('{"number": "\\ud800", "code": "2"}', 400, "malformed"),
    ('{"number": "' + "x" * 5000 + '", "code": "2"}', 422, "invalid"),
    ("[" * 5000 + "]" * 5000, 400, "malformed"),
    ('{"number": ' + "9" * 5000 + ', "code": "2"}', 400, "malformed"),
    (b"\xff\xfe", 400, "malformed"),
    ('{"number": "' + "x" * 70_000 + '", "code": "2"}', 413, "too-large"),
]


@pytest.mark.parametrize(("body", "status", "name"), WRONG)
def test_unfit_body_is_a_problem(body: str | bytes, status: int, name: str, machine: Machines) -> None:
    answer = machine().post(VERIFY, body)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["type"] == f"urn:yincai:problem:{name}"
    assert answer.json()["status"] == status


def test_findings_say_where_and_what_in_chinese(machine: Machines) -> None:
    answer = machine().post(VERIFY, {"number": "x" * 61, "extra": 1})

    assert answer.json()["errors"] == [
        {"pointer": "/number", "detail": "太长了，最多 60 个字符。"},
        {"pointer": "/code", "detail": "缺少这一项，请补上。"},
        {"pointer": "/extra", "detail": "没有这一项，请删去或核对名称。"},
    ]


def test_other_kinds_of_bodies_are_refused(machine: Machines) -> None:
    headers = {"Authorization": f"Bearer {machine().key}"}

    answer = Client().post("/api/v1/cards/verify", "a=b", content_type="text/plain", headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (415, "urn:yincai:problem:media-type")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/nothing", 404),
        ("get", "/api/v1/", 404),
        ("get", "/api/v1/places/%00/programmes", 404),
        ("get", "/api/v1/places/%ff%fe/programmes", 422),
        ("get", "/api/v1/places/" + "x" * 3000 + "/programmes", 422),
        ("delete", "/api/v1/places", 405),
        ("get", "/api/v1/cards/verify", 405),
        ("get", "/api/v1/places/", 404),
    ],
)
def test_wrong_address_or_method_is_a_problem(method: str, path: str, status: int, machine: Machines) -> None:
    headers = {"Authorization": f"Bearer {machine().key}"}

    answer = getattr(Client(), method)(path, headers=headers)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["detail"]


def test_method_that_is_not_there_names_those_that_are(machine: Machines) -> None:
    answer = machine().delete("/places")

    assert answer["Allow"] == "GET"
