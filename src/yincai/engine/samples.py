"""A form filled in for somebody who does not exist: valid answers for any programme, from what it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from yincai.engine.forms import Cleaned, clean_section, visible_fields, visible_sections, with_context
from yincai.engine.kinds import Kind
from yincai.engine.showing import choices_of
from yincai.engine.spec import Field, Programme, Section

FAMILY: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN: Final = (
    "晓雨",
    "建国",
    "思远",
    "雅琴",
    "子墨",
    "文博",
    "佳宁",
    "志强",
    "欣怡",
    "海涛",
    "若兰",
    "立新",
)
LATIN: Final = ("Xiaoyu", "Jianguo", "Siyuan", "Yaqin", "Zimo", "Wenbo", "Jianing", "Zhiqiang")
WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN: Final = "111"
ROW: Final = "a1"
TRIES: Final = 12

Posted = dict[str, list[str]]


@dataclass(frozen=True)
class Somebody:
    """A made-up person.  The number is valid by GB 11643-1999 and, in 110101 with such an order, nobody's."""

    name: str
    birth_date: date
    number: str
    phone: str

    @property
    def sex(self) -> str:
        """GB/T 2261.1: 1 man, 2 woman, as the number says."""
        return "1" if int(self.number[16]) % 2 else "2"


def somebody(serial: int) -> Somebody:
    """The made-up person with this serial; another number for each of the first 40,000."""
    chance = Random(serial)  # noqa: S311 - made-up people
    born = date(1960, 1, 1) + timedelta(days=serial // 4 * 97 % 14_000)
    body = f"110101{born:%Y%m%d}{900 + serial % 100:03}"
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]
    name = chance.choice(FAMILY) + chance.choice(GIVEN)
    return Somebody(name, born, body + check, f"1380013{serial % 10_000:04}")


def sample_answers(programme: Programme, variant: str, who: Somebody, *, today: date) -> dict[str, Posted]:
    """Every section as a browser would post it, each answer taken by the form's own checks.

    Raises `ValueError` naming the field when none of a dozen answers passes.
    """
    known: dict[str, object] = {"variant": variant}
    answers: dict[str, Posted] = {}
    for section in programme.sections:
        if section.name not in {
            one.name for one in visible_sections(programme, with_context(known, today=today))
        }:
            continue
        answers[section.name], cleaned = _section(programme, section, who, known, today)
        known |= cleaned.values
    return answers


def _section(
    programme: Programme, section: Section, who: Somebody, known: Mapping[str, object], today: date
) -> tuple[Posted, Cleaned]:
    chance = Random(f"{who.number}:{section.name}")  # noqa: S311 - made-up answers
    posted: Posted = {}
    cleaned = Cleaned()
    for field in section.fields:
        facts = with_context({**known, **cleaned.values}, today=today)
        if field.name not in {one.name for one in visible_fields(section, facts)} or field.kind is Kind.PHOTO:
            continue
        for _ in range(TRIES):
            tried = posted | _answer(field, who, chance, today)
            cleaned = clean_section(programme, section.name, tried, known=known, today=today)
            if not cleaned.problems:
                posted = tried
                break
        else:
            raise ValueError(f"no made-up answer for {section.name}.{field.name} passes: {cleaned.problems}")
    return posted, cleaned


def _answer(field: Field, who: Somebody, chance: Random, today: date) -> Posted:
    """What somebody might write into one field, by the names of its inputs."""
    if field.kind is Kind.IDENTITY_DOCUMENT:
        if CITIZEN not in (field.document_types or (CITIZEN,)):
            return {}
        return {f"{field.name}.type": [CITIZEN], f"{field.name}.number": [who.number]}
    if field.kind is Kind.ROWS:
        return _rows(field, chance, today) if field.min_rows or chance.random() < 0.5 else {}
    return {field.name: [_text(field, who, chance, today)]}


def _rows(field: Field, chance: Random, today: date) -> Posted:
    """One row, of another made-up person."""
    relative = somebody(chance.randrange(40_000))
    posted: Posted = {f"{field.name}._ids": [ROW]}
    for column in field.rows:
        for name, texts in _answer(column, relative, chance, today).items():
            posted[f"{field.name}.{ROW}.{name}"] = texts
    return posted


def _text(field: Field, who: Somebody, chance: Random, today: date) -> str:
    match field.kind:
        case Kind.PERSON_NAME:
            is_latin = field.max_length and "英文" in field.label
            return f"{chance.choice(LATIN)} Wang" if is_latin else who.name
        case Kind.CODE if field.code_list == "sex":
            return who.sex
        case Kind.CODE | Kind.RADIO:
            return chance.choice(choices_of(field)[:12]).code
        case Kind.CHECKBOX:
            return "on"
        case Kind.DATE:
            is_birth = "出生" in field.label
            return (
                who.birth_date if is_birth else today - timedelta(days=chance.randrange(3000))
            ).isoformat()
        case Kind.MONTH:
            return f"{today.year - chance.randrange(1, 9)}-{chance.randrange(1, 13):02}"
        case Kind.NUMBER:
            return str(chance.randrange(1, 60))
        case Kind.PHONE:
            return who.phone
        case Kind.EMAIL:
            return "jumin@example.org"
        case Kind.ADDRESS:
            return f"示例区示例路 {chance.randrange(1, 200)} 号 {chance.randrange(1, 9)} 单元"
        case Kind.ORGANISATION:
            return f"示例{chance.choice(('科技', '生物医药', '精密制造', '新材料'))}有限公司"
        case Kind.SCHOOL:
            return f"示例{chance.choice(('大学', '理工大学', '医科大学'))}"
        case Kind.RICH_TEXT:
            return f"<p>2015 年起在示例研究所工作。</p><p>承担重点项目 {chance.randrange(2, 9)} 项。</p>"
        case _:
            words = field.placeholder.removeprefix("例如").strip() or f"示例{field.label}"
            return words[: field.max_length or None]
