"""The words of the room: authorities, purposes, states, errors, limits.  Imports nothing of ours but
`foundation`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from yincai.foundation.errors import YincaiError

SELF_TELLING = ("111", "L01", "L02", "553")
"""Kinds of document whose numbers tell the kind by their form (GB 11643-1999 and its like)."""


class Registry(StrEnum):
    """An outside authority that is asked about a person, only with their consent."""

    REAL_NAME = "real_name"

    @property
    def words(self) -> str:
        """What people call it."""
        return {"real_name": "公安部门实名核验"}[self.value]


class Why(StrEnum):
    """For what a registry may be asked."""

    REGISTRATION = "registration"

    @property
    def words(self) -> str:
        """The purpose as people read it."""
        return {"registration": "核对您注册时填写的姓名和证件号码是否一致"}[self.value]


WORDING = {(Registry.REAL_NAME, Why.REGISTRATION): 1}
"""Which version of the consent's words is shown now; another wording gets another number."""


class Event(StrEnum):
    """What the ledger hears from this room; the chain is the account's id."""

    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    REAL_NAME_ANSWERED = "real_name.answered"


class RealName(StrEnum):
    """What the real-name registry said."""

    MATCH = "match"
    NO_MATCH = "no_match"
    UNKNOWN = "unknown"

    @property
    def sentence(self) -> str:
        """What it means for the person."""
        return {
            "match": "姓名和证件号码一致。",
            "no_match": "姓名和证件号码不一致。请到受理窗口出示证件原件更正。",
            "unknown": "核验机构没有查到这个证件。不影响办理，需要时由工作人员核对证件原件。",
        }[self.value]


class FaceState(StrEnum):
    """Where a face check stands; all but the first two are ends."""

    WAITING = "waiting"
    SCANNED = "scanned"
    APPROVED = "approved"
    REFUSED = "refused"
    FOREIGN = "foreign"
    EXPIRED = "expired"
    UNTRUSTED = "untrusted"

    @property
    def is_open(self) -> bool:
        """Whether it may still be approved."""
        return self in (FaceState.WAITING, FaceState.SCANNED)

    @property
    def sentence(self) -> str:
        """What it means, and what to do next."""
        return FACE_SENTENCES[self]


FACE_SENTENCES = {
    FaceState.WAITING: "请用手机扫描二维码。",
    FaceState.SCANNED: "已扫码。请在手机上完成刷脸并同意。",
    FaceState.APPROVED: "刷脸认证已通过。",
    FaceState.REFUSED: "您在手机上拒绝了这次认证，没有登录，也没有提供任何信息。需要时请重新获取二维码。",
    FaceState.FOREIGN: "刷脸的不是这个账号的本人，没有通过。请由本人重新获取二维码后认证。",
    FaceState.EXPIRED: "二维码已超过 180 秒，不能再用。请重新获取二维码。",
    FaceState.UNTRUSTED: "认证结果不完整或不是给这次认证的，没有采用。"
    "请重新获取二维码；仍不行请改用其他方式。",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom an authority vouches for.  Personal data: never log it, never put it into a job."""

    name: str
    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class FaceCheckView:
    """One face check as a page shows it; `scan` is where its picture leads."""

    id: UUID
    state: FaceState
    scan: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ChallengeView:
    """A text that the holder of a certificate signs."""

    id: UUID
    text: str
    expires_at: datetime


class AuthorityAway(YincaiError):
    """An outside authority cannot be reached or answers nonsense; what was asked can be asked again."""

    def __init__(self, title: str, reason: str = "") -> None:
        self.reason = reason
        super().__init__(f"{title}暂时没有回应，这一步没有办成。请稍后再试，或改用其他方式登录。")


class NotThisBrowser(YincaiError):
    """The check was not begun in this browser, was used already, or is none."""

    def __init__(self) -> None:
        super().__init__("这次认证不是在这个浏览器里开始的，或者已经用过。请重新开始。")


class CertificateRefused(YincaiError):
    """A signed challenge is not taken; the sentence says which of its conditions is not met."""


FACE_SECONDS = 180
CHALLENGE_GOOD_FOR = timedelta(minutes=10)
FORGOTTEN_AFTER = timedelta(days=1)
LONGEST_SIGNATURE = 65_536
