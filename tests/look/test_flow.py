"""The course of a programme in words."""

from __future__ import annotations

from yincai.engine.workflow import Limit, Unit
from yincai.look.flow import limit_in_words, main_course
from yincai.look.samples import cases


def test_the_course_goes_from_the_draft_to_the_good_end() -> None:
    course = main_course(cases.workflow())

    assert [step.state.name for step in course] == ["draft", "review", "decide", "done"]
    assert [step.title for step in course] == ["提交申请", "预受理", "核准认定中", "已发卡"]


def test_ways_out_stand_beside_the_step_they_leave() -> None:
    course = main_course(cases.workflow())

    assert [step.ways_out for step in course] == [(), ("不予受理",), ("不予受理",), ()]


def test_limits_are_said_in_words() -> None:
    assert limit_in_words(Limit(10, Unit.WORKING_DAYS)) == "10 个工作日内"
    assert limit_in_words(Limit(24, Unit.HOURS)) == "24 小时内"
    assert limit_in_words(None) == ""
