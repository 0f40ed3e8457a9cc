"""The account pages: allauth's views with our answers."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import wraps
from typing import Any

import segno
from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.mfa.adapter import get_adapter as get_second_factor_adapter
from allauth.mfa.base import views as second_factor
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import views as totp
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.usersessions import views as sessions
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yincai.look.posted import whole_number
from yincai.people import actions, permissions
from yincai.people.queries import applicant_of, kind_of_device, new_work
from yincai.people.vocabulary import Purpose, UsernameTaken
from yincai.portal.form_words import TOO_MANY
from yincai.portal.pages import menu_of

View = Callable[..., HttpResponseBase]
REDIRECT_AFTER_SECONDS = 5
ENDED = "该设备已退出登录。"
ALL_ENDED = "其他设备都已退出登录。"


def private(view: View) -> View:
    """The view for whoever is signed in, never kept by a cache."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        permissions.require_signed_in(request)
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def confirmed(view: View) -> View:
    """`private`, for whoever showed the password or a code once more in the last five minutes.

    What was posted is not kept in the session meanwhile (allauth would): the page is simply shown again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not did_recently_reauthenticate(request):
            method = get_adapter(request).get_reauthentication_methods(request.user)[0]
            return HttpResponseRedirect(f"{method['url']}?{urlencode({'next': request.get_full_path()})}")
        return view(request, *args, **kwargs)

    return private(guarded)


def with_codes_held(view: View) -> View:
    """The view, while nobody spends a recovery code of whoever is signed in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            actions.hold_recovery_codes(permissions.require_signed_in(request).pk)
            return view(request, *args, **kwargs)

    return guarded


def answered(response: HttpResponse, form: Any) -> HttpResponse:
    """`response` for a form that was not taken: 429 with the waiting time at a limit, else 422."""
    response.status_code = 422
    for errors in form.errors.as_data().values():
        for error in errors:
            if error.code == TOO_MANY:
                response.status_code = 429
                response["Retry-After"] = str(error.params["retry_after"])
    return response


class Answers:
    """Mixed into a view with a form: what is not taken is `answered`."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again, with everything but passwords as it was typed."""
        return answered(super().form_invalid(form), form)  # type: ignore[misc]  # of the view it is mixed into


class Register(Answers, account.SignupView):
    """注册: opens the account and signs in."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign the new account in and go to 注册成功; a name taken meanwhile is a mistake like any other."""
        try:
            response: HttpResponse = super().form_valid(form)
        except UsernameTaken as error:
            form.add_error("username", error.sentence)
            return self.form_invalid(form)
        return response

    def get_default_success_url(self) -> str:
        """注册成功, which goes on to 正在审批."""
        return reverse("account_registered")


@never_cache
@require_GET
def new_check(request: HttpRequest, purpose: str) -> HttpResponse:
    """Work for the browser that shows a checked form, so that its person is asked nothing."""
    try:
        return JsonResponse(new_work(Purpose(purpose)))
    except ValueError as error:
        raise Http404 from error


@private
@require_GET
def registered(request: HttpRequest) -> HttpResponse:
    """注册成功: waits and goes on to 「正在审批」 by itself, or by the link."""
    response = render(request, "account/registered.html", {"seconds": REDIRECT_AFTER_SECONDS})
    response["Refresh"] = f"{REDIRECT_AFTER_SECONDS}; url={settings.LOGIN_REDIRECT_URL}"
    return response


class SignOut(account.LogoutView):
    """退出登录: asks, then ends the session in the database."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session and have the browser forget what it kept."""
        response: HttpResponse = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class BesideMenu:
    """Mixed into a page that a resident reaches from their left menu: it keeps the menu; staff have none."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page's own, and the menu."""
        data: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]  # of the view it is mixed into
        staff = permissions.require_signed_in(self.request).is_staff_member
        return data if staff else {**data, **menu_of(self.request, "password")}


def beside_menu(request: HttpRequest, template: str, **facts: Any) -> HttpResponse:
    """A page of the account for whoever is signed in: beside the menu for residents, alone for staff."""
    staff = permissions.require_signed_in(request).is_staff_member
    shared = {} if staff else menu_of(request, "password")
    return render(request, template, {**shared, **facts})


class ChangePassword(Answers, BesideMenu, account.PasswordChangeView):
    """修改密码: every other session of the account ends."""


class ForgottenPassword(Answers, account.PasswordResetView):
    """忘记密码: a letter with a link."""


class NewPassword(Answers, account.PasswordResetFromKeyView):
    """The page behind the link."""


class ConfirmPassword(Answers, account.ReauthenticateView):
    """The password once more; the session gets a new name."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on to where the person was going."""
        actions.renew_session(self.request)
        response: HttpResponse = super().form_valid(form)
        return response


class Email(Answers, BesideMenu, account.EmailView):
    """联系邮箱: change it, or have the letter sent again."""


class SecondFactor(BesideMenu, second_factor.IndexView):
    """动态验证码: whether it is on."""


class Devices(BesideMenu, sessions.ListUserSessionsView):
    """登录中的设备: ends one that is named (`session`), or all but this one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The list with each device in words: `手机 · 安卓 · 微信`."""
        data = super().get_context_data(**kwargs)
        data["devices"] = [(one, kind_of_device(one.user_agent)) for one in data["sessions"]]
        return data

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """404 for a session of somebody else; one that ended meanwhile is as good as ended."""
        actor = applicant_of(permissions.require_signed_in(request))
        if "session" in request.POST:
            named = whole_number(request.POST["session"])
            if named is None:
                raise Http404
            actions.end_session(named, actor=actor)
        else:
            actions.end_other_sessions(request, actor=actor)
        messages.success(request, ENDED if "session" in request.POST else ALL_ENDED)
        return HttpResponseRedirect(reverse("usersessions_list"))


class ShowCode(second_factor.AuthenticateView):
    """The second step of signing in."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again; 429 at the limit, else 422."""
        return answered(super().form_invalid(form), form)


class ConfirmCode(Answers, second_factor.ReauthenticateView):
    """A code once more; the session gets a new name."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on to where the person was going."""
        actions.renew_session(self.request)
        response: HttpResponse = super().form_valid(form)
        return response


class Enrol(Answers, totp.ActivateTOTPView):
    """启用动态验证码."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form and the secret in groups of four; the picture has its own address."""
        data: dict[str, Any] = super(totp.ActivateTOTPView, self).get_context_data(**kwargs)
        secret = data["form"].secret
        data["secret_in_groups"] = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        return data

    def form_valid(self, form: Any) -> HttpResponse:
        """Enrol the app, record it, and count this session as having shown it: the code is spent."""
        account_ = permissions.require_signed_in(self.request)
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            authenticator = Authenticator.objects.get(user_id=account_.pk, type=Authenticator.Type.TOTP)
            actions.spend_step(authenticator, form.step)
            actions.enrolled_second_factor(account_.pk, actor=applicant_of(account_))
        record_authentication(
            self.request, account_, method="mfa", id=authenticator.pk, type="totp", reauthenticated=True
        )
        actions.renew_session(self.request)
        return response


def remove_passkeys(account_: Any) -> None:
    """Give up the passkeys with the app: alone they would leave no way in without scripts."""
    Authenticator.objects.filter(user_id=account_.pk, type=Authenticator.Type.WEBAUTHN).delete()


class Disenrol(totp.DeactivateTOTPView):
    """停用动态验证码, for residents; staff cannot go without."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove the app and record it."""
        account_ = permissions.require_signed_in(self.request)
        with transaction.atomic():
            remove_passkeys(account_)
            response: HttpResponse = super().form_valid(form)
            actions.removed_second_factor(account_.pk, actor=applicant_of(account_))
        return response


@confirmed
@require_GET
def enrolment_code(request: HttpRequest) -> HttpResponse:
    """The secret that is being enrolled, as a QR code to scan."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise Http404
    address = get_second_factor_adapter().build_totp_url(permissions.require_signed_in(request), secret)
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=5, border=4, light="#fff", dark="#000")
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")
