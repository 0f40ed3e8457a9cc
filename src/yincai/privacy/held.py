"""What this room itself holds about somebody."""

from __future__ import annotations

from uuid import UUID

from yincai.foundation.held import HeldPart, of_rows
from yincai.privacy.models import DataCopy


def held_about(account_id: UUID) -> tuple[HeldPart, ...]:
    """The copies that were asked for."""
    return (
        of_rows(
            "copies",
            "个人信息副本",
            DataCopy.objects.filter(account_id=account_id).order_by("asked_at"),
            state="状态",
            asked_at="申请时间",
            ready_at="生成时间",
            ends_at="销毁时间",
        ),
    )
