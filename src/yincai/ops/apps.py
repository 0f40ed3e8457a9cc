"""The room that runs everything, and the last to be ready: it joins events to their handlers."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OpsRoom(AppConfig):
    """Running everything."""

    name = "yincai.ops"
    label = "ops"

    def ready(self) -> None:
        """Load every room's `tasks` and set the wiring; an unknown handler refuses to start."""
        from yincai.ledger import dispatch
        from yincai.ops.wiring import WIRING

        autodiscover_modules("tasks")
        dispatch.set_wiring(WIRING)
