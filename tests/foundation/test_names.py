from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yincai.foundation.identifiers import IdentifierError
from yincai.foundation.names import check_person_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("张三", "张三"),
        ("  欧阳　 修 ", "欧阳 修"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉・买买提", "阿卜杜拉·买买提"),
        ("㛃〇", "㛃〇"),
        ("王\U00020bb7", "王\U00020bb7"),  # extension B
        ("李\U000323b0", "李\U000323b0"),  # a plane 3 character newer than Python's tables
        ("王\uf9d0", "王\uf9d0"),  # a compatibility ideograph stays what it is
        ("Ｊｏｈｎ Smith", "John Smith"),
        ("Zoe\u0301 O’Brien-Müller Jr.", "Zoé O'Brien-Müller Jr."),
    ],
)
def test_name_is_kept_in_its_written_form(typed: str, kept: str) -> None:
    assert check_person_name(typed) == kept


@pytest.mark.parametrize(
    "hidden",
    [
        "\u0000",
        "\u0007",
        "\u200b",
        "\u200d",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\u00ad",
        "\ufe0f",
        "\u2800",
        "\n",
    ],
)
def test_name_with_a_hidden_character_is_refused(hidden: str) -> None:
    with pytest.raises(IdentifierError, match="看不见"):
        check_person_name(f"张{hidden}三")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "还没有填写"),
        ("　 ", "还没有填写"),
        ("张" * 51, "最多 50"),
        ("张3", "数字或符号"),
        ("<b>张三", "数字或符号"),
        ("张三😀", "数字或符号"),
        ("张\ue000", "非标准编码"),
        ("·买买提", "开头、结尾"),
        ("买买提·", "开头、结尾"),
        ("-", "开头、结尾"),
    ],
)
def test_name_wrong_is_refused_with_the_reason(typed: str, told: str) -> None:
    with pytest.raises(IdentifierError, match=told):
        check_person_name(typed)


def test_name_is_measured_in_characters_not_bytes_or_accents() -> None:
    assert check_person_name("\U00020bb7" * 50) == "\U00020bb7" * 50
    assert check_person_name("q\u0301" * 50) == "q\u0301" * 50


@given(st.text(max_size=60))
def test_name_that_is_accepted_is_accepted_again_unchanged(text: str) -> None:
    try:
        name = check_person_name(text)
    except IdentifierError:
        return

    assert check_person_name(name) == name
