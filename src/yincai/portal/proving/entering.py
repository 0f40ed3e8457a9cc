"""What follows an outside proof: signing in, the password that links it once, or a higher assurance."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from django import forms
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yincai.foundation import clock
from yincai.foundation.errors import YincaiError
from yincai.people import actions, permissions, queries
from yincai.people.vocabulary import (
    LINK_WITHIN,
    PROOF_PER_ACCOUNT,
    PROOF_PER_ADDRESS,
    LinkFirst,
    Method,
    NotTheOwner,
    TooManyAttempts,
)
from yincai.portal.account_views import answered
from yincai.portal.form_words import word
from yincai.registries.vocabulary import Person

SECRET, NEXT, LINK = "proof_secret", "proof_next", "proof_link"


def browser_of(request: HttpRequest) -> str:
    """The secret by which checks know this browser; empty where none was ever begun."""
    return str(request.session.get(SECRET, ""))


def begin(request: HttpRequest) -> str:
    """Count that a check is begun here, note where to go afterwards, and return the browser's secret.

    Raises `TooManyAttempts`: 20 from an address, 10 by an account, in 15 minutes.
    """
    account = request.user if request.user.is_authenticated else None
    if account is not None:
        actions.count_attempt(PROOF_PER_ACCOUNT, subject=str(account.pk))
    actions.count_attempt(PROOF_PER_ADDRESS, subject=permissions.address_of(request))
    request.session[SECRET] = browser_of(request) or secrets.token_hex(32)
    request.session[NEXT] = get_next_redirect_url(request) or ""
    return browser_of(request)


def owner_here(request: HttpRequest) -> UUID | None:
    """Whose account is signed in, so that only its owner may pass the check; None before signing in."""
    return request.user.pk if request.user.is_authenticated else None


def enter(request: HttpRequest, person: Person, *, method: Method) -> HttpResponse:
    """Somebody was proven: sign in to their account, or raise the assurance of the one that is signed in.

    Where the account was never linked to such a proof its password is asked for first.  Raises `NobodyHas`
    and `NotTheOwner`.
    """
    who = {"kind": person.kind, "number": person.number, "name": person.name}
    if request.user.is_authenticated:
        if not queries.is_owner(request.user.pk, **who):
            raise NotTheOwner
        return raise_assurance(request, method=method)
    try:
        account = queries.account_proven(**who, method=method)
    except LinkFirst as link:
        request.session[LINK] = [str(link.account_id), link.method.value, clock.now().isoformat()]
        actions.renew_session(request)
        return redirect("account_link")
    record_authentication(request, account, method=method.value)
    return _signed_in(request, account)


def raise_assurance(request: HttpRequest, *, method: Method) -> HttpResponse:
    """Keep the proof for whoever is signed in, and go back to where they came from."""
    account = permissions.require_signed_in(request)
    actions.link_proof(account.pk, method=method)
    actions.renew_session(request)
    messages.success(request, f"{method.words}已通过。")
    return redirect(request.session.pop(NEXT, "") or "account_identity")


def refused(request: HttpRequest, error: YincaiError, *, again: str = "") -> HttpResponse:
    """The page that says why a proof was not taken, and what else there is."""
    status = 422
    if isinstance(error, TooManyAttempts):
        status = 429
    response = render(request, "account/proof_refused.html", {"error": error, "again": again}, status=status)
    if isinstance(error, TooManyAttempts):
        response["Retry-After"] = str(int(error.retry_after.total_seconds()))
    return response


class LinkForm(forms.Form):
    """密码, once, so that the proof opens this account from now on."""

    password = forms.CharField(widget=forms.PasswordInput, strip=False, max_length=200)

    def __init__(self, *args: object, request: HttpRequest, username: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Django takes them
        self.request, self.username = request, username
        word(self, "password", "密码", autocomplete="current-password")

    def clean_password(self) -> str:
        """The right password; a guess counts as one at the sign-in page."""
        password: str = self.cleaned_data["password"]
        adapter = get_adapter(self.request)
        account = adapter.authenticate(self.request, username=self.username, password=password)
        if account is None:
            raise forms.ValidationError("密码不正确，没有登录。请重新输入；忘记了可以先找回密码。")
        self.account: AbstractBaseUser = account
        return password


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """The password that links a proof to its account, within five minutes of the proof."""
    waiting = _waiting(request)
    if waiting is None:
        return redirect("account_login")
    account_id, method = waiting
    username = queries.display_name(account_id)
    form = LinkForm(request.POST or None, request=request, username=username)
    if form.is_valid():
        del request.session[LINK]
        actions.link_proof(account_id, method=method)
        for step in (method, Method.PASSWORD):
            record_authentication(request, form.account, method=step.value)
        return _signed_in(request, form.account)
    facts = {"form": form, "username": username, "method": method}
    response = render(request, "account/link.html", facts)
    return answered(response, form) if form.is_bound else response


def _waiting(request: HttpRequest) -> tuple[UUID, Method] | None:
    """The account and the proof that wait for a password."""
    kept = request.session.get(LINK)
    if not kept or request.user.is_authenticated:
        return None
    account_id, method, at = kept
    if clock.now() >= datetime.fromisoformat(at) + LINK_WITHIN:
        del request.session[LINK]
        return None
    return UUID(account_id), Method(method)


def _signed_in(request: HttpRequest, account: AbstractBaseUser) -> HttpResponse:
    """allauth's own way on: a second factor where the account has one, a session with a new name."""
    there = request.session.pop(NEXT, "") or None
    response: HttpResponse = perform_login(request, account, redirect_url=there)
    return response
