"""Who works here: appointing, and ending an appointment.  Doors: `actions`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, Problem, SomeoneWasFirst
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import JSON, Actor
from yincai.people.models import Account, StaffAppointment
from yincai.people.naming import give_name
from yincai.people.vocabulary import Event, OwnAccount

APPOINTING_ROLE = "administrator"


def appoint_staff(
    account: Account | UUID,
    *,
    actor: Actor,
    place: str,
    office: str,
    role: str,
    name: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> StaffAppointment:
    """Let the account hold `role` in `office` of `place` from `since` (aware; default now) to `until`.

    `name` is what colleagues will see; it may be left out for somebody who has one (`people.naming`).
    Only the system or an administrator of the place appoints, and nobody appoints themselves.  Holding the
    role at that time already is no error: the standing appointment is returned and nothing is recorded.
    Raises `Invalid` without a name, and when `until` does not lie after `since` and after now.
    """
    account_id = account if isinstance(account, UUID) else account.pk
    may_administer(actor, account_id, place=place)
    begins = since or clock.now()
    if until is not None and until <= max(begins, clock.now()):
        raise Invalid(
            problems=[Problem("until", "结束日期须在开始日期和今天之后。请修改，或留空表示不定期。")]
        )
    with transaction.atomic():
        give_name(account_id, name or None, actor=actor, place=place)
        standing = _overlapping(account_id, place, office, role, begins, until)
        if standing is not None:
            return standing
        appointment = StaffAppointment.objects.create(
            account_id=account_id, place=place, office=office, role=role, since=begins, until=until
        )
        _record_appointment(appointment, actor=actor)
    return appointment


def _record_appointment(made: StaffAppointment, *, actor: Actor) -> None:
    payload: dict[str, JSON] = {
        "appointment": str(made.pk),
        "place": made.place,
        "role": made.role,
        "since": made.since.isoformat(),
        "until": made.until.isoformat() if made.until else None,
    }
    record(
        chain=made.account_id,
        event=Event.STAFF_APPOINTED,
        actor=actor,
        office=made.office,
        payload=payload,
    )


def name_staff(account_id: UUID, *, actor: Actor, place: str, name: str) -> None:
    """Correct the name of somebody who was appointed in the place; nothing happens when it is that already.

    Who may is who may appoint.  `NotFound` for somebody who never worked there, `Invalid` at `name`.
    """
    may_administer(actor, account_id, place=place)
    if not StaffAppointment.objects.filter(account_id=account_id, place=place).exists():
        raise NotFound
    with transaction.atomic():
        give_name(account_id, name, actor=actor, place=place)


def end_appointment(appointment: StaffAppointment | UUID, *, actor: Actor) -> None:
    """End the appointment and every session of its holder, now: their next request is refused.  Recorded.

    Raises `NotFound` for an unknown one and `SomeoneWasFirst` for one that has ended.
    """
    appointment_id = appointment if isinstance(appointment, UUID) else appointment.pk
    held = StaffAppointment.objects.filter(pk=appointment_id).first()
    if held is None:
        raise NotFound
    may_administer(actor, held.account_id, place=held.place)
    with transaction.atomic():
        now = clock.now()
        open_ones = StaffAppointment.objects.filter(Q(until=None) | Q(until__gt=now), pk=held.pk)
        if open_ones.update(until=max(now, held.since)) != 1:
            raise SomeoneWasFirst
        end_sessions(held.account_id)
        record(
            chain=held.account_id,
            event=Event.APPOINTMENT_ENDED,
            actor=actor,
            office=held.office,
            payload={"appointment": str(held.pk), "place": held.place, "role": held.role},
        )


def transfer_staff(
    appointment: StaffAppointment | UUID, *, actor: Actor, office: str, role: str
) -> StaffAppointment:
    """End the appointment and begin another in the same place, now: the holder's next request is the new
    role's, and no other.  Their sessions go on.  Recorded as one.

    Who may is who may appoint.  Raises `NotFound` for an unknown one, `SomeoneWasFirst` for one that does not
    hold now, and `Invalid` at `role` when it is the same, or held beside already.
    """
    appointment_id = appointment if isinstance(appointment, UUID) else appointment.pk
    held = StaffAppointment.objects.filter(pk=appointment_id).first()
    if held is None:
        raise NotFound
    may_administer(actor, held.account_id, place=held.place)
    with transaction.atomic():
        now = clock.now()
        if _overlapping(held.account_id, held.place, office, role, now, held.until) is not None:
            raise Invalid(problems=[Problem("role", "这位同事已经担任这个岗位，没有作任何改动。")])
        if StaffAppointment.in_force().filter(pk=held.pk).update(until=now) != 1:
            raise SomeoneWasFirst
        to = {"office": office, "role": role, "since": now, "until": held.until}
        made = StaffAppointment.objects.create(account_id=held.account_id, place=held.place, **to)
        payload: dict[str, JSON] = {
            "appointment": str(made.pk),
            "ended": str(held.pk),
            "place": made.place,
            "from_office": held.office,
            "from_role": held.role,
            "role": made.role,
        }
        record(
            chain=made.account_id,
            event=Event.STAFF_TRANSFERRED,
            actor=actor,
            office=made.office,
            payload=payload,
        )
    return made


def end_sessions(account_id: UUID) -> None:
    """Sign the account out everywhere (`Account.get_session_auth_hash`)."""
    Account.objects.filter(pk=account_id).update(session_epoch=F("session_epoch") + 1)


def appointments_over(*, since: datetime) -> list[tuple[UUID, str]]:
    """Whose appointments ended between a moment and now, and in which place."""
    rows = StaffAppointment.objects.filter(until__gt=since, until__lte=clock.now())
    return sorted(set(rows.values_list("account_id", "place")))


def may_administer(actor: Actor, account_id: UUID, *, place: str) -> None:
    """Refuse everybody but the system and an administrator of the place who is somebody else."""
    if actor.kind == "system":
        return
    if actor.kind != "staff" or actor.role != APPOINTING_ROLE or actor.id is None:
        raise NotAllowed
    if actor.id == account_id:
        raise OwnAccount
    if (
        not StaffAppointment.in_force()
        .filter(account_id=actor.id, place=place, role=APPOINTING_ROLE)
        .exists()
    ):
        raise NotAllowed


def _overlapping(
    account_id: UUID, place: str, office: str, role: str, since: datetime, until: datetime | None
) -> StaffAppointment | None:
    """An appointment to the same that holds at some moment of this time."""
    same = StaffAppointment.objects.filter(account_id=account_id, place=place, office=office, role=role)
    same = same.filter(Q(until=None) | Q(until__gt=since))
    if until is not None:
        same = same.filter(since__lt=until)
    return same.order_by("since").first()
