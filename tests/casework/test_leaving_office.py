"""Who leaves an office leaves its cases: transfers and ended appointments take effect on the next request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cases import PLACE
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.models import Case
from yincai.casework.tasks import return_after_last_day, return_cases
from yincai.casework.vocabulary import CaseView
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, SomeoneWasFirst
from yincai.ledger.queries import changes
from yincai.ledger.vocabulary import SYSTEM, Actor, EntryView
from yincai.people import actions as people
from yincai.people.models import StaffAppointment
from yincai.people.vocabulary import OwnAccount

ActorOf = Callable[[str], Actor]
Person = Callable[[str], Any]
BrowserOf = Callable[[str], Client]


def appointment(account: Any) -> StaffAppointment:
    return StaffAppointment.in_force().get(account=account)


def last_event(account: Any) -> EntryView:
    return changes(account.pk)[-1]


def test_transfer_takes_effect_on_the_next_request_without_signing_out(
    submitted: CaseView, person: Person, browser: BrowserOf, actor: ActorOf
) -> None:
    officer = person("window_officer")
    claim, case = (reverse(f"desk:{name}", args=[submitted.id]) for name in ("claim", "case"))
    signed_in, administrator = browser("window_officer"), browser("administrator")
    assert signed_in.get(case).status_code == 200
    address = reverse("desk:admin-transfer", args=[officer.pk, appointment(officer).pk])

    told = administrator.post(
        address, {"place": PLACE, "office": "organisation", "role": "approver"}, follow=True
    )

    assert "已调动到" in told.content.decode()
    assert signed_in.post(claim).status_code == 404
    assert signed_in.get(reverse("desk:queue")).status_code == 200
    entry = last_event(officer)
    assert (entry.event, entry.office, entry.payload["from_role"], entry.payload["role"]) == (
        "staff.transferred",
        "organisation",
        "window_officer",
        "approver",
    )
    assert entry.actor.id == actor("administrator").id


@pytest.mark.parametrize("how", ["transferred", "ended"])
def test_cases_in_hand_go_back_to_the_queue(
    submitted: CaseView, person: Person, actor: ActorOf, how: str
) -> None:
    officer = person("window_officer")
    actions.assign_case(submitted.id, actor=actor("lead_officer"), to=officer.pk, reason="请办。")
    actions.claim_case(submitted.id, actor=actor("window_officer"))

    held = appointment(officer)
    if how == "ended":
        people.end_appointment(held, actor=SYSTEM)
    else:
        people.transfer_staff(held, actor=SYSTEM, office="organisation", role="approver")
    for _ in range(2):
        return_cases(last_event(officer))

    claimed = actions.claim_case(submitted.id, actor=actor("colleague"))
    events = [one.event for one in changes(submitted.id)]
    assert claimed.claimed_by_id == actor("colleague").id
    assert (events.count("claim.released"), events.count("case.assigned")) == (1, 2)


def test_who_still_works_on_a_case_keeps_it(submitted: CaseView, person: Person, actor: ActorOf) -> None:
    officer = person("window_officer")
    people.appoint_staff(officer, actor=SYSTEM, place=PLACE, office="organisation", role="approver")
    actions.claim_case(submitted.id, actor=actor("window_officer"))
    beside = StaffAppointment.in_force().get(account=officer, role="approver")

    people.end_appointment(beside, actor=SYSTEM)
    return_cases(last_event(officer))

    assert cases.case_for(actor("colleague"), submitted.id).claimed_by_id == officer.pk


def test_transfer_to_the_same_of_oneself_and_of_what_ended_is_refused(person: Person, actor: ActorOf) -> None:
    officer = person("window_officer")
    held = appointment(officer)

    with pytest.raises(Invalid) as same:
        people.transfer_staff(held, actor=SYSTEM, office=held.office, role=held.role)
    mine, me = (
        appointment(person("administrator")),
        Actor("staff", actor("administrator").id, "administrator"),
    )
    with pytest.raises(OwnAccount):
        people.transfer_staff(mine, actor=me, office="hall", role="auditor")
    with pytest.raises(NotAllowed):
        people.transfer_staff(held, actor=actor("lead_officer"), office="hall", role="auditor")
    people.end_appointment(held, actor=SYSTEM)
    with pytest.raises(SomeoneWasFirst):
        people.transfer_staff(held, actor=SYSTEM, office="hall", role="issuer")

    assert [one.path for one in same.value.problems] == ["role"]
    assert not StaffAppointment.in_force().filter(account=officer).exists()


def test_last_day_of_an_appointment_gives_its_cases_back(
    submitted: CaseView, person: Person, actor: ActorOf
) -> None:
    officer = person("window_officer")
    actions.assign_case(submitted.id, actor=actor("lead_officer"), to=officer.pk, reason="请办。")
    StaffAppointment.objects.filter(account=officer).update(until=clock.now() + timedelta(minutes=5))

    return_after_last_day(0)
    assert Case.objects.get(pk=submitted.id).assigned_to_id == officer.pk
    with clock.frozen(clock.now() + timedelta(days=1)):
        return_after_last_day(0)

    assert Case.objects.get(pk=submitted.id).assigned_to_id is None
