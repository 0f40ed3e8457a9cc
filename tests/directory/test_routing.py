"""Who reviews the cases of whose people (问答三)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from yincai.directory.queries import Route, route_of

DISTRICT = Route("district", district="west", words="西岛区")


@pytest.mark.parametrize(
    ("name", "route"),
    [
        ("港城港务集团有限公司", Route("city")),
        ("西岛灯塔咖啡有限公司", DISTRICT),
        ("港城图书馆", Route("city", administrator_first=True)),
        ("港城海事局", Route("city", administrator_first=True)),
    ],
)
def test_route_follows_the_record(named: Callable[[str], Any], name: str, route: Route) -> None:
    assert route_of(named(name)) == route


@pytest.mark.parametrize(
    ("facts", "route"),
    [
        ({"supervised": "on"}, Route("city")),
        ({"affiliation": "city_owned"}, Route("city")),
        ({"kind": "institution"}, replace(DISTRICT, administrator_first=True)),
        (
            {"kind": "higher"},
            Route("elsewhere", words="省直单位人员的业务不在本系统办理，请到省里的系统查询。"),
        ),
        (
            {"kind": "higher", "supervised": "on"},
            Route("elsewhere", words="省直单位人员的业务不在本系统办理，请到省里的系统查询。"),
        ),
    ],
)
def test_each_fact_has_its_rule(named: Callable[[str], Any], facts: dict[str, str], route: Route) -> None:
    record = named("西岛灯塔咖啡有限公司")

    assert route_of(replace(record, facts={**record.facts, **facts})) == route
