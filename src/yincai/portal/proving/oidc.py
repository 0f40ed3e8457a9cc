"""OpenID Connect as it is spoken here: every identity token is verified, with its nonce.

allauth leaves out signature and nonce where the token came over TLS from the provider itself.
"""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from yincai.foundation import clock

NONCE = "outside_nonce"
ALGORITHMS = ["ES256", "RS256"]
CLOCKS_DIFFER = 30


class OutsideProtocol(OpenIDConnectOAuth2Adapter):
    """allauth's client of one provider, stricter."""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Who signed in there; raises `OAuth2Error` for a token that is not for us, here and now."""
        signed = str(kwargs["response"].get("id_token", ""))
        claims = self._verified(signed, client=app.client_id, nonce=request.session.pop(NONCE, ""))
        provider = self.get_provider()  # type: ignore[no-untyped-call]  # allauth
        return provider.sociallogin_from_response(request, {"id_token": claims})

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Where the provider sends people back to, as it was registered there."""
        return f"{settings.BASE_URL}{reverse('outside_callback')}"

    def _verified(self, signed: str, *, client: str, nonce: str) -> dict[str, Any]:
        config = self.openid_config
        if config.get("issuer") != settings.OIDC_URL or not nonce:
            raise OAuth2Error("another issuer, or no nonce")
        with get_adapter().get_requests_session() as session:  # type: ignore[no-untyped-call]  # allauth
            answer = session.get(config["jwks_uri"])
            answer.raise_for_status()
        try:
            keys = KeySet.import_key_set({"keys": answer.json()["keys"]})
            claims = dict(jwt.decode(signed, keys, algorithms=ALGORITHMS).claims)
            jwt.JWTClaimsRegistry(
                now=lambda: int(clock.now().timestamp()),
                leeway=CLOCKS_DIFFER,
                iss={"essential": True, "value": settings.OIDC_URL},
                aud={"essential": True, "value": client},
                nonce={"essential": True, "value": nonce},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
            ).validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise OAuth2Error("the identity token is not for us") from error
        return claims
