"""What the forms of the account pages share: labels, sentences, and counting before anything else."""

from __future__ import annotations

from typing import NoReturn

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts

from yincai.people import actions
from yincai.people.vocabulary import Limit, TooManyAttempts

TOO_MANY = "too_many_attempts"
DIFFERENT = "两次输入的密码不一致。请重新输入一遍。"


def password_hint() -> str:
    """All rules for a new password in one line."""
    return "".join(password_validators_help_texts())


def word(form: forms.Form, name: str, label: str, *, autocomplete: str, hint: str = "") -> None:
    """Give a field its Chinese label and hint, its `autocomplete`, and a sentence for when it is empty."""
    field = form.fields[name]
    field.label, field.help_text = label, hint
    field.error_messages["required"] = f"请填写{label}。"
    field.error_messages["max_length"] = f"{label}太长了。请缩短后再提交。"
    if isinstance(field, forms.EmailField):
        field.error_messages["invalid"] = "电子邮箱的格式不对。请检查后修改，例如 name@example.com。"
    field.widget.attrs["autocomplete"] = autocomplete
    field.widget.attrs.pop("placeholder", None)


def say_in_our_words(form: forms.Form, name: str, sentence: str) -> None:
    """Tell of two passwords that differ: in place of allauth's sentence, and also where the first is refused
    by itself, so that everything that is wrong is said at once."""
    first, second = (form.data.get(form.add_prefix(one), "") for one in ("password1", name))
    if second and first != second:
        form.errors[name] = form.error_class([sentence])


def count(limit: Limit, subject: str) -> actions.Attempt:
    """Count an attempt; at the limit the form is told when to come again."""
    try:
        return actions.count_attempt(limit, subject=subject)
    except TooManyAttempts as error:
        refuse(error)


def refuse(error: TooManyAttempts) -> NoReturn:
    """The form's own error for a limit that is reached; its view answers 429."""
    seconds = int(error.retry_after.total_seconds())
    raise forms.ValidationError(error.sentence, code=TOO_MANY, params={"retry_after": seconds}) from error


COMPARE_BY_SAVING = (
    "这一部分刚在另一台设备上改过，刚填的还没有保存。请点「保存」，对照两边的内容再选择要保留的。"
)
"""Said by a save while typing: the page shows both sides only when it is drawn anew."""
