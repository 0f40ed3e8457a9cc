"""The signature of Standard Webhooks, against its published example and the worked example of our guide."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from yincai.foundation import clock
from yincai.partners.signing import headers_of, new_secret

AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
"""The example of the specification (standard-webhooks/standard-webhooks, `spec/standard-webhooks.md`)."""


def test_signature_is_that_of_the_specification() -> None:
    headers = headers_of("msg_p5jXN8AQM9LWM0D4loKWxJek", BODY, at=AT, keys=[SECRET])

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": SIGNED,
    }


def test_two_secrets_sign_during_a_rotation() -> None:
    both = headers_of("m", BODY, at=AT, keys=[SECRET, new_secret()])["webhook-signature"].split(" ")
    one = headers_of("m", BODY, at=AT, keys=[SECRET])["webhook-signature"]

    assert len(both) == 2
    assert both[0] == one


def test_secrets_differ_and_are_long() -> None:
    made = {new_secret() for _ in range(100)}

    assert len(made) == 100
    assert all(one.startswith("whsec_") and len(one) == 6 + 44 for one in made)


@pytest.mark.django_db
def test_worked_example_of_the_guide_accepts_ours_and_no_other() -> None:
    page = Client().get("/api/").content.decode()
    found = re.search(r"(import base64.*?)</code>", page, re.DOTALL)
    assert found
    shown: dict[str, Any] = {}
    exec(html.unescape(found[1]), shown)  # noqa: S102 - the very lines that people copy
    secret = new_secret()
    headers = headers_of("evt_1", BODY, at=clock.now(), keys=[new_secret(), secret])

    assert shown["is_genuine"](secret, headers, BODY)
    assert not shown["is_genuine"](secret, headers, BODY + b" ")
    assert not shown["is_genuine"](new_secret(), headers, BODY)
    assert not shown["is_genuine"](secret, {**headers, "webhook-timestamp": "1614265330"}, BODY)
