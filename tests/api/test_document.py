"""The OpenAPI document, and that the interface answers as it says (`schemathesis`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests import personas
from tests.cases import PLACE, PROGRAMME
from yincai.api.document import document
from yincai.ops.wsgi import application
from yincai.partners import actions
from yincai.partners.vocabulary import Kind, PartnerView

EXAMPLES = 12
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


@pytest.fixture
def same_connection() -> Iterator[None]:
    """Requests leave the connection open in which the test runs, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def somewhere(environ: dict[str, Any], start_response: Any) -> Any:
    """The platform, asked from an address of the documentation."""
    return application({**environ, "REMOTE_ADDR": "192.0.2.9"}, start_response)


@pytest.fixture
def known(published: Any, partner: PartnerView) -> dict[str, str]:
    """What there is: right requests are made about it."""
    endpoint = actions.create_endpoint(
        partner, actor=partner.actor, address="https://example.org/", kinds=[Kind.CASE_MOVED.value]
    ).endpoint.id
    delivery = actions.try_endpoint(endpoint, partner=partner, actor=partner.actor).id
    return {"place": PLACE, "name": PROGRAMME, "endpoint": str(endpoint), "delivery": str(delivery)}


def given_in(path: str, known: dict[str, str], mode: GenerationMode) -> dict[str, str] | None:
    """The values of an address's names for right requests; wrong ones make up their own."""
    if mode is GenerationMode.NEGATIVE:
        return None
    if "/directory/" in path:
        return {"place": personas.PLACE}
    return {name: value for name, value in known.items() if f"{{{name}}}" in path} or None


@pytest.mark.usefixtures("same_connection")
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_answers_are_those_of_the_document(
    path: str,
    method: str,
    mode: GenerationMode,
    machine: Callable[..., Any],
    known: dict[str, str],
) -> None:
    ours = machine(per_minute=6000)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", somewhere)
    cases = schema[path][method].as_strategy(
        generation_mode=mode, path_parameters=given_in(path, known, mode)
    )
    seen: list[int] = []

    @settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def ask(case: Any) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {ours.key}"})
        seen.append(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    ask()

    assert seen
    assert set(seen) - {401}
    assert not {403, 429} & set(seen)
