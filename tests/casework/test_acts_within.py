"""Acts within a state (《行政许可法》 articles 34 and 42): a visit leaves the case where it is, and its limit
is extended once, with a reason that its applicant hears."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.cases import PLACE, submit, take
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.ageing import Age, ageing_of
from yincai.casework.models import Case
from yincai.casework.statistics import Asked, stage_times
from yincai.casework.vocabulary import CaseView
from yincai.foundation import clock
from yincai.foundation.calendar_table import load_calendar
from yincai.foundation.errors import Invalid, SomeoneWasFirst
from yincai.ledger.queries import changes
from yincai.ledger.vocabulary import Actor
from yincai.messages.queries import inbox
from yincai.messages.tasks import tell_applicant

ActorOf = Callable[[str], Actor]
MONDAY = datetime(2026, 3, 9, 1, tzinfo=UTC)  # 09:00 in China
MARCH = Asked(PLACE, date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def in_approval(complete: CaseView, actor: ActorOf) -> CaseView:
    """A case that came to its approval on a Monday morning; the approver has claimed it."""
    with clock.frozen(MONDAY):
        submit(complete.id, actor("applicant"))
        take(complete.id, actor("window_officer"), "accept")
        take(complete.id, actor("window_officer"), "check_originals", confirmation="on")
        return actions.claim_case(complete.id, actor=actor("approver"))


def _days(case: CaseView) -> int:
    assert case.due_at is not None
    return load_calendar().count(clock.day_of(MONDAY), clock.day_of(case.due_at - timedelta(seconds=1)))


@pytest.mark.parametrize("name", ["visit_site", "visit_applicant"])
def test_visit_is_recorded_and_leaves_stage_holder_and_limit(
    in_approval: CaseView, actor: ActorOf, name: str
) -> None:
    with clock.frozen(MONDAY + timedelta(hours=3)):
        after = take(in_approval.id, actor("approver"), name, opinion="原件与实地情况一致。")
        again = take(in_approval.id, actor("approver"), name, opinion="又去看了一次。")

    assert (after.state, after.state_since, after.due_at) == ("in_approval", MONDAY, in_approval.due_at)
    assert again.claimed_by_id == actor("approver").id
    assert [one.transition for one in cases.steps(actor("approver"), in_approval.id)][-2:] == [name, name]
    events = {"visit_site": "case.site_visited", "visit_applicant": "case.applicant_visited"}
    assert [one.event for one in changes(in_approval.id)].count(events[name]) == 2


def test_limit_is_extended_once_with_a_reason(in_approval: CaseView, actor: ActorOf) -> None:
    assert _days(in_approval) == 10
    with clock.frozen(MONDAY + timedelta(days=1)):
        with pytest.raises(Invalid):
            take(in_approval.id, actor("approver"), "extend_approval")
        longer = take(in_approval.id, actor("approver"), "extend_approval", reason="等待外省学历核实结果。")
        with pytest.raises(SomeoneWasFirst, match="不能再延长"):
            take(in_approval.id, actor("approver"), "extend_approval", reason="再延长。")
        offered = [way.name for way in cases.possible(actor("approver"), in_approval.id)]

    assert (longer.state, longer.state_since, _days(longer)) == ("in_approval", MONDAY, 20)
    assert "extend_approval" not in offered
    assert "visit_site" in offered


def test_approval_after_a_visit_counts_the_whole_time_of_the_stage(
    in_approval: CaseView, actor: ActorOf
) -> None:
    with clock.frozen(MONDAY + timedelta(days=1)):
        take(in_approval.id, actor("approver"), "visit_site", opinion="一致。")
    with clock.frozen(MONDAY + timedelta(days=2)):
        approved = take(in_approval.id, actor("approver"), "approve", opinion="符合。")

    (approval,) = [one for one in stage_times(MARCH) if one.state == "组织部核准认定中"]
    assert approved.state == "approved"
    assert (approval.count, approval.median) == (1, 2.0)


def test_extended_limit_moves_with_the_calendar(in_approval: CaseView, actor: ActorOf) -> None:
    with clock.frozen(MONDAY + timedelta(hours=1)):
        longer = take(in_approval.id, actor("approver"), "extend_approval", reason="等待核实。")
        (moved,) = cases.moved_by(date(2026, 3, 18), is_working=False)

    assert moved.before == longer.due_at
    assert (moved.after - moved.before).days == 1
    assert Case.objects.get(pk=in_approval.id).due_at == moved.before


def test_case_comes_anew_to_the_stage_and_may_be_extended_anew(in_approval: CaseView, actor: ActorOf) -> None:
    with clock.frozen(MONDAY + timedelta(hours=1)):
        take(in_approval.id, actor("approver"), "extend_approval", reason="等待核实。")
    Case.objects.filter(pk=in_approval.id).update(state_since=MONDAY + timedelta(days=3))

    with clock.frozen(MONDAY + timedelta(days=4)):
        longer = take(in_approval.id, actor("approver"), "extend_approval", reason="再次等待核实。")

    assert _days(longer) == 23


def test_queue_and_page_count_the_longer_limit(
    in_approval: CaseView, actor: ActorOf, browser: Callable[[str], Client]
) -> None:
    with clock.frozen(MONDAY + timedelta(days=1)):
        longer = take(in_approval.id, actor("approver"), "extend_approval", reason="等待核实。")
        shown = browser("applicant").get(reverse("portal:case", args=[in_approval.id])).content.decode()
        age = ageing_of(longer, at=clock.now(), calendar=load_calendar())

    assert (age.age, age.used, age.amount) == (Age.NORMAL, 1, 20)
    assert "原10 个工作日内，已延长到" in shown
    assert "2026年4月7日（含当日）" in shown
    assert cases.is_extended(longer)
    assert not cases.is_extended(in_approval)


def test_notice_of_an_extension_names_its_own_day_even_when_the_case_has_gone_on(
    in_approval: CaseView, actor: ActorOf
) -> None:
    with clock.frozen(MONDAY + timedelta(days=1)):
        take(in_approval.id, actor("approver"), "extend_approval", reason="等待核实。")
        entry = changes(in_approval.id)[-1]
        take(in_approval.id, actor("approver"), "approve", opinion="符合。")
        tell_applicant(entry)

    newest = inbox(in_approval.account_id)[0]
    assert newest.title == "审核时限已延长"
    assert "办理时限延长到 2026年4月7日（含当日）" in newest.body


def test_limit_that_has_passed_is_extended_no_more(in_approval: CaseView, actor: ActorOf) -> None:
    assert in_approval.due_at is not None
    with clock.frozen(in_approval.due_at):
        offered = [way.name for way in cases.possible(actor("approver"), in_approval.id)]
        with pytest.raises(SomeoneWasFirst, match="不能再延长"):
            take(in_approval.id, actor("approver"), "extend_approval", reason="等待核实。")

    assert "extend_approval" not in offered


def test_officer_stays_at_the_case_after_an_act_within_it(
    in_approval: CaseView, browser: Callable[[str], Client]
) -> None:
    officer = browser("approver")
    with clock.frozen(MONDAY + timedelta(hours=1)):
        page = officer.get(reverse("desk:case", args=[in_approval.id])).content.decode()
        answer = officer.post(
            reverse("desk:step", args=[in_approval.id, "visit_site"]),
            {"_key": str(uuid4()), "_changes": str(in_approval.changes), "opinion": "一致。"},
        )

    assert "其他办理（不改变环节）：现场审查、上门实地核查、延长审核" in page
    assert page.index("核准认定</button>") < page.index("现场审查</button>")
    assert answer["Location"].startswith(reverse("desk:case", args=[in_approval.id]))
