"""更正申请: what is wrong is put right by officers, an identity by two; what was is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from tests import personas
from tests.answers import picture
from tests.cases import take
from tests.privacy.amending import PASSPORT, PLACE, POSTED, approve, ask, officer, proof
from tests.privacy.conftest import NUMBER
from yincai.casework.vocabulary import CaseView
from yincai.documents.models import Document
from yincai.engine.retention import Kept
from yincai.foundation import clock
from yincai.foundation.calendar_table import load_calendar
from yincai.foundation.errors import Invalid, NotFound, SomeoneWasFirst
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor
from yincai.messages.queries import inbox
from yincai.people import actions as people
from yincai.people import queries
from yincai.people.models import FormerIdentity
from yincai.people.vocabulary import DocumentTaken, Level
from yincai.privacy import actions
from yincai.privacy.models import Amendment
from yincai.privacy.queries import open_amendment, waiting_amendments
from yincai.privacy.tasks import tell_amender
from yincai.privacy.vocabulary import (
    AmendmentWaits,
    Item,
    NobodyAmends,
    OwnAmendment,
    SecondOfficer,
    Standing,
)
from yincai.registries.models import RealNameAnswer
from yincai.registries.tasks import ask_again


def events(chain: UUID) -> list[str]:
    return [one.event for one in ledger.history(chain)]


@pytest.fixture
def first(reader_here: None, db: None) -> Actor:
    """An officer."""
    return officer("first_officer")


@pytest.fixture
def second(first: Actor) -> Actor:
    """Their colleague."""
    return officer("second_officer")


def test_name_is_replaced_by_two_officers_and_what_was_is_kept(
    owner: Any, me: Actor, first: Actor, second: Actor
) -> None:
    people.note_assurance(owner, actor=me, level=Level.FACE, source="face")
    people.note_assurance(owner, actor=me, level=Level.SMS_VERIFIED, source="sms")
    asked = ask(me)

    assert approve(asked, first).standing is Standing.CHECKED
    assert queries.identity_of(owner.pk).name == "李明"  # type: ignore[union-attr]
    assert approve(asked, second).standing is Standing.APPROVED

    now = queries.identity_of(owner.pk)
    assert now is not None
    assert (now.name, now.number) == ("李明远", NUMBER)
    former = FormerIdentity.objects.get(account=owner)
    assert (former.name, former.number, former.amendment) == ("李明", NUMBER, asked.id)
    assert queries.assurance_of(owner.pk).level is Level.SMS_VERIFIED
    assert [one.level for one in queries.proofs_of(owner.pk)] == [Level.SMS_VERIFIED]
    assert not queries.is_linked(owner.pk)
    assert events(owner.pk)[-1] == "account.identity_replaced"
    assert "李明" not in str([one.payload for one in ledger.history(owner.pk)])


def test_document_is_replaced_found_by_its_new_number_and_frees_the_old(
    owner: Any, me: Actor, first: Actor, second: Actor, resident: Callable[..., Any]
) -> None:
    asked = ask(me, Item.DOCUMENT)
    approve(asked, first)
    approve(asked, second)

    assert queries.account_of_document(**PASSPORT) == owner.pk
    assert queries.account_of_document("111", NUMBER) is None
    other = resident("the_other_one", NUMBER)
    assert queries.account_of_document("111", NUMBER) == other.pk


def test_document_of_another_account_is_never_given_twice(
    owner: Any, me: Actor, first: Actor, second: Actor, resident: Callable[..., Any]
) -> None:
    other = resident("the_other_one")
    people.give_identity(other, actor=queries.applicant_of(other), name="王芳", **PASSPORT)
    asked = ask(me, Item.DOCUMENT)
    approve(asked, first)

    with pytest.raises(DocumentTaken):
        approve(asked, second)

    assert queries.account_of_document(**PASSPORT) == other.pk
    assert queries.account_of_document("111", NUMBER) == owner.pk
    assert Amendment.objects.get().standing == Standing.CHECKED
    assert not FormerIdentity.objects.exists()


def test_who_checked_it_does_not_decide_it(me: Actor, first: Actor) -> None:
    asked = ask(me)
    approve(asked, first)

    with pytest.raises(SecondOfficer):
        approve(asked, first)

    assert events(asked.id) == ["amendment.asked", "amendment.checked"]


def test_database_holds_the_four_eyes(me: Actor, first: Actor) -> None:
    asked = ask(me)
    approve(asked, first)

    with pytest.raises(IntegrityError), transaction.atomic():
        Amendment.objects.filter(pk=asked.id).update(standing="approved", decided_by=first.id)


def test_nobody_decides_their_own_or_their_households(
    owner: Any, me: Actor, first: Actor, second: Actor
) -> None:
    officer(owner.username)
    own = ask(me)
    administrator = officer("guanli", role="administrator")
    assert second.id is not None
    people.note_staff_document(
        second.id,
        actor=Actor("staff", administrator.id, "administrator"),
        place=PLACE,
        kind="111",
        number=NUMBER,
        relation="spouse",
    )

    for one in (Actor("staff", me.id), second):
        with pytest.raises(OwnAmendment):
            approve(own, one)
        with pytest.raises(OwnAmendment):
            open_amendment(one, own.id)
    assert approve(own, first).standing is Standing.CHECKED


def test_officers_of_other_places_and_roles_see_nothing(me: Actor, first: Actor) -> None:
    asked = ask(me)
    elsewhere = officer("elsewhere", place="shijiazhuang")
    librarian = officer("librarian_2", role="librarian")

    for other in (elsewhere, librarian, me, Actor("applicant", first.id, "applicant")):
        with pytest.raises(NotFound):
            open_amendment(other, asked.id)
        with pytest.raises(NotFound):
            approve(asked, other)
        with pytest.raises(NotFound):
            waiting_amendments(other, PLACE)

    assert events(asked.id) == ["amendment.asked"]


def test_refusal_says_why_and_the_resident_is_told(owner: Any, me: Actor, first: Actor) -> None:
    asked = ask(me)
    with pytest.raises(Invalid):
        actions.settle_amendment(asked.id, actor=first, approve=False, opinion=" ")

    actions.settle_amendment(asked.id, actor=first, approve=False, opinion="照片看不清，请重新拍摄。")
    tell_amender(ledger.history(asked.id)[-1])

    (told,) = inbox(owner.pk)
    assert told.title == "更正申请没有通过"
    assert "照片看不清" in told.body
    assert queries.identity_of(owner.pk).name == "李明"  # type: ignore[union-attr]
    with pytest.raises(SomeoneWasFirst):
        approve(asked, first)


def test_other_things_are_decided_by_one_and_noted_on_their_case(
    submitted: CaseView, actor: Callable[[str], Actor], second: Actor
) -> None:
    refused = take(submitted.id, actor("window_officer"), "refuse_at_window", reason="不符")
    here = officer("keeper", place="shijiazhuang")
    asked = ask(actor("applicant"), Item.CASE, subject=refused.id, place="")

    assert asked.place == "shijiazhuang"
    assert approve(asked, here).standing is Standing.APPROVED
    noted = ledger.history(refused.id)[-1]
    assert (noted.event, noted.payload["amendment"]) == ("content.amended", str(asked.id))


def test_case_or_card_of_another_is_not_found(
    submitted: CaseView, actor: Callable[[str], Actor], first: Actor
) -> None:
    stranger = actor("stranger")

    with pytest.raises(NotFound):
        ask(stranger, Item.CASE, subject=submitted.id)
    with pytest.raises(NotFound):
        ask(stranger, Item.CARD, subject=uuid4(), posted=POSTED[Item.CASE])
    with pytest.raises(NotFound):
        ask(stranger, Item.OTHER, upload=proof(actor("applicant")))

    assert not Amendment.objects.exists()


def test_working_days_run_from_the_day_it_was_asked(me: Actor, first: Actor) -> None:
    asked = ask(me)

    last = load_calendar().add_working_days(clock.day_of(asked.submitted_at), 10)
    assert asked.due_at == clock.start_of(last + timedelta(days=1))


def test_same_form_twice_is_one_and_the_same_thing_waits_once(me: Actor, first: Actor) -> None:
    key = uuid4()
    made = ask(me, key=key)

    assert ask(me, key=key).id == made.id
    with pytest.raises(AmendmentWaits):
        ask(me)
    actions.withdraw_amendment(made.id, actor=me)
    assert ask(me).id != made.id


@pytest.mark.parametrize(
    ("item", "posted", "path"),
    [
        (Item.NAME, {"wrong": "", "name": "李明远"}, "wrong"),
        (Item.NAME, {"wrong": "x", "name": "李明"}, "name"),
        (Item.NAME, {"wrong": "x", "name": "<b>"}, "name"),
        (Item.DOCUMENT, {"wrong": "x", "kind": "111", "number": "110105199003078990"}, "number"),
        (Item.DOCUMENT, {"wrong": "x", "kind": "", "number": "G28374651"}, "kind"),
        (Item.DOCUMENT, {"wrong": "x", "kind": "111", "number": NUMBER}, "number"),
        (Item.OTHER, {"wrong": "x", "text": "y" * 501}, "text"),
    ],
)
def test_mistakes_are_said_beside_their_input(
    me: Actor, first: Actor, item: Item, posted: dict[str, str], path: str
) -> None:
    with pytest.raises(Invalid) as refused:
        ask(me, item, posted=posted)

    assert [one.path for one in refused.value.problems] == [path]


def test_place_without_an_officer_takes_none(me: Actor, first: Actor) -> None:
    with pytest.raises(NobodyAmends):
        ask(me, place="nowhere")


def test_proof_that_was_not_looked_at_approves_nothing(me: Actor, first: Actor) -> None:
    asked = ask(me, upload=proof(me, is_read=False))

    with pytest.raises(Invalid, match="安全检查"):
        approve(asked, first)

    assert Amendment.objects.get().standing == Standing.PENDING


def test_what_is_written_lies_sealed_and_each_look_is_on_record(me: Actor, first: Actor) -> None:
    asked = ask(me, Item.DOCUMENT)
    open_amendment(first, asked.id)

    with connection.cursor() as cursor:
        cursor.execute("SELECT privacy_amendment::text FROM privacy_amendment")
        (row,) = cursor.fetchone()
    assert "G28374651" not in row
    assert b"G28374651".hex() not in row
    look = ledger.history(asked.id)[-1]
    assert (look.is_read, look.payload["what"]) == (True, "amendment")


def test_what_the_registry_said_of_the_old_name_is_forgotten(owner: Any, me: Actor, first: Actor) -> None:
    RealNameAnswer.objects.create(account=owner, result="match", reference="r")
    second = officer("second_officer")
    asked = ask(me)
    approve(asked, first)
    approve(asked, second)

    ask_again(ledger.history(owner.pk)[-1])

    assert not RealNameAnswer.objects.exists()


def test_amendment_is_erased_when_its_time_is_over(me: Actor, first: Actor) -> None:
    asked = ask(me, Item.OTHER)
    approve(asked, first)
    with clock.frozen(clock.now()) as hands:
        hands.move_by(timedelta(days=3660))

        assert actions.erase_due().erased[Kept.AMENDMENT] == 1

    row = Amendment.objects.get()
    assert (row.wrong, row.right, row.documents) == ("", {}, [])
    assert not Document.objects.filter(case=asked.id).exists()


def test_closing_takes_open_ones_back_and_keeps_them_for_their_time(
    owner: Any, me: Actor, first: Actor
) -> None:
    ask(me)
    with clock.frozen(clock.now()) as hands:
        actions.ask_closing(owner.pk, actor=me)
        hands.move_by(timedelta(days=8))
        assert actions.close_due_accounts() == 1

    assert Amendment.objects.get().standing == Standing.WITHDRAWN


def test_resident_asks_follows_and_takes_back_on_the_pages(
    owner: Any, me: Actor, first: Actor, settings: Any
) -> None:
    browser = personas.sign_in(owner, second_factor=False)
    listing = browser.get(reverse("account_amendments")).content.decode()
    assert "现在：李明" in listing
    assert NUMBER not in listing
    form = reverse("account_amend", args=["name"])

    wrong = browser.post(form, {"_key": str(uuid4()), "wrong": "少字", "name": "李明", "file": picture()})
    assert wrong.status_code == 422
    posted = {"_key": str(uuid4()), **POSTED[Item.NAME], "place": PLACE, "file": picture()}
    made = browser.post(form, posted)

    row = Amendment.objects.get()
    address = reverse("account_amendment", args=[row.pk])
    assert made.headers["Location"] == address
    assert row.number in browser.get(address).content.decode()
    assert browser.post(reverse("account_amendment_withdraw", args=[row.pk])).status_code == 302
    assert "已撤回" in browser.get(address).content.decode()


def test_pages_of_another_are_not_found(
    owner: Any, me: Actor, first: Actor, resident: Callable[..., Any]
) -> None:
    asked = ask(me)
    stranger = personas.sign_in(resident("stranger"), second_factor=False)
    picture_of = [asked.id, asked.documents[0], 1]

    assert stranger.get(reverse("account_amendment", args=[asked.id])).status_code == 404
    assert stranger.get(reverse("account_amendment_document", args=picture_of)).status_code == 404
    assert stranger.post(reverse("account_amendment_withdraw", args=[asked.id])).status_code == 404
    assert stranger.get(reverse("account_amend", args=["name"])).status_code == 404
    assert Amendment.objects.get().standing == Standing.PENDING


def test_officers_settle_it_on_their_pages(owner: Any, me: Actor, first: Actor, second: Actor) -> None:
    asked = ask(me, Item.DOCUMENT)
    address = reverse("desk:amendment", args=[asked.id])

    for who, standing in ((first, Standing.CHECKED), (second, Standing.APPROVED)):
        browser = desk_of(who)
        assert asked.number in browser.get(reverse("desk:amendments")).content.decode()
        page = browser.get(address).content.decode()
        assert "G28374651" in page
        proof_of = reverse("desk:amendment-document", args=[asked.id, asked.documents[0], 1])
        assert browser.get(proof_of)["Content-Type"] == "image/jpeg"
        no_reason = browser.post(address, {"verdict": "refuse"})
        assert no_reason.status_code == 422
        browser.post(address, {"verdict": "approve"})
        assert Amendment.objects.get().standing == standing


def desk_of(actor: Actor) -> Client:
    from yincai.people.models import Account

    return personas.sign_in(Account.objects.get(pk=actor.id), second_factor=True)


def test_list_asks_the_same_questions_at_one_and_at_many(
    resident: Callable[..., Any],
    first: Actor,
) -> None:
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in range(2):
        for serial in range(1 + number * 6):
            who = queries.applicant_of(resident(f"asker_{number}_{serial}"))
            ask(who, Item.OTHER)
        with CaptureQueriesContext(connection) as asked:
            waiting_amendments(first, PLACE)
        counts.append(len(asked))

    assert counts[0] == counts[1]
