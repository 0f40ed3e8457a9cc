"""The addresses of the officers' door."""

from __future__ import annotations

from django.urls import include, path

from yincai.desk import (
    amendments,
    bulk,
    complaints,
    content,
    counter,
    directory,
    handing,
    leave,
    listing,
    papers,
    reading,
    retention,
    support,
    viewing,
    views,
)
from yincai.look.files import document_paths
from yincai.people.permissions import staff_page
from yincai.privacy.vocabulary import OFFICER

app_name = "desk"
AMENDMENT = "amendments/<uuid:amendment_id>/"
CONTENT = "content/<uuid:version_id>/"
CASE = "cases/<uuid:case_id>/"
COMPLAINT = "complaints/<uuid:complaint_id>/"
TICKET = "support/<uuid:ticket_id>/"
REQUEST = "directory/<uuid:request_id>/"
FILE = "documents/<uuid:document_id>/"

urlpatterns = [
    path("admin/", include("yincai.desk.admin.urls")),
    path("", listing.queue, name="queue"),
    path("search/", listing.search, name="search"),
    path("bulk/", bulk.look_ahead, name="bulk"),
    path("bulk/take/", bulk.take, name="bulk-take"),
    path("leave/", leave.leave, name="leave"),
    path("leave/<uuid:leave_id>/end/", leave.end, name="leave-end"),
    path("reading/", reading.extend, name="reading"),
    path("readings/", reading.passes, name="readings"),
    path("amendments/", amendments.waiting, name="amendments"),
    path(AMENDMENT, amendments.settle, name="amendment"),
    *document_paths(
        AMENDMENT + FILE, staff_page(roles={OFFICER}), amendments.look_at_file, stem="amendment-"
    ),
    path("content/", content.listing, name="content"),
    path("content/new/", content.write, name="content-new"),
    path(CONTENT, content.version, name="content-version"),
    path(CONTENT + "change/", content.change, name="content-change"),
    path(CONTENT + "preview/", content.preview, name="content-preview"),
    path("retention/", retention.periods, name="retention"),
    path("directory/", directory.waiting, name="directory"),
    path("directory/administrators/", directory.rights, name="directory-rights"),
    path(REQUEST, directory.decide, name="directory-request"),
    *document_paths(REQUEST + FILE, staff_page(), directory.look_at_file, stem="directory-"),
    path("support/", support.waiting, name="support"),
    path("support/answered/", support.answered, name="support-answered"),
    path(TICKET, support.ticket, name="support-ticket"),
    *document_paths(TICKET + FILE, staff_page(), support.look_at_file, stem="support-"),
    path("counter/", counter.counter, name="counter"),
    path("counter/<uuid:help_id>/resume/", counter.resume, name="counter-resume"),
    path("counter/<uuid:help_id>/end/", counter.end, name="counter-end"),
    path("counter/<uuid:help_id>/confirm/", counter.confirm, name="counter-confirm"),
    path("complaints/", complaints.waiting, name="complaints"),
    path("complaints/answered/", complaints.answered, name="complaints-answered"),
    path(COMPLAINT, complaints.complaint, name="complaint"),
    *document_paths(COMPLAINT + FILE, staff_page(), complaints.look_at_file, stem="complaint-"),
    path(CASE, views.case, name="case"),
    path(CASE + "claim/", handing.claim, name="claim"),
    path(CASE + "renew/", handing.renew, name="renew"),
    path(CASE + "release/", handing.release, name="release"),
    path(CASE + "assign/", views.assign, name="assign"),
    path(CASE + "steps/<slug:name>/", views.step, name="step"),
    path(CASE + FILE, viewing.view, name="view"),
    *document_paths(CASE + FILE, staff_page(), viewing.look_at_file),
    path(CASE + "answers/<slug:name>/", views.reveal, name="reveal"),
    path(CASE + "substitutes/", views.substitutes, name="substitutes"),
    path(CASE + "card/", views.card, name="card"),
    path(CASE + "form.pdf", papers.form, name="form"),
    path(CASE + "receipts/<uuid:paper_id>/", papers.receipt, name="receipt"),
    path(CASE + "cards/", papers.cards_page, name="cards"),
    path(CASE + "cards/<uuid:card_id>/<slug:what>/", papers.end_card, name="end-card"),
]
