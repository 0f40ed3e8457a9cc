"""The addresses of help and complaints of a place, under `/place/<place>/`."""

from __future__ import annotations

from django.urls import path

from yincai.look.files import document_paths
from yincai.portal.support import asking, complaining, following
from yincai.portal.support.pages import support_page

app_name = "support"
TICKET = "support/tickets/<uuid:ticket_id>/"
COMPLAINT = "complaints/<uuid:complaint_id>/"
FILE = "documents/<uuid:document_id>/"

urlpatterns = [
    path("support/", following.home, name="home"),
    path("support/ask/", asking.ask, name="ask"),
    path("support/confirm/<uuid:ticket_id>/", asking.confirm, name="confirm"),
    path("support/progress/", following.progress, name="progress"),
    path(TICKET, following.ticket, name="ticket"),
    *document_paths(TICKET + FILE, support_page, following.look_at_file),
    path("complaints/", complaining.home, name="complaints"),
    path("complaints/new/", complaining.complain, name="complain"),
    path(COMPLAINT, complaining.complaint, name="complaint"),
    *document_paths(COMPLAINT + FILE, support_page, complaining.look_at_file, stem="complaint-"),
]
