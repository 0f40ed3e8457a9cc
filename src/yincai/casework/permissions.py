"""Who may do what with a case: one table, and the one way to fetch a case for somebody."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from yincai.casework.assuring import require_assurance_for_card as require_assurance_for_card
from yincai.casework.countering import enters_for, has_entered
from yincai.casework.finding import concerns
from yincai.casework.lanes import READERS, assigned_by, offices_seen
from yincai.casework.models import Case
from yincai.casework.vocabulary import CaseConcernsActor, EnteredAtCounter, OwnCase, Verb
from yincai.engine.workflow import APPLICANT, Effect, Menu, Transition, leaving
from yincai.foundation import clock
from yincai.foundation.errors import NotAllowed, NotFound
from yincai.foundation.once import once
from yincai.foundation.statements import Rows
from yincai.ledger.vocabulary import Actor
from yincai.people import queries as people
from yincai.programmes import queries as programmes

LIVE = Rows(Case, "id = %(id)s AND deleted_at IS NULL")
LOCKED = Rows(Case, "id = %(id)s AND deleted_at IS NULL FOR UPDATE")


def is_applicant(actor: Actor, case: Case) -> bool:
    """The case was opened by this actor's account, and the actor comes as its applicant; or it is an officer
    at the counter who enters it for them."""
    return (actor.kind == "applicant" and case.account_id == actor.id) or enters_for(actor, case)


def is_open_to_applicant(actor: Actor, case: Case) -> bool:
    """The applicant holds the case: a draft, or something handed back to them."""
    spec = programmes.version(case.publication_id).programme
    return is_applicant(actor, case) and spec.workflow.state(case.state).holder == APPLICANT


def is_draft_of(actor: Actor, case: Case) -> bool:
    """Never submitted, and the applicant's own."""
    return is_applicant(actor, case) and case.submitted_at is None


def is_staff_of_stage(actor: Actor, case: Case) -> bool:
    """A member of staff whose role works in the stage where the case is, or hands out that work, or took a
    step in it, or reads for audit."""
    if actor.kind != "staff" or case.submitted_at is None:
        return False
    everywhere = roles_of(actor, case.place)
    if everywhere & READERS:
        return True
    roles = roles_for(actor, case)
    if works_on(roles | led_by(roles, case.place), case) or keeps_cards(roles, case):
        return True
    return bool(everywhere) and has_acted(actor, case)


def may_work_on(actor: Actor, case: Case) -> bool:
    """A member of staff whose role works in the stage where the case is."""
    return actor.kind == "staff" and case.submitted_at is not None and works_on(roles_for(actor, case), case)


def may_assign(actor: Actor, case: Case) -> bool:
    """A member of staff who hands out the work of the stage where the case is."""
    if actor.kind != "staff" or case.submitted_at is None:
        return False
    return works_on(led_by(roles_for(actor, case), case.place), case)


MAY: dict[Verb, tuple[Callable[[Actor, Case], bool], ...]] = {
    Verb.READ: (is_applicant, is_staff_of_stage),
    Verb.EDIT: (is_open_to_applicant,),
    Verb.DELETE: (is_draft_of,),
    Verb.CLAIM: (may_work_on,),
    Verb.DECIDE: (may_work_on, is_open_to_applicant),
    Verb.ASSIGN: (may_assign,),
}


WORKING = frozenset({Verb.CLAIM, Verb.DECIDE, Verb.ASSIGN})
"""What staff do with a case; not whoever entered it for its applicant."""


def access_case(actor: Actor, case_id: UUID, verb: Verb, *, lock: bool = False) -> Case:
    """The case, if this actor may do this with it.

    What the actor may not even see is `NotFound`; what they see but may not do is `NotAllowed` with a
    sentence.
    """
    case = LOCKED.first(id=case_id) if lock else once(("case", case_id), lambda: LIVE.first(id=case_id))
    if case is None or not any(may(actor, case) for may in MAY[Verb.READ]):
        raise NotFound("没有找到这件申请，或者您没有权限查看。请从列表重新进入。")
    if actor.kind == "staff" and case.account_id == actor.id:
        raise OwnCase
    if actor.kind == "staff" and concerns(actor, case):
        raise CaseConcernsActor
    if verb is Verb.READ:
        return case
    if verb in WORKING and has_entered(actor, case) and not enters_for(actor, case):
        raise EnteredAtCounter
    if not any(may(actor, case) for may in MAY[verb]):
        raise NotAllowed("这件申请现在不能这样办理。它可能已经进入下一环节，请返回列表查看最新状态。")
    return case


def roles_of(actor: Actor, place: str) -> frozenset[str]:
    """The roles that this member of staff holds now in a place."""
    return people.staff_roles(actor.id, place=place) if actor.id else frozenset()


def roles_for(actor: Actor, case: Case) -> frozenset[str]:
    """The roles of this member of staff that reach this case: it belongs to their office or to none, the role
    sees the whole place, or the case was handed to them or to somebody for whom they stand in."""
    if actor.kind != "staff" or actor.id is None:
        return frozenset()
    content = programmes.place(case.place)
    held = people.appointments(actor.id, place=case.place)
    seen = frozenset(one.role for one in held if case.office in offices_seen(content, one.role, one.office))
    if case.assigned_to_id and len(seen) < len({one.role for one in held}) and holds_for(actor, case):
        return frozenset(one.role for one in held)
    return seen


def holds_for(actor: Actor, case: Case) -> bool:
    """Whether the case was handed to this actor, or to somebody for whom they stand in today."""
    return case.assigned_to_id is not None and is_held_by(actor, case.assigned_to_id, place=case.place)


def is_on_record(actor: Actor) -> bool:
    """Whether a document of this member of staff is known: it keeps them away from cases of their own."""
    return actor.id is not None and not people.without_own_document([actor.id])


def is_held_by(actor: Actor, holder: UUID, *, place: str) -> bool:
    """Whether this actor is the holder, or stands in for them today."""
    if actor.id is None:
        return False
    return holder == actor.id or holder in people.covered_by(actor.id, place=place)


def led_by(roles: frozenset[str], place: str) -> frozenset[str]:
    """The roles whose work the holders of these roles hand out."""
    content = programmes.place(place)
    return frozenset(led for role in roles for led in assigned_by(content, role))


def works_on(roles: frozenset[str], case: Case) -> bool:
    """Whether one of the roles has something to do in the state where the case is."""
    workflow = programmes.version(case.publication_id).programme.workflow
    return any(case.state in way.sources and way.by in roles for way in workflow.transitions)


def keeps_cards(roles: frozenset[str], case: Case) -> bool:
    """Whether one of the roles issues the cards of this programme, and the case has come so far."""
    table = programmes.version(case.publication_id).programme.workflow
    issuing = {way.by for way in table.transitions if Effect.ORDER_CARD in way.effects}
    return bool(roles & issuing) and table.state(case.state).menu is Menu.APPROVED


def has_acted(actor: Actor, case: Case) -> bool:
    """Whether this actor took a step in the case as a member of staff."""
    return case.steps.filter(actor_id=actor.id, actor_kind="staff").exists()


def is_barred(actor: Actor, case: Case, way: Transition) -> bool:
    """Whether four eyes keep this actor from a transition: they took one of the steps before it."""
    earlier = case.steps.filter(transition__in=way.not_by, actor_id=actor.id, actor_kind="staff")
    return bool(way.not_by) and earlier.exists()


def may_extend(case: Case, way: Transition) -> bool:
    """Whether a transition that extends the limit may be taken: while the limit runs, and once for each time
    that the case is where it is.  Of any other transition always."""
    if way.extends is None:
        return True
    if case.due_at is None or case.due_at <= clock.now():
        return False
    return not case.steps.filter(transition=way.name, at__gte=case.state_since).exists()


def ways_open_to(actor: Actor, case: Case) -> list[Transition]:
    """The transitions that this member of staff could take from where the case is, four eyes counted in."""
    if has_entered(actor, case):
        return []
    table = programmes.version(case.publication_id).programme.workflow
    roles = roles_for(actor, case)
    mine = (way for way in leaving(table, case.state) if way.by in roles)
    return [way for way in mine if not is_barred(actor, case, way) and may_extend(case, way)]


def administrator_of(actor: Actor, place: str) -> UUID:
    """The account of an administrator of this place who acts as one; `NotAllowed` for everybody else."""
    if actor.kind != "staff" or actor.id is None or actor.role != "administrator":
        raise NotAllowed
    if "administrator" not in people.staff_roles(actor.id, place=place):
        raise NotAllowed
    return actor.id


def office_of(actor: Actor, place: str) -> str:
    """The office in which a member of staff holds the role that they act in; empty for others."""
    held = people.appointments(actor.id, place=place) if actor.kind == "staff" and actor.id else ()
    return next((one.office for one in held if one.role == actor.role), "")
