"""Whether an officer enters a case for its applicant, and what was confirmed (private to the room; doors:
`actions` and `queries`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from yincai.casework.models import Case, CounterConfirmation, CounterHelp
from yincai.casework.refusals import NotConfirmed
from yincai.foundation import clock
from yincai.foundation.canonical import canonical_hash
from yincai.foundation.encryption import blind_index
from yincai.foundation.once import once
from yincai.foundation.statements import value
from yincai.ledger.vocabulary import Actor
from yincai.people import queries as people
from yincai.people.vocabulary import CODE_GOOD_FOR

if TYPE_CHECKING:
    from yincai.casework.dossier import Dossier

COUNTER_ROLE = "window_officer"
"""The role of a place whose holders enter applications for residents."""
COUNTER_SESSION = "counter"
"""Of the session of an officer: what they enter for others now, by case."""
CONFIRMED_WITHIN = timedelta(minutes=10)
DIGEST_PURPOSE = "casework.counter_content"
OPEN = """
    SELECT EXISTS (
        SELECT FROM casework_counterhelp
        WHERE case_id = %(case)s AND officer_id = %(officer)s AND ended_at IS NULL
    )
"""
EVER = OPEN.replace(" AND ended_at IS NULL", "")


@dataclass(frozen=True, slots=True)
class CounterView:
    """An application that an officer enters for somebody; `applicant` is the account that it belongs to."""

    id: UUID
    case: UUID
    officer: UUID
    applicant: UUID
    place: str
    office: str
    opened_at: datetime
    ended_at: datetime | None

    @property
    def actor(self) -> Actor:
        """The officer, acting for the applicant."""
        return Actor("staff", self.officer, COUNTER_ROLE, behalf=self.applicant)


def enters_for(actor: Actor, case: Case) -> bool:
    """Whether this officer enters this very case for its applicant, has not ended that, and is still one."""
    if actor.kind != "staff" or actor.id is None or actor.behalf != case.account_id:
        return False
    if COUNTER_ROLE not in people.staff_roles(actor.id, place=case.place):
        return False
    question = ("counter", case.id, actor.id)
    return bool(once(question, lambda: value(OPEN, case=case.id, officer=actor.id)))


def has_entered(actor: Actor, case: Case) -> bool:
    """Whether this officer entered the case for its applicant, ever."""
    if actor.kind != "staff":
        return False
    question = ("entered", case.id, actor.id)
    return bool(once(question, lambda: value(EVER, case=case.id, officer=actor.id)))


def digest_of(dossier: Dossier) -> str:
    """What would be handed in now, answers and files and promise, as 64 hex digits that only we can make."""
    files = sorted(
        (one.slot, dossier.documents[one.document_id].sha256, str(one.document_id))
        for one in dossier.materials
    )
    content = {
        "case": str(dossier.row.id),
        "publication": str(dossier.row.publication_id),
        "variant": dossier.row.variant,
        "answers": dossier.effective,
        "files": [list(one) for one in files],
        "declaration": dossier.spec.declaration,
    }
    return blind_index(canonical_hash(content), purpose=DIGEST_PURPOSE).hex()


def spend_confirmation(actor: Actor, dossier: Dossier) -> str:
    """Use up the applicant's confirmation of exactly what is handed in now; how they gave it.

    Raises `NotConfirmed` for none, an old or used one, and one of other content.
    """
    now = clock.now()
    found = CounterConfirmation.objects.select_for_update().filter(
        help__case_id=dossier.row.id,
        help__officer_id=actor.id,
        help__ended_at__isnull=True,
        digest=digest_of(dossier),
        confirmed_at__gt=now - CONFIRMED_WITHIN,
        spent_at__isnull=True,
    )
    row = found.first()
    if row is None:
        raise NotConfirmed
    row.spent_at = now
    row.save(update_fields=["spent_at"])
    CounterHelp.objects.filter(pk=row.help_id).update(ended_at=now)
    return row.how


def view_of(row: CounterHelp) -> CounterView:
    """A row as other rooms see it."""
    return CounterView(
        row.pk,
        row.case_id,
        row.officer_id,
        row.case.account_id,
        row.place,
        row.office,
        row.opened_at,
        row.ended_at,
    )


def open_help(officer: UUID, help_id: UUID) -> CounterView | None:
    """What this officer enters under this id, while it is not ended."""
    rows = CounterHelp.objects.filter(pk=help_id, officer_id=officer, ended_at=None, case__deleted_at=None)
    row = rows.select_related("case").first()
    return view_of(row) if row else None


def open_helps(officer: UUID) -> list[CounterView]:
    """Everything that this officer enters now, oldest first."""
    rows = CounterHelp.objects.filter(officer_id=officer, ended_at=None, case__deleted_at=None)
    return [view_of(row) for row in rows.select_related("case").order_by("opened_at", "id")]


def confirmation_asked(help_id: UUID) -> UUID | None:
    """The newest confirmation that was asked for and may still be given, if any."""
    since = clock.now() - CODE_GOOD_FOR
    asked = CounterConfirmation.objects.filter(help_id=help_id, spent_at=None, asked_at__gt=since)
    return asked.order_by("-asked_at", "id").values_list("pk", flat=True).first()


def has_ended_help(officer: UUID, help_id: UUID) -> bool:
    """Whether this officer entered something under this id that is over."""
    return CounterHelp.objects.filter(pk=help_id, officer_id=officer, ended_at__isnull=False).exists()
