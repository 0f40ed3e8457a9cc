"""The database is away: what people and programs get instead of an error."""

from __future__ import annotations

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from procrastinate.exceptions import ConnectorException

from tests.ledger import cast
from yincai.documents import jobs
from yincai.ops import errors, outage


def lost() -> OperationalError:
    error = OperationalError("connection refused")
    error.__cause__ = psycopg.OperationalError("connection refused")
    return error


def page_for(request: HttpRequest, exception: Exception) -> HttpResponse:
    answer = outage.Outage(lambda _: HttpResponse()).process_exception(request, exception)
    assert answer is not None
    return answer


def test_outage_on_reading_says_when_to_ask_again() -> None:
    response = page_for(RequestFactory().get("/my/?page=2"), lost())

    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (
        503,
        "5",
        "no-store",
    )
    assert 'href="/my/?page=2"' in response.content.decode()


def test_outage_on_posting_keeps_every_value_but_passwords_and_files() -> None:
    posted = {
        "name": '王"小<明>',
        "skills": ["焊接", "木工"],
        "password1": "never shown",
        "old_password": "never shown",
        "photo": SimpleUploadedFile("face.jpg", b"pixels"),
    }

    text = page_for(RequestFactory().post("/my/cases/1/basic/", posted), lost()).content.decode()

    assert '<form method="post" action="/my/cases/1/basic/">' in text
    assert 'name="name" value="王&#34;小&lt;明&gt;"' in text
    assert 'name="skills" value="焊接"' in text
    assert 'name="skills" value="木工"' in text
    assert "never shown" not in text
    assert "请重新选择文件" in text


def test_outage_with_an_unreadable_body_is_still_a_503() -> None:
    request = RequestFactory().generic(
        "POST", "/my/", b"broken", content_type="multipart/form-data; boundary=x"
    )
    request.META["CONTENT_LENGTH"] = "-1"

    assert page_for(request, lost()).status_code == 503


def test_wrong_statement_is_no_outage() -> None:
    error = OperationalError("deadlock detected")
    error.__cause__ = psycopg.errors.DeadlockDetected()

    assert not outage.is_outage(error)
    assert not outage.is_outage(IntegrityError("twice"))


def test_shutdown_and_full_disk_are_outages() -> None:
    for cause in (
        psycopg.errors.AdminShutdown(),
        psycopg.errors.CannotConnectNow(),
        psycopg.errors.DiskFull(),
    ):
        error = OperationalError("gone")
        error.__cause__ = cause

        assert outage.is_outage(error), cause


@pytest.mark.parametrize(("error", "status"), [(lost(), 503), (ValueError("wrong"), 500)])
def test_error_outside_views_is_answered_by_the_last_handler(error: Exception, status: int) -> None:
    request = RequestFactory().get("/")

    try:
        raise error
    except (OperationalError, ValueError):
        response = errors.broken(request)

    assert response.status_code == status


@pytest.mark.django_db(transaction=True)
def test_job_that_a_lost_database_cannot_take_is_an_outage() -> None:
    connection.ensure_connection()
    own = connection.connection.info.backend_pid
    with psycopg.connect(cast.conninfo()) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [own])

    with pytest.raises(ConnectorException) as lost_one:
        jobs.ask_erase(["a-file"])
    connection.close()

    assert page_for(RequestFactory().post("/my/cases/1/materials/"), lost_one.value).status_code == 503


def test_job_that_the_database_refused_is_no_outage() -> None:
    error = ConnectorException()
    error.__cause__ = psycopg.errors.UndefinedFunction()

    assert not outage.is_outage(error)
