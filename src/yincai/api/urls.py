"""The addresses for machines, and the page that explains them to people."""

from __future__ import annotations

from django.urls import path

from yincai.api import pages
from yincai.api.interface import api

app_name = "api"

urlpatterns = [
    path("", pages.guide, name="guide"),
    path("v1/openapi.json", pages.openapi, name="openapi"),
    path("v1/", api.urls),
]
