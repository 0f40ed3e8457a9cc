"""消息: what was done is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from yincai.foundation import clock
from yincai.messages import actions as messages
from yincai.messages import queries
from yincai.messages.vocabulary import Texts


def test_message_marked_as_read_is_told(
    cast: Callable[[str], Any], browser_of: Callable[[str], Client]
) -> None:
    told = Texts(title="申请已受理", body="请等待审核。")
    (message, *_) = messages.tell(
        cast("applicant").pk, template_name="test", texts=told, case_id=None, idempotency_key="one"
    )

    page = browser_of("applicant").post(reverse("portal:read", args=[message]), follow=True).content.decode()

    assert "这条消息已标为已读。" in page
    assert "标为已读<" not in page


def test_everything_is_marked_as_read_at_once_and_only_mine(
    cast: Callable[[str], Any], browser_of: Callable[[str], Client]
) -> None:
    mine, other = cast("applicant").pk, cast("spouse").pk
    for number, account in enumerate([mine, mine, mine, other]):
        told = Texts(title=f"消息 {number}", body="请等待审核。")
        messages.tell(account, template_name="test", texts=told, case_id=None, idempotency_key=str(number))
    browser = browser_of("applicant")
    assert "全部标为已读（3 条）" in browser.get(reverse("portal:inbox")).content.decode()

    shown_at = clock.now()
    late = Texts(title="后来的消息", body="请补正。")
    messages.tell(mine, template_name="test", texts=late, case_id=None, idempotency_key="late")

    until = {"until": shown_at.isoformat()}
    page = browser.post(reverse("portal:read-all"), until, follow=True).content.decode()
    assert "全部标为已读（1 条）" in page  # nobody has seen that one
    browser.post(reverse("portal:read-all"))
    again = browser.post(reverse("portal:read-all"), follow=True).content.decode()

    assert "3 条未读消息已标为已读。" in page
    assert "全部标为已读（" not in again
    assert "没有未读的消息。" in again
    assert (queries.unread_count(mine), queries.unread_count(other)) == (0, 1)


def test_older_messages_are_a_page_further(
    cast: Callable[[str], Any], browser_of: Callable[[str], Client]
) -> None:
    account = cast("applicant").pk
    for number in range(queries.PAGE + 2):
        told = Texts(title=f"第 {number} 号消息", body="请等待审核。")
        messages.tell(account, template_name="test", texts=told, case_id=None, idempotency_key=str(number))
    browser = browser_of("applicant")

    first = browser.get(reverse("portal:inbox")).content.decode()
    link = re.search(r'href="(\?after=[^"]+)"', first)
    assert link
    second = browser.get(reverse("portal:inbox") + link[1]).content.decode()

    assert (first.count("号消息"), second.count("号消息")) == (2 * queries.PAGE, 2 * 2)
    assert "第 1 号消息" in second
    assert "第 0 号消息" in second
    assert "更早的消息" not in second
    assert "最新的消息" in second
