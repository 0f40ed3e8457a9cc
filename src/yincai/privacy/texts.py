"""What people are told about their data, whatever the place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from yincai.foundation import clock
from yincai.ledger.vocabulary import EntryView
from yincai.messages.vocabulary import Texts
from yincai.people.vocabulary import Event as People
from yincai.privacy.vocabulary import AmendmentView, Event, Item, Standing


def told(entry: EntryView, *, link: str) -> Texts:
    """The texts about one event; `KeyError` for one that nobody is told of."""
    title, body = WORDS[entry.event]
    body = body.format(when=_when(entry))
    return Texts(
        title=title,
        body=f"{body}如果不是您本人操作，请马上修改密码。",
        sms=f"【引才】{body}不是您本人操作的，请马上修改密码。",
        email_subject=title,
        email_body=f"您好：\n\n{body}\n\n查看：{link}\n\n如果不是您本人操作，请马上修改密码。\n",
    )


def amended(asked: AmendmentView, *, link: str) -> Texts:
    """That something was put right or not, why, and what to do next."""
    approved = asked.standing is Standing.APPROVED
    title = "更正申请已通过" if approved else "更正申请没有通过"
    outcome = "已通过" if approved else "没有通过"
    happened = f"您关于「{asked.item.words}」的更正申请（{asked.number}）{outcome}。"
    more = NEXT[asked.item] if approved else f"原因：{asked.opinion}"
    return Texts(
        title=title,
        body=f"{happened}{more}",
        sms=f"【引才】{happened}{more if approved else '原因请登录查看。'}",
        email_subject=title,
        email_body=f"您好：\n\n{happened}{more}\n\n查看：{link}\n",
    )


NEXT: Final[Mapping[Item, str]] = {
    Item.NAME: "账号登记的姓名已经更正，原来的实名核验和刷脸认证不再有效，请重新认证。",
    Item.DOCUMENT: "账号登记的证件已经更正，原来的实名核验和刷脸认证不再有效，请重新认证。",
    Item.CASE: "更正已记入这件申请，以后办理以更正为准。",
    Item.CARD: "更正已记入这张电子卡的档案，需要换发的，窗口会通知您。",
    Item.OTHER: "已按您写的更正。",
}


def _when(entry: EntryView) -> str:
    at = entry.payload.get("at")
    return f"{clock.local(datetime.fromisoformat(at)):%Y年%-m月%-d日 %H:%M}" if isinstance(at, str) else ""


WORDS: Final[Mapping[str, tuple[str, str]]] = {
    People.CLOSING_ASKED: (
        "您申请了注销账号",
        "您的账号将在 {when} 注销。在这之前登录后到「我的个人信息」点一下「撤回注销」，账号就和原来一样。",
    ),
    People.CLOSING_TAKEN_BACK: ("注销申请已撤回", "您撤回了注销申请，账号和原来一样可以使用。"),
    People.CLOSING_STOPPED: (
        "账号没有注销",
        "到了注销的时间，但您有正在办理的申请或工作人员岗位，账号没有注销，可以照常使用。办结后可以重新申请注销。",
    ),
    Event.COPY_READY: (
        "个人信息副本可以下载了",
        "您申请的个人信息副本已经生成。请登录后到「我的个人信息」下载，页面上写着保存到什么时候，过期销毁。",
    ),
}
