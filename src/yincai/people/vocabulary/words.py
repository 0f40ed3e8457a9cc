"""The words of `people`: events, levels, purposes, ways of signing in."""

from __future__ import annotations

import unicodedata
from enum import IntEnum, StrEnum

from yincai.foundation.encryption import blind_index

USERNAME_PATTERN = r"^[A-Za-z][A-Za-z0-9_]{1,19}\Z"


USERNAME_SENTENCE = "用户名须以字母开头，由 2 至 20 个字母、数字或下划线组成。请修改后再提交。"


USERNAME_TAKEN_SENTENCE = "这个用户名已有人使用。请换一个再提交。"


LONGEST_STAFF_NAME = 150
"""Characters of the column; `foundation.names` allows fewer, and counts accents once."""


PHONE_PURPOSE = "people.account.phone"
"""Of the blind index by which accounts with one phone are found."""


PERSON_PURPOSE = "casework.person"
"""Of the blind index by which a person is known again, in cases and as a member of staff."""


SELF = "self"


OTHERS = {"spouse": "配偶", "child": "子女", "parent": "父母", "other": "其他共同生活的家庭成员"}
"""Whose document keeps a member of staff away: their own, or of whom in their household."""


def person_index(kind: str, number: str) -> bytes:
    """The blind index of an identity document, by which two are found to be the same person's."""
    return blind_index(f"{kind}:{number}", purpose=PERSON_PURPOSE)


class Event(StrEnum):
    """What the ledger hears from this room; the chain is the account's id."""

    REGISTERED = "account.registered"
    IDENTITY_GIVEN = "account.identity_given"
    IDENTITY_REPLACED = "account.identity_replaced"
    IDENTITY_PROVEN = "account.identity_proven"
    AGREEMENT_ACCEPTED = "account.agreement_accepted"
    APPLICATION_ADDED = "account.application_added"
    APPLICATION_REMOVED = "account.application_removed"
    EMAIL_VERIFIED = "account.email_verified"
    PHONE_PROVEN = "account.phone_proven"
    PASSWORD_CHANGED = "account.password_changed"  # noqa: S105 - the name of an event
    RESET_CODE_SENT = "account.reset_code_sent"
    PHONE_CODE_SENT = "account.phone_code_sent"
    CONTACT_CODE_SENT = "contact.code_sent"
    SECOND_FACTOR_ENROLLED = "account.second_factor_enrolled"
    SECOND_FACTOR_REMOVED = "account.second_factor_removed"
    STAFF_APPOINTED = "staff.appointed"
    STAFF_TRANSFERRED = "staff.transferred"
    STAFF_NAMED = "staff.named"
    APPOINTMENT_ENDED = "staff.appointment_ended"
    RESET_ASKED = "second_factor_reset.asked"
    RESET_CONFIRMED = "second_factor_reset.confirmed"
    RESET_REFUSED = "second_factor_reset.refused"
    DOCUMENT_NOTED = "staff.document_noted"
    DOCUMENT_FORGOTTEN = "staff.document_forgotten"
    LEAVE_ARRANGED = "leave.arranged"
    LEAVE_ENDED = "leave.ended"
    SESSION_ENDED = "account.session_ended"
    READING_EXTENDED = "reading.extended"
    CLOSING_ASKED = "account.closing_asked"
    CLOSING_TAKEN_BACK = "account.closing_taken_back"
    CLOSING_STOPPED = "account.closing_stopped"
    CLOSED = "account.closed"
    KEY_DESTROYED = "account.key_destroyed"


class Level(IntEnum):
    """How surely it is known who the owner of an account is, weakest first."""

    REGISTERED = 1
    SMS_VERIFIED = 2
    REAL_NAME = 3
    FACE = 4

    @property
    def title(self) -> str:
        """The word for people."""
        return LEVEL_TITLES[self]


LEVEL_TITLES = {
    Level.REGISTERED: "已注册",
    Level.SMS_VERIFIED: "已验证手机号",
    Level.REAL_NAME: "已实名核验",
    Level.FACE: "已刷脸认证",
}


class Purpose(StrEnum):
    """Which form a human check is for; what was shown for one opens no other."""

    REGISTER = "register"
    FORGOTTEN = "forgotten"
    SIGN_IN = "sign_in"
    SUPPORT = "support"


class CodeUse(StrEnum):
    """What a code to a phone without an account is for; one for one use opens no other."""

    SUPPORT = "support"
    COUNTER = "counter"
    INVITATION = "invitation"


def plain_name(username: str) -> str:
    """A user name in one width and without spaces around, as it is looked up; letter case stays."""
    return unicodedata.normalize("NFKC", username).strip()


class Method(StrEnum):
    """How somebody signs in."""

    PASSWORD = "password"  # noqa: S105 - the name of a method
    FACE = "face"
    CERTIFICATE = "certificate"
    OUTSIDE = "outside"
    PASSKEY = "passkey"
    CODE = "code"

    @property
    def words(self) -> str:
        """What people call it."""
        return METHOD_WORDS[self]


METHOD_WORDS = {
    Method.PASSWORD: "密码",
    Method.FACE: "刷脸认证",
    Method.CERTIFICATE: "CA 证书",
    Method.OUTSIDE: "统一身份认证",
    Method.PASSKEY: "通行密钥",
    Method.CODE: "动态验证码",
}


SOURCE_WORDS = {
    "sms": "短信验证码",
    "real_name": "公安部门实名核验",
    **{one.value: METHOD_WORDS[one] for one in (Method.FACE, Method.CERTIFICATE, Method.OUTSIDE)},
}
"""What people call that which proved the owner of an account."""


LINKING = {
    Method.FACE: Level.FACE,
    Method.CERTIFICATE: Level.REAL_NAME,
    Method.OUTSIDE: Level.REAL_NAME,
}
"""The proofs that name a document, and how surely the owner is known by each."""


class Outcome(StrEnum):
    """How a try at an account ended."""

    SIGNED_IN = "signed_in"
    WRONG = "wrong"
    REFUSED = "refused"
    TOO_MANY = "too_many"

    @property
    def words(self) -> str:
        """What people read."""
        return {
            "signed_in": "登录成功",
            "wrong": "输入不正确",
            "refused": "没有通过",
            "too_many": "次数过多，没有核对",
        }[self.value]
