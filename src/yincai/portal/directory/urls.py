"""The addresses of a place's organisations, schools and majors, under `/place/<place>/`."""

from __future__ import annotations

from django.urls import path

from yincai.directory.vocabulary import Sort
from yincai.portal.directory import finding

app_name = "directory"
ORGANISATION, SCHOOL, MAJOR = {"sort": Sort.ORGANISATION}, {"sort": Sort.SCHOOL}, {"sort": Sort.MAJOR}

urlpatterns = [
    path("organisations/", finding.listing, ORGANISATION, name="organisations"),
    path("organisations/<uuid:record_id>/", finding.record, ORGANISATION, name="organisation"),
    path("schools/", finding.listing, SCHOOL, name="schools"),
    path("schools/<uuid:record_id>/", finding.record, SCHOOL, name="school"),
    path("majors/", finding.listing, MAJOR, name="majors"),
    path("majors/<uuid:record_id>/", finding.record, MAJOR, name="major"),
]
