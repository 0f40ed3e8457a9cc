"""What this room holds about somebody (door: `queries.held_about`)."""

from __future__ import annotations

from uuid import UUID

from yincai.foundation.held import HeldPart, of_rows
from yincai.messages.models import Message, SwitchedOff


def held_about(account_id: UUID) -> tuple[HeldPart, ...]:
    """Everything that the owner was told, with its text, and the channels that they switched off."""
    told = of_rows(
        "messages",
        "消息",
        Message.objects.filter(account_id=account_id).order_by("created_at", "id"),
        id="编号",
        channel="渠道",
        template="事由",
        content="内容",
        case_id="申请编号",
        state="状态",
        failure="未送达的原因",
        created_at="写成时间",
        sent_at="发送时间",
        read_at="阅读时间",
    )
    labels = {**told.labels, "content.title": "标题", "content.body": "正文", "content.until": "有效期至"}
    return (
        HeldPart(told.name, told.title, labels, told.rows),
        of_rows(
            "channels_off",
            "关闭的通知渠道",
            SwitchedOff.objects.filter(account_id=account_id).order_by("channel"),
            channel="渠道",
        ),
    )
