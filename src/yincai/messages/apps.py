from __future__ import annotations

from django.apps import AppConfig


class MessagesRoom(AppConfig):
    """Telling people; its label keeps clear of `django.contrib.messages`."""

    name = "yincai.messages"
    label = "yincai_messages"
