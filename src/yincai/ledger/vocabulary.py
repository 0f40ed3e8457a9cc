"""The words of the ledger: who acts, what an entry is, what a handler may answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias
from uuid import UUID

from yincai.foundation.errors import Invalid

JSON: TypeAlias = "str | int | bool | None | Sequence[JSON] | Mapping[str, JSON]"

EVENT_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
READ_EVENT = "record.read"
WORDS = "words"
"""The name in a payload under which the digest of somebody's own words stands."""
ON_BEHALF_OF = "on_behalf_of"
"""The name in a payload under which the account stands for whom a member of staff acted."""
WORDS_GONE = "（原文已删除）"
WORDS_DIFFER = "（原文与记录不符，请告知系统管理员）"


class Kind(StrEnum):
    """Whether an entry tells of a change or of somebody's look at personal data."""

    CHANGE = "change"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an applicant, a member of staff, the system itself, or nobody known.

    `behalf`: the account for whom a member of staff, or somebody invited, acts; entries say so
    (`on_behalf_of`).
    """

    kind: Literal["applicant", "staff", "system", "anonymous"]
    id: UUID | None = None
    role: str = ""
    behalf: UUID | None = None

    def __post_init__(self) -> None:
        if self.kind not in {"applicant", "staff", "system", "anonymous"}:
            raise ValueError(f"{self.kind!r} is no kind of actor")
        if (self.id is None) != (self.kind in {"system", "anonymous"}):
            raise ValueError(f"an actor of kind {self.kind} and the id {self.id} do not go together")
        if self.behalf is not None and self.kind not in {"staff", "anonymous"}:
            raise ValueError(f"an actor of kind {self.kind} acts for nobody else")


SYSTEM = Actor("system")
ANONYMOUS = Actor("anonymous")


@dataclass(frozen=True, slots=True)
class Entry:
    """What `record` hands back: where the new entry stands.  `hash` is 64 lower-case hex digits."""

    id: int
    chain: UUID
    sequence: int
    hash: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry as a reader or a handler sees it."""

    id: int
    chain: UUID
    sequence: int
    event: str
    actor: Actor
    office: str
    at: datetime
    payload: Mapping[str, JSON]
    is_read: bool
    hash: str
    words: Mapping[str, str] = field(default_factory=dict, repr=False)

    def said(self, name: str) -> str:
        """What somebody wrote under this name, else what the payload has there; empty for neither."""
        if not self.words:
            return str(self.payload.get(name, ""))
        return self.words.get(name) or self.words.get("", "") or str(self.payload.get(name, ""))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed seal over `count` chains; `root` in hex, the whole of it in `file_name` beside the others."""

    number: int
    root: str
    count: int
    file_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """A follow-up that was given up and waits for a person.  `reason` names no resident."""

    job_id: int
    entry_id: int
    handler: str
    queue: str
    attempts: int
    reason: str
    at: datetime | None


class OutsideTransaction(RuntimeError):
    """An entry was recorded outside `transaction.atomic()`, where change and record could part."""


class UnknownHandler(LookupError):
    """The wiring or a job names a handler that no room registers."""


class CheckpointRefused(RuntimeError):
    """A checkpoint cannot be made because what is already there does not fit together."""


class PersonalDataInLedger(Invalid):
    """A payload holds an identity number or a mobile number; the ledger can never forget, so it refuses."""


class Retry(Exception):  # noqa: N818 - it asks for something, it is not a mistake
    """A handler asks to be run again later; `reason` is shown to operators and names no resident.

    `after` is in seconds; left out, the wait doubles with every attempt up to ten minutes.
    """

    def __init__(self, reason: str, *, after: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after
