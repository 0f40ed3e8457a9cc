from __future__ import annotations

from datetime import date

import pytest

from tests.engine.programmes import sample
from tests.engine.test_forms_cleaning import citizen
from yincai.engine.forms import (
    Missing,
    count_characters,
    effective_values,
    is_required,
    missing,
    needed_documents,
    needed_materials,
    row_slot,
    shows_path,
    visible_columns,
    visible_fields,
    visible_sections,
)

TODAY = date(2026, 11, 22)
PROGRAMME = sample()
COMPLETE = {
    "full_name": "林小舟",
    "sex": "1",
    "born": "1990-03-07",
    "paper": {"type": "111", "number": citizen()},
    "mobile": "+8613812345678",
    "origin": "home_grown",
    "agree": True,
}
FILES = {"picture": 1, "degree": 1}


def missing_of(values, documents=FILES, **more):
    return missing(PROGRAMME, values, documents=documents, today=TODAY, **more)


def test_nothing_is_missing_from_a_complete_case():
    assert missing_of(COMPLETE) == []


def test_empty_case_lists_everything_in_the_order_of_the_form():
    assert missing_of({}, {}) == [
        Missing("person", "full_name", "请填写“姓名”。"),
        Missing("person", "picture", "请上传“照片”。"),
        Missing("person", "sex", "请选择“性别”。"),
        Missing("person", "born", "请填写“出生日期”。"),
        Missing("person", "paper.number", "请填写“证件”。"),
        Missing("person", "mobile", "请填写“手机号码”。"),
        Missing("talent", "origin", "请选择“来源”。"),
        Missing("talent", "agree", "请勾选“同意公示”。"),
        Missing("materials", "degree", "请上传“学历证书”。"),
    ]


def test_either_or_asks_for_its_branch_only():
    introduced = {**COMPLETE, "origin": "introduced"}

    assert [item.path for item in missing_of(introduced)] == ["term", "contract"]
    assert [item.path for item in missing_of({**introduced, "term": "2"})] == ["months", "contract"]
    assert [item.path for item in missing_of({**introduced, "term": "1"})] == ["contract"]


def test_answers_of_a_hidden_branch_count_for_nothing():
    stale = {**COMPLETE, "term": "2", "months": 240, "long_stay": True}
    facts = {**stale, "today": TODAY}

    assert [item.path for item in missing_of(stale)] == []
    assert not is_required(PROGRAMME.field("employer"), facts)
    assert [need.slot for need in needed_materials(PROGRAMME, facts)] == ["degree", "contract"]
    assert effective_values(PROGRAMME, stale, today=TODAY) == COMPLETE
    live = {**stale, "origin": "introduced"}
    assert [item.path for item in missing_of(live)] == ["employer", "contract", "stay"]
    assert effective_values(PROGRAMME, live, today=TODAY) == live


def test_contradiction_keeps_a_case_from_being_submitted():
    assert missing_of({**COMPLETE, "born": "1990-07-03"}) == [
        Missing("person", "born", "出生日期与证件号码不一致，号码中的出生日期是 1990年3月7日。请核对两处。")
    ]


def test_photo_is_there_as_a_value_or_as_a_document():
    picture = {**COMPLETE, "picture": "6f9619ff-8b86-d011-b42d-00c04fc964ff"}

    assert [item.path for item in missing_of(picture, {"degree": 1})] == []
    assert [item.path for item in missing_of(COMPLETE, {"degree": 1})] == ["picture"]


def test_section_that_depends_on_the_variant():
    assert [section.name for section in visible_sections(PROGRAMME, {"variant": "A"})] == ["person", "talent"]
    assert [section.name for section in visible_sections(PROGRAMME, {"variant": "B"})] == [
        "person",
        "talent",
        "household",
    ]
    assert visible_fields(PROGRAMME.section("household"), {"variant": "A"}) == []
    assert missing_of(COMPLETE, variant="B") == [Missing("household", "family", "“家庭成员”至少填写 1 行。")]


def test_rows_are_checked_cell_by_cell_with_their_documents():
    family = [
        {"_row": "a", "name": "林一", "born": "2020-01-01", "adopted": False},
        {"_row": "b", "born": "2000-01-01", "adopted": True},
        {"_row": "c"},
    ]

    assert missing_of({**COMPLETE, "family": family}, variant="B") == [
        Missing("household", "family.a.birth", "“家庭成员”第 1 行：请上传“出生医学证明”。"),
        Missing("household", "family.b.name", "“家庭成员”第 2 行：请填写“姓名”。"),
        Missing("household", "family.b.paper.number", "“家庭成员”第 2 行：请填写“证件”。"),
        Missing("household", "family.b.adopted_on", "“家庭成员”第 2 行：请填写“收养日期”。"),
        Missing("household", "family.b.adoption", "“家庭成员”第 2 行：请上传“收养登记证”。"),
    ]


def test_too_many_rows_keep_a_case_from_being_submitted():
    family = [{"_row": str(number), "name": "林", "adopted": False} for number in range(4)]
    documents = {**FILES, **{f"family.{number}.birth": 1 for number in range(4)}}

    assert missing_of({**COMPLETE, "family": family}, documents, variant="B") == [
        Missing("household", "family", "“家庭成员”最多填写 3 行，现在是 4 行。")
    ]


def test_row_documents_and_columns():
    family = PROGRAMME.field("family")
    adopted = {"_row": "a", "adopted": True}

    assert [(need.slot, need.required) for need in needed_documents(family, adopted, {})] == [
        ("family.a.birth", False),
        ("family.a.adoption", True),
    ]
    assert [column.name for column in visible_columns(family, {}, {"adopted": False})] == [
        "name",
        "born",
        "paper",
        "adopted",
    ]
    assert row_slot(family, adopted, family.documents[0]) == "family.a.birth"


@pytest.mark.parametrize(
    ("path", "shows"),
    [
        ("full_name", True),
        ("paper.number", True),
        ("term", False),
        ("months", False),
        ("post", True),
        ("family", True),
        ("family.a.name", True),
        ("family.a.paper.number", True),
        ("family.a.adopted_on", False),
        ("family.b.adopted_on", True),
        ("family.gone.name", False),
        ("nothing", False),
    ],
)
def test_path_shows_where_its_field_and_cell_do(path, shows):
    family = [{"_row": "a", "adopted": False}, {"_row": "b", "adopted": True}]
    facts = {"variant": "B", "origin": "home_grown", "term": "2", "family": family}

    assert shows_path(PROGRAMME, facts, path) is shows


def test_effective_values_leave_out_blanks_blank_rows_and_hidden_cells():
    values = {
        "variant": "B",
        "today": "2026-11-22",
        "full_name": "",
        "paper": {"type": "414", "number": ""},
        "family": [
            {"_row": "a", "name": "林一", "born": "", "adopted": False, "adopted_on": "2020-01-01"},
            {"_row": "b", "adopted": False},
        ],
    }

    assert effective_values(PROGRAMME, values) == {
        "family": [{"_row": "a", "name": "林一", "adopted": False}],
    }


@pytest.mark.parametrize(
    ("html", "length"), [("", 0), ("<p>读 书</p>", 2), ("<p>&lt;b&gt;</p>", 3), ("<p>a<br>b</p>\n", 2)]
)
def test_characters_are_counted_as_a_reader_sees_them(html, length):
    assert count_characters(html) == length
