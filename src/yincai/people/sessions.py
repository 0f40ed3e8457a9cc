"""Sessions end after 30 idle minutes, and after 8 hours (staff) or 12 (residents) whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from yincai.foundation import clock
from yincai.foundation.errors import NotFound
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.people.models import Account
from yincai.people.vocabulary import APPLICANT_LONGEST, IDLE, STAFF_LONGEST, Event

SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
NOTE_EVERY = timedelta(seconds=30)
"""How exact `SEEN_AT` is: a session row is not written for every click."""


class SessionLimits:
    """Ends what is too old, then lets the request go on as nobody: its view sends it to sign in and back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.session_ended = ""  # type: ignore[attr-defined]  # read by forms that must not lose what was typed
        if isinstance(request.user, Account):
            self._check(request, request.user)
        return self.get_response(request)

    def _check(self, request: HttpRequest, account: Account) -> None:
        now = clock.now()
        signed_in, seen = _moment(request, SIGNED_IN_AT), _moment(request, SEEN_AT)
        if signed_in is None or seen is None:
            request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now.isoformat()
            return
        if now - seen >= IDLE:
            _end(request, "idle", f"您已超过 {IDLE // timedelta(minutes=1)} 分钟没有操作")
        elif now - signed_in >= STAFF_LONGEST and now - signed_in >= (longest := _longest(account)):
            _end(request, "longest", f"您本次登录已满 {longest // timedelta(hours=1)} 小时")
        elif now - seen >= NOTE_EVERY:
            request.session[SEEN_AT] = now.isoformat()


def _longest(account: Account) -> timedelta:
    return STAFF_LONGEST if account.is_staff_member else APPLICANT_LONGEST


def renew_session(request: HttpRequest) -> None:
    """Give the session a new name, as after every proof; its line in the list of devices goes with it."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def end_session(named: int, *, actor: Actor) -> None:
    """End one session of the actor's own, on record; one that ended meanwhile is as good as ended.

    `NotFound` for a session of somebody else.
    """
    with transaction.atomic():
        found = UserSession.objects.select_for_update().filter(pk=named).first()
        if found is None:
            return
        if found.user_id != actor.id:
            raise NotFound
        found.end()
        record(chain=found.user_id, event=Event.SESSION_ENDED, actor=actor, payload={"sessions": 1})


def end_other_sessions(request: HttpRequest, *, actor: Actor) -> None:
    """End every session of the actor's own but the one that asks, on record."""
    with transaction.atomic():
        others = UserSession.objects.select_for_update().filter(user_id=actor.id)
        ended = [one for one in others if one.session_key != request.session.session_key]
        for one in ended:
            one.end()
        if ended and actor.id:
            payload = {"sessions": len(ended)}
            record(chain=actor.id, event=Event.SESSION_ENDED, actor=actor, payload=payload)


def forget_ended_sessions() -> None:
    """Delete the sessions that are over, and the notes of address and browser that belonged to them."""
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def _end(request: HttpRequest, why: str, happened: str) -> None:
    logout(request)
    request.session_ended = why  # type: ignore[attr-defined]  # see above
    messages.info(request, f"{happened}，为保护您的信息，系统已自动退出。请重新登录，随后会回到刚才的页面。")


def _moment(request: HttpRequest, name: str) -> datetime | None:
    text = request.session.get(name)
    return datetime.fromisoformat(text) if isinstance(text, str) else None
