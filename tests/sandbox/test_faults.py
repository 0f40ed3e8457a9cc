from __future__ import annotations

from itertools import count

import httpx
import pytest

from tests.sandbox.running import RunningSandbox

NUMBERS = count(70_000_000)


@pytest.fixture
def phone() -> str:
    """A number of the test's own."""
    return f"+86199{next(NUMBERS):08d}"


def send(sandbox: RunningSandbox, phone: str, *, timeout: float = 10) -> httpx.Response:
    facts = {"to": phone, "text": "您好", "key": f"key-{phone}"}
    return sandbox.client.post("/sms/send", json=facts, timeout=timeout)


def test_service_that_is_off_does_nothing_until_it_works_again(switches: RunningSandbox, phone: str) -> None:
    switches.fault("sms", "off")
    assert send(switches, phone).status_code == 503
    assert switches.texts(phone) == []

    switches.fault("sms", "working")
    assert send(switches, phone).status_code == 202


def test_error_answers_the_chosen_status_for_the_chosen_number_of_calls(
    switches: RunningSandbox, phone: str
) -> None:
    switches.fault("sms", "error", status=429, times=2)

    assert [send(switches, phone).status_code for _ in range(3)] == [429, 429, 202]
    assert switches.client.get("/faults.json").json()["sms"]["mode"] == "working"


def test_wrong_answers_garbage_and_sends_nothing(switches: RunningSandbox, phone: str) -> None:
    switches.fault("sms", "wrong")

    answer = send(switches, phone)

    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"utf-8|Expecting"):
        answer.json()
    assert switches.texts(phone) == []


def test_dropped_answer_leaves_the_work_done(switches: RunningSandbox, phone: str) -> None:
    switches.fault("sms", "drop", times=1)

    with pytest.raises(httpx.RemoteProtocolError):
        send(switches, phone)
    assert switches.texts(phone) == ["您好"]

    assert send(switches, phone).status_code == 202
    assert switches.texts(phone) == ["您好"]


def test_slow_service_answers_in_the_end(switches: RunningSandbox, phone: str) -> None:
    switches.fault("sms", "slow", milliseconds=1500, times=1)

    with pytest.raises(httpx.ReadTimeout):
        send(switches, phone, timeout=0.2)
    assert send(switches, phone).status_code == 202


@pytest.mark.parametrize(
    "facts",
    [
        {"service": "phone", "mode": "off"},
        {"service": "sms", "mode": "broken"},
        {"service": "sms", "mode": "error", "status": 200},
        {"service": "sms", "mode": "slow", "milliseconds": 10**9},
        {"service": "sms", "mode": "off", "times": 0},
        {"service": "sms", "mode": "off", "times": True},
        {"service": ["sms"], "mode": "off"},
    ],
)
def test_impossible_switch_is_refused(switches: RunningSandbox, phone: str, facts: dict[str, object]) -> None:
    assert switches.client.post("/faults.json", json=facts).status_code == 422
    assert {fault["mode"] for fault in switches.client.get("/faults.json").json().values()} == {"working"}


def test_page_sets_a_switch_without_scripts_and_shows_it(switches: RunningSandbox, phone: str) -> None:
    form = {"service": "ocsp", "mode": "error", "status": "502", "milliseconds": "", "times": ""}

    answer = switches.client.post("/faults", data=form, follow_redirects=True)

    assert "▲ 返回错误" in answer.text
    assert switches.client.post("/ca/ocsp", content=b"").status_code == 502


def test_page_refuses_an_impossible_switch_with_a_sentence(switches: RunningSandbox) -> None:
    answer = switches.client.post("/faults", data={"service": "sms", "mode": "error", "status": "200"})

    assert answer.status_code == 422
    assert "状态码须为 400 到 599" in answer.text


def test_form_sent_from_another_site_is_refused(switches: RunningSandbox, phone: str) -> None:
    form = {"service": "sms", "mode": "off"}

    answer = switches.client.post("/faults", data=form, headers={"Origin": "http://elsewhere.example"})

    assert answer.status_code == 403
    assert send(switches, phone).status_code == 202
