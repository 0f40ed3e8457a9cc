"""The rows of the place's files: taken up once, and again when the file changes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.directory.conftest import PLACE
from yincai.directory import queries
from yincai.directory.actions import publish_directory
from yincai.directory.models import Record, Version
from yincai.directory.versions import write_version
from yincai.directory.vocabulary import Sort
from yincai.engine.loading import SpecErrors
from yincai.foundation import clock
from yincai.ledger import queries as ledger


def test_second_publishing_takes_up_nothing(seeded: int) -> None:
    assert seeded == Version.objects.count() == 8
    assert publish_directory(settings.PLACES / PLACE) == 0


def test_place_without_a_directory_takes_up_nothing(db: None, tmp_path: Path) -> None:
    assert publish_directory(tmp_path) == 0


def test_changed_row_is_a_new_version_from_today(copied: Path, named: Callable[[str], Any]) -> None:
    record = named("港城海事局")
    edit(copied, "港城海事局", "港城海事和港口局")

    assert publish_directory(copied) == 1

    now = queries.record(record.id)
    assert (now.name, now.version, now.valid_from) == ("港城海事和港口局", 2, clock.today())
    assert [one.event for one in ledger.history(record.id)] == ["record.added", "record.changed"]


def test_unchanged_row_leaves_what_a_request_made_of_its_record(
    copied: Path, named: Callable[[str], Any]
) -> None:
    record = named("港城海事局")
    row = Record.objects.get(pk=record.id)
    write_version(row, name="港城航运局", code=record.code, facts={}, since=clock.today())

    assert publish_directory(copied) == 0
    assert queries.record(record.id).name == "港城航运局"


def test_row_about_an_organisation_that_was_added_by_request_is_its_next_version(
    db: None, copied: Path
) -> None:
    row = Record.objects.create(place=PLACE, sort=Sort.ORGANISATION)
    write_version(row, name="海事局", code="11990100MB0000002X", facts={}, since=clock.today())

    publish_directory(copied)

    assert queries.record(row.id).name == "港城海事局"


def test_mistakes_are_all_told_with_line_and_nothing_is_taken_up(db: None, copied: Path) -> None:
    edit(copied, "12990100MB0000001P", "12990100MB0000001Q")
    edit(copied, "city_supervised: true", "city_supervised: perhaps")
    edit(copied, "kind: government", "kind: goverment")
    edit(copied, "level: bachelor", "level: master", file="majors.yaml")

    with pytest.raises(SpecErrors) as refused:
        publish_directory(copied)

    told = [str(one) for one in refused.value.problems]
    assert [one.partition(" ")[0] for one in told] == [
        "majors.yaml:6:",
        "organisations.yaml:20:",
        "organisations.yaml:25:",
        "organisations.yaml:26:",
    ]
    assert "government" in told[3]
    assert Version.objects.count() == 0


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the place's folder, to change."""
    folder = tmp_path / PLACE
    folder.mkdir()
    for file in (settings.PLACES / PLACE).glob("*.yaml"):
        shutil.copy(file, folder)
    return folder


def edit(folder: Path, old: str, new: str, *, file: str = "organisations.yaml") -> None:
    path = folder / file
    text = path.read_text("utf8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf8")
