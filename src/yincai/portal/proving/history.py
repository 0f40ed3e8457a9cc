"""登录记录: when, how, on which kind of device, and what became of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yincai.people import permissions, queries
from yincai.portal.account_views import beside_menu
from yincai.portal.pages import applicant_page


@applicant_page
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """The newest thirty, and the way to older ones."""
    account = permissions.require_signed_in(request)
    shown, older = queries.sign_ins(account.pk, before=request.GET.get("before", ""))
    return beside_menu(request, "account/sign_ins.html", sign_ins=shown, older=older)
