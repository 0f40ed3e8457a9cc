from __future__ import annotations

from django.apps import AppConfig


class OpsRoom(AppConfig):
    """Running everything."""

    name = "yincai.ops"
    label = "ops"
