"""The cases of one account, as its applicant sees them (private to the room; its door is `queries`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from yincai.casework.models import Case
from yincai.casework.views import case_view
from yincai.casework.vocabulary import CaseView
from yincai.engine.workflow import Menu
from yincai.foundation.statements import lines
from yincai.programmes import queries as programmes

MOST_LIVE = 30
STATES_OF = """
    SELECT publication_id, state, count(*) FROM casework_case
    WHERE account_id = %(account)s AND deleted_at IS NULL GROUP BY publication_id, state
"""


@dataclass(frozen=True)
class Standing:
    """How many cases of an account stand under each entry of its menu, and the places that they are in."""

    counts: Mapping[Menu, int]
    places: tuple[str, ...]


def cases_of(account_id: UUID) -> list[CaseView]:
    """All cases of one account, newest first, drafts among them."""
    rows = Case.objects.filter(account_id=account_id, deleted_at__isnull=True).order_by("-opened_at", "id")
    return [case_view(case) for case in rows]


def live_cases(account_id: UUID) -> dict[str, CaseView]:
    """The cases of an account that stand in the way of another of their kind, by `live_key`.

    Told before anything is filled in.  Whether the other one is for the same person is only known, and held,
    when it is submitted.
    """
    rows = Case.objects.filter(account_id=account_id, live_key__isnull=False, deleted_at__isnull=True)
    return {str(case.live_key): case_view(case) for case in rows.order_by("opened_at", "id")[:MOST_LIVE]}


def menu_counts(account_id: UUID) -> Mapping[Menu, int]:
    """How many cases of an account stand under each entry of the applicant's menu."""
    return standing(account_id).counts


def standing(account_id: UUID) -> Standing:
    """Where the cases of an account stand, and in which places they are."""
    counts: Counter[Menu] = Counter()
    places: dict[str, None] = {}
    for publication_id, state, number in lines(STATES_OF, account=account_id):
        spec = programmes.version(publication_id).programme
        counts[spec.workflow.state(state).menu] += number
        places[spec.place] = None
    return Standing(counts, tuple(sorted(places)))
