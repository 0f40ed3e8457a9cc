"""Registering with one's real name, in one go.  Doors: `actions`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from yincai.foundation.errors import Invalid, Problem
from yincai.ledger.vocabulary import Actor
from yincai.people.agreements import accept_agreement
from yincai.people.identities import give_identity
from yincai.people.models import Account, Profile

LANDLINE = re.compile(r"\d{3,4}-\d{6,8}\Z")
LONGEST = {"workplace": 100, "note": 500}
WORDS = {"workplace": "所在单位", "note": "个人说明"}


@dataclass(frozen=True, slots=True)
class Person:
    """Who registers: the name and document, and what they add of their own accord.  Personal data."""

    name: str
    kind: str
    number: str = field(repr=False)
    workplace: str = ""
    landline: str = ""
    note: str = ""


def check_profile(person: Person) -> list[Problem]:
    """What is wrong with the things that somebody adds of their own accord."""
    problems = [
        Problem(name, f"{WORDS[name]}不能超过 {longest} 个字。请缩短后再提交。")
        for name, longest in LONGEST.items()
        if len(getattr(person, name)) > longest
    ]
    if person.landline and not LANDLINE.match(person.landline):
        problems.append(Problem("landline", "电话号码按“区号-号码”的格式填写，例如 020-83126088。"))
    return problems


def complete_person(account: Account | UUID, *, person: Person, agreement: UUID, actor: Actor) -> None:
    """Keep who the owner of an account is, what they add, and that they agreed; all of it or nothing.

    Raises `Invalid`, `DocumentTaken`, `HasIdentity`, and `NotFound` for no such account or wording.
    """
    account_id = account if isinstance(account, UUID) else account.pk
    if problems := check_profile(person):
        raise Invalid(problems=problems)
    with transaction.atomic():
        give_identity(account_id, actor=actor, name=person.name, kind=person.kind, number=person.number)
        added: dict[str, Any] = {
            "workplace": person.workplace,
            "landline": person.landline,
            "note": person.note,
        }
        Profile.objects.update_or_create(account_id=account_id, defaults=added)
        accept_agreement(agreement, account_id=account_id, actor=actor)
