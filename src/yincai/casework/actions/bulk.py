"""One declared step for several cases, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid5

from django.db import transaction

from yincai.casework.actions.claiming import claim_case
from yincai.casework.actions.transition import take_transition
from yincai.casework.bulk import preview
from yincai.casework.models import Step
from yincai.casework.vocabulary import STALE_CHOICE, CaseView, NotClaimed
from yincai.foundation.errors import Invalid, YincaiError
from yincai.ledger.vocabulary import Actor


@dataclass(frozen=True)
class Done:
    """What became of one case: `refusal` is empty when the step was taken, now or by the same form before."""

    case: CaseView
    refusal: str = ""


def take_in_bulk(
    case_ids: Sequence[UUID],
    *,
    actor: Actor,
    name: str,
    key: UUID,
    seen_changes: Mapping[UUID, int],
    words: Mapping[str, str] | None = None,
) -> list[Done]:
    """Claim each case and take the step, one after the other; what is refused is left as it is, and said.

    `key` is the key of the form: sent again it takes no step a second time and gives the same answer.
    `seen_changes` are the counts of changes that the preview was drawn from: a case that moved on since is
    refused, even where it came back to the same stage.
    `Invalid` when nothing or too much was chosen, or a case that the preview did not show.
    """
    if not seen_changes.keys() >= set(case_ids):
        raise Invalid(STALE_CHOICE)
    keys = [uuid5(key, str(one)) for one in case_ids]
    before = Step.objects.filter(case_id__in=case_ids, submission_key__in=keys)
    taken = set(before.values_list("case_id", flat=True))
    found = []
    for one in preview(actor, case_ids, name=name):
        if one.refusal and one.case.id not in taken:
            found.append(Done(one.case, one.refusal))
            continue
        step = partial(
            take_transition,
            one.case.id,
            actor=actor,
            name=name,
            key=uuid5(key, str(one.case.id)),
            seen_changes=seen_changes[one.case.id],
            words=words or {},
        )
        found.append(_take(one.case, actor, step))
    return found


def _take(case: CaseView, actor: Actor, step: Callable[[], CaseView]) -> Done:
    try:
        try:
            return Done(step())
        except NotClaimed:
            with transaction.atomic():  # refused after all, it is claimed by nobody
                claim_case(case.id, actor=actor)
                return Done(step())
    except YincaiError as error:
        return Done(case, error.sentence)
