"""The pages where somebody proves who they are, with a real sandbox outside."""

from __future__ import annotations

import re
import tempfile
from datetime import timedelta
from pathlib import Path

from django.test import Client, override_settings
from django.urls import reverse

from tests import personas
from tests.look.pages.accounts import with_password
from tests.look.pages.album import Album, Cast
from tests.registries.conftest import HOLDER
from tests.registries.signing import issue, sign
from tests.sandbox.running import RunningSandbox, running_sandbox
from yincai.foundation import clock
from yincai.people import actions as people
from yincai.people.models import SignIn
from yincai.people.queries import account_named, applicant_of
from yincai.people.vocabulary import Method

NAME, KIND, NUMBER, PHONE = HOLDER


def take_all(album: Album, cast: Cast) -> None:
    """Every page of proving oneself, signed out and signed in, and what can go wrong."""
    folder = Path(tempfile.mkdtemp())
    with running_sandbox(folder / "sandbox") as sandbox:
        (folder / "roots").mkdir()
        (folder / "roots" / "root.pem").write_bytes(sandbox.client.get("/ca/root.pem").content)
        face = f"{sandbox.url}/face"
        with override_settings(FACE_URL=face, FACE_ISSUER=face, PEOPLE_ROOTS=folder / "roots"):
            take_document(album)
            take_face(album, sandbox)
            take_certificate(album, sandbox, folder)
            take_standing(album, sandbox)


def take_document(album: Album) -> None:
    """A forgotten password by document: empty and wrong."""
    page = reverse("account_reset_by_document")
    album.take("forgotten, document", Client(), page)
    album.take("forgotten, document, wrong", Client(), page, {"kind": "111", "number": "1"}, status=422)


def take_face(album: Album, sandbox: RunningSandbox) -> None:
    """A face check in each of its states."""
    anybody, start = Client(), reverse("account_face")
    album.take("face check", anybody, start)
    waiting = album.take("face check, waiting", anybody, start, {})
    page = waiting.request["PATH_INFO"]  # type: ignore[attr-defined]  # the test client's
    sandbox.fault("face", "off")
    album.take("face check, authority away", anybody, page)
    album.take("face check, not begun", anybody, start, {}, status=422)
    sandbox.fault("face", "working")
    act(sandbox, waiting.content.decode(), "scan", "approve")
    album.take("face check, approved", anybody, page)
    album.take("face check, nobody has it", anybody, f"{page}finish/", {}, status=422)
    refused = album.take("face check, waiting again", anybody, start, {})
    act(sandbox, refused.content.decode(), "scan", "refuse")
    album.take("face check, refused", anybody, refused.request["PATH_INFO"])  # type: ignore[attr-defined]  # same


def take_certificate(album: Album, sandbox: RunningSandbox, folder: Path) -> None:
    """A challenge, a signature that is none, and the password that links the first."""
    anybody, start = Client(), reverse("account_certificate")
    album.take("certificate", anybody, start)
    begun = album.take("certificate, challenge", anybody, start, {})
    page = begun.request["PATH_INFO"]  # type: ignore[attr-defined]  # the test client's
    album.take("certificate, wrong", anybody, page, {"pasted": "x"}, status=422)
    account = with_password("certified")
    people.give_identity(account, actor=applicant_of(account), name=NAME, kind=KIND, number=NUMBER)
    issue(sandbox, folder)
    signature = sign(anybody.get(f"{page}challenge.txt").content.decode(), folder).decode()
    album.take("link", anybody, page, {"pasted": signature})
    album.take("link, wrong", anybody, reverse("account_link"), {"password": "no"}, status=422)


def take_standing(album: Album, sandbox: RunningSandbox) -> None:
    """How surely somebody is known, and when they signed in: nothing yet, and much."""
    unknown = personas.sign_in(with_password("unidentified"), second_factor=False)
    album.take("identity, none", unknown, reverse("account_identity"))
    album.take("history, empty", unknown, reverse("account_history"))
    account = account_named("certified")
    assert account is not None
    browser = personas.sign_in(account, second_factor=False)
    album.take("identity, registered", browser, reverse("account_identity"))
    phone = reverse("account_phone")
    album.take("phone, to be proven", browser, phone)
    album.take("phone, code sent", browser, phone, {"act": "send"})
    album.take("phone, wrong code", browser, phone, {"code": "x"}, status=422)
    album.take("face check, of the owner", browser, reverse("account_face"))
    album.take("certificate, of the owner", browser, reverse("account_certificate"))
    people.link_proof(account.pk, method=Method.FACE)
    album.take("identity, proven", browser, reverse("account_consent"), {"act": "give"})
    now = clock.now()
    for n, outcome in enumerate(["signed_in", "wrong", "too_many", "refused"] * 9):
        SignIn.objects.create(
            account=account,
            at=now - timedelta(minutes=n),
            method=list(Method)[n % 6],
            outcome=outcome,
            device="手机 · 安卓 · 微信",
            known=n % 2 == 0,
        )
    album.take("history, long", browser, reverse("account_history"))


def act(sandbox: RunningSandbox, page: str, *acts: str) -> None:
    """What the phone does with the picture of a page."""
    scan = re.search(r'href="(http://[^"]+/face/scan/[^"]+)"', page)
    assert scan is not None
    for one in acts:
        sandbox.client.post(f"{scan[1]}/{PHONE}", data={"act": one})
