"""The sign-in page of the OpenID Connect provider: who are you, and may that system know it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from yincai_sandbox.service import Sandbox, Service
from yincai_sandbox.services import oidc

REFUSED = {
    "heading": "这个系统没有登记",
    "sentence": "请求里的系统或返回地址没有在这里登记过，没有提供任何信息。",
    "back": "/",
}


def routes(sandbox: Sandbox) -> Sequence[Route]:
    """Gives `GET /oidc/authorize`; links, not forms: the way back leads to another site."""

    async def authorize(request: Request) -> Response:
        asked = dict(request.query_params)
        client = await run_in_threadpool(oidc.client_of, sandbox.store, asked.get("client_id", ""))
        if client is None or asked.get("redirect_uri") not in json.loads(client["redirects"]):
            return sandbox.pages.show("refused.html", status=400, **REFUSED)
        if error := wrong_with(asked):
            return _back(asked, {"error": error})
        act, phone = asked.pop("act", ""), asked.pop("as", "")
        if act == "refuse":
            return _back(asked, {"error": "access_denied"})
        if act == "approve" and (holder := sandbox.residents.get(phone)):
            code = await run_in_threadpool(oidc.grant, sandbox.store, asked, holder=holder)
            return _back(asked, {"code": code})
        answers = [
            (person, urlencode(asked | {"act": "approve", "as": person.phone}))
            for person in sandbox.residents.values()
        ]
        refusal = urlencode(asked | {"act": "refuse"})
        return sandbox.pages.show("authorize.html", system=client["name"], answers=answers, refusal=refusal)

    return [Route("/oidc/authorize", authorize)]


def wrong_with(asked: Mapping[str, str]) -> str:
    """The error code of RFC 6749 for a request that cannot be answered; empty for one that can."""
    if asked.get("response_type") != "code":
        return "unsupported_response_type"
    if "openid" not in asked.get("scope", "").split():
        return "invalid_scope"
    if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
        return "invalid_request"
    return ""


def _back(asked: Mapping[str, str], facts: Mapping[str, str]) -> Response:
    query = urlencode({**facts, "state": asked.get("state", "")})
    return RedirectResponse(f"{asked['redirect_uri']}?{query}", status_code=303)


SERVICE = Service(name="oidc_pages", title="省统一身份认证的登录页", routes=routes, breakable=False)
