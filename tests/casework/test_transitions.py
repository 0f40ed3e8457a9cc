"""From submission to the request for a card: numbers, rounds, four eyes, claims, replays and refusals."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from tests.answers import picture
from tests.cases import DECLARED, PLACE, PROGRAMME, fill, submit, take
from yincai.casework import actions, card_checks
from yincai.casework import queries as cases
from yincai.casework.vocabulary import AlreadyLive, CaseView, FourEyes, NotClaimed, NotComplete, OwnCase
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound, SomeoneWasFirst
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import SYSTEM, Actor

ActorOf = Callable[[str], Actor]


def test_submission_gets_a_number_a_round_and_a_record(complete: CaseView, actor: ActorOf) -> None:
    with clock.frozen(datetime(2026, 11, 22, 2, 3, 4, 567_000, tzinfo=UTC)):
        case = submit(complete.id, actor("applicant"))

    assert case.reference == "RC20261122100304567"
    assert (case.state, case.round_number) == ("pre_accepted", 1)
    assert case.due_at == datetime(2026, 11, 23, 2, 3, 4, 567_000, tzinfo=UTC)
    (entry,) = (one for one in ledger.history(case.id) if one.event == "case.submitted")
    assert re.fullmatch(r"[0-9a-f]{64}", str(entry.payload["commitment"]))


def test_two_submissions_in_one_millisecond_get_two_numbers(
    person: Callable[[str], Any], actor: ActorOf
) -> None:
    drafts = []
    for who, variant in (("applicant", "A"), ("stranger", "A")):
        case = actions.open_draft(
            actor=actor(who), place=PLACE, programme=PROGRAMME, variant=variant, key=uuid4()
        )
        fill(case.id, actor(who))
        drafts.append((who, case))
    other = {"identity.type": ["414"], "identity.number": ["E12345678"], "name_zh": ["李雷"], "sex": ["1"]}
    person_section = {**_person(), **other}
    actions.save_section(
        drafts[1][1].id, actor=actor("stranger"), section="person", posted=person_section, seen_revision=1
    )

    with clock.frozen(datetime(2026, 11, 22, 2, 3, 4, 567_000, tzinfo=UTC)):
        numbers = [submit(case.id, actor(who)).reference for who, case in drafts]

    assert numbers == ["RC20261122100304567", "RC20261122100304568"]


def test_submission_replayed_gives_the_same_number_and_one_record(complete: CaseView, actor: ActorOf) -> None:
    key = uuid4()
    name = complete.way_out.name

    first, again = (
        actions.take_transition(complete.id, actor=actor("applicant"), name=name, key=key, words=DECLARED)
        for _ in range(2)
    )

    assert first.reference == again.reference
    assert [one.event for one in ledger.history(complete.id)].count("case.submitted") == 1


def test_incomplete_draft_is_refused_and_every_gap_is_named(draft: CaseView, actor: ActorOf) -> None:
    with pytest.raises(NotComplete) as refusal:
        submit(draft.id, actor("applicant"))

    places = {(one.section, one.path) for one in refusal.value.missing}
    assert {("person", "name_zh"), ("contact", "mobile"), ("employer", "employer_name")} <= places
    assert {path for section, path in places if section == "materials"} == {"identity_copy"}
    assert cases.case_for(actor("applicant"), draft.id).reference is None


def test_upload_that_is_still_checked_is_not_asked_for_again(complete: CaseView, actor: ActorOf) -> None:
    copy = next(one for one in cases.materials(complete.id) if one.slot == "identity_copy")
    actions.remove_material(complete.id, copy.id, actor=actor("applicant"))
    actions.add_material(complete.id, actor=actor("applicant"), slot="identity_copy", upload=picture())

    todo = cases.open_case(actor("applicant"), complete.id).missing

    assert [(one.path, one.message) for one in todo] == [
        ("identity_copy", "“身份证或护照”还在检查，请稍等片刻再提交。")
    ]


def test_one_person_has_one_live_case_whichever_account(submitted: CaseView, actor: ActorOf) -> None:
    other = actions.open_draft(
        actor=actor("stranger"), place=PLACE, programme=PROGRAMME, variant="A", key=uuid4()
    )
    fill(other.id, actor("stranger"))

    with pytest.raises(AlreadyLive):
        submit(other.id, actor("stranger"))

    assert cases.case_for(actor("stranger"), other.id).is_draft
    assert "case.submitted" not in [one.event for one in ledger.history(other.id)]


def test_whole_way_to_the_request_for_a_card(submitted: CaseView, actor: ActorOf) -> None:
    take(submitted.id, actor("window_officer"), "accept")
    take(submitted.id, actor("window_officer"), "check_originals", confirmation="on")
    take(submitted.id, actor("approver"), "approve", opinion="符合第(4)类。")
    case = take(submitted.id, actor("issuer"), "issue")

    assert case.state == "making_card"
    assert [one.event for one in ledger.history(case.id)][-2:] == ["case.card_requested", "card.requested"]
    ended = actions.take_transition(case.id, actor=SYSTEM, name="card_sealed", key=uuid4())
    assert (ended.state, ended.ended_at) == ("ready", None)


def test_officer_without_a_claim_may_not_act(submitted: CaseView, actor: ActorOf) -> None:
    with pytest.raises(NotClaimed):
        actions.take_transition(submitted.id, actor=actor("window_officer"), name="accept", key=uuid4())

    assert cases.case_for(actor("applicant"), submitted.id).state == "pre_accepted"


def test_refusal_needs_a_reason_which_the_applicant_reads(submitted: CaseView, actor: ActorOf) -> None:
    with pytest.raises(Invalid):
        take(submitted.id, actor("window_officer"), "refuse_at_window")

    case = take(submitted.id, actor("window_officer"), "refuse_at_window", reason="证件照片看不清。")

    assert case.state == "refused"
    assert cases.steps(actor("applicant"), case.id)[-1].words == {"reason": "证件照片看不清。"}


def test_refused_person_may_apply_again(submitted: CaseView, actor: ActorOf) -> None:
    take(submitted.id, actor("window_officer"), "refuse_at_window", reason="证件照片看不清。")
    again = actions.open_draft(
        actor=actor("applicant"), place=PLACE, programme=PROGRAMME, variant="A", key=uuid4()
    )
    fill(again.id, actor("applicant"))

    assert submit(again.id, actor("applicant")).reference is not None


def test_four_eyes_hold_even_for_somebody_with_both_roles(
    submitted: CaseView, actor: ActorOf, person: Callable[[str], Any]
) -> None:
    from yincai.people import actions as people

    both = person("window_officer")
    people.appoint_staff(both, actor=SYSTEM, place=PLACE, office="organisation", role="approver")
    take(submitted.id, actor("window_officer"), "accept")
    take(submitted.id, actor("window_officer"), "check_originals", confirmation="on")

    with pytest.raises(FourEyes):
        take(submitted.id, actor("window_officer"), "approve", opinion="符合。")

    assert cases.case_for(actor("applicant"), submitted.id).state == "in_approval"


def test_page_drawn_before_somebody_elses_step_is_refused(submitted: CaseView, actor: ActorOf) -> None:
    officer = actor("window_officer")
    actions.claim_case(submitted.id, actor=officer)

    with pytest.raises(SomeoneWasFirst):
        actions.take_transition(
            submitted.id, actor=officer, name="accept", key=uuid4(), seen_changes=submitted.changes - 1
        )


def test_form_of_one_step_sent_for_another_changes_nothing(submitted: CaseView, actor: ActorOf) -> None:
    officer, key = actor("window_officer"), uuid4()
    actions.claim_case(submitted.id, actor=officer)
    actions.take_transition(submitted.id, actor=officer, name="accept", key=key)
    actions.claim_case(submitted.id, actor=officer)

    with pytest.raises(SomeoneWasFirst):
        actions.take_transition(
            submitted.id, actor=officer, name="refuse_at_window", key=key, words={"reason": "看不清。"}
        )

    assert cases.case_for(actor("applicant"), submitted.id).state == "at_window"


def test_officer_barred_by_four_eyes_may_not_claim(
    submitted: CaseView, actor: ActorOf, person: Callable[[str], Any]
) -> None:
    from yincai.people import actions as people

    people.appoint_staff(
        person("window_officer"), actor=SYSTEM, place=PLACE, office="organisation", role="approver"
    )
    take(submitted.id, actor("window_officer"), "accept")
    take(submitted.id, actor("window_officer"), "check_originals", confirmation="on")

    with pytest.raises(FourEyes):
        actions.claim_case(submitted.id, actor=actor("window_officer"))

    assert actions.claim_case(submitted.id, actor=actor("approver")).claimed_by_id == actor("approver").id


def test_staff_never_see_their_own_case_at_the_desk(
    submitted: CaseView, actor: ActorOf, person: Callable[[str], Any]
) -> None:
    from yincai.people import actions as people

    applicant = person("applicant")
    hall = {"place": PLACE, "office": "hall", "role": "window_officer"}
    people.appoint_staff(applicant, actor=SYSTEM, name="石申请", **hall)

    with pytest.raises(OwnCase):
        cases.case_for(Actor("staff", applicant.pk), submitted.id)


def test_staff_of_another_place_do_not_see_a_case(
    submitted: CaseView, actor: ActorOf, person: Callable[[str], Any]
) -> None:
    from yincai.people import actions as people

    stranger = person("stranger")
    elsewhere = {"place": "harbour_city", "office": "main_library", "role": "auditor"}
    people.appoint_staff(stranger, actor=SYSTEM, name="路过客", **elsewhere)

    with pytest.raises(NotFound):
        cases.case_for(Actor("staff", stranger.pk), submitted.id)


def test_officer_who_left_the_place_no_longer_sees_the_case(
    submitted: CaseView, actor: ActorOf, person: Callable[[str], Any]
) -> None:
    from yincai.people import actions as people
    from yincai.people import queries as people_queries

    officer = person("window_officer")
    take(submitted.id, actor("window_officer"), "accept")
    for held in people_queries.appointments(officer):
        people.end_appointment(held.id, actor=SYSTEM)

    with pytest.raises(NotFound):
        cases.case_for(actor("window_officer"), submitted.id)


def test_document_still_being_checked_keeps_the_draft_from_submission(
    complete: CaseView, actor: ActorOf
) -> None:
    actions.add_material(complete.id, actor=actor("applicant"), slot="title_copy", upload=picture())

    with pytest.raises(NotComplete) as refusal:
        submit(complete.id, actor("applicant"))

    assert [(one.section, one.path) for one in refusal.value.missing] == [("materials", "title_copy")]


def test_person_with_a_card_may_apply_again(submitted: CaseView, actor: ActorOf) -> None:
    take(submitted.id, actor("window_officer"), "accept")
    take(submitted.id, actor("window_officer"), "check_originals", confirmation="on")
    take(submitted.id, actor("approver"), "approve", opinion="符合。")
    take(submitted.id, actor("issuer"), "issue")
    actions.take_transition(submitted.id, actor=SYSTEM, name="card_sealed", key=uuid4())
    again = actions.open_draft(
        actor=actor("applicant"), place=PLACE, programme=PROGRAMME, variant="A", key=uuid4()
    )
    fill(again.id, actor("applicant"))

    assert submit(again.id, actor("applicant")).state == "pre_accepted"


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("applicant", True),
        ("spouse", False),
        ("stranger", False),
        ("window_officer", True),
        ("approver", False),
        ("issuer", False),
        ("auditor", True),
        ("administrator", False),
    ],
)
def test_submitted_case_is_seen_by(submitted: CaseView, actor: ActorOf, who: str, sees: bool) -> None:
    if sees:
        assert cases.case_for(actor(who), submitted.id).reference == submitted.reference
    else:
        with pytest.raises(NotFound):
            cases.case_for(actor(who), submitted.id)


def _person() -> dict[str, list[str]]:
    from tests.answers import SECTIONS

    return SECTIONS["person"]


def test_card_is_checked_before_the_case_is_locked(
    submitted: CaseView, actor: ActorOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decoding a photo takes its time: nobody who wants the case waits for it, and it is done once."""
    take(submitted.id, actor("window_officer"), "accept")
    take(submitted.id, actor("window_officer"), "check_originals", confirmation="on")
    take(submitted.id, actor("approver"), "approve", opinion="符合。")
    inside, seen = len(connection.savepoint_ids), []
    note = lambda case_id: seen.append(len(connection.savepoint_ids))  # noqa: E731
    monkeypatch.setitem(card_checks._checks, "test", note)

    take(submitted.id, actor("issuer"), "issue")

    assert seen == [inside]
