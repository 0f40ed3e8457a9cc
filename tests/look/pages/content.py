"""内容管理: the list, the form, a version in each standing, the preview."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests import personas
from tests.directory import editing
from tests.directory.asking import resident
from tests.directory.editing import changed, draft, editor, publish, sheet, submitted, withdraw
from tests.look.pages.album import Album, Cast
from yincai.directory import actions
from yincai.directory.actions import publish_library
from yincai.directory.vocabulary import VersionView

LONG = "关于做好二〇二六年度引进人才入户申请受理审核公示签发等全流程网上办理有关工作的通知" * 2


def at(version: VersionView, name: str = "version") -> str:
    """An address of a version."""
    return reverse(f"desk:content-{name}", args=[version.id])


def take_all(album: Album, cast: Cast) -> None:
    """Every page of the editors."""
    editor("fang"), editor("yu")
    first, second = (personas.sign_in(resident(one), second_factor=True) for one in ("fang", "yu"))
    publish_library(settings.PLACES / editing.PLACE)
    album.take("content, from the folder", first, reverse("desk:content"))
    for edition in ("draft", "submitted", "withdrawn"):
        album.take(f"content, no {edition}", first, f"{reverse('desk:content')}?edition={edition}")
    album.take("content, nothing found", first, f"{reverse('desk:content')}?q=没有的词")
    take_form(album, first)
    take_versions(album, first, second)


def take_form(album: Album, desk: Client) -> None:
    """A new writing, empty and wrong."""
    new = reverse("desk:content-new")
    album.take("new content", desk, new)
    wrong = {
        "_key": str(uuid4()),
        "_seen": "0",
        "since": "x",
        "until": "x",
        "address": "x",
        "number": "长" * 61,
    }
    album.take("new content, wrong", desk, new, wrong, status=422)


def take_versions(album: Album, first: Client, second: Client) -> None:
    """A version in each standing, for who wrote it and for who did not."""
    made = draft(title=LONG[:120], text=f"窗口休息。\nhttps://example.org/{'a' * 90}", new_until="2199-01-01")
    album.take("draft", first, at(made))
    album.take("draft, changed", first, at(made, "change"))
    album.take("preview", first, at(made, "preview"))
    album.take("preview of a tip", first, at(draft(shelf="tip"), "preview"))
    stale = {"_key": str(uuid4()), "_seen": "9", **editing.TYPED}
    album.take("draft, somebody was first", second, at(made, "change"), stale, status=409)
    out = publish(made)
    album.take("published", first, at(out))
    lacking = {"_key": str(uuid4()), "_seen": str(out.changes), "against": "1", "act": "withdraw"}
    album.take("withdrawn without a reason", first, at(out), lacking, status=422)
    newer = changed(out, title=LONG[:118], text="窗口照常。\n网上照常。", since="2199-01-01")
    waiting = actions.submit_draft(newer.id, actor=editor(), sheet=sheet(newer))
    album.take("waiting, own", first, at(waiting))
    album.take("waiting", second, at(waiting))
    late = {"_key": str(uuid4()), "_seen": "9", "act": "back", "reason": "标题不清"}
    album.take("waiting, somebody was first", second, at(waiting), late, status=409)
    album.take("published, with a draft", first, at(out))
    album.take("coming", first, at(publish(waiting)))
    album.take("withdrawn", first, at(withdraw(publish(submitted()))))
    album.take("content, filled", first, reverse("desk:content"))
