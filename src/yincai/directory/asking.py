"""What a request asks for, input by input, and what can be wrong with an answer."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yincai.directory.vocabulary import Deed, DirectorySpec, Problem, Sort
from yincai.foundation import clock, codes
from yincai.foundation.identifiers import IdentifierError, check_uscc, normalise_phone
from yincai.foundation.names import is_han

LONGEST_NAME = 100
AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a request's form.  `options` (value, title) makes it a choice, `is_check` a tick."""

    name: str
    label: str
    required: bool = False
    hint: str = ""
    longest: int = 100
    options: tuple[tuple[str, str], ...] = ()
    is_check: bool = False
    is_date: bool = False
    is_phone: bool = False


def inputs_of(sort: Sort, deed: Deed, spec: DirectorySpec) -> tuple[Input, ...]:
    """The inputs of a request, in order (facts 4.5 and 4.6)."""
    if deed is Deed.ADMINISTER:
        return (_PHONE,)
    if sort is Sort.SCHOOL:
        countries = tuple(codes.load("countries").codes.items())
        return (
            Input("name", "院校名称", True, "请填毕业证、学位证上的全称。"),
            Input("country", "国家或地区", options=countries),
            Input("kind", "类型", options=_options(spec.school_kinds)),
        )
    if sort is Sort.MAJOR:
        return (
            Input("name", "专业名称", True, "请填毕业证、学位证上的全称。"),
            Input("school", "毕业院校"),
            Input("level", "层次", options=_options(spec.levels)),
        )
    return _organisation(spec, deed)


def file_label(sort: Sort, deed: Deed) -> tuple[str, str]:
    """What the file of a request is called, and the hint beside it."""
    if deed is Deed.ADMINISTER:
        return "授权书", "写明单位全称、统一社会信用代码和被授权人，加盖单位公章。"
    if sort is Sort.ORGANISATION:
        return "营业执照", "机关、事业单位和社会组织请传登记证书。四个角都在画面里，字迹清楚。"
    return "证明附件", "毕业证或学位证，能看清名称。"


def clean(inputs: Sequence[Input], posted: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """The answers in their written form, and what is wrong with the others."""
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for one in inputs:
        typed = _plain(posted.get(one.name, ""))
        try:
            values[one.name] = _checked(one, typed)
        except IdentifierError as error:
            problems.append(Problem(one.name, error.sentence))
    return values, problems


def _organisation(spec: DirectorySpec, deed: Deed) -> tuple[Input, ...]:
    found = (
        Input("name", "单位名称", True, "请填营业执照或登记证书上的全称。"),
        Input("uscc", "统一社会信用代码", True, "18 位，在营业执照或登记证书上。", 40),
        Input("kind", "单位类型", True, options=_options(spec.kinds)),
        Input("affiliation", "隶属关系", options=_options(spec.affiliations)),
        Input("department", "所属主管部门"),
        Input("supervised", "是市国资委监管企业", is_check=True),
        Input("address", "注册地址", True, longest=200),
        Input("district", "注册区", True, options=tuple(spec.districts.items())),
        Input("representative", "法定代表人", longest=50),
        Input("person", "联系人", True, "只给审核人员看。", 50),
        _PHONE,
    )
    if deed is Deed.CHANGE:
        return (*found, Input("since", "生效日期", hint="不填：审核通过之日。", is_date=True))
    return found


_PHONE = Input("phone", "联系电话", True, "手机或带区号的固定电话，只给审核人员看。", 40, is_phone=True)


def _options(words: Sequence[object]) -> tuple[tuple[str, str], ...]:
    return tuple((one.name, one.title) for one in words)  # type: ignore[attr-defined]  # engine.directory.Word


def _plain(typed: str) -> str:
    """One line without what cannot be seen."""
    kept = "".join(sign if sign.isprintable() else " " for sign in unicodedata.normalize("NFC", typed))
    return " ".join(kept.split())


def _checked(one: Input, typed: str) -> str:
    if not typed:
        if one.required:
            raise IdentifierError(f"请{'选择' if one.options else '填写'}{one.label}。")
        return ""
    if one.is_check:
        return "on"
    if one.options:
        if typed not in dict(one.options):
            raise IdentifierError(f"请从列表中选择{one.label}。")
        return typed
    if len(typed) > one.longest:
        raise IdentifierError(f"{one.label}最多 {one.longest} 个字，现在是 {len(typed)} 个。请按证照填写。")
    return _CHECKS.get("date" if one.is_date else "phone" if one.is_phone else one.name, str)(typed)


def _name(typed: str) -> str:
    signs = sum(is_han(sign) or sign.isalnum() for sign in typed)
    if signs < 2 or not any(is_han(sign) or sign.isalpha() for sign in typed):
        raise IdentifierError("名称至少要有两个字。请按证照上的全称填写。")
    return typed


def _day(typed: str) -> str:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise IdentifierError("这不是一个日期。请写成 2026-01-31 的样子，或留空。") from None
    if not clock.today() <= day <= clock.today() + AHEAD:
        raise IdentifierError("生效日期只能是今天或以后一年以内。请修改，或留空。")
    return typed


_CHECKS: dict[str, Callable[[str], str]] = {
    "name": _name,
    "uscc": check_uscc,
    "phone": normalise_phone,
    "date": _day,
}
