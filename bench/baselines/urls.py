"""The addresses of the bare project."""

from __future__ import annotations

from django.urls import path

from bench.baselines.section import materials, section
from bench.baselines.wizard import Wizard

urlpatterns = [
    path("apply/", Wizard.as_view()),
    path("applications/<uuid:pk>/form/<slug:name>/", section),
    path("applications/<uuid:pk>/materials/", materials),
]
