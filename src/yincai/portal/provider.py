"""The outside OpenID provider as allauth finds it: `<app>.provider`, see `proving/outside.py`."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest

from yincai.portal.proving.oidc import NONCE, OutsideProtocol


class OutsideProvider(OpenIDConnectProvider):
    """Authorization code with PKCE and a nonce, always."""

    id = "outside"
    name = "OpenID Connect"
    pkce_enabled_default = True
    oauth2_adapter_class = OutsideProtocol

    def get_default_scope(self) -> list[str]:
        """Who they are, and the document that proves it; nothing else."""
        return ["openid", "profile", "identity"]

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, Any]:
        """What goes along: a nonce that only this session knows; nothing that an address could ask for."""
        request.session[NONCE] = secrets.token_urlsafe(32)
        return {"nonce": request.session[NONCE]}

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """The same scope whatever an address asks for."""
        return self.get_default_scope()


provider_classes = [OutsideProvider]
