"""One declared step for several cases: what would happen to each, and who is left out and why (private to the
room; its door is `queries`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from yincai.casework.dossier import Dossier
from yincai.casework.lanes import lanes_of
from yincai.casework.models import Case
from yincai.casework.permissions import access_case, holds_for, is_barred, is_on_record, roles_for, roles_of
from yincai.casework.queue import masked_name
from yincai.casework.views import case_view
from yincai.casework.vocabulary import CaseView, FourEyes, HandedToColleague, NotOnRecord, Verb
from yincai.engine import workflow
from yincai.engine.workflow import Transition
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotFound, YincaiError
from yincai.ledger.vocabulary import Actor
from yincai.programmes import queries as programmes

MOST = 60


@dataclass(frozen=True)
class Preview:
    """One chosen case: what the step would make of it, or in `refusal` why it is left out."""

    case: CaseView
    applicant: str
    refusal: str = ""


def ways_in_bulk(actor: Actor, place: str) -> list[Transition]:
    """The steps that this member of staff may take for several cases at once, each once by name, in the order
    in which the programmes declare them."""
    roles = roles_of(actor, place)
    found: dict[str, Transition] = {}
    for publication_id in dict.fromkeys(lane.publication_id for lane in lanes_of(actor, place)):
        for way in programmes.version(publication_id).programme.workflow.transitions:
            if way.bulk and way.by in roles:
                found.setdefault(way.name, way)
    return list(found.values())


def preview(actor: Actor, case_ids: Sequence[UUID], *, name: str) -> list[Preview]:
    """What the step would do, case by case, in the order given; of what is out of sight nothing is said.

    `Invalid` when nothing or too much was chosen.
    """
    if not case_ids:
        raise Invalid("还没有勾选申请，没有办理任何一件。请返回待办勾选后再试。")
    if len(case_ids) > MOST:
        raise Invalid(f"一次最多批量办理 {MOST} 件，没有办理任何一件。请分几次办理。")
    found = []
    for case_id in dict.fromkeys(case_ids):
        try:
            case = access_case(actor, case_id, Verb.READ)
        except NotFound:
            continue
        except YincaiError as error:  # nothing is shown of a case that concerns the actor
            found.append(Preview(case_view(Case.objects.get(id=case_id)), "", error.sentence))
            continue
        found.append(Preview(case_view(case), masked_name(case), refusal_of(actor, case, name)))
    return found


def refusal_of(actor: Actor, case: Case, name: str) -> str:
    """Why this actor could not take a step in bulk now; empty when they could."""
    table = programmes.version(case.publication_id).programme.workflow
    way = next((one for one in workflow.leaving(table, case.state) if one.name == name), None)
    if way is None:
        return f"现在的环节是「{table.state(case.state).title}」，不能办这一步。"
    if not way.bulk or way.by not in roles_for(actor, case):
        return "这一步不由您批量办理。"
    if not is_on_record(actor):
        return NotOnRecord().sentence
    if case.assigned_to_id is not None and not holds_for(actor, case):
        return HandedToColleague().sentence
    held = case.claimed_until is not None and case.claimed_until > clock.now()
    if held and case.claimed_by_id != actor.id:
        return "同事已经领取这件申请。"
    if is_barred(actor, case, way):
        return FourEyes().sentence
    if way.guard is not None and not workflow.guard_passes(way, Dossier(case).guard_facts):
        return way.refusal
    return ""
