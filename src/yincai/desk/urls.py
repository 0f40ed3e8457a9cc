"""The addresses of the officers' door."""

from __future__ import annotations

from django.urls import include, path

from yincai.desk import views

app_name = "desk"
CASE = "cases/<uuid:case_id>/"

urlpatterns = [
    path("", views.queue, name="queue"),
    path("admin/", include("yincai.desk.admin.urls")),
    path("find/", views.find, name="find"),
    path(CASE, views.case, name="case"),
    path(CASE + "claim/", views.claim, name="claim"),
    path(CASE + "release/", views.release, name="release"),
    path(CASE + "steps/<slug:name>/", views.step, name="step"),
    path(CASE + "documents/<uuid:document_id>/<int:number>/", views.document, name="document"),
    path(CASE + "documents/<uuid:document_id>/text/", views.document_words, name="document-text"),
    path(CASE + "documents/<uuid:document_id>/original/", views.original, name="original"),
    path(CASE + "answers/<slug:name>/", views.reveal, name="reveal"),
    path(CASE + "substitutes/", views.substitutes, name="substitutes"),
    path(CASE + "card/", views.card, name="card"),
]
