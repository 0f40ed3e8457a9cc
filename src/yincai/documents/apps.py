from __future__ import annotations

from django.apps import AppConfig


class DocumentsRoom(AppConfig):
    """Uploads: kept sealed, made safe by the reader, shown only then."""

    name = "yincai.documents"
    label = "documents"
