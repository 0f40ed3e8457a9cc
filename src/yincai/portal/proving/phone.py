"""验证手机号: a code to the account's own phone, typed here."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import get_next_redirect_url
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from yincai.foundation.errors import YincaiError
from yincai.foundation.masking import mask_phone
from yincai.people import actions, permissions
from yincai.portal.account_views import answered, beside_menu
from yincai.portal.form_words import word
from yincai.portal.pages import actor_of, applicant_page


class CodeForm(forms.Form):
    """短信验证码."""

    code = forms.CharField(max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = "手机收到的 6 位数字，10 分钟内有效。"
        word(self, "code", "短信验证码", autocomplete="one-time-code", hint=hint)


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """发送验证码, then 验证; afterwards the account is 已验证手机号."""
    account, actor = permissions.require_signed_in(request), actor_of(request)
    asks = request.POST.get("act") == "send"
    form = CodeForm(request.POST) if request.method == "POST" and not asks else CodeForm()
    problem = ""
    try:
        if asks:
            actions.ask_phone_code(account, actor=actor)
            messages.info(request, "验证码已发送。")
            return redirect(request.get_full_path())
        if form.is_bound and form.is_valid():
            actions.prove_phone_by_code(account, actor=actor, code=form.cleaned_data["code"])
            messages.success(request, "手机号已验证。")
            return redirect(get_next_redirect_url(request) or "account_identity")
    except YincaiError as error:
        problem = error.sentence
        if form.is_bound:
            form.add_error("code", problem)
    phone = mask_phone(account.phone) if account.phone else ""
    facts = {"form": form, "phone": phone, "proven_at": account.phone_verified_at, "problem": problem}
    response = beside_menu(request, "account/phone.html", **facts)
    if problem and not form.is_bound:
        response.status_code = 422
    return answered(response, form) if form.is_bound else response
