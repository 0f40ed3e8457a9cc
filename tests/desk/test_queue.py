"""The officers' list and search: filtered, counted, paged both ways; nothing in an address, no own case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from tests.answers import NUMBER
from tests.cases import PLACE, take
from tests.desk.test_query_counts import add_like
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.models import Case
from yincai.casework.queries import Filters, Whose
from yincai.casework.vocabulary import CaseView, SomeoneWasFirst
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, NotFound
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.people import actions as people

BrowserOf = Callable[[str], Client]
ActorOf = Callable[[str], Actor]
PersonOf = Callable[[str], Any]
DAY = timedelta(days=1)


def listed(actor: Actor, **chosen: Any) -> list[str]:
    page = cases.queue(actor, place=PLACE, chosen=Filters(**chosen))
    return [str(row.case.reference) for row in page.rows]


@pytest.fixture
def many(submitted: CaseView) -> CaseView:
    """Seventy cases in one stage, each a minute younger than the one before."""
    for number in range(69):
        add_like(submitted, number)
        moment = submitted.state_since + timedelta(minutes=number + 1)
        Case.objects.filter(reference=f"RC9999{number:013}").update(state_since=moment)
    return submitted


def test_pages_go_forward_and_back_without_a_gap(many: CaseView, actor: ActorOf) -> None:
    officer = actor("window_officer")

    first = cases.queue(officer, place=PLACE)
    second = cases.queue(officer, place=PLACE, after=first.after)
    third = cases.queue(officer, place=PLACE, after=second.after)
    back = cases.queue(officer, place=PLACE, before=third.before)
    start = cases.queue(officer, place=PLACE, before=back.before)

    assert [len(one.rows) for one in (first, second, third)] == [30, 30, 10]
    assert len({row.case.id for one in (first, second, third) for row in one.rows}) == 70
    assert (first.before, third.after) == (None, None)
    assert [row.case.id for row in back.rows] == [row.case.id for row in second.rows]
    assert [row.case.id for row in start.rows] == [row.case.id for row in first.rows]
    assert start.before is None


def test_filters_choose_and_counts_agree(many: CaseView, actor: ActorOf) -> None:
    officer = actor("window_officer")
    actions.claim_case(many.id, actor=officer)
    late = Case.objects.filter(reference="RC9999" + "0" * 12 + "5")
    late.update(due_at=clock.now() - DAY, submitted_at=clock.now() - 3 * DAY)

    counted, mine = cases.counts(officer, place=PLACE)
    everything = Filters()

    assert listed(officer, whose=Whose.MINE) == [many.reference]
    assert listed(officer, whose=Whose.OVERDUE) == ["RC9999" + "0" * 12 + "5"]
    assert listed(officer, until=(clock.today() - 2 * DAY)) == ["RC9999" + "0" * 12 + "5"]
    assert listed(officer, state="at_window") == []
    assert listed(officer, variant="B") == []
    assert (mine, cases.total(counted, Whose.ALL, everything)) == (1, 70)
    assert cases.total(counted, Whose.FREE, everything) == 69
    assert cases.total(counted, Whose.OVERDUE, everything) == 1


def test_list_page_says_the_age_in_words(many: CaseView, browser: BrowserOf) -> None:
    Case.objects.filter(id=many.id).update(due_at=clock.now() - DAY)

    shown = browser("window_officer").get(reverse("desk:queue")).content.decode()

    assert "已超期" in shown
    assert "小时" in shown
    assert 'rel="next"' in shown


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=2026-01-01_x",
        "after=2026-01-01T00:00:00_1b4e28ba-2fa1-4d2b-883f-0016d3cca427",
        "after=9999-12-31T23:59:59-23:00_1b4e28ba-2fa1-4d2b-883f-0016d3cca427",
        "before=0001-01-01T00:00:00%2B23:00_1b4e28ba-2fa1-4d2b-883f-0016d3cca427",
        "since=2026-13-01",
        "since=0001-01-01",
        "until=9999-12-31",
        "whose=others",
        "state=%00",
        "place=shijiazhuang",
    ],
)
def test_list_reads_what_it_can_of_an_address(submitted: CaseView, browser: BrowserOf, query: str) -> None:
    assert browser("window_officer").get(f"{reverse('desk:queue')}?{query}").status_code == 200


def test_other_office_sees_no_case_of_this_one(submitted: CaseView, actor: ActorOf) -> None:
    elsewhere = actor("elsewhere")

    assert listed(elsewhere) == []
    with pytest.raises(NotFound):
        cases.case_for(elsewhere, submitted.id)
    with pytest.raises(NotFound):
        actions.claim_case(submitted.id, actor=elsewhere)
    assert cases.case_for(actor("auditor"), submitted.id).id == submitted.id


@pytest.mark.parametrize("text", [NUMBER, "{name}", "13800138000", "+86 138 0013 8000"])
def test_search_finds_by_every_word_and_is_on_record(
    submitted: CaseView, browser: BrowserOf, person: PersonOf, text: str
) -> None:
    officer = browser("window_officer")
    name = cases.open_case(Actor("staff", person("window_officer").pk), submitted.id).answers["name_zh"]
    words = text.format(name=name)

    answer = officer.post(reverse("desk:search"), {"text": words, "place": PLACE})

    shown = answer.content.decode()
    looks = ledger.history(person("window_officer").pk)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    assert "找到 1 件" in shown
    assert str(submitted.reference) in shown
    assert looks[-1].is_read
    assert looks[-1].payload["what"].endswith(":1")
    assert words not in str(looks[-1].payload)


@pytest.mark.parametrize("who", ["approver", "elsewhere"])
def test_search_tells_nothing_of_what_is_out_of_sight(
    submitted: CaseView, browser: BrowserOf, who: str
) -> None:
    shown = browser(who).post(reverse("desk:search"), {"text": submitted.reference}).content.decode()

    assert "没有找到" in shown


def test_number_of_a_case_opens_it(submitted: CaseView, browser: BrowserOf) -> None:
    answer = browser("window_officer").post(reverse("desk:search"), {"text": f" {submitted.reference} "})

    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{reverse('desk:case', args=[submitted.id])}?place={PLACE}&alone=1",
    )


def test_search_of_nothing_is_refused_and_by_get_there_is_none(
    submitted: CaseView, browser: BrowserOf
) -> None:
    officer = browser("window_officer")

    assert officer.post(reverse("desk:search"), {"text": " "}).status_code == 422
    assert officer.get(reverse("desk:search"), {"text": NUMBER}).status_code == 405


@pytest.mark.parametrize("number", [NUMBER, "110101202011220010"])
def test_case_that_names_its_officer_is_hidden_from_them(
    submitted: CaseView, actor: ActorOf, person: PersonOf, number: str
) -> None:
    officer, before = actor("window_officer"), len(ledger.history(submitted.id))
    people.note_staff_document(person("window_officer"), actor=SYSTEM, place=PLACE, kind="111", number=number)

    assert listed(officer) == []
    assert cases.search(officer, place=PLACE, text=str(submitted.reference)) == ([], False)
    for act in (
        lambda: cases.look_at_case(officer, submitted.id),
        lambda: actions.claim_case(submitted.id, actor=officer),
        lambda: actions.take_transition(submitted.id, actor=officer, name="accept", key=uuid4()),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert len(ledger.history(submitted.id)) == before
    assert listed(actor("colleague")) == [submitted.reference]


def test_lead_hands_a_case_to_a_colleague_who_alone_claims_it(
    submitted: CaseView, actor: ActorOf, person: PersonOf
) -> None:
    lead, officer = actor("lead_officer"), actor("window_officer")
    colleague = actor("colleague")

    actions.assign_case(submitted.id, actor=lead, to=colleague.id, reason="熟悉本类申请")

    entry = ledger.history(submitted.id)[-1]
    assert (entry.event, entry.actor.role, entry.payload["to"]) == (
        "case.assigned",
        "lead_officer",
        str(colleague.id),
    )
    with pytest.raises(NotAllowed):
        actions.claim_case(submitted.id, actor=officer)
    assert listed(colleague, whose=Whose.MINE) == [submitted.reference]
    assert actions.claim_case(submitted.id, actor=colleague).claimed_by_id == colleague.id
    assert take(submitted.id, colleague, "accept").assigned_to_id is None


@pytest.mark.parametrize("who", ["window_officer", "approver", "auditor", "administrator"])
def test_nobody_else_hands_cases_out(submitted: CaseView, actor: ActorOf, who: str) -> None:
    before = len(ledger.history(submitted.id))
    with pytest.raises((NotAllowed, NotFound)):
        actions.assign_case(submitted.id, actor=actor(who), to=actor("colleague").id, reason="x")
    assert len(ledger.history(submitted.id)) == before


def test_case_is_not_handed_to_somebody_without_the_role_or_without_a_reason(
    submitted: CaseView, actor: ActorOf
) -> None:
    lead = actor("lead_officer")
    for to, reason in ((actor("approver").id, "x"), (actor("colleague").id, " ")):
        with pytest.raises(Invalid):
            actions.assign_case(submitted.id, actor=lead, to=to, reason=reason)
    assert Case.objects.get(id=submitted.id).assigned_to_id is None


def test_substitute_sees_and_claims_what_was_handed_to_the_one_away(
    submitted: CaseView, actor: ActorOf
) -> None:
    colleague, officer = actor("colleague"), actor("window_officer")
    assert colleague.id
    assert officer.id
    actions.assign_case(submitted.id, actor=actor("lead_officer"), to=colleague.id, reason="分片")
    actions.arrange_leave(
        colleague.id,
        actor=colleague,
        place=PLACE,
        substitute=officer.id,
        first_day=clock.today(),
        last_day=clock.today() + DAY,
    )

    assert listed(officer, whose=Whose.MINE) == [submitted.reference]
    assert actions.claim_case(submitted.id, actor=officer).claimed_by_id == officer.id
    with clock.frozen(clock.now() + 3 * DAY), pytest.raises(NotAllowed):
        actions.claim_case(submitted.id, actor=officer)


def test_leave_is_arranged_by_oneself_or_who_hands_out_the_work(published: Any, actor: ActorOf) -> None:
    colleague, officer = actor("colleague"), actor("window_officer")
    assert colleague.id
    assert officer.id
    days = {"first_day": clock.today(), "last_day": clock.today()}
    whom = {"place": PLACE, "substitute": officer.id}

    with pytest.raises(NotAllowed):
        actions.arrange_leave(colleague.id, actor=officer, **whom, **days)
    actions.arrange_leave(colleague.id, actor=actor("lead_officer"), **whom, **days)
    with pytest.raises(Invalid):
        actions.arrange_leave(colleague.id, actor=colleague, **whom, **days)
    assert [entry.event for entry in ledger.history(colleague.id)][-1] == "leave.arranged"


def test_lease_is_renewed_by_its_holder_alone(submitted: CaseView, actor: ActorOf) -> None:
    officer = actor("window_officer")
    before = actions.claim_case(submitted.id, actor=officer).claimed_until
    with clock.frozen(clock.now() + timedelta(hours=1)):
        after = actions.renew_claim(submitted.id, actor=officer).claimed_until
        with pytest.raises(SomeoneWasFirst):
            actions.renew_claim(submitted.id, actor=actor("colleague"))
    assert before
    assert after
    assert after - before >= timedelta(minutes=59)


def test_next_case_is_the_following_one_of_the_list(many: CaseView, browser: BrowserOf) -> None:
    officer = browser("window_officer")
    second = Case.objects.get(reference="RC9999" + "0" * 13)

    shown = officer.get(f"{reverse('desk:case', args=[many.id])}?place={PLACE}").content.decode()

    assert f'href="{reverse("desk:case", args=[second.id])}?place={PLACE}" rel="next"' in shown


def test_case_that_nobody_can_claim_is_not_said_to_wait_for_it(
    submitted: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    officer = browser("window_officer")
    find = {"place": PLACE, "text": "张晓雨"}
    before = officer.post(reverse("desk:search"), find).content.decode()
    take(submitted.id, actor("window_officer"), "refuse_at_window", reason="不在本市。")

    after = officer.post(reverse("desk:search"), find).content.decode()

    assert "待领取" in before
    assert "待领取" not in after
    assert "已办结" in after


def test_page_of_a_case_lets_the_substitute_claim_and_tells_others_whose_it_is(
    submitted: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    colleague, officer = actor("colleague"), actor("window_officer")
    assert colleague.id
    assert officer.id
    address = reverse("desk:case", args=[submitted.id])
    actions.assign_case(submitted.id, actor=actor("lead_officer"), to=colleague.id, reason="分片")

    before = browser("window_officer").get(address).content.decode()
    actions.arrange_leave(
        colleague.id,
        actor=colleague,
        place=PLACE,
        substitute=officer.id,
        first_day=clock.today(),
        last_day=clock.today() + DAY,
    )
    during = browser("window_officer").get(address).content.decode()

    assert "data-claim" not in before
    assert "这件申请已分派给" in before
    assert "data-claim" in during


def test_handing_out_without_a_reason_comes_back_on_the_page_with_the_choice(
    submitted: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    colleague = actor("colleague")

    answer = browser("lead_officer").post(
        reverse("desk:assign", args=[submitted.id]),
        {"to": str(colleague.id), "reason": " ", "_changes": str(submitted.changes)},
    )

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#words-assign"' in shown
    assert 'aria-describedby="assign-problem"' in shown
    assert f'value="{colleague.id}" selected' in shown
    assert submitted.reference in shown


def test_handing_out_is_recorded_once_however_often_the_form_is_sent(
    submitted: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    colleague, lead = actor("colleague"), browser("lead_officer")
    shown = html.fromstring(lead.get(reverse("desk:case", args=[submitted.id])).content)
    (form,) = shown.xpath('//form[@id="words-assign"]')
    sent = dict(form.form_values()) | {"to": str(colleague.id), "reason": "分片"}

    first = lead.post(form.action, sent)
    actions.claim_case(submitted.id, actor=colleague)
    second = lead.post(form.action, sent)

    events = [entry.event for entry in ledger.history(submitted.id)]
    assert (first.status_code, second.status_code) == (302, 302)
    assert events.count("case.assigned") == 1
    assert Case.objects.get(id=submitted.id).claimed_by_id == colleague.id


def test_handing_back_to_everybody_ends_a_claim_and_is_recorded_once(
    submitted: CaseView, actor: ActorOf
) -> None:
    lead = actor("lead_officer")
    actions.claim_case(submitted.id, actor=actor("window_officer"))

    for _ in range(2):
        actions.assign_case(submitted.id, actor=lead, to=None, reason="同事外出")

    events = [entry.event for entry in ledger.history(submitted.id)]
    assert events.count("case.assigned") == 1
    assert Case.objects.get(id=submitted.id).claimed_by_id is None


def test_handing_back_ends_no_claim_that_its_page_did_not_show(
    submitted: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    officer, colleague, lead = actor("window_officer"), actor("colleague"), browser("lead_officer")
    actions.claim_case(submitted.id, actor=officer)
    shown = html.fromstring(lead.get(reverse("desk:case", args=[submitted.id])).content)
    (form,) = shown.xpath('//form[@id="words-assign"]')
    sent = dict(form.form_values()) | {"to": "", "reason": "同事外出"}

    first = lead.post(form.action, sent)
    actions.claim_case(submitted.id, actor=officer)
    again = lead.post(form.action, sent)
    actions.release_case(submitted.id, actor=officer)
    actions.claim_case(submitted.id, actor=colleague)
    stale = lead.post(form.action, sent | {"_key": str(uuid4())})

    assert [one.status_code for one in (first, again, stale)] == [302, 302, 409]
    assert "刚被一位同事领取" in stale.content.decode()
    assert Case.objects.get(id=submitted.id).claimed_by_id == colleague.id
    assert [one.event for one in ledger.history(submitted.id)].count("case.assigned") == 1


def test_case_that_moved_on_is_not_handed_out_from_an_old_page(
    submitted: CaseView, actor: ActorOf, browser: BrowserOf
) -> None:
    colleague, lead = actor("colleague"), browser("lead_officer")
    address = reverse("desk:assign", args=[submitted.id])
    take(submitted.id, actor("window_officer"), "accept")

    sent = {"to": str(colleague.id), "reason": "分片"}
    old = lead.post(address, sent | {"_changes": str(submitted.changes), "_key": str(uuid4())})
    bare = lead.post(address, sent)

    assert (old.status_code, bare.status_code) == (409, 422)
    assert Case.objects.get(id=submitted.id).assigned_to_id is None


def test_leave_of_more_than_a_year_or_to_the_end_of_time_is_refused_in_words(
    browser: BrowserOf, actor: ActorOf
) -> None:
    officer, colleague = actor("window_officer"), actor("colleague")
    today = clock.today()

    def ask(first: str, last: str) -> str:
        whom = {"account": str(officer.id), "substitute": str(colleague.id)}
        asked = {**whom, "first_day": first, "last_day": last}
        answer = browser("window_officer").post(reverse("desk:leave"), asked)
        assert answer.status_code == 422
        return answer.content.decode()

    assert "一次最多登记一年" in ask(str(today), str(today + timedelta(days=366)))
    assert "日期只能在 1900 年到 2199 年之间" in ask(str(today), "9999-12-31")
    assert "请选择日期" in ask("", str(today))


def test_auditor_finds_every_case_on_its_way_and_cannot_take_it(
    submitted: CaseView, browser: BrowserOf, actor: ActorOf
) -> None:
    auditor = browser("auditor")

    listed = auditor.get(reverse("desk:queue")).content.decode()
    taken = auditor.post(reverse("desk:claim", args=[submitted.id]))

    assert submitted.reference in listed
    assert "休假代办" not in listed
    assert "领取并打开" not in listed
    assert taken.status_code == 403
    assert cases.case_for(actor("auditor"), submitted.id).claimed_by_id is None
