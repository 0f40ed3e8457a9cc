"""Which card of a case counts when one was cancelled, and how a mistaken cancellation is repaired."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from tests.cases import take
from tests.portal.test_progress import WithoutSeal
from yincai.cards import queries as cards
from yincai.cards import reissuing
from yincai.cards.case_orders import order_for_case
from yincai.cards.models import Card
from yincai.cards.sealing_job import seal_card
from yincai.cards.vocabulary import CardState, CardView
from yincai.casework import queries as cases
from yincai.casework.tasks import end_with_card, go_back_without_card
from yincai.casework.vocabulary import CARD_REQUESTED, CaseView
from yincai.foundation import clock
from yincai.foundation.errors import NotAllowed, SomeoneWasFirst
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor, EntryView
from yincai.messages import queries as messages
from yincai.messages.tasks import tell_applicant

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]
REASON = "卡面照片更换。"


@pytest.fixture
def ready(submitted: CaseView, actor: ActorOf, settings: Any, tmp_path: Path) -> CaseView:
    """A case whose card is sealed and waits to be handed over."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        }
    }
    take(submitted.id, actor("window_officer"), "accept")
    take(submitted.id, actor("window_officer"), "check_originals", confirmation="on")
    take(submitted.id, actor("approver"), "approve", opinion="符合。")
    take(submitted.id, actor("issuer"), "issue")
    order_for_case(entry_of(submitted, CARD_REQUESTED))
    assert seal_card(card_of(submitted).id, signer=WithoutSeal())
    end_with_card(entry_of(submitted, "card.issued"))
    return submitted


@pytest.fixture
def handed_over(ready: CaseView, actor: ActorOf) -> CaseView:
    """A case that is over: its card was handed over."""
    take(ready.id, actor("issuer"), "hand_over", confirmation="on")
    return ready


def entry_of(case: CaseView, event: str) -> EntryView:
    return [one for one in ledger.history(case.id) if one.event == event][-1]


def card_of(case: CaseView) -> CardView:
    found = cards.card_that_counts(case.id)
    assert found is not None
    return found


def end(browser: Client, card: CardView, what: str, reason: str = REASON) -> str:
    """Press the button of the cards' page; what the next page says."""
    page = browser.get(reverse("desk:cards", args=[card.case_id])).content.decode()
    address = reverse("desk:end-card", args=[card.case_id, card.id, what])
    assert f'action="{address}"' in page
    answer = browser.post(address, {"reason": reason}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def is_offered(browser: Client, card: CardView, what: str) -> bool:
    page = browser.get(reverse("desk:cards", args=[card.case_id])).content.decode()
    return reverse("desk:end-card", args=[card.case_id, card.id, what]) in page


def told(case: CaseView, actor: ActorOf, event: str) -> str:
    """What the applicant is told of the last such event."""
    applicant = actor("applicant").id
    assert applicant is not None
    before = {one.id for one in messages.inbox(applicant)}
    tell_applicant(entry_of(case, event))
    return "".join(one.title + one.body for one in messages.inbox(applicant) if one.id not in before)


def pages_of(case: CaseView, browser: BrowserOf) -> tuple[str, int, str]:
    """The applicant's page of a case, the answer to their download, the officer's page of it."""
    mine = browser("applicant").get(reverse("portal:case", args=[case.id])).content
    file = browser("applicant").get(reverse("portal:card", args=[case.id])).status_code
    theirs = browser("issuer").get(reverse("desk:case", args=[case.id])).content
    return html.fromstring(mine).text_content(), file, html.fromstring(theirs).text_content()


@pytest.mark.parametrize("fixture", ["ready", "handed_over"])
def test_valid_card_counts_while_another_is_being_made_in_its_place(
    fixture: str, request: pytest.FixtureRequest, browser: BrowserOf, actor: ActorOf
) -> None:
    case: CaseView = request.getfixturevalue(fixture)
    old = card_of(case)

    newer = reissuing.reissue_for_case(old.id, actor=actor("issuer"), reason=REASON)

    assert card_of(case).id == old.id
    mine, file, theirs = pages_of(case, browser)
    assert (old.number in mine, "正在制作并加盖" in mine, file) == (True, False, 200)
    assert "打印电子卡" in theirs
    assert seal_card(newer.id, signer=WithoutSeal())
    assert card_of(case).id == newer.id  # the moment it is sealed


def test_card_that_counts_when_none_stands(ready: CaseView) -> None:
    (sealed,) = cards.cards_of_case(ready.id)

    for state, later in [
        (CardState.EXPIRED, CardState.ORDERED),
        (CardState.CANCELLED, CardState.CANCELLED),
        (CardState.REPLACED, CardState.CANCELLED),
    ]:
        Card.objects.filter(case_id=ready.id).exclude(pk=sealed.id).delete()
        Card.objects.filter(pk=sealed.id).update(state=state)
        _another(sealed, later)
        assert card_of(ready).id == sealed.id
    Card.objects.filter(case_id=ready.id).exclude(pk=sealed.id).update(state=CardState.ORDERED)
    assert card_of(ready).state == CardState.ORDERED
    assert cards.card_that_counts(sealed.id) is None


def _another(card: CardView, state: CardState) -> None:
    """A later card of the same case that was never sealed."""
    row = Card.objects.get(pk=card.id)
    Card(
        case_id=row.case_id, purpose="reissue:1", chain=row.chain, place=row.place, programme=row.programme,
        kind=row.kind, title=row.title, number=f"{row.number}-2", code_index=b"2" * 32, holder=row.holder,
        holder_account=row.holder_account, layout=row.layout, seal=row.seal, state=state,
        ordered_at=row.ordered_at + timedelta(minutes=1),
    ).save(force_insert=True)  # fmt: skip


def test_cancelled_reissue_leaves_the_valid_card_as_it_was(
    handed_over: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    old, issuer = card_of(handed_over), browser("issuer")
    end(issuer, old, "reissue")
    newer = cards.cards_of_case(handed_over.id)[-1]
    assert not is_offered(issuer, old, "reissue")

    shown = end(issuer, newer, "cancel", "不用换了。")

    assert f"电子卡 {newer.number} 不再制作" in shown
    assert card_of(handed_over).id == old.id
    mine, file, theirs = pages_of(handed_over, browser)
    assert (old.number in mine, "正在制作并加盖" in mine, file) == (True, False, 200)
    assert "电子卡可以下载" in mine
    assert "打印电子卡" in theirs
    wallet = browser("applicant").get(reverse("portal:cards")).content.decode()
    assert "停止制作" in wallet
    end(issuer, old, "reissue")  # and it can be renewed after all
    assert [one.state for one in cards.cards_of_case(handed_over.id)] == [
        CardState.SEALED,
        CardState.CANCELLED,
        CardState.ORDERED,
    ]


def test_holder_is_told_which_card_ended_and_that_the_valid_one_did_not(
    ready: CaseView, actor: ActorOf
) -> None:
    old = card_of(ready)
    newer = reissuing.reissue_for_case(old.id, actor=actor("issuer"), reason=REASON)

    reissuing.cancel_for_case(newer.id, actor=actor("issuer"), reason="不用换了。")
    stopped = told(ready, actor, "card.cancelled")
    reissuing.cancel_for_case(old.id, actor=actor("issuer"), reason="本人调离本市。")
    ended = told(ready, actor, "card.cancelled")

    assert newer.number in stopped
    assert "不再制作" in stopped
    assert "已有的绿卡不受影响" in stopped
    assert "注销" not in stopped
    assert old.number in ended
    assert newer.number not in ended
    assert "已注销" in ended


def test_card_cancelled_after_the_hand_over_is_made_anew(
    handed_over: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    old, issuer = card_of(handed_over), browser("issuer")
    end(issuer, old, "cancel", "点错了。")
    go_back_without_card(entry_of(handed_over, "card.cancelled"))
    mine, _, theirs = pages_of(handed_over, browser)
    assert f"电子卡 {old.number} 已注销，不能再用" in mine
    assert "联系受理窗口" in mine
    assert "点错了。" in mine
    assert "电子卡可以下载" not in mine
    assert "正在制作并加盖" not in mine
    assert "注销、换发" in theirs

    assert "原来的卡仍是“已注销”" in end(issuer, old, "reissue", "误注销，重新制卡。")
    mine, _, _ = pages_of(handed_over, browser)
    assert "新卡正在制作" in mine
    assert "电子卡可以下载" not in mine
    newer = card_of(handed_over)
    assert seal_card(newer.id, signer=WithoutSeal())
    reissuing.retire_replaced(entry_of(handed_over, "card.issued"))

    assert [one.state for one in cards.cards_of_case(handed_over.id)] == [
        CardState.CANCELLED,
        CardState.SEALED,
    ]
    mine, file, _ = pages_of(handed_over, browser)
    assert ("电子卡可以下载" in mine, newer.number in mine, file) == (True, True, 200)
    said = told(handed_over, actor, "card.reissued")
    assert newer.number in said
    assert "重新签发" in said


def test_cancelled_card_is_renewed_by_those_who_issue_cards_alone(
    handed_over: CaseView, actor: ActorOf
) -> None:
    card = card_of(handed_over)
    reissuing.cancel_for_case(card.id, actor=actor("issuer"), reason="点错了。")

    with pytest.raises(NotAllowed):
        reissuing.reissue_for_case(card.id, actor=actor("approver"), reason=REASON)
    assert card_of(handed_over).id == card.id


def test_cancelled_card_of_a_case_that_goes_on_is_left_to_its_workflow(
    ready: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    """What waits for 重新制卡, or was ended as 不再发卡, gets no card by another way."""
    card, issuer = card_of(ready), browser("issuer")
    end(issuer, card, "cancel", "卡面姓名有误。")

    for step in (None, "close_without_card"):
        if step is None:
            go_back_without_card(entry_of(ready, "card.cancelled"))
        else:
            take(ready.id, actor("issuer"), step, reason="本人申请放弃。")
        assert not is_offered(issuer, card, "reissue")
        with pytest.raises(SomeoneWasFirst):
            reissuing.reissue_for_case(card.id, actor=actor("issuer"), reason=REASON)
    assert cases.case_for(actor("applicant"), ready.id).state == "closed"
    mine, _, _ = pages_of(ready, browser)
    assert "符合条件的可以重新申请" in mine  # what the state says


def test_cancelled_card_is_not_renewed_for_who_holds_another_of_its_kind(
    handed_over: CaseView, actor: ActorOf
) -> None:
    card = card_of(handed_over)
    reissuing.cancel_for_case(card.id, actor=actor("issuer"), reason="点错了。")
    _another(card, CardState.ORDERED)
    Card.objects.filter(number=f"{card.number}-2").update(case_id=card.id)  # of an application made since

    with pytest.raises(SomeoneWasFirst, match=f"{card.number}-2"):
        reissuing.reissue_for_case(card.id, actor=actor("issuer"), reason=REASON)


def test_visit_within_a_minute_shows_one_time(ready: CaseView, browser: BrowserOf, actor: ActorOf) -> None:
    noon = clock.start_of(clock.today() + timedelta(days=1)) + timedelta(hours=12)
    with clock.frozen(noon) as hands:
        cases.look_at_case(actor("issuer"), ready.id)
        hands.move_by(timedelta(seconds=20))
        cases.look_at_case(actor("issuer"), ready.id)
        hands.move_by(timedelta(hours=2))
        cases.look_at_case(actor("issuer"), ready.id)
        hands.move_by(timedelta(minutes=5))
        cases.look_at_case(actor("issuer"), ready.id)
        shown, _, _ = pages_of(ready, browser)

    assert "12:00 至" not in shown
    assert "14:00 至 14:05" in shown
