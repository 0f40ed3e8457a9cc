"""Files as answers: a page, the text or the original of a document, one sealed card.  Who may have them, the
caller has decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from yincai.cards import queries as cards
from yincai.cards.vocabulary import CardView
from yincai.documents import queries as documents
from yincai.documents.serving import headers
from yincai.foundation.errors import NotFound
from yincai.people import actions as people
from yincai.people.vocabulary import Limit, TooManyAttempts, TooManyForms

PLAIN = "text/plain; charset=utf-8"
Page = Callable[..., HttpResponse]
Door = Callable[[Page], Page] | Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]


def document_paths(
    where: str, door: Door, look: Callable[..., object], *, stem: str = ""
) -> list[URLPattern]:
    """The three addresses of a document below `where`, which has its id as `document_id`.

    They are `<stem>document`, a page as a picture; `<stem>document-text` and `<stem>document-original`, what
    a Word file says and the file itself.  Each passes through the door, and through `look(request, **ids)`,
    which raises for whom it is not and leaves the look on record where looks are recorded.
    """

    def drawn(answer: Page) -> Callable[..., HttpResponseBase]:
        @require_safe
        def view(request: HttpRequest, *found: Any, document_id: UUID, **more: Any) -> HttpResponse:
            number = {"number": more.pop("number")} if "number" in more else {}
            look(request, *found, document_id=document_id, **more)
            return answer(document_id, **number)

        return door(view)

    return [
        path(f"{where}<int:number>/", drawn(document_page), name=f"{stem}document"),
        path(f"{where}text/", drawn(document_text), name=f"{stem}document-text"),
        path(f"{where}original/", drawn(document_original), name=f"{stem}document-original"),
    ]


def document_page(document_id: UUID, number: int) -> HttpResponse:
    """One page of a document as a picture, with the headers that keep it harmless and out of caches."""
    data, content_type = documents.open_page(document_id, number)
    return HttpResponse(data, headers=headers(document_id, content_type=content_type, page=number))


def document_text(document_id: UUID) -> HttpResponse:
    """The text of a Word file as plain text, which no browser takes for a page; `NotFound` for the others."""
    if documents.document(document_id).kind not in (None, "word"):
        raise NotFound
    return HttpResponse(documents.open_text(document_id), headers=headers(document_id, content_type=PLAIN))


def document_original(document_id: UUID) -> HttpResponse:
    """A Word file as it was uploaded, to be kept, never to be shown; `NotFound` for the others."""
    data, content_type = documents.open_original(document_id)
    return HttpResponse(data, headers=headers(document_id, content_type=content_type, download=True))


def count_form(account_id: UUID, limit: Limit) -> None:
    """Count a form that is about to be typeset for somebody; `TooManyForms` at their limit."""
    try:
        people.count_attempt(limit, subject=str(account_id))
    except TooManyAttempts as error:
        raise TooManyForms(error.retry_after) from error


def form_file(case_id: UUID, reference: str) -> HttpResponse:
    """The filled application form, to print; named after the number of the case.  `count_form` came first."""
    return HttpResponse(
        cards.form_pdf(case_id),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{reference}-form.pdf"',
            "Cache-Control": "no-store",
        },
    )


def card_file(card: CardView) -> HttpResponse:
    """The sealed card, byte for byte, under its number as a name."""
    return HttpResponse(
        cards.open_pdf(card.id),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{card.number}.pdf"',
            "Cache-Control": "no-store",
        },
    )
