"""信息保存期限: each kind of what is kept, how long, and by what law."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yincai.portal.account_views import beside_menu
from yincai.portal.pages import applicant_page
from yincai.privacy import queries


@applicant_page
@require_GET
def periods(request: HttpRequest) -> HttpResponse:
    """What is declared for everything, then what differs in a place."""
    return beside_menu(
        request, "account/data_retention.html", entry="data", periods=queries.declared_periods()
    )
