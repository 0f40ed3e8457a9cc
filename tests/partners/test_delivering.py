"""Pushing over real HTTP: signed, tried again, parked, pressed once more; a dead receiver holds up nobody."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from tests.cases import PLACE
from tests.partners.conftest import Receiver, listening
from tests.partners.keys import registered
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, SomeoneWasFirst
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor
from yincai.ops.worker import run_worker
from yincai.partners import actions, models, queries
from yincai.partners.events import note_event
from yincai.partners.sending import GIVE_UP_AFTER, Again, attempt
from yincai.partners.vocabulary import PAUSES, DeliveryState, Kind, LedgerEvent, NewEndpoint, PartnerView


def happened(reference: str = "2026001") -> None:
    """A case of the place moved."""
    with transaction.atomic():
        data = {"reference": reference, "state": "accepted"}
        note_event(Kind.CASE_MOVED, place=PLACE, office="", at=clock.now(), data=data)


def only(endpoint: NewEndpoint) -> UUID:
    """The one delivery to this endpoint."""
    (found,), _ = queries.deliveries_of(endpoint.endpoint.id)
    return found.id


def state(delivery: UUID) -> DeliveryState:
    """How it stands."""
    return DeliveryState(models.Delivery.objects.get(pk=delivery).state)


def test_event_arrives_signed(endpoint: NewEndpoint, receiver: Receiver) -> None:
    happened("2026777")

    attempt(only(endpoint))

    came = receiver.received()[0]
    body = json.loads(came["body"])
    event = models.Event.objects.get()
    assert came["verdict"] == "genuine"
    assert came["id"] == f"evt_{event.id}"
    assert (body["type"], body["cursor"]) == ("case.state_changed", event.cursor)
    assert body["data"] == {"reference": "2026777", "state": "accepted"}
    assert state(only(endpoint)) is DeliveryState.DELIVERED


def test_receiver_with_another_secret_refuses_and_it_is_tried_again(
    endpoint: NewEndpoint, receiver: Receiver
) -> None:
    receiver.knows("whsec_c29tZXRoaW5nIGVsc2U=")
    happened()

    with pytest.raises(Again):
        attempt(only(endpoint))

    assert receiver.received()[0]["verdict"] == "forged"
    assert models.Delivery.objects.get().status == 401


@pytest.mark.parametrize("known", ["old", "new"])
def test_during_a_rotation_both_secrets_are_good(
    known: str, endpoint: NewEndpoint, receiver: Receiver, partner: PartnerView, chief: Actor
) -> None:
    newer = actions.rotate_secret(endpoint.endpoint.id, partner=partner, actor=chief)
    receiver.knows(endpoint.secret if known == "old" else newer.secret)
    happened()

    attempt(only(endpoint))

    assert receiver.received()[0]["verdict"] == "genuine"


def test_after_a_day_the_old_secret_is_over(
    endpoint: NewEndpoint, receiver: Receiver, partner: PartnerView, chief: Actor
) -> None:
    turned = actions.rotate_secret(endpoint.endpoint.id, partner=partner, actor=chief)
    assert turned.endpoint.previous_until == pytest.approx(
        clock.now() + timedelta(days=1), abs=timedelta(minutes=5)
    )
    models.Endpoint.objects.update(previous_until=clock.now())
    happened()

    with pytest.raises(Again):
        attempt(only(endpoint))

    assert receiver.received()[0]["verdict"] == "forged"


@pytest.mark.parametrize(("mode", "status"), [("off", 503), ("error", 500)])
def test_every_attempt_waits_longer_and_the_last_one_parks(
    mode: str, status: int, endpoint: NewEndpoint, receiver: Receiver
) -> None:
    receiver.fails(mode)
    happened()
    delivery, moment, waited = only(endpoint), clock.now(), []

    for _ in PAUSES:
        with clock.frozen(moment), pytest.raises(Again) as again:
            attempt(delivery)
        waited.append(again.value.seconds)
        moment += timedelta(seconds=max(again.value.seconds, 700))
    with clock.frozen(moment):
        attempt(delivery)

    row = models.Delivery.objects.get()
    assert waited == list(PAUSES)
    assert (row.state, row.attempts, row.status) == ("parked", len(PAUSES) + 1, status)
    assert row.reason == f"回答了 {status}"


def test_receiver_that_says_gone_is_switched_off(endpoint: NewEndpoint, receiver: Receiver) -> None:
    receiver.fails("error", status=410)
    happened()

    attempt(only(endpoint))

    assert state(only(endpoint)) is DeliveryState.PARKED
    assert not models.Endpoint.objects.get().is_on


def test_broken_connection_and_dead_port_are_tried_again(
    endpoint: NewEndpoint, receiver: Receiver, partner: PartnerView, chief: Actor
) -> None:
    dead = listening(partner, chief, "http://127.0.0.1:9/")
    happened()

    with pytest.raises(Again):
        attempt(only(dead))

    assert models.Delivery.objects.get(pk=only(dead)).reason == "连接不上，或连接中断"


def test_slow_receiver_is_left_after_the_limit(
    endpoint: NewEndpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yincai.partners.calling.SECONDS", 0.5)
    receiver.fails("slow", milliseconds=20_000)
    happened()

    with pytest.raises(Again):
        attempt(only(endpoint))

    assert "秒内没有回答" in models.Delivery.objects.get().reason


def test_endpoint_that_failed_rests_and_its_other_events_are_not_tried(
    endpoint: NewEndpoint, receiver: Receiver
) -> None:
    receiver.fails("off")
    happened("1")
    happened("2")
    newer, older = queries.deliveries_of(endpoint.endpoint.id)[0]
    with pytest.raises(Again):
        attempt(older.id)
    calls = len(receiver.received())

    with pytest.raises(Again):
        attempt(newer.id)

    assert len(receiver.received()) == calls
    assert models.Delivery.objects.get(pk=newer.id).attempts == 0


def test_event_that_waited_three_days_is_parked(endpoint: NewEndpoint, receiver: Receiver) -> None:
    happened()

    with clock.frozen(clock.now() + GIVE_UP_AFTER + timedelta(minutes=1)):
        attempt(only(endpoint))

    assert state(only(endpoint)) is DeliveryState.PARKED
    assert receiver.received() == [] or receiver.received()[0]["id"] != f"evt_{models.Event.objects.get().id}"


def test_parked_event_is_pressed_once_more(
    endpoint: NewEndpoint, receiver: Receiver, partner: PartnerView, chief: Actor
) -> None:
    happened()
    models.Delivery.objects.update(state="parked", attempts=9)
    delivery = only(endpoint)

    actions.redeliver(delivery, partner=partner, actor=chief)
    with pytest.raises(SomeoneWasFirst):
        actions.redeliver(delivery, partner=partner, actor=chief)
    attempt(delivery)

    assert state(delivery) is DeliveryState.DELIVERED
    told = [one.event for one in ledger.changes(partner.id)]
    assert told.count(LedgerEvent.REDELIVERED) == 1


def test_switched_off_endpoint_gets_nothing(
    endpoint: NewEndpoint, receiver: Receiver, partner: PartnerView, chief: Actor
) -> None:
    happened("before")
    before = only(endpoint)
    actions.disable_endpoint(endpoint.endpoint.id, partner=partner, actor=chief)
    happened("while off")
    attempt(before)

    assert state(before) is DeliveryState.DROPPED
    assert len(queries.deliveries_of(endpoint.endpoint.id)[0]) == 1
    with pytest.raises(Invalid):
        actions.redeliver(before, partner=partner, actor=chief)

    actions.enable_endpoint(endpoint.endpoint.id, partner=partner, actor=chief)
    happened("after")
    assert len(queries.deliveries_of(endpoint.endpoint.id)[0]) == 2


def test_stranger_reaches_nobody_elses_endpoint(
    endpoint: NewEndpoint, partner: PartnerView, chief: Actor
) -> None:
    other = registered(chief, name="另一个系统")
    happened()

    for actor in (other.actor, chief):
        with pytest.raises(NotFound):
            actions.rotate_secret(endpoint.endpoint.id, partner=other, actor=actor)
        with pytest.raises(NotFound):
            actions.redeliver(only(endpoint), partner=other, actor=actor)
    with pytest.raises(NotAllowed):
        actions.rotate_secret(endpoint.endpoint.id, partner=partner, actor=other.actor)
    with pytest.raises(NotAllowed):
        listening(partner, Actor("staff", uuid4(), "administrator"), endpoint.endpoint.address)


def test_secrets_rest_sealed(endpoint: NewEndpoint) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT partners_endpoint::text FROM partners_endpoint")
        (kept,) = cursor.fetchone()

    assert endpoint.secret not in kept
    assert endpoint.secret.removeprefix("whsec_") not in kept


@pytest.mark.django_db(transaction=True)
def test_worker_pushes_and_a_dead_receiver_holds_up_nobody(
    endpoint: NewEndpoint, receiver: Receiver, partner: PartnerView, chief: Actor
) -> None:
    dead = listening(partner, chief, "http://127.0.0.1:9/")
    for number in range(5):
        happened(str(number))

    run_worker(["webhooks"], until_idle=True)

    good, _ = queries.deliveries_of(endpoint.endpoint.id)
    bad, _ = queries.deliveries_of(dead.endpoint.id)
    assert [one.state for one in good] == [DeliveryState.DELIVERED] * 5
    assert [one.state for one in bad] == [DeliveryState.WAITING] * 5
    assert sum(one.attempts for one in bad) == 1
