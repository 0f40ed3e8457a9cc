from __future__ import annotations

import json
from pathlib import Path

import pytest

from yincai.foundation import codes
from yincai.foundation.identifiers import PROVINCES

SIZES = {
    "countries": 249,
    "degree": 56,
    "districts_1301": 22,
    "districts_4401": 11,
    "document_types": 19,
    "education": 40,
    "ethnic": 56,
    "family": 84,
    "identity_documents": 8,
    "industry": 20,
    "library_documents": 25,
    "marital": 8,
    "provinces": 34,
    "sex": 4,
    "title": 291,
}


def test_code_lists_are_all_there() -> None:
    assert codes.names() == tuple(sorted(SIZES))


@pytest.mark.parametrize("name", sorted(SIZES))
def test_code_list_is_whole_and_says_where_it_comes_from(name: str) -> None:
    found = codes.load(name)

    assert len(found.codes) == SIZES[name]
    assert found.title
    assert found.standard
    assert found.source
    assert all(label.strip() == label != "" for label in found.codes.values())


def test_code_list_answers_by_code() -> None:
    sex = codes.load("sex")

    assert sex.label("1") == "男"
    assert sex.get("7") is None
    assert sex.get("7", "?") == "?"
    assert "2" in sex
    assert "7" not in sex
    with pytest.raises(KeyError):
        sex.label("7")


def test_countries_are_three_letters_and_unlike() -> None:
    countries = codes.load("countries")

    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in countries.codes)
    assert len(set(countries.codes.values())) == len(countries.codes)
    assert list(countries.codes)[:4] == ["CHN", "HKG", "MAC", "TWN"]


def test_identity_documents_are_document_types() -> None:
    assert codes.load("identity_documents").codes.items() <= codes.load("document_types").codes.items()


def test_provinces_are_those_of_identity_numbers_and_the_two_regions() -> None:
    assert set(codes.load("provinces").codes) == PROVINCES | {"81", "82"}


@pytest.mark.parametrize("prefix", ["1301", "4401"])
def test_districts_lie_in_their_city(prefix: str) -> None:
    assert all(code.startswith(prefix) for code in codes.load(f"districts_{prefix}").codes)


@pytest.mark.parametrize("name", ["missing", "../sex", "Sex", ""])
def test_code_list_missing_is_told(name: str) -> None:
    with pytest.raises(codes.CodeListMissing):
        codes.load(name)


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", json.dumps({"title": "", "standard": "", "source": "", "codes": []})]
)
def test_code_list_malformed_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "bad.json").write_text(content, "utf8")

    assert codes.names(folder=tmp_path) == ("bad",)
    with pytest.raises(codes.CodeListMissing, match=r"bad\.json needs title"):
        codes.load("bad", folder=tmp_path)
