"""The addresses of the applicant's door."""

from __future__ import annotations

from django.urls import path

from yincai.portal.views import form, material, menu, notices, progress, submission

app_name = "portal"
CASE = "cases/<uuid:case_id>/"

urlpatterns = [
    path("", menu.listing, {"name": "in_review"}, name="home"),
    path("apply/", menu.apply, name="apply"),
    path("drafts/", menu.listing, {"name": "drafts"}, name="drafts"),
    path("corrections/", menu.listing, {"name": "corrections"}, name="corrections"),
    path("refused/", menu.listing, {"name": "refused"}, name="refused"),
    path("approved/", menu.listing, {"name": "approved"}, name="approved"),
    path("inbox/", progress.inbox, name="inbox"),
    path("notices/", notices.preferences, name="notices"),
    path("inbox/<uuid:message_id>/read/", progress.read, name="read"),
    path(CASE, progress.case, name="case"),
    path(CASE + "form/<slug:name>/", form.section, name="form"),
    path(CASE + "materials/", material.materials, name="materials"),
    path(CASE + "materials/<uuid:material_id>/remove/", material.remove, name="remove"),
    path(CASE + "documents/<uuid:document_id>/<int:number>/", material.document, name="document"),
    path(CASE + "documents/<uuid:document_id>/text/", material.document_words, name="document-text"),
    path(CASE + "documents/<uuid:document_id>/original/", material.original, name="original"),
    path(CASE + "check/", submission.check, name="check"),
    path(CASE + "move/", submission.move, name="move"),
    path(CASE + "done/", submission.done, name="done"),
    path(CASE + "delete/", submission.delete, name="delete"),
    path(CASE + "card/", progress.card, name="card"),
]
