"""What editors write: two persons for what residents read, what is shown stays, nothing is overwritten."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tests.directory.editing import PLACE, TYPED, changed, draft, editor, publish, sheet, submitted, withdraw
from yincai.directory import actions, queries
from yincai.directory.vocabulary import Edition, VersionView
from yincai.directory.writing_models import PlacedWriting
from yincai.directory.writing_words import BeingChanged, ChangedMeanwhile, OwnWords
from yincai.engine.writings import Shelf
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 3, 4, tzinfo=UTC)
NEW_YEAR = datetime(2027, 1, 1, 4, tzinfo=UTC)
POLICY = "  - {name: measures, shelf: policy, title: 入户管理办法, since: 2020-07-09, text: 规定基本条件。}\n"
Publish = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path) -> Publish:
    """`folder(POLICY)`: the place's folder with these writings, taken up."""
    place = tmp_path / PLACE
    place.mkdir()

    def write(*writings: str) -> int:
        (place / "library.yaml").write_text("writings:\n" + "".join(writings) if writings else "{}\n", "utf8")
        return actions.publish_library(place)

    return write


def shown() -> list[str]:
    return [one.title for one in queries.shelf_of(PLACE, Shelf.NOTICE)[0]]


def listed(edition: Edition, **more: str) -> list[int]:
    rows, _ = queries.editions(editor(), PLACE, edition, **more)  # type: ignore[arg-type]
    return sorted(one.version for one in rows)


def problems_of(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [one.path for one in refused.value.problems]


def test_one_writes_and_another_publishes() -> None:
    made = draft()
    assert (made.edition, made.version, shown()) == (Edition.DRAFT, 1, [])

    out = publish(made)

    assert (out.edition, out.since) == (Edition.PUBLISHED, clock.today())
    assert shown() == [TYPED["title"]]
    deeds = [(one.event, one.actor.role) for one in reversed(queries.deeds_of(PLACE, made.name)[0])]
    assert deeds == [
        ("writing.drafted", "editor"),
        ("writing.submitted", "editor"),
        ("writing.published", "editor"),
    ]


def test_names_are_made_by_the_system() -> None:
    with clock.frozen(NOW):
        assert [draft().name, draft().name, draft(shelf="tip").name] == [
            "notice-20261123-1",
            "notice-20261123-2",
            "tip-20261123-1",
        ]


def test_nobody_publishes_what_they_wrote_in() -> None:
    made = draft("fang")
    made = actions.save_draft(made.id, actor=editor("yu"), typed={**TYPED, "text": "改"}, sheet=sheet(made))
    waiting = actions.submit_draft(made.id, actor=editor("fang"), sheet=sheet(made))

    for name in ("fang", "yu"):
        with pytest.raises(OwnWords):
            publish(waiting, by=name)
    assert publish(waiting, by="third").published_by == editor("third").id


def test_database_holds_four_eyes_by_itself() -> None:
    waiting = submitted()
    row = PlacedWriting.objects.filter(pk=waiting.id)
    out = {"edition": "published", "since": clock.today(), "published_at": clock.now()}

    for publisher in (waiting.author, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**out, published_by=publisher)
    assert row.update(**out, published_by=editor("yu").id) == 1


def test_words_are_found_from_the_publication_on_and_the_old_ones_until_then() -> None:
    first = publish(draft(text="窗口休息。"))
    second = changed(first, text="窗口照常。")

    assert queries.search_writings(PLACE, "照常")[0] == []
    assert queries.writing(PLACE, first.name).text == "窗口休息。"
    publish(second)
    assert [one.name for one in queries.search_writings(PLACE, "照常")[0]] == [first.name]
    assert queries.search_writings(PLACE, "休息")[0] == []
    assert listed(Edition.PUBLISHED) == [2]
    assert listed(Edition.PUBLISHED, query="休息") == []
    assert [one.version for one in queries.versions_of(editor(), PLACE, first.name)[0]] == [2, 1]


def test_version_for_a_later_day_waits_for_it() -> None:
    with clock.frozen(NOW):
        first = publish(draft(text="旧。"))
        second = publish(changed(first, text="新。", since="2026-12-01"))
        assert queries.writing(PLACE, first.name).text == "旧。"
        assert second.is_coming
        assert listed(Edition.PUBLISHED) == [1, 2]
    with clock.frozen(datetime(2026, 12, 1, 4, tzinfo=UTC)):
        assert queries.writing(PLACE, first.name).text == "新。"
        assert listed(Edition.PUBLISHED) == [2]
    with clock.frozen(NOW):
        withdraw(second)
    with clock.frozen(datetime(2026, 12, 1, 4, tzinfo=UTC)):
        assert queries.writing(PLACE, first.name).text == "旧。"


def test_what_is_published_at_once_is_followed_by_what_was_to_come() -> None:
    with clock.frozen(NOW):
        first = publish(draft(text="旧。"))
        second = publish(changed(first, text="将来。", since="2026-12-01"))
        publish(changed(second, text="现在。"))
        assert listed(Edition.PUBLISHED) == [2, 3]
    assert read_on(NOW, first) == "现在。"
    assert read_on(DECEMBER, first) == "将来。"


def test_coming_versions_follow_one_another_each_on_its_day() -> None:
    with clock.frozen(NOW):
        first, second, third = three_versions()

    assert read_on(NOW, first) == "一"
    assert read_on(DECEMBER, first) == "二"
    assert read_on(NEW_YEAR, first) == "三"


@pytest.mark.parametrize(
    ("at", "texts"), [(1, ("一", "一", "三")), (2, ("一", "二", "二"))], ids=["in the middle", "the last"]
)
def test_coming_version_that_is_withdrawn_leaves_the_others_their_days(
    at: int, texts: tuple[str, ...]
) -> None:
    with clock.frozen(NOW):
        versions = three_versions()
        withdraw(versions[at])

    assert tuple(read_on(day, versions[0]) for day in (NOW, DECEMBER, NEW_YEAR)) == texts


def test_of_two_versions_for_one_day_the_last_published_is_shown_and_the_other_told_so() -> None:
    with clock.frozen(NOW):
        first = publish(draft(text="一"))
        second = publish(changed(first, text="二", since="2026-12-01"))
        third = publish(changed(second, text="三", since="2026-12-01"))
        assert queries.edition(editor(), second.id).is_replaced
        assert listed(Edition.PUBLISHED) == [1, 3]
        assert read_on(DECEMBER, first) == "三"
        withdraw(third)
        assert not queries.edition(editor(), second.id).is_replaced
    assert read_on(DECEMBER, first) == "二"


def test_withdrawal_of_what_is_shown_takes_all_that_was_to_follow_each_on_record() -> None:
    with clock.frozen(NOW):
        first, second, third = three_versions()
        again = publish(changed(third, text="四", since="2027-01-01"))
        withdraw(first)
        deeds = queries.deeds_of(PLACE, first.name)[0]
        assert listed(Edition.WITHDRAWN) == [1, 2, 3, 4]
    gone = [(one.payload["version"], one.said("reason")) for one in deeds if one.event == "writing.withdrawn"]
    assert gone == [(number, "内容有误") for number in (4, 3, 2, 1)]
    for day in (NOW, DECEMBER, NEW_YEAR):
        with pytest.raises(NotFound):
            read_on(day, again)


def test_what_a_withdrawn_version_replaced_does_not_come_back() -> None:
    with clock.frozen(NOW):
        first = publish(draft(text="一"))
    with clock.frozen(DECEMBER):
        second = publish(changed(first, text="二", since="2020-01-01"))
        assert read_on(DECEMBER, first) == "二"
        withdraw(second)
    with pytest.raises(NotFound):
        read_on(NEW_YEAR, first)


def test_database_shows_one_version_a_day_by_itself() -> None:
    first = publish(draft())
    publish(changed(first, text="新"))

    with pytest.raises(IntegrityError):
        show_on(first)


def test_migration_mends_versions_that_are_shown_at_once() -> None:
    chain = import_module("yincai.directory.migrations.0008_writing_chain").CHAIN
    with clock.frozen(NOW):
        first, second, third = three_versions()
        withdraw(third)
    rows = PlacedWriting.objects.filter(name=first.name).order_by("version")
    rows.filter(pk__in=[first.id, second.id]).update(replaced_on=datetime(2027, 1, 1, tzinfo=UTC).date())

    with connection.cursor() as cursor:
        cursor.execute(chain)

    assert [str(one.replaced_on) for one in rows[:2]] == ["2026-12-01", "None"]
    assert [read_on(day, first) for day in (NOW, DECEMBER, NEW_YEAR)] == ["一", "二", "二"]


def test_withdrawal_that_knew_nothing_of_a_later_version_takes_nothing() -> None:
    with clock.frozen(NOW):
        first = publish(draft(text="一"))
        publish(changed(first, text="二", since="2026-12-01"))

        with pytest.raises(ChangedMeanwhile):
            withdraw(first, against=1)
        assert listed(Edition.PUBLISHED) == [1, 2]


def test_key_of_a_page_counts_for_one_act() -> None:
    waiting = submitted()
    page = sheet(waiting)
    out = publish(waiting, sheet=page)

    with pytest.raises(ChangedMeanwhile):
        actions.send_back(out.id, actor=editor("yu"), sheet=page, reason="误")
    with pytest.raises(ChangedMeanwhile):
        withdraw(out, sheet=page)
    assert queries.edition(editor(), out.id).edition is Edition.PUBLISHED


def test_publication_sent_again_after_all_was_withdrawn_is_not_told_as_done() -> None:
    with clock.frozen(NOW):
        out = publish(draft())
        made = changed(out, since="2026-12-01")
        coming = actions.submit_draft(made.id, actor=editor(), sheet=sheet(made))
        page = sheet(coming)
        publish(coming, sheet=page)
        withdraw(out)
        with pytest.raises(ChangedMeanwhile):
            publish(coming, sheet=page)


def three_versions() -> tuple[VersionView, VersionView, VersionView]:
    """One now, one for December, one for the new year."""
    first = publish(draft(text="一"))
    second = publish(changed(first, text="二", since="2026-12-01"))
    return first, second, publish(changed(second, text="三", since="2027-01-01"))


@transaction.atomic
def show_on(version: VersionView) -> None:
    """By hand, past the actions."""
    PlacedWriting.objects.filter(pk=version.id).update(replaced_on=None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS writing_shown_once IMMEDIATE")


def read_on(day: datetime, version: VersionView) -> str:
    """What residents read that day; the shelf has it once."""
    with clock.frozen(day):
        text = queries.writing(PLACE, version.name).text
        assert (
            len([one for one in queries.shelf_of(PLACE, version.shelf)[0] if one.name == version.name]) == 1
        )
        return text


def test_what_is_withdrawn_is_gone_at_once_and_can_come_back() -> None:
    out = publish(draft())

    with pytest.raises(Invalid):
        withdraw(out, reason=" ")
    gone = withdraw(out)

    assert shown() == []
    with pytest.raises(NotFound):
        queries.writing(PLACE, out.name)
    assert queries.search_writings(PLACE, "春节")[0] == []
    (deed, *_) = queries.deeds_of(PLACE, out.name)[0]
    assert deed.said("reason") == "内容有误"
    assert "内容有误" not in str(deed.payload)
    publish(changed(gone))
    assert shown() == [TYPED["title"]]


def test_who_sends_back_says_why_and_the_author_need_not() -> None:
    waiting = submitted()

    with pytest.raises(Invalid) as refused:
        actions.send_back(waiting.id, actor=editor("yu"), sheet=sheet(waiting))
    assert problems_of(refused) == ["reason"]
    back = actions.send_back(waiting.id, actor=editor("yu"), sheet=sheet(waiting), reason="日期不对")
    assert back.edition is Edition.DRAFT
    again = actions.submit_draft(back.id, actor=editor(), sheet=sheet(back))
    assert actions.send_back(again.id, actor=editor(), sheet=sheet(again)).edition is Edition.DRAFT


def test_second_of_two_editors_is_told_and_changes_nothing() -> None:
    made = draft()
    stale = sheet(made)
    actions.save_draft(made.id, actor=editor("yu"), typed={**TYPED, "text": "先"}, sheet=sheet(made))

    with pytest.raises(ChangedMeanwhile):
        actions.save_draft(made.id, actor=editor(), typed={**TYPED, "text": "后"}, sheet=stale)
    with pytest.raises(ChangedMeanwhile):
        actions.submit_draft(made.id, actor=editor(), sheet=stale)
    assert queries.edition(editor(), made.id).text == "先"
    out = publish(draft())
    changed(out)
    with pytest.raises(BeingChanged):
        changed(out, by="yu")


@pytest.mark.django_db(transaction=True)
def test_writing_that_two_begin_to_change_at_once_has_one_draft() -> None:
    out = publish(draft())
    start, refused = threading.Barrier(2), []
    names = ("fang", "yu")
    for name in names:
        editor(name)

    def begin(name: str) -> None:
        start.wait()
        try:
            changed(out, by=name, text=f"{name}写的")
        except BeingChanged:
            refused.append(name)
        finally:
            connection.close()

    both = [threading.Thread(target=begin, args=[name]) for name in names]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert len(refused) == 1
    (made,) = queries.editions(editor(), PLACE, Edition.DRAFT)[0]
    assert made.text != f"{refused[0]}写的"


def test_publication_compared_with_another_version_is_refused() -> None:
    out = publish(draft())
    waiting = changed(out, text="新")
    waiting = actions.submit_draft(waiting.id, actor=editor(), sheet=sheet(waiting))

    with pytest.raises(ChangedMeanwhile):
        publish(waiting, against=0)
    withdraw(out)
    with pytest.raises(ChangedMeanwhile):
        publish(waiting, against=1)


def test_form_that_is_sent_twice_acts_once() -> None:
    key = uuid4()
    made = draft(key=key)
    assert draft(key=key, title="另一个").id == made.id
    once = sheet(made)
    for _ in range(2):
        waiting = actions.submit_draft(made.id, actor=editor(), sheet=once)
    once = sheet(waiting)
    for _ in range(2):
        out = publish(waiting, sheet=once)
    once = sheet(out)
    for _ in range(2):
        gone = withdraw(out, sheet=once, against=1, reason="过期")

    assert gone.edition is Edition.WITHDRAWN
    assert len(queries.deeds_of(PLACE, made.name)[0]) == 4


@pytest.mark.parametrize(
    ("typed", "paths"),
    [
        ({"shelf": "", "title": " "}, ["shelf", "title"]),
        ({"shelf": "nowhere"}, ["shelf"]),
        ({"title": "长" * 121, "number": "号" * 61}, ["title", "number"]),
        ({"text": "长" * 20_001}, ["text"]),
        ({"address": "http://example.org/"}, ["address"]),
        ({"since": "2026-13-01", "until": "明天"}, ["since", "until"]),
        ({"since": "2026-12-02", "until": "2026-12-01"}, ["until"]),
        ({"new_until": "9999-12-31"}, ["new_until"]),
    ],
)
def test_everything_that_is_wrong_is_named_at_once(typed: dict[str, str], paths: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        draft(**typed)

    assert problems_of(refused) == paths
    assert not PlacedWriting.objects.exists()


def test_draft_without_words_or_over_already_is_not_submitted() -> None:
    empty = draft(text="\x00 \u200b")
    over = draft(until="2020-01-01")

    for made, path in ((empty, "text"), (over, "until")):
        with pytest.raises(Invalid) as refused:
            actions.submit_draft(made.id, actor=editor(), sheet=sheet(made))
        assert problems_of(refused) == [path]
    assert actions.discard_draft(empty.id, actor=editor(), sheet=sheet(empty)).edition is Edition.DISCARDED
    assert len(listed(Edition.DRAFT)) == 1


def test_others_than_editors_of_the_place_find_nothing() -> None:
    made = draft()
    for other in (editor("huang", role="support"), editor("shi", place="shijiazhuang", office="hall")):
        with pytest.raises(NotFound):
            queries.editions(other, PLACE, Edition.DRAFT)
        with pytest.raises(NotFound):
            queries.edition(other, made.id)
        with pytest.raises(NotFound):
            actions.write_writing(PLACE, actor=other, typed=TYPED, key=uuid4())
        with pytest.raises(NotFound):
            actions.withdraw_version(made.id, actor=other, sheet=sheet(made), against=0, reason="x")
        with pytest.raises(NotFound):
            queries.versions_of(other, PLACE, made.name)


def test_list_is_paged_by_key_and_narrowed() -> None:
    for at in range(25):
        draft(shelf="policy" if at % 5 else "guide", title=f"第{at}号")

    first, after = queries.editions(editor(), PLACE, Edition.DRAFT)
    second, end = queries.editions(editor(), PLACE, Edition.DRAFT, after=after)

    assert len({one.id for one in [*first, *second]}) == 25
    assert end is None
    assert len(queries.editions(editor(), PLACE, Edition.DRAFT, shelf=Shelf.GUIDE)[0]) == 5
    assert [one.title for one in queries.editions(editor(), PLACE, Edition.DRAFT, query="第24号")[0]] == [
        "第24号"
    ]


def test_key_of_a_draft_is_no_page_of_a_shelf() -> None:
    publish(draft())

    assert len(queries.shelf_of(PLACE, Shelf.NOTICE, after=draft().id)[0]) == 1


def test_unchanged_folder_never_overwrites_what_the_desk_made(folder: Publish) -> None:
    assert folder(POLICY) == 1
    seed = queries.version_in_force(PLACE, "measures")
    assert seed is not None
    publish(changed(seed, text="编辑改过。", since="2020-07-09"))

    assert folder(POLICY) == 0
    assert queries.writing(PLACE, "measures").text == "编辑改过。"
    assert folder() == 0
    assert queries.writing(PLACE, "measures").text == "编辑改过。"


def test_what_the_desk_withdrew_the_folder_does_not_bring_back(folder: Publish) -> None:
    folder(POLICY)
    seed = queries.version_in_force(PLACE, "measures")
    assert seed is not None
    withdraw(seed)

    assert folder(POLICY) == 0
    with pytest.raises(NotFound):
        queries.writing(PLACE, "measures")


def test_changed_folder_waits_for_an_editor_where_the_desk_was(folder: Publish) -> None:
    folder(POLICY)
    seed = queries.version_in_force(PLACE, "measures")
    assert seed is not None
    ours = publish(changed(seed, text="编辑改过。"))
    open_draft = changed(ours, text="正在写。")
    other = POLICY.replace("规定基本条件", "文件改过")

    assert folder(other) == 1
    assert folder(other) == 0
    assert folder(POLICY.replace("规定基本条件", "文件又改过")) == 1
    (waiting,) = queries.editions(editor(), PLACE, Edition.SUBMITTED)[0]
    assert (waiting.text, waiting.is_seed) == ("文件又改过。", True)
    assert queries.writing(PLACE, "measures").text == "编辑改过。"

    assert publish(waiting, by="fang").published_by == editor("fang").id
    assert queries.writing(PLACE, "measures").text == "文件又改过。"
    assert queries.edition(editor(), open_draft.id).is_open


def test_editor_may_leave_what_the_folder_says(folder: Publish) -> None:
    folder(POLICY)
    seed = queries.version_in_force(PLACE, "measures")
    assert seed is not None
    publish(changed(seed, text="编辑改过。"))
    other = POLICY.replace("规定基本条件", "文件改过")
    folder(other)
    (waiting,) = queries.editions(editor(), PLACE, Edition.SUBMITTED)[0]

    left = actions.send_back(waiting.id, actor=editor(), sheet=sheet(waiting), reason="以现行为准")

    assert left.edition is Edition.DISCARDED
    assert folder(other) == 0
    assert queries.writing(PLACE, "measures").text == "编辑改过。"


def test_folders_entry_for_a_later_day_follows_and_the_next_one_too(folder: Publish) -> None:
    with clock.frozen(NOW):
        folder(POLICY)
        for text, day in (("二", "2026-12-01"), ("三", "2027-01-01")):
            assert folder(POLICY.replace("规定基本条件。", text).replace("2020-07-09", day)) == 1
        seed = queries.version_in_force(PLACE, "measures")
        assert seed is not None

    assert [read_on(day, seed) for day in (NOW, DECEMBER, NEW_YEAR)] == ["规定基本条件。", "二", "三"]


def test_entry_that_left_the_folder_while_it_waited_and_came_back_waits_again(folder: Publish) -> None:
    folder(POLICY)
    seed = queries.version_in_force(PLACE, "measures")
    assert seed is not None
    publish(changed(seed, text="编辑改过。"))
    other = POLICY.replace("规定基本条件", "文件改过")
    folder(other)
    folder()
    assert queries.editions(editor(), PLACE, Edition.SUBMITTED)[0] == []

    assert folder(other) == 1
    (waiting,) = queries.editions(editor(), PLACE, Edition.SUBMITTED)[0]
    assert waiting.text == "文件改过。"
    assert folder(other) == 0
