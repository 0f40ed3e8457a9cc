"""Destroying somebody's key: on record, after the commit, once, and again after a restored vault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from yincai.foundation import vault
from yincai.foundation.errors import NotAllowed, NotFound
from yincai.ledger import queries as ledger
from yincai.ledger.vocabulary import SYSTEM, Actor
from yincai.people import actions, forgetting, tasks

pytestmark = pytest.mark.django_db


def ordered() -> list[dict[str, Any]]:
    return list(ProcrastinateJob.objects.filter(task_name=forgetting.DESTROY).values_list("args", flat=True))


def test_key_is_destroyed_by_a_job_of_the_same_commit(cast: Callable[[str], Any]) -> None:
    owner = cast("applicant").pk
    vault.create(owner)

    actions.destroy_key(owner, actor=Actor("applicant", owner, "applicant"))

    assert not vault.is_destroyed(owner)
    assert ordered() == [{"account": str(owner)}]
    tasks.destroy_key(**ordered()[0])
    assert vault.is_destroyed(owner)


def test_order_that_is_rolled_back_destroys_nothing(cast: Callable[[str], Any]) -> None:
    owner = cast("applicant").pk

    with transaction.atomic():
        actions.destroy_key(owner, actor=SYSTEM)
        transaction.set_rollback(True)

    assert ordered() == []
    assert actions.destroy_again() == 0


def test_order_given_twice_is_on_record_once(cast: Callable[[str], Any]) -> None:
    owner = cast("applicant").pk

    actions.destroy_key(owner, actor=SYSTEM)
    actions.destroy_key(owner, actor=SYSTEM)

    events = [entry.event for entry in ledger.history(owner)]
    assert events.count("account.key_destroyed") == 1
    for job in ordered():
        tasks.destroy_key(**job)
    assert vault.is_destroyed(owner)


@pytest.mark.parametrize("who", ["stranger", "administrator"])
def test_nobody_destroys_anothers_key(cast: Callable[[str], Any], who: str) -> None:
    owner, other = cast("applicant").pk, cast(who)

    with pytest.raises(NotAllowed):
        actions.destroy_key(owner, actor=Actor("staff" if other.staff_name else "applicant", other.pk, who))

    assert ordered() == []
    assert "account.key_destroyed" not in [entry.event for entry in ledger.history(owner)]


def test_nobodys_key_is_not_found() -> None:
    with pytest.raises(NotFound):
        actions.destroy_key(uuid4(), actor=SYSTEM)


def test_key_that_a_restored_vault_brings_back_is_destroyed_again(cast: Callable[[str], Any]) -> None:
    owner = cast("applicant").pk
    vault.create(owner)
    path = settings.VAULT / owner.hex[:2] / owner.hex
    copy = path.read_bytes()
    actions.destroy_key(owner, actor=SYSTEM)
    tasks.destroy_key(**ordered()[0])
    path.write_bytes(copy)

    tasks.destroy_keys_again(0)

    assert vault.is_destroyed(owner)
    assert actions.destroy_again() == 0
