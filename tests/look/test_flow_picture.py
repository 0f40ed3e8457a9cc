"""业务办理总体流程图: drawn from the declared workflow, and never more than a picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from lxml import etree

from yincai.engine.loading import load_folder, load_place_folder
from yincai.look.flow import main_course
from yincai.look.flow_picture import Box, course_boxes, flow_picture

FOLDERS = sorted(Path(settings.PLACES).glob("*/programmes/*/programme.yaml"))


@pytest.mark.parametrize("file", FOLDERS, ids=lambda file: file.parent.name)
def test_every_step_of_every_programme_is_drawn_inside_the_picture(file: Path) -> None:
    programme = load_folder(file.parent)
    roles = {role.name: role.title for role in load_place_folder(file.parents[2]).roles}

    picture = etree.fromstring(
        flow_picture(programme.title, course_boxes(programme.workflow, roles)).encode()
    )

    words = "".join(picture.itertext())
    height = int(picture.get("height", "0"))
    assert all(step.title in words for step in main_course(programme.workflow))
    assert picture[0].text == programme.title
    assert max(int(one.get("y", "0")) for one in picture.iter("{*}text")) < height


def test_words_cannot_become_marks() -> None:
    programme = load_folder(FOLDERS[0].parent)
    hostile = '<script>alert(1)</script>&"'
    states = tuple(replace(one, title=hostile) for one in programme.workflow.states)
    workflow = replace(programme.workflow, states=states)

    picture = flow_picture(hostile, [*course_boxes(workflow, {}), Box(hostile, hostile, hostile)])

    assert "<script" not in picture
    assert etree.fromstring(picture.encode()) is not None
