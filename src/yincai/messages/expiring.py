"""Documents of the library that end soon: told at thirty and at seven days, each once (private here)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from yincai.documents import queries as documents
from yincai.documents.vocabulary import ExpiringEntry
from yincai.foundation.days import day_in_words
from yincai.messages import actions
from yincai.messages.models import Message
from yincai.messages.vocabulary import Channel, Texts

DAYS: Final = (30, 7)
TEMPLATE: Final = "library.expiring"
TITLE = "您资料库里的{title}快到期了"
BODY = "您放在资料库里的“{title}”有效期到{day}。换了新证件后，请在「我的资料库」里上传新的，并删除旧的。"
SMS = "您资料库里的“{title}”{day}到期。换了新证件后，请登录平台，在「我的资料库」里更新。"
LETTER = "您好：\n\n" + BODY + "\n\n查看：{link}\n\n这是系统邮件，请勿直接回复。\n"


def tell_of_expiring(*, on: date, link: str) -> int:
    """Tell the owners of documents that have come within one of `DAYS` before their last day; how many.

    Once a document, last day and step, however often it runs; a day on which nobody ran is caught up.  By
    SMS only at seven days.  A document given another last day is told of anew.
    """
    entries = documents.expiring_entries(first=on, last=on + timedelta(days=DAYS[0]))
    keys = {_key(one, on): one for one in entries}
    known = Message.objects.filter(idempotency_key__in=[f"{key}:{Channel.INBOX}" for key in keys])
    told = set(known.values_list("idempotency_key", flat=True))
    fresh = {key: one for key, one in keys.items() if f"{key}:{Channel.INBOX}" not in told}
    for key, one in fresh.items():
        texts = _texts(one, link, by_sms=_step(one, on) == DAYS[-1])
        actions.tell(one.owner, template_name=TEMPLATE, texts=texts, case_id=None, idempotency_key=key)
    return len(fresh)


def _step(entry: ExpiringEntry, on: date) -> int:
    return min(days for days in DAYS if entry.expires_on <= on + timedelta(days=days))


def _key(entry: ExpiringEntry, on: date) -> str:
    return f"library:{entry.id}:{entry.expires_on}:{_step(entry, on)}"


def _texts(entry: ExpiringEntry, link: str, *, by_sms: bool) -> Texts:
    words = {"title": entry.type_title, "day": day_in_words(entry.expires_on), "link": link}
    return Texts(
        title=TITLE.format(**words),
        body=BODY.format(**words),
        sms=SMS.format(**words) if by_sms else "",
        email_subject=TITLE.format(**words),
        email_body=LETTER.format(**words),
    )
