"""A tiny caller of a WSGI application in this process: no network, and the CPU of the application only."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from bench.sample import Clock

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
TOKEN = "benchbenchbenchbenchbenchbench12"  # noqa: S105 - cookie and form carry it alike, as a browser's would
HOST = "127.0.0.1:8000"


class UnexpectedAnswer(Exception):  # noqa: N818 - what came
    """The application did not do what is measured."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def location(self) -> str:
        """Where a redirect leads, without the fragment."""
        parts = urlsplit(self.headers["location"])
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


class Browser:
    """Keeps cookies; encodes requests before the clock runs and reads headers after it stops."""

    def __init__(self, application: Application, *, csrf_cookie: str) -> None:
        self.application = application
        self.cookies = {csrf_cookie: TOKEN}
        self.clock = Clock()
        self.answered = 0

    def get(self, address: str) -> Answer:
        """Fetch a page; anything but 200 is an `UnexpectedAnswer`."""
        return self._call(self._request("GET", address), wanted=200)

    def post(self, address: str, fields: Mapping[str, Sequence[str]], *, wanted: int = 302) -> Answer:
        """Send a form as browsers do without files."""
        body = urlencode({**fields, "csrfmiddlewaretoken": [TOKEN]}, doseq=True).encode()
        request = self._request("POST", address, body, "application/x-www-form-urlencoded")
        return self._call(request, wanted=wanted)

    def upload(
        self,
        address: str,
        fields: Mapping[str, Sequence[str]],
        files: Mapping[str, SimpleUploadedFile],
        *,
        wanted: int = 302,
    ) -> Answer:
        """Send a form with files."""
        body = encode_multipart(BOUNDARY, {**fields, "csrfmiddlewaretoken": TOKEN, **files})
        return self._call(self._request("POST", address, body, MULTIPART_CONTENT), wanted=wanted)

    def follow(self, answer: Answer) -> Answer:
        """Fetch the page that a redirect leads to."""
        return self.get(answer.location)

    def _request(self, method: str, address: str, body: bytes = b"", kind: str = "") -> dict[str, Any]:
        path, _, query = address.partition("?")
        return {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": HOST,
            "HTTP_USER_AGENT": "bench",
            "HTTP_ACCEPT": "text/html",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }

    def _call(self, request: dict[str, Any], *, wanted: int) -> Answer:
        head: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], *error: Any) -> None:
            head[:] = [status, headers]

        def work() -> bytes:
            answer = self.application(request, start_response)
            try:
                return b"".join(answer)
            finally:
                close = getattr(answer, "close", None)
                if close:
                    close()

        body = self.clock(work)
        self.answered += len(body)
        status, headers = int(head[0].split()[0]), head[1]
        self._keep_cookies(headers)
        if status != wanted:
            where = f"{request['REQUEST_METHOD']} {request['PATH_INFO']}"
            raise UnexpectedAnswer(f"{where} answered {status}, not {wanted}: {body.decode()[:3000]}")
        return Answer(status, {name.lower(): value for name, value in headers}, body)

    def _keep_cookies(self, headers: Sequence[tuple[str, str]]) -> None:
        for name, value in headers:
            if name.lower() == "set-cookie":
                for cookie in SimpleCookie(value).values():
                    if cookie.value != TOKEN:
                        self.cookies[cookie.key] = cookie.value
