"""CA登录: a line of text, signed with a personal certificate by whatever tool its holder has."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yincai.foundation.errors import YincaiError
from yincai.people.vocabulary import Method
from yincai.portal.proving import entering
from yincai.registries import actions, queries
from yincai.registries.vocabulary import LONGEST_SIGNATURE, ChallengeView

COMMAND = (
    "openssl cms -sign -in challenge.txt -signer person.pem -inkey person.key "
    "-certfile chain.pem -outform PEM -out signed.pem"
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """What is needed; 获取挑战文本 makes a text."""
    if request.method != "POST":
        facts = {"next": request.GET.get("next", "")}
        return render(request, "account/certificate.html", facts)
    try:
        secret = entering.begin(request)
    except YincaiError as error:
        return entering.refused(request, error, again=reverse("account_certificate"))
    return redirect("account_certificate_sign", actions.begin_challenge(browser=secret).id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, challenge_id: UUID) -> HttpResponse:
    """The text, how it is signed, and where the signature goes."""
    secret = entering.browser_of(request)
    if request.method == "POST":
        try:
            person = actions.check_signed_challenge(
                challenge_id, browser=secret, signature=_signature(request)
            )
            return entering.enter(request, person, method=Method.CERTIFICATE)
        except YincaiError as error:
            if (still := queries.challenge(challenge_id, browser=secret)) is not None:
                return _page(request, still, problem=error.sentence)
            return entering.refused(request, error, again=reverse("account_certificate"))
    found = queries.challenge(challenge_id, browser=secret)
    return _page(request, found) if found is not None else redirect("account_certificate")


@never_cache
@require_GET
def text(request: HttpRequest, challenge_id: UUID) -> HttpResponse:
    """The text as a file, without a line end."""
    found = queries.challenge(challenge_id, browser=entering.browser_of(request))
    if found is None:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="challenge.txt"'}
    return HttpResponse(found.text, content_type="text/plain; charset=us-ascii", headers=headers)


def _signature(request: HttpRequest) -> bytes:
    """The file that was chosen, else what was pasted."""
    uploaded = request.FILES.get("file")
    if uploaded is not None:
        return bytes(uploaded.read(LONGEST_SIGNATURE + 1))
    return request.POST.get("pasted", "")[: LONGEST_SIGNATURE + 1].strip().encode()


def _page(request: HttpRequest, challenge: ChallengeView, *, problem: str = "") -> HttpResponse:
    facts = {"challenge": challenge, "command": COMMAND, "problem": problem}
    status = 422 if problem else 200
    return render(request, "account/certificate_sign.html", facts, status=status)
