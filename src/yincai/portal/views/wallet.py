"""我的电子卡: every card of the account, whatever became of it; and the papers of a case."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from markupsafe import Markup

from yincai.cards import queries as cards
from yincai.casework import queries as cases
from yincai.casework.permissions import require_assurance_for_card
from yincai.foundation.errors import NotFound
from yincai.look.files import card_file, count_form, form_file
from yincai.people.vocabulary import FORMS_PER_ACCOUNT
from yincai.portal.pages import account_of, actor_of, applicant_page, page
from yincai.programmes import queries as programmes


@applicant_page
@require_safe
def wallet(request: HttpRequest) -> HttpResponse:
    """The cards with state, download, QR code, where they are verified, and where to collect them."""
    held = cards.wallet(account_of(request))
    mine = {one.id: one for one in cases.cases_of(account_of(request))} if held else {}
    places = {name: programmes.place(name) for name in {one.card.place for one in held}}
    return page(
        request,
        "cards.html",
        entry="cards",
        held=[(one, Markup(one.qr), mine.get(one.card.case_id), places[one.card.place]) for one in held],  # noqa: S704 - drawn by ourselves
    )


@applicant_page
@require_safe
def file(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """One of the account's cards as a file; also one that is no longer good, which its verification says."""
    found = cards.card(card_id)
    if found.holder_account_id != account_of(request):
        raise NotFound
    if not found.downloadable:
        raise NotFound("电子卡还没有制作完成。完成后会通知您。")
    require_assurance_for_card(found.case_id)
    return card_file(found)


@applicant_page
@require_safe
def form(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The filled application form, to print and sign."""
    case = cases.case_for(actor_of(request), case_id)
    count_form(account_of(request), FORMS_PER_ACCOUNT)
    return form_file(case_id, case.reference or "")


@applicant_page
@require_safe
def receipt(request: HttpRequest, case_id: UUID, paper_id: UUID) -> HttpResponse:
    """A sealed receipt of the case."""
    cases.case_for(actor_of(request), case_id)
    found = next((one for one in cards.receipts_of_case(case_id) if one.id == paper_id), None)
    if found is None:
        raise NotFound
    if not found.downloadable:
        raise NotFound("受理回执还在盖章，通常只要几秒钟。请稍后再下载。")
    return card_file(found)
