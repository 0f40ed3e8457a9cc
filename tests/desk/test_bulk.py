"""One step for several cases: seen before, taken once, each by itself."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from lxml import html

from tests.cases import PLACE, someone_elses_case, take
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.models import Case, Step
from yincai.casework.vocabulary import CaseView
from yincai.foundation.errors import Invalid
from yincai.ledger.vocabulary import Actor

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]


@pytest.fixture
def two(submitted: CaseView, actor: ActorOf) -> list[UUID]:
    """A case at the window that a colleague accepted, and one that was just handed in."""
    take(submitted.id, actor("colleague"), "accept")
    return [submitted.id, someone_elses_case(actor("stranger")).id]


def form(ids: list[UUID], **more: str | list[str]) -> dict[str, object]:
    return {"case": [str(one) for one in ids], "way": "check_originals", "place": PLACE, **more}


def seen(ids: list[UUID]) -> list[str]:
    """What the preview of these cases would carry."""
    return [f"{one}_{Case.objects.get(id=one).changes}" for one in ids]


def test_preview_says_what_happens_and_who_is_left_out(two: list[UUID], browser: BrowserOf) -> None:
    before = Step.objects.count()

    shown = browser("window_officer").post(reverse("desk:bulk"), form(two)).content.decode()

    assert "将办理 <strong>1</strong> 件" in shown
    assert "另有 1 件不办理" in shown
    assert "现在的环节是「预受理」" in shown
    assert Step.objects.count() == before


def test_step_is_taken_once_however_often_the_form_is_sent(two: list[UUID], browser: BrowserOf) -> None:
    officer, key = browser("window_officer"), str(uuid4())
    sent = form(two, _key=key, confirmation="on", seen=seen(two))

    first = officer.post(reverse("desk:bulk-take"), sent).content.decode()
    second = officer.post(reverse("desk:bulk-take"), sent).content.decode()

    assert "已办理 1 件，1 件没有办成" in first
    assert "已办理 1 件，1 件没有办成" in second
    assert Step.objects.filter(transition="check_originals").count() == 1


def test_what_is_lacking_comes_back_with_the_choice(two: list[UUID], browser: BrowserOf) -> None:
    answer = browser("window_officer").post(reverse("desk:bulk-take"), form(two, _key=str(uuid4())))

    assert answer.status_code == 422
    assert "请先勾选确认" in answer.content.decode()
    assert str(two[0]) in answer.content.decode()


def test_four_eyes_hold_in_bulk(two: list[UUID], actor: ActorOf) -> None:
    take(two[0], actor("window_officer"), "check_originals", confirmation="on")
    approver = actor("approver")

    assert [one.refusal for one in cases.preview(approver, two[:1], name="approve")] != [""]
    assert {way.by for way in cases.ways_in_bulk(actor("window_officer"), PLACE)} == {"window_officer"}


def test_case_of_a_colleague_is_left_out(two: list[UUID], actor: ActorOf) -> None:
    actions.claim_case(two[0], actor=actor("colleague"))

    done = actions.take_in_bulk(
        two,
        actor=actor("window_officer"),
        name="check_originals",
        key=uuid4(),
        seen_changes={one.id: one.changes for one in Case.objects.filter(id__in=two)},
        words={"confirmation": "on"},
    )

    assert all(one.refusal for one in done)
    assert not Step.objects.filter(transition="check_originals").exists()


def test_case_that_moved_on_since_the_preview_is_refused_even_in_the_same_stage(
    two: list[UUID], browser: BrowserOf
) -> None:
    officer = browser("window_officer")
    preview = html.fromstring(officer.post(reverse("desk:bulk"), form(two)).content)
    (seen,) = preview.xpath('//form[@id="words"]//input[@name="seen"]/@value')
    Case.objects.filter(id=two[0]).update(changes=F("changes") + 4)  # sent back, answered, accepted again

    sent = form(two[:1], _key=str(uuid4()), confirmation="on", seen=seen)
    answer = officer.post(reverse("desk:bulk-take"), sent).content.decode()

    assert "已办理 0 件，1 件没有办成" in answer
    assert not Step.objects.filter(transition="check_originals").exists()
    assert Case.objects.get(id=two[0]).claimed_by_id is None


def test_nothing_is_done_to_a_case_that_no_preview_showed(two: list[UUID], browser: BrowserOf) -> None:
    officer = browser("window_officer")
    for shown in ([], seen(two[1:]), ["x"], [f"{two[0]}_x"], [f"{two[0]}_"]):
        sent = form(two, _key=str(uuid4()), confirmation="on", seen=shown)
        answer = officer.post(reverse("desk:bulk-take"), sent)

        assert answer.status_code == 422
        assert "没有办理任何一件" in answer.content.decode()
    assert not Step.objects.filter(transition="check_originals").exists()


def test_case_that_is_refused_is_claimed_by_nobody(two: list[UUID], actor: ActorOf) -> None:
    done = actions.take_in_bulk(
        two[:1],
        actor=actor("window_officer"),
        name="check_originals",
        key=uuid4(),
        seen_changes={two[0]: Case.objects.get(id=two[0]).changes},
    )

    assert [one.refusal for one in done] == ["请先勾选确认。"]
    assert Case.objects.get(id=two[0]).claimed_by_id is None


def test_nothing_chosen_and_too_much_are_refused(published: object, actor: ActorOf) -> None:
    for chosen in ([], [uuid4() for _ in range(61)]):
        with pytest.raises(Invalid):
            cases.preview(actor("window_officer"), chosen, name="accept")


@pytest.mark.parametrize("who", ["approver", "auditor", "administrator"])
def test_others_take_nothing_in_bulk(two: list[UUID], browser: BrowserOf, who: str) -> None:
    answer = browser(who).post(reverse("desk:bulk-take"), form(two, _key=str(uuid4()), confirmation="on"))

    assert answer.status_code == 404
    assert not Step.objects.filter(transition="check_originals").exists()


def test_bulk_offers_ones_own_steps_in_the_order_of_the_programme(two: list[UUID], actor: ActorOf) -> None:
    own = [way.name for way in cases.ways_in_bulk(actor("window_officer"), PLACE)]

    assert own == ["accept", "check_originals", "check_originals_c"]
    assert cases.ways_in_bulk(actor("lead_officer"), PLACE) == []
