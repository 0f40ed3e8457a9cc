"""Residents of the bench, signed in: an account each, so that nobody meets another's cases."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from bench.browser import Browser
from yincai.ops.wsgi import application
from yincai.people import actions, queries


def sign_in() -> tuple[Browser, Any]:
    """A browser in which a new resident is signed in and has looked at one page, and the resident."""
    name = "b" + uuid4().hex[:15]
    account = actions.register_account(
        username=name, password=None, phone="13800138000", email=f"{name}@example.org"
    )
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    request.session = SessionStore()
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.save()
    browser = Browser(application, csrf_cookie=settings.CSRF_COOKIE_NAME)
    browser.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    browser.get("/my/inbox/")
    browser.clock.seconds = browser.answered = 0
    return browser, queries.applicant_of(account)
