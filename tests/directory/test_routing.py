"""Who reviews the cases of whose people (问答三)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.directory.conftest import PLACE
from yincai.directory.models import Record
from yincai.directory.queries import Route, destination_of, route_of
from yincai.directory.versions import write_version
from yincai.directory.vocabulary import Sort
from yincai.engine.spec import Destination
from yincai.foundation import clock

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


@pytest.mark.parametrize(
    ("name", "destination"),
    [
        ("港城港务集团有限公司", Destination("city")),
        (" 港城港务集团有限公司 ", Destination("city")),
        ("西岛灯塔咖啡有限公司", Destination("district", "west")),
        ("西岛灯塔", Destination("unknown")),
        ("", Destination("unknown")),
    ],
)
def test_whole_name_has_a_destination(seeded: int, name: str, destination: Destination) -> None:
    assert destination_of(PLACE, name) == destination


def test_records_of_one_name_decide_together_or_not_at_all(seeded: int) -> None:
    for name, districts in (("双星玩具", ("west", "east")), ("同城玩具", ("west", "west"))):
        for district in districts:
            row = Record.objects.create(place=PLACE, sort=Sort.ORGANISATION)
            facts = {"district": district, "affiliation": "other", "kind": "enterprise"}
            write_version(row, name=name, code="", facts=facts, since=clock.today())

    assert destination_of(PLACE, "双星玩具") == Destination("several")
    assert destination_of(PLACE, "同城玩具") == Destination("district", "west")
    assert destination_of("nowhere", "同城玩具") == Destination("unknown")
