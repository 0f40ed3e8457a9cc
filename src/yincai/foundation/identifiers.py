"""Numbers that identify people, organisations and phones: checked, and brought into one written form.

Everything here accepts full-width characters, spaces and small letters.  No error ever repeats the number.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

import phonenumbers

from yincai.foundation.errors import YincaiError

PROVINCES = frozenset(
    f"{area}{number}"  # the seven areas of GB/T 2260 and the provinces in each
    for area, count in ((1, 5), (2, 3), (3, 7), (4, 6), (6, 5), (7, 1))
    for number in range(1, count + 1)
) | {"50", "51", "52", "53", "54"}
"""Address prefixes of citizens (GB/T 2260); the four digits behind may name a county abolished long ago."""
PERMIT_REGIONS = frozenset({"810000", "820000", "830000"})
"""Address codes on the residence permits of Hong Kong, Macao and Taiwan people."""
OLDEST_AGE = 150

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


class IdentifierError(YincaiError):
    """What was entered cannot be such an identifier; `sentence` says why and what to do."""


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A checked citizen's or residence-permit number.

    `number` always has 18 characters (an old one of 15 digits is extended); `sex` is a code of GB/T 2261.1
    ("1" male, "2" female); `region` the six-digit address code; `resident_permit` tells 81/82/83 permits.
    """

    number: str
    birth_date: date
    sex: str
    region: str
    resident_permit: bool


def normalise(text: str) -> str:
    """`text` in half-width capitals without white space and invisible characters."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) != "Cf").upper()


def check_character(digits: str) -> str:
    """The 18th character for 17 digits (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return _CHECK_CHARACTERS[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11]


def check_identity_number(text: str, *, today: date) -> IdentityNumber:
    """The number of an identity card or residence permit (GB 11643-1999), 18 characters or the old 15 digits.

    `IdentifierError` for a wrong length, character, region, birth date or check character.
    """
    number = _eighteen(normalise(text))
    region = number[:6]
    if region[:2] not in PROVINCES and region not in PERMIT_REGIONS:
        raise IdentifierError("号码前六位不是有效的行政区划代码，可能输错了。请对照证件核对前六位。")
    birth_date = _birth_date(number[6:14], today=today)
    if check_character(number[:17]) != number[17]:
        raise IdentifierError("号码的最后一位与前面的数字对不上，可能有一位输错或颠倒。请对照证件逐位核对。")
    sex = "1" if int(number[16]) % 2 else "2"
    return IdentityNumber(number, birth_date, sex, region, region in PERMIT_REGIONS)


def _eighteen(number: str) -> str:
    """`number` with 18 characters; the old form gets its century and check character."""
    if not number:
        raise IdentifierError("还没有填写证件号码。请按证件上的号码填写。")
    if len(number) not in (15, 18):
        raise IdentifierError(
            f"居民身份证号码应为 18 位（旧证为 15 位），现在是 {len(number)} 位。请核对有没有多填或漏填。"
        )
    body, last = (number, "") if len(number) == 15 else (number[:17], number[17])
    if not (body.isascii() and body.isdigit()) or last not in "0123456789X":
        raise IdentifierError("身份证号码只能由数字组成，末位可以是 X。请去掉其他字符后重新填写。")
    if last:
        return number
    # GB 11643-1989: the sequence numbers 996 to 999 were kept for people born in the century before
    century = "18" if body[12:] in {"996", "997", "998", "999"} else "19"
    extended = body[:6] + century + body[6:]
    return extended + check_character(extended)


def _birth_date(digits: str, *, today: date) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        raise IdentifierError("号码中的出生日期不存在。请对照证件核对中间的出生年月日。") from None
    if born > today:
        raise IdentifierError("号码中的出生日期晚于今天。请对照证件核对中间的出生年月日。")
    if born.year < today.year - OLDEST_AGE:
        raise IdentifierError("号码中的出生日期过早，不可能是在世者的证件。请对照证件核对中间的出生年月日。")
    return born


def check_uscc(text: str) -> str:
    """The 18 characters of a unified social credit code (GB 32100-2015), or `IdentifierError`."""
    code = normalise(text)
    if len(code) != 18:
        raise IdentifierError(
            f"统一社会信用代码应为 18 位，现在是 {len(code)} 位。请对照营业执照或登记证书核对。"
        )
    if any(c not in _USCC_ALPHABET for c in code):
        raise IdentifierError(
            "统一社会信用代码只含数字和大写字母，并且不用字母 I、O、S、V、Z。"
            "请看看是否把 1、0、5、2 错认成了字母。"
        )
    if not code[2:8].isdigit():
        raise IdentifierError("统一社会信用代码的第 3 至 8 位应是数字。请对照营业执照或登记证书核对。")
    total = sum(_USCC_ALPHABET.index(c) * w for c, w in zip(code, _USCC_WEIGHTS, strict=False))
    if _USCC_ALPHABET[-total % 31] != code[17]:
        raise IdentifierError(
            "统一社会信用代码的最后一位与前面对不上，可能有一位输错。请对照营业执照逐位核对。"
        )
    return code


def normalise_phone(text: str) -> str:
    """A phone number in E.164 (`+8613812345678`); without a country code it is read as one of mainland China.

    `IdentifierError` for what cannot be dialled, and for extensions, which E.164 cannot hold.
    """
    typed = normalise(text)
    digits = typed.replace("-", "")
    if (
        len(digits) == 11
        and digits.isascii()
        and digits.isdigit()
        and digits[0] == "1"
        and digits[1] in "3456789"
    ):
        return "+86" + digits  # new mainland prefixes come faster than the library's table
    try:
        number = phonenumbers.parse(typed.replace("转", "EXT"), "CN")
    except phonenumbers.NumberParseException:
        raise IdentifierError("这不是可以拨通的电话号码。请填写手机号，或带区号的固定电话。") from None
    if number.extension:
        raise IdentifierError("号码里带有分机号，无法用来联系您。请只填总机号码或手机号。")
    if not phonenumbers.is_valid_number(number):
        raise IdentifierError(
            "这个电话号码的位数或号段不对。内地手机号为 11 位；固定电话请加区号；"
            "境外号码请以 + 和国家（地区）代码开头。"
        )
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def show_phone(phone: str) -> str:
    """A number in E.164 as people write it: `13812345678`, `0311-86012345`, `+852 2345 6789`."""
    if takes_text_messages(phone) and phone.startswith("+86"):
        return phone[3:]
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    if number.country_code != 86:
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    area, _, local = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL).partition(
        " "
    )
    return f"{area}-{local.replace(' ', '')}"


def takes_text_messages(phone: str) -> bool:
    """Whether an SMS can reach `phone` (E.164): a mobile, or a number that may be one."""
    if phone.startswith("+861") and len(phone) == 14:
        return True
    kinds = phonenumbers.PhoneNumberType
    kind = phonenumbers.number_type(phonenumbers.parse(phone, None))
    return kind in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE)


def check_document(kind: str, text: str, *, today: date) -> str:
    """The number of a document of `kind` (a code of the list `document_types`) in its one written form.

    `IdentifierError` for a wrong number and for a kind that the list does not have.
    """
    if kind in {"111", "112"}:
        return _citizen(text, today=today)
    if kind in _PERMIT_OF:
        return _permit(kind, text, today=today)
    if kind == "553":
        return _permanent_residence(normalise(text), today=today)
    if kind in _SHAPES:
        pattern, hint = _SHAPES[kind]
        number = normalise(text).translate(_BRACKETS)
        if not pattern.fullmatch(number):
            raise IdentifierError(hint)
        return number
    if kind in _FREE_KINDS:
        return _free(text)
    raise IdentifierError("没有这种证件类型。请从列表中重新选择证件类型。")


def _citizen(text: str, *, today: date) -> str:
    identity = check_identity_number(text, today=today)
    if identity.resident_permit:
        raise IdentifierError("这是港澳台居民居住证的号码。请把证件类型改为对应的居住证。")
    return identity.number


def _permit(kind: str, text: str, *, today: date) -> str:
    identity = check_identity_number(text, today=today)
    regions, name = _PERMIT_OF[kind]
    if identity.region not in regions:
        raise IdentifierError(f"这不是{name}的号码。请核对证件类型和号码是否对应。")
    return identity.number


def _permanent_residence(number: str, *, today: date) -> str:
    """The old form (nationality, area, birth date, two digits: 15) or the new one (9 and 17 digits)."""
    if _OLD_RESIDENCE.fullmatch(number):
        _birth_date(_full_year(number[7:13], today=today), today=today)
        return number
    if not _NEW_RESIDENCE.fullmatch(number):
        raise IdentifierError(
            "外国人永久居留身份证号码应为 9 开头的 18 位，旧证为 3 个字母加 12 位数字。请对照证件核对。"
        )
    _birth_date(number[6:14], today=today)
    if check_character(number[:17]) != number[17]:
        raise IdentifierError("号码的最后一位与前面的数字对不上，可能有一位输错或颠倒。请对照证件逐位核对。")
    return number


def _full_year(short: str, *, today: date) -> str:
    """yyMMdd with the latest century that does not lie in the future."""
    century = today.year // 100
    return f"{century if int(short[:2]) <= today.year % 100 else century - 1}{short}"


def _free(text: str) -> str:
    number = normalise(text)
    if not 2 <= len(number) <= 40:
        raise IdentifierError("证件号码应为 2 至 40 个字符。请对照证件核对后重新填写。")
    if not all(c.isalnum() or c in "-()[]〔〕·./" for c in number):
        raise IdentifierError("证件号码里有不能识别的符号。请只填写证件上印的文字、字母和数字。")
    return number


_PERMIT_OF = {
    "L01": (frozenset({"810000", "820000"}), "港澳居民居住证"),
    "L02": (frozenset({"830000"}), "台湾居民居住证"),
}
_OLD_RESIDENCE = re.compile(r"[A-Z]{3}[0-9]{12}")
_NEW_RESIDENCE = re.compile(r"9[0-9]{16}[0-9X]")
_BRACKETS = {ord(c): None for c in "()[]（）"}
_SHAPES: dict[str, tuple[re.Pattern[str], str]] = {
    "117": (re.compile(r"[A-Z][0-9]{9}"), "出生医学证明编号应为 1 个字母加 9 位数字。请对照证件核对。"),
    "414": (
        re.compile(r"(?=.*[0-9])[A-Z0-9]{5,14}"),
        "护照号码应为 5 至 14 位字母或数字，且至少有一位数字。请对照护照资料页核对。",
    ),
    "511": (
        re.compile(r"[0-9]{8}|[0-9]{10}[A-Z]?"),
        "台湾居民来往大陆通行证号码应为 8 位数字（旧证为 10 位数字，可带 1 个字母）。请对照证件核对。",
    ),
    "513": (
        re.compile(r"[CW][0-9A-Z][0-9]{7}"),
        "往来港澳通行证号码应为 C 或 W 开头的 9 位。请对照证件核对。",
    ),
    "516": (
        re.compile(r"[HM](?:[0-9]{8}|[0-9]{10})"),
        "港澳居民来往内地通行证号码应为 H 或 M 加 8 位数字（旧证加 10 位数字）。请对照证件核对。",
    ),
}
_FREE_KINDS = frozenset({"113", "114", "115", "219", "221", "225", "231", "329", "990"})
