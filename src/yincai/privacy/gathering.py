"""Everything held about one person, from every room that holds something (private to the room)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from yincai.cards import queries as cards
from yincai.casework import queries as casework
from yincai.directory import queries as directory
from yincai.documents import queries as documents
from yincai.foundation.held import HeldPart
from yincai.ledger import queries as ledger
from yincai.messages import queries as messages
from yincai.people import queries as people
from yincai.privacy import held
from yincai.privacy.vocabulary import SCHEMA
from yincai.registries import queries as registries

ROOMS: Final[Mapping[str, Callable[[UUID], tuple[HeldPart, ...]]]] = {
    "people": people.held_about,
    "registries": registries.held_about,
    "casework": casework.held_about,
    "documents": documents.held_about,
    "cards": cards.held_about,
    "messages": messages.held_about,
    "directory": directory.held_about,
    "privacy": held.held_about,
}
"""Whose turn it is; `ledger` comes last, as the others say which chains tell of the person."""


def gather(account_id: UUID) -> dict[str, tuple[HeldPart, ...]]:
    """What each room holds about an account's owner, by room."""
    found = {room: held_about(account_id) for room, held_about in ROOMS.items()}
    chains = {chain for parts in found.values() for part in parts for chain in part.chains}
    return found | {"ledger": ledger.held_about(account_id, chains=chains)}


def as_json(found: Mapping[str, tuple[HeldPart, ...]], *, account_id: UUID, at: datetime) -> bytes:
    """The copy as a file: UTF-8, indented, in the form of `SCHEMA`."""
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "account": str(account_id),
        "made_at": at.isoformat(),
        "parts": [{"room": room, **part.as_json()} for room, parts in found.items() for part in parts],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).encode()
