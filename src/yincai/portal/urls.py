"""The addresses of the applicant's door."""

from __future__ import annotations

from django.urls import path

from yincai.look.files import document_paths
from yincai.portal.pages import applicant_page
from yincai.portal.views import (
    arranging,
    correction,
    finding,
    form,
    inviting,
    library,
    material,
    menu,
    notices,
    progress,
    submission,
    wallet,
)

app_name = "portal"
CASE = "cases/<uuid:case_id>/"
MATERIAL = CASE + "materials/<uuid:material_id>/"
ENTRY = "library/<uuid:document_id>/"
FILE = "documents/<uuid:document_id>/"

urlpatterns = [
    path("", menu.listing, {"name": "in_review"}, name="home"),
    path("apply/", menu.apply, name="apply"),
    path("drafts/", menu.listing, {"name": "drafts"}, name="drafts"),
    path("corrections/", menu.listing, {"name": "corrections"}, name="corrections"),
    path("refused/", menu.listing, {"name": "refused"}, name="refused"),
    path("approved/", menu.listing, {"name": "approved"}, name="approved"),
    path("cards/", wallet.wallet, name="cards"),
    path("cards/<uuid:card_id>/", wallet.file, name="card-file"),
    path("inbox/", progress.inbox, name="inbox"),
    path("notices/", notices.preferences, name="notices"),
    path("inbox/read/", progress.read_all, name="read-all"),
    path("inbox/<uuid:message_id>/read/", progress.read, name="read"),
    path("library/", library.shelf, name="library"),
    path(ENTRY, library.entry, name="library-entry"),
    *document_paths(ENTRY, applicant_page, library.look_at_file, stem="library-"),
    path(ENTRY + "rotate/", library.rotate, name="library-rotate"),
    path(ENTRY + "crop/", library.crop, name="library-crop"),
    path(ENTRY + "remove/", library.remove, name="library-remove"),
    path(CASE, progress.case, name="case"),
    path(CASE + "correction/", correction.correction, name="correction"),
    path(CASE + "form/<slug:name>/", form.section, name="form"),
    path(CASE + "form/<slug:name>/find/<str:path>/", finding.find, name="find"),
    path(CASE + "materials/", material.materials, name="materials"),
    path(CASE + "materials/reuse/", arranging.reuse, name="reuse"),
    path(MATERIAL, arranging.material, name="material"),
    path(MATERIAL + "remove/", material.remove, name="remove"),
    path(MATERIAL + "restore/", material.restore, name="restore"),
    path(MATERIAL + "rotate/", arranging.rotate, name="rotate"),
    path(MATERIAL + "crop/", arranging.crop, name="crop"),
    path(MATERIAL + "replace/", arranging.replace, name="replace"),
    path(MATERIAL + "keep/", arranging.keep, name="keep"),
    *document_paths(CASE + FILE, applicant_page, material.look_at_file),
    path(CASE + "invitations/", inviting.invitations, name="invitations"),
    path(CASE + "invitations/<uuid:invitation_id>/revoke/", inviting.revoke, name="revoke-invitation"),
    path(CASE + "check/", submission.check, name="check"),
    path(CASE + "move/", submission.move, name="move"),
    path(CASE + "done/", submission.done, name="done"),
    path(CASE + "delete/", submission.delete, name="delete"),
    path(CASE + "card/", progress.card, name="card"),
    path(CASE + "form.pdf", wallet.form, name="form-pdf"),
    path(CASE + "receipts/<uuid:paper_id>/", wallet.receipt, name="receipt"),
]
