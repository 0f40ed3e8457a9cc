"""How long each kind of personal data is kept: declared, never decided in code.

The platform's own declaration is `data/retention.yaml`; a place may keep what belongs to it longer or shorter
(`places/<place>/retention.yaml`).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Kept(StrEnum):
    """A kind of what is kept."""

    DRAFT = "draft"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    DECIDED = "decided"
    LOOSE_UPLOAD = "loose_upload"
    DIRECTORY_REQUEST = "directory_request"
    TICKET = "ticket"
    COMPLAINT = "complaint"
    AMENDMENT = "amendment"
    MESSAGE = "message"
    SIGN_IN = "sign_in"
    EXPORT = "export"
    DATA_COPY = "data_copy"

    @property
    def words(self) -> str:
        """What people call it."""
        return WORDS[self][0]

    @property
    def since(self) -> str:
        """From when its period counts."""
        return WORDS[self][1]


WORDS: Final = {
    Kept.DRAFT: ("没有提交的草稿", "最后一次保存"),
    Kept.WITHDRAWN: ("撤回的申请", "撤回"),
    Kept.REFUSED: ("没有通过的申请", "办结"),
    Kept.DECIDED: ("已通过的申请及其电子卡", "办结，电子卡仍有效的从卡到期"),
    Kept.LOOSE_UPLOAD: ("上传后没有用上的文件", "上传"),
    Kept.DIRECTORY_REQUEST: ("单位、院校、专业和管理员权限的申请", "办结"),
    Kept.TICKET: ("求助和答复", "结束"),
    Kept.COMPLAINT: ("投诉和答复", "答复"),
    Kept.AMENDMENT: ("更正申请", "办结"),
    Kept.MESSAGE: ("站内消息、短信和邮件的内容", "写成"),
    Kept.SIGN_IN: ("登录记录", "登录"),
    Kept.EXPORT: ("工作人员导出的表格", "导出"),
    Kept.DATA_COPY: ("个人信息副本", "生成"),
}
OF_PLACES: Final = frozenset(
    {
        Kept.DRAFT,
        Kept.WITHDRAWN,
        Kept.REFUSED,
        Kept.DECIDED,
        Kept.DIRECTORY_REQUEST,
        Kept.TICKET,
        Kept.COMPLAINT,
        Kept.AMENDMENT,
    }
)
"""The kinds that belong to a place; the others belong to the account, whatever its places."""
OF_PROGRAMMES: Final = frozenset({Kept.DRAFT, Kept.WITHDRAWN, Kept.REFUSED, Kept.DECIDED})


class Unit(StrEnum):
    """In what a period is counted."""

    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


UNIT_WORDS: Final = {Unit.DAYS: "天", Unit.MONTHS: "个月", Unit.YEARS: "年"}


@dataclass(frozen=True, slots=True)
class Period:
    """So many days of 24 hours, or calendar months or years."""

    amount: int
    unit: Unit

    def after(self, moment: datetime) -> datetime:
        """When it is over that began at this moment; of a month without that day, its last day."""
        if self.unit is Unit.DAYS:
            return moment + timedelta(days=self.amount)
        return _months(moment, self.amount * (12 if self.unit is Unit.YEARS else 1))

    def before(self, moment: datetime) -> datetime:
        """What began before this is over at `moment`, or within three days of it."""
        if self.unit is Unit.DAYS:
            return moment - timedelta(days=self.amount)
        return _months(moment, -self.amount * (12 if self.unit is Unit.YEARS else 1))

    @property
    def words(self) -> str:
        """In Chinese: 30 年."""
        return f"{self.amount} {UNIT_WORDS[self.unit]}"


def _months(moment: datetime, number: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + number, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind, how long it is kept, and why that long (`law`, in words that a resident reads)."""

    kind: Kept
    period: Period
    law: str


@dataclass(frozen=True, slots=True)
class Retention:
    """What is declared for the platform, or for one place on top of it.

    `cooling_off`: days in which somebody who asked for their account to be erased may take that back.
    `programmes`: what differs for the cases of a programme.
    """

    rules: Mapping[Kept, Rule]
    cooling_off: int = 7
    programmes: Mapping[str, Mapping[Kept, Rule]] = field(default_factory=dict)

    def rule(self, kind: Kept, *, programme: str = "") -> Rule:
        """What counts for a kind, in the cases of a programme if it is named."""
        return self.programmes.get(programme, {}).get(kind) or self.rules[kind]

    def with_place(self, place: Retention) -> Retention:
        """The same where a place has declared something of its own."""
        return replace(self, rules={**self.rules, **place.rules}, programmes=place.programmes)
