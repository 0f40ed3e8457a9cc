"""Records of the directory in words."""

from __future__ import annotations

from yincai.directory import queries
from yincai.directory.queries import Route
from yincai.directory.vocabulary import Deed, DirectorySpec, RecordView, RequestView, Same, Sort
from yincai.engine.directory import Word
from yincai.engine.kinds import Kind
from yincai.engine.spec import Field
from yincai.foundation import codes
from yincai.foundation.encryption import FORGOTTEN
from yincai.foundation.fields import is_forgotten
from yincai.foundation.identifiers import show_phone


def facts_of(record: RecordView, spec: DirectorySpec, *, brief: bool = False) -> list[tuple[str, str]]:
    """What is known of a record, label and words; `brief` for a line of a list."""
    facts = record.facts
    if record.sort is Sort.SCHOOL:
        country = codes.load("countries").get(facts.get("country", "")) or ""
        found = [("国家或地区", country), ("类型", _title(spec.school_kinds, facts.get("kind", "")))]
    elif record.sort is Sort.MAJOR:
        found = [("层次", _title(spec.levels, facts.get("level", ""))), ("院校", facts.get("school", ""))]
    else:
        found = [
            ("统一社会信用代码", record.code),
            ("单位类型", _title(spec.kinds, facts.get("kind", ""))),
            ("注册区", spec.districts.get(facts.get("district", ""), "")),
        ]
        if not brief:
            found += [
                ("注册地址", facts.get("address", "")),
                ("隶属关系", _title(spec.affiliations, facts.get("affiliation", ""))),
                ("所属主管部门", facts.get("department", "")),
                ("市国资委监管企业", "是" if record.supervised else "否"),
            ]
    return [(label, words) for label, words in found if words]


LIBRARIES = {Sort.ORGANISATION: "单位库", Sort.SCHOOL: "院校库", Sort.MAJOR: "专业库"}


SORTS = {Kind.ORGANISATION: Sort.ORGANISATION, Kind.SCHOOL: Sort.SCHOOL}


def sort_of(field: Field) -> Sort | None:
    """What of the directory a field of a form names; None for one that names nothing of it."""
    return SORTS.get(field.kind)


def standing_of(same: Same, sort: Sort, spec: DirectorySpec) -> str:
    """Whether a name is in the directory today, in words; `same`: what has exactly that name."""
    library = LIBRARIES[sort]
    if not same.count:
        return f"{library}里没有完全相同的名称"
    if same.count > 1:
        return f"{library}里有 {same.count} 条同名记录"
    return "，".join([f"已在{library}中", *marks_of(same.records[0], spec)])


def marks_of(record: RecordView, spec: DirectorySpec) -> list[str]:
    """By what a record is told from others of its name: code and district, or country and kind."""
    facts = dict(facts_of(record, spec, brief=True))
    if record.sort is Sort.ORGANISATION:
        code = f"统一社会信用代码 {record.code}" if record.code else ""
        return [one for one in (code, facts.get("注册区", "")) if one]
    return list(facts.values())


def reviewer_of(route: Route, spec: DirectorySpec) -> str:
    """Who reviews the applications of an organisation's people, as a sentence."""
    if route.to == "elsewhere":
        return route.words
    rules = spec.routing
    who = rules.city_authority if route.to == "city" else f"{route.words}{rules.district_authority}"
    first = "先由本单位的系统管理员办理，再由" if route.administrator_first else "个人直接提交，由"
    return f"{first}{who}审核。"


def _title(words: tuple[Word, ...], name: str) -> str:
    return next((one.title for one in words if one.name == name), "")


DEEDS = {
    (Sort.ORGANISATION, Deed.ADD): "添加企业",
    (Sort.ORGANISATION, Deed.CHANGE): "修改单位信息",
    (Sort.ORGANISATION, Deed.ADMINISTER): "单位系统管理员权限申请",
    (Sort.SCHOOL, Deed.ADD): "添加院校",
    (Sort.MAJOR, Deed.ADD): "添加专业",
}


def deed_title(request: RequestView) -> str:
    """What a request asks for, in the guides' words."""
    return DEEDS[request.sort, request.deed]


def answers_of(request: RequestView, spec: DirectorySpec) -> list[tuple[str, str, str]]:
    """What was written in a request: name of the input, label and words; personal data among them."""
    found = []
    gone = is_forgotten(request.values)
    for one in queries.inputs_of(request.sort, request.deed, spec):
        typed = request.values.get(one.name, "")
        words = dict(one.options).get(typed, typed)
        if one.is_check:
            words = "是" if typed else "否"
        elif one.is_phone and typed:
            words = show_phone(typed)
        found.append((one.name, one.label, FORGOTTEN if gone else words))
    return found
