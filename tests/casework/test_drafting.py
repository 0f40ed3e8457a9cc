"""A draft is opened once, saved by section, joined or shown when two devices meet, and deleted for good."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from tests.answers import NUMBER, SECTIONS
from tests.cases import PLACE, PROGRAMME
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.models import Case
from yincai.casework.vocabulary import CaseView, DrawnPage, EditedElsewhere, TooManyDrafts
from yincai.foundation.errors import NotAllowed, NotFound
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor

ActorOf = Callable[[str], Actor]


def save(
    case: CaseView,
    who: Actor,
    section: str,
    posted: dict[str, list[str]],
    seen: int,
    page: UUID | DrawnPage | None = None,
) -> Any:
    drawn = DrawnPage(page) if isinstance(page, UUID) else page
    return actions.save_section(
        case.id, actor=who, section=section, posted=posted, seen_revision=seen, page=drawn
    )


def test_draft_opened_twice_with_one_key_is_one_draft(published: Any, actor: ActorOf) -> None:
    key = uuid4()

    first, second = (
        actions.open_draft(actor=actor("applicant"), place=PLACE, programme=PROGRAMME, variant="A", key=key)
        for _ in range(2)
    )

    assert first.id == second.id
    assert [one.event for one in ledger.history(first.id)] == ["draft.opened"]


def test_draft_opened_with_a_strangers_key_is_refused(draft: CaseView, actor: ActorOf) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT opening_key FROM casework_case WHERE id = %s", [draft.id])
        (key,) = cursor.fetchone()

    with pytest.raises(NotAllowed):
        actions.open_draft(actor=actor("stranger"), place=PLACE, programme=PROGRAMME, variant="A", key=key)


def test_section_saved_is_read_back_from_another_device(draft: CaseView, actor: ActorOf) -> None:
    saved = save(draft, actor("applicant"), "employer", SECTIONS["employer"], 0)

    content = cases.contents(actor("applicant"), draft.id)["employer"]

    assert saved.problems == ()
    assert content.revision == 1
    assert content.values["employer_name"] == "石家庄示例科技有限公司"


def test_section_saved_unchanged_writes_no_revision(draft: CaseView, actor: ActorOf) -> None:
    save(draft, actor("applicant"), "employer", SECTIONS["employer"], 0)

    again = save(draft, actor("applicant"), "employer", SECTIONS["employer"], 1)

    assert again.content.revision == 1


def test_wrong_answer_is_kept_as_typed_and_named(draft: CaseView, actor: ActorOf) -> None:
    posted = SECTIONS["contact"] | {"email": ["zhang-at-example"]}

    saved = save(draft, actor("applicant"), "contact", posted, 0)

    assert [problem.path for problem in saved.problems] == ["email"]
    assert cases.contents(actor("applicant"), draft.id)["contact"].typed == {"email": "zhang-at-example"}


def test_two_devices_that_changed_different_fields_are_joined(draft: CaseView, actor: ActorOf) -> None:
    base = SECTIONS["employer"]
    save(draft, actor("applicant"), "employer", base, 0)
    save(draft, actor("applicant"), "employer", base | {"employer_contact": ["王五"]}, 1)

    saved = save(draft, actor("applicant"), "employer", base | {"employer_address": ["新址 2 号"]}, 1)

    assert saved.merged == ("employer_contact",)
    assert saved.content.values["employer_contact"] == "王五"
    assert saved.content.values["employer_address"] == "新址 2 号"


def test_two_devices_that_changed_one_field_are_shown_and_nothing_is_written(
    draft: CaseView, actor: ActorOf
) -> None:
    base = SECTIONS["employer"]
    save(draft, actor("applicant"), "employer", base, 0)
    save(draft, actor("applicant"), "employer", base | {"employer_contact": ["王五"]}, 1)

    with pytest.raises(EditedElsewhere) as conflict:
        save(draft, actor("applicant"), "employer", base | {"employer_contact": ["赵六"]}, 1)

    assert conflict.value.fields == ("employer_contact",)
    content = cases.contents(actor("applicant"), draft.id)["employer"]
    assert (content.revision, content.values["employer_contact"]) == (2, "王五")


def test_page_whose_answer_was_lost_does_not_conflict_with_itself(draft: CaseView, actor: ActorOf) -> None:
    page, posted = uuid4(), SECTIONS["contact"]
    save(draft, actor("applicant"), "contact", posted | {"email": ["a@example.org"]}, 0, page)
    save(draft, actor("applicant"), "contact", posted | {"email": ["ab"]}, 0, page)

    saved = save(draft, actor("applicant"), "contact", posted | {"email": ["ab@example.org"]}, 0, page)

    assert (saved.content.values["email"], dict(saved.content.typed)) == ("ab@example.org", {})


def test_page_that_goes_on_typing_keeps_what_the_other_device_saved_in_between(
    draft: CaseView, actor: ActorOf
) -> None:
    base, page, other = SECTIONS["employer"], uuid4(), uuid4()
    save(draft, actor("applicant"), "employer", base, 0, page)
    save(draft, actor("applicant"), "employer", base | {"employer_address": ["新址"]}, 1, page)
    save(draft, actor("applicant"), "employer", base | {"employer_contact": ["王五"]}, 1, other)

    saved = save(draft, actor("applicant"), "employer", base | {"employer_address": ["新址 2 号"]}, 1, page)

    assert saved.content.values["employer_contact"] == "王五"
    assert saved.content.values["employer_address"] == "新址 2 号"


def test_same_field_changed_between_two_saves_of_a_page_is_shown(draft: CaseView, actor: ActorOf) -> None:
    base, page, other = SECTIONS["employer"], uuid4(), uuid4()
    save(draft, actor("applicant"), "employer", base | {"employer_contact": ["王五"]}, 0, page)
    save(draft, actor("applicant"), "employer", base | {"employer_contact": ["赵六"]}, 1, other)

    with pytest.raises(EditedElsewhere) as conflict:
        save(draft, actor("applicant"), "employer", base | {"employer_contact": ["王五一"]}, 0, page)

    assert conflict.value.fields == ("employer_contact",)


def test_wrong_answer_mended_on_the_other_device_is_no_problem_here(draft: CaseView, actor: ActorOf) -> None:
    wrong = SECTIONS["contact"] | {"email": ["nobody"]}
    save(draft, actor("applicant"), "contact", wrong, 0)
    save(draft, actor("applicant"), "contact", SECTIONS["contact"], 1)

    saved = save(draft, actor("applicant"), "contact", wrong | {"telephone": ["0311-85128888"]}, 1)

    assert saved.problems == ()
    assert saved.merged == ("email",)


def test_row_taken_away_here_and_mistyped_there_is_shown(draft: CaseView, actor: ActorOf) -> None:
    base = SECTIONS["household"]
    save(draft, actor("applicant"), "household", base, 0)
    wrong = {"family.a1.member_identity.number": ["110101202011220011"]}
    save(draft, actor("applicant"), "household", base | wrong, 1)

    with pytest.raises(EditedElsewhere) as conflict:
        save(draft, actor("applicant"), "household", {"family._ids": []}, 1)

    assert conflict.value.fields == ("family",)


def test_answers_lie_nowhere_in_clear(draft: CaseView, actor: ActorOf) -> None:
    save(draft, actor("applicant"), "person", SECTIONS["person"], 0)

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(encode(sealed, 'escape'), '') FROM casework_sectionrevision")
        (stored,) = cursor.fetchone()

    assert NUMBER not in stored
    assert "张晓雨" not in stored


def test_draft_deleted_is_gone_for_its_applicant(complete: CaseView, actor: ActorOf) -> None:
    actions.delete_draft(complete.id, actor=actor("applicant"))

    with pytest.raises(NotFound):
        cases.case_for(actor("applicant"), complete.id)
    assert cases.cases_of(complete.account_id) == []
    assert ledger.history(complete.id)[-1].event == "draft.deleted"


@pytest.mark.parametrize("who", ["stranger", "spouse", "window_officer", "auditor", "administrator"])
def test_draft_is_invisible_to_everybody_else(draft: CaseView, actor: ActorOf, who: str) -> None:
    before = len(ledger.history(draft.id))

    with pytest.raises(NotFound):
        save(draft, actor(who), "employer", SECTIONS["employer"], 0)

    assert len(ledger.history(draft.id)) == before


def employer(name: str, contact: str = "张三") -> dict[str, list[str]]:
    return SECTIONS["employer"] | {"employer_name": [name], "employer_contact": [contact]}


def test_save_that_a_later_one_of_its_page_overtook_writes_nothing(draft: CaseView, actor: ActorOf) -> None:
    who, key = actor("applicant"), uuid4()
    save(draft, who, "employer", employer("示例公司"), 0, DrawnPage(key, 2, overtakes=True))

    late = save(draft, who, "employer", employer("示例"), 0, DrawnPage(key, 1))

    assert late.content.revision == 1
    assert late.content.values["employer_name"] == "示例公司"


def test_save_that_takes_back_what_is_on_its_way_holds(draft: CaseView, actor: ActorOf) -> None:
    who, key = actor("applicant"), uuid4()
    save(draft, who, "employer", employer("示例公司"), 0)
    save(draft, who, "employer", employer("示例公司"), 1, DrawnPage(key, 2, overtakes=True))

    late = save(draft, who, "employer", employer("写错的公司"), 1, DrawnPage(key, 1))

    assert late.content.values["employer_name"] == "示例公司"


def test_what_the_page_before_saved_as_it_was_left_is_no_other_device(
    draft: CaseView, actor: ActorOf
) -> None:
    who, left, here, other = actor("applicant"), uuid4(), uuid4(), uuid4()
    save(draft, who, "employer", employer("甲公司"), 0)
    save(draft, who, "employer", employer("乙公司", "李四"), 1, left)

    with pytest.raises(EditedElsewhere):
        save(draft, who, "employer", employer("丙公司"), 1, DrawnPage(here, 1))
    saved = save(draft, who, "employer", employer("丙公司"), 1, DrawnPage(here, 1, before=left))

    assert saved.content.values["employer_name"] == "丙公司"
    assert saved.content.values["employer_contact"] == "李四"
    save(draft, who, "employer", employer("丁公司", "李四"), 3, other)
    with pytest.raises(EditedElsewhere):
        save(draft, who, "employer", employer("戊公司", "李四"), 3, DrawnPage(here, 2, before=left))


def test_account_holds_ten_drafts_of_a_programme_at_most(published: Any, actor: ActorOf) -> None:
    who, key = actor("applicant"), uuid4()
    last = [open_one(who, uuid4()) for _ in range(9)] and open_one(who, key)

    with pytest.raises(TooManyDrafts):
        open_one(who, uuid4())

    assert Case.objects.filter(account=who.id).count() == 10
    assert open_one(who, key).id == last.id  # the form of the last one, sent again
    assert open_one(actor("stranger"), uuid4()).is_draft
    actions.delete_draft(last.id, actor=who)
    assert open_one(who, uuid4()).is_draft


@pytest.mark.django_db(transaction=True)
def test_drafts_that_are_opened_at_once_are_all_counted(published: Any, actor: ActorOf) -> None:
    who = actor("applicant")
    for _ in range(9):
        open_one(who, uuid4())

    def click(_: int) -> str:
        try:
            return open_one(who, uuid4()).state
        except TooManyDrafts as error:
            return error.sentence
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as clicks:
        found = list(clicks.map(click, range(4)))

    assert sum("草稿箱" in one for one in found) == 3
    assert Case.objects.filter(account=who.id).count() == 10


def open_one(who: Actor, key: UUID) -> CaseView:
    return actions.open_draft(actor=who, place=PLACE, programme=PROGRAMME, variant="A", key=key)
