"""What people are told about their requests to the directory, whatever the place."""

from __future__ import annotations

from django.conf import settings

from yincai.directory.vocabulary import (
    CLOSED_AFTER,
    TICKET_DAYS,
    ComplaintView,
    Deed,
    RequestView,
    Sort,
    Standing,
    TicketEvent,
    TicketView,
)
from yincai.messages.vocabulary import Texts

THINGS = {Sort.ORGANISATION: "单位", Sort.SCHOOL: "院校", Sort.MAJOR: "专业"}
DONE = {
    Deed.ADD: "现在可以按名称搜索到，回到申请里就能选用。",
    Deed.CHANGE: "修改后的内容已经登记，按生效日期启用。",
    Deed.ADMINISTER: "单位系统管理员权限已经开通，现在就可以使用。",
}


def decided(request: RequestView, *, place: str, link: str) -> Texts:
    """That a request was approved or refused, why, and what to do next."""
    asked = "单位系统管理员权限" if request.deed is Deed.ADMINISTER else f"{THINGS[request.sort]}信息"
    approved = request.standing is Standing.APPROVED
    outcome = "已通过" if approved else "没有通过"
    happened = f"您提交的{asked}申请（{request.number}，{request.name}）{outcome}。"
    more = DONE[request.deed] if approved else f"审核意见：{request.opinion} 请改好后重新提交。"
    return Texts(
        title=f"{asked}申请{outcome}",
        body=f"{happened}{more}",
        sms=f"【引才】{place}：{happened}{more}",
        email_subject=f"{asked}申请{outcome}",
        email_body=f"您好：\n\n{happened}{more}\n\n查看：{link}\n",
    )


def right_ended(name: str, *, reason: str, place: str) -> Texts:
    """That somebody no longer administers an organisation."""
    why = f"原因：{reason} " if reason else ""
    happened = f"您对{name}的单位系统管理员权限已取消。{why}再要使用，请重新申请。"
    return Texts(
        title="单位系统管理员权限已取消",
        body=happened,
        sms=f"【引才】{place}：{happened}",
        email_subject="单位系统管理员权限已取消",
        email_body=f"您好：\n\n{happened}\n",
    )


def ticket_news(ticket: TicketView, *, event: str, code: str) -> Texts | None:
    """That a question was answered; to somebody without an account also that it was taken, with the code by
    which they see the answer.  Never what was written."""
    place = f"{settings.BASE_URL}/place/{ticket.place}/support/"
    if ticket.account is None:
        way = f"凭编号和查询码 {code} 在 {place}progress/ 查看。"
        if event == TicketEvent.ASKED:
            taken = f"您的求助已收到，编号 {ticket.number}，{TICKET_DAYS} 个工作日内答复。"
            return Texts(sms=f"【引才】{taken}{way}")
        if event == TicketEvent.ANSWERED:
            return Texts(sms=f"【引才】您的求助 {ticket.number} 已答复，{way}")
        return None
    if event != TicketEvent.ANSWERED:
        return None
    happened = f"您的求助 {ticket.number}（{ticket.topic.words}）已答复。"
    more = f"还有问题可以接着问；{CLOSED_AFTER.days} 天内没有补充，这一件自动结束。"
    link = f"{place}tickets/{ticket.id}/"
    return Texts(
        title="求助已答复",
        body=f"{happened}{more}查看：{link}",
        sms=f"【引才】{happened}请登录后在「帮助与投诉」里查看。",
        email_subject="求助已答复",
        email_body=f"您好：\n\n{happened}{more}\n\n查看：{link}\n",
    )


def complaint_answered(complaint: ComplaintView) -> Texts:
    """That a complaint was answered; not about what, as others may see the phone."""
    link = f"{settings.BASE_URL}/place/{complaint.place}/complaints/{complaint.id}/"
    happened = f"您提交的 {complaint.number} 已书面答复。"
    return Texts(
        title="投诉已答复",
        body=f"{happened}查看：{link}",
        sms=f"【引才】{happened}请登录后查看。",
        email_subject=f"{complaint.number} 已答复",
        email_body=f"您好：\n\n{happened}\n\n查看：{link}\n",
    )
