"""The green card's form, tables and steps hold everything that its guide shows, in the guide's own words."""

from __future__ import annotations

import pytest

from tests.engine.test_trials import ROOT
from yincai.engine.kinds import Kind
from yincai.engine.loading import load_folder, load_place_folder
from yincai.engine.spec import MaterialForm
from yincai.engine.workflow import Menu

PLACE = ROOT / "places" / "shijiazhuang"
PROGRAMME = load_folder(PLACE / "programmes" / "talent_green_card")
FIELDS = {
    "个人基本信息": [
        "姓名（中文）", "姓名（英文）", "照片", "证件类型和证件号码", "性别", "民族", "出生日期", "国籍/籍贯",
        "本市居住地", "学历学位（学历）", "学历学位（学位）", "毕业院校及专业（全日制教育）",
        "毕业院校及专业（在职教育）", "人才类别", "人才称号",
    ],
    "联系方式": ["固定电话", "手机号码", "电子邮箱"],
    "引进人才或自主培养": [
        "原工作单位职务、职称", "现工作单位职务", "引进方式", "签约期限", "单位职务、职称",
    ],
    "用人单位情况": ["全称", "地址", "所属行业", "法人代表", "联系人", "联系电话"],
    "学习工作经历和成果": ["国内外学习工作经历", "成果和奖励情况"],
    "户口登记地址和家庭成员": [
        "原户口所在地", "原户口详细地址", "户口迁入地", "户口迁入地详细地址", "家庭成员",
    ],
}  # fmt: skip
COLUMNS = [
    "姓名", "身份证号", "性别", "关系", "民族", "出生日期", "现在何处何职", "原户口登记地址",
    "原籍户口登记分局、派出所",
]  # fmt: skip


def labels(section):
    found = next(one for one in PROGRAMME.sections if one.title == section)
    return {field.label: field for field in found.fields}


@pytest.mark.parametrize(("section", "wanted"), FIELDS.items())
def test_block_of_the_form_has_every_field_of_the_guide(section, wanted):
    assert [label for label in wanted if label not in labels(section)] == []


def test_family_table_has_the_columns_of_the_guide_in_order():
    family = labels("户口登记地址和家庭成员")["家庭成员"]

    assert [column.label for column in family.rows] == COLUMNS


def test_introduced_excludes_home_grown_and_a_term_belongs_to_flexible_introduction():
    fields = labels("引进人才或自主培养")
    radio = PROGRAMME.field("route")

    assert [one.label for one in radio.options] == ["引进人才", "自主培养"]
    assert [one.label for one in fields["引进方式"].options] == ["刚性引进", "柔性引进"]
    assert [one.label for one in fields["签约期限"].options] == ["三至六个月", "一年", "一年以上"]
    assert fields["签约期限"].visible is not None
    assert {one.branch for one in PROGRAMME.section("introduction").fields if one.choice} == {
        "introduced",
        "trained",
    }


def test_long_texts_are_rich_and_counted_and_degrees_come_from_national_lists():
    long = labels("学习工作经历和成果")
    person = labels("个人基本信息")

    assert {(one.kind, bool(one.max_length)) for one in long.values()} == {(Kind.RICH_TEXT, True)}
    assert [person[f"学历学位（{one}）"].code_list for one in ("学历", "学位")] == ["education", "degree"]


def test_classes_of_each_card_are_those_of_the_rules():
    counted = {name: len(PROGRAMME.field(name).options) for name in ("category", "category_b", "category_c")}

    assert counted == {"category": 6, "category_b": 8, "category_c": 3}


def test_materials_have_the_forms_of_the_guide():
    forms = {one.title: one.form for one in PROGRAMME.materials}

    assert forms == {
        "身份证或护照": MaterialForm.ORIGINAL,
        "学历学位证书": MaterialForm.ORIGINAL,
        "职称证书": MaterialForm.ORIGINAL,
        "申请表": MaterialForm.EITHER,
        "与用人单位签订的工作合同": MaterialForm.BOTH,
        "养老保险缴纳证明": MaterialForm.BOTH,
    }


def test_menu_and_states_are_those_of_the_guide():
    words = load_place_folder(PLACE).menu
    menus = {state.menu for state in PROGRAMME.workflow.states}

    assert list(words.values())[:6] == ["绿卡申请", "草稿箱", "正在审批", "材料补正", "不予受理", "审批通过"]
    assert menus == {Menu.DRAFTS, Menu.IN_REVIEW, Menu.CORRECTION, Menu.REFUSED, Menu.APPROVED}
    assert [PROGRAMME.workflow.state(name).bring != () for name in ("at_window", "ready", "draft")] == [
        True,
        True,
        False,
    ]


def test_card_prints_what_was_settled_for_it():
    assert [field.label for field in PROGRAMME.card.fields] == [
        "姓名", "性别", "证件号码", "用人单位", "人才类别", "人才类别", "人才类别",
    ]  # fmt: skip
    assert PROGRAMME.card.validity_years == 5
    assert "{variant}" in PROGRAMME.card.number.text
