"""Handing over: nothing personal in the address, opened once, shown as coming from whom, changeable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client

from tests.answers import SECTIONS
from tests.api.conftest import Machine
from tests.cases import PLACE, PROGRAMME
from yincai.casework import actions as casework
from yincai.casework import queries as cases
from yincai.foundation import clock
from yincai.ledger import queries as ledger
from yincai.ledger.deliveries import deliver
from yincai.ledger.vocabulary import Actor
from yincai.partners import actions, models
from yincai.partners.vocabulary import HANDOVER_GOOD_FOR, VALUES_KEPT_FOR, LedgerEvent, PartnerView

Machines = Callable[..., Machine]
BrowserOf = Callable[[str], Client]
KNOWN = {"name_en": "LI Xiaoming", "origin": "中国 河北石家庄", "residence": "样例路 1 号 2 单元 3 室"}
FROM = "由「高校就业系统」提供，请核对，可以修改。"


def asked(**more: Any) -> dict[str, Any]:
    """A hand-over with what is known, agreed to."""
    consent = {"given_at": (clock.now() - timedelta(minutes=5)).isoformat(), "evidence": "TY-2026-0001"}
    return {"programme": PROGRAMME, "variant": "A", "values": KNOWN, "consent": consent, **more}


def handed(ours: Machine, **more: Any) -> Any:
    """The answer to it."""
    return ours.post("/handovers", asked(**more), Idempotency_Key=f"handover-{uuid4().hex}")


def path_of(answer: Any) -> str:
    """The path of the address that it gave."""
    assert answer.status_code == 200, answer.content
    return urlsplit(answer.json()["address"]).path


def drafted(browser: Client) -> UUID:
    """Choose the programme, as its page does; the draft that was opened."""
    form = {"programme": f"{PLACE}/{PROGRAMME}/A", "_key": str(uuid4())}
    answer = browser.post("/my/apply/", form)
    assert answer.status_code == 302
    return UUID(answer["Location"].split("/")[3])


def test_address_holds_nothing_of_the_person_and_rests_as_a_digest(machine: Machines) -> None:
    answer = handed(machine())

    address = answer.json()["address"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT partners_handover::text FROM partners_handover")
        (kept,) = cursor.fetchone()
    token = address.rstrip("/").rsplit("/", 1)[1]
    assert address.startswith("http://127.0.0.1:8000/place/shijiazhuang/channels/handover/")
    for text in (*KNOWN.values(), token, "TY-2026-0001"):
        assert text not in kept
    assert not any(text in address for text in KNOWN.values())


def test_resident_opens_it_once_and_finds_the_form_filled(machine: Machines, browser: BrowserOf) -> None:
    path = path_of(handed(machine(), district="130102"))
    resident, stranger = browser("applicant"), browser("stranger")

    looked = resident.get(path).content.decode()
    opened = resident.post(path)
    again = stranger.post(path)
    chosen = resident.get("/my/apply/").content.decode()
    case = drafted(resident)
    form = resident.get(f"/my/cases/{case}/form/person/").content.decode()

    assert "您从「高校就业系统」进入" in looked
    assert "姓名（英文）" in looked
    assert "LI Xiaoming" not in looked
    assert opened["Location"].startswith("/my/apply/")
    assert again.status_code == 404
    assert "已经打开过" in again.content.decode()
    assert "您从「高校就业系统」进入，已选择办理区域：长安区。" in chosen
    assert "「高校就业系统」提供的 3 项内容会填进申请表" in chosen
    assert 'value="LI Xiaoming"' in form
    assert form.count(FROM) == 3


def test_looking_does_not_spend_it(machine: Machines, client: Client) -> None:
    path = path_of(handed(machine()))

    assert [client.get(path).status_code for _ in range(3)] == [200] * 3
    assert client.post(path).status_code == 302
    assert client.get(path).status_code == 404


def test_what_the_resident_wrote_stays_theirs(
    machine: Machines, browser: BrowserOf, actor: Callable[[str], Actor]
) -> None:
    path = path_of(handed(machine()))
    resident = browser("applicant")
    resident.post(path)
    case = drafted(resident)
    posted = SECTIONS["person"] | {"name_en": ["Somebody Else"]}

    casework.save_section(case, actor=actor("applicant"), section="person", posted=posted, seen_revision=0)
    form = resident.get(f"/my/cases/{case}/form/person/").content.decode()

    assert 'value="Somebody Else"' in form
    assert FROM not in form


def test_stranger_with_the_same_programme_gets_nothing(machine: Machines, browser: BrowserOf) -> None:
    path = path_of(handed(machine()))
    browser("applicant").post(path)

    case = drafted(browser("stranger"))

    form = browser("stranger").get(f"/my/cases/{case}/form/person/").content.decode()
    assert "LI Xiaoming" not in form
    assert FROM not in form


def test_it_is_over_after_half_an_hour_and_unopened_values_are_forgotten(
    machine: Machines, client: Client
) -> None:
    path = path_of(handed(machine()))

    with clock.frozen(clock.now() + HANDOVER_GOOD_FOR):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
        assert actions.forget_old_handovers() == 1

    assert models.Handover.objects.get().values is None


def test_values_wait_a_day_for_a_draft(machine: Machines, client: Client) -> None:
    client.post(path_of(handed(machine())))

    assert actions.forget_old_handovers() == 0
    with clock.frozen(clock.now() + VALUES_KEPT_FOR + timedelta(minutes=1)):
        assert actions.forget_old_handovers() == 1


def test_values_are_forgotten_when_the_case_is_handed_in(machine: Machines, submitted: Any) -> None:
    handed(machine())
    models.Handover.objects.update(case=submitted.id, opened_at=clock.now())
    (frozen,) = [one for one in ledger.changes(submitted.id) if one.event == "round.frozen"]

    deliver(frozen.id, "partners.forget_values", attempt=0)

    assert models.Handover.objects.get().values is None


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"programme": "nothing"}, "/programme"),
        ({"place": "harbour_city"}, "/programme"),
        ({"variant": "Z"}, "/variant"),
        ({"district": "999999"}, "/district"),
        ({"values": {"nothing": "x"}}, "/values/nothing"),
        ({"values": {"photo": "x"}}, "/values/photo"),
        ({"values": {"sex": "9"}}, "/values/sex"),
        ({"values": {"birth_date": "2999-01-01"}}, "/values/birth_date"),
        ({"values": {"identity.type": "111", "identity.number": "123"}}, "/values/identity"),
        ({"consent": None}, "/consent"),
        ({"consent": {"given_at": "2999-01-01T00:00:00Z", "evidence": "x"}}, "/consent"),
        ({"consent": {"given_at": "2026-01-01T00:00:00", "evidence": "x"}}, "/consent/given_at"),
        ({"values": {"name_en": "x" * 2001}}, "/values/name_en"),
    ],
)
def test_what_the_form_would_not_take_is_named(
    wrong: dict[str, Any], pointer: str, machine: Machines
) -> None:
    answer = handed(machine(), **wrong)

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]][0].startswith(pointer)
    assert models.Handover.objects.count() == 0


def test_nothing_personal_needs_no_consent(machine: Machines) -> None:
    answer = handed(machine(), values={"employer_address": "样例大道 8 号"}, consent=None)

    assert answer.status_code == 200
    assert not models.Handover.objects.get().is_personal


def test_every_handover_and_opening_is_on_record(
    machine: Machines, partner: PartnerView, client: Client
) -> None:
    client.post(path_of(handed(machine())))

    told = [one for one in ledger.changes(partner.id) if one.event.startswith("handover.")]
    assert [one.event for one in told] == [LedgerEvent.HANDED_OVER, LedgerEvent.OPENED]
    assert told[0].payload["fields"] == sorted(KNOWN)
    assert not any(text in str(told[0].payload) for text in KNOWN.values())


def test_forged_note_of_a_browser_brings_nothing(machine: Machines, browser: BrowserOf) -> None:
    handed(machine())
    models.Handover.objects.update(opened_at=clock.now())
    resident = browser("applicant")
    resident.cookies["handover"] = f"{models.Handover.objects.get().id}:1:forged"

    case = drafted(resident)

    assert models.Handover.objects.get().case_id is None
    assert cases.contents(Actor("applicant", cases.case_of_system(case).account_id), case) == {}
