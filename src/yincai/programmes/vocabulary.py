"""Values that cross the door of `programmes`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from yincai.engine.place import Office, Place
from yincai.engine.spec import Programme
from yincai.foundation.errors import NotFound

__all__ = ["PUBLISHED", "NoSuchProgramme", "Office", "Place", "PublishedVersion", "chain_of"]

PUBLISHED = "programme.published"
_CHAINS = UUID("6f6b4a52-6f0c-4d9a-9a64-2a5f1d9be001")


class NoSuchProgramme(NotFound):
    """Nothing under that place and name has been published."""

    def __init__(self, place: str, name: str) -> None:
        super().__init__("没有找到这个事项。它可能已经下线，请从首页重新进入。")
        self.place, self.name = place, name


@dataclass(frozen=True)
class PublishedVersion:
    """One published version with its parsed content."""

    id: UUID
    place: str
    name: str
    number: int
    content_hash: str
    published_at: datetime
    programme: Programme


def chain_of(place: str, name: str) -> UUID:
    """The ledger chain on which a programme's own history is written."""
    return uuid5(_CHAINS, f"{place}/{name}")
