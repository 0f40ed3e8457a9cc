"""The words of the room: states, kinds, what a document looks like from outside, and its errors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from yincai.documents.pipeline.vocabulary import (
    KINDS,
    PHOTO_HEIGHT,
    PHOTO_WIDTH,
    Crop,
    Kind,
    Limits,
    name_formats,
    name_size,
)
from yincai.foundation.errors import Invalid

__all__ = [
    "EXPIRY_WARNING",
    "KINDS",
    "LIBRARY_LIMIT",
    "LIBRARY_TYPES",
    "OTHER_TYPE",
    "PHOTO_HEIGHT",
    "PHOTO_TYPE",
    "PHOTO_WIDTH",
    "UPLOADS_A_DAY",
    "UPLOAD_LIMIT",
    "Crop",
    "DocumentView",
    "ExpiringEntry",
    "Kind",
    "LibraryEntryView",
    "NotYetSafe",
    "PageView",
    "Purpose",
    "State",
    "StoredUpload",
    "UploadRefused",
    "name_formats",
    "name_size",
]

UPLOAD_LIMIT = Limits().bytes
UPLOADS_A_DAY = 200
LIBRARY_LIMIT = 100
"""How many documents one person may keep: the whole library is one page."""
LIBRARY_TYPES = "library_documents"
"""The code list of what a document of the library is."""
PHOTO_TYPE, OTHER_TYPE = "L17", "990"
EXPIRY_WARNING = timedelta(days=30)


class State(StrEnum):
    """Where a document stands. Only a safe one is ever shown."""

    HELD = "held"
    SAFE = "safe"
    REFUSED = "refused"


class Purpose(StrEnum):
    """What a file is for. A photo is cut to one inch and takes pictures only."""

    MATERIAL = "material"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class PageView:
    """One page to show; sides in pixels. Number 0 is the whole picture behind a one-inch photo."""

    number: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as other rooms see it.

    `name` is the person's own file name, for their eyes only: never in a header, URL or log.
    Once they are forgotten it says so, and no page is there (`is_forgotten`).
    `reason` is the sentence of a refusal, else empty. `is_being_redrawn` while a turn or crop is on its way.
    """

    id: UUID
    owner: UUID
    purpose: str
    slot: str
    name: str
    size: int
    sha256: str
    state: State
    reason_code: str
    reason: str
    kind: Kind | None
    pages: tuple[PageView, ...]
    warnings: tuple[str, ...]
    sharpness: float | None
    is_being_redrawn: bool
    created_at: datetime
    case: UUID | None
    label: str
    crop: Crop | None = None
    expires_on: date | None = None
    copied_from: UUID | None = None
    is_being_kept: bool = False
    is_forgotten: bool = False

    @property
    def page_count(self) -> int:
        """How many pages an officer turns; the whole picture behind a photo does not count."""
        return sum(page.number > 0 for page in self.pages)

    @property
    def is_safe(self) -> bool:
        """Whether it may be shown."""
        return self.state is State.SAFE


@dataclass(frozen=True, slots=True)
class LibraryEntryView:
    """A document that its owner keeps to use it again; `uses` are the documents of cases that are this one:
    the one it was copied from, and its copies."""

    document: DocumentView
    type_code: str
    type_title: str
    agreed_at: datetime
    uses: tuple[UUID, ...]

    @property
    def id(self) -> UUID:
        """The id of its document."""
        return self.document.id

    @property
    def is_photo(self) -> bool:
        """Whether it is a one-inch photo."""
        return self.document.purpose == Purpose.PHOTO

    def has_expired(self, today: date) -> bool:
        """Whether its last day lies behind us."""
        return self.document.expires_on is not None and self.document.expires_on < today

    def expires_soon(self, today: date, within: timedelta = EXPIRY_WARNING) -> bool:
        """Whether its last day is near, and not yet over."""
        last = self.document.expires_on
        return last is not None and today <= last <= today + within


@dataclass(frozen=True, slots=True)
class ExpiringEntry:
    """A document of somebody's library whose last day is near; says nothing of what is in it."""

    id: UUID
    owner: UUID
    type_title: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """A file that lies sealed on the disk and that no row names yet: entered soon, or swept after an hour."""

    id: UUID
    owner: UUID
    name_sealed: bytes
    data_key: bytes
    size: int
    sha256: bytes
    storage_key: str


class UploadRefused(Invalid):
    """The file was not taken and nothing was kept; the sentence says what to do."""


class NotYetSafe(Invalid):
    """The document is still being checked, or was refused: there is nothing to show."""
