"""What people are told about their data, whatever the place."""

from __future__ import annotations

from yincai.ledger.vocabulary import EntryView
from yincai.messages.vocabulary import Texts
from yincai.privacy.vocabulary import COPY_KEPT, Event


def told(entry: EntryView, *, link: str) -> Texts:
    """The texts about one event; `KeyError` for one that nobody is told of."""
    title, body = WORDS[Event(entry.event)]
    return Texts(
        title=title,
        body=f"{body}如果不是您本人操作，请马上修改密码。",
        sms=f"【引才】{body}不是您本人操作的，请马上修改密码。",
        email_subject=title,
        email_body=f"您好：\n\n{body}\n\n查看：{link}\n\n如果不是您本人操作，请马上修改密码。\n",
    )


WORDS = {
    Event.COPY_READY: (
        "个人信息副本可以下载了",
        f"您申请的个人信息副本已经生成，请在 {COPY_KEPT.days} 天内登录后到「我的个人信息」下载，过期销毁。",
    ),
}
