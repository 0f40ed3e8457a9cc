"""What this room itself holds about somebody."""

from __future__ import annotations

from uuid import UUID

from yincai.foundation.held import HeldPart, of_rows
from yincai.privacy.models import Amendment, DataCopy


def held_about(account_id: UUID) -> tuple[HeldPart, ...]:
    """The copies that were asked for, and what was to be put right."""
    amendments = of_rows(
        "amendments",
        "更正申请",
        Amendment.objects.filter(account_id=account_id).order_by("submitted_at", "id"),
        id="申请的编号",
        number="编号",
        place="地区",
        item="更正的内容",
        subject="申请或电子卡的编号",
        wrong="哪里不对",
        right="应该是什么",
        documents="证明材料",
        standing="状态",
        submitted_at="提交时间",
        decided_at="办结时间",
        opinion="意见",
    )
    written = {
        "right.name": "姓名",
        "right.kind": "证件类型",
        "right.number": "证件号码",
        "right.text": "说明",
    }
    chains = tuple(row["id"] for row in amendments.rows)
    return (
        HeldPart("amendments", amendments.title, {**amendments.labels, **written}, amendments.rows, chains),
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
