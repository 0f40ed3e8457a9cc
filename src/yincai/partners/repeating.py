"""Idempotency-Key: a request that is sent again gets the answer of the first, and nothing happens twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from yincai.foundation import clock
from yincai.foundation.canonical import canonical_hash
from yincai.foundation.statements import hold
from yincai.partners.models import Answer
from yincai.partners.vocabulary import ANSWERS_KEPT_FOR, AnotherUnderThisKey, KeyView


@dataclass(frozen=True, slots=True)
class Answered:
    """The body of an answer, and whether it was given before."""

    body: dict[str, Any]
    is_repeated: bool


def answer_once(key: KeyView, *, repeat: str, asked: Any, act: Callable[[], dict[str, Any]]) -> Answered:
    """What `act` answers to what was `asked` under this Idempotency-Key; called once in `ANSWERS_KEPT_FOR`.

    A parallel request with the same key waits for the first.  Whatever `act` changes commits with its answer.
    Raises `AnotherUnderThisKey` when the key came with another request; what `act` raises keeps nothing.
    """
    digest = bytes.fromhex(canonical_hash(asked))
    with transaction.atomic():
        hold(f"partners.answer:{key.partner.id}:{repeat}")
        kept = Answer.objects.filter(partner_id=key.partner.id, key=repeat).first()
        if kept is not None and kept.at > clock.now() - ANSWERS_KEPT_FOR:
            if bytes(kept.asked) != digest:
                raise AnotherUnderThisKey
            return Answered(kept.body, is_repeated=True)
        body = act()
        Answer.objects.update_or_create(
            partner_id=key.partner.id,
            key=repeat,
            defaults={"asked": digest, "body": body, "at": clock.now()},
        )
    return Answered(body, is_repeated=False)


def forget_old_answers() -> int:
    """Delete the answers that are given to nobody any more; how many."""
    return Answer.objects.filter(at__lt=clock.now() - ANSWERS_KEPT_FOR).delete()[0]
