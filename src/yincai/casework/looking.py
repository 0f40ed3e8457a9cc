"""Looking into a case: let in, put on record when it is a member of staff, then shown (private to the room;
its door is `queries`)."""

from __future__ import annotations

from uuid import UUID

from yincai.casework.dossier import Dossier
from yincai.casework.permissions import access_case
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

HANDLING = "办理"


def look_at_case(actor: Actor, case_id: UUID, *, what: str = "case", purpose: str = HANDLING) -> Dossier:
    """The case with what lies in it, if this actor may read it; the look of a member of staff is on record.

    `what` names the part looked at and `purpose` why, as the applicant will read them.
    """
    dossier = Dossier(access_case(actor, case_id, Verb.READ))
    _record(actor, dossier, what=what, purpose=purpose)
    return dossier


def open_document(actor: Actor, case_id: UUID, document_id: UUID, *, purpose: str = HANDLING) -> DocumentView:
    """A document that lies in this case, if this actor may read the case; a look on record as above.

    `NotFound` for a document of another case or one that was taken away.
    """
    dossier = Dossier(access_case(actor, case_id, Verb.READ))
    if document_id not in {one.document_id for one in live_materials(case_id)}:
        raise NotFound
    _record(actor, dossier, what=f"document:{document_id}", purpose=purpose)
    return documents.document(document_id)


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
    record_read(chain=dossier.row.id, actor=reader, purpose=purpose, what=what, office=office)
