"""A request from its form to the verdict: what it makes, what refuses it, who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.directory.asking import MAJOR, SCHOOL, USCC, WRITTEN, ask, licence, resident, reviewer
from tests.directory.conftest import PLACE
from yincai.directory import actions, queries
from yincai.directory.models import Request, Version
from yincai.directory.vocabulary import (
    AlreadyAsked,
    AlreadyThere,
    Deed,
    OwnRequest,
    Sort,
    Standing,
)
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, SomeoneWasFirst
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor
from yincai.people import queries as people
from yincai.people.vocabulary import TooManyAttempts

pytestmark = pytest.mark.usefixtures("seeded", "reader_here")
FRIDAY = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sort", "number", "name"),
    [
        (Sort.ORGANISATION, "DW20261120", WRITTEN["name"]),
        (Sort.SCHOOL, "YX20261120", SCHOOL["name"]),
        (Sort.MAJOR, "ZY20261120", MAJOR["name"]),
    ],
)
def test_approved_request_makes_a_record_that_is_found(sort: Sort, number: str, name: str) -> None:
    with clock.frozen(FRIDAY):
        asked = ask(sort=sort)
        found_before = queries.search(PLACE, sort, name).records
        decided = actions.decide_request(asked.id, actor=reviewer(), approve=True, opinion="")
        (found,) = queries.search(PLACE, sort, name).records

    assert (asked.number, asked.standing, found_before) == (f"{number}0001", Standing.PENDING, ())
    assert clock.day_of(asked.due_at - timedelta(seconds=1)) == date(2026, 11, 23)  # the Monday
    assert (decided.standing, decided.record, found.name) == (Standing.APPROVED, found.id, name)
    assert [one.event for one in ledger.history(found.id)] == ["record.added"]
    assert [one.event for one in ledger.changes(asked.id)] == [
        "record_request.submitted",
        "record_request.approved",
    ]


def test_contact_is_sealed_and_no_fact_that_anybody_sees() -> None:
    asked = ask()
    actions.decide_request(asked.id, actor=reviewer(), approve=True, opinion="")

    version = Version.objects.get(code=USCC)

    assert version.contact == {"representative": "林海", "person": "周小舟", "phone": "+8613800000009"}
    assert {"representative", "person", "phone"} & set(version.facts) == set()
    assert all("138" not in str(one.payload) for one in ledger.history(asked.id))


def test_refused_request_says_why_and_makes_nothing() -> None:
    asked, officer = ask(), reviewer()

    with pytest.raises(Invalid) as without_words:
        actions.decide_request(asked.id, actor=officer, approve=False, opinion="  ")
    refused = actions.decide_request(asked.id, actor=officer, approve=False, opinion="执照看不清")

    assert [one.path for one in without_words.value.problems] == ["opinion"]
    assert (refused.standing, refused.opinion) == (Standing.REFUSED, "执照看不清")
    assert queries.search(PLACE, Sort.ORGANISATION, USCC).records == ()


def test_change_is_the_next_version_from_its_day(named: Callable[[str], Any]) -> None:
    record, since = named("西岛灯塔咖啡有限公司"), clock.today() + timedelta(days=5)
    written = WRITTEN | {"uscc": record.code, "name": "西岛灯塔餐饮有限公司", "since": since.isoformat()}
    asked = ask(deed=Deed.CHANGE, record_id=record.id, written=written)
    assert queries.record(record.id).name == record.name

    actions.decide_request(asked.id, actor=reviewer(), approve=True, opinion="")

    assert queries.record(record.id).name == record.name
    with clock.frozen(clock.start_of(since)):
        now = queries.record(record.id)
    assert (now.name, now.version, now.valid_from) == ("西岛灯塔餐饮有限公司", 2, since)


def test_change_before_one_that_has_not_begun_leaves_one_version_a_day(named: Callable[[str], Any]) -> None:
    record, officer = named("西岛灯塔咖啡有限公司"), reviewer()
    for name, since in (("灯塔甲", clock.today() + timedelta(days=9)), ("灯塔乙", clock.today())):
        written = WRITTEN | {"uscc": record.code, "name": name, "since": since.isoformat()}
        asked = ask(deed=Deed.CHANGE, record_id=record.id, written=written)
        actions.decide_request(asked.id, actor=officer, approve=True, opinion="")

    for days in (0, 9, 400):
        with clock.frozen(clock.start_of(clock.today() + timedelta(days=days))):
            names = [one.name for one in queries.search(PLACE, Sort.ORGANISATION, "灯塔").records]
        assert names == ["灯塔乙"]


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"uscc": "91990100MA0000005X"}, "uscc"),
        ({"uscc": ""}, "uscc"),
        ({"name": "长" * 200}, "name"),
        ({"name": "（）"}, "name"),
        ({"name": "1"}, "name"),
        ({"kind": "palace"}, "kind"),
        ({"district": "440106"}, "district"),
        ({"phone": "12"}, "phone"),
        ({"address": "路" * 201}, "address"),
        ({"person": "\u200b\0"}, "person"),
    ],
)
def test_wrong_answer_is_told_by_its_input_and_nothing_is_asked(wrong: dict[str, str], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        ask(written=WRITTEN | wrong)

    assert [one.path for one in refused.value.problems] == [path]
    assert Request.objects.count() == 0


def test_request_without_a_file_or_with_anothers_is_refused() -> None:
    actor, key = people.applicant_of(resident()), uuid4()
    others = licence(people.applicant_of(resident("other")))
    asked: dict[str, Any] = {"actor": actor, "place": PLACE, "sort": Sort.ORGANISATION, "deed": Deed.ADD}

    with pytest.raises(Invalid) as refused:
        actions.submit_request(**asked, posted=WRITTEN, upload=None, key=key)
    with pytest.raises(NotFound):
        actions.submit_request(**asked, posted=WRITTEN, upload=others, key=key)

    assert [one.path for one in refused.value.problems] == ["file"]


def test_same_form_again_gives_the_same_request() -> None:
    key = uuid4()
    first = ask(key=key)

    assert ask(key=key).id == first.id
    assert Request.objects.count() == 1


def test_what_is_there_or_waits_is_not_asked_for_again(named: Callable[[str], Any]) -> None:
    there = named("西岛灯塔咖啡有限公司")
    with pytest.raises(AlreadyThere):
        ask(written=WRITTEN | {"uscc": there.code})
    with pytest.raises(AlreadyThere):
        ask(sort=Sort.SCHOOL, written=SCHOOL | {"name": "港城 大学"})

    ask()
    with pytest.raises(AlreadyAsked):
        ask("other")
    ask(sort=Sort.MAJOR)
    with pytest.raises(AlreadyAsked):
        ask("other", sort=Sort.MAJOR)


def test_second_change_of_a_record_waits_for_the_first(named: Callable[[str], Any]) -> None:
    record = named("西岛灯塔咖啡有限公司")
    written = WRITTEN | {"uscc": record.code}
    ask(deed=Deed.CHANGE, record_id=record.id, written=written)

    with pytest.raises(AlreadyAsked):
        ask("other", deed=Deed.CHANGE, record_id=record.id, written=written)


def test_near_name_is_shown_before_it_is_handed_in() -> None:
    near = queries.similar_to(PLACE, Sort.ORGANISATION, "西岛灯塔咖啡店有限公司", USCC)
    same = queries.similar_to(PLACE, Sort.ORGANISATION, "随便什么", "91990100MA0000004R")
    none = queries.similar_to(PLACE, Sort.ORGANISATION, WRITTEN["name"], USCC)

    assert ([one.name for one in near.near], near.same) == (["西岛灯塔咖啡有限公司"], None)
    assert same.same is not None
    assert same.same.name == "西岛灯塔咖啡有限公司"
    assert not none.is_any


def test_two_officers_at_once_decide_once() -> None:
    asked, first, second = ask(), reviewer("jia"), reviewer("yi")
    actions.decide_request(asked.id, actor=first, approve=True, opinion="")

    with pytest.raises(SomeoneWasFirst):
        actions.decide_request(asked.id, actor=second, approve=False, opinion="重复")

    assert Version.objects.filter(code=USCC).count() == 1


def test_only_reviewers_of_the_place_see_and_decide() -> None:
    asked = ask()
    nobodies = [
        reviewer("bieren", place="shijiazhuang"),
        reviewer("guanyuan", role="librarian"),
        people.applicant_of(resident()),
        Actor("anonymous"),
    ]
    for nobody in nobodies:
        with pytest.raises(NotFound):
            queries.waiting(nobody, PLACE)
        with pytest.raises(NotFound):
            queries.open_request(nobody, asked.id)
        with pytest.raises(NotFound):
            actions.decide_request(asked.id, actor=nobody, approve=True, opinion="")

    assert Request.objects.get().standing == Standing.PENDING
    assert [one.event for one in ledger.history(asked.id)] == ["record_request.submitted"]


def test_nobody_decides_what_they_asked_for() -> None:
    officer = reviewer("shenhe")
    asked = ask("shenhe")

    with pytest.raises(OwnRequest):
        actions.decide_request(asked.id, actor=officer, approve=True, opinion="")

    assert Request.objects.get().standing == Standing.PENDING


def test_look_of_the_officer_is_on_record() -> None:
    asked = ask()

    queries.open_request(reviewer(), asked.id)

    assert [one.payload["what"] for one in ledger.history(asked.id) if one.is_read] == ["request"]


def test_file_that_nobody_has_looked_at_yet_keeps_the_request_waiting() -> None:
    held = licence(people.applicant_of(resident()), is_read=False)
    asked = ask(upload=held)

    with pytest.raises(Invalid, match="安全检查"):
        actions.decide_request(asked.id, actor=reviewer(), approve=True, opinion="")

    assert Request.objects.get().standing == Standing.PENDING


def test_own_request_is_withdrawn_while_it_waits() -> None:
    asked, mine = ask(), people.applicant_of(resident())
    with pytest.raises(NotFound):
        actions.withdraw_request(asked.id, actor=people.applicant_of(resident("other")))

    actions.withdraw_request(asked.id, actor=mine)

    assert queries.own_request(asked.account, asked.id).standing is Standing.WITHDRAWN
    with pytest.raises(SomeoneWasFirst):
        actions.withdraw_request(asked.id, actor=mine)
    with pytest.raises(SomeoneWasFirst):
        actions.decide_request(asked.id, actor=reviewer(), approve=True, opinion="")
    ask("other")  # nothing holds its place any more


def test_staff_do_not_ask_as_staff() -> None:
    with pytest.raises(NotAllowed):
        actions.submit_request(
            actor=reviewer(),
            place=PLACE,
            sort=Sort.ORGANISATION,
            deed=Deed.ADD,
            posted=WRITTEN,
            upload=None,
            key=uuid4(),
        )


def test_flood_of_requests_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    from yincai.directory import requesting
    from yincai.people.vocabulary import Limit

    monkeypatch.setattr(
        requesting, "REQUESTS_A_DAY", Limit("directory-request/account", 2, timedelta(days=1))
    )
    for number in range(2):
        ask(sort=Sort.MAJOR, written=MAJOR | {"name": f"航海技术第{number}类"})

    with pytest.raises(TooManyAttempts):
        ask(sort=Sort.MAJOR, written=MAJOR | {"name": "航海技术又一类"})


def test_list_of_what_waits_goes_on_by_key() -> None:
    for number in range(23):
        with clock.frozen(FRIDAY + timedelta(seconds=number // 2)):
            ask(f"asker{number}", sort=Sort.MAJOR, written=MAJOR | {"name": f"航海技术第{number}类"})
    officer = reviewer()

    first, key = queries.waiting(officer, PLACE)
    second, end = queries.waiting(officer, PLACE, after=key)

    assert (len(first), len(second), end) == (20, 3, None)
    assert len({one.id for one in [*first, *second]}) == 23
    own, _ = queries.own_requests(first[0].account, PLACE)
    assert [one.id for one in own] == [first[0].id]
