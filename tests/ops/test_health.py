"""`/livez`, `/readyz` and `/metrics`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory, override_settings

from yincai.ops import health, urls, views

urlpatterns = urls.urlpatterns


@pytest.fixture(autouse=True)
def asked_afresh() -> Iterator[None]:
    health.forget()
    yield
    health.forget()


def wait_in_queue(seconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
            " VALUES ('reader', 'ops.none', '{}', 'todo') RETURNING id"
        )
        (job,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - %s * interval '1 second' WHERE job_id = %s",
            [seconds, job],
        )


@override_settings(ROOT_URLCONF=__name__)
def test_livez_answers_without_a_database() -> None:
    response = Client().get("/livez")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_with_everything_well_is_200(tmp_path: Path) -> None:
    response = views.ready(RequestFactory().get("/readyz"))

    assert response.status_code == 200, response.content


def lost() -> health.Check:
    raise OperationalError("the server closed the connection")


def test_readyz_without_a_database_is_503_and_names_the_part_to_who_brings_the_token(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(health, "CHECKS", {"database": lost})
    (tmp_path / "metrics_token").write_text("right\n", "ascii")
    known = {"authorization": "Bearer right"}

    with override_settings(SECRETS=tmp_path):
        stranger = views.ready(RequestFactory().get("/readyz"))
        operator = views.ready(RequestFactory().get("/readyz", headers=known))

    assert (stranger.status_code, json.loads(stranger.content)) == (503, {"ready": False})
    assert operator.status_code == 503
    assert json.loads(operator.content)["parts"] == {
        "database": {"good": False, "detail": "OperationalError"}
    }


@pytest.mark.django_db
def test_queue_that_waits_too_long_is_red_and_named() -> None:
    wait_in_queue(301)

    found = health.queues()

    assert (found.good, found.detail) == (False, "reader waits")


@pytest.mark.django_db
def test_queue_that_moves_is_well() -> None:
    wait_in_queue(5)

    assert health.queues().good


@override_settings(ROOT_URLCONF=__name__)
def test_metrics_without_the_token_do_not_exist(tmp_path: Path) -> None:
    (tmp_path / "metrics_token").write_text("right\n", "ascii")

    with override_settings(SECRETS=tmp_path):
        answers = [
            Client().get("/metrics").status_code,
            Client().get("/metrics", headers={"authorization": "Bearer wrong"}).status_code,
        ]

    assert answers == [404, 404]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_metrics_count_requests_and_show_health(tmp_path: Path) -> None:
    (tmp_path / "metrics_token").write_text("right\n", "ascii")
    Client().get("/livez")

    with override_settings(SECRETS=tmp_path):
        text = Client().get("/metrics", headers={"authorization": "Bearer right"}).content.decode()

    assert 'yincai_requests_total{method="GET",status="200",view="livez"}' in text
    assert 'yincai_ready{part="database"} 1.0' in text
