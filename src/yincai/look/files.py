"""Files as answers: a page, the text or the original of a document, one sealed card.  Who may have them, the
caller has decided."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from yincai.cards import queries as cards
from yincai.cards.vocabulary import CardView
from yincai.documents import queries as documents
from yincai.documents.serving import headers
from yincai.foundation.errors import NotFound
from yincai.people import actions as people
from yincai.people.vocabulary import Limit, TooManyAttempts, TooManyForms

PLAIN = "text/plain; charset=utf-8"


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
