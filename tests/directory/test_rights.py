"""Administrators of organisations: only of the kinds that have one, until the right ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.directory.asking import ask, resident, reviewer
from tests.directory.conftest import PLACE
from yincai.directory import actions, queries
from yincai.directory.vocabulary import AlreadyAsked, AlreadyThere, Deed, NoAdministrator, RightView
from yincai.foundation.errors import Invalid, NotFound, SomeoneWasFirst
from yincai.ledger import queries as ledger
from yincai.people import queries as people

pytestmark = pytest.mark.usefixtures("seeded", "reader_here")
PHONE = {"phone": "020-83000000"}


@pytest.fixture
def held(named: Callable[[str], Any]) -> RightView:
    """The right of `asker` over the library."""
    asked = ask(deed=Deed.ADMINISTER, record_id=named("港城图书馆").id, written=PHONE)
    actions.decide_request(asked.id, actor=reviewer(), approve=True, opinion="")
    (right,) = queries.administers(asked.account)
    return right


def test_approved_administrator_administers(held: RightView, named: Callable[[str], Any]) -> None:
    assert (held.name, held.record) == ("港城图书馆", named("港城图书馆").id)
    assert queries.administers(resident("other").pk) == []
    assert queries.administers(held.account, place="elsewhere") == []
    assert [one.event for one in ledger.history(held.id)] == ["administrator_right.granted"]


@pytest.mark.parametrize("name", ["西岛灯塔咖啡有限公司", "港城港务集团有限公司"])
def test_enterprise_is_told_that_it_needs_none(named: Callable[[str], Any], name: str) -> None:
    with pytest.raises(NoAdministrator, match="直接用个人账号"):
        ask(deed=Deed.ADMINISTER, record_id=named(name).id, written=PHONE)


def test_right_is_asked_for_once(held: RightView, named: Callable[[str], Any]) -> None:
    with pytest.raises(AlreadyThere):
        ask(deed=Deed.ADMINISTER, record_id=held.record, written=PHONE)
    other = named("港城海事局").id
    ask(deed=Deed.ADMINISTER, record_id=other, written=PHONE)
    with pytest.raises(AlreadyAsked):
        ask(deed=Deed.ADMINISTER, record_id=other, written=PHONE)


def test_right_that_its_holder_gave_up_is_gone_at_once(held: RightView) -> None:
    mine = people.applicant_of(resident())
    with pytest.raises(NotFound):
        actions.end_right(held.id, actor=people.applicant_of(resident("other")))

    actions.end_right(held.id, actor=mine)

    assert queries.administers(held.account) == []
    assert [one.event for one in ledger.history(held.id)][-1] == "administrator_right.ended"
    with pytest.raises(SomeoneWasFirst):
        actions.end_right(held.id, actor=mine)


def test_reviewer_ends_a_right_with_a_reason(held: RightView) -> None:
    officer = reviewer()
    listed, _ = queries.rights_of(officer, PLACE)
    with pytest.raises(Invalid):
        actions.end_right(held.id, actor=officer)
    with pytest.raises(NotFound):
        actions.end_right(held.id, actor=reviewer("bieren", place="shijiazhuang"), reason="离职")

    actions.end_right(held.id, actor=officer, reason="离职")

    assert [one.id for one in listed] == [held.id]
    assert queries.administers(held.account) == []
    assert queries.right_for_messages(held.id)[1] == "离职"


def test_right_is_asked_for_again_after_its_end(held: RightView) -> None:
    actions.end_right(held.id, actor=people.applicant_of(resident()))

    asked = ask(deed=Deed.ADMINISTER, record_id=held.record, written=PHONE)
    actions.decide_request(asked.id, actor=reviewer(), approve=True, opinion="")

    assert [one.record for one in queries.administers(held.account)] == [held.record]
