"""The roles of the guides (acceptance G-01), as the places declare them."""

from __future__ import annotations

from pathlib import Path

import pytest

from yincai.engine.loading import load_place_folder

PLACES = Path(__file__).parents[2] / "places"
OF_THE_GUIDES = {
    "guangzhou": {
        "主管部门审核员",
        "业务窗口受理员",
        "区人社局审核员",
        "市人社局审核员",
        "审批人",
        "公示异议经办",
        "签发员",
        "市发改经办",
        "公安复核",
        "数据审核员",
        "技术支持",
        "系统管理员",
    },
    "shijiazhuang": {"窗口受理员", "组织部审核", "制卡发卡员", "系统管理员"},
}


@pytest.mark.parametrize("name", OF_THE_GUIDES)
def test_place_declares_the_roles_of_its_guides_with_what_each_does(name: str) -> None:
    roles = {one.title: one for one in load_place_folder(PLACES / name).roles}

    assert set(roles) >= OF_THE_GUIDES[name]
    assert all(one.duties for one in roles.values())
