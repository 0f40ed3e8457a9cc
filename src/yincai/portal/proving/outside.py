"""Signing in through another portal (OpenID Connect).

allauth speaks the protocol; whose account it is decides the document that the provider names, never an e-mail
address, and nothing of what it tells is kept.
"""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from requests import RequestException

from yincai.foundation.errors import YincaiError
from yincai.people.queries import check_identity
from yincai.people.vocabulary import Method
from yincai.portal.proving import entering
from yincai.portal.proving.oidc import OutsideProtocol
from yincai.registries.vocabulary import AuthorityAway, Person

PROVIDER = "outside"


class NotSignedInThere(YincaiError):
    """The other portal did not vouch for anybody."""


CANCELLED = "您没有同意提供身份信息，没有登录。需要时请重新开始，或改用其他方式。"
NOT_TAKEN = "身份信息不完整、已过期、已经用过，或不是给这次登录的，没有采用。请重新开始。"


class OutsideAdapter(DefaultSocialAccountAdapter):
    """What allauth asks once the other portal has answered."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> NoReturn:
        """Go on with the document that was proven; allauth's own accounts and sign-up are never reached."""
        claims = sociallogin.account.extra_data.get("id_token", {})
        try:
            answer = entering.enter(request, _person(claims), method=Method.OUTSIDE)
        except YincaiError as error:
            answer = _refused(request, error)
        raise ImmediateHttpResponse(answer)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> NoReturn:
        """Say what went wrong, and what else there is."""
        sentence: YincaiError = NotSignedInThere(CANCELLED if error == AuthError.CANCELLED else NOT_TAKEN)
        if isinstance(exception, RequestException):
            sentence = AuthorityAway(settings.OIDC_NAME)
        raise ImmediateHttpResponse(_refused(request, sentence))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: accounts are opened by registering."""
        return False


@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Off to the other portal; a link and no form, since the way leads to another site."""
    _refuse_unless_there_is_one()
    try:
        entering.begin(request)
    except YincaiError as error:
        return _refused(request, error)
    try:
        view = OAuth2LoginView.adapter_view(OutsideProtocol(request, PROVIDER))  # type: ignore[no-untyped-call]  # allauth
        answer: HttpResponse = view(request)
    except (RequestException, KeyError, ValueError):
        return _refused(request, AuthorityAway(settings.OIDC_NAME))
    return answer


@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Back from there, with a code or with an error."""
    _refuse_unless_there_is_one()
    try:
        view = OAuth2CallbackView.adapter_view(OutsideProtocol(request, PROVIDER))  # type: ignore[no-untyped-call]  # same
        answer: HttpResponse = view(request)
    except RequestException:
        return _refused(request, AuthorityAway(settings.OIDC_NAME))
    except (KeyError, ValueError):
        return _refused(request, NotSignedInThere(NOT_TAKEN))
    return answer


def _refuse_unless_there_is_one() -> None:
    if not settings.OIDC_URL:
        raise Http404


def _person(claims: dict[str, Any]) -> Person:
    """Whom the token names, in the normal form of our own records."""
    kind = str(claims.get("document_kind", ""))
    try:
        name, number = check_identity(
            str(claims.get("name", "")), kind, str(claims.get("document_number", ""))
        )
    except YincaiError as error:
        raise NotSignedInThere(NOT_TAKEN) from error
    return Person(name, kind, number)


def _refused(request: HttpRequest, error: YincaiError) -> HttpResponse:
    return entering.refused(request, error, again=reverse("outside_login"))
