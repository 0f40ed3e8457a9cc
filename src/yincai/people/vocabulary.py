"""The words of the room: errors, limits, event names.  Imports nothing of ours but `foundation`."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from uuid import UUID

from yincai.foundation.encryption import blind_index
from yincai.foundation.errors import NotAllowed, YincaiError

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


class NotChecked(YincaiError):
    """The form came without a human check that counts; nothing else in it was looked at."""


class WrongCode(YincaiError):
    """The code from the phone does not open anything; the same sentence whoever was asked for."""

    def __init__(self, left: int) -> None:
        again = f"还可以再试 {left} 次。" if left else "请返回上一页，重新获取验证码。"
        super().__init__(
            f"验证码不正确，或这个账号刚才输错的次数过多，密码没有改动。请核对手机上最新的一条短信；{again}"
        )


class CodeOver(YincaiError):
    """The code is too old, used, or was guessed at too often."""

    def __init__(self) -> None:
        super().__init__("这个验证码已超过 10 分钟、已用过，或已输错 5 次，密码没有改动。请重新获取验证码。")


class WrongPhoneCode(YincaiError):
    """The code that was typed is not the one that was sent, or it is over."""

    def __init__(self) -> None:
        super().__init__(
            "验证码不正确、已超过 10 分钟，或已输错 5 次。请核对最新的一条短信，或重新获取验证码。"
        )


class PhoneNotProven(YincaiError):
    """The code was right, but the phone is another account's proof already."""

    def __init__(self) -> None:
        super().__init__(
            "这个手机号已由另一个账号验证，一个手机号只能验证一个账号。请改用其他手机号或认证方式。"
        )


class NoCodeSent(YincaiError):
    """No code goes out: there is no phone, or it got as many as it may for now."""

    def __init__(self) -> None:
        super().__init__(
            "没有发送验证码：账号没有登记手机号，或这个手机号刚收到过多条。请稍后再试，或改用其他认证方式。"
        )


class NoContactCode(YincaiError):
    """The phone got as many codes as it may for now."""

    def __init__(self) -> None:
        super().__init__("没有发送验证码：这个手机号刚收到过多条验证码。请约 15 分钟后再试，或换一个手机号。")


class WhichAccount(YincaiError):
    """The code is right and opens several accounts with this phone; `usernames` to choose from."""

    def __init__(self, usernames: Sequence[str]) -> None:
        self.usernames = tuple(usernames)
        super().__init__("验证码正确。这个手机号有多个账号，请选择要设置新密码的一个。")


class UsernameTaken(YincaiError):
    """Somebody has this user name, whatever its letter case."""

    def __init__(self) -> None:
        super().__init__(USERNAME_TAKEN_SENTENCE)


class DocumentTaken(YincaiError):
    """An account was registered with this identity document before."""

    def __init__(self) -> None:
        super().__init__(
            "这个证件号码已经注册过帐号，每个证件号码只能注册一个帐户。"
            "如果是您本人注册的，请直接登录，或用「忘记密码」找回；如果不是，请联系技术支持。"
        )


class HasIdentity(NotAllowed):
    """The account was registered with a name and document, which are not changed."""

    def __init__(self) -> None:
        super().__init__(
            "这个帐号已经实名，姓名和证件号码不能修改。确有错误的，请到「我的个人信息」提交更正申请。"
        )


class StillAppointed(NotAllowed):
    """Who works here has an account as long as they do."""

    def __init__(self) -> None:
        super().__init__("您现在有工作人员岗位，账号不能注销，没有作任何改动。请先由管理员结束您的岗位。")


class OwnAccount(NotAllowed):
    """Nobody administers themselves."""

    def __init__(self) -> None:
        super().__init__("这是您本人的账号，须由另一位管理员办理。没有作任何改动。")


class ReadingLimitReached(NotAllowed):
    """The day's allowance of cases to look into is used up; more after the second factor and a reason."""

    def __init__(self) -> None:
        super().__init__("您今天查看的申请已达到上限，这一件没有打开。请再次验证身份并说明理由后继续。")


class LimitReached(YincaiError):
    """A limit is reached (HTTP 429); `retry_after` is how long until it may be tried again.

    `{minutes}` in `words` becomes that time, rounded up.
    """

    words = "这一步办得太频繁，这一次没有办成。请约 {minutes} 分钟后再试。"

    def __init__(self, retry_after: timedelta) -> None:
        self.retry_after = retry_after
        self.minutes = max(1, -(-int(retry_after.total_seconds()) // 60))
        super().__init__(self.words.format(minutes=self.minutes))


class TooManyAttempts(LimitReached):
    """Somebody may have been guessing; nothing was compared."""

    words = (
        "尝试次数过多，为保护账号，这一次没有核对。请约 {minutes} 分钟后再试；"
        "在您以前登录过的设备上仍可照常登录。"
    )


class TooManyForms(LimitReached):
    """The account has had as many forms typeset as it may within an hour; nothing was made."""

    words = (
        "这一小时里生成申请表的次数已达到上限，这一次没有生成。"
        "请先使用已经下载的文件，或约 {minutes} 分钟后再试。"
    )


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` attempts in any `within`."""

    name: str
    amount: int
    within: timedelta


QUARTER = timedelta(minutes=15)
PASSWORD_PER_ACCOUNT = Limit("password/account", 5, QUARTER)
PASSWORD_PER_DEVICE = Limit("password/device", 5, QUARTER)
PASSWORD_PER_ADDRESS = Limit("password/address", 20, QUARTER)
GUESSES_UNCHECKED = 2
"""Wrong passwords for one user name, or from one known device, before the human check is asked for."""
GUESSES_UNCHECKED_PER_ADDRESS = 5
CODE_PER_ACCOUNT = Limit("code/account", 5, QUARTER)
REGISTER_POST_PER_ADDRESS = Limit("register-post/address", 60, QUARTER)
NAME_CHECK_PER_ADDRESS = Limit("name-check/address", 20, QUARTER)
REGISTER_PER_DOCUMENT = Limit("register/document", 5, timedelta(days=1))
REGISTER_PER_ADDRESS = Limit("register/address", 15, QUARTER)
REGISTER_PER_CONTACT = Limit("register/contact", 5, timedelta(days=1))
RESET_PER_ADDRESS = Limit("reset/address", 20, QUARTER)
RESET_PER_CONTACT = Limit("reset/contact", 3, QUARTER)

VERIFY_FILE_PER_ADDRESS = Limit("verify-file/address", 60, QUARTER)
"""Files whose seal strangers have looked into: each costs a process of its own."""

FORMS_PER_ACCOUNT = Limit("form-pdf/account", 20, timedelta(hours=1))
FORMS_PER_OFFICER = Limit("form-pdf/officer", 120, timedelta(hours=1))
"""Application forms that are typeset to be printed: each costs a second of a processor's time."""

CODE_PER_PHONE = Limit("reset-code/phone", 3, QUARTER)
CODE_PER_PHONE_AND_DAY = Limit("reset-code/phone/day", 10, timedelta(days=1))
CONTACT_CODE_PER_SUBJECT = Limit("contact-code/subject", 20, timedelta(days=1))
"""Codes that are compared about one thing, however many were sent."""
CODE_GOOD_FOR = timedelta(minutes=10)
CODE_TRIES = 5

RESET_OPEN_FOR = timedelta(hours=24)
"""How long a colleague may take to confirm that a second factor is to be removed."""

IDLE = timedelta(minutes=30)
STAFF_LONGEST = timedelta(hours=8)
APPLICANT_LONGEST = timedelta(hours=12)


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


class NobodyHas(YincaiError):
    """No account was registered with the proven document."""

    def __init__(self) -> None:
        super().__init__("身份已核实，但还没有用这个证件注册的账号。请先注册，再用这种方式登录。")


class NotTheOwner(NotAllowed):
    """The proven person is not the one that the account was registered for."""

    def __init__(self) -> None:
        super().__init__(
            "核实的身份与账号登记的姓名或证件不一致，没有通过。请由账号本人办理；"
            "登记的信息有误的，请到受理窗口出示证件更正。"
        )


class LinkFirst(YincaiError):
    """The account was never linked to a proof of its owner: its password is needed this one time."""

    def __init__(self, account_id: UUID, method: Method) -> None:
        self.account_id, self.method = account_id, method
        super().__init__("第一次用这种方式登录，请再输入一次账号的密码。")


PROOF_PER_ADDRESS = Limit("proof/address", 20, QUARTER)
PROOF_PER_ACCOUNT = Limit("proof/account", 10, QUARTER)
"""Face checks begun and signed challenges handed in: from an address, and by somebody signed in."""
LINK_WITHIN = timedelta(minutes=5)
"""How long after the proof the password may be given that links it."""
