from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yincai.foundation import codes, identifiers
from yincai.foundation.identifiers import (
    PROVINCES,
    IdentifierError,
    check_character,
    check_document,
    check_identity_number,
    check_uscc,
    normalise_phone,
    takes_text_messages,
)

TODAY = date(2026, 3, 2)


def _number(region: str, born: date, sequence: int) -> str:
    body = f"{region}{born:%Y%m%d}{sequence:03d}"
    return body + check_character(body)


regions = st.builds(
    lambda province, rest: f"{province}{rest:04d}", st.sampled_from(sorted(PROVINCES)), st.integers(0, 9999)
)
numbers = st.builds(_number, regions, st.dates(date(1880, 1, 1), TODAY), st.integers(0, 999))


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_identity_number_of_the_standard_is_accepted(number: str) -> None:
    assert check_identity_number(number, today=TODAY).number == number


def test_identity_number_tells_birth_date_sex_and_region() -> None:
    identity = check_identity_number("11010519491231002X", today=TODAY)

    assert identity.birth_date == date(1949, 12, 31)
    assert identity.sex == "2"
    assert identity.region == "110105"
    assert not identity.resident_permit


@given(numbers)
def test_identity_number_well_formed_is_accepted(number: str) -> None:
    identity = check_identity_number(number, today=TODAY)

    assert identity.number == number
    assert f"{identity.birth_date:%Y%m%d}" == number[6:14]
    assert identity.sex == ("1" if int(number[16]) % 2 else "2")


@given(numbers, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_identity_number_with_one_wrong_character_is_refused(number: str, place: int, other: str) -> None:
    wrong = number[:place] + other + number[place + 1 :]

    if wrong != number:
        with pytest.raises(IdentifierError):
            check_identity_number(wrong, today=TODAY)


@given(numbers, st.integers(0, 16))
def test_identity_number_with_two_neighbours_swapped_is_refused(number: str, place: int) -> None:
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    if wrong != number:
        with pytest.raises(IdentifierError):
            check_identity_number(wrong, today=TODAY)


@given(numbers, st.integers(1, 5000))
def test_identity_number_born_after_today_is_refused(number: str, days: int) -> None:
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))

    with pytest.raises(IdentifierError, match="出生日期"):
        check_identity_number(number, today=born - timedelta(days=days))


@given(st.text(max_size=24))
def test_identity_number_of_any_text_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        check_identity_number(text, today=TODAY)

    assert len(text) < 6 or text not in caught.value.sentence


def test_identity_number_is_normalised() -> None:
    typed = " １１０１０５ 1949 1231\u200b００２ｘ"

    assert check_identity_number(typed, today=TODAY).number == "11010519491231002X"


def test_identity_number_of_the_old_form_is_extended() -> None:
    identity = check_identity_number("110105491231002", today=TODAY)

    assert identity.number == "11010519491231002X"
    assert identity.birth_date == date(1949, 12, 31)


def test_identity_number_of_the_old_form_for_the_century_before() -> None:
    assert check_identity_number("440524800101996", today=TODAY).birth_date == date(1880, 1, 1)


@pytest.mark.parametrize("region", ["440102", "440116", "440121", "440181", "512301"])
def test_identity_number_with_an_abolished_region_is_accepted(region: str) -> None:
    assert check_identity_number(_number(region, date(1980, 5, 1), 11), today=TODAY).region == region


@pytest.mark.parametrize("region", ["810000", "820000", "830000"])
def test_identity_number_of_a_residence_permit_is_told(region: str) -> None:
    assert check_identity_number(_number(region, date(1980, 5, 1), 11), today=TODAY).resident_permit


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("", "还没有填写"),
        ("1101051949123100", "现在是 16 位"),
        ("1101051949123100XX", "只能由数字组成"),
        ("1101051949123A002X", "只能由数字组成"),
        ("110105194912310021", "最后一位"),
        (_number("990000", date(1980, 5, 1), 11), "前六位"),
        (_number("810101", date(1980, 5, 1), 11), "前六位"),
        ("110105" + "20010229" + "0011", "出生日期不存在"),
        (_number("110105", date(2026, 3, 3), 11), "晚于今天"),
        (_number("110105", date(1800, 3, 3), 11), "过早"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "只能由数字组成"),
    ],
)
def test_identity_number_wrong_is_refused_with_the_reason(number: str, told: str) -> None:
    with pytest.raises(IdentifierError, match=told):
        check_identity_number(number, today=TODAY)


def test_identity_number_born_today_is_accepted() -> None:
    assert check_identity_number(_number("110105", TODAY, 11), today=TODAY).birth_date == TODAY


def test_uscc_is_accepted_and_normalised() -> None:
    assert check_uscc("９１３５０１００m000100y43") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("9135010", "现在是 7 位"),
        ("91350100M000100Y44", "最后一位"),
        ("9135O100M000100Y43", "不用字母"),
        ("9135A100M000100Y43", "第 3 至 8 位"),
    ],
)
def test_uscc_wrong_is_refused_with_the_reason(code: str, told: str) -> None:
    with pytest.raises(IdentifierError, match=told):
        check_uscc(code)


@given(st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_uscc_with_one_wrong_character_is_refused(place: int, other: str) -> None:
    code = "91350100M000100Y43"
    wrong = code[:place] + other + code[place + 1 :]

    if wrong != code:
        with pytest.raises(IdentifierError):
            check_uscc(wrong)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("111", "11010519491231002x", "11010519491231002X"),
        ("112", "110105491231002", "11010519491231002X"),
        ("113", "石 字第 12345 号", "石字第12345号"),
        ("114", "军字第1234567号", "军字第1234567号"),
        ("117", "m130123456", "M130123456"),
        ("414", "e12345678", "E12345678"),
        ("414", "EA1234567", "EA1234567"),
        ("511", "12345678", "12345678"),
        ("511", "1234567890(B)", "1234567890B"),
        ("513", "C12345678", "C12345678"),
        ("513", "CA1234567", "CA1234567"),
        ("516", "h12345678", "H12345678"),
        ("516", "M1234567801", "M1234567801"),
        ("553", "911124198108030024", "911124198108030024"),
        ("553", "CAN110081080302", "CAN110081080302"),
        ("L01", _number("810000", date(1980, 5, 1), 11), _number("810000", date(1980, 5, 1), 11)),
        ("L02", _number("830000", date(1980, 5, 1), 11), _number("830000", date(1980, 5, 1), 11)),
    ],
)
def test_document_number_is_accepted_and_normalised(kind: str, typed: str, kept: str) -> None:
    assert check_document(kind, typed, today=TODAY) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "told"),
    [
        ("111", _number("810000", date(1980, 5, 1), 11), "居住证的号码"),
        ("L01", "11010519491231002X", "不是港澳居民居住证"),
        ("L02", _number("820000", date(1980, 5, 1), 11), "不是台湾居民居住证"),
        ("414", "ABCDEF", "至少有一位数字"),
        ("414", "E12-345", "5 至 14 位"),
        ("511", "1234567", "8 位数字"),
        ("516", "A12345678", "H 或 M"),
        ("553", "811124198108030024", "9 开头"),
        ("553", "911124198108030025", "最后一位"),
        ("553", "911124198113030024", "出生日期不存在"),
        ("553", "CAN110081130302", "出生日期不存在"),
        ("990", "x", "2 至 40"),
        ("990", "<b>1</b>", "不能识别的符号"),
        ("000", "123456", "没有这种证件类型"),
    ],
)
def test_document_number_wrong_is_refused_with_the_reason(kind: str, typed: str, told: str) -> None:
    with pytest.raises(IdentifierError, match=told):
        check_document(kind, typed, today=TODAY)


@pytest.mark.parametrize("kind", sorted(codes.load("document_types").codes))
def test_every_document_type_of_the_list_has_a_rule(kind: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        check_document(kind, "<>", today=TODAY)

    assert "没有这种证件类型" not in caught.value.sentence


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 1234 5678", "+8613812345678"),
        ("１３８-1234-5678", "+8613812345678"),
        ("+86 138 1234 5678", "+8613812345678"),
        ("8613812345678", "+8613812345678"),
        ("19912345678", "+8619912345678"),
        ("0311-86688888", "+8631186688888"),
        ("(0311) 86688888", "+8631186688888"),
        ("4008123123", "+864008123123"),
        ("+852 9123 4567", "+85291234567"),
        ("+886 912 345 678", "+886912345678"),
    ],
)
def test_phone_is_normalised(typed: str, kept: str) -> None:
    assert normalise_phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "不是可以拨通"),
        ("张三", "不是可以拨通"),
        ("1381234567", "位数或号段"),
        ("138123456789", "位数或号段"),
        ("86688888", "加区号"),
        ("0311-86688888转801", "分机"),
        ("0311-86688888 ext 801", "分机"),
    ],
)
def test_phone_wrong_is_refused_with_the_reason(typed: str, told: str) -> None:
    with pytest.raises(IdentifierError, match=told):
        normalise_phone(typed)


def test_phone_tells_whether_it_takes_text_messages() -> None:
    assert takes_text_messages("+8619912345678")
    assert takes_text_messages("+85291234567")
    assert not takes_text_messages("+8631186688888")


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+8613812345678", "13812345678"),
        ("+8631186012345", "0311-86012345"),
        ("+861065529988", "010-65529988"),
        ("+85223456789", "+852 2345 6789"),
    ],
)
def test_phone_is_shown_as_people_write_it_and_reads_back(stored: str, shown: str) -> None:
    assert identifiers.show_phone(stored) == shown
    assert identifiers.normalise_phone(shown) == stored
