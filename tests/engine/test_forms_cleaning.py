from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.programmes import sample
from yincai.engine.forms import Problem, as_posted, clean_section
from yincai.foundation.canonical import canonical_json
from yincai.foundation.identifiers import check_character

TODAY = date(2026, 11, 22)
PROGRAMME = sample()


def citizen(born="19900307", order="001"):
    body = f"110101{born}{order}"
    return body + check_character(body)


def clean(section, known=None, **posted):
    texts = {
        name.replace("__", "."): [value] if isinstance(value, str) else value
        for name, value in posted.items()
    }
    return clean_section(PROGRAMME, section, texts, known=known or {}, today=TODAY)


@pytest.mark.parametrize(
    ("section", "name", "text", "value"),
    [
        ("person", "full_name", "  林小舟 ", "林小舟"),
        ("person", "sex", "1", "1"),
        ("person", "born", "1990-03-07", "1990-03-07"),
        ("person", "born", "1990年3月7日", "1990-03-07"),
        ("person", "born", "１９９０／３／７", "1990-03-07"),
        ("person", "born", "19900307", "1990-03-07"),
        ("person", "born", "2026-11-22", "2026-11-22"),
        ("person", "mobile", "１３８ 1234-5678", "+8613812345678"),
        ("person", "mail", " Lin@Example.COM ", "Lin@example.com"),
        ("person", "home", "海滨路\u200b 1 号\n", "海滨路 1 号"),
        ("person", "home", "e\u0301", "é"),
        ("person", "picture", "6F9619FF-8B86-D011-B42D-00C04FC964FF", "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        ("talent", "months", "２４", 24),
        ("talent", "months", "24.0", 24),
        ("talent", "pay", "12,345.6", "12345.60"),
        ("talent", "pay", "-1", "-1.00"),
        ("talent", "since", "2026年1月", "2026-01"),
        ("talent", "since", "202611", "2026-11"),
        ("talent", "origin", "introduced", "introduced"),
        ("talent", "agree", "on", True),
        ("talent", "story", "第一行\n第二行", "<p>第一行</p><p>第二行</p>"),
        (
            "talent",
            "story",
            '<p style="color:red" onclick="x()">读<b>书</b><script>alert(1)</script></p><!-- x -->',
            "<p>读<b>书</b></p>",
        ),
        (
            "talent",
            "story",
            '<p><a href="javascript:x()">甲</a><a href="https://example.com/?a=1&b=>">乙</a></p>',
            '<p>甲<a href="https://example.com/?a=1&amp;b=&gt;"'
            ' rel="noopener noreferrer nofollow">乙</a></p>',
        ),
        (
            "talent",
            "story",
            '<table><tr><td colspan=2 rowspan=900 class="x">表</td></tr></table><a href="/desk/">丙</a>',
            '<table><tbody><tr><td colspan="2">表</td></tr></tbody></table><p>丙</p>',
        ),
    ],
)
def test_value_is_brought_into_its_stored_form(section, name, text, value):
    cleaned = clean(section, **{name: text})

    assert cleaned.values[name] == value
    assert cleaned.problems == []
    assert cleaned.typed == {}


@pytest.mark.parametrize(
    ("section", "name", "text", "sentence"),
    [
        ("person", "sex", "7", "所选内容不在列表中。请从列表里重新选择一项。"),
        ("person", "born", "1990-02-30", "没有这个日期。请按“年-月-日”填写，例如 2026-01-31。"),
        ("person", "born", "1990111", "没有这个日期。请按“年-月-日”填写，例如 2026-01-31。"),
        ("person", "born", "昨天", "没有这个日期。请按“年-月-日”填写，例如 2026-01-31。"),
        ("person", "born", "2026-11-23", "日期不能晚于今天。请核对后重新填写。"),
        ("person", "born", "1899-12-31", "日期不能早于 1900-01-01。请核对后重新填写。"),
        ("person", "mail", "lin@example", "电子邮箱的写法不对。请按 name@example.com 的样子填写。"),
        ("person", "home", "海滨路" * 4, "最多 10 个字，现在是 12 个字。请缩短后再保存。"),
        ("person", "picture", "x.jpg", "照片没有传上来。请重新选择照片并上传。"),
        ("talent", "months", "两年", "这里要填数字，例如 12。请去掉文字和符号后重新填写。"),
        ("talent", "months", "1e9", "这里要填数字，例如 12。请去掉文字和符号后重新填写。"),
        ("talent", "months", "12.5", "这里要填整数。请修改后再保存。"),
        ("talent", "pay", "1.234", "最多保留 2 位小数。请修改后再保存。"),
        ("talent", "months", "11", "数值不能小于 12个月。请核对后重新填写。"),
        ("talent", "months", "601", "数值不能大于 600个月。请核对后重新填写。"),
        ("talent", "since", "2026-13", "没有这个月份。请按“年-月”填写，例如 2026-01。"),
        ("talent", "since", "2026-12", "月份不能晚于 2026-11。请核对后重新填写。"),
        ("talent", "origin", "bought", "所选内容不在列表中。请从列表里重新选择一项。"),
        ("talent", "story", "<p>" + "字" * 21 + "</p>", "最多 20 个字，现在是 21 个字。请缩短后再保存。"),
        ("talent", "school", "大" * 200_001, "内容过长，没有保存。请缩短到 100 个字以内。"),
    ],
)
def test_text_that_is_no_value_is_kept_beside_a_sentence(section, name, text, sentence):
    cleaned = clean(section, known={name: "旧"}, **{name: text})

    assert cleaned.problems == [Problem(name, sentence)]
    assert cleaned.typed == {name: text[:200_000]}
    assert name not in cleaned.values


def test_mobile_number_that_is_a_landline_is_refused_in_words():
    cleaned = clean("person", mobile="0311-86012345")

    assert [problem.message for problem in cleaned.problems] == [
        "这是固定电话，收不到短信。请填写手机号，内地手机号为 11 位。"
    ]
    assert cleaned.typed == {"mobile": "0311-86012345"}


def test_names_and_phones_speak_through_the_foundation():
    cleaned = clean("person", full_name="林1", mobile="12")

    assert [problem.path for problem in cleaned.problems] == ["full_name", "mobile"]
    assert cleaned.typed == {"full_name": "林1", "mobile": "12"}


def test_identity_document_is_a_pair():
    cleaned = clean(
        "person", paper__type="111", paper__number="１１０１０１ 199003070011".replace("0011", "001x")
    )
    number = citizen()

    assert clean("person", paper__type="111", paper__number=number.lower()).values["paper"] == {
        "type": "111",
        "number": number,
    }
    assert [problem.path for problem in cleaned.problems] == ["paper.number"]
    assert cleaned.values["paper"] == {"type": "111", "number": ""}
    assert set(cleaned.typed) == {"paper.number"}


def test_identity_document_of_a_type_that_is_not_accepted():
    cleaned = clean("person", paper__type="511", paper__number="12345678")

    assert cleaned.problems == [
        Problem("paper.type", "没有这种证件类型，或本事项不接受它。请从列表里重新选择。")
    ]
    assert cleaned.typed == {"paper.type": "511", "paper.number": "12345678"}


def test_type_chosen_before_the_number_is_kept():
    assert clean("person", paper__type="414", paper__number="").values == {
        "paper": {"type": "414", "number": ""}
    }
    assert clean("person", paper__type="111", paper__number=" ").values == {}


def test_number_is_compared_with_birth_date_and_sex():
    number = citizen("19900307", "002")

    cleaned = clean("person", born="1990-07-03", sex="1", paper__type="111", paper__number=number)

    assert cleaned.problems == [
        Problem("born", "出生日期与证件号码不一致，号码中的出生日期是 1990年3月7日。请核对两处。"),
        Problem("sex", "性别与证件号码不一致，号码中的性别是女。请核对两处。"),
    ]
    assert cleaned.values["born"] == "1990-07-03"
    assert clean("person", born="1990-03-07", sex="2", paper__type="111", paper__number=number).problems == []
    assert clean("person", sex="9", paper__type="111", paper__number=number).problems == []


def test_field_that_was_not_posted_keeps_its_value_and_an_emptied_one_loses_it():
    known = {"full_name": "林小舟", "home": "海滨路", "paper": {"type": "414", "number": "E12345678"}}

    assert clean("person", known, home="").values == {
        "full_name": "林小舟",
        "paper": {"type": "414", "number": "E12345678"},
    }


def test_box_that_was_drawn_and_not_posted_is_unticked():
    known = {"origin": "introduced", "term": "2", "months": 240, "long_stay": True, "agree": True}
    hidden = {**known, "months": 24}

    assert clean("talent", known).values["long_stay"] is False
    assert clean("talent", known).values["agree"] is False
    assert clean("talent", hidden).values["long_stay"] is True
    assert clean("talent", known, long_stay=[]).values["long_stay"] is False


def test_rows_are_added_edited_and_deleted():
    known = {"variant": "B", "family": [{"_row": "a", "name": "林一"}, {"_row": "b", "name": "林二"}]}
    posted = {
        "family._ids": ["b", "c", "b", "<script>"],
        "family.b.name": ["林贰"],
        "family.b.born": ["2020-13-01"],
        "family.c.name": ["林三"],
        "family.c.adopted": ["on"],
    }

    cleaned = clean_section(PROGRAMME, "household", posted, known=known, today=TODAY)

    assert cleaned.values == {
        "family": [
            {"_row": "b", "name": "林贰", "adopted": False},
            {"_row": "c", "name": "林三", "adopted": True},
        ]
    }
    assert cleaned.typed == {"family.b.born": "2020-13-01"}
    assert [problem.path for problem in cleaned.problems] == ["family.b.born"]


def test_all_rows_deleted_leaves_an_empty_table_unless_the_page_had_none():
    family = [{"_row": "a", "name": "林一"}]

    assert clean("household", {"variant": "B", "family": family}).values == {"family": []}
    assert clean("household", {"variant": "A", "family": family}).values == {"family": family}


def test_too_many_rows_are_kept_and_named():
    rows = {f"family.{row}.born": ["2001-01-01"] for row in "abcd"}
    posted = {"family._ids": list("abcd"), **rows}

    cleaned = clean_section(PROGRAMME, "household", posted, known={"variant": "B"}, today=TODAY)

    assert len(cleaned.values["family"]) == 4
    assert cleaned.problems == [Problem("family", "最多 3 行，现在是 4 行。请删去多余的行。")]


def test_blank_row_is_no_row_but_a_wrong_one_is():
    posted = {"family._ids": ["a", "b"], "family.a.born": [""], "family.b.born": ["昨天"]}

    cleaned = clean_section(PROGRAMME, "household", posted, known={"variant": "B"}, today=TODAY)

    assert cleaned.values["family"] == [{"_row": "b", "adopted": False}]
    assert cleaned.typed == {"family.b.born": "昨天"}


def test_row_number_is_compared_with_the_row_birth_date():
    posted = {
        "family._ids": ["a"],
        "family.a.born": ["2001-01-01"],
        "family.a.paper.type": ["111"],
        "family.a.paper.number": [citizen()],
    }

    cleaned = clean_section(PROGRAMME, "household", posted, known={"variant": "B"}, today=TODAY)

    assert [problem.path for problem in cleaned.problems] == ["family.a.born"]


def test_date_without_a_declared_min_is_not_before_1900():
    posted = {"family._ids": ["a", "b"], "family.a.born": ["0001-01-01"], "family.b.born": ["1900-01-01"]}

    cleaned = clean_section(PROGRAMME, "household", posted, known={"variant": "B"}, today=TODAY)

    said = "日期不能早于 1900-01-01。请核对后重新填写。"
    assert cleaned.problems == [Problem("family.a.born", said)]
    assert cleaned.typed == {"family.a.born": "0001-01-01"}
    assert cleaned.values["family"][1]["born"] == "1900-01-01"


def test_unknown_section_is_a_key_error():
    with pytest.raises(KeyError):
        clean("nothing")


NAMES = [
    "full_name",
    "picture",
    "sex",
    "born",
    "paper.type",
    "paper.number",
    "mobile",
    "mail",
    "home",
    "origin",
    "term",
    "months",
    "post",
    "long_stay",
    "story",
    "since",
    "pay",
    "agree",
    "employer",
    "family._ids",
    "family.a.name",
    "family.a.born",
    "family.a.paper.number",
    "family.a.adopted",
    "family.a.adopted_on",
]
GOOD = [
    "林小舟",
    "1",
    "1990-03-07",
    "111",
    citizen(),
    "13812345678",
    "a@b.cn",
    "introduced",
    "2",
    "on",
    "a",
    "120",
]
texts = st.sampled_from(GOOD) | st.text(st.characters(), max_size=30)
posts = st.dictionaries(st.sampled_from(NAMES), st.lists(texts, max_size=2), max_size=12)
sections = st.sampled_from(["person", "talent", "household"])


@settings(max_examples=150)
@given(sections, posts)
def test_anything_posted_is_cleaned_into_json_and_nothing_typed_is_lost(section, posted):
    cleaned = clean_section(PROGRAMME, section, posted, known={"variant": "B"}, today=TODAY)

    canonical_json(cleaned.values)
    canonical_json(cleaned.typed)
    own = {problem.path for problem in cleaned.problems}
    assert set(cleaned.typed) <= own | {path.replace(".type", ".number") for path in own}


@settings(max_examples=150)
@given(sections, posts)
def test_showing_and_posting_again_changes_nothing(section, posted):
    first = clean_section(PROGRAMME, section, posted, known={"variant": "B"}, today=TODAY)

    again = as_posted(PROGRAMME, section, first.values, first.typed)
    second = clean_section(PROGRAMME, section, again, known={**first.values, "variant": "B"}, today=TODAY)

    assert second.values == first.values
    assert second.typed == first.typed
