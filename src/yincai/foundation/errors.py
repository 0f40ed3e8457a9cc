"""Errors that reach people.  Each carries a Chinese sentence: what happened, what it means, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FORGOTTEN = "已按本人申请销毁"
"""What people read where something was that nobody can open any more (`vault.Forgotten`)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what was entered: where (`path`, e.g. `family.3.name`) and a sentence about it."""

    path: str
    message: str


class YincaiError(Exception):
    """An act was refused or failed; `sentence` is shown as it stands and never holds personal data."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class OurFault(YincaiError):
    """Something of ours is broken: nobody did anything wrong, and an operator must know (HTTP 500)."""


class NotNow(OurFault):
    """Something that we need is away; later the same will work (HTTP 503)."""


class NotAllowed(YincaiError):
    """The actor sees the thing but may not do this to it (HTTP 403)."""

    def __init__(
        self, sentence: str = "您没有办理这一步的权限，未作任何改动。如认为有误，请联系本单位管理员。"
    ) -> None:
        super().__init__(sentence)


class NotFound(YincaiError):
    """There is no such thing, or none that the actor may see (HTTP 404)."""

    def __init__(
        self, sentence: str = "没有找到您要的内容，它可能已不存在，或不在您的名下。请返回上一页重新选择。"
    ) -> None:
        super().__init__(sentence)


class SomeoneWasFirst(YincaiError):
    """The thing changed between reading and writing; nothing was written (HTTP 409)."""

    def __init__(
        self,
        sentence: str = "这项内容刚刚被他人或另一设备改动，您的操作没有生效。请刷新页面，核对后再试。",
    ) -> None:
        super().__init__(sentence)


class Invalid(YincaiError):
    """What was entered cannot be taken as it is (HTTP 422); `problems` says where and why."""

    def __init__(
        self,
        sentence: str = "填写的内容有误，尚未提交。请按提示修改后再试。",
        *,
        problems: Sequence[Problem] = (),
    ) -> None:
        super().__init__(sentence)
        self.problems: list[Problem] = list(problems)
