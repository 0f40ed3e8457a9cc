"""Passkeys (WebAuthn): a comfort beside the authenticator app, which stays the way without scripts.

Only who has an authenticator app may add one; giving the app up gives them up too.  A passkey verifies its
user (fingerprint, face or PIN), so that it counts as both factors.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn_forms
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth, flows
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy

from yincai.people import actions, permissions
from yincai.people.queries import applicant_of
from yincai.people.vocabulary import PROOF_PER_ADDRESS, TooManyAttempts
from yincai.portal.account_views import Answers, BesideMenu
from yincai.portal.proving import entering

NOT_TAKEN = "通行密钥没有通过验证，没有登录。请再试一次，或用密码登录。"
STRANGE = (KeyError, AttributeError, TypeError, ValueError)


class LoginForm(webauthn_forms.LoginWebAuthnForm):
    """What the browser answers to a challenge."""

    def clean_credential(self) -> Any:
        """The passkey that signed the challenge of this session; anything else is refused, whatever it is."""
        try:
            return super().clean_credential()
        except STRANGE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class AddForm(webauthn_forms.AddWebAuthnForm):
    """A new passkey; the browser makes it, the name tells it from others."""

    def clean(self) -> dict[str, Any]:
        """One that verifies its user, made for the challenge of this session."""
        try:
            return dict(super().clean())
        except STRANGE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class SignIn(webauthn.LoginWebAuthnView):
    """用通行密钥登录: a challenge (GET, for the script), then its answer."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Counted per address, like every other proof."""
        try:
            actions.count_attempt(PROOF_PER_ADDRESS, subject=permissions.address_of(request))
        except TooManyAttempts as error:
            return entering.refused(request, error)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, and on to where the person was going."""
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=get_next_redirect_url(self.request))
        response: HttpResponse = flows.perform_passwordless_login(self.request, passkey, login)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Back to the sign-in page, with words."""
        messages.warning(self.request, NOT_TAKEN)
        return redirect("account_login")


class Add(Answers, BesideMenu, webauthn.AddWebAuthnView):
    """添加通行密钥."""

    template_name = "account/passkey_add.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only beside an authenticator app."""
        account = permissions.require_signed_in(request)
        if not Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).exists():
            return redirect("mfa_index")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The challenge for a passkey that the browser keeps and that verifies its user."""
        data: dict[str, Any] = super().get_context_data(**kwargs)
        account = permissions.require_signed_in(self.request)
        return {
            **data,
            "form": kwargs.get("form") or self.get_form(),
            "options": auth.begin_registration(account, True),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it and record it."""
        account = permissions.require_signed_in(self.request)
        with transaction.atomic():
            super().form_valid(form)
            actions.enrolled_second_factor(account.pk, actor=applicant_of(account), kind="webauthn")
        messages.success(self.request, "通行密钥已添加。")
        return redirect("mfa_index")


class Remove(BesideMenu, webauthn.RemoveWebAuthnView):
    """移除通行密钥."""

    template_name = "account/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it and record it."""
        account = permissions.require_signed_in(self.request)
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            actions.removed_second_factor(account.pk, actor=applicant_of(account), kind="webauthn")
        return response
