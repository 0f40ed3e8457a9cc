"""A lost second factor: one administrator asks that it be removed, another confirms.  Doors: `actions`."""

from __future__ import annotations

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from yincai.foundation import clock
from yincai.foundation.errors import Invalid, NotAllowed, NotFound, Problem, SomeoneWasFirst
from yincai.ledger.actions import record
from yincai.ledger.vocabulary import Actor
from yincai.people.models import SecondFactorReset, StaffAppointment
from yincai.people.second_factor import has_second_factor, removed_second_factor
from yincai.people.staffing import end_sessions, may_administer
from yincai.people.vocabulary import RESET_OPEN_FOR, Event

LONGEST_REASON = 200


def ask_factor_reset(account_id: UUID, *, actor: Actor, place: str, reason: str) -> UUID:
    """Ask that a colleague's second factor be removed; nothing is removed yet.  Returns the request's id.

    Raises `NotFound` for somebody who never worked in the place, `Invalid` without a reason or a second
    factor to remove, `SomeoneWasFirst` while another request is open.
    """
    may_administer(actor, account_id, place=place)
    if actor.id is None:
        raise NotAllowed
    reason = reason.replace("\0", "").strip()
    if not StaffAppointment.objects.filter(account_id=account_id, place=place).exists():
        raise NotFound
    if not 0 < len(reason) <= LONGEST_REASON:
        problem = Problem("reason", f"请写明怎样核实了本人身份和丢失的经过（{LONGEST_REASON} 字以内）。")
        raise Invalid(problem.message, problems=[problem])
    if not has_second_factor(account_id):
        raise Invalid("这位同事没有启用动态验证码，不需要重置；登录时系统会要求启用。")
    try:
        with transaction.atomic():
            _close_stale(account_id)
            asked = SecondFactorReset.objects.create(
                account_id=account_id,
                place=place,
                reason=reason,
                asked_by_id=actor.id,
                asked_at=clock.now(),
            )
            record(
                chain=account_id,
                event=Event.RESET_ASKED,
                actor=actor,
                payload={"reset": str(asked.pk), "place": place},
                words={"reason": reason},
                person=account_id,
            )
    except IntegrityError as error:
        raise SomeoneWasFirst("已有同事为这个账号申请了重置，正在等另一位管理员确认。") from error
    return asked.pk


def confirm_factor_reset(reset_id: UUID, *, actor: Actor) -> None:
    """Remove the second factor and end every session of the account.  By another administrator than asked.

    Raises `NotAllowed` for the one who asked, `SomeoneWasFirst` for a request that is settled or too old.
    """
    asked = _open(reset_id, actor)
    if asked.asked_by_id == actor.id:
        raise NotAllowed("重置须由另一位管理员确认，申请人自己不能确认。没有作任何改动。")
    with transaction.atomic():
        _settle(asked, actor, confirmed=True)
        Authenticator.objects.filter(user_id=asked.account_id).delete()
        end_sessions(asked.account_id)
        record(
            chain=asked.account_id,
            event=Event.RESET_CONFIRMED,
            actor=actor,
            payload={"reset": str(asked.pk), "place": asked.place},
        )
        removed_second_factor(asked.account_id, actor=actor)


def refuse_factor_reset(reset_id: UUID, *, actor: Actor) -> None:
    """Close the request without removing anything; the one who asked may do this too."""
    asked = _open(reset_id, actor)
    with transaction.atomic():
        _settle(asked, actor, confirmed=False)
        record(
            chain=asked.account_id,
            event=Event.RESET_REFUSED,
            actor=actor,
            payload={"reset": str(asked.pk), "place": asked.place},
        )


def _open(reset_id: UUID, actor: Actor) -> SecondFactorReset:
    asked = SecondFactorReset.objects.filter(pk=reset_id).first()
    if asked is None:
        raise NotFound
    may_administer(actor, asked.account_id, place=asked.place)
    return asked


def _settle(asked: SecondFactorReset, actor: Actor, *, confirmed: bool) -> None:
    now = clock.now()
    still = SecondFactorReset.objects.filter(pk=asked.pk, ended_at=None, asked_at__gt=now - RESET_OPEN_FOR)
    if still.update(ended_at=now, ended_by_id=actor.id, confirmed=confirmed) != 1:
        raise SomeoneWasFirst("这项申请已经办结或超过 24 小时，没有作任何改动。需要时请重新申请。")


def _close_stale(account_id: UUID) -> None:
    """A request that nobody confirmed in time stands in nobody's way."""
    stale = SecondFactorReset.objects.filter(
        account_id=account_id, ended_at=None, asked_at__lte=clock.now() - RESET_OPEN_FOR
    )
    stale.update(ended_at=clock.now())
