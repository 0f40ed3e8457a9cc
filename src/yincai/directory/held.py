"""What this room holds about somebody (door: `queries.held_about`)."""

from __future__ import annotations

from uuid import UUID

from yincai.directory.models import Complaint, Request, Right, Ticket, TicketMessage
from yincai.directory.ticket_words import Part
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
    told = tuple(
        HeldPart(one.name, one.title, one.labels, one.rows, tuple(row["id"] for row in one.rows))
        for one in (asked, rights, _tickets(account_id), _complaints(account_id))
    )
    return (*told, _said(account_id))


def _tickets(account_id: UUID) -> HeldPart:
    part = of_rows(
        "tickets",
        "求助",
        Ticket.objects.filter(account_id=account_id).order_by("asked_at", "id"),
        id="求助的编号",
        number="编号",
        place="地区",
        office="受理机构",
        topic="问题类型",
        name="姓名",
        phone="联系电话",
        context="一并提供的内容",
        standing="状态",
        asked_at="提交时间",
        answered_at="答复时间",
        closed_at="结束时间",
    )
    along = {f"context.{one.value}": one.words for one in Part}
    return HeldPart(part.name, part.title, {**part.labels, **along}, part.rows)


def _said(account_id: UUID) -> HeldPart:
    """Everything that was said, the answers too; who answered is the office's."""
    return of_rows(
        "ticket_messages",
        "求助的问题和答复",
        TicketMessage.objects.filter(ticket__account_id=account_id).order_by("at", "id"),
        ticket_id="求助的编号",
        number="第几条",
        text="内容",
        documents="附件",
        at="时间",
    )


def _complaints(account_id: UUID) -> HeldPart:
    part = of_rows(
        "complaints",
        "投诉",
        Complaint.objects.filter(account_id=account_id).order_by("submitted_at", "id"),
        id="投诉的编号",
        number="编号",
        place="地区",
        against="投诉什么",
        office="机构",
        officer="工作人员",
        case="申请编号",
        text="投诉内容",
        is_anonymous="匿名",
        contact="联系方式",
        documents="附件",
        standing="状态",
        submitted_at="提交时间",
        answered_at="答复时间",
        outcome="核查结果",
        answer="答复",
    )
    within = {"contact.name": "姓名", "contact.phone": "联系电话"}
    return HeldPart(part.name, part.title, {**part.labels, **within}, part.rows)
