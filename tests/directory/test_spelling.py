"""A pattern stands in the words of a name exactly when the name holds the query."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yincai.directory.spelling import ANYTHING, LONGEST_QUERY, parts_of, pattern_of, spelling_of

NAME = "广州市ＴＣＬ科技（重庆）有限公司"
CHARACTERS = st.text(alphabet="广州市人人大中", min_size=1, max_size=6)
LETTERS = st.text(alphabet="abz", min_size=1, max_size=5)


def test_name_is_spelt_thrice_and_by_initials_pinyin_and_code() -> None:
    spelt = spelling_of("重庆A1局", "91990100MA0000003N")

    assert (spelt.folded, spelt.grams) == ("重庆a1局", "重重重庆庆庆aaa111局局局")
    assert spelt.latin.split("\n") == ["cqa1j", "ввврррааа111ййй", "chongqinga1ju", "91990100ma0000003n"]


@pytest.mark.parametrize(
    "query",
    [
        "广",
        "州市",
        "科技(重庆)",
        "tcl",
        "TCL",
        "tc",
        "ＴＣ",
        "gz",
        "gzstcl",
        "kejichongqing",
        "广 州 市",
        "MA0003",
        NAME,
    ],
)
def test_part_of_name_pinyin_initials_or_code_is_found(query: str) -> None:
    assert is_found(query, NAME)


@pytest.mark.parametrize(
    "query", ["广市", "州广", "深圳", "tlc", "gztcl", "广广", "科技公司", "ct", NAME + "厂"]
)
def test_what_the_name_does_not_hold_is_not_found(query: str) -> None:
    assert not is_found(query, NAME)


@pytest.mark.parametrize("query", ["", "  ", "（）", "%", "_", "——\u200b", "\n"])
def test_signs_alone_ask_for_nothing(query: str) -> None:
    assert pattern_of(query) is None


def test_index_is_asked_for_the_parts_that_few_names_have() -> None:
    many = dict.fromkeys(parts_of("天河区科技股份有限公司", 2), 9)

    pattern = pattern_of("天河区玉兔捣药科技股份有限公司", met={"grams": many}.__getitem__)

    assert pattern is not None
    assert (pattern.rare, pattern.whole) == (
        "天天河河%区区玉玉%兔兔捣捣%药药科科",
        "天河区玉兔捣药科技股份有限公司",
    )


def test_endless_query_is_cut() -> None:
    pattern = pattern_of("广州" * 500)

    assert pattern is not None
    assert len(pattern.whole) == LONGEST_QUERY


@given(CHARACTERS, CHARACTERS)
def test_pattern_of_characters_means_what_in_means(name: str, query: str) -> None:
    assert is_found(query, name) == (query in name)


@given(LETTERS, LETTERS)
def test_pattern_of_one_or_two_letters_means_initials(name: str, query: str) -> None:
    assert is_found(query[:2], name) == (query[:2] in name)


def test_index_is_asked_for_the_letters_that_few_names_have() -> None:
    many = dict.fromkeys(parts_of("guangzhoutianhequkejiyouxiangongsi", 3), 9)

    pattern = pattern_of("guangzhoutianhequyutudaoyaokejiyouxiangongsi", met={"latin": many}.__getitem__)

    assert pattern is not None
    assert pattern.rare == "gua%quy%utu%dao%yao"


@given(st.sampled_from(["ang", "广州市"]), st.data(), st.randoms())
def test_pattern_of_a_long_query_misses_no_name_that_holds_it(
    alphabet: str, data: st.DataObject, chance: Random
) -> None:
    name = data.draw(st.text(alphabet=alphabet, min_size=20, max_size=40))
    query = name[data.draw(st.integers(0, 5)) :]
    pattern = pattern_of(query, met=lambda column: {part: chance.randrange(9) for part in parts_of(query, 2)})

    assert pattern is not None
    assert stands_in(pattern.rare, name if name.isascii() else spelling_of(name).grams)


def is_found(query: str, name: str) -> bool:
    """Whether the index and the comparison that follows it agree that the name holds the query."""
    pattern, spelt = pattern_of(query), spelling_of(name, "91440101MA0003XXXX")
    assert pattern is not None
    indexed = {"grams": spelt.grams, "latin": spelt.latin}[pattern.column]
    compared = {"grams": spelt.folded, "latin": spelt.latin}[pattern.column]
    is_held = pattern.whole in compared
    assert stands_in(pattern.rare, indexed) >= is_held
    return is_held


def stands_in(pattern: str, text: str) -> bool:
    """Whether a text has the parts of a pattern one behind the other, as LIKE finds them."""
    return re.search(".*".join(map(re.escape, pattern.split(ANYTHING))), text, re.DOTALL) is not None
