"""The papers and cards of a case for officers: print the form, fetch a receipt, end or renew a card."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from yincai.cards import queries as cards
from yincai.cards import reissuing as card_actions
from yincai.cards.vocabulary import CardState, CardView
from yincai.casework import queries as cases
from yincai.desk.pages import page, staff_of
from yincai.foundation.errors import Invalid, NotFound
from yincai.look.files import card_file, count_form, form_file
from yincai.people.permissions import require_signed_in, staff_page
from yincai.people.vocabulary import FORMS_PER_OFFICER

DONE = {
    "cancel": "电子卡 {number} 已注销，核验时会显示“已注销”。",
    "reissue": "新卡 {number} 已开始制作，制好后原来的卡显示“已换发”。",
    "withdraw": "电子卡 {number} 不再制作。这件申请的其他卡不受影响。",
    "renew": "新卡 {number} 已开始制作。原来的卡仍是“已注销”。",
}
TAKE = {"cancel": card_actions.cancel_for_case, "reissue": card_actions.reissue_for_case}


@staff_page()
@require_safe
def form(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The filled application form; the look is recorded, unless it is refused."""
    count_form(require_signed_in(request).pk, FORMS_PER_OFFICER)
    case = cases.look_at_case(staff_of(request), case_id, what="form").case
    return form_file(case_id, case.reference or "")


@staff_page()
@require_safe
def receipt(request: HttpRequest, case_id: UUID, paper_id: UUID) -> HttpResponse:
    """A sealed receipt of the case; the look is recorded."""
    cases.look_at_case(staff_of(request), case_id, what="receipt")
    found = next((one for one in cards.receipts_of_case(case_id) if one.id == paper_id), None)
    if found is None or not found.downloadable:
        raise NotFound
    return card_file(found)


@staff_page()
@require_safe
def cards_page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Every card of the case, and what may be done to the one that counts."""
    return _draw(request, case_id)


@staff_page()
@require_POST
def end_card(request: HttpRequest, case_id: UUID, card_id: UUID, what: str) -> HttpResponse:
    """Cancel a card, or issue another in its place, for a reason that its holder reads."""
    actor, reason = staff_of(request), request.POST.get("reason", "")
    if what not in TAKE or card_id not in {one.id for one in cards.cards_of_case(case_id)}:
        raise NotFound
    try:
        before = cards.card(card_id)
        card = TAKE[what](card_id, actor=actor, reason=reason)
    except Invalid as error:
        sentences = [one.message for one in error.problems] or [error.sentence]
        return _draw(request, case_id, problems=(f"{what}-{card_id}", sentences), typed=reason, status=422)
    messages.success(request, _done(what, before, card))
    return redirect("desk:cards", case_id)


def _done(what: str, before: CardView, card: CardView) -> str:
    """What was done, as the officer reads it: `card` is the new one, or the one that was ended."""
    if what == "reissue":
        done = "renew" if before.state == CardState.CANCELLED else "reissue"
    else:
        done = "withdraw" if card.is_withdrawn else "cancel"
    return DONE[done].format(number=card.number)


def _draw(
    request: HttpRequest,
    case_id: UUID,
    *,
    problems: tuple[str, list[str]] = ("", []),
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = staff_of(request)
    case = cases.look_at_case(actor, case_id, what="card").case
    return page(
        request,
        "cards.html",
        status=status,
        case=case,
        cards=cards.cards_of_case(case_id)[::-1],
        may_end=bool(card_actions.keeps_cards(actor, case_id)),
        renewable=card_actions.renewable_card(case_id),
        wrong=problems[0],
        problems=problems[1],
        typed=typed,
    )
