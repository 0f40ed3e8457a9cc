"""The OpenAPI document, and that the interface answers as it says (`schemathesis`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from yincai.api.document import document
from yincai.ops.wsgi import application

EXAMPLES = 20
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
OPERATIONS = sorted((path, method) for path, known in document()["paths"].items() for method in known)


def test_document_is_open_to_anybody_and_of_3_1(db: None) -> None:
    answer = Client().get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer.json()["openapi"] == "3.1.0"
    assert answer.json() == document()


def test_every_operation_names_its_scope_and_its_problems() -> None:
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            assert operation["x-scope"], (method, path)
            assert {"401", "403", "404", "422", "429", "503"} <= set(operation["responses"])


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_answers_are_those_of_the_document(
    path: str, method: str, mode: GenerationMode, machine: Callable[..., Any]
) -> None:
    ours = machine(per_minute=6000)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    cases = schema[path][method].as_strategy(generation_mode=mode)
    seen: list[int] = []

    @settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def ask(case: Any) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {ours.key}"})
        seen.append(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    ask()

    assert seen
