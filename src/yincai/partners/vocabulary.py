"""The words of the room: what a partner's key may do, what it hears of, how a delivery stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from yincai.foundation.errors import Invalid, NotAllowed, YincaiError
from yincai.ledger.vocabulary import JSON, Actor
from yincai.people.vocabulary import Limit

ADMINISTRATOR = "administrator"
PER_MINUTE = 120
"""Requests a minute that a key may make unless it is given another number."""
MOST_PER_MINUTE = 6000
WRONG_KEYS = Limit("api-key/address", 30, timedelta(minutes=15))
"""How many wrong keys one address may try."""
FILES_OF_KEY = Limit("verify-file/key", 60, timedelta(minutes=15))
"""How many PDFs one key may have verified: as many as one address on the public page."""
PAGE = 50
MOST_KEYS, MOST_ENDPOINTS = 20, 10
OLD_SECRET_GOOD_FOR = timedelta(hours=24)
"""How long after a rotation both secrets sign."""
HANDOVER_GOOD_FOR = timedelta(minutes=30)
"""How long the address of a hand-over can be opened."""
VALUES_KEPT_FOR = timedelta(days=1)
"""How long after it was opened what was handed over waits for a draft."""
ANSWERS_KEPT_FOR = timedelta(hours=24)
"""How long the answer to an Idempotency-Key is given again."""
EVENTS_KEPT_FOR = timedelta(days=90)
"""How long events can be fetched and deliveries tried again."""
PAUSES = (5, 30, 120, 600, 1800, 7200, 18000, 36000)
"""Seconds before each further attempt of a delivery; after the last one it is parked: nine in all."""


class Scope(StrEnum):
    """What a key may be used for."""

    CATALOGUE = "catalogue:read"
    STATUS = "status:read"
    CARDS = "cards:verify"
    DIRECTORY = "directory:search"
    HANDOVER = "handover:write"
    EVENTS = "events:read"
    WEBHOOKS = "webhooks:manage"

    @property
    def label(self) -> str:
        """The word for people."""
        return SCOPE_LABELS[self]

    @property
    def is_personal(self) -> bool:
        """Whether what it opens concerns a person, so that every use is put on record."""
        return self in (Scope.STATUS, Scope.HANDOVER)


SCOPE_LABELS = {
    Scope.CATALOGUE: "查询事项目录",
    Scope.STATUS: "查询办理状态",
    Scope.CARDS: "核验电子卡",
    Scope.DIRECTORY: "搜索单位、院校和专业",
    Scope.HANDOVER: "转送申请人（带入已知内容）",
    Scope.EVENTS: "读取事件",
    Scope.WEBHOOKS: "管理事件推送",
}


class Kind(StrEnum):
    """What partners hear of; none of it holds personal data."""

    CASE_MOVED = "case.state_changed"
    CARD_ISSUED = "card.issued"
    CARD_CANCELLED = "card.cancelled"
    CARD_REPLACED = "card.replaced"
    CARD_EXPIRED = "card.expired"
    ORGANISATION_ADDED = "organisation.added"
    PING = "webhook.ping"

    @property
    def label(self) -> str:
        """The word for people."""
        return KIND_LABELS[self]


KIND_LABELS = {
    Kind.CASE_MOVED: "申请的状态有变化",
    Kind.CARD_ISSUED: "电子卡已签发",
    Kind.CARD_CANCELLED: "电子卡已注销",
    Kind.CARD_REPLACED: "电子卡已换发",
    Kind.CARD_EXPIRED: "电子卡已过期",
    Kind.ORGANISATION_ADDED: "单位库新增单位",
    Kind.PING: "测试推送",
}
SUBSCRIBABLE = tuple(kind for kind in Kind if kind is not Kind.PING)


class DeliveryState(StrEnum):
    """How a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    PARKED = "parked"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """The word for people."""
        return {"waiting": "等待推送", "delivered": "已送达", "parked": "已搁置", "dropped": "已取消"}[
            self.value
        ]


class LedgerEvent(StrEnum):
    """What the ledger hears from this room; the chain is the partner's id."""

    REGISTERED = "partner.registered"
    KEY_MADE = "api_key.made"
    KEY_REVOKED = "api_key.revoked"
    KEY_USED = "api_key.used"
    ENDPOINT_MADE = "webhook.created"
    SECRET_ROTATED = "webhook.secret_rotated"  # noqa: S105 - the name of an event
    ENDPOINT_OFF = "webhook.disabled"
    ENDPOINT_ON = "webhook.enabled"
    REDELIVERED = "webhook.redelivered"
    HANDED_OVER = "handover.made"
    OPENED = "handover.opened"


@dataclass(frozen=True, slots=True)
class PartnerView:
    """A system outside that may use the interface; `office` empty: it sees the whole place."""

    id: UUID
    place: str
    name: str
    office: str
    registered_at: datetime

    @property
    def actor(self) -> Actor:
        """Who acts when this partner's key is used; its role is read by people who look at the record."""
        return Actor("system", role=f"对接系统「{self.name}」")


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key without its secret; `prefix` is what may be shown."""

    id: UUID
    partner: PartnerView
    prefix: str
    note: str
    scopes: frozenset[Scope]
    networks: tuple[str, ...]
    per_minute: int
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def is_good(self, *, at: datetime) -> bool:
        """Whether it opens anything at this moment."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; `secret` is the whole of it, shown once and kept nowhere."""

    key: KeyView
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Quota:
    """How much of a key's minute is left, and in how many seconds the next one begins."""

    limit: int
    remaining: int
    resets_in: int


@dataclass(frozen=True, slots=True)
class EndpointView:
    """Where events are sent, without its secret."""

    id: UUID
    partner: UUID
    address: str
    kinds: tuple[Kind, ...]
    is_on: bool
    created_at: datetime
    previous_until: datetime | None
    failures: int
    rests_until: datetime | None


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """An endpoint with the secret it was just given, shown once."""

    endpoint: EndpointView
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class EventView:
    """Something that happened; `cursor` grows in the order in which events can be seen."""

    cursor: int
    id: UUID
    kind: Kind
    at: datetime
    data: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One event on its way to one endpoint; `status` is what the receiver answered last, None for nothing."""

    id: UUID
    endpoint: UUID
    address: str
    event: EventView
    state: DeliveryState
    attempts: int
    status: int | None
    reason: str
    next_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewHandover:
    """A hand-over just made; `token` opens it once and is kept nowhere."""

    id: UUID
    place: str
    expires_at: datetime
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HandoverView:
    """What somebody brings from a partner; the values stay sealed until a case asks for them."""

    id: UUID
    partner: str
    place: str
    owner: str
    programme: str
    variant: str
    district: str
    fields: tuple[str, ...]
    is_personal: bool
    expires_at: datetime
    opened_at: datetime | None


class WrongKey(YincaiError):
    """No key, or none that opens anything; the same words whatever is wrong with it."""

    def __init__(self) -> None:
        super().__init__(
            "密钥缺失、不正确、已过期或已撤销，没有办理。"
            "请在 Authorization 中带上有效的密钥，或联系发放密钥的单位。"
        )


class ScopeMissing(NotAllowed):
    """The key is good, but not for this."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(
            f"这把密钥没有「{scope.label}」（{scope.value}）的权限，没有办理。请联系发放密钥的单位调整。"
        )
        self.scope = scope


class AddressRefused(Invalid):
    """Events cannot be sent there."""


class QuotaSpent(YincaiError):
    """The key's minute is used up."""

    def __init__(self, quota: Quota) -> None:
        super().__init__(f"每分钟最多请求 {quota.limit} 次，现在已用完。请在 {quota.resets_in} 秒后再试。")
        self.quota = quota


class AnotherUnderThisKey(Invalid):
    """The Idempotency-Key was used for another request."""

    def __init__(self) -> None:
        super().__init__("这个 Idempotency-Key 已用于内容不同的另一次请求，没有办理。请为新的请求换一个。")
