"""更正申请: somebody asks that something held about them be put right (个人信息保护法 第四十六条).
Doors: `actions` and `queries`; the officers' side is `settling`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from yincai.cards import queries as cards
from yincai.casework import queries as casework
from yincai.documents import actions as documents
from yincai.documents import queries as files
from yincai.documents.vocabulary import State
from yincai.engine.retention import Kept
from yincai.foundation import clock
from yincai.foundation.calendar_table import load_calendar
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, Problem, SomeoneWasFirst, YincaiError
from yincai.foundation.statements import Rows, hold, value
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import JSON, SYSTEM, Actor
from yincai.people import actions as people_actions
from yincai.people import queries as people
from yincai.privacy.models import Amendment
from yincai.privacy.vocabulary import (
    AMENDMENT_DAYS,
    AMENDMENTS_A_DAY,
    OFFICER,
    PAGE,
    AmendmentView,
    AmendmentWaits,
    Event,
    Item,
    NobodyAmends,
    Standing,
)
from yincai.programmes import queries as programmes

LONGEST = 500
WAITING = (Standing.PENDING.value, Standing.CHECKED.value)
_COUNT = "SELECT count(*) FROM privacy_amendment WHERE number LIKE %(like)s"
_OWN = Rows(
    Amendment,
    "account_id = %(account)s AND (submitted_at, id) < (%(at)s, %(id)s)"
    " ORDER BY submitted_at DESC, id DESC LIMIT %(size)s",
)
_LAST = UUID(int=2**128 - 1)
Key = tuple[datetime, UUID]


def places_that_amend() -> list[str]:
    """The places that have officers for amendments, by name."""
    return [one.name for one in programmes.places() if any(role.name == OFFICER for role in one.roles)]


def ask_amendment(
    *,
    actor: Actor,
    item: Item,
    posted: Mapping[str, str],
    upload: UUID | None,
    key: UUID,
    place: str = "",
    subject: UUID | None = None,
) -> AmendmentView:
    """Hand in an amendment with its proof; its working days run from now.

    The place is that of the case or card, else the one that was chosen.  The same `key` gives the amendment
    that it gave before.  Raises `Invalid` with problems by input (`file` for the proof), `AmendmentWaits`,
    `NobodyAmends`, `TooManyAttempts`, `NotFound` for a case, card or file of somebody else.
    """
    if actor.kind != "applicant" or actor.id is None:
        raise NotAllowed
    twin = amendment_of_key(actor.id, key)
    if twin is not None:
        return twin
    where = _place_of(actor, item, subject) or place
    wrong, right = _checked(actor.id, item, posted, upload)
    if not where:
        raise Invalid(problems=[Problem("place", "请选择办理地区。")])
    if where not in places_that_amend():
        raise NobodyAmends
    if Amendment.objects.filter(
        account_id=actor.id, item=item.value, subject=subject, standing__in=WAITING
    ).exists():
        raise AmendmentWaits
    people_actions.count_attempt(AMENDMENTS_A_DAY, subject=str(actor.id))
    now = clock.now()
    row = Amendment(
        place=where,
        account_id=actor.id,
        item=item.value,
        subject=subject,
        wrong=wrong,
        right=right,
        documents=[upload],
        submission_key=key,
        submitted_at=now,
        due_at=_due_after(now),
    )
    try:
        _enter(row, actor)
    except (YincaiError, IntegrityError) as error:  # the same form sent twice at once gives one
        twin = amendment_of_key(actor.id, key)
        if twin is not None:
            return twin
        if isinstance(error, IntegrityError):
            raise AmendmentWaits from error
        raise
    return view_of(row)


def withdraw_amendment(amendment_id: UUID, *, actor: Actor) -> None:
    """Take one's own amendment back while nobody has decided it.  `NotFound`, `SomeoneWasFirst`."""
    with transaction.atomic():
        mine = Amendment.objects.filter(pk=amendment_id, account_id=actor.id or UUID(int=0))
        if actor.kind != "applicant" or not mine.exists():
            raise NotFound
        waiting = mine.filter(standing__in=WAITING)
        if waiting.update(standing=Standing.WITHDRAWN.value, decided_at=clock.now()) != 1:
            raise SomeoneWasFirst
        record(chain=amendment_id, event=Event.AMENDMENT_WITHDRAWN, actor=actor, payload={})


def own_amendments(account_id: UUID, *, after: Key | None = None) -> tuple[list[AmendmentView], Key | None]:
    """A page of what somebody asked to have put right, newest first, and the key of the next page."""
    at, last = after or (clock.now() + timedelta(days=1), _LAST)
    rows = _OWN.all(account=account_id, at=at, id=last, size=PAGE + 1)
    end = rows[PAGE - 1] if len(rows) > PAGE else None
    return [view_of(row) for row in rows[:PAGE]], (end.submitted_at, end.pk) if end else None


def own_amendment(account_id: UUID, amendment_id: UUID) -> AmendmentView:
    """One of somebody's own; `NotFound` for others'."""
    row = Amendment.objects.filter(pk=amendment_id, account_id=account_id).first()
    if row is None:
        raise NotFound
    return view_of(row)


def amendment_of_key(account_id: UUID, key: UUID) -> AmendmentView | None:
    """What somebody's form of this submission key became, or None."""
    row = Amendment.objects.filter(account_id=account_id, submission_key=key).first()
    return view_of(row) if row else None


def amendment_for_messages(amendment_id: UUID) -> AmendmentView:
    """One, for whoever tells its maker what became of it; `NotFound`."""
    row = Amendment.objects.filter(pk=amendment_id).first()
    if row is None:
        raise NotFound
    return view_of(row)


def kept_amendments(account_id: UUID) -> list[tuple[str, str, datetime | None]]:
    """Number, place and end of every amendment of somebody whose content is there."""
    rows = Amendment.objects.filter(account_id=account_id, erased_at__isnull=True)
    return list(rows.order_by("submitted_at", "pk").values_list("number", "place", "decided_at"))


def ended_amendments(place: str, *, before: datetime, limit: int, after: UUID | None = None) -> list[UUID]:
    """Amendments of a place that were decided or withdrawn before a moment, by id."""
    rows = Amendment.objects.filter(place=place, decided_at__lt=before, erased_at__isnull=True)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def erase_amendment(amendment_id: UUID) -> bool:
    """Erase what was written in an amendment that is over, and its proof; whether it was there."""
    with transaction.atomic():
        over = Amendment.objects.filter(pk=amendment_id, erased_at__isnull=True, decided_at__isnull=False)
        row = over.select_for_update(of=("self",)).first()
        if row is None:
            return False
        documents.erase(row.documents, why="retention")
        row.wrong, row.right, row.opinion, row.documents, row.erased_at = "", {}, "", [], clock.now()
        row.save(update_fields=["wrong", "right", "opinion", "documents", "erased_at"])
        payload: dict[str, JSON] = {"kind": Kept.AMENDMENT.value, "why": "retention"}
        record(chain=row.pk, event="content.erased", actor=SYSTEM, payload=payload)
    return True


def leave_amendments(account_id: UUID) -> None:
    """Take back what somebody's amendments wait for: their account is closed."""
    owner = Actor("applicant", account_id, "applicant")
    waiting = Amendment.objects.filter(account_id=account_id, standing__in=WAITING)
    for amendment_id in waiting.order_by("pk").values_list("pk", flat=True):
        withdraw_amendment(amendment_id, actor=owner)


def view_of(row: Amendment) -> AmendmentView:
    """A row as its maker and the officers see it."""
    return AmendmentView(
        id=row.pk,
        number=row.number,
        place=row.place,
        account=row.account_id,
        item=Item(row.item),
        subject=row.subject,
        wrong=row.wrong,
        right=row.right,
        documents=tuple(row.documents),
        standing=Standing(row.standing),
        submitted_at=row.submitted_at,
        due_at=row.due_at,
        checked_by=row.checked_by,
        checked_at=row.checked_at,
        decided_at=row.decided_at,
        opinion=row.opinion,
    )


def _place_of(actor: Actor, item: Item, subject: UUID | None) -> str:
    """The place of the case or card that it is about, empty for the rest; `NotFound` for others' things."""
    if item is Item.CASE and subject is not None:
        return casework.case_for(actor, subject).place
    if item is Item.CARD and subject is not None:
        card = cards.card(subject)
        if card.holder_account_id != actor.id:
            raise NotFound
        return card.place
    if item.has_subject or subject is not None:
        raise NotFound
    return ""


def _checked(
    account_id: UUID, item: Item, posted: Mapping[str, str], upload: UUID | None
) -> tuple[str, dict[str, str]]:
    """What is wrong and what is right, when all of it can be taken and the proof may be used."""
    problems: list[Problem] = []
    wrong = " ".join(posted.get("wrong", "").split())
    if not 0 < len(wrong) <= LONGEST:
        problems.append(Problem("wrong", f"请写明哪里不对（{LONGEST} 字以内）。"))
    right: dict[str, str] = {}
    try:
        right = _right(account_id, item, posted)
    except Invalid as error:
        problems += error.problems
    if upload is None:
        problems.append(Problem("file", "请上传证明材料。"))
    else:
        file = files.document(upload)
        if file.owner != account_id or file.case is not None:
            raise NotFound
        if file.state is State.REFUSED:
            problems.append(Problem("file", file.reason))
    if problems:
        raise Invalid(problems=problems)
    return wrong, right


def _right(account_id: UUID, item: Item, posted: Mapping[str, str]) -> dict[str, str]:
    if not item.is_identity:
        text = " ".join(posted.get("text", "").split())
        if not 0 < len(text) <= LONGEST:
            raise Invalid(problems=[Problem("text", f"请写明应该是什么（{LONGEST} 字以内）。")])
        return {"text": text}
    now = people.identity_of(account_id)
    if now is None:
        raise NotFound
    if item is Item.NAME:
        name, _ = people.check_identity(posted.get("name", ""), now.kind, now.number)
        if name == now.name:
            raise Invalid(problems=[Problem("name", "与现在登记的姓名相同，不用更正。")])
        return {"name": name}
    kind = posted.get("kind", "")
    _, number = people.check_identity(now.name, kind, posted.get("number", ""))
    if (kind, number) == (now.kind, now.number):
        raise Invalid(problems=[Problem("number", "与现在登记的证件相同，不用更正。")])
    return {"kind": kind, "number": number}


def _enter(row: Amendment, actor: Actor) -> None:
    with transaction.atomic():
        start = f"GX{clock.day_of(row.submitted_at):%Y%m%d}"
        hold(f"amendment-number:{start}")
        row.number = f"{start}{value(_COUNT, like=f'{start}%') + 1:04}"
        row.save(force_insert=True)
        documents.attach(row.documents, case=row.pk, label=row.number, actor=actor)
        payload: dict[str, JSON] = {
            "number": row.number,
            "item": row.item,
            "due": row.due_at.isoformat(),
        }
        record(chain=row.pk, event=Event.AMENDMENT_ASKED, actor=actor, payload=payload)


def _due_after(moment: datetime) -> datetime:
    """The midnight that ends the last working day on which it is decided in time."""
    day = load_calendar().add_working_days(clock.day_of(moment), AMENDMENT_DAYS)
    return clock.start_of(day + timedelta(days=1))
