"""What people write in their own words: sealed beside the chain, and a digest of it in the chain."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection

from yincai.foundation.fields import sealed_for
from yincai.ledger import actions, queries
from yincai.ledger.models import Words
from yincai.ledger.vocabulary import SYSTEM, WORDS_DIFFER, WORDS_GONE, Entry, PersonalDataInLedger

pytestmark = pytest.mark.django_db
SAID = "张三的父亲来电说明"


def recorded() -> Entry:
    """One entry with words."""
    return actions.record(
        chain=uuid4(), event="case.assigned", actor=SYSTEM, payload={"to": ""}, words={"reason": SAID}
    )


def test_words_are_read_back_and_lie_nowhere_in_clear() -> None:
    made = recorded()

    (entry,) = queries.history(made.chain)

    assert (entry.said("reason"), entry.said("to"), set(entry.payload)) == (SAID, "", {"to", "words"})
    assert queries.entry(made.id).said("reason") == SAID
    with connection.cursor() as cursor:
        for table in ("ledger_entry", "ledger_words"):
            cursor.execute(f"SELECT row_to_json(kept)::text FROM {table} kept")  # noqa: S608 - two names
            ((text,),) = cursor.fetchall()
            assert SAID not in text


def test_same_words_have_another_digest_each_time() -> None:
    first, second = (queries.history(recorded().chain)[0].payload["words"] for _ in range(2))

    assert first != second


def test_look_is_said_in_the_words_of_who_looked() -> None:
    chain = uuid4()
    actions.record_read(chain=chain, actor=SYSTEM, purpose="说明理由后查看", stated=SAID, what="case")
    actions.record_read(chain=chain, actor=SYSTEM, purpose="办理", what="case")

    assert [one.said("purpose") for one in queries.history(chain)] == [SAID, "办理"]


def test_words_that_are_gone_or_were_changed_are_told_as_such() -> None:
    gone, changed = recorded(), recorded()
    kept = Words.objects.get(pk=changed.id)
    other = sealed_for(Words, "sealed", kept.sealed | {"word.reason": "别的话"}, person=None)
    Words.objects.filter(pk=changed.id).update(sealed=other)
    Words.objects.filter(pk=gone.id).delete()

    assert queries.entry(gone.id).said("reason") == WORDS_GONE
    assert queries.entry(changed.id).said("reason") == WORDS_DIFFER


def test_personal_numbers_are_refused_in_words_too() -> None:
    with pytest.raises(PersonalDataInLedger):
        actions.record(
            chain=uuid4(), event="case.assigned", actor=SYSTEM, payload={}, words={"reason": "电 13800000001"}
        )
