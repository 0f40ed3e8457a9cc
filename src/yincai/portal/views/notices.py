"""通知设置: by which ways, beside the inbox, somebody wants to be told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from yincai.foundation.masking import mask_email, mask_phone
from yincai.messages import actions
from yincai.messages import queries as told
from yincai.messages.vocabulary import CHOSEN
from yincai.people import queries as people
from yincai.portal.pages import account_of, actor_of, applicant_page, page


@applicant_page
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """The ways, each with where it leads to (masked) and whether it is on."""
    account = account_of(request)
    if request.method == "POST":
        wanted = [channel for channel in CHOSEN if request.POST.get(channel.value) == "on"]
        actions.choose_channels(account, actor=actor_of(request), wanted=wanted)
        messages.success(request, "通知设置已保存。")
        return redirect("portal:notices")
    proven = people.proven_email_of(account)
    return page(
        request,
        "notices.html",
        entry="inbox",
        channels=told.channels_of(account),
        phone=mask_phone(people.phone_of(account) or ""),
        email=mask_email(proven or people.email_of(account) or ""),
        proven=proven is not None,
    )
