"""What anybody sees: the street, the six answers about a card, the pages of errors."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.cases import PLACE, PROGRAMME
from tests.look.pages.album import Album, Cast
from tests.look.pages.cards import sealed_card
from yincai.cards import queries as cards
from yincai.cards.models import Card
from yincai.cards.vocabulary import CardState
from yincai.ops import outage
from yincai.ops.pages import SENTENCES, error_page


def take_all(album: Album, cast: Cast) -> None:
    """Every page that needs no account."""
    anybody = Client()
    album.take("guide to the interface", Client(), reverse("api:guide"))
    for name in ("home", "help", "verify"):
        album.take(f"{name}, signed out", anybody, reverse(f"public:{name}"))
    album.take("programme", anybody, reverse("public:programme", args=[PLACE, PROGRAMME]))
    album.take("home, officer", cast.browser("window_officer"), reverse("public:home"))
    album.take("home, resident", cast.resident().browser, reverse("public:home"))
    take_answers(album, cast)
    take_errors(album)


def take_answers(album: Album, cast: Cast) -> None:
    """Every answer that the verification page gives, by number and code, by QR code and by file."""
    holder = cast.resident()
    card = sealed_card(cast, holder)
    (held,) = cards.wallet(holder.account.pk)
    asked, anybody = {"number": card.number, "code": held.code}, Client()
    scanned = reverse("public:verify_code", args=[held.code])
    for state in CardState:
        if state is not CardState.ORDERED:
            Card.objects.filter(pk=card.id).update(state=state)
            album.take(f"verified: {state}", anybody, scanned)
    by_hand, by_file = reverse("public:verify"), reverse("public:verify_file")
    album.take("verified by number", anybody, f"{by_hand}?number={asked['number']}&code={asked['code']}")
    album.take("verified: unknown", anybody, f"{by_hand}?number=nobody&code=nothing")
    album.take("verified: half asked", anybody, f"{by_hand}?number=half", status=422)
    pdf = cards.open_pdf(card.id)
    files = {
        "good": (pdf, 200),
        "altered": (pdf.replace(b"%%EOF", b"%%EOF\n% more\n"), 200),
        "none": (b"x", 422),
    }
    for state, (content, status) in files.items():
        upload = SimpleUploadedFile("card.pdf", content, content_type="application/pdf")
        album.take(f"file: {state}", anybody, by_file, {"file": upload}, status=status)
    album.take("file: missing", anybody, by_file, {}, status=422)


def take_errors(album: Album) -> None:
    """Each error page, and the outage in whose page stands what was typed."""
    for status in SENTENCES:
        answer = error_page(status, {"kept": [], "action": "/", "files": False})
        album.keep(f"error {status}", "/nowhere/", answer)
    album.keep("error 403 of a stale form", "/nowhere/", stale_form())
    typed = RequestFactory().post("/my/", {"name": "王小明", "history": "一九七〇年毕业。" * 20})
    album.keep("outage while saving", "/my/", outage.answer(typed, OperationalError()))
    kept = {
        "kept": [("name", "王小明")],
        "action": "/my/",
        "files": True,
        "way": "/account/login/",
        "way_name": "重新登录",
    }
    album.keep("signed out while typing", "/my/", error_page(403, kept, template="kept"))
    missing = Client().get("/nowhere/")
    album.keep("not found", "/nowhere/", missing)


def stale_form() -> HttpResponse:
    """What a form gets whose token is of another session."""
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("account_login"), {"login": "x", "password": "y"})
    assert answer.status_code == 403
    return answer  # type: ignore[return-value]  # the test client's own class of it
