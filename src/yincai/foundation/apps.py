"""What Django does with this room: fill the calendar after every migration, check the keys at start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class FoundationRoom(AppConfig):
    name = "yincai.foundation"
    label = "foundation"
    verbose_name = "基础"

    def ready(self) -> None:
        """Fail at start, not at the first resident, when the key ring or the vault of keys is missing."""
        from django.conf import settings

        from yincai.foundation import encryption, vault

        encryption.ring()
        if not settings.TESTING:
            vault.check(Path(settings.VAULT), pledge=Path(settings.SECRETS) / vault.PLEDGE_FILE)
        post_migrate.connect(_seed_calendar, sender=self, dispatch_uid="foundation.seed_calendar")


def _seed_calendar(*, using: str, **_: Any) -> None:
    """Also after the emptying that follows a test which commits; not while the table is migrated away."""
    from yincai.foundation.calendar_table import seed_calendar
    from yincai.foundation.models import CalendarDay

    if CalendarDay._meta.db_table in connections[using].introspection.table_names():
        seed_calendar()
