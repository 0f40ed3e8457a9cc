"""The words of the cards room: states, value objects, verdicts, event names, errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from django.db import models

from yincai.foundation.errors import Invalid, NotNow, OurFault, Problem

ORDERED = "card.ordered"
SEAL_WAITED = "card.seal_waited"
ISSUED = "card.issued"
CANCELLED = "card.cancelled"
REPLACED = "card.replaced"
EXPIRED = "card.expired"
EXPIRING = "card.expiring"
REISSUED = "card.reissued"
WITHDRAWN = "card.withdrawn"  # what the holder is told of one cancelled before it was sealed
PAPER_ORDERED = "paper.ordered"
PAPER_ISSUED = "paper.issued"
REISSUE_ASKED = "card.reissue_asked"
SUBSTITUTE_DECLARED = "card.substitute_declared"


class CardState(models.TextChoices):
    """Where a card stands; only `sealed` can be presented."""

    ORDERED = "ordered", "制卡中"
    SEALED = "sealed", "有效"
    CANCELLED = "cancelled", "已注销"
    REPLACED = "replaced", "已换发"
    EXPIRED = "expired", "已过期"


@dataclass(frozen=True)
class SealSpec:
    """What is engraved on the round seal; `test` engraves 样本 so that nobody takes it for a real one."""

    authority: str
    centre: str
    code: str
    test: bool

    def as_json(self) -> dict[str, str | bool]:
        """The spec as a JSON object, the form in which a card keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, str | bool]) -> SealSpec:
        """The spec that `as_json` wrote."""
        return cls(
            authority=str(value["authority"]),
            centre=str(value["centre"]),
            code=str(value["code"]),
            test=bool(value["test"]),
        )


@dataclass(frozen=True, kw_only=True)
class CardOrder:
    """What is to be issued, to whom, and what is printed on it.

    `chain` is where it is recorded; `holder_name` is what verification masks, by default the printed `name`;
    `variant` fills `{variant}` of the pattern, by default `kind`; `photo` is a picture; `valid_years` None
    means without end.  A `paper` (a receipt) brings its own `number` and is no card.
    """

    chain: UUID
    case_id: UUID
    holder_account_id: UUID
    place: str
    programme: str
    kind: str
    number_pattern: str
    printed: Mapping[str, str]
    layout: str
    title: str
    valid_years: int | None
    seal: SealSpec
    purpose: str = "issue"
    variant: str = ""
    holder_name: str = ""
    photo: bytes | None = None
    paper: bool = False
    number: str = ""


@dataclass(frozen=True)
class CardView:
    """What other rooms may know about a card; no printed data, no code."""

    id: UUID
    case_id: UUID
    purpose: str
    place: str
    programme: str
    kind: str
    title: str
    number: str
    authority: str
    holder_account_id: UUID
    state: CardState
    ordered_at: datetime
    sealed_at: datetime | None
    issued_on: date | None
    valid_until: date | None
    waiting_reason: str
    end_reason: str = ""

    @property
    def downloadable(self) -> bool:
        """Whether a sealed file exists that its holder may fetch."""
        return self.sealed_at is not None

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was cancelled before it was sealed: nobody ever held it."""
        return self.state == CardState.CANCELLED and self.sealed_at is None

    @property
    def state_title(self) -> str:
        """Where it stands, in one word for people."""
        return "停止制作" if self.is_withdrawn else self.state.label


@dataclass(frozen=True)
class WalletCard:
    """A card as its holder sees it: with the code, where it is verified, and why it ended if it did."""

    card: CardView
    code: str
    verify_url: str
    verify_site: str
    qr: str
    reason: str


class VerificationStatus(Enum):
    """The six answers that the verification page can give."""

    VALID = "valid"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    ALTERED = "altered"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The status in one Chinese word."""
        return {
            "valid": "有效",
            "replaced": "已换发",
            "cancelled": "已注销",
            "expired": "已过期",
            "altered": "已被改动",
            "unknown": "查无此卡",
        }[self.value]


@dataclass(frozen=True)
class CardFacts:
    """The minimum that a stranger learns about a card that exists."""

    title: str
    kind: str
    number: str
    masked_holder: str
    authority: str
    issued_on: date | None
    valid_until: date | None
    test: bool
    paper: bool = False


@dataclass(frozen=True)
class Verification:
    """Whether a card is good: a status, a sentence for people, and facts unless altered or unknown."""

    status: VerificationStatus
    sentence: str
    facts: CardFacts | None = None


class CannotVerify(Invalid):
    """A handed-in file gives nothing to judge by (locked, unreadable, no PDF); it says what to do instead."""


class CannotTypeset(Invalid):
    """The card cannot be laid out; `.problems` name the printed fields."""


class LayoutBroken(OurFault):
    """A programme's card layout does not compile; the sentence is for its author."""


class SealingWaits(NotNow):
    """No seal at full strength now (time-stamp, revocation or key is missing); later it may work."""


class CardFileDamaged(OurFault):
    """The stored file of a card is missing or is not the one that was sealed."""


__all__ = [
    "CANCELLED",
    "EXPIRED",
    "EXPIRING",
    "ISSUED",
    "ORDERED",
    "REISSUED",
    "REPLACED",
    "SUBSTITUTE_DECLARED",
    "SEAL_WAITED",
    "WITHDRAWN",
    "CannotTypeset",
    "CannotVerify",
    "CardFacts",
    "CardFileDamaged",
    "CardOrder",
    "CardState",
    "CardView",
    "LayoutBroken",
    "Problem",
    "SealSpec",
    "SealingWaits",
    "Verification",
    "VerificationStatus",
    "WalletCard",
]
