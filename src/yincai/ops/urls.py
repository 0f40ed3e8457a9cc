"""Addresses for machines."""

from __future__ import annotations

from django.urls import path

from yincai.ops import views

urlpatterns = [
    path("livez", views.alive, name="livez"),
    path("readyz", views.ready, name="readyz"),
    path("metrics", views.measured, name="metrics"),
]
