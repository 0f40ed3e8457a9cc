"""Writings to test with: two editors, what they type, and the steps until residents read it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from tests.directory.asking import phone_of
from yincai.directory import actions, queries
from yincai.directory.vocabulary import VersionView
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.people import actions as people
from yincai.people import queries as accounts

PLACE = "guangzhou"
NAMES = {"fang": "方编辑", "yu": "余编辑"}
TYPED = {
    "shelf": "notice",
    "title": "关于春节期间窗口安排的通知",
    "number": "穗人社通〔2026〕8号",
    "text": "2 月 15 日起窗口休息。\n网上照常受理。",
    "address": "",
    "since": "",
    "until": "",
    "new_until": "",
}


def editor(name: str = "fang", *, place: str = PLACE, office: str = "city", role: str = "editor") -> Actor:
    """Somebody who edits what the place publishes."""
    account = accounts.account_named(name)
    if account is None:
        account = people.register_account(username=name, password=None, phone=phone_of(name))
        people.appoint_staff(
            account, actor=SYSTEM, place=place, office=office, role=role, name=NAMES.get(name, "文编辑")
        )
    return Actor("staff", account.pk)


def sheet(version: VersionView, *, key: UUID | None = None) -> actions.Sheet:
    """What the form of a version carries."""
    return actions.Sheet(version.changes, key or uuid4())


def draft(by: str = "fang", *, key: UUID | None = None, **typed: str) -> VersionView:
    """A new writing, kept as a draft."""
    return actions.write_writing(PLACE, actor=editor(by), typed={**TYPED, **typed}, key=key or uuid4())


def changed(version: VersionView, by: str = "fang", **typed: str) -> VersionView:
    """The next version of a published writing, as a draft that says something else."""
    words = {**TYPED, "shelf": version.shelf.value, "title": version.title, **typed}
    return actions.change_writing(version.id, actor=editor(by), typed=words, sheet=sheet(version))


def submitted(by: str = "fang", **typed: str) -> VersionView:
    """A new writing that waits to be published."""
    made = draft(by, **typed)
    return actions.submit_draft(made.id, actor=editor(by), sheet=sheet(made))


def publish(version: VersionView, by: str = "yu", **more: Any) -> VersionView:
    """Have it read from its day on; a draft is submitted by its author first."""
    if version.edition == "draft":
        author = Actor("staff", version.author)
        version = actions.submit_draft(version.id, actor=author, sheet=sheet(version))
    force = queries.version_in_force(version.place, version.name)
    against = more.pop("against", force.version if force else 0)
    return actions.publish_version(
        version.id, actor=editor(by), sheet=more.pop("sheet", sheet(version)), against=against
    )


def withdraw(version: VersionView, by: str = "yu", reason: str = "内容有误", **more: Any) -> VersionView:
    """Take it away from residents."""
    force = queries.version_in_force(version.place, version.name)
    against = more.pop("against", force.version if force else 0)
    used = more.pop("sheet", sheet(version))
    return actions.withdraw_version(version.id, actor=editor(by), sheet=used, against=against, reason=reason)
