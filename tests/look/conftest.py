"""The style page over real HTTP, without a database, and a browser to look at it."""

from __future__ import annotations

from collections.abc import Iterator
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from lxml import html

CHROMIUM = "/usr/bin/chromium"


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: pytest prints what matters."""


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a server of this process; pages that ask the database fail there."""
    with make_server("127.0.0.1", 0, WSGIHandler(), server_class=_Server, handler_class=_Quiet) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def style_page() -> html.HtmlElement:
    """The style page, parsed."""
    response = Client().get("/style/")
    assert response.status_code == 200
    return html.document_fromstring(response.content.decode())
