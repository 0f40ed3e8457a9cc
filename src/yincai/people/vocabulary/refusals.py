"""What `people` refuses, in words for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from yincai.foundation.errors import NotAllowed, YincaiError
from yincai.people.vocabulary.words import USERNAME_TAKEN_SENTENCE, Method


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
