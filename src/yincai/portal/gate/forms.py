"""The forms of registering with one's real name (the guide's 填写帐号信息)."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.contrib.auth.password_validation import validate_password

from yincai.foundation import codes
from yincai.foundation.errors import Invalid, YincaiError
from yincai.foundation.identifiers import normalise_phone
from yincai.people import actions, permissions
from yincai.people.vocabulary import (
    NAME_CHECK_PER_ADDRESS,
    REGISTER_PER_ADDRESS,
    REGISTER_PER_CONTACT,
    REGISTER_PER_DOCUMENT,
    Purpose,
    plain_name,
)
from yincai.portal.account_forms import EMAIL_HINT, PHONE_HINT
from yincai.portal.form_words import DIFFERENT, count, password_hint, say_in_our_words, word
from yincai.portal.human_form import HumanChecked

USERNAME_HINT = "登录帐号只能由字母、下划线、数字组成，只能以字母开头，长度为 2～20 位。注册后不能更改。"
NAME_HINT = "请用实名注册，与证件上的姓名一致。注册后不能更改。"
NUMBER_HINT = "请正确填写证件号码，每个证件号码只能注册一个帐户。注册后不能更改。"
LANDLINE_HINT = "按“区号-号码”的格式填写，例如 020-83126088。"
CONSENT = "同意向公安部门核验我的姓名和证件号码（实名核验）"
CONSENT_HINT = "不同意也可以注册；以后可在「身份认证」里授权或撤回。部分业务须先通过实名核验。"
TICK_COMMITMENT = "请勾选承诺后再点「下一步」。"
PATHS = {"password": "password1"}
"""Where a problem of `people` stands on the page, where it is called otherwise."""


class PersonForm(forms.Form):
    """基本信息: who somebody is; for an account that was opened without a real name."""

    name = forms.CharField(max_length=400)
    kind = forms.ChoiceField(choices=[])
    number = forms.CharField(max_length=60)
    workplace = forms.CharField(max_length=400, required=False)
    landline = forms.CharField(max_length=40, required=False)
    note = forms.CharField(max_length=2000, required=False, widget=forms.Textarea)
    consent = forms.BooleanField(required=False)
    commitment = forms.BooleanField()

    def __init__(self, *args: Any, commitment: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(codes.load("identity_documents").codes.items())  # type: ignore[attr-defined]
        word(self, "name", "姓名", autocomplete="name", hint=NAME_HINT)
        word(self, "kind", "证件类型", autocomplete="off", hint="请正确选择证件类型。")
        word(self, "number", "证件号码", autocomplete="off", hint=NUMBER_HINT)
        word(self, "workplace", "所在单位", autocomplete="organization")
        word(self, "landline", "固定电话", autocomplete="off", hint=LANDLINE_HINT)
        word(self, "note", "个人说明", autocomplete="off")
        self.fields["consent"].label, self.fields["consent"].help_text = CONSENT, CONSENT_HINT
        self.fields["commitment"].label = commitment
        self.fields["commitment"].error_messages["required"] = TICK_COMMITMENT

    @property
    def basics(self) -> list[Any]:
        """The fields under 基本信息, in the guide's order."""
        names = ("name", "kind", "number", "workplace", "landline", "phone", "email", "note")
        return [self[name] for name in names if name in self.fields]

    @property
    def account_fields(self) -> list[Any]:
        """The fields under 帐户信息."""
        return [self[name] for name in ("password1", "password2") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """Who it is, by the rules of the document; each mistake beside its field."""
        data: dict[str, Any] = super().clean() or {}
        said = self.person
        try:
            actions.check_identity(said.name, said.kind, said.number)
        except Invalid as error:
            self.add_problems(error)
        self.add_problems(Invalid(problems=actions.check_profile(said)))
        return data

    @property
    def person(self) -> actions.Person:
        """What was typed, as `people` takes it."""
        fields = ("name", "kind", "number", "workplace", "landline", "note")
        return actions.Person(**{field: self.cleaned_data.get(field, "") for field in fields})

    def add_problems(self, error: Invalid) -> None:
        """What `people` found wrong, each beside its field, which says one thing at a time."""
        for problem in error.problems:
            path = PATHS.get(problem.path, problem.path)
            if path not in self.errors:
                self.add_error(path if path in self.fields else None, problem.message)


class AccountForm(HumanChecked, PersonForm):
    """帐户信息 and 基本信息."""

    purpose = Purpose.REGISTER
    field_order = (
        *("username", "password1", "password2"),
        *("name", "kind", "number", "workplace", "landline", "phone", "email", "note"),
    )
    username = forms.CharField(max_length=60)
    password1 = forms.CharField(widget=forms.PasswordInput)
    password2 = forms.CharField(widget=forms.PasswordInput)
    phone = forms.CharField(max_length=40, widget=forms.TextInput(attrs={"type": "tel"}))
    email = forms.EmailField(max_length=254, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, "username", "登录帐号", autocomplete="username", hint=USERNAME_HINT)
        word(self, "password1", "密码", autocomplete="new-password", hint=password_hint())
        word(self, "password2", "确认密码", autocomplete="new-password", hint="请再输入一遍同样的密码。")
        word(self, "phone", "移动电话", autocomplete="tel", hint=PHONE_HINT)
        word(self, "email", "电子邮件", autocomplete="email", hint=EMAIL_HINT)

    def clean_username(self) -> str:
        """The name in one width, well formed and free."""
        return free_name(self.cleaned_data["username"], shallow=self.is_refused)

    def clean_password1(self) -> str:
        """A password that may be one."""
        password: str = self.cleaned_data["password1"]
        validate_password(password)
        return password

    def clean_phone(self) -> str:
        """The phone in E.164."""
        try:
            return normalise_phone(self.cleaned_data["phone"])
        except YincaiError as error:
            raise forms.ValidationError(error.sentence) from error

    def clean(self) -> dict[str, Any]:
        """All of it fits together, and not too often from this address, for this phone or document."""
        data = super().clean()
        say_in_our_words(self, "password2", DIFFERENT)
        if not self.errors:
            count(REGISTER_PER_ADDRESS, permissions.address_of(context.request))
            count(REGISTER_PER_CONTACT, data["phone"])
            count(REGISTER_PER_DOCUMENT, f"{data['kind']}:{data['number']}")
        return data


class NameCheckForm(HumanChecked):
    """检测登录帐号: whether a name is free; a program cannot ask for a thousand of them."""

    purpose = Purpose.REGISTER
    username = forms.CharField(max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, "username", "登录帐号", autocomplete="username", hint=USERNAME_HINT)

    def clean_username(self) -> str:
        """The name, well formed and free."""
        return free_name(self.cleaned_data["username"], shallow=self.is_refused)


def free_name(typed: str, *, shallow: bool) -> str:
    """The name in one width; says whether somebody has it, at most so often from one address."""
    count(NAME_CHECK_PER_ADDRESS, permissions.address_of(context.request))
    return str(get_adapter().clean_username(plain_name(typed), shallow=shallow))
