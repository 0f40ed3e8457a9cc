"""Notices, policies, guides and answers: taken up once, shown in their time, found by any part of a word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from yincai.directory import actions, queries
from yincai.directory.writing_models import PlacedWriting
from yincai.engine.loading import SpecErrors
from yincai.engine.writings import Shelf
from yincai.foundation import clock
from yincai.foundation.errors import NotFound

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
POLICY = (
    "  - {name: measures, shelf: policy, title: 引进人才入户管理办法, number: 穗府办规〔2020〕10号, "
    "since: 2020-07-09, text: 规定基本条件。}\n"
)
GUIDE = (
    "  - {name: guide, shelf: guide, title: 申办指南, since: 2022-07-07, new_until: 2026-12-31, "
    "text: 先做一键测试，再一键申报。}\n"
)
Publish = Callable[..., int]


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    folder = tmp_path / "harbour_city"
    folder.mkdir()

    def write(*writings: str) -> int:
        (folder / "library.yaml").write_text("writings:\n" + "".join(writings), "utf8")
        return actions.publish_library(folder)

    return write


def names(found: list[queries.WritingView]) -> list[str]:
    return [one.name for one in found]


def test_folder_is_taken_up_once_and_again_when_it_changes(publish: Publish) -> None:
    assert publish(POLICY, GUIDE) == 2
    assert publish(POLICY, GUIDE) == 0
    assert publish(POLICY.replace("规定基本条件", "规定基本条件和五类人员"), GUIDE) == 1
    assert publish(GUIDE) == 1

    with pytest.raises(NotFound):
        queries.writing("harbour_city", "measures")
    assert names(queries.shelf_of("harbour_city", Shelf.GUIDE)[0]) == ["guide"]
    assert publish(POLICY, GUIDE) == 1
    assert queries.writing("harbour_city", "measures").text == "规定基本条件。"


def test_writing_is_shown_in_its_time_and_marked_while_new(publish: Publish) -> None:
    publish(
        GUIDE,
        "  - {name: over, shelf: guide, title: 旧指南, since: 2020-01-01, until: 2026-11-22, text: 旧。}\n",
        "  - {name: coming, shelf: guide, title: 新指南, since: 2026-11-24, text: 新。}\n",
    )

    with clock.frozen(NOW):
        (shown,) = queries.shelf_of("harbour_city", Shelf.GUIDE)[0]
        assert (shown.name, shown.is_new) == ("guide", True)
        assert queries.writing("harbour_city", "over").is_over
        with pytest.raises(NotFound):
            queries.writing("harbour_city", "coming")
    with clock.frozen(datetime(2027, 1, 1, 4, tzinfo=UTC)):
        assert [one.is_new for one in queries.shelf_of("harbour_city", Shelf.GUIDE)[0]] == [False, False]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("入户", ["measures"]),
        ("户", ["measures"]),
        ("一键测试", ["guide"]),
        ("２０２０", ["measures"]),
        ("入户 基本条件", ["measures"]),
        ("入户 一键", []),
        ("指南", ["guide"]),
        ("%", []),
        ("〔〕", []),
        ("没有的词", []),
    ],
)
def test_words_are_found_in_title_number_and_text(publish: Publish, query: str, found: list[str]) -> None:
    publish(POLICY, GUIDE)

    assert names(queries.search_writings("harbour_city", query)[0]) == found
    assert queries.search_writings("elsewhere", query)[0] == []


def test_excerpt_shows_the_word_where_it_stands(publish: Publish) -> None:
    publish(GUIDE)

    (found,) = queries.search_writings("harbour_city", "一键申报")[0]

    assert found.excerpt == ("先做一键测试，再", "一键申报", "。")


def test_shelf_is_paged_by_key(publish: Publish) -> None:
    row = "  - {{name: n{at}, shelf: notice, title: 通知{at}, since: 2026-01-{day:02}, text: 文。}}\n"
    publish(*(row.format(at=at, day=1 + at // 2) for at in range(45)))

    seen: list[str] = []
    after = None
    while True:
        found, after = queries.shelf_of("harbour_city", Shelf.NOTICE, after=after)
        seen += names(found)
        if after is None:
            break

    assert len(seen) == len(set(seen)) == 45
    dates = [queries.writing("harbour_city", name).since for name in seen]
    assert dates == sorted(dates, reverse=True)


def test_mistakes_are_named_and_nothing_is_taken_up(publish: Publish) -> None:
    with pytest.raises(SpecErrors) as refused:
        publish(
            GUIDE, GUIDE.replace("2022-07-07", "2027-07-07").replace("new_until", "until"), "  - {name: x}\n"
        )

    found = [str(problem) for problem in refused.value.problems]
    assert "library.yaml:2: library: guide is written twice; give each its own name" in found
    assert (
        "library.yaml:3: writing: until 2026-12-31 lies before since 2027-07-07; correct one of them" in found
    )
    assert "library.yaml:4: writing has no shelf; add `shelf:` with a value" in found
    assert not PlacedWriting.objects.exists()
