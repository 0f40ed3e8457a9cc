"""Every account page draws, in Chinese, for those it is for."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.people.urls")]

FOR_ANYBODY = (
    ("/account/login/", "登录"),
    ("/account/signup/", "立即注册"),
    ("/account/inactive/", "账号已停用"),
    ("/account/password/forgotten/", "忘记密码"),
    ("/account/password/forgotten/sent/", "邮件已发出"),
    ("/account/password/new/done/", "密码已更改"),
    ("/account/password/new/0-nothing/", "链接无效"),
    ("/account/email/confirm/nothing/", "验证邮箱"),
)
FOR_THE_SIGNED_IN = (
    ("/account/registered/", "注册成功"),
    ("/account/logout/", "退出登录"),
    ("/account/confirm/", "请再输入一次密码"),
    ("/account/password/", "修改密码"),
    ("/account/sessions/", "登录中的设备"),
    ("/account/second-factor/", "动态验证码"),
)


@pytest.mark.parametrize(("path", "heading"), FOR_ANYBODY)
def test_page_for_anybody_is_drawn(path: str, heading: str, client: Client) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert heading in response.content.decode()
