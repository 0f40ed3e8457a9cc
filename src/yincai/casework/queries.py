"""Questions about cases.  Whoever asks about one case names the actor, and is let in or not by
`permissions`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from yincai.casework.ageing import Age as Age
from yincai.casework.assigning import assignable as assignable
from yincai.casework.assigning import may_assign as may_assign
from yincai.casework.assigning import roles_led as roles_led
from yincai.casework.bulk import Preview as Preview
from yincai.casework.bulk import preview as preview
from yincai.casework.bulk import ways_in_bulk as ways_in_bulk
from yincai.casework.corrections import (
    correction_view,
    correction_views,
    open_correction,
    scope_for,
    sentences,
)
from yincai.casework.corrections import reasons_of as reasons_of
from yincai.casework.differences import Difference as Difference
from yincai.casework.differences import compare, difference_of
from yincai.casework.dossier import Dossier as Dossier  # a door: what `open_case` gives
from yincai.casework.exclusivity import live_key as live_key
from yincai.casework.limits import due
from yincai.casework.looking import HANDLING as HANDLING
from yincai.casework.looking import look_at_case as look_at_case
from yincai.casework.looking import open_document as open_document
from yincai.casework.models import Case, Export, Step
from yincai.casework.monthly import due_monthly as due_monthly
from yincai.casework.moving_limits import Moved as Moved
from yincai.casework.moving_limits import moved_by as moved_by
from yincai.casework.offering import Use as Use
from yincai.casework.offering import must_hold_until as must_hold_until
from yincai.casework.offering import offered as offered
from yincai.casework.offering import uses_of as uses_of
from yincai.casework.permissions import access_case, is_applicant, is_open_to_applicant, roles_for
from yincai.casework.pinning import Scope as Scope
from yincai.casework.pinning import pin_places as pin_places
from yincai.casework.queue import MOST as MOST
from yincai.casework.queue import Filters as Filters
from yincai.casework.queue import LaneCount as LaneCount
from yincai.casework.queue import QueueRow as QueueRow
from yincai.casework.queue import Whose as Whose
from yincai.casework.queue import counts as counts
from yincai.casework.queue import following as following
from yincai.casework.queue import key_of as key_of
from yincai.casework.queue import queue as queue
from yincai.casework.queue import total as total
from yincai.casework.reading import live_materials, materials_ever
from yincai.casework.searching import search as search
from yincai.casework.views import case_view, material_view, step_view
from yincai.casework.vocabulary import (
    KEPT_FOR,
    CardRequest,
    CaseNotice,
    CaseView,
    CorrectionView,
    ExportState,
    ExportView,
    MaterialView,
    PaperRequest,
    RoundView,
    SectionContent,
    StepView,
    Verb,
)
from yincai.documents import queries as documents
from yincai.engine import forms, workflow
from yincai.engine.workflow import Menu, Need, Transition
from yincai.foundation import clock
from yincai.foundation.errors import NotFound, Problem
from yincai.foundation.statements import lines
from yincai.ledger.vocabulary import Actor
from yincai.programmes import queries as programmes

PAGE = 30
LATE_AT_ONCE = 500
READABLE = {
    "applicant": frozenset({Need.REASON}),
    "staff": frozenset({Need.REASON, Need.OPINION}),
}
"""Whose eyes the words of a step are for; a confirmation is a tick, said by the title of its step."""
STATES_OF = """
    SELECT publication_id, state, count(*) FROM casework_case
    WHERE account_id = %(account)s AND deleted_at IS NULL GROUP BY publication_id, state
"""


@dataclass(frozen=True)
class Standing:
    """How many cases of an account stand under each entry of its menu, and the places that they are in."""

    counts: Mapping[Menu, int]
    places: tuple[str, ...]


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


def past_their_limit() -> list[UUID]:
    """The cases whose limit has passed where something declared follows, longest overdue first, some at
    most."""
    waiting = Q(pk__in=[])
    for published in programmes.all_versions():
        table = published.programme.workflow
        if states := [one.name for one in table.states if workflow.due_ways(table, one.name)]:
            waiting |= Q(publication_id=published.id, state__in=states)
    late = Case.objects.filter(
        waiting, due_at__lte=clock.now(), ended_at__isnull=True, deleted_at__isnull=True
    )
    return list(late.order_by("due_at", "id").values_list("id", flat=True)[:LATE_AT_ONCE])


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


def possible(actor: Actor, case_id: UUID) -> list[Transition]:
    """The transitions that this actor could take now, as buttons; four eyes and claims are checked when
    taken."""
    case = access_case(actor, case_id, Verb.READ)
    spec = programmes.version(case.publication_id).programme
    roles = ["applicant"] if actor.kind == "applicant" else sorted(roles_for(actor, case))
    draft = is_open_to_applicant(actor, case)
    facts = (Dossier.draft(case) if draft else Dossier(case)).guard_facts
    return [
        way for role in roles for way in workflow.available(spec.workflow, case.state, role=role, facts=facts)
    ]


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
    return {str(case.live_key): case_view(case) for case in rows.order_by("opened_at", "id")[:PAGE]}


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


def case_by_reference(actor: Actor, reference: str) -> CaseView | None:
    """The case with this number, if there is one and the actor may see it; None says no more."""
    case_id = Case.objects.filter(reference=reference).values_list("id", flat=True).first()
    try:
        return case_for(actor, case_id) if case_id else None
    except NotFound:
        return None


def case_for_messages(case_id: UUID, *, step: int | None = None) -> CaseNotice:
    """What may be told about a case, and to whom; with the words of one step, by default of the newest.

    For rooms above, not for doors.
    """
    case = Case.objects.get(id=case_id)
    view = case_view(case)
    taken = case.steps.order_by("-number")
    last = taken.first() if step is None else taken.filter(number=step).first()
    words = step_view(case, last, readable=READABLE["applicant"]).words if last else {}
    return CaseNotice(
        case_id=case.id,
        account_id=case.account_id,
        place=case.place,
        publication_id=case.publication_id,
        reference=case.reference or "",
        title=view.title,
        state_title=view.current_state.title,
        reason=words.get("reason", "") or _asked_with(case, last),
        due_at=case.due_at,
    )


def contact_phone(case_id: UUID) -> str:
    """The phone in the newest frozen round under the field that the programme declares for news; else empty.

    For rooms above, not for doors.
    """
    case = Case.objects.filter(id=case_id, deleted_at__isnull=True).first()
    if case is None or not case.round_number:
        return ""
    name = programmes.version(case.publication_id).programme.contact.phone
    return str(Dossier(case).answers.get(name, "")) if name else ""


def _asked_with(case: Case, step: Step | None) -> str:
    """What was asked for with a step that began a correction, in words."""
    found = case.corrections.filter(step=step.number).first() if step else None
    return sentences(correction_view(case, found).items) if found else ""


def case_of_system(case_id: UUID) -> CaseView:
    """The case, for the platform's own follow-ups: nobody looks at it."""
    return case_view(Case.objects.get(id=case_id))


def card_request(case_id: UUID) -> CardRequest:
    """What is needed to issue the card of a case (for `cards`, not for doors)."""
    case = Case.objects.get(id=case_id)
    spec = programmes.version(case.publication_id).programme
    dossier = Dossier(case)
    photo = next(
        (one for one in dossier.materials if spec.identity.photo and one.slot == spec.identity.photo), None
    )
    return CardRequest(
        case_id=case.id,
        account_id=case.account_id,
        place=case.place,
        programme=case.programme,
        publication_id=case.publication_id,
        variant=case.variant,
        facts=dossier.submitted_facts,
        photo_document_id=photo.document_id if photo else None,
    )


def exports_of(account_id: UUID, *, place: str) -> list[ExportView]:
    """The spreadsheets of the last day that this account asked for, newest first, without their content."""
    rows = Export.objects.filter(account_id=account_id, place=place, asked_at__gt=clock.now() - KEPT_FOR)
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


def paper_request(case_id: UUID) -> PaperRequest | None:
    """What the papers of a case are made of, or None before it is handed in (for `cards`, not for doors)."""
    case = Case.objects.get(id=case_id)
    if not case.round_number:
        return None
    dossier, frozen = Dossier(case), case.rounds.latest("number")
    ids = [UUID(one) for one in frozen.materials]
    names = {one.id: one.name for one in documents.documents(ids)}
    slots = {one.document_id: one.slot for one in materials_ever(case_id)}
    titles = {slot.name: slot.title for slot in dossier.slots}
    handed_in = sorted(
        (list(titles).index(slots[one]) if slots.get(one) in titles else len(titles), str(one)) for one in ids
    )
    photo = [one for one in ids if slots.get(one) == dossier.spec.identity.photo]
    return PaperRequest(
        case=case_view(case),
        round_number=frozen.number,
        submitted_at=frozen.submitted_at,
        commitment=frozen.commitment,
        answers=dossier.answers,
        materials=tuple(
            (titles.get(slots.get(UUID(one), ""), "材料"), names.get(UUID(one), ""), frozen.materials[one])
            for _, one in handed_in
        ),
        photo_document_id=photo[-1] if photo else None,
    )


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
