"""Every account page draws, in Chinese, for those it is for."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client

from tests import personas

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.people.urls")]

FOR_ANYBODY = (
    ("/account/login/", "登录"),
    ("/account/signup/", "立即注册"),
    ("/account/inactive/", "账号已停用"),
    ("/account/password/forgotten/", "忘记密码"),
    ("/account/password/forgotten/email/", "用电子邮箱找回密码"),
    (f"/account/password/forgotten/code/{UUID(int=0)}/", "设置新密码"),
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


@pytest.mark.parametrize(("path", "heading"), FOR_THE_SIGNED_IN)
def test_page_for_the_signed_in_is_drawn_and_never_kept(path: str, heading: str) -> None:
    client = personas.sign_in(
        personas.make_persona("applicant", password=personas.PASSWORD), second_factor=False
    )

    response = client.get(path)

    assert response.status_code == 200
    assert heading in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/account/password/", "/account/sessions/", "/account/second-factor/"])
def test_page_of_the_account_keeps_the_menu_of_residents_alone(path: str) -> None:
    resident, officer = (
        personas.sign_in(personas.make_persona(name, password=personas.PASSWORD), second_factor=False)
        for name in ("applicant", "reviewer")
    )

    assert 'aria-label="我的申请"' in resident.get(path).content.decode()
    assert "我的申请" not in officer.get(path).content.decode()


@pytest.mark.parametrize(("path", "heading"), FOR_THE_SIGNED_IN)
def test_page_for_the_signed_in_sends_others_to_sign_in(path: str, heading: str, client: Client) -> None:
    response = client.get(path)

    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/account/login/", ["username", "current-password"]),
        ("/account/signup/", ["username", "new-password", "new-password", "tel", "email", "off"]),
        ("/account/password/forgotten/", ["username", "off"]),
        ("/account/password/forgotten/email/", ["email", "off"]),
        (
            f"/account/password/forgotten/code/{UUID(int=0)}/",
            ["one-time-code", "new-password", "new-password"],
        ),
    ],
)
def test_inputs_tell_the_browser_what_they_are(path: str, names: list[str], client: Client) -> None:
    page = client.get(path).content.decode()

    assert re.findall(r'autocomplete="([a-z-]+)"', page) == names
    assert len(re.findall(r'<label for="id_\w+">', page)) == len(names)


def test_pages_have_only_our_script_and_no_other_host(client: Client) -> None:
    for path, _ in FOR_ANYBODY:
        page = client.get(path).content.decode()

        scripts = re.findall(r"<script[^>]*>[^<]*</script>", page)
        ours = {
            f'<script type="module" src="/static/look/{name}.js"></script>' for name in ("human", "passkey")
        }
        assert set(scripts) <= ours
        assert " style=" not in page
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page)
