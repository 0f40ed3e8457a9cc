"""One posted text to one stored value. What cannot be taken raises :class:`NotTaken` with a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from yincai.engine.calculus import read_date, read_month
from yincai.engine.forms.rich_text import TooIntricate, clean_rich_text, count_characters
from yincai.engine.kinds import UNKNOWN, Bound, Kind
from yincai.engine.spec import Field
from yincai.foundation import codes
from yincai.foundation.days import FIRST_DAY
from yincai.foundation.identifiers import IdentifierError, normalise_phone, takes_text_messages
from yincai.foundation.names import check_person_name

MAX_POSTED: Final = 200_000
NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d\d)(\d\d)", re.ASCII)
MONTH: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})月?|(\d{4})(\d\d)", re.ASCII)
EMAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
)
INVISIBLE: Final = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""Control, direction and zero-width characters, and halves of surrogate pairs."""
UNSTORABLE: Final = re.compile("[\u0000\ud800-\udfff]")
EARLIEST: Final = FIRST_DAY.isoformat()
TICKED: Final = frozenset({"on", "true", "1"})


class NotTaken(Exception):  # noqa: N818 - caught at once and turned into a problem
    """A posted text is no value of its field; ``sentence`` is shown beside the field."""

    def __init__(self, sentence: str) -> None:
        super().__init__("a posted text was not taken")
        self.sentence = sentence


def storable(text: str) -> str:
    """Return a posted text as it may be kept for showing again: not endless, nothing UTF-8 cannot hold."""
    return UNSTORABLE.sub("", text[:MAX_POSTED])


def plain(text: str) -> str:
    """Return a text in composed form (NFC), trimmed, without invisible characters, on one line."""
    visible = INVISIBLE.sub("", text)
    return " ".join(unicodedata.normalize("NFC", visible).split())


def half_width(text: str) -> str:
    """Return a text for numbers and dates: full-width characters made half-width, no white space."""
    return "".join(unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).split())


def clean_value(field: Field, text: str, *, today: date) -> Any:
    """Return the value to store for one posted text; None when the text is blank; else raise NotTaken."""
    if len(text) > MAX_POSTED:
        raise NotTaken(f"内容过长，没有保存。请缩短到 {field.max_length or 100} 个字以内。")
    if not plain(text):
        return False if field.kind is Kind.CHECKBOX else None
    return CLEANERS.get(field.kind, _text)(field, text, today)


def choices_of(field: Field) -> Mapping[str, str] | tuple[str, ...]:
    """Return the codes that a code or radio field accepts."""
    if field.kind is Kind.RADIO:
        return tuple(option.code for option in field.options)
    return field.codes or codes.load(field.code_list).codes


def _text(field: Field, text: str, _today: date) -> str:
    clean = plain(text)
    if field.max_length and len(clean) > field.max_length:
        raise NotTaken(f"最多 {field.max_length} 个字，现在是 {len(clean)} 个字。请缩短后再保存。")
    return clean


def _number(field: Field, text: str, _today: date) -> int | str:
    clean = half_width(text).replace(",", "").replace("，", "")
    if not NUMBER.fullmatch(clean):
        raise NotTaken("这里要填数字，例如 12。请去掉文字和符号后重新填写。")
    number = Decimal(clean)
    if number != round(number, field.decimals):
        wanted = f"最多保留 {field.decimals} 位小数" if field.decimals else "这里要填整数"
        raise NotTaken(f"{wanted}。请修改后再保存。")
    _check_bounds(field, number, "数值", unit=field.unit)
    return int(number) if not field.decimals else f"{number:.{field.decimals}f}"


def _date(field: Field, text: str, today: date) -> str:
    clean = _dashed(DAY.fullmatch(half_width(text)))
    if read_date(clean) is UNKNOWN:
        raise NotTaken("没有这个日期。请按“年-月-日”填写，例如 2026-01-31。")
    _check_days(field, clean, today.isoformat(), "日期")
    return clean


def _month(field: Field, text: str, today: date) -> str:
    clean = _dashed(MONTH.fullmatch(half_width(text)))
    if read_month(clean) is UNKNOWN:
        raise NotTaken("没有这个月份。请按“年-月”填写，例如 2026-01。")
    _check_days(field, clean, today.isoformat()[:7], "月份")
    return clean


def _dashed(match: re.Match[str] | None) -> str:
    """Year, month and day as ``2026-01-31``; empty without a match."""
    return "-".join(part.zfill(2) for part in match.groups() if part) if match else ""


def _check_days(field: Field, clean: str, today: str, what: str) -> None:
    """Hold a day, or a month, against the declared bounds; without a declared `min` none is before 1900."""
    least, most = (today if bound == "today" else bound for bound in (field.min, field.max))
    least = EARLIEST[: len(clean)] if least is None else least
    if isinstance(least, str) and clean < least:
        limit = "今天" if field.min == "today" and field.kind is Kind.DATE else least
        raise NotTaken(f"{what}不能早于{_spaced(limit)}。请核对后重新填写。")
    if isinstance(most, str) and clean > most:
        limit = "今天" if field.max == "today" and field.kind is Kind.DATE else most
        raise NotTaken(f"{what}不能晚于{_spaced(limit)}。请核对后重新填写。")


def _spaced(limit: str) -> str:
    return limit if limit == "今天" else f" {limit}"


def _check_bounds(field: Field, number: Decimal, what: str, *, unit: str) -> None:
    least: Bound | None = field.min
    most: Bound | None = field.max
    if isinstance(least, Decimal) and number < least:
        raise NotTaken(f"{what}不能小于 {least:f}{unit}。请核对后重新填写。")
    if isinstance(most, Decimal) and number > most:
        raise NotTaken(f"{what}不能大于 {most:f}{unit}。请核对后重新填写。")


def _choice(field: Field, text: str, _today: date) -> str:
    code = text.strip()
    if code not in choices_of(field):
        raise NotTaken("所选内容不在列表中。请从列表里重新选择一项。")
    return code


def _checkbox(_field: Field, text: str, _today: date) -> bool:
    return text.strip() in TICKED


def _person_name(_field: Field, text: str, _today: date) -> str:
    return _identified(check_person_name, text)


def _phone(field: Field, text: str, _today: date) -> str:
    phone = _identified(normalise_phone, text)
    if field.mobile and not takes_text_messages(phone):
        raise NotTaken("这是固定电话，收不到短信。请填写手机号，内地手机号为 11 位。")
    return phone


def _identified(check: Callable[[str], str], text: str) -> str:
    try:
        return check(text)
    except IdentifierError as error:
        raise NotTaken(error.sentence) from None


def _email(field: Field, text: str, _today: date) -> str:
    clean = half_width(text)
    if not EMAIL.fullmatch(clean) or len(clean) > (field.max_length or 254):
        raise NotTaken("电子邮箱的写法不对。请按 name@example.com 的样子填写。")
    mailbox, _, host = clean.rpartition("@")
    return f"{mailbox}@{host.lower()}"


def _rich_text(field: Field, text: str, _today: date) -> str | None:
    try:
        clean = clean_rich_text(unicodedata.normalize("NFC", INVISIBLE.sub("", text)))
    except TooIntricate:
        raise NotTaken("格式太复杂（表格太大或层次太深），没有保存。请减少表格的行列或缩进的层次。") from None
    length = count_characters(clean)
    if length > field.max_length:
        raise NotTaken(f"最多 {field.max_length} 个字，现在是 {length} 个字。请缩短后再保存。")
    return clean if length else None


def _photo(_field: Field, text: str, _today: date) -> str:
    try:
        return str(UUID(text.strip()))
    except ValueError:
        raise NotTaken("照片没有传上来。请重新选择照片并上传。") from None


CLEANERS: Final[Mapping[Kind, Callable[[Field, str, date], Any]]] = {
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.MONTH: _month,
    Kind.CODE: _choice,
    Kind.RADIO: _choice,
    Kind.CHECKBOX: _checkbox,
    Kind.PERSON_NAME: _person_name,
    Kind.PHONE: _phone,
    Kind.EMAIL: _email,
    Kind.RICH_TEXT: _rich_text,
    Kind.PHOTO: _photo,
}
