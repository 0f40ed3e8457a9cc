"""Made-up answers pass the checks of every form that is shipped."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from yincai.engine.forms import clean_section, missing
from yincai.engine.loading import load_folder
from yincai.engine.samples import sample_answers, somebody
from yincai.foundation.identifiers import check_identity_number

FOLDERS = sorted((Path(__file__).parents[2] / "places").glob("*/programmes/*"))
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("serial", range(5))
def test_answers_for_every_variant_are_taken_and_nothing_but_documents_is_missing(
    folder: Path, serial: int
) -> None:
    programme = load_folder(folder)
    for variant in [one.code for one in programme.variants] or [""]:
        known: dict[str, object] = {"variant": variant}

        for section, posted in sample_answers(programme, variant, somebody(serial), today=TODAY).items():
            cleaned = clean_section(programme, section, posted, known=known, today=TODAY)
            assert cleaned.problems == []
            known |= cleaned.values

        lacking = missing(programme, known, documents={}, today=TODAY, variant=variant)
        slots = {one.name for one in programme.materials} | {programme.identity.photo}
        assert [one.path for one in lacking if one.path not in slots and one.path.count(".") != 2] == []


def test_made_up_people_differ_and_their_numbers_are_valid() -> None:
    people = [somebody(serial) for serial in range(2000)]

    assert len({one.number for one in people}) == 2000
    for one in people[::50]:
        checked = check_identity_number(one.number, today=TODAY)
        assert (checked.birth_date, checked.sex) == (one.birth_date, one.sex)
