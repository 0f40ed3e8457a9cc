"""The account pages beside stand-ins for the pages of other rooms."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from yincai.people.permissions import require_signed_in, staff_page


def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse(require_signed_in(request).get_username())


@staff_page()
def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.actor.role)  # type: ignore[attr-defined]  # set by staff_page


@staff_page(roles={"approver"})
def approvals(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.actor.role)  # type: ignore[attr-defined]  # set by staff_page


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page of the desk whose view forgot to ask")


def nobody(request: HttpRequest) -> HttpResponse:
    return HttpResponse("public")


urlpatterns = [
    path("account/", include("yincai.portal.account_urls")),
    path("my/", front),
    path("desk/", desk),
    path("desk/approvals/", approvals),
    path("desk/forgotten/", forgotten),
    path("public/", nobody),
    path("support/", nobody, name="support"),  # what every page leads to
    path("portal/", include("yincai.portal.urls")),  # the addresses of the menu beside account pages
]
