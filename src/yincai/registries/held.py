"""What this room holds about somebody (door: `queries.held_about`)."""

from __future__ import annotations

from uuid import UUID

from yincai.foundation.held import HeldPart, of_rows
from yincai.registries.models import Consent, FaceCheck, RealNameAnswer


def held_about(account_id: UUID) -> tuple[HeldPart, ...]:
    """Consents, what the real-name registry said, and face checks that were begun."""
    return (
        of_rows(
            "consents",
            "授权记录",
            Consent.objects.filter(account_id=account_id).order_by("given_at", "id"),
            registry="查询的机构",
            purpose="用途",
            wording="授权书版本",
            given_at="授权时间",
            withdrawn_at="撤回时间",
        ),
        of_rows(
            "real_name_answers",
            "实名核验结果",
            RealNameAnswer.objects.filter(pk=account_id),
            result="结果",
            reference="核验机构的流水号",
            at="时间",
        ),
        of_rows(
            "face_checks",
            "刷脸认证",
            FaceCheck.objects.filter(account_id=account_id).order_by("opened_at"),
            state="状态",
            opened_at="开始时间",
            used_at="使用时间",
        ),
    )
