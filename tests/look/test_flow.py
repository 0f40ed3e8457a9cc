"""The course of a programme in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from yincai.engine.loading import load_folder
from yincai.engine.spec import AssuranceNeeds
from yincai.engine.workflow import Limit, Unit
from yincai.look.flow import limit_in_words, main_course, operations
from yincai.look.samples import cases

FOLDERS = sorted(Path(settings.PLACES).glob("*/programmes/*/programme.yaml"))


def test_the_course_goes_from_the_draft_to_the_good_end() -> None:
    course = main_course(cases.workflow())

    assert [step.state.name for step in course] == ["draft", "review", "decide", "done"]
    assert [step.title for step in course] == ["提交申请", "预受理", "核准认定中", "已发卡"]


def test_ways_out_stand_beside_the_step_they_leave() -> None:
    course = main_course(cases.workflow())

    assert [step.ways_out for step in course] == [(), ("不予受理",), ("不予受理",), ()]


@pytest.mark.parametrize("file", FOLDERS, ids=lambda file: file.parent.name)
def test_what_an_applicant_does_is_what_the_programme_declares(file: Path) -> None:
    programme = load_folder(file.parent)

    done = {one.title: one.parts for one in operations(programme)}

    assert done["填写申请人信息"] == tuple(one.title for one in programme.sections)
    assert done.get("提交材料", ()) == tuple(one.title for one in programme.materials)
    assert list(done)[0] == "注册帐号并登录"
    assert list(done)[-1] == "在「我的电子卡」下载电子卡"


def test_what_has_to_be_proven_comes_first() -> None:
    programme = load_folder(FOLDERS[0].parent)
    asked = replace(programme, assurance=AssuranceNeeds(submit="face"))

    assert operations(asked)[0].parts == ("先通过刷脸认证",)
    assert operations(programme)[0].parts == ()


def test_limits_are_said_in_words() -> None:
    assert limit_in_words(Limit(10, Unit.WORKING_DAYS)) == "10 个工作日内"
    assert limit_in_words(Limit(24, Unit.HOURS)) == "24 小时内"
    assert limit_in_words(None) == ""
