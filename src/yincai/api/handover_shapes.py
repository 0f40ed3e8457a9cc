"""The shapes of handing somebody over."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from yincai.api.names import NAME
from yincai.api.shapes import Asked, Shape


class ConsentAsked(Asked):
    """That the person agreed to what is handed over of them."""

    given_at: AwareDatetime = Field(
        description="申请人同意的时间，不晚于现在", examples=["2026-11-23T08:00:00+08:00"]
    )
    evidence: str = Field(min_length=1, max_length=200, description="同意的凭据，例如贵方记录的编号")


class HandoverAsked(Asked):
    """Somebody who is sent here, and what is known already."""

    programme: str = Field(pattern=NAME, description="事项的名称")
    place: str = Field("", pattern="^[a-z0-9_-]{0,60}$", description="事项所属的地区；空为密钥所属的地区")
    variant: str = Field("", max_length=20, description="种类的代码")
    district: str = Field("", pattern="^([0-9]{6})?$", description="办理区域的六位区划代码")
    values: dict[str, Annotated[str, StringConstraints(max_length=2000)]] = Field(
        default_factory=dict, description="申请表各项的内容，按申请表的名称；证件为 名称.type 和 名称.number"
    )
    consent: ConsentAsked | None = Field(None, description="涉及个人的内容须有申请人同意")


class HandoverShape(Shape):
    """Where the person goes on."""

    id: UUID
    address: str = Field(description="请让申请人在自己的浏览器中打开；只能打开一次")
    expires_at: datetime
