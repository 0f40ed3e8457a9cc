"""A spouse uploads their own documents by a link that opens once, for them alone, and shows nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from tests.answers import picture
from tests.casework.inviting import (
    NAME,
    PHONE,
    ROW_SLOT,
    SLOT,
    code_of,
    draft_of,
    invite,
    opened,
    publish_with_spouse,
    upload,
)
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.models import Invitation, InvitedDocument
from yincai.documents.inspection import inspect_document
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound, SomeoneWasFirst
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor
from yincai.people.vocabulary import WrongPhoneCode

ActorOf = Callable[[str], Actor]


@pytest.fixture
def applicant(actor: ActorOf, tmp_path: Path) -> Actor:
    """Who invites; the programme asks for documents of a spouse."""
    publish_with_spouse(tmp_path)
    return actor("applicant")


@pytest.fixture
def case(applicant: Actor) -> UUID:
    """Their draft."""
    return draft_of(applicant)


def test_spouse_opens_uploads_and_ends(case: UUID, applicant: Actor) -> None:
    made, token = invite(case, applicant, slots=[SLOT, ROW_SLOT])
    before = actions.invited(token, browser="")
    assert (before.is_shown, before.slots) == (False, ())

    browser = opened(made, token)
    upload(token, browser)
    upload(token, browser, slot=ROW_SLOT)

    seen = actions.invited(token, browser=browser)
    assert [(slot.name, count) for slot, count in seen.slots] == [(SLOT, 1), (ROW_SLOT, 1)]
    assert {one.slot for one in cases.materials(case)} == {SLOT, ROW_SLOT}
    actions.finish_invitation(token, browser=browser)
    with pytest.raises(NotFound):
        actions.invited(token, browser=browser)
    with pytest.raises(NotFound):
        upload(token, browser)
    added = [one for one in ledger.history(case) if one.event == "material.added"]
    assert {(one.actor.kind, one.payload["on_behalf_of"]) for one in added} == {
        ("anonymous", str(applicant.id))
    }


def test_neither_link_nor_person_lies_in_clear(case: UUID, applicant: Actor) -> None:
    _, token = invite(case, applicant)

    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM casework_invitation t")
        row = str(cursor.fetchall())
    said = str([one.payload for one in ledger.history(case)])
    for secret in (token, NAME, PHONE):
        assert secret not in row
        assert secret not in said
    assert len(token) >= 22  # 128 bits


def test_applicant_sees_the_files_only_if_the_spouse_agreed(case: UUID, applicant: Actor) -> None:
    made, token = invite(case, applicant)
    browser = opened(made, token)
    upload(token, browser)
    (document,) = InvitedDocument.objects.values_list("document_id", flat=True)
    inspect_document(document)

    with pytest.raises(NotFound):
        cases.open_document(applicant, case, document)
    (seen,) = cases.invitations_of(case)
    assert (seen.uploads, seen.shares) == (1, False)
    upload(token, browser, shares=True)
    assert cases.open_document(applicant, case, document).id == document


def test_nothing_is_taken_without_consent(case: UUID, applicant: Actor) -> None:
    made, token = invite(case, applicant)
    browser = opened(made, token)

    with pytest.raises(Invalid):
        upload(token, browser, agrees=False)
    assert cases.materials(case) == []


def test_link_opens_with_the_code_of_that_phone_alone_and_once(case: UUID, applicant: Actor) -> None:
    made, token = invite(case, applicant)
    with pytest.raises(WrongPhoneCode):
        actions.open_invitation(token, code="000000")
    actions.ask_invited_code(token)
    wrong = f"{(int(code_of(made)) + 1) % 1_000_000:06}"
    with pytest.raises(WrongPhoneCode):
        actions.open_invitation(token, code=wrong)

    browser = actions.open_invitation(token, code=code_of(made))

    for other in ("", "another"):
        with pytest.raises(NotFound):
            actions.invited(token, browser=other)
        with pytest.raises(NotFound):
            upload(token, other)
    with pytest.raises(NotFound):
        actions.open_invitation(token, code="000000")
    assert actions.invited(token, browser=browser).is_shown


def test_only_what_was_asked_for_is_taken(case: UUID, applicant: Actor) -> None:
    made, token = invite(case, applicant)
    browser = opened(made, token)

    for slot in (ROW_SLOT, "identity_copy", "nothing"):
        with pytest.raises(NotFound):
            upload(token, browser, slot=slot)
    upload(token, browser)
    upload(token, browser)
    with pytest.raises(Invalid):  # two is what the slot takes
        upload(token, browser)
    assert len(cases.materials(case)) == 2


def test_same_upload_sent_twice_is_taken_once(case: UUID, applicant: Actor) -> None:
    made, token = invite(case, applicant)
    browser, key = opened(made, token), uuid4()

    for _ in range(2):
        upload(token, browser, key=key, upload=picture())

    assert len(cases.materials(case)) == 1


@pytest.mark.parametrize("end", ["revoked", "expired", "deleted"])
def test_link_that_is_over_leads_nowhere(case: UUID, applicant: Actor, end: str) -> None:
    made, token = invite(case, applicant)
    browser = opened(made, token)
    later = clock.now()
    if end == "revoked":
        actions.revoke_invitation(case, made, actor=applicant)
    elif end == "deleted":
        actions.delete_draft(case, actor=applicant)
    else:
        later += timedelta(days=7, seconds=1)

    with clock.frozen(later):
        for act in (
            lambda: actions.invited(token, browser=browser),
            lambda: upload(token, browser),
            lambda: actions.ask_invited_code(token),
        ):
            with pytest.raises(NotFound):
                act()


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"name": ""}, "name"),
        ({"phone": "12"}, "phone"),
        ({"phone": "020-83126088"}, "phone"),
        ({"slots": []}, "slots"),
        ({"slots": ["identity_copy"]}, "slots"),
    ],
)
def test_mistakes_are_said_beside_their_inputs(
    case: UUID, applicant: Actor, more: dict[str, Any], path: str
) -> None:
    with pytest.raises(Invalid) as refused:
        invite(case, applicant, **more)

    assert [one.path for one in refused.value.problems] == [path]
    assert not Invitation.objects.exists()


def test_row_of_somebody_else_is_not_the_spouses(applicant: Actor) -> None:
    other = draft_of(applicant, relation="20")

    with pytest.raises(Invalid):
        invite(other, applicant, slots=[ROW_SLOT])


def test_three_are_open_at_a_time_and_a_form_counts_once(case: UUID, applicant: Actor) -> None:
    key = uuid4()
    invite(case, applicant, key=key)
    with pytest.raises(SomeoneWasFirst):
        invite(case, applicant, key=key)
    invite(case, applicant)
    invite(case, applicant)

    with pytest.raises(Invalid):
        invite(case, applicant)


def test_others_neither_invite_nor_revoke(case: UUID, applicant: Actor, actor: ActorOf) -> None:
    made, _ = invite(case, applicant)

    for other in (actor("stranger"), actor("window_officer")):
        with pytest.raises(NotFound):
            invite(case, other)
        with pytest.raises(NotFound):
            actions.revoke_invitation(case, made, actor=other)
    with pytest.raises(NotFound):
        actions.invited("x" * 22, browser="")
