"""What workflow.yaml may say about handing a case back, and reasons.yaml about why."""

from __future__ import annotations

from shutil import copy

import pytest

from tests.engine.test_trials import BLOCK, ROOT
from yincai.engine.kinds import Kind
from yincai.engine.loading import SpecErrors, load_folder, load_reasons_folder
from yincai.engine.loading.marked import read_yaml
from yincai.engine.loading.problems import Problems
from yincai.engine.loading.reasons import read_reasons
from yincai.engine.loading.workflow import read_workflow
from yincai.engine.parts import Scope
from yincai.engine.reasons import Pin, Reason
from yincai.engine.workflow import Need, due_ways, hands_in

PLACES = ROOT / "places"
TUTORIAL = ROOT / "docs" / "programmes" / "tutorial.md"
GOOD = """\
initial: draft
states:
  - {name: draft, title: 填写, menu: drafts, holder: applicant}
  - {name: desk, title: 审核, menu: in_review, holder: clerk, limit: {hours: 24}}
  - {name: back, title: 补正, menu: correction, holder: applicant, limit: {working_days: 10, at_end: lapse}}
  - {name: done, title: 办结, menu: approved, final: true}
transitions:
  - {name: submit, title: 提交, from: draft, to: desk, by: applicant, event: case.submitted,
     effects: [freeze_round, assign_reference]}
  - {name: ask, title: 退回补正, from: desk, to: back, by: clerk, event: case.asked, needs: [items]}
  - {name: again, title: 再次提交, from: back, to: desk, by: applicant, event: case.again,
     effects: [freeze_round]}
  - {name: lapse, title: 逾期, from: back, to: done, by: system, event: case.lapsed}
  - {name: approve, title: 通过, from: desk, to: done, by: clerk, event: case.approved}
"""


def read(text, reasons=None):
    problems = Problems()
    tree = read_yaml("workflow.yaml", text, problems)
    scope = Scope(names={"complete": Kind.CHECKBOX})
    workflow = read_workflow(tree, scope, ["clerk"], problems, reasons=reasons)
    return workflow, [str(one) for one in problems]


def test_case_can_go_back_and_its_limit_ends_by_itself():
    workflow, wrong = read(GOOD)

    assert wrong == []
    assert workflow.transition("ask").needs == {Need.ITEMS}
    assert hands_in(workflow.transition("again"))
    assert [one.name for one in due_ways(workflow, "back")] == ["lapse"]
    assert due_ways(workflow, "desk") == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("at_end: lapse", "at_end: laps", "at_end is laps, which is no way of the system out of it"),
        ("hours: 24", "hours: 24, at_end: approve", "at_end is approve, which is no way of the system"),
        (", needs: [items]", "", "it hands back back to the applicant and says not what may change"),
        ("by: clerk, event: case.asked", "by: system, event: case.asked", "items cannot be picked by system"),
        ("from: desk, to: back", "from: [desk, draft], to: back", "nothing was handed in yet"),
        ("from: desk, to: back", "from: desk, to: done", "the applicant cannot hand in again from done"),
        (", limit: {working_days: 10, at_end: lapse}", "", "back has no limit"),
    ],
)
def test_what_cannot_work_is_named(old, new, problem):
    assert old in GOOD

    _, wrong = read(GOOD.replace(old, new))

    assert any(problem in one for one in wrong), wrong


def test_items_need_reasons_of_the_place_for_whatever_can_be_ticked():
    about_fields = Reason("empty", "没有填写", about=frozenset({Pin.FIELD, Pin.ROW, Pin.TABLE}))

    assert read(GOOD, (Reason("other", "其他"),))[1] == []
    assert read(GOOD, (about_fields,))[1] == [
        "workflow.yaml:10: transition ask: the place has no reason about a document; "
        "add one with about: [document] to reasons.yaml"
    ]
    assert read(GOOD, ())[1] == [
        "workflow.yaml:10: transition ask: the place has no reasons to pick for items; "
        "add reasons.yaml beside place.yaml"
    ]


@pytest.mark.parametrize("place", sorted(one.parent.name for one in PLACES.glob("*/programmes")))
def test_place_has_reasons_when_one_of_its_programmes_hands_back(place):
    programmes = [load_folder(one.parent) for one in (PLACES / place).glob("programmes/*/programme.yaml")]

    hands_back = any(Need.ITEMS in way.needs for one in programmes for way in one.workflow.transitions)

    assert programmes
    assert bool(load_reasons_folder(PLACES / place)) or not hands_back


def test_folder_of_the_tutorial_is_refused_without_reasons_and_taken_with_them(tmp_path):
    place = tmp_path / "harbour_city"
    folder = place / "programmes" / "study_room"
    folder.mkdir(parents=True)
    copy(PLACES / "harbour_city" / "place.yaml", place)
    for name, body in BLOCK.findall(TUTORIAL.read_text("utf8")):
        (folder / name).write_text(body, "utf8")

    with pytest.raises(SpecErrors) as caught:
        load_folder(folder)
    copy(PLACES / "harbour_city" / "reasons.yaml", place)
    programme = load_folder(folder)

    assert [one.wrong for one in caught.value.problems] == [
        "transition return: the place has no reasons to pick for items"
    ]
    assert programme.workflow.transition("return").needs == {Need.ITEMS}


def test_reasons_are_read_in_order_with_where_they_apply():
    problems = Problems()
    text = (
        "reasons:\n"
        "  - {code: blurred, label: 不清晰, about: [document]}\n"
        "  - {code: other, label: 其他, note_required: true}\n"
    )

    first, second = read_reasons(text, problems)

    assert not list(problems)
    assert (first.code, first.about, first.note_required) == ("blurred", {Pin.DOCUMENT}, False)
    assert (second.about, second.note_required) == (set(Pin), True)


def test_mistakes_in_reasons_are_named():
    problems = Problems()
    text = "reasons:\n  - {code: a, label: 甲, about: [paper]}\n  - {code: a, label: 乙, weight: 3}\n"

    read_reasons(text, problems)

    assert sorted(map(str, problems)) == [
        "reasons.yaml:2: reason: about has paper; use one of: document, field, row, table",
        "reasons.yaml:3: reason has no key weight; use one of: about, code, label, note_required",
        "reasons.yaml:3: reason: a is written twice; give each reason its own code",
    ]
