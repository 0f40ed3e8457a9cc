"""忘记密码: a code on the phone, then a new password.  The same pages whoever, or nobody, is meant."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yincai.foundation.errors import Invalid
from yincai.people import actions, permissions
from yincai.people.vocabulary import CodeOver, WhichAccount, WrongCode
from yincai.portal.account_views import answered
from yincai.portal.reset_forms import CodeAndPasswordForm, DocumentForm, WhoseForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Whose password: name or phone; a code goes to the phone of the account, if there is one."""
    form = WhoseForm(request.POST) if request.method == "POST" else WhoseForm()
    if form.is_bound and form.is_valid():
        reset_id = actions.ask_reset_code(name_or_phone=form.cleaned_data["contact"])
        return redirect("account_reset_by_code", reset_id)
    return _drawn(request, "account/forgotten.html", form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_document(request: HttpRequest) -> HttpResponse:
    """Whose password: an identity document; a code goes to the phone of its account, if there is one."""
    form = DocumentForm(request.POST) if request.method == "POST" else DocumentForm()
    if form.is_bound and form.is_valid():
        document = (form.cleaned_data["kind"], form.cleaned_data["number"])
        return redirect("account_reset_by_code", actions.ask_reset_code(document=document))
    return _drawn(request, "account/forgotten_by_document.html", form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest, reset_id: UUID) -> HttpResponse:
    """The code and the new password, and which account where one phone has several."""
    form = CodeAndPasswordForm(request.POST) if request.method == "POST" else CodeAndPasswordForm()
    usernames: tuple[str, ...] = ()
    if form.is_bound and form.is_valid():
        try:
            actions.reset_password_by_code(
                reset_id,
                code=form.cleaned_data["code"],
                password=form.cleaned_data["password1"],
                username=request.POST.get("account", ""),
                known=permissions.accounts_known(request),
            )
            return redirect("account_reset_password_from_key_done")
        except (WrongCode, CodeOver) as error:
            form.add_error("code", error.sentence)
        except Invalid as error:
            for problem in error.problems:
                form.add_error("password1", problem.message)
        except WhichAccount as error:
            usernames = error.usernames
    return _drawn(request, "account/reset_by_code.html", form, usernames=usernames)


def _drawn(
    request: HttpRequest, template: str, form: WhoseForm | DocumentForm | CodeAndPasswordForm, **more: object
) -> HttpResponse:
    response = render(request, template, {"form": form, **more})
    return answered(response, form) if form.is_bound else response
