from __future__ import annotations

from pathlib import Path

import pytest

from yincai.engine.kinds import Kind
from yincai.engine.loading import SpecErrors, load_folder, load_place_folder, load_programme, read_folder
from yincai.engine.spec import ExclusivityKind, Mask

PLACE = Path(__file__).parents[2] / "places" / "harbour_city"
LIBRARY = PLACE / "programmes" / "library_card"


def test_library_card_loads():
    programme = load_folder(LIBRARY)

    assert (programme.place, programme.name, programme.title) == (
        "harbour_city",
        "library_card",
        "港城图书馆读者证",
    )
    assert [field.name for field in programme.section("reader").fields] == ["full_name", "paper"]
    assert programme.field("paper").kind is Kind.IDENTITY_DOCUMENT
    assert programme.field("paper").document_types == ("111", "414")
    assert programme.exclusivity.kind is ExclusivityKind.PROGRAMME
    assert programme.workflow.initial == "draft"
    assert [state.name for state in programme.workflow.states] == ["draft", "issued"]
    assert programme.card.fields[1].mask is Mask.IDENTITY
    assert programme.card.validity_years == 3
    assert programme.message("card.issued").sms.names == {"programme", "card_number", "reference"}
    assert programme.message("nothing.happened") is None
    assert programme.variant("R").title == "读者证"
    assert [rule.name for rule in programme.rules] == ["may_borrow"]
    assert len(programme.tests) == 4


def test_same_files_give_the_same_hash_and_other_files_another():
    files = read_folder(LIBRARY)
    backwards = dict(reversed(files.items()))
    changed = {**files, "materials.yaml": files["materials.yaml"] + "\n"}

    assert load_programme(files).content_hash == load_programme(backwards).content_hash
    assert load_programme(files).content_hash == load_folder(LIBRARY).content_hash
    assert load_programme(changed).content_hash != load_programme(files).content_hash


def test_place_loads():
    place = load_place_folder(PLACE)

    assert place.role("librarian").title == "馆员"
    assert place.office("main_library").title == "总馆服务台"
    assert [person.username for person in place.people] == ["reader", "librarian"]
    with pytest.raises(KeyError):
        place.role("mayor")


def test_lookups_of_unknown_names_raise_key_error():
    programme = load_folder(LIBRARY)

    for lookup in (programme.section, programme.field, programme.variant):
        with pytest.raises(KeyError):
            lookup("nothing")


def copy_to(folder, **changed):
    folder.mkdir(parents=True)
    for name, text in {**read_folder(LIBRARY), **changed}.items():
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())


def problems_of(load, argument):
    with pytest.raises(SpecErrors) as caught:
        load(argument)
    return [str(problem) for problem in caught.value.problems]


def test_folder_that_disagrees_with_its_names_is_refused(tmp_path):
    folder = tmp_path / "other_city" / "programmes" / "other_card"
    copy_to(folder)
    (tmp_path / "other_city" / "place.yaml").write_bytes((PLACE / "place.yaml").read_bytes())

    assert problems_of(load_folder, folder) == [
        "place.yaml:2: place: name is harbour_city but the folder is other_city; make them equal",
        "programme.yaml:1: programme: place is harbour_city but the folder is other_city; make them equal",
        "programme.yaml:2: programme: name is library_card but the folder is other_card; make them equal",
    ]


def test_folder_without_a_place_is_refused(tmp_path):
    folder = tmp_path / "harbour_city" / "programmes" / "library_card"
    copy_to(folder)

    assert problems_of(load_folder, folder) == [
        "place.yaml:1: the file cannot be read (No such file or directory); check its name and rights"
    ]


def test_unreadable_files_of_a_folder_are_named(tmp_path):
    folder = tmp_path / "library_card"
    copy_to(
        folder,
        **{"form.yaml": "sections:\n  # 姓名\n".encode("gb18030"), "rules.yaml": b"#" * 800_001},
    )
    (folder / "tests.yaml").unlink()
    (folder / "tests.yaml").symlink_to("/etc/hostname")

    assert problems_of(read_folder, folder) == [
        "form.yaml:2: the file is not UTF-8; save it with UTF-8 encoding",
        "rules.yaml:1: the file has more than 800000 bytes; split it with include",
        "tests.yaml:1: the file is a link; put the file itself into the folder",
    ]


def test_folder_whose_cases_fail_is_refused(tmp_path):
    folder = tmp_path / "harbour_city" / "programmes" / "library_card"
    copy_to(folder, **{"rules.yaml": (LIBRARY / "rules.yaml").read_text().replace(">= 6", ">= 7")})
    (tmp_path / "harbour_city" / "place.yaml").write_bytes((PLACE / "place.yaml").read_bytes())

    assert problems_of(load_folder, folder) == [
        "tests.yaml:3: case 六周岁生日当天可以办理: rule may_borrow is not met, expected met; "
        "correct the programme or the case"
    ]


def test_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path):
    folder = tmp_path / "library_card"
    form = (LIBRARY / "form.yaml").read_text().replace("\n", "\r\n")
    copy_to(folder, **{"form.yaml": form.encode("utf-8-sig")})

    assert load_programme(read_folder(folder)).content_hash == load_folder(LIBRARY).content_hash


def test_too_many_files_are_refused(tmp_path):
    folder = tmp_path / "library_card"
    copy_to(folder, **{f"form/{number}.yaml": "[]" for number in range(101)})

    assert problems_of(read_folder, folder) == [
        "library_card:1: the folder has 110 files; keep it within 100"
    ]
