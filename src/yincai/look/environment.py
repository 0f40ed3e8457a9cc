"""The one Jinja2 environment of all pages: strict, escaped, with the filters that templates may use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from jinja2 import Environment, StrictUndefined

from yincai.casework.queries import COUNTER_ROLE
from yincai.directory.vocabulary import AUDITOR, EDITOR, REVIEWER, SUPERVISOR, SUPPORT
from yincai.documents.vocabulary import KINDS, UPLOAD_LIMIT, name_formats
from yincai.foundation import clock
from yincai.foundation.days import day_in_words, last_day_in_words, moment_in_words
from yincai.foundation.masking import mask_phone
from yincai.look.flow import due_in_words, main_course
from yincai.look.form_state import labelled
from yincai.look.visited import surroundings
from yincai.look.whereabouts import help_address
from yincai.privacy.vocabulary import OFFICER

WEEKDAYS = "一二三四五六日"
ELDER_COOKIE = "elder"


def environment(**options: Any) -> Environment:
    """The Jinja2 environment: an undefined name is an error, everything is escaped."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    env = Environment(autoescape=True, **{k: v for k, v in options.items() if k != "autoescape"})
    env.globals.update(static=static, url=_url, uploads=upload_limits)
    env.filters.update(long_date=long_date, clock_time=clock_time, iso=iso)
    env.filters.update(day=written_day, short_time=moment_in_words, last_day=last_day_in_words)
    env.filters["mask_phone"] = mask_phone
    env.filters.update(main_course=main_course, due=due_in_words)
    env.globals["labelled"] = labelled
    env.globals["formats"] = formats
    return env


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page knows: who is here, the date in words, what was just done (`notices()`), the mode."""
    around = surroundings(request)
    return {
        "user": getattr(request, "user", None),
        "today": clock.today(),
        "today_text": long_date(clock.today()),
        "notices": lambda: get_messages(request),
        "elder": request.COOKIES.get(ELDER_COOKIE) == "1",
        "here": here(request),
        "debug": settings.DEBUG,
        "amends": _holds(request, OFFICER),
        "audits": _holds(request, "auditor"),
        "administers": _holds(request, "administrator"),
        "edits": _holds(request, EDITOR),
        "reviews": _holds(request, REVIEWER),
        "helps": _holds(request, SUPPORT),
        "enters": _holds(request, COUNTER_ROLE),
        "watches_complaints": _holds(request, SUPERVISOR) or _holds(request, AUDITOR),
        "around": around,
        "help_address": help_address(request, around.place.name if around.place else ""),
    }


def _holds(request: HttpRequest, role: str) -> bool:
    """Whether the way to a role's pages is shown: what the staff door read for this request says it."""
    held = getattr(request, "held_appointments", None) or ()
    return any(one.role == role for one in held)


def upload_limits() -> dict[str, int]:
    """What a form may send: bytes of a file, bytes of a request, files of a request."""
    return {
        "file": UPLOAD_LIMIT,
        "request": settings.REQUEST_BYTES,
        "files": settings.UPLOADS_AT_ONCE,
    }


def formats(accept: Iterable[str]) -> str:
    """What may be uploaded for a declared material, in words: "JPG、PNG、WebP 或 HEIC 图片、PDF"."""
    named = {str(one) for one in accept}
    return name_formats(frozenset(kind for kind in KINDS if kind in named))


def here(request: HttpRequest) -> str:
    """The address that shows this page again: its own, or that of the page which sent the form."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    before = urlsplit(request.headers.get("Referer", ""))
    return urlunsplit(("", "", before.path, before.query, "")) if before.netloc == request.get_host() else "/"


def long_date(day: date | datetime) -> str:
    """2026年11月22日 星期日 (Beijing time)."""
    if isinstance(day, datetime):
        day = clock.day_of(day)
    return f"{day_in_words(day)} 星期{WEEKDAYS[day.weekday()]}"


def written_day(day: date | datetime | str) -> str:
    """2026年11月22日; also of the ISO text in which a record keeps a day."""
    return day_in_words(date.fromisoformat(day) if isinstance(day, str) else day)


def clock_time(at: datetime) -> str:
    """15:04 (Beijing time)."""
    return f"{clock.local(at):%H:%M}"


def iso(at: date | datetime) -> str:
    """For `<time datetime>`."""
    return at.isoformat()


def _url(name: str, *args: Any) -> str:
    """The address of a page. One that is made of ids alone is made by its pattern: resolving it anew for
    every case costs a page more than its words do."""
    where = (settings.ROOT_URLCONF, get_script_prefix(), name)
    if args and all(type(one) is UUID for one in args):
        return _of_ids(*where, len(args)) % tuple(map(str, args))
    return _address(*where, args)


@lru_cache(maxsize=512)
def _of_ids(urlconf: str, prefix: str, name: str, count: int) -> str:
    """The address with `%s` where the ids stand."""
    marks = [UUID(int=number) for number in range(1, count + 1)]
    address = _address(urlconf, prefix, name, tuple(marks)).replace("%", "%%")
    for mark in marks:
        address = address.replace(str(mark), "%s")
    return address


@lru_cache(maxsize=4096)
def _address(urlconf: str, prefix: str, name: str, args: tuple[Any, ...]) -> str:
    """One address; a page has thirty and nearly all of them again and again."""
    return reverse(name, args=args)
