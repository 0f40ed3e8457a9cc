"""Card types A, B and C: who may apply for what, and what the clock does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from tests.answers import SECTIONS
from tests.cases import PLACE, PROGRAMME, fill, submit, take
from tests.desk.test_query_counts import add_like
from tests.plans import plans
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.models import Case
from yincai.casework.monthly import latest
from yincai.casework.tasks import take_monthly
from yincai.casework.vocabulary import CaseView
from yincai.foundation import clock
from yincai.foundation.errors import NotAllowed
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import SYSTEM, Actor

ActorOf = Callable[[str], Actor]


def county_case(actor: ActorOf, **answers: str) -> CaseView:
    """A submitted case for a county's card."""
    applicant = actor("applicant")
    case = actions.open_draft(actor=applicant, place=PLACE, programme=PROGRAMME, variant="C", key=uuid4())
    fill(case.id, applicant)
    own = {"county": ["130109"], "category_c": ["2"]}
    save(case, applicant, "person", SECTIONS["person"] | own, 1)
    introduced = {"route": ["introduced"], "present_post": ["工程师"], "manner": ["rigid"]}
    save(case, applicant, "introduction", introduced, 1)
    delivery = {"handover": [answers.get("handover", "collect")]}
    if delivery["handover"] == ["post"]:
        delivery["post_address"] = ["示例市裕华区示例路 1 号 2 单元 301"]
    save(case, applicant, "delivery", delivery, 0)
    return case


def save(case: CaseView, applicant: Actor, section: str, posted: dict[str, list[str]], seen: int) -> None:
    saved = actions.save_section(case.id, actor=applicant, section=section, posted=posted, seen_revision=seen)
    assert saved.problems == ()


@pytest.mark.parametrize(
    ("day", "on", "expected"),
    [
        (20, date(2026, 11, 20), date(2026, 11, 20)),
        (20, date(2026, 11, 19), date(2026, 10, 20)),
        (20, date(2027, 1, 3), date(2026, 12, 20)),
    ],
)
def test_newest_day_of_the_month(day: int, on: date, expected: date) -> None:
    assert latest(day, on=on) == expected


def test_county_card_waits_for_the_twentieth_and_the_clock_moves_it_on(
    published: object, actor: ActorOf
) -> None:
    with clock.frozen(datetime(2026, 11, 3, 2, tzinfo=UTC)):
        case = county_case(actor)
        missing = [one.path for one in cases.open_case(actor("applicant"), case.id).missing]
        assert missing == ["title_copy"]
        from tests.answers import picture
        from yincai.documents.inspection import inspect_document

        material = actions.add_material(
            case.id, actor=actor("applicant"), slot="title_copy", upload=picture("title.jpg")
        )
        inspect_document(material.document_id)
        submit(case.id, actor("applicant"))
        take(case.id, actor("window_officer"), "accept")
        take(case.id, actor("window_officer"), "check_originals_c", confirmation="on")
    with clock.frozen(datetime(2026, 11, 19, 12, tzinfo=UTC)):
        take_monthly(0)
        assert cases.case_for(actor("applicant"), case.id).state == "awaiting_recheck"
    with clock.frozen(datetime(2026, 11, 21, 2, tzinfo=UTC)):  # the day itself was missed
        take_monthly(0)
        take_monthly(0)
        assert cases.case_for(actor("applicant"), case.id).state == "in_recheck"


def test_broken_case_keeps_no_other_from_its_day(
    published: object, actor: ActorOf, caplog: pytest.LogCaptureFixture
) -> None:
    with clock.frozen(datetime(2026, 11, 3, 2, tzinfo=UTC)):
        case = county_case(actor)
        add_title(case, actor)
        submit(case.id, actor("applicant"))
        take(case.id, actor("window_officer"), "accept")
        waiting = take(case.id, actor("window_officer"), "check_originals_c", confirmation="on")
    add_like(waiting, 1)
    other = Case.objects.exclude(id=case.id).get()
    before = waiting.state_since - timedelta(days=1)
    Case.objects.filter(id=other.id).update(
        changes=2**31 - 1, state_since=before
    )  # the database refuses more

    with clock.frozen(datetime(2026, 11, 21, 2, tzinfo=UTC)):
        take_monthly(0)

    assert cases.case_for(actor("applicant"), case.id).state == "in_recheck"
    other.refresh_from_db()
    assert other.state == "awaiting_recheck"
    assert any(str(other.id) in one.getMessage() for one in caplog.records)


def add_title(case: CaseView, actor: ActorOf) -> None:
    """The copy of the title that a county's card asks for."""
    from tests.answers import picture
    from yincai.documents.inspection import inspect_document

    added = actions.add_material(
        case.id, actor=actor("applicant"), slot="title_copy", upload=picture("title.jpg")
    )
    inspect_document(added.document_id)


def test_cases_that_wait_for_a_day_are_looked_for_in_an_index(submitted: CaseView) -> None:
    for number in range(200):
        add_like(submitted, number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE casework_case")

    found = plans(lambda: list(cases.due_monthly(on=date(2026, 11, 20))), of="casework_case")

    assert len(found) == 1
    assert "Index Scan using case_queue_" in found[0]


@pytest.mark.parametrize(
    ("chosen", "step", "words", "other", "event"),
    [
        ("post", "post_card", {"reason": "快递单号 SF1234567890"}, "hand_over", "case.posted"),
        ("collect", "hand_over", {"confirmation": "on"}, "post_card", "case.handed_over"),
    ],
)
def test_county_card_is_handed_over_in_the_way_that_was_chosen(
    published: object, actor: ActorOf, chosen: str, step: str, words: dict[str, str], other: str, event: str
) -> None:
    from tests.answers import picture
    from yincai.documents.inspection import inspect_document

    case = county_case(actor, handover=chosen)
    material = actions.add_material(
        case.id, actor=actor("applicant"), slot="title_copy", upload=picture("title.jpg")
    )
    inspect_document(material.document_id)
    submit(case.id, actor("applicant"))
    take(case.id, actor("window_officer"), "accept")
    take(case.id, actor("window_officer"), "check_originals_c", confirmation="on")
    with clock.frozen(clock.now() + timedelta(days=31)):
        take_monthly(0)
        take(case.id, actor("window_officer"), "pass_recheck", opinion="复核无误。")
        take(case.id, actor("approver"), "approve", opinion="符合。")
        take(case.id, actor("issuer"), "issue")
        actions.take_transition(case.id, actor=SYSTEM, name="card_sealed", key=uuid4())
        with pytest.raises(NotAllowed, match="申请人选择"):
            take(case.id, actor("issuer"), other, reason="x", confirmation="on")
        ended = take(case.id, actor("issuer"), step, **words)

    recorded = [(one.event, one.actor.kind) for one in ledger.history(case.id)]
    assert (ended.state, ended.current_state.final) == ("issued", True)
    assert ("case.recheck_opened", "system") in recorded
    assert recorded[-1] == (event, "staff")


def test_county_that_is_not_open_is_no_answer(published: object, actor: ActorOf) -> None:
    applicant = actor("applicant")
    case = actions.open_draft(actor=applicant, place=PLACE, programme=PROGRAMME, variant="C", key=uuid4())

    saved = actions.save_section(
        case.id, actor=applicant, section="person", posted={"county": ["130102"]}, seen_revision=0
    )

    assert [one.path for one in saved.problems] == ["county"]
    assert case.spec.regions_of(case.spec.variant("C")) == ("130109", "130110", "130121")


def test_county_card_does_not_skip_the_monthly_check(published: object, actor: ActorOf) -> None:
    case = county_case(actor)
    spec = case.spec
    ways = {way.name: way for way in spec.workflow.transitions}
    assert ways["check_originals"].guard is not None
    assert ways["open_recheck"].day_of_month == 20


def test_home_grown_person_is_sent_to_the_a_card(published: object, actor: ActorOf) -> None:
    applicant = actor("applicant")
    case = actions.open_draft(actor=applicant, place=PLACE, programme=PROGRAMME, variant="B", key=uuid4())
    fill(case.id, applicant)
    save(case, applicant, "person", SECTIONS["person"] | {"category_b": ["7"]}, 1)
    save(case, applicant, "introduction", {"route": ["trained"], "trained_post": ["研究员"]}, 1)

    with pytest.raises(NotAllowed, match="A卡"):
        submit(case.id, applicant)


def test_class_that_needs_experts_is_not_approved_without_them(complete: CaseView, actor: ActorOf) -> None:
    applicant = actor("applicant")
    save(complete, applicant, "person", SECTIONS["person"] | {"category": ["6"]}, 1)
    submit(complete.id, applicant)
    take(complete.id, actor("window_officer"), "accept")
    take(complete.id, actor("window_officer"), "check_originals", confirmation="on")

    with pytest.raises(NotAllowed, match="专家"):
        take(complete.id, actor("approver"), "approve", opinion="符合。")

    take(complete.id, actor("approver"), "call_experts")
    approved = take(complete.id, actor("approver"), "approve_after_experts", opinion="评价通过。")
    assert approved.state == "approved"


def test_news_goes_to_the_phone_of_the_form(submitted: CaseView) -> None:
    assert cases.contact_phone(submitted.id) == "+86" + SECTIONS["contact"]["mobile"][0].replace(" ", "")
