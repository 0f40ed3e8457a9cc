"""The shapes of what is asked and answered: the one source of the OpenAPI document's schemas."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field


class Shape(Schema):
    """What is answered."""


class Asked(Schema):
    """What is asked: an unknown name is refused, so that a slip of the pen is not overlooked."""

    model_config = ConfigDict(extra="forbid")


class Finding(Shape):
    """One thing wrong with a request."""

    pointer: str = Field(description="正文中的位置（JSON Pointer），或 query:、path: 后面的名称")
    detail: str = Field(description="哪里不对，怎么改")


class ProblemShape(Shape):
    """A problem (RFC 9457)."""

    type: str = Field(description="问题的种类，不会改变", examples=["urn:yincai:problem:invalid"])
    title: str = Field(description="这一种类的名称", examples=["填写的内容有误"])
    status: int = Field(examples=[422])
    detail: str = Field(description="这一次发生了什么，接下来怎么办")
    errors: list[Finding] = Field(default_factory=list, description="逐项的问题；没有时不出现")


class OfficeShape(Shape):
    """A window or office of a place."""

    name: str
    title: str
    address: str
    phone: str
    hours: str


class PlaceShape(Shape):
    """A place whose services run here."""

    name: str = Field(examples=["city"])
    title: str
    owner: str = Field(description="主管单位")
    offices: list[OfficeShape]


class Places(Shape):
    """Every place."""

    places: list[PlaceShape]


class ApplicationShape(Shape):
    """A business system of a place's portal."""

    name: str
    title: str
    summary: str
    place: str = Field(description="所属地区；门户可以引入其他地区的系统")
    is_open: bool = Field(description="现在能否在本平台办理")
    programmes: list[str]


class Applications(Shape):
    """The business systems of a place's portal."""

    applications: list[ApplicationShape]


class ProgrammeLine(Shape):
    """A programme in a list."""

    place: str
    name: str
    title: str
    summary: str
    version: int = Field(description="已发布的版本号，内容改变就增加")
    published_at: datetime
    page: str = Field(description="给申请人看的网页")


class Programmes(Shape):
    """The programmes of a place."""

    programmes: list[ProgrammeLine]


class VariantShape(Shape):
    """One of the things that can be applied for under a programme."""

    code: str
    title: str
    summary: str
    conditions: list[str] = Field(description="申请条件，逐条")
    is_offered: bool
    regions: list[str] = Field(description="可以办理的区划代码；空表示不限")


class MaterialShape(Shape):
    """A document that an applicant hands in."""

    name: str
    title: str
    form: str = Field(description="原件、复印件等")
    required: str = Field(description="always 必交，depends 视情况，optional 选交")
    accept: list[str] = Field(description="可以上传的文件种类")
    most_files: int
    hint: str


class TimeShape(Shape):
    """How long a stage takes."""

    state: str
    title: str
    amount: int
    unit: str = Field(description="working_days 工作日 等")


class ProgrammeShape(ProgrammeLine):
    """A programme whole."""

    who: str
    minutes: int = Field(description="填写大约需要几分钟")
    cost: str
    duration: str
    legal_basis: list[str]
    variants: list[VariantShape]
    materials: list[MaterialShape]
    times: list[TimeShape]


class CardAsked(Asked):
    """A card to verify: what is printed on it."""

    number: str = Field(min_length=1, max_length=60, description="卡号", examples=["A2026000001"])
    code: str = Field(min_length=1, max_length=40, description="验证码", examples=["ABCD-EFGH-IJKL-MNOP"])


class CardShape(Shape):
    """The minimum that a stranger learns about a card that exists."""

    title: str
    kind: str
    number: str
    masked_holder: str
    authority: str
    issued_on: date | None
    valid_until: date | None
    is_sample: bool
    is_receipt: bool


class Verified(Shape):
    """Whether a card is good."""

    status: str = Field(description="valid、replaced、cancelled、expired、altered、unknown 之一")
    label: str
    sentence: str
    card: CardShape | None = Field(description="查无此卡或已被改动时没有")


class StatusShape(Shape):
    """Where a case stands: no name, no number of a document, no answer."""

    reference: str = Field(description="受理编号")
    programme: str
    variant: str
    title: str = Field(description="事项和种类的名称")
    state: str
    state_title: str
    since: datetime = Field(description="从何时起是这个状态")
    due_at: datetime | None = Field(description="这一环节应在何时前办完；没有时限时为空")
    received_at: datetime = Field(description="首次提交的时间")
    is_ended: bool


class Statuses(Shape):
    """A page of cases."""

    cases: list[StatusShape]
    after: str = Field(description="下一页的游标；空表示没有了")


class RecordShape(Shape):
    """An organisation, school or major as it counts today."""

    id: UUID
    sort: str = Field(description="organisation、school、major 之一")
    name: str
    code: str = Field(description="统一社会信用代码、院校代码或专业代码")
    facts: dict[str, str]
    valid_from: date
    is_example: bool = Field(description="示例数据，正式名录未公布")


class Records(Shape):
    """A page of a search, closest name first."""

    records: list[RecordShape]
    after: str = Field(description="下一页的游标；空表示没有了")


JSONObject = dict[str, Any]
