"""Who holds a card already: kinds of card that a programme does not give to holders of others (private to the
room; what is in force, the room that makes cards answers)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from yincai.casework.dossier import Dossier
from yincai.casework.finding import Word
from yincai.casework.models import Case
from yincai.casework.refusals import HoldsAnother
from yincai.engine.spec import Programme
from yincai.people.vocabulary import person_index
from yincai.programmes.vocabulary import PublishedVersion

HeldCards = Callable[[Sequence[UUID]], set[UUID]]
_answers: list[HeldCards] = []


def held_cards(answer: HeldCards) -> HeldCards:
    """Register what tells which of these cases have a card in force now (as a decorator)."""
    _answers.append(answer)
    return answer


def with_card(case_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these cases have a card in force, or one that is being made."""
    return {one for answer in _answers for one in answer(case_ids)} if case_ids else set()


def check_holds_no_other(dossier: Dossier) -> None:
    """Refuse (`HoldsAnother`) to hand in for a kind of card that holders of another one do not get.

    Held by the applicant's identity document, whichever account or time the other card came from.
    """
    case, spec = dossier.row, dossier.spec
    document = dossier.effective.get(spec.identity.document)
    barring = _barring(spec, case.variant)
    if not barring or not document:
        return
    digest = person_index(document["type"], document["number"])
    others = Case.objects.filter(
        keys__kind=Word.DOCUMENT, keys__digest=digest, keys__subject=True,
        place=case.place, programme=case.programme, variant__in=barring, deleted_at__isnull=True,
    )  # fmt: skip
    held = _in_force(others.values_list("id", "variant"))
    if held:
        raise HoldsAnother(spec.variant(held[0]).title, spec.variant(case.variant).title)


def barred_by(account_id: UUID, offer: PublishedVersion, variant: str) -> str:
    """The title of a card that this account holds and for which the variant is not given; empty: none.

    Told before anything is filled in; held when the case is handed in (`check_holds_no_other`).
    """
    barring = _barring(offer.programme, variant)
    if not barring:
        return ""
    mine = Case.objects.filter(
        account_id=account_id, place=offer.place, programme=offer.name, variant__in=barring,
        submitted_at__isnull=False, deleted_at__isnull=True,
    )  # fmt: skip
    held = _in_force(mine.values_list("id", "variant"))
    return offer.programme.variant(held[0]).title if held else ""


def _barring(spec: Programme, variant: str) -> tuple[str, ...]:
    return spec.variant(variant).not_for_holders_of if variant else ()


def _in_force(cases: Iterable[tuple[UUID, str]]) -> list[str]:
    """The variants of those cases that have a card in force, in order."""
    variants = dict(cases)
    return sorted(variants[case_id] for case_id in with_card(list(variants)))
