"""The addresses of a place's organisations, schools and majors, under `/place/<place>/`."""

from __future__ import annotations

from typing import Any

from django.urls import path

from yincai.directory.vocabulary import Deed, Sort
from yincai.look.files import document_paths
from yincai.portal.directory import asking, finding, following, guides, suggesting
from yincai.portal.pages import applicant_page

app_name = "directory"
ORGANISATION, SCHOOL, MAJOR = {"sort": Sort.ORGANISATION}, {"sort": Sort.SCHOOL}, {"sort": Sort.MAJOR}
REQUEST = "organisations/requests/<uuid:request_id>/"
FILE = "documents/<uuid:document_id>/"


def _to(deed: Deed, sort: dict[str, Sort]) -> dict[str, Any]:
    return {**sort, "deed": deed}


urlpatterns = [
    path("organisations/", finding.listing, ORGANISATION, name="organisations"),
    path("organisations/suggest/", suggesting.suggest, ORGANISATION, name="organisation-suggest"),
    path("organisations/add/", asking.ask, _to(Deed.ADD, ORGANISATION), name="organisation-add"),
    path("organisations/requests/", following.requests, name="requests"),
    path(REQUEST, following.one_request, name="request"),
    path(REQUEST + "withdraw/", following.withdraw, name="withdraw"),
    *document_paths(REQUEST + FILE, applicant_page, following.look_at_file),
    path("organisations/administrator/", following.rights, name="rights"),
    path("organisations/administrator/<uuid:right_id>/end/", following.give_up, name="give-up"),
    path("organisations/guides/not-found/", guides.not_found, name="guide-not-found"),
    path("organisations/guides/administrators/", guides.administrators, name="guide-administrators"),
    path("organisations/<uuid:record_id>/", finding.record, ORGANISATION, name="organisation"),
    path(
        "organisations/<uuid:record_id>/change/",
        asking.ask,
        _to(Deed.CHANGE, ORGANISATION),
        name="organisation-change",
    ),
    path(
        "organisations/<uuid:record_id>/administrator/",
        asking.ask,
        _to(Deed.ADMINISTER, ORGANISATION),
        name="administrator",
    ),
    path("schools/", finding.listing, SCHOOL, name="schools"),
    path("schools/suggest/", suggesting.suggest, SCHOOL, name="school-suggest"),
    path("schools/add/", asking.ask, _to(Deed.ADD, SCHOOL), name="school-add"),
    path("schools/<uuid:record_id>/", finding.record, SCHOOL, name="school"),
    path("majors/", finding.listing, MAJOR, name="majors"),
    path("majors/add/", asking.ask, _to(Deed.ADD, MAJOR), name="major-add"),
    path("majors/<uuid:record_id>/", finding.record, MAJOR, name="major"),
]
