"""Who reviews the cases of whose people (问答三)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.directory.conftest import PLACE
from yincai.directory import queries
from yincai.directory.models import Record, Version
from yincai.directory.naming import FIRST
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


def test_thousands_of_one_name_are_counted_and_only_some_are_read(seeded: int) -> None:
    today, facts = clock.today(), {"district": "west", "affiliation": "other", "kind": "enterprise"}
    row = Record.objects.create(place=PLACE, sort=Sort.ORGANISATION)
    write_version(row, name="千店便利", code="", facts=facts, since=today)
    one = Version.objects.get(record=row)
    rows = Record.objects.bulk_create([Record(place=PLACE, sort=Sort.ORGANISATION) for _ in range(3000)])
    like = {
        name: getattr(one, name) for name in ("number", "place", "sort", "name", "folded", "grams", "latin")
    }
    Version.objects.bulk_create(
        [Version(record=each, valid_from=today, facts=facts, **like) for each in rows]
    )

    found = queries.named(PLACE, Sort.ORGANISATION, [" 千店便利", "港城图书馆", "没有"])

    assert {name: one.count for name, one in found.items()} == {" 千店便利": 3001, "港城图书馆": 1}
    assert len(found[" 千店便利"].records) == FIRST
    assert destination_of(PLACE, "千店便利") == Destination("district", "west")
    Version.objects.filter(record=rows[-1]).update(facts=facts | {"district": "east"})
    assert destination_of(PLACE, "千店便利") == Destination("several")
