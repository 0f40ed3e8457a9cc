"""Reasons of a place: taken up from its folder once, kept by its administrators, recorded."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.cases import PLACE, send_back
from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import AskedItem, CaseView, ReasonView
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, SomeoneWasFirst
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import Actor

PersonOf = Callable[[str], Any]
ActorOf = Callable[[str], Actor]


@pytest.fixture
def administrator(person: PersonOf, published: Any) -> Actor:
    return Actor("staff", person("administrator").pk, "administrator")


def listed(code: str) -> ReasonView:
    return next(one for one in cases.all_reasons(PLACE) if one.reason.code == code)


def offered() -> list[str]:
    return [one.code for one in cases.reasons_of(PLACE)]


def change(code: str, actor: Actor, **changes: Any) -> None:
    now = listed(code)
    words: dict[str, Any] = {
        "seen_changes": now.changes,
        "label": now.reason.label,
        "about": [pin.value for pin in now.reason.about],
        "note_required": now.reason.note_required,
        "position": now.position,
    }
    actions.change_reason(PLACE, code, actor=actor, **{**words, **changes})


def test_what_was_changed_survives_taking_the_folder_up_again(administrator: Actor, tmp_path: Path) -> None:
    folder = tmp_path / PLACE
    folder.mkdir()
    shutil.copy(settings.PLACES / PLACE / "reasons.yaml", folder / "reasons.yaml")
    change("not_filled", administrator, label="请补充完整", position=50)
    actions.retire_reason(PLACE, "not_signed", actor=administrator, seen_changes=0, on=clock.today())
    before = cases.all_reasons(PLACE)
    with (folder / "reasons.yaml").open("a", encoding="utf8") as file:
        file.write("  - {code: late_addition, label: 新添的原因, about: [document]}\n")

    taken = actions.seed_reasons(folder)

    assert taken == 1
    assert [one for one in cases.all_reasons(PLACE) if one.reason.code != "late_addition"] == before
    assert listed("not_filled").reason.label == "请补充完整"
    assert "not_signed" not in offered()
    assert "late_addition" in offered()


def test_every_change_is_on_record(administrator: Actor) -> None:
    code = actions.add_reason(PLACE, actor=administrator, label="照片不合规格", about=["document"])
    change(code, administrator, label="照片不符合规格")
    actions.retire_reason(PLACE, code, actor=administrator, seen_changes=1, on=clock.today())
    actions.retire_reason(PLACE, code, actor=administrator, seen_changes=2, on=None)

    told = ledger.history(actions.reasons_chain(PLACE))

    assert [one.event for one in told] == [
        "reason.added",
        "reason.changed",
        "reason.retired",
        "reason.restored",
    ]
    assert told[1].payload["label"] == "照片不符合规格"
    assert {one.actor.id for one in told} == {administrator.id}
    assert offered()[-1] == code


def test_reason_is_offered_until_its_day_and_not_on_it(administrator: Actor) -> None:
    tomorrow = clock.today() + timedelta(days=1)

    actions.retire_reason(PLACE, "not_signed", actor=administrator, seen_changes=0, on=tomorrow)

    assert "not_signed" in offered()
    with clock.frozen(clock.start_of(tomorrow)):
        assert "not_signed" not in offered()


def test_correction_asked_before_keeps_its_words(
    submitted: CaseView, actor: ActorOf, administrator: Actor
) -> None:
    officer = actor("window_officer")
    send_back(submitted.id, officer, AskedItem("family.a1", "not_filled"))

    change("not_filled", administrator, label="请补充完整")

    (asked,) = cases.corrections(officer, submitted.id)
    assert asked.items[0].reason_label == "没有填写或填写不完整"


@pytest.mark.parametrize("name", ["window_officer", "lead_officer", "auditor"])
def test_only_administrators_keep_reasons(person: PersonOf, published: Any, name: str) -> None:
    pretender = Actor("staff", person(name).pk, "administrator")
    before = cases.all_reasons(PLACE)

    with pytest.raises(NotAllowed):
        actions.add_reason(PLACE, actor=pretender, label="试试", about=["field"])
    with pytest.raises(NotAllowed):
        change("not_filled", pretender, label="试试")
    with pytest.raises(NotAllowed):
        actions.retire_reason(PLACE, "other", actor=pretender, seen_changes=0, on=clock.today())

    assert cases.all_reasons(PLACE) == before
    assert ledger.history(actions.reasons_chain(PLACE)) == []


def test_administrator_of_another_place_keeps_none_here(cast: PersonOf, published: Any) -> None:
    stranger = Actor("staff", cast("administrator").pk, "administrator")

    with pytest.raises(NotAllowed):
        actions.add_reason(PLACE, actor=stranger, label="试试", about=["field"])


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"label": " "}, "label"),
        ({"label": "长" * 81}, "label"),
        ({"label": "缺少材料"}, "label"),
        ({"about": ["elsewhere"]}, "about"),
        ({"position": 0}, "position"),
    ],
)
def test_wrong_reason_is_refused_at_its_place(administrator: Actor, wrong: dict[str, Any], path: str) -> None:
    before = cases.all_reasons(PLACE)

    with pytest.raises(Invalid) as caught:
        change("not_filled", administrator, **wrong)

    assert [one.path for one in caught.value.problems] == [path]
    assert cases.all_reasons(PLACE) == before


def test_change_of_a_reason_that_a_colleague_changed_is_refused(administrator: Actor) -> None:
    change("not_filled", administrator, label="请补充完整")

    with pytest.raises(SomeoneWasFirst):
        change("not_filled", administrator, label="另一种说法", seen_changes=0)

    assert listed("not_filled").reason.label == "请补充完整"


def test_something_is_always_left_to_choose_from(administrator: Actor) -> None:
    actions.retire_reason(PLACE, "other", actor=administrator, seen_changes=0, on=clock.today())
    rows = ["not_filled", "differs_from_document"]
    for code in rows:
        actions.retire_reason(PLACE, code, actor=administrator, seen_changes=0, on=clock.today())

    with pytest.raises(Invalid, match="没有补正原因可选"):
        actions.retire_reason(PLACE, "not_understood", actor=administrator, seen_changes=0, on=clock.today())

    assert "not_understood" in offered()


def test_past_day_is_refused(administrator: Actor) -> None:
    yesterday = clock.today() - timedelta(days=1)

    with pytest.raises(Invalid, match="不能早于今天"):
        actions.retire_reason(PLACE, "other", actor=administrator, seen_changes=0, on=yesterday)
