"""事件推送 at the desk: a secret shown once, what became of events, one press to send again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import personas
from tests.cases import PLACE
from tests.partners.conftest import listening
from tests.partners.keys import administrator, registered
from yincai.foundation import clock
from yincai.ledger.vocabulary import Actor
from yincai.partners import models, queries
from yincai.partners.events import note_event
from yincai.partners.vocabulary import PAGE, Kind, NewEndpoint, PartnerView

BrowserOf = Callable[[str], Client]
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


@pytest.fixture
def chief(person: Callable[[str], Any]) -> Actor:
    """The administrator."""
    return administrator(person("administrator"))


@pytest.fixture
def partner(chief: Actor) -> PartnerView:
    """A registered system."""
    return registered(chief)


@pytest.fixture
def endpoint(partner: PartnerView, chief: Actor) -> NewEndpoint:
    """Its endpoint."""
    return listening(partner, chief, "https://example.org/events")


def at(name: str, endpoint: NewEndpoint, *more: Any) -> str:
    """An address about this endpoint."""
    return reverse(f"desk:admin-{name}", args=[endpoint.endpoint.partner, endpoint.endpoint.id, *more])


def happened(times: int = 1) -> None:
    """Events of the place."""
    with transaction.atomic():
        for number in range(times):
            data = {"reference": f"2026{number:04}"}
            note_event(Kind.CASE_MOVED, place=PLACE, office="", at=clock.now(), data=data)


@pytest.mark.parametrize("name", [name for name in personas.CAST if name != "administrator"])
def test_webhooks_do_not_exist_for_others(name: str, browser: BrowserOf, endpoint: NewEndpoint) -> None:
    happened()
    (delivery,), _ = queries.deliveries_of(endpoint.endpoint.id)

    assert browser(name).get(at("webhook", endpoint)).status_code == 404
    for address in ("rotate-webhook", "switch-webhook", "ping-webhook"):
        assert browser(name).post(at(address, endpoint)).status_code == 404
    assert browser(name).post(at("redeliver", endpoint, delivery.id)).status_code == 404
    assert models.Endpoint.objects.get().previous_secret is None


def test_address_is_added_and_its_secret_shown_once(browser: BrowserOf, partner: PartnerView) -> None:
    chief = browser("administrator")
    add = reverse("desk:admin-add-webhook", args=[partner.id])
    form = {"address": "https://example.org/e", "kinds": ["card.issued"], "_key": str(uuid4())}

    shown = chief.post(add, form).content.decode()
    again = chief.post(add, form)
    later = chief.get(reverse("desk:admin-partner", args=[partner.id])).content.decode()

    assert len(SECRET.findall(shown)) == 1
    assert again.status_code == 409
    assert SECRET.findall(later) == []
    assert "https://example.org/e" in later


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"address": "http://example.org/"}, "请填写完整的 https 地址"),
        ({"address": "https://10.0.0.1/"}, "在内部网络或本机"),
        ({"kinds": []}, "请至少选择一种事件。"),
    ],
)
def test_wrong_address_is_said_beside_its_field(
    wrong: dict[str, Any], sentence: str, browser: BrowserOf, partner: PartnerView
) -> None:
    form = {"address": "https://example.org/e", "kinds": ["card.issued"], "_key": str(uuid4())} | wrong

    answer = browser("administrator").post(reverse("desk:admin-add-webhook", args=[partner.id]), form)

    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert queries.endpoints_of(partner.id) == []


def test_parked_event_is_shown_and_pressed_once_more(browser: BrowserOf, endpoint: NewEndpoint) -> None:
    happened()
    models.Delivery.objects.update(state="parked", attempts=9, status=500, reason="回答了 500")
    chief = browser("administrator")
    (delivery,), _ = queries.deliveries_of(endpoint.endpoint.id)

    shown = chief.get(at("webhook", endpoint) + "?state=parked").content.decode()
    pressed = chief.post(at("redeliver", endpoint, delivery.id), follow=True).content.decode()
    again = chief.post(at("redeliver", endpoint, delivery.id), follow=True).content.decode()

    assert "试过 9 次：回答了 500" in shown
    assert "已安排重新推送" in pressed
    assert "没有重复安排" in again
    assert [one.state.value for one in queries.deliveries_of(endpoint.endpoint.id)[0]] == ["waiting"]


def test_rotation_switch_and_test_event(browser: BrowserOf, endpoint: NewEndpoint) -> None:
    chief = browser("administrator")

    rotated = chief.post(at("rotate-webhook", endpoint)).content.decode()
    off = chief.post(at("switch-webhook", endpoint), {"on": "no"}, follow=True).content.decode()
    refused = chief.post(at("ping-webhook", endpoint), follow=True).content.decode()
    on = chief.post(at("switch-webhook", endpoint), {"on": "yes"}, follow=True).content.decode()
    tried = chief.post(at("ping-webhook", endpoint), follow=True).content.decode()

    assert SECRET.findall(rotated) != [endpoint.secret]
    assert "旧密钥在" in rotated
    assert "已停用，不再向这个地址推送" in off
    assert "这个推送地址已停用，没有推送" in refused
    assert "已恢复" in on
    assert "测试推送" in tried


def test_pages_leave_nothing_out_and_cost_the_same(browser: BrowserOf, endpoint: NewEndpoint) -> None:
    chief = browser("administrator")
    happened()
    chief.get(at("webhook", endpoint))
    with CaptureQueriesContext(
        connection,
    ) as few:
        chief.get(at("webhook", endpoint))
    happened(PAGE + 5)

    with CaptureQueriesContext(connection) as many:
        first = chief.get(at("webhook", endpoint)).content.decode()
    way = re.search(r"before=(\d+)", first)
    assert way
    second = chief.get(f"{at('webhook', endpoint)}?before={way[1]}").content.decode()

    assert len(many) == len(few)
    seen = re.findall(r"第 (\d+) 号事件</p>", first) + re.findall(r"第 (\d+) 号事件</p>", second)
    assert seen == [
        str(one) for one in models.Event.objects.order_by("-cursor").values_list("cursor", flat=True)
    ]
