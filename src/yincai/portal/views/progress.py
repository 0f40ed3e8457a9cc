"""Where a case stands: the step, who holds it, until when, what came before; the card at the end."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yincai.cards import queries as cards
from yincai.casework import queries as cases
from yincai.casework.permissions import require_assurance_for_card
from yincai.engine.workflow import APPLICANT
from yincai.foundation import clock
from yincai.foundation.days import moment_or_none
from yincai.foundation.errors import NotFound
from yincai.foundation.paging import key_from, key_text
from yincai.ledger import queries as ledger
from yincai.look.answers import answer_sections, maskable
from yincai.look.difference import shown
from yincai.look.files import card_file
from yincai.look.flow import course_ahead, limit_in_words
from yincai.look.posted import whole_number
from yincai.messages import actions as message_actions
from yincai.messages import queries as messages
from yincai.portal.card_words import hint_of
from yincai.portal.pages import account_of, actor_of, applicant_page, entry_of, page
from yincai.portal.views.material import lines
from yincai.portal.visits import visits_of
from yincai.portal.window import window_now
from yincai.programmes import queries as programmes


@applicant_page
@require_safe
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case with its timeline, its answers and who looked at it."""
    actor = actor_of(request)
    found = cases.case_for(actor, case_id)
    if found.is_draft:
        return redirect("portal:form", case_id, found.spec.sections[0].name)
    rounds = cases.rounds(actor, case_id)
    chosen = whole_number(request.GET.get("round", "")) or found.round_number
    dossier = cases.look_at_case(actor, case_id, round_number=chosen)
    change = cases.difference(actor, case_id, round_number=chosen)
    place = programmes.place(found.place)
    holder = found.current_state.holder
    held = cards.card_that_counts(case_id)
    return page(
        request,
        "case.html",
        entry=entry_of(found),
        case=found,
        holder="您" if holder == APPLICANT else _role_title(place.roles, holder),
        steps=cases.steps(actor, case_id),
        answers=answer_sections(found.spec, dossier.submitted_facts),
        lines=lines(dossier),
        visits=visits_of(
            ledger.history(case_id),
            place=place,
            documents=titles_of(dossier),
            answers=maskable(found.spec),
        ),
        ahead=course_ahead(found.spec.workflow, found.state, dossier.submitted_facts),
        limit=limit_in_words(found.current_state.limit),
        extended=cases.is_extended(found),
        rounds=rounds,
        chosen=chosen,
        changes=shown(change.fields, change.slots) if change else None,
        corrections=cases.corrections(actor, case_id),
        card=held,
        hint=hint_of(found, held),
        receipts=cards.receipts_of_case(case_id),
        window=window_now(found, dossier.submitted_facts),
        substitutes=cards.substitutes_of(case_id),
        roles={one.name: one.title for one in place.roles},
    )


@applicant_page
@require_safe
def card(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The sealed card as a file."""
    cases.case_for(actor_of(request), case_id)
    found = cards.card_that_counts(case_id)
    if found is None or not found.downloadable:
        raise NotFound("电子卡还没有制作完成。完成后会通知您。")
    require_assurance_for_card(case_id)
    return card_file(found)


@applicant_page
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Messages, newest first."""
    account = account_of(request)
    found = messages.inbox(account, after=key_from(request.GET.get("after", "")), size=messages.PAGE + 1)
    shown, more = found[: messages.PAGE], len(found) > messages.PAGE
    after = key_text((shown[-1].created_at, shown[-1].id)) if more else ""
    here = request.GET.get("after", "")
    return page(
        request, "inbox.html", entry="inbox", inbox=shown, after=after, at_page=here, until=clock.now()
    )


@applicant_page
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every message as read."""
    until = moment_or_none(request.POST.get("until", "")) or clock.now()
    number = message_actions.mark_all_read(account_of(request), until=until)
    notices.success(request, f"{number} 条未读消息已标为已读。" if number else "没有未读的消息。")
    return redirect("portal:inbox")


@applicant_page
@require_POST
def read(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Mark a message as read."""
    message_actions.mark_read(message_id, account_id=account_of(request))
    notices.success(request, "这条消息已标为已读。")
    here = key_text(key_from(request.POST.get("after", "")))
    return redirect(f"{reverse('portal:inbox')}{'?' + urlencode({'after': here}) if here else ''}")


def titles_of(dossier: cases.Dossier) -> dict[UUID, str]:
    """What the slot of each document of a case is called."""
    titles = {one.name: one.title for one in dossier.slots}
    return {one.document_id: titles.get(one.slot, "材料") for one in dossier.materials}


def _role_title(roles: tuple[object, ...], name: str) -> str:
    return next((getattr(one, "title", "") for one in roles if getattr(one, "name", "") == name), "系统")
