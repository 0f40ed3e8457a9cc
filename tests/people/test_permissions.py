"""Persona × page: who passes the staff door, and what the others are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import personas
from yincai.foundation.errors import NotAllowed, SomeoneWasFirst
from yincai.ledger.queries import history
from yincai.ledger.vocabulary import ANONYMOUS, SYSTEM, Actor
from yincai.people import actions, queries

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.people.urls")]
Cast = Callable[[str], Any]
Browser = Callable[[str], Client]


@pytest.mark.parametrize("name", personas.STAFF)
def test_desk_opens_for_staff_in_their_role(name: str, browser_of: Browser) -> None:
    response = browser_of(name).get("/desk/")

    assert (response.status_code, response.content.decode()) == (200, personas.CAST[name].role)


@pytest.mark.parametrize("name", personas.RESIDENTS)
def test_desk_does_not_exist_for_residents(name: str, browser_of: Browser) -> None:
    assert browser_of(name).get("/desk/").status_code == 404


@pytest.mark.parametrize("name", [name for name in personas.STAFF if name != "approver"])
def test_page_of_another_role_is_refused(name: str, browser_of: Browser) -> None:
    assert browser_of(name).get("/desk/approvals/").status_code == 403


def test_desk_sends_a_stranger_to_sign_in_and_back(client: Client) -> None:
    response = client.get("/desk/?page=2")

    assert response["Location"] == "/account/login/?next=/desk/%3Fpage%3D2"


@pytest.mark.parametrize("path", ["/desk/", "/desk/approvals/", "/desk/forgotten/"])
@pytest.mark.parametrize("name", personas.STAFF)
def test_desk_without_second_factor_sends_staff_to_enrol(name: str, path: str, cast: Cast) -> None:
    browser = personas.sign_in(cast(name), second_factor=False)

    assert browser.get(path)["Location"].startswith("/account/second-factor/enrol/?next=%2Fdesk%2F")


@pytest.mark.parametrize("name", personas.RESIDENTS)
def test_page_whose_view_forgot_to_ask_does_not_exist_for_residents(name: str, browser_of: Browser) -> None:
    assert browser_of(name).get("/desk/forgotten/").status_code == 404


def test_appointments_are_read_once_a_request(
    browser_of: Browser, django_assert_num_queries: Callable[..., Any]
) -> None:
    browser = browser_of("reviewer")
    browser.get("/desk/")

    with django_assert_num_queries(3):  # session, account, appointments
        browser.get("/desk/")


def test_desk_with_enrolled_but_not_shown_factor_sends_staff_to_show_it(cast: Cast) -> None:
    actions.enrol_totp(cast("reviewer"))
    browser = personas.sign_in(cast("reviewer"), second_factor=False)

    assert browser.get("/desk/")["Location"] == "/account/second-factor/confirm/?next=%2Fdesk%2F"


def test_second_factor_of_another_account_in_the_session_does_not_count(cast: Cast) -> None:
    browser = personas.sign_in(cast("reviewer"), second_factor=True)
    session = browser.session
    session["account_authentication_methods_user"] = str(cast("approver").pk)
    session.save()

    assert browser.get("/desk/").status_code == 302


def test_ended_appointment_is_refused_at_the_next_request(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of("reviewer")
    assert browser.get("/desk/").status_code == 200

    actions.end_appointment(queries.appointments(cast("reviewer"))[0].id, actor=SYSTEM)

    assert browser.get("/desk/")["Location"] == "/account/login/?next=/desk/"  # the session ended with it
    assert personas.sign_in(cast("reviewer"), second_factor=True).get("/desk/").status_code == 302
    assert not queries.staff_roles(cast("reviewer"))


@pytest.mark.parametrize("name", [name for name in personas.CAST if name != "administrator"])
def test_only_an_administrator_appoints(name: str, cast: Cast) -> None:
    actor = queries.actor_of(cast(name))

    with pytest.raises(NotAllowed):
        actions.appoint_staff(
            cast("stranger"), actor=actor, place=personas.PLACE, office="window", role="issuer"
        )

    assert queries.staff_roles(cast("stranger")) == frozenset()
    assert [entry.event for entry in history(cast("stranger").pk)] == ["account.registered"]


def test_administrator_appoints_and_it_is_recorded(cast: Cast) -> None:
    administrator = queries.actor_of(cast("administrator"))

    actions.appoint_staff(
        cast("stranger"),
        actor=administrator,
        place=personas.PLACE,
        office="window",
        role="issuer",
        name="温如玉",
    )

    assert queries.staff_roles(cast("stranger"), place=personas.PLACE) == {"issuer"}
    assert queries.staff_roles(cast("stranger"), place="elsewhere") == frozenset()
    last = history(cast("stranger").pk)[-1]
    assert (last.event, last.actor, last.payload["role"]) == ("staff.appointed", administrator, "issuer")


def test_administrator_does_not_appoint_themselves(cast: Cast) -> None:
    administrator = cast("administrator")

    with pytest.raises(NotAllowed):
        actions.appoint_staff(
            administrator,
            actor=queries.actor_of(administrator),
            place=personas.PLACE,
            office="window",
            role="approver",
        )

    assert queries.staff_roles(administrator) == {"administrator"}


def test_appointing_twice_changes_and_records_nothing(cast: Cast) -> None:
    again = actions.appoint_staff(
        cast("reviewer"), actor=SYSTEM, place=personas.PLACE, office="organisation", role="reviewer"
    )

    assert [held.id for held in queries.appointments(cast("reviewer"))] == [again.pk]
    assert len(history(cast("reviewer").pk)) == 4  # registered, named, appointed, document noted


def test_ending_an_appointment_twice_is_told(cast: Cast) -> None:
    appointment = queries.appointments(cast("reviewer"))[0].id
    actions.end_appointment(appointment, actor=SYSTEM)

    with pytest.raises(SomeoneWasFirst):
        actions.end_appointment(appointment, actor=SYSTEM)


def test_actor_of_a_resident_staff_and_nobody(cast: Cast) -> None:
    from django.contrib.auth.models import AnonymousUser

    applicant, reviewer = cast("applicant"), cast("reviewer")

    assert queries.actor_of(applicant) == Actor("applicant", applicant.pk, "applicant")
    assert queries.actor_of(reviewer) == Actor("staff", reviewer.pk, "reviewer")
    assert queries.actor_of(reviewer, place="elsewhere") == Actor("applicant", reviewer.pk, "applicant")
    assert queries.applicant_of(reviewer) == Actor("applicant", reviewer.pk, "applicant")
    assert queries.actor_of(AnonymousUser()) == ANONYMOUS


def test_actor_with_two_roles_has_none_unless_asked(cast: Cast) -> None:
    reviewer = cast("reviewer")
    actions.appoint_staff(reviewer, actor=SYSTEM, place=personas.PLACE, office="window", role="issuer")

    assert queries.actor_of(reviewer).role == ""
    assert queries.actor_of(reviewer, role="issuer").role == "issuer"
    assert queries.actor_of(reviewer, role="approver").role == ""
