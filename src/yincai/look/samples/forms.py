"""Forms: a field of every kind, filled in and wrong, and the human check."""

from __future__ import annotations

from dataclasses import dataclass

from yincai.engine.kinds import Kind
from yincai.engine.spec import Field, RadioOption, Section
from yincai.foundation.errors import Problem
from yincai.look.form_state import FormState
from yincai.look.samples.words import LONG_ADDRESS, LONG_NAME, LONG_ORGANISATION, RICH
from yincai.people.queries import Asked


@dataclass(frozen=True)
class SampleCheck:
    """As much of a checked form as the human check asks for."""

    purpose: str = "register"
    check_pass: str = ""
    is_answering: bool = False
    asked: Asked = Asked("停车场里停着四十七辆车，又开进八辆，一共有多少辆？", "sample")


def section() -> Section:
    """One section that holds a field of every kind."""
    options = (RadioOption("rigid", "刚性引进"), RadioOption("flexible", "柔性引进"))
    explained = tuple(
        RadioOption(str(n), f"第（{n}）类", f"{LONG_ORGANISATION}等单位的学科带头人") for n in (1, 2)
    )
    columns = (
        Field("member_name", Kind.PERSON_NAME, "姓名", required=True),
        Field("member_identity", Kind.IDENTITY_DOCUMENT, "身份证号", document_types=("111",), required=True),
        Field("member_relation", Kind.CODE, "关系", code_list="family"),
        Field("member_birth", Kind.DATE, "出生日期"),
    )
    return Section(
        "sample",
        "各种各样的题目",
        (
            Field("name", Kind.PERSON_NAME, "姓名（中文）", required=True, autocomplete="name"),
            Field("photo", Kind.PHOTO, "照片", hint="一寸近期免冠照片。", required=True),
            Field("identity", Kind.IDENTITY_DOCUMENT, "证件类型和证件号码", required=True),
            Field("sex", Kind.CODE, "性别", code_list="sex", required=True),
            Field("ethnic", Kind.CODE, "民族", code_list="ethnic"),
            Field("birth_date", Kind.DATE, "出生日期", required=True),
            Field("since", Kind.MONTH, "参加工作年月", placeholder="例如 2020-09"),
            Field("salary", Kind.NUMBER, "年薪", unit="万元", hint="税前，保留两位小数。"),
            Field("mobile", Kind.PHONE, "手机号码", required=True, autocomplete="tel"),
            Field("email", Kind.EMAIL, "电子邮箱", autocomplete="email"),
            Field("residence", Kind.ADDRESS, "本市居住地", hint="写到门牌号。"),
            Field("employer", Kind.ORGANISATION, "用人单位全称", required=True),
            Field("category", Kind.RADIO, "人才类别", options=explained, required=True),
            Field("route", Kind.RADIO, "属于哪一种", options=options, is_choice=True, required=True),
            Field("post", Kind.TEXT, "现工作单位职务", choice="route", branch="flexible", required=True),
            Field("agreed", Kind.CHECKBOX, "用人单位已经知晓", required=True, hint="由单位人事部门确认。"),
            Field("history", Kind.RICH_TEXT, "国内外学习工作经历", max_length=200, hint="从大学写起。"),
            Field("family", Kind.ROWS, "家庭成员", rows=columns, max_rows=3, hint="没有可以不填。"),
        ),
    )


def filled_form() -> FormState:
    """The section as somebody with long names has filled it in."""
    posted = {
        "name": [LONG_NAME],
        "identity.type": ["414"],
        "identity.number": ["E12345678"],
        "ethnic": ["05"],
        "birth_date": ["1990-01-31"],
        "residence": [LONG_ADDRESS],
        "employer": [LONG_ORGANISATION],
        "category": ["1"],
        "route": ["flexible"],
        "agreed": ["on"],
        "history": ["<p>2008 年毕业于某大学。</p><p>2012 年起在某研究所工作。</p>"],
        "family._ids": ["a1", "b2"],
        "family.a1.member_name": [LONG_NAME],
        "family.b2.member_name": ["王小明"],
    }
    return FormState(
        section(), posted, {}, pictures={"photo": "/static/look/mark.svg"}, upload_address="/my/"
    )


def wrong_form() -> FormState:
    """The same section with a problem beside every kind of field, and with what another device holds."""
    posted = {
        "birth_date": ["1990年1月31日"],
        "mobile": ["138"],
        "family._ids": ["a1"],
        "identity.number": ["1"],
        "history": [str(RICH)],
    }
    fields = (
        "name",
        "sex",
        "birth_date",
        "salary",
        "mobile",
        "employer",
        "category",
        "route",
        "agreed",
        "history",
    )
    inner = ("identity.number", "family.a1.member_name", "family.a1.member_identity.number")
    paths = (*fields, *inner)
    problems = tuple(Problem(path, "这里填写有误，请按提示改正后再保存。") for path in paths)
    return FormState(section(), posted, {}, problems, {"employer": LONG_ORGANISATION}, upload_address="/my/")
