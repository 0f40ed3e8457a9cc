"""The bare side: a page of the form and a section save."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.sessions.backends.db import SessionStore
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest

from bench import resident
from bench.baselines.models import Application, SectionState
from bench.baselines.section import SECTIONS
from bench.browser import Browser
from bench.sample import Sample
from bench.web import meter, take

ANSWERS = {
    **resident.PERSON,
    "document_type": "111",
    "document_number": resident.identity_numbers(),
    "origin": "中国 河北",
}


def form_page(count: int) -> Sample:
    """GET of the first section of an application in which every section was saved."""
    browser, address, _ = _draft()
    with meter() as database:
        for _ in range(count):
            browser.get(address)
    return take(browser, database).each(count)


def section_save(count: int) -> Sample:
    """POST of the first section, each time with one answer changed; ends with the redirect."""
    browser, address, state = _draft()
    with meter() as database:
        for _ in range(count):
            state["revision"] += 1
            posted = {name: [value] for name, value in ANSWERS.items()}
            posted |= {"_revision": [str(state["revision"])], "honour": [f"优秀专家 {state['revision']}"]}
            browser.post(address, posted)
    return take(browser, database).each(count)


@lru_cache(maxsize=1)
def _draft() -> tuple[Browser, str, dict[str, Any]]:
    user = get_user_model().objects.create_user("bench")
    application = Application.objects.create(owner=user)
    for name in SECTIONS:
        data = ANSWERS if name == "person" else {"text": resident.HISTORY[:200]}
        SectionState.objects.create(application=application, section=name, revision=1, data=data)
    browser = Browser(get_wsgi_application(), csrf_cookie=settings.CSRF_COOKIE_NAME)
    browser.cookies[settings.SESSION_COOKIE_NAME] = _session_of(user)
    return browser, f"/applications/{application.id}/form/person/", {"revision": 0}


def _session_of(user: Any) -> str:
    request = HttpRequest()
    request.session = SessionStore()
    login(request, user)
    request.session.save()
    return str(request.session.session_key)
