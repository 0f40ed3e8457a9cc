"""用户注册 in four steps: 确认服务协议, 填写帐号信息, 申请应用系统, 注册成功.

Nothing is kept between the steps but a signed note that the agreement was accepted; the account is opened by
the second step, so that whoever stops there can sign in and go on.
"""

from __future__ import annotations

from uuid import UUID

from allauth.account.internal.flows.signup import complete_signup
from allauth.core.exceptions import ImmediateHttpResponse
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from yincai.casework.actions import keep_systems
from yincai.engine.portal import Registration
from yincai.foundation.errors import Invalid, NotFound
from yincai.ledger.vocabulary import Actor
from yincai.people import actions
from yincai.people import queries as people
from yincai.people.permissions import require_signed_in
from yincai.people.vocabulary import DocumentTaken, HasIdentity, UsernameTaken
from yincai.portal.account_views import answered
from yincai.portal.gate.forms import AccountForm, NameCheckForm, PersonForm
from yincai.portal.gate.pages import draw, portal_page, resident_of, tiles
from yincai.portal.pages import actor_of
from yincai.programmes.vocabulary import Place
from yincai.registries.actions import give_consent
from yincai.registries.vocabulary import Registry, Why

SALT = "yincai.portal.agreement"
ACCEPTED_FOR = 2 * 3600
"""Seconds for which a ticked agreement opens the next step."""
REDIRECT_AFTER = 8
"""Seconds on 注册成功."""
TICK = "请先阅读服务协议，勾选同意后再点「下一步」。"
FREE = "登录帐号「{name}」可以使用。"
SAFE_OR_POST = ["GET", "HEAD", "POST"]


@portal_page
@require_http_methods(SAFE_OR_POST)
def agreement(request: HttpRequest, place: Place) -> HttpResponse:
    """1 确认服务协议: nobody goes on without the tick."""
    _registers_here(place)
    if _is_done(request):
        return redirect("place:register_applications", place.name)
    found = _agreement(place)
    problem = ""
    if request.method == "POST":
        if request.POST.get("agree") == "on" and request.POST.get("agreement") == str(found.id):
            note = signing.dumps(str(found.id), salt=SALT)
            address = reverse("place:register_account", args=[place.name])
            return redirect(f"{address}?{urlencode({'agreement': note})}")
        problem = TICK
    context = {"agreement": found, "problem": problem, "step": 1}
    return draw(request, "register_agreement.html", place, context, status=422 if problem else 200)


@portal_page
@require_http_methods(SAFE_OR_POST)
def account(request: HttpRequest, place: Place) -> HttpResponse:
    """2 填写帐号信息: opens the account; for one without a real name, adds it."""
    registration = _registers_here(place)
    if _is_done(request):
        return redirect("place:register_applications", place.name)
    note = request.POST.get("agreement") or request.GET.get("agreement", "")
    accepted = _accepted(note)
    if accepted is None:
        return redirect("place:register", place.name)
    kind = PersonForm if resident_of(request) else AccountForm
    words = {"commitment": registration.commitment}
    if request.method == "POST" and "_check_name" in request.POST:
        return _check_name(request, place, note, AccountForm(initial=request.POST.dict(), **words))
    form = kind(request.POST, **words) if request.method == "POST" else kind(**words)
    if form.is_bound and form.is_valid():
        answer = _open(request, place, form, accepted)
        if answer is not None:
            return answer
    return _form(request, place, note, form)


def _form(request: HttpRequest, place: Place, note: str, form: PersonForm) -> HttpResponse:
    context = {"form": form, "agreement": note, "said": "", "name_problem": "", "step": 2}
    response = draw(request, "register_account.html", place, context)
    return answered(response, form) if form.is_bound and form.errors else response


def _check_name(request: HttpRequest, place: Place, note: str, form: AccountForm) -> HttpResponse:
    """检测登录帐号: the page again as it was typed, with the answer beside the name."""
    check = NameCheckForm(request.POST)
    said = FREE.format(name=check.cleaned_data["username"]) if check.is_valid() else ""
    form.check_pass = check.check_pass
    problems = [check.errors[name][0] for name in ("username", "check_answer") if name in check.errors]
    problem = problems[0] if problems else ""
    context = {"form": form, "agreement": note, "said": said, "name_problem": problem, "step": 2}
    response = draw(request, "register_account.html", place, context)
    return answered(response, check) if check.errors else response


def _open(request: HttpRequest, place: Place, form: PersonForm, accepted: UUID) -> HttpResponse | None:
    """The next step, or None with what is wrong added to the form."""
    onward = reverse("place:register_applications", args=[place.name])
    try:
        if not isinstance(form, AccountForm):
            owner = require_signed_in(request)
            with transaction.atomic():
                keep_systems(owner.pk, actor=actor_of(request))
                actions.complete_person(
                    owner, person=form.person, agreement=accepted, actor=actor_of(request)
                )
            _consent(owner.pk, form)
            return redirect(onward)
        data = form.cleaned_data
        opened = actions.register_person(
            username=data["username"],
            password=data["password1"],
            phone=data["phone"],
            email=data["email"],
            person=form.person,
            agreement=accepted,
        )
    except UsernameTaken as error:
        form.add_error("username", error.sentence)
    except (DocumentTaken, HasIdentity) as error:
        form.add_error("number", error.sentence)
    except Invalid as error:
        form.add_problems(error)
    else:
        _consent(opened.pk, form)
        return _signed_in(request, opened, onward)
    return None


def _consent(account_id: UUID, form: PersonForm) -> None:
    """What was ticked: the real-name registry may be asked, which the worker then does."""
    if form.cleaned_data["consent"]:
        actor = Actor("applicant", account_id, "applicant")
        give_consent(account_id, actor=actor, registry=Registry.REAL_NAME, why=Why.REGISTRATION)


def _signed_in(request: HttpRequest, opened: object, onward: str) -> HttpResponse:
    try:
        response: HttpResponse = complete_signup(request, user=opened, redirect_url=onward)
    except ImmediateHttpResponse as instead:
        response = instead.response
    return response


@portal_page
@require_http_methods(SAFE_OR_POST)
def applications(request: HttpRequest, place: Place) -> HttpResponse:
    """3 申请应用系统: tick the systems wanted; others are added later with 添加应用."""
    owner = require_signed_in(request)
    if not _is_done(request):
        return redirect("place:register", place.name)
    found = tiles(place, owner.pk)
    if request.method == "POST":
        wanted = set(request.POST.getlist("application"))
        for one in found:
            system = one.system
            if system.application.is_open and "/".join(system.key) in wanted:
                where = {"place": system.place, "application": system.application.name}
                actions.add_application(owner.pk, actor=actor_of(request), **where)
        return redirect("place:registered", place.name)
    return draw(request, "register_applications.html", place, {"tiles": found, "step": 3})


@portal_page
@require_safe
def done(request: HttpRequest, place: Place) -> HttpResponse:
    """4 注册成功: goes on to the portal by itself, or by the link."""
    owner = require_signed_in(request)
    held = [one for one in tiles(place, owner.pk) if one.held]
    context = {"identity": people.identity_of(owner.pk), "held": held, "seconds": REDIRECT_AFTER, "step": 4}
    response = draw(request, "registered.html", place, context)
    response["Refresh"] = f"{REDIRECT_AFTER}; url={reverse('place:home', args=[place.name])}"
    return response


def _registers_here(place: Place) -> Registration:
    if place.portal.registration is None:
        raise NotFound
    return place.portal.registration


def _agreement(place: Place) -> people.AgreementView:
    found = people.agreement_of(place.name)
    if found is None:
        raise NotFound
    return found


def _accepted(note: str) -> UUID | None:
    """The wording that a note of the first step says was accepted; None for a forged or old one."""
    try:
        return UUID(signing.loads(note, salt=SALT, max_age=ACCEPTED_FOR))
    except (signing.BadSignature, ValueError):
        return None


def _is_done(request: HttpRequest) -> bool:
    account_id = resident_of(request)
    return account_id is not None and people.identity_of(account_id) is not None
