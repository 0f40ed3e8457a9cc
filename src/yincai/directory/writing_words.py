"""The words of what a place publishes to be read: how a version of it stands, who may write one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from yincai.engine.writings import Shelf
from yincai.foundation import clock
from yincai.foundation.errors import NotAllowed, SomeoneWasFirst

EDITOR = "editor"
"""The role of a place whose holders write, publish and withdraw what is read there."""
LONGEST_REASON = 300


class Edition(StrEnum):
    """How a version of a writing stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"

    @property
    def words(self) -> str:
        """As editors read it."""
        return _EDITIONS[self]


_EDITIONS = {
    Edition.DRAFT: "草稿",
    Edition.SUBMITTED: "待发布",
    Edition.PUBLISHED: "已发布",
    Edition.WITHDRAWN: "已撤下",
    Edition.DISCARDED: "未采用",
}
OPEN_EDITIONS = (Edition.DRAFT, Edition.SUBMITTED)


class WritingEvent(StrEnum):
    """What the ledger hears on the chain of a writing; `version` in the payload says of which."""

    DRAFTED = "writing.drafted"
    CHANGED = "writing.changed"
    SUBMITTED = "writing.submitted"
    RETURNED = "writing.returned"
    PUBLISHED = "writing.published"
    WITHDRAWN = "writing.withdrawn"
    DISCARDED = "writing.discarded"


@dataclass(frozen=True, slots=True)
class WritingView:
    """One writing as people read it; `excerpt` is where a searched word stands, in three parts."""

    id: UUID
    name: str
    shelf: Shelf
    title: str
    number: str
    text: str
    address: str
    since: date
    until: date | None
    is_new: bool
    excerpt: tuple[str, str, str] = ("", "", "")

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < clock.today()


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a writing as editors see it; `changes` counts what was done to it.

    `is_seed`: its words came from the place's folder.
    """

    id: UUID
    place: str
    name: str
    version: int
    edition: Edition
    shelf: Shelf
    title: str
    number: str
    text: str
    address: str
    since: date | None
    until: date | None
    new_until: date | None
    changes: int
    written_by: tuple[UUID, ...]
    changed_at: datetime
    published_at: datetime | None
    published_by: UUID | None
    replaced_on: date | None
    is_seed: bool

    @property
    def is_open(self) -> bool:
        """Whether it may still be published."""
        return self.edition in OPEN_EDITIONS

    @property
    def begins(self) -> date:
        """The day from which it is shown: its own, but not before that of its publication; of what was not
        published, if it were published today."""
        published = clock.day_of(self.published_at) if self.published_at else clock.today()
        return max(self.since or published, published)

    @property
    def is_replaced(self) -> bool:
        """Whether it was published and a later version is shown instead, be it from its very day on."""
        day = self.replaced_on
        return (
            self.edition is Edition.PUBLISHED
            and day is not None
            and (day <= clock.today() or day <= self.begins)
        )

    @property
    def is_coming(self) -> bool:
        """Whether it is published for a day that has not come."""
        return self.edition is Edition.PUBLISHED and bool(self.since and self.since > clock.today())

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < clock.today()

    @property
    def author(self) -> UUID | None:
        """Who wrote in it last; None for what the folder brought."""
        return self.written_by[-1] if self.written_by else None

    def as_read(self) -> WritingView:
        """As residents read it, or would from its first day on."""
        is_new = self.new_until is not None and self.new_until >= clock.today()
        since = self.since or clock.today()
        return WritingView(
            self.id,
            self.name,
            self.shelf,
            self.title,
            self.number,
            self.text,
            self.address,
            since,
            self.until,
            is_new,
        )


class OwnWords(NotAllowed):
    """Nobody publishes what they wrote themselves."""

    def __init__(self) -> None:
        super().__init__("这一版有您写的内容，须由另一位内容编辑发布。没有作任何改动。")


class ChangedMeanwhile(SomeoneWasFirst):
    """Somebody else saved, submitted, published or withdrew it since the page was drawn."""

    def __init__(self) -> None:
        super().__init__("这份内容刚刚被另一位编辑改动，您的操作没有生效。请核对现在的内容后再试。")


class BeingChanged(SomeoneWasFirst):
    """The writing has an open version already."""

    def __init__(self) -> None:
        super().__init__("这份内容已有一个未发布的新版本，没有另存一份。请打开那个版本继续修改。")
