"""What is printed for characters that no font has: declared by whoever makes the card, on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from yincai.cards.fonts import without_glyph
from yincai.cards.gaps import gaps
from yincai.cards.models import Card, Substitute
from yincai.cards.vocabulary import SUBSTITUTE_DECLARED
from yincai.casework import queries as casework
from yincai.casework.permissions import office_of
from yincai.casework.vocabulary import CaseView, Verb
from yincai.engine.workflow import Effect
from yincai.foundation import clock, encryption
from yincai.foundation.errors import Invalid, NotAllowed, Problem, SomeoneWasFirst
from yincai.ledger import actions as ledger
from yincai.ledger.vocabulary import Actor

LONGEST, LONGEST_REASON = 12, 200


def declare_substitutes(case_id: UUID, *, actor: Actor, substitutes: Mapping[str, str], reason: str) -> None:
    """Settle what the card prints for each character that no font has; said again, the newer one counts.

    Only for the officer who holds the case and may order its card, and only for such characters: nothing
    that can be printed is ever replaced.  The answers stay as they are.  Raises `Invalid`, `NotAllowed`, and
    `SomeoneWasFirst` when the card is ordered already.
    """
    case = casework.case_for(actor, case_id, Verb.DECIDE)
    role = _role_that_orders(case, actor)
    chosen = _checked(case, {one: text.strip() for one, text in substitutes.items()}, reason.strip())
    acting = replace(actor, role=role)
    with transaction.atomic():
        if Card.objects.filter(case_id=case_id, paper=False).exists():
            raise SomeoneWasFirst("电子卡已经在制作，不能再改印法。请刷新后再看。")
        sealed = encryption.seal_json(chosen, context=_context(case_id), person=case.account_id)
        Substitute.objects.update_or_create(
            case_id=case_id, defaults={"sealed": sealed, "declared_at": clock.now()}
        )
        ledger.record(
            chain=case_id,
            event=SUBSTITUTE_DECLARED,
            actor=acting,
            payload={"characters": len(chosen)},
            words={"reason": reason.strip()},
            person=case.account_id,
            office=office_of(acting, case.place),
        )


def substitutes_of(case_id: UUID) -> dict[str, str]:
    """What the card of a case prints for which character; empty when nothing was declared, or forgotten."""
    found = Substitute.objects.filter(case_id=case_id).first()
    if found is None:
        return {}
    try:
        value = encryption.unseal_json(bytes(found.sealed), context=_context(case_id))
    except encryption.Forgotten:
        return {}
    return {str(one): str(text) for one, text in value.items()}


def with_substitutes(case_id: UUID, printed: Mapping[str, str]) -> dict[str, str]:
    """The lines of a card with every declared substitute in its place."""
    table = str.maketrans(substitutes_of(case_id))
    return {name: text.translate(table) for name, text in printed.items()}


def _role_that_orders(case: CaseView, actor: Actor) -> str:
    ways = [way for way in casework.possible(actor, case.id) if Effect.ORDER_CARD in way.effects]
    if not ways or not case.is_claimed_by(actor.id, at=clock.now()):
        raise NotAllowed("代用字由制卡的工作人员领取这件申请后登记，现在没有登记。请先领取，再登记。")
    return ways[0].by


def _checked(case: CaseView, chosen: dict[str, str], reason: str) -> dict[str, str]:
    facts = casework.card_request(case.id).facts
    lacking = dict.fromkeys("".join(gap.characters for gap in gaps(case.spec, facts)))
    problems = [
        Problem(f"substitute.{ord(one):x}", _sentence(one, chosen.get(one, "")))
        for one in lacking
        if not _is_printable(chosen.get(one, ""))
    ]
    if not 0 < len(reason) <= LONGEST_REASON:
        problems.append(Problem("reason", f"请写明与申请人商定的经过（{LONGEST_REASON} 字以内）。"))
    if not lacking or chosen.keys() - lacking.keys():
        problems.append(Problem("substitute", "只有字库里没有的字才登记代用字。请刷新后再试。"))
    if problems:
        raise Invalid("代用字没有登记。请按提示改正后再登记。", problems=problems)
    return chosen


def _is_printable(text: str) -> bool:
    return 0 < len(text) <= LONGEST and text.isprintable() and not without_glyph(text)


def _sentence(character: str, text: str) -> str:
    if not text:
        return f"请填写「{character}」的代用字，如「□」或拼音。"
    return f"「{character}」的代用字最多 {LONGEST} 个字，且要用字库里有的字。"


def _context(case_id: UUID) -> str:
    return f"cards_substitute.sealed:{case_id}"
