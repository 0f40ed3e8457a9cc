"""信息保存期限, for auditors and administrators: what is kept how long, by what law; what went lately."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yincai.desk.pages import page
from yincai.ledger import queries as ledger
from yincai.people.permissions import staff_page
from yincai.privacy import queries

NEWEST = 30


@staff_page(roles={"auditor", "administrator"})
@require_safe
def periods(request: HttpRequest) -> HttpResponse:
    """The declaration, and the newest records of what was erased in masses."""
    return page(
        request,
        "retention.html",
        periods=queries.declared_periods(),
        swept=queries.swept(ledger.newest(queries.CHAIN, limit=NEWEST)),
    )
