"""Handing in a complaint, and who is kept away from it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from yincai.directory.complaint_words import (
    COMPLAINT_DAYS,
    COMPLAINTS_A_DAY,
    SUPERVISOR,
    Against,
    ComplaintEvent,
    ComplaintView,
)
from yincai.directory.complaints import named_in, view_of
from yincai.directory.helping import (
    check_files,
    due_after,
    has_role,
    line_of,
    next_number,
    offices_of,
    words_of,
)
from yincai.directory.models import Complaint
from yincai.directory.ticket_words import NoSupport
from yincai.documents import actions as documents
from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, Problem
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import ANONYMOUS, JSON, Actor
from yincai.people import actions as people

PREFIX = "TS"
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Grievance:
    """What somebody complains about, as it was typed.

    `worked_on_it` are the staff accounts that worked on the case that is meant: they are kept away.
    """

    against: str
    text: str
    office: str = ""
    officer: str = ""
    case: str = ""
    is_anonymous: bool = False
    name: str = ""
    phone: str = ""
    uploads: Sequence[UUID] = ()
    worked_on_it: Collection[UUID] = ()


def submit_complaint(grievance: Grievance, *, actor: Actor, place: str, key: UUID) -> ComplaintView:
    """Hand in a complaint, signed in or as nobody known; its number and clock run from now.

    The same `key` gives the complaint that it gave before.  Whom it names, who worked on the case and who
    made it never see it on the desk.  The ledger hears who made it only where they are not anonymous.
    Raises `NoSupport`, `Invalid` with problems by input, `TooManyAttempts`, `NotFound` for others' files.
    """
    if actor.kind not in ("applicant", "anonymous"):
        raise NotAllowed
    if (twin := _of_key(key, actor)) is not None:
        return view_of(twin)
    if not has_role(place, SUPERVISOR):
        raise NoSupport
    row = _made(grievance, actor, place, key)
    if actor.id is not None:
        people.count_attempt(COMPLAINTS_A_DAY, subject=str(actor.id))
    try:
        with transaction.atomic():
            row.number = next_number(PREFIX, "directory_complaint")
            row.save(force_insert=True)
            if grievance.uploads:
                documents.attach(grievance.uploads, case=row.pk, label=row.number, actor=actor)
            payload: dict[str, JSON] = {
                "number": row.number,
                "against": row.against,
                "due": row.due_at.isoformat(),
                "kept_away": len(row.kept_away),
            }
            who = ANONYMOUS if row.is_anonymous else actor
            record(
                chain=row.pk, event=ComplaintEvent.SUBMITTED, actor=who, payload=payload, office=row.office
            )
    except IntegrityError:  # the same form sent twice at once
        twin = _of_key(key, actor)
        if twin is None:
            raise
        return view_of(twin)
    return view_of(row)


def _made(grievance: Grievance, actor: Actor, place: str, key: UUID) -> Complaint:
    text, problems = words_of(grievance.text, path="text", needed="请写明时间、经过和您的要求。")
    problems += check_files(grievance.uploads, actor)
    if grievance.against not in list(Against):
        problems.append(Problem("against", "请选择要投诉什么。"))
    office = grievance.office
    if office and office not in dict(offices_of(place)):
        problems.append(Problem("office", "请从列表中选择机构。"))
    officer = line_of(grievance.officer, longest=LONGEST_NAME)
    if grievance.against == Against.OFFICE and not office:
        problems.append(Problem("office", "请选择要投诉的机构。"))
    if grievance.against == Against.OFFICER and not (officer or office):
        problems.append(Problem("officer", "请写工作人员的姓名；不知道姓名的，请选择所在机构。"))
    if problems:
        raise Invalid(problems=problems)
    typed = {"name": grievance.name, "phone": grievance.phone}
    contact = {part: line_of(said, longest=LONGEST_NAME) for part, said in typed.items()}
    now = clock.now()
    row = Complaint(
        place=place,
        against=grievance.against,
        office=office,
        officer=officer,
        case=line_of(grievance.case, longest=LONGEST_NAME),
        text=text,
        account_id=actor.id,
        is_anonymous=grievance.is_anonymous,
        contact={
            part: kept for part, said in contact.items() if (kept := line_of(said, longest=LONGEST_NAME))
        },
        documents=list(grievance.uploads),
        submission_key=key,
        submitted_at=now,
        due_at=due_after(now, COMPLAINT_DAYS),
    )
    away = {*grievance.worked_on_it, *named_in(row), *([actor.id] if actor.id else [])}
    row.kept_away = sorted(away)
    return row


def _of_key(key: UUID, actor: Actor) -> Complaint | None:
    row = Complaint.objects.filter(submission_key=key).first()
    return row if row is not None and row.account_id == actor.id else None
