"""系统对接: who sees it, a key shown once and never again, revoked at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests import personas
from tests.cases import PLACE
from tests.partners.keys import administrator, made, registered
from yincai.partners import queries
from yincai.partners.vocabulary import Scope

BrowserOf = Callable[[str], Client]
LIST = "/desk/admin/partners/"
SECRET = re.compile(r"yk_[a-z2-7]{12}_[a-z2-7]{40}")


def asked(**more: Any) -> dict[str, Any]:
    """A form for a key."""
    return {"scopes": ["catalogue:read"], "per_minute": "120", "_key": str(uuid4()), **more}


@pytest.mark.parametrize("name", [name for name in personas.CAST if name != "administrator"])
def test_partners_do_not_exist_for_others(
    name: str, browser: BrowserOf, person: Callable[[str], Any]
) -> None:
    partner = registered(administrator(person("administrator")))
    one = reverse("desk:admin-partner", args=[partner.id])
    make = reverse("desk:admin-make-key", args=[partner.id])

    assert browser(name).get(LIST).status_code == 404
    assert browser(name).get(one).status_code == 404
    assert browser(name).post(make, asked()).status_code == 404
    assert queries.keys_of(partner.id) == []


def test_system_is_registered_once_a_form(browser: BrowserOf) -> None:
    chief = browser("administrator")
    posted = {"name": "高校就业系统", "office": "", "_key": str(uuid4())}

    first = chief.post(LIST, posted)
    again = chief.post(LIST, posted)

    assert (first.status_code, again.status_code) == (302, 302)
    assert [one.name for one in queries.partners_of(PLACE)[0]] == ["高校就业系统"]


def test_key_is_shown_once_and_opens(browser: BrowserOf, person: Callable[[str], Any]) -> None:
    chief = browser("administrator")
    partner = registered(administrator(person("administrator")))

    shown = chief.post(reverse("desk:admin-make-key", args=[partner.id]), asked()).content.decode()
    later = chief.get(reverse("desk:admin-partner", args=[partner.id])).content.decode()

    (secret,) = SECRET.findall(shown)
    assert queries.recognise(secret, address="192.0.2.1").scopes == {Scope.CATALOGUE}
    assert secret not in later
    assert secret[:15] in later


def test_form_sent_twice_makes_one_key(browser: BrowserOf, person: Callable[[str], Any]) -> None:
    chief = browser("administrator")
    partner = registered(administrator(person("administrator")))
    make, form = reverse("desk:admin-make-key", args=[partner.id]), asked()

    chief.post(make, form)
    again = chief.post(make, form)

    assert again.status_code == 409
    assert "只显示一次" in again.content.decode()
    assert len(queries.keys_of(partner.id)) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"scopes": []}, "请至少选择一项权限。"),
        ({"scopes": ["everything"]}, "请至少选择一项权限。"),
        ({"per_minute": "many"}, "每分钟次数请填整数"),
        ({"per_minute": "0"}, "每分钟次数请填 1 到 6000"),
        ({"until": "2020-01-01"}, "到期日须在今天之后"),
        ({"networks": "everywhere"}, "不是网络地址"),
    ],
)
def test_wrong_form_is_said_beside_its_field(
    wrong: dict[str, Any], sentence: str, browser: BrowserOf, person: Callable[[str], Any]
) -> None:
    partner = registered(administrator(person("administrator")))

    answer = browser("administrator").post(reverse("desk:admin-make-key", args=[partner.id]), asked(**wrong))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert queries.keys_of(partner.id) == []


def test_revoked_key_opens_nothing(browser: BrowserOf, person: Callable[[str], Any]) -> None:
    chief = administrator(person("administrator"))
    new = made(chief, registered(chief).id, Scope.CATALOGUE)
    headers = {"Authorization": f"Bearer {new.secret}"}
    assert Client().get("/api/v1/places", headers=headers).status_code == 200

    address = reverse("desk:admin-revoke-key", args=[new.key.partner.id, new.key.id])
    answer = browser("administrator").post(address, follow=True)

    assert "已撤销" in answer.content.decode()
    assert Client().get("/api/v1/places", headers=headers).status_code == 401
