"""Looking into a case: let in, put on record when it is a member of staff, then shown (private to the room;
its door is `queries`)."""

from __future__ import annotations

from uuid import UUID

from yincai.casework.dossier import Dossier
from yincai.casework.inviting import hidden_from_applicant
from yincai.casework.models import Case
from yincai.casework.permissions import access_case, is_applicant
from yincai.casework.reading import live_materials
from yincai.casework.vocabulary import Verb
from yincai.documents import queries as documents
from yincai.documents.vocabulary import DocumentView
from yincai.foundation.errors import NotFound
from yincai.ledger.actions import record_read
from yincai.ledger.vocabulary import Actor
from yincai.people import actions as reading
from yincai.people import queries as people
from yincai.programmes import queries as programmes

HANDLING, STATED = "办理", "说明理由后查看"


def look_at_case(
    actor: Actor,
    case_id: UUID,
    *,
    what: str = "case",
    purpose: str = HANDLING,
    round_number: int | None = None,
) -> Dossier:
    """The case as it was handed in, if this actor may read it; the look of a member of staff is on record.

    `what` names the part looked at and `purpose` why, as the applicant will read them.  The newest round is
    shown unless another is asked for; never what the applicant is changing.  `NotFound` for no such round.
    """
    dossier = Dossier(access_case(actor, case_id, Verb.READ), round_number=round_number)
    if round_number is not None and dossier.frozen is None:
        raise NotFound
    _record(actor, dossier, what=what, purpose=purpose)
    return dossier


def open_document(actor: Actor, case_id: UUID, document_id: UUID, *, purpose: str = HANDLING) -> DocumentView:
    """A document that lies in this case, if this actor may read the case; a look on record as above.

    `NotFound` for a document of another case, one that was taken away, and for staff one that was not handed
    in.
    """
    case, found = _find_document(actor, case_id, document_id)
    _record(actor, Dossier(case), what=f"document:{document_id}", purpose=purpose)
    return found


def document_of(actor: Actor, case_id: UUID, document_id: UUID) -> DocumentView:
    """What the frame around a document needs, let in as `open_document`: how many pages, of which slot.

    Nothing of its content, so that no look is on record: that is left by the picture itself.
    """
    return _find_document(actor, case_id, document_id)[1]


def _find_document(actor: Actor, case_id: UUID, document_id: UUID) -> tuple[Case, DocumentView]:
    case = access_case(actor, case_id, Verb.READ)
    if document_id not in _documents_for(actor, case):
        raise NotFound
    return case, documents.document(document_id)


def _documents_for(actor: Actor, case: Case) -> set[UUID]:
    """What this actor may open: whatever a round holds, and the applicant what is still to be handed in."""
    found = {UUID(one) for frozen in case.rounds.all() for one in frozen.materials}
    if is_applicant(actor, case):
        found |= {one.document_id for one in live_materials(case.id)}
        found -= hidden_from_applicant(case.id)
    return found


def _record(actor: Actor, dossier: Dossier, *, what: str, purpose: str) -> None:
    """Who looked, in the roles that they hold; applicants look at what is their own."""
    if actor.kind != "staff":
        return
    held = people.appointments(actor.id, place=dossier.row.place) if actor.id else ()
    role = "、".join(sorted({one.role for one in held}))
    office = "、".join(sorted({one.office for one in held}))
    limit = programmes.place(dossier.row.place).reading
    if actor.id is not None:
        reading.note_reading(
            actor.id,
            place=dossier.row.place,
            subject=dossier.row.id,
            daily=limit.daily,
            further=limit.further,
        )
    reader = Actor(kind="staff", id=actor.id, role=role)
    record_read(
        chain=dossier.row.id,
        actor=reader,
        purpose=HANDLING if purpose == HANDLING else STATED,
        stated="" if purpose == HANDLING else purpose,
        what=what,
        office=office,
    )
