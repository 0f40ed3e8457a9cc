"""材料补正: only what was pinned may change, staff never read the draft, and every round stays."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.answers import SECTIONS, picture
from tests.cases import DECLARED, send_back, submit, take
from yincai.casework import actions, tasks
from yincai.casework import queries as cases
from yincai.casework.models import Case, CorrectionItem, ReasonCode
from yincai.casework.vocabulary import AskedItem, CaseView, DrawnPage, EditedElsewhere, NotPinned, Verb
from yincai.documents import queries as documents
from yincai.documents.inspection import inspect_document
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, SomeoneWasFirst
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor

ActorOf = Callable[[str], Actor]
NAME = AskedItem("name_en", "differs_from_document", "护照上是 ZHANG")
ROW = AskedItem("family.a1", "not_filled")
PAPER = AskedItem("degree_copy", "not_legible")


@pytest.fixture
def returned(submitted: CaseView, actor: ActorOf) -> CaseView:
    """A case that lies with its applicant again: a field, a row and a document are pinned."""
    return send_back(submitted.id, actor("window_officer"), NAME, ROW, PAPER)


def save(case: CaseView, who: Actor, section: str, **changed: list[str]) -> None:
    seen = cases.open_case(who, case.id, Verb.EDIT).contents[section].revision
    posted = SECTIONS[section] | {name.replace("__", "."): texts for name, texts in changed.items()}
    actions.save_section(case.id, actor=who, section=section, posted=posted, seen_revision=seen)


def hand_in_again(case: CaseView, who: Actor) -> CaseView:
    case = cases.case_for(who, case.id)
    return actions.take_transition(case.id, actor=who, name=case.way_out.name, key=uuid4(), words=DECLARED)


def new_paper(case: CaseView, who: Actor, slot: str = "degree_copy") -> UUID:
    added = actions.add_material(case.id, actor=who, slot=slot, upload=picture("again.jpg"))
    inspect_document(added.document_id)
    return added.id


def test_case_sent_back_lies_with_its_applicant_until_the_tenth_working_day(
    returned: CaseView, actor: ActorOf
) -> None:
    asked = cases.correction(actor("applicant"), returned.id)

    assert returned.current_state.menu == "correction"
    assert asked is not None
    assert (
        asked.due_at
        == returned.due_at
        == cases.due_after(returned.spec.workflow.transition("request_correction"), returned)
    )
    assert [(one.place.label, one.reason_label, one.note) for one in asked.items] == [
        ("姓名（英文）", "与证件或材料上的内容不一致", "护照上是 ZHANG"),
        ("家庭成员第 1 条", "没有填写或填写不完整", ""),
        ("学历学位证书", "材料不清晰、有遮挡或被裁切", ""),
    ]
    assert asked.label == "第1次补正"


def test_record_names_places_and_reasons_and_no_word_of_the_note(returned: CaseView) -> None:
    entry = next(one for one in ledger.history(returned.id) if one.event == "case.correction_requested")

    assert entry.payload["items"] == [
        {"path": "name_en", "reason": "differs_from_document"},
        {"path": "family.a1", "reason": "not_filled"},
        {"path": "degree_copy", "reason": "not_legible"},
    ]
    assert "ZHANG" not in json.dumps(dict(entry.payload))
    assert b"ZHANG" not in bytes(CorrectionItem.objects.get(path="name_en").note)


def test_message_says_what_to_put_right(returned: CaseView) -> None:
    step = cases.case_of_system(returned.id).changes

    assert cases.case_for_messages(returned.id, step=step).reason == (
        "1. 姓名（英文）：与证件或材料上的内容不一致（护照上是 ZHANG）；"
        "2. 家庭成员第 1 条：没有填写或填写不完整；"
        "3. 学历学位证书：材料不清晰、有遮挡或被裁切"
    )


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        (AskedItem("no_such", "not_filled"), "与申请人最近一次提交的不一致"),
        (AskedItem("name_en", ""), "请选择补正原因"),
        (AskedItem("name_en", "not_legible"), "请选择补正原因"),
        (AskedItem("name_en", "other"), "请写明说明"),
        (AskedItem("name_en", "not_filled", "长" * 301), "最多 300 个字"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    submitted: CaseView, actor: ActorOf, item: AskedItem, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        send_back(submitted.id, actor("window_officer"), item)

    assert cases.case_for(actor("applicant"), submitted.id).state == "pre_accepted"


def test_nothing_asked_is_refused(submitted: CaseView, actor: ActorOf) -> None:
    with pytest.raises(Invalid, match="至少勾选一处"):
        send_back(submitted.id, actor("window_officer"))


def test_reason_that_administrators_took_away_is_offered_no_more(submitted: CaseView, actor: ActorOf) -> None:
    ReasonCode.objects.filter(code="not_filled").update(retired_on=clock.today())

    with pytest.raises(Invalid, match="请选择补正原因"):
        send_back(submitted.id, actor("window_officer"), AskedItem("name_en", "not_filled"))


def test_pinned_field_row_and_slot_change(returned: CaseView, actor: ActorOf) -> None:
    who = actor("applicant")
    save(returned, who, "person", name_en=["Zhang San"])
    save(returned, who, "household", family__a1__member_post=["石家庄一中"])
    new_paper(returned, who)

    values = cases.open_case(who, returned.id, Verb.EDIT).values
    assert (values["name_en"], values["family"][0]["member_post"]) == ("Zhang San", "石家庄一中")


CLOSED = [
    (section, name)
    for section, posted in SECTIONS.items()
    for name in posted
    if name != "name_en" and not name.startswith("family.a1.") and name != "family._ids"
]


def test_every_field_that_was_not_pinned_is_refused_and_nothing_is_written(
    returned: CaseView, actor: ActorOf
) -> None:
    who = actor("applicant")
    before = cases.open_case(who, returned.id, Verb.EDIT).contents

    for section, name in CLOSED:
        crafted = ["1"] if SECTIONS[section][name] == ["2"] else ["2"]
        with pytest.raises(NotPinned, match="不在这次补正的范围内"):
            save(returned, who, section, **{name: crafted, "name_en": ["Zhang San"]})

    assert len(CLOSED) > 20
    assert cases.open_case(who, returned.id, Verb.EDIT).contents == before


@pytest.mark.parametrize(
    ("section", "crafted"),
    [
        ("household", {"family._ids": ["a1", "b2"], "family.b2.member_name": ["李四"]}),
        ("household", {"family._ids": ["zz"]}),
        ("household", {"family._ids": []}),
        ("household", {"former_place": ["别处"]}),
        ("person", {"honour": ["院士"], "identity.type": ["414"]}),
        ("contact", {"mobile": ["not a number"]}),
    ],
)
def test_crafted_posts_change_nothing(
    returned: CaseView, actor: ActorOf, section: str, crafted: dict[str, list[str]]
) -> None:
    who = actor("applicant")
    before = cases.open_case(who, returned.id, Verb.EDIT).contents

    with pytest.raises(NotPinned):
        actions.save_section(
            returned.id,
            actor=who,
            section=section,
            posted=crafted,
            seen_revision=before[section].revision,
            page=DrawnPage(uuid4(), 1),
        )

    assert cases.open_case(who, returned.id, Verb.EDIT).contents == before


def test_page_that_shows_only_what_is_pinned_leaves_the_rest(returned: CaseView, actor: ActorOf) -> None:
    who = actor("applicant")
    before = cases.open_case(who, returned.id, Verb.EDIT).values

    actions.save_section(
        returned.id, actor=who, section="person", posted={"name_en": ["Zhang San"]}, seen_revision=1
    )

    assert cases.open_case(who, returned.id, Verb.EDIT).values == before | {"name_en": "Zhang San"}


def test_two_devices_that_change_the_same_pinned_field_are_both_shown(
    returned: CaseView, actor: ActorOf
) -> None:
    who = actor("applicant")
    save(returned, who, "person", name_en=["One"])

    with pytest.raises(EditedElsewhere):
        actions.save_section(
            returned.id, actor=who, section="person", posted={"name_en": ["Two"]}, seen_revision=1
        )


@pytest.mark.parametrize("slot", ["photo", "identity_copy", "title_copy", "application_form"])
def test_every_slot_that_was_not_pinned_stays_shut(returned: CaseView, actor: ActorOf, slot: str) -> None:
    who = actor("applicant")
    before = cases.materials(returned.id)

    with pytest.raises(NotPinned):
        actions.add_material(returned.id, actor=who, slot=slot, upload=picture())
    for one in before:
        if one.slot == slot:
            with pytest.raises(NotPinned):
                actions.remove_material(returned.id, one.id, actor=who)

    assert cases.materials(returned.id) == before


def test_answer_that_makes_another_necessary_opens_it(complete: CaseView, actor: ActorOf) -> None:
    who = actor("applicant")
    save(complete, who, "person", category=["6"], honour=[""])
    submit(complete.id, who)
    send_back(complete.id, actor("window_officer"), AskedItem("category", "differs_from_document"))
    with pytest.raises(NotPinned):
        save(complete, who, "person", category=["6"], honour=["市特聘专家"])

    save(complete, who, "person", category=["5"], honour=["市特聘专家"])

    assert cases.open_case(who, complete.id, Verb.EDIT).values["honour"] == "市特聘专家"
    save(complete, who, "person", category=["5"], honour=["市管优秀专家"])


def test_staff_read_the_round_and_never_the_draft(returned: CaseView, actor: ActorOf) -> None:
    who, officer = actor("applicant"), actor("window_officer")
    before = cases.look_at_case(officer, returned.id)
    answers, papers = before.answers, before.materials
    save(returned, who, "person", name_en=["Secret Draft"])
    added = new_paper(returned, who)
    old = next(one for one in papers if one.slot == "degree_copy")
    actions.remove_material(returned.id, old.id, actor=who)

    look = cases.look_at_case(officer, returned.id)

    assert (look.answers, look.materials) == (answers, papers)
    assert "Secret Draft" not in str([one.values for one in look.contents.values()])
    drawn = next(one for one in cases.materials(returned.id) if one.id == added)
    with pytest.raises(NotFound):
        cases.open_document(officer, returned.id, drawn.document_id)
    assert cases.open_document(who, returned.id, drawn.document_id).is_safe
    assert cases.open_document(officer, returned.id, old.document_id).is_safe
    with pytest.raises(NotFound):
        cases.look_at_case(officer, returned.id, round_number=0)
    with pytest.raises(NotFound):
        cases.look_at_case(officer, returned.id, round_number=2)
    with pytest.raises(NotAllowed):
        cases.open_case(officer, returned.id, Verb.EDIT)


def test_handed_in_again_it_keeps_its_number_and_shows_the_difference(
    returned: CaseView, actor: ActorOf
) -> None:
    who, officer = actor("applicant"), actor("window_officer")
    old = next(one for one in cases.materials(returned.id) if one.slot == "degree_copy")
    save(returned, who, "person", name_en=["Zhang San"])
    save(returned, who, "household", family__a1__member_post=["石家庄一中"])
    new_paper(returned, who)
    actions.remove_material(returned.id, old.id, actor=who)

    again = hand_in_again(returned, who)

    assert (again.reference, again.round_number, again.state) == (returned.reference, 2, "pre_accepted")
    assert cases.correction(who, again.id) is None
    assert [one.label for one in cases.rounds(officer, again.id)] == ["首次提交", "第1次补正"]
    found = cases.difference(officer, again.id)
    assert found is not None
    assert [(one.path, one.after) for one in found.fields] == [
        ("name_en", "Zhang San"),
        ("family.a1.member_post", "石家庄一中"),
    ]
    (slot,) = found.slots
    assert [one.id for one, _ in slot.gone] == [old.id]
    assert [one.label for one, _ in slot.come] == ["第1次补正"]
    assert {"name_en", "family", "family.a1", "degree_copy"} <= found.paths
    first = cases.look_at_case(officer, again.id, round_number=1)
    assert old in first.materials
    assert first.answers.get("name_en") != "Zhang San"
    assert documents.document(old.document_id).is_safe
    with pytest.raises(NotAllowed):
        save(again, who, "person", name_en=["Late"])


def test_document_left_out_by_mistake_comes_back(returned: CaseView, actor: ActorOf) -> None:
    who = actor("applicant")
    old = next(one for one in cases.materials(returned.id) if one.slot == "degree_copy")
    actions.remove_material(returned.id, old.id, actor=who)
    assert old not in cases.materials(returned.id)

    actions.restore_material(returned.id, old.id, actor=who)

    assert old in cases.materials(returned.id)


def test_full_slot_gives_up_its_oldest_and_takes_it_back_with_the_new_one(
    submitted: CaseView, actor: ActorOf
) -> None:
    who = actor("applicant")
    send_back(submitted.id, actor("window_officer"), AskedItem("photo", "not_legible"))
    (old,) = [one for one in cases.materials(submitted.id) if one.slot == "photo"]

    added = new_paper(submitted, who, "photo")
    assert [one.id for one in cases.materials(submitted.id) if one.slot == "photo"] == [added]
    with pytest.raises(Invalid, match="最多上传 1 份"):
        new_paper(submitted, who, "photo")
    actions.remove_material(submitted.id, added, actor=who)

    assert old in cases.materials(submitted.id)


def test_replacement_of_nothing_in_the_slot_never_fills_it_beyond_its_limit(
    submitted: CaseView, actor: ActorOf
) -> None:
    """A crafted form names a document of another slot as the one that is replaced."""
    who = actor("applicant")
    send_back(submitted.id, actor("window_officer"), AskedItem("photo", "not_legible"))
    other = next(one.id for one in cases.materials(submitted.id) if one.slot == "degree_copy")

    actions.add_material(submitted.id, actor=who, slot="photo", upload=picture("again.jpg"), replaces=other)

    assert len([one for one in cases.materials(submitted.id) if one.slot == "photo"]) == 1


def test_second_correction_is_another_round(returned: CaseView, actor: ActorOf) -> None:
    who, officer = actor("applicant"), actor("window_officer")
    hand_in_again(returned, who)

    send_back(returned.id, officer, AskedItem("origin", "not_understood"))

    assert [one.label for one in cases.corrections(officer, returned.id)] == ["第1次补正", "第2次补正"]
    with pytest.raises(NotPinned):
        save(returned, who, "person", name_en=["Zhang San"])
    save(returned, who, "person", origin=["中国 河北"])
    assert hand_in_again(returned, who).round_number == 3


def test_window_may_send_back_too_and_four_eyes_hold(submitted: CaseView, actor: ActorOf) -> None:
    take(submitted.id, actor("window_officer"), "accept")

    back = send_back(submitted.id, actor("window_officer"), NAME)

    assert back.state == "in_correction"


def test_limit_that_has_passed_ends_the_case(returned: CaseView, actor: ActorOf) -> None:
    assert returned.due_at is not None
    with pytest.raises(SomeoneWasFirst):
        tasks.pass_limit(returned.id)
    with clock.frozen(returned.due_at - timedelta(seconds=1)):
        tasks.pass_limits(0)
        assert cases.case_for(actor("applicant"), returned.id).state == "in_correction"

    with clock.frozen(returned.due_at):
        tasks.pass_limits(0)
        tasks.pass_limits(0)

    ended = cases.case_for(actor("applicant"), returned.id)
    assert (ended.state, ended.ended_at) == ("refused", returned.due_at)
    assert cases.correction(actor("applicant"), returned.id) is None
    events = [one.event for one in ledger.history(returned.id)]
    assert events.count("case.lapsed") == 1


@pytest.mark.parametrize("page", [1, 2, 500])
def test_broken_cases_stop_no_limit_of_others(
    returned: CaseView,
    actor: ActorOf,
    page: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert returned.due_at is not None
    monkeypatch.setattr(cases, "LATE_AT_ONCE", page)
    broken = [broken_like(returned, returned.due_at - timedelta(days=number)) for number in (3, 2, 1)]
    late = returned.due_at

    with clock.frozen(late):
        tasks.pass_limits(0)

    assert cases.case_for(actor("applicant"), returned.id).state == "refused"
    assert set(Case.objects.filter(id__in=broken).values_list("state", flat=True)) == {"in_correction"}
    said = [one.getMessage() for one in caplog.records if "stays past its limit" in one.getMessage()]
    assert len(said) == 3
    assert all(str(case_id) in sentence for case_id, sentence in zip(broken, said, strict=True))


def broken_like(case: CaseView, due_at: datetime) -> UUID:
    """Another person's case in the same state, of which the database refuses any change."""
    row = Case.objects.get(id=case.id)
    row.id, row.opening_key, row.reference = uuid4(), uuid4(), f"RC{uuid4().int % 10**17:017}"
    row.subject_index, row.changes, row.due_at = os.urandom(32), 2**31 - 1, due_at
    row.save(force_insert=True)
    return row.id


def test_limit_of_another_state_ends_nothing(submitted: CaseView) -> None:
    assert submitted.due_at is not None
    with clock.frozen(submitted.due_at + timedelta(days=30)):
        assert cases.past_their_limit() == []


def test_reasons_that_a_place_kept_stay_as_they_are(submitted: CaseView, settings: object) -> None:
    ReasonCode.objects.filter(code="not_filled").update(label="改过的")
    ReasonCode.objects.filter(code="other").delete()

    assert actions.seed_reasons(settings.PLACES / "shijiazhuang") == 1  # type: ignore[attr-defined]

    labels = {one.code: one.label for one in cases.reasons_of("shijiazhuang")}
    assert (labels["not_filled"], labels["other"]) == ("改过的", "其他")
