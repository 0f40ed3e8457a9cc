"""Answers that an identity number or the account already gives."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engine.programmes import FILES, files
from yincai.engine import forms
from yincai.engine.loading import SpecErrors, load_programme

BORN = "{name: born, kind: date, label: 出生日期, required: true, min: 1900-01-01, max: today}"
SEX = "{name: sex, kind: code, list: sex, label: 性别, required: true}"
ROW_BORN = "- {name: born, kind: date, label: 出生日期}\n          - {name: paper"
FORM = (
    FILES["form.yaml"]
    .replace(BORN, BORN[:-1] + ", prefill: paper.birth_date}")
    .replace(SEX, SEX[:-1] + ", prefill: paper.sex}")
    .replace(ROW_BORN, ROW_BORN.replace("出生日期}", "出生日期, prefill: paper.birth_date}"))
    .replace("label: 手机号码,", "label: 手机号码, prefill: applicant.phone,")
)
PROGRAMME = load_programme(files(form=FORM))
WOMAN, BOY = "11010519491231002X", "110101202011220010"
TODAY = date(2026, 11, 22)


def saved(section, posted):
    spec = PROGRAMME.section(section)
    cleaned = forms.clean_section(PROGRAMME, section, posted, known={}, today=TODAY)
    return cleaned, forms.fill_in(spec, cleaned.values, typed=cleaned.typed, facts={"variant": "B"})


def numbered(number, **others):
    return {"paper.type": ["111"], "paper.number": [number], "born": [""], "sex": [""]} | {
        name: [text] for name, text in others.items()
    }


def test_empty_birth_date_and_sex_are_read_from_the_number():
    cleaned, filled = saved("person", numbered(WOMAN))

    assert sorted(filled) == ["born", "sex"]
    assert (cleaned.values["born"], cleaned.values["sex"]) == ("1949-12-31", "2")
    assert cleaned.problems == []


def test_contradiction_stays_beside_its_field_and_is_not_written_over():
    cleaned, filled = saved("person", numbered(WOMAN, born="1950-01-01"))

    assert filled == ["sex"]
    assert cleaned.values["born"] == "1950-01-01"
    assert [one.path for one in cleaned.problems] == ["born"]


@pytest.mark.parametrize(
    "posted",
    [
        numbered("110105194912310021"),
        numbered("E12345678") | {"paper.type": ["414"]},
        numbered(WOMAN, born="1949-13-99", sex="7"),
        {"full_name": ["王"]},
    ],
)
def test_wrong_number_another_paper_and_what_was_typed_wrongly_fill_nothing(posted):
    cleaned, filled = saved("person", posted)

    assert filled == []
    assert not {"born", "sex"} & cleaned.values.keys()


def test_row_is_filled_from_its_own_number_and_the_stored_rows_are_left_alone():
    known = {"family": [{"_row": "r1", "paper": {"type": "111", "number": BOY}}]}
    section = PROGRAMME.section("household")
    values = dict(known)

    filled = forms.fill_in(section, values, typed={}, facts={"variant": "B"})

    assert filled == ["family.r1.born"]
    assert values["family"][0]["born"] == "2020-11-22"
    assert "born" not in known["family"][0]


def test_what_is_asked_of_the_account_and_what_a_number_tells_are_told_apart():
    person = PROGRAMME.section("person")

    assert forms.applicant_asked(person) == {"mobile": "phone"}
    assert [forms.is_told(person, path) for path in ("born", "mobile", "nothing")] == [True, False, False]
    assert forms.is_told(PROGRAMME.section("household"), "family.r1.born")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("prefill: paper.sex", "prefill: papper.sex", "prefill is papper.sex; did you mean paper.sex?"),
        (
            "prefill: paper.sex",
            "prefill: paper.birth_date",
            "prefill is paper.birth_date; use one of: paper.sex",
        ),
        ("prefill: applicant.phone", "prefill: applicant.email", "prefill is applicant.email; "),
        (
            "list: sex, label: 性别",
            'list: sex, codes: ["1"], label: 性别',
            "the field has no 男 and 女 to fill in; offer both, or delete prefill",
        ),
        (
            "label: 住址,",
            "label: 住址, prefill: applicant.name,",
            "nothing of a document beside it or the applicant answers the kind address; delete prefill",
        ),
        ("prefill: paper.birth_date}", "prefill: identity.sex}", "prefill is identity.sex; "),
    ],
)
def test_mistakes_are_named_with_their_line(old, new, problem):
    assert old in FORM
    text = FORM.replace(old, new, 1)
    line = text[: text.index(new)].count("\n") + 1

    with pytest.raises(SpecErrors) as caught:
        load_programme(files(form=text))

    (found,) = map(str, caught.value.problems)
    assert found.startswith(f"form.yaml:{line}: field ")
    assert problem in found
