"""The shapes of events, endpoints and deliveries."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from yincai.api.shapes import Asked, Shape


class EventShape(Shape):
    """Something that happened; `data` depends on `type` and holds nothing personal."""

    id: UUID
    type: str
    timestamp: datetime
    cursor: int
    data: dict[str, str | None]


class Events(Shape):
    """A page of events, oldest first."""

    events: list[EventShape]
    after: int = Field(description="最后读到的游标，下一次从这里接着读")
    has_more: bool


class EndpointAsked(Asked):
    """Where to send events."""

    address: str = Field(max_length=500, examples=["https://example.org/yincai-events"])
    kinds: list[str] = Field(min_length=1, max_length=10, examples=[["case.state_changed", "card.issued"]])


class EndpointShape(Shape):
    """Where events are sent."""

    id: UUID
    address: str
    kinds: list[str]
    is_on: bool
    created_at: datetime
    previous_secret_until: datetime | None = Field(description="更换密钥后，旧密钥同时签名到何时")
    failures: int = Field(description="连续失败的次数")
    rests_until: datetime | None = Field(description="连续失败后，暂停推送到何时")


class NewEndpointShape(EndpointShape):
    """An endpoint with the secret it was just given."""

    secret: str = Field(description="签名密钥，只在这里给出一次")


class Endpoints(Shape):
    """The endpoints of the key's partner."""

    endpoints: list[EndpointShape]


class SwitchAsked(Asked):
    """Whether events are sent."""

    is_on: bool


class DeliveryShape(Shape):
    """An event on its way to an endpoint."""

    id: UUID
    event: EventShape
    state: str = Field(description="waiting、delivered、parked、dropped 之一")
    attempts: int
    status: int | None = Field(description="对方最近一次的回答；没有回答时为空")
    reason: str
    next_at: datetime | None
    settled_at: datetime | None


class Deliveries(Shape):
    """A page of deliveries, newest event first."""

    deliveries: list[DeliveryShape]
    before: int = Field(description="下一页的游标；0 表示没有了")
