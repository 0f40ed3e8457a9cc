"""What people are told about their account, whatever place or programme they came for."""

from __future__ import annotations

from datetime import datetime

from yincai.foundation.days import moment_in_words
from yincai.messages.vocabulary import Texts
from yincai.people.vocabulary import CODE_GOOD_FOR, CodeUse

WAYS = {"changed": "用原密码", "reset": "用邮件里的链接", "sms": "用短信验证码"}


def reset_code(code: str) -> Texts:
    """The code with which a new password may be set, for the phone alone."""
    minutes = int(CODE_GOOD_FOR.total_seconds() // 60)
    return Texts(
        sms=f"【引才】您正在设置新密码，验证码 {code}，{minutes} 分钟内有效。"
        "不要告诉任何人；不是您本人操作，请不要理会。"
    )


def phone_code(code: str) -> Texts:
    """The code with which a phone is shown to be its owner's, for the phone alone."""
    minutes = int(CODE_GOOD_FOR.total_seconds() // 60)
    return Texts(
        sms=f"【引才】您正在验证手机号，验证码 {code}，{minutes} 分钟内有效。"
        "不要告诉任何人；不是您本人操作，请不要理会。"
    )


CODE_USES = {
    CodeUse.SUPPORT: "您正在提交咨询求助",
    CodeUse.COUNTER: "窗口正在为您代办申请。请先核对申请内容，同意提交再把验证码填入",
    CodeUse.INVITATION: "有人请您上传申请材料，您正在打开上传页面",
}


def contact_code(code: str, use: CodeUse) -> str:
    """The SMS with a code to a phone that need not be an account's."""
    minutes = int(CODE_GOOD_FOR.total_seconds() // 60)
    return (
        f"【引才】{CODE_USES[use]}，验证码 {code}，{minutes} 分钟内有效。"
        "不要告诉任何人；不是您本人操作，请不要理会。"
    )


def password_changed(at: datetime, *, how: str) -> Texts:
    """That the password was changed, when, and what to do if somebody else did it."""
    when = moment_in_words(at)
    way = WAYS.get(how, "")
    happened = f"您的登录密码已在 {when} {way}更改，各设备上的登录已全部退出。"
    otherwise = "如果不是您本人操作，请马上用“忘记密码”重新设置，并联系受理窗口。"
    return Texts(
        title="登录密码已更改",
        body=f"{happened}{otherwise}",
        sms=f"【引才】{happened}{otherwise}",
        email_subject="登录密码已更改",
        email_body=f"您好：\n\n{happened}\n\n{otherwise}\n",
    )
