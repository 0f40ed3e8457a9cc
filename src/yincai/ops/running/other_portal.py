"""The demo's other portal: the sandbox's OpenID provider, at which this platform registers itself once.

An installation with a portal of its own sets YINCAI_OIDC_URL and YINCAI_OIDC_CLIENT and never comes here.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping

from yincai.ops.database.cluster import write_private
from yincai.ops.refusals import Refusal
from yincai.ops.running.layout import OIDC_SECRET, Layout
from yincai.ops.running.ports import Ports

REGISTERED = "oidc_client.json"


def register_at_portal(layout: Layout, ports: Ports, *, given: Mapping[str, str]) -> None:
    """Keep a client id and its secret for the address at which people come back; anew when that changes."""
    back = f"{ports.base_url}/account/outside/callback/"
    if "YINCAI_OIDC_URL" in given or registered(layout).get("back") == back:
        return
    address = f"{ports.sandbox_url}/oidc/register"
    facts = json.dumps({"redirect_uris": [back], "client_name": "引才 人才服务平台"}).encode()
    asked = urllib.request.Request(address, data=facts, headers={"Content-Type": "application/json"})  # noqa: S310 - our own sandbox
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 - same
            made = json.load(answer)
    except (OSError, ValueError) as error:
        raise Refusal(f"{address} did not register this platform ({error}).") from None
    write_private(layout.secrets / OIDC_SECRET, made["client_secret"])
    write_private(layout.secrets / REGISTERED, json.dumps({"client": made["client_id"], "back": back}))


def told_of_portal(layout: Layout, *, sandbox_url: str) -> Mapping[str, str]:
    """The variables that name the other portal, where this platform registered at the sandbox's."""
    client = registered(layout).get("client")
    if client is None:
        return {}
    return {"YINCAI_OIDC_URL": f"{sandbox_url}/oidc", "YINCAI_OIDC_CLIENT": client}


def registered(layout: Layout) -> dict[str, str]:
    """What the sandbox's provider gave us; empty before the first start."""
    path = layout.secrets / REGISTERED
    return dict(json.loads(path.read_text("utf8"))) if path.is_file() else {}
