"""The addresses of administration, under `/desk/admin/`; names begin with `admin-`."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from yincai.desk.admin import calendar, exports, household, partners, reasons, staff, statistics, webhooks
from yincai.people.permissions import administrator_page

MEMBER = "staff/<uuid:account_id>/"
PARTNER = "partners/<uuid:partner_id>/"
WEBHOOK = PARTNER + "webhooks/<uuid:endpoint_id>/"

urlpatterns = [
    path("", administrator_page(RedirectView.as_view(pattern_name="desk:admin-staff")), name="admin"),
    path("staff/", staff.listing, name="admin-staff"),
    path("staff/appoint/", staff.appoint, name="admin-appoint"),
    path(MEMBER, staff.member, name="admin-member"),
    path(MEMBER + "end/<uuid:appointment_id>/", staff.end, name="admin-end"),
    path(MEMBER + "transfer/<uuid:appointment_id>/", staff.transfer, name="admin-transfer"),
    path(MEMBER + "name/", staff.rename, name="admin-rename"),
    path(MEMBER + "reset/", staff.ask_reset, name="admin-ask-reset"),
    path(MEMBER + "reset/<uuid:reset_id>/", staff.settle_reset, name="admin-settle-reset"),
    path(MEMBER + "kept-away/", household.kept_away, name="admin-kept-away"),
    path(MEMBER + "kept-away/<uuid:document_id>/", household.remove, name="admin-remove-document"),
    path("reasons/", reasons.listing, name="admin-reasons"),
    path("reasons/<slug:code>/", reasons.reason, name="admin-reason"),
    path("reasons/<slug:code>/retire/", reasons.retire, name="admin-reason-retire"),
    path("calendar/", calendar.year, name="admin-calendar"),
    path("calendar/preview/", calendar.preview, name="admin-calendar-preview"),
    path("statistics/", statistics.figures, name="admin-statistics"),
    path("exports/", exports.listing, name="admin-exports"),
    path("exports/<uuid:export_id>/", exports.fetch, name="admin-export"),
    path("partners/", partners.listing, name="admin-partners"),
    path(PARTNER, partners.one, name="admin-partner"),
    path(PARTNER + "keys/", partners.make, name="admin-make-key"),
    path(PARTNER + "keys/<uuid:key_id>/revoke/", partners.revoke, name="admin-revoke-key"),
    path(PARTNER + "webhooks/", webhooks.add, name="admin-add-webhook"),
    path(WEBHOOK, webhooks.deliveries, name="admin-webhook"),
    path(WEBHOOK + "rotate/", webhooks.rotate, name="admin-rotate-webhook"),
    path(WEBHOOK + "switch/", webhooks.switch, name="admin-switch-webhook"),
    path(WEBHOOK + "ping/", webhooks.ping, name="admin-ping-webhook"),
    path(WEBHOOK + "deliveries/<uuid:delivery_id>/", webhooks.redeliver, name="admin-redeliver"),
    path("calendar/set/", calendar.set_day, name="admin-calendar-set"),
]
