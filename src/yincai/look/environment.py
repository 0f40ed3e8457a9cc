"""The one Jinja2 environment of all pages: strict, escaped, with the filters that templates may use."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined

CHINA = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"


def environment(**options: Any) -> Environment:
    """The Jinja2 environment: an undefined name is an error, everything is escaped."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    env = Environment(autoescape=True, **{k: v for k, v in options.items() if k != "autoescape"})
    env.globals.update(static=static, url=_url)
    env.filters.update(long_date=long_date, short_time=short_time, clock_time=clock_time, iso=iso)
    return env


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page knows: who is signed in, today's date in words, what was just done (`notices()`)."""
    from yincai.foundation import clock

    return {
        "user": getattr(request, "user", None),
        "today_text": long_date(clock.today()),
        "notices": lambda: get_messages(request),
        "debug": settings.DEBUG,
    }


def long_date(day: date | datetime) -> str:
    """2026年11月22日 星期日 (Beijing time)."""
    if isinstance(day, datetime):
        day = day.astimezone(CHINA).date()
    return f"{day.year}年{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"


def short_time(at: datetime) -> str:
    """2026-11-22 15:04 (Beijing time)."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def clock_time(at: datetime) -> str:
    """15:04 (Beijing time)."""
    return at.astimezone(CHINA).strftime("%H:%M")


def iso(at: date | datetime) -> str:
    """For `<time datetime>`."""
    return at.isoformat()


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)
