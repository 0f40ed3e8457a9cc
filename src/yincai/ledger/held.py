"""What this room holds about somebody (door: `queries.held_about`)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from yincai.foundation.held import HeldPart
from yincai.ledger import models
from yincai.ledger.vocabulary import Kind
from yincai.ledger.words import words_of

EVENTS = {
    "chain": "所属事项的编号",
    "sequence": "序号",
    "event": "事件",
    "by": "办理人身份",
    "role": "岗位",
    "office": "机构",
    "at": "时间",
    "payload": "要点",
    "hash": "记录的校验值",
}
LOOKS = {
    "chain": "所属事项的编号",
    "role": "查看人的岗位",
    "office": "查看人的机构",
    "what": "查看的内容",
    "purpose": "理由",
    "at": "时间",
}


def held_about(account_id: UUID, *, chains: Collection[UUID] = ()) -> tuple[HeldPart, ...]:
    """What happened on the chain of the account and on these, and who of the staff looked at what and why.

    Nobody is named but by their role and office.  What officers wrote among themselves is not in it.
    """
    wanted = {account_id, *chains}
    about = models.Entry.objects.filter(chain__in=wanted).order_by("at", "id")
    changes, looks = list(about.filter(kind=Kind.CHANGE)), list(about.filter(kind=Kind.READ))
    words = words_of(looks)
    return (
        HeldPart("events", "办理记录", EVENTS, tuple(_event(one) for one in changes)),
        HeldPart("looks", "谁看过我的资料", LOOKS, tuple(_look(one, words.get(one.pk, {})) for one in looks)),
    )


def _event(row: models.Entry) -> dict[str, Any]:
    return {
        "chain": row.chain,
        "sequence": row.sequence,
        "event": row.event,
        "by": row.actor_kind,
        "role": row.actor_role,
        "office": row.office,
        "at": row.at,
        "payload": row.payload,
        "hash": bytes(row.hash).hex(),
    }


def _look(row: models.Entry, words: dict[str, str]) -> dict[str, Any]:
    stated = words.get("purpose") or words.get("")
    return {
        "chain": row.chain,
        "role": row.actor_role,
        "office": row.office,
        "what": row.payload.get("what", ""),
        "purpose": stated or row.payload.get("purpose", ""),
        "at": row.at,
    }
