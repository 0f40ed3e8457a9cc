"""微警认证(刷脸登录): a picture to scan, good for 180 seconds; the same pages with scripts and without."""

from __future__ import annotations

import io
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from markupsafe import Markup

from yincai.foundation import clock
from yincai.foundation.errors import YincaiError
from yincai.people.queries import identity_of
from yincai.people.vocabulary import Method
from yincai.portal.proving import entering
from yincai.registries import actions
from yincai.registries.vocabulary import FACE_SECONDS, AuthorityAway, FaceCheckView, NotThisBrowser


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """What the check is; 获取二维码 begins one."""
    owner = entering.owner_here(request)
    if owner is not None and identity_of(owner) is None:
        return redirect("account_identity")
    if request.method != "POST":
        facts = {"seconds": FACE_SECONDS, "owner": owner, "next": request.GET.get("next", "")}
        return render(request, "account/face.html", facts)
    try:
        secret = entering.begin(request)
        purpose = f"{'证明本人' if owner else '登录'} {settings.BASE_URL}"
        begun = actions.begin_face_check(browser=secret, purpose=purpose, account_id=owner)
    except (YincaiError, NotThisBrowser) as error:
        return entering.refused(request, error, again=reverse("account_face"))
    return redirect("account_face_check", begun.id)


@never_cache
@require_GET
def check(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """The picture and how long it lives, or how the check ended."""
    away = ""
    try:
        seen = _seen(request, check_id)
    except NotThisBrowser as error:
        return entering.refused(request, error, again=reverse("account_face"))
    except AuthorityAway as error:
        seen, away = None, error.sentence
    left = max(0, int((seen.expires_at - clock.now()).total_seconds())) if seen else 0
    drawn = _picture(seen.scan) if seen and seen.state.is_open else ""
    facts = {"check": seen, "check_id": check_id, "away": away, "left": left, "picture": drawn}
    return render(request, "account/face_check.html", facts)


@never_cache
@require_GET
def state(request: HttpRequest, check_id: UUID) -> JsonResponse:
    """Where the check stands, for the page's script."""
    try:
        seen = _seen(request, check_id)
    except NotThisBrowser as error:
        return JsonResponse({"state": "gone", "sentence": error.sentence}, status=404)
    except AuthorityAway as error:
        return JsonResponse({"state": "away", "sentence": error.sentence}, status=503)
    return JsonResponse({"state": seen.state.value, "sentence": seen.state.sentence})


@never_cache
@require_POST
def finish(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """Use the approved check: sign in, or be known more surely."""
    owner = entering.owner_here(request)
    try:
        _seen(request, check_id)
        person = actions.use_face_check(check_id, browser=entering.browser_of(request), account_id=owner)
        if person is None:
            return entering.raise_assurance(request, method=Method.FACE)
        return entering.enter(request, person, method=Method.FACE)
    except YincaiError as error:
        return entering.refused(request, error, again=reverse("account_face"))


def _seen(request: HttpRequest, check_id: UUID) -> FaceCheckView:
    return actions.look_at_face_check(
        check_id, browser=entering.browser_of(request), account_id=entering.owner_here(request)
    )


def _picture(address: str) -> Markup:
    """The address to scan, drawn: dark on white in every scheme."""
    drawn = io.BytesIO()
    code = segno.make(address, error="m")
    code.save(
        drawn, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, dark="#000", light="#fff"
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by ourselves
