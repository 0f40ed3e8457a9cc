"""请配偶自己上传: whom the applicant invites for what, how far it is, taking it back."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yincai.casework import actions
from yincai.casework import queries as cases
from yincai.casework.vocabulary import Verb
from yincai.foundation import clock
from yincai.foundation.errors import Invalid
from yincai.people.vocabulary import LimitReached
from yincai.portal.pages import actor_of, applicant_page, entry_of, key_of, new_key, page


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form and the list; a POST invites and shows the link, this one time."""
    actor, problems, link = actor_of(request), {}, ""
    dossier = cases.open_case(actor, case_id, Verb.EDIT)
    if request.method == "POST":
        try:
            _, token = actions.invite_spouse(
                case_id,
                actor=actor,
                name=request.POST.get("name", ""),
                phone=request.POST.get("phone", ""),
                slots=request.POST.getlist("slots"),
                key=key_of(request),
            )
            link = f"{settings.BASE_URL}{reverse('invited', args=[token])}"
        except Invalid as error:
            problems = {one.path: one.message for one in error.problems} or {"": error.sentence}
        except LimitReached:
            problems = {"": "您今天发出的邀请已经很多，这一个没有发出。请明天再发。"}
    slots = cases.concerning_spouse(dossier)
    return page(
        request,
        "invitations.html",
        entry=entry_of(dossier.case),
        status=422 if problems else 200,
        case=dossier.case,
        slots=slots,
        titles={one.name: one.title for one in dossier.slots},
        invitations=cases.invitations_of(case_id),
        now=clock.now(),
        link=link,
        problems=[(f"#f-{path}" if path else "#main", words) for path, words in problems.items()],
        wrong=problems,
        typed={name: request.POST.get(name, "") for name in ("name", "phone")} if problems else {},
        chosen=request.POST.getlist("slots"),
        key=new_key(),
    )


@applicant_page
@require_POST
def revoke(request: HttpRequest, case_id: UUID, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back; the link leads nowhere from now on."""
    actions.revoke_invitation(case_id, invitation_id, actor=actor_of(request))
    messages.success(request, "邀请已撤回，链接马上失效。已经上传的材料还在。")
    return redirect("portal:invitations", case_id)
