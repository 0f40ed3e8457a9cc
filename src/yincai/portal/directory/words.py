"""What the pages about organisations, schools and majors are called, in the guides' words."""

from __future__ import annotations

from dataclasses import dataclass

from yincai.directory.vocabulary import Sort


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one sort: `thing` in a sentence, the title of its search, what is said when nothing is
    found, and the button by which one is added."""

    thing: str
    title: str
    label: str
    nothing: str
    add: str
    listing: str
    adding: str
    page: str


WORDS = {
    Sort.ORGANISATION: Words(
        "单位",
        "单位查询",
        "单位名称或统一社会信用代码",
        "无符合条件的记录",
        "添加企业",
        "directory:organisations",
        "directory:organisation-add",
        "directory:organisation",
    ),
    Sort.SCHOOL: Words(
        "院校",
        "院校查询",
        "院校名称",
        "未找到相关院校",
        "添加院校",
        "directory:schools",
        "directory:school-add",
        "directory:school",
    ),
    Sort.MAJOR: Words(
        "专业",
        "专业查询",
        "专业名称",
        "未找到相关专业",
        "添加专业",
        "directory:majors",
        "directory:major-add",
        "directory:major",
    ),
}
