"""The forms of the account pages: labels and hints in Chinese, limits before anything is evaluated."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_second_factor_adapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.totp.internal.auth import get_totp_secret
from django import forms
from django.http import HttpRequest

from yincai.foundation.errors import YincaiError
from yincai.foundation.identifiers import normalise_phone
from yincai.people import actions, permissions
from yincai.people.vocabulary import (
    PASSWORD_PER_ACCOUNT,
    REGISTER_PER_ADDRESS,
    REGISTER_PER_CONTACT,
    REGISTER_POST_PER_ADDRESS,
    RESET_PER_ADDRESS,
    RESET_PER_CONTACT,
    Method,
    Outcome,
    Purpose,
    TooManyAttempts,
    plain_name,
)
from yincai.portal.form_words import DIFFERENT, count, password_hint, refuse, say_in_our_words, word
from yincai.portal.human_form import HumanChecked

CODE_HINT = "打开手机上的身份验证器应用，输入显示的 6 位数字；也可以输入一个没用过的恢复码。"
PHONE_HINT = "11 位手机号；境外号码以 + 和国家（地区）代码开头。用来接收进度短信和找回密码的验证码。"
EMAIL_HINT = "例如 name@example.com。用来接收办理进度和找回密码，注册后会收到验证邮件。"


class SignInForm(HumanChecked, account.LoginForm):
    """用户名、密码; after wrong ones the human check before the next is looked at."""

    purpose = Purpose.SIGN_IN
    keeps_pass = False
    nothing_shown = "为保护账号，登录前还要确认一步，密码还没有核对。请再输入密码，完成下面的确认后提交。"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # longer than any name may be, so that a long one is told the same as a wrong one
        self.fields["login"] = forms.CharField(max_length=150)
        self.order_fields(["login", "password"])
        word(self, "login", "用户名", autocomplete="username")
        word(self, "password", "密码", autocomplete="current-password")

    def is_check_wanted(self) -> bool:
        """After wrong passwords for this name, or from here."""
        return permissions.is_guessing(context.request, self.data.get("login", ""))

    def clean_login(self) -> str:
        """The name in one width: an input method may have typed full-width letters."""
        return plain_name(self.cleaned_data["login"])


class RegisterForm(HumanChecked, account.SignupForm):
    """用户名、密码、确认密码、手机号、电子邮箱, as the guide has them."""

    purpose = Purpose.REGISTER

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = forms.CharField(max_length=40, widget=forms.TextInput(attrs={"type": "tel"}))
        self.order_fields(["username", "password1", "password2", "phone", "email"])
        word(
            self,
            "username",
            "用户名",
            autocomplete="username",
            hint="字母开头，2 至 20 个字母、数字或下划线。登录时使用，不能更改。",
        )
        word(self, "password1", "密码", autocomplete="new-password", hint=password_hint())
        word(self, "password2", "确认密码", autocomplete="new-password", hint="请再输入一遍同样的密码。")
        word(
            self,
            "phone",
            "手机号",
            autocomplete="tel",
            hint=PHONE_HINT,
        )
        word(
            self,
            "email",
            "电子邮箱",
            autocomplete="email",
            hint=EMAIL_HINT,
        )

    def clean_username(self) -> str:
        """The name in one width, well formed and free; tells at most 60 times in 15 minutes whether it is."""
        count(REGISTER_POST_PER_ADDRESS, permissions.address_of(context.request))
        name = plain_name(self.cleaned_data["username"])
        return str(get_adapter().clean_username(name, shallow=self.is_refused))

    def clean_phone(self) -> str:
        """The phone in E.164."""
        try:
            return normalise_phone(self.cleaned_data["phone"])
        except YincaiError as error:
            raise forms.ValidationError(error.sentence) from error

    def clean(self) -> dict[str, Any]:
        """All five fit together, and neither this address nor these contacts registered too often lately."""
        data: dict[str, Any] = super().clean() or {}
        say_in_our_words(self, "password2", DIFFERENT)
        if not self.errors:
            count(REGISTER_PER_ADDRESS, permissions.address_of(context.request))
            count(REGISTER_PER_CONTACT, data["phone"])
            count(REGISTER_PER_CONTACT, data["email"])
        return data

    def save(self, request: HttpRequest) -> Any:
        """The new account; raises `UsernameTaken` when somebody was faster."""
        data = self.cleaned_data
        return actions.register_account(
            username=data["username"], password=data["password1"], phone=data["phone"], email=data["email"]
        )


class ChangePasswordForm(account.ChangePasswordForm):
    """原密码、新密码、确认密码."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, "oldpassword", "原密码", autocomplete="current-password")
        word(self, "password1", "新密码", autocomplete="new-password", hint=password_hint())
        word(self, "password2", "确认密码", autocomplete="new-password", hint="新密码和确认密码须一致。")

    def clean_oldpassword(self) -> str:
        """The old password, counted like a sign-in, so that an open session is no place to guess it."""
        attempt = count(PASSWORD_PER_ACCOUNT, f"change:{self.user.pk}")  # type: ignore[union-attr]  # signed in
        old: str = super().clean_oldpassword()
        attempt.give_back()
        return old

    def clean(self) -> dict[str, Any]:
        """Both new ones are the same."""
        data: dict[str, Any] = super().clean()  # type: ignore[no-untyped-call]  # allauth
        say_in_our_words(self, "password2", DIFFERENT)
        return data


class NewPasswordForm(account.ResetPasswordKeyForm):
    """新密码、确认密码, behind a link from a letter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, "password1", "新密码", autocomplete="new-password", hint=password_hint())
        word(self, "password2", "确认密码", autocomplete="new-password", hint="新密码和确认密码须一致。")

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        data: dict[str, Any] = super().clean()  # type: ignore[no-untyped-call]  # allauth
        say_in_our_words(self, "password2", DIFFERENT)
        return data


class ForgottenPasswordForm(HumanChecked, account.ResetPasswordForm):
    """电子邮箱, the other way than the phone; the answer is the same whether it is known."""

    purpose = Purpose.FORGOTTEN

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, "email", "注册时填写的电子邮箱", autocomplete="email")

    def clean_email(self) -> str:
        """The address, counted per sender and per address."""
        if self.is_refused:
            return str(self.cleaned_data["email"])
        count(RESET_PER_ADDRESS, permissions.address_of(context.request))
        count(RESET_PER_CONTACT, self.cleaned_data["email"].lower())
        return str(super().clean_email())


class ConfirmPasswordForm(account.ReauthenticateForm):
    """密码, once more before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, "password", "密码", autocomplete="current-password")


class ChangeEmailForm(account.AddEmailForm):
    """新的电子邮箱."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, "email", "新的电子邮箱", autocomplete="email", hint="我们会向它发送一封验证邮件。")

    def clean_email(self) -> str:
        """The address, counted: every one costs its owner a letter."""
        count(RESET_PER_CONTACT, f"change:{self.user.pk}")  # type: ignore[union-attr]  # signed in
        return str(super().clean_email())

    def save(self, request: HttpRequest) -> Any:
        """The new address, with a letter to it; it replaces an unproven one at once, a proven one later."""
        address = super().save(request)
        address.user.refresh_from_db(fields=["email"])
        if not address.user.email:
            address.set_as_primary()
        return address


class CodeForm(forms.Form):
    """动态验证码, after the password."""

    code = forms.CharField(max_length=20)
    again = False

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        word(self, "code", "动态验证码", autocomplete="one-time-code", hint=CODE_HINT)

    def clean_code(self) -> str:
        """A code that counts now and was not used before."""
        code = plain_name(self.cleaned_data["code"])
        try:
            shown = actions.show_code(self.user, code)
        except TooManyAttempts as error:
            refuse(error)
        if shown is None:
            actions.note_sign_in(context.request, self.user.pk, method=Method.CODE, outcome=Outcome.WRONG)
            raise get_second_factor_adapter().validation_error("incorrect_code")
        self.authenticator = shown
        return code

    def save(self) -> None:
        """Note in the session that the second factor was shown."""
        post_authentication(context.request, self.authenticator, reauthenticated=self.again)


class ConfirmCodeForm(CodeForm):
    """动态验证码, once more before something that matters."""

    again = True


class EnrolForm(forms.Form):
    """The first code of an authenticator app that is being enrolled."""

    code = forms.CharField(max_length=20)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.secret = get_totp_secret(regenerate=not self.is_bound)
        word(
            self,
            "code",
            "动态验证码",
            autocomplete="one-time-code",
            hint="扫码或手工录入后，应用里显示的 6 位数字。",
        )

    def clean_code(self) -> str:
        """A code that shows that the app holds the secret."""
        code = plain_name(self.cleaned_data["code"])
        try:
            step = actions.check_new_authenticator(self.user, secret=self.secret, code=code)
        except TooManyAttempts as error:
            refuse(error)
        if step is None:
            raise get_second_factor_adapter().validation_error("incorrect_code")
        self.step = step
        return code
