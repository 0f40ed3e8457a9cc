"""What this room holds about somebody (door: `queries.held_about`)."""

from __future__ import annotations

from uuid import UUID

from yincai.directory.models import Request, Right
from yincai.foundation.held import HeldPart, of_rows


def held_about(account_id: UUID) -> tuple[HeldPart, ...]:
    """What somebody asked of the directory, with all that they wrote, and what they administer."""
    asked = of_rows(
        "requests",
        "单位、院校、专业和管理员权限的申请",
        Request.objects.filter(account_id=account_id).order_by("submitted_at", "id"),
        id="申请的编号",
        number="编号",
        place="地区",
        sort="种类",
        deed="申请事项",
        name="名称",
        code="统一社会信用代码",
        values="填写的内容",
        documents="附件",
        standing="状态",
        submitted_at="提交时间",
        decided_at="审核时间",
        opinion="审核意见",
    )
    rights = of_rows(
        "rights",
        "单位系统管理员权限",
        Right.objects.filter(account_id=account_id).order_by("since"),
        id="权限的编号",
        place="地区",
        request__name="单位",
        since="开通时间",
        ended_at="结束时间",
        reason="结束的原因",
    )
    return tuple(
        HeldPart(one.name, one.title, one.labels, one.rows, tuple(row["id"] for row in one.rows))
        for one in (asked, rights)
    )
