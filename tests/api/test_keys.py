"""Who may ask: right keys alone, for what they are for, from where they may, as often as they may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from yincai.foundation import clock
from yincai.partners import models
from yincai.partners.vocabulary import WRONG_KEYS, Scope

Machines = Callable[..., Any]
SOMEBODY_ELSES = "yk_aaaaaaaaaaaa_" + "b" * 40


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer ",
        "Basic eWs6eWs=",
        "Bearer yk_",
        f"Bearer {SOMEBODY_ELSES}",
        "Bearer " + "x" * 5000,
        "Bearer yk_\x00",
    ],
)
def test_without_a_right_key_nothing_is_answered(header: str | None, db: None) -> None:
    headers = {"Authorization": header} if header is not None else {}

    answer = Client().get("/api/v1/places", headers=headers)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="yincai"'
    assert answer.json()["type"] == "urn:yincai:problem:key"


def test_right_label_with_a_wrong_secret_is_refused(machine: Machines) -> None:
    ours = machine()
    ours = type(ours)(ours.key[:-1] + ("a" if ours.key[-1] != "a" else "b"), ours.client)

    assert ours.get("/places").status_code == 401


def test_only_the_digest_of_a_key_is_kept(machine: Machines) -> None:
    secret = machine().key.rsplit("_", 1)[1]

    (row,) = models.Key.objects.all()

    kept = " ".join(str(value) for value in vars(row).values())
    assert secret not in kept
    assert secret.encode() not in bytes(row.digest)


def test_key_without_the_scope_is_told_which_is_missing(machine: Machines) -> None:
    answer = machine(Scope.CARDS).get("/places")

    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:yincai:problem:scope"
    assert "catalogue:read" in answer.json()["detail"]


def test_key_is_over_at_its_end(machine: Machines) -> None:
    end = clock.now() + timedelta(hours=1)
    ours = machine(expires_at=end)

    with clock.frozen(end - timedelta(seconds=1)):
        before = ours.get("/places").status_code
    with clock.frozen(end):
        after = ours.get("/places").status_code

    assert (before, after) == (200, 401)


def test_key_for_one_network_is_good_there_alone(machine: Machines) -> None:
    ours = machine(networks=["192.0.2.0/24", "2001:db8::/32"])

    def status(address: str) -> int:
        headers = {"Authorization": f"Bearer {ours.key}"}
        return int(Client(REMOTE_ADDR=address).get("/api/v1/places", headers=headers).status_code)

    assert [status(one) for one in ("192.0.2.7", "192.0.3.7", "2001:db8::1", "2001:db9::1")] == [
        200,
        401,
        200,
        401,
    ]


def test_minute_of_a_key_is_counted_and_told(machine: Machines) -> None:
    ours = machine(per_minute=2)
    moment = clock.now().replace(second=50, microsecond=0)

    with clock.frozen(moment):
        answers = [ours.get("/places") for _ in range(3)]
    with clock.frozen(moment + timedelta(seconds=10)):
        next_minute = ours.get("/places")

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert [one["RateLimit"] for one in answers] == [
        '"minute";r=1;t=10',
        '"minute";r=0;t=10',
        '"minute";r=0;t=10',
    ]
    assert answers[0]["RateLimit-Policy"] == '"minute";q=2;w=60'
    assert answers[2]["Retry-After"] == "10"
    assert answers[2].json()["type"] == "urn:yincai:problem:too-many"
    assert next_minute.status_code == 200


def test_guessing_from_one_address_is_slowed_and_right_keys_stay_good(machine: Machines) -> None:
    wrong = {"Authorization": f"Bearer {SOMEBODY_ELSES}"}
    statuses = [
        Client().get("/api/v1/places", headers=wrong).status_code for _ in range(WRONG_KEYS.amount + 1)
    ]

    assert statuses == [401] * WRONG_KEYS.amount + [429]
    assert machine().get("/places").status_code == 200


def test_use_of_a_key_is_noted_at_most_once_a_minute(machine: Machines) -> None:
    ours = machine()
    first = clock.now().replace(microsecond=0)

    for moment in (first, first + timedelta(seconds=30), first + timedelta(seconds=90)):
        with clock.frozen(moment):
            ours.get("/places")
        if moment == first + timedelta(seconds=30):
            assert models.Key.objects.get().last_used_at == first

    assert models.Key.objects.get().last_used_at == first + timedelta(seconds=90)
