"""消息: what was done is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from yincai.messages import actions as messages
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
