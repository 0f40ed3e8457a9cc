"""Questions about cases.  Whoever asks about one case names the actor, and is let in or not by
`permissions`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from yincai.casework.ageing import Age as Age
from yincai.casework.ageing import ageing_of
from yincai.casework.assigning import assignable as assignable
from yincai.casework.assigning import is_handed_elsewhere as is_handed_elsewhere
from yincai.casework.assigning import may_assign as may_assign
from yincai.casework.assigning import roles_led as roles_led
from yincai.casework.belonging import Standing as Standing
from yincai.casework.belonging import cases_of as cases_of
from yincai.casework.belonging import live_cases as live_cases
from yincai.casework.belonging import menu_counts as menu_counts
from yincai.casework.belonging import standing as standing
from yincai.casework.bulk import Preview as Preview
from yincai.casework.bulk import preview as preview
from yincai.casework.bulk import ways_in_bulk as ways_in_bulk
from yincai.casework.corrections import all_reasons as all_reasons
from yincai.casework.corrections import (
    correction_view,
    correction_views,
    open_correction,
    scope_for,
)
from yincai.casework.corrections import reasons_of as reasons_of
from yincai.casework.countering import COUNTER_ROLE as COUNTER_ROLE
from yincai.casework.countering import COUNTER_SESSION as COUNTER_SESSION
from yincai.casework.countering import CounterView as CounterView
from yincai.casework.countering import confirmation_asked as confirmation_asked
from yincai.casework.countering import has_ended_help as has_ended_help
from yincai.casework.countering import open_help as open_help
from yincai.casework.countering import open_helps as open_helps
from yincai.casework.differences import Difference as Difference
from yincai.casework.differences import compare, difference_of
from yincai.casework.dossier import Dossier as Dossier  # a door: what `open_case` gives
from yincai.casework.entering import application_missing as application_missing
from yincai.casework.entering import may_enter as may_enter
from yincai.casework.erasing import KeptCase as KeptCase
from yincai.casework.erasing import ended_cases as ended_cases
from yincai.casework.erasing import kept_cases as kept_cases
from yincai.casework.erasing import stale_drafts as stale_drafts
from yincai.casework.exclusivity import live_key as live_key
from yincai.casework.held import held_about as held_about
from yincai.casework.holding import barred_by as barred_by
from yincai.casework.inviting import InvitationView as InvitationView
from yincai.casework.inviting import concerning_spouse as concerning_spouse
from yincai.casework.inviting import hidden_from_applicant as hidden_from_applicant
from yincai.casework.inviting import invitations_of as invitations_of
from yincai.casework.inviting import may_invite as may_invite
from yincai.casework.lanes import only_reads as only_reads
from yincai.casework.limits import due
from yincai.casework.looking import HANDLING as HANDLING
from yincai.casework.looking import document_of as document_of
from yincai.casework.looking import look_at_case as look_at_case
from yincai.casework.looking import open_document as open_document
from yincai.casework.models import Case, Export
from yincai.casework.monthly import due_monthly as due_monthly
from yincai.casework.moving_limits import Moved as Moved
from yincai.casework.moving_limits import moved_by as moved_by
from yincai.casework.offering import Use as Use
from yincai.casework.offering import must_hold_until as must_hold_until
from yincai.casework.offering import offered as offered
from yincai.casework.offering import uses_of as uses_of
from yincai.casework.onward import card_request as card_request
from yincai.casework.onward import case_for_messages as case_for_messages
from yincai.casework.onward import case_of_reference as case_of_reference
from yincai.casework.onward import case_of_system as case_of_system
from yincai.casework.onward import contact_phone as contact_phone
from yincai.casework.onward import name_given_by as name_given_by
from yincai.casework.onward import paper_request as paper_request
from yincai.casework.onward import received_after as received_after
from yincai.casework.permissions import (
    access_case,
    is_applicant,
    is_open_to_applicant,
    may_extend,
    roles_for,
)
from yincai.casework.pinning import Scope as Scope
from yincai.casework.pinning import pin_places as pin_places
from yincai.casework.queue import Filters as Filters
from yincai.casework.queue import LaneCount as LaneCount
from yincai.casework.queue import QueueRow as QueueRow
from yincai.casework.queue import counts as counts
from yincai.casework.queue import following as following
from yincai.casework.queue import key_of as key_of
from yincai.casework.queue import queue as queue
from yincai.casework.queue import total as total
from yincai.casework.queue_statements import MOST as MOST
from yincai.casework.queue_statements import Whose as Whose
from yincai.casework.reading import live_materials, materials_ever
from yincai.casework.searching import search as search
from yincai.casework.spreadsheet import exports_kept_since
from yincai.casework.views import READABLE, case_view, material_view, step_view
from yincai.casework.vocabulary import (
    CaseView,
    CorrectionView,
    ExportState,
    ExportView,
    MaterialView,
    RoundView,
    SectionContent,
    StepView,
    Verb,
)
from yincai.engine import forms, workflow
from yincai.engine.workflow import Transition
from yincai.foundation import clock
from yincai.foundation.calendar_table import load_calendar
from yincai.foundation.errors import Problem
from yincai.ledger.vocabulary import Actor
from yincai.programmes import queries as programmes

PAGE = 30
LATE_AT_ONCE = 500


def case_for(actor: Actor, case_id: UUID, verb: Verb = Verb.READ) -> CaseView:
    """The case, if this actor may do this with it (`NotFound`, `NotAllowed` otherwise)."""
    return case_view(access_case(actor, case_id, verb))


def open_case(actor: Actor, case_id: UUID, verb: Verb = Verb.READ) -> Dossier:
    """The case with what lies in it, if this actor may do this with it; as `case_for` otherwise.

    Whoever may edit sees the draft, everybody else what was handed in last.
    """
    case = access_case(actor, case_id, verb)
    return Dossier.draft(case) if verb is Verb.EDIT else Dossier(case)


def open_places(actor: Actor, case_id: UUID) -> Scope:
    """What the applicant may change now, in a draft everything; for whoever may edit."""
    return scope_for(Dossier.draft(access_case(actor, case_id, Verb.EDIT)))


def corrections(actor: Actor, case_id: UUID) -> list[CorrectionView]:
    """Everything that was ever asked of the applicant, oldest first."""
    return correction_views(access_case(actor, case_id, Verb.READ))


def correction(actor: Actor, case_id: UUID) -> CorrectionView | None:
    """What the applicant is asked to put right now, if anything."""
    case = access_case(actor, case_id, Verb.READ)
    found = open_correction(case)
    return correction_view(case, found) if found else None


def rounds(actor: Actor, case_id: UUID) -> list[RoundView]:
    """Every submission of a case, oldest first."""
    case = access_case(actor, case_id, Verb.READ)
    return [RoundView(one.number, one.submitted_at) for one in case.rounds.order_by("number")]


def difference(actor: Actor, case_id: UUID, *, round_number: int | None = None) -> Difference | None:
    """What a round, the newest unless another is named, changed against the one before; None for the
    first."""
    case = access_case(actor, case_id, Verb.READ)
    number = case.round_number if round_number is None else round_number
    return difference_of(case, number) if number > 1 else None


def changes_so_far(actor: Actor, case_id: UUID) -> Difference:
    """What the open correction changes against the newest round, as it stands; for whoever may edit."""
    case = access_case(actor, case_id, Verb.EDIT)
    return compare(Dossier(case), Dossier.draft(case))


def left_out(actor: Actor, case_id: UUID) -> list[MaterialView]:
    """The documents of earlier rounds that the open correction leaves out; for whoever may edit."""
    case = access_case(actor, case_id, Verb.EDIT)
    rows = materials_ever(case_id)
    return [material_view(one) for one in rows if one.superseded_in == case.round_number + 1]


def due_after(way: Transition, case: CaseView) -> datetime | None:
    """Until when the case may rest where a transition taken now would lead."""
    return due(case.spec.workflow.state(way.target), clock.now())


def past_their_limit(after: tuple[datetime, UUID] | None = None) -> list[tuple[datetime, UUID]]:
    """The cases whose limit has passed where something declared follows, longest overdue first, some at
    most; each with the end of its limit, which together are the key `after` which the next ones come."""
    waiting = Q(pk__in=[])
    for published in programmes.all_versions():
        table = published.programme.workflow
        if states := [one.name for one in table.states if workflow.due_ways(table, one.name)]:
            waiting |= Q(publication_id=published.id, state__in=states)
    late = Case.objects.filter(
        waiting, due_at__lte=clock.now(), ended_at__isnull=True, deleted_at__isnull=True
    )
    if after is not None:
        due_at, case_id = after
        late = late.filter(due_at__gte=due_at).exclude(due_at=due_at, id__lte=case_id)
    rows = late.order_by("due_at", "id").values_list("due_at", "id")[:LATE_AT_ONCE]
    return [(due_at, case_id) for due_at, case_id in rows if due_at is not None]


def contents(actor: Actor, case_id: UUID) -> dict[str, SectionContent]:
    """Every section of a case as its applicant last saved it."""
    return open_case(actor, case_id).contents


def materials(case_id: UUID) -> list[MaterialView]:
    """The documents in a case, oldest first; the caller was let in to the case before."""
    return [material_view(one) for one in live_materials(case_id)]


def steps(actor: Actor, case_id: UUID) -> list[StepView]:
    """Every transition taken, oldest first, with those of its words that this actor may read."""
    case = access_case(actor, case_id, Verb.READ)
    readable = READABLE["applicant" if is_applicant(actor, case) else "staff"]
    return [step_view(case, step, readable=readable) for step in case.steps.order_by("number")]


def is_extended(case: CaseView) -> bool:
    """Whether the case has more working days where it is than the programme declares."""
    limit = case.current_state.limit
    ageing = ageing_of(case, at=clock.now(), calendar=load_calendar())
    return limit is not None and ageing.amount > limit.amount


def held_by(account_id: UUID, *, place: str) -> list[UUID]:
    """The open cases of a place that somebody claimed, or that were handed to them."""
    theirs = Q(claimed_by=account_id) | Q(assigned_to=account_id)
    rows = Case.objects.filter(theirs, place=place, ended_at__isnull=True, deleted_at__isnull=True)
    return list(rows.order_by("id").values_list("id", flat=True))


def possible(actor: Actor, case_id: UUID) -> list[Transition]:
    """The transitions that this actor could take now, as buttons; four eyes and claims are checked when
    taken."""
    case = access_case(actor, case_id, Verb.READ)
    spec = programmes.version(case.publication_id).programme
    roles = ["applicant"] if actor.kind == "applicant" else sorted(roles_for(actor, case))
    draft = is_open_to_applicant(actor, case)
    facts = (Dossier.draft(case) if draft else Dossier(case)).guard_facts
    table = spec.workflow
    ways = (way for role in roles for way in workflow.available(table, case.state, role=role, facts=facts))
    return [way for way in ways if may_extend(case, way)]


def roles_reaching(actor: Actor, case_id: UUID) -> frozenset[str]:
    """The roles of this member of staff that reach the case (`roles_for`), for whoever may see it."""
    return roles_for(actor, access_case(actor, case_id, Verb.READ))


def exports_of(account_id: UUID, *, place: str) -> list[ExportView]:
    """The spreadsheets, still kept, that this account asked for, newest first, without their content."""
    rows = Export.objects.filter(account_id=account_id, place=place, asked_at__gt=exports_kept_since())
    return [
        ExportView(
            id=row.id,
            state=ExportState(row.state),
            done=row.done,
            total=row.total,
            programme=row.programme,
            begin=row.begin,
            end=row.end,
            whole_numbers=row.whole_numbers,
            purpose=row.purpose,
            asked_at=row.asked_at,
            ready_at=row.ready_at,
        )
        for row in rows.defer("content").order_by("-asked_at", "id")[:PAGE]
    ]


def moved_on(case: CaseView) -> bool:
    """Whether a newer version of the programme is in force than the one a draft was opened under."""
    return (
        case.submitted_at is None and programmes.current(case.place, case.programme).id != case.publication_id
    )


def problems_of(content: SectionContent, case: CaseView) -> list[Problem]:
    """What is wrong with a stored section, said again in the words that were shown when it was typed."""
    posted = forms.as_posted(case.spec, content.section, content.values, content.typed)
    known = dict(content.values)
    return forms.clean_section(case.spec, content.section, posted, known=known, today=clock.today()).problems
