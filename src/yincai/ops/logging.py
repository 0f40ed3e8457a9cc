"""Logs as one JSON object a line, each with the id of the request, and a middleware that gives requests ids.

No personal data: neither values of forms nor addresses are written (a path may hold the code of a card or the
id of a case; its route stands for it), and what looks like an identity or phone number is masked.
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.config import dictConfig
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from procrastinate import JobContext
from procrastinate.worker import Worker

from yincai.ops import metrics

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that this code runs for; empty outside of requests."""

job_id: ContextVar[int | None] = ContextVar("job_id", default=None)
"""The number of the job that this code runs for; None outside of jobs."""

HEADER = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
PERSONAL = re.compile(r"(?<![A-Za-z0-9])\+?\d{11,18}[\dXx]?(?![A-Za-z0-9])")
CHATTY = (
    "httpx",
    "httpcore",
    "urllib3",
    "pyhanko",
    "pyhanko_certvalidator",
    "procrastinate.blueprints",
    "procrastinate.periodic",
)
TELLS_NAMES = ("pyhanko.sign.validation.generic_cms",)
"""Writes whom a certificate names, even as a warning; who asks it tells what matters without names."""
QUIET = frozenset({"/livez", "/readyz", "/metrics"})
access = logging.getLogger("yincai.access")


class JsonFormatter(logging.Formatter):
    """`at`, `level`, `logger`, `message` and, where they apply, `request`, `job`, `jobs` and `trace`.

    `jobs` are the numbers of those that were asked for, so that a request leads to the lines of its jobs.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(message_of(record)),
        }
        if request_id.get():
            line["request"] = request_id.get()
        if job_id.get() is not None:
            line["job"] = job_id.get()
        if asked_for := getattr(record, "jobs", None):  # as procrastinate tells of what it deferred
            line["jobs"] = [one["id"] for one in asked_for]
        line.update(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[1] is not None:
            line["trace"] = masked("".join(traceback.format_exception(record.exc_info[1])))
        return json.dumps(line, ensure_ascii=False, default=str)


class RequestLog:
    """Gives every request an id (a proxy's own is kept), answers with it, and logs and counts the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        given = request.headers.get(HEADER, "")
        number = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(number)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response[HEADER] = number
            self._write(request, response, time.perf_counter() - began)
        finally:
            request_id.reset(token)
        return response

    def _write(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        view = request.resolver_match.view_name if request.resolver_match else ""
        metrics.count_request(
            method=request.method or "", view=view, status=response.status_code, seconds=seconds
        )
        if request.path in QUIET:
            return
        facts = {
            "method": request.method,
            "view": view,
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 1),
        }
        access.info("%s %s", request.method, route_of(request), extra={"facts": facts})


def route_of(request: HttpRequest) -> str:
    """The pattern that the request's path fits, `/verify/<code>/`; `(no page)` where it fits none."""
    match = request.resolver_match
    return f"/{match.route}" if match else "(no page)"


def message_of(record: logging.LogRecord) -> str:
    """The record's message; where Django names the path of a request, its route instead."""
    request = getattr(record, "request", None)
    if not isinstance(request, HttpRequest) or not isinstance(record.args, tuple):
        return record.getMessage()
    paths = {request.path, request.path.encode("unicode_escape").decode("ascii")}
    return str(record.msg) % tuple(route_of(request) if arg in paths else arg for arg in record.args)


def masked(text: str) -> str:
    """The text without anything that looks like an identity or phone number."""
    return PERSONAL.sub("***", text)


async def name_job(call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
    """A procrastinate worker middleware: whatever is logged while a job runs bears its number."""
    token = job_id.set(context.job.id)
    try:
        return await call_next()
    finally:
        job_id.reset(token)


def configure(wanted: Mapping[str, str]) -> None:
    """Django's `LOGGING_CONFIG`: everything to standard error, from `wanted["level"]` on."""
    handlers = ["stderr"]
    dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": JsonFormatter}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": handlers, "level": wanted["level"]},
            "loggers": {
                # Django's own defaults would add handlers of another form and mail to administrators.
                **{name: {"handlers": [], "propagate": True} for name in ("django", "django.server")},
                **{name: {"level": "WARNING"} for name in CHATTY},
                **{name: {"level": "CRITICAL"} for name in TELLS_NAMES},
            },
        }
    )
