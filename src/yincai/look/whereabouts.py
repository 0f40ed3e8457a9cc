"""Where a page is, said so that it can be passed on: without what only its reader may know."""

from __future__ import annotations

import re
from uuid import UUID

from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.http import urlencode

SAID = frozenset({"place", "name", "owner", "sort", "shelf", "slug"})
"""Parts of an address that name something public; any other text in an address may be a key or a code."""
HIDDEN = "…"
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_BROWSERS = (
    ("微信", r"MicroMessenger/(\d+)"),
    ("Edge", r"Edg(?:e|A|iOS)?/(\d+)"),
    ("QQ 浏览器", r"QQBrowser/(\d+)"),
    ("UC 浏览器", r"UCBrowser/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+)[\d.]* .*Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", r"HarmonyOS"),
    ("Windows", r"Windows NT"),
    ("Android", r"Android"),
    ("iOS", r"iPhone|iPad"),
    ("macOS", r"Mac OS X"),
    ("Linux", r"Linux"),
)


def page_address(path: str) -> str:
    """The address of a page of ours without keys, codes and query: `/verify/…/`; empty for no page."""
    try:
        return _said(resolve(path.partition("?")[0]))
    except (Resolver404, ValueError):
        return ""


def case_in(path: str) -> UUID | None:
    """The case whose page this is."""
    try:
        found = resolve(path.partition("?")[0]).kwargs.get("case_id")
    except (Resolver404, ValueError):
        return None
    return found if isinstance(found, UUID) else None


def browser_kind(agent: str) -> str:
    """What somebody looks with, in words: `Chrome 120，Windows`; empty for what we do not know."""
    browser = next(
        (f"{name} {found[1]}" for name, pattern in _BROWSERS if (found := re.search(pattern, agent))), ""
    )
    system = next((name for name, pattern in _SYSTEMS if re.search(pattern, agent)), "")
    return "，".join(filter(None, (browser, system)))


def help_address(request: HttpRequest, place: str) -> str:
    """Where 「遇到问题」 leads from this page: the form for a question, with the page's address."""
    match = request.resolver_match
    asked = {"place": place, "page": _said(match) if match else ""}
    return f"{reverse('support')}?{urlencode({name: said for name, said in asked.items() if said})}"


def _said(match: ResolverMatch) -> str:
    route: str = match.route.partition("(?P")[0].replace("^", "").replace("$", "")
    return "/" + _PART.sub(lambda part: _part(part[1], match.kwargs.get(part[1])), route)


def _part(name: str, value: object) -> str:
    return str(value) if isinstance(value, UUID | int) or name in SAID else HIDDEN
