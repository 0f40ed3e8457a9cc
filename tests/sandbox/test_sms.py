from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.sandbox.running import RunningSandbox, running_sandbox


def send(sandbox: RunningSandbox, to: str, text: str, key: str) -> httpx.Response:
    return sandbox.client.post("/sms/send", json={"to": to, "text": text, "key": key})


def test_sent_message_is_on_the_phone_newest_first(sandbox: RunningSandbox) -> None:
    first = send(sandbox, "+8619900001001", "第一条", "order-1")
    second = send(sandbox, "+8619900001001", "第二条", "order-2")

    assert (first.status_code, second.status_code) == (202, 202)
    assert sandbox.texts("+8619900001001") == ["第二条", "第一条"]
    assert sandbox.phone("+8619900001001")["messages"][1]["id"] == first.json()["id"]


def test_same_key_gives_the_same_id_and_is_not_sent_twice(sandbox: RunningSandbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send(sandbox, "+8619900001002", "一次", "once"), range(16)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sandbox.texts("+8619900001002") == ["一次"]


def test_same_key_with_another_text_is_refused(sandbox: RunningSandbox) -> None:
    send(sandbox, "+8619900001003", "原文", "reused")

    assert send(sandbox, "+8619900001003", "另一条", "reused").status_code == 409
    assert sandbox.texts("+8619900001003") == ["原文"]


@pytest.mark.parametrize(
    "facts",
    [
        [],
        {},
        {"to": "19900000001", "text": "a", "key": "k"},
        {"to": "+8619900000001\n", "text": "a", "key": "k"},
        {"to": "+8619900000001", "text": "", "key": "k"},
        {"to": "+8619900000001", "text": "长" * 501, "key": "k"},
        {"to": "+8619900000001", "text": "a", "key": ""},
        {"to": 1, "text": "a", "key": "k"},
    ],
)
def test_bad_request_is_refused_with_a_sentence(sandbox: RunningSandbox, facts: Any) -> None:
    answer = sandbox.client.post("/sms/send", json=facts)

    assert answer.status_code == 422
    assert answer.json()["error"]


def test_body_that_is_no_json_or_too_long_is_refused(sandbox: RunningSandbox) -> None:
    assert sandbox.client.post("/sms/send", content=b"\xff{").status_code == 422
    assert sandbox.client.post("/sms/send", content=b"x" * 20_000).status_code == 413


def test_sandbox_killed_keeps_messages_keys_and_switches(own_sandbox: RunningSandbox) -> None:
    sent = send(own_sandbox, "+8619900000001", "断电前", "before-the-crash").json()["id"]
    own_sandbox.fault("crl", "error", status=502)
    port = int(own_sandbox.url.rpartition(":")[2])

    own_sandbox.kill()

    with running_sandbox(own_sandbox.folder, port=port) as again:
        assert again.texts("+8619900000001") == ["断电前"]
        assert send(again, "+8619900000001", "断电前", "before-the-crash").json()["id"] == sent
        assert again.client.get("/ca/crl/issuing.crl").status_code == 502
