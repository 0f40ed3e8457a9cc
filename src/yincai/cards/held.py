"""What this room holds about somebody (door: `queries.held_about`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from yincai.cards.holders import HolderData
from yincai.cards.models import Card
from yincai.cards.substitutes import substitutes_of
from yincai.cards.vocabulary import CardState
from yincai.foundation.held import HeldPart

LABELS = {
    "id": "卡的编号",
    "number": "卡号",
    "title": "名称",
    "kind": "种类",
    "receipt": "是受理回执",
    "place": "地区",
    "programme": "事项",
    "case": "所属申请",
    "state": "状态",
    "ordered_at": "制卡时间",
    "issued_on": "发卡日期",
    "valid_until": "有效期至",
    "end_reason": "注销的原因",
    "name": "持卡人",
    "printed": "卡面内容",
    "has_photo": "有照片",
    "code": "验证码",
    "substitutes": "代用字",
    "sha256": "文件的 SHA-256 校验值",
}


def held_about(account_id: UUID) -> tuple[HeldPart, ...]:
    """Every card and sealed receipt of somebody, with all that is printed on it."""
    found = Card.objects.filter(holder_account=account_id).order_by("ordered_at", "pk")
    rows = tuple(_row(one) for one in found)
    return (HeldPart("cards", "电子卡与受理回执", LABELS, rows, tuple(row["id"] for row in rows)),)


def _row(found: Card) -> Mapping[str, Any]:
    holder = HolderData.unsealed(found.holder, card_id=found.pk) if found.holder else None
    return {
        "id": found.pk,
        "number": found.number,
        "title": found.title,
        "kind": found.kind,
        "receipt": found.paper,
        "place": found.place,
        "programme": found.programme,
        "case": found.case_id,
        "state": CardState(found.state).label,
        "ordered_at": found.ordered_at,
        "issued_on": found.issued_on,
        "valid_until": found.valid_until,
        "end_reason": found.end_words,
        "name": holder.name if holder else "",
        "printed": dict(holder.printed) if holder else {},
        "has_photo": bool(holder and holder.photo),
        "code": holder.code if holder and found.sealed_at else "",
        "substitutes": substitutes_of(found.case_id),
        "sha256": found.pdf_sha256,
    }
