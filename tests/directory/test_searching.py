"""What a search gives: by any part, by pinyin, by code; in pages; as of the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.directory.conftest import PLACE
from yincai.directory import queries, sampling, searching
from yincai.directory.models import Record, Version
from yincai.directory.versions import write_version
from yincai.directory.vocabulary import PAGE, NoSuchRecord, Sort
from yincai.foundation import clock


@pytest.mark.parametrize(
    "query",
    [
        "灯塔咖啡",
        "灯塔",
        "塔",
        "西岛灯塔咖啡有限公司",
        "xddt",
        "dengtakafei",
        "91990100ma0000004r",
        "９１９９０１００MA0000004R",
        "0004R",
    ],
)
def test_organisation_is_found(found: Callable[..., list[str]], query: str) -> None:
    assert found(query) == ["西岛灯塔咖啡有限公司"]


def test_closest_name_comes_first(found: Callable[..., list[str]]) -> None:
    names = found("港")

    assert {*names[:2]} == {"港城海事局", "港城图书馆"}
    assert names[2:] == ["港城港务集团有限公司"]


@pytest.mark.parametrize("query", ["没有的单位", "%", "_", "", "\\", "'; DROP TABLE directory_version"])
def test_what_no_name_holds_finds_nothing(found: Callable[..., list[str]], query: str) -> None:
    assert found(query) == []


@pytest.mark.parametrize("query", ["灯_塔", "灯%塔", "灯\\塔", "（灯塔）", "灯 塔"])
def test_signs_in_a_query_count_for_nothing(found: Callable[..., list[str]], query: str) -> None:
    assert found(query) == ["西岛灯塔咖啡有限公司"]


def test_sorts_and_places_are_apart(found: Callable[..., list[str]], seeded: int) -> None:
    assert found("大学", Sort.SCHOOL) == ["港城大学"]
    assert found("大学", Sort.MAJOR) == found("大学") == []
    assert queries.search("elsewhere", Sort.SCHOOL, "大学").records == ()


def test_every_match_is_on_one_page_of_a_rare_name(seeded: int) -> None:
    names = {f"海湾第{number}号" for number in range(PAGE * 2 + 5)}
    add(*names)

    assert pages("海湾") == [PAGE, PAGE, 5]
    assert set(read("海湾")) == names


@pytest.mark.parametrize("known", [7, 1000], ids=["some known", "too few"])
def test_every_match_is_on_one_page_of_a_name_that_many_hold(
    seeded: int, monkeypatch: pytest.MonkeyPatch, known: int
) -> None:
    monkeypatch.setattr(searching, "NAMES", 7)
    monkeypatch.setattr(sampling, "NAMES", known)
    monkeypatch.setattr(sampling, "_kept", {})
    names = {f"港湾第{number}号" for number in range(PAGE * 3)}
    add("港湾", *names)
    monkeypatch.setattr(searching, "PAGE", 3)
    assert (sampling.some_names(PLACE, Sort.ORGANISATION) is None) == (known == 1000)

    first = queries.search(PLACE, Sort.ORGANISATION, "港湾")

    assert (first.is_many, first.records[0].name) == (True, "港湾")
    assert set(read("港湾")) == names | {"港湾"}
    assert len(read("港湾")) == len(names) + 1


def test_names_are_read_anew_every_hour_and_too_few_of_them_every_minute(
    seeded: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "NAMES", seeded + 5)
    monkeypatch.setattr(sampling, "_kept", {})

    def known() -> set[str]:
        names = sampling.some_names(PLACE, Sort.ORGANISATION)
        return set(names.folded) if names else set()

    with clock.frozen(clock.now()) as hands:
        assert not known()
        add(*[f"海湾第{number}号" for number in range(50)])
        assert not known()
        hands.move_by(timedelta(minutes=1))
        before = known()
        Version.objects.filter(folded__in=before).delete()
        hands.move_by(timedelta(minutes=59))
        assert known() == before
        hands.move_by(timedelta(minutes=1))
        assert known()
        assert known() != before


def test_record_counts_from_its_day_to_its_last(named: Callable[[str], Any]) -> None:
    before = named("西岛灯塔咖啡有限公司")
    today = clock.today()
    since = today + timedelta(days=3)
    write_version(
        Record.objects.get(pk=before.id), name="东湾灯塔咖啡有限公司", code=before.code, facts={}, since=since
    )

    def name_on(day: date) -> str:
        with clock.frozen(clock.start_of(day)):
            (one,) = queries.search(PLACE, Sort.ORGANISATION, "灯塔").records
            assert queries.record(before.id).name == one.name
            return one.name

    assert [name_on(today), name_on(since - timedelta(days=1)), name_on(since)] == [
        "西岛灯塔咖啡有限公司",
        "西岛灯塔咖啡有限公司",
        "东湾灯塔咖啡有限公司",
    ]


def test_record_of_another_place_or_sort_is_not_there(named: Callable[[str], Any]) -> None:
    record = named("港城图书馆")

    for other in ({"place": "elsewhere"}, {"sort": Sort.SCHOOL}):
        with pytest.raises(NoSuchRecord):
            queries.record(record.id, **other)


@pytest.mark.parametrize("after", ["x", "1.2.3", "9" * 400, ".", "5.nothing", "-"])
def test_page_that_no_page_named_is_the_first(found: Callable[..., list[str]], after: str) -> None:
    shown = queries.search(PLACE, Sort.ORGANISATION, "灯塔", after=after)

    assert [one.name for one in shown.records] == ["西岛灯塔咖啡有限公司"]


def test_page_after_the_longest_name_is_empty(seeded: int) -> None:
    after = f"{'9' * 400}.{searching.NIL}"

    assert queries.search(PLACE, Sort.ORGANISATION, "灯塔", after=after).records == ()


def add(*names: str) -> None:
    for name in names:
        row = Record.objects.create(place=PLACE, sort=Sort.ORGANISATION)
        write_version(row, name=name, code="", facts={}, since=date(2020, 1, 1))


def read(query: str) -> list[str]:
    """Every name of every page."""
    found = queries.search(PLACE, Sort.ORGANISATION, query)
    names = [one.name for one in found.records]
    while found.after:
        found = queries.search(PLACE, Sort.ORGANISATION, query, after=found.after)
        names += [one.name for one in found.records]
    return names


def pages(query: str) -> list[int]:
    """How many names each page has."""
    found = queries.search(PLACE, Sort.ORGANISATION, query)
    sizes = [len(found.records)]
    while found.after:
        found = queries.search(PLACE, Sort.ORGANISATION, query, after=found.after)
        sizes.append(len(found.records))
    return sizes


def test_versions_are_kept(named: Callable[[str], Any]) -> None:
    record = named("港城图书馆")
    write_version(
        Record.objects.get(pk=record.id), name="港城总馆", code=record.code, facts={}, since=clock.today()
    )

    kept = Version.objects.filter(record_id=record.id).order_by("number")

    assert [(one.number, one.name, one.valid_until) for one in kept] == [
        (1, "港城图书馆", clock.today()),
        (2, "港城总馆", None),
    ]
