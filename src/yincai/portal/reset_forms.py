"""The forms of a forgotten password: whose it is, then the code from the phone and the new one."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from django import forms
from django.contrib.auth.password_validation import validate_password

from yincai.foundation import clock, codes
from yincai.foundation.identifiers import IdentifierError, check_document
from yincai.people import permissions
from yincai.people.queries import contact_of
from yincai.people.vocabulary import RESET_PER_ADDRESS, RESET_PER_CONTACT, Purpose
from yincai.portal.form_words import DIFFERENT, count, password_hint, say_in_our_words, word
from yincai.portal.human_form import HumanChecked


class WhoseForm(HumanChecked):
    """用户名或手机号; the answer is the same whether it is known."""

    purpose = Purpose.FORGOTTEN

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"] = forms.CharField(max_length=150)
        self.order_fields(["contact"])
        word(
            self,
            "contact",
            "用户名或手机号",
            autocomplete="username",
            hint="注册时的用户名，或注册时填写的手机号，填一个就可以。",
        )

    def clean_contact(self) -> str:
        """What was typed, counted per sender and per name or phone."""
        typed: str = self.cleaned_data["contact"]
        if not self.is_refused:
            count(RESET_PER_ADDRESS, permissions.address_of(context.request))
            count(RESET_PER_CONTACT, contact_of(typed))
        return typed


class DocumentForm(HumanChecked):
    """证件类型、证件号码; the answer is the same whether anybody registered with it."""

    purpose = Purpose.FORGOTTEN

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(choices=list(codes.load("identity_documents").codes.items()))
        self.fields["number"] = forms.CharField(max_length=60)
        self.order_fields(["kind", "number"])
        word(self, "kind", "证件类型", autocomplete="off")
        word(self, "number", "证件号码", autocomplete="off", hint="注册时填写的证件号码。")

    def clean(self) -> dict[str, Any]:
        """The number in its normal form, counted per sender and per document."""
        data = super().clean() or {}
        if self.is_refused or not {"kind", "number"} <= data.keys():
            return data
        try:
            data["number"] = check_document(data["kind"], data["number"], today=clock.today())
        except IdentifierError as error:
            self.add_error("number", error.sentence)
            return data
        count(RESET_PER_ADDRESS, permissions.address_of(context.request))
        count(RESET_PER_CONTACT, f"{data['kind']}:{data['number']}")
        return data


class CodeAndPasswordForm(forms.Form):
    """短信验证码、新密码、确认密码."""

    code = forms.CharField(max_length=20)
    password1 = forms.CharField(widget=forms.PasswordInput, strip=False)
    password2 = forms.CharField(widget=forms.PasswordInput, strip=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(
            self,
            "code",
            "短信验证码",
            autocomplete="one-time-code",
            hint="手机收到的 6 位数字，10 分钟内有效。",
        )
        word(self, "password1", "新密码", autocomplete="new-password", hint=password_hint())
        word(self, "password2", "确认密码", autocomplete="new-password", hint="新密码和确认密码须一致。")

    def clean_password1(self) -> str:
        """A password that may be one, before the code is looked at."""
        password: str = self.cleaned_data["password1"]
        validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        data = super().clean() or {}
        say_in_our_words(self, "password2", DIFFERENT)
        return data
