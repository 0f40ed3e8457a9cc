"""What goes along with a question: 所在页面、申请编号、浏览器、故障编号.  Shown first."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.http import HttpRequest

from yincai.casework import queries as cases
from yincai.directory.vocabulary import Part
from yincai.foundation.errors import YincaiError
from yincai.look.whereabouts import browser_kind, case_in, page_address
from yincai.portal.support.pages import asker_of

NUMBER = re.compile(r"[A-Za-z0-9-]{8,64}")


def page_asked(request: HttpRequest) -> str:
    """The path of the page from which somebody came, as the form carries it or the browser says."""
    given = request.POST.get("page") or request.GET.get("page")
    if given is not None:
        return given
    before = urlsplit(request.headers.get("Referer", ""))
    return before.path if before.netloc == request.get_host() else ""


def context_of(request: HttpRequest) -> dict[Part, str]:
    """What may be sent along from here; parts that are not known are left out."""
    path = page_asked(request)
    number = request.POST.get("log") or request.GET.get("log") or ""
    found = {
        Part.PAGE: page_address(path),
        Part.CASE: _reference(request, path),
        Part.BROWSER: browser_kind(request.headers.get("User-Agent", "")),
        Part.NUMBER: number if NUMBER.fullmatch(number) else "",
    }
    return {part: said for part, said in found.items() if said}


def _reference(request: HttpRequest, path: str) -> str:
    """The number of the case whose page it was, for its own applicant; a draft has none."""
    case_id = case_in(path)
    if case_id is None:
        return ""
    try:
        case = cases.case_for(asker_of(request), case_id)
    except YincaiError:
        return ""
    return str(case.reference or "草稿")
