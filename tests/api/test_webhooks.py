"""Events fetched, endpoints managed by their partner alone, requests answered once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.api.conftest import Machine
from tests.cases import PLACE
from tests.partners.keys import administrator, made, registered
from yincai.foundation import clock
from yincai.partners import models
from yincai.partners.events import note_event
from yincai.partners.vocabulary import Kind

Machines = Callable[..., Machine]
ASKED = {"address": "https://example.org/e", "kinds": ["case.state_changed"]}


def key() -> str:
    """A fresh Idempotency-Key."""
    return f"test-{uuid4().hex}"


def happened(times: int = 1) -> None:
    """Events of the place."""
    with transaction.atomic():
        for number in range(times):
            data = {"reference": str(number)}
            note_event(Kind.CASE_MOVED, place=PLACE, office="", at=clock.now(), data=data)


def test_events_are_fetched_from_where_one_was(machine: Machines) -> None:
    ours = machine()
    happened(3)

    first = ours.get("/events").json()
    happened(1)
    then = ours.get(f"/events?after={first['after']}").json()
    none = ours.get(f"/events?after={then['after']}").json()

    assert [one["data"]["reference"] for one in first["events"]] == ["0", "1", "2"]
    assert [one["data"]["reference"] for one in then["events"]] == ["0"]
    assert none == {"events": [], "after": then["after"], "has_more": False}


def test_endpoint_is_made_once_however_often_it_is_asked(machine: Machines) -> None:
    ours, repeat = machine(), key()

    first = ours.post("/webhooks", ASKED, Idempotency_Key=repeat)
    again = ours.post("/webhooks", ASKED, Idempotency_Key=repeat)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert (first["Idempotency-Replayed"], again["Idempotency-Replayed"]) == ("false", "true")
    assert first.json()["secret"].startswith("whsec_")
    assert models.Endpoint.objects.count() == 1


def test_answers_kept_for_repeating_rest_sealed(machine: Machines) -> None:
    secret = machine().post("/webhooks", ASKED, Idempotency_Key=key()).json()["secret"]

    with connection.cursor() as cursor:
        cursor.execute("SELECT partners_answer::text FROM partners_answer")
        (kept,) = cursor.fetchone()

    assert secret not in kept


def test_key_for_another_request_is_refused(machine: Machines) -> None:
    ours, repeat = machine(), key()
    ours.post("/webhooks", ASKED, Idempotency_Key=repeat)

    answer = ours.post("/webhooks", {**ASKED, "kinds": ["card.issued"]}, Idempotency_Key=repeat)

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:yincai:problem:repeat-key")
    assert models.Endpoint.objects.count() == 1


def test_refused_request_keeps_its_key_free(machine: Machines) -> None:
    ours, repeat = machine(), key()

    refused = ours.post("/webhooks", {**ASKED, "address": "http://example.org/"}, Idempotency_Key=repeat)
    then = ours.post("/webhooks", ASKED, Idempotency_Key=repeat)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/address"
    assert then.status_code == 200


@pytest.mark.parametrize("repeat", [None, "short", "x" * 101, "with space!"])
def test_writing_needs_a_key_of_its_own(repeat: str | None, machine: Machines) -> None:
    headers = {} if repeat is None else {"Idempotency_Key": repeat}

    answer = machine().post("/webhooks", ASKED, **headers)

    assert answer.status_code == 422
    assert models.Endpoint.objects.count() == 0


def test_endpoint_is_listed_switched_rotated_and_tried(machine: Machines) -> None:
    ours = machine()
    new = ours.post("/webhooks", ASKED, Idempotency_Key=key()).json()
    path = f"/webhooks/{new['id']}"

    tried = ours.post(f"{path}/ping", Idempotency_Key=key()).json()
    turned = ours.post(f"{path}/rotate-secret", Idempotency_Key=key()).json()
    off = ours.client.patch(
        f"/api/v1{path}", '{"is_on": false}', content_type="application/json", headers=ours._headers({})
    ).json()
    (listed,) = ours.get("/webhooks").json()["endpoints"]
    (sent,) = ours.get(f"{path}/deliveries").json()["deliveries"]

    assert tried["event"]["type"] == "webhook.ping"
    assert turned["secret"] != new["secret"]
    assert turned["previous_secret_until"]
    assert (off["is_on"], listed["is_on"]) == (False, False)
    assert "secret" not in listed
    assert (sent["id"], sent["state"]) == (tried["id"], "dropped")


def test_parked_event_is_asked_for_again(machine: Machines) -> None:
    ours = machine()
    new = ours.post("/webhooks", ASKED, Idempotency_Key=key()).json()
    happened()
    models.Delivery.objects.update(state="parked", attempts=9)
    (parked,) = ours.get(f"/webhooks/{new['id']}/deliveries?state=parked").json()["deliveries"]

    first = ours.post(f"/deliveries/{parked['id']}/redeliver", Idempotency_Key=key())
    again = ours.post(f"/deliveries/{parked['id']}/redeliver", Idempotency_Key=key())

    assert (first.status_code, first.json()["state"]) == (200, "waiting")
    assert (again.status_code, again.json()["type"]) == (409, "urn:yincai:problem:conflict")


def test_other_partners_things_do_not_exist(machine: Machines, person: Callable[[str], Any]) -> None:
    new = machine().post("/webhooks", ASKED, Idempotency_Key=key()).json()
    happened()
    delivery = models.Delivery.objects.get().id
    chief = administrator(person("administrator"))
    theirs = Machine(made(chief, registered(chief, name="另一个系统").id).secret, Client())

    answers = [
        theirs.get(f"/webhooks/{new['id']}/deliveries"),
        theirs.post(f"/webhooks/{new['id']}/ping", Idempotency_Key=key()),
        theirs.post(f"/webhooks/{new['id']}/rotate-secret", Idempotency_Key=key()),
        theirs.post(f"/deliveries/{delivery}/redeliver", Idempotency_Key=key()),
    ]

    assert [one.status_code for one in answers] == [404] * 4
    assert theirs.get("/webhooks").json() == {"endpoints": []}
