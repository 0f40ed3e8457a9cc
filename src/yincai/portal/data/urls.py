"""The addresses of 我的个人信息, under `/account/data/`."""

from __future__ import annotations

from django.urls import path

from yincai.portal.data import amending, closing, copies, retention

urlpatterns = [
    path("", copies.start, name="account_data"),
    path("copies/", copies.copies, name="account_data_copies"),
    path("copies/<uuid:copy_id>/<slug:form>/", copies.fetch, name="account_data_file"),
    path("close/", closing.close, name="account_close"),
    path("close/back/", closing.take_back, name="account_close_back"),
    path("retention/", retention.periods, name="account_retention"),
    path("amendments/", amending.amendments, name="account_amendments"),
    path("amendments/new/<slug:item>/", amending.ask, name="account_amend"),
    path("amendments/new/<slug:item>/<uuid:about>/", amending.ask, name="account_amend_about"),
    path("amendments/<uuid:amendment_id>/", amending.one_amendment, name="account_amendment"),
    path("amendments/<uuid:amendment_id>/withdraw/", amending.withdraw, name="account_amendment_withdraw"),
    path(
        "amendments/<uuid:amendment_id>/documents/<uuid:document_id>/<int:number>/",
        amending.picture,
        name="account_amendment_document",
    ),
]
