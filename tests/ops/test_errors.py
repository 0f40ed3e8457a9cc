"""Every error has its page, its status and the content policy."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from prometheus_client import REGISTRY, generate_latest

from yincai.cards.vocabulary import CardFileDamaged, SealingWaits
from yincai.engine.workflow import TransitionNotAllowed
from yincai.foundation.encryption import CannotDecrypt
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, OurFault, SomeoneWasFirst, YincaiError
from yincai.ops import errors
from yincai.ops.pages import SENTENCES, error_page
from yincai.people.vocabulary import TooManyForms


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("110101199003070011 is nobody's business")


def refused(request: HttpRequest) -> HttpResponse:
    raise SomeoneWasFirst


urlpatterns = [path("broken", broken), path("refused", refused)]
handler400, handler403, handler404, handler500 = (
    errors.bad_request,
    errors.forbidden,
    errors.not_found,
    errors.broken,
)


@pytest.mark.parametrize("status", sorted(SENTENCES))
def test_every_error_page_is_drawn_with_its_sentence(status: int) -> None:
    response = error_page(status, {"kept": [], "action": "/", "files": False})

    assert response.status_code == status
    assert SENTENCES[status] in response.content.decode()
    assert "yincai.css" in response.content.decode()  # the real page, not the bare one


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (NotAllowed(), 403),
        (NotFound(), 404),
        (SomeoneWasFirst(), 409),
        (Invalid("不行。"), 422),
        (TooManyForms(timedelta(minutes=7)), 429),
    ],
)
def test_refusal_of_the_house_gets_its_status_and_its_own_sentence(refusal: YincaiError, status: int) -> None:
    response = errors.Refusals(lambda _: HttpResponse()).process_exception(RequestFactory().get("/"), refusal)

    assert response is not None
    assert response.status_code == status
    assert refusal.sentence in response.content.decode()


def test_limit_that_is_reached_says_when_to_come_again() -> None:
    refusal = TooManyForms(timedelta(minutes=6, seconds=30))

    response = errors.Refusals(lambda _: HttpResponse()).process_exception(RequestFactory().get("/"), refusal)

    assert response is not None
    assert response["Retry-After"] == "391"
    assert "约 7 分钟后" in response.content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_page_that_breaks_answers_500_with_policy_and_without_the_reason() -> None:
    response = Client(raise_request_exception=False).get("/broken")

    assert response.status_code == 500
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "110101199003070011" not in response.content.decode()


def test_step_that_the_state_does_not_allow_is_409() -> None:
    wrong = TransitionNotAllowed("approve", state="issued")

    response = errors.Refusals(lambda _: HttpResponse()).process_exception(RequestFactory().get("/"), wrong)

    assert response is not None
    assert response.status_code == 409
    assert "现在的环节不能办这一步" in response.content.decode()


@pytest.mark.parametrize(
    ("fault", "status"),
    [(CannotDecrypt(), 500), (CardFileDamaged("文件损坏。"), 500), (SealingWaits("暂时不能盖章。"), 503)],
)
def test_fault_of_ours_is_no_mistake_of_the_visitor_and_is_logged_and_counted(
    fault: OurFault, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    response = errors.Refusals(lambda _: HttpResponse()).process_exception(RequestFactory().get("/"), fault)

    assert response is not None
    assert response.status_code == status
    assert fault.sentence in response.content.decode()
    assert [(one.levelname, one.exc_info[1]) for one in caplog.records if one.exc_info] == [("ERROR", fault)]
    assert f'yincai_faults_total{{kind="{type(fault).__name__}"}}' in generate_latest(REGISTRY).decode()


@override_settings(ROOT_URLCONF=__name__)
def test_unknown_address_and_refused_view_have_pages() -> None:
    client = Client()

    assert client.get("/nowhere").status_code == 404
    assert client.get("/refused").status_code == 409


@override_settings(ROOT_URLCONF=__name__)
def test_foreign_host_name_is_refused_with_a_page() -> None:
    response = Client().get("/nowhere", headers={"host": "elsewhere.example"})

    assert response.status_code == 400
    assert SENTENCES[400] in response.content.decode()
