"""The addresses of 我的个人信息, under `/account/data/`."""

from __future__ import annotations

from django.urls import path

from yincai.portal.data import closing, copies, retention

urlpatterns = [
    path("", copies.start, name="account_data"),
    path("copies/", copies.copies, name="account_data_copies"),
    path("copies/<uuid:copy_id>/<slug:form>/", copies.fetch, name="account_data_file"),
    path("close/", closing.close, name="account_close"),
    path("close/back/", closing.take_back, name="account_close_back"),
    path("retention/", retention.periods, name="account_retention"),
]
