"""The addresses of help and complaints of a place, under `/place/<place>/`."""

from __future__ import annotations

from django.urls import path

from yincai.portal.support import asking, complaining, following

app_name = "support"
TICKET = "support/tickets/<uuid:ticket_id>/"
COMPLAINT = "complaints/<uuid:complaint_id>/"
COMPLAINT_FILE = COMPLAINT + "documents/<uuid:document_id>/"
FILE = TICKET + "documents/<uuid:document_id>/"

urlpatterns = [
    path("support/", following.home, name="home"),
    path("support/ask/", asking.ask, name="ask"),
    path("support/confirm/<uuid:ticket_id>/", asking.confirm, name="confirm"),
    path("support/progress/", following.progress, name="progress"),
    path(TICKET, following.ticket, name="ticket"),
    path(FILE + "<int:number>/", following.picture, name="document"),
    path(FILE + "text/", following.text, name="document-text"),
    path(FILE + "original/", following.original, name="original"),
    path("complaints/", complaining.home, name="complaints"),
    path("complaints/new/", complaining.complain, name="complain"),
    path(COMPLAINT, complaining.complaint, name="complaint"),
    path(COMPLAINT_FILE + "<int:number>/", complaining.picture, name="complaint-document"),
    path(COMPLAINT_FILE + "text/", complaining.text, name="complaint-text"),
    path(COMPLAINT_FILE + "original/", complaining.original, name="complaint-original"),
]
