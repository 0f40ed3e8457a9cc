"""The small cast of this room's tests, and what they are told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yincai.messages import actions
from yincai.messages.models import Message
from yincai.messages.vocabulary import Texts

NEWS = Texts(title="申请已预受理", body="受理编号 RC1。", sms="【样本】您的申请已预受理。")


@dataclass(frozen=True)
class Resident:
    """An account and the number of its phone (E.164)."""

    id: UUID
    phone: str


def told(
    account: Resident, *, texts: Texts = NEWS, key: str = "entry:1", case_id: UUID | None = None
) -> tuple[UUID, ...]:
    """Tells one resident the usual news."""
    return actions.tell(
        account.id, template_name="case.submitted", texts=texts, case_id=case_id, idempotency_key=key
    )


def sms_told(account: Resident, *, key: str = "entry:1") -> UUID:
    """Tells one resident by SMS alone and returns the message's id."""
    [message_id] = told(account, texts=Texts(sms=NEWS.sms), key=key)
    return message_id


def row(message_id: UUID) -> Message:
    """The message as it is stored now."""
    return Message.objects.get(pk=message_id)
