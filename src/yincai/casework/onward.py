"""What other rooms need of a case to do their part; nobody looks at it (private to the room; its door is
`queries`)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from yincai.casework.corrections import correction_view, sentences
from yincai.casework.dossier import Dossier
from yincai.casework.models import Case, Step
from yincai.casework.reading import materials_ever
from yincai.casework.sealing import is_forgotten, name_of
from yincai.casework.views import READABLE, case_view, step_view
from yincai.casework.vocabulary import CardRequest, CaseNotice, CaseView, PaperRequest
from yincai.documents import queries as documents
from yincai.programmes import queries as programmes


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


def name_given_by(account_id: UUID) -> str:
    """The name in the newest case that an account handed in; empty when there is none.  Personal data."""
    handed_in = Case.objects.filter(
        account_id=account_id, submitted_at__isnull=False, subject_name__isnull=False, deleted_at__isnull=True
    )
    case = handed_in.order_by("-submitted_at", "-id").first()
    return "" if case is None or is_forgotten(case) else name_of(case)


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


def case_of_reference(reference: str, *, place: str) -> CaseView | None:
    """The case of a place with this number, whoever's it is; None where there is none.

    For rooms that answer other systems by its number, and put each answer on record.
    """
    case = Case.objects.filter(reference=reference, place=place, deleted_at__isnull=True).first()
    return case_view(case) if case else None


def received_after(
    place: str, *, offices: Collection[str] | None, after: tuple[datetime, UUID] | None, size: int
) -> list[CaseView]:
    """The cases of a place in the order in which they were first handed in; `offices` None: of every office.

    `after` is when the last one before was handed in, and its id.  For other systems, as `case_of_reference`.
    """
    cases = Case.objects.filter(place=place, submitted_at__isnull=False, deleted_at__isnull=True)
    if offices is not None:
        cases = cases.filter(office__in=offices)
    if after is not None:
        at, last = after
        cases = cases.filter(submitted_at__gte=at).exclude(submitted_at=at, id__lte=last)
    return [case_view(case) for case in cases.order_by("submitted_at", "id")[:size]]


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
